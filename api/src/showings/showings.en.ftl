### Showings and joint authorisations

PERSON_REQUIRED = This is done by a person, not by the system.
NO_CERTIFICATE_IN_FORCE = You have no certificate that is in force today, so none can be shown.
SHOWING_OPEN = Your last showing is still open. End it first.
SHOWING_NOT_FOUND = There is no such showing, or it does not concern you.
SHOWING_OVER = This showing is over.
TASK_INVALID = Say for what, in 1 to 100 characters; leave out personal data of the party.
NOTICE_NUMBER_INVALID = The number has at most 60 characters and no control characters.
FIELD_COUNT_INVALID = Give 1 to { $about } fields.
FIELD_UNKNOWN = There is no field “{ $about }”.
DIVISION_UNKNOWN = There is no division “{ $about }”.
SHOWING_MINUTES_INVALID = A showing is open for 5 to { $about } minutes.
SECOND_CERTIFICATE_NOT_IN_FORCE = No certificate in force has this number. Check the second officer's number.
SECOND_OFFICER_IS_ONESELF = The second officer cannot be yourself.
SECOND_OFFICER_AND_REASON = Give either a second officer or a reason to be alone.
ALONE_REASON_UNKNOWN = The policy here does not know the reason “{ $about }”.
JOINT_AUTHORISATION_NOT_FOUND = There is no such joint authorisation in your part of the tree.
STATE_NOT_ALLOWED = This joint authorisation has been decided or has ended.
SEPARATION_OF_DUTIES = Whoever proposed a joint authorisation does not decide on it.
OWN_RECORD = The authorisation names you or your agency; somebody else decides.
DOCUMENT_INVALID = Give the number of the document, 2 to 100 characters without control characters.
REASONS_INVALID = A refusal has reasons, at most 1,000 characters.
AUTHORITY_INVALID = The authority is an existing justice department or issuing authority.
PARTIES_INVALID = Name 1 to { $about } agencies or officers, at least one of them in your part of the tree.
PARTY_NOT_BELOW_AUTHORITY = An agency or officer does not exist or is not below the authority.
DIVISION_NOT_BELOW_AUTHORITY = Give 1 to { $about } divisions, each within the authority's own.
AUTHORISATION_PERIOD_INVALID = It begins today or later and lasts { $about } days at most.
