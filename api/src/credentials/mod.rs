//! Credentials: what is signed and printed for a certificate, the code that is drawn of it, and
//! the place in a status list that says whether it still holds.
//!
//! Certification writes here what the public may know of a certificate; verification reads only
//! that. The formats are those of `docs/credential.md`.

mod cards;
mod codes;
mod devices;
pub mod genuine;
pub mod lists;
pub mod permutation;
mod phones;
pub mod printing;
pub mod qr;
mod recorded;
pub mod showings;
mod status;

use std::sync::LazyLock;

use crate::platform::texts::Catalogue;
pub use cards::{
    ScannedCard, Succession, card_by_number, card_of_certificate, cards_by_credential_id,
    cards_of_holders, enter_cards, give_photo, newest_code, succeed, with_former_unit,
};
pub use codes::{
    KeyringSigner, codes_of, hand_over_codes, issue_printed_codes, key_record, key_record_of_row,
    kind_number, reissue_printed_codes, waiting_codes,
};
pub use devices::{
    device_of, device_public_key, end_device, lock_devices, open_device, public_key,
};
pub use phones::{
    NotIssued, PHONE_CREDENTIALS_KEPT, PhoneCredential, ScannedPhone, forget_phone_credentials,
    is_forgotten, issue_phone_credential, phones_by_credential_id, state_on,
};
pub use recorded::{RecordedCode, recorded_codes};
pub use status::{set_status, status_value};

/// The texts of this capability.
static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("credentials.zh-CN.ftl"), include_str!("credentials.en.ftl"))
});
