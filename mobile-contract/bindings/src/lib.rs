//! The contract as apps in Kotlin, Swift and Python call it. Nothing is decided here: each type is
//! the one of `mobile_contract` in a form that crosses the border between languages, and each call
//! is one of its calls.
//!
//! [`OfflineVerifier`] is a supervisor's side, with a [`PhotoPack`] beside it and a [`CheckRecord`]
//! of what was seen; [`message_to_show`] and [`show`] are an officer's.

mod check_records;
mod photo_packs;
mod records;
mod show;
mod verifier;

pub use check_records::{
    CheckRecord, Elapsed, ReceivedRecord, Seen, SyncMark, message_to_record, read_record,
    record_hash, scanned, seal_record,
};
pub use photo_packs::{PhotoEntry, PhotoPack, PhotoPackHead, PhotoPlace, peek_photo_pack};
pub use records::{
    Agency, Answer, BundleRefusal, Claims, Evidence, KeyAlgorithm, ListRefusal, PackRefusal,
    Reason, RecordRefusal, RootKey, ShowError, Since, Verdict,
};
pub use show::{
    challenge_of_symbol, challenge_symbol, message_to_enrol, message_to_show,
    raw_signature_from_der, show,
};
pub use verifier::OfflineVerifier;

uniffi::setup_scaffolding!();
