//! Accounts, sessions and refresh tokens in the database.

use chrono::{DateTime, Utc};
use entities::enums::{Role, ScopeAxis};
use entities::ids::{AccountId, AgencyId, PersonId, SessionId};
use entities::{account, grant, refresh_token, session};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect,
    RelationTrait,
};

use crate::platform::actor::GrantedRole;
use crate::platform::failure::Fault;

/// One row a role of a session's account; a session without roles gives one with none.
#[derive(Debug, FromQueryResult)]
pub(super) struct SessionRow {
    pub account_id: AccountId,
    pub person_id: PersonId,
    pub version: i32,
    pub signed_in_at: DateTime<Utc>,
    pub role: Option<Role>,
    pub agency_id: Option<AgencyId>,
    pub axis: Option<ScopeAxis>,
}

/// A session in force with its account and its roles, in one statement.
pub(super) async fn session_in_force(
    db: &impl ConnectionTrait,
    id: SessionId,
    now: DateTime<Utc>,
) -> Result<Vec<SessionRow>, Fault> {
    let roles = account::Entity::belongs_to(grant::Entity)
        .from(account::Column::Id)
        .to(grant::Column::AccountId)
        .on_condition(|_, right| {
            Expr::col((right, grant::Column::EndedAt)).is_null().into_condition()
        });
    Ok(session::Entity::find_by_id(id)
        .select_only()
        .column(session::Column::AccountId)
        .column(session::Column::SignedInAt)
        .column(account::Column::PersonId)
        .column(account::Column::Version)
        .column(grant::Column::Role)
        .column(grant::Column::AgencyId)
        .column(grant::Column::Axis)
        .join(JoinType::InnerJoin, session::Relation::Account.def())
        .join(JoinType::LeftJoin, roles.into())
        .filter(session::Column::RevokedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .filter(account::Column::DisabledAt.is_null())
        .into_model::<SessionRow>()
        .all(db)
        .await?)
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

/// The roles in force of an account.
pub(super) async fn roles(
    db: &impl ConnectionTrait,
    account: AccountId,
) -> Result<Vec<GrantedRole>, Fault> {
    Ok(grant::Entity::find()
        .filter(grant::Column::AccountId.eq(account))
        .filter(grant::Column::EndedAt.is_null())
        .all(db)
        .await?
        .into_iter()
        .map(|g| GrantedRole { role: g.role, agency: g.agency_id, axis: g.axis })
        .collect())
}
