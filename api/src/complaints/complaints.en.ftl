### Complaints
### Refusals of an act.

COMPLAINT_NOT_FOUND = There is no such complaint, or it is outside your area.
COMPLAINT_QUESTION_NOT_FOUND = There is no such question, or it was not put to your agency.
STATE_NOT_ALLOWED = This cannot be done now. The state is: { $state }.
OWN_RECORD = The complaint is about yourself: another person handles it.
SEPARATION_OF_DUTIES = Whoever proposed the outcome does not decide on it; another person does.
PERSON_REQUIRED = Only a signed-in person may do this.
REASONS_REQUIRED = Give the reasons, the question or the answer.
REASON_INVALID = There are characters that cannot be shown. Delete them.
TEXT_TOO_LONG = Too long: { $most } characters at most.
EXTENDED_ALREADY = A deadline is extended once, and this one was.
QUESTION_REPEATS_COMPLAINT = The question repeats the sender's own words or contact. Ask neutrally in words of your own.
QUESTION_ANSWERED = This question was answered already; the answer stands.
AGENCY_NOT_FOUND = There is no such agency, or it is abolished.
OFFICER_NOT_FOUND = There is no such person at that agency.
COMPLAINT_AGENCY_UNKNOWN = It is not known yet which agency the complaint is about, or it is abolished. Assign it first.
CONTACT_NOT_GIVEN = The sender left no contact, or it was erased when its time was over.
COMPLAINT_NOT_HANDLED_HERE = A contact is read by the justice department that handles the complaint only.
TOO_MANY = At most { $most } at once.

## States

state-RECEIVED = waits for whether it is taken up
state-ACCEPTED = taken up
state-PROPOSED = waits for the decision
state-NOT_ACCEPTED = not taken up
state-UPHELD = upheld
state-NOT_UPHELD = not upheld
