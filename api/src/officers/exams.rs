//! Results that a sitting gave, corrected after they counted.

use entities::enums::StandingKind;
use entities::exam_result;
use entities::ids::{ExamSittingId, PersonId};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};
use serde_json::json;

use super::error::OfficerRefusal as Refusal;
use super::facts::PersonFacts;
use super::standings::{self, NewStanding};
use super::{NewExam, NewRecord, record_all, rules};
use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::failure::{Failure, Fault};

/// Sets what a sitting gave a person: another score, a result where there was none, or none where
/// there was one. A result that others of the subject follow can be changed, but neither come nor go,
/// for it would change which attempts those are. Whoever owes off-post study by it owes it from now
/// on; what is no longer owed is lifted by a person. The person is locked.
pub async fn correct_sitting_result(
    uow: &mut UnitOfWork,
    facts: &PersonFacts,
    sitting: ExamSittingId,
    exam: NewExam,
    counts: bool,
) -> Result<(), Failure<Refusal>> {
    let person = facts.person.id;
    let of_subject = || facts.exams.iter().filter(|e| e.subject == exam.subject);
    let given = of_subject().find(|e| e.sitting_id == Some(sitting));
    match given {
        None if counts => return add(uow, person, sitting, exam).await,
        None => return Ok(()),
        Some(row) if counts => {
            let change = exam_result::ActiveModel {
                id: Set(row.id),
                score_tenths: Set(exam.score_tenths),
                recorded_at: Set(uow.now()),
                ..Default::default()
            };
            change.update(uow.tx()).await?;
            owe_study(uow, facts, sitting, (row, exam.score_tenths)).await?;
        }
        Some(row) => {
            let later = |e: &exam_result::Model| (e.cycle, e.attempt) > (row.cycle, row.attempt);
            if of_subject().any(later) {
                return Err(Refusal::ResultFollowed.into());
            }
            exam_result::Entity::delete_by_id(row.id).exec(uow.tx()).await?;
        }
    }
    let body = json!({ "exams": 1, "source": source(sitting) });
    uow.record(Stream::Agency(facts.person.agency_id), "person.record", encode(person), body);
    Ok(())
}

/// The source of what a sitting gave.
pub fn source(sitting: ExamSittingId) -> String {
    format!("sitting:{}", sitting.0.simple())
}

async fn add(
    uow: &mut UnitOfWork,
    person: PersonId,
    sitting: ExamSittingId,
    exam: NewExam,
) -> Result<(), Failure<Refusal>> {
    let new = NewRecord { exams: vec![exam], sitting: Some(sitting), ..NewRecord::default() };
    let answers =
        record_all(uow, &Scope::Everything, &source(sitting), vec![(person, new)]).await?;
    for answer in answers {
        answer?;
    }
    Ok(())
}

/// Enters that off-post study is owed, where the changed cycle is used up without a pass by now.
async fn owe_study(
    uow: &mut UnitOfWork,
    facts: &PersonFacts,
    sitting: ExamSittingId,
    (changed, score_tenths): (&exam_result::Model, i64),
) -> Result<(), Fault> {
    let person = &facts.person;
    let policies = standings::policies_of(uow.tx(), &[person.id], uow.today()).await?;
    let Some(policy) = policies.get(&person.id) else { return Ok(()) };
    let attempts = facts
        .exams
        .iter()
        .filter(|e| e.subject == changed.subject && e.cycle == changed.cycle)
        .map(|e| (e.attempt, if e.id == changed.id { score_tenths } else { e.score_tenths }));
    let owed = rules::study_owed(&attempts.collect::<Vec<_>>(), &policy.body);
    let followed =
        facts.exams.iter().any(|e| e.subject == changed.subject && e.cycle > changed.cycle);
    let known = facts.standings.iter().any(|s| s.kind == StandingKind::RetrainingOwed);
    if owed && !followed && !known {
        let new = NewStanding {
            kind: StandingKind::RetrainingOwed,
            from: uow.today(),
            until: None,
            source: source(sitting),
        };
        standings::enter(uow, person, new).await?;
    }
    Ok(())
}
