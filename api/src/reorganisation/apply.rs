//! A reform takes effect: the register, people, roles, records and cards, all in one transaction.
//!
//! One whose day comes later is applied by the worker of any node. Its row is locked and its state
//! asked again, so that of two nodes one does it; what is in effect already is left alone.

use std::collections::{BTreeMap, HashMap};

use chrono::{Days, NaiveDate};
use entities::agency_change;
use entities::enums::{AgencyChangeKind, AgencyChangeState, ChangeSide};
use entities::ids::{AgencyChangeId, AgencyId, ApplicationId, PersonId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Value, json};

use super::acts::{concerned, members_are_there, read_plan};
use super::error::{Code, ReorganisationRefusal as Refusal, of_register};
use super::plan::{Movement, Plan, Target};
use super::store::Impact;
use super::{rules, store};
use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::auth::accounts;
use crate::certification::reform::{
    Competent, applicants, ask_anew, ask_for_exchange, competent, hand_on, has_applications,
    has_certificates, open_applications,
};
use crate::complaints;
use crate::credentials::{self, Succession};
use crate::graphql::ids::encode;
use crate::officers::facts;
use crate::officers::reform::{has_people, members_of, move_members};
use crate::organisations;
use crate::organisations::reform::{self, Reform, Reformed};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault, Refusal as _};
use crate::policy::{self, AgencyChangePolicy};
use crate::showings;
use crate::showings::reform::{Group, Reshaped};
use crate::training;

/// Applies every reform that is decided and whose day has come; answers how many. One that cannot
/// be applied any more is marked as failed, for a person to look at.
pub async fn apply_due(platform: &Platform) -> Result<usize, Fault> {
    let today = crate::platform::clock::local_date(platform.now());
    let mut count = 0;
    for id in store::due(platform.db.read(), today).await? {
        match apply_one(platform, id).await {
            Ok(done) => count += usize::from(done),
            Err(Failure::Refused(refusal)) => fail(platform, id, &refusal).await?,
            // It is tried again, and does not hold up the others.
            Err(Failure::Fault(fault)) => {
                tracing::error!(error = %fault, reform = %id.0, "a reform could not be applied");
            }
        }
    }
    Ok(count)
}

/// Applies one reform, unless another node has done so or somebody has withdrawn it.
async fn apply_one(platform: &Platform, id: AgencyChangeId) -> Result<bool, Failure<Refusal>> {
    let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
    let Some(row) = due_still(&uow, id).await? else { return Ok(false) };
    let plan = read_plan(&row)?;
    let division = match plan.sources().first() {
        Some(first) => organisations::agency(uow.tx(), &Scope::Everything, *first).await?,
        None => None,
    };
    let division = division.map(|row| row.agency.division_code).unwrap_or_default();
    let today = uow.today();
    let policy = policy::in_force::<AgencyChangePolicy>(uow.tx(), &division, today).await?;
    let reform = Reform { id, on: row.effective_on };
    let impact = apply(&mut uow, reform, &plan, &policy.body).await?;
    let mut changed = row.into_active_model();
    changed.state = Set(AgencyChangeState::Applied);
    changed.policy_id = Set(policy.id);
    changed.impact = Set(Some(serde_json::to_value(impact).map_err(Fault::other)?));
    changed.ended_at = Set(Some(uow.now()));
    changed.update(uow.tx()).await?;
    uow.commit().await?;
    Ok(true)
}

/// Says that a reform could not take effect, and why.
async fn fail(platform: &Platform, id: AgencyChangeId, refusal: &Refusal) -> Result<(), Fault> {
    let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
    let Some(row) = due_still(&uow, id).await? else { return Ok(()) };
    tracing::warn!(code = refusal.code(), reform = %id.0, "a reform could not take effect");
    let plan = read_plan(&row)?;
    let mut changed = row.into_active_model();
    changed.state = Set(AgencyChangeState::Failed);
    changed.failure = Set(Some(refusal.code().to_owned()));
    changed.ended_at = Set(Some(uow.now()));
    changed.update(uow.tx()).await?;
    let body = json!({ "code": refusal.code() });
    record_on_all(&mut uow, &plan, "agency_change.fail", id, &body);
    uow.commit().await
}

/// The row of a reform that waits to be applied, locked.
async fn due_still(
    uow: &UnitOfWork,
    id: AgencyChangeId,
) -> Result<Option<agency_change::Model>, Fault> {
    let row = store::to_act_on(uow, &Scope::Everything, id).await?;
    let due = |row: &agency_change::Model| {
        row.state == AgencyChangeState::Approved && row.effective_on <= uow.today()
    };
    Ok(row.filter(due))
}

/// Records an act on a reform in the chain of each agency concerned.
pub(super) fn record_on_all(
    uow: &mut UnitOfWork,
    plan: &Plan,
    action: &'static str,
    id: AgencyChangeId,
    body: &Value,
) {
    for agency in plan.sources().into_iter().chain(plan.known()) {
        uow.record(Stream::Agency(agency), action, encode(id), body.clone());
    }
}

/// Those who go from one agency to another, found before anything changes.
struct Moving {
    movement: Movement,
    people: Vec<PersonId>,
    applications: Vec<ApplicationId>,
}

impl Moving {
    /// The people of whom records go; none where all that the agency keeps goes.
    fn holders(&self) -> Option<&[PersonId]> {
        (!self.movement.is_whole()).then_some(self.people.as_slice())
    }
}

/// Does what a plan says, in the caller's transaction, and answers how much it touched.
pub(super) async fn apply(
    uow: &mut UnitOfWork,
    reform: Reform,
    plan: &Plan,
    policy: &AgencyChangePolicy,
) -> Result<Impact, Failure<Refusal>> {
    let sources = plan.sources();
    let all: Vec<AgencyId> =
        sources.iter().copied().chain(plan.targets().iter().map(Target::id)).collect();
    let before = reform::begin(uow, &all).await?;
    let after = rules::reformed(plan, &before)?;
    let last = store::last_day(uow.tx(), &concerned(all, &before, &after)).await?;
    rules::in_order(reform.on, last)?;
    members_are_there(uow, plan).await?;
    let impact = store::impact(uow.tx(), plan, uow.today()).await?;
    let asked = competent(uow.tx(), uow.today()).await?;
    reform::write(uow, reform, &before, &after).await.map_err(of_register)?;
    let founded: Vec<AgencyId> = after.founded.iter().map(|new| new.id).collect();
    store::enter_parties(uow, reform.id, ChangeSide::To, &founded).await?;
    // Whoever acts on a session or sitting locks that, then people; so does this.
    for (from, to) in plan.heirs() {
        training::reform::hand_on(uow, from, to, reform.id).await?;
        complaints::reform::hand_on(uow, from, to, reform.id).await?;
    }
    let (moving, staying) = find(uow, plan, &asked).await?;
    // Before anybody moves: whom a joint authorisation names is told by where they are.
    showings::reform::follow(uow, &reshaped(reform, plan, &founded, &moving)).await?;
    for group in &moving {
        let asked = asked.get(&group.movement.from).copied().unwrap_or_default();
        carry(uow, reform, plan.kind(), &after, group, asked, policy).await?;
    }
    for (agency, applications) in staying {
        let asked = asked.get(&agency).copied().unwrap_or_default();
        ask_anew(uow, agency, &applications, asked, reform.id).await?;
    }
    if let Plan::Rename { agency, name } = plan {
        rename(uow, reform, *agency, name, policy).await?;
    }
    for agency in plan.ended() {
        let name = after.nodes.get(&agency).map_or("", |node| node.name.as_str());
        end(uow, reform, agency, name).await?;
    }
    let body = json!({ "kind": plan.kind().code(), "on": reform.on });
    record_on_all(uow, plan, "agency_change.apply", reform.id, &body);
    Ok(impact)
}

/// What joint authorisations are told of it.
fn reshaped<'a>(
    reform: Reform,
    plan: &Plan,
    founded: &[AgencyId],
    moving: &'a [Moving],
) -> Reshaped<'a> {
    let group = |group: &'a Moving| Group {
        from: group.movement.from,
        to: group.movement.to,
        people: &group.people,
    };
    Reshaped {
        id: reform.id,
        groups: moving.iter().map(group).collect(),
        ended: plan.ended(),
        founded: founded.to_vec(),
        heirs: plan.heirs(),
    }
}

/// Finds those who go from one agency to another, and the open applications that stay where they
/// are but for which others are competent now: those of agencies that move, and those of agencies
/// whose justice department or issuing authority is reformed. All are locked at once.
async fn find(
    uow: &UnitOfWork,
    plan: &Plan,
    asked: &HashMap<AgencyId, Competent>,
) -> Result<(Vec<Moving>, BTreeMap<AgencyId, Vec<ApplicationId>>), Fault> {
    let mut moving = Vec::new();
    for movement in plan.movements() {
        let people = members_of(uow.tx(), movement.from, &movement.who).await?;
        moving.push(Moving { movement, people, applications: Vec::new() });
    }
    let now = competent(uow.tx(), uow.today()).await?;
    let ended = plan.ended();
    let others: Vec<AgencyId> = asked
        .iter()
        .filter(|(agency, before)| now.get(agency) != Some(before) && !ended.contains(agency))
        .map(|(agency, _)| *agency)
        .collect();
    let mut people = applicants(uow.tx(), &others).await?;
    people.extend(moving.iter().flat_map(|group| group.people.iter().copied()));
    facts::lock(uow, &people).await?;
    for group in &mut moving {
        let from = group.movement.from;
        group.applications = open_applications(uow.tx(), from, group.holders()).await?;
    }
    let mut staying = BTreeMap::new();
    for agency in others {
        let mut applications = open_applications(uow.tx(), agency, None).await?;
        applications.retain(|id| !moving.iter().any(|group| group.applications.contains(id)));
        staying.insert(agency, applications);
    }
    Ok((moving, staying))
}

/// Brings people, with all that is kept of them, to the agency that takes them over.
async fn carry(
    uow: &mut UnitOfWork,
    reform: Reform,
    kind: AgencyChangeKind,
    after: &Reformed,
    group: &Moving,
    asked: Competent,
    policy: &AgencyChangePolicy,
) -> Result<(), Fault> {
    let Movement { from, to, .. } = group.movement;
    let holders = group.holders();
    let name = after.nodes.get(&to).map(|node| node.name.clone());
    let keeper = organisations::agency(uow.tx(), &Scope::Everything, to).await?;
    let phone = keeper.and_then(|row| row.agency.complaint_phone);
    ask_for_exchange(uow, from, holders, due_on(uow, reform, policy), reform.id).await?;
    hand_on(uow, from, holders, to).await?;
    let succession = Succession { on: reform.on, kind, agency: Some(to), name };
    credentials::succeed(uow, from, holders, &succession, Some((to, phone))).await?;
    move_members(uow, &group.people, from, to, reform.id).await?;
    accounts::hand_on(uow, from, holders, Some(to)).await?;
    ask_anew(uow, to, &group.applications, asked, reform.id).await
}

/// Writes a new name onto the cards of the old one.
async fn rename(
    uow: &UnitOfWork,
    reform: Reform,
    agency: AgencyId,
    name: &str,
    policy: &AgencyChangePolicy,
) -> Result<(), Fault> {
    if policy.exchange_after_rename {
        let due_on = due_on(uow, reform, policy);
        ask_for_exchange(uow, agency, None, due_on, reform.id).await?;
    }
    let succession = Succession {
        on: reform.on,
        kind: AgencyChangeKind::Rename,
        agency: Some(agency),
        name: Some(name.to_owned()),
    };
    credentials::succeed(uow, agency, None, &succession, None).await
}

/// Ends an agency: nobody and nothing that goes on is left there. What is, old records, stays.
async fn end(
    uow: &mut UnitOfWork,
    reform: Reform,
    agency: AgencyId,
    name: &str,
) -> Result<(), Failure<Refusal>> {
    if has_people(uow.tx(), agency).await? {
        return Err(Refusal::about(Code::HasPeople, name).into());
    }
    if has_certificates(uow.tx(), agency, uow.today()).await? {
        return Err(Refusal::about(Code::HasCertificates, name).into());
    }
    if has_applications(uow.tx(), agency).await? {
        return Err(Refusal::about(Code::HasApplications, name).into());
    }
    let succession =
        Succession { on: reform.on, kind: AgencyChangeKind::Abolish, agency: None, name: None };
    credentials::succeed(uow, agency, None, &succession, None).await?;
    accounts::hand_on(uow, agency, None, None).await?;
    Ok(())
}

/// The day by which certificates are exchanged: counted from the first day of the reform, or from
/// today where it was entered later.
fn due_on(uow: &UnitOfWork, reform: Reform, policy: &AgencyChangePolicy) -> NaiveDate {
    let days = Days::new(policy.exchange_days.into());
    reform.on.max(uow.today()).checked_add_days(days).unwrap_or(NaiveDate::MAX)
}
