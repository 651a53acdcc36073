//! Staging: a file is read and every row checked before anything is changed. What is staged holds
//! personal data and is sealed.
//!
//! Rows stream: one thread reads and checks, this task has the register look at them and writes
//! them, a chunk at a time, and no more than a few chunks are in memory. Until the last chunk is
//! written the import is STAGING; one that never gets further is removed ([`super::retention`]).

use std::collections::BTreeMap;

use chrono::NaiveDate;
use entities::enums::{ImportMode, ImportRowState, ImportState};
use entities::ids::ImportBatchId;
use entities::{import_batch, import_row};
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::cells::name_key;
use super::columns::Form;
use super::error::{ImportRefusal, Result};
use super::findings::{Finding, Severity};
use super::reader::{self, Layout, Limits, RawRow};
use super::register::Snapshot;
use super::row::{Context, RosterRow, Seen};
use super::{Progress, again, existing, people, retention, store};
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
/// Chunks that were read and are not written yet.
const AHEAD: usize = 2;

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
/// file sent again while its import is under way answers with that import. `progress` is told how
/// many rows are staged, of a number that is not known yet.
pub async fn stage(
    platform: &Platform,
    actor: &Actor,
    file_name: &str,
    bytes: Vec<u8>,
    mode: ImportMode,
    progress: Progress<'_>,
) -> Result<import_batch::Model> {
    let scope = Scope::of(actor, Permission::ImportRoster);
    let file_sha256 = Sha256::digest(&bytes).to_vec();
    if let Some(known) = store::under_way(platform, actor, &file_sha256, mode).await? {
        return Ok(known);
    }
    retention::remove_abandoned(platform).await?;
    let today = local_date(platform.now());
    let register = Register::load(platform.db.read(), &scope, today, name_key).await?;
    let (sender, mut read) = mpsc::channel(AHEAD);
    let reading = tokio::task::spawn_blocking(move || check(&bytes, register, today, &sender));

    let mut staging = Staging {
        platform,
        actor,
        scope,
        batch: new_batch(platform, actor, file_name, file_sha256, mode),
        begun: false,
        codes: BTreeMap::new(),
    };
    let staged = staging.take(&mut read, progress).await;
    // Where rows could not be written, this ends the reading.
    drop(read);
    let read = reading.await.map_err(Fault::other)?;
    let layout = match (staged, read) {
        (Ok(()), Ok(layout)) => layout,
        (staged, read) => {
            staging.remove().await?;
            staged?;
            return Err(read.map_or_else(ImportRefusal::File, |_| ImportRefusal::NotFound).into());
        }
    };
    staging.finish(layout).await
}

/// Reads a file and checks its rows, and gives them on in chunks.
fn check(
    bytes: &[u8],
    register: Register,
    today: NaiveDate,
    sender: &mpsc::Sender<Vec<Staged>>,
) -> std::result::Result<Layout, reader::FileError> {
    let snapshot = Snapshot(register);
    let context = Context { register: &snapshot, today };
    let mut seen = Seen::default();
    let mut chunk = Vec::with_capacity(CHUNK);
    let layout = reader::read(bytes, &Limits::default(), Form::ROSTER, &mut |raw| {
        let (row, findings) = RosterRow::parse(&raw, &context, &mut seen);
        chunk.push(Staged { raw, row, findings });
        if chunk.len() < CHUNK {
            return true;
        }
        let full = std::mem::replace(&mut chunk, Vec::with_capacity(CHUNK));
        sender.blocking_send(full).is_ok()
    })?;
    if !chunk.is_empty() {
        // Nobody listens any more where rows could not be written; that is told there.
        let _ = sender.blocking_send(chunk);
    }
    Ok(layout)
}

/// An import that is being staged.
struct Staging<'a> {
    platform: &'a Platform,
    actor: &'a Actor,
    scope: Scope,
    batch: import_batch::Model,
    begun: bool,
    codes: BTreeMap<&'static str, usize>,
}

impl Staging<'_> {
    async fn take(
        &mut self,
        read: &mut mpsc::Receiver<Vec<Staged>>,
        progress: Progress<'_>,
    ) -> Result<()> {
        while let Some(chunk) = read.recv().await {
            self.write(chunk).await?;
            progress(usize::try_from(self.batch.total).unwrap_or_default(), 0);
        }
        Ok(())
    }

    /// Has the register look at a chunk and writes it.
    async fn write(&mut self, mut chunk: Vec<Staged>) -> Result<()> {
        let uow = UnitOfWork::begin(self.platform, self.actor).await?;
        self.ask_register(&uow, &mut chunk).await?;
        let mut rows = Vec::with_capacity(chunk.len());
        for staged in &chunk {
            self.count(staged);
            let number = self.batch.total;
            rows.push(store::seal_row(
                self.platform,
                self.batch.id,
                number,
                staged,
                staged.state(),
            )?);
        }
        self.batch.updated_at = uow.now();
        if !self.begun {
            import_batch::ActiveModel::from(self.batch.clone()).insert(uow.tx()).await?;
        } else if !store::write_staging(uow.tx(), &self.batch).await? {
            // It was taken for abandoned and removed.
            return Err(ImportRefusal::NotFound.into());
        }
        import_row::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
        uow.commit().await?;
        self.begun = true;
        Ok(())
    }

    /// Marks rows that the register of people would refuse, before anything is applied.
    async fn ask_register(&self, uow: &UnitOfWork, chunk: &mut [Staged]) -> Result<()> {
        again::note_again(self.platform, chunk).await?;
        let year = chrono::Datelike::year(&uow.today());
        let mut asked: Vec<&mut Staged> = chunk.iter_mut().filter(|s| s.row.is_some()).collect();
        let entries = asked.iter().filter_map(|staged| {
            Some(people::entry(staged.row.as_ref()?, year, again::confirmed(staged)))
        });
        let entries = entries.collect();
        let answers = officers::check_roster(uow, &self.scope, people::SOURCE, entries).await?;
        for (staged, answer) in asked.iter_mut().zip(answers) {
            if let Err(refusal) = answer {
                let note = people::note(&refusal);
                staged.findings.push(note.at(&staged.raw.sheet, Some(staged.raw.row), None));
                staged.row = None;
            }
        }
        existing::note_claims(uow, chunk).await?;
        Ok(())
    }

    fn count(&mut self, staged: &Staged) {
        let batch = &mut self.batch;
        batch.total = batch.total.saturating_add(1);
        for finding in &staged.findings {
            *self.codes.entry(finding.code.code()).or_default() += 1;
        }
        if staged.row.is_none() {
            batch.failed = batch.failed.saturating_add(1);
            return;
        }
        let confirm = staged.findings.iter().filter(|f| f.severity == Severity::Confirm).count();
        let confirm = i32::try_from(confirm).unwrap_or(i32::MAX);
        batch.confirmations = batch.confirmations.saturating_add(confirm);
    }

    /// The last row is written: the import waits to be applied.
    async fn finish(mut self, layout: Layout) -> Result<import_batch::Model> {
        for finding in &layout.findings {
            *self.codes.entry(finding.code.code()).or_default() += 1;
        }
        let mut uow = UnitOfWork::begin(self.platform, self.actor).await?;
        self.batch.state = ImportState::Staged;
        self.batch.summary = json!({ "codes": self.codes, "file": layout.findings });
        self.batch.updated_at = uow.now();
        if !store::write_staging(uow.tx(), &self.batch).await? {
            return Err(ImportRefusal::NotFound.into());
        }
        let body = json!({ "rows": self.batch.total, "mode": self.batch.mode.code() });
        uow.record(Stream::System, "import.stage", encode(self.batch.id), body);
        uow.commit().await?;
        Ok(self.batch)
    }

    /// Nothing of a file that cannot be taken whole is kept.
    async fn remove(&self) -> std::result::Result<(), Fault> {
        if self.begun { retention::remove(self.platform, self.batch.id).await } else { Ok(()) }
    }
}

fn new_batch(
    platform: &Platform,
    actor: &Actor,
    file_name: &str,
    file_sha256: Vec<u8>,
    mode: ImportMode,
) -> import_batch::Model {
    let now = platform.now();
    let id: ImportBatchId = platform.new_id();
    import_batch::Model {
        id,
        account_id: actor.account(),
        file_name: file_name.chars().filter(|c| !c.is_control()).take(120).collect(),
        file_sha256,
        mode,
        state: ImportState::Staging,
        file_error: None,
        total: 0,
        failed: 0,
        confirmations: 0,
        cursor: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        refused: 0,
        summary: json!({}),
        job_id: None,
        rows_removed_at: None,
        withdrawn_at: None,
        created_at: now,
        updated_at: now,
    }
}
