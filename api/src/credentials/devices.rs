//! Enrolled phones as everyone below their enrolment needs them: whose they are, and their keys.

use entities::device;
use entities::enums::KeyAlgorithm;
use entities::ids::{DeviceId, PersonId};
use mobile_contract::{Algorithm, PublicKey};
use sea_orm::sea_query::LockType;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use crate::audit::UnitOfWork;
use crate::platform::failure::Fault;

/// The phone that this person has enrolled and that has not ended.
pub async fn open_device(
    db: &impl ConnectionTrait,
    person: PersonId,
) -> Result<Option<device::Model>, Fault> {
    Ok(device::Entity::find()
        .filter(device::Column::PersonId.eq(person))
        .filter(device::Column::EndedAt.is_null())
        .one(db)
        .await?)
}

/// A phone of this person, ended or not; another's does not exist.
pub async fn device_of(
    db: &impl ConnectionTrait,
    person: PersonId,
    id: DeviceId,
) -> Result<Option<device::Model>, Fault> {
    Ok(device::Entity::find_by_id(id).filter(device::Column::PersonId.eq(person)).one(db).await?)
}

/// The same, kept from others until the transaction ends: of two who write for one phone the second
/// finds what the first has written.
pub async fn lock_device_of(
    uow: &UnitOfWork,
    person: PersonId,
    id: DeviceId,
) -> Result<Option<device::Model>, Fault> {
    let mut select = device::Entity::find_by_id(id).filter(device::Column::PersonId.eq(person));
    if !uow.platform().db.is_sqlite() {
        select = select.lock(LockType::NoKeyUpdate);
    }
    Ok(select.one(uow.tx()).await?)
}

/// The key that a phone signs with.
pub fn device_public_key(device: &device::Model) -> Result<PublicKey, Fault> {
    public_key(device.algorithm, &device.public_key)
}

/// A phone's key as it is kept.
pub(super) fn public_key(algorithm: KeyAlgorithm, bytes: &[u8]) -> Result<PublicKey, Fault> {
    let algorithm = match algorithm {
        KeyAlgorithm::Ed25519 => Algorithm::Ed25519,
        KeyAlgorithm::Es256 => Algorithm::Es256,
    };
    PublicKey::from_bytes(algorithm, bytes).map_err(Fault::stored)
}
