//! Enrolled phones as everyone below their enrolment needs them: whose they are, their keys, and
//! that they have ended.

use std::collections::BTreeSet;

use super::lists::mark_changed;
use crate::audit::UnitOfWork;
use crate::platform::events::Hint;
use crate::platform::failure::Fault;
use entities::enums::{DeviceEnd, KeyAlgorithm, StatusValue};
use entities::ids::{CertificateId, DeviceId, PersonId};
use entities::{device, device_certificate, status_entry};
use mobile_contract::{Algorithm, PublicKey};
use sea_orm::sea_query::{Expr, ExprTrait, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
};

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

/// Keeps phones from others until the transaction ends: of two who write for one phone the second
/// finds what the first has written, and none ends meanwhile. All that a transaction holds are locked
/// at once, in one order everywhere.
pub async fn lock_devices(uow: &UnitOfWork, ids: &BTreeSet<DeviceId>) -> Result<(), Fault> {
    let select = device::Entity::find()
        .select_only()
        .column(device::Column::Id)
        .filter(device::Column::Id.is_in(ids.iter().copied()))
        .order_by_asc(device::Column::Id);
    uow.locked(select).into_tuple::<DeviceId>().all(uow.tx()).await?;
    Ok(())
}

/// The key that a phone signs with.
pub fn device_public_key(device: &device::Model) -> Result<PublicKey, Fault> {
    public_key(device.algorithm, &device.public_key).map_err(Fault::stored)
}

/// A public key of an algorithm that phones have.
pub fn public_key(
    algorithm: KeyAlgorithm,
    bytes: &[u8],
) -> Result<PublicKey, mobile_contract::keys::BadKey> {
    let algorithm = match algorithm {
        KeyAlgorithm::Ed25519 => Algorithm::Ed25519,
        KeyAlgorithm::Es256 => Algorithm::Es256,
    };
    PublicKey::from_bytes(algorithm, bytes)
}

/// Ends a phone in the caller's transaction: it shows no certificate any more, and its places in the
/// status lists read invalid for good, whatever the certificates do. Answers whether it did; `false`
/// where it had ended before.
pub async fn end_device(
    uow: &mut UnitOfWork,
    id: DeviceId,
    reason: DeviceEnd,
) -> Result<bool, Fault> {
    // The row is held first: so do those who change the status of a certificate meanwhile, and those
    // who say until when it was none that had ended.
    lock_devices(uow, &BTreeSet::from([id])).await?;
    uow.after_waiting();
    let ended = device::Entity::update_many()
        .col_expr(device::Column::EndedAt, Expr::value(uow.now()))
        .col_expr(device::Column::EndReason, Expr::value(reason))
        .filter(device::Column::Id.eq(id))
        .filter(device::Column::EndedAt.is_null())
        .exec(uow.tx())
        .await?;
    if ended.rows_affected == 0 {
        return Ok(false);
    }
    let of_it = device_certificate::Column::DeviceId.eq(id);
    set_places(uow, of_it.clone(), StatusValue::Invalid).await?;
    // The app that still shows its code is told to look.
    let shown: Vec<CertificateId> = device_certificate::Entity::find()
        .select_only()
        .column(device_certificate::Column::CertificateId)
        .filter(of_it)
        .order_by_asc(device_certificate::Column::CertificateId)
        .into_tuple()
        .all(uow.tx())
        .await?;
    uow.tell(shown.into_iter().map(Hint::Certificate));
    Ok(true)
}

/// Writes what these certificates now are into the places of the phones that show them. The public
/// cards must have been written before in the same transaction: a phone that takes a place meanwhile
/// holds its card, so that it is seen here. A phone that has ended stays invalid.
pub(super) async fn set_status_of_phones(
    uow: &UnitOfWork,
    certificates: &[CertificateId],
    value: StatusValue,
) -> Result<(), Fault> {
    let showing = Query::select()
        .column(device_certificate::Column::DeviceId)
        .from(device_certificate::Entity)
        .and_where(device_certificate::Column::CertificateId.is_in(certificates.iter().copied()))
        .take();
    let mut open = device::Entity::find()
        .select_only()
        .column(device::Column::Id)
        .filter(device::Column::Id.in_subquery(showing))
        .filter(device::Column::EndedAt.is_null())
        .order_by_asc(device::Column::Id);
    if !uow.platform().db.is_sqlite() {
        // None of them ends while this is under way, and comes back to life by it.
        open = open.lock(LockType::Share);
    }
    let open: Vec<DeviceId> = open.into_tuple().all(uow.tx()).await?;
    if open.is_empty() {
        return Ok(());
    }
    let shown = device_certificate::Column::CertificateId
        .is_in(certificates.iter().copied())
        .and(device_certificate::Column::DeviceId.is_in(open));
    set_places(uow, shown, value).await
}

/// Writes a value into the places of phones.
async fn set_places(uow: &UnitOfWork, which: Expr, value: StatusValue) -> Result<(), Fault> {
    let lists: Vec<i32> = device_certificate::Entity::find()
        .select_only()
        .column(device_certificate::Column::List)
        .filter(which.clone())
        .distinct()
        .into_tuple()
        .all(uow.tx())
        .await?;
    let places: SelectStatement = device_certificate::Entity::find()
        .select_only()
        .column(device_certificate::Column::List)
        .column(device_certificate::Column::Idx)
        .filter(which)
        .into_query();
    status_entry::Entity::update_many()
        .col_expr(status_entry::Column::Value, Expr::value(value))
        .col_expr(status_entry::Column::UpdatedAt, Expr::value(uow.now()))
        .filter(
            Expr::tuple([
                Expr::col(status_entry::Column::List),
                Expr::col(status_entry::Column::Idx),
            ])
            .in_subquery(places),
        )
        .exec(uow.tx())
        .await?;
    mark_changed(uow, lists.into_iter().collect::<BTreeSet<_>>()).await
}
