QR_TEXT_INVALID = The content of the code is not valid.
QR_TOO_LONG = The content is too long for a code of the promised version. Check the length of PUBLIC_URL.
QR_SCALE_OUT_OF_RANGE = The scale is 1–32.
QR_DRAWING_FAILED = The code could not be drawn. Try again.

## Cards
card-NOTHING_SELECTED = There is no certificate to print a card of.
card-TOO_MANY = At most { $most } cards at once.
card-CERTIFICATE_NOT_FOUND = There is no certificate { $id }, or it is outside your area.
card-CERTIFICATE_ENDED = The certificate { $number } { $state }: no card is printed of it.
card-CERTIFICATE_SUSPENDED = The certificate { $number } { $state }: no card is printed of it until that is lifted.
card-PHOTO_MISSING = The certificate { $number } has no photo: no card can be printed.
card-CODE_MISSING = No code of this system was signed for the certificate { $number }: no card can be printed.
card-words = Certificate { $number }: { $why }
card-state-SUSPENDED = is suspended
card-state-LOST = is reported lost
card-state-REVOKED = was revoked
card-state-CANCELLED = was cancelled
card-state-EXPIRED = has expired
