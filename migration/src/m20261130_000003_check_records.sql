-- Records of checks as phones have signed and sent them, with what was judged on receipt. A record
-- is its phone, its own id and its hash: two of one id and another hash are both kept, and each is
-- marked as in conflict.
CREATE TABLE check_records (
    id {uuid} NOT NULL PRIMARY KEY,
    device_id {uuid} NOT NULL REFERENCES devices (id),
    record_id {uuid} NOT NULL,
    hash {bytes} NOT NULL,
    sequence {int} NOT NULL CHECK (sequence > 0),
    previous {bytes},
    raw {bytes} NOT NULL,
    recorder_id {uuid} NOT NULL REFERENCES people (id),
    received_at {ts} NOT NULL,
    from_at {ts} NOT NULL,
    about_at {ts} NOT NULL,
    seen {text} NOT NULL CHECK (seen IN ('CODE', 'NOT_SHOWN', 'REFUSED', 'CODE_DAMAGED')),
    app_verdict {text},
    verdict {text},
    grade {text} NOT NULL CHECK (grade IN ('NONE', 'PRINTED', 'PHONE', 'CHALLENGED')),
    outcome {text} NOT NULL CHECK (outcome IN ('CONFIRMED', 'NOTED', 'LATE', 'DISPUTED')),
    conflicted {bool} NOT NULL,
    reasons {json} NOT NULL,
    certificate_id {uuid} REFERENCES certificates (id),
    place {text},
    policy_id {uuid} NOT NULL REFERENCES policies (id),
    late_reason {text},
    late_reason_at {ts},
    CHECK (from_at <= received_at),
    CHECK ((previous IS NULL) = (sequence = 1)),
    CHECK ((seen = 'CODE') = (app_verdict IS NOT NULL)),
    CHECK ((late_reason IS NULL) = (late_reason_at IS NULL)),
    UNIQUE (device_id, record_id, hash)
){strict};

CREATE INDEX check_records_device ON check_records (device_id, sequence);
CREATE INDEX check_records_recorder ON check_records (recorder_id, id);
CREATE INDEX check_records_certificate ON check_records (certificate_id, id);
