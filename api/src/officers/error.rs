//! How the acts on people are refused. A refusal never repeats a personal value.

use std::sync::LazyLock;

use crate::platform::failure::Refusal;
use crate::platform::texts::{Catalogue, Locale};

/// The texts of the register's refusals.
pub static REGISTER_TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("register.zh-CN.ftl"), include_str!("register.en.ftl"))
});

/// Why an act on a person was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OfficerRefusal {
    /// No such person in the actor's part of the tree.
    PersonNotFound,
    /// Not a name.
    NameInvalid,
    /// Not 18 characters with a possible date of birth and a right check character.
    IdNumberInvalid,
    /// The agency has this person already.
    IdNumberTaken,
    /// Another agency has this person; which one, is not said.
    TransferRequired,
    /// The row says that the person left the post or came back: an act, not an import, does that.
    EmploymentActRequired,
    /// The person holds or applies for something that a change of kind would contradict.
    KindInUse,
    /// No such agency in the actor's part of the tree, or it is abolished.
    AgencyNotFound,
    /// No such division.
    AreaNotFound,
    /// A field that is not in the dictionary, or stands twice.
    FieldNotFound {
        /// Its code as it was given, cut.
        code: String,
    },
    /// Not a mobile number.
    PhoneInvalid,
    /// A free text that is too long or has control characters.
    TextInvalid {
        /// Which, in camelCase.
        field: &'static str,
    },
    /// Not 0–100 points.
    ScoreInvalid,
    /// In the future, or long ago.
    ExamDateInvalid,
    /// Not later than the last result of the subject.
    ExamOutOfOrder,
    /// Later results of the subject follow it: it can be changed, but not come or go.
    ResultFollowed,
    /// A year that has not begun, or long ago.
    TrainingYearInvalid,
    /// Not 0–999 hours.
    TrainingMinutesInvalid,
    /// Nobody acts on their own record.
    OwnRecord,
    /// No such standing, or of nobody whom the actor's justice department supervises.
    StandingNotFound,
    /// It begins in the future or long ago.
    StandingFromInvalid,
    /// The kind has no last day of its own, or it is before the first or too far away.
    StandingUntilInvalid,
    /// One of this kind bars the person already.
    StandingKnown,
    /// It was lifted before.
    StandingLifted,
    /// The reason does not lift this kind, or not yet.
    LiftReasonInvalid,
    /// One of this kind was lifted or has ended, and nobody has confirmed that it holds anew.
    StandingAgain,
}

impl OfficerRefusal {
    /// A field code that is none.
    pub fn field_not_found(code: &str) -> Self {
        Self::FieldNotFound { code: code.chars().filter(|c| !c.is_control()).take(40).collect() }
    }
}

impl Refusal for OfficerRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::PersonNotFound => "PERSON_NOT_FOUND",
            Self::NameInvalid => "NAME_INVALID",
            Self::IdNumberInvalid => "ID_NUMBER_INVALID",
            Self::IdNumberTaken => "ID_NUMBER_TAKEN",
            Self::TransferRequired => "TRANSFER_REQUIRED",
            Self::EmploymentActRequired => "EMPLOYMENT_ACT_REQUIRED",
            Self::KindInUse => "PERSON_KIND_IN_USE",
            Self::AgencyNotFound => "AGENCY_NOT_FOUND",
            Self::AreaNotFound => "AREA_NOT_FOUND",
            Self::FieldNotFound { .. } => "FIELD_NOT_FOUND",
            Self::PhoneInvalid => "PHONE_INVALID",
            Self::TextInvalid { .. } => "TEXT_INVALID",
            Self::ScoreInvalid => "SCORE_INVALID",
            Self::ExamDateInvalid => "EXAM_DATE_INVALID",
            Self::ExamOutOfOrder => "EXAM_OUT_OF_ORDER",
            Self::ResultFollowed => "EXAM_RESULT_FOLLOWED",
            Self::TrainingYearInvalid => "TRAINING_YEAR_INVALID",
            Self::TrainingMinutesInvalid => "TRAINING_MINUTES_INVALID",
            Self::OwnRecord => "OWN_RECORD",
            Self::StandingNotFound => "STANDING_NOT_FOUND",
            Self::StandingFromInvalid => "STANDING_FROM_INVALID",
            Self::StandingUntilInvalid => "STANDING_UNTIL_INVALID",
            Self::StandingKnown => "STANDING_KNOWN",
            Self::StandingLifted => "STANDING_LIFTED",
            Self::LiftReasonInvalid => "LIFT_REASON_INVALID",
            Self::StandingAgain => "STANDING_AGAIN",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some(match self {
            Self::PersonNotFound | Self::OwnRecord => "personId",
            Self::NameInvalid => "name",
            Self::IdNumberInvalid | Self::IdNumberTaken | Self::TransferRequired => "idNumber",
            Self::EmploymentActRequired => "duty",
            Self::KindInUse | Self::StandingKnown => "kind",
            Self::AgencyNotFound => "agencyId",
            Self::AreaNotFound => "areaCode",
            Self::FieldNotFound { .. } => "fieldCodes",
            Self::PhoneInvalid => "phone",
            Self::TextInvalid { field } => field,
            Self::ScoreInvalid => "scoreTenths",
            Self::ExamDateInvalid | Self::ExamOutOfOrder => "takenOn",
            Self::ResultFollowed => "outcome",
            Self::TrainingYearInvalid => "year",
            Self::TrainingMinutesInvalid => "minutes",
            Self::StandingNotFound | Self::StandingLifted => "id",
            Self::StandingFromInvalid => "fromOn",
            Self::StandingUntilInvalid => "untilOn",
            Self::LiftReasonInvalid => "reason",
            Self::StandingAgain => "standings",
        })
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::FieldNotFound { code } => vec![("code", code.clone())],
            _ => Vec::new(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let args = self.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        REGISTER_TEXTS.text(locale, self.code(), &args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_text_in_every_language() {
        use OfficerRefusal as R;
        let all = [
            R::PersonNotFound,
            R::NameInvalid,
            R::IdNumberInvalid,
            R::IdNumberTaken,
            R::TransferRequired,
            R::EmploymentActRequired,
            R::KindInUse,
            R::AgencyNotFound,
            R::AreaNotFound,
            R::field_not_found("魔\n法"),
            R::PhoneInvalid,
            R::TextInvalid { field: "position" },
            R::ScoreInvalid,
            R::ExamDateInvalid,
            R::ExamOutOfOrder,
            R::ResultFollowed,
            R::TrainingYearInvalid,
            R::TrainingMinutesInvalid,
            R::OwnRecord,
            R::StandingNotFound,
            R::StandingFromInvalid,
            R::StandingUntilInvalid,
            R::StandingKnown,
            R::StandingLifted,
            R::LiftReasonInvalid,
            R::StandingAgain,
        ];
        for refusal in &all {
            let args = refusal.args();
            let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
            for locale in Locale::ALL {
                let text = REGISTER_TEXTS.try_text(locale, refusal.code(), &args);
                assert!(text.is_some_and(|t| t.len() > 8), "{refusal:?} {locale:?}");
            }
        }
        for locale in Locale::ALL {
            assert!(R::field_not_found("魔\n法").message(locale).contains("魔法"));
        }
    }
}
