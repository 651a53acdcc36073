### Codes

QR_TEXT_INVALID = The content of the code is not valid.
QR_TOO_LONG = The content is too long for a code of the promised version. Check the length of PUBLIC_URL.
QR_SCALE_OUT_OF_RANGE = The scale is 1–32.
QR_DRAWING_FAILED = The code could not be drawn. Try again.

# What is checked of a showing: the party and the officer read the same.
finding-OFFICERS-OK = Two officers are present; the second has confirmed.
finding-OFFICERS-SECOND_OFFICER_MISSING = No second officer was named, and no reason for acting alone.
finding-OFFICERS-SECOND_OFFICER_NOT_CONFIRMED = A second officer was named but has not confirmed yet.
finding-OFFICERS-SECOND_OFFICER_DECLINED = The second officer who was named says not to be present.
finding-OFFICERS-ALONE_BY_EXCEPTION = One officer, with a reason given.
finding-FIELD-OK = The matter is within the certificate's fields.
finding-FIELD-OUTSIDE_FIELD = The matter is outside the certificate's fields.
finding-FIELD-COVERED_BY_JOINT_AUTHORISATION = The matter is outside the certificate's fields, but a joint authorisation in force covers it.
finding-AREA-OK = The place is within the certificate's area.
finding-AREA-OUTSIDE_AREA = The place is outside the certificate's area.
finding-AREA-COVERED_BY_JOINT_AUTHORISATION = The place is outside the certificate's area, but a joint authorisation in force covers it.
finding-AREA-PLACE_NOT_GIVEN = No place was given, so the area was not checked.
finding-NOTICE-OK = The number of the inspection notice was given.
finding-NOTICE-NOTICE_NUMBER_MISSING = The number of the inspection notice was not given.
