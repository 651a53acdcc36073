//! What a reform does to the register of agencies, in the caller's transaction: rows, what they
//! were before, and the trees. What it does to people and certificates is not known here.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use entities::enums::ScopeAxis;
use entities::ids::{AgencyChangeId, AgencyId};
use entities::{agency, former_agency};
use sea_orm::sea_query::{LockType, OnConflict};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::json;

pub use super::agencies::tidy;
use super::error::OrganisationRefusal as Refusal;
use super::rules::{self, Node, Surroundings, Trees};
pub use super::store::refuse_taken_codes;
use super::{NewAgency, store};
use crate::access::tree;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::failure::{Failure, Fault};

/// Which reform, and from when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reform {
    /// The act.
    pub id: AgencyChangeId,
    /// First day on which it holds.
    pub on: NaiveDate,
}

/// How the register stands after a reform.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reformed {
    /// Every agency, those founded included.
    pub nodes: HashMap<AgencyId, Node>,
    /// Agencies that are founded.
    pub founded: Vec<NewAgency>,
    /// Who ends, and who takes over the names by which rosters find it.
    pub heirs: Vec<(AgencyId, AgencyId)>,
}

impl Reformed {
    /// Agencies that are otherwise than before, those founded included, by id.
    pub fn changed(&self, before: &Surroundings) -> Vec<&Node> {
        let differs = |node: &&Node| before.nodes.get(&node.id) != Some(*node);
        let mut changed: Vec<&Node> = self.nodes.values().filter(differs).collect();
        changed.sort_unstable_by_key(|node| node.id);
        changed
    }
}

/// Takes the counter of agency numbers, without which nobody rewrites the trees, keeps people from
/// being entered into these agencies meanwhile, and reads the register.
pub async fn begin(uow: &UnitOfWork, agencies: &[AgencyId]) -> Result<Surroundings, Fault> {
    store::take_numbers(uow.tx(), 0).await?;
    if !uow.platform().db.is_sqlite() {
        agency::Entity::find()
            .select_only()
            .column(agency::Column::Id)
            .filter(agency::Column::Id.is_in(agencies.iter().copied()))
            .order_by_asc(agency::Column::Id)
            // Stronger would wait for every row that only points to them.
            .lock(LockType::NoKeyUpdate)
            .into_tuple::<AgencyId>()
            .all(uow.tx())
            .await?;
    }
    store::surroundings(uow.tx()).await
}

/// Writes the difference. What passed the rules is not asked again.
pub async fn write(
    uow: &mut UnitOfWork,
    reform: Reform,
    before: &Surroundings,
    after: &Reformed,
) -> Result<(), Failure<Refusal>> {
    refuse_taken_codes(uow.tx(), &after.founded).await?;
    found(uow, reform, after.founded.clone()).await?;
    // In one order everywhere: each row stays locked until the commit.
    let changed: BTreeSet<AgencyId> = after
        .changed(before)
        .into_iter()
        .map(|node| node.id)
        .filter(|id| before.nodes.contains_key(id))
        .chain(after.heirs.iter().map(|(_, to)| *to))
        .collect();
    for id in changed {
        let Some(new) = after.nodes.get(&id) else { continue };
        rewrite(uow, reform, new.clone(), &after.heirs).await?;
    }
    let [old, new] =
        [&before.nodes, &after.nodes].map(|nodes| rules::trees(nodes.values(), &before.places));
    if old != new {
        write_trees(uow, &new).await?;
    }
    Ok(())
}

async fn found(uow: &mut UnitOfWork, reform: Reform, new: Vec<NewAgency>) -> Result<(), Fault> {
    let first = store::take_numbers(uow.tx(), new.len()).await?;
    for (agency, number) in new.iter().zip(first..) {
        uow.record(
            Stream::Agency(agency.id),
            "agency.enter",
            encode(agency.id),
            json!({
                "number": number,
                "division": agency.division_code,
                "reform": encode(reform.id),
            }),
        );
    }
    store::insert_agencies(uow, new, first).await
}

/// Brings a row to what the reform makes of it, and keeps what it was.
async fn rewrite(
    uow: &mut UnitOfWork,
    reform: Reform,
    new: Node,
    heirs: &[(AgencyId, AgencyId)],
) -> Result<(), Fault> {
    let id = new.id;
    let Some(old) = agency::Entity::find_by_id(id).one(uow.tx()).await? else {
        return Err(Fault::stored("a reform of an agency that is not there"));
    };
    let mut row =
        agency::ActiveModel { id: Set(id), updated_at: Set(uow.now()), ..Default::default() };
    let aliases = aliases(uow, &old, &new.name, heirs).await?;
    if aliases != old.aliases {
        row.aliases = Set(aliases);
    }
    let mut changed = Vec::new();
    macro_rules! take {
        ($($column:ident => $word:literal),* $(,)?) => {$(
            if old.$column != new.$column {
                row.$column = Set(new.$column);
                changed.push($word);
            }
        )*};
    }
    take! {
        name => "name",
        leadership => "leadership",
        division_code => "division",
        superior_id => "superior",
        entrusted_by_id => "entrustedBy",
    }
    if !changed.is_empty() {
        keep(uow, reform, &old).await?;
    }
    if old.abolished_on.is_none() && !new.exists {
        row.abolished_on = Set(Some(reform.on));
        changed.push("abolished");
    }
    row.update(uow.tx()).await?;
    if !changed.is_empty() {
        let body = json!({ "changed": changed, "on": reform.on, "reform": encode(reform.id) });
        uow.record(Stream::Agency(id), "agency.reform", encode(id), body);
    }
    Ok(())
}

/// Keeps what an agency was until the reform. Of two reforms on one day the first knows that.
async fn keep(uow: &UnitOfWork, reform: Reform, old: &agency::Model) -> Result<(), Fault> {
    let row = former_agency::ActiveModel {
        agency_id: Set(old.id),
        until_on: Set(reform.on),
        name: Set(old.name.clone()),
        leadership: Set(old.leadership),
        division_code: Set(old.division_code.clone()),
        superior_id: Set(old.superior_id),
        entrusted_by_id: Set(old.entrusted_by_id),
        change_id: Set(reform.id),
    };
    let key = [former_agency::Column::AgencyId, former_agency::Column::UntilOn];
    former_agency::Entity::insert(row)
        .on_conflict(OnConflict::columns(key).do_nothing().to_owned())
        .exec_without_returning(uow.tx())
        .await?;
    Ok(())
}

/// The short and former names: its own from before, and all those of whom it takes over from.
async fn aliases(
    uow: &UnitOfWork,
    old: &agency::Model,
    name: &str,
    heirs: &[(AgencyId, AgencyId)],
) -> Result<serde_json::Value, Fault> {
    let mut names = strings(&old.aliases)?;
    names.push(old.name.clone());
    let ended = heirs.iter().filter(|(_, to)| *to == old.id).map(|(from, _)| *from);
    let ended = agency::Entity::find()
        .filter(agency::Column::Id.is_in(ended))
        .order_by_asc(agency::Column::Number)
        .all(uow.tx())
        .await?;
    for from in ended {
        names.extend(strings(&from.aliases)?);
        names.push(from.name);
    }
    let mut kept: Vec<String> = Vec::with_capacity(names.len());
    for known in names {
        if known != name && !kept.contains(&known) {
            kept.push(known);
        }
    }
    Ok(json!(kept))
}

/// A stored list of strings.
fn strings(json: &serde_json::Value) -> Result<Vec<String>, Fault> {
    serde_json::from_value(json.clone()).map_err(Fault::stored)
}

/// Writes the trees anew.
pub(super) async fn write_trees(uow: &UnitOfWork, trees: &Trees) -> Result<(), Fault> {
    tree::replace(uow.tx(), ScopeAxis::Territory, &trees.territory).await?;
    tree::replace(uow.tx(), ScopeAxis::Line, &trees.line).await?;
    tree::replace(uow.tx(), ScopeAxis::Own, &trees.own).await
}
