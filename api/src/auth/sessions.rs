//! Sessions as their owner sees them, and their ends. Nothing is kept of where a session was
//! opened but what the client calls itself.

use entities::enums::SessionClient;
use entities::ids::{AccountId, SessionId};
use entities::session;
use sea_orm::sea_query::ExprTrait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use super::{Attempt, AuthRefusal, Result, accounts, store};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::{Actor, SignedIn};
use crate::platform::failure::Fault;

/// Most characters of what a client calls itself.
const CLIENT_NAME: usize = 60;
/// Most sessions a list shows.
const MOST: u64 = 100;

/// By whom a session is opened, as the client says.
pub(super) struct Opened {
    /// What it calls itself.
    pub name: Option<String>,
    /// What it is: a desk where it does not say.
    pub kind: SessionClient,
}

impl Opened {
    /// By whoever makes this attempt.
    pub fn by(attempt: &Attempt) -> Result<Self> {
        Ok(Self {
            name: client_name(attempt.client_name.as_deref())?,
            kind: attempt.client.unwrap_or(SessionClient::Desk),
        })
    }
}

/// What a client calls itself, trimmed; none where it says nothing.
fn client_name(given: Option<&str>) -> Result<Option<String>> {
    let Some(name) = given.map(str::trim).filter(|n| !n.is_empty()) else { return Ok(None) };
    if name.chars().count() > CLIENT_NAME || name.chars().any(char::is_control) {
        return Err(AuthRefusal::ClientNameInvalid.into());
    }
    Ok(Some(name.to_owned()))
}

/// The sessions in force of the actor's own account, newest first; 100 at most.
pub async fn own(
    platform: &Platform,
    signed_in: &SignedIn,
) -> std::result::Result<Vec<session::Model>, Fault> {
    Ok(session::Entity::find()
        .filter(session::Column::AccountId.eq(signed_in.account))
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(platform.now()))
        .order_by_desc(session::Column::SignedInAt)
        .order_by_desc(session::Column::Id)
        .limit(MOST)
        .all(platform.db.read())
        .await?)
}

/// Ends one session of the actor's own account.
pub async fn end_one(platform: &Platform, actor: &Actor, id: SessionId) -> Result<u64> {
    let signed_in = actor.signed_in().ok_or(AuthRefusal::SessionNotFound)?;
    let which = session::Column::AccountId
        .eq(signed_in.account)
        .and(session::Column::Id.eq(id))
        .and(session::Column::ExpiresAt.gt(platform.now()));
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let ended = store::revoke(uow.tx(), which, uow.now()).await?;
    if ended == 0 {
        return Err(AuthRefusal::SessionNotFound.into());
    }
    let body = json!({ "session": id.0, "reason": "ENDED_BY_OWNER" });
    uow.record(Stream::System, "session.revoke", encode(signed_in.account), body);
    uow.commit().await?;
    Ok(ended)
}

/// Ends every session of the actor's own account but this one; answers how many.
pub async fn end_others(platform: &Platform, actor: &Actor) -> Result<u64> {
    let signed_in = actor.signed_in().ok_or(AuthRefusal::SessionNotFound)?;
    let which = session::Column::AccountId
        .eq(signed_in.account)
        .and(session::Column::Id.ne(signed_in.session))
        .and(session::Column::ExpiresAt.gt(platform.now()));
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let ended = store::revoke(uow.tx(), which, uow.now()).await?;
    let body = json!({ "ended": ended, "reason": "ENDED_BY_OWNER" });
    uow.record(Stream::System, "session.revoke", encode(signed_in.account), body);
    uow.commit().await?;
    Ok(ended)
}

/// Ends every session of another's account; answers how many.
pub async fn end_all_of(platform: &Platform, actor: &Actor, account: AccountId) -> Result<u64> {
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    accounts::find_changeable(&uow, &scope, account).await?;
    let which =
        session::Column::AccountId.eq(account).and(session::Column::ExpiresAt.gt(platform.now()));
    let ended = store::revoke(uow.tx(), which, uow.now()).await?;
    let body = json!({ "ended": ended, "reason": "ENDED_BY_ADMINISTRATOR" });
    uow.record(Stream::System, "session.revoke", encode(account), body);
    uow.commit().await?;
    Ok(ended)
}
