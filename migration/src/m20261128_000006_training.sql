-- Training that an agency holds for many people at once, with its hours.
CREATE TABLE training_sessions (
    id {uuid} NOT NULL PRIMARY KEY,
    organiser_id {uuid} NOT NULL REFERENCES agencies (id),
    title {text} NOT NULL,
    kind {text} NOT NULL CHECK (kind IN ('PUBLIC_LAW', 'PROFESSIONAL_LAW', 'PRACTICE', 'INTEGRITY')),
    mode {text} NOT NULL CHECK (mode IN ('ON_SITE', 'ONLINE')),
    field_code {text} REFERENCES enforcement_fields (code),
    off_post {bool} NOT NULL,
    starts_on {day} NOT NULL,
    ends_on {day} NOT NULL,
    minutes {long} NOT NULL CHECK (minutes > 0),
    state {text} NOT NULL CHECK (state IN ('PLANNED', 'HELD', 'CLOSED', 'CANCELLED')),
    cancel_reason {text},
    created_by {uuid} REFERENCES people (id),
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
){strict};

CREATE INDEX training_sessions_organiser ON training_sessions (organiser_id, id);

-- What a session gave a person is one record of the year, beside those without a session.
ALTER TABLE training_records ADD COLUMN session_id {uuid} REFERENCES training_sessions (id);

CREATE UNIQUE INDEX training_records_session ON training_records (session_id, person_id) WHERE session_id IS NOT NULL;

-- Sittings of an exam. The pass mark is that of the policy in force where and when it was planned.
CREATE TABLE exam_sittings (
    id {uuid} NOT NULL PRIMARY KEY,
    organiser_id {uuid} NOT NULL REFERENCES agencies (id),
    subject {text} NOT NULL CHECK (subject IN ('PUBLIC_LAW', 'PROFESSIONAL_LAW')),
    field_code {text} REFERENCES enforcement_fields (code),
    held_on {day} NOT NULL,
    place {text} NOT NULL,
    resits_allowed {bool} NOT NULL,
    policy_id {uuid} NOT NULL REFERENCES policies (id),
    pass_mark_tenths {long} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('PLANNED', 'CONFIRMED', 'CANCELLED')),
    cancel_reason {text},
    created_by {uuid} REFERENCES people (id),
    confirmed_by {uuid} REFERENCES people (id),
    confirmed_at {ts},
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL,
    CHECK ((state = 'CONFIRMED') = (confirmed_at IS NOT NULL))
){strict};

CREATE INDEX exam_sittings_organiser ON exam_sittings (organiser_id, id);

-- Who sits, and what came of it: it counts once the sitting is confirmed.
CREATE TABLE exam_candidates (
    sitting_id {uuid} NOT NULL REFERENCES exam_sittings (id),
    person_id {uuid} NOT NULL REFERENCES people (id),
    registered_by {uuid} REFERENCES people (id),
    registered_at {ts} NOT NULL,
    outcome {text} CHECK (outcome IN ('SCORED', 'ABSENT', 'DISQUALIFIED')),
    score_tenths {long} CHECK (score_tenths BETWEEN 0 AND 1000),
    entered_by {uuid} REFERENCES people (id),
    entered_at {ts},
    PRIMARY KEY (sitting_id, person_id),
    CHECK (CASE WHEN outcome = 'SCORED' THEN score_tenths IS NOT NULL ELSE score_tenths IS NULL END)
){strict};

CREATE INDEX exam_candidates_person ON exam_candidates (person_id, sitting_id);

-- What was corrected after a sitting was confirmed: the old outcome is kept, rows are never changed.
CREATE TABLE exam_corrections (
    id {uuid} NOT NULL PRIMARY KEY,
    sitting_id {uuid} NOT NULL,
    person_id {uuid} NOT NULL,
    outcome_before {text} NOT NULL CHECK (outcome_before IN ('SCORED', 'ABSENT', 'DISQUALIFIED')),
    score_before {long},
    outcome_after {text} NOT NULL CHECK (outcome_after IN ('SCORED', 'ABSENT', 'DISQUALIFIED')),
    score_after {long},
    reason {text} NOT NULL,
    corrected_by {uuid} NOT NULL REFERENCES people (id),
    corrected_at {ts} NOT NULL,
    FOREIGN KEY (sitting_id, person_id) REFERENCES exam_candidates (sitting_id, person_id)
){strict};

CREATE INDEX exam_corrections_candidate ON exam_corrections (sitting_id, person_id);

ALTER TABLE exam_results ADD COLUMN sitting_id {uuid} REFERENCES exam_sittings (id);

CREATE UNIQUE INDEX exam_results_sitting ON exam_results (sitting_id, person_id) WHERE sitting_id IS NOT NULL;

-- Workbooks of attendance, candidates or results, staged and then applied.
CREATE TABLE training_uploads (
    id {uuid} NOT NULL PRIMARY KEY,
    account_id {uuid} REFERENCES accounts (id),
    kind {text} NOT NULL CHECK (kind IN ('ATTENDANCE', 'CANDIDATES', 'RESULTS')),
    session_id {uuid} REFERENCES training_sessions (id),
    sitting_id {uuid} REFERENCES exam_sittings (id),
    file_name {text} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('STAGED', 'APPLIED')),
    total {int} NOT NULL,
    failed {int} NOT NULL,
    confirmations {int} NOT NULL,
    created {int} NOT NULL,
    updated {int} NOT NULL,
    unchanged {int} NOT NULL,
    rows_removed_at {ts},
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL,
    CHECK (CASE WHEN kind = 'ATTENDANCE' THEN session_id IS NOT NULL AND sitting_id IS NULL ELSE session_id IS NULL AND sitting_id IS NOT NULL END)
){strict};

CREATE INDEX training_uploads_account ON training_uploads (account_id, id);

CREATE INDEX training_uploads_with_rows ON training_uploads (updated_at) WHERE rows_removed_at IS NULL;

-- The rows of a workbook, sealed.
CREATE TABLE training_upload_rows (
    upload_id {uuid} NOT NULL REFERENCES training_uploads (id),
    row_no {int} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('READY', 'FAILED', 'CREATED', 'UPDATED', 'UNCHANGED')),
    person_id {uuid} REFERENCES people (id),
    sealed {bytes} NOT NULL,
    PRIMARY KEY (upload_id, row_no)
){strict};
