### Check records

DEVICE_NOT_FOUND = There is no such phone of yours. Records are sent by whoever enrolled the phone that made them.
TOO_MANY = At most { $most } records at once. Send them in parts.
TOO_MANY_SYNCS = This phone sends too often. Try again in { $seconds } seconds; the records stay on the phone.

## Of a single record; the others of the call are not affected.
RECORD_UNREADABLE = This is not a check record of the agreed format.
RECORD_SIGNATURE_INVALID = This record is not signed by this phone.

## Of the reason for a late record.
CHECK_RECORD_NOT_FOUND = There is no such record of yours.
NOT_LATE = This record came in time: no reason is needed.
LATE_ENTRY_CLOSED = This record came so late that no reason is taken any more. It is kept as it is.
LATE_REASON_GIVEN = A reason was given already; it is not changed.
LATE_REASON_INVALID = Give the reason in 2 to 1,000 characters, without control characters.
