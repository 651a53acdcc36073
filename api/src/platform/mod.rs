//! What every capability stands on and what knows none of them: the clock, randomness and ids
//! that are passed in, the database, sealing, texts, hints and counters shared between nodes, and
//! the way failures are told.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub mod actor;
pub mod clock;
pub mod database;
pub mod events;
pub mod failure;
pub mod files;
pub mod ids;
pub mod jobs;
pub mod keys;
pub mod metrics;
pub mod random;
pub mod redis;
pub mod seal;
pub mod seen;
pub mod spelling;
pub mod texts;
pub mod throttle;

use clock::Clock;
use database::Database;
use events::Events;
use ids::Ids;
use keys::Keyring;
use metrics::Metrics;
use random::Random;
use redis::Redis;
use seal::MasterSecret;
use seen::Seen;
use throttle::Throttle;

/// The handles every use-case is given. Cloning is cheap.
#[derive(Clone)]
pub struct Platform {
    /// The database.
    pub db: Database,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub random: Random,
    /// What personal data and private keys are sealed under.
    pub secret: Arc<MasterSecret>,
    /// Signing keys, loaded by [`keys::load`].
    pub keyring: Keyring,
    /// Hints that something changed.
    pub events: Events,
    /// Counts what may not be tried without end.
    pub throttle: Throttle,
    /// Remembers what was seen a moment ago.
    pub seen: Seen,
    /// What this node counts.
    pub metrics: Metrics,
    ids: Arc<Ids>,
}

impl Platform {
    /// Puts the handles together; hints and counters are those of this process.
    pub fn new(
        db: Database,
        clock: Arc<dyn Clock>,
        random: Random,
        secret: Arc<MasterSecret>,
    ) -> Self {
        Self {
            db,
            clock,
            ids: Arc::new(Ids::new(random.clone())),
            random,
            throttle: Throttle::local(secret.clone()),
            seen: Seen::local(secret.clone()),
            secret,
            keyring: Keyring::default(),
            events: Events::local(),
            metrics: Metrics::default(),
        }
    }

    /// Shares hints and counters with the other nodes on this Redis.
    #[must_use]
    pub fn with_redis(self, redis: Redis) -> Self {
        Self {
            events: Events::with_redis(redis.clone()),
            throttle: self.throttle.clone().with_redis(redis.clone()),
            seen: self.seen.clone().with_redis(redis),
            ..self
        }
    }

    /// The same deployment under another clock: the demo lives through six years in a minute.
    #[must_use]
    pub fn with_clock(&self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self.clone() }
    }

    /// Now, cut to microseconds.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// A new time-ordered id.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(self.ids.next(self.now()))
    }
}
