//! The part of the tree an actor reaches with a permission. Every store query takes one: outside
//! it a row does not exist.

use std::collections::BTreeMap;

use entities::agency_closure;
use entities::enums::ScopeAxis;
use entities::ids::AgencyId;
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{Permission, gives};
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

/// The agencies a query may touch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// All: only for the system itself.
    Everything,
    /// What lies under these roots.
    Under(Vec<(ScopeAxis, AgencyId)>),
}

impl Scope {
    /// What an actor reaches with a permission.
    pub fn of(actor: &Actor, permission: Permission) -> Self {
        let Some(signed_in) = actor.signed_in() else { return Self::Everything };
        Self::Under(
            signed_in
                .roles
                .iter()
                .filter(|g| gives(g, permission))
                .map(|g| (g.axis, g.agency))
                .collect(),
        )
    }

    /// Narrows a query by the column that holds its agency.
    pub fn condition(&self, agency: impl IntoColumnRef) -> Condition {
        self.condition_on(Expr::col(agency.into_column_ref()))
    }

    /// Narrows a query by an expression that gives its agency.
    pub fn condition_on(&self, agency: Expr) -> Condition {
        match self {
            Self::Everything => Condition::all(),
            Self::Under(roots) => Condition::all().add(agency.in_subquery(agencies_under(roots))),
        }
    }

    /// Whether an agency lies within.
    pub async fn contains(
        &self,
        db: &impl ConnectionTrait,
        agency: AgencyId,
    ) -> Result<bool, Fault> {
        match self {
            Self::Everything => Ok(true),
            Self::Under(roots) => Ok(agency_closure::Entity::find()
                .filter(agency_closure::Column::AgencyId.eq(agency))
                .filter(any_root(roots))
                .one(db)
                .await?
                .is_some()),
        }
    }

    /// Every agency within, for an import that asks about many rows.
    pub async fn agencies(
        &self,
        db: &impl ConnectionTrait,
    ) -> Result<Option<Vec<AgencyId>>, Fault> {
        match self {
            Self::Everything => Ok(None),
            Self::Under(roots) => Ok(Some(
                agency_closure::Entity::find()
                    .select_only()
                    .column(agency_closure::Column::AgencyId)
                    .distinct()
                    .filter(any_root(roots))
                    .into_tuple()
                    .all(db)
                    .await?,
            )),
        }
    }
}

fn agencies_under(roots: &[(ScopeAxis, AgencyId)]) -> SelectStatement {
    Query::select()
        .column(agency_closure::Column::AgencyId)
        .from(agency_closure::Entity)
        .cond_where(any_root(roots))
        .take()
}

/// `axis = … AND ancestor IN (…)`, one branch an axis; no root reaches nothing.
fn any_root(roots: &[(ScopeAxis, AgencyId)]) -> Condition {
    let mut by_axis: BTreeMap<ScopeAxis, Vec<AgencyId>> = BTreeMap::new();
    for (axis, root) in roots {
        by_axis.entry(*axis).or_default().push(*root);
    }
    if by_axis.is_empty() {
        return Condition::all().add(Expr::val(1).eq(0));
    }
    by_axis.into_iter().fold(Condition::any(), |any, (axis, roots)| {
        any.add(
            Condition::all()
                .add(agency_closure::Column::Axis.eq(axis))
                .add(agency_closure::Column::AncestorId.is_in(roots)),
        )
    })
}
