//! The check record: what a supervisor's phone saw of a certificate, in which order and with which
//! clocks, signed by that phone (`docs/credential.md` §6).
//!
//! A record is deterministic CBOR in a `COSE_Sign1` without a kid: the phone is named beside it.
//! Its hash is over the CBOR and not over the signature, which ES256 makes anew each time: the same
//! record signed twice is the same record.

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{
    cbor::{Malformed, Reader, Writer},
    challenge::Challenge,
    cose::{Sign1, Unsigned},
    digits::{bytes_to_digits, digits_to_bytes, extract_digits},
    keys::{Algorithm, PublicKey},
    sign::{SignError, Signer},
    verdict::Verdict,
};

/// Signed along with a record.
const DOMAIN: &[u8] = b"liangzheng/check/1";

/// A record with the longest code is some 560 bytes; longer input is refused by its length.
pub const MAX_RECORD_BYTES: usize = 700;

/// The largest sequence, so that every language can count it.
pub const MAX_SEQUENCE: u32 = 0x7fff_ffff;

/// The largest time and the longest span, in milliseconds: the end of the year 9999.
const MAX_MILLIS: i64 = 253_402_300_799_999;

/// Digits of a division's code (GB/T 2260): a county is the finest place there is.
const PLACE_DIGITS: usize = 6;

/// Labels of a record's map.
mod label {
    pub(super) const ID: i64 = 1;
    pub(super) const SEQUENCE: i64 = 2;
    pub(super) const PREVIOUS: i64 = 3;
    pub(super) const SEEN: i64 = 4;
    pub(super) const CHALLENGE: i64 = 5;
    pub(super) const CLOCK: i64 = 6;
    pub(super) const ELAPSED: i64 = 7;
    pub(super) const MARK: i64 = 8;
    pub(super) const VERDICT: i64 = 9;
    pub(super) const PLACE: i64 = 10;
}

/// What was seen where no code can be recorded.
const NOT_SHOWN: u64 = 1;
const REFUSED: u64 = 2;
const CODE_DAMAGED: u64 = 3;

/// SHA-256 of a record's CBOR.
pub type RecordHash = [u8; 32];

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// A code: the number in its digits, as the shortest big-endian bytes. Also one that is of no
    /// certificate.
    Code(Vec<u8>),
    /// No certificate was shown, and none was asked for or is at hand.
    NotShown,
    /// It was asked for and refused.
    Refused,
    /// A code that the camera cannot read, or that holds no digits.
    CodeDamaged,
}

impl Seen {
    /// What a camera read: a whole address or its digits. What holds no digits is
    /// [`Self::CodeDamaged`].
    pub fn scanned(input: &str) -> Self {
        let bytes = extract_digits(input).and_then(digits_to_bytes);
        bytes.map_or(Self::CodeDamaged, Self::Code)
    }

    /// The digits of a code, as the verifier takes them.
    pub fn digits(&self) -> Option<String> {
        match self {
            Self::Code(bytes) => bytes_to_digits(bytes).ok(),
            _ => None,
        }
    }

    /// The word it travels as.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Code(_) => "CODE",
            Self::NotShown => "NOT_SHOWN",
            Self::Refused => "REFUSED",
            Self::CodeDamaged => "CODE_DAMAGED",
        }
    }
}

/// What the server answers a sync with. Nobody can know the proof before, so a record that holds it
/// was made after that moment, whatever the phone's clock says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyncMark {
    /// The server's time, in milliseconds since 1970.
    pub at: i64,
    /// What only the server can make for this phone and time.
    pub proof: [u8; 16],
}

/// From when the monotonic clock is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// From the moment in which the mark of the record was received: the phone has not been
    /// restarted since.
    Sync,
    /// From the phone's last start, which came after the mark, if there is any.
    Boot,
}

/// How long the monotonic clock, one that goes on while the phone sleeps, has run. Beside the wall
/// clock it tells a clock that was set: from a sync on it gives the time by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Elapsed {
    /// From when on.
    pub since: Since,
    /// Milliseconds.
    pub millis: i64,
}

/// A check, as the phone records it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckRecord {
    /// A `UUIDv7` (RFC 9562, section 5.7), unique on this phone.
    pub id: [u8; 16],
    /// 1 for the first record under the phone's key, then rising by one; [`MAX_SEQUENCE`] at most.
    pub sequence: u32,
    /// Hash of the record before; none for the first only.
    pub previous: Option<RecordHash>,
    /// What was seen.
    pub seen: Seen,
    /// The challenge that was asked for, if any; only beside a code.
    pub challenge: Option<Challenge>,
    /// The phone's wall clock, in milliseconds since 1970.
    pub clock: i64,
    /// The phone's monotonic clock.
    pub elapsed: Elapsed,
    /// What the last sync was answered with; none before the first.
    pub mark: Option<SyncMark>,
    /// What the app said of the code; none where there is none.
    pub verdict: Option<Verdict>,
    /// Code of the division, six digits, if a place is recorded; nothing finer.
    pub place: Option<String>,
}

/// Why a record cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecordError {
    /// A value is none that a record may hold, or does not go with another.
    #[error("out of range: {0}")]
    OutOfRange(&'static str),
    /// The key could not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl RecordError {
    /// The word it travels as, such as `SEQUENCE_OUT_OF_RANGE`.
    pub fn code(&self) -> String {
        match self {
            Self::OutOfRange(what) => format!("{}_OUT_OF_RANGE", what.to_ascii_uppercase()),
            Self::Sign(_) => "NOT_SIGNED".to_owned(),
        }
    }
}

/// Why a record is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refused {
    /// Not a record of this format.
    #[error("not a check record")]
    Unreadable,
    /// Not signed by this phone.
    #[error("not signed by this phone")]
    SignatureInvalid,
}

impl Refused {
    /// The word it travels as.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "UNREADABLE",
            Self::SignatureInvalid => "SIGNATURE_INVALID",
        }
    }
}

/// A record whose signature is the phone's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// What it says.
    pub record: CheckRecord,
    /// Its hash.
    pub hash: RecordHash,
}

/// Reads a record and checks that it is this phone's.
///
/// # Errors
/// [`Refused`].
pub fn read(bytes: &[u8], key: &PublicKey) -> Result<Received, Refused> {
    if bytes.len() > MAX_RECORD_BYTES {
        return Err(Refused::Unreadable);
    }
    let signed = Sign1::read(bytes).map_err(|Malformed| Refused::Unreadable)?;
    let record = CheckRecord::parse(signed.payload).map_err(|Malformed| Refused::Unreadable)?;
    if signed.kid.is_some() {
        return Err(Refused::Unreadable);
    }
    let good = signed.algorithm == key.algorithm().number()
        && key.verify(&signed.message(DOMAIN), &signed.signature).is_ok();
    if !good {
        return Err(Refused::SignatureInvalid);
    }
    Ok(Received { record, hash: hash(signed.payload) })
}

fn hash(payload: &[u8]) -> RecordHash {
    Sha256::digest(payload).into()
}

impl CheckRecord {
    /// Its hash, which the next record of the phone holds.
    pub fn hash(&self) -> RecordHash {
        hash(&self.write())
    }

    /// What the phone's key is to sign.
    ///
    /// # Errors
    /// [`RecordError::OutOfRange`] for a record that no reader takes.
    pub fn unsigned(&self, algorithm: Algorithm) -> Result<Unsigned, RecordError> {
        match self.unsound() {
            Some(what) => Err(RecordError::OutOfRange(what)),
            None => Ok(Unsigned::new(algorithm, None, self.write(), DOMAIN)),
        }
    }

    /// Signs the record: the bytes that are kept and sent.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn sign(&self, signer: &dyn Signer) -> Result<Vec<u8>, RecordError> {
        let unsigned = self.unsigned(signer.algorithm())?;
        Ok(unsigned.seal(&signer.sign(unsigned.message())?))
    }

    /// The first thing about it that no reader takes.
    fn unsound(&self) -> Option<&'static str> {
        let in_time = |millis: i64| (0..=MAX_MILLIS).contains(&millis);
        let has_code = matches!(self.seen, Seen::Code(_));
        let place = self.place.as_ref();
        let sound = [
            ("id", is_uuid_v7(&self.id)),
            ("sequence", (1..=MAX_SEQUENCE).contains(&self.sequence)),
            ("previous", self.previous.is_none() == (self.sequence == 1)),
            ("seen", !has_code || self.seen.digits().is_some()),
            ("challenge", self.challenge.is_none() || has_code),
            ("clock", in_time(self.clock)),
            ("elapsed", in_time(self.elapsed.millis)),
            ("elapsed", self.elapsed.since == Since::Boot || self.mark.is_some()),
            ("mark", self.mark.is_none_or(|mark| in_time(mark.at))),
            ("verdict", self.verdict.is_some() == has_code),
            ("place", place.is_none_or(|p| is_place(p))),
        ];
        sound.into_iter().find_map(|(what, sound)| (!sound).then_some(what))
    }

    fn write(&self) -> Vec<u8> {
        let optional = [
            self.previous.is_some(),
            self.challenge.is_some(),
            self.mark.is_some(),
            self.verdict.is_some(),
            self.place.is_some(),
        ];
        let entries = optional.into_iter().fold(5, |n, there| n + u64::from(there));
        let writer = Writer::default()
            .map(entries)
            .int(label::ID)
            .bytes(&self.id)
            .int(label::SEQUENCE)
            .uint(self.sequence.into())
            .optional(self.previous, |w, hash| w.int(label::PREVIOUS).bytes(&hash))
            .int(label::SEEN);
        match &self.seen {
            Seen::Code(bytes) => writer.bytes(bytes),
            Seen::NotShown => writer.uint(NOT_SHOWN),
            Seen::Refused => writer.uint(REFUSED),
            Seen::CodeDamaged => writer.uint(CODE_DAMAGED),
        }
        .optional(self.challenge, |w, challenge| w.int(label::CHALLENGE).bytes(&challenge))
        .int(label::CLOCK)
        .int(self.clock)
        .int(label::ELAPSED)
        .array(2)
        .uint(match self.elapsed.since {
            Since::Sync => 1,
            Since::Boot => 2,
        })
        .int(self.elapsed.millis)
        .optional(self.mark, |w, mark| w.int(label::MARK).array(2).int(mark.at).bytes(&mark.proof))
        .optional(self.verdict, |w, verdict| w.int(label::VERDICT).text(verdict.code()))
        .optional(self.place.as_deref(), |w, place| w.int(label::PLACE).text(place))
        .finish()
    }

    fn parse(payload: &[u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(payload);
        let mut entries = Entries { left: reader.map_length()?, next: None };
        let r = &mut reader;
        entries.must(r, label::ID)?;
        let id = r.fixed()?;
        entries.must(r, label::SEQUENCE)?;
        let sequence = r.u32()?;
        let previous = if entries.may(r, label::PREVIOUS)? { Some(r.fixed()?) } else { None };
        entries.must(r, label::SEEN)?;
        let seen = seen(r)?;
        let challenge = if entries.may(r, label::CHALLENGE)? { Some(r.fixed()?) } else { None };
        entries.must(r, label::CLOCK)?;
        let clock = millis(r)?;
        entries.must(r, label::ELAPSED)?;
        r.array(2)?;
        let since = match r.uint()? {
            1 => Since::Sync,
            2 => Since::Boot,
            _ => return Err(Malformed),
        };
        let elapsed = Elapsed { since, millis: millis(r)? };
        let mark = if entries.may(r, label::MARK)? {
            r.array(2)?;
            Some(SyncMark { at: millis(r)?, proof: r.fixed()? })
        } else {
            None
        };
        let verdict =
            if entries.may(r, label::VERDICT)? { Some(verdict(r.text()?)?) } else { None };
        let place = if entries.may(r, label::PLACE)? { Some(r.text()?.to_owned()) } else { None };
        entries.end()?;
        reader.end()?;
        let record =
            Self { id, sequence, previous, seen, challenge, clock, elapsed, mark, verdict, place };
        if record.unsound().is_none() { Ok(record) } else { Err(Malformed) }
    }
}

/// The entries of a map whose optional keys are found in their order.
struct Entries {
    left: u64,
    next: Option<i64>,
}

impl Entries {
    /// Whether this key comes next.
    fn may(&mut self, reader: &mut Reader<'_>, label: i64) -> Result<bool, Malformed> {
        if self.next.is_none() && self.left > 0 {
            self.left -= 1;
            self.next = Some(reader.int()?);
        }
        let here = self.next == Some(label);
        if here {
            self.next = None;
        }
        Ok(here)
    }

    fn must(&mut self, reader: &mut Reader<'_>, label: i64) -> Result<(), Malformed> {
        if self.may(reader, label)? { Ok(()) } else { Err(Malformed) }
    }

    fn end(&self) -> Result<(), Malformed> {
        if self.left == 0 && self.next.is_none() { Ok(()) } else { Err(Malformed) }
    }
}

fn seen(reader: &mut Reader<'_>) -> Result<Seen, Malformed> {
    let mut number = *reader;
    let Ok(what) = number.uint() else {
        return Ok(Seen::Code(reader.bytes()?.to_vec()));
    };
    *reader = number;
    match what {
        NOT_SHOWN => Ok(Seen::NotShown),
        REFUSED => Ok(Seen::Refused),
        CODE_DAMAGED => Ok(Seen::CodeDamaged),
        _ => Err(Malformed),
    }
}

fn millis(reader: &mut Reader<'_>) -> Result<i64, Malformed> {
    i64::try_from(reader.uint()?).map_err(|_| Malformed)
}

/// A verdict's word; one that a newer app knows is read like any unknown one, never as valid.
fn verdict(word: &str) -> Result<Verdict, Malformed> {
    let is_word =
        (1..=32).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
    if is_word { Ok(Verdict::from_code(word)) } else { Err(Malformed) }
}

fn is_uuid_v7(id: &[u8; 16]) -> bool {
    let [_, _, _, _, _, _, version, _, variant, ..] = *id;
    version >> 4 == 7 && variant >> 6 == 2
}

fn is_place(place: &str) -> bool {
    place.len() == PLACE_DIGITS && place.bytes().all(|b| b.is_ascii_digit())
}
