//! The contract as apps in Kotlin, Swift and Python call it. Nothing is decided here: each type is
//! the one of `mobile_contract` in a form that crosses the border between languages, and each call
//! is one of its calls.
//!
//! [`OfflineVerifier`] is a supervisor's side, [`message_to_show`] and [`show`] are an officer's.

mod records;
mod show;
mod verifier;

pub use records::{
    Agency, Answer, BundleRefusal, Claims, Evidence, KeyAlgorithm, ListRefusal, Reason, RootKey,
    ShowError, Verdict,
};
pub use show::{message_to_enrol, message_to_show, raw_signature_from_der, show};
pub use verifier::OfflineVerifier;

uniffi::setup_scaffolding!();
