//! Signed checkpoints: a statement of every chain's last row, each naming the one before it. A
//! copy kept elsewhere (an anchor) shows truncation and rollback of the whole database.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use entities::enums::KeyUse;
use entities::{audit_checkpoint, audit_entry, audit_stream, signing_key};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder,
};
use serde::{Deserialize, Serialize};

use super::chain::{GENESIS, digest, time_text};
use super::verify::Finding;
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// What a checkpoint states: the last row of each chain, `stream → [sequence, hash in hex]`.
pub type Stated = BTreeMap<String, (i64, String)>;

/// Last row of each chain: name → (sequence, hash).
pub type Heads = BTreeMap<String, (i64, Vec<u8>)>;

/// A checkpoint as it is handed out and kept as an anchor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Anchor {
    /// Number of the checkpoint.
    pub seq: i64,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// Last rows as `stream → [sequence, hash in hex]`.
    pub heads: Stated,
    /// Hash of the checkpoint in hex.
    pub hash: String,
}

impl Anchor {
    /// The heads, with their hashes as bytes; `None` where one is not hexadecimal.
    pub fn heads(&self) -> Option<Heads> {
        heads_of(&self.heads)
    }
}

/// What a checkpoint states, with hashes as bytes; `None` where one is not hexadecimal.
fn heads_of(stated: &Stated) -> Option<Heads> {
    stated
        .iter()
        .map(|(stream, (seq, hash))| Some((stream.clone(), (*seq, hex::decode(hash).ok()?))))
        .collect()
}

/// What signs a checkpoint: a key of use *audit*.
pub struct CheckpointKey<'a> {
    /// First 4 bytes of SHA-256 of the public key.
    pub kid: &'a [u8],
    /// Signs the checkpoint's hash.
    pub sign: &'a (dyn Fn(&[u8]) -> Vec<u8> + Send + Sync),
}

/// The newest checkpoint.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Option<audit_checkpoint::Model>, Fault> {
    let newest = audit_checkpoint::Entity::find().order_by_desc(audit_checkpoint::Column::Seq);
    Ok(newest.one(db).await?)
}

/// What a checkpoint's body says.
pub fn stated(body: &str) -> Result<Stated, Fault> {
    serde_json::from_str(body).map_err(Fault::stored)
}

/// Makes and commits the next checkpoint, signed by the key that is in use, with other makers kept
/// out until it is there: in any case, or only where one is due [`after`](is_due) so long.
pub async fn make(platform: &Platform, after: Option<Duration>) -> Result<Option<Anchor>, Fault> {
    let now = platform.now();
    if let Some(after) = after
        && !is_due(platform.db.read(), now, after).await?
    {
        return Ok(None);
    }
    let key = platform.keyring.current(KeyUse::Audit, now)?;
    let tx = platform.db.begin().await?;
    platform.db.lock_table(&tx, "audit_checkpoints").await?;
    // Another node may have made it while this one waited for the lock.
    if let Some(after) = after
        && !is_due(&tx, now, after).await?
    {
        return Ok(None);
    }
    let sign = |hash: &[u8]| key.sign(hash).to_vec();
    let anchor = create(&tx, now, &CheckpointKey { kid: &key.kid, sign: &sign }).await?;
    tx.commit().await?;
    Ok(Some(anchor))
}

/// Makes the next checkpoint over the heads as they are committed.
pub async fn create(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    key: &CheckpointKey<'_>,
) -> Result<Anchor, Fault> {
    let heads: Stated = audit_stream::Entity::find()
        .all(db)
        .await?
        .into_iter()
        .map(|s| (s.id, (s.seq, hex::encode(s.head))))
        .collect();
    let (seq, prev) = newest(db).await?.map_or((1, GENESIS.to_vec()), |c| (c.seq + 1, c.hash));
    let body = serde_json::to_string(&heads).map_err(Fault::other)?;
    let hash = checkpoint_hash(seq, now, &body, &prev);
    audit_checkpoint::ActiveModel {
        seq: Set(seq),
        at: Set(now),
        body: Set(body),
        prev_hash: Set(prev),
        hash: Set(hash.to_vec()),
        kid: Set(key.kid.to_vec()),
        signature: Set((key.sign)(&hash)),
    }
    .insert(db)
    .await?;
    Ok(Anchor { seq, at: now, heads, hash: hex::encode(hash) })
}

/// Whether entries wait for a checkpoint for longer than `after`: something was recorded since
/// the newest one, and that, or without one the oldest entry, is so old.
pub async fn is_due(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
    after: Duration,
) -> Result<bool, Fault> {
    let Some(newest) = newest(db).await? else {
        // Ids rise with time, and they have an index.
        let oldest =
            audit_entry::Entity::find().order_by_asc(audit_entry::Column::Id).one(db).await?;
        return Ok(oldest.is_some_and(|entry| now - entry.at >= after));
    };
    if now - newest.at < after {
        return Ok(false);
    }
    let then = stated(&newest.body)?;
    let heads = audit_stream::Entity::find().all(db).await?;
    Ok(heads.into_iter().any(|head| then.get(&head.id).is_none_or(|(seq, _)| *seq < head.seq)))
}

/// Checks every checkpoint's hash, link and signature. Answers the heads of all that hold.
pub async fn verify_all(db: &impl ConnectionTrait) -> Result<(Vec<Heads>, Vec<Finding>), Fault> {
    let keys = signing_key::Entity::find()
        .filter(signing_key::Column::Use.eq(KeyUse::Audit))
        .all(db)
        .await?;
    let (mut heads, mut findings) = (Vec::new(), Vec::new());
    let (mut seq, mut prev) = (0, GENESIS.to_vec());
    let rows = audit_checkpoint::Entity::find()
        .order_by_asc(audit_checkpoint::Column::Seq)
        .all(db)
        .await?;
    for row in rows {
        let mut wrong = |why| findings.push(Finding::Checkpoint { seq: row.seq, why });
        let hash = checkpoint_hash(row.seq, row.at, &row.body, &row.prev_hash);
        if row.seq != seq + 1 {
            wrong("the one before it is missing");
        } else if row.prev_hash != prev {
            wrong("it does not follow the one before it");
        }
        if hash.as_slice() != row.hash {
            wrong("it does not match its hash");
        } else if !keys.iter().any(|key| signed_by(key, &hash, &row.signature)) {
            wrong("no audit key has signed it");
        } else if let Some(stated) = stated(&row.body).ok().as_ref().and_then(heads_of) {
            heads.push(stated);
        }
        (seq, prev) = (row.seq, row.hash);
    }
    Ok((heads, findings))
}

fn checkpoint_hash(seq: i64, at: DateTime<Utc>, body: &str, prev: &[u8]) -> [u8; 32] {
    digest(&[
        b"liangzheng/audit-checkpoint/1",
        &seq.to_be_bytes(),
        time_text(at).as_bytes(),
        body.as_bytes(),
        prev,
    ])
}

fn signed_by(key: &signing_key::Model, hash: &[u8], signature: &[u8]) -> bool {
    let Ok(public) = <&[u8; 32]>::try_from(key.public_key.as_slice()) else { return false };
    let Ok(public) = ed25519_dalek::VerifyingKey::from_bytes(public) else { return false };
    let Ok(signature) = ed25519_dalek::Signature::from_slice(signature) else { return false };
    public.verify_strict(hash, &signature).is_ok()
}
