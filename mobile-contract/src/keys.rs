//! Public keys: what they are, how a code names them, and the set of those that are trusted.

use std::{
    fmt,
    sync::{Arc, LazyLock},
};

use curve25519_dalek::constants::EIGHT_TORSION;
use ed25519_dalek::VerifyingKey as Ed25519Key;
use p256::ecdsa::{Signature as P256Signature, VerifyingKey as P256Key, signature::Verifier};
use sha2::{Digest, Sha256};
use thiserror::Error;

/// The length of every signature here: R‖S for Ed25519, raw r‖s for the others.
pub const SIGNATURE_BYTES: usize = 64;

/// At most this many keys of the same [`Kid`] are tried for one code. Four bytes collide by chance
/// once in four thousand million pairs; more than four keys are an attack on our time.
pub const MAX_KID_MATCHES: usize = 4;

/// A signature algorithm of the profile, with its number in the COSE registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Ed25519 under COSE's `EdDSA`, −8 (RFC 9053, section 2.2).
    Ed25519,
    /// ECDSA on P-256 with SHA-256, `ES256`, −7 (RFC 9053, section 2.1).
    Es256,
    /// SM2 with SM3 (GB/T 32918.2), under −65538: COSE has no number for it, and those below −65536
    /// are for private use (RFC 8152, section 16.4; not −65537, which is the label of the facts
    /// here). It can be named, but this version does not verify it.
    Sm2,
}

impl Algorithm {
    /// Its number in a COSE header.
    pub const fn number(self) -> i64 {
        match self {
            Self::Ed25519 => -8,
            Self::Es256 => -7,
            Self::Sm2 => -65_538,
        }
    }

    /// The algorithm of a COSE number, if it is one of the profile.
    pub const fn from_number(number: i64) -> Option<Self> {
        match number {
            -8 => Some(Self::Ed25519),
            -7 => Some(Self::Es256),
            -65_538 => Some(Self::Sm2),
            _ => None,
        }
    }
}

/// Bytes that are not a public key of the algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("not a public key of this algorithm")]
pub struct BadKey;

/// Why a signature was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Unverified {
    /// It is not the key's signature of the message.
    #[error("not the key's signature")]
    Wrong,
    /// This version cannot verify the key's algorithm.
    #[error("an algorithm that cannot be verified here")]
    Unsupported,
}

/// A public key that was checked to be one: on its curve and not of small order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    /// For [`Algorithm::Ed25519`].
    Ed25519(Ed25519Key),
    /// For [`Algorithm::Es256`].
    P256(P256Key),
    /// For [`Algorithm::Sm2`]: the uncompressed point, which nothing here computes with.
    Sm2([u8; 65]),
}

impl PublicKey {
    /// Reads the bytes that [`Self::to_bytes`] gives.
    ///
    /// # Errors
    /// [`BadKey`] for a wrong length, a point off the curve, or one of small order.
    pub fn from_bytes(algorithm: Algorithm, bytes: &[u8]) -> Result<Self, BadKey> {
        match algorithm {
            Algorithm::Ed25519 => {
                let key = bytes.try_into().ok().and_then(|b| Ed25519Key::from_bytes(b).ok());
                key.filter(|key| !key.is_weak()).map(Self::Ed25519).ok_or(BadKey)
            }
            Algorithm::Es256 => {
                uncompressed(bytes)?;
                P256Key::from_sec1_bytes(bytes).map(Self::P256).map_err(|_| BadKey)
            }
            Algorithm::Sm2 => uncompressed(bytes).map(Self::Sm2),
        }
    }

    /// The bytes a key is published and named by: 32 for Ed25519 (RFC 8032, section 5.1.5); for the
    /// others the uncompressed point, 0x04 ‖ x ‖ y (SEC 1, section 2.3.3), which every library
    /// exports.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.to_bytes().to_vec(),
            Self::P256(key) => key.to_sec1_point(false).as_bytes().to_vec(),
            Self::Sm2(bytes) => bytes.to_vec(),
        }
    }

    /// The one algorithm of the key.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::P256(_) => Algorithm::Es256,
            Self::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// The key's name in a code.
    pub fn kid(&self) -> Kid {
        let hash: [u8; 32] = Sha256::digest(self.to_bytes()).into();
        let [a, b, c, d, ..] = hash;
        Kid([a, b, c, d])
    }

    /// Checks a signature over `message`.
    ///
    /// # Errors
    /// [`Unverified`].
    pub fn verify(
        &self,
        message: &[u8],
        signature: &[u8; SIGNATURE_BYTES],
    ) -> Result<(), Unverified> {
        match self {
            Self::Ed25519(key) => verify_strict(key, message, signature),
            Self::P256(key) => P256Signature::from_slice(signature)
                .and_then(|signature| key.verify(message, &signature))
                .map_err(|_| Unverified::Wrong),
            Self::Sm2(_) => Err(Unverified::Unsupported),
        }
    }
}

/// The encodings of the points of small order.
static SMALL_ORDER: LazyLock<[[u8; 32]; 8]> =
    LazyLock::new(|| EIGHT_TORSION.map(|point| point.compress().to_bytes()));

/// What the library's `verify_strict` accepts, in less time: it decompresses R to see whether its
/// order is small, which the bytes tell too. `verify` compares them with those of the R it has
/// computed, so another encoding of such a point is not accepted either.
fn verify_strict(
    key: &Ed25519Key,
    message: &[u8],
    signature: &[u8; SIGNATURE_BYTES],
) -> Result<(), Unverified> {
    if key.is_weak() || SMALL_ORDER.iter().any(|point| signature.starts_with(point)) {
        return Err(Unverified::Wrong);
    }
    let signature = ed25519_dalek::Signature::from_bytes(signature);
    key.verify(message, &signature).map_err(|_| Unverified::Wrong)
}

fn uncompressed(bytes: &[u8]) -> Result<[u8; 65], BadKey> {
    let bytes: [u8; 65] = bytes.try_into().map_err(|_| BadKey)?;
    if bytes.starts_with(&[4]) { Ok(bytes) } else { Err(BadKey) }
}

/// The first four bytes of the SHA-256 of [`PublicKey::to_bytes`]: a hint which keys to try, not an
/// identity.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Kid(pub [u8; 4]);

impl fmt::Display for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kid({self})")
    }
}

/// The single purpose a key may sign for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyUse {
    /// Credentials, printed and phone.
    Credential,
    /// Status lists.
    Status,
    /// The trust bundle.
    Bundle,
    /// Audit checkpoints.
    Audit,
    /// Access tokens.
    AccessToken,
}

impl KeyUse {
    /// Every use.
    pub const ALL: [Self; 5] =
        [Self::Credential, Self::Status, Self::Bundle, Self::Audit, Self::AccessToken];

    /// Its number in a bundle.
    pub const fn number(self) -> u64 {
        match self {
            Self::Credential => 1,
            Self::Status => 2,
            Self::Bundle => 3,
            Self::Audit => 4,
            Self::AccessToken => 5,
        }
    }

    /// The use of a number, if there is one.
    pub fn from_number(number: u64) -> Option<Self> {
        Self::ALL.into_iter().find(|key_use| key_use.number() == number)
    }
}

/// A published key and what it may be trusted for. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRecord {
    /// The key, and with it its one algorithm.
    pub public_key: PublicKey,
    /// Its one use.
    pub key_use: KeyUse,
    /// Nothing of the key verifies before.
    pub not_before: i64,
    /// Nothing of the key verifies from this moment on, so it lies after the `exp` of all it signed
    /// (a key stops signing long before).
    pub not_after: i64,
    /// Since when others may have the private key, if ever. Whatever the date, a code of such a key
    /// verifies only if it is known to be genuine: a thief backdates.
    pub compromised_since: Option<i64>,
}

impl KeyRecord {
    /// Whether what the key signed at a moment may be relied on for what it says itself: it was in
    /// force, and nobody else ever had it.
    pub fn signs_at(&self, moment: i64) -> bool {
        self.compromised_since.is_none() && (self.not_before..self.not_after).contains(&moment)
    }
}

/// Why a document is not accepted as signed by a trusted key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotSigned {
    /// No key has its use, name and algorithm, was in force and is whole.
    UnknownKey,
    /// It names such a key, which did not sign it.
    Wrong,
}

/// The trusted keys.
#[derive(Debug, Clone, Default)]
pub struct KeySet(Vec<(Kid, Arc<KeyRecord>)>);

impl KeySet {
    /// A set of these keys; the earlier ones are tried first.
    pub fn new(records: impl IntoIterator<Item = KeyRecord>) -> Self {
        Self(
            records.into_iter().map(|record| (record.public_key.kid(), Arc::new(record))).collect(),
        )
    }

    /// Every key.
    pub fn all(&self) -> impl Iterator<Item = &KeyRecord> {
        self.0.iter().map(|(_, record)| record.as_ref())
    }

    /// Checks that a key of a use signed a message at a moment, for documents that are relied on for
    /// what they say themselves. `algorithm` is the number in the document, if it names one we know.
    pub(crate) fn signed(
        &self,
        (kid, key_use): (Kid, KeyUse),
        algorithm: i64,
        moment: i64,
        message: &[u8],
        signature: &[u8; SIGNATURE_BYTES],
    ) -> Result<(), NotSigned> {
        let trusted = |key: &&KeyRecord| {
            key.public_key.algorithm().number() == algorithm && key.signs_at(moment)
        };
        let mut refusal = NotSigned::UnknownKey;
        for key in self.named(kid, key_use).map(AsRef::as_ref).filter(trusted) {
            match key.public_key.verify(message, signature) {
                Ok(()) => return Ok(()),
                Err(_) => refusal = NotSigned::Wrong,
            }
        }
        Err(refusal)
    }

    /// The keys of a use that a signature of this kid may be by, at most [`MAX_KID_MATCHES`].
    pub fn named(&self, kid: Kid, key_use: KeyUse) -> impl Iterator<Item = &Arc<KeyRecord>> {
        self.0
            .iter()
            .filter(move |(own, record)| *own == kid && record.key_use == key_use)
            .map(|(_, record)| record)
            .take(MAX_KID_MATCHES)
    }
}
