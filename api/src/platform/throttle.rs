//! Counters over windows of time, for what may not be tried without end. Each node counts for
//! itself and, where there is a Redis, for all; the larger count decides, so that an outage of
//! Redis neither lets everything through nor forgets what this node has seen.
//!
//! Windows are cut from the clock: all nodes cut alike. A key is stored as a keyed hash only.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Duration, Utc};
use moka::future::Cache;

use super::redis::Redis;
use super::seal::{MasterSecret, Purpose};

const HASHED_KEYS: Purpose = Purpose::new("throttle/key");
/// Counters of one node at most; 100 bytes or so each. Beyond it the rarely used go.
const CAPACITY: u64 = 100_000;
/// Longest window: a counter older than this is thrown away.
const LONGEST: std::time::Duration = std::time::Duration::from_hours(1);

/// Whether a try is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Allowance {
    /// Within the limit.
    Allowed,
    /// Over the limit.
    TooMany {
        /// Seconds until the window ends, 1 at least.
        retry_after: u32,
    },
}

/// Seconds until the window of `now` ends, 1 at least.
pub fn retry_after(window: Duration, now: DateTime<Utc>) -> u32 {
    let seconds = window.num_seconds().max(1);
    let left = seconds - now.timestamp().rem_euclid(seconds);
    u32::try_from(left).unwrap_or(u32::MAX)
}

/// An address as it is counted: of IPv6 the first 64 bits, since one subscriber holds all of the
/// rest and could take a new one for each try.
pub fn neighbourhood(place: IpAddr) -> IpAddr {
    match place.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Counts tries. Cloning is cheap.
#[derive(Clone)]
pub struct Throttle {
    secret: Arc<MasterSecret>,
    here: Cache<String, Arc<AtomicU64>>,
    redis: Option<Redis>,
}

impl Throttle {
    /// Counts in this process.
    pub fn local(secret: Arc<MasterSecret>) -> Self {
        let here = Cache::builder().max_capacity(CAPACITY).time_to_live(LONGEST).build();
        Self { secret, here, redis: None }
    }

    /// Counts for all nodes on this Redis too.
    #[must_use]
    pub fn with_redis(self, redis: Redis) -> Self {
        Self { redis: Some(redis), ..self }
    }

    /// Counts a try of `key` and says whether it is among the first `limit` of its window (an
    /// hour at most). The count of a try is taken before it is made, so that many at once do not
    /// slip through; call [`Self::forget`] where only failures count.
    pub async fn hit(
        &self,
        key: &str,
        limit: u32,
        window: Duration,
        now: DateTime<Utc>,
    ) -> Allowance {
        if self.count(key, window, now).await <= u64::from(limit) {
            Allowance::Allowed
        } else {
            Allowance::TooMany { retry_after: retry_after(window, now) }
        }
    }

    /// Counts a try of `key` and answers which of its window it is, from 1.
    pub async fn count(&self, key: &str, window: Duration, now: DateTime<Utc>) -> u64 {
        // One step, so that a counter never stays without its end.
        const COUNT: &str = "local n = redis.call('INCR', KEYS[1]) \
             if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end return n";
        let seconds = window.num_seconds().max(1);
        let name = self.name(key, seconds, now);
        let counter = self.here.get_with_by_ref(&name, async { Arc::default() }).await;
        let count = counter.fetch_add(1, Ordering::Relaxed) + 1;
        let Some(redis) = &self.redis else { return count };
        let mut command = ::redis::cmd("EVAL");
        command.arg(COUNT).arg(1).arg(redis.name(&name)).arg(seconds);
        count.max(redis.ask::<u64>(&command).await.unwrap_or(0))
    }

    /// Takes back a try of `key` that was counted at `now`.
    pub async fn give_back(&self, key: &str, window: Duration, now: DateTime<Utc>) {
        let name = self.name(key, window.num_seconds().max(1), now);
        if let Some(counter) = self.here.get(&name).await {
            let less = |count: u64| count.checked_sub(1);
            let _ = counter.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        }
        if let Some(redis) = &self.redis {
            // What an outage forgot in between is not counted below nothing.
            const LESS: &str = "local n = redis.call('GET', KEYS[1]) \
                 if n and tonumber(n) > 0 then return redis.call('DECR', KEYS[1]) end return 0";
            let mut command = ::redis::cmd("EVAL");
            command.arg(LESS).arg(1).arg(redis.name(&name));
            let _: Option<u64> = redis.ask(&command).await;
        }
    }

    /// Forgets the tries of `key` in the present window.
    pub async fn forget(&self, key: &str, window: Duration, now: DateTime<Utc>) {
        let name = self.name(key, window.num_seconds().max(1), now);
        self.here.invalidate(&name).await;
        if let Some(redis) = &self.redis {
            let mut command = ::redis::cmd("DEL");
            let _: Option<u64> = redis.ask(command.arg(redis.name(&name))).await;
        }
    }

    fn name(&self, key: &str, seconds: i64, now: DateTime<Utc>) -> String {
        let hash = self.secret.blind_index(HASHED_KEYS, key);
        let window = now.timestamp().div_euclid(seconds);
        format!("throttle:{}:{window}", hex::encode(hash))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_100 + seconds, 0).unwrap()
    }

    #[tokio::test]
    async fn the_limit_holds_within_a_window_and_for_one_key() {
        let throttle = Throttle::local(Arc::new(MasterSecret::new(&[7; 32])));
        let window = Duration::minutes(15);
        // 1,790,000,100 is a multiple of 900: the beginning of a window.
        for _ in 0..3 {
            assert_eq!(throttle.hit("a", 3, window, at(0)).await, Allowance::Allowed);
        }
        let over = throttle.hit("a", 3, window, at(10)).await;
        assert_eq!(over, Allowance::TooMany { retry_after: 890 });
        assert_eq!(throttle.hit("b", 3, window, at(10)).await, Allowance::Allowed);
        let last = throttle.hit("a", 3, window, at(899)).await;
        assert_eq!(last, Allowance::TooMany { retry_after: 1 });
        assert_eq!(throttle.hit("a", 3, window, at(900)).await, Allowance::Allowed);
    }

    #[tokio::test]
    async fn what_is_forgotten_counts_no_more() {
        let throttle = Throttle::local(Arc::new(MasterSecret::new(&[7; 32])));
        let window = Duration::minutes(15);
        for _ in 0..10 {
            assert_eq!(throttle.hit("a", 1, window, at(0)).await, Allowance::Allowed);
            throttle.forget("a", window, at(0)).await;
        }
    }

    #[tokio::test]
    async fn a_try_that_is_given_back_was_none() {
        let throttle = Throttle::local(Arc::new(MasterSecret::new(&[7; 32])));
        let window = Duration::minutes(15);
        throttle.give_back("a", window, at(0)).await;
        assert_eq!(throttle.count("a", window, at(0)).await, 1);
        assert_eq!(throttle.count("a", window, at(0)).await, 2);
        // Counted in a window that has ended, it is not taken from this one.
        assert_eq!(throttle.count("a", window, at(900)).await, 1);
        throttle.give_back("a", window, at(0)).await;
        assert_eq!(throttle.count("a", window, at(0)).await, 2);
        assert_eq!(throttle.count("a", window, at(900)).await, 2);
    }

    #[tokio::test]
    async fn many_tries_at_once_do_not_slip_through() {
        let throttle = Throttle::local(Arc::new(MasterSecret::new(&[7; 32])));
        let tries = (0..50).map(|_| throttle.hit("a", 10, Duration::minutes(1), at(0)));
        let allowed = futures::future::join_all(tries).await;
        assert_eq!(allowed.iter().filter(|a| **a == Allowance::Allowed).count(), 10);
    }
}
