### Phones of officers

OFFICER_NOT_FOUND = This officer was not found in your part of the tree.
OWN_RECORD = You may not invite yourself. Ask a colleague who keeps the accounts or the personnel records.
OFFICER_WITHOUT_ACCOUNT = This officer has no open account. Have one entered first.
DEVICE_INVITATION_NOT_FOUND = No invitation of this officer is open.
DEVICE_INVITATION_INVALID = There is no such invitation. Check what was typed, or ask for a new one.
DEVICE_INVITATION_USED = This invitation has been used. Ask for a new one.
DEVICE_INVITATION_EXPIRED = This invitation was good for ten minutes and has ended. Ask for a new one.
DEVICE_INVITATION_REVOKED = This invitation was taken back or replaced by a newer one. Use the newest.
DEVICE_INVITATION_OF_ANOTHER = This invitation is for another officer. Each officer needs their own.
ENROLMENT_NONCE_INVALID = The enrolment took too long or was begun again elsewhere. Begin anew.
DEVICE_KEY_INVALID = The phone's public key is not valid. Update the app and try again.
DEVICE_KEY_KNOWN = This phone's key was enrolled before. Have the app make a new one and begin anew.
DEVICE_SIGNATURE_INVALID = The phone's signature does not fit this enrolment. Begin anew; if it happens again, update the app.
DEVICE_NAME_INVALID = Give the phone a name of 1 to 60 characters.
DEVICE_ATTESTATION_TOO_LOW = This phone does not keep its key safely enough. Required: { $least }.
DEVICE_NOT_FOUND = This phone was not found.
DEVICE_ENDED = This phone was ended at { $time }: { $reason }. To show your certificate by phone again, enrol anew.
NO_CERTIFICATE = You have no certificate that a phone could show.
CERTIFICATE_NOT_YET_VALID = Your certificate is not in force yet.
CERTIFICATE_SUSPENDED = Your certificate is suspended.
CERTIFICATE_LOST = Your certificate is reported lost. Wait for its replacement.
CERTIFICATE_REVOKED = Your certificate was revoked.
CERTIFICATE_CANCELLED = Your certificate was cancelled.
CERTIFICATE_EXPIRED = Your certificate has expired.
PHONE_CODE_TOO_LONG = Number and name of this certificate are too long for a phone's code. Show the card.
CHANGED_MEANWHILE = Someone else has just changed this. Refresh and try again.

attestation-NONE = nothing
attestation-SOFTWARE = a key kept by the system's software
attestation-TRUSTED_ENVIRONMENT = a key kept in a trusted execution environment
attestation-SECURE_ELEMENT = a key kept in a secure element
ended-REPLACED = another phone was enrolled
ended-LOST = it was reported lost
ended-WITHDRAWN = it was withdrawn
ended-ACCOUNT_CLOSED = the account was closed
