### Signing in and accounts

SIGN_IN_FAILED = The sign-in name or the password is not right.
TOO_MANY_ATTEMPTS = Too many failed attempts. Try again in { $seconds } seconds.
REFRESH_TOKEN_INVALID = The session has ended. Sign in again.
LOGIN_INVALID = A sign-in name has 3–64 lower-case letters, digits, dots or hyphens and begins with a letter.
LOGIN_TAKEN = This sign-in name is taken.
PASSWORD_INVALID = A password has 10–128 characters and is not the sign-in name.
PERSON_NOT_FOUND = This person was not found.
ACCOUNT_NOT_FOUND = This account was not found.
AGENCY_NOT_FOUND = This agency was not found.
ROLE_INVALID = This role cannot be given over such a part of the tree.
ROLE_NOT_HELD = The account does not hold this role over such a part of the tree.
OWN_ACCOUNT = This cannot be done to one's own account.
INVITATION_INVALID = The sign-in name or the invitation is not right, or the invitation has ended. Ask your administrator for a new one.
INVITATION_NOT_FOUND = No invitation of this account is open.
ACCOUNT_ACTIVE = This account is in use already; to give it a new password, reset the password.
ACCOUNT_CLOSED = This account is closed.
TOTP_CODE_REQUIRED = Enter the six digits of your authenticator app, or a recovery code.
TOTP_TWO_CODES_REQUIRED = Many wrong codes were tried with the password of this account: somebody else may know it. Enter two codes in a row, twelve digits, or a recovery code; then change the password.
TOTP_CODE_INVALID = The code is not right or was used already. Wait for the next one.
TOTP_NOT_BEGUN = No enrolment was begun, or it was more than 30 minutes ago. Begin again.
TOTP_NOT_ENROLLED = This account has no authenticator app enrolled.
SESSION_NOT_FOUND = This session was not found or has ended.
CLIENT_NAME_INVALID = The name of a device has 60 characters at most and no control characters.
SAME_PERSON = Both accounts belong to one person: there is nobody to hand over to.
HANDOVER_TIME_INVALID = The moment of the hand-over is not in the past and not more than a year away.
NOTE_INVALID = A note has 1,000 characters at most and no control characters.
