//! Tests of the people of the demo.

use super::*;
use crate::demo::province::{Extent, agencies};
use std::collections::HashSet;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn years(from: NaiveDate, to: NaiveDate) -> u32 {
    to.years_since(from).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_people_and_another_seed_others() {
    let agencies = agencies(Extent::Usual);
    let first = officers(300, 7, today(), &agencies);
    assert_eq!(first, officers(300, 7, today(), &agencies));
    assert_ne!(first, officers(300, 8, today(), &agencies));
}

#[test]
fn a_demo_has_every_fate_and_most_certificates_are_in_force() {
    let agencies = agencies(Extent::Usual);
    let officers = officers(2_000, 1, today(), &agencies);
    assert_eq!(officers.len(), 2_000);
    for fate in Fate::all() {
        let count = officers.iter().filter(|o| o.fate == fate).count();
        assert!(count >= 5, "{fate:?}: {count}");
    }
    let count = |kind| officers.iter().filter(|o| o.kind == kind).count();
    assert_eq!(count(PersonKind::AuxiliaryStaff), 200);
    assert_eq!(count(PersonKind::SupervisionOfficer), 80);
    assert_eq!(count(PersonKind::EnforcementOfficer), 1_720);
    let active = officers.iter().filter(|o| o.fate == Fate::Active).count();
    assert!((1_290..=1_300).contains(&active), "{active}");
    let bars: HashSet<_> = officers.iter().filter_map(|o| o.exclusion).collect();
    assert_eq!(bars.len(), 6);
}

/// The smallest demo that is used, in the acceptance tests, still has somebody of each.
#[test]
fn a_small_demo_has_every_fate_too() {
    let agencies = agencies(Extent::for_officers(300));
    for seed in [1, 620_000] {
        let officers = officers(300, seed, today(), &agencies);
        for fate in Fate::all() {
            assert!(officers.iter().any(|o| o.fate == fate), "{fate:?}");
        }
    }
}

#[test]
fn the_roster_agrees_with_the_fate() {
    let agencies = agencies(Extent::Usual);
    for officer in officers(4_000, 3, today(), &agencies) {
        let passed = |exam: Option<Exam>| exam.is_some_and(|e| e.score >= PASS_MARK);
        let ready = (passed(officer.public_law) || passed(officer.resit))
            && passed(officer.professional_law)
            && officer.training_minutes.is_some_and(|m| m >= TRAINING_MINUTES)
            && officer.exclusion.is_none()
            && officer.establishment != Establishment::None
            && officer.duty == DutyStatus::OnDuty
            && officer.portrait.is_some();
        let certifiable = !matches!(officer.fate, Fate::Auxiliary | Fate::Candidate);
        assert_eq!(ready, certifiable, "{officer:?}");
        assert_eq!(officer.qualified_on.is_some(), certifiable);

        assert!(officer.resit.is_none() || !passed(officer.public_law), "{officer:?}");
        if let Some((first, resit)) = officer.public_law.zip(officer.resit) {
            assert!(first.on < resit.on, "{officer:?}");
        }
        let exams = [officer.public_law, officer.professional_law, officer.resit];
        for exam in exams.into_iter().flatten() {
            assert!((0..=100 * 10_000).contains(&exam.score) && exam.score % 5_000 == 0);
            assert!(exam.on < officer.qualified_on.unwrap_or(today()), "{officer:?}");
            assert!(exam.on > today() - Months::new(72), "{officer:?}");
        }
        if let Some(qualified_on) = officer.qualified_on {
            assert!(years(officer.born_on, qualified_on) >= 22, "{officer:?}");
            let turned_on = officer.turned_on.unwrap_or(today());
            assert!(qualified_on + Days::new(130) < turned_on || officer.turned_on.is_none());
            assert!(qualified_on < today() && turned_on <= today());
        }
    }
}

#[test]
fn a_province_has_100_000_different_people() {
    let agencies = agencies(Extent::Whole);
    let officers = officers(100_000, 1, today(), &agencies);
    assert_eq!(officers.len(), 100_000);
    let ids: HashSet<_> = officers.iter().map(|o| &o.id_number).collect();
    let phones: HashSet<_> = officers.iter().map(|o| &o.phone).collect();
    assert_eq!((ids.len(), phones.len()), (100_000, 100_000));
    for officer in &officers {
        let agency = &agencies[officer.agency];
        let length = officer.name.chars().count();
        assert!((2..=50).contains(&length), "{officer:?}");
        assert!((22..60).contains(&years(officer.born_on, today())), "{officer:?}");
        assert_eq!(officer.id_number.len(), 18);
        assert!(officer.id_number.starts_with(NOWHERE));
        assert_eq!(officer.id_number[6..14], officer.born_on.format("%Y%m%d").to_string());
        let odd = officer.id_number[16..17].parse::<u8>().unwrap() % 2 == 1;
        assert_eq!(odd, officer.gender == Gender::Male);
        assert!(officer.fields.iter().all(|f| agency.fields.contains(f)), "{officer:?}");
        assert!(!officer.fields.is_empty());
        assert_eq!(officer.kind == PersonKind::SupervisionOfficer, agency.is_justice);
    }
    let staffed: HashSet<_> = officers.iter().map(|o| o.agency).collect();
    assert!(staffed.len() > agencies.len() * 9 / 10, "{}", staffed.len());
}

#[test]
fn no_officers_and_no_agencies_are_no_fault() {
    assert_eq!(officers(0, 1, today(), &agencies(Extent::Usual)), []);
    assert_eq!(officers(10, 1, today(), &[]), []);
}

#[test]
fn holders_come_behind_the_same_officers_most_of_them_with_nothing_odd() {
    let agencies = agencies(Extent::Usual);
    let all = with_holders(300, 36, 7, today(), &agencies);
    let (officers_, holders) = all.split_at(300);
    assert_eq!(officers_, officers(300, 7, today(), &agencies));
    assert_eq!(holders.len(), 36);
    let numbers: HashSet<_> =
        holders.iter().map(|o| o.prior.as_ref().unwrap().number.as_str()).collect();
    assert_eq!(numbers.len(), 36);
    for holder in holders {
        let prior = holder.prior.as_ref().unwrap();
        assert_eq!(holder.fate, Fate::Holder);
        assert!(prior.issued_on < today() && !prior.issuer.is_empty(), "{holder:?}");
        assert!(prior.valid_until.is_none_or(|until| until > prior.issued_on), "{holder:?}");
    }
    let usual = |o: &&DemoOfficer| {
        let prior = o.prior.as_ref().unwrap();
        let until = prior.issued_on + Months::new(60) - Days::new(1);
        prior.state == "有效" && prior.valid_until == Some(until) && o.portrait.is_some()
    };
    assert!(holders.iter().filter(usual).count() >= 20);
    assert_eq!(holders.iter().filter(|o| o.ministry.is_some()).count(), 6);
    let officers_hold = officers_.iter().any(|o| o.prior.is_some() || o.ministry.is_some());
    assert!(!officers_hold);
}
