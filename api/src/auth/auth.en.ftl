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
