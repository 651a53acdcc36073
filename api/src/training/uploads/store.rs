//! Workbooks and their sealed rows in the database. Only whoever sent one sees it.

use chrono::{DateTime, Utc};
use entities::enums::ImportRowState;
use entities::ids::{PersonId, TrainingUploadId};
use entities::{training_upload, training_upload_row};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};

use super::row::Staged;
use crate::audit::UnitOfWork;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::platform::seal::Purpose;

const ROWS: Purpose = Purpose::new("training/row");
/// Rows of one statement.
const AT_ONCE: usize = 500;

/// A row opened.
pub struct Row {
    /// 1, 2, 3 … in order of the file.
    pub number: i32,
    /// What became of it.
    pub state: ImportRowState,
    /// Whom it names.
    pub person: Option<PersonId>,
    /// Its cells and what was found.
    pub staged: Staged,
}

fn of(actor: &Actor) -> Condition {
    match actor.account() {
        None => Condition::all().add(Expr::val(1).eq(0)),
        Some(account) => Condition::all().add(training_upload::Column::AccountId.eq(account)),
    }
}

/// A workbook of this actor.
pub async fn own(
    db: &impl ConnectionTrait,
    actor: &Actor,
    id: TrainingUploadId,
) -> Result<Option<training_upload::Model>, Fault> {
    Ok(training_upload::Entity::find_by_id(id).filter(of(actor)).one(db).await?)
}

/// The same, kept from others: of two who apply it at once, the second finds it applied.
pub(super) async fn lock(
    uow: &UnitOfWork,
    id: TrainingUploadId,
) -> Result<Option<training_upload::Model>, Fault> {
    let select = training_upload::Entity::find_by_id(id).filter(of(uow.actor()));
    let select = uow.locked(select);
    Ok(select.one(uow.tx()).await?)
}

/// Workbooks of this actor, newest first.
pub async fn own_uploads(
    db: &impl ConnectionTrait,
    actor: &Actor,
    before: Option<TrainingUploadId>,
    limit: u64,
) -> Result<Vec<training_upload::Model>, Fault> {
    let mut select = training_upload::Entity::find().filter(of(actor));
    if let Some(before) = before {
        select = select.filter(training_upload::Column::Id.lt(before));
    }
    Ok(select.order_by_desc(training_upload::Column::Id).limit(limit).all(db).await?)
}

fn place(upload: TrainingUploadId, row_no: i32) -> Vec<u8> {
    [upload.0.as_bytes().as_slice(), &row_no.to_be_bytes()].concat()
}

fn seal(
    platform: &Platform,
    upload: TrainingUploadId,
    row_no: i32,
    staged: &Staged,
) -> Result<Vec<u8>, Fault> {
    let plain = serde_json::to_vec(staged).map_err(Fault::other)?;
    let mut random = platform.random.clone();
    Ok(platform.secret.seal(ROWS, &place(upload, row_no), &plain, &mut random))
}

fn open(platform: &Platform, row: training_upload_row::Model) -> Result<Row, Fault> {
    let training_upload_row::Model { upload_id, row_no, state, person_id, sealed } = row;
    let place = place(upload_id, row_no);
    let plain = platform.secret.open(ROWS, &place, &sealed).map_err(Fault::stored)?;
    let staged = serde_json::from_slice(&plain).map_err(Fault::stored)?;
    Ok(Row { number: row_no, state, person: person_id, staged })
}

/// Writes the rows of a new workbook.
pub(super) async fn insert_rows(
    uow: &UnitOfWork,
    upload: TrainingUploadId,
    rows: &[Staged],
    people: &[Option<PersonId>],
    states: &[ImportRowState],
) -> Result<(), Fault> {
    let mut sealed = Vec::with_capacity(rows.len());
    for (row_no, ((staged, person), state)) in (1..).zip(rows.iter().zip(people).zip(states)) {
        sealed.push(training_upload_row::ActiveModel {
            upload_id: Set(upload),
            row_no: Set(row_no),
            state: Set(*state),
            person_id: Set(*person),
            sealed: Set(seal(uow.platform(), upload, row_no, staged)?),
        });
    }
    for chunk in sealed.chunks(AT_ONCE) {
        let rows = chunk.iter().cloned();
        training_upload_row::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    }
    Ok(())
}

/// Every row of a workbook, in order: at most some thousand.
pub(super) async fn all_rows(
    uow: &UnitOfWork,
    upload: TrainingUploadId,
) -> Result<Vec<Row>, Fault> {
    let rows = training_upload_row::Entity::find()
        .filter(training_upload_row::Column::UploadId.eq(upload))
        .order_by_asc(training_upload_row::Column::RowNo)
        .all(uow.tx())
        .await?;
    rows.into_iter().map(|row| open(uow.platform(), row)).collect()
}

/// Rows after a place, in order; only those in `state` where one is given.
pub async fn rows_after(
    platform: &Platform,
    upload: TrainingUploadId,
    after: i32,
    state: Option<ImportRowState>,
    limit: u64,
) -> Result<Vec<Row>, Fault> {
    use training_upload_row::Column::{RowNo, State, UploadId};
    let mut select =
        training_upload_row::Entity::find().filter(UploadId.eq(upload)).filter(RowNo.gt(after));
    if let Some(state) = state {
        select = select.filter(State.eq(state));
    }
    let rows = select.order_by_asc(RowNo).limit(limit).all(platform.db.read()).await?;
    rows.into_iter().map(|row| open(platform, row)).collect()
}

/// Writes what became of the rows; those in which more was found than before are sealed anew.
pub(super) async fn settle_rows(
    uow: &UnitOfWork,
    upload: TrainingUploadId,
    rows: &[Staged],
    before: &[usize],
    states: &[ImportRowState],
) -> Result<(), Fault> {
    use training_upload_row::Column::{RowNo, Sealed, State, UploadId};
    for state in ImportRowState::all() {
        let those = (1_i32..).zip(states).filter(|(_, s)| **s == state).map(|(row_no, _)| row_no);
        for chunk in those.collect::<Vec<_>>().chunks(AT_ONCE) {
            training_upload_row::Entity::update_many()
                .col_expr(State, Expr::value(state))
                .filter(UploadId.eq(upload))
                .filter(RowNo.is_in(chunk.iter().copied()))
                .exec(uow.tx())
                .await?;
        }
    }
    for (row_no, (staged, before)) in (1..).zip(rows.iter().zip(before)) {
        if staged.found.len() > *before {
            let sealed = seal(uow.platform(), upload, row_no, staged)?;
            training_upload_row::Entity::update_many()
                .col_expr(Sealed, Expr::value(sealed))
                .filter(UploadId.eq(upload))
                .filter(RowNo.eq(row_no))
                .exec(uow.tx())
                .await?;
        }
    }
    Ok(())
}

/// Removes the rows of workbooks that were last touched before a moment. They are marked first: from
/// then on nobody applies one or asks for its report.
pub(super) async fn remove_old(platform: &Platform, until: DateTime<Utc>) -> Result<(), Fault> {
    use training_upload::Column::{Id, RowsRemovedAt, UpdatedAt};
    training_upload::Entity::update_many()
        .col_expr(RowsRemovedAt, Expr::value(platform.now()))
        .filter(RowsRemovedAt.is_null())
        .filter(UpdatedAt.lt(until))
        .exec(platform.db.writer())
        .await?;
    let with_rows = Query::select()
        .distinct()
        .column(training_upload_row::Column::UploadId)
        .from(training_upload_row::Entity)
        .take();
    let marked: Vec<TrainingUploadId> = training_upload::Entity::find()
        .select_only()
        .column(Id)
        .filter(RowsRemovedAt.is_not_null())
        .filter(Id.in_subquery(with_rows))
        .into_tuple()
        .all(platform.db.read())
        .await?;
    for id in marked {
        training_upload_row::Entity::delete_many()
            .filter(training_upload_row::Column::UploadId.eq(id))
            .exec(platform.db.writer())
            .await?;
    }
    Ok(())
}
