//! Staging: a file is read and every row checked before anything is changed. What is staged holds
//! personal data and is sealed.

use std::collections::BTreeMap;

use entities::enums::{ImportMode, ImportRowState, ImportState};
use entities::ids::ImportBatchId;
use entities::{import_batch, import_row};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::cells::name_key;
use super::error::{ImportRefusal, Result};
use super::findings::{Finding, FindingCode, Note, Severity};
use super::reader::{self, Limits, RawRow, Roster};
use super::register::Snapshot;
use super::row::{Context, RosterRow, Seen};
use super::{Progress, again, store};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::officers;
use crate::organisations::Register;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// Rows written in one transaction.
const CHUNK: usize = 500;

/// A row as it is staged.
#[derive(Serialize, Deserialize)]
pub(super) struct Staged {
    /// The cells.
    pub raw: RawRow,
    /// The row, where it has no error.
    pub row: Option<RosterRow>,
    /// What was found.
    pub findings: Vec<Finding>,
}

impl Staged {
    fn state(&self) -> ImportRowState {
        if self.row.is_some() { ImportRowState::Ready } else { ImportRowState::Failed }
    }
}

/// Reads and checks a file and keeps what it holds, changing nothing in the register. The same
/// file sent again while its import is under way answers with that import.
pub async fn stage(
    platform: &Platform,
    actor: &Actor,
    file_name: &str,
    bytes: Vec<u8>,
    mode: ImportMode,
    progress: Progress<'_>,
) -> Result<import_batch::Model> {
    let scope = Scope::of(actor, Permission::ImportRoster);
    let sha256 = Sha256::digest(&bytes).to_vec();
    if let Some(known) = store::under_way(platform, actor, &sha256, mode).await? {
        return Ok(known);
    }
    let today = local_date(platform.now());
    let register = Register::load(platform.db.read(), &scope, today, name_key).await?;
    let read = tokio::task::spawn_blocking(move || {
        let roster = reader::read(&bytes, &Limits::default())?;
        drop(bytes);
        let snapshot = Snapshot(register);
        let context = Context { register: &snapshot, today };
        let mut seen = Seen::default();
        let Roster { rows, findings, .. } = roster;
        let staged: Vec<Staged> = rows
            .into_iter()
            .map(|raw| {
                let (row, findings) = RosterRow::parse(&raw, &context, &mut seen);
                Staged { raw, row, findings }
            })
            .collect();
        Ok((staged, findings))
    });
    let (mut staged, file_findings) =
        read.await.map_err(Fault::other)?.map_err(ImportRefusal::File)?;
    refuse_transfers(platform, &mut staged).await?;
    for chunk in staged.chunks_mut(CHUNK) {
        again::note_again(platform, chunk).await?;
    }

    let total = staged.len();
    let batch = new_batch(platform, actor, file_name, sha256, mode, &staged, &file_findings);
    let id = batch.id;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    import_batch::ActiveModel::from(batch).insert(uow.tx()).await?;
    let body = json!({ "rows": total, "mode": mode.code() });
    uow.record(Stream::System, "import.stage", encode(id), body);
    uow.commit().await?;
    let mut written = 0;
    for chunk in staged.chunks(CHUNK) {
        let rows = chunk
            .iter()
            .enumerate()
            .map(|(at, row)| store::seal_row(platform, id, written + at + 1, row, row.state()))
            .collect::<std::result::Result<Vec<_>, _>>()?;
        let tx = platform.db.begin().await?;
        import_row::Entity::insert_many(rows).exec_without_returning(&tx).await?;
        tx.commit().await?;
        written += chunk.len();
        progress(written, total);
    }
    let uow = UnitOfWork::begin(platform, actor).await?;
    import_batch::Entity::update_many()
        .col_expr(import_batch::Column::State, sea_orm::sea_query::Expr::value(ImportState::Staged))
        .filter(import_batch::Column::Id.eq(id))
        .exec(uow.tx())
        .await?;
    uow.commit().await?;
    Ok(store::batch(platform.db.read(), id).await?.ok_or(ImportRefusal::NotFound)?)
}

/// Marks rows of people whom another agency has: the report says so before anything is applied.
async fn refuse_transfers(
    platform: &Platform,
    staged: &mut [Staged],
) -> std::result::Result<(), Fault> {
    for chunk in staged.chunks_mut(CHUNK) {
        let numbers: Vec<&str> =
            chunk.iter().filter_map(|s| s.row.as_ref()).map(|r| r.id_number.as_str()).collect();
        let known = officers::known_by_id_number(platform, &numbers).await?;
        for staged in chunk {
            let Some(row) = &staged.row else { continue };
            if known.get(&row.id_number).is_some_and(|(_, agency)| *agency != row.agency) {
                let note = Note::new(FindingCode::TransferRequired);
                let column = Some(super::columns::Column::IdNumber);
                staged.findings.push(note.at(&staged.raw.sheet, Some(staged.raw.row), column));
                staged.row = None;
            }
        }
    }
    Ok(())
}

fn new_batch(
    platform: &Platform,
    actor: &Actor,
    file_name: &str,
    sha256: Vec<u8>,
    mode: ImportMode,
    staged: &[Staged],
    file_findings: &[Finding],
) -> import_batch::Model {
    let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in staged.iter().flat_map(|s| &s.findings).chain(file_findings) {
        *codes.entry(finding.code.code()).or_default() += 1;
    }
    let count = |rows: usize| i32::try_from(rows).unwrap_or(i32::MAX);
    let confirmations = staged
        .iter()
        .filter(|s| s.row.is_some())
        .flat_map(|s| &s.findings)
        .filter(|f| f.severity == Severity::Confirm)
        .count();
    let now = platform.now();
    let id: ImportBatchId = platform.new_id();
    import_batch::Model {
        id,
        account_id: actor.account(),
        file_name: file_name.chars().filter(|c| !c.is_control()).take(120).collect(),
        file_sha256: sha256,
        mode,
        state: ImportState::Staging,
        file_error: None,
        total: count(staged.len()),
        failed: count(staged.iter().filter(|s| s.row.is_none()).count()),
        confirmations: count(confirmations),
        cursor: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        refused: 0,
        summary: json!({ "codes": codes, "file": file_findings }),
        job_id: None,
        created_at: now,
        updated_at: now,
    }
}
