-- Evaluations that an agency and its supervision see: counts of five at least, released together.
CREATE TABLE evaluation_batches (
    id {uuid} NOT NULL PRIMARY KEY,
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    first_month {day} NOT NULL,
    last_month {day} NOT NULL,
    released_on {day} NOT NULL,
    answers {long} NOT NULL CHECK (answers >= 5),
    satisfied {long} NOT NULL,
    shown_yes {long} NOT NULL,
    shown_no {long} NOT NULL,
    two_officers_yes {long} NOT NULL,
    two_officers_no {long} NOT NULL,
    polite_yes {long} NOT NULL,
    polite_no {long} NOT NULL,
    fees_asked_yes {long} NOT NULL,
    fees_asked_no {long} NOT NULL,
    CHECK (first_month <= last_month),
    CHECK (satisfied <= answers AND shown_yes + shown_no <= answers
        AND two_officers_yes + two_officers_no <= answers AND polite_yes + polite_no <= answers
        AND fees_asked_yes + fees_asked_no <= answers)
){strict};

CREATE INDEX evaluation_batches_agency ON evaluation_batches (agency_id, id);

-- One evaluation, by nobody, of no scan and no time: the month only. Once it is released with others
-- nothing is left of what it said.
CREATE TABLE evaluations (
    id {uuid} NOT NULL PRIMARY KEY,
    receipt_index {bytes} NOT NULL UNIQUE,
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    month {day} NOT NULL,
    satisfied {bool},
    shown {bool},
    two_officers {bool},
    polite {bool},
    fees_asked {bool},
    batch_id {uuid} REFERENCES evaluation_batches (id),
    CHECK ((batch_id IS NULL) = (satisfied IS NOT NULL)),
    CHECK (batch_id IS NULL OR (shown IS NULL AND two_officers IS NULL AND polite IS NULL AND fees_asked IS NULL))
){strict};

CREATE INDEX evaluations_waiting ON evaluations (agency_id, month) WHERE batch_id IS NULL;
CREATE INDEX evaluations_batch ON evaluations (batch_id);

-- A complaint and what a justice department makes of it. What the sender wrote is sealed; of when it
-- came the day is kept.
CREATE TABLE complaints (
    id {uuid} NOT NULL PRIMARY KEY,
    receipt_index {bytes} NOT NULL UNIQUE,
    state {text} NOT NULL CHECK (state IN ('RECEIVED', 'ACCEPTED', 'PROPOSED', 'NOT_ACCEPTED', 'UPHELD', 'NOT_UPHELD')),
    category {text} NOT NULL CHECK (category IN ('NOT_SHOWN', 'SINGLE_OFFICER', 'CONDUCT', 'FEES_ASKED', 'BEYOND_POWERS', 'PROCEDURE', 'OTHER')),
    certificate_id {uuid} REFERENCES certificates (id),
    person_id {uuid} REFERENCES people (id),
    agency_id {uuid} REFERENCES agencies (id),
    division_code {text} REFERENCES divisions (code),
    named_sealed {bytes},
    text_sealed {bytes} NOT NULL,
    contact_sealed {bytes},
    contact_until {day},
    met_on {day},
    received_on {day} NOT NULL,
    desk_id {uuid} NOT NULL REFERENCES agencies (id),
    policy_id {uuid} NOT NULL REFERENCES policies (id),
    due_from {day} NOT NULL,
    due_days {int} NOT NULL,
    due_on {day} NOT NULL,
    due_provisional {bool} NOT NULL,
    accepted_by {uuid} REFERENCES people (id),
    accepted_at {ts},
    extension_reasons {text},
    upheld {bool},
    reasons {text},
    other_channel {text},
    proposed_by {uuid} REFERENCES people (id),
    proposed_at {ts},
    returned_reasons {text},
    decided_by {uuid} REFERENCES people (id),
    decided_at {ts},
    CHECK (agency_id IS NOT NULL OR named_sealed IS NOT NULL),
    CHECK (person_id IS NULL OR agency_id IS NOT NULL),
    CHECK (state = 'RECEIVED' OR accepted_at IS NOT NULL),
    CHECK (state NOT IN ('PROPOSED', 'UPHELD', 'NOT_UPHELD') OR (upheld IS NOT NULL AND reasons IS NOT NULL AND proposed_by IS NOT NULL)),
    CHECK ((state IN ('UPHELD', 'NOT_UPHELD')) = (decided_at IS NOT NULL)),
    CHECK (decided_by IS NULL OR decided_by <> proposed_by)
){strict};

CREATE INDEX complaints_desk ON complaints (desk_id, state, received_on, id);
CREATE INDEX complaints_person ON complaints (person_id) WHERE state = 'UPHELD';
CREATE INDEX complaints_agency ON complaints (agency_id);
CREATE INDEX complaints_contact ON complaints (contact_until) WHERE contact_sealed IS NOT NULL;
CREATE INDEX complaints_provisional ON complaints (id) WHERE due_provisional;

-- What the agency is asked; it sees this and nothing of the complaint.
CREATE TABLE complaint_questions (
    id {uuid} NOT NULL PRIMARY KEY,
    complaint_id {uuid} NOT NULL REFERENCES complaints (id),
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    question {text} NOT NULL,
    asked_by {uuid} NOT NULL REFERENCES people (id),
    asked_at {ts} NOT NULL,
    answer {text},
    answered_by {uuid} REFERENCES people (id),
    answered_at {ts},
    CHECK ((answer IS NULL) = (answered_at IS NULL))
){strict};

CREATE INDEX complaint_questions_complaint ON complaint_questions (complaint_id, id);
CREATE INDEX complaint_questions_agency ON complaint_questions (agency_id, id);
