//! The use-cases that enter, change and abolish agencies. Each that touches the trees first takes
//! the counter of agency numbers, so that two of them never rewrite the trees at once.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::agency;
use entities::enums::{AgencyQualification, ScopeAxis};
use entities::ids::AgencyId;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;

use super::error::{OrganisationCode as Code, OrganisationRefusal as Refusal};
use super::rules::{self, Node, Surroundings};
use super::{AgencyChange, NewAgency, store};
use crate::access::{Permission, Scope, tree};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};

/// Enters an agency.
pub async fn enter_agency(
    platform: &Platform,
    actor: &Actor,
    new: NewAgency,
) -> Result<AgencyId, Failure<Refusal>> {
    let id = new.id;
    enter_agencies(platform, actor, vec![new]).await?;
    Ok(id)
}

/// Enters agencies, all or none, in any order; numbers rise in the order given. The trees are
/// written once, at the end.
pub async fn enter_agencies(
    platform: &Platform,
    actor: &Actor,
    mut new: Vec<NewAgency>,
) -> Result<(), Failure<Refusal>> {
    for agency in &mut new {
        tidy(agency)?;
    }
    let scope = Scope::of(actor, Permission::ManageOrganisations);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let first = store::take_numbers(uow.tx(), new.len()).await?;
    let around = surroundings(&uow, &new).await?;
    store::refuse_taken(uow.tx(), &new).await?;
    for agency in &new {
        rules::agency(agency, &around)?;
    }
    let name_of = |id: AgencyId| new.iter().find(|a| a.id == id).map_or("", |a| a.name.as_str());
    if let Some(id) = rules::in_circle(&around.nodes) {
        return Err(Refusal::new(Code::SuperiorCircle, name_of(id)).into());
    }
    if let Some(id) = rules::second_justice(&around.nodes) {
        return Err(Refusal::new(Code::JusticeDepartmentTaken, name_of(id)).into());
    }
    for (agency, number) in new.iter().zip(first..) {
        let body = json!({ "number": number, "division": agency.division_code });
        uow.record(Stream::Agency(agency.id), "agency.enter", encode(agency.id), body);
    }
    let ids: Vec<AgencyId> = new.iter().map(|a| a.id).collect();
    store::insert_agencies(&uow, new, first).await?;
    write_trees(&uow, &around).await?;
    for id in ids {
        // Where a new agency lies follows from its parents, so it is asked once it lies there.
        if !scope.contains(uow.tx(), id).await? {
            let name = store::agency_model(uow.tx(), &Scope::Everything, id).await?;
            let about = name.map(|a| a.name).unwrap_or_default();
            return Err(Refusal::new(Code::OutsideScope, &about).into());
        }
    }
    uow.commit().await?;
    Ok(())
}

/// Changes what may change of an agency without moving it.
pub async fn change_agency(
    platform: &Platform,
    actor: &Actor,
    id: AgencyId,
    change: AgencyChange,
) -> Result<AgencyId, Failure<Refusal>> {
    let scope = Scope::of(actor, Permission::ManageOrganisations);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let old = existing(&uow, &scope, id).await?;
    let mut row = agency::ActiveModel { id: Set(id), ..Default::default() };
    let mut changed = Vec::new();
    if let Some(name) = change.name.as_deref().map(rules::name).transpose()?
        && name != old.name
    {
        if store::name_taken(uow.tx(), &name).await? {
            return Err(Refusal::new(Code::AgencyNameTaken, &name).into());
        }
        let mut aliases = strings(&old.aliases)?;
        aliases.retain(|alias| *alias != name);
        aliases.push(old.name.clone());
        row.aliases = Set(json!(aliases));
        row.name = Set(name);
        changed.push("name");
    }
    if let Some(phone) = change.complaint_phone.as_deref().map(rules::phone).transpose()? {
        row.complaint_phone = Set(Some(phone));
        changed.push("complaintPhone");
    }
    if let Some(codes) = change.field_codes {
        rules::fields(&codes, &store::field_codes(uow.tx()).await?)?;
        row.field_codes = Set(json!(codes));
        changed.push("fieldCodes");
    }
    if let Some((state, day)) = change.qualification {
        qualification(&old.name, state, day)?;
        row.qualification = Set(state);
        row.qualification_confirmed_on = Set(day);
        changed.push("qualification");
    }
    if !changed.is_empty() {
        row.updated_at = Set(uow.now());
        row.update(uow.tx()).await?;
        let body = json!({ "changed": changed });
        uow.record(Stream::Agency(id), "agency.change", encode(id), body);
    }
    uow.commit().await?;
    Ok(id)
}

/// Abolishes an agency from a day on. It stays in the register: old certificates name it.
pub async fn abolish_agency(
    platform: &Platform,
    actor: &Actor,
    id: AgencyId,
    on: NaiveDate,
) -> Result<AgencyId, Failure<Refusal>> {
    let scope = Scope::of(actor, Permission::ManageOrganisations);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    store::take_numbers(uow.tx(), 0).await?;
    let old = existing(&uow, &scope, id).await?;
    if store::has_people(uow.tx(), id).await? {
        return Err(Refusal::new(Code::AgencyHasPeople, &old.name).into());
    }
    let mut around = surroundings(&uow, &[]).await?;
    let below = |n: &Node| n.superior_id == Some(id) || n.entrusted_by_id == Some(id);
    if around.nodes.values().any(|n| n.exists && below(n)) {
        return Err(Refusal::new(Code::AgencyHasSubordinates, &old.name).into());
    }
    agency::ActiveModel {
        id: Set(id),
        abolished_on: Set(Some(on)),
        updated_at: Set(uow.now()),
        ..Default::default()
    }
    .update(uow.tx())
    .await?;
    if let Some(node) = around.nodes.get_mut(&id) {
        node.exists = false;
    }
    if old.is_justice {
        write_trees(&uow, &around).await?;
    }
    uow.record(Stream::Agency(id), "agency.abolish", encode(id), json!({ "on": on }));
    uow.commit().await?;
    Ok(id)
}

/// Brings what was given into its form.
fn tidy(agency: &mut NewAgency) -> Result<(), Refusal> {
    agency.name = rules::name(&agency.name)?;
    let mut seen = HashSet::from([agency.name.clone()]);
    let aliases = std::mem::take(&mut agency.aliases);
    for alias in aliases {
        let alias = rules::name(&alias)?;
        if seen.insert(alias.clone()) {
            agency.aliases.push(alias);
        }
    }
    agency.complaint_phone = agency.complaint_phone.as_deref().map(rules::phone).transpose()?;
    qualification(&agency.name, agency.qualification, agency.qualification_confirmed_on)
}

/// A confirmed qualification was announced on a day; another was not.
fn qualification(
    name: &str,
    state: AgencyQualification,
    day: Option<NaiveDate>,
) -> Result<(), Refusal> {
    if (state == AgencyQualification::Confirmed) == day.is_some() {
        Ok(())
    } else {
        Err(Refusal::new(Code::QualificationDayMismatch, name))
    }
}

async fn existing(
    uow: &UnitOfWork,
    scope: &Scope,
    id: AgencyId,
) -> Result<agency::Model, Failure<Refusal>> {
    let found = store::agency_model(uow.tx(), scope, id)
        .await?
        .ok_or_else(|| Refusal::new(Code::AgencyNotFound, ""))?;
    if found.abolished_on.is_some() {
        return Err(Refusal::new(Code::AgencyAbolished, &found.name).into());
    }
    Ok(found)
}

async fn surroundings(uow: &UnitOfWork, new: &[NewAgency]) -> Result<Surroundings, Fault> {
    let mut nodes: HashMap<AgencyId, Node> =
        store::nodes(uow.tx()).await?.into_iter().map(|n| (n.id, n)).collect();
    nodes.extend(new.iter().map(|a| {
        let node = Node {
            id: a.id,
            kind: a.kind,
            is_justice: a.is_justice,
            division_code: a.division_code.clone(),
            superior_id: a.superior_id,
            entrusted_by_id: a.entrusted_by_id,
            exists: true,
        };
        (a.id, node)
    }));
    Ok(Surroundings {
        places: store::places(store::divisions(uow.tx()).await?.iter()),
        fields: store::field_codes(uow.tx()).await?,
        nodes,
    })
}

async fn write_trees(uow: &UnitOfWork, around: &Surroundings) -> Result<(), Fault> {
    let trees = rules::trees(around.nodes.values(), &around.places);
    tree::replace(uow.tx(), ScopeAxis::Territory, &trees.territory).await?;
    tree::replace(uow.tx(), ScopeAxis::Line, &trees.line).await?;
    tree::replace(uow.tx(), ScopeAxis::Own, &trees.own).await
}

/// A stored list of strings.
fn strings(json: &serde_json::Value) -> Result<Vec<String>, Fault> {
    serde_json::from_value(json.clone()).map_err(Fault::stored)
}
