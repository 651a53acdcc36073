//! Invitations to enrol a phone. Whoever knows the officer hands the secret over; it enrols nothing
//! without the officer's own session. One an officer is open, for ten minutes; a new one ends it.

use chrono::{DateTime, Duration, Utc};
use entities::ids::{DeviceInvitationId, PersonId};
use mobile_contract::enrolment::plain_invitation;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::error::{DeviceRefusal, Result};
use super::store;
use crate::access::{Permission, Scope, counts_as};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::password;
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;

/// How long an invitation can be taken up: as long as two people stand together.
const LIFE: Duration = Duration::minutes(10);

/// An invitation as it is shown, this once.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// For whom.
    pub officer: PersonId,
    /// What the officer gives in the app.
    pub secret: String,
    /// End at the latest.
    pub expires_at: DateTime<Utc>,
}

/// Invites an officer within the scope to enrol a phone in their own session.
pub async fn invite(platform: &Platform, actor: &Actor, officer: PersonId) -> Result<Invitation> {
    let scope = Scope::of(actor, Permission::ManageDevices);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let person = store::person_within(uow.tx(), &scope, officer).await?;
    let person = person.ok_or(DeviceRefusal::OfficerNotFound)?;
    // Nor by whom they lend the role to, or who has lent it to them.
    if counts_as(actor, Permission::ManageDevices).contains(&person.id) {
        return Err(DeviceRefusal::OwnRecord.into());
    }
    if !store::has_account(uow.tx(), person.id).await? {
        return Err(DeviceRefusal::WithoutAccount.into());
    }
    store::end_open_invitation(&uow, person.id).await?;
    let id: DeviceInvitationId = uow.new_id();
    // Eight groups of four, 160 bits: beyond guessing, however often.
    let random = &platform.random;
    let secret = format!("{}-{}", password::generate(random), password::generate(random));
    let expires_at = uow.now() + LIFE;
    let entered = store::enter_invitation(&uow, (id, person.id), hash(&secret), expires_at).await;
    if let Err(fault) = entered {
        let meanwhile = fault.is_unique_violation();
        return Err(if meanwhile { DeviceRefusal::ChangedMeanwhile.into() } else { fault.into() });
    }
    let body = json!({ "invitation": id.0 });
    uow.record(Stream::Agency(person.agency_id), "device.invite", encode(person.id), body);
    uow.commit().await?;
    Ok(Invitation { officer: person.id, secret, expires_at })
}

/// Takes the open invitation of an officer back.
pub async fn revoke(platform: &Platform, actor: &Actor, officer: PersonId) -> Result<()> {
    let scope = Scope::of(actor, Permission::ManageDevices);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let person = store::person_within(uow.tx(), &scope, officer).await?;
    let person = person.ok_or(DeviceRefusal::OfficerNotFound)?;
    if store::end_open_invitation(&uow, person.id).await? == 0 {
        return Err(DeviceRefusal::NoInvitation.into());
    }
    let stream = Stream::Agency(person.agency_id);
    uow.record(stream, "device.invitation_revoke", encode(person.id), json!({}));
    uow.commit().await?;
    Ok(())
}

/// What is kept of a secret, however it is spelled.
pub(super) fn hash(secret: &str) -> Vec<u8> {
    Sha256::digest(plain_invitation(secret).as_bytes()).to_vec()
}
