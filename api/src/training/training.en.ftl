### Training and exams
### Refusals of an act.

TRAINING_SESSION_NOT_FOUND = There is no such training session, or it is outside your area.
EXAM_SITTING_NOT_FOUND = There is no such sitting, or it is outside your area.
TRAINING_UPLOAD_NOT_FOUND = There is no such upload of yours.
TRAINING_UPLOAD_NOT_STAGED = This upload was applied already.
TRAINING_ROWS_REMOVED = The rows of an upload are kept for 30 days and are removed; only the tallies stay. Send the file again.
TRAINING_CONFIRMATION_NEEDED = { $count } values were mended. Look at them and confirm.
TRAINING_ROWS_FAILED = { $count } rows cannot be applied, so nothing was. Correct them and send the file again, or apply the others only.
AGENCY_NOT_FOUND = There is no such agency, it is outside your area, or it is abolished.
FIELD_NOT_FOUND = This enforcement field is not in the dictionary.
TEXT_INVALID = Give 1 to 100 characters, none of them a control character.
DATES_INVALID = The dates are wrong: the last day is not before the first, and both lie within two years of today.
TRAINING_IN_TWO_YEARS = A session lies in one calendar year, since hours are counted by the year. Make two sessions of it.
TRAINING_LENGTH_INVALID = The length must be more than nothing and at most 999 hours.
STATE_NOT_ALLOWED = This cannot be done now. The state is: { $state }.
NOT_YET = It is too early: this can be done from { $from } on.
REASONS_REQUIRED = Give the reasons.
REASON_INVALID = The reason has control characters other than line breaks and tabs.
TEXT_TOO_LONG = The text is too long: at most { $most } characters.
NOTHING_SELECTED = Choose at least one.
TOO_MANY = At most { $most } at once.
PERSON_REQUIRED = This has to be done by a member of staff who is signed in.
SEPARATION_OF_DUTIES = Results are entered by one person and confirmed or corrected by another. You have entered some of these.
EXAM_OUTCOMES_MISSING = { $count } candidates have no outcome yet. Enter those who did not come as absent.
EXAM_OUTCOMES_OUT_OF_ORDER = { $count } candidates have a result of this day or a later one by now. Look at them, or enter them as absent.
EXAM_SITTING_FULL = A sitting has at most { $most } candidates. Make another one.

## Of a person named in an act, or of a row of a workbook beside the findings of a roster.

PERSON_NOT_FOUND = There is no such person, or they are outside your area.
OWN_RECORD = Nobody acts on their own record. Ask someone else to do this.
NAME_DIFFERS = The name is not the one registered for this ID number. Check both.
AGENCY_DIFFERS = The agency is not the one registered; the register holds.
HOURS_BEYOND_SESSION = The hours are more than the session has ({ $hours }).
CANDIDATE_KIND_EXCLUDED = Only enforcement and supervision officers sit the exams.
CANDIDATE_NOT_IN_POST = This person is not in post.
CANDIDATE_FIELD_DIFFERS = This person does not work in the field of this sitting.
EXAM_PASSED_ALREADY = This person has passed the subject.
EXAM_STUDY_OWED = The resit failed too: off-post training has to be done, and confirmed by the justice department, before the next exam.
EXAM_RESIT_NOT_ALLOWED = This would be a resit, and this sitting takes none.
EXAM_OUT_OF_ORDER = A result of this day or a later one is known for the subject.
CANDIDATE_REGISTERED_ELSEWHERE = This person is registered for another sitting of the subject that is not confirmed yet.
CANDIDATE_NOT_REGISTERED = This person is no candidate of this sitting.
EXAM_OUTCOME_ENTERED = An outcome was entered already, so the registration stays.
SCORE_INVALID = A score is 0 to 100 points; who was absent or disqualified has none.
