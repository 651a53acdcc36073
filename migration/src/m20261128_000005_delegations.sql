-- Roles lent: a part of what a grant gives, to another account, until a moment. What rests on a
-- grant ends with it.
CREATE TABLE delegations (
    id {uuid} NOT NULL PRIMARY KEY,
    grant_id {uuid} NOT NULL REFERENCES grants (id),
    from_account_id {uuid} NOT NULL REFERENCES accounts (id),
    to_account_id {uuid} NOT NULL REFERENCES accounts (id),
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    starts_at {ts} NOT NULL,
    ends_at {ts} NOT NULL,
    ended_at {ts},
    note {text},
    policy_id {uuid} REFERENCES policies (id),
    created_at {ts} NOT NULL,
    CHECK (from_account_id <> to_account_id),
    CHECK (starts_at < ends_at)
){strict};

CREATE INDEX delegations_from ON delegations (from_account_id);

CREATE INDEX delegations_to ON delegations (to_account_id);

-- How odd an application was when it was handed in: the odd ones are looked at first.
ALTER TABLE applications ADD COLUMN oddity {int} NOT NULL DEFAULT 0;

CREATE INDEX applications_odd ON applications (state, oddity DESC, id);

-- The policy on review that a step was taken under.
ALTER TABLE application_steps ADD COLUMN policy_id {uuid} REFERENCES policies (id);

-- Who holds a role where: asked for each application that waits.
CREATE INDEX grants_agency ON grants (agency_id, role);
