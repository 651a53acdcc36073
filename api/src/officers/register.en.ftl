### People
# No personal value may stand here.

PERSON_NOT_FOUND = There is no such person, or they are outside your part of the tree.
NAME_INVALID = The name is not valid: 2 to 50 letters, with “·” between them where needed; no brackets, digits or other signs.
ID_NUMBER_INVALID = The ID number is not valid: 18 characters with a possible date of birth and a right check character.
ID_NUMBER_TAKEN = The person with this ID number is in the register of this agency already.
TRANSFER_REQUIRED = The person with this ID number is registered with another agency: a transfer comes first.
PERSON_KIND_IN_USE = The person has a qualification, certificate or application; their kind cannot simply be changed.
AGENCY_NOT_FOUND = There is no such agency, or it is abolished or outside your part of the tree.
AREA_NOT_FOUND = There is no division with the code of this enforcement area.
FIELD_NOT_FOUND = The enforcement field “{ $code }” is not in the dictionary, or is given twice.
PHONE_INVALID = The mobile number is not valid: 11 digits.
TEXT_INVALID = The text is too long or has control characters; 100 characters at most.
SCORE_INVALID = The score is not valid: 0 to 100 points.
EXAM_DATE_INVALID = The date of the exam is not valid: it cannot be later than today.
EXAM_OUT_OF_ORDER = The exam must be later than the last one entered for this subject.
EXAM_RESULT_FOLLOWED = Later results of this subject follow it: its score can be corrected, but it can be neither added nor removed.
TRAINING_YEAR_INVALID = The year of the training is not valid: it cannot be later than this year.
TRAINING_MINUTES_INVALID = The training is not valid: 0 to 999 hours.
EMPLOYMENT_ACT_REQUIRED = The row says that the person left the post, retired or came back. An import changes no state; this needs an act of its own.
OWN_RECORD = Nobody acts on their own record. Ask someone else to do this.
STANDING_NOT_FOUND = There is no such standing, or your justice department does not supervise the person.
STANDING_FROM_INVALID = The first day is not valid: it cannot be later than today.
STANDING_UNTIL_INVALID = The last day is not valid: it cannot be before the first or too far away. A standing that lasts until it is lifted has none; leave it empty.
STANDING_KNOWN = A standing of this kind bars the person already and has not been lifted.
STANDING_LIFTED = This standing was lifted before.
LIFT_REASON_INVALID = This reason does not lift a standing of this kind, or not yet.
STANDING_AGAIN = A standing of this kind was lifted or has ended. That it holds anew has to be confirmed first.
