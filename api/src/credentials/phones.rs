//! Credentials of phones: signed for a day, bound to a phone's key, and what a scan asks of them.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, NaiveDate, SubsecRound as _, Utc};
use entities::enums::{CertificateState, KeyAlgorithm, KeyUse};
use entities::ids::{CertificateId, DeviceId};
use entities::{device, device_certificate, phone_credential, public_card, status_entry};
use mobile_contract::{Credential, DeviceKey, IssueError, Issued, PublicKey, Signer};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, IntoActiveModel,
    Iterable, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::codes::{KeyringSigner, kind_number};
use super::devices::{device_public_key, public_key};
use super::lists::mark_changed;
use super::status::{Place, status_value, take_places};
use crate::audit::UnitOfWork;
use crate::platform::clock::end_of_day;
use crate::platform::failure::Fault;
use crate::platform::keys;

/// How long before its signing a credential begins: a phone whose clock runs behind dates its codes
/// before that moment, and they must lie within the credential. As far as a clock is believed
/// ([`mobile_contract::judge::CLOCK_TOLERANCE_SECONDS`]).
const BEGINS_BEFORE: Duration = Duration::seconds(mobile_contract::judge::CLOCK_TOLERANCE_SECONDS);
/// How long a credential that has ended stays on record: records of checks come late.
pub const PHONE_CREDENTIALS_KEPT: Duration = Duration::days(30);
/// Rows of one `DELETE`.
const ROWS_AT_ONCE: u64 = 1_000;

/// A credential for a phone, as it is handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneCredential {
    /// The certificate it shows.
    pub certificate: CertificateId,
    /// Its number.
    pub certificate_number: String,
    /// The tagged `COSE_Sign1`.
    pub bytes: Vec<u8>,
    /// `nbf`.
    pub not_before: DateTime<Utc>,
    /// `exp`.
    pub expires_at: DateTime<Utc>,
    /// The status list with its place.
    pub status_list: i32,
    /// Whether it was signed for this answer, and not for an earlier one.
    pub is_new: bool,
}

/// Why a phone is given no credential.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotIssued {
    /// The certificate is not in force.
    NotInForce(CertificateState),
    /// The phone has ended.
    DeviceEnded,
    /// Number and name together are more than a phone's code can hold.
    TooLong,
}

/// What a certificate is on a day: ACTIVE only where it is in force.
pub fn state_on(card: &public_card::Model, day: NaiveDate) -> CertificateState {
    match card.state {
        CertificateState::Active if day > card.valid_until => CertificateState::Expired,
        CertificateState::Active if day < card.valid_from => CertificateState::Issued,
        state => state,
    }
}

/// Gives a phone a credential for a certificate, in the caller's transaction. The first one takes a
/// place in a status list, which later ones keep. One that was signed before and has more than half
/// of its time left is given again: an answer that was lost costs nothing, and a phone that asks all
/// the time gets two a day.
pub async fn issue_phone_credential(
    uow: &UnitOfWork,
    device: &device::Model,
    certificate: CertificateId,
    lasts: Duration,
) -> Result<Result<PhoneCredential, NotIssued>, Fault> {
    let key = (device.id, certificate);
    let known = device_certificate::Entity::find_by_id(key).one(uow.tx()).await?;
    let new = match &known {
        Some(_) => None,
        // Before the card is held, as whoever signs printed codes does.
        None => take_places(uow, 1).await?.pop(),
    };
    // Whoever asked at the same moment may have taken one while this waited for the list.
    let known = match known {
        None => device_certificate::Entity::find_by_id(key).one(uow.tx()).await?,
        known => known,
    };
    let Some(card) = held_card(uow, certificate).await? else {
        return Err(Fault::other("a certificate has no public card"));
    };
    let state = state_on(&card, uow.today());
    if state != CertificateState::Active {
        return Ok(Err(NotIssued::NotInForce(state)));
    }
    if !is_open(uow, device.id).await? {
        return Ok(Err(NotIssued::DeviceEnded));
    }
    let place = match (known, new) {
        (Some(known), _) => Place { list: known.list, index: known.idx },
        (None, Some(place)) => enter_place(uow, key, place, card.state).await?,
        (None, None) => return Err(Fault::other("no place in a status list was given")),
    };
    sign(uow, device, &card, place, lasts).await
}

/// The card, which nobody changes until the transaction ends.
async fn held_card(
    uow: &UnitOfWork,
    certificate: CertificateId,
) -> Result<Option<public_card::Model>, Fault> {
    let mut card = public_card::Entity::find_by_id(certificate);
    if !uow.platform().db.is_sqlite() {
        card = card.lock(LockType::Share);
    }
    Ok(card.one(uow.tx()).await?)
}

/// Whether a phone has not ended; it does not until the transaction has.
async fn is_open(uow: &UnitOfWork, id: DeviceId) -> Result<bool, Fault> {
    let mut open = device::Entity::find_by_id(id).filter(device::Column::EndedAt.is_null());
    if !uow.platform().db.is_sqlite() {
        open = open.lock(LockType::Share);
    }
    Ok(open.one(uow.tx()).await?.is_some())
}

async fn enter_place(
    uow: &UnitOfWork,
    (device_id, certificate_id): (DeviceId, CertificateId),
    place: Place,
    state: CertificateState,
) -> Result<Place, Fault> {
    let entry = status_entry::Model {
        list: place.list,
        idx: place.index,
        value: status_value(state),
        updated_at: uow.now(),
    };
    entry.into_active_model().insert(uow.tx()).await?;
    let row = device_certificate::Model {
        device_id,
        certificate_id,
        list: place.list,
        idx: place.index,
        created_at: uow.now(),
    };
    row.into_active_model().insert(uow.tx()).await?;
    mark_changed(uow, BTreeSet::from([place.list])).await?;
    Ok(place)
}

async fn sign(
    uow: &UnitOfWork,
    device: &device::Model,
    card: &public_card::Model,
    place: Place,
    lasts: Duration,
) -> Result<Result<PhoneCredential, NotIssued>, Fault> {
    let now = uow.now();
    let key = keys::signing(uow.platform(), uow.tx(), KeyUse::Credential, now).await?;
    let signer = KeyringSigner(key);
    let claims = claims(card, place, &device_public_key(device)?)?;
    let handed_out = |issued: Issued, not_before, expires_at, is_new| PhoneCredential {
        certificate: card.certificate_id,
        certificate_number: card.number.clone(),
        bytes: issued.bytes,
        not_before,
        expires_at,
        status_list: place.list,
        is_new,
    };
    if let Some(row) = newest(uow, device.id, card.certificate_id, &signer.kid().0).await?
        && is_good_for_more(&row, now, lasts)
    {
        // Ed25519 signs the same always: with the same claims it is the same credential, and where
        // they have changed its id tells.
        let again = between(&claims, row.not_before, row.expires_at).issue(&signer);
        if let Ok(issued) = again
            && issued.id.0.as_slice() == row.credential_id
        {
            return Ok(Ok(handed_out(issued, row.not_before, row.expires_at, false)));
        }
    }
    let begins = (now - BEGINS_BEFORE).trunc_subsecs(0);
    let ends = Ord::min(begins + lasts, end_of_day(card.valid_until));
    let issued = match between(&claims, begins, ends).issue(&signer) {
        Ok(issued) => issued,
        Err(IssueError::TooLong | IssueError::OutOfRange("certificate number")) => {
            return Ok(Err(NotIssued::TooLong));
        }
        Err(other) => return Err(Fault::other(other)),
    };
    let row = phone_credential::Model {
        credential_id: issued.id.0.to_vec(),
        device_id: device.id,
        certificate_id: card.certificate_id,
        kid: signer.kid().0.to_vec(),
        not_before: begins,
        expires_at: ends,
    };
    // Asked twice in one second, it is the same.
    phone_credential::Entity::insert(row.into_active_model())
        .on_conflict(
            OnConflict::column(phone_credential::Column::CredentialId).do_nothing().to_owned(),
        )
        .exec_without_returning(uow.tx())
        .await?;
    Ok(Ok(handed_out(issued, begins, ends, true)))
}

/// What a card says to a phone, without its times.
fn claims(card: &public_card::Model, place: Place, key: &PublicKey) -> Result<Credential, Fault> {
    let device_key = DeviceKey::new(key).ok_or_else(|| Fault::stored("the key of a phone"))?;
    let claims = Credential {
        certificate_number: card.number.clone(),
        not_before: 0,
        expires: 0,
        name: String::new(),
        name_cut: false,
        agency: u32::try_from(card.agency_number).map_err(Fault::stored)?,
        kind: kind_number(card.kind),
        status_list: u32::try_from(place.list).map_err(Fault::stored)?,
        status_index: u32::try_from(place.index).map_err(Fault::stored)?,
        device_key: Some(device_key),
    };
    Ok(claims.named(&card.name))
}

fn between(claims: &Credential, from: DateTime<Utc>, until: DateTime<Utc>) -> Credential {
    Credential { not_before: from.timestamp(), expires: until.timestamp(), ..claims.clone() }
}

/// Whether what ended then is on record no more.
pub fn is_forgotten(expires: i64, now: DateTime<Utc>) -> bool {
    expires < (now - PHONE_CREDENTIALS_KEPT).timestamp()
}

/// Whether more than half of its time is left, and it lasts no longer than today's rule has it.
fn is_good_for_more(row: &phone_credential::Model, now: DateTime<Utc>, lasts: Duration) -> bool {
    let whole = row.expires_at - row.not_before;
    whole <= lasts && (row.expires_at - now) * 2 > whole
}

/// The credential that ends last of those signed by a key for a phone and a certificate.
async fn newest(
    uow: &UnitOfWork,
    device: DeviceId,
    certificate: CertificateId,
    kid: &[u8],
) -> Result<Option<phone_credential::Model>, Fault> {
    Ok(phone_credential::Entity::find()
        .filter(phone_credential::Column::DeviceId.eq(device))
        .filter(phone_credential::Column::CertificateId.eq(certificate))
        .filter(phone_credential::Column::Kid.eq(kid))
        .filter(phone_credential::Column::ExpiresAt.gt(uow.now()))
        .order_by_desc(phone_credential::Column::ExpiresAt)
        .order_by_asc(phone_credential::Column::CredentialId)
        .one(uow.tx())
        .await?)
}

/// A phone's credential on record, with its card and its phone as they stand now.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct ScannedPhone {
    /// The credential.
    pub credential_id: Vec<u8>,
    /// The card.
    #[sea_orm(nested)]
    pub card: public_card::Model,
    /// The phone.
    pub device_id: DeviceId,
    /// Key hint of the credential's signature.
    pub kid: Vec<u8>,
    /// `nbf`.
    pub not_before: DateTime<Utc>,
    /// `exp`.
    pub expires_at: DateTime<Utc>,
    /// Status list of the phone.
    pub list: i32,
    /// Index in it.
    pub idx: i32,
    /// Algorithm of the phone's key.
    pub algorithm: KeyAlgorithm,
    /// The phone's key.
    pub public_key: Vec<u8>,
    /// When the phone ended, if it has.
    pub ended_at: Option<DateTime<Utc>>,
}

impl ScannedPhone {
    /// The phone's key as a credential names it.
    pub fn device_key(&self) -> Option<DeviceKey> {
        DeviceKey::new(&public_key(self.algorithm, &self.public_key).ok()?)
    }
}

/// The phones and cards of these credentials, of each that was signed here and is still on record.
/// One statement.
pub async fn phones_by_credential_id(
    db: &impl ConnectionTrait,
    ids: &[[u8; 16]],
) -> Result<Vec<ScannedPhone>, Fault> {
    let place = phone_credential::Entity::belongs_to(device_certificate::Entity)
        .from((phone_credential::Column::DeviceId, phone_credential::Column::CertificateId))
        .to((device_certificate::Column::DeviceId, device_certificate::Column::CertificateId));
    let card = phone_credential::Entity::belongs_to(public_card::Entity)
        .from(phone_credential::Column::CertificateId)
        .to(public_card::Column::CertificateId);
    Ok(phone_credential::Entity::find()
        .select_only()
        .column(phone_credential::Column::CredentialId)
        .columns(public_card::Column::iter())
        .column(phone_credential::Column::DeviceId)
        .column(phone_credential::Column::Kid)
        .column(phone_credential::Column::NotBefore)
        .column(phone_credential::Column::ExpiresAt)
        .column(device_certificate::Column::List)
        .column(device_certificate::Column::Idx)
        .column(device::Column::Algorithm)
        .column(device::Column::PublicKey)
        .column(device::Column::EndedAt)
        .join(JoinType::InnerJoin, place.into())
        .join(JoinType::InnerJoin, card.into())
        .join(JoinType::InnerJoin, phone_credential::Relation::Device.def())
        .filter(phone_credential::Column::CredentialId.is_in(ids.iter().map(|id| id.to_vec())))
        .into_model::<ScannedPhone>()
        .all(db)
        .await?)
}

/// Removes the credentials that ended longer ago than [`PHONE_CREDENTIALS_KEPT`]; answers how many. A
/// code made with one of them is out of date whatever is on record.
pub async fn forget_phone_credentials(
    db: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<u64, Fault> {
    let mut removed = 0;
    loop {
        let ids: Vec<Vec<u8>> = phone_credential::Entity::find()
            .select_only()
            .column(phone_credential::Column::CredentialId)
            .filter(phone_credential::Column::ExpiresAt.lt(now - PHONE_CREDENTIALS_KEPT))
            .order_by_asc(phone_credential::Column::ExpiresAt)
            .limit(ROWS_AT_ONCE)
            .into_tuple()
            .all(db)
            .await?;
        if ids.is_empty() {
            return Ok(removed);
        }
        removed += phone_credential::Entity::delete_many()
            .filter(phone_credential::Column::CredentialId.is_in(ids))
            .exec(db)
            .await?
            .rows_affected;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entities::enums::PersonKind;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn card(state: CertificateState) -> public_card::Model {
        public_card::Model {
            certificate_id: CertificateId(uuid::Uuid::nil()),
            holder_id: entities::ids::PersonId(uuid::Uuid::nil()),
            number: "62000000017".into(),
            name: "马晓兰".into(),
            kind: PersonKind::EnforcementOfficer,
            state,
            agency_id: entities::ids::AgencyId(uuid::Uuid::nil()),
            agency_number: 7,
            agency_name: String::new(),
            field_names: serde_json::json!([]),
            area_name: String::new(),
            issuing_authority: String::new(),
            valid_from: "2026-03-02".parse().unwrap(),
            valid_until: "2026-03-04".parse().unwrap(),
            photo_sha256: None,
            complaint_phone: None,
            successions: serde_json::json!([]),
            shown_until: None,
            updated_at: at("2026-03-02T00:00:00Z"),
        }
    }

    #[test]
    fn only_a_certificate_in_force_reads_active() {
        use CertificateState::{Active, Cancelled, Expired, Issued, Suspended};
        for (state, day, expected) in [
            (Active, "2026-03-01", Issued),
            (Active, "2026-03-02", Active),
            (Active, "2026-03-04", Active),
            (Active, "2026-03-05", Expired),
            (Suspended, "2026-03-05", Suspended),
            (Cancelled, "2026-03-03", Cancelled),
        ] {
            assert_eq!(state_on(&card(state), day.parse().unwrap()), expected, "{state:?} {day}");
        }
    }

    #[test]
    fn a_credential_is_given_again_while_more_than_half_of_it_is_left() {
        let row = phone_credential::Model {
            credential_id: vec![0; 16],
            device_id: DeviceId(uuid::Uuid::nil()),
            certificate_id: CertificateId(uuid::Uuid::nil()),
            kid: vec![0; 4],
            not_before: at("2026-03-02T00:00:00Z"),
            expires_at: at("2026-03-03T00:00:00Z"),
        };
        let day = Duration::hours(24);
        for (now, lasts, expected) in [
            ("2026-03-02T00:05:00Z", day, true),
            ("2026-03-02T11:59:59Z", day, true),
            ("2026-03-02T12:00:00Z", day, false),
            ("2026-03-02T00:05:00Z", Duration::hours(8), false),
        ] {
            assert_eq!(is_good_for_more(&row, at(now), lasts), expected, "{now} {lasts}");
        }
    }

    #[test]
    fn what_is_signed_for_a_phone_at_the_maxima_of_an_issuer_fits_its_code() {
        use mobile_contract::{Es256Signer, present};
        let phone = Es256Signer::from_scalar(&[3; 32]).unwrap();
        let issuer = mobile_contract::Ed25519Signer::from_seed(&[1; 32]);
        let longest = public_card::Model {
            number: "62099999999".into(),
            name: "买买提艾力江·阿不都热依木·吐尔逊".into(),
            agency_number: 65_535,
            ..card(CertificateState::Active)
        };
        let place = Place { list: 65_535, index: i32::MAX };
        let claims = claims(&longest, place, &phone.public_key()).unwrap();
        let from = at("2105-12-31T00:00:00Z");
        let issued = between(&claims, from, from + Duration::hours(24)).issue(&issuer).unwrap();
        for challenge in [None, Some(&[0xff; 16])] {
            let digits =
                present(&issued.bytes, from.timestamp() + 86_399, challenge, &phone).unwrap();
            // A host of 28 characters is the longest (`doctor`).
            let prefix = format!("https://{}/v/", "h".repeat(28));
            let code =
                super::super::qr::draw(&prefix, &digits, super::super::qr::VersionLimit::Phone);
            assert!(code.is_ok_and(|code| code.version() <= 13));
        }
    }
}
