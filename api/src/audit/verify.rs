//! Checking the chains: which row was edited, removed, put elsewhere or cut off.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use entities::{audit_entry, audit_stream};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::chain::{GENESIS, holds};
use super::checkpoint::{self, Heads};
use crate::platform::failure::Fault;
use crate::platform::texts::Catalogue;

/// Rows read at once.
const PAGE: u64 = 2_000;

static TEXTS: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(include_str!("audit.zh-CN.ftl"), include_str!("audit.en.ftl")));

/// What is wrong with a chain, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// A row's content does not give its hash.
    Edited {
        /// Chain.
        stream: String,
        /// Row.
        seq: i64,
    },
    /// A row is missing between others.
    Missing {
        /// Chain.
        stream: String,
        /// The first row that is missing.
        seq: i64,
    },
    /// A row's link does not lead to the row before it.
    Reordered {
        /// Chain.
        stream: String,
        /// Row.
        seq: i64,
    },
    /// The chain ends before what its head or a checkpoint says.
    Truncated {
        /// Chain.
        stream: String,
        /// The last row there is.
        seq: i64,
        /// The last row there was.
        known: i64,
    },
    /// At a known row the chain has another hash: it was written anew.
    Rewritten {
        /// Chain.
        stream: String,
        /// Row.
        seq: i64,
    },
    /// The chain goes on after its head: the head was moved back or taken away.
    HeadBehind {
        /// Chain.
        stream: String,
        /// The last row there is.
        seq: i64,
        /// The row the head names; 0 where there is no head.
        head: i64,
    },
    /// A checkpoint is wrong in itself.
    Checkpoint {
        /// Checkpoint.
        seq: i64,
        /// What is wrong.
        why: &'static str,
    },
}

impl Finding {
    /// The stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Edited { .. } => "AUDIT_ROW_EDITED",
            Self::Missing { .. } => "AUDIT_ROW_MISSING",
            Self::Reordered { .. } => "AUDIT_ROW_REORDERED",
            Self::Truncated { .. } => "AUDIT_TRUNCATED",
            Self::Rewritten { .. } => "AUDIT_REWRITTEN",
            Self::HeadBehind { .. } => "AUDIT_HEAD_BEHIND",
            Self::Checkpoint { .. } => "AUDIT_CHECKPOINT_INVALID",
        }
    }
}

/// One line: the code, the place, and the text in both languages.
impl std::fmt::Display for Finding {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (stream, seq, arg) = match self {
            Self::Edited { stream, seq }
            | Self::Missing { stream, seq }
            | Self::Reordered { stream, seq }
            | Self::Rewritten { stream, seq } => (Some(stream), seq, None),
            Self::Truncated { stream, seq, known } => {
                (Some(stream), seq, Some(("known", known.to_string())))
            }
            Self::HeadBehind { stream, seq, head } => {
                (Some(stream), seq, Some(("head", head.to_string())))
            }
            Self::Checkpoint { seq, why } => (None, seq, Some(("why", (*why).to_owned()))),
        };
        write!(formatter, "{}", self.code())?;
        if let Some(stream) = stream {
            write!(formatter, " stream={stream}")?;
        }
        let args: Vec<(&str, &str)> = arg.iter().map(|(name, v)| (*name, v.as_str())).collect();
        write!(formatter, " seq={seq}: {}", TEXTS.both(self.code(), &args))
    }
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

/// What is known of a chain from outside its rows.
#[derive(Default)]
struct Known {
    /// The row its head names.
    head: i64,
    /// Hashes by row, as the head, checkpoints and the anchor have them.
    hashes: BTreeMap<i64, Vec<Vec<u8>>>,
}

/// Checks every chain from its first row to its head, every checkpoint, and, where one is given,
/// that the chains still contain the heads of an anchor kept elsewhere.
pub async fn verify(db: &impl ConnectionTrait, anchor: Option<&Heads>) -> Result<Report, Fault> {
    let mut report = Report::default();
    let (checkpoints, wrong) = checkpoint::verify_all(db).await?;
    report.checkpoints = checkpoints.len();
    report.findings.extend(wrong);
    let mut known: BTreeMap<String, Known> = BTreeMap::new();
    // A chain whose head was taken away still has its rows.
    let with_rows: Vec<String> = audit_entry::Entity::find()
        .select_only()
        .column(audit_entry::Column::Stream)
        .distinct()
        .into_tuple()
        .all(db)
        .await?;
    known.extend(with_rows.into_iter().map(|stream| (stream, Known::default())));
    for heads in checkpoints.iter().chain(anchor) {
        for (stream, (seq, hash)) in heads {
            let of_stream = known.entry(stream.clone()).or_default();
            of_stream.hashes.entry(*seq).or_default().push(hash.clone());
        }
    }
    for row in audit_stream::Entity::find().all(db).await? {
        let of_stream = known.entry(row.id).or_default();
        of_stream.head = row.seq;
        of_stream.hashes.entry(row.seq).or_default().push(row.head);
    }
    report.streams = known.len();
    for (stream, known) in &known {
        verify_stream(db, stream, known, &mut report).await?;
    }
    Ok(report)
}

async fn verify_stream(
    db: &impl ConnectionTrait,
    stream: &str,
    known: &Known,
    report: &mut Report,
) -> Result<(), Fault> {
    let name = || stream.to_owned();
    let (mut seq, mut head) = (0, GENESIS.to_vec());
    // A row put before the first one is read too.
    let mut read_to = i64::MIN;
    loop {
        let rows = audit_entry::Entity::find()
            .filter(audit_entry::Column::Stream.eq(stream))
            .filter(audit_entry::Column::Seq.gt(read_to))
            .order_by_asc(audit_entry::Column::Seq)
            .limit(PAGE)
            .all(db)
            .await?;
        let Some(last) = rows.last() else { break };
        read_to = last.seq;
        for row in rows {
            report.entries += 1;
            if row.seq < 1 {
                report.findings.push(Finding::Reordered { stream: name(), seq: row.seq });
                continue;
            }
            if row.seq != seq + 1 {
                report.findings.push(Finding::Missing { stream: name(), seq: seq + 1 });
            } else if row.prev_hash != head {
                report.findings.push(Finding::Reordered { stream: name(), seq: row.seq });
            }
            if !holds(&row) {
                report.findings.push(Finding::Edited { stream: name(), seq: row.seq });
            }
            let hashes = known.hashes.get(&row.seq);
            if hashes.is_some_and(|hashes| hashes.iter().any(|hash| *hash != row.hash)) {
                report.findings.push(Finding::Rewritten { stream: name(), seq: row.seq });
            }
            (seq, head) = (row.seq, row.hash);
        }
    }
    if let Some((&last, _)) = known.hashes.last_key_value()
        && last > seq
    {
        report.findings.push(Finding::Truncated { stream: name(), seq, known: last });
    }
    if known.head < seq {
        report.findings.push(Finding::HeadBehind { stream: name(), seq, head: known.head });
    }
    Ok(())
}
