//! How the acts on organisations are refused.

use std::sync::LazyLock;

use crate::platform::failure::{Refusal, codes};
use crate::platform::texts::{Catalogue, Locale};

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("organisations.zh-CN.ftl"), include_str!("organisations.en.ftl"))
});

codes! {
    /// Why an act was refused.
    OrganisationCode {
        /// No such agency in the actor's part of the tree.
        AgencyNotFound = "AGENCY_NOT_FOUND" on "id",
        /// Where it is to be, the actor has no say.
        OutsideScope = "OUTSIDE_SCOPE",
        /// Too short, too long or with control characters.
        AgencyNameInvalid = "AGENCY_NAME_INVALID" on "name",
        /// An agency that exists is called so.
        AgencyNameTaken = "AGENCY_NAME_TAKEN" on "name",
        /// More short and former names than are kept.
        TooManyAliases = "TOO_MANY_ALIASES" on "aliases",
        /// Not 18 characters with a right check character.
        UsccInvalid = "USCC_INVALID" on "uscc",
        /// Another agency has the code.
        UsccTaken = "USCC_TAKEN" on "uscc",
        /// No such division.
        DivisionNotFound = "DIVISION_NOT_FOUND" on "divisionCode",
        /// A division whose code does not fit its level, or without a name.
        DivisionInvalid = "DIVISION_INVALID" on "code",
        /// A division that does not lie under the one given as its parent.
        DivisionParentInvalid = "DIVISION_PARENT_INVALID" on "parentCode",
        /// A field that is not in the dictionary, or stands twice.
        FieldNotFound = "FIELD_NOT_FOUND" on "fieldCodes",
        /// A field without a code or a name.
        FieldInvalid = "FIELD_INVALID" on "code",
        /// The superior is unknown or abolished.
        SuperiorNotFound = "SUPERIOR_NOT_FOUND" on "superiorId",
        /// The line of superiors comes back to where it began.
        SuperiorCircle = "SUPERIOR_CIRCLE" on "superiorId",
        /// A justice department that is not an organ.
        JusticeDepartmentIsOrgan = "JUSTICE_DEPARTMENT_IS_ORGAN" on "isJustice",
        /// The division has a justice department.
        JusticeDepartmentTaken = "JUSTICE_DEPARTMENT_TAKEN" on "isJustice",
        /// A justice department or issuing authority below the county.
        CountyLevelRequired = "COUNTY_LEVEL_REQUIRED" on "divisionCode",
        /// An entrusted organisation as issuing authority.
        EntrustedMayNotIssue = "ENTRUSTED_MAY_NOT_ISSUE" on "issuesCertificates",
        /// The entrusting organ is missing, abolished, or no organ itself.
        EntrustingOrganInvalid = "ENTRUSTING_ORGAN_INVALID" on "entrustedById",
        /// An entrusted organisation without its letter.
        EntrustmentLetterMissing = "ENTRUSTMENT_LETTER_MISSING" on "entrustmentLetter",
        /// An entrustment for an agency that acts in its own name.
        EntrustmentNotExpected = "ENTRUSTMENT_NOT_EXPECTED" on "entrustedById",
        /// A phone number the public could not dial.
        ComplaintPhoneInvalid = "COMPLAINT_PHONE_INVALID" on "complaintPhone",
        /// A confirmed qualification without its day, or a day without one.
        QualificationDayMismatch = "QUALIFICATION_DAY_MISMATCH" on "qualificationConfirmedOn",
        /// It no longer exists.
        AgencyAbolished = "AGENCY_ABOLISHED" on "id",
    }
}

/// A refusal, with what it is about: a name or code as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganisationRefusal {
    /// Why.
    pub code: OrganisationCode,
    /// What it is about, at most 60 characters.
    pub about: String,
}

impl OrganisationRefusal {
    /// A refusal about something.
    pub fn new(code: OrganisationCode, about: &str) -> Self {
        Self { code, about: about.chars().filter(|c| !c.is_control()).take(60).collect() }
    }
}

impl Refusal for OrganisationRefusal {
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
        for &code in OrganisationCode::ALL {
            for locale in Locale::ALL {
                let text = TEXTS.try_text(locale, code.word(), &[("about", "兰州市司法局")]);
                assert!(text.is_some_and(|t| t.len() > 8), "{code:?} {locale:?}");
            }
        }
    }

    #[test]
    fn what_a_refusal_repeats_is_short() {
        let refusal = OrganisationRefusal::new(OrganisationCode::UsccInvalid, &"长\n".repeat(99));
        assert_eq!(refusal.about, "长".repeat(60));
    }
}
