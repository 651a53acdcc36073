//! A list as JWT (Token Status List, section 5.1), in the compact form of RFC 7515.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use serde::{Deserialize, Serialize};

use super::{ListClaims, ListError, RawClaims, SignedList};
use crate::{
    keys::Algorithm,
    sign::{SignError, Signer},
};

/// What a header must say the token is.
const TYPE: &str = "statuslist+jwt";

#[derive(Serialize, Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    typ: String,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    iat: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    status_list: Entries,
    sub: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<i64>,
}

#[derive(Serialize, Deserialize)]
struct Entries {
    bits: u8,
    lst: String,
}

/// The name of an algorithm in a JWT (RFC 7518, section 3.1; RFC 8037, section 3.1).
const fn name(algorithm: Algorithm) -> Option<&'static str> {
    match algorithm {
        Algorithm::Ed25519 => Some("EdDSA"),
        Algorithm::Es256 => Some("ES256"),
        Algorithm::Sm2 => None,
    }
}

pub(super) fn sign(
    claims: &ListClaims,
    compressed: &[u8],
    signer: &dyn Signer,
) -> Result<String, SignError> {
    let alg = name(signer.algorithm());
    let alg = alg.ok_or_else(|| SignError("no JWT is signed with SM2".to_owned()))?;
    let header =
        Header { alg: alg.to_owned(), kid: Some(signer.kid().to_string()), typ: TYPE.to_owned() };
    let body = Claims {
        exp: claims.expires,
        iat: claims.issued_at,
        iss: claims.issuer.clone(),
        status_list: Entries { bits: claims.list.bits(), lst: BASE64.encode(compressed) },
        sub: claims.subject.clone(),
        ttl: claims.ttl,
    };
    let encoded = |part: serde_json::Result<Vec<u8>>| {
        part.map(|part| BASE64.encode(part)).map_err(|error| SignError(error.to_string()))
    };
    let (header, body) =
        (encoded(serde_json::to_vec(&header))?, encoded(serde_json::to_vec(&body))?);
    let message = format!("{header}.{body}");
    let signature = BASE64.encode(signer.sign(message.as_bytes())?);
    Ok(format!("{message}.{signature}"))
}

pub(super) fn read(bytes: &[u8]) -> Result<SignedList, ListError> {
    parse(bytes).ok_or(ListError::Malformed)
}

fn parse(bytes: &[u8]) -> Option<SignedList> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (message, signature) = text.rsplit_once('.')?;
    let (header, body) = message.split_once('.')?;
    let decoded = |part: &str| BASE64.decode(part).ok();
    let (header, body) = (decoded(header)?, decoded(body)?);
    // Extensions that must be understood (RFC 7515, section 4.1.11): we understand none.
    if object(&header)?.contains_key("crit") {
        return None;
    }
    object(&body)?;
    let header: Header = serde_json::from_slice(&header).ok()?;
    let algorithm = [Algorithm::Ed25519, Algorithm::Es256]
        .into_iter()
        .find(|a| name(*a) == Some(header.alg.as_str()))?;
    if header.typ != TYPE {
        return None;
    }
    let claims: Claims = serde_json::from_slice(&body).ok()?;
    Some(SignedList {
        algorithm,
        // Ours is the hexadecimal of a COSE key's four bytes; another's is taken as it stands.
        kid: header.kid.map(|kid| from_hex(&kid).unwrap_or_else(|| kid.into_bytes())),
        message: message.as_bytes().to_vec(),
        signature: decoded(signature)?.try_into().ok()?,
        claims: RawClaims {
            subject: claims.sub,
            issuer: claims.iss,
            issued_at: claims.iat,
            expires: claims.exp,
            ttl: claims.ttl,
            bits: claims.status_list.bits,
            compressed: decoded(&claims.status_list.lst)?,
        },
    })
}

/// What is an object: serde would read a list of values in order as well.
fn object(json: &[u8]) -> Option<serde_json::Map<String, serde_json::Value>> {
    serde_json::from_slice(json).ok()
}

/// Eight hexadecimal digits as the four bytes of a [`crate::keys::Kid`].
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let is_hex = text.len() == 8 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    is_hex.then(|| u32::from_str_radix(text, 16).ok()).flatten().map(|n| n.to_be_bytes().to_vec())
}
