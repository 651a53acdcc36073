-- When the root first told apps of a key: before that, and for some days after, nothing is signed with
-- it that they verify.
ALTER TABLE signing_keys ADD COLUMN told_at {ts};

-- The keys of the deployment as its root has signed them, newest last.
CREATE TABLE signed_key_sets (
    version {long} NOT NULL PRIMARY KEY,
    issued_at {ts} NOT NULL,
    bytes {bytes} NOT NULL
){strict};

-- Trust bundles as they were signed: the newest is handed out, the older ones are what deltas start
-- from.
CREATE TABLE trust_bundles (
    version {long} NOT NULL PRIMARY KEY,
    issued_at {ts} NOT NULL,
    expires_at {ts} NOT NULL,
    content_sha256 {bytes} NOT NULL,
    sha256 {bytes} NOT NULL UNIQUE,
    bytes {bytes} NOT NULL
){strict};
