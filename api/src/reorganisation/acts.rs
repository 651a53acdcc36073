//! Reforms proposed, decided on and withdrawn. Whoever proposes does not decide, where the policy
//! says so; both reach every agency concerned.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::NaiveDate;
use entities::agency_change;
use entities::enums::{AgencyChangeState, ChangeSide, ScopeAxis};
use entities::ids::{AgencyChangeId, AgencyId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::json;

use super::apply::{apply, record_on_all};
use super::error::{Code, ReorganisationRefusal as Refusal, of_register};
use super::plan::{Plan, Target};
use super::{rules, store};
use crate::access::{Permission, Scope, tree};
use crate::audit::UnitOfWork;
use crate::organisations::reform::{self, Reform, Reformed};
use crate::organisations::rules::{self as register, Surroundings, Trees};
use crate::organisations::{self, OrganisationCode, OrganisationRefusal};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};
use crate::policy::{self, AgencyChangePolicy, InForce};

/// A reform that is proposed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewChange {
    /// What is to be done.
    pub plan: Plan,
    /// First day on which it holds.
    pub effective_on: NaiveDate,
    /// Number of the document that orders it.
    pub document: String,
}

/// Proposes a reform. Nothing changes before another person decides.
pub async fn propose(
    platform: &Platform,
    actor: &Actor,
    new: NewChange,
) -> Result<AgencyChangeId, Failure<Refusal>> {
    let NewChange { mut plan, effective_on, document } = new;
    let document = rules::document(&document)?;
    if let Plan::Rename { name, .. } = &mut plan {
        *name = register::name(name).map_err(Refusal::from)?;
    }
    for founded in plan.founded_mut() {
        reform::tidy(founded).map_err(Refusal::from)?;
    }
    let scope = Scope::of(actor, Permission::ManageOrganisations);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let Terms { policy, .. } = check(&uow, &scope, &plan, effective_on).await?;
    let id: AgencyChangeId = uow.new_id();
    let row = agency_change::Model {
        id,
        kind: plan.kind(),
        state: AgencyChangeState::Proposed,
        effective_on,
        document,
        plan: serde_json::to_value(&plan).map_err(Fault::other)?,
        impact: None,
        failure: None,
        policy_id: policy.id,
        proposed_by: uow.actor().person(),
        proposed_at: uow.now(),
        decided_by: None,
        decided_at: None,
        ended_at: None,
    };
    row.into_active_model().insert(uow.tx()).await?;
    store::enter_parties(&uow, id, ChangeSide::From, &plan.sources()).await?;
    store::enter_parties(&uow, id, ChangeSide::To, &plan.known()).await?;
    let body = json!({ "kind": plan.kind().code(), "on": effective_on });
    record_on_all(&mut uow, &plan, "agency_change.propose", id, &body);
    uow.commit().await?;
    Ok(id)
}

/// Decides that a reform is done: at once where its day has come, else on its day.
pub async fn approve(
    platform: &Platform,
    actor: &Actor,
    id: AgencyChangeId,
) -> Result<AgencyChangeId, Failure<Refusal>> {
    let scope = Scope::of(actor, Permission::ManageOrganisations);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let row = store::to_act_on(&uow, &scope, id).await?;
    let row = row.ok_or_else(|| Refusal::plain(Code::ChangeNotFound))?;
    if row.state != AgencyChangeState::Proposed {
        return Err(Refusal::state(row.state).into());
    }
    let plan = read_plan(&row)?;
    let Terms { policy, two_persons } = check(&uow, &scope, &plan, row.effective_on).await?;
    let by = uow.actor().person();
    if two_persons && by.is_some() && by == row.proposed_by {
        return Err(Refusal::plain(Code::SeparationOfDuties).into());
    }
    let effective_on = row.effective_on;
    let mut changed = row.into_active_model();
    changed.state = Set(AgencyChangeState::Approved);
    changed.policy_id = Set(policy.id);
    changed.decided_by = Set(by);
    changed.decided_at = Set(Some(uow.now()));
    if effective_on <= uow.today() {
        let reform = Reform { id, on: effective_on };
        let impact = apply(&mut uow, reform, &plan, &policy.body).await?;
        changed.state = Set(AgencyChangeState::Applied);
        changed.impact = Set(Some(serde_json::to_value(impact).map_err(Fault::other)?));
        changed.ended_at = Set(Some(uow.now()));
    }
    changed.update(uow.tx()).await?;
    let body = json!({ "on": effective_on });
    record_on_all(&mut uow, &plan, "agency_change.approve", id, &body);
    uow.commit().await?;
    Ok(id)
}

/// Takes a reform back, whether it is decided or not, as long as it is not in effect.
pub async fn withdraw(
    platform: &Platform,
    actor: &Actor,
    id: AgencyChangeId,
) -> Result<AgencyChangeId, Failure<Refusal>> {
    let scope = Scope::of(actor, Permission::ManageOrganisations);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let row = store::to_act_on(&uow, &scope, id).await?;
    let row = row.ok_or_else(|| Refusal::plain(Code::ChangeNotFound))?;
    if !matches!(row.state, AgencyChangeState::Proposed | AgencyChangeState::Approved) {
        return Err(Refusal::state(row.state).into());
    }
    let plan = read_plan(&row)?;
    let from = row.state;
    let mut changed = row.into_active_model();
    changed.state = Set(AgencyChangeState::Withdrawn);
    changed.ended_at = Set(Some(uow.now()));
    changed.update(uow.tx()).await?;
    let body = json!({ "from": from.code() });
    record_on_all(&mut uow, &plan, "agency_change.withdraw", id, &body);
    uow.commit().await?;
    Ok(id)
}

/// The plan of a reform.
pub(super) fn read_plan(row: &agency_change::Model) -> Result<Plan, Fault> {
    serde_json::from_value(row.plan.clone())
        .map_err(|e| Fault::stored(format!("plan of a reform: {e}")))
}

/// The new name of an agency that is renamed, or the name of one that a merger founds.
pub fn new_name(row: &agency_change::Model) -> Result<Option<String>, Fault> {
    Ok(match read_plan(row)? {
        Plan::Rename { name, .. } => Some(name),
        Plan::Merge { into: Target::New(new), .. } => Some(new.name),
        _ => None,
    })
}

/// What holds for a reform.
struct Terms {
    /// The policy where the first agency is.
    policy: Arc<InForce<AgencyChangePolicy>>,
    /// Whether another person decides: where that is so for any of the agencies.
    two_persons: bool,
}

/// Whether the actor may have such a reform from such a day; answers what holds for it.
async fn check(
    uow: &UnitOfWork,
    scope: &Scope,
    plan: &Plan,
    on: NaiveDate,
) -> Result<Terms, Failure<Refusal>> {
    let (sources, known) = (plan.sources(), plan.known());
    if sources.len().max(known.len()) > rules::MOST_AGENCIES {
        return Err(Refusal::most(rules::MOST_AGENCIES).into());
    }
    let both: Vec<AgencyId> = sources.iter().chain(&known).copied().collect();
    let within = store::within(uow.tx(), scope, &both).await?;
    if !sources.iter().all(|id| within.contains(id)) {
        let code = OrganisationCode::AgencyNotFound;
        return Err(Refusal::from(OrganisationRefusal::new(code, "")).into());
    }
    if !known.iter().all(|id| within.contains(id)) {
        return Err(Refusal::plain(Code::SuccessorNotFound).into());
    }
    let around = organisations::surroundings(uow.tx()).await?;
    let after = rules::reformed(plan, &around)?;
    stays_within(scope, plan, &around, &after)?;
    reform::refuse_taken_codes(uow.tx(), &after.founded).await.map_err(of_register)?;
    members_are_there(uow, plan).await?;
    // Where the agencies are, and where the reform takes them or founds them.
    let now = both.iter().filter_map(|id| around.nodes.get(id));
    let then = after.changed(&around);
    let divisions: Vec<String> =
        now.chain(then.iter().copied()).map(|node| node.division_code.clone()).collect();
    let policies =
        policy::in_force_many::<AgencyChangePolicy>(uow.tx(), &divisions, uow.today()).await?;
    let policy = divisions.first().and_then(|first| policies.get(first)).cloned();
    let policy = policy.ok_or_else(|| Fault::other("no policy holds for a reform"))?;
    let two_persons = policies.values().any(|policy| policy.body.two_persons);
    let last = store::last_day(uow.tx(), &concerned(both, &around, &after)).await?;
    rules::day(on, uow.today(), last, &policy.body)?;
    Ok(Terms { policy, two_persons })
}

/// The agencies of a reform, and those that it changes with them.
pub(super) fn concerned(
    named: Vec<AgencyId>,
    before: &Surroundings,
    after: &Reformed,
) -> Vec<AgencyId> {
    let changed = after.changed(before).into_iter().map(|node| node.id);
    named.into_iter().chain(changed).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether those of a split who are named are with the agency.
pub(super) async fn members_are_there(
    uow: &UnitOfWork,
    plan: &Plan,
) -> Result<(), Failure<Refusal>> {
    let Plan::Split { from, parts, .. } = plan else { return Ok(()) };
    let units = store::units_of(uow.tx(), *from).await?;
    for part in parts {
        if let Some(unknown) = part.units.iter().find(|unit| !units.contains(*unit)) {
            return Err(Refusal::about(Code::UnitUnknown, unknown).into());
        }
        if store::how_many_of(uow.tx(), *from, &part.people).await? < part.people.len() {
            let node = organisations::agency(uow.tx(), &Scope::Everything, *from).await?;
            let name = node.map(|row| row.agency.name).unwrap_or_default();
            return Err(Refusal::about(Code::PersonElsewhere, &name).into());
        }
    }
    Ok(())
}

/// Refuses to found an agency, or to move one, where the actor has no say.
fn stays_within(
    scope: &Scope,
    plan: &Plan,
    around: &Surroundings,
    after: &Reformed,
) -> Result<(), Refusal> {
    let Scope::Under(roots) = scope else { return Ok(()) };
    let mut placed: Vec<AgencyId> = after.founded.iter().map(|new| new.id).collect();
    if let Plan::Move { agency, .. } = plan {
        placed.push(*agency);
    }
    if placed.is_empty() {
        return Ok(());
    }
    let trees = register::trees(after.nodes.values(), &around.places);
    let roots: HashSet<_> = roots.iter().copied().collect();
    for id in placed {
        if !above(&trees, id).iter().any(|place| roots.contains(place)) {
            let name = after.nodes.get(&id).map_or("", |node| node.name.as_str());
            let code = OrganisationCode::OutsideScope;
            return Err(OrganisationRefusal::new(code, name).into());
        }
    }
    Ok(())
}

/// Every place under which an agency lies, itself included.
fn above(trees: &Trees, id: AgencyId) -> Vec<(ScopeAxis, AgencyId)> {
    use ScopeAxis::{Line, Own, Territory};
    [(Territory, &trees.territory), (Line, &trees.line), (Own, &trees.own)]
        .into_iter()
        .flat_map(|(axis, parents)| {
            tree::line_of(parents, id).into_iter().map(move |ancestor| (axis, ancestor))
        })
        .collect()
}
