//! What an app trusts (`docs/credential.md` §2): the keys of the deployment under its root, and the
//! bundle around them, which is one small download.
//!
//! [`root`] is the key that apps pin. Where its file lies beside a server, that server signs the keys
//! whenever they change; without it new keys wait, and the older ones go on signing. [`keep`] does what
//! is due; every node may call it at any time.

pub mod bundle;
mod key_set;
pub mod root;

use std::path::Path;

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
