//! What an app trusts (`docs/credential.md` §2): the keys of the deployment under its root, and the
//! bundle around them, which is one small download.
//!
//! [`root`] is the key that apps pin. Where its file lies beside a server, that server signs the keys
//! whenever they change; without it new keys wait, and the older ones go on signing. [`keep`] does what
//! is due; every node may call it at any time. Where the root is offline, [`ceremony`] takes the keys
//! to it and back. [`compromise`] marks a key that others may have, and [`watch`] says what is about to
//! run out.

pub mod bundle;
pub mod ceremony;
pub mod compromise;
mod error;
mod key_set;
pub mod root;
pub mod watch;

use std::path::Path;

use mobile_contract::bundle::keys::SignedKeys;

pub use error::TrustRefusal;

use crate::credentials::lists;
use crate::platform::events::Topic;
use crate::platform::failure::Fault;
use crate::platform::{Platform, keys};

/// Signs the keys where they have changed and the root is here, and makes a new bundle where what it
/// says has changed or the newest is old. `folder` is where the root's file lies, if it does.
pub async fn keep(platform: &Platform, public_url: &str, folder: &Path) -> Result<(), Fault> {
    // Before anything is signed about keys: another node may have made or marked one just now.
    keys::load(platform, platform.db.read()).await?;
    root::ensure(platform, folder).await?;
    key_set::keep(platform, public_url, folder).await?;
    bundle::keep(platform, public_url).await
}

/// Does at once what running servers do within a minute: [`keep`], and the status lists that are due.
/// Answers whether it did: not where the root has signed for another address, or for none yet, since
/// whoever runs a command may have forgotten to say which address this deployment has.
pub async fn tell_at_once(
    platform: &Platform,
    public_url: &str,
    folder: &Path,
) -> Result<bool, Fault> {
    let newest = key_set::newest(platform.db.read()).await?;
    let signed = newest.map(|newest| SignedKeys::read_unverified(&newest.bytes)).transpose();
    let signed = signed.map_err(Fault::stored)?;
    if signed.is_none_or(|signed| signed.issuer != public_url) {
        return Ok(false);
    }
    bundle::wait_for_its_second(platform).await?;
    keep(platform, public_url, folder).await?;
    lists::sign_due(platform, public_url).await?;
    platform.events.publish(Topic::Keys).await;
    Ok(true)
}
