//! The keys of the deployment, signed by its root.

use std::path::Path;

use chrono::{DateTime, SubsecRound, Utc};
use entities::{signed_key_set, signing_key};
use mobile_contract::KeyRecord;
use mobile_contract::bundle::keys::SignedKeys;
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use super::root;
use crate::credentials::key_record;
use crate::platform::Platform;
use crate::platform::failure::Fault;
use crate::platform::keys;

/// The newest signed keys.
pub(super) async fn newest(
    db: &impl ConnectionTrait,
) -> Result<Option<signed_key_set::Model>, Fault> {
    let newest = signed_key_set::Entity::find();
    Ok(newest.order_by_desc(signed_key_set::Column::Version).one(db).await?)
}

/// The keys as they stand, to be signed as the version after the newest.
pub(super) fn unsigned(
    platform: &Platform,
    public_url: &str,
    newest: Option<&signed_key_set::Model>,
) -> Result<SignedKeys, Fault> {
    Ok(SignedKeys {
        issuer: public_url.to_owned(),
        version: next_version(newest.map(|row| row.version), platform.now())?,
        issued_at: platform.now().trunc_subsecs(0).timestamp(),
        records: records(platform)?,
    })
}

/// The version after one: at least the time in seconds, so that what is made after a backup was
/// restored is newer than what was made before and lost.
pub(super) fn next_version(newest: Option<i64>, now: DateTime<Utc>) -> Result<u64, Fault> {
    let next = newest.unwrap_or(0).saturating_add(1).max(now.timestamp());
    u64::try_from(next).map_err(Fault::stored)
}

/// Whether the newest signed keys are the keys as they stand.
pub(super) fn is_current(
    platform: &Platform,
    public_url: &str,
    newest: Option<&signed_key_set::Model>,
) -> Result<bool, Fault> {
    let Some(newest) = newest else { return Ok(false) };
    let signed = SignedKeys::read_unverified(&newest.bytes).map_err(Fault::stored)?;
    let mut told = signed.records;
    // A key that has ended since is missed by nobody.
    told.retain(|key| key.not_after > platform.now().timestamp());
    Ok(signed.issuer == public_url && told == records(platform)?)
}

/// Signs the keys where they have changed and the root is here.
pub(super) async fn keep(
    platform: &Platform,
    public_url: &str,
    folder: &Path,
) -> Result<(), Fault> {
    let newest = newest(platform.db.read()).await?;
    if is_current(platform, public_url, newest.as_ref())? {
        return Ok(());
    }
    let Some(signer) = root::signer(platform, folder).await? else {
        tracing::warn!("keys wait for the root: liangzheng keys root export-request");
        return Ok(());
    };
    let keys = unsigned(platform, public_url, newest.as_ref())?;
    let bytes = keys.sign(&signer).map_err(Fault::other)?;
    let tx = platform.db.begin().await?;
    enter(&tx, &keys, bytes, platform.now()).await?;
    tx.commit().await?;
    keys::load(platform, platform.db.read()).await?;
    Ok(())
}

/// Enters signed keys, and that they were told; nothing where another node has just entered that
/// version.
pub(super) async fn enter(
    tx: &impl ConnectionTrait,
    signed: &SignedKeys,
    bytes: Vec<u8>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let row = signed_key_set::ActiveModel {
        version: Set(i64::try_from(signed.version).map_err(Fault::other)?),
        issued_at: Set(now.trunc_subsecs(0)),
        bytes: Set(bytes),
    };
    signed_key_set::Entity::insert(row)
        .on_conflict(OnConflict::column(signed_key_set::Column::Version).do_nothing().to_owned())
        .exec_without_returning(tx)
        .await?;
    let told = signed.records.iter().map(|key| key.public_key.to_bytes());
    signing_key::Entity::update_many()
        .col_expr(signing_key::Column::ToldAt, Expr::value(now))
        .filter(signing_key::Column::ToldAt.is_null())
        .filter(signing_key::Column::PublicKey.is_in(told))
        .exec(tx)
        .await?;
    Ok(())
}

/// What an app verifies with, oldest first.
fn records(platform: &Platform) -> Result<Vec<KeyRecord>, Fault> {
    let now = platform.now();
    let keys = platform.keyring.all();
    let told = keys.iter().filter(|key| key.not_after.timestamp() > now.timestamp());
    told.filter_map(|key| key_record(key).transpose()).collect()
}
