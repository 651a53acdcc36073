//! The audit log: one hash chain an agency plus `system`, and signed checkpoints over all heads.
//!
//! Whoever writes does so through [`UnitOfWork`], so no change is committed without its entries.
//! Entries hold ids, words and salted digests, never personal values: a chain cannot erase.

pub mod chain;
pub mod checkpoint;
pub mod unit_of_work;
pub mod verify;

use entities::ids::AgencyId;
use serde_json::Value;

pub use unit_of_work::{UnitOfWork, record_readings};

/// Which chain an entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// What concerns the deployment: keys, policies, accounts, divisions.
    System,
    /// What concerns an agency and its people.
    Agency(AgencyId),
}

impl Stream {
    /// The chain's name in the database.
    pub fn name(self) -> String {
        match self {
            Self::System => "system".to_owned(),
            Self::Agency(id) => id.0.to_string(),
        }
    }
}

/// What is to be recorded.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Which chain.
    pub stream: Stream,
    /// What was done: `certificate.suspend`.
    pub action: &'static str,
    /// On what: a node id such as `cert_…`.
    pub subject: String,
    /// Details without personal values.
    pub body: Value,
}
