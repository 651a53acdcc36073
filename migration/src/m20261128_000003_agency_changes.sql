-- Reforms of agencies, from the proposal to the day they take effect.
CREATE TABLE agency_changes (
    id {uuid} NOT NULL PRIMARY KEY,
    kind {text} NOT NULL CHECK (kind IN ('RENAME', 'MERGE', 'SPLIT', 'MOVE', 'ABOLISH')),
    state {text} NOT NULL CHECK (state IN ('PROPOSED', 'APPROVED', 'APPLIED', 'WITHDRAWN', 'FAILED')),
    effective_on {day} NOT NULL,
    document {text} NOT NULL,
    plan {json} NOT NULL,
    impact {json},
    failure {text},
    policy_id {uuid} NOT NULL REFERENCES policies (id),
    proposed_by {uuid} REFERENCES people (id),
    proposed_at {ts} NOT NULL,
    decided_by {uuid} REFERENCES people (id),
    decided_at {ts},
    ended_at {ts},
    CHECK (state <> 'FAILED' OR failure IS NOT NULL),
    CHECK (state <> 'APPLIED' OR impact IS NOT NULL)
){strict};

CREATE INDEX agency_changes_due ON agency_changes (state, effective_on);

-- Agencies a reform takes from and gives to; one that it founds is there once it has taken effect.
CREATE TABLE agency_change_parties (
    change_id {uuid} NOT NULL REFERENCES agency_changes (id),
    side {text} NOT NULL CHECK (side IN ('FROM', 'TO')),
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    PRIMARY KEY (change_id, side, agency_id)
){strict};

CREATE INDEX agency_change_parties_agency ON agency_change_parties (agency_id, side);

-- What an agency was until a day: on a day it was what the first row after that day says, and
-- where there is none, what it is.
CREATE TABLE former_agencies (
    agency_id {uuid} NOT NULL REFERENCES agencies (id),
    until_on {day} NOT NULL,
    name {text} NOT NULL,
    leadership {text} NOT NULL CHECK (leadership IN ('LOCAL', 'VERTICAL', 'DUAL')),
    division_code {text} NOT NULL REFERENCES divisions (code),
    superior_id {uuid} REFERENCES agencies (id),
    entrusted_by_id {uuid} REFERENCES agencies (id),
    change_id {uuid} NOT NULL REFERENCES agency_changes (id),
    PRIMARY KEY (agency_id, until_on)
){strict};

-- Certificates that bear the name of a unit a reform has changed, with the day by which they are to
-- be exchanged. They stay in force.
CREATE TABLE exchange_dues (
    certificate_id {uuid} NOT NULL PRIMARY KEY REFERENCES certificates (id),
    due_on {day} NOT NULL,
    change_id {uuid} NOT NULL REFERENCES agency_changes (id)
){strict};

-- What became of the unit since the certificate was issued: a list of {on, kind, agency, name}.
ALTER TABLE public_cards ADD COLUMN successions {json} NOT NULL DEFAULT '[]';
