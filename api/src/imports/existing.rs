//! What a roster says of certificates from before this system: looked at beside those on record,
//! taken with its row, and taken back with its import.

use entities::ids::ImportBatchId;
use entities::{enums::ImportState, enums::JobState, import_batch};
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, QueryFilter};
use serde_json::json;

use super::columns::Column;
use super::error::{ImportRefusal, Result};
use super::findings::{FindingCode, Note, Severity};
use super::row::RosterRow;
use super::stage::Staged;
use super::{people, store};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::officers::existing::{self, Asked, Brought, TakenBack};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::platform::jobs;

/// What was found of the claims of some rows, in their order; nothing of a row without one.
pub(super) async fn findings(
    uow: &UnitOfWork,
    rows: &[&RosterRow],
) -> std::result::Result<Vec<Option<FindingCode>>, Fault> {
    let brought: Vec<Brought> = rows.iter().map(|row| people::brought(row)).collect();
    let asked: Vec<Asked<'_>> = rows
        .iter()
        .zip(&brought)
        .map(|(row, brought)| Asked {
            id_number: &row.id_number,
            agency: row.agency,
            kind: row.kind,
            brought,
        })
        .collect();
    let answers = existing::check_claims(uow, &asked).await?;
    Ok(answers.into_iter().map(people::said).collect())
}

/// Marks rows whose claims are on record already, or would not be taken.
pub(super) async fn note_claims(
    uow: &UnitOfWork,
    chunk: &mut [Staged],
) -> std::result::Result<(), Fault> {
    let rows: Vec<&RosterRow> = chunk.iter().filter_map(|staged| staged.row.as_ref()).collect();
    let found = findings(uow, &rows).await?;
    let ready = chunk.iter_mut().filter(|staged| staged.row.is_some());
    for (staged, found) in ready.zip(found) {
        let Some(code) = found else { continue };
        let (sheet, row) = (staged.raw.sheet.clone(), staged.raw.row);
        staged.findings.push(Note::new(code).at(&sheet, Some(row), Some(Column::PriorNumber)));
        if code.severity() == Severity::Error {
            staged.row = None;
        }
    }
    Ok(())
}

/// What taking an import back came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Withdrawn {
    /// The import.
    pub batch: import_batch::Model,
    /// Claims and filed records that were taken back, and earlier ones that hold again.
    pub taken_back: TakenBack,
}

/// Takes an import back. One that was not applied never will be. Of one that was, what it said of
/// existing certificates is withdrawn as long as none of it is confirmed, and what that had replaced
/// holds again; the people it entered or brought up to date stay as they are.
pub async fn withdraw(platform: &Platform, actor: &Actor, id: ImportBatchId) -> Result<Withdrawn> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let batch = store::own_batch(uow.tx(), actor, id).await?.ok_or(ImportRefusal::NotFound)?;
    if batch.withdrawn_at.is_some() {
        return Err(ImportRefusal::Withdrawn.into());
    }
    let worked_on = match (batch.state, batch.job_id) {
        (ImportState::Staging | ImportState::Rejected, _) => true,
        (ImportState::Applying, Some(job)) => jobs::find(uow.tx(), job)
            .await?
            .is_some_and(|job| matches!(job.state, JobState::Queued | JobState::Running)),
        _ => false,
    };
    if worked_on {
        return Err(ImportRefusal::UnderWay.into());
    }
    let moved = import_batch::Entity::update_many()
        .col_expr(import_batch::Column::WithdrawnAt, Expr::value(uow.now()))
        .col_expr(import_batch::Column::UpdatedAt, Expr::value(uow.now()))
        .filter(store::unmoved(&batch))
        .exec(uow.tx())
        .await?;
    if moved.rows_affected == 0 {
        return Err(ImportRefusal::UnderWay.into());
    }
    let taken_back = existing::withdraw_batch(&uow, id).await?;
    let taken_back = taken_back.map_err(|count| ImportRefusal::Confirmed { count })?;
    let batch = store::batch(uow.tx(), id).await?.ok_or(ImportRefusal::NotFound)?;
    let TakenBack { withdrawn, restored } = taken_back;
    uow.record(
        Stream::System,
        "import.withdraw",
        encode(id),
        json!({ "claims": withdrawn, "restored": restored }),
    );
    uow.commit().await?;
    Ok(Withdrawn { batch, taken_back })
}
