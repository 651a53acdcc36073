-- Phones that were enrolled. A person has one at a time: a new enrolment ends the old one.
CREATE TABLE devices (
    id {uuid} NOT NULL PRIMARY KEY,
    account_id {uuid} NOT NULL REFERENCES accounts (id),
    person_id {uuid} NOT NULL REFERENCES people (id),
    algorithm {text} NOT NULL CHECK (algorithm IN ('ED25519', 'ES256')),
    public_key {bytes} NOT NULL UNIQUE,
    attestation {text} NOT NULL CHECK (attestation IN ('NONE', 'SOFTWARE', 'TRUSTED_ENVIRONMENT', 'SECURE_ELEMENT')),
    name {text} NOT NULL,
    enrolled_at {ts} NOT NULL,
    ended_at {ts},
    end_reason {text} CHECK (end_reason IN ('REPLACED', 'LOST', 'WITHDRAWN', 'ACCOUNT_CLOSED')),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
){strict};

CREATE UNIQUE INDEX devices_one_open ON devices (person_id) WHERE ended_at IS NULL;
CREATE INDEX devices_account ON devices (account_id);

-- Which certificate an enrolled phone shows, and its place in a status list: the worse of what the
-- certificate and the phone are. The credentials of every day keep it.
CREATE TABLE device_certificates (
    device_id {uuid} NOT NULL REFERENCES devices (id),
    certificate_id {uuid} NOT NULL REFERENCES certificates (id),
    list {int} NOT NULL,
    idx {int} NOT NULL,
    created_at {ts} NOT NULL,
    PRIMARY KEY (device_id, certificate_id),
    UNIQUE (list, idx),
    FOREIGN KEY (list, idx) REFERENCES status_entries (list, idx)
){strict};

CREATE INDEX device_certificates_certificate ON device_certificates (certificate_id);

-- Credentials that were signed for phones, by credential id.
CREATE TABLE phone_credentials (
    credential_id {bytes} NOT NULL PRIMARY KEY,
    device_id {uuid} NOT NULL,
    certificate_id {uuid} NOT NULL,
    kid {bytes} NOT NULL,
    not_before {ts} NOT NULL,
    expires_at {ts} NOT NULL,
    FOREIGN KEY (device_id, certificate_id) REFERENCES device_certificates (device_id, certificate_id)
){strict};

CREATE INDEX phone_credentials_device ON phone_credentials (device_id, certificate_id);
CREATE INDEX phone_credentials_expires ON phone_credentials (expires_at);
