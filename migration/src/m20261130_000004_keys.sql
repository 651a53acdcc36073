-- What a compromised key is known to have signed for the issuer: the ids of its credentials, 16 bytes
-- each, sorted, one after another. Made with the mark, and never changed.
CREATE TABLE genuine_lists (
    key_id {uuid} NOT NULL PRIMARY KEY REFERENCES signing_keys (id),
    sha256 {bytes} NOT NULL,
    ids {bytes} NOT NULL,
    made_at {ts} NOT NULL
){strict};

CREATE INDEX genuine_lists_sha256 ON genuine_lists (sha256);

-- Old lists are thinned and removed by their time.
CREATE INDEX status_tokens_issued ON status_tokens (issued_at);
