//! The table of [`super::lifecycle`] in full, and random walks over it.

use chrono::NaiveDate;
use entities::enums::{CertificateAct as A, CertificateState as S};
use proptest::prelude::*;

use super::grounds::Ground;
use super::lifecycle::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Columns: `ISSUE HAND_OVER SUSPEND EXTEND LIFT REVOKE CANCEL REPORT_LOSS EXPIRE`. Written down a
/// second time, from the domain and not from the table.
#[rustfmt::skip]
const EXPECTED: [(Option<S>, [Option<S>; 9]); 8] = [
    (None,               [Some(S::Issued), None, None, None, None, None, None, None, None]),
    (Some(S::Issued),    [None, Some(S::Active), None, None, None, None, Some(S::Cancelled), None, Some(S::Expired)]),
    (Some(S::Active),    [None, None, Some(S::Suspended), None, None, Some(S::Revoked), Some(S::Cancelled), Some(S::Lost), Some(S::Expired)]),
    (Some(S::Suspended), [None, None, None, Some(S::Suspended), Some(S::Active), Some(S::Revoked), Some(S::Cancelled), None, None]),
    (Some(S::Lost),      [None, None, None, None, None, None, Some(S::Cancelled), None, None]),
    (Some(S::Revoked),   [None; 9]),
    (Some(S::Cancelled), [None; 9]),
    (Some(S::Expired),   [None; 9]),
];

#[test]
fn every_state_and_act() {
    let states: Vec<Option<S>> = std::iter::once(None).chain(S::all().map(Some)).collect();
    assert_eq!(states, EXPECTED.map(|(from, _)| from));
    for (from, row) in EXPECTED {
        // What a decision on something else begins with stands in no row.
        let none = [None, None];
        for (act, to) in A::all().zip(row.into_iter().chain(none)) {
            assert_eq!(transition(from, act).map(|t| t.to), to, "{from:?} {act:?}");
        }
    }
}

#[test]
fn an_act_needs_a_ground_unless_it_only_goes_on() {
    for row in TRANSITIONS {
        let goes_on = matches!(row.act, A::Issue | A::HandOver | A::Extend | A::Expire);
        assert_eq!(row.grounds.is_empty(), goes_on, "{row:?}");
    }
}

#[test]
fn every_ground_belongs_to_an_act() {
    for ground in Ground::ALL {
        assert_eq!(Ground::from_code(ground.code()), Some(ground));
        assert!(TRANSITIONS.iter().any(|row| row.grounds.contains(&ground)), "{ground:?}");
    }
}

#[test]
fn only_the_clock_and_what_follows_another_decision_need_no_permission() {
    for act in A::all() {
        let of_nobody = matches!(act, A::Expire | A::Confirm | A::Reissue);
        assert_eq!(permission(act).is_none(), of_nobody, "{act:?}");
    }
}

#[test]
fn the_last_day_is_inclusive() {
    let last = day("2026-11-22");
    for state in S::all() {
        assert_eq!(state_on(state, last, last), state);
        let after = if matches!(state, S::Issued | S::Active) { S::Expired } else { state };
        assert_eq!(state_on(state, last, day("2026-11-23")), after, "{state:?}");
    }
}

#[test]
fn cancelled_for_loss_reads_lost_and_nothing_else_does() {
    for state in S::all() {
        for ground in std::iter::once(None).chain(Ground::ALL.map(Some)) {
            let expected = match (state, ground) {
                (S::Lost, _) | (S::Cancelled, Some(Ground::Loss)) => S::Lost,
                (other, _) => other,
            };
            assert_eq!(public(state, ground), expected, "{state:?} {ground:?}");
        }
    }
}

#[test]
fn validity_ends_the_day_before_its_anniversary() {
    for (from, years, until) in [
        ("2026-11-23", 5, "2031-11-22"),
        ("2024-02-29", 5, "2029-02-27"),
        ("2023-03-01", 1, "2024-02-29"),
        ("2026-01-01", 10, "2035-12-31"),
    ] {
        assert_eq!(valid_until(day(from), years), Some(day(until)), "{from} + {years}");
    }
}

#[test]
fn a_suspension_stays_under_the_cap() {
    let from = day("2026-01-01");
    for (days, until) in [
        (None, Some("2026-04-01")),
        (Some(1), Some("2026-01-02")),
        (Some(180), Some("2026-06-30")),
        (Some(181), None),
        (Some(0), None),
        (Some(u32::MAX), None),
    ] {
        assert_eq!(suspended_until(from, days, 90, 180), until.map(day), "{days:?}");
    }
}

#[test]
fn a_suspension_is_extended_once_and_within_the_cap() {
    let (from, until) = (day("2026-01-01"), day("2026-04-01"));
    let left = |left| Err(NotExtended::Days { left });
    for (extended, days, cap, expected) in [
        (false, 1, 180, Ok(day("2026-04-02"))),
        (false, 90, 180, Ok(day("2026-06-30"))),
        (false, 91, 180, left(90)),
        (false, 0, 180, left(90)),
        (false, u32::MAX, 180, left(90)),
        // The cap was lowered since.
        (false, 1, 60, left(0)),
        (true, 1, 180, Err(NotExtended::Already)),
    ] {
        let answer = extended_until(from, until, extended, days, cap);
        assert_eq!(answer, expected, "{extended} {days} {cap}");
    }
}

fn any_act() -> impl Strategy<Value = A> {
    prop::sample::select(A::all().collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn nothing_leads_out_of_an_end(acts in prop::collection::vec(any_act(), 0..60)) {
        let (mut state, mut ended) = (None, None);
        for act in acts {
            if let Some(step) = transition(state, act) {
                prop_assert!(ended.is_none(), "{:?} after {:?}", act, ended);
                state = Some(step.to);
                ended = state.filter(|s| is_terminal(*s));
            }
        }
    }

    /// A person's certificates one after another. Each is issued only where no other waits, and is
    /// handed over only where none is suspended; the handover ends what was in force.
    #[test]
    fn never_two_in_force_and_never_two_waiting(
        walk in prop::collection::vec((0_usize..4, any_act()), 0..120),
    ) {
        let mut held: Vec<S> = Vec::new();
        for (which, act) in walk {
            if act == A::Issue {
                if !held.contains(&S::Issued) {
                    held.push(transition(None, act).unwrap().to);
                }
                continue;
            }
            let Some(at) = held.len().checked_sub(which + 1) else { continue };
            let Some(step) = transition(Some(held[at]), act) else { continue };
            if act == A::HandOver {
                if held.contains(&S::Suspended) {
                    continue;
                }
                for before in held.iter_mut().filter(|s| is_in_force(**s)) {
                    *before = transition(Some(*before), A::Cancel).unwrap().to;
                }
            }
            held[at] = step.to;
            let count = |of: fn(S) -> bool| held.iter().filter(|s| of(**s)).count();
            prop_assert!(count(is_in_force) <= 1, "{:?}", held);
            prop_assert!(count(|s| s == S::Issued) <= 1, "{:?}", held);
        }
    }
}
