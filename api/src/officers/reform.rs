//! People whose agency is reformed: who of it goes where, and their move. It ends no employment:
//! moving with one's agency is no exit.

use entities::enums::Employment;
use entities::ids::{AgencyChangeId, AgencyId, PersonId};
use entities::person;
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;

use super::store::ROWS_AT_ONCE;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::failure::Fault;

/// Who of an agency goes to one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Members {
    /// People named one by one.
    pub people: Vec<PersonId>,
    /// Internal units (内设机构) as the register has them; who is named goes before.
    pub units: Vec<String>,
    /// Also everybody whom no other place claims.
    pub rest: bool,
    /// People whom other places name.
    pub elsewhere: Vec<PersonId>,
    /// Internal units that go elsewhere.
    pub units_elsewhere: Vec<String>,
}

impl Members {
    /// Everybody.
    pub fn everyone() -> Self {
        Self { rest: true, ..Self::default() }
    }

    fn condition(&self, agency: AgencyId) -> Condition {
        use person::Column::{Id, InternalUnit};
        let mut who = Condition::any().add(Id.is_in(self.people.iter().copied()));
        // Where people are named alone, the thousands that others name are not asked about.
        if self.rest || !self.units.is_empty() {
            let unclaimed = Condition::all().add(Id.is_not_in(self.elsewhere.iter().copied()));
            who = who.add(if self.rest {
                let elsewhere = self.units_elsewhere.iter().map(String::as_str);
                unclaimed.add(InternalUnit.is_null().or(InternalUnit.is_not_in(elsewhere)))
            } else {
                unclaimed.add(InternalUnit.is_in(self.units.iter().map(String::as_str)))
            });
        }
        Condition::all().add(person::Column::AgencyId.eq(agency)).add(who)
    }
}

/// The ids of an agency's members, for a query on what belongs to them.
pub fn members(agency: AgencyId, of: &Members) -> SelectStatement {
    Query::select()
        .column((person::Entity, person::Column::Id))
        .from(person::Entity)
        .cond_where(of.condition(agency))
        .take()
}

/// An agency's members, in the order in which rows are locked.
pub async fn members_of(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    of: &Members,
) -> Result<Vec<PersonId>, Fault> {
    Ok(person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(of.condition(agency))
        .order_by_asc(person::Column::Id)
        .into_tuple()
        .all(db)
        .await?)
}

/// Moves people from their agency to the one that takes them over.
pub async fn move_members(
    uow: &mut UnitOfWork,
    people: &[PersonId],
    from: AgencyId,
    to: AgencyId,
    reform: AgencyChangeId,
) -> Result<(), Fault> {
    for chunk in people.chunks(ROWS_AT_ONCE) {
        person::Entity::update_many()
            .col_expr(person::Column::AgencyId, Expr::value(to))
            .col_expr(person::Column::UpdatedAt, Expr::value(uow.now()))
            .filter(person::Column::AgencyId.eq(from))
            .filter(person::Column::Id.is_in(chunk.iter().copied()))
            .exec(uow.tx())
            .await?;
    }
    let body = json!({ "from": encode(from), "to": encode(to), "reform": encode(reform) });
    for person in people {
        uow.record(Stream::Agency(to), "person.move", encode(*person), body.clone());
    }
    Ok(())
}

/// Whether anybody is employed with an agency.
pub async fn has_people(db: &impl ConnectionTrait, agency: AgencyId) -> Result<bool, Fault> {
    let employed = [Employment::InPost, Employment::OffPost];
    Ok(person::Entity::find()
        .filter(person::Column::AgencyId.eq(agency))
        .filter(person::Column::Employment.is_in(employed))
        .one(db)
        .await?
        .is_some())
}
