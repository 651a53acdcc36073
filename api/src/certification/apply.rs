//! Applications on their way: applied for, returned, handed in again, reviewed. The last step,
//! the issue, is in `issue`.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::enums::{
    ApplicationAct, ApplicationState, ApplicationStep as Step, CertificateState, QualificationState,
};
use entities::ids::{AgencyId, ApplicationId, CertificateId, PersonId};
use entities::{application, application_step, certificate, qualification};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::json;

use super::bulk::{Agencies, MOST_AT_ONCE, Outcome, bounded, passed, person_of, written};
use super::error::CertificationRefusal as Refusal;
use super::rules::applications::{
    Duty, action, duty, may_step, needs_reasons, next, permission, separation,
};
use super::rules::checklist::{self, Circumstances, Unmet};
use super::rules::lifecycle;
use super::store::{self, Side};
use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::officers::facts::{self, PersonFacts};
use crate::organisations::authority::{self, supervised};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};

/// What the checklist of an application asks about, for many people in a fixed number of
/// statements.
pub(super) struct Dossier {
    pub facts: HashMap<PersonId, PersonFacts>,
    pub agencies: Agencies,
    pub issuers: HashMap<AgencyId, AgencyId>,
    pub held: HashMap<PersonId, Vec<certificate::Model>>,
    qualifications: HashMap<PersonId, qualification::Model>,
    open: HashMap<PersonId, application::Model>,
    day: NaiveDate,
}

impl Dossier {
    /// Loads what is known of those people who lie within the scope.
    pub async fn load(
        db: &impl ConnectionTrait,
        scope: &Scope,
        people: &[PersonId],
        day: NaiveDate,
    ) -> Result<Self, Fault> {
        let facts = facts::facts_of(db, scope, people).await?;
        let units: HashSet<AgencyId> = facts.values().map(|f| f.person.agency_id).collect();
        let units: Vec<AgencyId> = units.into_iter().collect();
        let issuers = authority::issuing_authorities_of(db, &units, day).await?;
        let all = units.into_iter().chain(issuers.values().copied());
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

    /// The day on which it was loaded.
    pub fn day(&self) -> NaiveDate {
        self.day
    }

    /// What a person holds that has not ended, newest first, with its effective state.
    fn held(
        &self,
        person: PersonId,
    ) -> impl Iterator<Item = (&certificate::Model, CertificateState)> {
        let rows = self.held.get(&person).into_iter().flatten();
        rows.map(|row| (row, lifecycle::effective(row.state, row.valid_until, self.day)))
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
    let dossier = Dossier::load(db, scope, &people, day).await?;
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
    let scope = Scope::of(actor, permission(Step::Apply));
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    facts::lock(&uow, &people).await?;
    let dossier = Dossier::load(uow.tx(), &scope, &people, uow.today()).await?;
    let (mut outcomes, mut rows, mut steps) = (Vec::new(), Vec::new(), Vec::new());
    for id in people {
        let check = || -> Result<(&PersonFacts, AgencyId), Failure<Refusal>> {
            let facts = dossier.facts.get(&id).ok_or(Refusal::NotFound)?;
            separation(by, id, &[]).map_err(Refusal::from)?;
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
            created_at: uow.now(),
            updated_at: uow.now(),
        };
        uow.record(
            Stream::Agency(row.agency_id),
            action(Step::Apply),
            encode(row.id),
            json!({ "person": encode(id), "act": act.code(), "policy": encode(policy) }),
        );
        outcomes.push(Outcome { id, result: Ok(row.id) });
        steps.push(step_taken(&uow, row.id, 1, Step::Apply, by, None).into_active_model());
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
) -> application_step::Model {
    application_step::Model {
        application_id: application,
        seq,
        step,
        by_person: by,
        at: uow.now(),
        reasons,
    }
}

/// The steps taken of an application so far.
#[derive(Clone, Debug, Default)]
pub(super) struct StepsTaken(Vec<application_step::Model>);

impl StepsTaken {
    /// Of each of these applications.
    pub async fn load(
        db: &impl ConnectionTrait,
        applications: &[ApplicationId],
    ) -> Result<HashMap<ApplicationId, Self>, Fault> {
        let steps = store::steps(db, applications).await?;
        Ok(steps.into_iter().map(|(id, steps)| (id, Self(steps))).collect())
    }

    /// Whether a person may take the next step.
    pub fn may(&self, by: PersonId, subject: PersonId, step: Step) -> Result<(), Refusal> {
        let taken: Vec<(Step, PersonId)> = self.0.iter().map(|s| (s.step, s.by_person)).collect();
        Ok(may_step(by, subject, step, &taken)?)
    }

    /// The number of the next step.
    pub fn next_seq(&self) -> i32 {
        self.0.last().map_or(0, |step| step.seq) + 1
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

/// Moves applications one step. What goes forward is checked again; what is returned or refused
/// needs reasons only.
pub async fn move_applications(
    platform: &Platform,
    actor: &Actor,
    ids: &[ApplicationId],
    to: &Move,
) -> Result<Vec<Outcome<ApplicationId, ()>>, Failure<Refusal>> {
    let ids = bounded(ids, MOST_AT_ONCE)?;
    let by = person_of(actor)?;
    let step = to.step();
    let reasons = written(to.reasons())?;
    if needs_reasons(step) && reasons.is_none() {
        return Err(Refusal::ReasonsRequired.into());
    }
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
    let dossier = Dossier::load(uow.tx(), &Scope::Everything, &people, today).await?;
    let steps = StepsTaken::load(uow.tx(), &ids).await?;
    let units: Vec<AgencyId> = rows.values().map(|row| row.agency_id).collect();
    let supervised = if duty(step) == Duty::Review {
        supervised(uow.tx(), &scope, &units, today).await?
    } else {
        units.into_iter().collect()
    };
    let (mut outcomes, mut taken) = (Vec::new(), Vec::new());
    for id in ids {
        let check = || -> Result<(&application::Model, ApplicationState), Failure<Refusal>> {
            let row = rows.get(&id).filter(|row| supervised.contains(&row.agency_id));
            let row = row.ok_or(Refusal::NotFound)?;
            steps.get(&id).unwrap_or(&StepsTaken::default()).may(by, row.person_id, step)?;
            let state =
                next(Some(row.state), step).ok_or_else(|| Refusal::application(row.state))?;
            if reasons.is_none() {
                let facts = dossier.facts.get(&row.person_id).ok_or(Refusal::NotFound)?;
                let mut unmet = dossier.unmet(facts, row.act, Some(row))?;
                // Handed in again, it is of the agency the person is with now.
                unmet.retain(|item| step != Step::Resubmit || *item != Unmet::Moved);
                if !unmet.is_empty() {
                    return Err(Refusal::Checklist(unmet).into());
                }
            }
            Ok((row, state))
        };
        let Some((row, state)) = passed(&mut outcomes, id, check())? else { continue };
        write(&mut uow, &dossier, row, state, step, by, reasons.clone()).await?;
        let seq = steps.get(&id).map_or(1, StepsTaken::next_seq);
        taken.push(step_taken(&uow, id, seq, step, by, reasons.clone()).into_active_model());
        outcomes.push(Outcome { id, result: Ok(()) });
    }
    if !taken.is_empty() {
        application_step::Entity::insert_many(taken).exec_without_returning(uow.tx()).await?;
    }
    uow.commit().await?;
    Ok(outcomes)
}

/// Writes a step of an application.
async fn write(
    uow: &mut UnitOfWork,
    dossier: &Dossier,
    row: &application::Model,
    state: ApplicationState,
    step: Step,
    by: PersonId,
    reasons: Option<String>,
) -> Result<(), Fault> {
    let now = uow.now();
    let mut changed = row.clone().into_active_model();
    changed.state = Set(state);
    changed.updated_at = Set(now);
    changed.reasons = Set(reasons);
    match step {
        Step::Resubmit => {
            changed.submitted_at = Set(Some(now));
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
        json!({ "person": encode(row.person_id), "state": state.code() }),
    );
    Ok(())
}
