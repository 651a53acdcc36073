-- The foundation of the database, for SQLite and PostgreSQL alike. Types in braces are written out
-- for each engine by the step beside this file.

-- Administrative divisions by their GB/T 2260 code.
CREATE TABLE divisions (
    code {text} NOT NULL PRIMARY KEY,
    name {sorted} NOT NULL,
    level {text} NOT NULL CHECK (level IN ('PROVINCE', 'PREFECTURE', 'COUNTY', 'TOWNSHIP')),
    parent_code {text} REFERENCES divisions (code)
){strict};

-- Dictionary of enforcement fields (执法领域).
CREATE TABLE enforcement_fields (
    code {text} NOT NULL PRIMARY KEY,
    name_zh {text} NOT NULL,
    name_en {text} NOT NULL,
    position {int} NOT NULL
){strict};

-- Enforcement agencies, justice departments and entrusted organisations.
CREATE TABLE agencies (
    id {uuid} NOT NULL PRIMARY KEY,
    number {int} NOT NULL UNIQUE,
    name {sorted} NOT NULL,
    aliases {json} NOT NULL,
    uscc {text} NOT NULL UNIQUE,
    kind {text} NOT NULL CHECK (kind IN ('ORGAN', 'AUTHORISED_ORGANISATION', 'ENTRUSTED_ORGANISATION')),
    leadership {text} NOT NULL CHECK (leadership IN ('LOCAL', 'VERTICAL', 'DUAL')),
    is_justice {bool} NOT NULL,
    issues_certificates {bool} NOT NULL,
    division_code {text} NOT NULL REFERENCES divisions (code),
    superior_id {uuid} REFERENCES agencies (id),
    entrusted_by_id {uuid} REFERENCES agencies (id),
    entrustment_letter {text},
    field_codes {json} NOT NULL,
    complaint_phone {text},
    qualification {text} NOT NULL CHECK (qualification IN ('PENDING', 'CONFIRMED', 'WITHDRAWN')),
    qualification_confirmed_on {day},
    abolished_on {day},
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL,
    CHECK (kind <> 'ENTRUSTED_ORGANISATION' OR (entrusted_by_id IS NOT NULL AND entrustment_letter IS NOT NULL))
){strict};

CREATE INDEX agencies_name ON agencies (name);

CREATE INDEX agencies_division ON agencies (division_code);

-- Which agencies lie under which, on each axis; every agency lies under itself.
CREATE TABLE agency_closure (
    axis {text} NOT NULL CHECK (axis IN ('TERRITORY', 'LINE', 'OWN')),
    ancestor_id {uuid} NOT NULL REFERENCES agencies (id),
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    depth {int} NOT NULL,
    PRIMARY KEY (axis, ancestor_id, agency_id)
){strict};

CREATE INDEX agency_closure_agency ON agency_closure (agency_id, axis, depth);

-- Pictures by the hash of their bytes.
CREATE TABLE blobs (
    sha256 {bytes} NOT NULL PRIMARY KEY,
    media_type {text} NOT NULL,
    bytes {bytes} NOT NULL,
    created_at {ts} NOT NULL
){strict};

-- The register of people. No auxiliary can be given a qualification or certificate: see the composite keys.
CREATE TABLE people (
    id {uuid} NOT NULL PRIMARY KEY,
    kind {text} NOT NULL CHECK (kind IN ('ENFORCEMENT_OFFICER', 'SUPERVISION_OFFICER', 'AUXILIARY_STAFF', 'CLERICAL_STAFF')),
    name {sorted} NOT NULL,
    gender {text} CHECK (gender IN ('MALE', 'FEMALE')),
    id_number_sealed {bytes} NOT NULL,
    id_number_index {bytes} NOT NULL UNIQUE,
    phone_sealed {bytes},
    phone_index {bytes},
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    internal_unit {text},
    establishment {text} NOT NULL CHECK (establishment IN ('ADMINISTRATIVE', 'CIVIL_SERVANT_MANAGED', 'PUBLIC_INSTITUTION', 'NONE')),
    duty {text} NOT NULL CHECK (duty IN ('ON_DUTY', 'SECONDED_OUT', 'SECONDED_IN', 'OFF_DUTY', 'RETIRED')),
    employment {text} NOT NULL CHECK (employment IN ('IN_POST', 'OFF_POST', 'TRANSFERRED', 'RESIGNED', 'RETIRED', 'DISMISSED', 'DECEASED')),
    position {text},
    field_codes {json} NOT NULL,
    area_code {text} NOT NULL REFERENCES divisions (code),
    photo_file {text},
    photo_sha256 {bytes} REFERENCES blobs (sha256),
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL,
    UNIQUE (id, kind)
){strict};

CREATE INDEX people_agency ON people (agency_id, name, id);

CREATE INDEX people_name ON people (name, id);

-- Facts that bar or burden an officer; written by the capability that decides them, read by those below.
CREATE TABLE standings (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES people (id),
    kind {text} NOT NULL CHECK (kind IN ('INCOMPETENT_RATING', 'DEMERIT_OR_HEAVIER', 'UNDER_INVESTIGATION', 'RECENT_SANCTION', 'RECENT_REVOCATION', 'RETRAINING_OWED')),
    from_on {day} NOT NULL,
    until_on {day},
    source {text} NOT NULL,
    recorded_at {ts} NOT NULL,
    lifted_at {ts}
){strict};

CREATE INDEX standings_person ON standings (person_id);

-- Results of the two exams, one resit a cycle.
CREATE TABLE exam_results (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES people (id),
    subject {text} NOT NULL CHECK (subject IN ('PUBLIC_LAW', 'PROFESSIONAL_LAW')),
    cycle {int} NOT NULL,
    attempt {int} NOT NULL CHECK (attempt IN (1, 2)),
    score_tenths {long} NOT NULL CHECK (score_tenths BETWEEN 0 AND 1000),
    taken_on {day} NOT NULL,
    source {text} NOT NULL,
    recorded_at {ts} NOT NULL,
    UNIQUE (person_id, subject, cycle, attempt)
){strict};

-- Training a person has done, in minutes of a calendar year.
CREATE TABLE training_records (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES people (id),
    year {int} NOT NULL,
    minutes {long} NOT NULL CHECK (minutes >= 0),
    source {text} NOT NULL,
    recorded_at {ts} NOT NULL,
    UNIQUE (person_id, year, source)
){strict};

-- Versions of the rules that vary between provinces; rows are never changed.
CREATE TABLE policies (
    id {uuid} NOT NULL PRIMARY KEY,
    key {text} NOT NULL,
    division_code {text} NOT NULL REFERENCES divisions (code),
    version {int} NOT NULL,
    effective_from {day} NOT NULL,
    body {json} NOT NULL,
    created_at {ts} NOT NULL,
    UNIQUE (key, division_code, version)
){strict};

-- Qualification (执法资格), one of the three separate life cycles.
CREATE TABLE qualifications (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES people (id),
    kind {text} NOT NULL CHECK (kind IN ('ENFORCEMENT_OFFICER', 'SUPERVISION_OFFICER', 'AUXILIARY_STAFF', 'CLERICAL_STAFF')) CHECK (kind IN ('ENFORCEMENT_OFFICER', 'SUPERVISION_OFFICER')),
    state {text} NOT NULL CHECK (state IN ('CANDIDATE', 'QUALIFIED', 'CANCELLED')),
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    nominated_by {uuid} NOT NULL REFERENCES people (id),
    nominated_at {ts} NOT NULL,
    decided_by {uuid} REFERENCES people (id),
    decided_at {ts},
    policy_id {uuid} REFERENCES policies (id),
    reasons {text},
    FOREIGN KEY (person_id, kind) REFERENCES people (id, kind)
){strict};

CREATE UNIQUE INDEX qualifications_one_open ON qualifications (person_id) WHERE state <> 'CANCELLED';

-- Certificates. One in force a person, held by a partial unique index.
CREATE TABLE certificates (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES people (id),
    kind {text} NOT NULL CHECK (kind IN ('ENFORCEMENT_OFFICER', 'SUPERVISION_OFFICER', 'AUXILIARY_STAFF', 'CLERICAL_STAFF')) CHECK (kind IN ('ENFORCEMENT_OFFICER', 'SUPERVISION_OFFICER')),
    number {sorted} NOT NULL UNIQUE,
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    issuing_agency_id {uuid} NOT NULL REFERENCES agencies (id),
    state {text} NOT NULL CHECK (state IN ('ISSUED', 'ACTIVE', 'SUSPENDED', 'LOST', 'REVOKED', 'CANCELLED', 'EXPIRED')),
    issued_on {day} NOT NULL,
    valid_from {day} NOT NULL,
    valid_until {day} NOT NULL,
    suspended_until {day},
    ground {text},
    handed_over_on {day},
    ended_at {ts},
    policy_id {uuid} NOT NULL REFERENCES policies (id),
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL,
    CHECK (valid_from <= valid_until),
    FOREIGN KEY (person_id, kind) REFERENCES people (id, kind)
){strict};

CREATE UNIQUE INDEX certificates_one_in_force ON certificates (person_id) WHERE state IN ('ISSUED', 'ACTIVE', 'SUSPENDED');

CREATE INDEX certificates_person ON certificates (person_id, issued_on);

CREATE INDEX certificates_agency ON certificates (agency_id, state);

-- Every step in the life of a certificate: was this officer authorised at that moment?
CREATE TABLE certificate_events (
    id {uuid} NOT NULL PRIMARY KEY,
    certificate_id {uuid} NOT NULL REFERENCES certificates (id),
    seq {int} NOT NULL,
    act {text} NOT NULL CHECK (act IN ('ISSUE', 'HAND_OVER', 'SUSPEND', 'LIFT', 'REVOKE', 'CANCEL', 'REPORT_LOSS', 'EXPIRE')),
    from_state {text} CHECK (from_state IN ('ISSUED', 'ACTIVE', 'SUSPENDED', 'LOST', 'REVOKED', 'CANCELLED', 'EXPIRED')),
    to_state {text} NOT NULL CHECK (to_state IN ('ISSUED', 'ACTIVE', 'SUSPENDED', 'LOST', 'REVOKED', 'CANCELLED', 'EXPIRED')),
    at {ts} NOT NULL,
    ground {text},
    note {text},
    by_person {uuid} REFERENCES people (id),
    policy_id {uuid} REFERENCES policies (id),
    UNIQUE (certificate_id, seq)
){strict};

-- Applications for a certificate on their way.
CREATE TABLE applications (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES people (id),
    kind {text} NOT NULL CHECK (kind IN ('ENFORCEMENT_OFFICER', 'SUPERVISION_OFFICER', 'AUXILIARY_STAFF', 'CLERICAL_STAFF')) CHECK (kind IN ('ENFORCEMENT_OFFICER', 'SUPERVISION_OFFICER')),
    act {text} NOT NULL CHECK (act IN ('INITIAL', 'RENEWAL', 'REPLACEMENT')),
    state {text} NOT NULL CHECK (state IN ('DRAFT', 'APPLIED', 'RETURNED', 'REVIEWED', 'APPROVED', 'REFUSED')),
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    issuing_agency_id {uuid} NOT NULL REFERENCES agencies (id),
    proposed_by {uuid} NOT NULL REFERENCES people (id),
    submitted_at {ts},
    reviewed_by {uuid} REFERENCES people (id),
    reviewed_at {ts},
    decided_by {uuid} REFERENCES people (id),
    decided_at {ts},
    reasons {text},
    policy_id {uuid} REFERENCES policies (id),
    replaces_id {uuid} REFERENCES certificates (id),
    certificate_id {uuid} REFERENCES certificates (id),
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL,
    FOREIGN KEY (person_id, kind) REFERENCES people (id, kind)
){strict};

CREATE UNIQUE INDEX applications_one_open ON applications (person_id) WHERE state IN ('DRAFT', 'APPLIED', 'RETURNED', 'REVIEWED');

CREATE INDEX applications_state ON applications (state, agency_id);

-- Counters from which numbers are handed out, never twice.
CREATE TABLE number_sequences (
    key {text} NOT NULL PRIMARY KEY,
    next {long} NOT NULL
){strict};

-- Signing keys, one use each; private halves are sealed.
CREATE TABLE signing_keys (
    id {uuid} NOT NULL PRIMARY KEY,
    kid {bytes} NOT NULL,
    use {text} NOT NULL CHECK (use IN ('CREDENTIAL', 'STATUS', 'BUNDLE', 'AUDIT', 'ACCESS_TOKEN')),
    algorithm {text} NOT NULL CHECK (algorithm IN ('ED25519', 'ES256')),
    public_key {bytes} NOT NULL UNIQUE,
    private_sealed {bytes} NOT NULL,
    not_before {ts} NOT NULL,
    sign_until {ts} NOT NULL,
    not_after {ts} NOT NULL,
    compromised_since {ts},
    created_at {ts} NOT NULL
){strict};

-- Token status lists; indices are handed out in a keyed order.
CREATE TABLE status_lists (
    id {int} NOT NULL PRIMARY KEY,
    size {int} NOT NULL,
    next {int} NOT NULL,
    key_sealed {bytes} NOT NULL,
    created_at {ts} NOT NULL
){strict};

-- What a status list says of an index that was handed out.
CREATE TABLE status_entries (
    list {int} NOT NULL REFERENCES status_lists (id),
    idx {int} NOT NULL,
    value {text} NOT NULL CHECK (value IN ('VALID', 'INVALID', 'SUSPENDED')),
    updated_at {ts} NOT NULL,
    PRIMARY KEY (list, idx)
){strict};

-- Printed codes that were signed, by credential id.
CREATE TABLE printed_codes (
    credential_id {bytes} NOT NULL PRIMARY KEY,
    certificate_id {uuid} NOT NULL REFERENCES certificates (id),
    digits {text} NOT NULL,
    kid {bytes} NOT NULL,
    list {int} NOT NULL,
    idx {int} NOT NULL,
    expires_at {ts} NOT NULL,
    created_at {ts} NOT NULL,
    UNIQUE (list, idx),
    FOREIGN KEY (list, idx) REFERENCES status_entries (list, idx)
){strict};

CREATE INDEX printed_codes_certificate ON printed_codes (certificate_id);

-- What the public may see of a certificate, as it stands now; written by certification, read by verification.
CREATE TABLE public_cards (
    certificate_id {uuid} NOT NULL PRIMARY KEY REFERENCES certificates (id),
    holder_id {uuid} NOT NULL REFERENCES people (id),
    number {sorted} NOT NULL UNIQUE,
    name {text} NOT NULL,
    kind {text} NOT NULL CHECK (kind IN ('ENFORCEMENT_OFFICER', 'SUPERVISION_OFFICER', 'AUXILIARY_STAFF', 'CLERICAL_STAFF')),
    state {text} NOT NULL CHECK (state IN ('ISSUED', 'ACTIVE', 'SUSPENDED', 'LOST', 'REVOKED', 'CANCELLED', 'EXPIRED')),
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    agency_number {int} NOT NULL,
    agency_name {text} NOT NULL,
    field_names {json} NOT NULL,
    area_name {text} NOT NULL,
    issuing_authority {text} NOT NULL,
    valid_from {day} NOT NULL,
    valid_until {day} NOT NULL,
    photo_sha256 {bytes} REFERENCES blobs (sha256),
    complaint_phone {text},
    updated_at {ts} NOT NULL
){strict};

CREATE INDEX public_cards_holder ON public_cards (holder_id, state);

-- Sign-in accounts; each is one person's.
CREATE TABLE accounts (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES people (id),
    login {text} NOT NULL UNIQUE,
    password_hash {text} NOT NULL,
    version {int} NOT NULL,
    disabled_at {ts},
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
){strict};

CREATE INDEX accounts_person ON accounts (person_id);

-- A role over a part of the tree.
CREATE TABLE grants (
    id {uuid} NOT NULL PRIMARY KEY,
    account_id {uuid} NOT NULL REFERENCES accounts (id),
    role {text} NOT NULL CHECK (role IN ('SYSTEM_ADMINISTRATOR', 'AGENCY_HR', 'JUSTICE_REVIEWER', 'ISSUER', 'SUPERVISOR', 'OFFICER', 'HOTLINE_OPERATOR', 'AUDITOR')),
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    axis {text} NOT NULL CHECK (axis IN ('TERRITORY', 'LINE', 'OWN')),
    created_at {ts} NOT NULL,
    ended_at {ts}
){strict};

CREATE UNIQUE INDEX grants_once ON grants (account_id, role, agency_id, axis) WHERE ended_at IS NULL;

-- Signed-in sessions.
CREATE TABLE sessions (
    id {uuid} NOT NULL PRIMARY KEY,
    account_id {uuid} NOT NULL REFERENCES accounts (id),
    signed_in_at {ts} NOT NULL,
    last_used_at {ts} NOT NULL,
    expires_at {ts} NOT NULL,
    revoked_at {ts},
    created_at {ts} NOT NULL
){strict};

CREATE INDEX sessions_account ON sessions (account_id);

-- Refresh tokens, hashed, each used once.
CREATE TABLE refresh_tokens (
    hash {bytes} NOT NULL PRIMARY KEY,
    session_id {uuid} NOT NULL REFERENCES sessions (id),
    issued_at {ts} NOT NULL,
    used_at {ts}
){strict};

-- Heads of the audit chains: one an agency, and `system`.
CREATE TABLE audit_streams (
    id {text} NOT NULL PRIMARY KEY,
    seq {long} NOT NULL,
    head {bytes} NOT NULL
){strict};

-- The audit chains. Ids and digests only: a chain cannot erase.
CREATE TABLE audit_entries (
    stream {text} NOT NULL,
    seq {long} NOT NULL,
    id {uuid} NOT NULL UNIQUE,
    at {ts} NOT NULL,
    actor {text} NOT NULL,
    action {text} NOT NULL,
    subject {text} NOT NULL,
    body {text} NOT NULL,
    prev_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    PRIMARY KEY (stream, seq)
){strict};

CREATE INDEX audit_entries_subject ON audit_entries (subject);

-- Signed checkpoints over every chain.
CREATE TABLE audit_checkpoints (
    seq {long} NOT NULL PRIMARY KEY,
    at {ts} NOT NULL,
    body {text} NOT NULL,
    prev_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    kid {bytes} NOT NULL,
    signature {bytes} NOT NULL
){strict};

-- Work to be done after the transaction that asked for it.
CREATE TABLE jobs (
    id {uuid} NOT NULL PRIMARY KEY,
    kind {text} NOT NULL,
    payload {json} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('QUEUED', 'RUNNING', 'DONE', 'FAILED')),
    run_after {ts} NOT NULL,
    attempts {int} NOT NULL,
    lease_until {ts},
    fence {long} NOT NULL,
    cursor {long} NOT NULL,
    total {long} NOT NULL,
    done {long} NOT NULL,
    failed {long} NOT NULL,
    error {text},
    account_id {uuid} REFERENCES accounts (id),
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
){strict};

CREATE INDEX jobs_ready ON jobs (state, run_after);

-- Roster imports.
CREATE TABLE import_batches (
    id {uuid} NOT NULL PRIMARY KEY,
    account_id {uuid} REFERENCES accounts (id),
    file_name {text} NOT NULL,
    file_sha256 {bytes} NOT NULL,
    mode {text} NOT NULL CHECK (mode IN ('ATOMIC_ROW', 'ALL_OR_NOTHING')),
    state {text} NOT NULL CHECK (state IN ('STAGING', 'STAGED', 'APPLYING', 'APPLIED', 'REJECTED')),
    file_error {text},
    total {int} NOT NULL,
    failed {int} NOT NULL,
    confirmations {int} NOT NULL,
    cursor {int} NOT NULL,
    created {int} NOT NULL,
    updated {int} NOT NULL,
    unchanged {int} NOT NULL,
    refused {int} NOT NULL,
    summary {json} NOT NULL,
    job_id {uuid} REFERENCES jobs (id),
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
){strict};

CREATE INDEX import_batches_account ON import_batches (account_id, created_at);

-- Staged rows of an import; what they hold is sealed.
CREATE TABLE import_rows (
    batch_id {uuid} NOT NULL REFERENCES import_batches (id),
    row_no {int} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('READY', 'FAILED', 'CREATED', 'UPDATED', 'UNCHANGED')),
    sealed {bytes} NOT NULL,
    PRIMARY KEY (batch_id, row_no)
){strict};

-- Facts of the deployment.
CREATE TABLE settings (
    key {text} NOT NULL PRIMARY KEY,
    value {text} NOT NULL,
    updated_at {ts} NOT NULL
){strict};
