//! The root key. Its public half is a setting and is pinned in apps; its private half is a file, and
//! never in the database: whoever takes the server has not taken the root, once the file is offline.
//! A root that was made elsewhere is [`pin`]ned before the first start, and never lies beside a server.

use std::path::{Path, PathBuf};

use entities::setting;
use mobile_contract::{Algorithm, Ed25519Signer, PublicKey, Signer};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait};
use serde_json::json;
use zeroize::Zeroizing;

use super::error::TrustRefusal;
use crate::audit::{Stream, UnitOfWork};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};
use crate::platform::files::write_private;
use crate::platform::random::Random;

/// The setting that holds the public half, in hexadecimal.
const SETTING: &str = "trust.root";

/// Where the private half lies, if it is here.
pub fn file(folder: &Path) -> PathBuf {
    folder.join("root.key")
}

/// The public half; none before it was made.
pub async fn public(db: &impl ConnectionTrait) -> Result<Option<PublicKey>, Fault> {
    let Some(row) = setting::Entity::find_by_id(SETTING).one(db).await? else { return Ok(None) };
    let bytes = hex::decode(&row.value).map_err(Fault::stored)?;
    PublicKey::from_bytes(Algorithm::Ed25519, &bytes).map(Some).map_err(Fault::stored)
}

/// The private half, where its file is here and is that of the root.
pub(super) async fn signer(
    platform: &Platform,
    folder: &Path,
) -> Result<Option<Ed25519Signer>, Fault> {
    let Some(signer) = read_key(&file(folder))? else { return Ok(None) };
    let is_root = public(platform.db.read()).await? == Some(signer.public_key());
    if !is_root {
        tracing::error!("root.key is not the root of this deployment, and signs nothing");
    }
    Ok(is_root.then_some(signer))
}

/// Makes a root where the deployment has none: its file in the folder, its public half in the
/// database. Of two nodes one makes it.
pub(super) async fn ensure(platform: &Platform, folder: &Path) -> Result<(), Fault> {
    if public(platform.db.read()).await?.is_some() {
        return Ok(());
    }
    let path = file(folder);
    let mut made_here = false;
    let signer = match read_key(&path)? {
        Some(signer) => signer,
        None => {
            made_here = true;
            make_key(&path, &platform.random).map_err(Fault::other)?
        }
    };
    let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
    let public = hex::encode(signer.public_key().to_bytes());
    let row = setting::ActiveModel {
        key: Set(SETTING.to_owned()),
        value: Set(public.clone()),
        updated_at: Set(uow.now()),
    };
    if let Err(error) = row.insert(uow.tx()).await.map_err(Fault::from) {
        if !error.is_unique_violation() {
            return Err(error);
        }
        // Another node was first. Another key than its own is no root, and must not look like one.
        drop(uow);
        let is_root = self::public(platform.db.read()).await? == Some(signer.public_key());
        if made_here && !is_root {
            std::fs::remove_file(&path).map_err(Fault::other)?;
        }
        return Ok(());
    }
    let kid = signer.kid().to_string();
    uow.record(Stream::System, "root.create", SETTING.to_owned(), json!({ "kid": kid }));
    uow.commit().await
}

/// Makes a private half in a file that is not there yet, for its owner only.
pub fn make_key(path: &Path, random: &Random) -> std::io::Result<Ed25519Signer> {
    let seed = Zeroizing::new(random.bytes::<32>());
    let text = Zeroizing::new(format!("{}\n", hex::encode(*seed)));
    write_private(path, &text)?;
    Ok(Ed25519Signer::from_seed(&seed))
}

/// Enters the public half of a root that was made elsewhere, in a deployment that has none. The same
/// again is nothing.
pub async fn pin(
    platform: &Platform,
    actor: &Actor,
    public: &str,
) -> Result<PublicKey, Failure<TrustRefusal>> {
    let invalid = |_| TrustRefusal::RootInvalid;
    let bytes = hex::decode(public).map_err(|_| TrustRefusal::RootInvalid)?;
    let root = PublicKey::from_bytes(Algorithm::Ed25519, &bytes).map_err(invalid)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    platform.db.lock_table(uow.tx(), "settings").await?;
    match self::public(uow.tx()).await? {
        Some(known) if known == root => return Ok(root),
        Some(known) => {
            return Err(TrustRefusal::RootPinned { root: known.kid().to_string() }.into());
        }
        None => {}
    }
    let row = setting::ActiveModel {
        key: Set(SETTING.to_owned()),
        value: Set(hex::encode(root.to_bytes())),
        updated_at: Set(uow.now()),
    };
    row.insert(uow.tx()).await?;
    let kid = root.kid().to_string();
    uow.record(Stream::System, "root.pin", SETTING.to_owned(), json!({ "kid": kid }));
    uow.commit().await?;
    Ok(root)
}

/// Whether the private half of the deployment's root lies in a folder; `None` where another root's
/// does.
pub fn lies_in(folder: &Path, root: &PublicKey) -> Result<Option<bool>, Fault> {
    let found = read_key(&file(folder))?;
    Ok(match found {
        None => Some(false),
        Some(signer) => (signer.public_key() == *root).then_some(true),
    })
}

/// The private half in a file; none where there is no file.
pub fn read_key(path: &Path) -> Result<Option<Ed25519Signer>, Fault> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Fault::other(format!("{}: {error}", path.display()))),
    };
    let mut seed = Zeroizing::new([0; 32]);
    hex::decode_to_slice(text.trim(), seed.as_mut_slice())
        .map_err(|_| Fault::other(format!("{}: not a root key", path.display())))?;
    Ok(Some(Ed25519Signer::from_seed(&seed)))
}
