//! Who is competent: the justice department that reviews and the authority that issues, found by
//! the tree of territories (domain §1). The nearest upwards is competent, an agency for itself
//! included.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::enums::{DivisionLevel, ScopeAxis};
use entities::ids::AgencyId;
use entities::{agency, agency_closure, division};
use sea_orm::sea_query::{Condition, ExprTrait, IntoCondition};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};

use crate::access::Scope;
use crate::platform::failure::Fault;

/// Agencies asked about in one statement.
const AT_ONCE: usize = 1_000;

/// The justice department of the government each agency belongs to: its supervision body.
pub async fn justice_departments_of(
    db: &impl ConnectionTrait,
    agencies: &[AgencyId],
    day: NaiveDate,
) -> Result<HashMap<AgencyId, AgencyId>, Fault> {
    nearest(db, agencies, day, agency::Column::IsJustice.eq(true).into_condition()).await
}

/// The justice department of the government an agency belongs to.
pub async fn justice_department_of(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    day: NaiveDate,
) -> Result<Option<AgencyId>, Fault> {
    Ok(justice_departments_of(db, &[agency], day).await?.remove(&agency))
}

/// The same as the text of a subquery, for a statement that asks it of many rows: `agency` names a
/// column, `today` the place of the day.
pub fn justice_department_sql(agency: &str, today: &str) -> String {
    format!(
        "(SELECT n.ancestor_id FROM agency_closure n JOIN agencies j ON j.id = n.ancestor_id \
         WHERE n.axis = 'TERRITORY' AND n.agency_id = {agency} AND j.is_justice \
         AND (j.abolished_on IS NULL OR j.abolished_on > {today}) ORDER BY n.depth LIMIT 1)"
    )
}

/// Those of the agencies whose justice department lies within the scope: only it reviews them.
pub async fn supervised(
    db: &impl ConnectionTrait,
    scope: &Scope,
    agencies: &[AgencyId],
    day: NaiveDate,
) -> Result<HashSet<AgencyId>, Fault> {
    let departments = justice_departments_of(db, agencies, day).await?;
    let within: HashSet<AgencyId> = agency::Entity::find()
        .filter(agency::Column::Id.is_in(departments.values().copied()))
        .filter(scope.condition(agency::Column::Id))
        .all(db)
        .await?
        .into_iter()
        .map(|row| row.id)
        .collect();
    Ok(departments
        .into_iter()
        .filter_map(|(agency, department)| within.contains(&department).then_some(agency))
        .collect())
}

/// The authority that issues certificates to each agency's people; at county level or above.
pub async fn issuing_authorities_of(
    db: &impl ConnectionTrait,
    agencies: &[AgencyId],
    day: NaiveDate,
) -> Result<HashMap<AgencyId, AgencyId>, Fault> {
    let issues = Condition::all()
        .add(agency::Column::IssuesCertificates.eq(true))
        .add(division::Column::Level.ne(DivisionLevel::Township));
    nearest(db, agencies, day, issues).await
}

/// The authority that issues certificates to an agency's people.
pub async fn issuing_authority_of(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    day: NaiveDate,
) -> Result<Option<AgencyId>, Fault> {
    Ok(issuing_authorities_of(db, &[agency], day).await?.remove(&agency))
}

/// For each agency the nearest upwards on the tree of territories that answers the condition and
/// exists on that day; one statement for a thousand agencies.
async fn nearest(
    db: &impl ConnectionTrait,
    agencies: &[AgencyId],
    day: NaiveDate,
    competent: Condition,
) -> Result<HashMap<AgencyId, AgencyId>, Fault> {
    let mut found = HashMap::with_capacity(agencies.len());
    for chunk in agencies.chunks(AT_ONCE) {
        let pairs: Vec<(AgencyId, AgencyId)> = agency_closure::Entity::find()
            .select_only()
            .column(agency_closure::Column::AgencyId)
            .column(agency_closure::Column::AncestorId)
            .join(JoinType::InnerJoin, agency_closure::Relation::Ancestor.def())
            .join(JoinType::InnerJoin, agency::Relation::DivisionCode.def())
            .filter(agency_closure::Column::Axis.eq(ScopeAxis::Territory))
            .filter(agency_closure::Column::AgencyId.is_in(chunk.iter().copied()))
            .filter(agency::Column::AbolishedOn.is_null().or(agency::Column::AbolishedOn.gt(day)))
            .filter(competent.clone())
            .order_by_asc(agency_closure::Column::Depth)
            .into_tuple()
            .all(db)
            .await?;
        for (agency, authority) in pairs {
            found.entry(agency).or_insert(authority);
        }
    }
    Ok(found)
}
