//! How a record stands beside others: those of a phone hang together, each holding the hash of the
//! one before, and no two hold one showing of a code. What does not fit is told and kept; nothing is
//! refused for it, since a phone that was restored from a copy, or whose records come in parts, is no
//! forger. It is worked out each time a record is read, since what it depends on may come later: so
//! no order of delivery changes it.

/// What does not fit, of a record among those that are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
#[graphql(name = "CheckChainReason")]
pub enum ChainReason {
    /// The record before is not here yet: it is asked for.
    PreviousMissing,
    /// The record before is another than this one says.
    ChainBroken,
    /// Another record of the phone has the same sequence.
    SequenceTwice,
    /// Another record of the phone holds the very same showing of a phone's code: one scan, told
    /// twice. It is a remark: nothing is decided by it.
    CodeTwice,
    /// A record of another phone holds the very same showing of a phone's code: two who looked at
    /// one screen, or a picture of it that was passed on. It is a remark: nothing is decided by it.
    CodeElsewhere,
}

/// What stands beside a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question about other records")]
pub struct Beside {
    /// The phone has a record with the sequence before.
    pub before: bool,
    /// One of those has the hash that this one names.
    pub named: bool,
    /// The phone has another with the same sequence.
    pub same_sequence: bool,
    /// The phone has one of another id with the same showing of a code.
    pub same_showing: bool,
    /// Another phone has one with that showing.
    pub shown_elsewhere: bool,
}

/// What does not fit about a record, the first of its phone or a later one.
pub fn chain_reasons(is_first: bool, beside: &Beside) -> Vec<ChainReason> {
    [
        (ChainReason::PreviousMissing, !is_first && !beside.before),
        (ChainReason::ChainBroken, !is_first && beside.before && !beside.named),
        (ChainReason::SequenceTwice, beside.same_sequence),
        (ChainReason::CodeTwice, beside.same_showing),
        (ChainReason::CodeElsewhere, beside.shown_elsewhere),
    ]
    .into_iter()
    .filter_map(|(reason, applies)| applies.then_some(reason))
    .collect()
}
