//! Sessions, sittings and who is named in them. Every query takes a scope: that of the organiser.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::enums::{ExamSubject, SittingState, TrainingState};
use entities::ids::{AgencyId, ExamSittingId, PersonId, TrainingSessionId};
use entities::{
    agency, enforcement_field, exam_candidate, exam_correction, exam_sitting, training_record,
    training_session,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, JoinType,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::platform::failure::Fault;

/// A row of `exam_candidates`.
pub type Candidate = exam_candidate::Model;

/// Whether somebody's score reaches a pass mark; none before the outcome was entered.
pub fn passed(candidate: &Candidate, mark: i64) -> Option<bool> {
    candidate.outcome.map(|_| candidate.score_tenths.is_some_and(|score| score >= mark))
}

/// People asked about in one statement.
const AT_ONCE: usize = 500;

/// Which sessions a list shows.
#[derive(Clone, Debug, Default)]
pub struct SessionFilter {
    /// State.
    pub state: Option<TrainingState>,
    /// Who holds them.
    pub organiser: Option<AgencyId>,
    /// First and last day between which it ends.
    pub ends: Option<(NaiveDate, NaiveDate)>,
}

impl SessionFilter {
    /// The days of a calendar year. One beyond 1 to 9999 counts as the nearest of these.
    pub fn of_year(year: i32) -> (NaiveDate, NaiveDate) {
        let year = year.clamp(1, 9_999);
        let day = |month, day| NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default();
        (day(1, 1), day(12, 31))
    }
}

/// A session whose organiser lies within a scope.
pub async fn session(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: TrainingSessionId,
) -> Result<Option<training_session::Model>, Fault> {
    Ok(training_session::Entity::find_by_id(id)
        .filter(scope.condition(training_session::Column::OrganiserId))
        .one(db)
        .await?)
}

/// The same, kept from others until the transaction ends.
pub(super) async fn lock_session(
    uow: &UnitOfWork,
    scope: &Scope,
    id: TrainingSessionId,
) -> Result<Option<training_session::Model>, Fault> {
    let select = training_session::Entity::find_by_id(id)
        .filter(scope.condition(training_session::Column::OrganiserId));
    let select = uow.locked(select);
    Ok(select.one(uow.tx()).await?)
}

/// Sessions whose organisers lie within a scope, newest first.
pub async fn sessions(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &SessionFilter,
    before: Option<TrainingSessionId>,
    limit: u64,
) -> Result<Vec<training_session::Model>, Fault> {
    use training_session::Column::{EndsOn, Id, OrganiserId, State};
    let mut select = training_session::Entity::find().filter(scope.condition(OrganiserId));
    if let Some(before) = before {
        select = select.filter(Id.lt(before));
    }
    if let Some(state) = filter.state {
        select = select.filter(State.eq(state));
    }
    if let Some(organiser) = filter.organiser {
        select = select.filter(OrganiserId.eq(organiser));
    }
    if let Some((from, until)) = filter.ends {
        select = select.filter(EndsOn.between(from, until));
    }
    Ok(select.order_by_desc(Id).limit(limit).all(db).await?)
}

/// What sessions are called, whoever holds them: for what people have attended.
pub(super) async fn titles(
    db: &impl ConnectionTrait,
    ids: &[TrainingSessionId],
) -> Result<HashMap<TrainingSessionId, String>, Fault> {
    use training_session::Column::{Id, Title};
    let mut found = HashMap::new();
    for chunk in ids.chunks(AT_ONCE) {
        let rows: Vec<(TrainingSessionId, String)> = training_session::Entity::find()
            .select_only()
            .columns([Id, Title])
            .filter(Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// A sitting whose organiser lies within a scope.
pub async fn sitting(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ExamSittingId,
) -> Result<Option<exam_sitting::Model>, Fault> {
    Ok(exam_sitting::Entity::find_by_id(id)
        .filter(scope.condition(exam_sitting::Column::OrganiserId))
        .one(db)
        .await?)
}

/// The same, kept from others until the transaction ends.
pub(super) async fn lock_sitting(
    uow: &UnitOfWork,
    scope: &Scope,
    id: ExamSittingId,
) -> Result<Option<exam_sitting::Model>, Fault> {
    let select = exam_sitting::Entity::find_by_id(id)
        .filter(scope.condition(exam_sitting::Column::OrganiserId));
    let select = uow.locked(select);
    Ok(select.one(uow.tx()).await?)
}

/// Sittings whose organisers lie within a scope, newest first.
pub async fn sittings(
    db: &impl ConnectionTrait,
    scope: &Scope,
    (subject, state): (Option<ExamSubject>, Option<SittingState>),
    before: Option<ExamSittingId>,
    limit: u64,
) -> Result<Vec<exam_sitting::Model>, Fault> {
    use exam_sitting::Column::{Id, OrganiserId, State, Subject};
    let mut select = exam_sitting::Entity::find().filter(scope.condition(OrganiserId));
    if let Some(before) = before {
        select = select.filter(Id.lt(before));
    }
    if let Some(subject) = subject {
        select = select.filter(Subject.eq(subject));
    }
    if let Some(state) = state {
        select = select.filter(State.eq(state));
    }
    Ok(select.order_by_desc(Id).limit(limit).all(db).await?)
}

/// An agency within a scope that exists today. It does not end before the transaction does: what is
/// planned meanwhile would stay behind.
pub(super) async fn organiser(
    uow: &UnitOfWork,
    scope: &Scope,
    id: AgencyId,
) -> Result<Option<agency::Model>, Fault> {
    let mut select = agency::Entity::find_by_id(id)
        .filter(scope.condition((agency::Entity, agency::Column::Id)));
    if !uow.platform().db.is_sqlite() {
        select = select.lock_shared();
    }
    let found = select.one(uow.tx()).await?;
    Ok(found.filter(|agency| agency.abolished_on.is_none_or(|end| uow.today() < end)))
}

/// Whether there is such an enforcement field.
pub(super) async fn field_exists(db: &impl ConnectionTrait, code: &str) -> Result<bool, Fault> {
    let found = enforcement_field::Entity::find_by_id(code.to_owned()).one(db).await?;
    Ok(found.is_some())
}

/// What a session gave these people so far, in minutes.
pub(super) async fn attended(
    db: &impl ConnectionTrait,
    id: TrainingSessionId,
    people: &[PersonId],
) -> Result<HashMap<PersonId, i64>, Fault> {
    let mut found = HashMap::new();
    for chunk in people.chunks(AT_ONCE) {
        let rows = training_record::Entity::find()
            .filter(training_record::Column::SessionId.eq(id))
            .filter(training_record::Column::PersonId.is_in(chunk.iter().copied()))
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|row| (row.person_id, row.minutes)));
    }
    Ok(found)
}

/// Attendance of a session, by person.
pub async fn attendance(
    db: &impl ConnectionTrait,
    id: TrainingSessionId,
    after: Option<PersonId>,
    limit: u64,
) -> Result<Vec<training_record::Model>, Fault> {
    use training_record::Column::{PersonId, SessionId};
    let mut select = training_record::Entity::find().filter(SessionId.eq(id));
    if let Some(after) = after {
        select = select.filter(PersonId.gt(after));
    }
    Ok(select.order_by_asc(PersonId).limit(limit).all(db).await?)
}

/// Those of some people who are candidates of a sitting.
pub(super) async fn candidates_among(
    db: &impl ConnectionTrait,
    id: ExamSittingId,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Candidate>, Fault> {
    let mut found = HashMap::new();
    for chunk in people.chunks(AT_ONCE) {
        let rows = exam_candidate::Entity::find()
            .filter(exam_candidate::Column::SittingId.eq(id))
            .filter(exam_candidate::Column::PersonId.is_in(chunk.iter().copied()))
            .all(db)
            .await?;
        found.extend(rows.into_iter().map(|row| (row.person_id, row)));
    }
    Ok(found)
}

/// Candidates of a sitting, by person.
pub async fn candidates(
    db: &impl ConnectionTrait,
    id: ExamSittingId,
    after: Option<PersonId>,
    limit: Option<u64>,
) -> Result<Vec<Candidate>, Fault> {
    use exam_candidate::Column::{PersonId, SittingId};
    let mut select = exam_candidate::Entity::find().filter(SittingId.eq(id));
    if let Some(after) = after {
        select = select.filter(PersonId.gt(after));
    }
    Ok(select.order_by_asc(PersonId).limit(limit).all(db).await?)
}

/// How many candidates a sitting has.
pub(super) async fn count_candidates(
    db: &impl ConnectionTrait,
    id: ExamSittingId,
) -> Result<usize, Fault> {
    let count = exam_candidate::Entity::find()
        .filter(exam_candidate::Column::SittingId.eq(id))
        .count(db)
        .await?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Which of these people are registered for another sitting of a subject that is not over.
pub(super) async fn registered_elsewhere(
    db: &impl ConnectionTrait,
    sitting: &exam_sitting::Model,
    people: &[PersonId],
) -> Result<HashSet<PersonId>, Fault> {
    let mut found = HashSet::new();
    for chunk in people.chunks(AT_ONCE) {
        let rows: Vec<PersonId> = exam_candidate::Entity::find()
            .select_only()
            .column(exam_candidate::Column::PersonId)
            .join(JoinType::InnerJoin, exam_candidate::Relation::Sitting.def())
            .filter(exam_sitting::Column::Subject.eq(sitting.subject))
            .filter(exam_sitting::Column::State.eq(SittingState::Planned))
            .filter(exam_sitting::Column::Id.ne(sitting.id))
            .filter(exam_candidate::Column::PersonId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// Corrections of a candidate's outcome, oldest first.
pub async fn corrections(
    db: &impl ConnectionTrait,
    sitting: ExamSittingId,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Vec<exam_correction::Model>>, Fault> {
    use exam_correction::Column::{CorrectedAt, Id, PersonId as Person, SittingId};
    let mut found: HashMap<PersonId, Vec<exam_correction::Model>> = HashMap::new();
    for chunk in people.chunks(AT_ONCE) {
        let rows = exam_correction::Entity::find()
            .filter(SittingId.eq(sitting))
            .filter(Person.is_in(chunk.iter().copied()))
            .order_by_asc(CorrectedAt)
            .order_by_asc(Id)
            .all(db)
            .await?;
        for row in rows {
            found.entry(row.person_id).or_default().push(row);
        }
    }
    Ok(found)
}

/// Writes an outcome of a candidate.
pub(super) async fn set_outcome(uow: &UnitOfWork, row: &Candidate) -> Result<(), Fault> {
    let change = exam_candidate::ActiveModel {
        sitting_id: Set(row.sitting_id),
        person_id: Set(row.person_id),
        outcome: Set(row.outcome),
        score_tenths: Set(row.score_tenths),
        entered_by: Set(row.entered_by),
        entered_at: Set(row.entered_at),
        ..Default::default()
    };
    change.update(uow.tx()).await?;
    Ok(())
}
