//! What a supervisor's phone records of a check. The private key stays in the phone's key store,
//! which signs between [`message_to_record`] and [`seal_record`].

use mobile_contract::cose::Unsigned;
use mobile_contract::digits::digits_to_bytes;
use mobile_contract::record::{self, RecordError};
use mobile_contract::{self as contract, Algorithm, PublicKey};

use crate::{KeyAlgorithm, RecordRefusal, Since, Verdict};

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Seen {
    /// A code, also one that is of no certificate.
    Code {
        /// Its digits.
        digits: String,
    },
    /// No certificate was shown, and none was asked for or is at hand.
    NotShown,
    /// It was asked for and refused.
    Refused,
    /// A code that the camera cannot read, or that holds no digits.
    CodeDamaged,
}

impl Seen {
    fn read(self) -> Result<contract::Seen, RecordError> {
        Ok(match self {
            Self::Code { digits } => {
                let bytes = digits_to_bytes(&digits);
                contract::Seen::Code(bytes.map_err(|_| RecordError::OutOfRange("seen"))?)
            }
            Self::NotShown => contract::Seen::NotShown,
            Self::Refused => contract::Seen::Refused,
            Self::CodeDamaged => contract::Seen::CodeDamaged,
        })
    }
}

impl From<contract::Seen> for Seen {
    fn from(seen: contract::Seen) -> Self {
        match &seen {
            // What was scanned or read always has digits.
            contract::Seen::Code(_) => {
                seen.digits().map_or(Self::CodeDamaged, |digits| Self::Code { digits })
            }
            contract::Seen::NotShown => Self::NotShown,
            contract::Seen::Refused => Self::Refused,
            contract::Seen::CodeDamaged => Self::CodeDamaged,
        }
    }
}

/// How long the monotonic clock, one that goes on while the phone sleeps, has run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Elapsed {
    /// From when on.
    pub since: Since,
    /// Milliseconds.
    pub millis: i64,
}

/// What the server answers a sync with.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SyncMark {
    /// The server's time, in milliseconds since 1970.
    pub at: i64,
    /// Its proof, 16 bytes.
    pub proof: Vec<u8>,
}

/// A check, as the phone records it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CheckRecord {
    /// A `UUIDv7` (RFC 9562, section 5.7), 16 bytes, unique on this phone.
    pub id: Vec<u8>,
    /// 1 for the first record under the phone's key, then rising by one; 2147483647 at most.
    pub sequence: u32,
    /// Hash of the record before, 32 bytes; none for the first only.
    pub previous: Option<Vec<u8>>,
    /// What was seen.
    pub seen: Seen,
    /// The challenge of 16 bytes that was asked for, if any; only beside a code.
    pub challenge: Option<Vec<u8>>,
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

impl CheckRecord {
    fn read(self) -> Result<contract::CheckRecord, RecordError> {
        let mark = |mark: SyncMark| {
            fixed("mark", mark.proof).map(|proof| contract::SyncMark { at: mark.at, proof })
        };
        Ok(contract::CheckRecord {
            id: fixed("id", self.id)?,
            sequence: self.sequence,
            previous: self.previous.map(|hash| fixed("previous", hash)).transpose()?,
            seen: self.seen.read()?,
            challenge: self.challenge.map(|bytes| fixed("challenge", bytes)).transpose()?,
            clock: self.clock,
            elapsed: record::Elapsed {
                since: self.elapsed.since.into(),
                millis: self.elapsed.millis,
            },
            mark: self.mark.map(mark).transpose()?,
            verdict: self.verdict.map(Into::into),
            place: self.place,
        })
    }
}

impl From<contract::CheckRecord> for CheckRecord {
    fn from(record: contract::CheckRecord) -> Self {
        Self {
            id: record.id.to_vec(),
            sequence: record.sequence,
            previous: record.previous.map(|hash| hash.to_vec()),
            seen: record.seen.into(),
            challenge: record.challenge.map(|challenge| challenge.to_vec()),
            clock: record.clock,
            elapsed: Elapsed { since: record.elapsed.since.into(), millis: record.elapsed.millis },
            mark: record.mark.map(|mark| SyncMark { at: mark.at, proof: mark.proof.to_vec() }),
            verdict: record.verdict.map(Into::into),
            place: record.place,
        }
    }
}

/// A record whose signature is the phone's.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ReceivedRecord {
    /// What it says.
    pub record: CheckRecord,
    /// Its hash, 32 bytes.
    pub hash: Vec<u8>,
}

/// What a camera read, a whole address or its digits, as it is recorded. What holds no digits is
/// a damaged code.
#[uniffi::export]
pub fn scanned(input: String) -> Seen {
    contract::Seen::scanned(&input).into()
}

/// What the phone's key is to sign of a record.
#[uniffi::export]
pub fn message_to_record(
    record: CheckRecord,
    algorithm: KeyAlgorithm,
) -> Result<Vec<u8>, RecordRefusal> {
    Ok(unsigned(record, algorithm)?.message().to_vec())
}

/// The signed record, which is kept and sent: from the same arguments and the signature of 64 bytes
/// over [`message_to_record`].
#[uniffi::export]
pub fn seal_record(
    record: CheckRecord,
    algorithm: KeyAlgorithm,
    signature: Vec<u8>,
) -> Result<Vec<u8>, RecordRefusal> {
    let signature = signature.try_into().map_err(|_| RecordRefusal::of("SIGNATURE_MALFORMED"))?;
    Ok(unsigned(record, algorithm)?.seal(&signature))
}

/// The hash of a record, 32 bytes, which the next one holds. It does not depend on the signature.
#[uniffi::export]
pub fn record_hash(record: CheckRecord) -> Result<Vec<u8>, RecordRefusal> {
    let record = record.read().map_err(not_made)?;
    // Whatever key is to sign it: a record that no reader takes has no hash either.
    record.unsigned(Algorithm::Es256).map_err(not_made)?;
    Ok(record.hash().to_vec())
}

/// Reads a signed record, such as one that was kept, and checks that it is of the phone with this
/// public key (32 bytes for Ed25519, the uncompressed point for P-256).
#[uniffi::export]
pub fn read_record(
    bytes: Vec<u8>,
    algorithm: KeyAlgorithm,
    public_key: Vec<u8>,
) -> Result<ReceivedRecord, RecordRefusal> {
    let key = PublicKey::from_bytes(algorithm.into(), &public_key)
        .map_err(|_| RecordRefusal::of("KEY_MALFORMED"))?;
    let received =
        record::read(&bytes, &key).map_err(|refused| RecordRefusal::of(refused.code()))?;
    Ok(ReceivedRecord { record: received.record.into(), hash: received.hash.to_vec() })
}

fn unsigned(record: CheckRecord, algorithm: KeyAlgorithm) -> Result<Unsigned, RecordRefusal> {
    let unsigned = record.read().and_then(|record| record.unsigned(algorithm.into()));
    unsigned.map_err(not_made)
}

fn fixed<const N: usize>(what: &'static str, bytes: Vec<u8>) -> Result<[u8; N], RecordError> {
    bytes.try_into().map_err(|_| RecordError::OutOfRange(what))
}

fn not_made(error: RecordError) -> RecordRefusal {
    RecordRefusal::of(&error.code())
}
