//! The table of exceptions, each by the least that brings it about.

use std::collections::BTreeMap;

use chrono::DateTime;
use entities::enums::{ExistingState, StandingKind};
use entities::ids::{AgencyId, ExistingCertificateId, ImportBatchId, PersonId, StandingId};
use entities::{person, standing};
use serde_json::json;
use uuid::Uuid;

use super::*;
use Exception as E;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn claim() -> existing_certificate::Model {
    existing_certificate::Model {
        id: ExistingCertificateId(Uuid::from_u128(1)),
        person_id: PersonId(Uuid::from_u128(2)),
        kind: ExistingKind::Enforcement,
        ministry_kind: None,
        number: Some("28010100001".into()),
        issuer: Some("永登县司法局".into()),
        issuing_agency_id: Some(AgencyId(Uuid::from_u128(3))),
        issued_on: Some(day("2024-03-05")),
        valid_until: Some(day("2029-03-04")),
        claimed_state: Some(Active),
        batch_id: ImportBatchId(Uuid::from_u128(4)),
        row_no: 1,
        imported_by: None,
        state: ExistingState::Claimed,
        exceptions: json!([]),
        rank: 1,
        examined_at: None,
        replaced_by: None,
        decided_by: None,
        decided_at: None,
        reason: None,
        policy_id: None,
        certificate_id: None,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    }
}

fn facts() -> PersonFacts {
    PersonFacts {
        person: person::Model {
            id: PersonId(Uuid::from_u128(2)),
            kind: PersonKind::EnforcementOfficer,
            name: "王伟".into(),
            gender: None,
            id_number_sealed: vec![],
            id_number_index: vec![],
            phone_sealed: None,
            phone_index: None,
            agency_id: AgencyId(Uuid::from_u128(5)),
            internal_unit: None,
            establishment: Establishment::Administrative,
            duty: DutyStatus::OnDuty,
            employment: Employment::InPost,
            position: None,
            field_codes: json!([]),
            area_code: "620121".into(),
            photo_file: None,
            photo_sha256: Some(vec![1; 32]),
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        },
        standings: Vec::new(),
        exams: Vec::new(),
        training_minutes: BTreeMap::new(),
    }
}

/// A claim and what is around it, to be changed.
struct Case {
    claim: existing_certificate::Model,
    facts: PersonFacts,
    policy: CertificationPolicy,
    issuer: Issuer,
    number_taken: bool,
    zeros: bool,
    others: Vec<(CertificateState, NaiveDate)>,
}

/// What is found on 2 March 2026 of a usual claim that was changed so.
fn found(change: impl FnOnce(&mut Case)) -> Vec<Exception> {
    let mut case = Case {
        claim: claim(),
        facts: facts(),
        policy: CertificationPolicy::default(),
        issuer: Issuer::Authority,
        number_taken: false,
        zeros: false,
        others: Vec::new(),
    };
    change(&mut case);
    let around = Circumstances {
        facts: &case.facts,
        policy: &case.policy,
        day: day("2026-03-02"),
        issuer: case.issuer,
        number_taken: case.number_taken,
        zeros: case.zeros,
        others: &case.others,
    };
    exceptions(&case.claim, &around)
}

fn bar(kind: StandingKind) -> standing::Model {
    standing::Model {
        id: StandingId(Uuid::from_u128(6)),
        person_id: PersonId(Uuid::from_u128(2)),
        kind,
        from_on: day("2026-01-01"),
        until_on: None,
        source: "ROSTER".into(),
        recorded_at: DateTime::UNIX_EPOCH,
        recorded_by: None,
        lifted_at: None,
        lifted_by: None,
        lift_reason: None,
    }
}

#[test]
fn each_exception_by_the_least_that_brings_it_about() {
    type Change = fn(&mut Case);
    let none: &[Exception] = &[];
    let cases: [(&[Exception], Change); 31] = [
        (none, |_| {}),
        (&[E::KindExcluded], |c| c.facts.person.kind = PersonKind::AuxiliaryStaff),
        (&[E::KindExcluded], |c| c.facts.person.kind = PersonKind::ClericalStaff),
        (none, |c| c.facts.person.kind = PersonKind::SupervisionOfficer),
        (&[E::NumberTaken], |c| c.number_taken = true),
        (&[E::NumberForm], |c| c.policy.existing_numbers.least = 12),
        (&[E::CertificateInForce], |c| c.others = vec![(Active, day("2026-03-02"))]),
        (&[E::CertificateInForce], |c| c.others = vec![(Suspended, day("2026-03-01"))]),
        // In force on record, and past its last day.
        (&[E::AnotherCertificate], |c| c.others = vec![(Active, day("2026-03-01"))]),
        (&[E::AnotherCertificate], |c| {
            c.others = vec![(CertificateState::Issued, day("2030-01-01"))];
        }),
        (&[E::NumberZeros], |c| c.zeros = true),
        (&[E::IssuerUnknown], |c| c.issuer = Issuer::Unknown),
        (&[E::IssuerNoAuthority], |c| c.issuer = Issuer::NoAuthority),
        (none, |c| c.claim.valid_until = Some(day("2026-03-02"))),
        (&[E::ExpiredInForce], |c| c.claim.valid_until = Some(day("2026-03-01"))),
        (&[E::ExpiredInForce], |c| {
            c.claim.valid_until = Some(day("2026-03-01"));
            c.claim.claimed_state = Some(Suspended);
        }),
        (&[E::NotExpired], |c| c.claim.claimed_state = Some(Expired)),
        (none, |c| {
            c.claim.claimed_state = Some(Expired);
            c.claim.valid_until = Some(day("2026-03-01"));
        }),
        (&[E::LongTerm], |c| c.claim.valid_until = None),
        // The same day of the month is how many offices count.
        (none, |c| c.claim.valid_until = Some(day("2029-03-05"))),
        (&[E::ValidityLong], |c| c.claim.valid_until = Some(day("2029-03-06"))),
        (&[E::NotOnEstablishment], |c| c.facts.person.establishment = Establishment::None),
        (&[E::NotInPost], |c| c.facts.person.duty = DutyStatus::SecondedOut),
        (&[E::NotInPost], |c| c.facts.person.employment = Employment::Transferred),
        (&[E::NotInPost], |c| {
            c.facts.person.employment = Employment::Retired;
            c.facts.person.duty = DutyStatus::Retired;
        }),
        (&[E::Barred], |c| c.facts.standings = vec![bar(StandingKind::UnderInvestigation)]),
        (none, |c| {
            let over = standing::Model {
                until_on: Some(day("2026-03-01")),
                ..bar(StandingKind::RecentSanction)
            };
            c.facts.standings = vec![over];
        }),
        (&[E::PhotoMissing], |c| c.facts.person.photo_sha256 = None),
        // Of what has ended the holder is not asked after.
        (none, |c| {
            c.claim.claimed_state = Some(CertificateState::Cancelled);
            c.facts.person.employment = Employment::Retired;
            c.facts.person.photo_sha256 = None;
            c.facts.standings = vec![bar(StandingKind::DemeritOrHeavier)];
        }),
        (&[E::AnotherCertificate], |c| {
            c.claim.claimed_state = Some(CertificateState::Lost);
            c.others = vec![(Active, day("2030-01-01"))];
        }),
        (none, |c| {
            c.claim.kind = ExistingKind::Ministry;
            c.facts.person.kind = PersonKind::AuxiliaryStaff;
        }),
    ];
    for (n, (expected, change)) in cases.into_iter().enumerate() {
        assert_eq!(found(change), expected, "case {n}");
    }
}

#[test]
fn several_come_by_their_weight_and_the_first_four_forbid() {
    let all = found(|c| {
        c.facts.person.photo_sha256 = None;
        c.claim.valid_until = None;
        c.issuer = Issuer::Unknown;
        c.number_taken = true;
    });
    assert_eq!(all, [E::NumberTaken, E::IssuerUnknown, E::LongTerm, E::PhotoMissing]);
    let forbid: Vec<Exception> = E::ALL.iter().copied().filter(|e| e.forbids()).collect();
    assert_eq!(forbid, [E::KindExcluded, E::NumberTaken, E::NumberForm, E::CertificateInForce]);
    for exception in E::ALL {
        assert_eq!(E::from_code(exception.code()), Some(*exception));
    }
}

#[test]
fn without_an_end_it_ends_after_the_years_of_the_policy() {
    let policy = CertificationPolicy::default();
    let long = existing_certificate::Model { valid_until: None, ..claim() };
    assert_eq!(last_day(&claim(), &policy), Some(day("2029-03-04")));
    assert_eq!(last_day(&long, &policy), Some(day("2029-03-04")));
    for (on, state) in [("2029-03-04", Active), ("2029-03-05", Expired)] {
        assert_eq!(state_confirmed(&long, &policy, day(on)), Some(state), "{on}");
    }
    let suspended = existing_certificate::Model { claimed_state: Some(Suspended), ..claim() };
    assert_eq!(state_confirmed(&suspended, &policy, day("2031-01-01")), Some(Suspended));
}

#[test]
fn numbers_that_differ_by_zeros_in_front() {
    assert_eq!(with_other_zeros("0123"), ["123", "00123", "000123", "0000123"]);
    assert_eq!(with_other_zeros("123"), ["0123", "00123", "000123", "0000123"]);
    for none in ["", "甘A0123", "12-3"] {
        assert_eq!(with_other_zeros(none), Vec::<String>::new(), "{none}");
    }
}

#[test]
fn every_exception_has_a_text_in_every_language() {
    use crate::officers::existing::TEXTS;
    use crate::platform::texts::Locale;
    for exception in E::ALL {
        for locale in Locale::ALL {
            let text = TEXTS.try_text(locale, exception.code(), &[]);
            assert!(text.is_some(), "{exception:?} {locale:?}");
        }
    }
}
