//! Phones in GraphQL.

mod types;

use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entities::ids::{AccountId, DeviceId, PersonId};

use crate::access::{Permission, Scope};
use crate::auth::graphql::AccountPayload;
use crate::graphql::guard::SignedIn;
use crate::graphql::ids::Id;
use crate::graphql::page::Page;
use crate::graphql::{Needs, answer, caller, signed_in};
use types::{
    BeginDeviceEnrolmentPayload, Device, DeviceInvitationPayload, DevicePayload, EndDeviceReason,
    EnrolDeviceInput, PhoneCredentialPayload, RevokeDeviceInvitationPayload,
};

/// Queries of phones.
#[derive(Default)]
pub struct DevicesQuery;

#[Object]
impl DevicesQuery {
    /// One's own phones, newest first; also those that have ended, with reason and time.
    #[graphql(
        guard = "SignedIn",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn my_devices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
    ) -> Result<Connection<String, Device>> {
        let (platform, _) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let person = signed_in(ctx)?.person;
        let rows = super::own_devices(platform.db.read(), person, &page).await?;
        Ok(page.connection(rows, |row| vec![crate::graphql::ids::encode(row.id)], Device::from))
    }

    /// The phones of an officer within one's part of the tree, newest first.
    #[graphql(
        guard = "Needs(Permission::ManageDevices)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn officer_devices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which officer.")] officer_id: Id<PersonId>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
    ) -> Result<Connection<String, Device>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ManageDevices);
        let rows = super::devices_of(platform.db.read(), &scope, officer_id.get(), &page).await?;
        Ok(page.connection(rows, |row| vec![crate::graphql::ids::encode(row.id)], Device::from))
    }
}

/// Mutations of phones.
#[derive(Default)]
pub struct DevicesMutation;

#[Object]
impl DevicesMutation {
    /// Invites an officer to enrol a phone in their own session; an open invitation ends. Hand the
    /// secret over yourself, to the officer whom you know by sight.
    #[graphql(guard = "Needs(Permission::ManageDevices)")]
    async fn invite_device(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose phone may be enrolled.")] officer_id: Id<PersonId>,
    ) -> Result<DeviceInvitationPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = super::invite(platform, actor, officer_id.get()).await;
        let (invitation, user_errors) = answer(ctx, result)?;
        Ok(DeviceInvitationPayload { invitation: invitation.map(Into::into), user_errors })
    }

    /// Takes the open invitation of an officer back.
    #[graphql(guard = "Needs(Permission::ManageDevices)")]
    async fn revoke_device_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose invitation.")] officer_id: Id<PersonId>,
    ) -> Result<RevokeDeviceInvitationPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = super::revoke(platform, actor, officer_id.get()).await;
        let (done, user_errors) = answer(ctx, result)?;
        Ok(RevokeDeviceInvitationPayload { officer_id: done.map(|()| officer_id), user_errors })
    }

    /// Begins to enrol a phone: a nonce for its signature, good for ten minutes and once. One that
    /// was given before is good no more.
    #[graphql(guard = "SignedIn")]
    async fn begin_device_enrolment(
        &self,
        ctx: &Context<'_>,
    ) -> Result<BeginDeviceEnrolmentPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = super::begin(platform, actor, signed_in(ctx)?).await;
        let (begun, user_errors) = answer(ctx, result)?;
        Ok(BeginDeviceEnrolmentPayload { enrolment: begun.map(Into::into), user_errors })
    }

    /// Enrols a phone of one's own; the phone before ends at once. The same request again is answered
    /// with the same phone.
    #[graphql(guard = "SignedIn")]
    async fn enrol_device(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The phone, and its proof.")] input: EnrolDeviceInput,
    ) -> Result<DevicePayload> {
        let (platform, actor) = caller(ctx)?;
        let result = super::enrol(platform, actor, signed_in(ctx)?, input.into()).await;
        let (device, user_errors) = answer(ctx, result)?;
        Ok(DevicePayload { device: device.map(Into::into), user_errors })
    }

    /// Ends a phone of one's own, or of an officer within one's part of the tree for those who
    /// invite. What it shows is no longer valid from that moment.
    #[graphql(guard = "SignedIn")]
    async fn end_device(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which phone.")] device_id: Id<DeviceId>,
        #[graphql(desc = "Why.")] reason: EndDeviceReason,
    ) -> Result<DevicePayload> {
        let (platform, actor) = caller(ctx)?;
        let result = super::end(platform, actor, device_id.get(), reason.into()).await;
        let (device, user_errors) = answer(ctx, result)?;
        Ok(DevicePayload { device: device.map(Into::into), user_errors })
    }

    /// Gives one's own phone the credential it shows, for the certificate in force: a day's at most.
    /// Asked again while more than half of its time is left, it gives the same one.
    #[graphql(guard = "SignedIn")]
    async fn refresh_phone_credential(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The phone that asks.")] device_id: Id<DeviceId>,
    ) -> Result<PhoneCredentialPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = super::refresh(platform, actor, signed_in(ctx)?, device_id.get()).await;
        let (credential, user_errors) = answer(ctx, result)?;
        Ok(PhoneCredentialPayload { credential: credential.map(Into::into), user_errors })
    }

    /// Closes an account; its sessions and its phone end at once.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn disable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account_id: Id<AccountId>,
    ) -> Result<AccountPayload> {
        let (platform, actor) = caller(ctx)?;
        let id = account_id.get();
        AccountPayload::done(ctx, id, super::close_account(platform, actor, id).await)
    }
}

/// Bytes that have travelled; none for what is no base64url without padding, which no key, nonce or
/// signature is.
fn from_base64url(text: &str) -> Vec<u8> {
    URL_SAFE_NO_PAD.decode(text).unwrap_or_default()
}
