//! How long imports keep personal data. The rows of an import, sealed, are kept while they are
//! needed and [`KEPT`] beyond; then they are removed, and the tallies stay. An import that was
//! never staged to its end is removed whole.

use chrono::Duration;
use entities::enums::{ImportState, JobState};
use entities::ids::ImportBatchId;
use entities::{import_batch, import_row, job};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::platform::Platform;
use crate::platform::failure::Fault;

/// How long the rows of an import are kept after the last thing that was done with it.
pub const KEPT: Duration = Duration::days(30);
/// An import that is being staged writes a chunk every moment; one that has not for so long is dead.
pub const STAGING: Duration = Duration::minutes(10);
/// Rows removed in one transaction, so that others write in between.
const CHUNK: i32 = 5_000;

/// Removes what is no longer kept: see [`KEPT`] and [`STAGING`]. Any number of nodes may do so at
/// once, and one that is stopped half-way leaves the rest to the next.
pub async fn keep(platform: &Platform) -> Result<(), Fault> {
    use import_batch::Column::{Id, JobId, RowsRemovedAt, UpdatedAt};
    remove_abandoned(platform).await?;
    let now = platform.now();
    // What waits for a worker or is worked on is not finished, however long it takes.
    let working = Query::select()
        .column(job::Column::Id)
        .from(job::Entity)
        .and_where(job::Column::State.is_in([JobState::Queued, JobState::Running]))
        .take();
    // Marked first: from then on nobody applies it or asks for its report.
    import_batch::Entity::update_many()
        .col_expr(RowsRemovedAt, Expr::value(now))
        .filter(RowsRemovedAt.is_null())
        .filter(UpdatedAt.lt(now - KEPT))
        .filter(JobId.is_null().or(JobId.not_in_subquery(working)))
        .exec(platform.db.writer())
        .await?;
    let rows = Query::select()
        .expr(Expr::value(1))
        .from(import_row::Entity)
        .and_where(
            Expr::col((import_row::Entity, import_row::Column::BatchId))
                .equals((import_batch::Entity, Id)),
        )
        .take();
    let marked: Vec<ImportBatchId> = import_batch::Entity::find()
        .select_only()
        .column(Id)
        .filter(RowsRemovedAt.is_not_null())
        .filter(Expr::exists(rows))
        .into_tuple()
        .all(platform.db.read())
        .await?;
    for id in marked {
        remove_rows(platform, id).await?;
    }
    Ok(())
}

/// Removes imports whose staging broke off.
pub(super) async fn remove_abandoned(platform: &Platform) -> Result<(), Fault> {
    use import_batch::Column::{Id, State, UpdatedAt};
    let dead: Vec<ImportBatchId> = import_batch::Entity::find()
        .select_only()
        .column(Id)
        .filter(State.is_in([ImportState::Staging, ImportState::Rejected]))
        .filter(UpdatedAt.lt(platform.now() - STAGING))
        .into_tuple()
        .all(platform.db.read())
        .await?;
    for id in dead {
        remove(platform, id).await?;
    }
    Ok(())
}

/// Removes an import that was not staged to its end, with its rows.
pub(super) async fn remove(platform: &Platform, id: ImportBatchId) -> Result<(), Fault> {
    use import_batch::Column::{Id, State};
    // From here on whoever staged it, should they be alive, writes nothing more.
    let rejected = import_batch::Entity::update_many()
        .col_expr(State, Expr::value(ImportState::Rejected))
        .filter(Id.eq(id))
        .filter(State.is_in([ImportState::Staging, ImportState::Rejected]))
        .exec(platform.db.writer())
        .await?;
    if rejected.rows_affected == 1 {
        remove_rows(platform, id).await?;
        import_batch::Entity::delete_by_id(id).exec(platform.db.writer()).await?;
    }
    Ok(())
}

async fn remove_rows(platform: &Platform, id: ImportBatchId) -> Result<(), Fault> {
    let last: Option<i32> = import_row::Entity::find()
        .select_only()
        .column(import_row::Column::RowNo)
        .filter(import_row::Column::BatchId.eq(id))
        .order_by_desc(import_row::Column::RowNo)
        .limit(1)
        .into_tuple()
        .one(platform.db.read())
        .await?;
    let mut upto = 0;
    while last.is_some_and(|last| upto < last) {
        upto += CHUNK;
        import_row::Entity::delete_many()
            .filter(import_row::Column::BatchId.eq(id))
            .filter(import_row::Column::RowNo.lte(upto))
            .exec(platform.db.writer())
            .await?;
    }
    Ok(())
}
