//! The queue of jobs: rows written in the transaction that asks for them, claimed by any node
//! under a lease, worked in chunks whose commit checks the claim's fence.

use chrono::{DateTime, Duration, Utc};
use entities::enums::JobState;
use entities::ids::{AccountId, JobId};
use entities::job;
use sea_orm::sea_query::{Expr, ExprTrait, LockBehavior, LockType, Query};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction,
    EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde::Serialize;

use super::Platform;
use super::failure::Fault;

/// How long a claim holds without a committed chunk.
const LEASE: Duration = Duration::seconds(30);
/// Times a job is begun again after a fault before it is given up.
const ATTEMPTS: i32 = 5;

/// Puts a job into the queue, in the caller's transaction.
pub async fn enqueue(
    platform: &Platform,
    tx: &DatabaseTransaction,
    kind: &str,
    payload: &impl Serialize,
    total: i64,
    account: Option<AccountId>,
) -> Result<JobId, Fault> {
    let now = platform.now();
    let id: JobId = platform.new_id();
    job::ActiveModel {
        id: Set(id),
        kind: Set(kind.to_owned()),
        payload: Set(serde_json::to_value(payload).map_err(Fault::other)?),
        state: Set(JobState::Queued),
        run_after: Set(now),
        attempts: Set(0),
        lease_until: Set(None),
        fence: Set(0),
        cursor: Set(0),
        total: Set(total),
        done: Set(0),
        failed: Set(0),
        error: Set(None),
        account_id: Set(account),
        created_at: Set(now),
        updated_at: Set(now),
    }
    .insert(tx)
    .await?;
    Ok(id)
}

/// Claims the oldest job that is due: a queued one, or a running one whose worker let its lease
/// run out. `only` narrows it to one job, for a caller that works its own.
pub async fn claim(
    platform: &Platform,
    kinds: &[&str],
    only: Option<JobId>,
) -> Result<Option<job::Model>, Fault> {
    let now = platform.now();
    let tx = platform.db.begin().await?;
    let mut due = Query::select();
    due.column(job::Column::Id)
        .from(job::Entity)
        .and_where(job::Column::Kind.is_in(kinds.iter().copied()))
        .and_where(
            job::Column::State
                .eq(JobState::Queued)
                .and(job::Column::RunAfter.lte(now))
                .or(job::Column::State.eq(JobState::Running).and(job::Column::LeaseUntil.lt(now))),
        )
        .order_by(job::Column::RunAfter, sea_orm::Order::Asc)
        .limit(1);
    if let Some(id) = only {
        due.and_where(job::Column::Id.eq(id));
    }
    if !platform.db.is_sqlite() {
        due.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked);
    }
    let claimed = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Running))
        .col_expr(job::Column::LeaseUntil, Expr::value(now + LEASE))
        .col_expr(job::Column::Fence, Expr::col(job::Column::Fence).add(1))
        .col_expr(job::Column::Attempts, Expr::col(job::Column::Attempts).add(1))
        .col_expr(job::Column::UpdatedAt, Expr::value(now))
        .filter(job::Column::Id.in_subquery(due))
        .exec_with_returning(&tx)
        .await?
        .pop();
    tx.commit().await?;
    Ok(claimed)
}

/// Claims one job as soon as its last worker's lease has run out; `None` once it is done or given
/// up.
pub async fn claim_when_free(
    platform: &Platform,
    kinds: &[&str],
    id: Option<JobId>,
) -> Result<Option<job::Model>, Fault> {
    let Some(id) = id else { return Ok(None) };
    loop {
        if let Some(claimed) = claim(platform, kinds, Some(id)).await? {
            return Ok(Some(claimed));
        }
        match find(platform.db.read(), id).await? {
            Some(job) if matches!(job.state, JobState::Queued | JobState::Running) => {
                tokio::time::sleep(std::time::Duration::from_millis(500)).await;
            }
            _ => return Ok(None),
        }
    }
}

/// What a chunk has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Where the next chunk begins.
    pub cursor: i64,
    /// Successes of this chunk.
    pub done: i64,
    /// Failures of this chunk.
    pub failed: i64,
    /// Nothing is left.
    pub finished: bool,
}

/// Writes a chunk's progress in the chunk's own transaction. Answers `false` when another worker
/// has claimed the job meanwhile: the caller rolls back, and nothing is done twice.
pub async fn advance(
    tx: &DatabaseTransaction,
    claimed: &job::Model,
    progress: Progress,
    now: DateTime<Utc>,
) -> Result<bool, Fault> {
    let state = if progress.finished { JobState::Done } else { JobState::Running };
    let result = job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(state))
        .col_expr(job::Column::Cursor, Expr::value(progress.cursor))
        .col_expr(job::Column::Done, Expr::col(job::Column::Done).add(progress.done))
        .col_expr(job::Column::Failed, Expr::col(job::Column::Failed).add(progress.failed))
        .col_expr(job::Column::LeaseUntil, Expr::value(now + LEASE))
        // What goes on is not broken: the count begins anew with this claim.
        .col_expr(job::Column::Attempts, Expr::value(1))
        .col_expr(job::Column::UpdatedAt, Expr::value(now))
        .filter(job::Column::Id.eq(claimed.id))
        .filter(job::Column::Fence.eq(claimed.fence))
        .exec(tx)
        .await?;
    Ok(result.rows_affected == 1)
}

/// Gives a job back after a fault: it is tried again later, each time after a longer pause, and
/// given up after the last attempt.
pub async fn fail(platform: &Platform, claimed: &job::Model, code: &str) -> Result<(), Fault> {
    let now = platform.now();
    let known = find(platform.db.read(), claimed.id).await?;
    let attempts = known.map_or(claimed.attempts, |job| job.attempts);
    let given_up = attempts >= ATTEMPTS;
    let pause = Duration::seconds(1 << attempts.clamp(0, 10));
    job::Entity::update_many()
        .col_expr(
            job::Column::State,
            Expr::value(if given_up { JobState::Failed } else { JobState::Queued }),
        )
        .col_expr(job::Column::RunAfter, Expr::value(now + pause))
        .col_expr(job::Column::Error, Expr::value(code))
        .col_expr(job::Column::UpdatedAt, Expr::value(now))
        .filter(job::Column::Id.eq(claimed.id))
        .filter(job::Column::Fence.eq(claimed.fence))
        .exec(platform.db.writer())
        .await?;
    Ok(())
}

/// Puts a job back into the queue that this node no longer works though nothing failed: it is
/// due at once, and the claim does not count as an attempt.
pub async fn release(platform: &Platform, claimed: &job::Model) -> Result<(), Fault> {
    let now = platform.now();
    job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Queued))
        .col_expr(job::Column::Attempts, Expr::col(job::Column::Attempts).sub(1))
        .col_expr(job::Column::LeaseUntil, Expr::value(None::<DateTime<Utc>>))
        .col_expr(job::Column::UpdatedAt, Expr::value(now))
        .filter(job::Column::Id.eq(claimed.id))
        .filter(job::Column::Fence.eq(claimed.fence))
        .filter(job::Column::State.eq(JobState::Running))
        .exec(platform.db.writer())
        .await?;
    Ok(())
}

/// A job by its id.
pub async fn find(db: &impl ConnectionTrait, id: JobId) -> Result<Option<job::Model>, Fault> {
    Ok(job::Entity::find_by_id(id).one(db).await?)
}

/// Jobs an account asked for, newest first.
pub async fn of_account(
    db: &impl ConnectionTrait,
    account: AccountId,
    limit: u64,
) -> Result<Vec<job::Model>, Fault> {
    Ok(job::Entity::find()
        .filter(job::Column::AccountId.eq(account))
        .order_by_desc(job::Column::CreatedAt)
        .limit(limit)
        .all(db)
        .await?)
}
