//! Why certification refuses, with stable codes and texts.

use entities::enums::{ApplicationState, CertificateState, ExistingState, QualificationState};

use super::TEXTS;
use super::rules::applications::Conflict;
use super::rules::checklist::Unmet;
use super::rules::oddities::Oddity;
use crate::officers::existing::Exception;
use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;

/// Why an act of certification is refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificationRefusal {
    /// No such person, qualification, application or certificate, or outside the scope.
    NotFound,
    /// Nobody acts on their own record.
    OwnRecord,
    /// Whoever took an earlier step does not take this one.
    SeparationOfDuties,
    /// The act is a person's; the system itself cannot do it.
    PersonRequired,
    /// It is not in a state that allows the act.
    StateNotAllowed {
        /// The word of the state it is in.
        state: String,
    },
    /// What is asked for is not met.
    Checklist(Vec<Unmet>),
    /// Something is odd about the claim, which forbids its confirmation or was not weighed.
    Exceptions(Vec<Exception>),
    /// It is odd, and that was not acknowledged.
    Odd(Vec<Oddity>),
    /// The ground does not go with the act.
    GroundNotApplicable,
    /// Retraining is owed: the suspension is not lifted before.
    RetrainingOwed,
    /// No retraining is owed.
    NoRetrainingOwed,
    /// The days of the suspension are none or more than the cap.
    SuspensionDays {
        /// The cap.
        cap: u32,
    },
    /// A suspension is extended once only.
    ExtendedAlready,
    /// The days of the extension are none or more than the cap leaves.
    ExtensionDays {
        /// Days it leaves.
        left: u32,
    },
    /// Reasons must be given.
    ReasonsRequired,
    /// Reasons or a note are longer than allowed.
    TextTooLong {
        /// Characters allowed.
        most: usize,
    },
    /// Reasons or a note have control characters.
    TextInvalid,
    /// Nothing was named.
    NothingSelected,
    /// Too many were named at once.
    TooMany {
        /// Most at once.
        most: usize,
    },
    /// Someone else changed it at the same time.
    ChangedMeanwhile,
}

impl CertificationRefusal {
    /// Not in a state that allows the act.
    pub(super) fn certificate(state: CertificateState) -> Self {
        Self::StateNotAllowed { state: state.code() }
    }

    /// Not in a state that allows the act.
    pub(super) fn application(state: ApplicationState) -> Self {
        Self::StateNotAllowed { state: state.code() }
    }

    /// Not in a state that allows the act.
    pub(super) fn existing(state: ExistingState) -> Self {
        Self::StateNotAllowed { state: state.code() }
    }

    /// Not in a state that allows the act.
    pub(super) fn qualification(state: QualificationState) -> Self {
        Self::StateNotAllowed { state: state.code() }
    }
}

impl From<Conflict> for CertificationRefusal {
    fn from(conflict: Conflict) -> Self {
        match conflict {
            Conflict::OwnRecord => Self::OwnRecord,
            Conflict::SameDuty => Self::SeparationOfDuties,
        }
    }
}

impl Refusal for CertificationRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "NOT_FOUND",
            Self::OwnRecord => "OWN_RECORD",
            Self::SeparationOfDuties => "SEPARATION_OF_DUTIES",
            Self::PersonRequired => "PERSON_REQUIRED",
            Self::StateNotAllowed { .. } => "STATE_NOT_ALLOWED",
            Self::Checklist(_) => "CHECKLIST_UNMET",
            Self::Exceptions(_) => "EXISTING_EXCEPTIONS",
            Self::Odd(_) => "ODDITY_NOT_ACKNOWLEDGED",
            Self::GroundNotApplicable => "GROUND_NOT_APPLICABLE",
            Self::RetrainingOwed => "RETRAINING_OWED",
            Self::NoRetrainingOwed => "NO_RETRAINING_OWED",
            Self::SuspensionDays { .. } => "SUSPENSION_DAYS",
            Self::ExtendedAlready => "SUSPENSION_EXTENDED_ALREADY",
            Self::ExtensionDays { .. } => "EXTENSION_DAYS",
            Self::ReasonsRequired => "REASONS_REQUIRED",
            Self::TextTooLong { .. } => "TEXT_TOO_LONG",
            Self::TextInvalid => "TEXT_INVALID",
            Self::NothingSelected => "NOTHING_SELECTED",
            Self::TooMany { .. } => "TOO_MANY",
            Self::ChangedMeanwhile => "CHANGED_MEANWHILE",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::GroundNotApplicable => Some("ground"),
            Self::SuspensionDays { .. } | Self::ExtensionDays { .. } => Some("days"),
            Self::ReasonsRequired | Self::TextTooLong { .. } | Self::TextInvalid => Some("reasons"),
            Self::NothingSelected | Self::TooMany { .. } => Some("ids"),
            Self::Odd(_) => Some("acknowledged"),
            _ => None,
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::StateNotAllowed { state } => vec![("state", state.clone())],
            Self::SuspensionDays { cap } => vec![("cap", cap.to_string())],
            Self::ExtensionDays { left } => vec![("left", left.to_string())],
            Self::TextTooLong { most } | Self::TooMany { most } => {
                vec![("most", most.to_string())]
            }
            _ => Vec::new(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let head = text(locale, self.code(), &self.args());
        let listed = |items: Vec<String>| {
            let between = if locale == Locale::ZhCn { "" } else { " " };
            format!("{head}{between}{}", items.join(between))
        };
        match self {
            Self::Checklist(items) => listed(items.iter().map(|i| i.message(locale)).collect()),
            Self::Odd(items) => listed(items.iter().map(|i| i.message(locale)).collect()),
            Self::Exceptions(items) => listed(items.iter().map(|i| i.message(locale)).collect()),
            Self::StateNotAllowed { state } => text(
                locale,
                self.code(),
                &[("state", text(locale, &format!("state-{state}"), &[]))],
            ),
            _ => head,
        }
    }
}

impl Unmet {
    /// Its text.
    pub fn message(self, locale: Locale) -> String {
        text(locale, self.code(), &self.args())
    }
}

impl Oddity {
    /// Its text.
    pub fn message(self, locale: Locale) -> String {
        text(locale, &format!("oddity-{}", self.code()), &[])
    }
}

/// The text of an id of this capability's catalogue.
pub(super) fn text(locale: Locale, id: &str, args: &[(&'static str, String)]) -> String {
    let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
    TEXTS.text(locale, id, &args)
}

#[cfg(test)]
mod tests {
    use super::super::rules::grounds::Ground;
    use super::*;
    use chrono::NaiveDate;

    const DAY: NaiveDate = NaiveDate::MIN;

    const UNMET: [Unmet; 28] = [
        Unmet::KindExcluded,
        Unmet::NotOnEstablishment,
        Unmet::NotInPost,
        Unmet::Seconded,
        Unmet::IncompetentRating,
        Unmet::DemeritOrHeavier,
        Unmet::UnderInvestigation,
        Unmet::RecentSanction { until: DAY },
        Unmet::RecentRevocation { until: DAY },
        Unmet::RetrainingOwed,
        Unmet::PublicLawExam,
        Unmet::ProfessionalLawExam,
        Unmet::PublicLawStudy,
        Unmet::ProfessionalLawStudy,
        Unmet::Training { year: 2026, done: 3_594, required: 3_600 },
        Unmet::NotQualified,
        Unmet::PhotoMissing,
        Unmet::AgencyNotConfirmed,
        Unmet::NoIssuingAuthority,
        Unmet::OpenApplication,
        Unmet::CertificateInForce,
        Unmet::CertificateLost,
        Unmet::CertificateSuspended,
        Unmet::AwaitsHandover,
        Unmet::NothingToRenew,
        Unmet::RenewalTooEarly { from: DAY },
        Unmet::NothingToReplace,
        Unmet::Moved,
    ];

    fn refusals() -> Vec<CertificationRefusal> {
        vec![
            CertificationRefusal::NotFound,
            CertificationRefusal::OwnRecord,
            CertificationRefusal::SeparationOfDuties,
            CertificationRefusal::PersonRequired,
            CertificationRefusal::Odd(vec![Oddity::OverAge]),
            CertificationRefusal::GroundNotApplicable,
            CertificationRefusal::RetrainingOwed,
            CertificationRefusal::NoRetrainingOwed,
            CertificationRefusal::SuspensionDays { cap: 180 },
            CertificationRefusal::ExtendedAlready,
            CertificationRefusal::ExtensionDays { left: 90 },
            CertificationRefusal::ReasonsRequired,
            CertificationRefusal::TextTooLong { most: 1_000 },
            CertificationRefusal::TextInvalid,
            CertificationRefusal::NothingSelected,
            CertificationRefusal::TooMany { most: 500 },
            CertificationRefusal::ChangedMeanwhile,
            CertificationRefusal::Exceptions(vec![Exception::LongTerm]),
        ]
    }

    fn holds(text: &str, args: &[(&'static str, String)]) -> bool {
        args.iter().all(|(_, value)| text.contains(value.as_str()))
    }

    #[test]
    fn every_code_has_a_text_in_each_language_with_its_arguments() {
        for locale in Locale::ALL {
            for refusal in refusals() {
                let text = refusal.message(locale);
                assert_ne!(text, refusal.code(), "{locale:?}");
                assert!(holds(&text, &refusal.args()), "{locale:?} {text}");
            }
            for unmet in UNMET {
                let text = unmet.message(locale);
                assert_ne!(text, unmet.code(), "{locale:?}");
                assert!(holds(&text, &unmet.args()), "{locale:?} {text}");
            }
            for oddity in Oddity::ALL {
                assert!(!oddity.message(locale).contains("oddity-"), "{oddity:?}");
            }
            for ground in Ground::ALL {
                assert_ne!(ground.label(locale), format!("ground-{}", ground.code()));
            }
        }
    }

    #[test]
    fn every_state_has_a_name_in_each_language() {
        let states = CertificateState::all()
            .map(CertificationRefusal::certificate)
            .chain(ApplicationState::all().map(CertificationRefusal::application))
            .chain(QualificationState::all().map(CertificationRefusal::qualification))
            .chain(ExistingState::all().map(CertificationRefusal::existing));
        for refusal in states {
            for locale in Locale::ALL {
                let text = refusal.message(locale);
                assert!(!text.contains("state-"), "{text}");
                assert_ne!(text, refusal.code());
            }
        }
    }

    #[test]
    fn a_checklist_tells_everything_that_is_unmet() {
        let refusal = CertificationRefusal::Checklist(vec![
            Unmet::PhotoMissing,
            Unmet::Training { year: 2026, done: 3_594, required: 3_600 },
        ]);
        assert_eq!(
            refusal.message(Locale::ZhCn),
            "不符合办理条件：尚未上传照片。2026年培训59.9学时，未达到规定的每年60学时。"
        );
        assert_eq!(
            refusal.message(Locale::En),
            "Not everything required is met: There is no photo. \
             59.9 training hours in 2026, 60 a year are required."
        );
    }
}
