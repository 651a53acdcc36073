//! The keys of a deployment, signed by a root: what a bundle carries, and what is taken to the
//! offline root and back.

use sha2::{Digest, Sha256};

use super::{BundleError, Pinned};
use crate::{
    cbor::{Malformed, Reader, Writer},
    cose::{Sign1, Unsigned},
    credential::time,
    keys::{Algorithm, KeyRecord, KeyUse, PublicKey},
    sign::{SignError, Signer},
};

/// Signed along with the keys.
const DOMAIN: &[u8] = b"liangzheng/keys/1";
/// Keys that are read at most.
const MAX_KEYS: u64 = 256;

/// Labels, in the order of deterministic CBOR.
mod label {
    pub(super) const ISSUER: i64 = 1;
    pub(super) const VERSION: i64 = 2;
    pub(super) const KEYS: i64 = 3;
    pub(super) const IAT: i64 = 6;
}

/// The keys of a deployment. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedKeys {
    /// The deployment: its public address.
    pub issuer: String,
    /// Rises with every change.
    pub version: u64,
    /// `iat`.
    pub issued_at: i64,
    /// The keys.
    pub records: Vec<KeyRecord>,
}

impl SignedKeys {
    /// Signs the keys with a root.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign(&self, root: &dyn Signer) -> Result<Vec<u8>, SignError> {
        let payload = self.write();
        let unsigned = Unsigned::new(root.algorithm(), Some(root.kid()), payload, DOMAIN);
        Ok(unsigned.seal(&root.sign(unsigned.message())?))
    }

    /// What a root is to sign, to be taken to where it is.
    pub fn unsigned(&self) -> Vec<u8> {
        self.write()
    }

    /// Reads what [`Self::unsigned`] gives.
    ///
    /// # Errors
    /// [`BundleError::Malformed`].
    pub fn read_unsigned(payload: &[u8]) -> Result<Self, BundleError> {
        Ok(Self::read(payload)?)
    }

    /// SHA-256 of what a root signs: two people who read it to each other have the same keys before
    /// them.
    pub fn fingerprint(&self) -> [u8; 32] {
        Sha256::digest(self.write()).into()
    }

    /// Reads signed keys without asking by whom.
    ///
    /// # Errors
    /// [`BundleError::Malformed`].
    pub fn read_unverified(signed: &[u8]) -> Result<Self, BundleError> {
        Ok(Self::read(Sign1::read(signed)?.payload)?)
    }

    /// The keys, if a pinned root signed them for the pinned issuer.
    ///
    /// # Errors
    /// [`BundleError`].
    pub fn verify(signed: &[u8], pinned: &Pinned) -> Result<Self, BundleError> {
        let signed = Sign1::read(signed)?;
        let keys = Self::read(signed.payload)?;
        let message = signed.message(DOMAIN);
        let mut refusal = BundleError::UnknownRoot;
        for root in &pinned.roots {
            if signed.kid != Some(root.kid()) || root.algorithm().number() != signed.algorithm {
                continue;
            }
            match root.verify(&message, &signed.signature) {
                Ok(()) if keys.issuer == pinned.issuer => return Ok(keys),
                Ok(()) => return Err(BundleError::OtherIssuer),
                Err(_) => refusal = BundleError::SignatureInvalid,
            }
        }
        Err(refusal)
    }

    fn write(&self) -> Vec<u8> {
        let mut payload = Writer::default().map(4);
        payload = payload.int(label::ISSUER).text(&self.issuer);
        payload = payload.int(label::VERSION).uint(self.version);
        payload = payload.int(label::KEYS).list(&self.records, |to, key| {
            to.array(5 + u64::from(key.compromised_since.is_some()))
                .uint(key.key_use.number())
                .int(key.public_key.algorithm().number())
                .bytes(&key.public_key.to_bytes())
                .int(key.not_before)
                .int(key.not_after)
                .optional(key.compromised_since, Writer::int)
        });
        payload.int(label::IAT).int(self.issued_at).finish()
    }

    fn read(payload: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        reader.map(4)?;
        let issuer = reader.at(label::ISSUER)?.text()?.to_owned();
        let version = reader.at(label::VERSION)?.uint()?;
        let records = reader.at(label::KEYS)?.list(MAX_KEYS, record)?;
        let issued_at = time(reader.at(label::IAT)?)?;
        reader.end()?;
        // A key of an algorithm or use that this version does not know says nothing to it.
        let records = records.into_iter().flatten().collect();
        Ok(Self { issuer, version, issued_at, records })
    }
}

fn record(reader: &mut Reader<'_>) -> Result<Option<KeyRecord>, Malformed> {
    let entries = reader.array_length()?;
    let key_use = KeyUse::from_number(reader.uint()?);
    let algorithm = Algorithm::from_number(reader.int()?);
    let bytes = reader.bytes()?;
    let (not_before, not_after) = (time(reader)?, time(reader)?);
    let compromised_since = match entries {
        5 => None,
        6 => Some(time(reader)?),
        _ => return Err(Malformed),
    };
    let (Some(key_use), Some(algorithm)) = (key_use, algorithm) else { return Ok(None) };
    let public_key = PublicKey::from_bytes(algorithm, bytes).map_err(|_| Malformed)?;
    Ok(Some(KeyRecord { public_key, key_use, not_before, not_after, compromised_since }))
}
