//! The one door to private keys: whoever holds one signs through [`Signer`].
//!
//! The two signers here hold a key in memory. The server puts its unsealed keys behind them; a
//! hardware module or a phone's key store implements the same trait.

use ed25519_dalek::Signer as _;
use p256::ecdsa::Signature as P256Signature;
use thiserror::Error;

use crate::keys::{Algorithm, BadKey, Kid, PublicKey, SIGNATURE_BYTES};

/// A key that could not sign: a module that is away, a store that refuses.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the key could not sign: {0}")]
pub struct SignError(pub String);

/// Something that holds a private key.
pub trait Signer: Send + Sync {
    /// The public half.
    fn public_key(&self) -> PublicKey;

    /// The key's algorithm.
    fn algorithm(&self) -> Algorithm {
        self.public_key().algorithm()
    }

    /// The key's name in a code.
    fn kid(&self) -> Kid {
        self.public_key().kid()
    }

    /// Signs the message (not its hash); ECDSA signatures are raw r‖s.
    ///
    /// # Errors
    /// [`SignError`] if the key cannot be used now.
    fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_BYTES], SignError>;
}

/// Signs with an Ed25519 key in memory; wiped when dropped.
pub struct Ed25519Signer(ed25519_dalek::SigningKey);

impl Ed25519Signer {
    /// From the 32 bytes of an RFC 8032 private key.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }
}

impl Signer for Ed25519Signer {
    fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.0.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_BYTES], SignError> {
        Ok(self.0.sign(message).to_bytes())
    }
}

/// Signs with a P-256 key in memory, with the nonces of RFC 6979; wiped when dropped.
pub struct Es256Signer(p256::ecdsa::SigningKey);

impl Es256Signer {
    /// From the 32 bytes of the private scalar, big-endian.
    ///
    /// # Errors
    /// [`BadKey`] if the scalar is zero or not below the order of the curve.
    pub fn from_scalar(scalar: &[u8; 32]) -> Result<Self, BadKey> {
        p256::ecdsa::SigningKey::from_slice(scalar).map(Self).map_err(|_| BadKey)
    }
}

impl Signer for Es256Signer {
    fn public_key(&self) -> PublicKey {
        PublicKey::P256(*self.0.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; SIGNATURE_BYTES], SignError> {
        let signature: P256Signature = self.0.sign(message);
        Ok(signature.to_bytes().into())
    }
}

/// The raw r‖s of an ECDSA signature in DER, as Android's Keystore and Apple's Secure Enclave give
/// it.
///
/// # Errors
/// [`SignError`] if `der` is no P-256 signature.
pub fn raw_from_der(der: &[u8]) -> Result<[u8; SIGNATURE_BYTES], SignError> {
    P256Signature::from_der(der)
        .map(|signature| signature.to_bytes().into())
        .map_err(|_| SignError("not a DER signature on P-256".to_owned()))
}
