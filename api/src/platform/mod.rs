//! What every capability stands on and what knows none of them: the clock, randomness and ids
//! that are passed in, the database, sealing, texts, and the way failures are told.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

pub mod actor;
pub mod clock;
pub mod database;
pub mod failure;
pub mod ids;
pub mod jobs;
pub mod keys;
pub mod random;
pub mod seal;
pub mod texts;

use clock::Clock;
use database::Database;
use ids::Ids;
use keys::Keyring;
use random::Random;
use seal::MasterSecret;

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
    ids: Arc<Ids>,
}

impl Platform {
    /// Puts the handles together.
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
            secret,
            keyring: Keyring::default(),
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
