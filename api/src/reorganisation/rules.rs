//! The rules of reforms: from when one may hold, and what the register becomes by it. Pure: no
//! database, no clock.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use entities::ids::AgencyId;

use super::error::{Code, ReorganisationRefusal as Refusal};
use super::plan::{Part, Plan, Superior, Target};
use crate::organisations::reform::Reformed;
use crate::organisations::rules::{self as register, Node, Surroundings};
use crate::organisations::{NewAgency, OrganisationCode, OrganisationRefusal};
use crate::policy::AgencyChangePolicy;

/// Agencies of one merger, and parts of one split.
pub const MOST_AGENCIES: usize = 50;
/// People named one by one, and internal units, of one part.
pub const MOST_NAMED: usize = 500;
/// People named one by one in all parts of one split, and internal units: what a request of 256 KiB
/// holds.
pub const MOST_OF_SPLIT: usize = 5_000;
/// Characters of a document's number.
const DOCUMENT: std::ops::RangeInclusive<usize> = 2..=100;

/// The number of a document, without blanks at its ends.
pub fn document(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if DOCUMENT.contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(Refusal::plain(Code::DocumentInvalid))
    }
}

/// Whether a reform may hold from a day: within what the policy allows, and not before the last
/// one of its agencies.
pub fn day(
    on: NaiveDate,
    today: NaiveDate,
    last: Option<NaiveDate>,
    policy: &AgencyChangePolicy,
) -> Result<(), Refusal> {
    let back = Days::new(policy.days_back.into());
    let earliest = today.checked_sub_days(back).unwrap_or(NaiveDate::MIN);
    let ahead = Days::new(policy.days_ahead.into());
    let latest = today.checked_add_days(ahead).unwrap_or(NaiveDate::MAX);
    if on < earliest {
        return Err(Refusal::day(Code::TooEarly, earliest));
    }
    if on > latest {
        return Err(Refusal::day(Code::TooLate, latest));
    }
    in_order(on, last)
}

/// Whether a reform does not come before the last one of its agencies.
pub fn in_order(on: NaiveDate, last: Option<NaiveDate>) -> Result<(), Refusal> {
    match last {
        Some(last) if on < last => Err(Refusal::day(Code::OutOfOrder, last)),
        _ => Ok(()),
    }
}

/// What the register becomes by a plan, or why it cannot.
pub fn reformed(plan: &Plan, around: &Surroundings) -> Result<Reformed, Refusal> {
    let sources = plan.sources();
    if sources.is_empty() {
        return Err(Refusal::plain(Code::NothingSelected));
    }
    let targets = plan.targets();
    if sources.len() > MOST_AGENCIES || targets.len() > MOST_AGENCIES {
        return Err(Refusal::most(MOST_AGENCIES));
    }
    let sources = existing(&sources, around)?;
    for target in &targets {
        taking_over(target, &sources, around)?;
    }
    let mut nodes = around.nodes.clone();
    let mut founded: Vec<NewAgency> = Vec::new();
    for new in targets.iter().filter_map(Target::founded) {
        nodes.insert(new.id, Node::from(new));
        founded.push(new.clone());
    }
    for id in plan.ended() {
        change(&mut nodes, id, |node| node.exists = false);
    }
    match plan {
        Plan::Rename { agency, name } => {
            let name = register::name(name)?;
            change(&mut nodes, *agency, |node| node.name = name);
        }
        Plan::Move { agency, superior, division, leadership } => {
            change(&mut nodes, *agency, |node| {
                match superior {
                    Superior::Stays => {}
                    Superior::Nobody => node.superior_id = None,
                    Superior::Under(id) => node.superior_id = Some(*id),
                }
                if let Some(code) = division {
                    node.division_code.clone_from(code);
                }
                node.leadership = leadership.unwrap_or(node.leadership);
            });
        }
        Plan::Merge { from, into } => inherit(&mut nodes, from, into.id()),
        Plan::Abolish { agency, successor: Some(to) } => inherit(&mut nodes, &[*agency], *to),
        Plan::Abolish { agency, successor: None } => alone(&nodes, *agency)?,
        Plan::Split { from, parts, ends } => {
            parts_are_sound(parts, &nodes)?;
            if *ends {
                alone(&nodes, *from)?;
            }
        }
    }
    let heirs: Vec<(AgencyId, AgencyId)> = plan
        .ended()
        .into_iter()
        .flat_map(|from| targets.iter().map(move |to| (from, to.id())))
        .collect();
    let after = Reformed { nodes, founded, heirs };
    sound(plan, around, &after)?;
    Ok(after)
}

/// Agencies that are to be changed: known, there, and each once.
fn existing<'a>(ids: &[AgencyId], around: &'a Surroundings) -> Result<Vec<&'a Node>, Refusal> {
    let mut seen = HashSet::new();
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let unknown = || OrganisationRefusal::new(OrganisationCode::AgencyNotFound, "");
        let node = around.nodes.get(id).ok_or_else(unknown)?;
        if !node.exists {
            let code = OrganisationCode::AgencyAbolished;
            return Err(OrganisationRefusal::new(code, &node.name).into());
        }
        if !seen.insert(id) {
            return Err(Refusal::about(Code::NamedTwice, &node.name));
        }
        found.push(node);
    }
    Ok(found)
}

/// Who is to take over: there, and none of those that are changed.
fn taking_over(target: &Target, sources: &[&Node], around: &Surroundings) -> Result<(), Refusal> {
    let Target::Existing(id) = target else { return Ok(()) };
    let node = around.nodes.get(id).ok_or_else(|| Refusal::plain(Code::SuccessorNotFound))?;
    if sources.iter().any(|source| source.id == *id) {
        return Err(Refusal::about(Code::IntoItself, &node.name));
    }
    if !node.exists {
        return Err(Refusal::about(Code::SuccessorAbolished, &node.name));
    }
    Ok(())
}

fn change(nodes: &mut HashMap<AgencyId, Node>, id: AgencyId, change: impl FnOnce(&mut Node)) {
    if let Some(node) = nodes.get_mut(&id) {
        change(node);
    }
}

/// Brings what lies under agencies that end under whoever takes their place. A successor that lay
/// under one of them comes under the next superior that stays.
fn inherit(nodes: &mut HashMap<AgencyId, Node>, from: &[AgencyId], to: AgencyId) {
    let ended = |id: AgencyId| from.contains(&id);
    let above = |id: AgencyId| nodes.get(&id).and_then(|n| n.superior_id);
    // A line has 16 steps at most; more would be a circle.
    let own = std::iter::successors(above(to), |id| above(*id)).take(16).find(|id| !ended(*id));
    for node in nodes.values_mut().filter(|n| n.exists) {
        if node.superior_id.is_some_and(ended) {
            node.superior_id = if node.id == to { own } else { Some(to) };
        }
        if node.entrusted_by_id.is_some_and(ended) {
            node.entrusted_by_id = Some(to);
        }
    }
}

/// An agency under which nothing lies that is there.
fn alone(nodes: &HashMap<AgencyId, Node>, id: AgencyId) -> Result<(), Refusal> {
    let below = |n: &&Node| n.superior_id == Some(id) || n.entrusted_by_id == Some(id);
    if nodes.values().filter(|n| n.exists).any(|n| below(&n)) {
        let name = nodes.get(&id).map_or("", |n| n.name.as_str());
        return Err(Refusal::about(Code::HasSubordinates, name));
    }
    Ok(())
}

/// The parts of a split: somebody goes to each, nobody and nothing to two.
fn parts_are_sound(parts: &[Part], nodes: &HashMap<AgencyId, Node>) -> Result<(), Refusal> {
    if parts.is_empty() {
        return Err(Refusal::plain(Code::NothingSelected));
    }
    let (mut targets, mut people, mut units) = (HashSet::new(), HashSet::new(), HashSet::new());
    for part in parts {
        let name = nodes.get(&part.to.id()).map_or("", |n| n.name.as_str());
        if !targets.insert(part.to.id()) {
            return Err(Refusal::about(Code::NamedTwice, name));
        }
        if part.people.is_empty() && part.units.is_empty() && !part.rest {
            return Err(Refusal::about(Code::PartEmpty, name));
        }
        if part.people.len() > MOST_NAMED || part.units.len() > MOST_NAMED {
            return Err(Refusal::most(MOST_NAMED));
        }
        if !part.people.iter().all(|person| people.insert(*person)) {
            return Err(Refusal::plain(Code::PersonTwice));
        }
        if let Some(twice) = part.units.iter().find(|unit| !units.insert(unit.as_str())) {
            return Err(Refusal::about(Code::UnitTwice, twice));
        }
    }
    if people.len().max(units.len()) > MOST_OF_SPLIT {
        return Err(Refusal::most(MOST_OF_SPLIT));
    }
    if parts.iter().filter(|part| part.rest).count() > 1 {
        return Err(Refusal::plain(Code::TwoRests));
    }
    Ok(())
}

/// Whether the register may be what a plan makes of it.
fn sound(plan: &Plan, before: &Surroundings, after: &Reformed) -> Result<(), Refusal> {
    let around = Surroundings {
        places: before.places.clone(),
        fields: before.fields.clone(),
        nodes: after.nodes.clone(),
    };
    let refuse = |code, name: &str| Err(OrganisationRefusal::new(code, name).into());
    for new in &after.founded {
        register::agency(new, &around)?;
    }
    // In one order: whatever is wrong first is told, and always the same.
    let changed: Vec<&Node> =
        after.changed(before).into_iter().filter(|node| node.exists).collect();
    for node in &changed {
        register::stands(node, &around)?;
        let namesake = |other: &&Node| other.exists && other.id != node.id;
        if after.nodes.values().filter(namesake).any(|other| other.name == node.name) {
            return refuse(OrganisationCode::AgencyNameTaken, &node.name);
        }
    }
    let name = |id: AgencyId| after.nodes.get(&id).map_or("", |n| n.name.as_str());
    let first = plan.sources().first().map_or("", |id| name(*id));
    if register::in_circle(&after.nodes).is_some() {
        return refuse(OrganisationCode::SuperiorCircle, first);
    }
    if let Some(id) = register::second_justice(&after.nodes) {
        return refuse(OrganisationCode::JusticeDepartmentTaken, name(id));
    }
    let nothing = matches!(plan, Plan::Rename { .. } | Plan::Move { .. }) && changed.is_empty();
    if nothing {
        return Err(Refusal::about(Code::NothingChanges, first));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
