### Certification
### Refusals of an act.

NOT_FOUND = There is no such record, or it is outside your area.
OWN_RECORD = Nobody acts on their own record. Ask someone else to do this.
SEPARATION_OF_DUTIES = Proposing, reviewing and deciding are done by different people. You have taken an earlier step.
PERSON_REQUIRED = This has to be done by a member of staff who is signed in.
STATE_NOT_ALLOWED = This cannot be done now. The state is: { $state }.
CHECKLIST_UNMET = Not everything required is met:
EXISTING_EXCEPTIONS = Something is odd about this certificate:
ODDITY_NOT_ACKNOWLEDGED = This application is odd. Look at it, and approve it with what you have seen:
GROUND_NOT_APPLICABLE = This ground does not go with what is to be done.
NO_RETRAINING_OWED = This person owes no off-post training.
SUSPENSION_DAYS = A suspension lasts 1 to { $cap } days.
SUSPENSION_EXTENDED_ALREADY = The suspension was extended once; it cannot be extended again.
EXTENSION_DAYS = An extension lasts at least 1 day and stays within the cap of the whole suspension: { $left } days are left.
REASONS_REQUIRED = Give the reasons.
TEXT_INVALID = The text has control characters other than line breaks and tabs.
TEXT_TOO_LONG = The text is too long: at most { $most } characters.
NOTHING_SELECTED = Choose at least one.
TOO_MANY = At most { $most } at once.
CHANGED_MEANWHILE = Someone else has just changed this. Refresh and try again.

## What is required and unmet: of a checklist each item is a user error of its own. `RETRAINING_OWED` also refuses the lifting of a suspension.
KIND_EXCLUDED = Only enforcement and supervision officers can hold a certificate.
NOT_ON_ESTABLISHMENT = The person is not on establishment.
NOT_IN_POST = The person is not in post.
SECONDED = The person is seconded.
INCOMPETENT_RATING = The annual assessment rated the person incompetent.
DEMERIT_OR_HEAVIER = The person is serving a demerit or a heavier sanction.
UNDER_INVESTIGATION = The person is under investigation.
RECENT_SANCTION = A sanction bars the person until { $until }.
RECENT_REVOCATION = A revocation bars the person until { $until }.
RETRAINING_OWED = Off-post training is still owed.
PUBLIC_LAW_EXAM_NOT_PASSED = The public-law exam is not passed yet.
PROFESSIONAL_LAW_EXAM_NOT_PASSED = The professional-law exam is not passed yet.
PUBLIC_LAW_STUDY_NEEDED = The resit in public law was failed. Off-post study comes first, then a new exam.
PROFESSIONAL_LAW_STUDY_NEEDED = The resit in professional law was failed. Off-post study comes first, then a new exam.
TRAINING_SHORT = { $done } training hours in { $year }, { $required } a year are required.
NOT_QUALIFIED = The person is not qualified yet.
PHOTO_MISSING = There is no photo.
AGENCY_NOT_CONFIRMED = The agency's own qualification is not confirmed, or the agency is abolished.
NO_ISSUING_AUTHORITY = No authority issues certificates for this agency.
OPEN_APPLICATION = Another application is on its way.
CERTIFICATE_IN_FORCE = A certificate is in force. Apply for its renewal or replacement.
CERTIFICATE_LOST = The certificate is reported lost. Apply for its replacement.
CERTIFICATE_SUSPENDED = The certificate is suspended. That has to be decided first.
CERTIFICATE_AWAITS_HANDOVER = A new certificate is issued and waits for its handover. Hand it over, or replace it if it is wrong.
NOTHING_TO_RENEW = There is no certificate to renew.
RENEWAL_TOO_EARLY = It is too early to renew: { $from } is the first day.
NOTHING_TO_REPLACE = There is no certificate to replace.
MOVED = The person has moved to another agency. Return the application, to be handed in again.

# States
state-CANDIDATE = candidate
state-QUALIFIED = qualified
state-CANCELLED = cancelled
state-DRAFT = draft
state-APPLIED = applied for
state-RETURNED = returned
state-REVIEWED = reviewed
state-APPROVED = approved
state-REFUSED = refused
state-ISSUED = issued, not handed over
state-ACTIVE = in force
state-SUSPENDED = suspended
state-LOST = reported lost
state-REVOKED = revoked
state-EXPIRED = expired
state-CLAIMED = waits for confirmation
state-CONFIRMED = confirmed
state-WITHDRAWN = taken back
state-FILED = filed

# Grounds
ground-FAILED_EXAM = Failed a law exam
ground-FAILED_ASSESSMENT = Failed the annual assessment
ground-NOT_SHOWING_CERTIFICATE = Did not show the certificate
ground-UNVERIFIED_CERTIFICATE = Used a certificate without annual verification
ground-REFUSING_SUPERVISION = Refused supervision
ground-DISCIPLINE = Disciplinary inquiry or sanction
ground-PROSECUTION = Under prosecution
ground-RETRAINING_PASSED = Off-post training passed
ground-CAUSE_ENDED = The cause has ended
ground-UNFOUNDED = The suspension was unfounded and is put right
ground-ALTERING = Altered the certificate
ground-LENDING = Lent the certificate
ground-FAILED_AFTER_RETRAINING = Failed again after off-post training
ground-ABUSE_OF_POWER = Abuse of power
ground-BEYOND_POWERS = Acted beyond powers
ground-SERIOUS_PROCEDURAL_BREACH = Serious breach of procedure
ground-TRANSFER = Transferred away from enforcement
ground-RESIGNATION = Resigned
ground-RETIREMENT = Retired
ground-DISMISSAL = Dismissed
ground-CRIME = Convicted of a crime
ground-DEATH = Died
ground-AGENCY_ABOLISHED = The agency was abolished
ground-ISSUED_BY_FRAUD = Obtained by fraud
ground-RENEWED = Renewed by a new certificate
ground-REPLACED = Replaced after a change of details or damage
ground-PREDECESSOR_REVOKED = The certificate before was revoked, so the new one was not handed over
ground-LOSS = Lost
ground-THEFT = Stolen

# Oddities of an application
oddity-OVER_AGE = At or over the age of retirement.
oddity-TWO_UNITS = The qualification or the last certificate is of another unit.
oddity-NAME_AND_PHOTO_CHANGED = Name and photo are others than on the last certificate.
oddity-NAME_CHANGED = The name is another than on the last certificate.
oddity-EXCLUDED_LATELY = An exclusion from holding a certificate ended not long ago.
oddity-REVOKED_BEFORE = A certificate of this person was revoked before.
oddity-TRAINING_SHORT = The training of the years that count is short of the hours required.
oddity-EXAM_BY_RESIT = A law exam was passed only by its resit.
