//! Imports and their sealed rows in the database.

use entities::enums::{ImportMode, ImportRowState, ImportState};
use entities::ids::ImportBatchId;
use entities::{import_batch, import_row};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect,
};

use super::stage::Staged;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::platform::seal::Purpose;

const ROWS: Purpose = Purpose::new("imports/row");

/// Only the one who imported sees an import; the command line sees all.
fn own(actor: &Actor) -> sea_orm::Condition {
    match actor.account() {
        None => sea_orm::Condition::all(),
        Some(account) => sea_orm::Condition::all().add(import_batch::Column::AccountId.eq(account)),
    }
}

/// That an import stands as it was read, for an act on it: of two at once, the second finds it moved.
pub(super) fn unmoved(batch: &import_batch::Model) -> sea_orm::Condition {
    use import_batch::Column::{Id, JobId, State, WithdrawnAt};
    let job = match batch.job_id {
        Some(job) => JobId.eq(job),
        None => JobId.is_null(),
    };
    sea_orm::Condition::all()
        .add(Id.eq(batch.id))
        .add(State.eq(batch.state))
        .add(WithdrawnAt.is_null())
        .add(job)
}

/// The import of the same file by the same actor that is not finished, nor taken back.
pub(super) async fn under_way(
    platform: &Platform,
    actor: &Actor,
    sha256: &[u8],
    mode: ImportMode,
) -> Result<Option<import_batch::Model>, Fault> {
    Ok(import_batch::Entity::find()
        .filter(own(actor))
        .filter(import_batch::Column::FileSha256.eq(sha256))
        .filter(import_batch::Column::Mode.eq(mode))
        .filter(import_batch::Column::State.eq(ImportState::Applying))
        .filter(import_batch::Column::RowsRemovedAt.is_null())
        .filter(import_batch::Column::WithdrawnAt.is_null())
        .order_by_desc(import_batch::Column::CreatedAt)
        .one(platform.db.read())
        .await?)
}

pub(super) async fn batch(
    db: &impl ConnectionTrait,
    id: ImportBatchId,
) -> Result<Option<import_batch::Model>, Fault> {
    Ok(import_batch::Entity::find_by_id(id).one(db).await?)
}

/// An import of this actor.
pub(super) async fn own_batch(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: ImportBatchId,
) -> Result<Option<import_batch::Model>, Fault> {
    Ok(import_batch::Entity::find_by_id(id).filter(own(actor)).one(db).await?)
}

/// Imports of this actor, newest first.
pub(super) async fn own_batches(
    db: &impl ConnectionTrait,
    actor: &Actor,
    before: Option<ImportBatchId>,
    limit: u64,
) -> Result<Vec<import_batch::Model>, Fault> {
    let mut select = import_batch::Entity::find().filter(own(actor));
    if let Some(before) = before {
        select = select.filter(import_batch::Column::Id.lt(before));
    }
    Ok(select.order_by_desc(import_batch::Column::Id).limit(limit).all(db).await?)
}

/// Writes how far an import is that is being staged; `false` where it is not, or no more.
pub(super) async fn write_staging(
    db: &impl ConnectionTrait,
    batch: &import_batch::Model,
) -> Result<bool, Fault> {
    use import_batch::Column::{Confirmations, Failed, Id, State, Summary, Total, UpdatedAt};
    let written = import_batch::Entity::update_many()
        .col_expr(State, Expr::value(batch.state))
        .col_expr(Total, Expr::value(batch.total))
        .col_expr(Failed, Expr::value(batch.failed))
        .col_expr(Confirmations, Expr::value(batch.confirmations))
        .col_expr(Summary, Expr::value(batch.summary.clone()))
        .col_expr(UpdatedAt, Expr::value(batch.updated_at))
        .filter(Id.eq(batch.id))
        .filter(State.eq(ImportState::Staging))
        .exec(db)
        .await?;
    Ok(written.rows_affected == 1)
}

/// A row in its stored form, bound to its place.
pub(super) fn seal_row(
    platform: &Platform,
    batch: ImportBatchId,
    row_no: i32,
    staged: &Staged,
    state: ImportRowState,
) -> Result<import_row::ActiveModel, Fault> {
    let plain = serde_json::to_vec(staged).map_err(Fault::other)?;
    let place = place(batch, row_no);
    Ok(import_row::ActiveModel {
        batch_id: Set(batch),
        row_no: Set(row_no),
        state: Set(state),
        sealed: Set(platform.secret.seal(ROWS, &place, &plain, &mut platform.random.clone())),
    })
}

/// A stored row opened.
pub(super) fn open_row(platform: &Platform, row: &import_row::Model) -> Result<Staged, Fault> {
    let place = place(row.batch_id, row.row_no);
    let plain = platform.secret.open(ROWS, &place, &row.sealed).map_err(Fault::stored)?;
    serde_json::from_slice(&plain).map_err(Fault::stored)
}

fn place(batch: ImportBatchId, row_no: i32) -> Vec<u8> {
    [batch.0.as_bytes().as_slice(), &row_no.to_be_bytes()].concat()
}

/// Rows after a place, in order; only those in `state` where one is given.
pub(super) async fn rows_after(
    db: &impl ConnectionTrait,
    batch: ImportBatchId,
    after: i32,
    state: Option<ImportRowState>,
    limit: u64,
) -> Result<Vec<import_row::Model>, Fault> {
    let mut select = import_row::Entity::find()
        .filter(import_row::Column::BatchId.eq(batch))
        .filter(import_row::Column::RowNo.gt(after));
    if let Some(state) = state {
        select = select.filter(import_row::Column::State.eq(state));
    }
    Ok(select.order_by_asc(import_row::Column::RowNo).limit(limit).all(db).await?)
}
