//! The credential: what the issuer says about a certificate, printed on a card or kept in a phone.
//!
//! Neither the issuer nor an id is inside: the one follows from the verifying key, the other from a
//! hash. Agency, kind and list are numbers that the server or the signed bundle resolves.

use std::fmt;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    cbor::{Malformed, Reader, Writer},
    cose::Unsigned,
    device::DeviceKey,
    digits::bytes_to_digits,
    keys::{Algorithm, Kid},
    name,
    sign::{SignError, Signer},
};

/// The largest agency number: three bytes.
pub const MAX_AGENCY: u32 = 65_535;
/// The largest number of a kind of certificate: one byte.
pub const MAX_KIND: u32 = 23;
/// The largest number of a status list: three bytes.
pub const MAX_STATUS_LIST: u32 = 65_535;
/// The longest certificate number, in UTF-8 bytes (a hanzi takes three).
pub const MAX_NUMBER_BYTES: usize = 19;
/// The last `nbf` or `exp`, in Unix seconds (the year 2106): five bytes.
pub const MAX_TIME: i64 = 4_294_967_295;
/// How long a phone credential may last, in seconds.
pub const MAX_PHONE_SECONDS: i64 = 86_400;

/// The largest printed credential, in bytes. All the maxima above together reach it, under any
/// algorithm, and it fits QR version 10-M behind a host of 28 characters.
pub const MAX_PRINTED_BYTES: usize = 171;
/// The largest phone credential, in bytes: presented, it fits QR version 13-M behind a host of 28
/// characters. A certificate number of 11 bytes always fits; a longer one beside the longest name
/// may not.
pub const MAX_PHONE_BYTES: usize = 204;

/// Labels of the payload (RFC 8392, section 4; RFC 8747, section 3.1), and a private one for the
/// facts.
mod label {
    pub(super) const SUB: i64 = 2;
    pub(super) const EXP: i64 = 4;
    pub(super) const NBF: i64 = 5;
    pub(super) const CNF: i64 = 8;
    pub(super) const FACTS: i64 = -65_537;
    /// In `cnf`.
    pub(super) const COSE_KEY: i64 = 1;
}

/// Where a credential lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Profile {
    /// On a card: profile 1.
    Printed,
    /// In a phone, bound to its key: profile 2.
    Phone,
}

impl Profile {
    const fn number(self) -> i64 {
        match self {
            Self::Printed => 1,
            Self::Phone => 2,
        }
    }

    /// Signed along with the credential, so that none serves as the other.
    pub const fn external_aad(self) -> &'static [u8] {
        match self {
            Self::Printed => b"liangzheng/printed/1",
            Self::Phone => b"liangzheng/phone/1",
        }
    }
}

/// The first 16 bytes of the SHA-256 of a credential's `Sig_structure`.
///
/// It names what was signed, not the signature: of an ECDSA signature anyone can make a second one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CredentialId(pub [u8; 16]);

impl CredentialId {
    pub(crate) fn of(message: &[u8]) -> Self {
        let mut id = [0; 16];
        id.iter_mut().zip(Sha256::digest(message)).for_each(|(to, from)| *to = from);
        Self(id)
    }
}

impl fmt::Display for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for CredentialId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CredentialId({self})")
    }
}

/// What a credential says. Times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The certificate's number: opaque, never parsed.
    pub certificate_number: String,
    /// From when it is in force.
    pub not_before: i64,
    /// From when it is no longer in force.
    pub expires: i64,
    /// The holder's name in NFC, perhaps only its beginning.
    pub name: String,
    /// Whether the name goes on.
    pub name_cut: bool,
    /// The agency, by its number in the bundle.
    pub agency: u32,
    /// The kind of certificate, by its number in the bundle.
    pub kind: u32,
    /// The status list its status is in.
    pub status_list: u32,
    /// Its place in that list.
    pub status_index: u32,
    /// The key of the holder's phone: a phone credential has one, a printed one has none.
    pub device_key: Option<DeviceKey>,
}

/// Why a credential cannot be issued.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum IssueError {
    /// A number, time or text is outside what the format holds.
    #[error("{0} is outside what a code can hold")]
    OutOfRange(&'static str),
    /// Everything is within its range, but too much together for a phone's code.
    #[error("too long for a code")]
    TooLong,
    /// The key could not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// An issued credential.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// The tagged `COSE_Sign1`.
    pub bytes: Vec<u8>,
    /// Its id.
    pub id: CredentialId,
}

impl Issued {
    /// What a printed code shows after `/v/`.
    pub fn digits(&self) -> String {
        // Tagged, it starts with 0xd2, and it is far below 800 digits.
        bytes_to_digits(&self.bytes).unwrap_or_default()
    }
}

impl Credential {
    /// Sets the name to as much of it as fits a code; see [`name::fit`].
    #[must_use]
    pub fn named(self, full_name: &str) -> Self {
        let name::FittedName { text, cut } = name::fit(full_name);
        Self { name: text, name_cut: cut, ..self }
    }

    /// Printed or phone.
    pub fn profile(&self) -> Profile {
        if self.device_key.is_some() { Profile::Phone } else { Profile::Printed }
    }

    /// What the issuer's key is to sign.
    ///
    /// # Errors
    /// [`IssueError::OutOfRange`].
    pub fn unsigned(&self, algorithm: Algorithm, kid: Kid) -> Result<Unsigned, IssueError> {
        self.check()?;
        Ok(Unsigned::new(algorithm, Some(kid), self.write(), self.profile().external_aad()))
    }

    /// Signs it.
    ///
    /// # Errors
    /// [`IssueError`].
    pub fn issue(&self, signer: &dyn Signer) -> Result<Issued, IssueError> {
        let unsigned = self.unsigned(signer.algorithm(), signer.kid())?;
        let bytes = unsigned.seal(&signer.sign(unsigned.message())?);
        let most = match self.profile() {
            Profile::Printed => MAX_PRINTED_BYTES,
            Profile::Phone => MAX_PHONE_BYTES,
        };
        if bytes.len() > most {
            return Err(IssueError::TooLong);
        }
        Ok(Issued { bytes, id: CredentialId::of(unsigned.message()) })
    }

    fn check(&self) -> Result<(), IssueError> {
        let number = &self.certificate_number;
        let name = name::fit(&self.name);
        let longest = if self.device_key.is_some() { MAX_PHONE_SECONDS } else { MAX_TIME };
        let lasts = self.expires.saturating_sub(self.not_before);
        let within = [
            ("certificate number", (1..=MAX_NUMBER_BYTES).contains(&number.len())),
            ("certificate number", !number.contains(char::is_control)),
            ("name", !name.cut && name.text == self.name),
            ("not before", self.not_before >= 0),
            ("expires", self.expires <= MAX_TIME && lasts > 0 && lasts <= longest),
            ("agency", self.agency <= MAX_AGENCY),
            ("kind", self.kind <= MAX_KIND),
            ("status list", self.status_list <= MAX_STATUS_LIST),
        ];
        match within.into_iter().find(|(_, ok)| !ok) {
            Some((what, _)) => Err(IssueError::OutOfRange(what)),
            None => Ok(()),
        }
    }

    /// The payload.
    fn write(&self) -> Vec<u8> {
        let payload = Writer::default()
            .map(4 + u64::from(self.device_key.is_some()))
            .int(label::SUB)
            .text(&self.certificate_number)
            .int(label::EXP)
            .int(self.expires)
            .int(label::NBF)
            .int(self.not_before);
        let payload = match &self.device_key {
            Some(key) => key.write(payload.int(label::CNF).map(1).int(label::COSE_KEY)),
            None => payload,
        };
        let payload = payload
            .int(label::FACTS)
            .array(6 + u64::from(self.name_cut))
            .int(self.profile().number())
            .bytes(&name::to_utf16be(&self.name))
            .int(self.agency.into())
            .int(self.kind.into())
            .int(self.status_list.into())
            .int(self.status_index.into());
        if self.name_cut { payload.bool(true) } else { payload }.finish()
    }

    /// Reads a payload. Maxima that only bound the size are not asked for again: a later issuer may
    /// have found room.
    pub(crate) fn read(payload: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        let device_bound = match reader.map_length()? {
            4 => false,
            5 => true,
            _ => return Err(Malformed),
        };
        reader.exactly(label::SUB)?;
        let certificate_number = reader.text()?.to_owned();
        reader.exactly(label::EXP)?;
        let expires = time(&mut reader)?;
        reader.exactly(label::NBF)?;
        let not_before = time(&mut reader)?;
        let device_key = if device_bound {
            reader.exactly(label::CNF)?;
            reader.map(1)?;
            reader.exactly(label::COSE_KEY)?;
            Some(DeviceKey::read(&mut reader)?)
        } else {
            None
        };
        reader.exactly(label::FACTS)?;
        let name_cut = match reader.array_length()? {
            6 => false,
            7 => true,
            _ => return Err(Malformed),
        };
        let profile = reader.int()?;
        let name = name::from_utf16be(reader.bytes()?).ok_or(Malformed)?;
        let mut number = || u32::try_from(reader.uint()?).map_err(|_| Malformed);
        let (agency, kind, status_list, status_index) =
            (number()?, number()?, number()?, number()?);
        if name_cut && !reader.bool()? {
            return Err(Malformed);
        }
        reader.end()?;

        let credential = Self {
            certificate_number,
            not_before,
            expires,
            name,
            name_cut,
            agency,
            kind,
            status_list,
            status_index,
            device_key,
        };
        let lasts = expires - not_before;
        let sound = profile == credential.profile().number()
            && !credential.certificate_number.is_empty()
            && lasts > 0
            && (credential.device_key.is_none() || lasts <= MAX_PHONE_SECONDS);
        if sound { Ok(credential) } else { Err(Malformed) }
    }
}

/// Unix seconds: never negative, so that the difference of two cannot overflow.
pub(crate) fn time(reader: &mut Reader<'_>) -> Result<i64, Malformed> {
    i64::try_from(reader.uint()?).map_err(|_| Malformed)
}
