//! The credential that a phone fetches each day.

use chrono::Duration;
use entities::ids::DeviceId;
use entities::{device_invitation, person};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::error::{DeviceRefusal, Result};
use super::{rules, store};
use crate::audit::{Stream, UnitOfWork};
use crate::credentials::{
    NotIssued, PHONE_CREDENTIALS_KEPT, PhoneCredential, cards_of_holders, device_of,
    forget_phone_credentials, issue_phone_credential,
};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::{Actor, SignedIn};
use crate::platform::failure::Fault;

/// Gives the signed-in officer's phone a credential for their certificate in force.
pub async fn refresh(
    platform: &Platform,
    actor: &Actor,
    signed_in: &SignedIn,
    id: DeviceId,
) -> Result<PhoneCredential> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let device = device_of(uow.tx(), signed_in.person, id).await?;
    let device = device.ok_or(DeviceRefusal::DeviceNotFound)?;
    rules::open(&device)?;
    let person = person::Entity::find_by_id(device.person_id).one(uow.tx()).await?;
    let person = person.ok_or_else(|| Fault::other("the person of a phone"))?;
    let policy = store::policy_for(&uow, &person).await?;
    rules::attested(device.attestation, policy.body.least_attestation)?;
    let cards = cards_of_holders(uow.tx(), &[person.id]).await?;
    let cards = cards.get(&person.id).map_or(&[][..], Vec::as_slice);
    let certificate = rules::shown_today(cards, uow.today())?;
    let lasts = Duration::hours(policy.body.credential_hours.into());
    let issued = issue_phone_credential(&uow, &device, certificate, lasts).await?;
    let issued = match issued {
        Ok(issued) => issued,
        Err(NotIssued::NotInForce(state)) => return Err(DeviceRefusal::NotInForce(state).into()),
        Err(NotIssued::TooLong) => return Err(DeviceRefusal::CodeTooLong.into()),
        Err(NotIssued::DeviceEnded) => return Err(DeviceRefusal::ChangedMeanwhile.into()),
    };
    if issued.is_new {
        let body = json!({
            "certificate": encode(issued.certificate),
            "expires": issued.expires_at.timestamp(),
            "policy": encode(policy.id),
        });
        let stream = Stream::Agency(person.agency_id);
        uow.record(stream, "device.credential", encode(device.id), body);
        uow.commit().await?;
    }
    Ok(issued)
}

/// Removes what is needed no more: credentials that ended long ago, and invitations. At most a month
/// of them is there.
pub async fn forget(platform: &Platform) -> std::result::Result<(), Fault> {
    let (db, now) = (platform.db.writer(), platform.now());
    forget_phone_credentials(db, now).await?;
    device_invitation::Entity::delete_many()
        .filter(device_invitation::Column::ExpiresAt.lt(now - PHONE_CREDENTIALS_KEPT))
        .exec(db)
        .await?;
    Ok(())
}
