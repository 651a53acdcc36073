//! How acts on complaints are refused. A refusal never repeats what a sender wrote.

use super::TEXTS;
use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::Locale;

/// Why an act was refused. Nothing of it was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComplaintRefusal {
    /// No such complaint in the actor's part of the tree.
    NotFound,
    /// No such question to the actor's agency.
    QuestionNotFound,
    /// The state does not allow the act.
    StateNotAllowed {
        /// The present state as its word.
        state: String,
    },
    /// Nobody handles a complaint about themselves.
    OwnRecord,
    /// Whoever proposed an outcome does not decide on it.
    SeparationOfDuties,
    /// Only a signed-in person may do this.
    PersonRequired,
    /// Reasons, a question or an answer are asked for.
    ReasonsRequired,
    /// They have characters that cannot be seen.
    ReasonInvalid,
    /// They are too long.
    TextTooLong {
        /// Most characters.
        most: usize,
    },
    /// It was extended already.
    ExtendedAlready,
    /// A question repeats what the sender wrote.
    QuestionRepeats,
    /// It was answered already.
    AnsweredAlready,
    /// No such agency, or it has ended.
    AgencyNotFound,
    /// No such officer of that agency.
    OfficerNotFound,
    /// It is not known yet which agency it is about, or that one has ended.
    AgencyUnknown,
    /// The sender left no contact, or it is erased.
    NoContact,
    /// Another department handles it.
    NotHandledHere,
    /// Too many were named or asked.
    TooMany {
        /// The most.
        most: usize,
    },
}

impl Refusal for ComplaintRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "COMPLAINT_NOT_FOUND",
            Self::QuestionNotFound => "COMPLAINT_QUESTION_NOT_FOUND",
            Self::StateNotAllowed { .. } => "STATE_NOT_ALLOWED",
            Self::OwnRecord => "OWN_RECORD",
            Self::SeparationOfDuties => "SEPARATION_OF_DUTIES",
            Self::PersonRequired => "PERSON_REQUIRED",
            Self::ReasonsRequired => "REASONS_REQUIRED",
            Self::ReasonInvalid => "REASON_INVALID",
            Self::TextTooLong { .. } => "TEXT_TOO_LONG",
            Self::ExtendedAlready => "EXTENDED_ALREADY",
            Self::QuestionRepeats => "QUESTION_REPEATS_COMPLAINT",
            Self::AnsweredAlready => "QUESTION_ANSWERED",
            Self::AgencyNotFound => "AGENCY_NOT_FOUND",
            Self::OfficerNotFound => "OFFICER_NOT_FOUND",
            Self::AgencyUnknown => "COMPLAINT_AGENCY_UNKNOWN",
            Self::NoContact => "CONTACT_NOT_GIVEN",
            Self::NotHandledHere => "COMPLAINT_NOT_HANDLED_HERE",
            Self::TooMany { .. } => "TOO_MANY",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotFound | Self::QuestionNotFound | Self::StateNotAllowed { .. } => Some("id"),
            Self::AgencyNotFound => Some("agencyId"),
            Self::OfficerNotFound => Some("officerId"),
            Self::QuestionRepeats => Some("question"),
            _ => None,
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TextTooLong { most } | Self::TooMany { most } => vec![("most", most.to_string())],
            _ => Vec::new(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        if let Self::StateNotAllowed { state } = self {
            let state = TEXTS.text(locale, &format!("state-{state}"), &[]);
            return TEXTS.text(locale, self.code(), &[("state", &state)]);
        }
        let args = self.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        TEXTS.text(locale, self.code(), &args)
    }
}

/// What a use-case of this capability answers.
pub type Result<T> = std::result::Result<T, Failure<ComplaintRefusal>>;

#[cfg(test)]
mod tests {
    use super::*;
    use entities::enums::ComplaintState;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        use ComplaintRefusal as R;
        let mut refusals = vec![
            R::NotFound,
            R::QuestionNotFound,
            R::OwnRecord,
            R::SeparationOfDuties,
            R::PersonRequired,
            R::ReasonsRequired,
            R::ReasonInvalid,
            R::TextTooLong { most: 1000 },
            R::ExtendedAlready,
            R::QuestionRepeats,
            R::AnsweredAlready,
            R::AgencyNotFound,
            R::OfficerNotFound,
            R::AgencyUnknown,
            R::NoContact,
            R::NotHandledHere,
            R::TooMany { most: 500 },
        ];
        refusals.extend(ComplaintState::all().map(|s| R::StateNotAllowed { state: s.code() }));
        for refusal in refusals {
            for locale in Locale::ALL {
                let text = refusal.message(locale);
                assert!(text != refusal.code() && text.len() > 8, "{refusal:?} {locale:?}: {text}");
                assert!(!text.contains("state-"), "{text}");
            }
        }
    }
}
