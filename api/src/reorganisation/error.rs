//! How reforms of agencies are refused.

use std::sync::LazyLock;

use chrono::NaiveDate;
use entities::enums::AgencyChangeState;

use crate::organisations::OrganisationRefusal;
use crate::platform::failure::{Failure, Refusal, codes};
use crate::platform::texts::{Catalogue, Locale};

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("reorganisation.zh-CN.ftl"), include_str!("reorganisation.en.ftl"))
});

codes! {
    /// Why a reform was refused.
    Code {
        /// No such reform, or one of its agencies is outside the actor's part of the tree.
        ChangeNotFound = "AGENCY_CHANGE_NOT_FOUND" on "id",
        /// Decided, in effect or taken back already.
        StateNotAllowed = "STATE_NOT_ALLOWED" on "id",
        /// Whoever proposed it does not decide.
        SeparationOfDuties = "SEPARATION_OF_DUTIES",
        /// No document that orders it, or a number that is none.
        DocumentInvalid = "DOCUMENT_INVALID" on "document",
        /// Further back than the policy allows.
        TooEarly = "EFFECTIVE_TOO_EARLY" on "effectiveOn",
        /// Further ahead than the policy allows.
        TooLate = "EFFECTIVE_TOO_LATE" on "effectiveOn",
        /// Before the last reform of one of its agencies.
        OutOfOrder = "REFORM_OUT_OF_ORDER" on "effectiveOn",
        /// Neither an agency that is there nor one to be founded, or both.
        SuccessorChoice = "SUCCESSOR_CHOICE",
        /// No such agency in the actor's part of the tree.
        SuccessorNotFound = "SUCCESSOR_NOT_FOUND",
        /// Who is to take over no longer exists.
        SuccessorAbolished = "SUCCESSOR_ABOLISHED",
        /// An agency would take its own place.
        IntoItself = "INTO_ITSELF",
        /// An agency stands twice.
        NamedTwice = "AGENCY_NAMED_TWICE",
        /// No agency is named, or nothing of a split goes anywhere.
        NothingSelected = "NOTHING_SELECTED",
        /// More agencies, parts or people than one act takes.
        TooMany = "TOO_MANY",
        /// The agency is so already.
        NothingChanges = "NOTHING_CHANGES",
        /// A part of a split to which nobody goes.
        PartEmpty = "PART_EMPTY" on "parts",
        /// Two parts of a split claim the rest.
        TwoRests = "TWO_RESTS" on "parts",
        /// Two parts of a split name one person.
        PersonTwice = "PERSON_NAMED_TWICE" on "parts",
        /// Two parts of a split name one internal unit.
        UnitTwice = "UNIT_NAMED_TWICE" on "parts",
        /// Somebody named is not of the agency that is split.
        PersonElsewhere = "PERSON_NOT_IN_AGENCY" on "parts",
        /// Nobody of the agency that is split belongs to such an internal unit.
        UnitUnknown = "UNIT_NOT_IN_AGENCY" on "parts",
        /// People would be left at an agency that ends.
        HasPeople = "AGENCY_HAS_PEOPLE",
        /// Certificates that have not ended would be left.
        HasCertificates = "AGENCY_HAS_CERTIFICATES",
        /// Applications on their way would be left.
        HasApplications = "AGENCY_HAS_APPLICATIONS",
        /// Other agencies are subordinate to it or entrusted by it.
        HasSubordinates = "AGENCY_HAS_SUBORDINATES",
    }
}

/// A refusal, of a reform itself or of what the register would become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReorganisationRefusal {
    /// Of the reform.
    Reform {
        /// Why.
        code: Code,
        /// What it is about: a name, day, number or state; at most 60 characters.
        about: String,
    },
    /// Of the register of agencies.
    Register(OrganisationRefusal),
}

impl ReorganisationRefusal {
    /// About a name as it stands in the register or was given.
    pub(super) fn about(code: Code, about: &str) -> Self {
        let about = about.chars().filter(|c| !c.is_control()).take(60).collect();
        Self::Reform { code, about }
    }

    /// About nothing in particular.
    pub(super) fn plain(code: Code) -> Self {
        Self::about(code, "")
    }

    /// About a day.
    pub(super) fn day(code: Code, day: NaiveDate) -> Self {
        Self::about(code, &day.to_string())
    }

    /// About a number.
    pub(super) fn most(most: usize) -> Self {
        Self::about(Code::TooMany, &most.to_string())
    }

    /// Not in a state that allows the act.
    pub(super) fn state(state: AgencyChangeState) -> Self {
        Self::about(Code::StateNotAllowed, &state.code())
    }
}

impl From<OrganisationRefusal> for ReorganisationRefusal {
    fn from(refusal: OrganisationRefusal) -> Self {
        Self::Register(refusal)
    }
}

/// What the register's use-cases answer, as a refusal of the reform.
pub(super) fn of_register(failure: Failure<OrganisationRefusal>) -> Failure<ReorganisationRefusal> {
    match failure {
        Failure::Refused(refusal) => Failure::Refused(refusal.into()),
        Failure::Fault(fault) => Failure::Fault(fault),
    }
}

impl Refusal for ReorganisationRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::Reform { code, .. } => code.word(),
            Self::Register(refusal) => refusal.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Reform { code, .. } => code.field(),
            Self::Register(refusal) => refusal.field(),
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Reform { about, .. } => vec![("about", about.clone())],
            Self::Register(refusal) => refusal.args(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        match self {
            Self::Reform { code: Code::StateNotAllowed, about } => {
                let state = TEXTS.text(locale, &format!("state-{about}"), &[]);
                TEXTS.text(locale, Code::StateNotAllowed.word(), &[("about", &state)])
            }
            Self::Reform { code, about } => TEXTS.text(locale, code.word(), &[("about", about)]),
            Self::Register(refusal) => refusal.message(locale),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_state_has_a_text_in_every_language() {
        for locale in Locale::ALL {
            for &code in Code::ALL {
                let text = TEXTS.try_text(locale, code.word(), &[("about", "兰州市司法局")]);
                assert!(text.is_some_and(|t| t.len() > 8), "{code:?} {locale:?}");
            }
            for state in AgencyChangeState::all() {
                let text = ReorganisationRefusal::state(state).message(locale);
                assert!(!text.contains("state-") && text != "STATE_NOT_ALLOWED", "{text}");
            }
        }
    }
}
