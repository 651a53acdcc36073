//! What certification reads of people: one [`PersonFacts`] a person, for many people in four
//! statements; and the employment it ends. Certification so reads what assessment wrote, and neither
//! knows the other.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::NaiveDate;
use entities::enums::{Employment, StandingLift};
use entities::ids::PersonId;
use entities::{exam_result, person, standing, training_record};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;

use super::rules;
use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// People asked about in one statement.
const AT_ONCE: usize = 1_000;

/// What is known of a person that decides on a qualification or certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonFacts {
    /// The row of the register.
    pub person: person::Model,
    /// Standings that no reversing fact has lifted, whatever their dates.
    pub standings: Vec<standing::Model>,
    /// Exam results, by cycle and attempt.
    pub exams: Vec<exam_result::Model>,
    /// Minutes of training by calendar year.
    pub training_minutes: BTreeMap<i32, i64>,
}

/// The facts of these people; whoever lies outside the scope is left out.
pub async fn facts_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[PersonId],
) -> Result<HashMap<PersonId, PersonFacts>, Fault> {
    let mut facts = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(AT_ONCE) {
        let people = person::Entity::find()
            .filter(person::Column::Id.is_in(chunk.iter().copied()))
            .filter(scope.condition(person::Column::AgencyId))
            .all(db)
            .await?;
        let found: Vec<PersonId> = people.iter().map(|p| p.id).collect();
        facts.extend(people.into_iter().map(|person| {
            let facts = PersonFacts {
                person,
                standings: Vec::new(),
                exams: Vec::new(),
                training_minutes: BTreeMap::new(),
            };
            (facts.person.id, facts)
        }));
        let standings = standing::Entity::find()
            .filter(standing::Column::PersonId.is_in(found.iter().copied()))
            .filter(standing::Column::LiftedAt.is_null())
            .order_by_asc(standing::Column::FromOn)
            .all(db)
            .await?;
        for row in standings {
            if let Some(of) = facts.get_mut(&row.person_id) {
                of.standings.push(row);
            }
        }
        let exams = exam_result::Entity::find()
            .filter(exam_result::Column::PersonId.is_in(found.iter().copied()))
            .order_by_asc(exam_result::Column::Cycle)
            .order_by_asc(exam_result::Column::Attempt)
            .all(db)
            .await?;
        for row in exams {
            if let Some(of) = facts.get_mut(&row.person_id) {
                of.exams.push(row);
            }
        }
        let training = training_record::Entity::find()
            .filter(training_record::Column::PersonId.is_in(found.iter().copied()))
            .all(db)
            .await?;
        for row in training {
            if let Some(of) = facts.get_mut(&row.person_id) {
                let minutes = of.training_minutes.entry(row.year).or_default();
                *minutes = minutes.saturating_add(row.minutes);
            }
        }
    }
    Ok(facts)
}

/// The days since one on which exclusions of people were lifted because they had been served or
/// dealt with; not those that should never have been.
pub async fn lifted_since(
    db: &impl ConnectionTrait,
    ids: &[PersonId],
    since: NaiveDate,
) -> Result<HashMap<PersonId, Vec<NaiveDate>>, Fault> {
    let never = [StandingLift::EnteredInError, StandingLift::Overturned];
    let mut lifted: HashMap<PersonId, Vec<NaiveDate>> = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        let rows = standing::Entity::find()
            .filter(standing::Column::PersonId.is_in(chunk.iter().copied()))
            .filter(standing::Column::LiftReason.is_not_in(never))
            .filter(standing::Column::LiftedAt.is_not_null())
            .order_by_asc(standing::Column::LiftedAt)
            .all(db)
            .await?;
        for row in rows {
            if let Some(on) = row.lifted_at.map(local_date).filter(|on| *on >= since) {
                lifted.entry(row.person_id).or_default().push(on);
            }
        }
    }
    Ok(lifted)
}

/// Keeps others from acting on these people until the transaction ends. `SQLite` has one writer
/// anyway; on `PostgreSQL` their rows are locked, in one order everywhere.
pub async fn lock(uow: &UnitOfWork, ids: &[PersonId]) -> Result<(), Fault> {
    // Rows that point to a person are written meanwhile, by those who hold something else.
    lock_as(uow, ids, LockType::NoKeyUpdate).await
}

/// Has these people stay as they are until the transaction ends: whoever acts on them waits, and who
/// only asks how they stand does not.
pub async fn hold_still(uow: &UnitOfWork, ids: &[PersonId]) -> Result<(), Fault> {
    lock_as(uow, ids, LockType::Share).await
}

async fn lock_as(uow: &UnitOfWork, ids: &[PersonId], lock: LockType) -> Result<(), Fault> {
    if uow.platform().db.is_sqlite() {
        return Ok(());
    }
    let mut ids: Vec<PersonId> = ids.iter().copied().collect::<HashSet<_>>().into_iter().collect();
    ids.sort_unstable();
    for chunk in ids.chunks(AT_ONCE) {
        person::Entity::find()
            .select_only()
            .column(person::Column::Id)
            .filter(person::Column::Id.is_in(chunk.iter().copied()))
            .order_by_asc(person::Column::Id)
            .lock(lock)
            .into_tuple::<PersonId>()
            .all(uow.tx())
            .await?;
    }
    Ok(())
}

/// Writes what became of a person's employment, where it can have gone there: who left before stays
/// where they are. `person` is locked.
pub async fn end_employment(
    uow: &mut UnitOfWork,
    person: &person::Model,
    to: Employment,
) -> Result<(), Fault> {
    if !rules::may_become(person.employment, to) {
        return Ok(());
    }
    person::ActiveModel {
        id: Set(person.id),
        employment: Set(to),
        updated_at: Set(uow.now()),
        ..Default::default()
    }
    .update(uow.tx())
    .await?;
    uow.record(
        Stream::Agency(person.agency_id),
        "person.employment",
        encode(person.id),
        json!({ "from": person.employment.code(), "to": to.code() }),
    );
    Ok(())
}
