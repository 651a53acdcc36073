-- Photos that were sent in one ZIP.
CREATE TABLE photo_batches (
    id {uuid} NOT NULL PRIMARY KEY,
    account_id {uuid} REFERENCES accounts (id),
    file_name {text} NOT NULL,
    file_sha256 {bytes} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('STAGING', 'STAGED', 'APPLYING', 'APPLIED', 'REJECTED')),
    files {int} NOT NULL,
    staged {int} NOT NULL,
    failed {int} NOT NULL,
    ignored {int} NOT NULL,
    cursor {int} NOT NULL,
    attached {int} NOT NULL,
    unchanged {int} NOT NULL,
    refused {int} NOT NULL,
    summary {json} NOT NULL,
    job_id {uuid} REFERENCES jobs (id),
    rows_removed_at {ts},
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
){strict};

CREATE INDEX photo_batches_account ON photo_batches (account_id, created_at);

-- Which batches have rows, by when they were last touched.
CREATE INDEX photo_batches_with_rows ON photo_batches (updated_at) WHERE rows_removed_at IS NULL;

-- The files of a ZIP: what became of each, its name sealed, and the photo until it is attached.
CREATE TABLE photo_rows (
    batch_id {uuid} NOT NULL REFERENCES photo_batches (id),
    row_no {int} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('READY', 'FAILED', 'IGNORED', 'UNCHANGED', 'ATTACHED')),
    code {text} NOT NULL,
    person_id {uuid} REFERENCES people (id),
    sealed {bytes} NOT NULL,
    photo_sha256 {bytes},
    photo {bytes},
    PRIMARY KEY (batch_id, row_no),
    CHECK (state <> 'READY' OR (person_id IS NOT NULL AND photo_sha256 IS NOT NULL AND photo IS NOT NULL))
){strict};
