//! What a sender writes is sealed and opens for its own complaint only; receipts are found by keyed
//! hashes, so that whoever reads the database can follow none.

use entities::complaint;
use entities::ids::ComplaintId;

use super::rules;
use crate::platform::Platform;
use crate::platform::failure::Fault;
use crate::platform::seal::Purpose;

/// What happened.
pub(super) const TEXT: Purpose = Purpose::new("complaints/text");
/// Unit and officer.
pub(super) const NAMED: Purpose = Purpose::new("complaints/named");
/// How the sender can be reached.
pub(super) const CONTACT: Purpose = Purpose::new("complaints/contact");
const RECEIPT: Purpose = Purpose::new("complaints/receipt");
const RECEIPT_INDEX: Purpose = Purpose::new("complaints/receipt-index");

pub(super) fn seal(platform: &Platform, purpose: Purpose, id: ComplaintId, text: &str) -> Vec<u8> {
    let mut random = platform.random.clone();
    platform.secret.seal(purpose, id.0.as_bytes(), text.as_bytes(), &mut random)
}

pub(super) fn open(
    platform: &Platform,
    purpose: Purpose,
    id: ComplaintId,
    sealed: &[u8],
) -> Result<String, Fault> {
    let bytes = platform.secret.open(purpose, id.0.as_bytes(), sealed).map_err(Fault::stored)?;
    String::from_utf8(bytes).map_err(Fault::stored)
}

/// What happened, as the sender wrote it.
pub fn text(platform: &Platform, row: &complaint::Model) -> Result<String, Fault> {
    open(platform, TEXT, row.id, &row.text_sealed)
}

/// Unit and officer as the sender named them, where no certificate was shown.
pub fn named(platform: &Platform, row: &complaint::Model) -> Result<Option<String>, Fault> {
    row.named_sealed.as_deref().map(|sealed| open(platform, NAMED, row.id, sealed)).transpose()
}

/// The receipt of what a form sends: the same each time the same form is sent, and nobody's who has
/// not the secret. One form may send an evaluation and a complaint.
pub(super) fn receipt(platform: &Platform, kind: &str, nonce: [u8; 16]) -> String {
    let form = format!("{kind}:{}", hex::encode(nonce));
    rules::receipt(platform.secret.blind_index(RECEIPT, &form))
}

/// The keyed hash by which a receipt is found.
pub(super) fn index(platform: &Platform, receipt: &str) -> Vec<u8> {
    platform.secret.blind_index(RECEIPT_INDEX, receipt).to_vec()
}
