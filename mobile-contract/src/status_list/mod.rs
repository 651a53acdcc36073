//! Status lists: the state of very many certificates in a few kilobytes that anybody may keep and
//! pass on (IETF *Token Status List*, draft-ietf-oauth-status-list).
//!
//! [`StatusList`] is the array of entries and its compressed form. [`ListClaims`] is what an issuer
//! says about one, and travels signed as a JWT or a CWT: [`SignedList::read`] takes either,
//! [`SignedList::verify`] answers the claims only under a key of use *status*. What an entry means
//! for a certificate, and for how long, is [`crate::status`]'s to say.

mod cwt;
mod jwt;
mod list;

pub use list::{ListError, MAX_LIST_BYTES, StatusList};

use crate::{
    keys::{Algorithm, KeySet, KeyUse, Kid, PublicKey, SIGNATURE_BYTES},
    sign::{SignError, Signer},
    status::ListEntry,
};

/// The media type of a list as JWT.
pub const JWT_MEDIA_TYPE: &str = "application/statuslist+jwt";
/// The media type of a list as CWT.
pub const CWT_MEDIA_TYPE: &str = "application/statuslist+cwt";

/// What an issuer says of a list. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListClaims {
    /// `sub`: the address of the list, by which a credential's entry is found.
    pub subject: String,
    /// `iss`, where the list names its issuer.
    pub issuer: Option<String>,
    /// `iat`: when the entries were so.
    pub issued_at: i64,
    /// `exp`: from when the list says nothing any more.
    pub expires: Option<i64>,
    /// `ttl`: how long, in seconds from `iat`, a reader need not ask again.
    pub ttl: Option<i64>,
    /// The entries.
    pub list: StatusList,
}

impl ListClaims {
    /// The entry of an index; none where the list is too short for it. A list that does not say
    /// when it ends is not one of this profile, and counts as ended.
    pub fn entry(&self, index: u32) -> Option<ListEntry> {
        Some(ListEntry {
            bits: self.list.get(index)?,
            issued_at: self.issued_at,
            expires: self.expires.unwrap_or(self.issued_at),
            ttl: self.ttl.unwrap_or(0),
        })
    }

    /// Signs the list as JWT, with entries that were compressed already ([`StatusList::compress`]):
    /// both forms carry the same bytes.
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign_jwt(&self, compressed: &[u8], signer: &dyn Signer) -> Result<String, SignError> {
        jwt::sign(self, compressed, signer)
    }

    /// Signs the list as CWT; see [`Self::sign_jwt`].
    ///
    /// # Errors
    /// [`SignError`].
    pub fn sign_cwt(&self, compressed: &[u8], signer: &dyn Signer) -> Result<Vec<u8>, SignError> {
        cwt::sign(self, compressed, signer)
    }
}

/// A list as it came, of which nothing is verified yet. What it claims is read only by
/// [`Self::verify`] and [`Self::verify_with`].
#[derive(Debug, Clone)]
pub struct SignedList {
    algorithm: Algorithm,
    /// The key's name as the list has it.
    kid: Option<Vec<u8>>,
    /// What was signed.
    message: Vec<u8>,
    signature: [u8; SIGNATURE_BYTES],
    claims: RawClaims,
}

/// What the list claims, its entries still compressed: nothing unpacks before the signature holds.
#[derive(Debug, Clone)]
struct RawClaims {
    subject: String,
    issuer: Option<String>,
    issued_at: i64,
    expires: Option<i64>,
    ttl: Option<i64>,
    bits: u8,
    compressed: Vec<u8>,
}

impl SignedList {
    /// Reads a list in either form: a CWT begins with its tag, a JWT with the letters of its header.
    ///
    /// # Errors
    /// [`ListError::Malformed`].
    pub fn read(bytes: &[u8]) -> Result<Self, ListError> {
        match bytes.first() {
            Some(b'e') => jwt::read(bytes),
            _ => cwt::read(bytes),
        }
    }

    /// The claims, if one of the trusted keys of use *status* signed them, was in force when it did,
    /// and was never compromised: who has such a key can say that anybody is valid.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn verify(self, keys: &KeySet) -> Result<ListClaims, ListError> {
        let named = (self.kid().ok_or(ListError::UnknownKey)?, KeyUse::Status);
        let (algorithm, issued_at) = (self.algorithm.number(), self.claims.issued_at);
        keys.signed(named, algorithm, issued_at, &self.message, &self.signature)?;
        self.claims()
    }

    /// The claims, if this key signed them: for lists of other issuers, whose keys have other names.
    ///
    /// # Errors
    /// [`ListError`].
    pub fn verify_with(self, key: &PublicKey) -> Result<ListClaims, ListError> {
        if key.algorithm() != self.algorithm {
            return Err(ListError::UnknownKey);
        }
        key.verify(&self.message, &self.signature).map_err(|_| ListError::SignatureInvalid)?;
        self.claims()
    }

    fn kid(&self) -> Option<Kid> {
        self.kid.as_ref()?.as_slice().try_into().ok().map(Kid)
    }

    fn claims(self) -> Result<ListClaims, ListError> {
        let raw = self.claims;
        Ok(ListClaims {
            list: StatusList::decompress(raw.bits, &raw.compressed, MAX_LIST_BYTES)?,
            subject: raw.subject,
            issuer: raw.issuer,
            issued_at: raw.issued_at,
            expires: raw.expires,
            ttl: raw.ttl,
        })
    }
}
