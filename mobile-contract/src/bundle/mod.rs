//! The trust bundle: everything an app needs to be right without a network, in one signed download.
//!
//! A root key, offline in production and pinned in apps, signs the [`keys`] of a deployment; one of
//! those, of use *bundle*, signs the [`Bundle`] around them. [`Bundle::accept`] is the one door: what
//! came out of it was checked from the root down. What may follow what is [`Bundle::accept_after`]'s
//! to say: never an older one, and never two of one version. A [`delta`] saves the way, not the
//! check: it is put together to the whole bundle, whose signature is then verified like any other.

pub mod delta;
pub mod keys;
mod wire;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    cbor::Malformed,
    cose::{Sign1, Unsigned},
    keys::{KeySet, KeyUse, NotSigned, PublicKey},
    sign::{SignError, Signer},
};
use keys::SignedKeys;

/// Signed along with a bundle.
const DOMAIN: &[u8] = b"liangzheng/bundle/1";
/// How long a bundle lasts at most, in seconds.
pub const MAX_BUNDLE_SECONDS: i64 = 7 * 86_400;
/// The largest bundle that is read, in bytes.
pub const MAX_BUNDLE_BYTES: usize = 4 * 1024 * 1024;

/// SHA-256 of a whole signed bundle.
pub type BundleHash = [u8; 32];

/// Why a bundle is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum BundleError {
    /// Not a bundle of this version of the format.
    #[error("not a trust bundle")]
    Malformed,
    /// None of the pinned roots signed its keys.
    #[error("its keys are signed by an unknown root")]
    UnknownRoot,
    /// No key of use *bundle* among its own signed it, or none that was in force and is whole.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// A signature is not its key's.
    #[error("a signature is not the key's")]
    SignatureInvalid,
    /// Another deployment's.
    #[error("of another issuer")]
    OtherIssuer,
    /// Past its `exp`, or made to last longer than a bundle may.
    #[error("no longer to be relied on")]
    Expired,
    /// Its version, or that of its keys, is lower than one that was accepted before.
    #[error("older than what is known")]
    Rollback,
    /// Of the version that is known, but not the same.
    #[error("another bundle of the same version")]
    Fork,
    /// A delta from another bundle than the one that is known: the whole one is to be fetched.
    #[error("a delta from another bundle")]
    OtherBase,
}

impl BundleError {
    /// The word it travels as.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "MALFORMED",
            Self::UnknownRoot => "UNKNOWN_ROOT",
            Self::UnknownKey => "UNKNOWN_KEY",
            Self::SignatureInvalid => "SIGNATURE_INVALID",
            Self::OtherIssuer => "OTHER_ISSUER",
            Self::Expired => "EXPIRED",
            Self::Rollback => "ROLLBACK",
            Self::Fork => "FORK",
            Self::OtherBase => "OTHER_BASE",
        }
    }
}

impl From<Malformed> for BundleError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl From<NotSigned> for BundleError {
    fn from(refusal: NotSigned) -> Self {
        match refusal {
            NotSigned::UnknownKey => Self::UnknownKey,
            NotSigned::Wrong => Self::SignatureInvalid,
        }
    }
}

/// What an app must know of its deployment. Times are Unix seconds, spans are seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// The deployment: its public address, `https://HOST`.
    pub issuer: String,
    /// Rises with every bundle.
    pub version: u64,
    /// `iat`.
    pub issued_at: i64,
    /// `exp`, at most [`MAX_BUNDLE_SECONDS`] later.
    pub expires: i64,
    /// The keys, as a root signed them.
    pub signed_keys: Vec<u8>,
    /// How old a status list may be at most.
    pub largest_staleness: i64,
    /// How far a clock may lie behind what a server has signed and still be believed.
    pub clock_skew: i64,
    /// What the address of a status list begins with; its number follows.
    pub list_base: String,
    /// The numbers of the lists to fetch, rising.
    pub lists: Vec<u32>,
    /// The agencies, by rising number.
    pub agencies: Vec<Agency>,
    /// The fields of enforcement, by rising code.
    pub fields: Vec<Field>,
    /// The newest checkpoint of the audit log, if there is one.
    pub checkpoint: Option<Checkpoint>,
    /// For each compromised key, what it is known to have signed for the issuer.
    pub genuine: Vec<Genuine>,
}

/// An agency as a code's number names it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Agency {
    /// Its number.
    pub number: u32,
    /// Its name.
    pub name: String,
    /// The code of its division (GB/T 2260).
    pub division: String,
}

/// A field of enforcement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Field {
    /// Its code.
    pub code: String,
    /// Its name in Chinese.
    pub zh: String,
    /// Its name in English.
    pub en: String,
}

/// A checkpoint of the audit log: kept by many, it cannot be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Its number.
    pub number: u64,
    /// Its hash.
    pub hash: [u8; 32],
}

/// The list of what a compromised key signed for the issuer: the ids of its credentials, sorted,
/// one after another. It is fetched only where there is one, and known by its hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Genuine {
    /// SHA-256 of the key's public bytes.
    pub key: [u8; 32],
    /// SHA-256 of the list.
    pub list: [u8; 32],
}

/// A bundle that was checked from the root down.
#[derive(Debug, Clone)]
pub struct Bundle {
    content: Content,
    keys: SignedKeys,
    key_set: KeySet,
    bytes: Vec<u8>,
    hash: BundleHash,
}

/// Who is trusted before anything was fetched.
#[derive(Debug, Clone)]
pub struct Pinned {
    /// The root keys: the one in use, and where it is to be replaced, the next.
    pub roots: Vec<PublicKey>,
    /// The deployment.
    pub issuer: String,
}

impl Content {
    /// SHA-256 of what it says: two that say the same have the same.
    pub fn digest(&self) -> [u8; 32] {
        Sha256::digest(wire::write(self)).into()
    }

    /// Signs the bundle.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, SignError> {
        let payload = wire::write(self);
        let unsigned = Unsigned::new(signer.algorithm(), Some(signer.kid()), payload, DOMAIN);
        Ok(unsigned.seal(&signer.sign(unsigned.message())?))
    }
}

impl Bundle {
    /// Checks a first bundle at `now` (Unix seconds).
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn accept(bytes: &[u8], pinned: &Pinned, now: i64) -> Result<Self, BundleError> {
        let bundle = Self::kept(bytes, pinned)?;
        if bundle.has_ended(now) { Err(BundleError::Expired) } else { Ok(bundle) }
    }

    /// Checks a bundle that was accepted in an earlier run and kept: all of it but whether it has
    /// ended.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn kept(bytes: &[u8], pinned: &Pinned) -> Result<Self, BundleError> {
        if bytes.len() > MAX_BUNDLE_BYTES {
            return Err(BundleError::Malformed);
        }
        let signed = Sign1::read(bytes)?;
        let content = wire::read(signed.payload)?;
        let keys = SignedKeys::verify(&content.signed_keys, pinned)?;
        if content.issuer != pinned.issuer {
            return Err(BundleError::OtherIssuer);
        }
        let key_set = KeySet::new(keys.records.iter().cloned());
        let named = (signed.kid.ok_or(BundleError::Malformed)?, KeyUse::Bundle);
        let message = signed.message(DOMAIN);
        key_set.signed(named, signed.algorithm, content.issued_at, &message, &signed.signature)?;
        let lasts = content.expires.checked_sub(content.issued_at).ok_or(BundleError::Malformed)?;
        if lasts > MAX_BUNDLE_SECONDS {
            return Err(BundleError::Expired);
        }
        let hash = Sha256::digest(bytes).into();
        Ok(Self { content, keys, key_set, bytes: bytes.to_vec(), hash })
    }

    /// Checks a bundle that is to follow this one. The same one again is this one.
    ///
    /// # Errors
    /// [`BundleError`]; this one then stays.
    pub fn accept_after(
        &self,
        bytes: &[u8],
        pinned: &Pinned,
        now: i64,
    ) -> Result<Self, BundleError> {
        let next = Self::accept(bytes, pinned, now)?;
        let older = next.content.version < self.content.version
            || next.keys.version < self.keys.version
            || next.content.issued_at < self.content.issued_at;
        if older {
            return Err(BundleError::Rollback);
        }
        let same_keys = self.content.signed_keys == next.content.signed_keys;
        let forked = next.content.version == self.content.version && next.hash != self.hash
            || next.keys.version == self.keys.version && !same_keys;
        if forked { Err(BundleError::Fork) } else { Ok(next) }
    }

    /// Whether it has ended: nothing is called valid by it any more.
    pub fn has_ended(&self, now: i64) -> bool {
        now >= self.content.expires
    }

    /// What it says.
    pub fn content(&self) -> &Content {
        &self.content
    }

    /// The version of its keys.
    pub fn keys_version(&self) -> u64 {
        self.keys.version
    }

    /// The trusted keys.
    pub fn keys(&self) -> &KeySet {
        &self.key_set
    }

    /// The bundle as it was signed, to be kept.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its hash, which names it in a delta.
    pub fn hash(&self) -> &BundleHash {
        &self.hash
    }

    /// The agency of a number.
    pub fn agency(&self, number: u32) -> Option<&Agency> {
        let agencies = &self.content.agencies;
        let at = agencies.binary_search_by_key(&number, |agency| agency.number).ok()?;
        agencies.get(at)
    }
}
