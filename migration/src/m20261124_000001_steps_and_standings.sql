-- A certificate that was issued and not handed over is not in force: it may wait beside the one that
-- it is to follow.
DROP INDEX certificates_one_in_force;

CREATE UNIQUE INDEX certificates_one_in_force ON certificates (person_id) WHERE state IN ('ACTIVE', 'SUSPENDED');

CREATE UNIQUE INDEX certificates_one_issued ON certificates (person_id) WHERE state = 'ISSUED';

-- Every step of an application, and who took it: duties are kept apart by it.
CREATE TABLE application_steps (
    application_id {uuid} NOT NULL REFERENCES applications (id),
    seq {int} NOT NULL,
    step {text} NOT NULL CHECK (step IN ('APPLY', 'RESUBMIT', 'APPROVE', 'RETURN', 'REFUSE', 'SEND_BACK', 'ISSUE')),
    by_person {uuid} NOT NULL REFERENCES people (id),
    at {ts} NOT NULL,
    reasons {text},
    PRIMARY KEY (application_id, seq)
){strict};

-- Of applications that are there already, the last step of each duty is known.
INSERT INTO application_steps (application_id, seq, step, by_person, at)
SELECT id, 1, 'APPLY', proposed_by, COALESCE(submitted_at, created_at) FROM applications;

INSERT INTO application_steps (application_id, seq, step, by_person, at, reasons)
SELECT id, 2,
       CASE WHEN state = 'REFUSED' THEN 'REFUSE'
            WHEN state = 'RETURNED' AND decided_by IS NULL THEN 'RETURN'
            ELSE 'APPROVE' END,
       reviewed_by, COALESCE(reviewed_at, updated_at),
       CASE WHEN state = 'REFUSED' OR decided_by IS NULL THEN reasons END
FROM applications WHERE reviewed_by IS NOT NULL;

INSERT INTO application_steps (application_id, seq, step, by_person, at, reasons)
SELECT id, 3, CASE WHEN state = 'APPROVED' THEN 'ISSUE' ELSE 'SEND_BACK' END,
       decided_by, COALESCE(decided_at, updated_at),
       CASE WHEN state = 'RETURNED' THEN reasons END
FROM applications WHERE decided_by IS NOT NULL;

-- A suspension may be extended once: a check cannot be widened in place on both engines, so the
-- table is written anew.
CREATE TABLE certificate_events_new (
    id {uuid} NOT NULL PRIMARY KEY,
    certificate_id {uuid} NOT NULL REFERENCES certificates (id),
    seq {int} NOT NULL,
    act {text} NOT NULL CHECK (act IN ('ISSUE', 'HAND_OVER', 'SUSPEND', 'EXTEND', 'LIFT', 'REVOKE', 'CANCEL', 'REPORT_LOSS', 'EXPIRE')),
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

-- Who wrote a standing, who lifted it, and why, as a code without details.
ALTER TABLE standings ADD COLUMN recorded_by {uuid} REFERENCES people (id);

ALTER TABLE standings ADD COLUMN lifted_by {uuid} REFERENCES people (id);

ALTER TABLE standings ADD COLUMN lift_reason {text} CHECK (lift_reason IN ('RETRAINING_DONE', 'RATED_AGAIN', 'CASE_CLOSED', 'TERM_SERVED', 'OVERTURNED', 'ENTERED_IN_ERROR'));

-- Until now only the confirmation of off-post training lifted one.
UPDATE standings SET lift_reason = 'RETRAINING_DONE' WHERE lifted_at IS NOT NULL;

-- The application by which a certificate came is asked for at its handover.
CREATE INDEX applications_certificate ON applications (certificate_id) WHERE certificate_id IS NOT NULL;
