//! When what happens in the demo: the waves of rosters, the steps of each, and the acts that decide
//! an officer's fate. Grounds go round among those of one fate, so that each occurs.

use chrono::{DateTime, Duration, NaiveDate, Utc};
use entities::enums::{ApplicationAct, StandingKind, StandingLift};

use super::super::fate::Fate;
use super::super::roster::DemoOfficer;
use crate::certification::rules::grounds::Ground;
use crate::platform::clock::start_of_day;

/// Days before today on which a roster comes in. Everybody comes with the first roster after the
/// day on which the generator has them qualify.
pub(super) const WAVES: [i64; 13] =
    [1_850, 1_800, 1_500, 1_150, 800, 450, 370, 235, 145, 88, 29, 14, 1];

/// What happens to a wave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Import,
    /// Certificates from before are confirmed.
    Confirm,
    Resit,
    Nominate,
    Qualify,
    Apply,
    Review,
    Issue,
    HandOver,
}

/// An act on one officer's record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// A bar is recorded, so many days back.
    Bar(StandingKind, i64),
    /// It is lifted.
    Clear(StandingKind, StandingLift),
    Suspend(Ground),
    Extend,
    /// The off-post training is confirmed.
    Retrain,
    Lift(Ground),
    Revoke(Ground),
    Cancel(Ground),
    ReportLoss(Ground),
    Apply(ApplicationAct),
    Return,
    Resubmit,
    Approve,
    /// The issuing authority returns it.
    SendBack,
    Issue,
    HandOver,
}

/// The days of a wave's steps, counted from its roster.
pub(super) const STEPS: [(Step, i64); 9] = [
    (Step::Import, 0),
    (Step::Confirm, 1),
    (Step::Resit, 1),
    (Step::Nominate, 2),
    (Step::Qualify, 3),
    (Step::Apply, 5),
    (Step::Review, 8),
    (Step::Issue, 10),
    (Step::HandOver, 12),
];

/// The wave in which somebody comes.
pub(super) fn wave_of(officer: &DemoOfficer, index: usize, today: NaiveDate) -> usize {
    let last = WAVES.len() - 1;
    match officer.qualified_on {
        Some(day) => {
            let ago = (today - day).num_days();
            WAVES.iter().position(|days| ago > *days).unwrap_or(last)
        }
        // Candidates have just sat their exams; auxiliaries came at any time.
        None if officer.fate == Fate::Auxiliary => index % WAVES.len(),
        None => last,
    }
}

const SUSPENSIONS: [Ground; 7] = [
    Ground::NotShowingCertificate,
    Ground::FailedExam,
    Ground::RefusingSupervision,
    Ground::Discipline,
    Ground::UnverifiedCertificate,
    Ground::FailedAssessment,
    Ground::Prosecution,
];

const REVOCATIONS: [Ground; 6] = [
    Ground::Lending,
    Ground::FailedAfterRetraining,
    Ground::AbuseOfPower,
    Ground::Altering,
    Ground::SeriousProceduralBreach,
    Ground::BeyondPowers,
];

const CANCELLATIONS: [Ground; 8] = [
    Ground::Retirement,
    Ground::Transfer,
    Ground::Resignation,
    Ground::Death,
    Ground::Dismissal,
    Ground::Crime,
    Ground::AgencyAbolished,
    Ground::IssuedByFraud,
];

const BARS: [StandingKind; 5] = [
    StandingKind::RecentSanction,
    StandingKind::UnderInvestigation,
    StandingKind::DemeritOrHeavier,
    StandingKind::IncompetentRating,
    StandingKind::RecentRevocation,
];

const CLEARED: [(StandingKind, StandingLift); 6] = [
    (StandingKind::UnderInvestigation, StandingLift::CaseClosed),
    (StandingKind::IncompetentRating, StandingLift::RatedAgain),
    (StandingKind::DemeritOrHeavier, StandingLift::TermServed),
    (StandingKind::RecentSanction, StandingLift::Overturned),
    (StandingKind::RetrainingOwed, StandingLift::EnteredInError),
    (StandingKind::RecentRevocation, StandingLift::Overturned),
];

/// The one of a list whose turn it is.
fn nth<T: Copy>(list: &[T], ordinal: usize) -> Option<T> {
    list.get(ordinal % list.len().max(1)).copied()
}

/// The acts that decide an officer's fate, in their order.
pub(super) fn turns(officer: &DemoOfficer) -> Vec<(DateTime<Utc>, Turn)> {
    let Some(day) = officer.turned_on else { return Vec::new() };
    let at = start_of_day(day) + Duration::hours(10);
    let turns = turns_of(officer.fate, officer.ordinal).unwrap_or_default();
    turns.into_iter().map(|(days, turn)| (at + Duration::days(days), turn)).collect()
}

/// The acts of a fate, with the days after the first or, before it, the days by which they precede
/// the act that decided.
fn turns_of(fate: Fate, n: usize) -> Option<Vec<(i64, Turn)>> {
    use ApplicationAct::{Renewal, Replacement};
    use Turn::{
        Apply, Approve, Bar, Cancel, Clear, Extend, HandOver, Issue, Lift, ReportLoss, Resubmit,
        Retrain, Return, Revoke, SendBack, Suspend,
    };
    let loss = ReportLoss(if n.is_multiple_of(2) { Ground::Loss } else { Ground::Theft });
    let suspension = nth(&SUSPENSIONS, n)?;
    Some(match fate {
        Fate::Barred => vec![(0, Bar(nth(&BARS, n)?, 0))],
        Fate::Cleared => {
            let (kind, reason) = nth(&CLEARED, n)?;
            // A rating is followed by that of the next year.
            vec![(-60, Bar(kind, 400)), (0, Clear(kind, reason))]
        }
        Fate::Suspended if n % 5 == 1 => vec![(0, Suspend(suspension)), (1, Extend)],
        Fate::Suspended => vec![(0, Suspend(suspension))],
        Fate::Lifted if suspension.owes_retraining() => {
            vec![(-15, Suspend(suspension)), (-1, Retrain), (0, Lift(Ground::RetrainingPassed))]
        }
        Fate::Lifted => {
            let lift = if n % 3 == 2 { Ground::Unfounded } else { Ground::CauseEnded };
            vec![(-15, Suspend(suspension)), (0, Lift(lift))]
        }
        // Every second was suspended first.
        Fate::Revoked if n % 2 == 1 => {
            vec![(-30, Suspend(suspension)), (0, Revoke(nth(&REVOCATIONS, n)?))]
        }
        Fate::Revoked => vec![(0, Revoke(nth(&REVOCATIONS, n)?))],
        Fate::Cancelled => vec![(0, Cancel(nth(&CANCELLATIONS, n)?))],
        Fate::Lost => vec![(0, loss)],
        Fate::Replacing if n % 2 == 1 => {
            vec![(0, loss), (1, Apply(Replacement)), (3, Approve)]
        }
        Fate::Replacing => vec![(0, loss), (1, Apply(Replacement))],
        // Every third was damaged and held until the new one was handed over.
        Fate::Replaced => {
            let lost = (n % 3 != 1).then_some((0, loss));
            let way = [(1, Apply(Replacement)), (3, Approve), (5, Issue), (7, HandOver)];
            lost.into_iter().chain(way).collect()
        }
        Fate::RenewalApplied if n % 2 == 1 => vec![(0, Apply(Renewal)), (3, Approve)],
        Fate::RenewalApplied => vec![(0, Apply(Renewal))],
        Fate::RenewalReturned if n % 2 == 1 => vec![(0, Apply(Renewal)), (3, Return)],
        Fate::RenewalReturned => vec![(0, Apply(Renewal)), (3, Approve), (6, SendBack)],
        Fate::Renewing => vec![(0, Apply(Renewal)), (3, Approve), (6, Issue)],
        // Every fourth was returned once and handed in again.
        Fate::Renewed => {
            let returned = [(1, Return), (2, Resubmit)];
            let returned = returned.into_iter().filter(|_| n % 4 == 1);
            let way = [(3, Approve), (6, Issue), (9, HandOver)];
            std::iter::once((0, Apply(Renewal))).chain(returned).chain(way).collect()
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::province::{Extent, agencies};
    use crate::demo::roster::officers;
    use std::collections::HashSet;

    type Turns = Vec<(DateTime<Utc>, Turn)>;

    fn all_turns() -> Vec<(DemoOfficer, Turns)> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let officers = officers(2_000, 1, today, &agencies(Extent::Usual));
        officers.into_iter().map(|o| (o.clone(), turns(&o))).collect()
    }

    #[test]
    fn every_ground_that_a_person_gives_and_every_kind_and_lifting_of_a_bar_occur() {
        let turns: Vec<Turn> = all_turns().into_iter().flat_map(|(_, t)| t).map(|t| t.1).collect();
        let grounds: HashSet<Ground> = turns
            .iter()
            .filter_map(|turn| match turn {
                Turn::Suspend(g)
                | Turn::Lift(g)
                | Turn::Revoke(g)
                | Turn::Cancel(g)
                | Turn::ReportLoss(g) => Some(*g),
                _ => None,
            })
            .collect();
        for ground in Ground::ALL {
            let by_hand = !ground.is_given_by_another_certificate();
            assert_eq!(grounds.contains(&ground), by_hand, "{ground:?}");
        }
        for kind in StandingKind::all() {
            assert!(turns.iter().any(|t| matches!(t, Turn::Bar(k, _) if *k == kind)), "{kind:?}");
        }
        // Off-post training is confirmed by an act of its own.
        assert!(turns.contains(&Turn::Retrain) && turns.contains(&Turn::Extend));
        for reason in StandingLift::all().filter(|r| *r != StandingLift::RetrainingDone) {
            let cleared = |t: &Turn| matches!(t, Turn::Clear(_, r) if *r == reason);
            assert!(turns.iter().any(cleared), "{reason:?}");
        }
    }

    #[test]
    fn acts_come_after_the_handover_in_their_order_and_not_in_the_future() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for (index, (officer, turns)) in all_turns().iter().enumerate() {
            let Some((first, _)) = turns.first() else { continue };
            let wave = WAVES[wave_of(officer, index, today)];
            let handed_over = start_of_day(today - chrono::Duration::days(wave - 13));
            assert!(*first > handed_over, "{officer:?}");
            assert!(turns.is_sorted_by(|a, b| a.0 < b.0), "{officer:?}");
            let last = turns.last().map(|t| t.0);
            assert!(last < Some(start_of_day(today)), "{officer:?}");
        }
    }
}
