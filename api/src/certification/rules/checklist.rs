//! What is asked of a person before each step (domain §2: "to qualify" and "excluded"). A check
//! answers with everything that is unmet, so that it can be mended at once.

use chrono::{Days, Months, NaiveDate};
use entities::enums::{
    ApplicationAct, CertificateState, DutyStatus, Employment, Establishment, ExamSubject,
    PersonKind, StandingKind,
};
use entities::standing;

use super::lifecycle;
use crate::officers::facts::PersonFacts;
use crate::policy::CertificationPolicy;

/// Something asked for that is not so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmet {
    /// Auxiliary or clerical staff: a certificate is impossible.
    KindExcluded,
    /// Not on establishment: contract, temporary, dispatched, manual work.
    NotOnEstablishment,
    /// Not in post.
    NotInPost,
    /// Seconded, in or out.
    Seconded,
    /// Rated incompetent (不称职) in the annual assessment.
    IncompetentRating,
    /// Serving a demerit (记过) or heavier.
    DemeritOrHeavier,
    /// Under investigation.
    UnderInvestigation,
    /// Within the bar after a sanction.
    RecentSanction {
        /// Last day of the bar.
        until: NaiveDate,
    },
    /// Within the bar after a revocation.
    RecentRevocation {
        /// Last day of the bar.
        until: NaiveDate,
    },
    /// Owes off-post training.
    RetrainingOwed,
    /// The public-law exam is not passed yet.
    PublicLawExam,
    /// The professional-law exam is not passed yet.
    ProfessionalLawExam,
    /// The public-law exam and its resit failed: off-post study, then a new cycle.
    PublicLawStudy,
    /// The professional-law exam and its resit failed.
    ProfessionalLawStudy,
    /// Too little training this year.
    Training {
        /// Minutes done.
        done: i64,
        /// Minutes required.
        required: i64,
    },
    /// Not qualified yet.
    NotQualified,
    /// No photo.
    PhotoMissing,
    /// The agency's own qualification is not confirmed, or it is abolished.
    AgencyNotConfirmed,
    /// No authority at county level or above issues for the agency.
    NoIssuingAuthority,
    /// Another application is on its way.
    OpenApplication,
    /// A certificate is in force: renew or replace it instead.
    CertificateInForce,
    /// The certificate is lost: apply for its replacement.
    CertificateLost,
    /// The certificate is suspended: that is decided first.
    CertificateSuspended,
    /// There is no certificate to renew.
    NothingToRenew,
    /// It is too early to renew.
    RenewalTooEarly {
        /// First day of the window.
        from: NaiveDate,
    },
    /// There is no certificate to replace.
    NothingToReplace,
    /// The person has moved to another agency since.
    Moved,
}

impl Unmet {
    /// Stable word of the catalogue.
    pub const fn code(self) -> &'static str {
        match self {
            Self::KindExcluded => "KIND_EXCLUDED",
            Self::NotOnEstablishment => "NOT_ON_ESTABLISHMENT",
            Self::NotInPost => "NOT_IN_POST",
            Self::Seconded => "SECONDED",
            Self::IncompetentRating => "INCOMPETENT_RATING",
            Self::DemeritOrHeavier => "DEMERIT_OR_HEAVIER",
            Self::UnderInvestigation => "UNDER_INVESTIGATION",
            Self::RecentSanction { .. } => "RECENT_SANCTION",
            Self::RecentRevocation { .. } => "RECENT_REVOCATION",
            Self::RetrainingOwed => "RETRAINING_OWED",
            Self::PublicLawExam => "PUBLIC_LAW_EXAM_NOT_PASSED",
            Self::ProfessionalLawExam => "PROFESSIONAL_LAW_EXAM_NOT_PASSED",
            Self::PublicLawStudy => "PUBLIC_LAW_STUDY_NEEDED",
            Self::ProfessionalLawStudy => "PROFESSIONAL_LAW_STUDY_NEEDED",
            Self::Training { .. } => "TRAINING_SHORT",
            Self::NotQualified => "NOT_QUALIFIED",
            Self::PhotoMissing => "PHOTO_MISSING",
            Self::AgencyNotConfirmed => "AGENCY_NOT_CONFIRMED",
            Self::NoIssuingAuthority => "NO_ISSUING_AUTHORITY",
            Self::OpenApplication => "OPEN_APPLICATION",
            Self::CertificateInForce => "CERTIFICATE_IN_FORCE",
            Self::CertificateLost => "CERTIFICATE_LOST",
            Self::CertificateSuspended => "CERTIFICATE_SUSPENDED",
            Self::NothingToRenew => "NOTHING_TO_RENEW",
            Self::RenewalTooEarly { .. } => "RENEWAL_TOO_EARLY",
            Self::NothingToReplace => "NOTHING_TO_REPLACE",
            Self::Moved => "MOVED",
        }
    }

    /// Arguments of its text.
    pub fn args(self) -> Vec<(&'static str, String)> {
        match self {
            Self::RecentSanction { until } | Self::RecentRevocation { until } => {
                vec![("until", until.to_string())]
            }
            Self::RenewalTooEarly { from } => vec![("from", from.to_string())],
            Self::Training { done, required } => {
                vec![("done", hours(done)), ("required", hours(required))]
            }
            _ => Vec::new(),
        }
    }
}

/// Hours to one decimal, cut.
fn hours(minutes: i64) -> String {
    match (minutes / 60, minutes % 60 / 6) {
        (whole, 0) => whole.to_string(),
        (whole, tenths) => format!("{whole}.{tenths}"),
    }
}

/// Whether a person can be put forward at all: on establishment, in post and none of the
/// exclusions. Asked again at every later step, for it can change meanwhile.
pub fn exclusions(facts: &PersonFacts, policy: &CertificationPolicy, day: NaiveDate) -> Vec<Unmet> {
    let person = &facts.person;
    let mut unmet = Vec::new();
    if !matches!(person.kind, PersonKind::EnforcementOfficer | PersonKind::SupervisionOfficer) {
        unmet.push(Unmet::KindExcluded);
    }
    if person.establishment == Establishment::None {
        unmet.push(Unmet::NotOnEstablishment);
    }
    if person.employment != Employment::InPost
        || matches!(person.duty, DutyStatus::OffDuty | DutyStatus::Retired)
    {
        unmet.push(Unmet::NotInPost);
    }
    if matches!(person.duty, DutyStatus::SecondedIn | DutyStatus::SecondedOut) {
        unmet.push(Unmet::Seconded);
    }
    for standing in &facts.standings {
        let Some(until) = in_force_until(standing, policy, day) else { continue };
        let item = match standing.kind {
            StandingKind::IncompetentRating => Unmet::IncompetentRating,
            StandingKind::DemeritOrHeavier => Unmet::DemeritOrHeavier,
            StandingKind::UnderInvestigation => Unmet::UnderInvestigation,
            StandingKind::RecentSanction => Unmet::RecentSanction { until },
            StandingKind::RecentRevocation => Unmet::RecentRevocation { until },
            StandingKind::RetrainingOwed => Unmet::RetrainingOwed,
        };
        if !unmet.contains(&item) {
            unmet.push(item);
        }
    }
    unmet
}

/// The last day of a standing, where it is in force on a day. A sanction or revocation without
/// an end bars for the years of the policy; anything else without one is open.
fn in_force_until(
    standing: &standing::Model,
    policy: &CertificationPolicy,
    day: NaiveDate,
) -> Option<NaiveDate> {
    let bars =
        matches!(standing.kind, StandingKind::RecentSanction | StandingKind::RecentRevocation);
    let until = match standing.until_on {
        Some(until) => until,
        None if bars => bar_until(standing.from_on, policy),
        None => NaiveDate::MAX,
    };
    (standing.from_on <= day && day <= until).then_some(until)
}

/// The last day of the bar after a sanction or revocation on a day.
pub fn bar_until(from: NaiveDate, policy: &CertificationPolicy) -> NaiveDate {
    from.checked_add_months(Months::new(policy.bar_years.saturating_mul(12)))
        .and_then(|d| d.pred_opt())
        .unwrap_or(NaiveDate::MAX)
}

/// Whether a candidate qualifies: no exclusion, trained, and both exams passed.
pub fn qualification(
    facts: &PersonFacts,
    policy: &CertificationPolicy,
    day: NaiveDate,
) -> Vec<Unmet> {
    let mut unmet = exclusions(facts, policy, day);
    for (subject, not_passed, study) in [
        (ExamSubject::PublicLaw, Unmet::PublicLawExam, Unmet::PublicLawStudy),
        (ExamSubject::ProfessionalLaw, Unmet::ProfessionalLawExam, Unmet::ProfessionalLawStudy),
    ] {
        match exam(facts, subject, policy) {
            Exam::Passed => {}
            Exam::Open => unmet.push(not_passed),
            Exam::StudyNeeded => unmet.push(study),
        }
    }
    if facts.training_minutes < policy.training_minutes_required {
        unmet.push(Unmet::Training {
            done: facts.training_minutes,
            required: policy.training_minutes_required,
        });
    }
    unmet
}

enum Exam {
    Passed,
    Open,
    StudyNeeded,
}

/// How an exam stands: what counts is the last cycle, with the resits the policy allows.
fn exam(facts: &PersonFacts, subject: ExamSubject, policy: &CertificationPolicy) -> Exam {
    let of_subject = || facts.exams.iter().filter(|e| e.subject == subject);
    let Some(cycle) = of_subject().map(|e| e.cycle).max() else { return Exam::Open };
    let attempts = policy.resits.saturating_add(1);
    let counted = || of_subject().filter(|e| e.cycle == cycle && e.attempt <= attempts);
    if counted().any(|e| e.score_tenths >= policy.pass_mark_tenths) {
        Exam::Passed
    } else if counted().any(|e| e.attempt == attempts) {
        Exam::StudyNeeded
    } else {
        Exam::Open
    }
}

/// What an application is asked about besides the person.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the checklist")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances {
    /// The person is qualified.
    pub qualified: bool,
    /// The agency exists and its own qualification is confirmed.
    pub agency_confirmed: bool,
    /// An authority issues for the agency.
    pub has_issuing_authority: bool,
    /// Another application is on its way.
    pub open_application: bool,
    /// The person's last certificate that has not ended: its effective state and last day.
    pub held: Option<(CertificateState, NaiveDate)>,
}

/// Whether a person can apply; also asked again before the certificate is issued.
pub fn application(
    facts: &PersonFacts,
    act: ApplicationAct,
    circumstances: &Circumstances,
    policy: &CertificationPolicy,
    day: NaiveDate,
) -> Vec<Unmet> {
    let mut unmet = exclusions(facts, policy, day);
    let asked = [
        (circumstances.qualified, Unmet::NotQualified),
        (facts.person.photo_sha256.is_some(), Unmet::PhotoMissing),
        (circumstances.agency_confirmed, Unmet::AgencyNotConfirmed),
        (circumstances.has_issuing_authority, Unmet::NoIssuingAuthority),
        (!circumstances.open_application, Unmet::OpenApplication),
    ];
    unmet.extend(asked.into_iter().filter_map(|(met, item)| (!met).then_some(item)));
    unmet.extend(held(act, circumstances.held, policy, day));
    unmet
}

/// Whether what a person holds goes with what is asked for.
fn held(
    act: ApplicationAct,
    held: Option<(CertificateState, NaiveDate)>,
    policy: &CertificationPolicy,
    day: NaiveDate,
) -> Option<Unmet> {
    let held = held.filter(|(state, _)| !lifecycle::is_terminal(*state));
    match (act, held) {
        (_, Some((CertificateState::Suspended, _))) => Some(Unmet::CertificateSuspended),
        (ApplicationAct::Initial | ApplicationAct::Renewal, Some((CertificateState::Lost, _))) => {
            Some(Unmet::CertificateLost)
        }
        (ApplicationAct::Initial, Some(_)) => Some(Unmet::CertificateInForce),
        (ApplicationAct::Renewal, None) => Some(Unmet::NothingToRenew),
        (ApplicationAct::Renewal, Some((_, valid_until))) => {
            let from = valid_until
                .checked_sub_days(Days::new(policy.renewal_window_days.into()))
                .unwrap_or(NaiveDate::MIN);
            (day < from).then_some(Unmet::RenewalTooEarly { from })
        }
        (ApplicationAct::Replacement, None) => Some(Unmet::NothingToReplace),
        (ApplicationAct::Initial, None) | (ApplicationAct::Replacement, Some(_)) => None,
    }
}
