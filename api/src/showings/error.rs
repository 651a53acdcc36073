//! How showings and joint authorisations are refused.

use std::sync::LazyLock;

use crate::platform::failure::{Refusal, codes};
use crate::platform::texts::{Catalogue, Locale};

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("showings.zh-CN.ftl"), include_str!("showings.en.ftl"))
});

codes! {
    /// Why a showing or a joint authorisation was refused.
    Code {
        /// Only a person shows, proposes or decides.
        PersonRequired = "PERSON_REQUIRED",
        /// The officer has no certificate that is in force today.
        NoCertificate = "NO_CERTIFICATE_IN_FORCE",
        /// The officer's showing before is still open.
        ShowingOpen = "SHOWING_OPEN",
        /// No such showing of this officer, or none that names them.
        ShowingNotFound = "SHOWING_NOT_FOUND" on "id",
        /// The showing is over.
        ShowingOver = "SHOWING_OVER" on "id",
        /// The task in words is missing, too long or has control characters.
        TaskInvalid = "TASK_INVALID" on "task",
        /// The number of the notice is too long or has control characters.
        NoticeInvalid = "NOTICE_NUMBER_INVALID" on "noticeNumber",
        /// No field is named, or too many are.
        FieldsInvalid = "FIELD_COUNT_INVALID" on "fieldCodes",
        /// A field that the dictionary does not have.
        FieldUnknown = "FIELD_UNKNOWN" on "fieldCodes",
        /// A division that the dictionary does not have.
        DivisionUnknown = "DIVISION_UNKNOWN" on "divisionCode",
        /// Shorter or longer than the policy allows.
        MinutesInvalid = "SHOWING_MINUTES_INVALID" on "minutes",
        /// No certificate in force has the number of the second officer: one answer for all that is
        /// wrong with it.
        SecondNotInForce = "SECOND_CERTIFICATE_NOT_IN_FORCE" on "secondCertificateNo",
        /// The second officer is the first.
        SecondIsOneself = "SECOND_OFFICER_IS_ONESELF" on "secondCertificateNo",
        /// Both a second officer and a reason to be alone.
        SecondAndReason = "SECOND_OFFICER_AND_REASON" on "aloneReason",
        /// The policy does not know this reason to be alone.
        ReasonUnknown = "ALONE_REASON_UNKNOWN" on "aloneReason",
        /// No such joint authorisation in the actor's part of the tree.
        AuthorisationNotFound = "JOINT_AUTHORISATION_NOT_FOUND" on "id",
        /// Decided or ended already.
        StateNotAllowed = "STATE_NOT_ALLOWED" on "id",
        /// Whoever proposed it does not decide.
        SeparationOfDuties = "SEPARATION_OF_DUTIES",
        /// It names the person who decides, or that person's agency.
        OwnRecord = "OWN_RECORD",
        /// The number of the document is missing, too long or has control characters.
        DocumentInvalid = "DOCUMENT_INVALID" on "document",
        /// A refusal without reasons, or reasons that are too long.
        ReasonsInvalid = "REASONS_INVALID" on "reasons",
        /// The authority is neither a justice department nor an issuing authority, has ended, or does
        /// not exist.
        AuthorityInvalid = "AUTHORITY_INVALID" on "authorityId",
        /// Nobody of one's own part is named, nobody at all, or too many are.
        PartiesInvalid = "PARTIES_INVALID",
        /// An agency or officer that does not exist or is not below the authority.
        PartyNotBelow = "PARTY_NOT_BELOW_AUTHORITY",
        /// A division that is not within the authority's.
        DivisionNotBelow = "DIVISION_NOT_BELOW_AUTHORITY" on "divisionCodes",
        /// It ends before it begins or today, or lasts longer than the policy allows.
        PeriodInvalid = "AUTHORISATION_PERIOD_INVALID" on "until",
    }
}

/// A refusal, with what it is about: a number, a code; nothing personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShowingRefusal {
    /// Why.
    pub code: Code,
    about: String,
}

impl ShowingRefusal {
    /// About something.
    pub(super) fn about(code: Code, about: impl std::fmt::Display) -> Self {
        Self {
            code,
            about: about.to_string().chars().filter(|c| !c.is_control()).take(60).collect(),
        }
    }
}

impl From<Code> for ShowingRefusal {
    fn from(code: Code) -> Self {
        Self { code, about: String::new() }
    }
}

impl Refusal for ShowingRefusal {
    fn code(&self) -> &'static str {
        self.code.word()
    }

    fn field(&self) -> Option<&'static str> {
        self.code.field()
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        vec![("about", self.about.clone())]
    }

    fn message(&self, locale: Locale) -> String {
        TEXTS.text(locale, self.code.word(), &[("about", &self.about)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_text_in_every_language() {
        for locale in Locale::ALL {
            for &code in Code::ALL {
                let text = TEXTS.try_text(locale, code.word(), &[("about", "240")]);
                assert!(text.is_some_and(|t| t.len() > 8), "{code:?} {locale:?}");
            }
        }
    }
}
