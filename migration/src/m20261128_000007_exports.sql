-- What was taken out of the register: lists as files, and the evidence file of an officer. The words
-- of the purpose and what the list was narrowed by stand here, where they can be erased; the audit
-- log has ids and digests.
CREATE TABLE exports (
    id {uuid} NOT NULL PRIMARY KEY,
    account_id {uuid} REFERENCES accounts (id),
    list {text} NOT NULL CHECK (list IN ('OFFICERS', 'STANDINGS', 'AGENCIES', 'QUALIFICATIONS', 'APPLICATIONS', 'CERTIFICATES', 'ACCOUNTS', 'AUDIT_LOG', 'EVIDENCE')),
    format {text} NOT NULL CHECK (format IN ('CSV', 'XLSX', 'JSON', 'PDF')),
    personal_data {bool} NOT NULL,
    filter {json} NOT NULL,
    row_count {int} NOT NULL,
    sha256 {bytes} NOT NULL,
    purpose {text},
    created_at {ts} NOT NULL,
    CHECK (NOT personal_data OR purpose IS NOT NULL)
){strict};

CREATE INDEX exports_account ON exports (account_id, created_at);

-- The log is read newest first: of a subject, of an actor, of a kind of act.
DROP INDEX audit_entries_subject;

CREATE INDEX audit_entries_subject ON audit_entries (subject, id);

CREATE INDEX audit_entries_actor ON audit_entries (actor, id);

CREATE INDEX audit_entries_action ON audit_entries (action, id);
