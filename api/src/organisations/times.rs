//! Agencies as they were: name, place and superior on a day, and who took whose place.

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::enums::{AgencyChangeKind, AgencyChangeState, ChangeSide, Leadership};
use entities::ids::{AgencyChangeId, AgencyId};
use entities::{agency, agency_change, agency_change_party, division, former_agency};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};

use super::store;
use crate::access::Scope;
use crate::platform::failure::Fault;

/// An agency as it was on a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgencyOnDay {
    /// Which.
    pub id: AgencyId,
    /// Its full official name on that day.
    pub name: String,
    /// Whether it was not abolished by that day.
    pub existed: bool,
    /// Who led it.
    pub leadership: Leadership,
    /// Its division.
    pub division: division::Model,
    /// Its superior department, under the name of that day.
    pub superior: Option<(AgencyId, String)>,
    /// The organ that entrusted it, under the name of that day.
    pub entrusted_by: Option<(AgencyId, String)>,
}

/// An agency within a scope as it was on a day. Of the days before it was entered nothing else is
/// known: it reads as it was first entered.
pub async fn agency_on(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: AgencyId,
    day: NaiveDate,
) -> Result<Option<AgencyOnDay>, Fault> {
    let Some(row) = store::agency_model(db, scope, id).await? else { return Ok(None) };
    let then = then(db, &[id], day).await?.remove(&id).unwrap_or_else(|| Then::from(&row));
    let above: Vec<AgencyId> = then.superior_id.into_iter().chain(then.entrusted_by_id).collect();
    let mut names = names_on(db, &above, day).await?;
    let mut named = |id: Option<AgencyId>| id.and_then(|id| Some((id, names.remove(&id)?)));
    // An entrusted organisation often has its organ as superior too.
    let superior = named(then.superior_id);
    let entrusted_by = match then.entrusted_by_id {
        same if same == then.superior_id => superior.clone(),
        other => named(other),
    };
    let division = division::Entity::find_by_id(then.division_code).one(db).await?;
    Ok(Some(AgencyOnDay {
        id,
        name: then.name,
        existed: row.abolished_on.is_none_or(|end| day < end),
        leadership: then.leadership,
        division: division.ok_or_else(|| Fault::stored("an agency in no division"))?,
        superior,
        entrusted_by,
    }))
}

/// What a reform can change of an agency.
struct Then {
    name: String,
    leadership: Leadership,
    division_code: String,
    superior_id: Option<AgencyId>,
    entrusted_by_id: Option<AgencyId>,
}

/// As it is now.
impl From<&agency::Model> for Then {
    fn from(row: &agency::Model) -> Self {
        Self {
            name: row.name.clone(),
            leadership: row.leadership,
            division_code: row.division_code.clone(),
            superior_id: row.superior_id,
            entrusted_by_id: row.entrusted_by_id,
        }
    }
}

impl From<former_agency::Model> for Then {
    fn from(row: former_agency::Model) -> Self {
        Self {
            name: row.name,
            leadership: row.leadership,
            division_code: row.division_code,
            superior_id: row.superior_id,
            entrusted_by_id: row.entrusted_by_id,
        }
    }
}

/// What these agencies were on a day; those that are still as they were are left out.
async fn then(
    db: &impl ConnectionTrait,
    ids: &[AgencyId],
    day: NaiveDate,
) -> Result<HashMap<AgencyId, Then>, Fault> {
    use former_agency::Column::{AgencyId, UntilOn};
    let rows = former_agency::Entity::find()
        .filter(AgencyId.is_in(ids.iter().copied()))
        .filter(UntilOn.gt(day))
        .order_by_asc(UntilOn)
        .all(db)
        .await?;
    let mut found = HashMap::new();
    for row in rows {
        found.entry(row.agency_id).or_insert_with(|| row.into());
    }
    Ok(found)
}

/// The names of agencies on a day.
async fn names_on(
    db: &impl ConnectionTrait,
    ids: &[AgencyId],
    day: NaiveDate,
) -> Result<HashMap<AgencyId, String>, Fault> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let now: Vec<(AgencyId, String)> = agency::Entity::find()
        .select_only()
        .columns([agency::Column::Id, agency::Column::Name])
        .filter(agency::Column::Id.is_in(ids.iter().copied()))
        .into_tuple()
        .all(db)
        .await?;
    let mut names: HashMap<AgencyId, String> = now.into_iter().collect();
    names.extend(then(db, ids, day).await?.into_iter().map(|(id, then)| (id, then.name)));
    Ok(names)
}

/// The names agencies bore, each with the first day on which they bore it no more, oldest first.
pub async fn former_names_of(
    db: &impl ConnectionTrait,
    ids: &[AgencyId],
) -> Result<HashMap<AgencyId, Vec<(String, NaiveDate)>>, Fault> {
    let rows = former_agency::Entity::find()
        .filter(former_agency::Column::AgencyId.is_in(ids.iter().copied()))
        .order_by_asc(former_agency::Column::UntilOn)
        .all(db)
        .await?;
    let now = agency::Entity::find()
        .select_only()
        .columns([agency::Column::Id, agency::Column::Name])
        .filter(agency::Column::Id.is_in(ids.iter().copied()))
        .into_tuple::<(AgencyId, String)>()
        .all(db)
        .await?;
    let mut names: HashMap<AgencyId, Vec<(String, NaiveDate)>> = HashMap::new();
    for row in rows {
        let of = names.entry(row.agency_id).or_default();
        // A move keeps the name: it then ends with the next row, or not at all.
        match of.last_mut() {
            Some(last) if last.0 == row.name => last.1 = row.until_on,
            _ => of.push((row.name, row.until_on)),
        }
    }
    for (id, name) in now {
        if let Some(of) = names.get_mut(&id)
            && of.last().is_some_and(|last| last.0 == name)
        {
            of.pop();
        }
    }
    Ok(names)
}

/// An agency that took another's place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Successor {
    /// Which.
    pub id: AgencyId,
    /// Its name today.
    pub name: String,
    /// By what kind of reform.
    pub kind: AgencyChangeKind,
    /// Since which day.
    pub on: NaiveDate,
}

/// Who took the place, or part of the work, of each of these agencies, oldest first.
pub async fn successors_of(
    db: &impl ConnectionTrait,
    ids: &[AgencyId],
) -> Result<HashMap<AgencyId, Vec<Successor>>, Fault> {
    use agency_change::Column::{EffectiveOn, Id, Kind, State};
    use agency_change_party::Column::{AgencyId as Party, ChangeId, Side};
    use agency_change_party::Relation;
    let acts: Vec<(AgencyId, AgencyChangeId, AgencyChangeKind, NaiveDate)> =
        agency_change_party::Entity::find()
            .select_only()
            .columns([Party, ChangeId])
            .columns([Kind, EffectiveOn])
            .join(JoinType::InnerJoin, Relation::Change.def())
            .filter(Party.is_in(ids.iter().copied()))
            .filter(Side.eq(ChangeSide::From))
            .filter(State.eq(AgencyChangeState::Applied))
            .order_by_asc(EffectiveOn)
            .order_by_asc(Id)
            .into_tuple()
            .all(db)
            .await?;
    let heirs: Vec<(AgencyChangeId, AgencyId, String)> = agency_change_party::Entity::find()
        .select_only()
        .columns([ChangeId, Party])
        .column(agency::Column::Name)
        .join(JoinType::InnerJoin, Relation::Agency.def())
        .filter(ChangeId.is_in(acts.iter().map(|(_, change, ..)| *change)))
        .filter(Side.eq(ChangeSide::To))
        .order_by_asc(agency::Column::Number)
        .into_tuple()
        .all(db)
        .await?;
    let mut successors: HashMap<AgencyId, Vec<Successor>> = HashMap::new();
    for (of, change, kind, on) in acts {
        let of = successors.entry(of).or_default();
        let heirs = heirs.iter().filter(|(by, ..)| *by == change);
        of.extend(heirs.map(|(_, id, name)| Successor { id: *id, name: name.clone(), kind, on }));
    }
    Ok(successors)
}
