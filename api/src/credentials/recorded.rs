//! A code that was signed here, printed or for a phone: what one that comes later is held against.

use chrono::{DateTime, Utc};
use entities::ids::{CertificateId, DeviceId, PersonId};
use entities::public_card;
use mobile_contract::Opened;
use sea_orm::ConnectionTrait;

use super::cards::{ScannedCard, cards_by_credential_id};
use super::devices::public_key;
use super::phones::{ScannedPhone, phones_by_credential_id};
use crate::platform::failure::Fault;

/// Codes of one statement.
const AT_ONCE: usize = 500;

/// A code on record.
#[derive(Clone, Debug, PartialEq)]
pub enum RecordedCode {
    /// Printed.
    Printed(ScannedCard),
    /// A phone's.
    Phone(ScannedPhone),
}

impl RecordedCode {
    /// The credential.
    pub fn credential_id(&self) -> &[u8] {
        match self {
            Self::Printed(card) => &card.credential_id,
            Self::Phone(phone) => &phone.credential_id,
        }
    }

    /// Which certificate it shows.
    pub fn certificate(&self) -> CertificateId {
        match self {
            Self::Printed(card) => card.card.certificate_id,
            Self::Phone(phone) => phone.card.certificate_id,
        }
    }

    /// Whose certificate that is.
    pub fn holder(&self) -> PersonId {
        match self {
            Self::Printed(card) => card.card.holder_id,
            Self::Phone(phone) => phone.card.holder_id,
        }
    }

    /// The phone that it is bound to, if there is one.
    pub fn device(&self) -> Option<DeviceId> {
        match self {
            Self::Printed(_) => None,
            Self::Phone(phone) => Some(phone.device_id),
        }
    }

    /// Nobody can have seen it before: when a printed code was signed, the first moment of a phone's
    /// credential.
    pub fn since(&self) -> DateTime<Utc> {
        match self {
            Self::Printed(card) => card.created_at,
            Self::Phone(phone) => phone.not_before,
        }
    }

    /// When the phone that it is bound to ended, if there is one and it has.
    pub fn device_ended_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Printed(_) => None,
            Self::Phone(phone) => phone.ended_at,
        }
    }

    /// Whether an opened code says what was recorded when it was signed.
    pub fn is_said_by(&self, opened: &Opened) -> bool {
        match self {
            Self::Printed(card) => card.is_said_by(opened),
            Self::Phone(phone) => phone.is_said_by(opened),
        }
    }
}

impl ScannedCard {
    /// Whether a printed code says what was recorded when it was signed.
    pub fn is_said_by(&self, opened: &Opened) -> bool {
        says(opened, &self.card, (self.list, self.idx), &self.kid)
            && opened.credential.expires == self.expires_at.timestamp()
            && opened.credential.device_key.is_none()
    }
}

impl ScannedPhone {
    /// The same of a phone's credential.
    pub fn is_said_by(&self, opened: &Opened) -> bool {
        says(opened, &self.card, (self.list, self.idx), &self.kid)
            && opened.credential.not_before == self.not_before.timestamp()
            && opened.credential.expires == self.expires_at.timestamp()
            && opened.credential.device_key.is_some()
            && opened.credential.device_key == self.device_key()
    }
}

fn says(opened: &Opened, card: &public_card::Model, (list, index): (i32, i32), kid: &[u8]) -> bool {
    let credential = &opened.credential;
    credential.certificate_number == card.number
        && i64::from(credential.agency) == i64::from(card.agency_number)
        && i64::from(credential.status_list) == i64::from(list)
        && i64::from(credential.status_index) == i64::from(index)
        && opened.kid.0.as_slice() == kid
}

/// Those of these credentials that were issued here.
pub async fn recorded_codes(
    db: &impl ConnectionTrait,
    ids: &[[u8; 16]],
) -> Result<Vec<RecordedCode>, Fault> {
    let mut found = Vec::new();
    for chunk in ids.chunks(AT_ONCE) {
        let cards = cards_by_credential_id(db, chunk).await?;
        found.extend(cards.into_iter().map(RecordedCode::Printed));
        let phones = phones_by_credential_id(db, chunk).await?;
        for phone in &phones {
            // A key that cannot be read is a fault of ours, and makes no code a forgery.
            public_key(phone.algorithm, &phone.public_key).map_err(Fault::stored)?;
        }
        found.extend(phones.into_iter().map(RecordedCode::Phone));
    }
    Ok(found)
}
