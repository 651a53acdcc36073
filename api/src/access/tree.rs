//! The closure table: written anew from the parents whenever an agency is entered or moves.

use std::collections::HashMap;

use entities::agency_closure;
use entities::enums::ScopeAxis;
use entities::ids::AgencyId;
use sea_orm::sea_query::{Query, SelectStatement};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait};

use crate::platform::failure::Fault;

/// Rows of one `INSERT`.
const ROWS_AT_ONCE: usize = 2_000;

/// An agency's parent on an axis; `None` at a root.
pub type Parents = HashMap<AgencyId, Option<AgencyId>>;

/// Steps from an agency up to its root, at most.
const DEPTH: usize = 16;

/// An agency and all above it, nearest first. A circle, which the rules of `organisations` refuse,
/// is cut where it closes.
pub fn line_of(parents: &Parents, agency: AgencyId) -> Vec<AgencyId> {
    let above = |id: &AgencyId| parents.get(id).copied().flatten().filter(|id| *id != agency);
    std::iter::successors(Some(agency), above).take(DEPTH + 1).collect()
}

/// Every pair (ancestor, agency, depth) of a tree.
pub fn closure(parents: &Parents) -> Vec<(AgencyId, AgencyId, i32)> {
    parents
        .keys()
        .flat_map(|&agency| {
            let line = line_of(parents, agency).into_iter().zip(0..);
            line.map(move |(ancestor, depth)| (ancestor, agency, depth))
        })
        .collect()
}

/// An agency and all below it on any axis, for a list of what is theirs.
pub fn below(agency: AgencyId) -> SelectStatement {
    Query::select()
        .column(agency_closure::Column::AgencyId)
        .from(agency_closure::Entity)
        .and_where(agency_closure::Column::AncestorId.eq(agency))
        .take()
}

/// Replaces an axis of the table.
pub async fn replace(
    db: &impl ConnectionTrait,
    axis: ScopeAxis,
    parents: &Parents,
) -> Result<(), Fault> {
    use sea_orm::{ColumnTrait, QueryFilter};
    agency_closure::Entity::delete_many()
        .filter(agency_closure::Column::Axis.eq(axis))
        .exec(db)
        .await?;
    let rows: Vec<agency_closure::ActiveModel> = closure(parents)
        .into_iter()
        .map(|(ancestor, agency, depth)| agency_closure::ActiveModel {
            axis: Set(axis),
            ancestor_id: Set(ancestor),
            agency_id: Set(agency),
            depth: Set(depth),
        })
        .collect();
    for chunk in rows.chunks(ROWS_AT_ONCE) {
        agency_closure::Entity::insert_many(chunk.to_vec()).exec_without_returning(db).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    fn agency(n: u128) -> AgencyId {
        AgencyId(Uuid::from_u128(n))
    }

    #[test]
    fn every_agency_lies_under_itself_and_all_above() {
        let parents = HashMap::from([
            (agency(1), None),
            (agency(2), Some(agency(1))),
            (agency(3), Some(agency(2))),
            (agency(4), None),
        ]);
        let pairs: BTreeSet<_> = closure(&parents).into_iter().collect();
        let expected =
            [(1, 1, 0), (2, 2, 0), (3, 3, 0), (4, 4, 0), (1, 2, 1), (2, 3, 1), (1, 3, 2)];
        assert_eq!(pairs, expected.map(|(a, b, d)| (agency(a), agency(b), d)).into());
    }

    #[test]
    fn a_circle_ends() {
        let parents = HashMap::from([(agency(1), Some(agency(2))), (agency(2), Some(agency(1)))]);
        assert_eq!(closure(&parents).len(), 4);
    }
}
