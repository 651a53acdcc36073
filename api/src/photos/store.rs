//! Batches of photos and their rows in the database. Only the one who sent them sees them; the
//! command line sees all.

use entities::enums::{ImportState, PhotoRowState};
use entities::ids::{PersonId, PhotoBatchId};
use entities::{photo_batch, photo_row};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult,
    QueryFilter, QueryOrder, QuerySelect,
};
use serde::{Deserialize, Serialize};

use super::outcome::Outcome;
use crate::officers::photo::{Cut, ProcessedPhoto};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::platform::seal::Purpose;

/// A name may be an ID number.
const ROWS: Purpose = Purpose::new("photos/row");

/// What is sealed of a file.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Sealed {
    /// Its name in the ZIP.
    pub name: String,
    /// Which part of it the photo shows.
    pub cut: Option<Cut>,
    /// Whether the person had a photo when it was staged.
    pub had_photo: bool,
}

/// A row without its photo.
#[derive(FromQueryResult)]
struct Stored {
    row_no: i32,
    code: String,
    person_id: Option<PersonId>,
    sealed: Vec<u8>,
}

/// A file of a batch as it is shown.
#[derive(Clone)]
pub struct Row {
    /// 1, 2, 3 … in order of the ZIP.
    pub number: i32,
    /// What became of it.
    pub outcome: Outcome,
    /// Whose photo it is.
    pub person: Option<PersonId>,
    /// Its name in the ZIP.
    pub name: String,
    /// Which part of it the photo shows.
    pub cut: Option<Cut>,
    /// Whether the person had a photo when it was staged.
    pub had_photo: bool,
}

fn own(actor: &Actor) -> Condition {
    match actor.account() {
        None => Condition::all(),
        Some(account) => Condition::all().add(photo_batch::Column::AccountId.eq(account)),
    }
}

/// The batch of the same ZIP by the same actor that is being applied.
pub(super) async fn under_way(
    db: &impl ConnectionTrait,
    actor: &Actor,
    sha256: &[u8],
) -> Result<Option<photo_batch::Model>, Fault> {
    Ok(photo_batch::Entity::find()
        .filter(own(actor))
        .filter(photo_batch::Column::FileSha256.eq(sha256))
        .filter(photo_batch::Column::State.eq(ImportState::Applying))
        .filter(photo_batch::Column::RowsRemovedAt.is_null())
        .order_by_desc(photo_batch::Column::Id)
        .one(db)
        .await?)
}

/// A batch of this actor.
pub(super) async fn own_batch(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: PhotoBatchId,
) -> Result<Option<photo_batch::Model>, Fault> {
    Ok(photo_batch::Entity::find_by_id(id).filter(own(actor)).one(db).await?)
}

/// Batches of this actor, newest first.
pub(super) async fn own_batches(
    db: &impl ConnectionTrait,
    actor: &Actor,
    before: Option<PhotoBatchId>,
    limit: u64,
) -> Result<Vec<photo_batch::Model>, Fault> {
    let mut select = photo_batch::Entity::find().filter(own(actor));
    if let Some(before) = before {
        select = select.filter(photo_batch::Column::Id.lt(before));
    }
    Ok(select.order_by_desc(photo_batch::Column::Id).limit(limit).all(db).await?)
}

/// Writes how far a batch is that is being staged; `false` where it is not, or no more.
pub(super) async fn write_staging(
    db: &impl ConnectionTrait,
    batch: &photo_batch::Model,
) -> Result<bool, Fault> {
    use photo_batch::Column::{Failed, Id, Ignored, Staged, State, Summary, Unchanged, UpdatedAt};
    let written = photo_batch::Entity::update_many()
        .col_expr(State, Expr::value(batch.state))
        .col_expr(Staged, Expr::value(batch.staged))
        .col_expr(Failed, Expr::value(batch.failed))
        .col_expr(Ignored, Expr::value(batch.ignored))
        .col_expr(Unchanged, Expr::value(batch.unchanged))
        .col_expr(Summary, Expr::value(batch.summary.clone()))
        .col_expr(UpdatedAt, Expr::value(batch.updated_at))
        .filter(Id.eq(batch.id))
        .filter(State.eq(ImportState::Staging))
        .exec(db)
        .await?;
    Ok(written.rows_affected == 1)
}

/// Marks a batch that cannot be staged to its end: nobody writes to it any more.
pub(super) async fn reject(db: &impl ConnectionTrait, id: PhotoBatchId) -> Result<bool, Fault> {
    use photo_batch::Column::{Id, State};
    let rejected = photo_batch::Entity::update_many()
        .col_expr(State, Expr::value(ImportState::Rejected))
        .filter(Id.eq(id))
        .filter(State.is_in([ImportState::Staging, ImportState::Rejected]))
        .exec(db)
        .await?;
    Ok(rejected.rows_affected == 1)
}

/// A file in its stored form, bound to its place. The photo is kept of one that waits only.
pub(super) fn seal_row(
    platform: &Platform,
    batch: PhotoBatchId,
    row: &Row,
    photo: Option<ProcessedPhoto>,
) -> Result<photo_row::ActiveModel, Fault> {
    let sealed = Sealed { name: row.name.clone(), cut: row.cut, had_photo: row.had_photo };
    let plain = serde_json::to_vec(&sealed).map_err(Fault::other)?;
    let place = place(batch, row.number);
    let sealed = platform.secret.seal(ROWS, &place, &plain, &mut platform.random.clone());
    let (sha256, photo) = match photo {
        Some(photo) if row.outcome == Outcome::Ready => {
            (Some(photo.sha256.to_vec()), Some(photo.jpeg))
        }
        _ => (None, None),
    };
    Ok(photo_row::ActiveModel {
        batch_id: Set(batch),
        row_no: Set(row.number),
        state: Set(row.outcome.state()),
        code: Set(row.outcome.code().to_owned()),
        person_id: Set(row.person),
        sealed: Set(sealed),
        photo_sha256: Set(sha256),
        photo: Set(photo),
    })
}

fn place(batch: PhotoBatchId, row_no: i32) -> Vec<u8> {
    [batch.0.as_bytes().as_slice(), &row_no.to_be_bytes()].concat()
}

/// Rows after a place, in order; only those in `state` where one is given.
pub(super) async fn rows_after(
    platform: &Platform,
    batch: PhotoBatchId,
    after: i32,
    state: Option<PhotoRowState>,
    limit: u64,
) -> Result<Vec<Row>, Fault> {
    use photo_row::Column::{BatchId, Code, PersonId, RowNo, Sealed as SealedColumn, State};
    let mut select = photo_row::Entity::find()
        .select_only()
        .columns([RowNo, Code, PersonId, SealedColumn])
        .filter(BatchId.eq(batch))
        .filter(RowNo.gt(after));
    if let Some(state) = state {
        select = select.filter(State.eq(state));
    }
    let rows: Vec<Stored> =
        select.order_by_asc(RowNo).limit(limit).into_model().all(platform.db.read()).await?;
    rows.iter().map(|row| open_row(platform, batch, row)).collect()
}

fn open_row(platform: &Platform, batch: PhotoBatchId, row: &Stored) -> Result<Row, Fault> {
    let place = place(batch, row.row_no);
    let plain = platform.secret.open(ROWS, &place, &row.sealed).map_err(Fault::stored)?;
    let sealed: Sealed = serde_json::from_slice(&plain).map_err(Fault::stored)?;
    Ok(Row {
        number: row.row_no,
        outcome: Outcome::from_code(&row.code)
            .ok_or_else(|| Fault::stored("a row of photos with an unknown code"))?,
        person: row.person_id,
        name: sealed.name,
        cut: sealed.cut,
        had_photo: sealed.had_photo,
    })
}

/// Rows with their photos that wait to be attached, after a place and in order.
pub(super) async fn ready_after(
    db: &impl ConnectionTrait,
    batch: PhotoBatchId,
    after: i32,
    limit: u64,
) -> Result<Vec<photo_row::Model>, Fault> {
    Ok(photo_row::Entity::find()
        .filter(photo_row::Column::BatchId.eq(batch))
        .filter(photo_row::Column::RowNo.gt(after))
        .filter(photo_row::Column::State.eq(PhotoRowState::Ready))
        .order_by_asc(photo_row::Column::RowNo)
        .limit(limit)
        .all(db)
        .await?)
}

/// A row that waits to be attached.
pub(super) async fn ready_row(
    db: &impl ConnectionTrait,
    batch: PhotoBatchId,
    row_no: i32,
) -> Result<Option<photo_row::Model>, Fault> {
    let row = photo_row::Entity::find_by_id((batch, row_no)).one(db).await?;
    Ok(row.filter(|row| row.state == PhotoRowState::Ready))
}

/// Writes what became of rows. Their photos stand with the people now, or nowhere.
pub(super) async fn settle(
    db: &impl ConnectionTrait,
    batch: PhotoBatchId,
    rows: &[i32],
    outcome: Outcome,
) -> Result<(), Fault> {
    if rows.is_empty() {
        return Ok(());
    }
    photo_row::Entity::update_many()
        .col_expr(photo_row::Column::State, Expr::value(outcome.state()))
        .col_expr(photo_row::Column::Code, Expr::value(outcome.code()))
        .col_expr(photo_row::Column::Photo, Expr::value(None::<Vec<u8>>))
        .filter(photo_row::Column::BatchId.eq(batch))
        .filter(photo_row::Column::RowNo.is_in(rows.iter().copied()))
        .exec(db)
        .await?;
    Ok(())
}
