-- That something in a status list has changed since it was signed: written in the transaction of the
-- change, removed by whoever signs the list anew.
CREATE TABLE status_changes (
    id {uuid} NOT NULL PRIMARY KEY,
    list {int} NOT NULL REFERENCES status_lists (id)
){strict};

CREATE INDEX status_changes_list ON status_changes (list);

-- Status lists as they were signed, in both forms: the newest is handed out, the older ones say what
-- was so at a time.
CREATE TABLE status_tokens (
    list {int} NOT NULL REFERENCES status_lists (id),
    issued_at {ts} NOT NULL,
    expires_at {ts} NOT NULL,
    ttl {int} NOT NULL,
    entries_sha256 {bytes} NOT NULL,
    jwt {text} NOT NULL,
    cwt {bytes} NOT NULL,
    PRIMARY KEY (list, issued_at)
){strict};

-- Lists that are there already are signed at the first start.
