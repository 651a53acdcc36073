//! What a phone or a third party depends on: the format of a certificate's code, and its verifier.
//!
//! A code is `https://HOST/v/DIGITS`. The digits are one number, its bytes a signed message, and
//! the message says who holds which certificate. Reading on from the outside in:
//!
//! 1. [`digits`] — the number, found in whatever a camera read;
//! 2. `cbor` and [`cose`] — strict deterministic CBOR, and the signed envelope;
//! 3. [`credential`] — what the issuer signed, with the holder's [`name`] and, in a phone, its
//!    [`device`] key;
//! 4. [`enrolment`] — a phone proving whose its key is, and [`presentation`] — showing its credential
//!    now;
//! 5. [`keys`] and [`sign`] — who is trusted for what, and the one door to private keys;
//! 6. [`open`](open()) — from digits to a verified [`Opened`];
//! 7. [`judge`](judge()) — from that, the [`status`] and the time to a [`verdict`]; [`verify`] does
//!    both;
//! 8. [`qr`] — how large the symbol gets;
//! 9. [`record`] — what a supervisor's phone records of a check, for when there is a network.
//! 9. [`photo_pack`] — faces to compare where there is no network.
//!
//! Nothing here asks for the time, opens a connection, draws a random number or panics, whatever
//! the input. An issuer and a scan, from end to end:
//!
//! ```
//! use std::collections::HashSet;
//! use mobile_contract::{
//!     CertificateStatus, Credential, Ed25519Signer, KeyRecord, KeySet, KeyUse, Moment, Signer,
//!     StatusFact, Verdict, Verifier, verify,
//! };
//!
//! let signer = Ed25519Signer::from_seed(&[7; 32]);
//! let credential = Credential {
//!     certificate_number: "62000000017".into(),
//!     not_before: 1_800_000_000,
//!     expires: 1_957_680_000,
//!     name: String::new(),
//!     name_cut: false,
//!     agency: 1_204,
//!     kind: 1,
//!     status_list: 1,
//!     status_index: 88_213,
//!     device_key: None,
//! };
//! let issued = credential.named("阿依古丽·买买提").issue(&signer)?;
//! let url = format!("https://zf.example.cn/v/{}", issued.digits());
//!
//! let keys = KeySet::new([KeyRecord {
//!     public_key: signer.public_key(),
//!     key_use: KeyUse::Credential,
//!     not_before: 1_790_000_000,
//!     not_after: 2_100_000_000,
//!     compromised_since: None,
//! }]);
//! let now = 1_800_086_400;
//! let verifier = Verifier {
//!     keys: &keys,
//!     known_genuine: &HashSet::new(),
//!     challenge: None,
//!     moment: Moment { now, floor: None },
//! };
//! let fresh = |_: &Credential| StatusFact::Fresh { status: CertificateStatus::Valid, as_of: now };
//! let judgement = verify(&url, verifier, fresh);
//! assert_eq!(judgement.verdict, Verdict::Valid);
//! assert_eq!(judgement.credential.unwrap().name, "阿依古丽·买买提");
//! # Ok::<(), mobile_contract::IssueError>(())
//! ```

pub mod bundle;
mod cbor;
pub mod challenge;
pub mod cose;
pub mod credential;
pub mod device;
pub mod digits;
pub mod enrolment;
pub mod judge;
pub mod keys;
pub mod name;
pub mod offline;
pub mod open;
pub mod photo_pack;
pub mod presentation;
pub mod qr;
pub mod record;
pub mod sign;
pub mod status;
pub mod status_list;
pub mod verdict;

pub use challenge::{Challenge, challenge_of_symbol, challenge_symbol};
pub use credential::{Credential, CredentialId, IssueError, Issued, Profile};
pub use device::DeviceKey;
pub use enrolment::Enrolment;
pub use judge::{Circumstances, Evidence, Floor, Judgement, Moment, Verifier, judge, verify};
pub use keys::{Algorithm, KeyRecord, KeySet, KeyUse, Kid, PublicKey};
pub use open::{Opened, Refusal, Shown, open};
pub use presentation::present;
pub use record::{CheckRecord, Seen, SyncMark};
pub use sign::{Ed25519Signer, Es256Signer, SignError, Signer};
pub use status::{CertificateStatus, ListEntry, StatusFact};
pub use verdict::{PublicVerdict, Reason, Verdict};
