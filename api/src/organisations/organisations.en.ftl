### Organisations

AGENCY_NOT_FOUND = There is no such agency, or it is outside your part of the tree.
OUTSIDE_SCOPE = “{ $about }” would lie outside your part of the tree.
AGENCY_NAME_INVALID = The name “{ $about }” is not valid: 2 to 100 characters, no control characters.
AGENCY_NAME_TAKEN = There is an agency called “{ $about }” already.
TOO_MANY_ALIASES = “{ $about }” has too many short and former names; 20 are kept.
USCC_INVALID = The unified social credit code “{ $about }” is not valid: 18 characters with a right check character.
USCC_TAKEN = Another agency has the unified social credit code “{ $about }”.
DIVISION_NOT_FOUND = There is no division with the code “{ $about }”.
DIVISION_INVALID = The division “{ $about }” is not valid: its code must fit its level, and it needs a name.
DIVISION_PARENT_INVALID = The division “{ $about }” does not lie under the division given as its parent.
FIELD_NOT_FOUND = The enforcement field “{ $about }” is not in the dictionary, or is given twice.
FIELD_INVALID = The enforcement field “{ $about }” is not valid: a code of lower-case letters, digits and hyphens, and a name in both languages.
SUPERIOR_NOT_FOUND = The superior department of “{ $about }” is unknown or abolished.
SUPERIOR_CIRCLE = The superiors of “{ $about }” form a circle.
JUSTICE_DEPARTMENT_IS_ORGAN = “{ $about }” is not an organ and cannot be a justice department.
JUSTICE_DEPARTMENT_TAKEN = The division of “{ $about }” has a justice department already.
COUNTY_LEVEL_REQUIRED = “{ $about }”: justice departments and issuing authorities are at county level or above.
ENTRUSTED_MAY_NOT_ISSUE = “{ $about }” is an entrusted organisation and cannot issue certificates.
ENTRUSTING_ORGAN_INVALID = The organ that entrusts “{ $about }” is not valid: it must exist and be an organ; what is entrusted cannot be entrusted further.
ENTRUSTMENT_LETTER_MISSING = “{ $about }” is an entrusted organisation: give the number of its entrustment letter.
ENTRUSTMENT_NOT_EXPECTED = “{ $about }” is not an entrusted organisation: give neither an entrusting organ nor a letter.
COMPLAINT_PHONE_INVALID = The supervision phone “{ $about }” is not valid: 5 to 20 digits, hyphens allowed.
QUALIFICATION_DAY_MISMATCH = The qualification of “{ $about }” and its day do not fit: a confirmed one has the day of its announcement, another has none.
AGENCY_ABOLISHED = “{ $about }” has been abolished.
