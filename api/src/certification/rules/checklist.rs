//! What is asked of a person before each step (domain §2: "to qualify" and "excluded"). A check
//! answers with everything that is unmet, so that it can be mended at once.

use chrono::{Datelike, Days, NaiveDate};
use entities::enums::{
    ApplicationAct, CertificateState, DutyStatus, Employment, Establishment, ExamSubject,
    PersonKind, StandingKind,
};

use super::lifecycle;
use crate::officers::facts::PersonFacts;
use crate::officers::rules::exams::{self, ExamStanding};
use crate::officers::rules::{hours, standings};
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
    /// Too little training in each of the years that count.
    Training {
        /// The year in which most was done.
        year: i32,
        /// Minutes done in it.
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
    /// A new certificate is issued and waits for its handover.
    AwaitsHandover,
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
            Self::AwaitsHandover => "CERTIFICATE_AWAITS_HANDOVER",
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
            Self::Training { year, done, required } => vec![
                ("year", year.to_string()),
                ("done", hours(done)),
                ("required", hours(required)),
            ],
            _ => Vec::new(),
        }
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
        if !standings::bars(standing, policy, day) {
            continue;
        }
        let until = standings::until(standing, policy).unwrap_or(NaiveDate::MAX);
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
        match exams::standing(&facts.exams, subject, policy) {
            ExamStanding::Passed => {}
            ExamStanding::Open => unmet.push(not_passed),
            ExamStanding::StudyNeeded => unmet.push(study),
        }
    }
    unmet.extend(training(facts, policy, day));
    unmet
}

/// Whether one of the years that count has its hours: the present one so far, or one of those
/// before it that the policy names. Years are never added up: the law asks for hours *a year*.
pub(super) fn training(
    facts: &PersonFacts,
    policy: &CertificationPolicy,
    day: NaiveDate,
) -> Option<Unmet> {
    let this = day.year();
    let first = this.saturating_sub_unsigned(policy.training_earlier_years);
    let minutes = |year| facts.training_minutes.get(&year).copied().unwrap_or(0);
    // Of years with the same hours the latest is told.
    let (year, done) = (first..=this).map(|y| (y, minutes(y))).max_by_key(|(_, done)| *done)?;
    let required = policy.training_minutes_required;
    (done < required).then_some(Unmet::Training { year, done, required })
}

/// Whether an exam of the last cycle was passed, but not at the first attempt.
pub(super) fn by_resit(facts: &PersonFacts, policy: &CertificationPolicy) -> bool {
    ExamSubject::all().any(|subject| {
        let first_passed = facts.exams.iter().any(|e| {
            let last = facts.exams.iter().filter(|o| o.subject == subject).map(|o| o.cycle).max();
            e.subject == subject
                && Some(e.cycle) == last
                && e.attempt == 1
                && e.score_tenths >= policy.pass_mark_tenths
        });
        exams::standing(&facts.exams, subject, policy) == ExamStanding::Passed && !first_passed
    })
}

/// What an application is asked about besides the person.
#[expect(clippy::struct_excessive_bools, reason = "each is a question of the checklist")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Circumstances<'a> {
    /// The person is qualified.
    pub qualified: bool,
    /// The agency exists and its own qualification is confirmed.
    pub agency_confirmed: bool,
    /// An authority issues for the agency.
    pub has_issuing_authority: bool,
    /// Another application is on its way.
    pub open_application: bool,
    /// The person's certificates, with effective state and last day; those that ended may be left
    /// out.
    pub held: &'a [(CertificateState, NaiveDate)],
}

/// Whether a person can apply; also asked again before the certificate is issued.
pub fn application(
    facts: &PersonFacts,
    act: ApplicationAct,
    circumstances: &Circumstances<'_>,
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
    held: &[(CertificateState, NaiveDate)],
    policy: &CertificationPolicy,
    day: NaiveDate,
) -> Option<Unmet> {
    use ApplicationAct::{Initial, Renewal, Replacement};
    let until_of = |state| held.iter().find(|(s, _)| *s == state).map(|(_, until)| *until);
    let has = |state| until_of(state).is_some();
    if has(CertificateState::Suspended) {
        return Some(Unmet::CertificateSuspended);
    }
    let active = until_of(CertificateState::Active);
    match act {
        Replacement => held
            .iter()
            .all(|(state, _)| lifecycle::is_terminal(*state))
            .then_some(Unmet::NothingToReplace),
        Initial | Renewal if has(CertificateState::Issued) => Some(Unmet::AwaitsHandover),
        Initial | Renewal if has(CertificateState::Lost) => Some(Unmet::CertificateLost),
        Initial => active.map(|_| Unmet::CertificateInForce),
        Renewal => match active {
            None => Some(Unmet::NothingToRenew),
            Some(until) => {
                let from = until
                    .checked_sub_days(Days::new(policy.renewal_window_days.into()))
                    .unwrap_or(NaiveDate::MIN);
                (day < from).then_some(Unmet::RenewalTooEarly { from })
            }
        },
    }
}

/// Whether an issued certificate may come into force by its handover: its holder is not excluded
/// by now, their agency goes on, and what they hold besides is not suspended. A suspension would
/// otherwise end with the handover of the next.
pub fn handover(
    facts: &PersonFacts,
    agency_confirmed: bool,
    held: &[CertificateState],
    policy: &CertificationPolicy,
    day: NaiveDate,
) -> Vec<Unmet> {
    let mut unmet = exclusions(facts, policy, day);
    if !agency_confirmed {
        unmet.push(Unmet::AgencyNotConfirmed);
    }
    if held.contains(&CertificateState::Suspended) {
        unmet.push(Unmet::CertificateSuspended);
    }
    unmet
}
