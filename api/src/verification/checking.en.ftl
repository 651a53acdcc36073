### Checking a code in the field

CHALLENGE_NOT_FOUND = This challenge was not found. Begin a new one and have the officer scan it.
CHALLENGE_EXPIRED = The challenge was not answered within 20 seconds. Begin a new one.
CHALLENGE_USED = This challenge has been answered already. Begin a new one for each check.
