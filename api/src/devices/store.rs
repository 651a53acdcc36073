//! Invitations, nonces and phones in the database.

use entities::ids::{AccountId, DeviceId, DeviceInvitationId, PersonId};
use entities::{account, agency, device, device_invitation, enrolment_nonce, person};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait, Select,
};

use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::graphql::page::Page;
use crate::platform::failure::Fault;
use crate::policy::{self, DevicesPolicy};

/// A person within a scope.
pub(super) async fn person_within(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PersonId,
) -> Result<Option<person::Model>, Fault> {
    Ok(person::Entity::find_by_id(id)
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
        .one(db)
        .await?)
}

/// A phone of a person within a scope, with its person.
pub(super) async fn device_within(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: DeviceId,
) -> Result<Option<(device::Model, person::Model)>, Fault> {
    let found = device::Entity::find_by_id(id)
        .join(JoinType::InnerJoin, device::Relation::Person.def())
        .select_also(person::Entity)
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
        .one(db)
        .await?;
    Ok(found.and_then(|(device, person)| Some((device, person?))))
}

/// What is asked of phones where a person works.
pub(super) async fn policy_for(
    uow: &UnitOfWork,
    person: &person::Model,
) -> Result<std::sync::Arc<policy::InForce<DevicesPolicy>>, Fault> {
    let agency = agency::Entity::find_by_id(person.agency_id).one(uow.tx()).await?;
    let agency = agency.ok_or_else(|| Fault::other("the agency of a person"))?;
    policy::in_force(uow.tx(), &agency.division_code, uow.today()).await
}

/// Whether a person has an account that is open.
pub(super) async fn has_account(
    db: &impl ConnectionTrait,
    person: PersonId,
) -> Result<bool, Fault> {
    Ok(account::Entity::find()
        .filter(account::Column::PersonId.eq(person))
        .filter(account::Column::DisabledAt.is_null())
        .one(db)
        .await?
        .is_some())
}

/// Ends the open invitation of a person, whether its time is over or not.
pub(super) async fn end_open_invitation(uow: &UnitOfWork, person: PersonId) -> Result<u64, Fault> {
    let ended = device_invitation::Entity::update_many()
        .col_expr(device_invitation::Column::RevokedAt, Expr::value(uow.now()))
        .filter(device_invitation::Column::PersonId.eq(person))
        .filter(device_invitation::Column::UsedAt.is_null())
        .filter(device_invitation::Column::RevokedAt.is_null())
        .exec(uow.tx())
        .await?;
    Ok(ended.rows_affected)
}

/// The invitation with this secret, however it stands.
pub(super) async fn invitation_by_hash(
    db: &impl ConnectionTrait,
    hash: &[u8],
) -> Result<Option<device_invitation::Model>, Fault> {
    Ok(device_invitation::Entity::find()
        .filter(device_invitation::Column::SecretHash.eq(hash))
        .one(db)
        .await?)
}

/// Takes an invitation up, unless another request just did or it was taken back.
pub(super) async fn use_invitation(
    uow: &UnitOfWork,
    id: DeviceInvitationId,
    device: DeviceId,
) -> Result<bool, Fault> {
    let used = device_invitation::Entity::update_many()
        .col_expr(device_invitation::Column::UsedAt, Expr::value(uow.now()))
        .col_expr(device_invitation::Column::DeviceId, Expr::value(device))
        .filter(device_invitation::Column::Id.eq(id))
        .filter(device_invitation::Column::UsedAt.is_null())
        .filter(device_invitation::Column::RevokedAt.is_null())
        .exec(uow.tx())
        .await?;
    Ok(used.rows_affected == 1)
}

/// Gives an account a nonce in place of the one it had.
pub(super) async fn put_nonce(
    uow: &UnitOfWork,
    nonce: enrolment_nonce::Model,
) -> Result<(), Fault> {
    use enrolment_nonce::Column;
    enrolment_nonce::Entity::insert(enrolment_nonce::ActiveModel::from(nonce))
        .on_conflict(
            OnConflict::column(Column::AccountId)
                .update_columns([Column::Nonce, Column::ExpiresAt])
                .to_owned(),
        )
        .exec_without_returning(uow.tx())
        .await?;
    Ok(())
}

/// Whether this is the account's nonce and still in time.
pub(super) async fn is_nonce(
    uow: &UnitOfWork,
    account: AccountId,
    nonce: &[u8],
) -> Result<bool, Fault> {
    Ok(enrolment_nonce::Entity::find_by_id(account)
        .filter(enrolment_nonce::Column::Nonce.eq(nonce))
        .filter(enrolment_nonce::Column::ExpiresAt.gt(uow.now()))
        .one(uow.tx())
        .await?
        .is_some())
}

/// Uses an account's nonce up.
pub(super) async fn drop_nonce(uow: &UnitOfWork, account: AccountId) -> Result<(), Fault> {
    enrolment_nonce::Entity::delete_by_id(account).exec(uow.tx()).await?;
    Ok(())
}

/// The phone that has this key, ended or not.
pub(super) async fn device_by_key(
    db: &impl ConnectionTrait,
    public_key: &[u8],
) -> Result<Option<device::Model>, Fault> {
    Ok(device::Entity::find().filter(device::Column::PublicKey.eq(public_key)).one(db).await?)
}

/// The open phones of an account.
pub(super) async fn open_devices_of_account(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<device::Model>, Fault> {
    Ok(device::Entity::find()
        .filter(device::Column::AccountId.eq(account))
        .filter(device::Column::EndedAt.is_null())
        .all(db)
        .await?)
}

/// Enters a phone.
pub(super) async fn enter_device(uow: &UnitOfWork, row: &device::Model) -> Result<(), Fault> {
    device::ActiveModel::from(row.clone()).insert(uow.tx()).await?;
    Ok(())
}

/// Enters an invitation.
pub(super) async fn enter_invitation(
    uow: &UnitOfWork,
    (id, person): (DeviceInvitationId, PersonId),
    secret_hash: Vec<u8>,
    expires_at: chrono::DateTime<chrono::Utc>,
) -> Result<(), Fault> {
    device_invitation::ActiveModel {
        id: Set(id),
        person_id: Set(person),
        secret_hash: Set(secret_hash),
        expires_at: Set(expires_at),
        used_at: Set(None),
        revoked_at: Set(None),
        device_id: Set(None),
        created_at: Set(uow.now()),
    }
    .insert(uow.tx())
    .await?;
    Ok(())
}

/// A page of a person's own phones, newest first; also those that have ended.
pub async fn own_devices(
    db: &impl ConnectionTrait,
    person: PersonId,
    page: &Page,
) -> Result<Vec<device::Model>, Fault> {
    read_page(device::Entity::find().filter(device::Column::PersonId.eq(person)), db, page).await
}

/// The same of an officer within a scope.
pub async fn devices_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: PersonId,
    page: &Page,
) -> Result<Vec<device::Model>, Fault> {
    let of_person = device::Entity::find()
        .join(JoinType::InnerJoin, device::Relation::Person.def())
        .filter(device::Column::PersonId.eq(person))
        .filter(scope.condition((person::Entity, person::Column::AgencyId)));
    read_page(of_person, db, page).await
}

/// The newest phones of a person, oldest first, also those that have ended; and how many there are.
pub async fn newest_of(
    db: &impl ConnectionTrait,
    person: PersonId,
    most: u64,
) -> Result<(Vec<device::Model>, u64), Fault> {
    let of_person = || device::Entity::find().filter(device::Column::PersonId.eq(person));
    let total = of_person().count(db).await?;
    let newest = of_person().order_by_desc(device::Column::Id).limit(most);
    let mut newest = newest.all(db).await?;
    newest.reverse();
    Ok((newest, total))
}

async fn read_page(
    mut select: Select<device::Entity>,
    db: &impl ConnectionTrait,
    page: &Page,
) -> Result<Vec<device::Model>, Fault> {
    if let Some(before) = page.after_id::<DeviceId>() {
        select = select.filter(device::Column::Id.lt(before));
    }
    Ok(select.order_by_desc(device::Column::Id).limit(page.limit()).all(db).await?)
}
