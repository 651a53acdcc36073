//! The trust bundle: made where what it says has changed, handed out whole or as a delta.

use chrono::{DateTime, Duration, Utc};
use entities::enums::KeyUse;
use entities::{agency, enforcement_field, trust_bundle};
use mobile_contract::bundle::keys::SignedKeys;
use mobile_contract::bundle::{Agency, Checkpoint, Content, Field, Genuine, delta};
use mobile_contract::{KeyUse as ToldUse, Signer};
use sea_orm::ActiveValue::Set;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use sha2::{Digest, Sha256};

use super::key_set;
use crate::audit::checkpoint;
use crate::credentials::{KeyringSigner, genuine, lists};
use crate::platform::Platform;
use crate::platform::clock::{local_date, next_second};
use crate::platform::failure::Fault;
use crate::policy::{self, TrustPolicy};

/// When a bundle is made anew though nothing has changed, so that whoever fetches has days left.
const MAKE_ANEW: Duration = Duration::hours(12);
/// How long bundles are kept as what a delta starts from. Older ones have ended long ago.
const KEPT: Duration = Duration::days(30);

/// What whoever asks is answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// The newest bundle, whole.
    Whole(trust_bundle::Model),
    /// From the bundle that was named to the newest.
    Delta(Vec<u8>),
    /// The bundle that was named is the newest.
    Same,
}

/// The newest bundle.
pub async fn newest(db: &impl ConnectionTrait) -> Result<Option<trust_bundle::Model>, Fault> {
    let newest = trust_bundle::Entity::find();
    Ok(newest.order_by_desc(trust_bundle::Column::Version).one(db).await?)
}

/// The newest bundle, or what leads to it from the one of this hash; none before the first is made.
pub async fn since(
    db: &impl ConnectionTrait,
    hash: Option<&[u8]>,
) -> Result<Option<Answer>, Fault> {
    let Some(newest) = newest(db).await? else { return Ok(None) };
    let Some(hash) = hash else { return Ok(Some(Answer::Whole(newest))) };
    if newest.sha256 == hash {
        return Ok(Some(Answer::Same));
    }
    let base = trust_bundle::Entity::find().filter(trust_bundle::Column::Sha256.eq(hash));
    Ok(Some(match base.one(db).await? {
        Some(base) => {
            Answer::Delta(delta::between(&base.bytes, &newest.bytes).map_err(Fault::stored)?)
        }
        None => Answer::Whole(newest),
    }))
}

/// Makes a bundle where what it says has changed, or the newest is old. Nothing before the root has
/// signed keys with which a bundle can be signed.
pub(super) async fn keep(platform: &Platform, public_url: &str) -> Result<(), Fault> {
    let now = platform.now();
    if due(platform, platform.db.read(), public_url, now).await?.is_none() {
        return Ok(());
    }
    let tx = platform.db.begin().await?;
    platform.db.lock_table(&tx, "trust_bundles").await?;
    // Another node may have made it while this one waited for the lock.
    let Some((content, signer)) = due(platform, &tx, public_url, now).await? else {
        return Ok(());
    };
    let bytes = content.sign(&signer).map_err(Fault::other)?;
    let row = trust_bundle::ActiveModel {
        version: Set(i64::try_from(content.version).map_err(Fault::other)?),
        issued_at: Set(moment(content.issued_at)?),
        expires_at: Set(moment(content.expires)?),
        content_sha256: Set(digest(&content, &signer)),
        sha256: Set(Sha256::digest(&bytes).to_vec()),
        bytes: Set(bytes),
    };
    trust_bundle::Entity::insert(row).exec_without_returning(&tx).await?;
    trust_bundle::Entity::delete_many()
        .filter(trust_bundle::Column::IssuedAt.lt(now - KEPT))
        .exec(&tx)
        .await?;
    Ok(tx.commit().await?)
}

/// What the next bundle is to say and who signs it, if one is due.
async fn due(
    platform: &Platform,
    db: &impl ConnectionTrait,
    public_url: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Content, KeyringSigner)>, Fault> {
    let newest = newest(db).await?;
    let Some(at) = next_second(newest.as_ref().map(|row| row.issued_at), now) else {
        return Ok(None);
    };
    let Some((mut content, keys)) = content(platform, db, public_url, at).await? else {
        return Ok(None);
    };
    let Some(signer) = signer(platform, &keys, now) else {
        // No app would take it: what signs it must be among the keys that the root has told.
        tracing::error!(
            "no key for bundles that the root has told of signs now; no bundle is made until the \
             root has signed the newest keys"
        );
        return Ok(None);
    };
    content.version = key_set::next_version(newest.as_ref().map(|row| row.version), now)?;
    let is_same = newest.is_some_and(|newest| {
        at - newest.issued_at < MAKE_ANEW && newest.content_sha256 == digest(&content, &signer)
    });
    Ok((!is_same).then_some((content, signer)))
}

/// Waits until the second of the newest bundle is over: of two of one second neither is the newer. At
/// most a second, and not for one of a clock that is ahead.
pub(super) async fn wait_for_its_second(platform: &Platform) -> Result<(), Fault> {
    let Some(newest) = newest(platform.db.read()).await? else { return Ok(()) };
    let left = newest.issued_at + Duration::seconds(1) - platform.now();
    if let Ok(left) = left.to_std()
        && left <= std::time::Duration::from_secs(1)
    {
        tokio::time::sleep(left).await;
    }
    Ok(())
}

/// The key that signs bundles now, if the signed keys tell it as good.
fn signer(platform: &Platform, keys: &SignedKeys, now: DateTime<Utc>) -> Option<KeyringSigner> {
    let signer = KeyringSigner(platform.keyring.current(KeyUse::Bundle, now).ok()?);
    let public = signer.public_key();
    let is_told = keys.records.iter().any(|key| {
        key.public_key == public && key.key_use == ToldUse::Bundle && key.signs_at(now.timestamp())
    });
    is_told.then_some(signer)
}

fn moment(seconds: i64) -> Result<DateTime<Utc>, Fault> {
    DateTime::from_timestamp(seconds, 0).ok_or_else(|| Fault::other("a time beyond all calendars"))
}

async fn content(
    platform: &Platform,
    db: &impl ConnectionTrait,
    public_url: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Content, SignedKeys)>, Fault> {
    let Some(keys) = key_set::newest(db).await? else { return Ok(None) };
    let signed = SignedKeys::read_unverified(&keys.bytes).map_err(Fault::stored)?;
    if signed.issuer != public_url {
        // No app would take it, whichever of the two addresses it pins.
        tracing::error!("the root has signed the keys of another address; no bundle is made");
        return Ok(None);
    }
    if !key_set::is_current(platform, public_url, Some(&keys))? {
        tracing::warn!(
            "the root has not signed the newest keys yet; the bundle tells the older ones"
        );
    }
    let checkpoint = match checkpoint::newest(db).await? {
        Some(row) => Some(Checkpoint {
            number: u64::try_from(row.seq).map_err(Fault::stored)?,
            hash: row.hash.try_into().map_err(|_| Fault::stored("hash of a checkpoint"))?,
        }),
        None => None,
    };
    let as_number = |number: i32| u32::try_from(number).map_err(Fault::stored);
    let numbers = lists::list_numbers(db).await?;
    let policy: TrustPolicy = policy::in_force_for_all(db, local_date(now)).await?;
    let content = Content {
        issuer: public_url.to_owned(),
        version: 1,
        issued_at: now.timestamp(),
        expires: (now + Duration::hours(policy.bundle_hours.into())).timestamp(),
        signed_keys: keys.bytes,
        largest_staleness: policy.largest_staleness(),
        clock_skew: policy.clock_skew_seconds.into(),
        list_base: lists::list_base(public_url),
        lists: numbers.into_iter().map(as_number).collect::<Result<_, _>>()?,
        agencies: agencies(db).await?,
        fields: fields(db).await?,
        checkpoint,
        genuine: known_genuine(platform, db).await?,
    };
    Ok(Some((content, signed)))
}

/// For each compromised key the list of what it is known to have signed.
async fn known_genuine(
    platform: &Platform,
    db: &impl ConnectionTrait,
) -> Result<Vec<Genuine>, Fault> {
    let keys = platform.keyring.all();
    let mut told = Vec::new();
    for (id, sha256) in genuine::lists(db).await? {
        let Some(key) = keys.iter().find(|key| key.id == id) else { continue };
        told.push(Genuine {
            key: Sha256::digest(key.verifying_key().as_bytes()).into(),
            list: sha256.try_into().map_err(|_| Fault::stored("hash of a list"))?,
        });
    }
    told.sort_unstable();
    Ok(told)
}

/// Every agency there was, since a code names the one of its issue.
async fn agencies(db: &impl ConnectionTrait) -> Result<Vec<Agency>, Fault> {
    let rows: Vec<(i32, String, String)> = agency::Entity::find()
        .select_only()
        .columns([agency::Column::Number, agency::Column::Name, agency::Column::DivisionCode])
        .order_by_asc(agency::Column::Number)
        .into_tuple()
        .all(db)
        .await?;
    let told = |(number, name, division): (i32, String, String)| {
        Ok(Agency { number: u32::try_from(number).map_err(Fault::stored)?, name, division })
    };
    rows.into_iter().map(told).collect()
}

async fn fields(db: &impl ConnectionTrait) -> Result<Vec<Field>, Fault> {
    let rows = enforcement_field::Entity::find().all(db).await?;
    let told =
        |row: enforcement_field::Model| Field { code: row.code, zh: row.name_zh, en: row.name_en };
    let mut fields: Vec<Field> = rows.into_iter().map(told).collect();
    fields.sort_unstable();
    Ok(fields)
}

/// What a bundle says and who signs it, whichever version it is and whenever it is made.
fn digest(content: &Content, signer: &KeyringSigner) -> Vec<u8> {
    let timeless = Content { version: 0, issued_at: 0, expires: 0, ..content.clone() };
    let signed_by = signer.public_key().to_bytes();
    Sha256::digest([&timeless.digest(), signed_by.as_slice()].concat()).to_vec()
}
