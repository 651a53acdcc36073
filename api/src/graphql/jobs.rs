//! Jobs over GraphQL: how far what an account asked for has come.

use async_graphql::{Context, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::ids::JobId;
use entities::job;

use super::caller;
use super::enums::JobState;
use super::guard::SignedIn;
use super::ids::Id;
use crate::platform::jobs;

/// Most jobs a query answers with.
const MOST: u64 = 50;

/// Work that goes on after the request that asked for it.
#[derive(Clone, Debug, SimpleObject)]
pub struct Job {
    /// Id.
    id: Id<JobId>,
    /// What is done: `certification.issue`.
    kind: String,
    /// State.
    state: JobState,
    /// How much there is.
    total: i64,
    /// How much succeeded so far.
    done: i64,
    /// How much failed so far; what failed was left as it was.
    failed: i64,
    /// Code of the fault that stopped it last.
    error: Option<String>,
    /// When it was asked for.
    created_at: DateTime<Utc>,
    /// When it last went on.
    updated_at: DateTime<Utc>,
}

impl From<job::Model> for Job {
    fn from(row: job::Model) -> Self {
        Self {
            id: row.id.into(),
            kind: row.kind,
            state: row.state.into(),
            total: row.total,
            done: row.done,
            failed: row.failed,
            error: row.error,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

/// A job the caller's account asked for, for `job`, `node` and payloads.
pub async fn find_job(ctx: &Context<'_>, id: JobId) -> Result<Option<Job>> {
    let (platform, actor) = caller(ctx)?;
    let found = jobs::find(platform.db.read(), id).await?;
    let own = found.filter(|job| job.account_id.is_some() && job.account_id == actor.account());
    Ok(own.map(Job::from))
}

/// Queries on jobs.
#[derive(Default)]
pub struct JobQuery;

#[Object]
impl JobQuery {
    /// A job that the caller's own account asked for.
    #[graphql(guard = "SignedIn")]
    async fn job(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which job.")] id: Id<JobId>,
    ) -> Result<Option<Job>> {
        find_job(ctx, id.get()).await
    }

    /// Jobs that the caller's own account asked for, newest first; at most 50.
    #[graphql(guard = "SignedIn", complexity = "50 * child_complexity")]
    async fn jobs(&self, ctx: &Context<'_>) -> Result<Vec<Job>> {
        let (platform, actor) = caller(ctx)?;
        let Some(account) = actor.account() else { return Ok(Vec::new()) };
        let found = jobs::of_account(platform.db.read(), account, MOST).await?;
        Ok(found.into_iter().map(Job::from).collect())
    }
}
