//! `COSE_Sign1` (RFC 9052, section 4.2) as the profile has it: tagged, one signature of 64 bytes,
//! nothing in the unprotected map, and in the protected one the algorithm and perhaps a kid.

use crate::{
    cbor::{Malformed, Reader, Writer},
    keys::{Algorithm, Kid, SIGNATURE_BYTES},
};

/// The CBOR tag of a `COSE_Sign1` message.
pub(crate) const TAG: u64 = 18;

/// Labels of the protected header (RFC 9052, section 3.1).
pub(crate) const ALG: i64 = 1;
pub(crate) const KID: i64 = 4;

/// A message before it is signed.
///
/// Two steps, so that a key store that signs by call-back can stand between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsigned {
    protected: Vec<u8>,
    payload: Vec<u8>,
    message: Vec<u8>,
}

impl Unsigned {
    pub(crate) fn new(
        algorithm: Algorithm,
        kid: Option<Kid>,
        payload: Vec<u8>,
        external_aad: &[u8],
    ) -> Self {
        let header = Writer::default().map(1 + u64::from(kid.is_some()));
        let header = header.int(ALG).int(algorithm.number());
        let protected = match kid {
            Some(Kid(kid)) => header.int(KID).bytes(&kid),
            None => header,
        }
        .finish();
        let message = sig_structure(&protected, external_aad, &payload);
        Self { protected, payload, message }
    }

    /// The `Sig_structure`: the bytes to be signed.
    pub fn message(&self) -> &[u8] {
        &self.message
    }

    /// The finished tagged message.
    pub fn seal(&self, signature: &[u8; SIGNATURE_BYTES]) -> Vec<u8> {
        seal(&self.protected, &self.payload, signature)
    }
}

/// A finished tagged message.
pub(crate) fn seal(protected: &[u8], payload: &[u8], signature: &[u8; SIGNATURE_BYTES]) -> Vec<u8> {
    let message = Writer::default().tag(TAG).array(4).bytes(protected).map(0);
    message.bytes(payload).bytes(signature).finish()
}

/// A message as it was read; nothing of it is verified yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sign1<'a> {
    protected: &'a [u8],
    /// The algorithm's number, which may be one we do not know.
    pub(crate) algorithm: i64,
    pub(crate) kid: Option<Kid>,
    pub(crate) payload: &'a [u8],
    pub(crate) signature: [u8; SIGNATURE_BYTES],
}

impl<'a> Sign1<'a> {
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(bytes);
        reader.tag(TAG)?;
        reader.array(4)?;
        let protected = reader.bytes()?;
        reader.map(0)?;
        let payload = reader.bytes()?;
        let signature = reader.fixed()?;
        reader.end()?;

        let mut header = Reader::new(protected);
        let entries = header.map_length()?;
        header.exactly(ALG)?;
        let algorithm = header.int()?;
        let kid = match entries {
            1 => None,
            2 => {
                header.exactly(KID)?;
                Some(Kid(header.fixed()?))
            }
            _ => return Err(Malformed),
        };
        header.end()?;
        Ok(Self { protected, algorithm, kid, payload, signature })
    }

    /// The protected header as it was signed.
    pub(crate) fn protected(&self) -> &'a [u8] {
        self.protected
    }

    /// The `Sig_structure`: the bytes that were signed.
    pub(crate) fn message(&self, external_aad: &[u8]) -> Vec<u8> {
        sig_structure(self.protected, external_aad, self.payload)
    }
}

/// RFC 9052, section 4.4.
pub(crate) fn sig_structure(protected: &[u8], external_aad: &[u8], payload: &[u8]) -> Vec<u8> {
    Writer::default()
        .array(4)
        .text("Signature1")
        .bytes(protected)
        .bytes(external_aad)
        .bytes(payload)
        .finish()
}
