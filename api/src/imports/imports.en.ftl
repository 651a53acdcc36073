fix = { "" } Suggested: { $fix }.

file-empty = The file holds no people.
file-too-large = The file is larger than { $limit }; split it and send it in parts.
file-not-a-workbook = The file is no roster that can be read. Use an .xlsx workbook or a CSV file; save files of other office programs as .xlsx first.
file-encrypted = The file is protected with a password; remove it and send the file again.
file-damaged = The file is damaged or cannot be read; open it in a spreadsheet program, save it as .xlsx and send it again.
zip-bomb = The file unpacks to far more than a roster needs and was refused. Save it as a new .xlsx file and try again.
sheet-not-found = No roster found: there is no sheet 人员 and none with both headings 姓名 and 身份证号.
heading-missing = Sheet “{ $sheet }” lacks the required headings { $headings }.
heading-double = Two columns of sheet “{ $sheet }” mean “{ $heading }”; keep one.
encoding-unknown = The text encoding is unknown; save the CSV file in UTF-8 or GB18030.
too-many-rows = There are more than { $limit } rows of people; send them in parts.
too-many-columns = Sheet “{ $sheet }” has more than { $limit } columns; delete what is not needed.

column-never-stored = “{ $title }” is not collected: the column was not read and is not stored.
column-unknown = The column “{ $title }” is unknown and was not read.
sheet-not-read = This sheet was not read: it has no headings of a roster, or there is a sheet 人员 beside it.
remarks-ignored = The column “{ $heading }” is for your own use and is not stored.

cell-required = “{ $heading }” must be filled in.
cell-error-value = “{ $heading }” shows the error { $value }; fill in the value itself.
cell-too-long = “{ $heading }” has more than { $limit } characters.
value-from-above = “{ $heading }” takes “{ $read }” from the row above; please confirm.
nothing-above = “{ $heading }” says “as above”, but there is nothing above.
value-read-as = “{ $value }” in “{ $heading }” was read as “{ $read }”; please confirm.
value-unknown = “{ $heading }” cannot be “{ $value }”; it is one of { $choices }.
value-unclear = “{ $value }” in “{ $heading }” can mean several things; choose one of { $choices }.

name-length = A name has 2 to 50 characters.
name-characters = The name has characters that no name has.
name-dot-mended = The dot in the name was made “·”: “{ $read }”; please confirm.
name-suffix-removed = What was appended to the name was taken off: “{ $read }”; please confirm.

id-length = An ID number has 18 characters, this one { $length }.
id-fifteen-digits = This is an old ID number of 15 digits; give the one of 18.
id-precision-lost = The spreadsheet took the ID number for a number and lost its last digits; type it again as text.
id-characters = An ID number has digits only, and X as the last character at most.
id-birth-date = The date of birth in the ID number does not exist.
id-check-digit = The check digit of the ID number is wrong; compare it with the card.
id-tail-zeros = The ID number ends in 000, which may come from rounding in the spreadsheet; please confirm.
id-apostrophe = The apostrophe before the ID number was taken off; please confirm.
id-duplicate = The same ID number stands in row { $row } of sheet “{ $sheet }”.
gender-disagrees = The gender contradicts the ID number, which is followed; please check.

agency-unknown = “{ $value }” is not registered; give the full legal name of the agency.
agency-ambiguous = Several agencies are called “{ $value }”; give the full legal name.
agency-other-name = “{ $value }” is not the present full name; it was read as “{ $read }”; please confirm.
agency-with-section = The name of the agency held a section; it was read as “{ $read }” and “{ $section }”; please confirm.
agency-code-disagrees = The unified social credit code is not that of the agency.

uscc-length = A unified social credit code has 18 characters, this one { $length }.
uscc-old-code = This is an old organisation code of 9 characters; give the unified code of 18.
uscc-letter-for-digit = The letters I, O, S, V, Z never occur in a unified social credit code; perhaps digits were meant. Check it and type it again.
uscc-letters-mended = Letters in the unified social credit code were read as digits: { $read }; please confirm.
uscc-characters = The unified social credit code has characters that it never has.
uscc-check-character = The check character of the unified social credit code is wrong.
uscc-precision-lost = The spreadsheet took the code for a number and lost its last digits; type it again as text.

field-unknown = The dictionary has no field “{ $value }”.
field-unclear = “{ $value }” is not one field; name each field of the dictionary.
division-unknown = No division “{ $value }” was found in the area of the agency.

phone-invalid = A mobile number has 11 digits.
phone-landline = This is a landline; give a mobile number of 11 digits.
phone-two-numbers = There is more than one phone number; keep one.
phone-prefix-removed = The country code 86 before the phone number was taken off; please confirm.
phone-signs-removed = Hyphens or brackets in the phone number were taken out; please confirm.

date-invalid = “{ $value }” in “{ $heading }” is no date; write it like 2026-03-05.
date-range = “{ $heading }” holds a range; give one date.
date-long-term = “{ $heading }” cannot be “长期” (long-term); give a date.
date-in-future = “{ $heading }” has not come yet.
date-order = “{ $heading }” is before the date of issue.

number-invalid = “{ $value }” in “{ $heading }” is no number.
number-range = “{ $heading }” is between { $least } and { $most }.
number-precision = “{ $heading }” has one decimal at most.
score-word = “{ $heading }” is a score in points, not a word.
score-absent = “{ $heading }” says the exam was not taken; leave it empty then.
hours-in-days = Training is given in hours, not in days.

exam-missing = “{ $heading }” is missing: the person becomes a candidate and cannot qualify before it is recorded; please confirm.
exam-incomplete = Score and date of an exam belong together; “{ $heading }” is missing.
photo-missing = No photo is named: its file must be named by the ID number; please confirm.
photo-name = Give the name of a jpg or png file without a path; do not paste the picture itself.

prior-number-pending = The existing certificate is not there yet; the person was read as having none; please confirm.
prior-number-as-number = The number of the existing certificate was kept as a number, zeros in front may be lost: { $read }; please confirm.
prior-number-invalid = This is no certificate number; type it as text as the certificate has it.
prior-incomplete = With the number of an existing certificate, “{ $heading }” is needed too.
prior-issuer-unknown = The issuer “{ $value }” is not registered; give its full legal name.
prior-without-number = There are details of an existing certificate, but not its number.
auxiliary-holds = Auxiliary staff cannot hold a certificate; check the kind of person and the number.
auxiliary-exams = Auxiliary staff cannot apply for a certificate; their exams were not read.

standing-code-missing = “有” alone does not say which; choose from the dictionary.
standing-narrative = Only “无” or an entry of the dictionary can stand here. What was written was not stored; choose an entry, without any details.
remarks-hide-state = The remarks mention “{ $value }”. Remarks are not stored; check the columns for the state.

# Refusals of an import as a whole
import-not-found = This import was not found.
import-not-staged = This import is not waiting to be applied.
import-rows-removed = The rows of this import were kept for 30 days and are removed; only its tallies stay. Send the roster again.
import-confirmation-needed = { $count } corrections wait to be confirmed. Check the report, then confirm.
import-rows-failed = { $count } rows have errors, and this import takes all rows or none. Correct them and upload again.
# Refusals while rows are applied
transfer-required = This person is registered with another agency; a transfer is needed.
row-refused = The register of people does not take this row ({ $code }): { $reason }
prior-not-entered = { $heading } was checked, but existing certificates are not entered by this version; keep the workbook.
