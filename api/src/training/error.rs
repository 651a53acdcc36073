//! How acts of the training desk, and rows of its workbooks, are refused. A refusal never repeats a
//! personal value.

use chrono::NaiveDate;

use super::TEXTS;
use crate::imports::reader::FileError;
use crate::officers::OfficerRefusal;
use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::Locale;

/// Why an act was refused, or a row cannot be applied. Nothing of it was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TrainingRefusal {
    /// No such session in the actor's part of the tree.
    SessionNotFound,
    /// No such sitting in the actor's part of the tree.
    SittingNotFound,
    /// No such workbook of this account.
    UploadNotFound,
    /// It was applied already.
    UploadNotStaged,
    /// Its rows are no longer kept.
    RowsRemoved,
    /// Nothing of the file can be taken.
    File(FileError),
    /// Mendings wait to be confirmed.
    ConfirmationNeeded {
        /// How many.
        count: usize,
    },
    /// The whole was to be applied, and rows cannot be.
    RowsFailed {
        /// How many.
        count: usize,
    },
    /// The organiser does not exist or lies outside.
    OrganiserNotFound,
    /// No such enforcement field.
    FieldNotFound,
    /// Not 1–100 characters.
    TextInvalid {
        /// Which, in camelCase.
        field: &'static str,
    },
    /// The last day is before the first, or the days lie far away.
    DatesInvalid,
    /// The days lie in two calendar years, and hours are asked for by the year.
    TwoYears,
    /// Not 1 minute to 999 hours.
    LengthInvalid,
    /// The state does not allow the act.
    StateNotAllowed {
        /// The present state as its word.
        state: String,
    },
    /// It is too early for the act.
    NotYet {
        /// First day on which it may be done.
        from: NaiveDate,
    },
    /// A reason is asked for.
    ReasonMissing,
    /// A reason with control characters.
    ReasonInvalid,
    /// A text that is too long.
    TextTooLong {
        /// Most characters.
        most: usize,
    },
    /// No record was named.
    NothingSelected,
    /// Too many records were named.
    TooMany {
        /// The most.
        most: usize,
    },
    /// Only a signed-in person may do this.
    PersonRequired,
    /// Whoever entered a result neither confirms nor corrects it.
    SeparationOfDuties,
    /// Candidates have no outcome yet.
    OutcomesMissing {
        /// How many.
        count: usize,
    },
    /// Candidates have a later result by now.
    OutcomesOutOfOrder {
        /// How many.
        count: usize,
    },
    /// A sitting holds no more candidates.
    SittingFull {
        /// The most.
        most: usize,
    },

    /// No such person in the actor's part of the tree.
    PersonNotFound,
    /// Nobody acts on their own record.
    OwnRecord,
    /// The name is another than that of the ID number.
    NameDiffers,
    /// The agency is another than that of the register; a warning only.
    AgencyDiffers,
    /// More than the session's length.
    MinutesBeyondSession {
        /// The length as hours.
        hours: String,
    },
    /// Not an officer: no qualification, so no exam.
    CandidateKindExcluded,
    /// Not in post.
    CandidateNotInPost,
    /// Not of the field of the sitting.
    CandidateFieldDiffers,
    /// Passed already.
    PassedAlready,
    /// Owes off-post study first.
    StudyOwed,
    /// A resit, and this sitting takes none.
    ResitNotAllowed,
    /// A result of the same day or a later one is known.
    ExamOutOfOrder,
    /// Registered for another sitting of the subject that is not over.
    RegisteredElsewhere,
    /// Not a candidate of this sitting.
    NotRegistered,
    /// Has an outcome already, so that the registration stays.
    OutcomeEntered,
    /// A score is missing, superfluous or not 0–100 points.
    ScoreInvalid,
    /// The register of people refuses.
    Register(OfficerRefusal),
}

impl Refusal for TrainingRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::SessionNotFound => "TRAINING_SESSION_NOT_FOUND",
            Self::SittingNotFound => "EXAM_SITTING_NOT_FOUND",
            Self::UploadNotFound => "TRAINING_UPLOAD_NOT_FOUND",
            Self::UploadNotStaged => "TRAINING_UPLOAD_NOT_STAGED",
            Self::RowsRemoved => "TRAINING_ROWS_REMOVED",
            Self::File(error) => error.code.code(),
            Self::ConfirmationNeeded { .. } => "TRAINING_CONFIRMATION_NEEDED",
            Self::RowsFailed { .. } => "TRAINING_ROWS_FAILED",
            Self::OrganiserNotFound => "AGENCY_NOT_FOUND",
            Self::FieldNotFound => "FIELD_NOT_FOUND",
            Self::TextInvalid { .. } => "TEXT_INVALID",
            Self::DatesInvalid => "DATES_INVALID",
            Self::TwoYears => "TRAINING_IN_TWO_YEARS",
            Self::LengthInvalid => "TRAINING_LENGTH_INVALID",
            Self::StateNotAllowed { .. } => "STATE_NOT_ALLOWED",
            Self::NotYet { .. } => "NOT_YET",
            Self::ReasonMissing => "REASONS_REQUIRED",
            Self::ReasonInvalid => "REASON_INVALID",
            Self::TextTooLong { .. } => "TEXT_TOO_LONG",
            Self::NothingSelected => "NOTHING_SELECTED",
            Self::TooMany { .. } => "TOO_MANY",
            Self::PersonRequired => "PERSON_REQUIRED",
            Self::SeparationOfDuties => "SEPARATION_OF_DUTIES",
            Self::OutcomesMissing { .. } => "EXAM_OUTCOMES_MISSING",
            Self::OutcomesOutOfOrder { .. } => "EXAM_OUTCOMES_OUT_OF_ORDER",
            Self::SittingFull { .. } => "EXAM_SITTING_FULL",
            Self::PersonNotFound => "PERSON_NOT_FOUND",
            Self::OwnRecord => "OWN_RECORD",
            Self::NameDiffers => "NAME_DIFFERS",
            Self::AgencyDiffers => "AGENCY_DIFFERS",
            Self::MinutesBeyondSession { .. } => "HOURS_BEYOND_SESSION",
            Self::CandidateKindExcluded => "CANDIDATE_KIND_EXCLUDED",
            Self::CandidateNotInPost => "CANDIDATE_NOT_IN_POST",
            Self::CandidateFieldDiffers => "CANDIDATE_FIELD_DIFFERS",
            Self::PassedAlready => "EXAM_PASSED_ALREADY",
            Self::StudyOwed => "EXAM_STUDY_OWED",
            Self::ResitNotAllowed => "EXAM_RESIT_NOT_ALLOWED",
            Self::ExamOutOfOrder => "EXAM_OUT_OF_ORDER",
            Self::RegisteredElsewhere => "CANDIDATE_REGISTERED_ELSEWHERE",
            Self::NotRegistered => "CANDIDATE_NOT_REGISTERED",
            Self::OutcomeEntered => "EXAM_OUTCOME_ENTERED",
            Self::ScoreInvalid => "SCORE_INVALID",
            Self::Register(refusal) => refusal.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::SessionNotFound
            | Self::SittingNotFound
            | Self::UploadNotFound
            | Self::RowsRemoved => Some("id"),
            Self::File(_) => Some("file"),
            Self::ConfirmationNeeded { .. } => Some("confirm"),
            Self::OrganiserNotFound => Some("organiserId"),
            Self::FieldNotFound => Some("fieldCode"),
            Self::TextInvalid { field } => Some(field),
            Self::DatesInvalid | Self::TwoYears => Some("endsOn"),
            Self::LengthInvalid | Self::MinutesBeyondSession { .. } => Some("minutes"),
            Self::ReasonMissing | Self::ReasonInvalid | Self::TextTooLong { .. } => Some("reason"),
            Self::ScoreInvalid => Some("scoreTenths"),
            Self::Register(refusal) => refusal.field(),
            _ => None,
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::ConfirmationNeeded { count }
            | Self::RowsFailed { count }
            | Self::OutcomesMissing { count }
            | Self::OutcomesOutOfOrder { count } => vec![("count", count.to_string())],
            Self::TextTooLong { most } | Self::TooMany { most } | Self::SittingFull { most } => {
                vec![("most", most.to_string())]
            }
            Self::StateNotAllowed { state } => vec![("state", state.clone())],
            Self::NotYet { from } => vec![("from", from.to_string())],
            Self::MinutesBeyondSession { hours } => vec![("hours", hours.clone())],
            _ => Vec::new(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        match self {
            Self::File(error) => return error.text(locale),
            Self::Register(refusal) => return refusal.message(locale),
            _ => {}
        }
        let args = self.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        TEXTS.text(locale, self.code(), &args)
    }
}

/// What a use-case of this capability answers.
pub type Result<T> = std::result::Result<T, Failure<TrainingRefusal>>;

/// The register's refusal as one of this capability.
pub(super) fn of_register(failure: Failure<OfficerRefusal>) -> Failure<TrainingRefusal> {
    match failure {
        Failure::Refused(refusal) => Failure::Refused(TrainingRefusal::Register(refusal)),
        Failure::Fault(fault) => Failure::Fault(fault),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        use TrainingRefusal as R;
        let (count, most) = (3, 500);
        for refusal in [
            R::SessionNotFound,
            R::SittingNotFound,
            R::UploadNotFound,
            R::UploadNotStaged,
            R::RowsRemoved,
            R::ConfirmationNeeded { count },
            R::RowsFailed { count },
            R::OrganiserNotFound,
            R::FieldNotFound,
            R::TextInvalid { field: "title" },
            R::DatesInvalid,
            R::TwoYears,
            R::LengthInvalid,
            R::StateNotAllowed { state: "CLOSED".into() },
            R::NotYet { from: NaiveDate::MIN },
            R::ReasonMissing,
            R::ReasonInvalid,
            R::TextTooLong { most },
            R::NothingSelected,
            R::TooMany { most },
            R::PersonRequired,
            R::SeparationOfDuties,
            R::OutcomesMissing { count },
            R::OutcomesOutOfOrder { count },
            R::SittingFull { most },
            R::PersonNotFound,
            R::OwnRecord,
            R::NameDiffers,
            R::AgencyDiffers,
            R::MinutesBeyondSession { hours: "8".into() },
            R::CandidateKindExcluded,
            R::CandidateNotInPost,
            R::CandidateFieldDiffers,
            R::PassedAlready,
            R::StudyOwed,
            R::ResitNotAllowed,
            R::ExamOutOfOrder,
            R::RegisteredElsewhere,
            R::NotRegistered,
            R::OutcomeEntered,
            R::ScoreInvalid,
        ] {
            for locale in Locale::ALL {
                let args = refusal.args();
                let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let text = TEXTS.try_text(locale, refusal.code(), &args);
                assert!(text.is_some_and(|t| t.len() > 8), "{refusal:?} {locale:?}");
            }
        }
    }
}
