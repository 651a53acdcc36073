//! Rows of complaints, questions and batches of evaluations. Every query takes a scope: complaints
//! over the departments that handle them, questions and batches over the agencies concerned.

use chrono::{Datelike, NaiveDate};
use entities::enums::ComplaintState;
use entities::ids::{AgencyId, ComplaintId, ComplaintQuestionId, EvaluationBatchId, PersonId};
use entities::{
    agency, complaint, complaint_question, division, evaluation_batch, person, public_card,
};
use sea_orm::sea_query::{Alias, Expr, ExprTrait, Func, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait, Select,
};

use crate::access::{Scope, tree};
use crate::audit::UnitOfWork;
use crate::graphql::ids::decode_or_nil;
use crate::graphql::page::Page;
use crate::platform::clock::{end_of_day, start_of_day};
use crate::platform::failure::Fault;

/// A complaint with the names a list shows.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct ComplaintRow {
    /// The row.
    #[sea_orm(nested)]
    pub complaint: complaint::Model,
    /// Name of who handles it.
    pub desk_name: String,
    /// Name of the agency it is about.
    pub agency_name: Option<String>,
    /// Name of the officer.
    pub person_name: Option<String>,
    /// Number of the certificate that was shown.
    pub certificate_number: Option<String>,
    /// Name of the division it was in.
    pub division_name: Option<String>,
}

/// Which complaints a list shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ComplaintFilter {
    /// How far they are.
    pub state: Option<ComplaintState>,
    /// The agency they are about.
    pub agency: Option<AgencyId>,
    /// The officer they are about.
    pub officer: Option<PersonId>,
    /// Only those that have not ended and whose deadline was before this day.
    pub due_before: Option<NaiveDate>,
}

/// Those that wait for an act of a department.
pub const OPEN: [ComplaintState; 3] =
    [ComplaintState::Received, ComplaintState::Accepted, ComplaintState::Proposed];

fn rows(scope: &Scope) -> Select<complaint::Entity> {
    let card = complaint::Entity::belongs_to(public_card::Entity)
        .from(complaint::Column::CertificateId)
        .to(public_card::Column::CertificateId);
    complaint::Entity::find()
        .join_as(JoinType::InnerJoin, complaint::Relation::Desk.def(), "desk")
        .join(JoinType::LeftJoin, complaint::Relation::Agency.def())
        .join(JoinType::LeftJoin, complaint::Relation::Person.def())
        .join(JoinType::LeftJoin, complaint::Relation::Division.def())
        .join(JoinType::LeftJoin, card.into())
        .expr_as(Expr::col(("desk", agency::Column::Name)), "desk_name")
        .column_as(agency::Column::Name, "agency_name")
        .column_as(person::Column::Name, "person_name")
        .column_as(public_card::Column::Number, "certificate_number")
        .column_as(division::Column::Name, "division_name")
        .filter(scope.condition((complaint::Entity, complaint::Column::DeskId)))
}

/// A complaint within a scope.
pub async fn complaint(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ComplaintId,
) -> Result<Option<ComplaintRow>, Fault> {
    Ok(rows(scope).filter(complaint::Column::Id.eq(id)).into_model().one(db).await?)
}

/// A page of complaints, newest first by day; one row more than the page.
pub async fn complaints(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &ComplaintFilter,
    page: &Page,
) -> Result<Vec<ComplaintRow>, Fault> {
    use complaint::Column::{AgencyId, DueOn, Id, PersonId, ReceivedOn, State};
    let mut select = rows(scope);
    if let Some(state) = filter.state {
        select = select.filter(State.eq(state));
    }
    if let Some(agency) = filter.agency {
        select = select.filter(AgencyId.eq(agency));
    }
    if let Some(officer) = filter.officer {
        select = select.filter(PersonId.eq(officer));
    }
    if let Some(day) = filter.due_before {
        select = select.filter(DueOn.lt(day)).filter(State.is_in(OPEN));
    }
    if let Some([day, id]) = page.after.as_deref() {
        let id = decode_or_nil::<ComplaintId>(id);
        let day: NaiveDate = day.parse().unwrap_or(NaiveDate::MIN);
        let behind = Condition::any()
            .add(ReceivedOn.lt(day))
            .add(Condition::all().add(ReceivedOn.eq(day)).add(Id.lt(id)));
        select = select.filter(behind);
    }
    Ok(select
        .order_by_desc(ReceivedOn)
        .order_by_desc(Id)
        .limit(page.limit())
        .into_model()
        .all(db)
        .await?)
}

/// A complaint to act on, locked until the transaction ends.
pub(super) async fn to_act_on(
    uow: &UnitOfWork,
    scope: &Scope,
    id: ComplaintId,
) -> Result<Option<complaint::Model>, Fault> {
    let select = complaint::Entity::find_by_id(id)
        .filter(scope.condition((complaint::Entity, complaint::Column::DeskId)));
    let select = uow.locked(select);
    Ok(select.one(uow.tx()).await?)
}

/// A question with the name of who is asked.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct QuestionRow {
    /// The row.
    #[sea_orm(nested)]
    pub question: complaint_question::Model,
    /// Name of the agency.
    pub agency_name: String,
}

fn questions() -> Select<complaint_question::Entity> {
    complaint_question::Entity::find()
        .join(JoinType::InnerJoin, complaint_question::Relation::Agency.def())
        .column_as(agency::Column::Name, "agency_name")
}

/// The questions about complaints that were found within a scope before, oldest first.
pub async fn questions_about(
    db: &impl ConnectionTrait,
    complaint: ComplaintId,
) -> Result<Vec<QuestionRow>, Fault> {
    Ok(questions()
        .filter(complaint_question::Column::ComplaintId.eq(complaint))
        .order_by_asc(complaint_question::Column::Id)
        .into_model()
        .all(db)
        .await?)
}

/// A question to an agency within a scope.
pub async fn question(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ComplaintQuestionId,
) -> Result<Option<QuestionRow>, Fault> {
    Ok(questions()
        .filter(scope.condition((complaint_question::Entity, complaint_question::Column::AgencyId)))
        .filter(complaint_question::Column::Id.eq(id))
        .into_model()
        .one(db)
        .await?)
}

/// A page of the questions to agencies within a scope, newest first.
pub async fn questions_to(
    db: &impl ConnectionTrait,
    scope: &Scope,
    answered: Option<bool>,
    page: &Page,
) -> Result<Vec<QuestionRow>, Fault> {
    use complaint_question::Column::{AgencyId, Answer, Id};
    let mut select = questions().filter(scope.condition((complaint_question::Entity, AgencyId)));
    match answered {
        Some(true) => select = select.filter(Answer.is_not_null()),
        Some(false) => select = select.filter(Answer.is_null()),
        None => {}
    }
    if let Some(after) = page.after_id::<ComplaintQuestionId>() {
        select = select.filter(Id.lt(after));
    }
    Ok(select.order_by_desc(Id).limit(page.limit()).into_model().all(db).await?)
}

/// Evaluations summed up, whole batches only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Tally {
    /// How many.
    pub answers: i64,
    /// Satisfied.
    pub satisfied: i64,
    /// The certificate was shown unasked.
    pub shown_yes: i64,
    /// It was not.
    pub shown_no: i64,
    /// Two officers were there.
    pub two_officers_yes: i64,
    /// They were not.
    pub two_officers_no: i64,
    /// They were polite.
    pub polite_yes: i64,
    /// They were not.
    pub polite_no: i64,
    /// Money was asked for.
    pub fees_asked_yes: i64,
    /// It was not.
    pub fees_asked_no: i64,
}

/// A batch with the name of its agency.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct BatchRow {
    /// The row.
    #[sea_orm(nested)]
    pub batch: evaluation_batch::Model,
    /// Name of the agency.
    pub agency_name: String,
}

/// A page of batches, newest first.
pub async fn batches(
    db: &impl ConnectionTrait,
    scope: &Scope,
    agency: Option<AgencyId>,
    page: &Page,
) -> Result<Vec<BatchRow>, Fault> {
    use evaluation_batch::Column::{AgencyId, Id};
    let mut select = evaluation_batch::Entity::find()
        .join(JoinType::InnerJoin, evaluation_batch::Relation::Agency.def())
        .column_as(agency::Column::Name, "agency_name")
        .filter(scope.condition((evaluation_batch::Entity, AgencyId)));
    if let Some(agency) = agency {
        select = select.filter(AgencyId.eq(agency));
    }
    if let Some(after) = page.after_id::<EvaluationBatchId>() {
        select = select.filter(Id.lt(after));
    }
    Ok(select.order_by_desc(Id).limit(page.limit()).into_model().all(db).await?)
}

/// The batches that were released in a year, summed up: those of an agency and of all that lies
/// under it, or of the whole scope.
pub async fn summary(
    db: &impl ConnectionTrait,
    scope: &Scope,
    agency: Option<AgencyId>,
    year: i32,
) -> Result<Tally, Fault> {
    use evaluation_batch::Column as C;
    let Some((first, last)) = days_of(year) else { return Ok(Tally::default()) };
    let mut select = evaluation_batch::Entity::find()
        .select_only()
        .filter(scope.condition((evaluation_batch::Entity, C::AgencyId)))
        .filter(C::ReleasedOn.between(first, last));
    if let Some(agency) = agency {
        select = select.filter(C::AgencyId.in_subquery(tree::below(agency)));
    }
    for (column, name) in [
        (C::Answers, "answers"),
        (C::Satisfied, "satisfied"),
        (C::ShownYes, "shown_yes"),
        (C::ShownNo, "shown_no"),
        (C::TwoOfficersYes, "two_officers_yes"),
        (C::TwoOfficersNo, "two_officers_no"),
        (C::PoliteYes, "polite_yes"),
        (C::PoliteNo, "polite_no"),
        (C::FeesAskedYes, "fees_asked_yes"),
        (C::FeesAskedNo, "fees_asked_no"),
    ] {
        select = select.expr_as(whole_sum(column), name);
    }
    Ok(select.into_model().one(db).await?.unwrap_or_default())
}

/// A sum as a whole number: PostgreSQL sums `bigint` as `numeric`, and nothing as null.
fn whole_sum(column: evaluation_batch::Column) -> SimpleExpr {
    let column = Expr::col((evaluation_batch::Entity, column));
    let sum = Func::coalesce([Func::sum(column).into(), Expr::value(0_i64)]);
    SimpleExpr::from(sum).cast_as(Alias::new("bigint"))
}

/// Upheld complaints of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Upheld {
    /// About whom.
    pub person_id: PersonId,
    /// How many.
    pub complaints: i64,
}

/// How many complaints about each of these officers were upheld in a calendar year, as far as the
/// agency they were about lies within the scope; those without any are left out. One statement.
pub async fn upheld_in_year(
    db: &impl ConnectionTrait,
    scope: &Scope,
    people: &[PersonId],
    year: i32,
) -> Result<Vec<Upheld>, Fault> {
    use complaint::Column::{AgencyId, DecidedAt, Id, PersonId, State};
    let Some((first, last)) = days_of(year) else { return Ok(Vec::new()) };
    Ok(complaint::Entity::find()
        .select_only()
        .column(PersonId)
        .column_as(Id.count(), "complaints")
        .filter(scope.condition((complaint::Entity, AgencyId)))
        .filter(State.eq(ComplaintState::Upheld))
        .filter(PersonId.is_in(people.iter().copied()))
        .filter(DecidedAt.gte(start_of_day(first)))
        .filter(DecidedAt.lt(end_of_day(last)))
        .group_by(PersonId)
        .order_by_asc(PersonId)
        .into_model()
        .all(db)
        .await?)
}

/// The first and the last day of a year.
fn days_of(year: i32) -> Option<(NaiveDate, NaiveDate)> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
    Some((first, first.with_month(12)?.with_day(31)?))
}
