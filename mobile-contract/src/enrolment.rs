//! Enrolment: what a phone's new key signs, to prove that it is the officer's who was invited.
//!
//! The message is deterministic CBOR, an array of six:
//!
//! ```text
//! [ "liangzheng/enrol/1", nonce: bytes 32, invitation: text, officer: text, alg: int, key: bytes ]
//! ```
//!
//! The nonce is the server's, the invitation its secret as [`plain_invitation`] writes it, the officer
//! the opaque id that came with the nonce, `alg` the key's number in COSE and `key` the public key as
//! [`PublicKey::to_bytes`] gives it. What is signed is the message, not its hash; an ECDSA signature is
//! raw r‖s (see [`raw_from_der`](crate::sign::raw_from_der)).

use crate::{
    cbor::Writer,
    keys::{PublicKey, SIGNATURE_BYTES, Unverified},
};

/// What no other signature of a phone begins with.
const DOMAIN: &str = "liangzheng/enrol/1";
/// Bytes of the server's nonce.
pub const NONCE_BYTES: usize = 32;

/// An enrolment that is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Enrolment<'a> {
    /// What the server has given for this enrolment.
    pub nonce: &'a [u8; NONCE_BYTES],
    /// The secret of the invitation, however it is spelled.
    pub invitation: &'a str,
    /// The officer's opaque id, as the server gave it.
    pub officer: &'a str,
    /// The phone's new key.
    pub public_key: &'a PublicKey,
}

impl Enrolment<'_> {
    /// The bytes that the phone's key is to sign.
    pub fn message(&self) -> Vec<u8> {
        Writer::default()
            .array(6)
            .text(DOMAIN)
            .bytes(self.nonce)
            .text(&plain_invitation(self.invitation))
            .text(self.officer)
            .int(self.public_key.algorithm().number())
            .bytes(&self.public_key.to_bytes())
            .finish()
    }

    /// Checks that the key signed it.
    ///
    /// # Errors
    /// [`Unverified`].
    pub fn verify(&self, signature: &[u8; SIGNATURE_BYTES]) -> Result<(), Unverified> {
        self.public_key.verify(&self.message(), signature)
    }
}

/// The secret of an invitation as it is signed and hashed: without hyphens and blanks, ASCII letters
/// in lower case. So it does not matter how somebody typed it.
pub fn plain_invitation(secret: &str) -> String {
    secret
        .chars()
        .filter(|c| *c != '-' && !c.is_whitespace())
        .map(|c| c.to_ascii_lowercase())
        .collect()
}
