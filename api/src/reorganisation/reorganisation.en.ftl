### Reforms of agencies

AGENCY_CHANGE_NOT_FOUND = There is no such reform, or one of its agencies is outside your part of the tree.
STATE_NOT_ALLOWED = The reform is { $about }: this cannot be done.
SEPARATION_OF_DUTIES = Whoever proposed a reform does not decide on it: another administrator does.
DOCUMENT_INVALID = Give the number of the document that orders it: 2 to 100 characters, no control characters.
EFFECTIVE_TOO_EARLY = The first day lies too far back; { $about } is the earliest.
EFFECTIVE_TOO_LATE = The first day lies too far ahead; { $about } is the latest.
REFORM_OUT_OF_ORDER = Another reform of these agencies has held since { $about }; this one cannot hold from an earlier day.
SUCCESSOR_CHOICE = Name either an agency that is there or one that is to be founded.
SUCCESSOR_NOT_FOUND = Who is to take over was not found, or is outside your part of the tree.
SUCCESSOR_ABOLISHED = “{ $about }” has been abolished and cannot take over.
INTO_ITSELF = “{ $about }” cannot take its own place.
AGENCY_NAMED_TWICE = “{ $about }” is named twice.
NOTHING_SELECTED = Name at least one agency.
TOO_MANY = Too many: { $about } at most.
NOTHING_CHANGES = Nothing of “{ $about }” would change.
PART_EMPTY = Nobody goes to “{ $about }”: name people, internal units or the rest.
TWO_RESTS = The rest can go to one agency only.
PERSON_NAMED_TWICE = One person would go to two agencies.
UNIT_NAMED_TWICE = The internal unit “{ $about }” would go to two agencies.
PERSON_NOT_IN_AGENCY = Somebody named is not of “{ $about }”.
UNIT_NOT_IN_AGENCY = Nobody of the agency that is split belongs to an internal unit “{ $about }”; check its name.
AGENCY_HAS_PEOPLE = “{ $about }” still has people: move them or let them leave first.
AGENCY_HAS_CERTIFICATES = “{ $about }” still has certificates that have not ended: the issuing authority cancels them first.
AGENCY_HAS_APPLICATIONS = “{ $about }” still has applications on their way: they are decided first.
AGENCY_HAS_SUBORDINATES = “{ $about }” still has subordinate or entrusted organisations: move them first.

# States
state-PROPOSED = waiting for a decision
state-APPROVED = decided already
state-APPLIED = in effect already
state-WITHDRAWN = withdrawn
state-FAILED = one that could not take effect
