//! What is odd about a claimed certificate, as a table of pure functions: no database, no clock.

use chrono::{Months, NaiveDate};
use entities::enums::{
    CertificateState, DutyStatus, Employment, Establishment, ExistingKind, PersonKind,
};
use entities::existing_certificate;

use crate::officers::facts::PersonFacts;
use crate::officers::rules::{is_in_force, standings, state_on};
use crate::policy::CertificationPolicy;

use CertificateState::{Active, Expired, Suspended};

macro_rules! exceptions {
    ($($(#[$doc:meta])* $name:ident $code:literal $forbids:literal;)*) => {
        /// Something odd about a claim. In order of weight.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Exception { $($(#[$doc])* $name,)* }

        impl Exception {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// Whether it is never confirmed; the others are for a person to weigh.
            pub const fn forbids(self) -> bool {
                match self { $(Self::$name => $forbids,)* }
            }

            /// The exception of a word.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|e| e.code() == code)
            }
        }
    };
}

exceptions! {
    /// The holder is auxiliary or clerical staff, to whom a certificate is impossible.
    KindExcluded "KIND_EXCLUDED" true;
    /// The number is on another certificate.
    NumberTaken "NUMBER_TAKEN" true;
    /// The number has not the form that the policy says.
    NumberForm "NUMBER_FORM" true;
    /// It would be in force beside another one.
    CertificateInForce "CERTIFICATE_IN_FORCE" true;
    /// Only zeros in front tell the number from another, of which either has four at most.
    NumberZeros "NUMBER_ZEROS" false;
    /// The issuer is not in the register.
    IssuerUnknown "ISSUER_UNKNOWN" false;
    /// The issuer is no authority above the holder's agency.
    IssuerNoAuthority "ISSUER_NO_AUTHORITY" false;
    /// Said to be in force, and past its last day.
    ExpiredInForce "EXPIRED_IN_FORCE" false;
    /// Said to have expired, and not past its last day.
    NotExpired "NOT_EXPIRED" false;
    /// Without an end (长期): the policy's years are taken.
    LongTerm "LONG_TERM" false;
    /// Valid for longer than the policy's years.
    ValidityLong "VALIDITY_LONG" false;
    /// The holder is not on establishment.
    NotOnEstablishment "NOT_ON_ESTABLISHMENT" false;
    /// The holder is seconded, off post, retired or has left.
    NotInPost "NOT_IN_POST" false;
    /// Something bars the holder.
    Barred "BARRED" false;
    /// The holder has or had another certificate.
    AnotherCertificate "ANOTHER_CERTIFICATE" false;
    /// There is no photo of the holder.
    PhotoMissing "PHOTO_MISSING" false;
}

/// What the issuer that a claim names is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// Not in the register.
    Unknown,
    /// In the register, and no authority above the holder's agency.
    NoAuthority,
    /// An authority above the holder's agency.
    Authority,
}

/// What a claim is looked at beside.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The holder.
    pub facts: &'a PersonFacts,
    /// The policy of the holder's division.
    pub policy: &'a CertificationPolicy,
    /// The day.
    pub day: NaiveDate,
    /// The issuer.
    pub issuer: Issuer,
    /// Whether a certificate has the number.
    pub number_taken: bool,
    /// Whether a number of another differs by zeros in front only, and has four of them at most.
    pub zeros: bool,
    /// State and last day of every certificate that the holder has here.
    pub others: &'a [(CertificateState, NaiveDate)],
}

/// The last valid day: as claimed, or for 长期 the policy's years after the issue, since every
/// certificate has an end (domain §2).
pub fn last_day(
    claim: &existing_certificate::Model,
    policy: &CertificationPolicy,
) -> Option<NaiveDate> {
    claim.valid_until.or_else(|| years_after(claim.issued_on?, policy)?.pred_opt())
}

fn years_after(day: NaiveDate, policy: &CertificationPolicy) -> Option<NaiveDate> {
    day.checked_add_months(Months::new(policy.validity_years.saturating_mul(12)))
}

/// The state in which a claim is confirmed on a day: as claimed, but for what has run out.
pub fn state_confirmed(
    claim: &existing_certificate::Model,
    policy: &CertificationPolicy,
    day: NaiveDate,
) -> Option<CertificateState> {
    Some(state_on(claim.claimed_state?, last_day(claim, policy)?, day))
}

/// Everything that is odd about a claim, by its weight. Of what has ended the holder is not asked
/// after: whoever has retired once held it all the same.
pub fn exceptions(
    claim: &existing_certificate::Model,
    around: &Circumstances<'_>,
) -> Vec<Exception> {
    if claim.kind == ExistingKind::Ministry {
        return Vec::new();
    }
    let Circumstances { facts, policy, day, .. } = *around;
    let person = &facts.person;
    let end = last_day(claim, policy).unwrap_or(NaiveDate::MIN);
    let claimed = claim.claimed_state;
    let in_force = state_confirmed(claim, policy, day).is_some_and(is_in_force);
    let beside = around.others.iter().any(|(s, until)| is_in_force(state_on(*s, *until, day)));
    let longest = claim.issued_on.and_then(|from| years_after(from, policy));
    let form = claim.number.as_deref().is_some_and(|n| policy.existing_numbers.takes(n));
    let barred = || facts.standings.iter().any(|s| standings::bars(s, policy, day));
    let says_in_force = matches!(claimed, Some(Active | Suspended));
    Exception::ALL
        .iter()
        .copied()
        .filter(|exception| match exception {
            Exception::KindExcluded => !matches!(
                person.kind,
                PersonKind::EnforcementOfficer | PersonKind::SupervisionOfficer
            ),
            Exception::NumberTaken => around.number_taken,
            Exception::NumberForm => !form,
            Exception::CertificateInForce => in_force && beside,
            Exception::NumberZeros => around.zeros,
            Exception::IssuerUnknown => around.issuer == Issuer::Unknown,
            Exception::IssuerNoAuthority => around.issuer == Issuer::NoAuthority,
            Exception::ExpiredInForce => says_in_force && day > end,
            Exception::NotExpired => claimed == Some(Expired) && day <= end,
            Exception::LongTerm => claim.valid_until.is_none(),
            Exception::ValidityLong => claim.valid_until.zip(longest).is_some_and(|(u, l)| u > l),
            Exception::NotOnEstablishment => {
                in_force && person.establishment == Establishment::None
            }
            Exception::NotInPost => {
                in_force
                    && (person.employment != Employment::InPost
                        || person.duty != DutyStatus::OnDuty)
            }
            Exception::Barred => in_force && barred(),
            Exception::AnotherCertificate => !(around.others.is_empty() || in_force && beside),
            Exception::PhotoMissing => in_force && person.photo_sha256.is_none(),
        })
        .collect()
}

/// The numbers with up to four zeros in front that only those tell from this one; none where it is
/// no number of digits.
pub fn with_other_zeros(number: &str) -> Vec<String> {
    const MOST: usize = 4;
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let bare = number.trim_start_matches('0');
    (0..=MOST).map(|n| format!("{}{bare}", "0".repeat(n))).filter(|n| n != number).collect()
}

#[cfg(test)]
#[path = "rules_tests.rs"]
mod tests;
