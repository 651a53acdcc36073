//! What acts, imports and loaders ask of the register: people by their keys, and what is recorded
//! of many people at once. Lists for people to read are in `store`.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entities::enums::{ExamSubject, SittingState};
use entities::ids::{AgencyId, PersonId};
use entities::{
    agency, application, blob, certificate, division, exam_candidate, exam_result, exam_sitting,
    person, qualification, standing, training_record,
};
use sea_orm::sea_query::{ExprTrait, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, IntoSimpleExpr, JoinType, QueryFilter,
    QueryOrder, QuerySelect, QueryTrait, RelationTrait, Select,
};

use super::secrets;
use super::store::ROWS_AT_ONCE;
use crate::access::Scope;
use crate::audit::UnitOfWork;
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// The photo of a person within a scope.
pub async fn photo_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PersonId,
) -> Result<Option<blob::Model>, Fault> {
    let sha256 = Query::select()
        .column(person::Column::PhotoSha256)
        .from(person::Entity)
        .and_where(person::Column::Id.eq(id))
        .cond_where(scope.condition((person::Entity, person::Column::AgencyId)))
        .take();
    Ok(blob::Entity::find().filter(blob::Column::Sha256.in_subquery(sha256)).one(db).await?)
}

/// The person with an ID number, within a scope; the number as it was given.
pub async fn by_id_number(
    db: &impl ConnectionTrait,
    platform: &Platform,
    scope: &Scope,
    number: &str,
) -> Result<Option<PersonId>, Fault> {
    let number = number.trim().to_ascii_uppercase();
    let index = secrets::index(platform, secrets::ID_NUMBER, &number);
    Ok(ids(scope).filter(person::Column::IdNumberIndex.eq(index)).into_tuple().one(db).await?)
}

/// Who has each ID number, and in which agency, in the whole register: for a caller that has to
/// notice people of other agencies, and never says where they are.
pub async fn known_by_id_number(
    platform: &Platform,
    numbers: &[&str],
) -> Result<HashMap<String, (PersonId, AgencyId)>, Fault> {
    let mut number_of: HashMap<Vec<u8>, &str> =
        numbers.iter().map(|n| (secrets::index(platform, secrets::ID_NUMBER, n), *n)).collect();
    let known: Vec<(Vec<u8>, PersonId, AgencyId)> = person::Entity::find()
        .select_only()
        .columns([person::Column::IdNumberIndex, person::Column::Id, person::Column::AgencyId])
        .filter(person::Column::IdNumberIndex.is_in(number_of.keys().cloned()))
        .into_tuple()
        .all(platform.db.read())
        .await?;
    Ok(known
        .into_iter()
        .filter_map(|(index, id, agency)| {
            Some((number_of.remove(&index)?.to_owned(), (id, agency)))
        })
        .collect())
}

pub(super) fn ids(scope: &Scope) -> Select<person::Entity> {
    person::Entity::find()
        .select_only()
        .column(person::Column::Id)
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
}

pub(super) async fn person_model(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: PersonId,
) -> Result<Option<person::Model>, Fault> {
    Ok(person::Entity::find_by_id(id)
        .filter(scope.condition((person::Entity, person::Column::AgencyId)))
        .one(db)
        .await?)
}

/// People by the keyed hash of their ID number, in the whole register: that a person is elsewhere
/// has to be noticed, and is told without saying where.
pub(super) async fn by_indices(
    db: &impl ConnectionTrait,
    indices: Vec<Vec<u8>>,
) -> Result<Vec<person::Model>, Fault> {
    let mut found = Vec::new();
    for chunk in indices.chunks(ROWS_AT_ONCE) {
        let some = person::Column::IdNumberIndex.is_in(chunk.iter().cloned());
        found.extend(person::Entity::find().filter(some).all(db).await?);
    }
    Ok(found)
}

/// Which of these people have something that their kind is bound to by a composite key.
pub(super) async fn bound_to_kind(
    db: &impl ConnectionTrait,
    people: &[PersonId],
) -> Result<HashSet<PersonId>, Fault> {
    if people.is_empty() {
        return Ok(HashSet::new());
    }
    let among = |column: SimpleExpr| column.is_in(people.iter().map(|p| p.0));
    let bound = Condition::any()
        .add(
            person::Column::Id.in_subquery(
                qualification::Entity::find()
                    .select_only()
                    .column(qualification::Column::PersonId)
                    .into_query(),
            ),
        )
        .add(
            person::Column::Id.in_subquery(
                certificate::Entity::find()
                    .select_only()
                    .column(certificate::Column::PersonId)
                    .into_query(),
            ),
        )
        .add(
            person::Column::Id.in_subquery(
                application::Entity::find()
                    .select_only()
                    .column(application::Column::PersonId)
                    .into_query(),
            ),
        );
    let found: Vec<PersonId> = ids(&Scope::Everything)
        .filter(among(person::Column::Id.into_simple_expr()))
        .filter(bound)
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// Which of these agencies lie within a scope and exist today. None of them ends before the
/// transaction does: whoever is entered meanwhile would stay behind.
pub(super) async fn agencies_within(
    uow: &UnitOfWork,
    scope: &Scope,
    agencies: HashSet<AgencyId>,
) -> Result<HashSet<AgencyId>, Fault> {
    use agency::Column::{AbolishedOn, Id};
    let mut select = agency::Entity::find()
        .select_only()
        .column(Id)
        .filter(Id.is_in(agencies))
        .filter(AbolishedOn.is_null().or(AbolishedOn.gt(uow.today())))
        .filter(scope.condition((agency::Entity, Id)))
        .order_by_asc(Id);
    if !uow.platform().db.is_sqlite() {
        select = select.lock_shared();
    }
    let found: Vec<AgencyId> = select.into_tuple().all(uow.tx()).await?;
    Ok(found.into_iter().collect())
}

/// Which of these codes are divisions.
pub(super) async fn divisions_among(
    db: &impl ConnectionTrait,
    codes: HashSet<&str>,
) -> Result<HashSet<String>, Fault> {
    let found: Vec<String> = division::Entity::find()
        .select_only()
        .column(division::Column::Code)
        .filter(division::Column::Code.is_in(codes))
        .into_tuple()
        .all(db)
        .await?;
    Ok(found.into_iter().collect())
}

/// The agencies of these people, as far as they lie within a scope.
pub async fn agency_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
) -> Result<Vec<(PersonId, AgencyId)>, Fault> {
    let mut found = Vec::with_capacity(people.len());
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let rows: Vec<(PersonId, AgencyId)> = ids(scope)
            .column(person::Column::AgencyId)
            .filter(person::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// The divisions of these people's agencies.
pub(super) async fn divisions_of(
    db: &impl ConnectionTrait,
    people: &[PersonId],
) -> Result<Vec<(PersonId, String)>, Fault> {
    let mut found = Vec::with_capacity(people.len());
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let rows: Vec<(PersonId, String)> = ids(&Scope::Everything)
            .join(JoinType::InnerJoin, person::Relation::Agency.def())
            .column_as(agency::Column::DivisionCode, "division_code")
            .filter(person::Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// People among these and within a scope, for a query on what belongs to them.
fn among(scope: &Scope, column: impl ColumnTrait, people: &[PersonId]) -> Condition {
    let condition = Condition::all().add(column.is_in(people.iter().copied()));
    match scope {
        Scope::Everything => condition,
        Scope::Under(_) => condition.add(column.in_subquery(ids(scope).into_query())),
    }
}

/// Exam results of people, by subject, cycle and attempt.
pub(super) async fn exams_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
) -> Result<Vec<exam_result::Model>, Fault> {
    use exam_result::Column::{Attempt, Cycle, PersonId, Subject};
    let mut found = Vec::new();
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let select = exam_result::Entity::find().filter(among(scope, PersonId, chunk));
        let sorted = select.order_by_asc(Subject).order_by_asc(Cycle).order_by_asc(Attempt);
        found.extend(sorted.all(db).await?);
    }
    Ok(found)
}

/// Exams, by subject and day, of which a confirmed sitting says what came of them for these people:
/// it answers for the result, and for that there is none.
pub(super) async fn sat(
    db: &impl ConnectionTrait,
    people: &[PersonId],
) -> Result<HashSet<(PersonId, ExamSubject, NaiveDate)>, Fault> {
    let mut found = HashSet::new();
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let rows: Vec<(PersonId, ExamSubject, NaiveDate)> = exam_candidate::Entity::find()
            .select_only()
            .column(exam_candidate::Column::PersonId)
            .columns([exam_sitting::Column::Subject, exam_sitting::Column::HeldOn])
            .join(JoinType::InnerJoin, exam_candidate::Relation::Sitting.def())
            .filter(exam_sitting::Column::State.eq(SittingState::Confirmed))
            .filter(exam_candidate::Column::PersonId.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(db)
            .await?;
        found.extend(rows);
    }
    Ok(found)
}

/// Training of people.
pub(super) async fn training_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
) -> Result<Vec<training_record::Model>, Fault> {
    let mut found = Vec::new();
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let mine = among(scope, training_record::Column::PersonId, chunk);
        found.extend(training_record::Entity::find().filter(mine).all(db).await?);
    }
    Ok(found)
}

/// Every standing of people, lifted or not, by its first day.
pub(super) async fn standings_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
) -> Result<Vec<standing::Model>, Fault> {
    use standing::Column::{FromOn, Id};
    let mut found = Vec::new();
    for chunk in people.chunks(ROWS_AT_ONCE) {
        let mine = among(scope, standing::Column::PersonId, chunk);
        let select = standing::Entity::find().filter(mine);
        found.extend(select.order_by_asc(FromOn).order_by_asc(Id).all(db).await?);
    }
    Ok(found)
}
