//! What was seen a moment ago, for remarks that need no certainty: each node remembers for itself
//! and, where there is a Redis, for all. It is bounded, forgets by itself, and knows a key by a
//! keyed hash only. Who saw it is not kept.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use moka::future::Cache;

use super::redis::Redis;
use super::seal::{MasterSecret, Purpose};

const HASHED_KEYS: Purpose = Purpose::new("seen/key");
/// Keys of one node at most; 100 bytes or so each. Beyond it the rarely used go.
const CAPACITY: u64 = 100_000;
/// Longest time anything is remembered.
const LONGEST: std::time::Duration = std::time::Duration::from_mins(10);

/// Remembers when something was first seen. Cloning is cheap.
#[derive(Clone)]
pub struct Seen {
    secret: Arc<MasterSecret>,
    here: Cache<String, DateTime<Utc>>,
    redis: Option<Redis>,
}

impl Seen {
    /// Remembers in this process.
    pub fn local(secret: Arc<MasterSecret>) -> Self {
        let here = Cache::builder().max_capacity(CAPACITY).time_to_live(LONGEST).build();
        Self { secret, here, redis: None }
    }

    /// Remembers for all nodes on this Redis too.
    #[must_use]
    pub fn with_redis(self, redis: Redis) -> Self {
        Self { redis: Some(redis), ..self }
    }

    /// Marks `key` as seen now and answers when it was first seen within the last `keep` (ten minutes
    /// at most); `now` itself where it was not. Where Redis does not answer, this node goes by what
    /// it has seen.
    pub async fn first(&self, key: &str, keep: Duration, now: DateTime<Utc>) -> DateTime<Utc> {
        // One step, so that of two at once one is the first.
        const FIRST: &str = "local v = redis.call('GET', KEYS[1]) \
             if v then return v end \
             redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) return ARGV[1]";
        let name = format!("seen:{}", hex::encode(self.secret.blind_index(HASHED_KEYS, key)));
        let lately = |at: &DateTime<Utc>| now - *at <= keep;
        let here = self.here.get_with_by_ref(&name, async { now }).await;
        let here = if lately(&here) {
            here
        } else {
            self.here.insert(name.clone(), now).await;
            now
        };
        let Some(redis) = &self.redis else { return here };
        let mut command = ::redis::cmd("EVAL");
        command.arg(FIRST).arg(1).arg(redis.name(&name));
        command.arg(now.timestamp_micros()).arg(keep.num_milliseconds().max(1));
        let there = redis.ask::<i64>(&command).await.and_then(DateTime::from_timestamp_micros);
        // A node whose clock runs ahead is no reason to tell of the future.
        there.filter(lately).map_or(here, |there| there.min(here))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
    }

    #[tokio::test]
    async fn the_first_time_is_told_until_it_is_forgotten() {
        let seen = Seen::local(Arc::new(MasterSecret::new(&[7; 32])));
        let keep = Duration::seconds(120);
        for (key, now, first) in [
            ("a", 0, 0),
            ("a", 1, 0),
            ("b", 60, 60),
            ("a", 120, 0),
            ("a", 121, 121),
            ("b", 130, 60),
            ("a", 200, 121),
        ] {
            assert_eq!(seen.first(key, keep, at(now)).await, at(first), "{key} {now}");
        }
    }

    #[tokio::test]
    async fn of_many_at_once_all_are_told_the_same() {
        let seen = Seen::local(Arc::new(MasterSecret::new(&[7; 32])));
        let all = (0..50).map(|n| seen.first("a", Duration::seconds(120), at(n)));
        let all = futures::future::join_all(all).await;
        assert!(all.iter().all(|first| *first == all[0]), "{all:?}");
    }
}
