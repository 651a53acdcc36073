//! New ids: `UUIDv7` (RFC 9562 §5.7) from the clock and the randomness passed in, rising within a
//! process even where several fall in one millisecond, so that rows sort in order of entry.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

use super::random::Random;

/// Gives out ids.
pub struct Ids {
    random: Random,
    last: Mutex<(u64, u16)>,
}

impl Ids {
    /// Gives out ids from this randomness.
    pub fn new(random: Random) -> Self {
        Self { random, last: Mutex::new((0, 0)) }
    }

    /// The next id at a time. The 12 bits after the milliseconds count ids of one millisecond;
    /// a clock that steps back, or more than 4,096 ids, borrows from the millisecond after.
    pub fn next(&self, at: DateTime<Utc>) -> Uuid {
        let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
        let (millis, count) = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last = match *last {
                (m, _) if m < millis || m - millis > OTHER_CLOCK => (millis, 0),
                (m, 0x0fff) => (m + 1, 0),
                (m, c) => (m, c + 1),
            };
            *last
        };
        let mut rest: [u8; 10] = self.random.bytes();
        let [high, low] = count.to_be_bytes();
        let [a, b, ..] = &mut rest;
        (*a, *b) = (high, low);
        Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
    }
}

/// A clock further back than this (a minute, in milliseconds) is another clock, not a step.
const OTHER_CLOCK: u64 = 60_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_moment_rise_and_differ() {
        let ids = Ids::new(Random::seeded(7));
        let at = DateTime::from_timestamp_millis(1_790_000_000_000).unwrap();
        let made: Vec<Uuid> = (0..10_000).map(|_| ids.next(at)).collect();
        assert!(made.windows(2).all(|w| w[0] < w[1]));
        assert!(made.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn a_clock_far_back_gives_ids_of_its_own_time() {
        let ids = Ids::new(Random::seeded(7));
        let late = DateTime::from_timestamp_millis(1_790_000_000_000).unwrap();
        let early = DateTime::from_timestamp_millis(1_600_000_000_000).unwrap();
        assert!(ids.next(early) < ids.next(late));
        assert!(ids.next(early) < ids.next(late));
    }
}
