### Existing certificates
### What is odd about a certificate that a roster claims. Each refuses its confirmation: the first four always, the others until they were weighed.

KIND_EXCLUDED = The holder is auxiliary or clerical staff, who cannot hold a certificate.
NUMBER_TAKEN = The number is on another certificate.
NUMBER_FORM = The number has not the form that the policy says.
CERTIFICATE_IN_FORCE = The holder has another certificate in force.
NUMBER_ZEROS = Only zeros in front tell the number from another.
ISSUER_UNKNOWN = The issuer is not registered.
ISSUER_NO_AUTHORITY = The issuer is no issuing authority above the holder's agency.
EXPIRED_IN_FORCE = It is said to be in force and has expired.
NOT_EXPIRED = It is said to have expired and has not by its dates.
LONG_TERM = It has no end. It would end after the years of the policy.
VALIDITY_LONG = It is valid for longer than the policy allows.
NOT_ON_ESTABLISHMENT = The holder is not on establishment.
NOT_IN_POST = The holder is seconded, off post, retired or has left.
BARRED = Something bars the holder from holding a certificate.
ANOTHER_CERTIFICATE = The holder has or had another certificate.
PHOTO_MISSING = There is no photo of the holder.
