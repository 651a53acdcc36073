//! Facts that bar or burden a person: when each kind ends, what lifts it, and what may be entered.
//!
//! | kind | ends by itself | is lifted for |
//! |---|---|---|
//! | `INCOMPETENT_RATING` | – | the next year's rating |
//! | `DEMERIT_OR_HEAVIER` | on its given last day, else after the policy's months | term served |
//! | `UNDER_INVESTIGATION` | – | case closed |
//! | `RECENT_SANCTION`, `RECENT_REVOCATION` | on its given last day, else after the policy's years | – |
//! | `RETRAINING_OWED` | – | training done, by its own act |
//!
//! Each is lifted, too, where the decision behind it was set aside or it was entered in error.

use chrono::{Datelike, Months, NaiveDate};
use entities::enums::{StandingKind, StandingLift};
use entities::standing;

use super::FIRST_YEAR;
use crate::officers::error::OfficerRefusal as Refusal;
use crate::policy::CertificationPolicy;

use StandingKind::{
    DemeritOrHeavier, IncompetentRating, RecentRevocation, RecentSanction, RetrainingOwed,
    UnderInvestigation,
};

/// The longest term that is entered, in months: what is longer is a slip of the pen.
const LONGEST: u32 = 20 * 12;

/// The last day of a term of months that begins on a day.
fn term(from: NaiveDate, months: u32) -> NaiveDate {
    let next = from.checked_add_months(Months::new(months));
    next.and_then(|day| day.pred_opt()).unwrap_or(NaiveDate::MAX)
}

/// The last day of the bar after a sanction or revocation on a day.
pub fn bar_until(from: NaiveDate, policy: &CertificationPolicy) -> NaiveDate {
    term(from, policy.bar_years.saturating_mul(12))
}

/// Whether a kind ends by the calendar; the others end by an act.
pub const fn has_term(kind: StandingKind) -> bool {
    matches!(kind, DemeritOrHeavier | RecentSanction | RecentRevocation)
}

/// The last day of a standing; `None` where it lasts until it is lifted.
pub fn until(standing: &standing::Model, policy: &CertificationPolicy) -> Option<NaiveDate> {
    standing.until_on.or(match standing.kind {
        RecentSanction | RecentRevocation => Some(bar_until(standing.from_on, policy)),
        DemeritOrHeavier => Some(term(standing.from_on, policy.demerit_months)),
        IncompetentRating | UnderInvestigation | RetrainingOwed => None,
    })
}

/// Whether a standing bars or burdens on a day.
pub fn bars(standing: &standing::Model, policy: &CertificationPolicy, day: NaiveDate) -> bool {
    standing.lifted_at.is_none()
        && standing.from_on <= day
        && until(standing, policy).is_none_or(|until| day <= until)
}

/// The reasons for which a kind is lifted by hand. Off-post training is confirmed by its own act,
/// which the justice department does for many.
pub const fn reasons(kind: StandingKind) -> &'static [StandingLift] {
    use StandingLift::{CaseClosed, EnteredInError, Overturned, RatedAgain, TermServed};
    match kind {
        IncompetentRating => &[RatedAgain, Overturned, EnteredInError],
        DemeritOrHeavier => &[TermServed, Overturned, EnteredInError],
        UnderInvestigation => &[CaseClosed, EnteredInError],
        RecentSanction | RecentRevocation | RetrainingOwed => &[Overturned, EnteredInError],
    }
}

/// Whether a standing may be lifted for a reason on a day.
pub fn lift(
    standing: &standing::Model,
    reason: StandingLift,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if standing.lifted_at.is_some() {
        return Err(Refusal::StandingLifted);
    }
    // The rating of the same year is the one that bars.
    let too_early = reason == StandingLift::RatedAgain && today.year() <= standing.from_on.year();
    if !reasons(standing.kind).contains(&reason) || too_early {
        return Err(Refusal::LiftReasonInvalid);
    }
    Ok(())
}

/// Whether a standing of these dates may be entered beside those that bar already: one of a kind
/// that lasts until it is lifted, and one of a kind and a first day of the others.
pub fn enter(
    kind: StandingKind,
    from: NaiveDate,
    until: Option<NaiveDate>,
    barring: &[(StandingKind, NaiveDate)],
    today: NaiveDate,
) -> Result<(), Refusal> {
    if from > today || from.year() < FIRST_YEAR {
        return Err(Refusal::StandingFromInvalid);
    }
    let sound = |until| has_term(kind) && (from..=term(from, LONGEST)).contains(&until);
    if until.is_some_and(|until| !sound(until)) {
        return Err(Refusal::StandingUntilInvalid);
    }
    let same = |(other, since): &(_, _)| *other == kind && (!has_term(kind) || *since == from);
    if barring.iter().any(same) {
        return Err(Refusal::StandingKnown);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use entities::ids::{PersonId, StandingId};
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn standing(kind: StandingKind, from: &str, until: Option<&str>) -> standing::Model {
        standing::Model {
            id: StandingId(Uuid::nil()),
            person_id: PersonId(Uuid::nil()),
            kind,
            from_on: day(from),
            until_on: until.map(day),
            source: "test".into(),
            recorded_at: DateTime::UNIX_EPOCH,
            recorded_by: None,
            lifted_at: None,
            lifted_by: None,
            lift_reason: None,
        }
    }

    #[test]
    fn every_kind_ends_as_the_table_says() {
        let policy = CertificationPolicy { bar_years: 2, demerit_months: 18, ..Default::default() };
        let expected = [
            (IncompetentRating, None),
            (DemeritOrHeavier, Some("2027-08-31")),
            (UnderInvestigation, None),
            (RecentSanction, Some("2028-02-29")),
            (RecentRevocation, Some("2028-02-29")),
            (RetrainingOwed, None),
        ];
        assert_eq!(expected.len(), StandingKind::all().count());
        for (kind, last) in expected {
            let open = standing(kind, "2026-03-01", None);
            assert_eq!(until(&open, &policy), last.map(day), "{kind:?}");
            let given = standing(kind, "2026-03-01", Some("2026-04-01"));
            assert_eq!(until(&given, &policy), Some(day("2026-04-01")), "{kind:?}");
        }
    }

    #[test]
    fn it_bars_from_its_first_day_to_its_last_unless_lifted() {
        let policy = CertificationPolicy::default();
        let given = standing(DemeritOrHeavier, "2026-03-01", Some("2026-04-01"));
        for (on, expected) in [
            ("2026-02-28", false),
            ("2026-03-01", true),
            ("2026-04-01", true),
            ("2026-04-02", false),
        ] {
            assert_eq!(bars(&given, &policy, day(on)), expected, "{on}");
        }
        let lifted = standing::Model { lifted_at: Some(DateTime::UNIX_EPOCH), ..given };
        assert!(!bars(&lifted, &policy, day("2026-03-15")));
    }

    #[test]
    fn every_kind_and_reason() {
        use StandingLift as L;
        // Columns in the order of the reasons: training done, rated again, closed, served,
        // overturned, in error.
        let expected = [
            (IncompetentRating, [false, true, false, false, true, true]),
            (DemeritOrHeavier, [false, false, false, true, true, true]),
            (UnderInvestigation, [false, false, true, false, false, true]),
            (RecentSanction, [false, false, false, false, true, true]),
            (RecentRevocation, [false, false, false, false, true, true]),
            (RetrainingOwed, [false, false, false, false, true, true]),
        ];
        assert_eq!(expected.len(), StandingKind::all().count());
        for (kind, row) in expected {
            let open = standing(kind, "2026-03-01", None);
            for (reason, may) in L::all().zip(row) {
                let answer = lift(&open, reason, day("2027-01-05"));
                let expected = if may { Ok(()) } else { Err(Refusal::LiftReasonInvalid) };
                assert_eq!(answer, expected, "{kind:?} {reason:?}");
            }
            let lifted = standing::Model { lifted_at: Some(DateTime::UNIX_EPOCH), ..open };
            let again = lift(&lifted, L::EnteredInError, day("2027-01-05"));
            assert_eq!(again, Err(Refusal::StandingLifted));
        }
    }

    #[test]
    fn a_rating_is_followed_by_the_next_years() {
        let rated = standing(IncompetentRating, "2026-01-20", None);
        let again = |on| lift(&rated, StandingLift::RatedAgain, day(on));
        assert_eq!(again("2026-12-31"), Err(Refusal::LiftReasonInvalid));
        assert_eq!(again("2027-01-01"), Ok(()));
        assert_eq!(lift(&rated, StandingLift::Overturned, day("2026-02-01")), Ok(()));
    }

    #[test]
    fn what_may_be_entered() {
        let today = day("2026-06-15");
        let (from, until) = (Err(Refusal::StandingFromInvalid), Err(Refusal::StandingUntilInvalid));
        for (kind, first, last, expected) in [
            (DemeritOrHeavier, "2026-06-15", None, Ok(())),
            (DemeritOrHeavier, "2026-06-15", Some("2026-06-15"), Ok(())),
            (DemeritOrHeavier, "2026-06-15", Some("2026-06-14"), until.clone()),
            (DemeritOrHeavier, "2026-06-15", Some("2046-06-14"), Ok(())),
            (DemeritOrHeavier, "2026-06-15", Some("2046-06-15"), until.clone()),
            (DemeritOrHeavier, "2026-06-16", None, from.clone()),
            (DemeritOrHeavier, "1999-12-31", None, from),
            (UnderInvestigation, "2026-01-01", Some("2026-12-31"), until.clone()),
            (IncompetentRating, "2026-01-01", Some("2026-12-31"), until.clone()),
            (RetrainingOwed, "2026-01-01", Some("2026-12-31"), until),
            (RetrainingOwed, "2026-01-01", None, Ok(())),
        ] {
            let answer = enter(kind, day(first), last.map(day), &[], today);
            assert_eq!(answer, expected, "{kind:?} {first} {last:?}");
        }
    }

    #[test]
    fn one_of_a_kind_that_is_open_and_a_second_sanction_beside_the_first() {
        let (today, before) = (day("2026-06-15"), day("2026-01-01"));
        for kind in StandingKind::all() {
            let known = Err(Refusal::StandingKnown);
            let barring = [(kind, before)];
            assert_eq!(enter(kind, before, None, &barring, today), known, "{kind:?}");
            let second = if has_term(kind) { Ok(()) } else { known };
            assert_eq!(enter(kind, today, None, &barring, today), second, "{kind:?}");
            let other = if kind == RetrainingOwed { RecentSanction } else { RetrainingOwed };
            assert_eq!(enter(other, before, None, &barring, today), Ok(()), "{other:?}");
        }
    }
}
