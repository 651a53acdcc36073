//! Attaching staged photos: chunks of rows, each chunk one transaction with the job's cursor in it,
//! so that a killed process goes on where it stopped and nothing is done twice.

use entities::enums::{ImportState, JobState};
use entities::ids::PhotoBatchId;
use entities::{job, photo_batch};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::{PhotosRefusal, Result};
use super::outcome::Outcome;
use super::{Progress, store};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::chunks::{Chunk, work_in_chunks};
use crate::graphql::ids::encode;
use crate::officers::{self, NewPhoto};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::events::Topic;
use crate::platform::failure::Fault;
use crate::platform::jobs;

/// The job's kind.
pub const JOB: &str = "photos.apply";
/// Rows of one transaction: with their photos some megabytes.
const CHUNK: u64 = 100;

#[derive(Serialize, Deserialize)]
struct Payload {
    batch: PhotoBatchId,
}

/// Lets staged photos be attached.
pub async fn begin(
    platform: &Platform,
    actor: &Actor,
    id: PhotoBatchId,
) -> Result<photo_batch::Model> {
    use photo_batch::Column::{Id, JobId, RowsRemovedAt, State, UpdatedAt};
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let batch = store::own_batch(uow.tx(), actor, id).await?.ok_or(PhotosRefusal::NotFound)?;
    if batch.rows_removed_at.is_some() {
        return Err(PhotosRefusal::RowsRemoved.into());
    }
    // One whose job was given up goes on with the rows that are left.
    let given_up = match batch.job_id {
        Some(job) => {
            jobs::find(uow.tx(), job).await?.is_some_and(|job| job.state == JobState::Failed)
        }
        None => false,
    };
    let waits =
        batch.state == ImportState::Staged || batch.state == ImportState::Applying && given_up;
    if !waits {
        return Err(PhotosRefusal::NotStaged.into());
    }
    let (total, payload) = (i64::from(batch.files), Payload { batch: id });
    let job = jobs::enqueue(platform, uow.tx(), JOB, &payload, total, actor.account()).await?;
    // Of two who begin at once, the second finds it moved.
    let unmoved = match batch.job_id {
        Some(job) => JobId.eq(job),
        None => JobId.is_null(),
    };
    let moved = photo_batch::Entity::update_many()
        .col_expr(State, Expr::value(ImportState::Applying))
        .col_expr(JobId, Expr::value(job))
        .col_expr(UpdatedAt, Expr::value(uow.now()))
        .filter(Id.eq(id))
        .filter(State.eq(batch.state))
        .filter(RowsRemovedAt.is_null())
        .filter(unmoved)
        .exec(uow.tx())
        .await?;
    if moved.rows_affected == 0 {
        return Err(PhotosRefusal::NotStaged.into());
    }
    let batch = store::own_batch(uow.tx(), actor, id).await?.ok_or(PhotosRefusal::NotFound)?;
    uow.record(Stream::System, "photos.apply", encode(id), json!({}));
    uow.commit().await?;
    platform.events.publish(Topic::Jobs).await;
    Ok(batch)
}

/// Works a claimed job to its end. Answers early, without a fault, when another worker has it.
pub async fn work(
    platform: &Platform,
    claimed: job::Model,
    progress: Progress<'_>,
) -> std::result::Result<(), Fault> {
    let Payload { batch } =
        serde_json::from_value(claimed.payload.clone()).map_err(Fault::stored)?;
    let claimed = &claimed;
    work_in_chunks(platform, claimed, progress, |actor, cursor| {
        apply_chunk(platform, actor, claimed, batch, cursor)
    })
    .await
}

async fn apply_chunk(
    platform: &Platform,
    actor: Actor,
    claimed: &job::Model,
    id: PhotoBatchId,
    cursor: i32,
) -> std::result::Result<Chunk, Fault> {
    let scope = Scope::of(&actor, Permission::UploadPhotos);
    let mut uow = UnitOfWork::begin(platform, &actor).await?;
    let rows = store::ready_after(uow.tx(), id, cursor, CHUNK).await?;
    let finished = u64::try_from(rows.len()).unwrap_or(u64::MAX) < CHUNK;
    let next = rows.last().map_or(cursor, |r| r.row_no);

    let mut numbers = Vec::with_capacity(rows.len());
    let mut photos = Vec::with_capacity(rows.len());
    for row in rows {
        let (Some(person), Some(sha256), Some(jpeg)) = (row.person_id, row.photo_sha256, row.photo)
        else {
            return Err(Fault::stored("a ready row without its photo"));
        };
        let sha256 = sha256.try_into().map_err(|_| Fault::stored("a hash of another length"))?;
        numbers.push(row.row_no);
        photos.push(NewPhoto { person, jpeg, sha256 });
    }
    let mut tally = Tally::default();
    for (row_no, answer) in
        numbers.into_iter().zip(officers::attach_photos(&mut uow, &scope, photos).await?)
    {
        match answer {
            Ok(true) => tally.attached.push(row_no),
            Ok(false) => tally.unchanged.push(row_no),
            // Gone from the sender's part of the tree since it was staged.
            Err(_) => tally.refused.push(row_no),
        }
    }
    let (done, failed) = tally.write(&uow, id, next, finished).await?;
    let moved = jobs::Progress { cursor: i64::from(next), done, failed, finished };
    if !jobs::advance(uow.tx(), claimed, moved, uow.now()).await? {
        return Ok(Chunk::Lost);
    }
    uow.commit().await?;
    Ok(if finished { Chunk::Finished } else { Chunk::Done(next) })
}

/// What became of the rows of a chunk.
#[derive(Default)]
struct Tally {
    attached: Vec<i32>,
    unchanged: Vec<i32>,
    refused: Vec<i32>,
}

impl Tally {
    /// Answers how many succeeded and how many did not.
    async fn write(
        &self,
        uow: &UnitOfWork,
        id: PhotoBatchId,
        cursor: i32,
        finished: bool,
    ) -> std::result::Result<(i64, i64), Fault> {
        use photo_batch::Column::{Attached, Cursor, Id, Refused, State, Unchanged, UpdatedAt};
        for (outcome, rows) in [
            (Outcome::Attached, &self.attached),
            (Outcome::Unchanged, &self.unchanged),
            (Outcome::NotMatched, &self.refused),
        ] {
            store::settle(uow.tx(), id, rows, outcome).await?;
        }
        let count = |rows: &[i32]| i32::try_from(rows.len()).unwrap_or(i32::MAX);
        let (attached, unchanged, refused) =
            (count(&self.attached), count(&self.unchanged), count(&self.refused));
        let state = if finished { ImportState::Applied } else { ImportState::Applying };
        photo_batch::Entity::update_many()
            .col_expr(State, Expr::value(state))
            .col_expr(Cursor, Expr::value(cursor))
            .col_expr(Attached, Expr::col(Attached).add(attached))
            .col_expr(Unchanged, Expr::col(Unchanged).add(unchanged))
            .col_expr(Refused, Expr::col(Refused).add(refused))
            .col_expr(UpdatedAt, Expr::value(uow.now()))
            .filter(Id.eq(id))
            .exec(uow.tx())
            .await?;
        Ok((i64::from(attached) + i64::from(unchanged), i64::from(refused)))
    }
}
