//! Handing over a desk: whoever leaves or moves gives up roles, and a named successor holds them
//! from the same moment on. One act of an administrator over both. Open work needs no hand-over of
//! its own: it is found by role and part of the tree, so the successor finds it.

use std::collections::BTreeSet;

use chrono::{DateTime, Duration, SubsecRound, Utc};
use entities::ids::{AccountId, DeskHandoverId, GrantId};
use entities::{desk_handover, grant, session};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::{Value, json};

use super::accounts::{self, RoleOver, role_words};
use super::{AuthRefusal, Result, store};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::platform::spelling::has_control;

/// How far ahead a desk can be handed over.
const AHEAD: Duration = Duration::days(366);
/// Most characters of a note.
const NOTE: usize = 1_000;
/// Most hand-overs a list shows.
const MOST: u64 = 100;

/// Whose desk goes to whom.
#[derive(Clone, Debug)]
pub struct Handover {
    /// Who gives it up.
    pub from: AccountId,
    /// The successor.
    pub to: AccountId,
    /// Which roles; all where none are named.
    pub roles: Option<Vec<RoleOver>>,
    /// From when; now where it is not said.
    pub at: Option<DateTime<Utc>>,
    /// For those who look at it later.
    pub note: Option<String>,
}

/// Hands a desk over. When the time comes the roles change hands and the sessions of whoever gave
/// them up end, with nothing to be done. Where that is at once, the tokens of both end, so that
/// nobody acts by the old rights.
pub async fn hand_over(
    platform: &Platform,
    actor: &Actor,
    handover: Handover,
) -> Result<DeskHandoverId> {
    let note = note(handover.note.as_deref())?;
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let now = uow.now();
    let at = handover.at.map_or(now, |at| at.trunc_subsecs(6));
    if at < now || at > now + AHEAD {
        return Err(AuthRefusal::HandoverTimeInvalid.into());
    }
    let from = accounts::find_changeable(&uow, &scope, handover.from).await?;
    let to = accounts::find_changeable(&uow, &scope, handover.to).await?;
    if from.person_id == to.person_id {
        return Err(AuthRefusal::SamePerson.into());
    }
    if to.disabled_at.is_some() {
        return Err(AuthRefusal::AccountClosed.into());
    }
    // Two at once wait for each other in one order, and do not give the same role away twice.
    for id in BTreeSet::from([from.id, to.id]) {
        store::lock_account(&uow, id).await?;
    }
    let held = held_at(&uow, from.id, at).await?;
    let role_of = |g: &grant::Model| (g.role, g.agency_id, g.axis);
    let roles: BTreeSet<RoleOver> = match handover.roles {
        Some(named) => named.into_iter().collect(),
        None => held.iter().map(role_of).collect(),
    };
    if roles.is_empty() || !roles.iter().all(|role| held.iter().any(|g| role_of(g) == *role)) {
        return Err(AuthRefusal::RoleNotHeld.into());
    }
    let ending = held.iter().filter(|g| roles.contains(&role_of(g))).map(|g| g.id);
    let ending: Vec<GrantId> = ending.collect();
    for role in &roles {
        accounts::give(&mut uow, &scope, to.id, *role, at).await?;
        uow.record(Stream::System, "account.revoke", encode(from.id), role_words(*role));
    }
    grant::Entity::update_many()
        .col_expr(grant::Column::EndedAt, Expr::value(at))
        .filter(grant::Column::Id.is_in(ending))
        .exec(uow.tx())
        .await?;
    end_sessions_at(&uow, from.id, at).await?;
    if at <= now {
        accounts::raise_version(&uow, from.id).await?;
        accounts::raise_version(&uow, to.id).await?;
    }
    let id: DeskHandoverId = uow.new_id();
    let words: Value = roles.iter().map(|role| role_words(*role)).collect();
    let body = json!({
        "handover": encode(id), "to": encode(to.id), "at": at.to_rfc3339(), "roles": words,
    });
    uow.record(Stream::System, "account.hand_over", encode(from.id), body);
    desk_handover::ActiveModel {
        id: Set(id),
        from_account_id: Set(from.id),
        to_account_id: Set(to.id),
        roles: Set(words),
        at: Set(at),
        note: Set(note),
        by_person_id: Set(uow.actor().person()),
        created_at: Set(now),
    }
    .insert(uow.tx())
    .await?;
    uow.commit().await?;
    Ok(id)
}

/// When the next desk of an account goes to another: a session opened before ends then.
pub(super) async fn next_end(
    uow: &UnitOfWork,
    account: AccountId,
) -> std::result::Result<Option<DateTime<Utc>>, Fault> {
    let next = desk_handover::Entity::find()
        .filter(desk_handover::Column::FromAccountId.eq(account))
        .filter(desk_handover::Column::At.gt(uow.now()))
        .order_by_asc(desk_handover::Column::At)
        .one(uow.tx())
        .await?;
    Ok(next.map(|row| row.at))
}

/// Lets the sessions of an account end at a moment at the latest.
async fn end_sessions_at(
    uow: &UnitOfWork,
    account: AccountId,
    at: DateTime<Utc>,
) -> std::result::Result<(), Fault> {
    session::Entity::update_many()
        .col_expr(session::Column::ExpiresAt, Expr::value(at))
        .filter(session::Column::AccountId.eq(account))
        .filter(session::Column::ExpiresAt.gt(at))
        .exec(uow.tx())
        .await?;
    Ok(())
}

/// The desks an account gave up or took over, newest first; 100 at most.
pub async fn of_account(
    platform: &Platform,
    scope: &Scope,
    id: AccountId,
) -> std::result::Result<Vec<desk_handover::Model>, Fault> {
    let db = platform.db.read();
    if !store::account_within(db, scope, id).await? {
        return Ok(Vec::new());
    }
    let either =
        desk_handover::Column::FromAccountId.eq(id).or(desk_handover::Column::ToAccountId.eq(id));
    Ok(desk_handover::Entity::find()
        .filter(either)
        .order_by_desc(desk_handover::Column::Id)
        .limit(MOST)
        .all(db)
        .await?)
}

/// The roles an account would hold at a moment.
async fn held_at(
    uow: &UnitOfWork,
    account: AccountId,
    at: DateTime<Utc>,
) -> Result<Vec<grant::Model>> {
    Ok(grant::Entity::find()
        .filter(grant::Column::AccountId.eq(account))
        .filter(store::holds(at))
        .order_by_asc(grant::Column::Id)
        .all(uow.tx())
        .await?)
}

/// A note, trimmed: line breaks and tabs are all right, other control characters are not.
pub(super) fn note(given: Option<&str>) -> Result<Option<String>> {
    let Some(note) = given.map(str::trim).filter(|n| !n.is_empty()) else { return Ok(None) };
    if note.chars().count() > NOTE || has_control(note) {
        return Err(AuthRefusal::NoteInvalid.into());
    }
    Ok(Some(note.to_owned()))
}
