//! Signing in and accounts in GraphQL.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::ids::{AccountId, AgencyId, PersonId};

use super::{Auth, accounts, new_password};
use crate::access::Permission;
use crate::graphql::enums::{Role, ScopeAxis};
use crate::graphql::guard::SignedIn;
use crate::graphql::ids::{Id, encode};
use crate::graphql::{Caller, ClientAddress, Needs, UserError, answer, caller};
use crate::platform::Platform;

/// The signed-in account.
#[derive(SimpleObject)]
pub struct Viewer {
    /// Account.
    account_id: ID,
    /// The person it belongs to; separation of duties compares persons.
    person_id: ID,
    /// When the password was last given. Issuing, ending certificates and keys ask for a recent one.
    signed_in_at: DateTime<Utc>,
    /// Roles in force.
    roles: Vec<GrantedRole>,
}

/// A role over a part of the tree.
#[derive(SimpleObject)]
pub struct GrantedRole {
    /// Role.
    role: Role,
    /// Root of the part.
    agency_id: ID,
    /// Along which tree.
    axis: ScopeAxis,
}

/// Tokens of a session.
#[derive(SimpleObject)]
pub struct Tokens {
    /// For the `Authorization: Bearer` header; lives ten minutes.
    access_token: String,
    /// End of the access token.
    access_expires_at: DateTime<Utc>,
    /// For one `refreshSession`; keep it secret.
    refresh_token: String,
}

impl From<super::Tokens> for Tokens {
    fn from(tokens: super::Tokens) -> Self {
        Self {
            access_token: tokens.access_token,
            access_expires_at: tokens.access_expires_at,
            refresh_token: tokens.refresh_token,
        }
    }
}

/// Answer of `signIn` and `refreshSession`.
#[derive(SimpleObject)]
pub struct TokensPayload {
    /// The tokens; none where there are user errors.
    tokens: Option<Tokens>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Answer of `signOut`.
#[derive(SimpleObject)]
pub struct SignOutPayload {
    /// The session has ended.
    signed_out: bool,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Answer of mutations of an account.
#[derive(SimpleObject)]
pub struct AccountPayload {
    /// The account; none where there are user errors.
    account_id: Option<ID>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Answer of `resetPassword`.
#[derive(SimpleObject)]
pub struct ResetPasswordPayload {
    /// The new password, told this once; none where there are user errors.
    password: Option<String>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// A role to be given or taken.
#[derive(InputObject)]
pub struct RoleInput {
    /// Role.
    role: Role,
    /// Root of the part of the tree.
    agency_id: Id<AgencyId>,
    /// Along which tree.
    axis: ScopeAxis,
}

/// A new account.
#[derive(InputObject)]
pub struct CreateAccountInput {
    /// The person it belongs to.
    person_id: Id<PersonId>,
    /// 3–64 lower-case letters, digits, dots or hyphens, beginning with a letter.
    login: String,
    /// 10–128 characters.
    password: String,
    /// Its roles.
    roles: Vec<RoleInput>,
}

/// Queries of the session.
#[derive(Default)]
pub struct AuthQuery;

#[Object]
impl AuthQuery {
    /// The signed-in account.
    #[graphql(guard = "SignedIn")]
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        let (_, actor) = caller(ctx)?;
        Ok(actor.signed_in().map(|s| Viewer {
            account_id: encode(s.account).into(),
            person_id: encode(s.person).into(),
            signed_in_at: s.signed_in_at,
            roles: s
                .roles
                .iter()
                .map(|g| GrantedRole {
                    role: g.role.into(),
                    agency_id: encode(g.agency).into(),
                    axis: g.axis.into(),
                })
                .collect(),
        }))
    }
}

/// Mutations of sessions and accounts.
#[derive(Default)]
pub struct AuthMutation;

#[Object]
impl AuthMutation {
    /// Opens a session by sign-in name and password. Whoever gives their own password again for an
    /// operation that asks for it sends the access token along: then the failures of others at the
    /// same address do not hold it up.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Sign-in name.")] login: String,
        #[graphql(desc = "Password.")] password: String,
    ) -> Result<TokensPayload> {
        let (platform, auth) = (ctx.data::<Platform>()?, ctx.data::<Auth>()?);
        let place = ctx.data_opt::<ClientAddress>().map(|address| address.0);
        let caller = ctx.data_opt::<Caller>().and_then(|caller| caller.actor.as_ref());
        let result = auth.sign_in_from(platform, place, caller, &login, password).await;
        let (tokens, user_errors) = answer(ctx, result)?;
        Ok(TokensPayload { tokens: tokens.map(Into::into), user_errors })
    }

    /// Exchanges a refresh token for new tokens; each is used once.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The refresh token.")] refresh_token: String,
    ) -> Result<TokensPayload> {
        let (platform, auth) = (ctx.data::<Platform>()?, ctx.data::<Auth>()?);
        let (tokens, user_errors) = answer(ctx, auth.refresh(platform, &refresh_token).await)?;
        Ok(TokensPayload { tokens: tokens.map(Into::into), user_errors })
    }

    /// Ends this session.
    #[graphql(guard = "SignedIn")]
    async fn sign_out(&self, ctx: &Context<'_>) -> Result<SignOutPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = ctx.data::<Auth>()?.sign_out(platform, actor).await;
        let (done, user_errors) = answer(ctx, result)?;
        Ok(SignOutPayload { signed_out: done.is_some(), user_errors })
    }

    /// Enters an account for a person.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn create_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] input: CreateAccountInput,
    ) -> Result<AccountPayload> {
        let (platform, actor) = caller(ctx)?;
        let new = accounts::NewAccount {
            person: input.person_id.get(),
            login: input.login,
            password: Some(input.password),
            roles: input
                .roles
                .into_iter()
                .map(|r| (r.role.into(), r.agency_id.get(), r.axis.into()))
                .collect(),
        };
        let result = accounts::enter(ctx.data::<Auth>()?, platform, actor, new).await;
        let (id, user_errors) = answer(ctx, result)?;
        Ok(AccountPayload { account_id: id.map(|id| encode(id).into()), user_errors })
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
        let account = account_id.get();
        let result = accounts::grant_role(
            platform,
            actor,
            account,
            role.role.into(),
            role.agency_id.get(),
            role.axis.into(),
        )
        .await;
        let (done, user_errors) = answer(ctx, result)?;
        Ok(AccountPayload { account_id: done.map(|()| encode(account).into()), user_errors })
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
        let account = account_id.get();
        let result = accounts::revoke_role(
            platform,
            actor,
            account,
            role.role.into(),
            role.agency_id.get(),
            role.axis.into(),
        )
        .await;
        let (done, user_errors) = answer(ctx, result)?;
        Ok(AccountPayload { account_id: done.map(|()| encode(account).into()), user_errors })
    }

    /// Changes the password of one's own account. Its other sessions end, and its access tokens;
    /// this session goes on with `refreshSession`.
    #[graphql(guard = "SignedIn")]
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password until now.")] old_password: String,
        #[graphql(desc = "The new one, 10–128 characters.")] password: String,
    ) -> Result<AccountPayload> {
        let (platform, actor) = caller(ctx)?;
        let auth = ctx.data::<Auth>()?;
        let result = new_password::change(auth, platform, actor, old_password, password).await;
        let (id, user_errors) = answer(ctx, result)?;
        Ok(AccountPayload { account_id: id.map(|id| encode(id).into()), user_errors })
    }

    /// Gives another's account a new, generated password; its sessions end at once.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account_id: Id<AccountId>,
    ) -> Result<ResetPasswordPayload> {
        let (platform, actor) = caller(ctx)?;
        let auth = ctx.data::<Auth>()?;
        let result = new_password::reset(auth, platform, actor, account_id.get()).await;
        let (password, user_errors) = answer(ctx, result)?;
        Ok(ResetPasswordPayload { password, user_errors })
    }

    /// Closes an account; its sessions end at once.
    #[graphql(guard = "Needs(Permission::ManageAccounts)")]
    async fn disable_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The account.")] account_id: Id<AccountId>,
    ) -> Result<AccountPayload> {
        let (platform, actor) = caller(ctx)?;
        let account = account_id.get();
        let result = accounts::disable(platform, actor, account).await;
        let (done, user_errors) = answer(ctx, result)?;
        Ok(AccountPayload { account_id: done.map(|()| encode(account).into()), user_errors })
    }
}
