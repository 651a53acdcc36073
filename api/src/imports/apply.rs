//! Applying a staged import: chunks of rows, each chunk one transaction with the job's cursor in
//! it, so that a killed process goes on where it stopped and nothing is done twice.

use entities::enums::{ImportMode, ImportRowState, ImportState, JobState};
use entities::ids::ImportBatchId;
use entities::{import_batch, import_row, job};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::columns::Column;
use super::error::{ImportRefusal, Result};
use super::findings::{FindingCode, Note, Severity};
use super::row::RosterRow;
use super::stage::Staged;
use super::{Progress, again, existing, people, store};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::auth::chunks::{Chunk, work_in_chunks};
use crate::graphql::ids::encode;
use crate::officers::existing::{Entered, Source, take_claims};
use crate::officers::{self, Change};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::events::Topic;
use crate::platform::failure::Fault;
use crate::platform::jobs;

/// The job's kind.
pub const JOB: &str = "import.apply";
/// Rows of one transaction.
const CHUNK: u64 = 250;

#[derive(Serialize, Deserialize)]
struct Payload {
    batch: ImportBatchId,
}

/// Lets a staged import be applied. `confirm` says that the mendings were looked at.
pub async fn begin(
    platform: &Platform,
    actor: &Actor,
    id: ImportBatchId,
    confirm: bool,
) -> Result<import_batch::Model> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let batch = store::own_batch(uow.tx(), actor, id).await?.ok_or(ImportRefusal::NotFound)?;
    if batch.rows_removed_at.is_some() {
        return Err(ImportRefusal::RowsRemoved.into());
    }
    if batch.withdrawn_at.is_some() {
        return Err(ImportRefusal::Withdrawn.into());
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
        return Err(ImportRefusal::NotStaged.into());
    }
    if batch.mode == ImportMode::AllOrNothing && batch.failed > 0 {
        return Err(ImportRefusal::RowsFailed { count: batch.failed }.into());
    }
    if batch.confirmations > 0 && !confirm {
        return Err(ImportRefusal::ConfirmationNeeded { count: batch.confirmations }.into());
    }
    let total = i64::from(batch.total);
    let payload = Payload { batch: id };
    let job = jobs::enqueue(platform, uow.tx(), JOB, &payload, total, actor.account()).await?;
    let moved = import_batch::Entity::update_many()
        .col_expr(import_batch::Column::State, Expr::value(ImportState::Applying))
        .col_expr(import_batch::Column::JobId, Expr::value(job))
        .col_expr(import_batch::Column::UpdatedAt, Expr::value(uow.now()))
        .filter(store::unmoved(&batch))
        .filter(import_batch::Column::RowsRemovedAt.is_null())
        .exec(uow.tx())
        .await?;
    if moved.rows_affected == 0 {
        return Err(ImportRefusal::NotStaged.into());
    }
    let batch = store::batch(uow.tx(), id).await?.ok_or(ImportRefusal::NotFound)?;
    uow.record(Stream::System, "import.apply", encode(id), json!({ "confirmed": confirm }));
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
    id: ImportBatchId,
    cursor: i32,
) -> std::result::Result<Chunk, Fault> {
    let scope = Scope::of(&actor, Permission::ImportRoster);
    let mut uow = UnitOfWork::begin(platform, &actor).await?;
    let ready = Some(ImportRowState::Ready);
    let rows = store::rows_after(uow.tx(), id, cursor, ready, CHUNK).await?;
    let finished = u64::try_from(rows.len()).unwrap_or(u64::MAX) < CHUNK;
    let next = rows.last().map_or(cursor, |r| r.row_no);

    let year = chrono::Datelike::year(&uow.today());
    let mut opened = Vec::with_capacity(rows.len());
    for row in &rows {
        opened.push((row.row_no, store::open_row(platform, row)?));
    }
    let mut tally = Tally::default();
    let mut staged = Vec::with_capacity(rows.len());
    let mut entries = Vec::with_capacity(rows.len());
    let mut brought = Vec::with_capacity(rows.len());
    for ((row_no, opened), found) in with_claims(&uow, opened).await? {
        if let Some(code) = found.filter(|code| code.severity() == Severity::Error) {
            tally.refused += 1;
            let note = Note::new(code);
            write_finding(&uow, id, row_no, opened, note, Some(Column::PriorNumber)).await?;
            continue;
        }
        let parsed = parsed(&opened)?;
        brought.push(people::brought(parsed));
        entries.push(people::entry(parsed, year, again::confirmed(&opened)));
        staged.push((row_no, opened));
    }
    let answers = officers::take_roster(&mut uow, &scope, people::SOURCE, entries).await?;
    let mut claims = Vec::new();
    for ((answer, (row_no, staged)), brought) in answers.into_iter().zip(staged).zip(brought) {
        match answer {
            Ok(upserted) => {
                tally.take(row_no, upserted.change);
                claims.push(Entered { person: upserted.id, row_no, brought });
            }
            Err(refusal) => {
                tally.refused += 1;
                let note = people::note(&refusal);
                write_finding(&uow, id, row_no, staged, note, None).await?;
            }
        }
    }
    let source = Source { batch: id, imported_by: actor.person() };
    take_claims(&mut uow, source, claims).await?;
    tally.write(&uow, id, next, finished).await?;
    let advanced = jobs::advance(
        uow.tx(),
        claimed,
        jobs::Progress {
            cursor: i64::from(next),
            done: tally.taken(),
            failed: i64::from(tally.refused),
            finished,
        },
        uow.now(),
    )
    .await?;
    if !advanced {
        return Ok(Chunk::Lost);
    }
    uow.commit().await?;
    Ok(if finished { Chunk::Finished } else { Chunk::Done(next) })
}

fn parsed(staged: &Staged) -> std::result::Result<&RosterRow, Fault> {
    staged.row.as_ref().ok_or_else(|| Fault::stored("a ready row has no content"))
}

/// A row with its number in the file, and what was found of its claim.
type Claiming = ((i32, Staged), Option<FindingCode>);

/// Looks at the claims of rows once more: much may have been entered since they were staged.
async fn with_claims(
    uow: &UnitOfWork,
    rows: Vec<(i32, Staged)>,
) -> std::result::Result<Vec<Claiming>, Fault> {
    let read: Vec<&RosterRow> =
        rows.iter().map(|(_, staged)| parsed(staged)).collect::<std::result::Result<_, _>>()?;
    let found = existing::findings(uow, &read).await?;
    Ok(rows.into_iter().zip(found).collect())
}

/// What became of the rows of a chunk.
#[derive(Default)]
struct Tally {
    created: Vec<i32>,
    updated: Vec<i32>,
    unchanged: Vec<i32>,
    refused: i32,
}

impl Tally {
    fn take(&mut self, row_no: i32, change: Change) {
        match change {
            Change::Created => self.created.push(row_no),
            Change::Updated => self.updated.push(row_no),
            Change::Unchanged => self.unchanged.push(row_no),
        }
    }

    fn taken(&self) -> i64 {
        [&self.created, &self.updated, &self.unchanged]
            .iter()
            .map(|rows| i64::try_from(rows.len()).unwrap_or_default())
            .sum()
    }

    async fn write(
        &self,
        uow: &UnitOfWork,
        id: ImportBatchId,
        cursor: i32,
        finished: bool,
    ) -> std::result::Result<(), Fault> {
        use import_batch::Column::{Created, Refused, Unchanged, Updated};
        for (state, rows) in [
            (ImportRowState::Created, &self.created),
            (ImportRowState::Updated, &self.updated),
            (ImportRowState::Unchanged, &self.unchanged),
        ] {
            if rows.is_empty() {
                continue;
            }
            import_row::Entity::update_many()
                .col_expr(import_row::Column::State, Expr::value(state))
                .filter(import_row::Column::BatchId.eq(id))
                .filter(import_row::Column::RowNo.is_in(rows.iter().copied()))
                .exec(uow.tx())
                .await?;
        }
        let count = |rows: &[i32]| i32::try_from(rows.len()).unwrap_or(i32::MAX);
        let state = if finished { ImportState::Applied } else { ImportState::Applying };
        import_batch::Entity::update_many()
            .col_expr(import_batch::Column::State, Expr::value(state))
            .col_expr(import_batch::Column::Cursor, Expr::value(cursor))
            .col_expr(Created, Expr::col(Created).add(count(&self.created)))
            .col_expr(Updated, Expr::col(Updated).add(count(&self.updated)))
            .col_expr(Unchanged, Expr::col(Unchanged).add(count(&self.unchanged)))
            .col_expr(Refused, Expr::col(Refused).add(self.refused))
            .col_expr(import_batch::Column::UpdatedAt, Expr::value(uow.now()))
            .filter(import_batch::Column::Id.eq(id))
            .exec(uow.tx())
            .await?;
        Ok(())
    }
}

/// Keeps what the register said with the row, for the report.
async fn write_finding(
    uow: &UnitOfWork,
    id: ImportBatchId,
    row_no: i32,
    mut staged: Staged,
    note: Note,
    column: Option<Column>,
) -> std::result::Result<(), Fault> {
    staged.findings.push(note.at(&staged.raw.sheet, Some(staged.raw.row), column));
    staged.row = None;
    let state = ImportRowState::Failed;
    store::seal_row(uow.platform(), id, row_no, &staged, state)?.update(uow.tx()).await?;
    Ok(())
}
