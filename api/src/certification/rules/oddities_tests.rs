//! One case for each oddity, each differing from a plain renewal in one fact.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate};
use entities::enums::{
    ApplicationAct as Act, CertificateState, DutyStatus, Employment, Establishment, ExamSubject,
    Gender, PersonKind, StandingKind,
};
use entities::ids::{AgencyId, CertificateId, ExamResultId, PersonId, StandingId};
use entities::{exam_result, person, public_card, standing};
use uuid::Uuid;

use super::oddities::{Oddity, Past, oddities, rank, seen};
use crate::officers::facts::PersonFacts;
use crate::policy::{CertificationPolicy, ReviewPolicy};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn unit(n: u128) -> AgencyId {
    AgencyId(Uuid::from_u128(n))
}

fn plain() -> PersonFacts {
    PersonFacts {
        person: person::Model {
            id: PersonId(Uuid::nil()),
            kind: PersonKind::EnforcementOfficer,
            name: "王伟".into(),
            gender: None,
            id_number_sealed: vec![],
            id_number_index: vec![],
            phone_sealed: None,
            phone_index: None,
            agency_id: unit(1),
            internal_unit: None,
            establishment: Establishment::Administrative,
            duty: DutyStatus::OnDuty,
            employment: Employment::InPost,
            position: None,
            field_codes: serde_json::json!([]),
            area_code: "620102".into(),
            photo_file: None,
            photo_sha256: Some(vec![2; 32]),
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        },
        standings: vec![],
        exams: ExamSubject::all().map(|subject| exam(subject, 1, 850)).collect(),
        training_minutes: BTreeMap::from([(2026, 3_600)]),
    }
}

fn exam(subject: ExamSubject, attempt: i32, score_tenths: i64) -> exam_result::Model {
    exam_result::Model {
        id: ExamResultId(Uuid::nil()),
        person_id: PersonId(Uuid::nil()),
        subject,
        cycle: 1,
        attempt,
        score_tenths,
        taken_on: day("2026-03-01"),
        source: "test".into(),
        sitting_id: None,
        recorded_at: DateTime::UNIX_EPOCH,
    }
}

/// The last certificate's card, with the photo of its time.
fn card() -> public_card::Model {
    public_card::Model {
        certificate_id: CertificateId(Uuid::nil()),
        holder_id: PersonId(Uuid::nil()),
        number: "62000000001".into(),
        name: "王伟".into(),
        kind: PersonKind::EnforcementOfficer,
        state: CertificateState::Active,
        agency_id: unit(1),
        agency_number: 1,
        agency_name: "市场监督管理局".into(),
        field_names: serde_json::json!([]),
        area_name: "城关区".into(),
        issuing_authority: "城关区司法局".into(),
        valid_from: day("2021-06-15"),
        valid_until: day("2026-06-14"),
        photo_sha256: Some(vec![1; 32]),
        complaint_phone: None,
        successions: serde_json::json!([]),
        updated_at: DateTime::UNIX_EPOCH,
        shown_until: None,
    }
}

fn bar(until: &str) -> standing::Model {
    standing::Model {
        id: StandingId(Uuid::nil()),
        person_id: PersonId(Uuid::nil()),
        kind: StandingKind::RecentSanction,
        from_on: day("2022-01-01"),
        until_on: Some(day(until)),
        source: "test".into(),
        recorded_at: DateTime::UNIX_EPOCH,
        recorded_by: None,
        lifted_at: None,
        lifted_by: None,
        lift_reason: None,
    }
}

/// What is odd on 2026-06-15 of a renewal, changed in one way.
fn odd(change: impl FnOnce(&mut PersonFacts, &mut public_card::Model, &mut Known)) -> Vec<Oddity> {
    let (mut facts, mut last) = (plain(), card());
    let mut known = Known { act: Act::Renewal, ..Known::default() };
    change(&mut facts, &mut last, &mut known);
    let cards: Vec<_> = if known.no_card { vec![] } else { vec![last] };
    let past = Past {
        born: known.born,
        qualified_by: known.qualified_by.or(Some(unit(1))),
        cards: &cards,
        lifted: &known.lifted,
    };
    let policies = (&CertificationPolicy::default(), &ReviewPolicy::default());
    oddities(&facts, &past, known.act, unit(1), policies, day("2026-06-15"))
}

struct Known {
    act: Act,
    born: Option<(NaiveDate, Gender)>,
    qualified_by: Option<AgencyId>,
    lifted: Vec<NaiveDate>,
    no_card: bool,
}

impl Default for Known {
    fn default() -> Self {
        Self { act: Act::Initial, born: None, qualified_by: None, lifted: vec![], no_card: false }
    }
}

#[test]
fn a_renewal_with_a_new_photo_is_not_odd() {
    assert_eq!(odd(|_, _, _| ()), []);
    assert_eq!(odd(|_, _, known| known.no_card = true), []);
}

#[test]
fn the_age_of_retirement_is_reached_on_the_birthday_and_differs_by_sex() {
    for (born, gender, expected) in [
        ("1966-06-15", Gender::Male, true),
        ("1966-06-16", Gender::Male, false),
        ("1971-06-15", Gender::Female, true),
        ("1971-06-16", Gender::Female, false),
        ("1971-06-15", Gender::Male, false),
    ] {
        let found = odd(|_, _, known| known.born = Some((day(born), gender)));
        let expected: &[Oddity] = if expected { &[Oddity::OverAge] } else { &[] };
        assert_eq!(found, expected, "{born} {gender:?}");
    }
}

#[test]
fn another_unit_is_that_of_the_qualification_or_of_the_last_certificate() {
    let of_card = odd(|_, card, _| card.agency_id = unit(2));
    assert_eq!(of_card, [Oddity::TwoUnits]);
    let of_qualification = odd(|_, _, known| known.qualified_by = Some(unit(2)));
    assert_eq!(of_qualification, [Oddity::TwoUnits]);
}

#[test]
fn a_name_is_odd_alone_and_another_thing_together_with_the_photo() {
    assert_eq!(odd(|facts, _, _| facts.person.name = "李伟".into()), [Oddity::NameAndPhotoChanged]);
    let found = odd(|facts, card, _| {
        facts.person.name = "李伟".into();
        card.photo_sha256 = facts.person.photo_sha256.clone();
    });
    assert_eq!(found, [Oddity::NameChanged]);
}

#[test]
fn an_exclusion_is_lately_for_the_months_of_the_policy() {
    for (until, expected) in [
        ("2025-06-15", false),
        ("2025-06-16", true),
        ("2026-06-14", true),
        // It bars still, which is no oddity but refuses.
        ("2026-06-15", false),
    ] {
        let found = odd(|facts, _, _| facts.standings.push(bar(until)));
        assert_eq!(found.contains(&Oddity::ExcludedLately), expected, "{until}");
    }
    for (lifted, expected) in [("2025-06-15", false), ("2025-06-16", true), ("2026-06-15", true)] {
        let found = odd(|_, _, known| known.lifted.push(day(lifted)));
        assert_eq!(found.contains(&Oddity::ExcludedLately), expected, "lifted {lifted}");
    }
}

#[test]
fn what_was_revoked_short_or_passed_late_is_told() {
    let found = odd(|_, card, _| card.state = CertificateState::Revoked);
    assert_eq!(found, [Oddity::RevokedBefore]);
    let found = odd(|facts, _, _| facts.training_minutes = BTreeMap::from([(2026, 3_599)]));
    assert_eq!(found, [Oddity::TrainingShort]);
    let resit = |act| {
        odd(|facts, _, known| {
            known.act = act;
            facts.exams = vec![
                exam(ExamSubject::PublicLaw, 1, 599),
                exam(ExamSubject::PublicLaw, 2, 600),
                exam(ExamSubject::ProfessionalLaw, 1, 850),
            ];
        })
    };
    assert_eq!(resit(Act::Initial), [Oddity::ExamByResit]);
    assert_eq!(resit(Act::Renewal), []);
}

#[test]
fn the_grave_ones_weigh_more_and_must_be_named_each() {
    use Oddity::{ExamByResit, OverAge, TrainingShort, TwoUnits};
    assert_eq!(rank(&[]), 0);
    assert!(rank(&[OverAge]) > rank(&[TrainingShort, ExamByResit]));
    assert!(rank(&[OverAge, TwoUnits]) > rank(&[OverAge]));
    let named = |those: &[Oddity]| those.iter().copied().collect::<BTreeSet<_>>();
    let odd = [OverAge, TwoUnits, TrainingShort];
    assert_eq!(seen(&odd, None), Err(vec![OverAge, TwoUnits]));
    assert_eq!(seen(&odd, Some(&named(&[TwoUnits, ExamByResit]))), Err(vec![OverAge]));
    assert_eq!(seen(&odd, Some(&named(&[OverAge, TwoUnits]))), Ok(()));
    assert_eq!(seen(&[TrainingShort], None), Ok(()));
}
