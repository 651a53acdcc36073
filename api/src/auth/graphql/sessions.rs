//! Signing in, and what an account does with itself: sessions, password, second factor.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entities::ids::{AccountId, SessionId};

use super::types::{ActivateAccountInput, Session, Tokens, TotpEnrolment, Viewer};
use crate::auth::{self, Attempt, Auth, invitations, new_password, second_factor, sessions};
use crate::graphql::enums::SessionClient;
use crate::graphql::guard::SignedIn;
use crate::graphql::ids::{Id, encode};
use crate::graphql::{Caller, ClientAddress, UserError, answer, caller};
use crate::platform::Platform;

/// Answer of `signIn`, `activateAccount` and `refreshSession`.
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

/// Answer of mutations that end sessions.
#[derive(SimpleObject)]
pub struct EndSessionsPayload {
    /// How many ended; none where there are user errors.
    pub(super) ended: Option<u64>,
    /// What was wrong.
    pub(super) user_errors: Vec<UserError>,
}

/// Answer of mutations of an account.
#[derive(SimpleObject)]
pub struct AccountPayload {
    /// The account; none where there are user errors.
    pub(super) account_id: Option<ID>,
    /// What was wrong.
    pub(super) user_errors: Vec<UserError>,
}

impl AccountPayload {
    /// Of an account with which something was done, or was not.
    pub fn done(ctx: &Context<'_>, id: AccountId, result: auth::Result<()>) -> Result<Self> {
        let (done, user_errors) = answer(ctx, result)?;
        Ok(Self { account_id: done.map(|()| encode(id).into()), user_errors })
    }
}

/// Answer of `beginTotpEnrolment`.
#[derive(SimpleObject)]
pub struct BeginTotpEnrolmentPayload {
    /// What the app is set up with; none where there are user errors.
    enrolment: Option<TotpEnrolment>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Answer of `confirmTotpEnrolment`.
#[derive(SimpleObject)]
pub struct ConfirmTotpEnrolmentPayload {
    /// Ten codes, each of which stands in for the app once. Told this once: keep them on paper.
    recovery_codes: Option<Vec<String>>,
    /// What was wrong.
    user_errors: Vec<UserError>,
}

/// Queries of the session.
#[derive(Default)]
pub struct SessionQuery;

#[Object]
impl SessionQuery {
    /// The signed-in account.
    #[graphql(guard = "SignedIn")]
    async fn viewer(&self, ctx: &Context<'_>) -> Result<Option<Viewer>> {
        let (_, actor) = caller(ctx)?;
        Ok(actor.signed_in().map(Viewer::from))
    }

    /// The sessions in force of one's own account, newest first; 100 at most.
    #[graphql(guard = "SignedIn", complexity = "20 * child_complexity")]
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<Session>> {
        let (platform, actor) = caller(ctx)?;
        let Some(signed_in) = actor.signed_in() else { return Ok(Vec::new()) };
        let rows = sessions::own(platform, signed_in).await?;
        Ok(rows.into_iter().map(|row| Session::of(row, signed_in.session)).collect())
    }
}

/// Mutations of one's own sessions and account.
#[derive(Default)]
pub struct SessionMutation;

#[Object]
impl SessionMutation {
    /// Opens a session by sign-in name and password. An account with a second factor answers
    /// `TOTP_CODE_REQUIRED`: call again with its code. Whoever gives their own password again for
    /// an operation that asks for it sends the access token along: then the failures of others at
    /// the same address do not hold it up.
    async fn sign_in(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Sign-in name.")] login: String,
        #[graphql(desc = "Password.")] password: String,
        #[graphql(desc = "Six digits of the authenticator app, a recovery code, or after \
                          TOTP_TWO_CODES_REQUIRED two codes in a row as twelve digits.")]
        totp_code: Option<String>,
        #[graphql(desc = "What the client calls itself, for the list of sessions; 60 characters \
                          at most.")]
        client_name: Option<String>,
        #[graphql(
            desc = "What the client is; DESK where it does not say. The session stays bound \
                          to it."
        )]
        client: Option<SessionClient>,
    ) -> Result<TokensPayload> {
        let (platform, auth) = (ctx.data::<Platform>()?, ctx.data::<Auth>()?);
        let client = client.map(Into::into);
        let attempt = Attempt { login, password, totp_code, client_name, client };
        let place = ctx.data_opt::<ClientAddress>().map(|address| address.0);
        let caller = ctx.data_opt::<Caller>().and_then(|caller| caller.actor.as_ref());
        let result = auth.sign_in_from(platform, place, caller, attempt).await;
        let (tokens, user_errors) = answer(ctx, result)?;
        Ok(TokensPayload { tokens: tokens.map(Into::into), user_errors })
    }

    /// Takes an invitation up: chooses the password of an account and signs it in.
    async fn activate_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The invitation and the password.")] input: ActivateAccountInput,
    ) -> Result<TokensPayload> {
        let (platform, auth) = (ctx.data::<Platform>()?, ctx.data::<Auth>()?);
        let attempt = Attempt {
            login: input.login,
            password: input.password,
            totp_code: input.totp_code,
            client_name: input.client_name,
            client: input.client.map(Into::into),
        };
        let result = invitations::activate(auth, platform, &input.secret, attempt).await;
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

    /// Ends one session of one's own account.
    #[graphql(guard = "SignedIn")]
    async fn end_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] session_id: Id<SessionId>,
    ) -> Result<EndSessionsPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = sessions::end_one(platform, actor, session_id.get()).await;
        let (ended, user_errors) = answer(ctx, result)?;
        Ok(EndSessionsPayload { ended, user_errors })
    }

    /// Ends every session of one's own account but this one.
    #[graphql(guard = "SignedIn")]
    async fn end_other_sessions(&self, ctx: &Context<'_>) -> Result<EndSessionsPayload> {
        let (platform, actor) = caller(ctx)?;
        let (ended, user_errors) = answer(ctx, sessions::end_others(platform, actor).await)?;
        Ok(EndSessionsPayload { ended, user_errors })
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

    /// Begins to enrol an authenticator app (TOTP) as the second factor of one's own account. One
    /// that is in force stays until the new one is confirmed.
    #[graphql(guard = "SignedIn")]
    async fn begin_totp_enrolment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The password, once more.")] password: String,
        #[graphql(desc = "A code of the app in force or a recovery code, where there is one.")]
        totp_code: Option<String>,
    ) -> Result<BeginTotpEnrolmentPayload> {
        let (platform, actor) = caller(ctx)?;
        let auth = ctx.data::<Auth>()?;
        let result =
            second_factor::begin(auth, platform, actor, password, totp_code.as_deref()).await;
        let (enrolment, user_errors) = answer(ctx, result)?;
        Ok(BeginTotpEnrolmentPayload { enrolment: enrolment.map(Into::into), user_errors })
    }

    /// Ends the enrolment within 30 minutes by a code of the new app. The account's other sessions
    /// end; from now on each sign-in asks for a code.
    #[graphql(guard = "SignedIn")]
    async fn confirm_totp_enrolment(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Six digits of the app.")] totp_code: String,
    ) -> Result<ConfirmTotpEnrolmentPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = second_factor::confirm(platform, actor, &totp_code).await;
        let (recovery_codes, user_errors) = answer(ctx, result)?;
        Ok(ConfirmTotpEnrolmentPayload { recovery_codes, user_errors })
    }
}
