//! Sittings of an exam: planned, with candidates and their outcomes; confirmed by another person
//! than who entered those, and from then on counting; corrected with reasons.

use chrono::NaiveDate;
use entities::enums::{ExamOutcome, ExamSubject, SittingState};
use entities::ids::{AgencyId, ExamSittingId, PersonId};
use entities::{exam_candidate, exam_correction, exam_sitting};
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait};
use serde_json::json;

use super::error::{Result, TrainingRefusal as Refusal, of_register};
use super::rules;
use super::store::{self, Candidate};
use crate::access::{Permission, Scope, counts_as};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::delegation;
use crate::graphql::ids::encode;
use crate::officers::{self, NewExam, NewRecord, OfficerRefusal, exams, facts};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::policy::{self, CertificationPolicy};

/// Results written at once.
const AT_ONCE: usize = 400;

/// A sitting as it is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSitting {
    /// Who holds it.
    pub organiser: AgencyId,
    /// Which exam.
    pub subject: ExamSubject,
    /// Code of the enforcement field of a professional-law exam, where it is for one.
    pub field: Option<String>,
    /// Day of the exam.
    pub held_on: NaiveDate,
    /// Where, 1–100 characters.
    pub place: String,
    /// Whether it takes resits.
    pub resits_allowed: bool,
}

/// Plans a sitting. Its pass mark is the policy's in the organiser's division on the day of the exam.
pub async fn plan_sitting(
    platform: &Platform,
    actor: &Actor,
    new: NewSitting,
) -> Result<exam_sitting::Model> {
    let scope = Scope::of(actor, Permission::RecordExams);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let place = rules::text("place", &new.place)?;
    if !rules::near(new.held_on, uow.today()) {
        return Err(Refusal::DatesInvalid.into());
    }
    let organiser =
        store::organiser(&uow, &scope, new.organiser).await?.ok_or(Refusal::OrganiserNotFound)?;
    if let Some(field) = &new.field {
        // The public-law exam is the same for every field.
        let known = store::field_exists(uow.tx(), field).await?;
        if !known || new.subject == ExamSubject::PublicLaw {
            return Err(Refusal::FieldNotFound.into());
        }
    }
    let division = &organiser.division_code;
    let policy: std::sync::Arc<policy::InForce<CertificationPolicy>> =
        policy::in_force(uow.tx(), division, new.held_on).await?;
    let row = exam_sitting::Model {
        id: uow.new_id(),
        organiser_id: organiser.id,
        subject: new.subject,
        field_code: new.field,
        held_on: new.held_on,
        place,
        resits_allowed: new.resits_allowed,
        policy_id: policy.id,
        pass_mark_tenths: policy.body.pass_mark_tenths,
        state: SittingState::Planned,
        cancel_reason: None,
        created_by: actor.person(),
        confirmed_by: None,
        confirmed_at: None,
        created_at: uow.now(),
        updated_at: uow.now(),
    };
    exam_sitting::ActiveModel::from(row.clone()).insert(uow.tx()).await?;
    let body = json!({ "subject": row.subject.code(), "policy": encode(row.policy_id) });
    uow.record(Stream::Agency(row.organiser_id), "sitting.plan", encode(row.id), body);
    uow.commit().await?;
    Ok(row)
}

/// A sitting whose results are not confirmed, kept from others.
async fn planned(uow: &UnitOfWork, id: ExamSittingId) -> Result<exam_sitting::Model> {
    let row = any(uow, id).await?;
    if row.state == SittingState::Planned {
        Ok(row)
    } else {
        Err(Refusal::StateNotAllowed { state: row.state.code() }.into())
    }
}

async fn any(uow: &UnitOfWork, id: ExamSittingId) -> Result<exam_sitting::Model> {
    let scope = Scope::of(uow.actor(), Permission::RecordExams);
    Ok(store::lock_sitting(uow, &scope, id).await?.ok_or(Refusal::SittingNotFound)?)
}

/// Writes a sitting's new state.
async fn settle(uow: &UnitOfWork, row: exam_sitting::Model) -> Result<exam_sitting::Model> {
    let row = exam_sitting::Model { updated_at: uow.now(), ..row };
    exam_sitting::ActiveModel::from(row.clone()).reset_all().update(uow.tx()).await?;
    Ok(row)
}

/// Cancels a sitting that is not confirmed: what was entered never counts.
pub async fn cancel_sitting(
    platform: &Platform,
    actor: &Actor,
    id: ExamSittingId,
    reason: &str,
) -> Result<exam_sitting::Model> {
    let reason = rules::reason(reason)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let row = planned(&uow, id).await?;
    let (state, cancel_reason) = (SittingState::Cancelled, Some(reason));
    let row = settle(&uow, exam_sitting::Model { state, cancel_reason, ..row }).await?;
    uow.record(Stream::Agency(row.organiser_id), "sitting.cancel", encode(id), json!({}));
    uow.commit().await?;
    Ok(row)
}

/// Takes back the registration of a candidate who has no outcome yet.
pub async fn withdraw(
    platform: &Platform,
    actor: &Actor,
    id: ExamSittingId,
    person: PersonId,
) -> Result<exam_sitting::Model> {
    let as_one = counts_as(actor, Permission::RecordExams);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let row = planned(&uow, id).await?;
    let known = store::candidates_among(uow.tx(), id, &[person]).await?.remove(&person);
    let known = known.ok_or(Refusal::NotRegistered)?;
    if as_one.contains(&person) {
        return Err(Refusal::OwnRecord.into());
    }
    if known.outcome.is_some() {
        return Err(Refusal::OutcomeEntered.into());
    }
    exam_candidate::Entity::delete_by_id((id, person)).exec(uow.tx()).await?;
    let body = json!({ "person": encode(person) });
    uow.record(Stream::Agency(row.organiser_id), "candidates.withdraw", encode(id), body);
    uow.commit().await?;
    Ok(row)
}

/// Confirms the outcomes of a sitting: from now on they are results of the people, as attempts of
/// their cycles, and who failed the resit owes off-post study. By a person who entered none of them
/// and sat not there themselves.
pub async fn confirm_sitting(
    platform: &Platform,
    actor: &Actor,
    id: ExamSittingId,
) -> Result<exam_sitting::Model> {
    let confirmer = actor.person().ok_or(Refusal::PersonRequired)?;
    let as_one = counts_as(actor, Permission::RecordExams);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let row = planned(&uow, id).await?;
    let candidates = store::candidates(uow.tx(), id, None, None).await?;
    if candidates.is_empty() {
        return Err(Refusal::NothingSelected.into());
    }
    let count = candidates.iter().filter(|c| c.outcome.is_none()).count();
    if count > 0 {
        return Err(Refusal::OutcomesMissing { count }.into());
    }
    if enterers(uow.tx(), &candidates).await?.iter().any(|by| as_one.contains(by)) {
        return Err(Refusal::SeparationOfDuties.into());
    }
    if candidates.iter().any(|c| as_one.contains(&c.person_id)) {
        return Err(Refusal::OwnRecord.into());
    }
    let people: Vec<PersonId> = candidates.iter().map(|c| c.person_id).collect();
    facts::lock(&uow, &people).await?;
    let records: Vec<(PersonId, NewRecord)> =
        candidates.iter().filter_map(|candidate| record(&row, candidate)).collect();
    let mut count = 0;
    for chunk in records.chunks(AT_ONCE) {
        // Who has moved since has sat all the same.
        let (everywhere, source) = (&Scope::Everything, exams::source(id));
        for answer in officers::record_all(&mut uow, everywhere, &source, chunk.to_vec()).await? {
            match answer {
                Ok(_) => {}
                Err(OfficerRefusal::ExamOutOfOrder) => count += 1,
                Err(refusal) => return Err(Refusal::Register(refusal).into()),
            }
        }
    }
    if count > 0 {
        return Err(Refusal::OutcomesOutOfOrder { count }.into());
    }
    let row = settle(
        &uow,
        exam_sitting::Model {
            state: SittingState::Confirmed,
            confirmed_by: Some(confirmer),
            confirmed_at: Some(uow.now()),
            ..row
        },
    )
    .await?;
    let body = json!({ "candidates": candidates.len(), "results": records.len() });
    uow.record(Stream::Agency(row.organiser_id), "sitting.confirm", encode(id), body);
    uow.commit().await?;
    Ok(row)
}

/// Who entered the outcomes of candidates, and who lent the role in which they were entered: lender
/// and delegate count as one person.
async fn enterers(
    db: &impl ConnectionTrait,
    candidates: &[Candidate],
) -> std::result::Result<Vec<PersonId>, Fault> {
    let mut persons: Vec<PersonId> = candidates.iter().filter_map(|c| c.entered_by).collect();
    persons.sort_unstable();
    persons.dedup();
    let stood_in = delegation::stood_in(db, &persons).await?;
    for (by, at) in candidates.iter().filter_map(|c| c.entered_by.zip(c.entered_at)) {
        persons.extend(delegation::lenders(&stood_in, by, Permission::RecordExams, at));
    }
    Ok(persons)
}

/// What the register records of a candidate; nothing of who was absent.
fn record(sitting: &exam_sitting::Model, candidate: &Candidate) -> Option<(PersonId, NewRecord)> {
    let score_tenths = rules::counted_score(candidate.outcome?, candidate.score_tenths)?;
    let exam = NewExam { subject: sitting.subject, score_tenths, taken_on: sitting.held_on };
    let record = NewRecord { exams: vec![exam], sitting: Some(sitting.id), ..NewRecord::default() };
    Some((candidate.person_id, record))
}

/// Corrects an outcome that counts already, with reasons; the old one is kept. By another person than
/// who entered it: a correction is not confirmed again.
pub async fn correct_outcome(
    platform: &Platform,
    actor: &Actor,
    id: ExamSittingId,
    person: PersonId,
    (outcome, score_tenths): (ExamOutcome, Option<i64>),
    reason: &str,
) -> Result<exam_sitting::Model> {
    let corrector = actor.person().ok_or(Refusal::PersonRequired)?;
    let as_one = counts_as(actor, Permission::RecordExams);
    let reason = rules::reason(reason)?;
    rules::outcome(outcome, score_tenths)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let row = any(&uow, id).await?;
    if row.state != SittingState::Confirmed {
        return Err(Refusal::StateNotAllowed { state: row.state.code() }.into());
    }
    let known = store::candidates_among(uow.tx(), id, &[person]).await?.remove(&person);
    let known = known.ok_or(Refusal::NotRegistered)?;
    if as_one.contains(&person) {
        return Err(Refusal::OwnRecord.into());
    }
    let entered = enterers(uow.tx(), std::slice::from_ref(&known)).await?;
    if entered.iter().any(|by| as_one.contains(by)) {
        return Err(Refusal::SeparationOfDuties.into());
    }
    let before = known.outcome.ok_or(Refusal::ScoreInvalid)?;
    if before == outcome && known.score_tenths == score_tenths {
        return Ok(row);
    }
    facts::lock(&uow, &[person]).await?;
    let mut facts = facts::facts_of(uow.tx(), &Scope::Everything, &[person]).await?;
    let facts = facts.remove(&person).ok_or(Refusal::PersonNotFound)?;
    let counted = rules::counted_score(outcome, score_tenths);
    let exam = NewExam {
        subject: row.subject,
        score_tenths: counted.unwrap_or_default(),
        taken_on: row.held_on,
    };
    exams::correct_sitting_result(&mut uow, &facts, id, exam, counted.is_some())
        .await
        .map_err(of_register)?;
    let correction = exam_correction::Model {
        id: uow.new_id(),
        sitting_id: id,
        person_id: person,
        outcome_before: before,
        score_before: known.score_tenths,
        outcome_after: outcome,
        score_after: score_tenths,
        reason,
        corrected_by: corrector,
        corrected_at: uow.now(),
    };
    let candidate = Candidate {
        outcome: Some(outcome),
        score_tenths,
        entered_by: Some(corrector),
        entered_at: Some(uow.now()),
        ..known
    };
    store::set_outcome(&uow, &candidate).await?;
    let correction_id = correction.id.0.simple().to_string();
    exam_correction::ActiveModel::from(correction).insert(uow.tx()).await?;
    let body = json!({ "person": encode(person), "correction": correction_id });
    uow.record(Stream::Agency(row.organiser_id), "results.correct", encode(id), body);
    uow.commit().await?;
    Ok(row)
}
