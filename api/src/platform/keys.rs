//! Signing keys: made, sealed, loaded and rotated. One use a key (credential.md §2); the private
//! half lives sealed in the database, so that every node of a deployment signs alike.
//!
//! All keys made here are Ed25519: deterministic, 64-byte signatures, raw 32-byte keys. The
//! records carry their algorithm, so another can follow without a change of format.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Days, TimeDelta, Utc};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use entities::enums::{KeyAlgorithm, KeyUse};
use entities::ids::SigningKeyId;
use entities::signing_key;
use mobile_contract::bundle::MAX_BUNDLE_SECONDS;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Platform;
use super::failure::Fault;
use super::seal::Purpose;

const SEALED_KEYS: Purpose = Purpose::new("keys/private");

/// Days a new key signs, by use: a credential is printed for years, a token lives minutes.
const fn signing_days(key_use: KeyUse) -> u64 {
    match key_use {
        KeyUse::Credential => 2 * 365,
        KeyUse::Status | KeyUse::Bundle | KeyUse::Audit => 365,
        KeyUse::AccessToken => 90,
    }
}

/// Days a key still verifies after it has ceased to sign: as long as anything it signed lives.
const fn overlap_days(key_use: KeyUse) -> u64 {
    match key_use {
        // A certificate is valid for five years by default, ten at most.
        KeyUse::Credential => 10 * 366,
        KeyUse::Audit => 30 * 366,
        KeyUse::Status | KeyUse::Bundle => 30,
        KeyUse::AccessToken => 1,
    }
}

/// After this every bundle in force was made anew, with a day to spare for whoever fetches late.
const EVERY_BUNDLE: TimeDelta = TimeDelta::seconds(MAX_BUNDLE_SECONDS + 86_400);

/// How long a new key is known before it signs. Every node has taken it up after minutes; what apps
/// verify without a network is signed with it only when every bundle that does not name it has ended:
/// a card that they call forged is worse than a key that signs a week longer.
const fn notice(key_use: KeyUse) -> TimeDelta {
    match key_use {
        KeyUse::Credential | KeyUse::Status => EVERY_BUNDLE,
        KeyUse::Bundle | KeyUse::Audit | KeyUse::AccessToken => TimeDelta::minutes(5),
    }
}

/// A key is renewed in the last tenth of the time it signs.
const LAST_PART: i32 = 10;

/// Every use that has a key.
pub const USES: [KeyUse; 5] =
    [KeyUse::Credential, KeyUse::Status, KeyUse::Bundle, KeyUse::Audit, KeyUse::AccessToken];

/// A key of this deployment, opened.
pub struct LoadedKey {
    /// Row id.
    pub id: SigningKeyId,
    /// First 4 bytes of SHA-256 of the public key.
    pub kid: [u8; 4],
    /// What it may sign.
    pub key_use: KeyUse,
    /// Signs and verifies from here.
    pub not_before: DateTime<Utc>,
    /// Ceases to sign here.
    pub sign_until: DateTime<Utc>,
    /// Ceases to verify here.
    pub not_after: DateTime<Utc>,
    /// Known to be in other hands since.
    pub compromised_since: Option<DateTime<Utc>>,
    /// When the root first told apps of it.
    pub told_at: Option<DateTime<Utc>>,
    private: SigningKey,
}

impl LoadedKey {
    /// Signs a message.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.private.sign(message).to_bytes()
    }

    /// Whether apps can verify what it signs now: the root has told of it, long enough ago that no
    /// bundle in force lacks it. What no app verifies asks for none of this.
    fn is_known(&self, now: DateTime<Utc>) -> bool {
        let told_for = |span: TimeDelta| self.told_at.is_some_and(|told| told + span <= now);
        match self.key_use {
            KeyUse::Credential | KeyUse::Status => told_for(EVERY_BUNDLE),
            KeyUse::Bundle => told_for(TimeDelta::zero()),
            KeyUse::Audit | KeyUse::AccessToken => true,
        }
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        self.private.verifying_key()
    }

    /// The private half as PKCS #8 (RFC 8410 §7), which is how the token library takes it.
    pub fn pkcs8(&self) -> Zeroizing<Vec<u8>> {
        const HEAD: [u8; 16] = [
            0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22,
            0x04, 0x20,
        ];
        let mut der = Zeroizing::new(HEAD.to_vec());
        der.extend_from_slice(self.private.as_bytes());
        der
    }
}

impl std::fmt::Debug for LoadedKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LoadedKey").field("kid", &hex::encode(self.kid)).finish_non_exhaustive()
    }
}

/// The keys of the deployment as this node knows them.
#[derive(Clone, Debug, Default)]
pub struct Keyring(Arc<RwLock<Loaded>>);

#[derive(Debug, Default)]
struct Loaded {
    generation: u64,
    keys: Vec<Arc<LoadedKey>>,
}

impl Keyring {
    /// The key that signs now: of those in their signing time the newest that apps know, and where they
    /// know none of them, the oldest, which they may know by now.
    pub fn current(&self, key_use: KeyUse, now: DateTime<Utc>) -> Result<Arc<LoadedKey>, Fault> {
        self.all()
            .into_iter()
            .filter(|k| k.key_use == key_use && k.compromised_since.is_none())
            .filter(|k| k.not_before <= now && now < k.sign_until)
            .max_by_key(|k| {
                let since = k.not_before.timestamp_micros();
                let known = k.is_known(now);
                (known, if known { since } else { -since })
            })
            .ok_or_else(|| Fault::other(format!("no key signs for {} now", key_use.code())))
    }

    /// When a key that is made now is to begin to sign: after its notice, or at once where none would
    /// sign until then.
    pub fn next_begins(&self, key_use: KeyUse, now: DateTime<Utc>) -> DateTime<Utc> {
        let known = now + notice(key_use);
        if self.current(key_use, known).is_ok() { known } else { now }
    }

    /// Every key, oldest first.
    pub fn all(&self) -> Vec<Arc<LoadedKey>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).keys.clone()
    }

    /// Rises whenever the keys are read anew: what is derived from them is then made again.
    pub fn generation(&self) -> u64 {
        self.0.read().unwrap_or_else(PoisonError::into_inner).generation
    }

    fn replace(&self, keys: Vec<Arc<LoadedKey>>) {
        let mut loaded = self.0.write().unwrap_or_else(PoisonError::into_inner);
        *loaded = Loaded { generation: loaded.generation + 1, keys };
    }
}

/// The key that signs now, looked up once more in the transaction in which it signs: another node may
/// have marked it as compromised since this one read its keys. Its row cannot be marked before that
/// transaction has ended, so that whatever a key has signed for us is on record when it is marked.
pub async fn signing(
    platform: &Platform,
    tx: &impl ConnectionTrait,
    key_use: KeyUse,
    now: DateTime<Utc>,
) -> Result<Arc<LoadedKey>, Fault> {
    for _ in 0..2 {
        let key = platform.keyring.current(key_use, now)?;
        let mut whole = signing_key::Entity::find_by_id(key.id)
            .filter(signing_key::Column::CompromisedSince.is_null());
        if !platform.db.is_sqlite() {
            whole = whole.lock(LockType::Share);
        }
        if whole.one(tx).await?.is_some() {
            return Ok(key);
        }
        load(platform, tx).await?;
    }
    Err(Fault::other(format!("the key that signs for {} was just marked", key_use.code())))
}

/// First 4 bytes of SHA-256 of a public key: a hint, not an identity.
pub fn kid_of(public_key: &[u8]) -> [u8; 4] {
    let digest: [u8; 32] = Sha256::digest(public_key).into();
    digest.first_chunk().copied().unwrap_or_default()
}

/// The uses whose newest key no longer signs for a tenth of its life: a new one is to be made.
pub async fn due(db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<Vec<KeyUse>, Fault> {
    let rows = signing_key::Entity::find()
        .filter(signing_key::Column::CompromisedSince.is_null())
        .all(db)
        .await?;
    Ok(uses_due(&rows, now))
}

fn uses_due(rows: &[signing_key::Model], now: DateTime<Utc>) -> Vec<KeyUse> {
    let lasts = |key: &signing_key::Model| {
        key.sign_until - now >= (key.sign_until - key.not_before) / LAST_PART
    };
    USES.into_iter().filter(|u| !rows.iter().any(|key| key.r#use == *u && lasts(key))).collect()
}

/// Reads every key of the database and opens it. A key that does not open is a fault: a node with
/// another seal secret must not start, and never makes new keys beside existing ones.
pub async fn load(platform: &Platform, db: &impl ConnectionTrait) -> Result<usize, Fault> {
    let rows =
        signing_key::Entity::find().order_by_asc(signing_key::Column::NotBefore).all(db).await?;
    let keys = rows
        .into_iter()
        .map(|row| open(platform, &row).map(Arc::new))
        .collect::<Result<Vec<_>, _>>()?;
    let count = keys.len();
    platform.keyring.replace(keys);
    Ok(count)
}

fn open(platform: &Platform, row: &signing_key::Model) -> Result<LoadedKey, Fault> {
    let sealed = platform.secret.open(SEALED_KEYS, row.id.0.as_bytes(), &row.private_sealed);
    let seed = Zeroizing::new(sealed.map_err(|e| Fault::stored(format!("signing key: {e}")))?);
    let seed: &[u8; 32] = seed.as_slice().try_into().map_err(Fault::stored)?;
    let private = SigningKey::from_bytes(seed);
    if private.verifying_key().as_bytes().as_slice() != row.public_key {
        return Err(Fault::stored("signing key: its halves do not belong together"));
    }
    Ok(LoadedKey {
        id: row.id,
        kid: kid_of(&row.public_key),
        key_use: row.r#use,
        not_before: row.not_before,
        sign_until: row.sign_until,
        not_after: row.not_after,
        compromised_since: row.compromised_since,
        told_at: row.told_at,
        private,
    })
}

/// Makes a key that signs from `from` on, in the caller's transaction. Call [`load`] after the
/// commit.
pub async fn create(
    platform: &Platform,
    tx: &impl ConnectionTrait,
    key_use: KeyUse,
    from: DateTime<Utc>,
) -> Result<signing_key::Model, Fault> {
    let id: SigningKeyId = platform.new_id();
    let seed = Zeroizing::new(platform.random.bytes::<32>());
    let public = SigningKey::from_bytes(&seed).verifying_key().to_bytes();
    let sealed = platform.secret.seal(
        SEALED_KEYS,
        id.0.as_bytes(),
        seed.as_slice(),
        &mut platform.random.clone(),
    );
    let sign_until = from + Days::new(signing_days(key_use));
    let row = signing_key::Model {
        id,
        kid: kid_of(&public).to_vec(),
        r#use: key_use,
        algorithm: KeyAlgorithm::Ed25519,
        public_key: public.to_vec(),
        private_sealed: sealed,
        not_before: from,
        sign_until,
        not_after: sign_until + Days::new(overlap_days(key_use)),
        compromised_since: None,
        told_at: None,
        created_at: platform.now(),
    };
    signing_key::ActiveModel::from(row.clone()).insert(tx).await?;
    Ok(row)
}
