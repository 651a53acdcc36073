//! The codes that were signed here, printed and for phones, by the id of their credential: what a
//! code that comes later is held against.

use chrono::{DateTime, Utc};
use entities::enums::KeyAlgorithm;
use entities::ids::CertificateId;
use entities::{device, device_certificate, phone_credential, printed_code, public_card};
use mobile_contract::{DeviceKey, Opened};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    RelationTrait,
};

use super::devices::public_key;
use crate::platform::failure::Fault;

/// Codes of one statement.
const AT_ONCE: usize = 500;

/// A code on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCode {
    /// The credential.
    pub credential_id: Vec<u8>,
    /// Which certificate it shows.
    pub certificate: CertificateId,
    /// Nobody can have seen it before: when a printed code was signed, the first moment of a
    /// phone's credential.
    pub since: DateTime<Utc>,
    /// The phone it is bound to, and when that ended.
    pub device: Option<RecordedDevice>,
    number: String,
    agency_number: i32,
    list: i32,
    idx: i32,
    kid: Vec<u8>,
    expires_at: DateTime<Utc>,
}

/// The phone that a code is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedDevice {
    key: Option<DeviceKey>,
    /// When it ended, if it has.
    pub ended_at: Option<DateTime<Utc>>,
}

impl RecordedCode {
    /// Whether an opened code says what was recorded when it was signed.
    pub fn is_said_by(&self, opened: &Opened) -> bool {
        let credential = &opened.credential;
        let key = self.device.as_ref().map(|device| device.key);
        credential.certificate_number == self.number
            && credential.expires == self.expires_at.timestamp()
            && i64::from(credential.agency) == i64::from(self.agency_number)
            && i64::from(credential.status_list) == i64::from(self.list)
            && i64::from(credential.status_index) == i64::from(self.idx)
            && opened.kid.0.as_slice() == self.kid
            && credential.device_key == key.flatten()
            && credential.device_key.is_some() == self.device.is_some()
    }
}

#[derive(FromQueryResult)]
struct Printed {
    credential_id: Vec<u8>,
    certificate_id: CertificateId,
    created_at: DateTime<Utc>,
    number: String,
    agency_number: i32,
    list: i32,
    idx: i32,
    kid: Vec<u8>,
    expires_at: DateTime<Utc>,
}

#[derive(FromQueryResult)]
struct Phone {
    credential_id: Vec<u8>,
    certificate_id: CertificateId,
    not_before: DateTime<Utc>,
    number: String,
    agency_number: i32,
    list: i32,
    idx: i32,
    kid: Vec<u8>,
    expires_at: DateTime<Utc>,
    algorithm: KeyAlgorithm,
    public_key: Vec<u8>,
    ended_at: Option<DateTime<Utc>>,
}

/// Those of these credentials that were issued here.
pub async fn recorded_codes(
    db: &impl ConnectionTrait,
    ids: &[[u8; 16]],
) -> Result<Vec<RecordedCode>, Fault> {
    let mut found = Vec::new();
    for chunk in ids.chunks(AT_ONCE) {
        found.extend(printed(db, chunk).await?);
        found.extend(phones(db, chunk).await?);
    }
    Ok(found)
}

async fn printed(db: &impl ConnectionTrait, ids: &[[u8; 16]]) -> Result<Vec<RecordedCode>, Fault> {
    use printed_code::Column;
    let card = printed_code::Entity::belongs_to(public_card::Entity)
        .from(Column::CertificateId)
        .to(public_card::Column::CertificateId);
    let rows = printed_code::Entity::find()
        .select_only()
        .columns([Column::CredentialId, Column::CertificateId, Column::CreatedAt])
        .columns([Column::List, Column::Idx, Column::Kid, Column::ExpiresAt])
        .columns([public_card::Column::Number, public_card::Column::AgencyNumber])
        .join(JoinType::InnerJoin, card.into())
        .filter(Column::CredentialId.is_in(ids.iter().map(|id| id.to_vec())))
        .into_model::<Printed>()
        .all(db)
        .await?;
    let recorded = |row: Printed| RecordedCode {
        credential_id: row.credential_id,
        certificate: row.certificate_id,
        since: row.created_at,
        device: None,
        number: row.number,
        agency_number: row.agency_number,
        list: row.list,
        idx: row.idx,
        kid: row.kid,
        expires_at: row.expires_at,
    };
    Ok(rows.into_iter().map(recorded).collect())
}

async fn phones(db: &impl ConnectionTrait, ids: &[[u8; 16]]) -> Result<Vec<RecordedCode>, Fault> {
    use phone_credential::Column;
    let place = phone_credential::Entity::belongs_to(device_certificate::Entity)
        .from((Column::DeviceId, Column::CertificateId))
        .to((device_certificate::Column::DeviceId, device_certificate::Column::CertificateId));
    let card = phone_credential::Entity::belongs_to(public_card::Entity)
        .from(Column::CertificateId)
        .to(public_card::Column::CertificateId);
    let rows = phone_credential::Entity::find()
        .select_only()
        .columns([Column::CredentialId, Column::CertificateId, Column::NotBefore])
        .columns([Column::Kid, Column::ExpiresAt])
        .columns([device_certificate::Column::List, device_certificate::Column::Idx])
        .columns([public_card::Column::Number, public_card::Column::AgencyNumber])
        .columns([device::Column::Algorithm, device::Column::PublicKey, device::Column::EndedAt])
        .join(JoinType::InnerJoin, phone_credential::Relation::Device.def())
        .join(JoinType::InnerJoin, place.into())
        .join(JoinType::InnerJoin, card.into())
        .filter(Column::CredentialId.is_in(ids.iter().map(|id| id.to_vec())))
        .into_model::<Phone>()
        .all(db)
        .await?;
    let recorded = |row: Phone| {
        let key = public_key(row.algorithm, &row.public_key).map_err(Fault::stored)?;
        Ok(RecordedCode {
            credential_id: row.credential_id,
            certificate: row.certificate_id,
            since: row.not_before,
            device: Some(RecordedDevice { key: DeviceKey::new(&key), ended_at: row.ended_at }),
            number: row.number,
            agency_number: row.agency_number,
            list: row.list,
            idx: row.idx,
            kid: row.kid,
            expires_at: row.expires_at,
        })
    };
    rows.into_iter().map(recorded).collect()
}
