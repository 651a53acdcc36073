//! Rows of reforms, and what a reform touches. Reading takes a scope; acting takes a scope in which
//! every agency of the reform lies.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::enums::{AgencyChangeState, ChangeSide};
use entities::ids::{AccountId, AgencyChangeId, AgencyId, PersonId};
use entities::{
    account, agency, agency_change, agency_change_party, application, certificate, former_agency,
    grant, person,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};
use serde::{Deserialize, Serialize};

use super::plan::{Movement, Plan};
use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::certification::reform::{not_ended, on_the_way};
use crate::graphql::ids::decode_or_nil;
use crate::graphql::page::Page;
use crate::officers::reform::{Members, members};
use crate::platform::failure::Fault;

/// How much a reform touches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Impact {
    /// People of the register: those who move, or all of an agency that is renamed or moves.
    pub people: u64,
    /// Their certificates that have not ended.
    pub certificates: u64,
    /// Accounts of theirs, and accounts with a role over the agency.
    pub accounts: u64,
    /// Applications on their way.
    pub applications: u64,
    /// Subordinate agencies and entrusted organisations.
    pub subordinates: u64,
}

/// Which reforms a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// How far they are.
    pub state: Option<AgencyChangeState>,
    /// An agency on either side.
    pub agency: Option<AgencyId>,
}

/// Those of these agencies that lie within a scope.
pub(super) async fn within(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[AgencyId],
) -> Result<HashSet<AgencyId>, Fault> {
    let found: Vec<AgencyId> = agency::Entity::find()
        .select_only()
        .column(agency::Column::Id)
        .filter(agency::Column::Id.is_in(ids.iter().copied()))
        .filter(scope.condition((agency::Entity, agency::Column::Id)))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// The day of the last reform in effect that concerned these agencies, or changed them with another.
pub(super) async fn last_day(
    db: &impl ConnectionTrait,
    agencies: &[AgencyId],
) -> Result<Option<NaiveDate>, Fault> {
    let days: Option<Option<NaiveDate>> = agency_change_party::Entity::find()
        .select_only()
        .column_as(agency_change::Column::EffectiveOn.max(), "last")
        .join(JoinType::InnerJoin, agency_change_party::Relation::Change.def())
        .filter(agency_change_party::Column::AgencyId.is_in(agencies.iter().copied()))
        .filter(agency_change::Column::State.eq(AgencyChangeState::Applied))
        .into_tuple()
        .one(db)
        .await?;
    let kept: Option<Option<NaiveDate>> = former_agency::Entity::find()
        .select_only()
        .column_as(former_agency::Column::UntilOn.max(), "last")
        .filter(former_agency::Column::AgencyId.is_in(agencies.iter().copied()))
        .into_tuple()
        .one(db)
        .await?;
    Ok(Ord::max(days.flatten(), kept.flatten()))
}

/// Changes with a party of which the scope is asked.
fn with_party(condition: Condition) -> SelectStatement {
    Query::select()
        .column(agency_change_party::Column::ChangeId)
        .from(agency_change_party::Entity)
        .cond_where(condition)
        .take()
}

/// A reform of which every agency lies within the scope, locked until the transaction ends.
pub(super) async fn to_act_on(
    uow: &UnitOfWork,
    scope: &Scope,
    id: AgencyChangeId,
) -> Result<Option<agency_change::Model>, Fault> {
    let mut select = agency_change::Entity::find_by_id(id);
    if !matches!(scope, Scope::Everything) {
        let outside = scope.condition(agency_change_party::Column::AgencyId).not();
        select = select.filter(agency_change::Column::Id.not_in_subquery(with_party(outside)));
    }
    let select = uow.locked(select);
    Ok(select.one(uow.tx()).await?)
}

fn readable(scope: &Scope) -> sea_orm::Select<agency_change::Entity> {
    let select = agency_change::Entity::find();
    if matches!(scope, Scope::Everything) {
        return select;
    }
    let reached = scope.condition(agency_change_party::Column::AgencyId);
    select.filter(agency_change::Column::Id.in_subquery(with_party(reached)))
}

/// A reform of which some agency lies within the scope.
pub(super) async fn change(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AgencyChangeId,
) -> Result<Option<agency_change::Model>, Fault> {
    Ok(readable(scope).filter(agency_change::Column::Id.eq(id)).one(db).await?)
}

/// A page of reforms, newest first. Ids rise with the time of the proposal.
pub async fn changes(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: ChangeFilter,
    page: &Page,
) -> Result<Vec<agency_change::Model>, Fault> {
    use agency_change::Column::{Id, State};
    let mut select = readable(scope);
    if let Some(state) = filter.state {
        select = select.filter(State.eq(state));
    }
    if let Some(agency) = filter.agency {
        let of = Condition::all().add(agency_change_party::Column::AgencyId.eq(agency));
        select = select.filter(Id.in_subquery(with_party(of)));
    }
    if let Some([after]) = page.after.as_deref() {
        let id = decode_or_nil::<AgencyChangeId>(after);
        select = select.filter(Id.lt(id));
    }
    Ok(select.order_by_desc(Id).limit(page.limit()).all(db).await?)
}

/// Reforms that are decided and whose day has come, in the order in which they hold.
pub(super) async fn due(
    db: &impl ConnectionTrait,
    today: NaiveDate,
) -> Result<Vec<AgencyChangeId>, Fault> {
    use agency_change::Column::{EffectiveOn, Id, State};
    Ok(agency_change::Entity::find()
        .select_only()
        .column(Id)
        .filter(State.eq(AgencyChangeState::Approved))
        .filter(EffectiveOn.lte(today))
        .order_by_asc(EffectiveOn)
        .order_by_asc(Id)
        .into_tuple()
        .all(db)
        .await?)
}

/// An agency of a reform under its name of today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// On which side it stands.
    pub side: ChangeSide,
    /// The agency.
    pub id: AgencyId,
    /// Its name.
    pub name: String,
}

/// The agencies of reforms, by number.
pub async fn parties(
    db: &impl ConnectionTrait,
    changes: &[AgencyChangeId],
) -> Result<HashMap<AgencyChangeId, Vec<Party>>, Fault> {
    use agency_change_party::Column::{AgencyId as Agency, ChangeId, Side};
    let rows: Vec<(AgencyChangeId, ChangeSide, AgencyId, String)> =
        agency_change_party::Entity::find()
            .select_only()
            .columns([ChangeId, Side, Agency])
            .column(agency::Column::Name)
            .join(JoinType::InnerJoin, agency_change_party::Relation::Agency.def())
            .filter(ChangeId.is_in(changes.iter().copied()))
            .order_by_asc(agency::Column::Number)
            .into_tuple()
            .all(db)
            .await?;
    let mut parties: HashMap<AgencyChangeId, Vec<Party>> = HashMap::new();
    for (change, side, id, name) in rows {
        parties.entry(change).or_default().push(Party { side, id, name });
    }
    Ok(parties)
}

/// Enters agencies of a reform.
pub(super) async fn enter_parties(
    uow: &UnitOfWork,
    change: AgencyChangeId,
    side: ChangeSide,
    agencies: &[AgencyId],
) -> Result<(), Fault> {
    if agencies.is_empty() {
        return Ok(());
    }
    let rows = agencies.iter().map(|agency| agency_change_party::ActiveModel {
        change_id: Set(change),
        side: Set(side),
        agency_id: Set(*agency),
    });
    agency_change_party::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    Ok(())
}

/// How many of these people an agency has.
pub(super) async fn how_many_of(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    people: &[PersonId],
) -> Result<usize, Fault> {
    let found = person::Entity::find()
        .filter(person::Column::AgencyId.eq(agency))
        .filter(person::Column::Id.is_in(people.iter().copied()))
        .count(db)
        .await?;
    usize::try_from(found).map_err(Fault::other)
}

/// The internal units that people of an agency belong to.
pub(super) async fn units_of(
    db: &impl ConnectionTrait,
    agency: AgencyId,
) -> Result<HashSet<String>, Fault> {
    let units: Vec<Option<String>> = person::Entity::find()
        .select_only()
        .column(person::Column::InternalUnit)
        .distinct()
        .filter(person::Column::AgencyId.eq(agency))
        .into_tuple()
        .all(db)
        .await?;
    Ok(units.into_iter().flatten().collect())
}

/// How much a plan touches now.
pub(super) async fn impact(
    db: &impl ConnectionTrait,
    plan: &Plan,
    today: NaiveDate,
) -> Result<Impact, Fault> {
    let sources = plan.sources();
    let concerned = match plan.movements() {
        none if none.is_empty() => sources
            .iter()
            .map(|id| Movement { from: *id, to: *id, who: Members::everyone() })
            .collect(),
        some => some,
    };
    let over_agency: Vec<AccountId> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .filter(account::Column::DisabledAt.is_null())
        .filter(
            account::Column::Id.in_subquery(
                Query::select()
                    .column(grant::Column::AccountId)
                    .from(grant::Entity)
                    .and_where(grant::Column::AgencyId.is_in(sources.iter().copied()))
                    .and_where(grant::Column::EndedAt.is_null())
                    .take(),
            ),
        )
        .into_tuple()
        .all(db)
        .await?;
    let subordinates = agency::Entity::find()
        .filter(agency::Column::AbolishedOn.is_null())
        .filter(
            Condition::any()
                .add(agency::Column::SuperiorId.is_in(sources.iter().copied()))
                .add(agency::Column::EntrustedById.is_in(sources.iter().copied())),
        )
        .count(db)
        .await?;
    let mut impact = Impact { subordinates, ..Impact::default() };
    let mut accounts: HashSet<AccountId> = over_agency.into_iter().collect();
    // Nobody and nothing goes to two places.
    for moved in &concerned {
        let people = || members(moved.from, &moved.who);
        // What an agency keeps of somebody who is elsewhere now goes with the agency's own.
        let kept = |agency: Expr, holder: Expr| {
            let kept = Condition::all().add(agency.eq(moved.from));
            if moved.is_whole() { kept } else { kept.add(holder.in_subquery(people())) }
        };
        impact.people += person::Entity::find()
            .filter(person::Column::Id.in_subquery(people()))
            .count(db)
            .await?;
        let theirs: Vec<AccountId> = account::Entity::find()
            .select_only()
            .column(account::Column::Id)
            .filter(account::Column::DisabledAt.is_null())
            .filter(account::Column::PersonId.in_subquery(people()))
            .into_tuple()
            .all(db)
            .await?;
        accounts.extend(theirs);
        impact.certificates += certificate::Entity::find()
            .filter(kept(
                certificate::Column::AgencyId.into_expr(),
                certificate::Column::PersonId.into_expr(),
            ))
            .filter(not_ended(today))
            .count(db)
            .await?;
        impact.applications += application::Entity::find()
            .filter(kept(
                application::Column::AgencyId.into_expr(),
                application::Column::PersonId.into_expr(),
            ))
            .filter(on_the_way())
            .count(db)
            .await?;
    }
    impact.accounts = u64::try_from(accounts.len()).map_err(Fault::other)?;
    Ok(impact)
}
