//! For whom somebody stood in: what the delegate did counts as the lender's too, for good, and so keeps
//! both from the duties that are kept apart from it.

use chrono::{DateTime, Utc};
use entities::enums::Role;
use entities::ids::PersonId;
use entities::{account, delegation, grant};
use sea_orm::sea_query::{Expr, ExprTrait, IntoCondition};
use sea_orm::{
    Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

use super::earliest;
use crate::access::{Permission, granted_to};
use crate::platform::failure::Fault;

/// People asked about in one statement.
const AT_ONCE: usize = 1_000;

/// For whom somebody acted, and when.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct StoodIn {
    /// Who acted.
    pub delegate: PersonId,
    /// For whom.
    pub lender: PersonId,
    /// In which role.
    pub role: Role,
    /// From when on.
    pub starts_at: DateTime<Utc>,
    /// Until when.
    pub ends_at: DateTime<Utc>,
    /// Until when, where it was ended before.
    pub ended_at: Option<DateTime<Utc>>,
    /// When the grant it rests on ends or ended.
    pub grant_ended_at: Option<DateTime<Utc>>,
}

impl StoodIn {
    /// The moment from which it held no longer.
    pub fn until(&self) -> DateTime<Utc> {
        earliest(self.ends_at, self.ended_at, self.grant_ended_at)
    }

    /// Whether the role gives a permission.
    pub fn is_by(&self, permission: Permission) -> bool {
        granted_to(permission).contains(&self.role)
    }

    /// Whether what the delegate did with a permission at a moment counts as the lender's too.
    pub fn covers(&self, permission: Permission, at: DateTime<Utc>) -> bool {
        self.is_by(permission) && self.starts_at <= at && at < self.until()
    }
}

/// For whom somebody stood in who did something with a permission at a moment: it counts as theirs.
pub fn lenders(
    stood: &[StoodIn],
    by: PersonId,
    permission: Permission,
    at: DateTime<Utc>,
) -> impl Iterator<Item = PersonId> {
    let theirs = move |s: &&StoodIn| s.delegate == by && s.covers(permission, at);
    stood.iter().filter(theirs).map(|s| s.lender)
}

/// Who did something with a permission at a moment: the person, and whoever lent the role for it.
pub fn doers(
    stood: &[StoodIn],
    by: PersonId,
    permission: Permission,
    at: DateTime<Utc>,
) -> Vec<PersonId> {
    std::iter::once(by).chain(lenders(stood, by, permission, at)).collect()
}

/// Every delegation, also past ones, by which one of these people acted for another.
pub async fn stood_in(
    db: &impl ConnectionTrait,
    delegates: &[PersonId],
) -> std::result::Result<Vec<StoodIn>, Fault> {
    let mut found = Vec::new();
    for chunk in delegates.chunks(AT_ONCE) {
        let those = Expr::col(("delegate", account::Column::PersonId));
        found.extend(stood(db, those.is_in(chunk.iter().copied()).into_condition()).await?);
    }
    Ok(found)
}

/// Every delegation, also past ones, by which others acted for one of these few people.
pub async fn stood_in_for(
    db: &impl ConnectionTrait,
    lenders: &[PersonId],
) -> std::result::Result<Vec<StoodIn>, Fault> {
    let those = Expr::col(("lender", account::Column::PersonId));
    stood(db, those.is_in(lenders.iter().copied()).into_condition()).await
}

async fn stood(
    db: &impl ConnectionTrait,
    which: Condition,
) -> std::result::Result<Vec<StoodIn>, Fault> {
    Ok(delegation::Entity::find()
        .select_only()
        .expr_as(Expr::col(("delegate", account::Column::PersonId)), "delegate")
        .expr_as(Expr::col(("lender", account::Column::PersonId)), "lender")
        .column(grant::Column::Role)
        .column(delegation::Column::StartsAt)
        .column(delegation::Column::EndsAt)
        .column(delegation::Column::EndedAt)
        .column_as(grant::Column::EndedAt, "grant_ended_at")
        .join(JoinType::InnerJoin, delegation::Relation::Grant.def())
        .join_as(JoinType::InnerJoin, delegation::Relation::FromAccount.def(), "lender")
        .join_as(JoinType::InnerJoin, delegation::Relation::ToAccount.def(), "delegate")
        .filter(which)
        .order_by_asc(delegation::Column::Id)
        .into_model::<StoodIn>()
        .all(db)
        .await?)
}
