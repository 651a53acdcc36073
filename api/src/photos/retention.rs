//! How long photos of a ZIP and the names of its files are kept beside the register: as long as the
//! rows of an import. The tallies stay. A batch that was never staged to its end is removed whole.

use chrono::Duration;
use entities::enums::{ImportState, JobState};
use entities::ids::PhotoBatchId;
use entities::{job, photo_batch, photo_row};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::store;
use crate::platform::Platform;
use crate::platform::failure::Fault;

/// How long the rows of a batch are kept after the last thing that was done with it.
pub const KEPT: Duration = Duration::days(30);
/// A batch that is being staged writes a chunk every moment; one that has not for so long is dead.
pub const STAGING: Duration = Duration::minutes(10);
/// Rows removed in one transaction, with their photos, so that others write in between.
const CHUNK: i32 = 1_000;

/// Removes what is no longer kept: see [`KEPT`] and [`STAGING`]. Any number of nodes may do so at
/// once, and one that is stopped half-way leaves the rest to the next.
pub async fn keep(platform: &Platform) -> Result<(), Fault> {
    use photo_batch::Column::{Id, JobId, RowsRemovedAt, UpdatedAt};
    remove_abandoned(platform).await?;
    let now = platform.now();
    // What waits for a worker or is worked on is not finished, however long it takes.
    let working = Query::select()
        .column(job::Column::Id)
        .from(job::Entity)
        .and_where(job::Column::State.is_in([JobState::Queued, JobState::Running]))
        .take();
    // Marked first: from then on nobody applies it or asks for its report.
    photo_batch::Entity::update_many()
        .col_expr(RowsRemovedAt, Expr::value(now))
        .filter(RowsRemovedAt.is_null())
        .filter(UpdatedAt.lt(now - KEPT))
        .filter(JobId.is_null().or(JobId.not_in_subquery(working)))
        .exec(platform.db.writer())
        .await?;
    let rows = Query::select()
        .expr(Expr::value(1))
        .from(photo_row::Entity)
        .and_where(
            Expr::col((photo_row::Entity, photo_row::Column::BatchId))
                .equals((photo_batch::Entity, Id)),
        )
        .take();
    let marked: Vec<(PhotoBatchId, i32)> = photo_batch::Entity::find()
        .select_only()
        .columns([Id, photo_batch::Column::Files])
        .filter(RowsRemovedAt.is_not_null())
        .filter(Expr::exists(rows))
        .into_tuple()
        .all(platform.db.read())
        .await?;
    for (id, files) in marked {
        remove_rows(platform, id, files).await?;
    }
    Ok(())
}

/// Removes batches whose staging broke off.
pub(super) async fn remove_abandoned(platform: &Platform) -> Result<(), Fault> {
    use photo_batch::Column::{Files, Id, State, UpdatedAt};
    let dead: Vec<(PhotoBatchId, i32)> = photo_batch::Entity::find()
        .select_only()
        .columns([Id, Files])
        .filter(State.is_in([ImportState::Staging, ImportState::Rejected]))
        .filter(UpdatedAt.lt(platform.now() - STAGING))
        .into_tuple()
        .all(platform.db.read())
        .await?;
    for (id, files) in dead {
        // From here on whoever staged it, should they be alive, writes nothing more.
        if store::reject(platform.db.writer(), id).await? {
            remove_rows(platform, id, files).await?;
            photo_batch::Entity::delete_by_id(id).exec(platform.db.writer()).await?;
        }
    }
    Ok(())
}

async fn remove_rows(platform: &Platform, id: PhotoBatchId, files: i32) -> Result<(), Fault> {
    let mut upto = 0;
    while upto < files {
        upto = upto.saturating_add(CHUNK);
        photo_row::Entity::delete_many()
            .filter(photo_row::Column::BatchId.eq(id))
            .filter(photo_row::Column::RowNo.lte(upto))
            .exec(platform.db.writer())
            .await?;
    }
    Ok(())
}
