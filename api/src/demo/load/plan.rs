//! When what happens in the demo: the waves of rosters, the steps of each, and the acts that decide
//! an officer's fate.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::super::fate::Fate;
use super::super::roster::DemoOfficer;
use crate::platform::clock::start_of_day;

/// Days before today on which a roster comes in. Everybody comes with the first roster after the
/// day on which the generator has them qualify.
pub(super) const WAVES: [i64; 12] = [1_850, 1_500, 1_150, 800, 450, 370, 235, 145, 88, 29, 14, 1];
/// What happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Import,
    Nominate,
    Qualify,
    Apply,
    Review,
    Issue,
    HandOver,
    /// An act on the certificate of an officer.
    Turn(usize, Turn),
}

/// An act on a certificate that turns a fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turn {
    Suspend,
    Lift,
    Revoke,
    Cancel,
    ReportLoss,
}

/// The days of a wave's steps, counted from its roster.
pub(super) const STEPS: [(Step, i64); 7] = [
    (Step::Import, 0),
    (Step::Nominate, 1),
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

/// The acts that decide an officer's fate.
pub(super) fn turns(officer: &DemoOfficer) -> Vec<(DateTime<Utc>, Turn)> {
    use Turn::{Cancel, Lift, ReportLoss, Revoke, Suspend};
    let Some(day) = officer.turned_on else { return Vec::new() };
    let at = start_of_day(day) + Duration::hours(10);
    match officer.fate {
        Fate::Suspended => vec![(at, Suspend)],
        Fate::Lifted => vec![(at - Duration::days(15), Suspend), (at, Lift)],
        Fate::Revoked => vec![(at, Revoke)],
        Fate::Cancelled => vec![(at, Cancel)],
        Fate::Lost => vec![(at, ReportLoss)],
        _ => Vec::new(),
    }
}
