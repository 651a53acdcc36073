//! What an administrator does with the accounts of others.

use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result, SimpleObject};
use entities::ids::{AccountId, AgencyId, DeskHandoverId};

use super::sessions::{AccountPayload, EndSessionsPayload};
use super::types::{
    Account, DeskHandover, HandOverDeskInput, Invitation, InviteAccountInput, RoleInput,
};
use crate::access::{Permission, Scope};
use crate::auth::accounts::NewAccount;
use crate::auth::directory::{self, AccountFilter};
use crate::auth::handover::Handover;
use crate::auth::{
    AuthRefusal, accounts, handover, invitations, new_password, second_factor, sessions,
};
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, UserError, answer, caller};
use crate::platform::failure::Failure;

/// Answer of mutations that invite.
#[derive(SimpleObject)]
pub struct InvitationPayload {
    /// The invitation, told this once; none where there are user errors.
    invitation: Option<Invitation>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Answer of `handOverDesk`.
#[derive(SimpleObject)]
pub struct HandOverDeskPayload {
    /// Id of the hand-over; none where there are user errors.
    handover_id: Option<Id<DeskHandoverId>>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Queries of accounts.
#[derive(Default)]
pub struct AccountQuery;

#[Object]
impl AccountQuery {
    /// Accounts of people within one's part of the tree, in the order they were entered.
    #[graphql(
        guard = "Needs(Permission::ManageAccounts)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "A whole sign-in name.")] login: Option<String>,
        #[graphql(desc = "Agency of the person.")] agency_id: Option<Id<AgencyId>>,
    ) -> Result<Connection<String, Account>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ManageAccounts);
        let filter = AccountFilter { login, agency: agency_id.map(Id::get) };
        let now = platform.now();
        let rows = directory::accounts(platform.db.read(), &scope, &filter, &page, now).await?;
        Ok(page.connection(rows, |row| vec![encode(row.account.id)], Account::from))
    }

    /// The desks an account gave up or took over, newest first; 100 at most.
    #[graphql(guard = "Needs(Permission::ManageAccounts)", complexity = "20 * child_complexity")]
    async fn desk_handovers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] account_id: Id<AccountId>,
    ) -> Result<Vec<DeskHandover>> {
        let (platform, actor) = caller(ctx)?;
        let scope = Scope::of(actor, Permission::ManageAccounts);
        let rows = handover::of_account(platform, &scope, account_id.get()).await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

/// Mutations of accounts.
#[derive(Default)]
pub struct AccountMutation;

#[Object]
impl AccountMutation {
    /// Enters an account for another person and invites them to it. It opens no session before
    /// they have taken the invitation up.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn invite_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The person, the sign-in name and the roles.")] input: InviteAccountInput,
    ) -> Result<InvitationPayload> {
        let (platform, actor) = caller(ctx)?;
        let new = NewAccount {
            person: input.person_id.get(),
            login: input.login,
            password: None,
            roles: input.roles.into_iter().map(Into::into).collect(),
        };
        invited(ctx, invitations::invite(platform, actor, new).await)
    }

    /// Invites anew to an account that has no password; the invitation before it ends.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn renew_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account_id: Id<AccountId>,
    ) -> Result<InvitationPayload> {
        let (platform, actor) = caller(ctx)?;
        invited(ctx, invitations::renew(platform, actor, account_id.get()).await)
    }

    /// Ends the open invitation of an account.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account_id: Id<AccountId>,
    ) -> Result<AccountPayload> {
        let (platform, actor) = caller(ctx)?;
        let id = account_id.get();
        AccountPayload::done(ctx, id, invitations::revoke(platform, actor, id).await)
    }

    /// Takes the password of another's account away and invites its person to choose another. Its
    /// sessions end at once; a second factor stays.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account_id: Id<AccountId>,
    ) -> Result<InvitationPayload> {
        let (platform, actor) = caller(ctx)?;
        invited(ctx, new_password::reset(platform, actor, account_id.get()).await)
    }

    /// Takes the second factor from another's account, whose app is lost; its sessions end.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn remove_totp(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account_id: Id<AccountId>,
    ) -> Result<AccountPayload> {
        let (platform, actor) = caller(ctx)?;
        let id = account_id.get();
        AccountPayload::done(ctx, id, second_factor::remove(platform, actor, id).await)
    }

    /// Gives a role to an account.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn grant_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account_id: Id<AccountId>,
        #[graphql(desc = "The role.")] role: RoleInput,
    ) -> Result<AccountPayload> {
        let (platform, actor) = caller(ctx)?;
        let (id, (role, agency, axis)) = (account_id.get(), role.into());
        let result = accounts::grant_role(platform, actor, id, role, agency, axis).await;
        AccountPayload::done(ctx, id, result)
    }

    /// Takes a role from an account; its access tokens end at once.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn revoke_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account_id: Id<AccountId>,
        #[graphql(desc = "The role.")] role: RoleInput,
    ) -> Result<AccountPayload> {
        let (platform, actor) = caller(ctx)?;
        let (id, (role, agency, axis)) = (account_id.get(), role.into());
        let result = accounts::revoke_role(platform, actor, id, role, agency, axis).await;
        AccountPayload::done(ctx, id, result)
    }

    /// Hands a desk over: roles of one account end and a successor's begin, in one act.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn hand_over_desk(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From whom, to whom, what and when.")] input: HandOverDeskInput,
    ) -> Result<HandOverDeskPayload> {
        let (platform, actor) = caller(ctx)?;
        let roles = input.roles.map(|roles| roles.into_iter().map(Into::into).collect());
        let handover = Handover {
            from: input.from_account_id.get(),
            to: input.to_account_id.get(),
            roles,
            at: input.at,
            note: input.note,
        };
        let result = handover::hand_over(platform, actor, handover).await;
        let (id, user_errors) = answer(ctx, result)?;
        Ok(HandOverDeskPayload { handover_id: id.map(Into::into), user_errors })
    }

    /// Ends every session of another's account.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn end_sessions_of(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account_id: Id<AccountId>,
    ) -> Result<EndSessionsPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = sessions::end_all_of(platform, actor, account_id.get()).await;
        let (ended, user_errors) = answer(ctx, result)?;
        Ok(EndSessionsPayload { ended, user_errors })
    }
}

fn invited(
    ctx: &Context<'_>,
    result: std::result::Result<invitations::Invitation, Failure<AuthRefusal>>,
) -> Result<InvitationPayload> {
    let (invitation, user_errors) = answer(ctx, result)?;
    Ok(InvitationPayload { invitation: invitation.map(Into::into), user_errors })
}
