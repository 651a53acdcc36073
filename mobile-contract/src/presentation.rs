//! The presentation: a phone shows its credential and proves, with its own key, that it does so
//! now.

use thiserror::Error;

use crate::{
    cbor::{Malformed, Reader, Writer},
    challenge::Challenge,
    cose::{Sign1, Unsigned},
    credential::{Credential, time},
    digits::bytes_to_digits,
    keys::Algorithm,
    sign::{SignError, Signer},
};

/// What marks a presentation, where a credential has its profile.
const PROFILE: i64 = 3;

/// Signed along with a presentation, before a zero byte and the challenge.
const DOMAIN: &[u8] = b"liangzheng/show/1";

/// Why a phone cannot show a credential.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PresentError {
    /// The bytes are not a phone credential, or the time is before 1970.
    #[error("not a phone credential")]
    NotAPhoneCredential,
    /// The key could not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// What the phone's key is to sign, in order to show `credential` (the tagged bytes from the
/// issuer) at `issued_at` (Unix seconds), in answer to `challenge` if there is one.
///
/// # Errors
/// [`PresentError::NotAPhoneCredential`].
pub fn unsigned(
    credential: &[u8],
    issued_at: i64,
    challenge: Option<&Challenge>,
    algorithm: Algorithm,
) -> Result<Unsigned, PresentError> {
    let device_bound = Sign1::read(credential)
        .and_then(|sign1| Credential::read(sign1.payload))
        .is_ok_and(|credential| credential.device_key.is_some());
    if !device_bound || issued_at < 0 {
        return Err(PresentError::NotAPhoneCredential);
    }
    let payload = Writer::default()
        .array(4)
        .int(PROFILE)
        .int(issued_at)
        .int(challenge.is_some().into())
        .bytes(credential)
        .finish();
    Ok(Unsigned::new(algorithm, None, payload, &external_aad(challenge)))
}

/// Shows a credential: the digits of a code that is good for a moment. See [`unsigned`].
///
/// # Errors
/// [`PresentError`].
pub fn present(
    credential: &[u8],
    issued_at: i64,
    challenge: Option<&Challenge>,
    signer: &dyn Signer,
) -> Result<String, PresentError> {
    let unsigned = unsigned(credential, issued_at, challenge, signer.algorithm())?;
    let bytes = unsigned.seal(&signer.sign(unsigned.message())?);
    bytes_to_digits(&bytes).map_err(|_| PresentError::NotAPhoneCredential)
}

/// A presentation as it was read; nothing of it is verified yet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Presentation<'a> {
    pub(crate) issued_at: i64,
    pub(crate) challenged: bool,
    pub(crate) credential: &'a [u8],
}

impl<'a> Presentation<'a> {
    pub(crate) fn read(payload: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        reader.array(4)?;
        reader.exactly(PROFILE)?;
        let issued_at = time(&mut reader)?;
        let challenged = match reader.uint()? {
            0 => false,
            1 => true,
            _ => return Err(Malformed),
        };
        let credential = reader.bytes()?;
        reader.end()?;
        Ok(Self { issued_at, challenged, credential })
    }
}

pub(crate) fn external_aad(challenge: Option<&Challenge>) -> Vec<u8> {
    [DOMAIN, &[0], challenge.map_or(&[], |c| c.as_slice())].concat()
}
