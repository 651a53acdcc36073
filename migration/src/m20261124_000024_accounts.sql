-- Invitations to an account: the secret is kept as a hash, and one an account is open.
CREATE TABLE invitations (
    id {uuid} NOT NULL PRIMARY KEY,
    account_id {uuid} NOT NULL REFERENCES accounts (id),
    purpose {text} NOT NULL CHECK (purpose IN ('ACTIVATION', 'RESET')),
    secret_hash {bytes} NOT NULL UNIQUE,
    expires_at {ts} NOT NULL,
    used_at {ts},
    revoked_at {ts},
    created_at {ts} NOT NULL,
    CHECK (used_at IS NULL OR revoked_at IS NULL)
){strict};

CREATE UNIQUE INDEX invitations_one_open ON invitations (account_id) WHERE used_at IS NULL AND revoked_at IS NULL;

-- Second factors (RFC 6238): the one in force, and one being enrolled. Secrets are sealed.
CREATE TABLE second_factors (
    account_id {uuid} NOT NULL PRIMARY KEY REFERENCES accounts (id),
    secret_sealed {bytes},
    enrolled_at {ts},
    last_step {long} NOT NULL,
    failures {int} NOT NULL CHECK (failures >= 0),
    pending_sealed {bytes},
    pending_at {ts},
    CHECK ((secret_sealed IS NULL) = (enrolled_at IS NULL)),
    CHECK ((pending_sealed IS NULL) = (pending_at IS NULL))
){strict};

-- What opens a session in place of a code of the second factor, hashed, each used once.
CREATE TABLE recovery_codes (
    account_id {uuid} NOT NULL REFERENCES accounts (id),
    hash {bytes} NOT NULL,
    used_at {ts},
    PRIMARY KEY (account_id, hash)
){strict};

ALTER TABLE sessions ADD COLUMN client_name {text};

ALTER TABLE sessions ADD COLUMN second_factor_at {ts};

-- Desks handed over: the roles of one account that another holds from a moment on.
CREATE TABLE desk_handovers (
    id {uuid} NOT NULL PRIMARY KEY,
    from_account_id {uuid} NOT NULL REFERENCES accounts (id),
    to_account_id {uuid} NOT NULL REFERENCES accounts (id),
    roles {json} NOT NULL,
    at {ts} NOT NULL,
    note {text},
    by_person_id {uuid} REFERENCES people (id),
    created_at {ts} NOT NULL,
    CHECK (from_account_id <> to_account_id)
){strict};

CREATE INDEX desk_handovers_from ON desk_handovers (from_account_id);

CREATE INDEX desk_handovers_to ON desk_handovers (to_account_id);
