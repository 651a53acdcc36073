//! Takes back what an import claimed, as long as none of it is confirmed.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use entities::enums::{ExistingKind, ExistingState};
use entities::existing_certificate::{self, Column};
use entities::ids::{ExistingCertificateId, ImportBatchId, PersonId};
use sea_orm::sea_query::{Expr, LockType};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::store;
use crate::audit::UnitOfWork;
use crate::platform::failure::Fault;

/// Ids of one statement.
const AT_ONCE: usize = 500;

/// What was taken back.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TakenBack {
    /// Claims and filed records of the import.
    pub withdrawn: usize,
    /// Of earlier imports, what they had replaced and what holds again.
    pub restored: usize,
}

/// Withdraws the waiting claims and the filed records of an import, and restores what they had
/// replaced; what was refused stays so. Answers how many are confirmed where some are: then nothing
/// is changed.
pub async fn withdraw_batch(
    uow: &UnitOfWork,
    batch: ImportBatchId,
) -> Result<Result<TakenBack, usize>, Fault> {
    let mut select = existing_certificate::Entity::find()
        .select_only()
        .columns([Column::Id, Column::State])
        .filter(Column::BatchId.eq(batch))
        .order_by_asc(Column::Id);
    if !uow.platform().db.is_sqlite() {
        // Whoever decides on one of them waits, or is waited for.
        select = select.lock(LockType::Update);
    }
    let rows: Vec<(ExistingCertificateId, ExistingState)> =
        select.into_tuple().all(uow.tx()).await?;
    let in_state = |state| rows.iter().filter(move |row| row.1 == state);
    let confirmed = in_state(ExistingState::Confirmed).count();
    if confirmed > 0 {
        return Ok(Err(confirmed));
    }
    let open = in_state(ExistingState::Claimed).chain(in_state(ExistingState::Filed));
    let open: Vec<ExistingCertificateId> = open.map(|row| row.0).collect();
    let mut restored = 0;
    for chunk in open.chunks(AT_ONCE) {
        change(uow, chunk, ExistingState::Withdrawn, uow.actor().person()).await?;
    }
    // What this import had replaced holds again; what of it was replaced itself never will.
    for chunk in open.chunks(AT_ONCE) {
        let before = existing_certificate::Entity::find()
            .filter(Column::ReplacedBy.is_in(chunk.iter().copied()))
            .filter(Column::State.eq(ExistingState::Withdrawn))
            .order_by_asc(Column::Id)
            .all(uow.tx())
            .await?;
        restored += restore(uow, &before).await?;
    }
    // Not the rows that were just written: written twice, PostgreSQL would look their holders up anew,
    // whom somebody may have locked who waits for these rows.
    existing_certificate::Entity::update_many()
        .col_expr(Column::ReplacedBy, Expr::value(None::<ExistingCertificateId>))
        .filter(Column::BatchId.eq(batch))
        .filter(Column::ReplacedBy.is_not_null())
        .exec(uow.tx())
        .await?;
    Ok(Ok(TakenBack { withdrawn: open.len(), restored }))
}

/// Lets claims wait and records be filed again, but for those whose number is another's by now.
async fn restore(uow: &UnitOfWork, before: &[existing_certificate::Model]) -> Result<usize, Fault> {
    let numbers: Vec<String> = before
        .iter()
        .filter(|row| row.kind != ExistingKind::Ministry)
        .filter_map(|row| row.number.clone())
        .collect();
    let mut taken: HashSet<String> = HashSet::new();
    let certified = store::numbers_certified(uow.tx(), &numbers).await?;
    let claimed = store::numbers_claimed(uow.tx(), &numbers).await?;
    taken.extend(certified.into_iter().chain(claimed).map(|(number, _)| number));
    let mut count = 0;
    for (state, ministry) in [(ExistingState::Filed, true), (ExistingState::Claimed, false)] {
        let ids: Vec<ExistingCertificateId> = before
            .iter()
            .filter(|row| (row.kind == ExistingKind::Ministry) == ministry)
            .filter(|row| ministry || row.number.as_ref().is_some_and(|n| !taken.contains(n)))
            .map(|row| row.id)
            .collect();
        if ids.is_empty() {
            continue;
        }
        count += ids.len();
        change(uow, &ids, state, None).await?;
    }
    Ok(count)
}

async fn change(
    uow: &UnitOfWork,
    ids: &[ExistingCertificateId],
    to: ExistingState,
    by: Option<PersonId>,
) -> Result<(), Fault> {
    let withdrawn = to == ExistingState::Withdrawn;
    let at: Option<DateTime<Utc>> = withdrawn.then(|| uow.now());
    let mut update = existing_certificate::Entity::update_many()
        .col_expr(Column::State, Expr::value(to))
        .col_expr(Column::DecidedAt, Expr::value(at))
        .col_expr(Column::DecidedBy, Expr::value(by))
        .col_expr(Column::UpdatedAt, Expr::value(uow.now()));
    if !withdrawn {
        // Much may have changed since it was replaced.
        update = update
            .col_expr(Column::ReplacedBy, Expr::value(None::<ExistingCertificateId>))
            .col_expr(Column::ExaminedAt, Expr::value(None::<DateTime<Utc>>));
    }
    update.filter(Column::Id.is_in(ids.iter().copied())).exec(uow.tx()).await?;
    Ok(())
}
