//! Ending a phone: by its holder, by those who invite, and with its account.

use entities::enums::DeviceEnd;
use entities::ids::{AccountId, DeviceId};
use entities::{device, person};
use sea_orm::EntityTrait;
use serde_json::json;

use super::error::{DeviceRefusal, Result};
use super::{rules, store};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::auth;
use crate::credentials::{device_of, end_device};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

/// Ends a phone of one's own, or of an officer within the scope of those who invite. Its place in
/// the status lists reads invalid from the same moment.
pub async fn end(
    platform: &Platform,
    actor: &Actor,
    id: DeviceId,
    reason: DeviceEnd,
) -> Result<device::Model> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let (device, person) = find(&uow, id).await?.ok_or(DeviceRefusal::DeviceNotFound)?;
    rules::open(&device)?;
    let stream = Stream::Agency(person.agency_id);
    if !end_and_record(&mut uow, stream, device.id, reason).await? {
        return Err(DeviceRefusal::ChangedMeanwhile.into());
    }
    let ended = device::Model { ended_at: Some(uow.now()), end_reason: Some(reason), ..device };
    uow.commit().await?;
    Ok(ended)
}

/// Ends a phone and writes that down; `false` where it had ended before.
pub(super) async fn end_and_record(
    uow: &mut UnitOfWork,
    stream: Stream,
    id: DeviceId,
    reason: DeviceEnd,
) -> std::result::Result<bool, Fault> {
    let ended = end_device(uow, id, reason).await?;
    if ended {
        uow.record(stream, "device.end", encode(id), json!({ "reason": reason.code() }));
    }
    Ok(ended)
}

/// A phone that the actor may end, with its person.
async fn find(
    uow: &UnitOfWork,
    id: DeviceId,
) -> std::result::Result<Option<(device::Model, person::Model)>, Fault> {
    if let Some(own) = uow.actor().person()
        && let Some(device) = device_of(uow.tx(), own, id).await?
    {
        let person = person::Entity::find_by_id(own).one(uow.tx()).await?;
        return Ok(person.map(|person| (device, person)));
    }
    let scope = Scope::of(uow.actor(), Permission::ManageDevices);
    store::device_within(uow.tx(), &scope, id).await
}

/// Closes an account: its sessions end at once, and its phone with them.
pub async fn close_account(
    platform: &Platform,
    actor: &Actor,
    account: AccountId,
) -> auth::Result<()> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    auth::accounts::disable(&mut uow, account).await?;
    for device in store::open_devices_of_account(uow.tx(), account).await? {
        let person = person::Entity::find_by_id(device.person_id).one(uow.tx()).await?;
        let stream = person.map_or(Stream::System, |person| Stream::Agency(person.agency_id));
        end_and_record(&mut uow, stream, device.id, DeviceEnd::AccountClosed).await?;
    }
    uow.commit().await?;
    Ok(())
}
