//! The proof that entries of the audit log are what they were: for each chain the digests of all
//! contents from the first of the entries to the last that a signed checkpoint names. Whoever has
//! them computes the chain anew; of others' entries they learn that there are some.

use std::collections::HashMap;

use entities::enums::KeyUse;
use entities::ids::PersonId;
use entities::{audit_entry, signing_key};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::Bounds;
use super::file::{Checkpoint, Key, LogEntry, Proof, Run};
use crate::access::Scope;
use crate::audit::chain::{content_hash, entry_hash, holds, time_text};
use crate::audit::checkpoint;
use crate::exports::log;
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// Rows read at once.
const AT_ONCE: u64 = 2_000;

/// Who read or took what there is waits for the next checkpoint: else each file would make one for
/// the file before.
const CAN_WAIT: [&str; 2] = [crate::exports::EVIDENCE, crate::officers::REVEAL];

/// Makes a checkpoint where the newest does not cover everything that was done about this officer.
pub(super) async fn cover(
    platform: &Platform,
    scope: &Scope,
    person: PersonId,
    bounds: Bounds,
) -> Result<(), Fault> {
    let db = platform.db.read();
    let rows = entries_of(db, scope, person, bounds).await?;
    let covered = match checkpoint::newest(db).await? {
        None => false,
        Some(newest) => {
            let heads = checkpoint::stated(&newest.body)?;
            rows.iter()
                .filter(|row| !CAN_WAIT.contains(&row.action.as_str()))
                .all(|row| heads.get(&row.stream).is_some_and(|(seq, _)| row.seq <= *seq))
        }
    };
    if !covered {
        checkpoint::make(platform, None).await?;
    }
    Ok(())
}

/// The entries about an officer in chains of a scope, by chain and number.
async fn entries_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: PersonId,
    bounds: Bounds,
) -> Result<Vec<audit_entry::Model>, Fault> {
    use audit_entry::Column::{Id, Subject};
    let subjects = log::subjects(db, &encode(person)).await?;
    let mut rows = audit_entry::Entity::find()
        .filter(Subject.is_in(subjects))
        .filter(log::within(db, scope).await?)
        .order_by_desc(Id)
        .limit(bounds.entries)
        .all(db)
        .await?;
    rows.sort_unstable_by(|a, b| (&a.stream, a.seq).cmp(&(&b.stream, b.seq)));
    Ok(rows)
}

/// The entries about an officer that the newest checkpoint covers, and what proves them.
pub(super) async fn prove(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: PersonId,
    bounds: Bounds,
) -> Result<(Vec<LogEntry>, Proof), Fault> {
    let newest = checkpoint::newest(db).await?;
    let checkpoint = newest.ok_or_else(|| Fault::other("there is no checkpoint"))?;
    let heads = checkpoint::stated(&checkpoint.body)?;
    let mut rows = entries_of(db, scope, person, bounds).await?;
    let head = |stream: &str| heads.get(stream).map_or(0, |(seq, _)| *seq);
    rows.retain(|row| row.seq <= head(&row.stream));
    let mut first: HashMap<&str, i64> = HashMap::new();
    for row in &rows {
        first.entry(&row.stream).or_insert(row.seq);
    }
    let mut streams: Vec<(&str, i64)> = first.into_iter().collect();
    streams.sort_unstable();
    let mut runs = Vec::with_capacity(streams.len());
    for (stream, from) in streams {
        let head = head(stream);
        let from = from.max(head - bounds.links + 1);
        runs.extend(run(db, stream, from, head).await?);
    }
    let keys = signing_key::Entity::find()
        .filter(signing_key::Column::Use.eq(KeyUse::Audit))
        .filter(signing_key::Column::Kid.eq(checkpoint.kid.clone()))
        .order_by_asc(signing_key::Column::Id)
        .all(db)
        .await?;
    let proof = Proof {
        runs,
        checkpoint: Checkpoint {
            seq: checkpoint.seq,
            at: time_text(checkpoint.at),
            body: checkpoint.body,
            prev_hash: hex::encode(checkpoint.prev_hash),
            hash: hex::encode(checkpoint.hash),
            kid: hex::encode(checkpoint.kid),
            signature: hex::encode(checkpoint.signature),
        },
        keys: keys
            .into_iter()
            .map(|key| Key {
                kid: hex::encode(key.kid),
                algorithm: key.algorithm.code(),
                public: hex::encode(key.public_key),
                not_before: key.not_before,
                not_after: key.not_after,
            })
            .collect(),
    };
    Ok((rows.into_iter().map(entry).collect(), proof))
}

fn entry(row: audit_entry::Model) -> LogEntry {
    LogEntry {
        stream: row.stream,
        seq: row.seq,
        id: row.id.0.to_string(),
        at: time_text(row.at),
        actor: row.actor,
        action: row.action,
        subject: row.subject,
        body: row.body,
        hash: hex::encode(row.hash),
    }
}

/// The run of a chain from an entry to its head. Entries of the first form cannot be followed without
/// their contents, so a run begins after the last.
async fn run(
    db: &impl ConnectionTrait,
    stream: &str,
    from: i64,
    head: i64,
) -> Result<Option<Run>, Fault> {
    use audit_entry::Column::{Seq, Stream};
    let mut run: Option<Run> = None;
    let mut next = from;
    while next <= head {
        let rows = audit_entry::Entity::find()
            .filter(Stream.eq(stream))
            .filter(Seq.gte(next))
            .filter(Seq.lte(head))
            .order_by_asc(Seq)
            .limit(AT_ONCE)
            .all(db)
            .await?;
        let Some(last) = rows.last() else { break };
        next = last.seq + 1;
        for row in &rows {
            let first_form = row.hash != entry_hash(row) && holds(row);
            if first_form {
                run = None;
                continue;
            }
            let run = run.get_or_insert_with(|| Run {
                stream: stream.to_owned(),
                from: row.seq,
                before: hex::encode(&row.prev_hash),
                contents: Vec::new(),
            });
            run.contents.push(hex::encode(content_hash(row)));
        }
    }
    Ok(run)
}
