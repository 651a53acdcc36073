//! Checking the chains: which row was edited, removed, put elsewhere or cut off.

use std::collections::BTreeMap;

use entities::{audit_entry, audit_stream};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::chain::{GENESIS, entry_hash};
use super::checkpoint::{self, Heads};
use crate::platform::failure::Fault;

/// Rows read at once.
const PAGE: u64 = 2_000;

/// What is wrong with a chain, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// A row's content does not give its hash.
    #[error("AUDIT_ROW_EDITED stream={stream} seq={seq}: the row does not match its hash")]
    Edited {
        /// Chain.
        stream: String,
        /// Row.
        seq: i64,
    },
    /// A row is missing between others.
    #[error("AUDIT_ROW_MISSING stream={stream} seq={seq}: the row is not there")]
    Missing {
        /// Chain.
        stream: String,
        /// The first row that is missing.
        seq: i64,
    },
    /// A row's link does not lead to the row before it.
    #[error(
        "AUDIT_ROW_REORDERED stream={stream} seq={seq}: the row does not follow the one before it"
    )]
    Reordered {
        /// Chain.
        stream: String,
        /// Row.
        seq: i64,
    },
    /// The chain ends before what its head or a checkpoint says.
    #[error(
        "AUDIT_TRUNCATED stream={stream} seq={seq}: rows after this one are gone (known: {known})"
    )]
    Truncated {
        /// Chain.
        stream: String,
        /// The last row there is.
        seq: i64,
        /// The last row there was.
        known: i64,
    },
    /// At a known row the chain has another hash: it was written anew.
    #[error("AUDIT_REWRITTEN stream={stream} seq={seq}: the chain differs from the checkpoint")]
    Rewritten {
        /// Chain.
        stream: String,
        /// Row.
        seq: i64,
    },
    /// A checkpoint is wrong in itself.
    #[error("AUDIT_CHECKPOINT_INVALID seq={seq}: {why}")]
    Checkpoint {
        /// Checkpoint.
        seq: i64,
        /// What is wrong.
        why: &'static str,
    },
}

/// What was checked and what was found.
#[derive(Debug, Default)]
pub struct Report {
    /// Chains.
    pub streams: usize,
    /// Rows.
    pub entries: u64,
    /// Checkpoints.
    pub checkpoints: usize,
    /// What is wrong, in the order it was met.
    pub findings: Vec<Finding>,
}

/// Checks every chain from its first row to its head, every checkpoint, and, where one is given,
/// that the chains still contain the heads of an anchor kept elsewhere.
pub async fn verify(db: &impl ConnectionTrait, anchor: Option<&Heads>) -> Result<Report, Fault> {
    let mut report = Report::default();
    // What is known of each chain from outside its rows: sequence → hash.
    let mut known: BTreeMap<String, BTreeMap<i64, Vec<u8>>> = BTreeMap::new();
    let (checkpoints, wrong) = checkpoint::verify_all(db).await?;
    report.checkpoints = checkpoints.len();
    report.findings.extend(wrong);
    for heads in checkpoints.iter().chain(anchor) {
        for (stream, (seq, hash)) in heads {
            known.entry(stream.clone()).or_default().insert(*seq, hash.clone());
        }
    }
    let mut streams: BTreeMap<String, i64> = audit_stream::Entity::find()
        .order_by_asc(audit_stream::Column::Id)
        .all(db)
        .await?
        .into_iter()
        .map(|s| {
            known.entry(s.id.clone()).or_default().entry(s.seq).or_insert(s.head);
            (s.id, s.seq)
        })
        .collect();
    for stream in known.keys() {
        streams.entry(stream.clone()).or_insert(0);
    }
    report.streams = streams.len();
    for stream in streams.keys() {
        let expected = known.remove(stream).unwrap_or_default();
        verify_stream(db, stream, &expected, &mut report).await?;
    }
    Ok(report)
}

async fn verify_stream(
    db: &impl ConnectionTrait,
    stream: &str,
    known: &BTreeMap<i64, Vec<u8>>,
    report: &mut Report,
) -> Result<(), Fault> {
    let (mut seq, mut head) = (0, GENESIS.to_vec());
    loop {
        let rows = audit_entry::Entity::find()
            .filter(audit_entry::Column::Stream.eq(stream))
            .filter(audit_entry::Column::Seq.gt(seq))
            .order_by_asc(audit_entry::Column::Seq)
            .limit(PAGE)
            .all(db)
            .await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            report.entries += 1;
            let name = || stream.to_owned();
            if row.seq != seq + 1 {
                report.findings.push(Finding::Missing { stream: name(), seq: seq + 1 });
            } else if row.prev_hash != head {
                report.findings.push(Finding::Reordered { stream: name(), seq: row.seq });
            }
            if entry_hash(&row).as_slice() != row.hash {
                report.findings.push(Finding::Edited { stream: name(), seq: row.seq });
            }
            if known.get(&row.seq).is_some_and(|hash| *hash != row.hash) {
                report.findings.push(Finding::Rewritten { stream: name(), seq: row.seq });
            }
            (seq, head) = (row.seq, row.hash);
        }
    }
    if let Some((&last, _)) = known.last_key_value()
        && last > seq
    {
        report.findings.push(Finding::Truncated { stream: stream.to_owned(), seq, known: last });
    }
    Ok(())
}
