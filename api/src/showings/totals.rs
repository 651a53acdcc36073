//! Showings of agencies over a time, counted: that two officers were there, that certificates were
//! scanned, and by how many of those who hold one they were shown. What an assessment draws from it
//! is its own; a share is never kept.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::CertificateState;
use entities::ids::AgencyId;
use entities::{agency, public_card, showing};
use sea_orm::sea_query::{Expr, SimpleExpr};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QueryOrder,
    QuerySelect, RelationTrait,
};

use crate::access::Scope;
use crate::graphql::page::Page;
use crate::platform::failure::Fault;

/// A time: from its first moment until before its last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// At or after.
    pub from: DateTime<Utc>,
    /// Before.
    pub until: DateTime<Utc>,
    /// The day on which officers with a certificate in force are counted.
    pub on: NaiveDate,
}

/// What was counted of an agency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyTotals {
    /// The agency.
    pub id: AgencyId,
    /// Its name.
    pub name: String,
    /// Officers with a certificate in force now.
    pub officers: i64,
    /// The counts of its showings.
    pub counts: Counts,
}

/// Counts of showings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Counts {
    /// All of them.
    pub showings: i64,
    /// A second officer confirmed.
    pub confirmed: i64,
    /// Alone, for a reason that the policy knows.
    pub alone: i64,
    /// Scanned at least once.
    pub scanned: i64,
    /// Outside the fields or the area, and not covered.
    pub outside: i64,
    /// Different officers who showed.
    pub officers_who_showed: i64,
}

#[derive(FromQueryResult)]
struct Counted {
    agency_id: AgencyId,
    #[sea_orm(nested)]
    counts: Counts,
}

/// How many rows meet a condition.
fn counted(condition: &'static str) -> SimpleExpr {
    Expr::cust(format!("SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"))
}

/// The totals of agencies of a scope, by id: of one, or a page of all; one more than the page.
pub async fn totals(
    db: &impl ConnectionTrait,
    scope: &Scope,
    agency: Option<AgencyId>,
    period: Period,
    page: &Page,
) -> Result<Vec<AgencyTotals>, Fault> {
    let mut select = agency::Entity::find()
        .filter(scope.condition((agency::Entity, agency::Column::Id)))
        .order_by_asc(agency::Column::Id)
        .limit(page.limit());
    if let Some(one) = agency {
        select = select.filter(agency::Column::Id.eq(one));
    }
    if let Some(after) = page.after_id::<AgencyId>() {
        select = select.filter(agency::Column::Id.gt(after));
    }
    let agencies = select.all(db).await?;
    let ids: Vec<AgencyId> = agencies.iter().map(|agency| agency.id).collect();
    let rows: Vec<Counted> = showing::Entity::find()
        .select_only()
        .column_as(public_card::Column::AgencyId, "agency_id")
        .expr_as(Expr::cust("COUNT(*)"), "showings")
        .expr_as(counted("showings.second_answer = 'CONFIRMED'"), "confirmed")
        .expr_as(counted("showings.alone_reason IS NOT NULL"), "alone")
        .expr_as(counted("showings.scanned"), "scanned")
        .expr_as(
            counted(
                "showings.field_finding = 'OUTSIDE_FIELD' OR showings.area_finding = 'OUTSIDE_AREA'",
            ),
            "outside",
        )
        .expr_as(Expr::cust("COUNT(DISTINCT showings.person_id)"), "officers_who_showed")
        .join(JoinType::InnerJoin, showing::Relation::Card.def())
        .filter(public_card::Column::AgencyId.is_in(ids.iter().copied()))
        .filter(showing::Column::StartedAt.gte(period.from))
        .filter(showing::Column::StartedAt.lt(period.until))
        .group_by(public_card::Column::AgencyId)
        .into_model()
        .all(db)
        .await?;
    let counts: HashMap<AgencyId, Counts> =
        rows.into_iter().map(|row| (row.agency_id, row.counts)).collect();
    let holders: Vec<(AgencyId, i64)> = public_card::Entity::find()
        .select_only()
        .column(public_card::Column::AgencyId)
        .expr_as(Expr::cust("COUNT(DISTINCT holder_id)"), "officers")
        .filter(public_card::Column::AgencyId.is_in(ids.iter().copied()))
        .filter(public_card::Column::State.eq(CertificateState::Active))
        .filter(public_card::Column::ValidFrom.lte(period.on))
        .filter(public_card::Column::ValidUntil.gte(period.on))
        .group_by(public_card::Column::AgencyId)
        .into_tuple()
        .all(db)
        .await?;
    let holders: HashMap<AgencyId, i64> = holders.into_iter().collect();
    Ok(agencies
        .into_iter()
        .map(|agency| AgencyTotals {
            id: agency.id,
            name: agency.name,
            officers: holders.get(&agency.id).copied().unwrap_or_default(),
            counts: counts.get(&agency.id).copied().unwrap_or_default(),
        })
        .collect())
}
