//! The officer's side: enrolling a phone and showing a credential. The private key stays in the
//! phone's key store, which signs between the two calls.

use mobile_contract::digits::bytes_to_digits;
use mobile_contract::presentation::unsigned;
use mobile_contract::{self as contract, Challenge, Enrolment, PublicKey, sign};

use crate::{KeyAlgorithm, ShowError};

/// What the phone's new key is to sign, in order to be enrolled: with the nonce of 32 bytes and the
/// officer's id that the server gave, the invitation as it was typed, and the key's own public half
/// (32 bytes for Ed25519, the uncompressed point for P-256).
#[uniffi::export]
pub fn message_to_enrol(
    nonce: Vec<u8>,
    invitation: String,
    officer: String,
    algorithm: KeyAlgorithm,
    public_key: Vec<u8>,
) -> Result<Vec<u8>, ShowError> {
    let nonce = nonce.try_into().map_err(|_| ShowError::of("NONCE_MALFORMED"))?;
    let public_key = PublicKey::from_bytes(algorithm.into(), &public_key)
        .map_err(|_| ShowError::of("KEY_MALFORMED"))?;
    let enrolment = Enrolment {
        nonce: &nonce,
        invitation: &invitation,
        officer: &officer,
        public_key: &public_key,
    };
    Ok(enrolment.message())
}

/// The text of the QR symbol by which a supervisor's phone shows a challenge of 16 bytes.
#[uniffi::export]
pub fn challenge_symbol(challenge: Vec<u8>) -> Result<String, ShowError> {
    let challenge = challenge.try_into().map_err(|_| ShowError::of("CHALLENGE_MALFORMED"))?;
    Ok(contract::challenge_symbol(&challenge))
}

/// The challenge, 16 bytes, of a symbol's text; none where the symbol is another.
#[uniffi::export]
pub fn challenge_of_symbol(text: String) -> Option<Vec<u8>> {
    contract::challenge_of_symbol(&text).map(|challenge| challenge.to_vec())
}

/// What the phone's key is to sign, in order to show a credential at a moment (Unix seconds), in
/// answer to a challenge of 16 bytes if there is one.
#[uniffi::export]
pub fn message_to_show(
    credential: Vec<u8>,
    issued_at: i64,
    challenge: Option<Vec<u8>>,
    algorithm: KeyAlgorithm,
) -> Result<Vec<u8>, ShowError> {
    let challenge = read(challenge)?;
    let unsigned = unsigned(&credential, issued_at, challenge.as_ref(), algorithm.into());
    unsigned.map(|unsigned| unsigned.message().to_vec()).map_err(|_| not_shown())
}

/// The digits of the code, from the same arguments and the signature of 64 bytes over
/// [`message_to_show`].
#[uniffi::export]
pub fn show(
    credential: Vec<u8>,
    issued_at: i64,
    challenge: Option<Vec<u8>>,
    algorithm: KeyAlgorithm,
    signature: Vec<u8>,
) -> Result<String, ShowError> {
    let challenge = read(challenge)?;
    let signature = signature.try_into().map_err(|_| ShowError::of("SIGNATURE_MALFORMED"))?;
    let unsigned = unsigned(&credential, issued_at, challenge.as_ref(), algorithm.into());
    let bytes = unsigned.map_err(|_| not_shown())?.seal(&signature);
    bytes_to_digits(&bytes).map_err(|_| not_shown())
}

/// The signature of 64 bytes in one of DER, as Android's Keystore and Apple's Secure Enclave give
/// it.
#[uniffi::export]
pub fn raw_signature_from_der(der: Vec<u8>) -> Result<Vec<u8>, ShowError> {
    let raw = sign::raw_from_der(&der).map_err(|_| ShowError::of("SIGNATURE_MALFORMED"))?;
    Ok(raw.to_vec())
}

fn read(challenge: Option<Vec<u8>>) -> Result<Option<Challenge>, ShowError> {
    let read = |c: Vec<u8>| c.try_into().map_err(|_| ShowError::of("CHALLENGE_MALFORMED"));
    challenge.map(read).transpose()
}

fn not_shown() -> ShowError {
    ShowError::of("NOT_A_PHONE_CREDENTIAL")
}
