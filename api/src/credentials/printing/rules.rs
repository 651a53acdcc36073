//! What may be printed: no database, no clock.

use std::collections::HashSet;

use chrono::NaiveDate;
use entities::enums::CertificateState;
use entities::ids::CertificateId;

use super::error::CardRefusal;
use super::store::Printable;
use crate::documents::CardText;
use crate::graphql::ids::encode;

/// Ids, each once.
pub(super) fn each_once(ids: &[CertificateId]) -> Vec<CertificateId> {
    let mut seen = HashSet::new();
    ids.iter().copied().filter(|id| seen.insert(*id)).collect()
}

/// Refused for each id that names no certificate within the scope.
pub(super) fn all_found(
    ids: &[CertificateId],
    cards: &[Printable],
) -> Result<(), Vec<CardRefusal>> {
    let found: HashSet<CertificateId> = cards.iter().map(|c| c.card.certificate_id).collect();
    let missing: Vec<CardRefusal> = ids
        .iter()
        .filter(|id| !found.contains(id))
        .take(super::MOST_TOLD)
        .map(|id| CardRefusal::NotFound { id: encode(*id) })
        .collect();
    if missing.is_empty() { Ok(()) } else { Err(missing) }
}

/// A card is printed of a certificate that is in force or waits for its handover, with a photo and
/// a code of its own. A suspended one was taken from its holder: no second card stands in for it.
pub(super) fn printable(row: &Printable, today: NaiveDate) -> Result<(), CardRefusal> {
    let card = &row.card;
    let number = || card.number.clone();
    let clock = matches!(card.state, CertificateState::Issued | CertificateState::Active);
    if !clock {
        return Err(CardRefusal::StateNotAllowed { number: number(), state: card.state });
    }
    if card.valid_until < today {
        let state = CertificateState::Expired;
        return Err(CardRefusal::StateNotAllowed { number: number(), state });
    }
    if card.photo_sha256.is_none() {
        return Err(CardRefusal::PhotoMissing { number: number() });
    }
    if row.digits.is_none() {
        return Err(CardRefusal::CodeMissing { number: number() });
    }
    Ok(())
}

/// The words of a card.
pub(super) fn words(row: &Printable, domain: &str) -> CardText {
    let card = &row.card;
    CardText {
        kind: card.kind,
        name: card.name.clone(),
        unit: card.agency_name.clone(),
        number: card.number.clone(),
        issuing_authority: card.issuing_authority.clone(),
        valid_from: card.valid_from,
        valid_until: card.valid_until,
        domain: domain.to_owned(),
    }
}
