//! Accounts and roles. Whoever gives rights must hold the right to do so over that part of the
//! tree, and nobody changes their own.

use chrono::{DateTime, Utc};
use entities::enums::{Role, ScopeAxis};
use entities::ids::{AccountId, AgencyId, GrantId, PersonId};
use entities::{account, grant, person};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter,
    QuerySelect, RelationTrait,
};
use serde_json::{Value, json};

use super::{Auth, AuthRefusal, Result, delegation, password, store};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

/// A role, the root of the part of the tree it is over, and along which tree.
pub type RoleOver = (Role, AgencyId, ScopeAxis);

/// A new account with its first roles.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Whose.
    pub person: PersonId,
    /// Sign-in name.
    pub login: String,
    /// Password; an account without one opens no session until it is activated.
    pub password: Option<String>,
    /// Roles.
    pub roles: Vec<RoleOver>,
}

/// Stored where there is no password: no password has this hash.
pub(super) const NO_PASSWORD: &str = "!";

/// Whether an account was given a password that still holds.
pub fn has_password(account: &account::Model) -> bool {
    account.password_hash != NO_PASSWORD
}

/// Lower-case letters, digits, dots and hyphens, beginning with a letter, 3–64.
pub fn login_is_well_formed(login: &str) -> bool {
    (3..=64).contains(&login.len())
        && login.starts_with(|c: char| c.is_ascii_lowercase())
        && login.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-'))
}

/// The axes a role can be given along (domain §1).
pub const fn axes_of(role: Role) -> &'static [ScopeAxis] {
    match role {
        Role::SystemAdministrator
        | Role::JusticeReviewer
        | Role::Issuer
        | Role::HotlineOperator => &[ScopeAxis::Territory],
        Role::AgencyHr => &[ScopeAxis::Own, ScopeAxis::Line],
        Role::Supervisor | Role::Auditor => &[ScopeAxis::Territory, ScopeAxis::Line],
        Role::Officer => &[ScopeAxis::Own],
    }
}

/// Enters an account for another person.
pub async fn enter(
    auth: &Auth,
    platform: &Platform,
    actor: &Actor,
    mut new: NewAccount,
) -> Result<AccountId> {
    let hash = match new.password.take() {
        None => NO_PASSWORD.to_owned(),
        Some(word) => {
            if !password::may_be(&word, &new.login) {
                return Err(AuthRefusal::PasswordInvalid.into());
            }
            auth.passwords().hash(&platform.random, word).await?
        }
    };
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let id = enter_in(&mut uow, new, hash).await?;
    uow.commit().await?;
    Ok(id)
}

/// The same in the caller's transaction, with the hash of the password.
pub(super) async fn enter_in(
    uow: &mut UnitOfWork,
    new: NewAccount,
    hash: String,
) -> Result<AccountId> {
    if !login_is_well_formed(&new.login) {
        return Err(AuthRefusal::LoginInvalid.into());
    }
    let scope = Scope::of(uow.actor(), Permission::ManageAccounts);
    let person = person::Entity::find_by_id(new.person)
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
        .one(uow.tx())
        .await?
        .ok_or(AuthRefusal::PersonNotFound)?;
    if Some(person.id) == uow.actor().person() {
        return Err(AuthRefusal::OwnAccount.into());
    }
    if store::account_by_login(uow.tx(), &new.login).await?.is_some() {
        return Err(AuthRefusal::LoginTaken.into());
    }
    let (id, now): (AccountId, _) = (uow.new_id(), uow.now());
    let row = account::ActiveModel {
        id: Set(id),
        person_id: Set(person.id),
        login: Set(new.login),
        password_hash: Set(hash),
        version: Set(1),
        disabled_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    };
    if let Err(fault) = row.insert(uow.tx()).await.map_err(Fault::from) {
        let taken = fault.is_unique_violation();
        return Err(if taken { AuthRefusal::LoginTaken.into() } else { fault.into() });
    }
    uow.record(
        Stream::System,
        "account.create",
        encode(id),
        json!({ "person": encode(person.id) }),
    );
    for role in new.roles {
        give(uow, &scope, id, role, now).await?;
    }
    Ok(id)
}

/// Gives a role to an account. Its tokens end, so that the new rights are read.
pub async fn grant_role(
    platform: &Platform,
    actor: &Actor,
    account: AccountId,
    role: Role,
    agency: AgencyId,
    axis: ScopeAxis,
) -> Result<()> {
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    find_changeable(&uow, &scope, account).await?;
    let now = uow.now();
    give(&mut uow, &scope, account, (role, agency, axis), now).await?;
    raise_version(&uow, account).await?;
    uow.commit().await?;
    Ok(())
}

/// Takes a role from an account. Its tokens end, so that nobody acts by the old rights.
pub async fn revoke_role(
    platform: &Platform,
    actor: &Actor,
    account: AccountId,
    role: Role,
    agency: AgencyId,
    axis: ScopeAxis,
) -> Result<()> {
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    find_changeable(&uow, &scope, account).await?;
    if !scope.contains(uow.tx(), agency).await? {
        return Err(AuthRefusal::AgencyNotFound.into());
    }
    let ended = grant::Entity::update_many()
        .col_expr(grant::Column::EndedAt, Expr::value(uow.now()))
        .filter(of(account, (role, agency, axis)))
        .filter(store::not_over(uow.now()))
        .exec(uow.tx())
        .await?;
    if ended.rows_affected == 0 {
        return Err(AuthRefusal::RoleNotHeld.into());
    }
    raise_version(&uow, account).await?;
    let body = role_words((role, agency, axis));
    uow.record(Stream::System, "account.revoke", encode(account), body);
    uow.commit().await?;
    Ok(())
}

/// Closes an account in the caller's transaction: its sessions end at once. Whoever calls it also
/// ends what hangs on the account and is not known here.
pub async fn disable(uow: &mut UnitOfWork, account: AccountId) -> Result<()> {
    let scope = Scope::of(uow.actor(), Permission::ManageAccounts);
    find_changeable(uow, &scope, account).await?;
    account::Entity::update_many()
        .col_expr(account::Column::DisabledAt, Expr::value(uow.now()))
        .filter(account::Column::Id.eq(account))
        .exec(uow.tx())
        .await?;
    raise_version(uow, account).await?;
    super::end_sessions(uow, account).await?;
    uow.record(Stream::System, "account.disable", encode(account), json!({}));
    Ok(())
}

/// An account of another person within the scope.
pub(super) async fn find_changeable(
    uow: &UnitOfWork,
    scope: &Scope,
    account: AccountId,
) -> Result<account::Model> {
    let found = account::Entity::find_by_id(account)
        .join(JoinType::InnerJoin, account::Relation::Person.def())
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
        .one(uow.tx())
        .await?
        .ok_or(AuthRefusal::AccountNotFound)?;
    if Some(found.person_id) == uow.actor().person() {
        return Err(AuthRefusal::OwnAccount.into());
    }
    Ok(found)
}

/// The same, of which every role lies within the scope too: whoever gives it a way to sign in
/// could act as it.
pub(super) async fn find_in_hand(
    uow: &UnitOfWork,
    scope: &Scope,
    account: AccountId,
) -> Result<account::Model> {
    let found = find_changeable(uow, scope, account).await?;
    let roles = grant::Entity::find()
        .filter(grant::Column::AccountId.eq(account))
        .filter(store::not_over(uow.now()))
        .all(uow.tx())
        .await?;
    for held in roles {
        if !scope.contains(uow.tx(), held.agency_id).await? {
            return Err(AuthRefusal::AccountNotFound.into());
        }
    }
    for lent in delegation::open_to(uow.tx(), account, uow.now()).await? {
        if !scope.contains(uow.tx(), lent.agency_id).await? {
            return Err(AuthRefusal::AccountNotFound.into());
        }
    }
    if found.disabled_at.is_some() {
        return Err(AuthRefusal::AccountClosed.into());
    }
    Ok(found)
}

/// Ends the access tokens that are out.
pub(super) async fn raise_version(
    uow: &UnitOfWork,
    account: AccountId,
) -> std::result::Result<(), Fault> {
    account::Entity::update_many()
        .col_expr(account::Column::Version, Expr::col(account::Column::Version).add(1))
        .col_expr(account::Column::UpdatedAt, Expr::value(uow.now()))
        .filter(account::Column::Id.eq(account))
        .exec(uow.tx())
        .await?;
    Ok(())
}

/// Roles over an agency that a reform changes: they end or go on over whoever takes its place, from
/// when and until when they were to hold. Only those of these people, or everybody's.
pub async fn hand_on(
    uow: &mut UnitOfWork,
    from: AgencyId,
    people: Option<&[PersonId]>,
    to: Option<AgencyId>,
) -> std::result::Result<(), Fault> {
    for held in store::grants_over(uow.tx(), from, people, uow.now()).await? {
        grant::Entity::update_many()
            .col_expr(grant::Column::EndedAt, Expr::value(uow.now()))
            .filter(grant::Column::Id.eq(held.id))
            .exec(uow.tx())
            .await?;
        let subject = encode(held.account_id);
        let ended = role_words((held.role, from, held.axis));
        uow.record(Stream::System, "account.revoke", subject, ended);
        if let Some(to) = to {
            let span = (Ord::max(held.created_at, uow.now()), held.ended_at);
            enter_role(uow, held.account_id, (held.role, to, held.axis), span).await?;
        }
        raise_version(uow, held.account_id).await?;
    }
    Ok(())
}

/// Gives a role from a moment on, without end. One that is held already is not given twice.
pub(super) async fn give(
    uow: &mut UnitOfWork,
    scope: &Scope,
    account: AccountId,
    role_over: RoleOver,
    from: DateTime<Utc>,
) -> Result<()> {
    let (role, agency, axis) = role_over;
    if !axes_of(role).contains(&axis) {
        return Err(AuthRefusal::RoleInvalid.into());
    }
    if !scope.contains(uow.tx(), agency).await? {
        return Err(AuthRefusal::AgencyNotFound.into());
    }
    enter_role(uow, account, role_over, (from, None)).await?;
    Ok(())
}

/// Enters a role that holds from one moment on, without end or until another.
async fn enter_role(
    uow: &mut UnitOfWork,
    account: AccountId,
    role_over: RoleOver,
    (from, until): (DateTime<Utc>, Option<DateTime<Utc>>),
) -> std::result::Result<(), Fault> {
    // One without end comes first: the database has one at most.
    let held = grant::Entity::find()
        .filter(of(account, role_over))
        .filter(store::not_over(from))
        .all(uow.tx())
        .await?;
    let held = held.iter().find(|g| g.ended_at.is_none()).or(held.first());
    let longer = |end: Option<DateTime<Utc>>| Some(Ord::max(end?, until?));
    match held {
        Some(held) if held.created_at <= from && held.ended_at == longer(held.ended_at) => {
            return Ok(());
        }
        // It begins later or was to end: it holds from then on.
        Some(held) => {
            grant::ActiveModel {
                id: Set(held.id),
                created_at: Set(Ord::min(held.created_at, from)),
                ended_at: Set(longer(held.ended_at)),
                ..Default::default()
            }
            .update(uow.tx())
            .await?;
        }
        None => {
            let id: GrantId = uow.new_id();
            let (role, agency, axis) = role_over;
            grant::ActiveModel {
                id: Set(id),
                account_id: Set(account),
                role: Set(role),
                agency_id: Set(agency),
                axis: Set(axis),
                created_at: Set(from),
                ended_at: Set(until),
            }
            .insert(uow.tx())
            .await?;
        }
    }
    uow.record(Stream::System, "account.grant", encode(account), role_words(role_over));
    Ok(())
}

/// This role of an account, whenever it holds.
pub(super) fn of(account: AccountId, (role, agency, axis): RoleOver) -> Condition {
    Condition::all()
        .add(grant::Column::AccountId.eq(account))
        .add(grant::Column::Role.eq(role))
        .add(grant::Column::AgencyId.eq(agency))
        .add(grant::Column::Axis.eq(axis))
}

/// A role as the audit log has it.
pub(super) fn role_words((role, agency, axis): RoleOver) -> Value {
    json!({ "role": role.code(), "agency": encode(agency), "axis": axis.code() })
}
