//! Qualification (执法资格): the agency puts a person forward, the justice department decides.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::enums::QualificationState;
use entities::ids::{PersonId, QualificationId};
use entities::qualification;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::json;

use super::bulk::{Agencies, MOST_AT_ONCE, Outcome, bounded, passed, person_of, written};
use super::error::CertificationRefusal as Refusal;
use super::rules::applications::separation;
use super::rules::checklist::{self, Unmet};
use super::store;
use crate::access::{Permission, Scope, counts_as};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::delegation::{self, StoodIn};
use crate::graphql::ids::encode;
use crate::officers::facts::{self, PersonFacts};
use crate::officers::standings;
use crate::organisations::authority::supervised;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};

/// Puts people forward for qualification (– → CANDIDATE): on establishment, in post, not excluded.
pub async fn nominate(
    platform: &Platform,
    actor: &Actor,
    people: &[PersonId],
) -> Result<Vec<Outcome<PersonId, QualificationId>>, Failure<Refusal>> {
    let people = bounded(people, MOST_AT_ONCE)?;
    let by = person_of(actor)?;
    let as_one = counts_as(actor, Permission::NominateCandidates);
    let scope = Scope::of(actor, Permission::NominateCandidates);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let today = uow.today();
    facts::lock(&uow, &people).await?;
    let known = facts::facts_of(uow.tx(), &scope, &people).await?;
    let open = store::open_qualifications(uow.tx(), &people).await?;
    let agencies =
        Agencies::load(uow.tx(), known.values().map(|f| f.person.agency_id), today).await?;
    let (mut outcomes, mut rows) = (Vec::new(), Vec::new());
    for id in people {
        let check = || -> Result<&PersonFacts, Failure<Refusal>> {
            let facts = known.get(&id).ok_or(Refusal::NotFound)?;
            separation(&as_one, id, &[]).map_err(Refusal::from)?;
            if let Some(open) = open.get(&id) {
                return Err(Refusal::qualification(open.state).into());
            }
            let policy = agencies.policy(facts.person.agency_id)?;
            let unmet = checklist::exclusions(facts, &policy.body, today);
            if unmet.is_empty() { Ok(facts) } else { Err(Refusal::Checklist(unmet).into()) }
        };
        let Some(facts) = passed(&mut outcomes, id, check())? else { continue };
        let row = qualification::Model {
            id: uow.new_id(),
            person_id: id,
            kind: facts.person.kind,
            state: QualificationState::Candidate,
            agency_id: facts.person.agency_id,
            nominated_by: by,
            nominated_at: uow.now(),
            decided_by: None,
            decided_at: None,
            policy_id: Some(agencies.policy(facts.person.agency_id)?.id),
            reasons: None,
            existing_id: None,
        };
        outcomes.push(Outcome { id, result: Ok(row.id) });
        uow.record(
            Stream::Agency(row.agency_id),
            "qualification.nominate",
            encode(row.id),
            json!({ "person": encode(id) }),
        );
        rows.push(row.into_active_model());
    }
    if !rows.is_empty() {
        qualification::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    }
    uow.commit().await?;
    Ok(outcomes)
}

/// What the justice department decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// CANDIDATE → QUALIFIED: both exams and the training.
    Qualify,
    /// CANDIDATE → CANCELLED, with reasons.
    Refuse(String),
}

/// Decides on candidates. Only the justice department of their agency can.
pub async fn decide_qualification(
    platform: &Platform,
    actor: &Actor,
    ids: &[QualificationId],
    decision: &Decision,
) -> Result<Vec<Outcome<QualificationId, ()>>, Failure<Refusal>> {
    let ids = bounded(ids, MOST_AT_ONCE)?;
    let by = person_of(actor)?;
    let reasons = match decision {
        Decision::Qualify => None,
        Decision::Refuse(reasons) => Some(written(Some(reasons))?.ok_or(Refusal::ReasonsRequired)?),
    };
    let as_one = counts_as(actor, Permission::DecideQualifications);
    let scope = Scope::of(actor, Permission::DecideQualifications);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let today = uow.today();
    let people: Vec<PersonId> = store::qualifications(uow.tx(), &scope, &ids)
        .await?
        .values()
        .map(|row| row.person_id)
        .collect();
    facts::lock(&uow, &people).await?;
    let rows = store::qualifications(uow.tx(), &scope, &ids).await?;
    let known = facts::facts_of(uow.tx(), &scope, &people).await?;
    let concerned: HashSet<_> = rows.values().map(|row| row.agency_id).collect();
    let concerned: Vec<_> = concerned.into_iter().collect();
    let supervised = supervised(uow.tx(), &scope, &concerned, today).await?;
    let agencies = Agencies::load(uow.tx(), concerned, today).await?;
    let nominators: Vec<PersonId> = rows.values().map(|row| row.nominated_by).collect();
    let stood_in = delegation::stood_in(uow.tx(), &nominators).await?;
    let mut outcomes = Vec::new();
    for id in ids {
        let check = || -> Result<&qualification::Model, Failure<Refusal>> {
            let row = rows.get(&id).filter(|row| supervised.contains(&row.agency_id));
            let row = row.ok_or(Refusal::NotFound)?;
            let facts = known.get(&row.person_id).ok_or(Refusal::NotFound)?;
            separation(&as_one, row.person_id, &nominators_of(row, &stood_in))
                .map_err(Refusal::from)?;
            if row.state != QualificationState::Candidate {
                return Err(Refusal::qualification(row.state).into());
            }
            let policy = agencies.policy(row.agency_id)?;
            let unmet = checklist::qualification(facts, &policy.body, today);
            if *decision == Decision::Qualify && !unmet.is_empty() {
                return Err(Refusal::Checklist(unmet).into());
            }
            Ok(row)
        };
        let Some(row) = passed(&mut outcomes, id, check())? else { continue };
        let (state, action) = match decision {
            Decision::Qualify => (QualificationState::Qualified, "qualification.qualify"),
            Decision::Refuse(_) => (QualificationState::Cancelled, "qualification.refuse"),
        };
        let policy = agencies.policy(row.agency_id)?.id;
        let mut changed = row.clone().into_active_model();
        changed.state = Set(state);
        changed.decided_by = Set(Some(by));
        changed.decided_at = Set(Some(uow.now()));
        changed.policy_id = Set(Some(policy));
        changed.reasons = Set(reasons.clone());
        changed.update(uow.tx()).await?;
        uow.record(
            Stream::Agency(row.agency_id),
            action,
            encode(id),
            json!({ "person": encode(row.person_id), "policy": encode(policy) }),
        );
        outcomes.push(Outcome { id, result: Ok(()) });
    }
    uow.commit().await?;
    Ok(outcomes)
}

/// Who nominated: the person, and whoever lent the role in which that was done.
pub(super) fn nominators_of(row: &qualification::Model, stood_in: &[StoodIn]) -> Vec<PersonId> {
    let by = Permission::NominateCandidates;
    delegation::doers(stood_in, row.nominated_by, by, row.nominated_at)
}

/// What candidates lack today; whoever is decided on is left out.
pub async fn checklists_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    rows: &[qualification::Model],
    day: NaiveDate,
) -> Result<HashMap<QualificationId, Vec<Unmet>>, Fault> {
    let candidates: Vec<_> =
        rows.iter().filter(|row| row.state == QualificationState::Candidate).collect();
    let people: Vec<PersonId> = candidates.iter().map(|row| row.person_id).collect();
    let known = facts::facts_of(db, scope, &people).await?;
    let agencies = Agencies::load(db, candidates.iter().map(|row| row.agency_id), day).await?;
    let mut answer = HashMap::new();
    for row in candidates {
        if let Some(facts) = known.get(&row.person_id) {
            let policy = agencies.policy(row.agency_id)?;
            answer.insert(row.id, checklist::qualification(facts, &policy.body, day));
        }
    }
    Ok(answer)
}

/// Confirms that people have done the off-post training they owed: their suspensions can then be
/// lifted. The justice department does, and nobody for themself.
pub async fn confirm_retraining(
    platform: &Platform,
    actor: &Actor,
    people: &[PersonId],
) -> Result<Vec<Outcome<PersonId, ()>>, Failure<Refusal>> {
    let people = bounded(people, MOST_AT_ONCE)?;
    person_of(actor)?;
    let as_one = counts_as(actor, Permission::DecideQualifications);
    let scope = Scope::of(actor, Permission::DecideQualifications);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let today = uow.today();
    facts::lock(&uow, &people).await?;
    let known = facts::facts_of(uow.tx(), &scope, &people).await?;
    let concerned: HashSet<_> = known.values().map(|f| f.person.agency_id).collect();
    let concerned: Vec<_> = concerned.into_iter().collect();
    let supervised = supervised(uow.tx(), &scope, &concerned, today).await?;
    let mut outcomes = Vec::new();
    for id in people {
        let person = known.get(&id).filter(|f| supervised.contains(&f.person.agency_id));
        let result = match person {
            None => Err(Refusal::NotFound),
            Some(_) if as_one.contains(&id) => Err(Refusal::OwnRecord),
            Some(person) => {
                let lifted = standings::lift_retraining(&mut uow, person).await?;
                if lifted { Ok(()) } else { Err(Refusal::NoRetrainingOwed) }
            }
        };
        outcomes.push(Outcome { id, result });
    }
    uow.commit().await?;
    Ok(outcomes)
}
