//! Confirms all of an import about which nothing is odd, by a job: a chunk and the job's cursor, the
//! row of the file, are committed together.

use entities::ids::{ExistingCertificateId, ImportBatchId, JobId};
use entities::job;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::bulk::{chunk_done, person_of, unrefused};
use super::super::error::CertificationRefusal as Refusal;
use super::confirm::confirm_chunk;
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::chunks::{Chunk, Progress, work_in_chunks};
use crate::graphql::ids::encode;
use crate::officers::existing;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::events::Topic;
use crate::platform::failure::{Failure, Fault};
use crate::platform::jobs;

/// The kind of a job that confirms what an import claims.
pub const CONFIRM_JOB: &str = "certification.confirm_existing";
/// Claims of one transaction.
const CHUNK: usize = 250;

#[derive(Serialize, Deserialize)]
struct Payload {
    batch: ImportBatchId,
}

/// Puts the confirmation of an import's plain claims into the queue, as far as the actor's scope
/// reaches. What has become odd until its turn comes waits; it is counted as failed where that is
/// noticed only then.
pub async fn confirm_import(
    platform: &Platform,
    actor: &Actor,
    batch: ImportBatchId,
) -> Result<JobId, Failure<Refusal>> {
    person_of(actor)?;
    let account = actor.account().ok_or(Refusal::PersonRequired)?;
    let scope = Scope::of(actor, Permission::ConfirmExistingCertificates);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let total = existing::plain_count(uow.tx(), &scope, batch).await?;
    if total == 0 {
        return Err(Refusal::NothingSelected.into());
    }
    let payload = Payload { batch };
    let id = jobs::enqueue(platform, uow.tx(), CONFIRM_JOB, &payload, total, Some(account)).await?;
    let body = json!({ "claims": total });
    uow.record(Stream::System, "existing.confirm_import", encode(batch), body);
    uow.commit().await?;
    platform.events.publish(Topic::Jobs).await;
    Ok(id)
}

/// Works a claimed job to its end, or until another worker has claimed it.
pub async fn work_confirm_job(
    platform: &Platform,
    claimed: &job::Model,
    progress: Progress<'_>,
) -> Result<(), Fault> {
    let Payload { batch } =
        serde_json::from_value(claimed.payload.clone()).map_err(Fault::stored)?;
    work_in_chunks(platform, claimed, progress, |actor, row| {
        work_chunk(platform, actor, claimed, batch, row)
    })
    .await
}

async fn work_chunk(
    platform: &Platform,
    actor: Actor,
    claimed: &job::Model,
    batch: ImportBatchId,
    row: i32,
) -> Result<Chunk, Fault> {
    let scope = Scope::of(&actor, Permission::ConfirmExistingCertificates);
    let mut uow = UnitOfWork::begin(platform, &actor).await?;
    let limit = u64::try_from(CHUNK).map_err(Fault::other)?;
    let rows = existing::plain_after(uow.tx(), &scope, batch, row, limit).await?;
    let finished = rows.len() < CHUNK;
    let next = rows.last().map_or(row, |(row, _)| *row);
    let ids: Vec<ExistingCertificateId> = rows.into_iter().map(|(_, id)| id).collect();
    let outcomes = if ids.is_empty() {
        Vec::new()
    } else {
        unrefused(confirm_chunk(&mut uow, &ids, false).await)?
    };
    chunk_done(uow, claimed, &outcomes, next, finished).await
}
