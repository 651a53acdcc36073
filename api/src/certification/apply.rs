//! Applications on their way: applied for, returned, handed in again, reviewed. The last step,
//! the issue, is in `issue`.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::NaiveDate;
use entities::enums::{
    ApplicationAct, ApplicationState, ApplicationStep as Step, CertificateState, QualificationState,
};
use entities::ids::{AgencyId, ApplicationId, CertificateId, PersonId, PolicyId};
use entities::{application, application_step, certificate, qualification};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::json;

use super::background::Background;
use super::bulk::{Agencies, MOST_AT_ONCE, Outcome, bounded, passed, person_of, written};
use super::error::CertificationRefusal as Refusal;
use super::rules::applications::{
    Duty, action, duty, may_step, needs_reasons, next, permission, separation,
};
use super::rules::checklist::{self, Circumstances, Unmet};
use super::rules::lifecycle;
use super::rules::oddities::{self, Oddity};
use super::store::{self, Side};
use crate::access::{Scope, counts_as};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::delegation;
use crate::graphql::ids::encode;
use crate::officers::facts::{self, PersonFacts};
use crate::organisations::authority::{self, supervised};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};
use crate::policy::ReviewPolicy;

/// What the checklist of an application asks about, for many people in a fixed number of
/// statements.
pub(super) struct Dossier {
    pub facts: HashMap<PersonId, PersonFacts>,
    pub agencies: Agencies,
    pub issuers: HashMap<AgencyId, AgencyId>,
    pub held: HashMap<PersonId, Vec<certificate::Model>>,
    pub qualifications: HashMap<PersonId, qualification::Model>,
    open: HashMap<PersonId, application::Model>,
    /// The day on which it was loaded.
    pub day: NaiveDate,
}

impl Dossier {
    /// Loads what is known of those people who lie within the scope, and of the agencies of their
    /// records.
    pub async fn load(
        db: &impl ConnectionTrait,
        scope: &Scope,
        people: &[PersonId],
        records: &[AgencyId],
        day: NaiveDate,
    ) -> Result<Self, Fault> {
        let facts = facts::facts_of(db, scope, people).await?;
        let units: HashSet<AgencyId> = facts.values().map(|f| f.person.agency_id).collect();
        let units: Vec<AgencyId> = units.into_iter().collect();
        let issuers = authority::issuing_authorities_of(db, &units, day).await?;
        let all = units.into_iter().chain(issuers.values().copied()).chain(records.iter().copied());
        Ok(Self {
            agencies: Agencies::load(db, all, day).await?,
            held: store::held(db, people).await?,
            qualifications: store::open_qualifications(db, people).await?,
            open: store::open_applications(db, people).await?,
            facts,
            issuers,
            day,
        })
    }

    /// What a person holds that has not ended, newest first, with its effective state.
    fn held(
        &self,
        person: PersonId,
    ) -> impl Iterator<Item = (&certificate::Model, CertificateState)> {
        let rows = self.held.get(&person).into_iter().flatten();
        rows.map(|row| (row, store::state_on(row, self.day)))
            .filter(|(_, state)| !lifecycle::is_terminal(*state))
    }

    /// The certificate an application is to renew or replace.
    fn replaced(&self, person: PersonId) -> Option<CertificateId> {
        self.held(person).map(|(row, _)| row.id).next()
    }

    /// Everything an application for the person lacks. `own` is the application itself, which
    /// does not stand in its own way but must still be of the person's agency.
    pub fn unmet(
        &self,
        facts: &PersonFacts,
        act: ApplicationAct,
        own: Option<&application::Model>,
    ) -> Result<Vec<Unmet>, Fault> {
        let (person, unit) = (facts.person.id, facts.person.agency_id);
        let held: Vec<_> = self.held(person).map(|(row, state)| (state, row.valid_until)).collect();
        let circumstances = Circumstances {
            qualified: self
                .qualifications
                .get(&person)
                .is_some_and(|q| q.state == QualificationState::Qualified),
            agency_confirmed: self.agencies.is_confirmed(unit, self.day)?,
            has_issuing_authority: self.issuers.contains_key(&unit),
            open_application: self
                .open
                .get(&person)
                .is_some_and(|open| own.is_none_or(|own| own.id != open.id)),
            held: &held,
        };
        let policy = self.agencies.policy(unit)?;
        let mut unmet = checklist::application(facts, act, &circumstances, &policy.body, self.day);
        if own.is_some_and(|own| own.agency_id != unit) {
            unmet.push(Unmet::Moved);
        }
        Ok(unmet)
    }
}

/// What an application lacks today; for reviewers, who are shown the exceptions first.
pub async fn checklists_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    applications: &[application::Model],
    day: NaiveDate,
) -> Result<HashMap<ApplicationId, Vec<Unmet>>, Fault> {
    let people: Vec<PersonId> = applications.iter().map(|row| row.person_id).collect();
    let units: Vec<AgencyId> = applications.iter().map(|row| row.agency_id).collect();
    let dossier = Dossier::load(db, scope, &people, &units, day).await?;
    let mut answer = HashMap::new();
    for row in applications {
        if let Some(facts) = dossier.facts.get(&row.person_id) {
            answer.insert(row.id, dossier.unmet(facts, row.act, Some(row))?);
        }
    }
    Ok(answer)
}

/// Applies for people (– → APPLIED). What is renewed or replaced is what they hold.
pub async fn apply(
    platform: &Platform,
    actor: &Actor,
    people: &[PersonId],
    act: ApplicationAct,
) -> Result<Vec<Outcome<PersonId, ApplicationId>>, Failure<Refusal>> {
    let people = bounded(people, MOST_AT_ONCE)?;
    let by = person_of(actor)?;
    let as_one = counts_as(actor, permission(Step::Apply));
    let scope = Scope::of(actor, permission(Step::Apply));
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    facts::lock(&uow, &people).await?;
    let dossier = Dossier::load(uow.tx(), &scope, &people, &[], uow.today()).await?;
    let background = Background::load(&uow, &dossier, &people).await?;
    let (mut outcomes, mut rows, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for id in people {
        let check = || -> Result<(&PersonFacts, AgencyId), Failure<Refusal>> {
            let facts = dossier.facts.get(&id).ok_or(Refusal::NotFound)?;
            separation(&as_one, id, &[]).map_err(Refusal::from)?;
            let unmet = dossier.unmet(facts, act, None)?;
            if !unmet.is_empty() {
                return Err(Refusal::Checklist(unmet).into());
            }
            let issuer = dossier.issuers.get(&facts.person.agency_id);
            let none = || Refusal::Checklist(vec![Unmet::NoIssuingAuthority]);
            Ok((facts, *issuer.ok_or_else(none)?))
        };
        let Some((facts, issuer)) = passed(&mut outcomes, id, check())? else { continue };
        let policy = dossier.agencies.policy(facts.person.agency_id)?.id;
        let (review, _) = dossier.agencies.review(facts.person.agency_id)?;
        let odd = background.oddities(&dossier, facts, act, facts.person.agency_id)?;
        let row = application::Model {
            id: uow.new_id(),
            person_id: id,
            kind: facts.person.kind,
            act,
            state: ApplicationState::Applied,
            agency_id: facts.person.agency_id,
            issuing_agency_id: issuer,
            proposed_by: by,
            submitted_at: Some(uow.now()),
            reviewed_by: None,
            reviewed_at: None,
            decided_by: None,
            decided_at: None,
            reasons: None,
            policy_id: Some(policy),
            replaces_id: dossier.replaced(id),
            certificate_id: None,
            oddity: oddities::rank(&odd),
            created_at: uow.now(),
            updated_at: uow.now(),
        };
        uow.record(
            Stream::Agency(row.agency_id),
            action(Step::Apply),
            encode(row.id),
            json!({
                "person": encode(id),
                "act": act.code(),
                "policy": encode(policy),
                "review_policy": review.map(encode),
            }),
        );
        outcomes.push(Outcome { id, result: Ok(row.id) });
        let step = step_taken(&uow, row.id, 1, Step::Apply, by, None, review);
        steps.push(step.into_active_model());
        rows.push(row.into_active_model());
    }
    if !rows.is_empty() {
        application::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
        application_step::Entity::insert_many(steps).exec_without_returning(uow.tx()).await?;
    }
    uow.commit().await?;
    Ok(outcomes)
}

/// The row of a step.
pub(super) fn step_taken(
    uow: &UnitOfWork,
    application: ApplicationId,
    seq: i32,
    step: Step,
    by: PersonId,
    reasons: Option<String>,
    policy: Option<PolicyId>,
) -> application_step::Model {
    application_step::Model {
        application_id: application,
        seq,
        step,
        by_person: by,
        at: uow.now(),
        reasons,
        policy_id: policy,
    }
}

/// The steps taken of an application so far.
#[derive(Clone, Debug, Default)]
pub(super) struct StepsTaken {
    /// The number of the last.
    last: i32,
    /// Each with who took it, and with whoever that person acted for.
    by: Vec<(Step, PersonId)>,
}

impl StepsTaken {
    /// Of each of these applications.
    pub async fn load(
        db: &impl ConnectionTrait,
        applications: &[ApplicationId],
    ) -> Result<HashMap<ApplicationId, Self>, Fault> {
        let steps = store::steps(db, applications).await?;
        let who: BTreeSet<PersonId> = steps.values().flatten().map(|s| s.by_person).collect();
        let who: Vec<PersonId> = who.into_iter().collect();
        let stood_in = delegation::stood_in(db, &who).await?;
        let mut taken: HashMap<ApplicationId, Self> = HashMap::new();
        for row in steps.values().flatten() {
            let of = taken.entry(row.application_id).or_default();
            of.last = of.last.max(row.seq);
            of.by.push((row.step, row.by_person));
            let by = permission(row.step);
            let lenders = delegation::lenders(&stood_in, row.by_person, by, row.at);
            of.by.extend(lenders.map(|lender| (row.step, lender)));
        }
        Ok(taken)
    }

    /// Whether an actor, with everybody they count as, may take the next step.
    pub fn may(
        &self,
        as_one: &[PersonId],
        subject: PersonId,
        step: Step,
        policy: &ReviewPolicy,
    ) -> Result<(), Refusal> {
        Ok(may_step(as_one, subject, step, &self.by, policy)?)
    }

    /// The number of the next step.
    pub fn next_seq(&self) -> i32 {
        self.last + 1
    }
}

/// What is done with applications that are on their way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Move {
    /// The agency hands a returned one in again.
    Resubmit,
    /// The justice department finds it in order.
    Approve,
    /// The justice department returns it with reasons.
    Return(String),
    /// The justice department refuses it with reasons.
    Refuse(String),
    /// The issuing authority returns it with reasons.
    SendBack(String),
}

impl Move {
    const fn step(&self) -> Step {
        match self {
            Self::Resubmit => Step::Resubmit,
            Self::Approve => Step::Approve,
            Self::Return(_) => Step::Return,
            Self::Refuse(_) => Step::Refuse,
            Self::SendBack(_) => Step::SendBack,
        }
    }

    fn reasons(&self) -> Option<&str> {
        match self {
            Self::Resubmit | Self::Approve => None,
            Self::Return(reasons) | Self::Refuse(reasons) | Self::SendBack(reasons) => {
                Some(reasons)
            }
        }
    }
}

/// What a reviewer has seen of the odd applications among those to be approved.
pub type Acknowledged = BTreeMap<ApplicationId, BTreeSet<Oddity>>;

/// Moves applications one step. What goes forward is checked again; what is returned or refused
/// needs reasons only. An odd one is not approved by this: see [`approve`].
pub async fn move_applications(
    platform: &Platform,
    actor: &Actor,
    ids: &[ApplicationId],
    to: &Move,
) -> Result<Vec<Outcome<ApplicationId, ()>>, Failure<Refusal>> {
    take_step(platform, actor, ids, to, &Acknowledged::new()).await
}

/// Approves applications. Their oddities are looked at anew: one that was not acknowledged with
/// its application refuses that one, so that nothing odd slips through among many.
pub async fn approve(
    platform: &Platform,
    actor: &Actor,
    ids: &[ApplicationId],
    acknowledged: &Acknowledged,
) -> Result<Vec<Outcome<ApplicationId, ()>>, Failure<Refusal>> {
    take_step(platform, actor, ids, &Move::Approve, acknowledged).await
}

async fn take_step(
    platform: &Platform,
    actor: &Actor,
    ids: &[ApplicationId],
    to: &Move,
    acknowledged: &Acknowledged,
) -> Result<Vec<Outcome<ApplicationId, ()>>, Failure<Refusal>> {
    let ids = bounded(ids, MOST_AT_ONCE)?;
    let by = person_of(actor)?;
    let step = to.step();
    let reasons = written(to.reasons())?;
    if needs_reasons(step) && reasons.is_none() {
        return Err(Refusal::ReasonsRequired.into());
    }
    let as_one = counts_as(actor, permission(step));
    let scope = Scope::of(actor, permission(step));
    let side = if step == Step::SendBack { Side::Issuer } else { Side::Agency };
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let today = uow.today();
    let people: Vec<PersonId> = store::applications(uow.tx(), &scope, side, &ids)
        .await?
        .values()
        .map(|row| row.person_id)
        .collect();
    facts::lock(&uow, &people).await?;
    let rows = store::applications(uow.tx(), &scope, side, &ids).await?;
    let units: Vec<AgencyId> = rows.values().map(|row| row.agency_id).collect();
    let dossier = Dossier::load(uow.tx(), &Scope::Everything, &people, &units, today).await?;
    let background = match step {
        Step::Approve | Step::Resubmit => Background::load(&uow, &dossier, &people).await?,
        _ => Background::default(),
    };
    let steps = StepsTaken::load(uow.tx(), &ids).await?;
    let supervised = if duty(step) == Duty::Review {
        supervised(uow.tx(), &scope, &units, today).await?
    } else {
        units.into_iter().collect()
    };
    let (mut outcomes, mut taken) = (Vec::new(), Vec::new());
    for id in ids {
        let check = || -> Result<Passed<'_>, Failure<Refusal>> {
            let row = rows.get(&id).filter(|row| supervised.contains(&row.agency_id));
            let row = row.ok_or(Refusal::NotFound)?;
            let (review, policy) = dossier.agencies.review(row.agency_id)?;
            let before = steps.get(&id).cloned().unwrap_or_default();
            before.may(&as_one, row.person_id, step, policy)?;
            let state =
                next(Some(row.state), step).ok_or_else(|| Refusal::application(row.state))?;
            let mut odd = Vec::new();
            if reasons.is_none() {
                let facts = dossier.facts.get(&row.person_id).ok_or(Refusal::NotFound)?;
                let mut unmet = dossier.unmet(facts, row.act, Some(row))?;
                // Handed in again, it is of the agency the person is with now.
                unmet.retain(|item| step != Step::Resubmit || *item != Unmet::Moved);
                if !unmet.is_empty() {
                    return Err(Refusal::Checklist(unmet).into());
                }
                odd = background.oddities(&dossier, facts, row.act, facts.person.agency_id)?;
            }
            if step == Step::Approve {
                oddities::seen(&odd, acknowledged.get(&id)).map_err(Refusal::Odd)?;
            }
            Ok(Passed { row, state, odd, review })
        };
        let Some(found) = passed(&mut outcomes, id, check())? else { continue };
        write(&mut uow, &dossier, &found, step, by, reasons.clone()).await?;
        let seq = steps.get(&id).map_or(1, StepsTaken::next_seq);
        let row = step_taken(&uow, id, seq, step, by, reasons.clone(), found.review);
        taken.push(row.into_active_model());
        outcomes.push(Outcome { id, result: Ok(()) });
    }
    if !taken.is_empty() {
        application_step::Entity::insert_many(taken).exec_without_returning(uow.tx()).await?;
    }
    uow.commit().await?;
    Ok(outcomes)
}

/// An application that may take its step.
struct Passed<'a> {
    row: &'a application::Model,
    state: ApplicationState,
    odd: Vec<Oddity>,
    review: Option<PolicyId>,
}

/// Writes a step of an application.
async fn write(
    uow: &mut UnitOfWork,
    dossier: &Dossier,
    found: &Passed<'_>,
    step: Step,
    by: PersonId,
    reasons: Option<String>,
) -> Result<(), Fault> {
    let Passed { row, state, odd, review } = found;
    let now = uow.now();
    let mut changed = (*row).clone().into_active_model();
    changed.state = Set(*state);
    changed.updated_at = Set(now);
    changed.reasons = Set(reasons);
    match step {
        Step::Resubmit => {
            changed.submitted_at = Set(Some(now));
            changed.oddity = Set(oddities::rank(odd));
            changed.reviewed_by = Set(None);
            changed.reviewed_at = Set(None);
            changed.decided_by = Set(None);
            changed.decided_at = Set(None);
            // The person may have moved and the agency's authority changed since.
            if let Some(facts) = dossier.facts.get(&row.person_id) {
                let unit = facts.person.agency_id;
                changed.agency_id = Set(unit);
                changed.issuing_agency_id =
                    Set(dossier.issuers.get(&unit).copied().unwrap_or(row.issuing_agency_id));
                changed.replaces_id = Set(dossier.replaced(row.person_id));
                changed.policy_id = Set(Some(dossier.agencies.policy(unit)?.id));
            }
        }
        Step::SendBack => {
            changed.decided_by = Set(Some(by));
            changed.decided_at = Set(Some(now));
        }
        _ => {
            changed.reviewed_by = Set(Some(by));
            changed.reviewed_at = Set(Some(now));
        }
    }
    changed.update(uow.tx()).await?;
    uow.record(
        Stream::Agency(row.agency_id),
        action(step),
        encode(row.id),
        json!({
            "person": encode(row.person_id),
            "state": state.code(),
            "review_policy": review.map(encode),
            "oddities": odd.iter().map(|oddity| oddity.code()).collect::<Vec<_>>(),
        }),
    );
    Ok(())
}
