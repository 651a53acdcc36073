//! Photos for a place without a network: a pack holds small pictures of the officers of one agency
//! whose certificates are in force, so that a supervisor compares a face with a picture that the
//! issuer made. A code holds no photo, and **a photo from the officer's own phone is never trusted**:
//! whoever shows a false code would show a false face beside it.
//!
//! A pack is signed by a key of use *bundle* and encrypted under a key of its own, which a signed-in
//! supervisor is given over the network and keeps in the phone's key store. [`PhotoPack::open`] checks
//! the signature before it decrypts, and bounds everything before it reads on.

use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    bundle::Bundle,
    cbor::{Malformed, Reader, Writer},
    cose::{Sign1, Unsigned},
    keys::{KeyUse, NotSigned},
    sign::{SignError, Signer},
};

/// Signed along with a pack.
const DOMAIN: &[u8] = b"liangzheng/photos/1";
/// The most people in a pack.
pub const MAX_PACK_ENTRIES: usize = 500;
/// The largest picture, in bytes.
pub const MAX_PICTURE_BYTES: usize = 4_096;
/// The most places in status lists that one certificate has: its printed codes and its phone.
pub const MAX_PLACES: usize = 16;
/// The most fields of one certificate.
pub const MAX_FIELDS: usize = 64;
/// The largest pack that is read, in bytes.
pub const MAX_PACK_BYTES: usize = 3 * 1024 * 1024;
/// How long a pack lasts at most, in seconds.
pub const MAX_PACK_SECONDS: i64 = 14 * 86_400;

/// The key a pack is encrypted under.
pub type PackKey = [u8; 32];

/// Why a pack is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error)]
pub enum PackError {
    /// Not a pack of this version of the format.
    #[error("not a photo pack")]
    Malformed,
    /// No key of use *bundle* of the bundle signed it, or none that was in force and is whole.
    #[error("signed by an unknown key")]
    UnknownKey,
    /// The signature is not the key's.
    #[error("the signature is not the key's")]
    SignatureInvalid,
    /// Another deployment's.
    #[error("of another issuer")]
    OtherIssuer,
    /// Past its `exp`, or made to last longer than a pack may.
    #[error("no longer to be relied on")]
    Expired,
    /// The key is another pack's or another version's: it is asked for anew.
    #[error("another key")]
    KeyWrong,
}

impl PackError {
    /// The word it travels as.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Malformed => "MALFORMED",
            Self::UnknownKey => "UNKNOWN_KEY",
            Self::SignatureInvalid => "SIGNATURE_INVALID",
            Self::OtherIssuer => "OTHER_ISSUER",
            Self::Expired => "EXPIRED",
            Self::KeyWrong => "KEY_WRONG",
        }
    }
}

impl From<Malformed> for PackError {
    fn from(_: Malformed) -> Self {
        Self::Malformed
    }
}

impl From<NotSigned> for PackError {
    fn from(refusal: NotSigned) -> Self {
        match refusal {
            NotSigned::UnknownKey => Self::UnknownKey,
            NotSigned::Wrong => Self::SignatureInvalid,
        }
    }
}

/// What a pack says of itself, in the clear. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// The deployment: its public address, `https://HOST`.
    pub issuer: String,
    /// Number of the agency whose officers it holds, as codes and the bundle name it.
    pub agency: u32,
    /// Which part of them, from 1 on.
    pub part: u32,
    /// What it holds, as a digest: the key is that of this version.
    pub version: [u8; 16],
    /// `iat`.
    pub issued_at: i64,
    /// `exp`, at most [`MAX_PACK_SECONDS`] later.
    pub expires: i64,
}

/// An officer in a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// [`number_hash`] of the certificate's number.
    pub hash: [u8; 16],
    /// The places of its codes, printed and in a phone: status list and index.
    pub places: Vec<(u32, u32)>,
    /// Codes of the fields of enforcement.
    pub fields: Vec<String>,
    /// Code of the area (GB/T 2260).
    pub area: String,
    /// The picture, JPEG.
    pub picture: Vec<u8>,
}

/// What stands for a certificate's number in a pack: the first 16 bytes of its SHA-256.
pub fn number_hash(number: &str) -> [u8; 16] {
    let digest: [u8; 32] = Sha256::digest(number.as_bytes()).into();
    let mut hash = [0; 16];
    for (to, from) in hash.iter_mut().zip(digest) {
        *to = from;
    }
    hash
}

/// Why no pack is made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SealError {
    /// It would be beyond what a reader takes, or two entries have one hash.
    #[error("beyond the bounds of a pack")]
    OutOfBounds,
    /// The signer failed.
    #[error(transparent)]
    NotSigned(#[from] SignError),
}

/// Makes a pack. `nonce` is drawn anew for each.
///
/// # Errors
/// [`SealError`].
pub fn seal(
    head: &Head,
    entries: &[Entry],
    key: &PackKey,
    nonce: [u8; 24],
    signer: &dyn Signer,
) -> Result<Vec<u8>, SealError> {
    let mut entries = entries.to_vec();
    entries.sort_unstable();
    let twice = entries.iter().zip(entries.iter().skip(1)).any(|(one, next)| one.hash == next.hash);
    let sound = |entry: &Entry| {
        entry.places.len() <= MAX_PLACES
            && entry.fields.len() <= MAX_FIELDS
            && entry.picture.len() <= MAX_PICTURE_BYTES
    };
    if twice || entries.len() > MAX_PACK_ENTRIES || !entries.iter().all(sound) {
        return Err(SealError::OutOfBounds);
    }
    let plain = Writer::default()
        .list(&entries, |writer, entry| {
            writer
                .array(5)
                .bytes(&entry.hash)
                .list(&entry.places, |writer, (list, index)| {
                    writer.array(2).uint(u64::from(*list)).uint(u64::from(*index))
                })
                .list(&entry.fields, |writer, field| writer.text(field))
                .text(&entry.area)
                .bytes(&entry.picture)
        })
        .finish();
    let sealed = XChaCha20Poly1305::new(&(*key).into())
        .encrypt(&XNonce::from(nonce), Payload { msg: &plain, aad: &head.version })
        .map_err(|_| SealError::OutOfBounds)?;
    let payload = Writer::default()
        .map(8)
        .int(1)
        .text(&head.issuer)
        .int(2)
        .uint(u64::from(head.agency))
        .int(3)
        .uint(u64::from(head.part))
        .int(4)
        .int(head.expires)
        .int(5)
        .bytes(&head.version)
        .int(6)
        .int(head.issued_at)
        .int(7)
        .bytes(&nonce)
        .int(8)
        .bytes(&sealed)
        .finish();
    let unsigned = Unsigned::new(signer.algorithm(), Some(signer.kid()), payload, DOMAIN);
    Ok(unsigned.seal(&signer.sign(unsigned.message())?))
}

/// A pack that was checked and opened.
#[derive(Debug, Clone)]
pub struct PhotoPack {
    head: Head,
    entries: Vec<Entry>,
    /// Places, rising, and whose they are.
    places: Vec<((u32, u32), usize)>,
}

impl PhotoPack {
    /// What a pack says of itself, without a key and unverified: which key to ask for.
    ///
    /// # Errors
    /// [`PackError::Malformed`].
    pub fn peek(bytes: &[u8]) -> Result<Head, PackError> {
        Ok(read(bytes)?.head)
    }

    /// Checks a pack at `now` (Unix seconds) with what an app trusts, and opens it.
    ///
    /// # Errors
    /// [`PackError`].
    pub fn open(bytes: &[u8], key: &PackKey, bundle: &Bundle, now: i64) -> Result<Self, PackError> {
        let Read { head, nonce, sealed, signed } = read(bytes)?;
        if head.issuer != bundle.content().issuer {
            return Err(PackError::OtherIssuer);
        }
        let named = (signed.kid.ok_or(PackError::Malformed)?, KeyUse::Bundle);
        let message = signed.message(DOMAIN);
        bundle.keys().signed(
            named,
            signed.algorithm,
            head.issued_at,
            &message,
            &signed.signature,
        )?;
        let lasts = head.expires.checked_sub(head.issued_at).ok_or(PackError::Malformed)?;
        if now >= head.expires || lasts > MAX_PACK_SECONDS {
            return Err(PackError::Expired);
        }
        let plain = XChaCha20Poly1305::new(&(*key).into())
            .decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: &head.version })
            .map_err(|_| PackError::KeyWrong)?;
        let entries = entries(&plain)?;
        let mut places: Vec<((u32, u32), usize)> = entries
            .iter()
            .enumerate()
            .flat_map(|(at, entry)| entry.places.iter().map(move |place| (*place, at)))
            .collect();
        places.sort_unstable();
        Ok(Self { head, entries, places })
    }

    /// What it says of itself.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// Everybody in it, by rising hash.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The officer of a code, by its place: status list and index.
    pub fn of_place(&self, list: u32, index: u32) -> Option<&Entry> {
        let at = self.places.binary_search_by_key(&(list, index), |(place, _)| *place).ok()?;
        self.entries.get(self.places.get(at)?.1)
    }

    /// The officer of a certificate's number.
    pub fn of_number(&self, number: &str) -> Option<&Entry> {
        let hash = number_hash(number);
        let at = self.entries.binary_search_by_key(&hash, |entry| entry.hash).ok()?;
        self.entries.get(at)
    }
}

struct Read<'a> {
    head: Head,
    nonce: [u8; 24],
    sealed: &'a [u8],
    signed: Sign1<'a>,
}

fn read(bytes: &[u8]) -> Result<Read<'_>, PackError> {
    if bytes.len() > MAX_PACK_BYTES {
        return Err(PackError::Malformed);
    }
    let signed = Sign1::read(bytes)?;
    let mut reader = Reader::new(signed.payload);
    reader.map(8)?;
    let issuer = reader.at(1)?.text()?.to_owned();
    let agency = reader.at(2)?.u32()?;
    let part = reader.at(3)?.u32()?;
    let expires = reader.at(4)?.int()?;
    let version = reader.at(5)?.fixed()?;
    let issued_at = reader.at(6)?.int()?;
    let nonce = reader.at(7)?.fixed()?;
    let sealed = reader.at(8)?.bytes()?;
    reader.end()?;
    let head = Head { issuer, agency, part, version, issued_at, expires };
    Ok(Read { head, nonce, sealed, signed })
}

fn entries(plain: &[u8]) -> Result<Vec<Entry>, Malformed> {
    let most = |most: usize| u64::try_from(most).unwrap_or(u64::MAX);
    let mut reader = Reader::new(plain);
    let entries = reader.list(most(MAX_PACK_ENTRIES), |reader| {
        reader.array(5)?;
        let hash = reader.fixed()?;
        let places = reader.list(most(MAX_PLACES), |reader| {
            reader.array(2)?;
            Ok((reader.u32()?, reader.u32()?))
        })?;
        let fields = reader.list(most(MAX_FIELDS), |reader| Ok(reader.text()?.to_owned()))?;
        let area = reader.text()?.to_owned();
        let picture = reader.bytes()?;
        if picture.len() > MAX_PICTURE_BYTES {
            return Err(Malformed);
        }
        Ok(Entry { hash, places, fields, area, picture: picture.to_vec() })
    })?;
    reader.end()?;
    let rising = entries.iter().zip(entries.iter().skip(1)).all(|(one, next)| one.hash < next.hash);
    if rising { Ok(entries) } else { Err(Malformed) }
}
