//! Tests of who is met in the field and when.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, Utc};

use super::cast::{OFFICERS, cast, sample, subject};
use super::scenes::{AUTHORISED, Check, Company, Handling, SHOWINGS, SUSPENDED, Show};
use super::*;
use crate::demo::fate::Fate;
use crate::demo::load::SEED;
use crate::demo::province::{Extent, agencies};
use crate::demo::roster::{DESK, officers};
use crate::platform::clock::start_of_day;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn script() -> Vec<(DateTime<Utc>, Scene)> {
    scenes(today())
}

#[test]
fn a_demo_of_any_size_has_its_cast_and_the_same_each_time() {
    for count in [300, 2_000, 20_000] {
        let agencies = agencies(Extent::for_officers(count));
        let people = officers(count, SEED, today(), &agencies);
        let chosen = cast(&people, &agencies);
        assert_eq!(chosen.iter().collect::<HashSet<_>>().len(), OFFICERS, "{count}");
        assert_eq!(chosen, cast(&officers(count, SEED, today(), &agencies), &agencies));
        let sample = sample(&people, &agencies).unwrap();
        let subject = subject(&people, &agencies).unwrap();
        assert_eq!(people[sample].fate, Fate::Active);
        assert!(!chosen.contains(&sample) && !chosen.contains(&subject) && sample != subject);
        for index in chosen {
            assert_eq!(people[index].fate, Fate::Active);
            assert_ne!(agencies[people[index].agency].slug, DESK);
        }
        assert_eq!(agencies[people[subject].agency].slug, DESK);
    }
}

#[test]
fn the_cast_works_near_the_sign_in_names_where_the_demo_is_large_enough() {
    let agencies = agencies(Extent::Usual);
    let people = officers(2_000, SEED, today(), &agencies);
    for index in cast(&people, &agencies) {
        let division = agencies[people[index].agency].division;
        assert!(division.starts_with("6201"), "{division}");
    }
}

#[test]
fn a_demo_of_very_few_has_nobody_in_the_field() {
    let agencies = agencies(Extent::Usual);
    let people = officers(5, SEED, today(), &agencies);
    assert_eq!(cast(&people, &agencies), Vec::<usize>::new());
    assert_eq!(sample(&[], &agencies), None);
}

#[test]
fn everything_lies_in_the_past_in_order_and_begins_with_the_phones() {
    let script = script();
    assert_eq!(script, scenes(today()));
    assert!(script.is_sorted_by_key(|(at, _)| *at));
    assert_eq!(script.first().map(|(_, scene)| *scene), Some(Scene::Enrol));
    assert!(script.last().unwrap().0 < start_of_day(today()));
}

/// Who shows or stands beside has no second showing open, and is not suspended.
#[test]
fn nobody_is_in_two_places() {
    let mut open: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (_, scene) in script() {
        let Scene::Show(number, what) = scene else { continue };
        let planned = SHOWINGS[number];
        let mut there = BTreeSet::from([planned.officer]);
        if let Company::Second(second, _) = planned.company {
            assert!(there.insert(second), "one's own second officer");
        }
        assert!(there.iter().all(|officer| *officer < OFFICERS && *officer != SUSPENDED));
        match what {
            Show::Start => {
                assert!(open.values().all(|others| others.is_disjoint(&there)));
                open.insert(number, there);
            }
            Show::Answer => assert!(open.contains_key(&number)),
            Show::End => assert!(open.remove(&number).is_some()),
        }
    }
    assert!(open.is_empty());
}

#[test]
fn the_authorisation_is_approved_before_the_showing_that_it_covers() {
    let script = script();
    let when = |wanted: Scene| script.iter().position(|(_, scene)| *scene == wanted).unwrap();
    let covered = SHOWINGS.iter().position(|s| s.officer == AUTHORISED && s.beyond).unwrap();
    let order = [
        when(Scene::Joint(scenes::Joint::Propose)),
        when(Scene::Joint(scenes::Joint::Approve)),
        when(Scene::Show(covered, Show::Start)),
    ];
    assert!(order.is_sorted(), "{order:?}");
    let without = SHOWINGS.iter().filter(|s| s.officer != AUTHORISED && s.beyond).count();
    assert_eq!(without, 1, "and one showing that nothing covers");
}

/// A record holds the mark of a sync before it, and is sent.
#[test]
fn every_record_lies_between_two_syncs() {
    let mut unsent: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, scene) in script() {
        let Scene::Check(supervisor, what) = scene else { continue };
        match what {
            Check::Sync => {
                unsent.insert(supervisor, 0);
            }
            Check::SeePrinted(_) | Check::SeePhone(_) | Check::SeeNothing => {
                *unsent.get_mut(&supervisor).unwrap() += 1;
            }
            Check::Suspend | Check::Explain => {}
        }
    }
    assert_eq!(unsent, BTreeMap::from([(0, 0), (1, 0)]));
}

#[test]
fn complaints_are_handled_in_order_and_come_on_days_of_their_own() {
    use Handling::{Accept, Answer, Ask, Decide, Propose, Refuse};
    let mut done: BTreeMap<usize, Vec<Handling>> = BTreeMap::new();
    let mut days = HashSet::new();
    for (at, scene) in script() {
        match scene {
            Scene::Complain(number) => {
                assert_eq!(done.insert(number, Vec::new()), None);
                assert!(days.insert(crate::platform::clock::local_date(at)));
            }
            Scene::Handle(number, what) => done.get_mut(&number).unwrap().push(what),
            _ => {}
        }
    }
    let expected = [
        vec![Accept, Ask, Answer, Propose(true), Decide],
        vec![Accept, Ask, Answer, Propose(false)],
        vec![Refuse],
        vec![Accept, Ask],
        vec![],
        vec![],
    ];
    assert_eq!(done.into_values().collect::<Vec<_>>(), expected);
}
