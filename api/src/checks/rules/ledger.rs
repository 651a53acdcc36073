//! Which records are new. What is kept depends on which records came, and neither on their order nor
//! on how often or in which parts they were sent.

use std::collections::HashMap;

use mobile_contract::record::RecordHash;
use uuid::Uuid;

/// What a record is to what came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placed {
    /// It is kept.
    New,
    /// It is kept already.
    Known,
    /// It is kept, and so is another of the same id: both are in conflict.
    Conflict,
}

/// The records of one phone: the hashes under each id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger(HashMap<Uuid, Vec<RecordHash>>);

impl Ledger {
    /// Takes a record that is kept, or is to be.
    pub fn place(&mut self, id: Uuid, hash: RecordHash) -> Placed {
        let hashes = self.0.entry(id).or_default();
        if hashes.contains(&hash) {
            return Placed::Known;
        }
        hashes.push(hash);
        if hashes.len() == 1 { Placed::New } else { Placed::Conflict }
    }

    /// Whether records of an id contradict each other.
    pub fn conflicts(&self, id: Uuid) -> bool {
        self.0.get(&id).is_some_and(|hashes| hashes.len() > 1)
    }
}
