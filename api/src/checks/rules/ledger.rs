//! Which records are new. What is kept depends on which records came, and neither on their order nor
//! on how often or in which parts they were sent.

use std::collections::{HashMap, HashSet};

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

/// The records of one phone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    /// The hashes under each id.
    hashes: HashMap<Uuid, Vec<RecordHash>>,
    /// Ids under which there are two at least, whichever.
    contradicted: HashSet<Uuid>,
}

impl Ledger {
    /// Takes note that records of an id contradict each other, without all of them: a phone may have
    /// sent any number.
    pub fn contradict(&mut self, id: Uuid) {
        self.contradicted.insert(id);
    }

    /// Takes a record that is kept, or is to be.
    pub fn place(&mut self, id: Uuid, hash: RecordHash) -> Placed {
        let hashes = self.hashes.entry(id).or_default();
        if hashes.contains(&hash) {
            return Placed::Known;
        }
        hashes.push(hash);
        if self.conflicts(id) { Placed::Conflict } else { Placed::New }
    }

    /// Whether records of an id contradict each other.
    pub fn conflicts(&self, id: Uuid) -> bool {
        self.contradicted.contains(&id)
            || self.hashes.get(&id).is_some_and(|hashes| hashes.len() > 1)
    }
}
