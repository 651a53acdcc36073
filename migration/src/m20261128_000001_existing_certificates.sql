-- Certificates that people hold from before, as rosters claim them, and what was decided of each.
CREATE TABLE existing_certificates (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES people (id),
    kind {text} NOT NULL CHECK (kind IN ('ENFORCEMENT', 'SUPERVISION', 'MINISTRY')),
    ministry_kind {text},
    number {sorted},
    issuer {text},
    issuing_agency_id {uuid} REFERENCES agencies (id),
    issued_on {day},
    valid_until {day},
    claimed_state {text} CHECK (claimed_state IN ('ACTIVE', 'SUSPENDED', 'CANCELLED', 'LOST', 'EXPIRED')),
    batch_id {uuid} NOT NULL REFERENCES import_batches (id),
    row_no {int} NOT NULL,
    imported_by {uuid} REFERENCES people (id),
    state {text} NOT NULL CHECK (state IN ('CLAIMED', 'CONFIRMED', 'REFUSED', 'WITHDRAWN', 'FILED')),
    exceptions {json} NOT NULL,
    rank {int} NOT NULL CHECK (rank IN (0, 1)),
    examined_at {ts},
    replaced_by {uuid} REFERENCES existing_certificates (id),
    decided_by {uuid} REFERENCES people (id),
    decided_at {ts},
    reason {text},
    policy_id {uuid} REFERENCES policies (id),
    certificate_id {uuid} REFERENCES certificates (id),
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL,
    CHECK (kind = 'MINISTRY' OR (number IS NOT NULL AND issuer IS NOT NULL AND issued_on IS NOT NULL AND claimed_state IS NOT NULL)),
    CHECK (kind = 'MINISTRY' OR state <> 'FILED'),
    CHECK (kind <> 'MINISTRY' OR state IN ('FILED', 'WITHDRAWN')),
    CHECK (state <> 'CONFIRMED' OR (certificate_id IS NOT NULL AND decided_by IS NOT NULL AND policy_id IS NOT NULL))
){strict};

-- One claim a person waits, and one record of a ministry's is filed.
CREATE UNIQUE INDEX existing_certificates_one_waits ON existing_certificates (person_id) WHERE state = 'CLAIMED';

CREATE UNIQUE INDEX existing_certificates_one_filed ON existing_certificates (person_id) WHERE state = 'FILED';

-- A number is one person's.
CREATE UNIQUE INDEX existing_certificates_number ON existing_certificates (number) WHERE state IN ('CLAIMED', 'CONFIRMED');

CREATE INDEX existing_certificates_person ON existing_certificates (person_id);

CREATE INDEX existing_certificates_batch ON existing_certificates (batch_id, row_no);

-- The exceptions first, each state for itself.
CREATE INDEX existing_certificates_list ON existing_certificates (state, rank, id);

CREATE INDEX existing_certificates_replaced ON existing_certificates (replaced_by) WHERE replaced_by IS NOT NULL;

-- Until now every certificate was issued here.
ALTER TABLE certificates ADD COLUMN origin {text} NOT NULL DEFAULT 'ISSUED' CHECK (origin IN ('ISSUED', 'EXISTING'));

-- The confirmed certificate on the strength of which somebody is qualified.
ALTER TABLE qualifications ADD COLUMN existing_id {uuid} REFERENCES existing_certificates (id);

-- When an import was taken back.
ALTER TABLE import_batches ADD COLUMN withdrawn_at {ts};

-- A code that was signed for a certificate in force waits for its handover by itself.
ALTER TABLE printed_codes ADD COLUMN waits {bool} NOT NULL DEFAULT FALSE;

-- An existing certificate is confirmed, a code is signed anew: a check cannot be widened in place on
-- both engines, so the table is written anew.
CREATE TABLE certificate_events_new (
    id {uuid} NOT NULL PRIMARY KEY,
    certificate_id {uuid} NOT NULL REFERENCES certificates (id),
    seq {int} NOT NULL,
    act {text} NOT NULL CHECK (act IN ('ISSUE', 'HAND_OVER', 'SUSPEND', 'EXTEND', 'LIFT', 'REVOKE', 'CANCEL', 'REPORT_LOSS', 'EXPIRE', 'CONFIRM', 'REISSUE')),
    from_state {text} CHECK (from_state IN ('ISSUED', 'ACTIVE', 'SUSPENDED', 'LOST', 'REVOKED', 'CANCELLED', 'EXPIRED')),
    to_state {text} NOT NULL CHECK (to_state IN ('ISSUED', 'ACTIVE', 'SUSPENDED', 'LOST', 'REVOKED', 'CANCELLED', 'EXPIRED')),
    at {ts} NOT NULL,
    ground {text},
    note {text},
    by_person {uuid} REFERENCES people (id),
    policy_id {uuid} REFERENCES policies (id),
    UNIQUE (certificate_id, seq)
){strict};

INSERT INTO certificate_events_new
SELECT id, certificate_id, seq, act, from_state, to_state, at, ground, note, by_person, policy_id
FROM certificate_events;

DROP TABLE certificate_events;

ALTER TABLE certificate_events_new RENAME TO certificate_events;
