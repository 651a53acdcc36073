### Cards
### Of a batch, a user error for each card that cannot be printed. The codes of pictures are told here too.

NOTHING_SELECTED = There is no certificate to print a card of.
TOO_MANY = At most { $most } cards at once.
CERTIFICATE_NOT_FOUND = There is no certificate { $id }, or it is outside your area.
CERTIFICATE_ENDED = The certificate { $number } { $state }: no card is printed of it.
CERTIFICATE_SUSPENDED = The certificate { $number } { $state }: no card is printed of it until that is lifted.
PHOTO_MISSING = The certificate { $number } has no photo: no card can be printed.
CODE_MISSING = No code of this system was signed for the certificate { $number }: no card can be printed.

words = Certificate { $number }: { $why }
state-SUSPENDED = is suspended
state-LOST = is reported lost
state-REVOKED = was revoked
state-CANCELLED = was cancelled
state-EXPIRED = has expired
