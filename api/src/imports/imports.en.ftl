### Imports
### Of a file or an import as a whole.

fix = { "" } Suggested: { $fix }.

FILE_EMPTY = The file holds no people.
FILE_TOO_LARGE = The file is larger than { $limit }; split it and send it in parts.
FILE_NOT_A_WORKBOOK = The file is no roster that can be read. Use an .xlsx workbook or a CSV file; save files of other office programs as .xlsx first.
FILE_ENCRYPTED = The file is protected with a password; remove it and send the file again.
FILE_DAMAGED = The file is damaged or cannot be read; open it in a spreadsheet program, save it as .xlsx and send it again.
ZIP_BOMB = The file unpacks to far more than a roster needs and was refused. Save it as a new .xlsx file and try again.
SHEET_NOT_FOUND = No roster found: there is no sheet 人员 and none with both headings 姓名 and 身份证号.
HEADING_MISSING = Sheet “{ $sheet }” lacks the required headings { $headings }.
HEADING_DOUBLE = Two columns of sheet “{ $sheet }” mean “{ $heading }”; keep one.
ENCODING_UNKNOWN = The text encoding is unknown; save the CSV file in UTF-8 or GB18030.
TOO_MANY_ROWS = There are more than { $limit } rows of people; send them in parts.
TOO_MANY_COLUMNS = Sheet “{ $sheet }” has more than { $limit } columns; delete what is not needed.
IMPORT_NOT_FOUND = This import was not found.
IMPORT_NOT_STAGED = This import is not waiting to be applied.
IMPORT_ROWS_REMOVED = The rows of this import were kept for 30 days and are removed; only its tallies stay. Send the roster again.
IMPORT_WITHDRAWN = The import was taken back.
IMPORT_UNDER_WAY = The import is being read or applied. Try again when that has ended.
IMPORT_CONFIRMED = { $count } of its existing certificates are confirmed: the import is not taken back any more.
IMPORT_CONFIRMATION_NEEDED = { $count } corrections wait to be confirmed. Check the report, then confirm.
IMPORT_ROWS_FAILED = { $count } rows have errors, and this import takes all rows or none. Correct them and upload again.

## Findings of a row, in the report. ERROR: nothing of the row is taken. CONFIRM: taken once it was confirmed. WARNING: nothing to do.

COLUMN_NEVER_STORED = “{ $title }” is not collected: the column was not read and is not stored.
COLUMN_UNKNOWN = The column “{ $title }” is unknown and was not read.
SHEET_NOT_READ = This sheet was not read: it has no headings of a roster, or there is a sheet 人员 beside it.
REMARKS_IGNORED = The column “{ $heading }” is for your own use and is not stored.

CELL_REQUIRED = “{ $heading }” must be filled in.
CELL_ERROR_VALUE = “{ $heading }” shows the error { $value }; fill in the value itself.
CELL_TOO_LONG = “{ $heading }” has more than { $limit } characters.
VALUE_FROM_ABOVE = “{ $heading }” takes “{ $read }” from the row above; please confirm.
NOTHING_ABOVE = “{ $heading }” says “as above”, but there is nothing above.
VALUE_READ_AS = “{ $value }” in “{ $heading }” was read as “{ $read }”; please confirm.
VALUE_UNKNOWN = “{ $heading }” cannot be “{ $value }”; it is one of { $choices }.
VALUE_UNCLEAR = “{ $value }” in “{ $heading }” can mean several things; choose one of { $choices }.

NAME_LENGTH = A name has 2 to 50 characters.
NAME_CHARACTERS = The name has characters that no name has.
NAME_DOT_MENDED = The dot in the name was made “·”: “{ $read }”; please confirm.
NAME_SUFFIX_REMOVED = What was appended to the name was taken off: “{ $read }”; please confirm.

ID_LENGTH = An ID number has 18 characters, this one { $length }.
ID_FIFTEEN_DIGITS = This is an old ID number of 15 digits; give the one of 18.
ID_PRECISION_LOST = The spreadsheet took the ID number for a number and lost its last digits; type it again as text.
ID_CHARACTERS = An ID number has digits only, and X as the last character at most.
ID_BIRTH_DATE = The date of birth in the ID number does not exist.
ID_CHECK_DIGIT = The check digit of the ID number is wrong; compare it with the card.
ID_TAIL_ZEROS = The ID number ends in 000, which may come from rounding in the spreadsheet; please confirm.
ID_APOSTROPHE = The apostrophe before the ID number was taken off; please confirm.
ID_DUPLICATE = The same ID number stands in row { $row } of sheet “{ $sheet }”.
GENDER_DISAGREES = The gender contradicts the ID number, which is followed; please check.

AGENCY_UNKNOWN = “{ $value }” is not registered; give the full legal name of the agency.
AGENCY_AMBIGUOUS = Several agencies are called “{ $value }”; give the full legal name.
AGENCY_OTHER_NAME = “{ $value }” is not the present full name; it was read as “{ $read }”; please confirm.
AGENCY_WITH_SECTION = The name of the agency held a section; it was read as “{ $read }” and “{ $section }”; please confirm.
AGENCY_CODE_DISAGREES = The unified social credit code is not that of the agency.

USCC_LENGTH = A unified social credit code has 18 characters, this one { $length }.
USCC_OLD_CODE = This is an old organisation code of 9 characters; give the unified code of 18.
USCC_LETTER_FOR_DIGIT = The letters I, O, S, V, Z never occur in a unified social credit code; perhaps digits were meant. Check it and type it again.
USCC_LETTERS_MENDED = Letters in the unified social credit code were read as digits: { $read }; please confirm.
USCC_CHARACTERS = The unified social credit code has characters that it never has.
USCC_CHECK_CHARACTER = The check character of the unified social credit code is wrong.
USCC_PRECISION_LOST = The spreadsheet took the code for a number and lost its last digits; type it again as text.

FIELD_UNKNOWN = The dictionary has no field “{ $value }”.
FIELD_UNCLEAR = “{ $value }” is not one field; name each field of the dictionary.
DIVISION_UNKNOWN = No division “{ $value }” was found in the area of the agency.

PHONE_INVALID = A mobile number has 11 digits.
PHONE_LANDLINE = This is a landline; give a mobile number of 11 digits.
PHONE_TWO_NUMBERS = There is more than one phone number; keep one.
PHONE_PREFIX_REMOVED = The country code 86 before the phone number was taken off; please confirm.
PHONE_SIGNS_REMOVED = Hyphens or brackets in the phone number were taken out; please confirm.

DATE_INVALID = “{ $value }” in “{ $heading }” is no date; write it like 2026-03-05.
DATE_RANGE = “{ $heading }” holds a range; give one date.
DATE_LONG_TERM = “{ $heading }” cannot be “长期” (long-term); give a date.
DATE_IN_FUTURE = “{ $heading }” has not come yet.
DATE_ORDER = “{ $heading }” is before the date of issue.

NUMBER_INVALID = “{ $value }” in “{ $heading }” is no number.
NUMBER_RANGE = “{ $heading }” is between { $least } and { $most }.
NUMBER_PRECISION = “{ $heading }” has one decimal at most.
SCORE_WORD = “{ $heading }” is a score in points, not a word.
SCORE_ABSENT = “{ $heading }” says the exam was not taken; leave it empty then.
HOURS_IN_DAYS = Training is given in hours, not in days.

EXAM_MISSING = “{ $heading }” is missing: the person becomes a candidate and cannot qualify before it is recorded; please confirm.
EXAM_INCOMPLETE = Score and date of an exam belong together; “{ $heading }” is missing.
PHOTO_MISSING = No photo is named: its file must be named by the ID number; please confirm.
PHOTO_NAME = Give the name of a jpg or png file without a path; do not paste the picture itself.

PRIOR_NUMBER_PENDING = The existing certificate is not there yet; the person was read as having none; please confirm.
PRIOR_NUMBER_AS_NUMBER = The number of the existing certificate was kept as a number, zeros in front may be lost: { $read }; please confirm.
PRIOR_NUMBER_INVALID = This is no certificate number; type it as text as the certificate has it.
PRIOR_INCOMPLETE = With the number of an existing certificate, “{ $heading }” is needed too.
PRIOR_ISSUER_UNKNOWN = The issuer “{ $value }” is not registered; give its full legal name, or confirm it as the certificate has it: the justice department looks at it.
PRIOR_NUMBER_DUPLICATE = Row { $row } of sheet “{ $sheet }” has the same certificate number.
PRIOR_NUMBER_TAKEN = Another person has this certificate number; check it against the certificate.
PRIOR_NUMBER_FORM = The certificate number has not the form that is laid down for existing certificates; check it against the certificate.
PRIOR_LONG_TERM = The existing certificate has no end; please confirm: the justice department looks at it.
PRIOR_ON_RECORD = This certificate is on record already; the import changes nothing of it.
PRIOR_REFUSED = The justice department has refused this existing certificate; it is not entered again.
PRIOR_WITHOUT_NUMBER = There are details of an existing certificate, but not its number.
MINISTRY_FILED = The certificate of a ministry is filed; it authorises nobody here.
AUXILIARY_HOLDS = Auxiliary staff cannot hold a certificate; check the kind of person and the number. Confirmed, it is entered as an exception and is not confirmed by the justice department.
AUXILIARY_EXAMS = Auxiliary staff cannot apply for a certificate; their exams were not read.

STANDING_CODE_MISSING = “有” alone does not say which; choose from the dictionary.
STANDING_NARRATIVE = Only “无” or an entry of the dictionary can stand here. What was written was not stored; choose an entry, without any details.
STANDING_AGAIN = A bar of this kind was lifted or has ended, and stands in the roster again. Confirmed, it is recorded anew from today; if the roster is an old one, fill in “无”.
REMARKS_HIDE_STATE = The remarks mention “{ $value }”. Remarks are not stored; check the columns for the state.

TRANSFER_REQUIRED = This person is registered with another agency; a transfer is needed.
ROW_REFUSED = The register of people does not take this row ({ $code }): { $reason }
