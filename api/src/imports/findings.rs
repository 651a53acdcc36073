//! What the checks found in a file: one code a kind of finding, its severity and its texts.
//! A message never holds an ID number, a phone number or a word about discipline.

use super::columns::Column;
use crate::officers::error::REGISTER_TEXTS;
use crate::platform::texts::{Catalogue, Locale};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Severity {
    /// The row cannot be applied.
    Error,
    /// Something was mended or assumed: it is shown and a person confirms it.
    Confirm,
    /// Worth knowing; nothing to do.
    Warning,
}

impl Severity {
    /// The word outside.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Confirm => "CONFIRM",
            Self::Warning => "WARNING",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $code:literal $severity:ident [$($arg:literal),*];)*) => {
        /// The kinds of findings.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum FindingCode { $($(#[$doc])* #[serde(rename = $code)] $name,)* }

        impl FindingCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// How much it weighs.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// The names of the arguments its text needs, beside `heading`.
            pub const fn args(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($arg),*],)* }
            }
        }
    };
}

codes! {
    /// A column with data that is never stored.
    ColumnNeverStored "COLUMN_NEVER_STORED" Warning ["title"];
    /// A column nobody knows.
    ColumnUnknown "COLUMN_UNKNOWN" Warning ["title"];
    /// A sheet that is not read: it has no headings of a roster, or 人员 stands beside it.
    SheetNotRead "SHEET_NOT_READ" Warning [];
    /// 备注 is read over.
    RemarksIgnored "REMARKS_IGNORED" Warning [];

    /// A required cell is empty.
    CellRequired "CELL_REQUIRED" Error [];
    /// A cell shows an error such as `#REF!`.
    CellErrorValue "CELL_ERROR_VALUE" Error ["value"];
    /// A cell has more characters than a cell may have.
    CellTooLong "CELL_TOO_LONG" Error ["limit"];
    /// The value of the row above was taken (同上, merged cells).
    ValueFromAbove "VALUE_FROM_ABOVE" Confirm ["read"];
    /// 同上 with nothing above.
    NothingAbove "NOTHING_ABOVE" Error [];
    /// A value was understood in another form than it was written in.
    ValueReadAs "VALUE_READ_AS" Confirm ["value", "read"];
    /// A value outside the list.
    ValueUnknown "VALUE_UNKNOWN" Error ["value", "choices"];
    /// A value that can mean several of the list.
    ValueUnclear "VALUE_UNCLEAR" Error ["value", "choices"];

    /// Not 2–50 characters.
    NameLength "NAME_LENGTH" Error [];
    /// Characters that no name has.
    NameCharacters "NAME_CHARACTERS" Error [];
    /// Another dot stood for `·`.
    NameDotMended "NAME_DOT_MENDED" Confirm ["read"];
    /// (女) or the like was taken off.
    NameSuffixRemoved "NAME_SUFFIX_REMOVED" Confirm ["read"];

    /// Not 18 characters.
    IdLength "ID_LENGTH" Error ["length"];
    /// A number of the first generation.
    IdFifteenDigits "ID_FIFTEEN_DIGITS" Error [];
    /// The spreadsheet kept 15 digits of it only.
    IdPrecisionLost "ID_PRECISION_LOST" Error [];
    /// Other characters than digits and a last X.
    IdCharacters "ID_CHARACTERS" Error [];
    /// Digits 7–14 are no date of birth.
    IdBirthDate "ID_BIRTH_DATE" Error [];
    /// The check digit of GB 11643 is another.
    IdCheckDigit "ID_CHECK_DIGIT" Error [];
    /// Ends in 000, as numbers do that a spreadsheet rounded; but the check digit is right.
    IdTailZeros "ID_TAIL_ZEROS" Confirm [];
    /// A leading apostrophe was taken off.
    IdApostrophe "ID_APOSTROPHE" Confirm [];
    /// The same person stands in an earlier row.
    IdDuplicate "ID_DUPLICATE" Error ["sheet", "row"];
    /// 性别 contradicts the ID number.
    GenderDisagrees "GENDER_DISAGREES" Confirm [];

    /// Not in the register.
    AgencyUnknown "AGENCY_UNKNOWN" Error ["value"];
    /// Several agencies are called so.
    AgencyAmbiguous "AGENCY_AMBIGUOUS" Error ["value"];
    /// A short or former name.
    AgencyOtherName "AGENCY_OTHER_NAME" Confirm ["value", "read"];
    /// The section stood in the name of the agency.
    AgencyWithSection "AGENCY_WITH_SECTION" Confirm ["read", "section"];
    /// The code belongs to another agency.
    AgencyCodeDisagrees "AGENCY_CODE_DISAGREES" Error [];

    /// Not 18 characters.
    UsccLength "USCC_LENGTH" Error ["length"];
    /// A nine-digit organisation code from before 2015.
    UsccOldCode "USCC_OLD_CODE" Error [];
    /// A letter the code never has stands where a digit should, and more is wrong with it.
    UsccLetterForDigit "USCC_LETTER_FOR_DIGIT" Error [];
    /// Letters were read as the digits they stand for: O as 0, I as 1, Z as 2, S as 5.
    UsccLettersMended "USCC_LETTERS_MENDED" Confirm ["read"];
    /// Characters the code never has.
    UsccCharacters "USCC_CHARACTERS" Error [];
    /// The check character of GB 32100 is another.
    UsccCheckCharacter "USCC_CHECK_CHARACTER" Error [];
    /// The spreadsheet kept 15 digits of it only.
    UsccPrecisionLost "USCC_PRECISION_LOST" Error [];

    /// Not in the dictionary.
    FieldUnknown "FIELD_UNKNOWN" Error ["value"];
    /// 综合执法, 全部: which fields?
    FieldUnclear "FIELD_UNCLEAR" Error ["value"];
    /// No division of that code or name.
    DivisionUnknown "DIVISION_UNKNOWN" Error ["value"];

    /// Not a mobile number of 11 digits.
    PhoneInvalid "PHONE_INVALID" Error [];
    /// A landline.
    PhoneLandline "PHONE_LANDLINE" Error [];
    /// More than one number.
    PhoneTwoNumbers "PHONE_TWO_NUMBERS" Error [];
    /// The prefix of the country was taken off.
    PhonePrefixRemoved "PHONE_PREFIX_REMOVED" Confirm [];
    /// Hyphens or brackets were taken out.
    PhoneSignsRemoved "PHONE_SIGNS_REMOVED" Confirm [];

    /// Not a date.
    DateInvalid "DATE_INVALID" Error ["value"];
    /// Two dates in one cell.
    DateRange "DATE_RANGE" Error [];
    /// 长期: every certificate has an end.
    DateLongTerm "DATE_LONG_TERM" Error [];
    /// A date that has not come yet.
    DateInFuture "DATE_IN_FUTURE" Error [];
    /// Ends before it begins.
    DateOrder "DATE_ORDER" Error [];

    /// Not a number.
    NumberInvalid "NUMBER_INVALID" Error ["value"];
    /// Outside of what is possible.
    NumberRange "NUMBER_RANGE" Error ["least", "most"];
    /// More than one decimal.
    NumberPrecision "NUMBER_PRECISION" Error [];
    /// 合格 where a score is asked for.
    ScoreWord "SCORE_WORD" Error [];
    /// 缺考: there is no score.
    ScoreAbsent "SCORE_ABSENT" Error [];
    /// Days where hours are asked for.
    HoursInDays "HOURS_IN_DAYS" Error [];

    /// An exam is missing: the person is entered as a candidate and cannot qualify yet.
    ExamMissing "EXAM_MISSING" Confirm [];
    /// Score without date, or date without score.
    ExamIncomplete "EXAM_INCOMPLETE" Error [];
    /// No photo named: it must be matched by ID number.
    PhotoMissing "PHOTO_MISSING" Confirm [];
    /// Not the name of a jpg or png file.
    PhotoName "PHOTO_NAME" Error [];

    /// 办理中: taken as none.
    PriorNumberPending "PRIOR_NUMBER_PENDING" Confirm [];
    /// Kept as a number by the spreadsheet: zeros in front may be lost.
    PriorNumberAsNumber "PRIOR_NUMBER_AS_NUMBER" Confirm ["read"];
    /// Not a certificate number.
    PriorNumberInvalid "PRIOR_NUMBER_INVALID" Error [];
    /// A holder's row lacks this of the existing certificate.
    PriorIncomplete "PRIOR_INCOMPLETE" Error [];
    /// The issuer is not in the register: the justice department sees it as an exception.
    PriorIssuerUnknown "PRIOR_ISSUER_UNKNOWN" Confirm ["value"];
    /// An earlier row has the same number.
    PriorNumberDuplicate "PRIOR_NUMBER_DUPLICATE" Error ["sheet", "row"];
    /// The number is another's, on a certificate or claimed.
    PriorNumberTaken "PRIOR_NUMBER_TAKEN" Error [];
    /// The number has not the form that the policy says.
    PriorNumberForm "PRIOR_NUMBER_FORM" Error [];
    /// 长期: the justice department sees it as an exception.
    PriorLongTerm "PRIOR_LONG_TERM" Confirm [];
    /// The certificate is on record already: the import changes nothing of it.
    PriorOnRecord "PRIOR_ON_RECORD" Warning [];
    /// The justice department has refused this very claim: it is not entered again.
    PriorRefused "PRIOR_REFUSED" Warning [];
    /// Details of an existing certificate without its number.
    PriorWithoutNumber "PRIOR_WITHOUT_NUMBER" Error [];
    /// A ministry's certificate is filed, and nobody is authorised by it here.
    MinistryFiled "MINISTRY_FILED" Warning [];
    /// Auxiliaries hold no certificate: it is entered as an exception and never confirmed.
    AuxiliaryHolds "AUXILIARY_HOLDS" Confirm [];
    /// Exams of an auxiliary are read over.
    AuxiliaryExams "AUXILIARY_EXAMS" Warning [];

    /// 有 without saying which.
    StandingCodeMissing "STANDING_CODE_MISSING" Error [];
    /// Anything but a code: it was not kept.
    StandingNarrative "STANDING_NARRATIVE" Error [];
    /// A bar that was lifted or has ended stands in the roster again: perhaps it is an old one.
    StandingAgain "STANDING_AGAIN" Confirm [];
    /// 备注 says something that belongs into 在岗状态.
    RemarksHideState "REMARKS_HIDE_STATE" Warning ["value"];

    /// Another agency has this person; which one, is not said.
    TransferRequired "TRANSFER_REQUIRED" Error [];
    /// The register of people does not take the row: nothing of it was entered.
    RowRefused "ROW_REFUSED" Error ["code", "reason"];
}

/// A finding without its place: what a parser of a cell says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What kind.
    pub code: FindingCode,
    /// The arguments of its text.
    pub args: Vec<(&'static str, String)>,
    /// What could be put into the cell instead.
    pub fix: Option<String>,
}

impl Note {
    /// A note without arguments.
    pub const fn new(code: FindingCode) -> Self {
        Self { code, args: Vec::new(), fix: None }
    }

    /// With an argument; long values are cut, a message is no place for a file's content.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        let value: String =
            value.to_string().chars().filter(|c| !c.is_control()).take(60).collect();
        self.args.push((name, value));
        self
    }

    /// With a suggestion.
    #[must_use]
    pub fn fix(mut self, value: impl Into<String>) -> Self {
        self.fix = Some(value.into());
        self
    }

    /// The finding in its place.
    pub fn at(self, sheet: &str, row: Option<u32>, column: Option<Column>) -> Finding {
        Finding {
            severity: self.code.severity(),
            code: self.code,
            sheet: sheet.to_owned(),
            row,
            column,
            args: self.args.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
            fix: self.fix,
        }
    }
}

/// Something found in a file, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// What kind.
    pub code: FindingCode,
    /// The sheet (`CSV` for a file without sheets).
    pub sheet: String,
    /// The row as a spreadsheet numbers it, from 1; `None` where it concerns the sheet.
    pub row: Option<u32>,
    /// The column; `None` where it concerns no column of the roster.
    pub column: Option<Column>,
    /// The arguments of its text.
    pub args: BTreeMap<String, String>,
    /// What could be put into the cell instead.
    pub fix: Option<String>,
}

impl Finding {
    /// The message for a person.
    pub fn text(&self, locale: Locale) -> String {
        let heading = self.column.map_or("", |c| c.spec().heading);
        let mut args: Vec<(&str, &str)> = vec![("heading", heading)];
        args.extend(self.args.iter().map(|(k, v)| (k.as_str(), v.as_str())));
        let refused = self.args.get("code").filter(|_| self.code == FindingCode::RowRefused);
        let reason = refused.and_then(|c| REGISTER_TEXTS.try_text(locale, c, &[("code", "…")]));
        if let Some(reason) = &reason {
            args.push(("reason", reason));
        }
        let mut text = TEXTS.text(locale, self.code.code(), &args);
        if let Some(fix) = &self.fix {
            text.push_str(&TEXTS.text(locale, "fix", &[("fix", fix)]));
        }
        text
    }
}

/// The texts of this capability.
pub(super) static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("imports.zh-CN.ftl"), include_str!("imports.en.ftl"))
});
