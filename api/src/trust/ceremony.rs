//! The ceremony of an offline root. What is to be signed is taken in a file to the machine that has the
//! root, shown there to people and signed, and taken back:
//!
//! [`export`] on the server · [`Request::read`] and [`Request::sign`] beside the root, without a
//! database · [`import`] on the server, which believes nothing of the file but the root's signature, and
//! takes no key that is not its own.

use entities::signing_key;
use mobile_contract::bundle::keys::SignedKeys;
use mobile_contract::bundle::{BundleError, Pinned};
use mobile_contract::{Algorithm, KeyRecord, PublicKey, Signer};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::TrustRefusal;
use super::{key_set, root};
use crate::audit::{Stream, UnitOfWork};
use crate::credentials::key_record_of_row;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};

/// What a file of the ceremony calls itself.
const REQUEST: &str = "liangzheng-keys-to-sign/1";
const SIGNED: &str = "liangzheng-keys-signed/1";

/// The file of a request. Everything that is shown comes from `keys` itself.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RequestFile {
    format: String,
    /// The root that is to sign, in hexadecimal.
    root: String,
    /// What it is to sign.
    keys: String,
    /// What it has signed last, if anything.
    before: Option<String>,
}

/// The file of signed keys.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SignedFile {
    format: String,
    keys: String,
}

/// Keys that a root is asked to sign.
#[derive(Debug)]
pub struct Request {
    /// The root that is to sign.
    pub root: PublicKey,
    /// The keys.
    pub keys: SignedKeys,
    /// What the root has signed last, if anything; read without asking by whom until it is signed.
    pub before: Option<SignedKeys>,
    signed_before: Option<Vec<u8>>,
}

/// The keys as they stand, as a file for the root.
pub async fn export(
    platform: &Platform,
    public_url: &str,
) -> Result<String, Failure<TrustRefusal>> {
    let root = root::public(platform.db.read()).await?.ok_or(TrustRefusal::RootMissing)?;
    let newest = key_set::newest(platform.db.read()).await?;
    if key_set::is_current(platform, public_url, newest.as_ref())? {
        return Err(TrustRefusal::NothingToSign.into());
    }
    let keys = key_set::unsigned(platform, public_url, newest.as_ref())?;
    let file = RequestFile {
        format: REQUEST.to_owned(),
        root: hex::encode(root.to_bytes()),
        keys: hex::encode(keys.unsigned()),
        before: newest.map(|newest| hex::encode(newest.bytes)),
    };
    text_of(&file).map_err(Failure::Fault)
}

fn text_of(file: &impl Serialize) -> Result<String, Fault> {
    let text = serde_json::to_string_pretty(file).map_err(Fault::other)?;
    Ok(text + "\n")
}

impl Request {
    /// Reads the file of a request.
    ///
    /// # Errors
    /// [`TrustRefusal::FileUnreadable`].
    pub fn read(text: &str) -> Result<Self, TrustRefusal> {
        let unreadable = || TrustRefusal::FileUnreadable;
        let file: RequestFile = serde_json::from_str(text).map_err(|_| unreadable())?;
        if file.format != REQUEST {
            return Err(unreadable());
        }
        let bytes = |text: &str| hex::decode(text).map_err(|_| unreadable());
        let root = PublicKey::from_bytes(Algorithm::Ed25519, &bytes(&file.root)?)
            .map_err(|_| unreadable())?;
        let keys = SignedKeys::read_unsigned(&bytes(&file.keys)?).map_err(|_| unreadable())?;
        let signed_before = file.before.as_deref().map(bytes).transpose()?;
        let before = signed_before.as_deref().map(SignedKeys::read_unverified).transpose();
        Ok(Self { root, keys, before: before.map_err(|_| unreadable())?, signed_before })
    }

    /// Signs the keys with the root; answers the file to be taken back.
    ///
    /// # Errors
    /// A [`TrustRefusal`] where the private key is not the root's, or what is said to have been signed
    /// before was not, or is no older.
    pub fn sign(&self, root: &dyn Signer) -> Result<String, Failure<TrustRefusal>> {
        if root.public_key() != self.root {
            return Err(TrustRefusal::OtherRootKey { root: self.root.kid().to_string() }.into());
        }
        if let Some(before) = &self.signed_before {
            let pinned =
                Pinned { roots: vec![self.root.clone()], issuer: self.keys.issuer.clone() };
            let before = verified(before, &pinned)?;
            if before.version >= self.keys.version {
                let (version, known) = (self.keys.version, before.version);
                return Err(TrustRefusal::Older { version, known }.into());
            }
        }
        let signed = self.keys.sign(root).map_err(Fault::other)?;
        Ok(text_of(&SignedFile { format: SIGNED.to_owned(), keys: hex::encode(signed) })?)
    }
}

fn verified(signed: &[u8], pinned: &Pinned) -> Result<SignedKeys, TrustRefusal> {
    SignedKeys::verify(signed, pinned).map_err(|error| match error {
        BundleError::UnknownRoot => TrustRefusal::OtherRoot {
            root: pinned.roots.first().map(|root| root.kid().to_string()).unwrap_or_default(),
        },
        BundleError::SignatureInvalid => TrustRefusal::Altered,
        BundleError::OtherIssuer => TrustRefusal::OtherIssuer {
            issuer: SignedKeys::read_unverified(signed).map(|keys| keys.issuer).unwrap_or_default(),
        },
        _ => TrustRefusal::FileUnreadable,
    })
}

/// Takes signed keys in: what the root of this deployment has signed for its address, newer than what
/// is known, of keys that are its own, and nothing missing. The same again is taken as the same.
pub async fn import(
    platform: &Platform,
    actor: &Actor,
    public_url: &str,
    text: &str,
) -> Result<SignedKeys, Failure<TrustRefusal>> {
    let root = root::public(platform.db.read()).await?.ok_or(TrustRefusal::RootMissing)?;
    let file: SignedFile = serde_json::from_str(text).map_err(|_| TrustRefusal::FileUnreadable)?;
    let signed = hex::decode(&file.keys).ok().filter(|_| file.format == SIGNED);
    let signed = signed.ok_or(TrustRefusal::FileUnreadable)?;
    let pinned = Pinned { roots: vec![root.clone()], issuer: public_url.to_owned() };
    let keys = verified(&signed, &pinned)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    // Of two who bring files, or a server that signs by itself, one is first.
    platform.db.lock_table(uow.tx(), "signed_key_sets").await?;
    let newest = key_set::newest(uow.tx()).await?;
    if newest.as_ref().is_some_and(|newest| newest.bytes == signed) {
        return Ok(keys);
    }
    let known = newest.map_or(Ok(0), |newest| u64::try_from(newest.version));
    let known = known.map_err(Fault::stored)?;
    if keys.version <= known {
        return Err(TrustRefusal::Older { version: keys.version, known }.into());
    }
    check_against_ours(uow.tx(), &keys, uow.now().timestamp()).await?;
    key_set::enter(uow.tx(), &keys, signed, uow.now()).await?;
    let body = json!({
        "version": keys.version,
        "sha256": hex::encode(keys.fingerprint()),
        "root": root.kid().to_string(),
    });
    uow.record(Stream::System, "root.import", root.kid().to_string(), body);
    uow.commit().await?;
    Ok(keys)
}

/// Each key that is told must be one of ours, as it stands here; and none may be missing that apps have
/// been told of, nor that it was compromised.
async fn check_against_ours(
    db: &impl ConnectionTrait,
    told: &SignedKeys,
    now: i64,
) -> Result<(), Failure<TrustRefusal>> {
    let rows = signing_key::Entity::find().order_by_asc(signing_key::Column::Id).all(db).await?;
    let mut ours: Vec<(KeyRecord, bool)> = Vec::new();
    for row in &rows {
        if let Some(record) = key_record_of_row(row)? {
            ours.push((record, row.told_at.is_some()));
        }
    }
    let unmarked = |key: &KeyRecord| KeyRecord { compromised_since: None, ..key.clone() };
    for key in &told.records {
        let own = ours.iter().map(|(own, _)| own).find(|own| unmarked(own) == unmarked(key));
        match own {
            Some(own) if own.compromised_since == key.compromised_since => {}
            // Marked, or marked with an earlier time, since the export.
            Some(own) if own.compromised_since.is_some() => {
                return Err(TrustRefusal::Outdated.into());
            }
            _ => {
                let key = key.public_key.kid().to_string();
                return Err(TrustRefusal::ForeignKey { key }.into());
            }
        }
    }
    let is_told = |own: &KeyRecord| told.records.iter().any(|key| key.public_key == own.public_key);
    let lacks = |(own, before): &(KeyRecord, bool)| *before && own.not_after > now && !is_told(own);
    if ours.iter().any(lacks) { Err(TrustRefusal::Outdated.into()) } else { Ok(()) }
}
