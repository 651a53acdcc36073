//! What certification reads of people: one [`PersonFacts`] a person, for many people in four
//! statements; and the standings it writes. Certification so reads what assessment wrote, and
//! neither knows the other.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::enums::StandingKind;
use entities::ids::PersonId;
use entities::{exam_result, person, standing, training_record};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::json;

use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
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
    /// Minutes of training in the calendar year asked for.
    pub training_minutes: i64,
}

/// The facts of these people; whoever lies outside the scope is left out.
pub async fn facts_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[PersonId],
    year: i32,
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
            let id = person.id;
            (id, PersonFacts { person, standings: vec![], exams: vec![], training_minutes: 0 })
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
            .filter(training_record::Column::Year.eq(year))
            .all(db)
            .await?;
        for row in training {
            if let Some(of) = facts.get_mut(&row.person_id) {
                of.training_minutes = of.training_minutes.saturating_add(row.minutes);
            }
        }
    }
    Ok(facts)
}

/// Keeps others from acting on these people until the transaction ends. `SQLite` has one writer
/// anyway; on `PostgreSQL` their rows are locked, in one order everywhere.
pub async fn lock(uow: &UnitOfWork, ids: &[PersonId]) -> Result<(), Fault> {
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
            .lock_exclusive()
            .into_tuple::<PersonId>()
            .all(uow.tx())
            .await?;
    }
    Ok(())
}

/// Writes a fact that bars or burdens a person; `until` open where none.
pub async fn enter_standing(
    uow: &mut UnitOfWork,
    person: &person::Model,
    kind: StandingKind,
    until: Option<NaiveDate>,
    source: &str,
) -> Result<(), Fault> {
    let row = standing::Model {
        id: uow.new_id(),
        person_id: person.id,
        kind,
        from_on: uow.today(),
        until_on: until,
        source: source.to_owned(),
        recorded_at: uow.now(),
        lifted_at: None,
    };
    standing::ActiveModel::from(row).insert(uow.tx()).await?;
    uow.record(
        Stream::Agency(person.agency_id),
        "standing.enter",
        encode(person.id),
        json!({ "kind": kind.code(), "source": source }),
    );
    Ok(())
}

/// Lifts a person's open standings of a kind by a reversing fact. Answers whether there was one.
pub async fn lift_standing(
    uow: &mut UnitOfWork,
    person: &person::Model,
    kind: StandingKind,
) -> Result<bool, Fault> {
    let lifted = standing::Entity::update_many()
        .col_expr(standing::Column::LiftedAt, Expr::value(uow.now()))
        .filter(standing::Column::PersonId.eq(person.id))
        .filter(standing::Column::Kind.eq(kind))
        .filter(standing::Column::LiftedAt.is_null())
        .exec(uow.tx())
        .await?;
    if lifted.rows_affected == 0 {
        return Ok(false);
    }
    uow.record(
        Stream::Agency(person.agency_id),
        "standing.lift",
        encode(person.id),
        json!({ "kind": kind.code() }),
    );
    Ok(true)
}
