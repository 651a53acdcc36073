//! Printed codes: signed once, kept as digits, drawn when asked for.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entities::enums::{KeyUse, PersonKind, StatusValue};
use entities::ids::CertificateId;
use entities::{printed_code, public_card, signing_key, status_entry};
use mobile_contract::{Algorithm, Credential, KeyRecord, PublicKey, SignError, Signer};
use sea_orm::ActiveValue::{Set, Unchanged};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::cards::enter_cards;
use super::lists::mark_changed;
use super::status::{Place, status_value, take_places};
use crate::audit::UnitOfWork;
use crate::platform::clock::{end_of_day, start_of_day};
use crate::platform::failure::Fault;
use crate::platform::keys::{self, LoadedKey};

/// Rows of one `INSERT`.
const ROWS_AT_ONCE: usize = 500;

/// The number of a kind of certificate inside a code: 1 行政执法证, 2 行政执法监督证.
pub const fn kind_number(kind: PersonKind) -> u32 {
    match kind {
        PersonKind::SupervisionOfficer => 2,
        _ => 1,
    }
}

/// A key of the keyring behind the codec's door to private keys.
pub struct KeyringSigner(pub Arc<LoadedKey>);

impl Signer for KeyringSigner {
    fn public_key(&self) -> PublicKey {
        PublicKey::Ed25519(self.0.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        Ok(self.0.sign(message))
    }
}

/// A key as apps and the verifier of a scan take it; none for one that signs access tokens, which are
/// the server's own affair.
pub fn key_record(key: &LoadedKey) -> Result<Option<KeyRecord>, Fault> {
    let lasts = (key.not_before, key.not_after);
    record(key.key_use, key.verifying_key().as_bytes(), lasts, key.compromised_since)
}

/// [`key_record`] of a row, for who cannot open the private half.
pub fn key_record_of_row(key: &signing_key::Model) -> Result<Option<KeyRecord>, Fault> {
    let lasts = (key.not_before, key.not_after);
    record(key.r#use, &key.public_key, lasts, key.compromised_since)
}

fn record(
    key_use: KeyUse,
    public_key: &[u8],
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    compromised_since: Option<DateTime<Utc>>,
) -> Result<Option<KeyRecord>, Fault> {
    let Some(key_use) = told_use(key_use) else { return Ok(None) };
    Ok(Some(KeyRecord {
        public_key: PublicKey::from_bytes(Algorithm::Ed25519, public_key).map_err(Fault::stored)?,
        key_use,
        not_before: from.timestamp(),
        not_after: until.timestamp(),
        compromised_since: compromised_since.map(|since| since.timestamp()),
    }))
}

const fn told_use(key_use: KeyUse) -> Option<mobile_contract::KeyUse> {
    match key_use {
        KeyUse::Credential => Some(mobile_contract::KeyUse::Credential),
        KeyUse::Status => Some(mobile_contract::KeyUse::Status),
        KeyUse::Bundle => Some(mobile_contract::KeyUse::Bundle),
        KeyUse::Audit => Some(mobile_contract::KeyUse::Audit),
        KeyUse::AccessToken => None,
    }
}

/// Signs the printed codes of these cards and writes codes, status entries and public cards, in
/// the caller's transaction; the certificates themselves must be in it already. A code lives
/// exactly as long as its certificate: from the first day's beginning to the last day's end.
pub async fn issue_printed_codes(
    uow: &UnitOfWork,
    cards: Vec<public_card::Model>,
) -> Result<(), Fault> {
    enter_codes(uow, &cards, false).await?;
    enter_cards(uow, cards).await
}

/// Signs codes for certificates that are in force and have none. Each waits for its handover: until
/// then its status list reads suspended, whatever the certificate does meanwhile. What the cards
/// show is brought up to date, for it is printed anew.
pub async fn reissue_printed_codes(
    uow: &UnitOfWork,
    cards: Vec<public_card::Model>,
) -> Result<(), Fault> {
    enter_codes(uow, &cards, true).await?;
    for card in cards {
        let shown = public_card::ActiveModel {
            certificate_id: Unchanged(card.certificate_id),
            name: Set(card.name),
            field_names: Set(card.field_names),
            area_name: Set(card.area_name),
            photo_sha256: Set(card.photo_sha256),
            complaint_phone: Set(card.complaint_phone),
            updated_at: Set(uow.now()),
            ..Default::default()
        };
        shown.update(uow.tx()).await?;
    }
    Ok(())
}

/// Which of these certificates have a code that waits for its handover.
pub async fn waiting_codes(
    db: &impl ConnectionTrait,
    certificates: &[CertificateId],
) -> Result<HashSet<CertificateId>, Fault> {
    let found: Vec<CertificateId> = printed_code::Entity::find()
        .select_only()
        .column(printed_code::Column::CertificateId)
        .filter(printed_code::Column::CertificateId.is_in(certificates.iter().copied()))
        .filter(printed_code::Column::Waits.eq(true))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// The waiting codes of these certificates are handed over: from the next status on that is written
/// they go with their certificate.
pub async fn hand_over_codes(
    uow: &UnitOfWork,
    certificates: &[CertificateId],
) -> Result<(), Fault> {
    printed_code::Entity::update_many()
        .col_expr(printed_code::Column::Waits, Expr::value(false))
        .filter(printed_code::Column::CertificateId.is_in(certificates.iter().copied()))
        .exec(uow.tx())
        .await?;
    Ok(())
}

async fn enter_codes(
    uow: &UnitOfWork,
    cards: &[public_card::Model],
    waits: bool,
) -> Result<(), Fault> {
    let key = keys::signing(uow.platform(), uow.tx(), KeyUse::Credential, uow.now()).await?;
    let signer = KeyringSigner(key);
    let places = take_places(uow, cards.len()).await?;
    mark_changed(uow, places.iter().map(|place| place.list).collect()).await?;
    let (mut entries, mut codes) = (Vec::new(), Vec::new());
    for (card, place) in cards.iter().zip(places) {
        entries.push(status_entry::ActiveModel::from(status_entry::Model {
            list: place.list,
            idx: place.index,
            value: if waits { StatusValue::Suspended } else { status_value(card.state) },
            updated_at: uow.now(),
        }));
        let code = sign(card, place, &signer, uow.now())?;
        codes.push(printed_code::ActiveModel::from(printed_code::Model { waits, ..code }));
    }
    for chunk in entries.chunks(ROWS_AT_ONCE) {
        status_entry::Entity::insert_many(chunk.to_vec()).exec_without_returning(uow.tx()).await?;
    }
    for chunk in codes.chunks(ROWS_AT_ONCE) {
        printed_code::Entity::insert_many(chunk.to_vec()).exec_without_returning(uow.tx()).await?;
    }
    Ok(())
}

fn sign(
    card: &public_card::Model,
    place: Place,
    signer: &KeyringSigner,
    now: DateTime<Utc>,
) -> Result<printed_code::Model, Fault> {
    let expires_at = end_of_day(card.valid_until);
    let credential = Credential {
        certificate_number: card.number.clone(),
        not_before: start_of_day(card.valid_from).timestamp(),
        expires: expires_at.timestamp(),
        name: String::new(),
        name_cut: false,
        agency: u32::try_from(card.agency_number).map_err(Fault::stored)?,
        kind: kind_number(card.kind),
        status_list: u32::try_from(place.list).map_err(Fault::stored)?,
        status_index: u32::try_from(place.index).map_err(Fault::stored)?,
        device_key: None,
    };
    let issued = credential.named(&card.name).issue(signer).map_err(Fault::other)?;
    Ok(printed_code::Model {
        credential_id: issued.id.0.to_vec(),
        certificate_id: card.certificate_id,
        digits: issued.digits(),
        kid: signer.kid().0.to_vec(),
        list: place.list,
        idx: place.index,
        expires_at,
        created_at: now,
        waits: false,
    })
}

/// The printed codes of these certificates, newest first.
pub async fn codes_of(
    db: &impl ConnectionTrait,
    certificates: &[CertificateId],
) -> Result<Vec<printed_code::Model>, Fault> {
    Ok(printed_code::Entity::find()
        .filter(printed_code::Column::CertificateId.is_in(certificates.iter().copied()))
        .order_by_desc(printed_code::Column::CreatedAt)
        .all(db)
        .await?)
}
