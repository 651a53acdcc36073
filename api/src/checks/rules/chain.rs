//! How the records of a phone hang together: each holds the hash of the one before. What does not fit
//! is told and kept; nothing is refused for it, since a phone that was restored from a copy, or whose
//! records come in parts, is no forger.

/// What does not fit, of a record among those of its phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "CheckChainReason")]
pub enum ChainReason {
    /// The record before is not here yet: it is asked for.
    PreviousMissing,
    /// The record before is another than this one says.
    ChainBroken,
    /// Another record of the phone has the same sequence.
    SequenceTwice,
}

/// A record in its chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its place.
    pub sequence: i32,
    /// Its hash.
    pub hash: Vec<u8>,
    /// The hash of the one before, as it says; none for the first.
    pub previous: Option<Vec<u8>>,
}

/// What does not fit about a record. `others` are those of the same phone with its sequence or the
/// one before, itself perhaps among them.
pub fn chain_reasons(link: &Link, others: &[Link]) -> Vec<ChainReason> {
    let mut reasons = Vec::new();
    if let Some(previous) = &link.previous {
        let mut before = others.iter().filter(|o| o.sequence == link.sequence - 1).peekable();
        if before.peek().is_none() {
            reasons.push(ChainReason::PreviousMissing);
        } else if !before.any(|other| other.hash == *previous) {
            reasons.push(ChainReason::ChainBroken);
        }
    }
    if others.iter().any(|o| o.sequence == link.sequence && o.hash != link.hash) {
        reasons.push(ChainReason::SequenceTwice);
    }
    reasons
}
