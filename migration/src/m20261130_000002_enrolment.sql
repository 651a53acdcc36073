-- Invitations to enrol a phone; one an officer is open. One alone enrols nothing.
CREATE TABLE device_invitations (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES people (id),
    secret_hash {bytes} NOT NULL UNIQUE,
    expires_at {ts} NOT NULL,
    used_at {ts},
    revoked_at {ts},
    device_id {uuid} REFERENCES devices (id),
    created_at {ts} NOT NULL,
    CHECK ((used_at IS NULL) = (device_id IS NULL))
){strict};

CREATE UNIQUE INDEX device_invitations_one_open ON device_invitations (person_id) WHERE used_at IS NULL AND revoked_at IS NULL;
CREATE INDEX device_invitations_expires ON device_invitations (expires_at);

-- What the phone of an account is to sign next when it is enrolled; one an account.
CREATE TABLE enrolment_nonces (
    account_id {uuid} NOT NULL PRIMARY KEY REFERENCES accounts (id),
    nonce {bytes} NOT NULL,
    expires_at {ts} NOT NULL
){strict};

-- What supervisors have asked phones for; gone soon after its end.
CREATE TABLE challenges (
    id {uuid} NOT NULL PRIMARY KEY,
    account_id {uuid} NOT NULL REFERENCES accounts (id),
    value {bytes} NOT NULL,
    expires_at {ts} NOT NULL,
    used_at {ts}
){strict};

CREATE INDEX challenges_account ON challenges (account_id, expires_at);
