//! Evaluations are released together: all that wait for an agency from the months before this one,
//! once they are five. What is released is counts; what each one said is deleted with it. So nobody
//! can compare what is known before and after one of them, and when it came is not told by when it
//! is released.

use chrono::NaiveDate;
use entities::ids::{AgencyId, EvaluationBatchId};
use entities::{evaluation, evaluation_batch};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use serde_json::json;

use super::rules;
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// Agencies looked for in one statement.
const AT_ONCE: u64 = 100;

#[derive(FromQueryResult)]
struct Waiting {
    answers: i64,
    first_month: Option<NaiveDate>,
    last_month: Option<NaiveDate>,
    satisfied: i64,
    shown_yes: i64,
    shown_no: i64,
    two_officers_yes: i64,
    two_officers_no: i64,
    polite_yes: i64,
    polite_no: i64,
    fees_asked_yes: i64,
    fees_asked_no: i64,
}

/// Releases what waits from the months before this one; answers how many batches were made.
pub async fn release_due(platform: &Platform) -> Result<usize, Fault> {
    let month = rules::month(local_date(platform.now()));
    let mut made = 0;
    loop {
        let agencies: Vec<AgencyId> = evaluation::Entity::find()
            .select_only()
            .column(evaluation::Column::AgencyId)
            .filter(waiting(None, month))
            .group_by(evaluation::Column::AgencyId)
            .having(Expr::col(evaluation::Column::Id).count().gte(rules::BATCH))
            .order_by_asc(evaluation::Column::AgencyId)
            .limit(AT_ONCE)
            .into_tuple()
            .all(platform.db.read())
            .await?;
        let mut released = 0;
        for agency in agencies {
            released += usize::from(release(platform, agency, month).await?);
        }
        if released == 0 {
            return Ok(made);
        }
        made += released;
    }
}

fn waiting(agency: Option<AgencyId>, month: NaiveDate) -> Condition {
    let mut condition = Condition::all()
        .add(evaluation::Column::BatchId.is_null())
        .add(evaluation::Column::Month.lt(month));
    if let Some(agency) = agency {
        condition = condition.add(evaluation::Column::AgencyId.eq(agency));
    }
    condition
}

/// Releases what waits for an agency, unless another node does so or it is too little.
async fn release(platform: &Platform, agency: AgencyId, month: NaiveDate) -> Result<bool, Fault> {
    let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
    platform.db.lock_table(uow.tx(), "evaluation_batches").await?;
    let counts = count(uow.tx(), agency, month).await?;
    if !rules::is_released(counts.answers) {
        return Ok(false);
    }
    let Some((first_month, last_month)) = counts.first_month.zip(counts.last_month) else {
        return Ok(false);
    };
    let id: EvaluationBatchId = uow.new_id();
    let batch = evaluation_batch::Model {
        id,
        agency_id: agency,
        first_month,
        last_month,
        released_on: uow.today(),
        answers: counts.answers,
        satisfied: counts.satisfied,
        shown_yes: counts.shown_yes,
        shown_no: counts.shown_no,
        two_officers_yes: counts.two_officers_yes,
        two_officers_no: counts.two_officers_no,
        polite_yes: counts.polite_yes,
        polite_no: counts.polite_no,
        fees_asked_yes: counts.fees_asked_yes,
        fees_asked_no: counts.fees_asked_no,
    };
    batch.into_active_model().insert(uow.tx()).await?;
    let nothing = || Expr::value(None::<bool>);
    let emptied = evaluation::Entity::update_many()
        .col_expr(evaluation::Column::BatchId, Expr::value(id))
        .col_expr(evaluation::Column::Satisfied, nothing())
        .col_expr(evaluation::Column::Shown, nothing())
        .col_expr(evaluation::Column::TwoOfficers, nothing())
        .col_expr(evaluation::Column::Polite, nothing())
        .col_expr(evaluation::Column::FeesAsked, nothing())
        .filter(waiting(Some(agency), month))
        .exec(uow.tx())
        .await?;
    if i64::try_from(emptied.rows_affected).ok() != Some(counts.answers) {
        // One of a past month came in between: all are counted anew, the next time.
        return Ok(false);
    }
    let body = json!({ "batch": encode(id), "answers": counts.answers });
    uow.record(Stream::Agency(agency), "evaluations.release", encode(agency), body);
    uow.commit().await?;
    Ok(true)
}

async fn count(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    month: NaiveDate,
) -> Result<Waiting, Fault> {
    let sums: Vec<String> = [
        ("satisfied", "satisfied"),
        ("shown", "shown_yes"),
        ("NOT shown", "shown_no"),
        ("two_officers", "two_officers_yes"),
        ("NOT two_officers", "two_officers_no"),
        ("polite", "polite_yes"),
        ("NOT polite", "polite_no"),
        ("fees_asked", "fees_asked_yes"),
        ("NOT fees_asked", "fees_asked_no"),
    ]
    .map(|(holds, name)| format!("COUNT(CASE WHEN {holds} THEN 1 END) AS {name}"))
    .into();
    let sql = format!(
        "SELECT COUNT(*) AS answers, MIN(month) AS first_month, MAX(month) AS last_month, {} \
         FROM evaluations WHERE batch_id IS NULL AND agency_id = $1 AND month < $2",
        sums.join(", ")
    );
    let values = [agency.into(), month.into()];
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    let row = db.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| Fault::other("a count without a row"))?;
    Ok(Waiting::from_query_result(&row, "")?)
}
