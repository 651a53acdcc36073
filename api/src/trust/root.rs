//! The root key. Its public half is a setting and is pinned in apps; its private half is a file, and
//! never in the database: whoever takes the server has not taken the root, once the file is offline.

use std::path::{Path, PathBuf};

use entities::setting;
use mobile_contract::{Algorithm, Ed25519Signer, PublicKey, Signer};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait};
use serde_json::json;
use zeroize::Zeroizing;

use crate::audit::{Stream, UnitOfWork};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::platform::files::write_private;

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
    let Some(signer) = read(&file(folder))? else { return Ok(None) };
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
    let signer = match read(&path)? {
        Some(signer) => signer,
        None => {
            let seed = Zeroizing::new(platform.random.bytes::<32>());
            let text = Zeroizing::new(format!("{}\n", hex::encode(*seed)));
            write_private(&path, &text).map_err(Fault::other)?;
            made_here = true;
            Ed25519Signer::from_seed(&seed)
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

fn read(path: &Path) -> Result<Option<Ed25519Signer>, Fault> {
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
