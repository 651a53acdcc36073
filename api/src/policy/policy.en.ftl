### Policies

DIVISION_NOT_FOUND = There is no such division, or it is outside your area.
POLICY_BODY_INVALID = The policy cannot be entered as it is: { $detail }.
POLICY_TOO_EARLY = The first day may be { $earliest } at the earliest: after the last version's and not in the past.
CHANGED_MEANWHILE = Someone else has just changed this. Refresh and try again.
