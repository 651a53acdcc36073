# The texts of the public pages. Verdicts and advice are reviewed word by word.

site-name = Enforcement certificate check
other-language = 中文
help-link = What to do at an inspection
official-site = Official site: { $domain }. Compare the address; beware of imitations.

## Verdicts

verdict-VALID = Certificate in force
advice-VALID = Compare the photo with the person. For a business inspection you may ask for the inspection notice (emergencies excepted).
verdict-VALID_STALE = Genuine, status not current
advice-VALID_STALE = In force as of { $asof }. Scan again online.
verdict-STATUS_UNKNOWN = Genuine, status unknown
advice-STATUS_UNKNOWN = Validity cannot be confirmed yet. Scan again later.
verdict-EXPIRED = Certificate expired
advice-EXPIRED = Expired { $date }. Ask for a current certificate or call the agency.
verdict-NOT_YET_VALID = Not yet in force
advice-NOT_YET_VALID = Valid from { $date }. Ask for a current certificate.
advice-NOT_YET_VALID-undated = Ask for a current certificate.
verdict-NOT_AUTHORISED = Not currently authorised
advice-NOT_AUTHORISED = Call the agency; you may ask it to send someone with a valid certificate.
verdict-CANCELLED = Certificate cancelled
advice-CANCELLED = No longer usable. The holder may have a new one; ask to see it.
verdict-LOST = Reported lost, no longer valid
advice-LOST = Ask for the replacement. If you found it, hand it to the issuer or call 12345.
verdict-INVALID = No longer valid
advice-INVALID = Details need a connection; scan again online.
verdict-STALE_CODE = Code out of date
advice-STALE_CODE = Ask for a refresh, or scan the card. Screenshots cannot be checked; a wrong phone clock also causes this.
verdict-CHALLENGE_BOUND = { verdict-STALE_CODE }
advice-CHALLENGE_BOUND = { advice-STALE_CODE }
verdict-PRESENTATION_MISSING = { verdict-STALE_CODE }
advice-PRESENTATION_MISSING = { advice-STALE_CODE }
verdict-SIGNATURE_INVALID = Issue could not be confirmed
advice-SIGNATURE_INVALID = It may be damaged, misprinted or altered; do not rely on it. Verify first; do not transfer money to individuals. If threatened, call 110.
verdict-KEY_COMPROMISED = { verdict-SIGNATURE_INVALID }
advice-KEY_COMPROMISED = { advice-SIGNATURE_INVALID }
verdict-UNKNOWN_ISSUER = Cannot be checked here
advice-UNKNOWN_ISSUER = It may come from a ministry, province or system not covered here. Verify with its issuer.
verdict-UNREADABLE = Code not readable
advice-UNREADABLE = Clean and flatten it, avoid glare, rescan, or enter number and name.
verdict-SERVICE_DOWN = Cannot check right now
advice-SERVICE_DOWN = A fault on our side; it says nothing about the certificate. Try later or call 12345.

## Look-up by number

lookup-link = Look up by number and name
lookup-intro = For a code that is worn, cannot be scanned, or is an old one. Number and name must both match the certificate.
lookup-number = Certificate number
lookup-number-hint = As printed on the certificate.
lookup-number-missing = Enter the certificate number.
lookup-name = Holder's full name
lookup-name-hint = In full, as printed; a “·” within it may be typed as “.”.
lookup-name-missing = Enter the holder's full name.
lookup-submit = Look up
lookup-privacy = What you enter is not stored, nor who looked up which certificate.
lookup-again = Look up again

## The certificate

card-heading = The certificate
photo-question = Is this the person?
photo-alt = Photo of the holder
photo-missing = No photo can be shown here. Compare the photo printed on the certificate.
printed-code = A printed code can be copied: compare the photo.
by-number = Found by number and name; the code on the certificate was not checked.
phone-code = Shown live at { $time }
phone-code-seen = This code was already opened within the last two minutes. Reloading the page or another person's scan does that too: compare the photo.
label-name = Name
label-unit = Agency
label-succession = Agency change
succession-RENAME = Renamed on { $date }:{" "}
succession-MERGE = Merged on { $date } into{" "}
succession-SPLIT = Moved on { $date } to{" "}
succession-ABOLISH = Abolished on { $date }, succeeded by{" "}
succession-ABOLISH-ended = Abolished on { $date }
label-number = Number
label-kind = Kind
label-category = Category
label-fields = Field
label-area = Area
label-validity = Validity
label-issuer = Issued by
kind-ENFORCEMENT = Administrative enforcement certificate
kind-SUPERVISION = Administrative enforcement supervision certificate
validity = { $from } to { $until }
name-was-cut = The name is too long for the code, which holds its beginning: go by the name printed on the certificate.

## This showing

showing-heading = This showing
label-showing-kind = Act
label-task = Matter
label-notice = Notice
label-second = Second officer
label-alone = Why alone
showing-kind-INSPECTION = Inspection
showing-kind-PENALTY = Penalty
showing-kind-OTHER = Other enforcement act
showing-record = Your record of this showing
showing-record-hint = Write it down or keep a screenshot; you can look it up by this code later. Only that this showing was scanned is kept, not when and not by whom.
record-link = Look up a record
record-title = Record of a showing
record-intro = Look up the record that the page showed when you scanned: who showed which certificate, of which unit, and whether it was in force then.
record-code = Code of the record
record-code-hint = Sixteen digits and letters, such as 7K3M-…; hyphens may be left out.
record-missing = Enter the code of the record.
record-unknown = No record has this code. Check it again; it may also be kept no longer.
record-submit = Look up
record-privacy = What you enter is not stored, nor who looked up which showing.
record-said = { $time }: an officer showed you a certificate.
record-verdict = Verdict then: { $verdict }.
record-then = This is how things stood then; it does not say how the certificate stands now.

## After the verdict

answer-heading = About this answer
checked = Checked { $time }.
status-only = This page shows the certificate's status only.
two-officers = Normally at least two officers attend, unless the law provides otherwise.
complaints = Questions or complaints: 12345 or { $phone }.
complaints-hotline = Questions or complaints: 12345.
call-hotline = Call 12345
call-supervision = Complaints { $phone }
call-police = Police 110

## Help

help-title = What to do at an inspection
help-intro = A plain summary for orientation; the text of the law decides.
help-show = Ask to see the certificate
help-show-1 = Officers who investigate or inspect must show their enforcement certificate unasked, and you may ask for it. If they do not show it, you may refuse the investigation or inspection (Administrative Penalty Law, Article 55).
help-show-2 = Penalties are imposed by qualified officers, and there must be at least two, unless the law provides otherwise, as where it lets a single police officer decide on the spot (Article 42).
help-show-3 = For an inspection of a business there should normally also be an inspection notice that names its purpose and the agency; emergencies are excepted.
help-show-4 = Once a certificate has been duly shown, answer truthfully, cooperate and do not obstruct.
help-who = Who may not inspect
help-who-1 = Auxiliaries, community grid workers and temporary staff are not qualified: they may neither inspect nor impose a penalty.
help-who-2 = A uniform, a badge or a work pass does not replace an enforcement certificate.
help-fine = Fines on the spot
help-fine-1 = A fine may be collected on the spot only in the few cases the law names.
help-fine-2 = You must then be given the special receipt issued by the national or provincial finance department. Without it you may refuse to pay (Administrative Penalty Law, Article 70).
help-fine-3 = Never transfer a fine to a personal account or pay it by an individual's payment code.
help-result = Reading the answer
help-result-1 = “Certificate in force” speaks of the certificate only. The check is complete when the photo on the page is the person in front of you.
help-result-2 = A printed code can be copied, and a screenshot cannot be checked. In doubt, ask for the card itself.
help-result-3 = Certificates issued by national ministries or other provinces may not be found here. That does not mean something is wrong: ask their issuer.
help-fake = Telling a false page
help-fake-1 = The only official address is { $domain }. After scanning, compare it letter by letter.
help-fake-2 = The check is free and needs no sign-in. It never asks for an ID number, bank card, password or verification code, nor to install anything.
help-fake-3 = In doubt, close the page and type the address yourself, or call 12345.
help-complain = Questions and complaints
help-complain-1 = Call the government service hotline 12345; if you can, give the time, place, agency and certificate number.
help-complain-2 = You may also call the complaint number on the answer page, or tell the local justice department.
help-complain-3 = Against a penalty decision you may apply for reconsideration or go to court; the decision names how and by when.
help-complain-4 = If you are threatened or asked for money, call 110.

## Errors

problem-NOT_FOUND = No such page
problem-advice-NOT_FOUND = Check the address, or scan the code on the certificate again.
problem-NO_MATCH = No matching certificate
problem-advice-NO_MATCH = Number and name must both match: compare them with the certificate, character by character. Those issued by ministries or other provinces may not be found here, which does not mean something is wrong: ask their issuer, or call 12345.
problem-FORM_UNREADABLE = What you entered could not be read
problem-advice-FORM_UNREADABLE = Go back to the look-up and fill it in again. It says nothing about the certificate; if urgent, call 12345.
problem-TOO_MANY_REQUESTS = Too many requests
problem-advice-TOO_MANY_REQUESTS = Try again later. It says nothing about the certificate; if urgent, call 12345.

## Evaluations and complaints

feedback-link = Evaluate or complain online
feedback-link-no-card = Complain online (without a scan, too)
feedback-title = Evaluate or complain
feedback-privacy = No sign-in; anonymous by default. Neither who scanned nor when is stored, nor the time of sending, network address or device: of a complaint the day is kept, of an evaluation the month.
feedback-about = About this certificate
feedback-no-card = You can complain without a scan: name the unit or the officer. Coming here by the code on a certificate names it for you, and you can evaluate too.
feedback-evaluate = Evaluate
feedback-evaluate-intro = The agency sees numbers made of five evaluations or more; it neither sees nor can find out who evaluated.
feedback-satisfied = Were you satisfied with this check?
feedback-content = Satisfied
feedback-discontent = Not satisfied
feedback-shown = Did the officers show their certificates unasked?
feedback-two_officers = Were at least two officers there?
feedback-polite = Were they polite?
feedback-fees_asked = Did they ask for payment to a person, or for goods?
feedback-yes = Yes
feedback-no = No
feedback-unknown = Not sure
feedback-evaluate-submit = Send evaluation
feedback-complain = Complain
feedback-complain-intro = The justice department handles it; it is not passed on to the agency complained of, which sees nothing of what you write and cannot find out who you are. A justice department itself is the exception: without a scan, choose the place of the department above it (“Not sure” where that is the province's), or call 12345; about the province's own, call 12345.
feedback-unit = Unit or officer
feedback-unit-hint = Name of the unit or officer, or certificate number: whatever you know.
feedback-place = Where it was
feedback-place-unknown = Not sure
feedback-category = What it is about
feedback-choose = Choose
feedback-category-NOT_SHOWN = No certificate shown unasked
feedback-category-SINGLE_OFFICER = Fewer than two officers
feedback-category-CONDUCT = Rude or uncivil behaviour
feedback-category-FEES_ASKED = Improper charges, money or goods asked for
feedback-category-BEYOND_POWERS = Beyond their powers
feedback-category-PROCEDURE = Another breach of procedure
feedback-category-OTHER = Something else
feedback-text = What happened
feedback-text-hint = When, where and how; 2,000 characters at most. Leave out personal data that do not matter here.
feedback-contact = How to reach you (optional)
feedback-contact-hint = Left empty, you stay anonymous and follow the case by the receipt number. If given, only the justice department that handles it sees it, each reading is logged, and it is erased afterwards.
feedback-complain-submit = Send complaint
feedback-notice-WRONG = Not sent yet: correct what is marked below.
feedback-notice-ENDED = Not sent: the page was open too long. Scan again, or name the unit or officer below and send; what you typed is still there.
feedback-notice-TOO_MANY = Not sent: too many in a short time. Try again later; what you typed is still there.
feedback-notice-DOWN = Not sent: a fault on our side. Try again later; what you typed is still there. If urgent, call 12345.
feedback-missing-satisfied = Choose whether you were satisfied.
feedback-missing-category = Choose what it is about.
feedback-missing-unit = Name the unit or the officer.
feedback-missing-text = Say what happened.
feedback-too-long = Too long: { $most } characters at most.
feedback-control = There are characters that cannot be shown. Delete them and send again.
receipt-title = Received
receipt-again = It had been received before and was not entered twice; what was sent first counts.
receipt-keep = Write the number down or keep a screenshot: by it you can follow what becomes of it. It is not shown again and cannot be recovered.
receipt-evaluation = Once there are five, they are made into numbers together and shown to the agency.
state-link = Follow a case by its receipt number
state-intro = The receipt number was shown when you had sent it. There is no sign-in here, and who asked for what is not recorded.
state-number = Receipt number
state-number-hint = 16 digits; spaces do not matter.
state-number-missing = Enter the receipt number.
state-number-mistyped = The number is not right: it has 16 digits. Compare digit by digit.
state-submit = Look
state-NONE = Nothing found
state-none-note = Compare the receipt number digit by digit. A year after they were released evaluations are no longer kept and are not found either.
state-WAITING = Evaluation received
state-waiting-note = Once there are five, they are made into numbers together and shown to the agency.
state-RELEASED = Evaluation released
state-released-note = Yours was made into numbers together with others; what it said is deleted.
state-RECEIVED = Received; to be decided whether it is taken up
state-ACCEPTED = Taken up; being handled
state-NOT_ACCEPTED = Not taken up
state-UPHELD = Complaint upheld
state-NOT_UPHELD = Complaint not upheld
state-received-on = Received
state-desk = Office
state-due-on = Due
state-provisional = { $date } (may move when the holidays of the next year are published)
state-overdue = The deadline has passed. You can call 12345.
state-extended = Why extended
state-ended-on = Ended
state-reasons = Reasons
state-channel = Where to turn
