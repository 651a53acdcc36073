//! Signing in, sessions and accounts.
//!
//! A sign-in opens a session and gives an access token of ten minutes and a refresh token of 256
//! bits, kept only as a hash and used once. A used one that comes again after the grace ends the
//! whole session: one of the two who hold it is not its owner.

pub mod accounts;
pub mod chunks;
pub mod delegation;
mod directory;
mod error;
pub mod graphql;
pub mod handover;
pub mod invitations;
pub mod listening;
pub mod new_password;
pub mod password;
pub mod second_factor;
pub mod sessions;
mod store;
pub mod token;
mod totp;

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use entities::enums::SessionClient;
use entities::ids::{AccountId, SessionId};
use entities::{account, refresh_token, session};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::audit::{Stream, UnitOfWork};
use crate::platform::Platform;
use crate::platform::actor::{Actor, GrantedRole, SignedIn};
use crate::platform::clock::local_date;
use crate::platform::failure::{Failure, Fault, Refusal as _};
use crate::platform::throttle::{neighbourhood, retry_after};
pub use directory::{AccountFilter, Listed, accounts as list_accounts};
pub use error::{ALL as REFUSALS, AuthRefusal, Result};
pub use password::Passwords;
use store::SessionRow;

/// Longest life of a session without the password.
const SESSION_LIFE: Duration = Duration::days(7);
/// How long a used refresh token is still answered: the first answer may have been lost.
const GRACE: Duration = Duration::seconds(20);
/// Failures for one name from one place within [`ATTEMPTS_WINDOW`].
const ATTEMPTS: u64 = 10;
/// Names that may fail from one place within [`ATTEMPTS_WINDOW`]: an office that shares an address
/// mistypes less, and who tries a common password on many names gets no further.
const NAMES: u64 = 100;
/// Over how long failures are counted.
const ATTEMPTS_WINDOW: Duration = Duration::minutes(15);

/// What signs people in: the public address goes into tokens as their issuer.
#[derive(Clone, Debug)]
pub struct Auth {
    passwords: Passwords,
    issuer: String,
}

/// What somebody signs in with.
#[derive(Clone, Default)]
pub struct Attempt {
    /// Sign-in name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Code of the second factor or a recovery code, where the account has one.
    pub totp_code: Option<String>,
    /// What the client calls itself.
    pub client_name: Option<String>,
    /// What the client is; a desk where it does not say.
    pub client: Option<SessionClient>,
}

/// What a sign-in or a refresh gives.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// For the `Authorization: Bearer` header.
    pub access_token: String,
    /// End of the access token.
    pub access_expires_at: DateTime<Utc>,
    /// For one refresh.
    pub refresh_token: String,
    /// The account.
    pub account: AccountId,
}

impl Auth {
    /// Signs people in for the deployment at this address.
    pub fn new(issuer: impl Into<String>) -> Self {
        Self { passwords: Passwords::default(), issuer: issuer.into() }
    }

    /// With another way to hash and check passwords.
    #[must_use]
    pub fn with_passwords(self, passwords: Passwords) -> Self {
        Self { passwords, ..self }
    }

    /// The deployment as people tell it from others: the host of its public address.
    fn deployment(&self) -> &str {
        let address = self.issuer.split_once("://").map_or(self.issuer.as_str(), |(_, rest)| rest);
        address.split([':', '/']).next().unwrap_or(address)
    }

    /// Hashes and checks passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// Opens a session by name, password and, where the account has one, a second factor. Every way
    /// of failing before the password is known to be right is answered alike. Too many failures for
    /// one name *from one place* make that place wait for it, so that nobody can lock out a person
    /// who signs in from elsewhere; and after failures for too many names the place waits for every
    /// name that has not failed there yet. `caller` is who is signed in already: giving one's own
    /// password again is not held up by the failures of others.
    pub async fn sign_in_from(
        &self,
        platform: &Platform,
        place: Option<IpAddr>,
        caller: Option<&Actor>,
        attempt: Attempt,
    ) -> Result<Tokens> {
        let result = self.try_from_place(platform, place, caller, attempt).await;
        if let Err(Failure::Refused(refusal)) = &result {
            platform.metrics.sign_in_refused(refusal.code());
        }
        result
    }

    async fn try_from_place(
        &self,
        platform: &Platform,
        place: Option<IpAddr>,
        caller: Option<&Actor>,
        attempt: Attempt,
    ) -> Result<Tokens> {
        let Some(place) = place else { return self.open(platform, attempt).await };
        let (throttle, now) = (&platform.throttle, platform.now());
        let place = format!("sign-in {}", neighbourhood(place));
        let name = format!("{place} {}", attempt.login);
        let nth = throttle.count(&name, ATTEMPTS_WINDOW, now).await;
        let too_many =
            AuthRefusal::TooManyAttempts { retry_after: retry_after(ATTEMPTS_WINDOW, now) };
        if nth > ATTEMPTS {
            return Err(too_many.into());
        }
        // A name is counted once at its place, with its first failure.
        let known = is_own(platform, caller, &attempt.login).await?;
        if nth == 1 && !known && throttle.count(&place, ATTEMPTS_WINDOW, now).await > NAMES {
            throttle.give_back(&place, ATTEMPTS_WINDOW, now).await;
            throttle.give_back(&name, ATTEMPTS_WINDOW, now).await;
            return Err(too_many.into());
        }
        let result = self.open(platform, attempt).await;
        match &result {
            Ok(_) => {
                throttle.forget(&name, ATTEMPTS_WINDOW, now).await;
                if !known {
                    throttle.give_back(&place, ATTEMPTS_WINDOW, now).await;
                }
            }
            // It was not tried at all.
            Err(Failure::Fault(_)) => {
                throttle.give_back(&name, ATTEMPTS_WINDOW, now).await;
                if nth == 1 && !known {
                    throttle.give_back(&place, ATTEMPTS_WINDOW, now).await;
                }
            }
            Err(Failure::Refused(_)) => {}
        }
        result
    }

    /// The same without counting, by name and password alone.
    pub async fn sign_in(
        &self,
        platform: &Platform,
        login: &str,
        password: String,
    ) -> Result<Tokens> {
        let attempt = Attempt { login: login.to_owned(), password, ..Attempt::default() };
        self.open(platform, attempt).await
    }

    async fn open(&self, platform: &Platform, attempt: Attempt) -> Result<Tokens> {
        let client = sessions::Opened::by(&attempt)?;
        let account = if accounts::login_is_well_formed(&attempt.login) {
            store::account_by_login(platform.db.read(), &attempt.login).await?
        } else {
            None
        };
        // An account without a password takes as long as one that does not exist.
        let account = account.filter(accounts::has_password);
        let phc = account.as_ref().map(|a| a.password_hash.clone());
        let in_length = attempt.password.len() <= password::MOST_BYTES;
        let known = in_length && self.passwords.verify(attempt.password, phc).await?;
        let account = account.filter(|a| known && a.disabled_at.is_none());
        let found = account.ok_or(AuthRefusal::SignInFailed)?;

        let uow = UnitOfWork::begin(platform, &Actor::System).await?;
        // What ended its sessions meanwhile holds for this one too.
        let account = store::lock_account(&uow, found.id).await?;
        let account = account
            .filter(|a| a.disabled_at.is_none() && a.password_hash == found.password_hash)
            .ok_or(AuthRefusal::SignInFailed)?;
        let (mut uow, factor) =
            second_factor::demand(uow, account.id, attempt.totp_code.as_deref()).await?;
        let tokens = self.open_session(&mut uow, &account, factor, client).await?;
        uow.commit().await?;
        Ok(tokens)
    }

    /// Opens a session of an account whose row the transaction has locked.
    async fn open_session(
        &self,
        uow: &mut UnitOfWork,
        account: &account::Model,
        second_factor: bool,
        client: sessions::Opened,
    ) -> std::result::Result<Tokens, Fault> {
        let now = uow.now();
        let id: SessionId = uow.new_id();
        let latest = now + SESSION_LIFE;
        let end = handover::next_end(uow, account.id).await?.map_or(latest, |at| latest.min(at));
        session::ActiveModel {
            id: Set(id),
            account_id: Set(account.id),
            signed_in_at: Set(now),
            last_used_at: Set(now),
            expires_at: Set(end),
            revoked_at: Set(None),
            created_at: Set(now),
            client_name: Set(client.name),
            second_factor_at: Set(second_factor.then_some(now)),
            client: Set(client.kind),
        }
        .insert(uow.tx())
        .await?;
        let subject = crate::graphql::ids::encode(account.id);
        uow.record(Stream::System, "session.open", subject, json!({ "session": id.0 }));
        self.tokens(uow, account.id, id, account.version).await
    }

    /// Exchanges a refresh token for new tokens.
    pub async fn refresh(&self, platform: &Platform, refresh_token: &str) -> Result<Tokens> {
        let hash = hash_of(refresh_token);
        // Looked at before it is begun to write: who sends anything at all keeps nobody waiting.
        store::refresh_token_in_force(platform.db.read(), &hash, platform.now())
            .await?
            .ok_or(AuthRefusal::RefreshTokenInvalid)?;
        let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
        let now = uow.now();
        let (token, session) = store::refresh_token_in_force(uow.tx(), &hash, now)
            .await?
            .ok_or(AuthRefusal::RefreshTokenInvalid)?;
        let first = store::use_refresh_token(uow.tx(), &hash, now).await?;
        if !first && token.used_at.is_some_and(|used| now - used > GRACE) {
            store::revoke(uow.tx(), session::Column::Id.eq(session.id), now).await?;
            let subject = crate::graphql::ids::encode(session.account_id);
            let body = json!({ "session": session.id.0, "reason": "REFRESH_TOKEN_REUSED" });
            uow.record(Stream::System, "session.revoke", subject, body);
            uow.commit().await?;
            return Err(AuthRefusal::RefreshTokenInvalid.into());
        }
        let account = store::account_by_id(uow.tx(), session.account_id).await?;
        let Some(account) = account.filter(|a| a.disabled_at.is_none()) else {
            return Err(AuthRefusal::RefreshTokenInvalid.into());
        };
        let tokens = self.tokens(&uow, account.id, session.id, account.version).await?;
        uow.commit().await?;
        Ok(tokens)
    }

    /// Ends the session of this actor.
    pub async fn sign_out(&self, platform: &Platform, actor: &Actor) -> Result<()> {
        let Some(signed_in) = actor.signed_in() else { return Ok(()) };
        let mut uow = UnitOfWork::begin(platform, actor).await?;
        let now = uow.now();
        store::revoke(uow.tx(), session::Column::Id.eq(signed_in.session), now).await?;
        let subject = crate::graphql::ids::encode(signed_in.account);
        let body = json!({ "session": signed_in.session.0, "reason": "SIGNED_OUT" });
        uow.record(Stream::System, "session.revoke", subject, body);
        uow.commit().await?;
        Ok(())
    }

    /// Who a bearer token stands for. The session is asked in the database each time, so that an
    /// end holds at once; a token of an older version of the account ends with its rights.
    pub async fn authenticate(
        &self,
        platform: &Platform,
        access_token: &str,
    ) -> std::result::Result<Option<Actor>, Fault> {
        match self.claims(platform, access_token) {
            Some(claims) => actor_of_session(platform, platform.db.lookups(), &claims).await,
            None => Ok(None),
        }
    }

    /// What a bearer token says, if it holds by itself.
    fn claims(&self, platform: &Platform, access_token: &str) -> Option<token::Claims> {
        token::read(&platform.keyring, &self.issuer, access_token, platform.now())
    }

    async fn tokens(
        &self,
        uow: &UnitOfWork,
        account: AccountId,
        session: SessionId,
        version: i32,
    ) -> std::result::Result<Tokens, Fault> {
        let (platform, now) = (uow.platform(), uow.now());
        let refresh = URL_SAFE_NO_PAD.encode(platform.random.bytes::<32>());
        refresh_token::ActiveModel {
            hash: Set(hash_of(&refresh)),
            session_id: Set(session),
            issued_at: Set(now),
            used_at: Set(None),
        }
        .insert(uow.tx())
        .await?;
        session::Entity::update_many()
            .col_expr(session::Column::LastUsedAt, Expr::value(now))
            .filter(session::Column::Id.eq(session))
            .exec(uow.tx())
            .await?;
        Ok(Tokens {
            access_token: token::issue(
                &platform.keyring,
                &self.issuer,
                account,
                session,
                version,
                now,
            )?,
            access_expires_at: now + token::LIFE,
            refresh_token: refresh,
            account,
        })
    }
}

/// Who a token's session belongs to, while it is in force and its account is still of the version
/// that the token names.
async fn actor_of_session(
    platform: &Platform,
    db: &impl ConnectionTrait,
    claims: &token::Claims,
) -> std::result::Result<Option<Actor>, Fault> {
    let now = platform.now();
    let rows = store::session_in_force(db, claims.session(), now).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    if first.version != claims.ver || first.account_id != claims.account() {
        return Ok(None);
    }
    // A session from before the enrolment opens nothing after it.
    if first.enrolled_at.is_some() && first.second_factor_at.is_none() {
        return Ok(None);
    }
    let mut roles: Vec<GrantedRole> = rows.iter().filter_map(SessionRow::role).collect();
    if first.borrows {
        roles.extend(delegation::lent_to(platform.db.read(), first.account_id, now).await?);
    }
    let delegates = if first.lends {
        delegation::delegates_of(platform.db.read(), first.account_id, now).await?
    } else {
        Vec::new()
    };
    let roles = match first.enrolled_at {
        Some(_) => roles,
        None => second_factor::marked(platform.db.read(), roles, local_date(now)).await?,
    };
    Ok(Some(Actor::Account(std::sync::Arc::new(SignedIn {
        account: first.account_id,
        person: first.person_id,
        session: claims.session(),
        client: first.client,
        signed_in_at: first.signed_in_at,
        roles,
        delegates,
    }))))
}

/// An account as an actor without a session, for a job it has asked for. Its roles are those of
/// now; `None` where it was closed meanwhile.
pub async fn actor_of_account(
    platform: &Platform,
    account: AccountId,
) -> std::result::Result<Option<Actor>, Fault> {
    let db = platform.db.read();
    let found = store::account_by_id(db, account).await?.filter(|a| a.disabled_at.is_none());
    let Some(found) = found else { return Ok(None) };
    Ok(Some(Actor::Account(std::sync::Arc::new(SignedIn {
        account,
        person: found.person_id,
        session: SessionId(uuid::Uuid::nil()),
        client: SessionClient::Desk,
        signed_in_at: platform.now(),
        roles: roles_now(platform, account).await?,
        delegates: delegation::delegates_of(db, account, platform.now()).await?,
    }))))
}

/// The roles of an account that hold now, its own and those lent to it.
async fn roles_now(
    platform: &Platform,
    account: AccountId,
) -> std::result::Result<Vec<GrantedRole>, Fault> {
    let (db, now) = (platform.db.read(), platform.now());
    let mut roles = store::roles(db, account, now).await?;
    roles.extend(delegation::lent_to(db, account, now).await?);
    Ok(roles)
}

/// An account that is open, held against its closing until the transaction ends.
pub async fn hold_open_account(
    uow: &UnitOfWork,
    account: AccountId,
) -> std::result::Result<Option<account::Model>, Fault> {
    Ok(store::lock_account(uow, account).await?.filter(|a| a.disabled_at.is_none()))
}

/// Ends every session of an account, in the caller's transaction.
pub async fn end_sessions(uow: &UnitOfWork, account: AccountId) -> std::result::Result<u64, Fault> {
    store::revoke(uow.tx(), session::Column::AccountId.eq(account), uow.now()).await
}

/// Whether a name is that of the account which is signed in.
async fn is_own(
    platform: &Platform,
    caller: Option<&Actor>,
    login: &str,
) -> std::result::Result<bool, Fault> {
    let Some(account) = caller.and_then(Actor::account) else { return Ok(false) };
    let account = store::account_by_id(platform.db.read(), account).await?;
    Ok(account.is_some_and(|account| account.login == login))
}

fn hash_of(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}
