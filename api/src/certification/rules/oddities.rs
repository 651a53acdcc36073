//! What makes an application odd: it may well be right, but a reviewer looks at it before the
//! others and says so (domain §3: "is shown the exceptions first").
//!
//! | oddity | what is compared | must be acknowledged |
//! |---|---|---|
//! | `OVER_AGE` | age by the ID number, and the policy's age of retirement by sex | yes |
//! | `TWO_UNITS` | the unit now, and that of the qualification or of the last certificate | yes |
//! | `NAME_AND_PHOTO_CHANGED`, `NAME_CHANGED` | the register, and the last certificate's card | yes |
//! | `EXCLUDED_LATELY` | an exclusion that ended within the policy's months | yes |
//! | `REVOKED_BEFORE` | a certificate that was revoked | yes |
//! | `TRAINING_SHORT` | the training of the years that count | no |
//! | `EXAM_BY_RESIT` | an exam that was passed only by its resit, for a first certificate | no |
//!
//! A photo alone is new with nearly every renewal, so by itself it is not odd.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};
use entities::enums::{ApplicationAct, CertificateState, Gender};
use entities::ids::AgencyId;
use entities::public_card;

use super::checklist::{self, Unmet};
use crate::officers::facts::PersonFacts;
use crate::officers::rules::standings;
use crate::policy::{CertificationPolicy, ReviewPolicy};

macro_rules! oddities {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $grave:literal;)+) => {
        /// Why an application is looked at before others.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, async_graphql::Enum)]
        #[graphql(name = "ApplicationOddity")]
        pub enum Oddity {
            $($(#[$doc])* $name,)+
        }

        impl Oddity {
            /// Every oddity, the gravest first.
            pub const ALL: [Self; [$(Self::$name),+].len()] = [$(Self::$name),+];

            /// The word in GraphQL and in the audit log.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }

            /// Whether an approval must name it.
            pub const fn is_grave(self) -> bool {
                match self {
                    $(Self::$name => $grave,)+
                }
            }
        }
    };
}

oddities! {
    /// 已达退休年龄: at or over the age of retirement.
    OverAge = "OVER_AGE", true;
    /// 涉及两个单位: the qualification or the last certificate is of another unit.
    TwoUnits = "TWO_UNITS", true;
    /// 姓名与照片均已变更: name and photo are others than on the last certificate.
    NameAndPhotoChanged = "NAME_AND_PHOTO_CHANGED", true;
    /// 姓名已变更: the name is another than on the last certificate.
    NameChanged = "NAME_CHANGED", true;
    /// 近期曾被限制申领: an exclusion ended not long ago.
    ExcludedLately = "EXCLUDED_LATELY", true;
    /// 曾被吊销证件: a certificate was revoked before.
    RevokedBefore = "REVOKED_BEFORE", true;
    /// 培训学时不足: too little training in the years that count.
    TrainingShort = "TRAINING_SHORT", false;
    /// 补考合格: an exam was passed by its resit.
    ExamByResit = "EXAM_BY_RESIT", false;
}

/// What an application is compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Past<'a> {
    /// Birth and sex, as the ID number tells them.
    pub born: Option<(NaiveDate, Gender)>,
    /// The unit that put the person forward.
    pub qualified_by: Option<AgencyId>,
    /// The cards of the person's certificates, the last one first.
    pub cards: &'a [public_card::Model],
    /// Days on which exclusions were lifted.
    pub lifted: &'a [NaiveDate],
}

/// Everything that is odd of an application for a person of a unit, the gravest first.
pub fn oddities(
    facts: &PersonFacts,
    past: &Past<'_>,
    act: ApplicationAct,
    unit: AgencyId,
    (policy, review): (&CertificationPolicy, &ReviewPolicy),
    day: NaiveDate,
) -> Vec<Oddity> {
    let last = past.cards.first();
    let renamed = last.is_some_and(|card| card.name != facts.person.name);
    let new_photo = last.is_some_and(|card| card.photo_sha256 != facts.person.photo_sha256);
    let units = [past.qualified_by, last.map(|card| card.agency_id)];
    let found = [
        (over_age(past.born, review, day), Oddity::OverAge),
        (units.into_iter().flatten().any(|other| other != unit), Oddity::TwoUnits),
        (renamed && new_photo, Oddity::NameAndPhotoChanged),
        (renamed && !new_photo, Oddity::NameChanged),
        (excluded_lately(facts, past.lifted, (policy, review), day), Oddity::ExcludedLately),
        (past.cards.iter().any(|c| c.state == CertificateState::Revoked), Oddity::RevokedBefore),
        (
            matches!(checklist::training(facts, policy, day), Some(Unmet::Training { .. })),
            Oddity::TrainingShort,
        ),
        (act == ApplicationAct::Initial && checklist::by_resit(facts, policy), Oddity::ExamByResit),
    ];
    found.into_iter().filter_map(|(is_so, oddity)| is_so.then_some(oddity)).collect()
}

/// How odd an application is: a list begins with the highest.
pub fn rank(odd: &[Oddity]) -> i32 {
    odd.iter().map(|oddity| if oddity.is_grave() { 100 } else { 1 }).sum()
}

/// Whether everything grave was acknowledged; else what was not.
pub fn seen(odd: &[Oddity], acknowledged: Option<&BTreeSet<Oddity>>) -> Result<(), Vec<Oddity>> {
    let named = |oddity: &Oddity| acknowledged.is_some_and(|named| named.contains(oddity));
    let missing: Vec<Oddity> =
        odd.iter().copied().filter(|oddity| oddity.is_grave() && !named(oddity)).collect();
    if missing.is_empty() { Ok(()) } else { Err(missing) }
}

fn over_age(born: Option<(NaiveDate, Gender)>, review: &ReviewPolicy, day: NaiveDate) -> bool {
    let Some((born_on, gender)) = born else { return false };
    let years = day.year() - born_on.year();
    let had_birthday = (day.month(), day.day()) >= (born_on.month(), born_on.day());
    let age = if had_birthday { years } else { years - 1 };
    u32::try_from(age).is_ok_and(|age| age >= review.retirement_age(gender))
}

fn excluded_lately(
    facts: &PersonFacts,
    lifted: &[NaiveDate],
    (policy, review): (&CertificationPolicy, &ReviewPolicy),
    day: NaiveDate,
) -> bool {
    let since = day.checked_sub_months(Months::new(review.excluded_lately_months));
    let since = since.unwrap_or(NaiveDate::MIN);
    let mut last_days = facts.standings.iter().filter_map(|row| standings::until(row, policy));
    last_days.any(|on| since < on && on < day) || lifted.iter().any(|on| since < *on && *on <= day)
}
