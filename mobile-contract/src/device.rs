//! The key of the holder's phone inside a phone credential: a `COSE_Key` (RFC 9052, section 7)
//! under `cnf` (RFC 8747).

use p256::{Sec1Point, ecdsa::VerifyingKey};

use crate::{
    cbor::{Malformed, Reader, Writer},
    keys::{Algorithm, PublicKey},
};

/// Labels and values of a `COSE_Key` (RFC 9053, section 7).
const KTY: i64 = 1;
const CRV: i64 = -1;
const X: i64 = -2;
const Y: i64 = -3;
const KTY_OKP: i64 = 1;
const KTY_EC2: i64 = 2;
const CRV_P256: i64 = 1;
const CRV_ED25519: i64 = 6;

/// A phone's public key, as small as it can be written.
///
/// What was read may still be no point of its curve: that costs a square root to find out, and is
/// asked only after the issuer's signature was found good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceKey {
    /// An Ed25519 key.
    Ed25519([u8; 32]),
    /// A P-256 key with compressed y.
    P256 {
        /// The x coordinate, big-endian.
        x: [u8; 32],
        /// Whether y is odd.
        y_odd: bool,
    },
}

impl DeviceKey {
    /// Of a public key; none for an algorithm that phones do not use here (SM2).
    pub fn new(key: &PublicKey) -> Option<Self> {
        match key {
            PublicKey::Ed25519(key) => Some(Self::Ed25519(key.to_bytes())),
            PublicKey::P256(key) => {
                let point = key.to_sec1_point(true);
                let (tag, x) = point.as_bytes().split_first()?;
                Some(Self::P256 { x: x.try_into().ok()?, y_odd: *tag == 3 })
            }
            PublicKey::Sm2(_) => None,
        }
    }

    /// The key to verify with, if it is one.
    pub fn to_public_key(self) -> Option<PublicKey> {
        match self {
            Self::Ed25519(bytes) => PublicKey::from_bytes(Algorithm::Ed25519, &bytes).ok(),
            Self::P256 { x, y_odd } => {
                let tag = if y_odd { 3 } else { 2 };
                let bytes: Vec<u8> = std::iter::once(tag).chain(x).collect();
                let point = Sec1Point::from_bytes(&bytes).ok()?;
                VerifyingKey::from_sec1_point(&point).ok().map(PublicKey::P256)
            }
        }
    }

    pub(crate) fn write(self, writer: Writer) -> Writer {
        match self {
            Self::Ed25519(x) => {
                writer.map(3).int(KTY).int(KTY_OKP).int(CRV).int(CRV_ED25519).int(X).bytes(&x)
            }
            Self::P256 { x, y_odd } => writer
                .map(4)
                .int(KTY)
                .int(KTY_EC2)
                .int(CRV)
                .int(CRV_P256)
                .int(X)
                .bytes(&x)
                .int(Y)
                .bool(y_odd),
        }
    }

    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Self, Malformed> {
        let entries = reader.map_length()?;
        reader.exactly(KTY)?;
        let kty = reader.int()?;
        reader.exactly(CRV)?;
        let crv = reader.int()?;
        reader.exactly(X)?;
        let x = reader.fixed()?;
        match (entries, kty, crv) {
            (3, KTY_OKP, CRV_ED25519) => Ok(Self::Ed25519(x)),
            (4, KTY_EC2, CRV_P256) => {
                reader.exactly(Y)?;
                Ok(Self::P256 { x, y_odd: reader.bool()? })
            }
            _ => Err(Malformed),
        }
    }
}
