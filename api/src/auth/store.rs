//! Accounts, sessions and refresh tokens in the database.

use chrono::{DateTime, Utc};
use entities::enums::{Role, ScopeAxis, SessionClient};
use entities::ids::{AccountId, AgencyId, PersonId, SessionId};
use entities::{account, delegation, grant, person, refresh_token, second_factor, session};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition, LockType, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait,
};

use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::platform::actor::GrantedRole;
use crate::platform::failure::Fault;

/// People asked about in one statement.
const PEOPLE_AT_ONCE: usize = 1_000;

/// One row a role of a session's account; a session without roles gives one with none.
#[derive(Debug, FromQueryResult)]
pub(super) struct SessionRow {
    pub account_id: AccountId,
    pub person_id: PersonId,
    pub version: i32,
    pub signed_in_at: DateTime<Utc>,
    pub second_factor_at: Option<DateTime<Utc>>,
    pub client: SessionClient,
    pub enrolled_at: Option<DateTime<Utc>>,
    pub role: Option<Role>,
    pub agency_id: Option<AgencyId>,
    pub axis: Option<ScopeAxis>,
    /// Roles of others may be lent to the account.
    pub borrows: bool,
    /// The account may lend roles to others.
    pub lends: bool,
}

impl SessionRow {
    /// The role of this row.
    pub fn role(&self) -> Option<GrantedRole> {
        let (role, agency, axis) = (self.role?, self.agency_id?, self.axis?);
        Some(GrantedRole { role, agency, axis, awaits_totp: false, lent: None })
    }
}

/// A session in force with its account and its own roles, in one statement. What is lent to
/// it or by it is asked only where there is any.
pub(super) async fn session_in_force(
    db: &impl ConnectionTrait,
    id: SessionId,
    now: DateTime<Utc>,
) -> Result<Vec<SessionRow>, Fault> {
    let roles = account::Entity::belongs_to(grant::Entity)
        .from(account::Column::Id)
        .to(grant::Column::AccountId)
        .on_condition(move |_, right| {
            let column = |column| Expr::col((right.clone(), column));
            let ended = column(grant::Column::EndedAt);
            column(grant::Column::CreatedAt)
                .lte(now)
                .and(ended.clone().is_null().or(ended.gt(now)))
                .into_condition()
        });
    let factor = account::Entity::belongs_to(second_factor::Entity)
        .from(account::Column::Id)
        .to(second_factor::Column::AccountId);
    Ok(session::Entity::find_by_id(id)
        .select_only()
        .column(session::Column::AccountId)
        .column(session::Column::SignedInAt)
        .column(session::Column::SecondFactorAt)
        .column(session::Column::Client)
        .column(second_factor::Column::EnrolledAt)
        .column(account::Column::PersonId)
        .column(account::Column::Version)
        .column(grant::Column::Role)
        .column(grant::Column::AgencyId)
        .column(grant::Column::Axis)
        .expr_as(Expr::exists(delegations_of(delegation::Column::ToAccountId, now)), "borrows")
        .expr_as(Expr::exists(delegations_of(delegation::Column::FromAccountId, now)), "lends")
        .join(JoinType::InnerJoin, session::Relation::Account.def())
        .join(JoinType::LeftJoin, roles.into())
        .join(JoinType::LeftJoin, factor.into())
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(account::Column::DisabledAt.is_null())
        .into_model::<SessionRow>()
        .all(db)
        .await?)
}

/// The delegations that have not ended in which the account of the statement around it has a side.
fn delegations_of(side: delegation::Column, now: DateTime<Utc>) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(delegation::Entity)
        .and_where(
            Expr::col((delegation::Entity, side)).equals((account::Entity, account::Column::Id)),
        )
        .and_where(delegation::Column::EndedAt.is_null())
        .and_where(delegation::Column::EndsAt.gt(now))
        .take()
}

pub(super) async fn account_by_login(
    db: &impl ConnectionTrait,
    login: &str,
) -> Result<Option<account::Model>, Fault> {
    Ok(account::Entity::find().filter(account::Column::Login.eq(login)).one(db).await?)
}

pub(super) async fn account_by_id(
    db: &impl ConnectionTrait,
    id: AccountId,
) -> Result<Option<account::Model>, Fault> {
    Ok(account::Entity::find_by_id(id).one(db).await?)
}

/// An account as it stands, held against others until the transaction ends: what a sign-in found
/// still holds when its session is there.
pub(super) async fn lock_account(
    uow: &UnitOfWork,
    id: AccountId,
) -> Result<Option<account::Model>, Fault> {
    let mut select = account::Entity::find_by_id(id);
    if !uow.platform().db.is_sqlite() {
        select = select.lock(LockType::Update);
    }
    Ok(select.one(uow.tx()).await?)
}

/// Whether an account's person lies within the scope.
pub(super) async fn account_within(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AccountId,
) -> Result<bool, Fault> {
    Ok(account::Entity::find_by_id(id)
        .join(JoinType::InnerJoin, account::Relation::Person.def())
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
        .one(db)
        .await?
        .is_some())
}

/// Marks a refresh token as used, unless another request just did. `true` for the one that did.
pub(super) async fn use_refresh_token(
    db: &impl ConnectionTrait,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let result = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, Expr::value(now))
        .filter(refresh_token::Column::Hash.eq(hash))
        .filter(refresh_token::Column::UsedAt.is_null())
        .exec(db)
        .await?;
    Ok(result.rows_affected == 1)
}

/// A refresh token with its session, where that has not ended.
pub(super) async fn refresh_token_in_force(
    db: &impl ConnectionTrait,
    hash: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<(refresh_token::Model, session::Model)>, Fault> {
    let Some(token) = refresh_token::Entity::find_by_id(hash.to_vec()).one(db).await? else {
        return Ok(None);
    };
    let session = session::Entity::find_by_id(token.session_id)
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .one(db)
        .await?;
    Ok(session.map(|session| (token, session)))
}

/// Ends sessions that have not ended: one, or all of an account.
pub(super) async fn revoke(
    db: &impl ConnectionTrait,
    which: sea_orm::sea_query::SimpleExpr,
    now: DateTime<Utc>,
) -> Result<u64, Fault> {
    Ok(session::Entity::update_many()
        .col_expr(session::Column::RevokedAt, Expr::value(now))
        .filter(which)
        .filter(session::Column::RevokedAt.is_null())
        .exec(db)
        .await?
        .rows_affected)
}

/// Roles that hold now.
pub(super) fn holds(now: DateTime<Utc>) -> Condition {
    Condition::all().add(grant::Column::CreatedAt.lte(now)).add(not_over(now))
}

/// Roles that hold at this moment or begin later.
pub(super) fn not_over(at: DateTime<Utc>) -> Condition {
    Condition::any().add(grant::Column::EndedAt.is_null()).add(grant::Column::EndedAt.gt(at))
}

/// The account's own roles that hold now.
pub(super) async fn roles(
    db: &impl ConnectionTrait,
    account: AccountId,
    now: DateTime<Utc>,
) -> Result<Vec<GrantedRole>, Fault> {
    Ok(grant::Entity::find()
        .filter(grant::Column::AccountId.eq(account))
        .filter(holds(now))
        .all(db)
        .await?
        .into_iter()
        .map(|g| GrantedRole {
            role: g.role,
            agency: g.agency_id,
            axis: g.axis,
            awaits_totp: false,
            lent: None,
        })
        .collect())
}

/// The roles that hang on an agency, now or later: everybody's, or those of these people.
pub(super) async fn grants_over(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    people: Option<&[PersonId]>,
    now: DateTime<Utc>,
) -> Result<Vec<grant::Model>, Fault> {
    let over = grant::Entity::find()
        .filter(grant::Column::AgencyId.eq(agency))
        .filter(not_over(now))
        .order_by_asc(grant::Column::Id);
    let Some(people) = people else { return Ok(over.all(db).await?) };
    let theirs = over.join(JoinType::InnerJoin, grant::Relation::Account.def());
    let mut found = Vec::new();
    for chunk in people.chunks(PEOPLE_AT_ONCE) {
        let some = account::Column::PersonId.is_in(chunk.iter().copied());
        found.extend(theirs.clone().filter(some).all(db).await?);
    }
    Ok(found)
}
