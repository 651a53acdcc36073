//! Accounts and roles. Whoever gives rights must hold the right to do so over that part of the
//! tree, and nobody changes their own.

use entities::enums::{Role, ScopeAxis};
use entities::ids::{AccountId, AgencyId, GrantId, PersonId};
use entities::{account, grant, person};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, JoinType, QueryFilter,
    QuerySelect, RelationTrait,
};
use serde_json::json;

use super::{Auth, AuthRefusal, Result, password, store};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

/// A new account with its first role.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Whose.
    pub person: PersonId,
    /// Sign-in name.
    pub login: String,
    /// Password; an account without one opens no session until it is given one.
    pub password: Option<String>,
    /// Roles.
    pub roles: Vec<(Role, AgencyId, ScopeAxis)>,
}

/// Stored where there is no password: no password has this hash.
const NO_PASSWORD: &str = "!";

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
    new: NewAccount,
) -> Result<AccountId> {
    if !login_is_well_formed(&new.login) {
        return Err(AuthRefusal::LoginInvalid.into());
    }
    let hash = match new.password {
        None => NO_PASSWORD.to_owned(),
        Some(word) => {
            if !password::may_be(&word, &new.login) {
                return Err(AuthRefusal::PasswordInvalid.into());
            }
            auth.passwords().hash(&platform.random, word).await?
        }
    };
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
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
    account::ActiveModel {
        id: Set(id),
        person_id: Set(person.id),
        login: Set(new.login),
        password_hash: Set(hash),
        version: Set(1),
        disabled_at: Set(None),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(uow.tx())
    .await?;
    uow.record(
        Stream::System,
        "account.create",
        encode(id),
        json!({ "person": encode(person.id) }),
    );
    for (role, agency, axis) in new.roles {
        give(&mut uow, &scope, id, role, agency, axis).await?;
    }
    uow.commit().await?;
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
    give(&mut uow, &scope, account, role, agency, axis).await?;
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
        .filter(grant::Column::AccountId.eq(account))
        .filter(grant::Column::Role.eq(role))
        .filter(grant::Column::AgencyId.eq(agency))
        .filter(grant::Column::Axis.eq(axis))
        .filter(grant::Column::EndedAt.is_null())
        .exec(uow.tx())
        .await?;
    if ended.rows_affected == 0 {
        return Err(AuthRefusal::RoleNotHeld.into());
    }
    raise_version(&uow, account).await?;
    let body = json!({ "role": role.code(), "agency": encode(agency), "axis": axis.code() });
    uow.record(Stream::System, "account.revoke", encode(account), body);
    uow.commit().await?;
    Ok(())
}

/// Closes an account: its sessions end at once.
pub async fn disable(platform: &Platform, actor: &Actor, account: AccountId) -> Result<()> {
    let scope = Scope::of(actor, Permission::ManageAccounts);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    find_changeable(&uow, &scope, account).await?;
    account::Entity::update_many()
        .col_expr(account::Column::DisabledAt, Expr::value(uow.now()))
        .filter(account::Column::Id.eq(account))
        .exec(uow.tx())
        .await?;
    raise_version(&uow, account).await?;
    super::end_sessions(&uow, account).await?;
    uow.record(Stream::System, "account.disable", encode(account), json!({}));
    uow.commit().await?;
    Ok(())
}

/// Refuses an account out of scope and the actor's own.
pub(super) async fn find_changeable(
    uow: &UnitOfWork,
    scope: &Scope,
    account: AccountId,
) -> Result<()> {
    let found = account::Entity::find_by_id(account)
        .join(JoinType::InnerJoin, account::Relation::Person.def())
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
        .one(uow.tx())
        .await?
        .ok_or(AuthRefusal::AccountNotFound)?;
    if Some(found.person_id) == uow.actor().person() {
        return Err(AuthRefusal::OwnAccount.into());
    }
    Ok(())
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

/// Roles over an agency that a reform changes: they end or go on over whoever takes its place. Only
/// those of these people, or everybody's.
pub async fn hand_on(
    uow: &mut UnitOfWork,
    from: AgencyId,
    people: Option<&[PersonId]>,
    to: Option<AgencyId>,
) -> std::result::Result<(), Fault> {
    for grant in store::grants_over(uow.tx(), from, people).await? {
        let over = |agency: AgencyId| json!({ "role": grant.role.code(), "agency": encode(agency), "axis": grant.axis.code() });
        let subject = encode(grant.account_id);
        grant::Entity::update_many()
            .col_expr(grant::Column::EndedAt, Expr::value(uow.now()))
            .filter(grant::Column::Id.eq(grant.id))
            .exec(uow.tx())
            .await?;
        uow.record(Stream::System, "account.revoke", subject.clone(), over(from));
        if let Some(to) = to
            && !store::holds(uow.tx(), grant.account_id, grant.role, to, grant.axis).await?
        {
            insert(uow, grant.account_id, grant.role, to, grant.axis).await?;
            uow.record(Stream::System, "account.grant", subject, over(to));
        }
        raise_version(uow, grant.account_id).await?;
    }
    Ok(())
}

async fn give(
    uow: &mut UnitOfWork,
    scope: &Scope,
    account: AccountId,
    role: Role,
    agency: AgencyId,
    axis: ScopeAxis,
) -> Result<()> {
    if !axes_of(role).contains(&axis) {
        return Err(AuthRefusal::RoleInvalid.into());
    }
    if !scope.contains(uow.tx(), agency).await? {
        return Err(AuthRefusal::AgencyNotFound.into());
    }
    if store::holds(uow.tx(), account, role, agency, axis).await? {
        return Ok(());
    }
    insert(uow, account, role, agency, axis).await?;
    let body = json!({ "role": role.code(), "agency": encode(agency), "axis": axis.code() });
    uow.record(Stream::System, "account.grant", encode(account), body);
    Ok(())
}

async fn insert(
    uow: &UnitOfWork,
    account: AccountId,
    role: Role,
    agency: AgencyId,
    axis: ScopeAxis,
) -> std::result::Result<(), Fault> {
    let (id, now): (GrantId, _) = (uow.new_id(), uow.now());
    grant::ActiveModel {
        id: Set(id),
        account_id: Set(account),
        role: Set(role),
        agency_id: Set(agency),
        axis: Set(axis),
        created_at: Set(now),
        ended_at: Set(None),
    }
    .insert(uow.tx())
    .await?;
    Ok(())
}
