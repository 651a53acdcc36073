-- Joint authorisations: officers of several agencies act in fields and places that are not their own,
-- for a time. Proposed by one person, decided by another, of the authority above all of them.
CREATE TABLE joint_authorisations (
    id {uuid} NOT NULL PRIMARY KEY,
    authority_id {uuid} NOT NULL REFERENCES agencies (id),
    document {text} NOT NULL,
    field_codes {json} NOT NULL,
    division_codes {json} NOT NULL,
    from_on {day} NOT NULL,
    until_on {day} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('PROPOSED', 'APPROVED', 'REFUSED')),
    reasons {text},
    policy_id {uuid} NOT NULL REFERENCES policies (id),
    proposed_by {uuid} NOT NULL REFERENCES people (id),
    decided_by {uuid} REFERENCES people (id),
    decided_at {ts},
    ended_by {uuid} REFERENCES people (id),
    ended_at {ts},
    created_at {ts} NOT NULL,
    CHECK (from_on <= until_on),
    CHECK ((state = 'PROPOSED') = (decided_at IS NULL)),
    CHECK (ended_at IS NULL OR state = 'APPROVED')
){strict};

CREATE INDEX joint_authorisations_authority ON joint_authorisations (authority_id, id);

-- Whom a joint authorisation names: agencies with all their officers, or officers one by one.
CREATE TABLE joint_authorisation_parties (
    authorisation_id {uuid} NOT NULL REFERENCES joint_authorisations (id),
    seq {int} NOT NULL,
    agency_id {uuid} REFERENCES agencies (id),
    person_id {uuid} REFERENCES people (id),
    PRIMARY KEY (authorisation_id, seq),
    CHECK ((agency_id IS NULL) <> (person_id IS NULL))
){strict};

CREATE INDEX joint_authorisation_parties_agency ON joint_authorisation_parties (agency_id) WHERE agency_id IS NOT NULL;
CREATE INDEX joint_authorisation_parties_person ON joint_authorisation_parties (person_id) WHERE person_id IS NOT NULL;

-- Certificates that were shown to a party (亮证): for which task, beside whom, and what was found of
-- it. A place is a division at the finest; of the party nothing is kept but that somebody
-- scanned, neither when nor who.
CREATE TABLE showings (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES people (id),
    certificate_id {uuid} NOT NULL REFERENCES certificates (id),
    kind {text} NOT NULL CHECK (kind IN ('INSPECTION', 'PENALTY', 'OTHER')),
    notice_number {text},
    task {text} NOT NULL,
    field_codes {json} NOT NULL,
    division_code {text} REFERENCES divisions (code),
    second_person_id {uuid} REFERENCES people (id),
    second_certificate_id {uuid} REFERENCES certificates (id),
    second_answer {text} CHECK (second_answer IN ('CONFIRMED', 'DECLINED')),
    second_answered_at {ts},
    second_confirmed_at {ts},
    alone_reason {json},
    field_finding {text} NOT NULL CHECK (field_finding IN ('OK', 'OUTSIDE_FIELD', 'COVERED_BY_JOINT_AUTHORISATION')),
    area_finding {text} NOT NULL CHECK (area_finding IN ('OK', 'OUTSIDE_AREA', 'COVERED_BY_JOINT_AUTHORISATION', 'PLACE_NOT_GIVEN')),
    authorisation_id {uuid} REFERENCES joint_authorisations (id),
    policy_id {uuid} NOT NULL REFERENCES policies (id),
    serial {long} NOT NULL UNIQUE,
    started_at {ts} NOT NULL,
    ends_at {ts} NOT NULL,
    ended_at {ts},
    scanned {bool} NOT NULL,
    kept_until {day} NOT NULL,
    CHECK ((second_person_id IS NULL) = (second_certificate_id IS NULL)),
    CHECK ((second_answer IS NULL) = (second_answered_at IS NULL)),
    CHECK (second_answer IS NULL OR second_person_id IS NOT NULL),
    CHECK (second_person_id IS NULL OR alone_reason IS NULL),
    CHECK (second_person_id IS NULL OR second_person_id <> person_id)
){strict};

CREATE UNIQUE INDEX showings_one_open ON showings (person_id) WHERE ended_at IS NULL;
CREATE INDEX showings_person ON showings (person_id, id);
CREATE INDEX showings_certificate ON showings (certificate_id, started_at);
CREATE INDEX showings_second ON showings (second_person_id, id) WHERE second_person_id IS NOT NULL;
CREATE INDEX showings_kept ON showings (kept_until);

-- Until when a scan of this certificate asks whether a showing is open; so others ask nothing.
ALTER TABLE public_cards ADD COLUMN shown_until {ts};
