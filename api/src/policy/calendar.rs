//! The calendar of working days (工作日): weekends, the holidays the State Council publishes for a
//! year, and the weekend days worked for them.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

use super::{PolicyBody, PolicyKey};

/// Days in each of the lists: some ten years of holidays.
const MOST: usize = 500;

/// Which days are worked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarPolicy {
    /// Last day for which holidays were published. Beyond it weekdays are counted, provisionally.
    pub published_until: NaiveDate,
    /// Holidays (放假), weekend days among them or not; in order.
    pub holidays: Vec<NaiveDate>,
    /// Weekend days that are worked (调休上班); in order.
    pub worked_weekend_days: Vec<NaiveDate>,
}

/// A day that was reckoned with a calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reckoned {
    /// The day.
    pub on: NaiveDate,
    /// It lies beyond what is published, and is reckoned anew when that comes.
    pub provisional: bool,
}

impl CalendarPolicy {
    /// Whether a day is worked.
    pub fn is_worked(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        if weekend {
            self.worked_weekend_days.binary_search(&day).is_ok()
        } else {
            self.holidays.binary_search(&day).is_err()
        }
    }

    /// The last of so many working days, of which the first follows `day`.
    pub fn after(&self, day: NaiveDate, working_days: u32) -> Reckoned {
        let (mut on, mut left) = (day, working_days);
        while left > 0 {
            let Some(next) = on.checked_add_days(Days::new(1)) else { break };
            on = next;
            left -= u32::from(self.is_worked(on));
        }
        Reckoned { on, provisional: on > self.published_until }
    }
}

/// From a day through another of 2026.
fn through((from_month, from): (u32, u32), (to_month, to): (u32, u32)) -> Vec<NaiveDate> {
    let day = |month, day| NaiveDate::from_ymd_opt(2026, month, day);
    let (Some(from), Some(to)) = (day(from_month, from), day(to_month, to)) else {
        return Vec::new();
    };
    from.iter_days().take_while(|day| *day <= to).collect()
}

impl Default for CalendarPolicy {
    /// The holidays of 2026 as the State Council's general office published them.
    fn default() -> Self {
        let holidays = [
            ((1, 1), (1, 3)),
            ((2, 15), (2, 23)),
            ((4, 4), (4, 6)),
            ((5, 1), (5, 5)),
            ((6, 19), (6, 21)),
            ((9, 25), (9, 27)),
            ((10, 1), (10, 7)),
        ];
        let worked = [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)];
        Self {
            published_until: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap_or(NaiveDate::MIN),
            holidays: holidays.into_iter().flat_map(|(from, to)| through(from, to)).collect(),
            worked_weekend_days: worked.into_iter().flat_map(|day| through(day, day)).collect(),
        }
    }
}

impl PolicyBody for CalendarPolicy {
    const KEY: PolicyKey = PolicyKey::Calendar;

    fn out_of_bounds(&self) -> Option<&'static str> {
        let in_order = |days: &[NaiveDate]| {
            days.len() <= MOST
                && days.is_sorted_by(|one, next| one < next)
                && days.last().is_none_or(|last| *last <= self.published_until)
        };
        let weekend = |day: &NaiveDate| matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        let sound = [
            ("published_until", (2000..=2200).contains(&self.published_until.year())),
            ("holidays", in_order(&self.holidays)),
            (
                "worked_weekend_days",
                in_order(&self.worked_weekend_days) && self.worked_weekend_days.iter().all(weekend),
            ),
        ];
        sound.into_iter().find_map(|(field, is_sound)| (!is_sound).then_some(field))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::read;
    use serde_json::json;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn working_days_pass_over_holidays_and_take_the_weekend_days_worked_for_them() {
        let calendar = CalendarPolicy::default();
        assert_eq!(calendar.out_of_bounds(), None);
        for (from, days, on) in [
            ("2026-03-02", 5, "2026-03-09"),
            ("2026-03-02", 0, "2026-03-02"),
            // The Saturday before the spring festival is worked, then nine days are not.
            ("2026-02-13", 1, "2026-02-14"),
            ("2026-02-13", 2, "2026-02-24"),
            ("2026-04-30", 1, "2026-05-06"),
            ("2026-04-30", 4, "2026-05-09"),
            ("2026-09-30", 1, "2026-10-08"),
            ("2026-12-30", 1, "2026-12-31"),
        ] {
            let reckoned = Reckoned { on: day(on), provisional: false };
            assert_eq!(calendar.after(day(from), days), reckoned, "{from} {days}");
        }
    }

    #[test]
    fn beyond_what_is_published_weekdays_are_counted_provisionally() {
        let calendar = CalendarPolicy::default();
        let beyond = Reckoned { on: day("2027-01-01"), provisional: true };
        assert_eq!(calendar.after(day("2026-12-31"), 1), beyond);
        let mut next = calendar;
        next.published_until = day("2027-12-31");
        next.holidays.extend(["2027-01-01", "2027-01-02", "2027-01-03"].map(day));
        let published = Reckoned { on: day("2027-01-04"), provisional: false };
        assert_eq!(next.after(day("2026-12-31"), 1), published);
    }

    #[test]
    fn a_calendar_out_of_order_is_refused_by_the_name_of_its_field() {
        let until = "2026-12-31";
        for (body, field) in [
            (
                json!({ "published_until": "1999-12-31", "holidays": [], "worked_weekend_days": [] }),
                "published_until",
            ),
            (
                json!({ "published_until": until, "holidays": ["2026-05-02", "2026-05-01"], "worked_weekend_days": [] }),
                "holidays",
            ),
            (
                json!({ "published_until": until, "holidays": ["2027-01-01"], "worked_weekend_days": [] }),
                "holidays",
            ),
            (
                json!({ "published_until": until, "holidays": [], "worked_weekend_days": ["2026-05-08"] }),
                "worked_weekend_days",
            ),
        ] {
            assert_eq!(read::<CalendarPolicy>(&body), Err(format!("{field}: out of bounds")));
        }
    }
}
