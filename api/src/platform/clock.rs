//! The time, passed in. Stored times are UTC cut to microseconds (what PostgreSQL keeps); dates,
//! years and the ends of days are those of Asia/Shanghai, which has had no summer time since 1991.

use chrono::{
    DateTime, Days, FixedOffset, NaiveDate, NaiveTime, SubsecRound, TimeDelta, TimeZone, Utc,
};

/// Where the time comes from.
pub trait Clock: Send + Sync {
    /// Now, cut to microseconds.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
        Utc::now().trunc_subsecs(6)
    }
}

/// How far the clocks of nodes may differ.
const CLOCKS_DIFFER: TimeDelta = TimeDelta::seconds(5);

/// The whole second that the next of a series is to bear, of which the newer is known by its time:
/// now, and none where the newest bears it already. One that bears a time that has not come was made
/// by a clock ahead of this one; the next follows it at once, rather than wait until then.
pub fn next_second(newest: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let now = now.trunc_subsecs(0);
    match newest {
        Some(newest) if newest > now + CLOCKS_DIFFER => {
            tracing::error!(%newest, %now, "what was signed last bears a time that has not come");
            Some(newest + TimeDelta::seconds(1))
        }
        Some(newest) if newest >= now => None,
        _ => Some(now),
    }
}

/// UTC+8.
const SHANGHAI: FixedOffset = match FixedOffset::east_opt(8 * 3600) {
    Some(offset) => offset,
    None => unreachable!(),
};

/// A time as the wall clock in China shows it.
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    at.with_timezone(&SHANGHAI)
}

/// The calendar day in China.
pub fn local_date(at: DateTime<Utc>) -> NaiveDate {
    local(at).date_naive()
}

/// The first moment of a day in China.
pub fn start_of_day(day: NaiveDate) -> DateTime<Utc> {
    SHANGHAI
        .from_local_datetime(&day.and_time(NaiveTime::MIN))
        .single()
        .map_or(DateTime::<Utc>::MIN_UTC, |t| t.with_timezone(&Utc))
}

/// The first moment after a day in China: the `exp` of what is valid through that day.
pub fn end_of_day(day: NaiveDate) -> DateTime<Utc> {
    start_of_day(day.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_china_runs_from_16_hours_utc() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        assert_eq!(start_of_day(day).to_rfc3339(), "2025-12-31T16:00:00+00:00");
        assert_eq!(end_of_day(day).to_rfc3339(), "2026-01-01T16:00:00+00:00");
        assert_eq!(local_date(start_of_day(day)), day);
        assert_eq!(local_date(end_of_day(day)), day.succ_opt().unwrap());
    }
}
