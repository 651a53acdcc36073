//! The use-cases that enter and change agencies; a reform of them is in `reorganisation`. Whatever
//! touches the trees first takes the counter of agency numbers, so that two never rewrite them at
//! once.

use std::collections::HashSet;

use chrono::NaiveDate;
use entities::agency;
use entities::enums::AgencyQualification;
use entities::ids::AgencyId;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::json;

use super::error::{OrganisationCode as Code, OrganisationRefusal as Refusal};
use super::rules::{self, Node, Surroundings};
use super::{AgencyChange, NewAgency, reform, store};
use crate::access::{Permission, Scope};
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
    reform::write_trees(&uow, &rules::trees(around.nodes.values(), &around.places)).await?;
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

/// Brings what was given into its form.
pub fn tidy(agency: &mut NewAgency) -> Result<(), Refusal> {
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
    let mut around = store::surroundings(uow.tx()).await?;
    around.nodes.extend(new.iter().map(|agency| (agency.id, Node::from(agency))));
    Ok(around)
}
