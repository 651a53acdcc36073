//! Staging: the files of a ZIP are matched to people by their names, and of those that are
//! somebody's the photo is made and kept until it is attached or no longer needed. Nothing in the
//! register changes.
//!
//! Photos stream: one thread unpacks, few make photos, this task writes them a chunk at a time, and
//! no more than that is in memory. Until the last chunk is written the batch is STAGING; one that
//! never gets further is removed ([`super::retention`]).

use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;

use entities::enums::{ImportState, PhotoRowState};
use entities::{photo_batch, photo_row};
use futures::{StreamExt, stream};
use sea_orm::{ActiveModelTrait, EntityTrait};
use serde_json::json;
use tokio::sync::{Semaphore, mpsc};

use super::archive::{Archive, Content};
use super::error::{PhotosRefusal, Result};
use super::matching::{self, Planned};
use super::outcome::Outcome;
use super::store::{self, Row};
use super::{Progress, retention, rules};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::officers::photo::{self, PhotoError, ProcessedPhoto};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

/// Rows written in one transaction: with their photos some megabytes.
const CHUNK: usize = 100;
/// Files that are unpacked and wait.
const AHEAD: usize = 2;
/// Files that are made into photos or wait for their turn.
const AT_ONCE: usize = 4;

/// A ZIP that was received.
pub struct Received {
    /// Its bytes, in a file that is read from the beginning.
    pub file: File,
    /// Their SHA-256.
    pub sha256: [u8; 32],
}

/// What opening a ZIP gives.
pub enum Opened {
    /// The same one is being applied already.
    UnderWay(photo_batch::Model),
    /// It is to be staged.
    New(Box<Staging>),
}

/// A ZIP whose list was read and whose files are to be looked at.
pub struct Staging {
    writer: Writer,
    planned: Vec<Planned>,
    archive: Archive,
}

/// A file that was looked at, and its photo.
struct Looked {
    row: Row,
    photo: Option<ProcessedPhoto>,
}

/// Reads the list of a ZIP and whose each file is. What is wrong with the ZIP as a whole is refused
/// here. The same ZIP sent again while it is being applied answers with that batch.
pub async fn open(
    platform: &Platform,
    actor: &Actor,
    file_name: &str,
    received: Received,
) -> Result<Opened> {
    let scope = Scope::of(actor, Permission::UploadPhotos);
    let sha256 = received.sha256.to_vec();
    if let Some(known) = store::under_way(platform.db.read(), actor, &sha256).await? {
        return Ok(Opened::UnderWay(known));
    }
    retention::remove_abandoned(platform).await?;
    let read = tokio::task::spawn_blocking(move || {
        let mut archive = Archive::open(received.file)?;
        let files = archive.list()?;
        Ok::<_, PhotosRefusal>((archive, files))
    });
    let (archive, files) = read.await.map_err(Fault::other)??;
    let planned = matching::plan(platform, &scope, files).await?;
    let batch = new_batch(platform, actor, file_name, sha256, planned.len());
    let uow = UnitOfWork::begin(platform, actor).await?;
    photo_batch::ActiveModel::from(batch.clone()).insert(uow.tx()).await?;
    uow.commit().await?;
    let (platform, actor) = (platform.clone(), actor.clone());
    let writer = Writer { platform, actor, batch, codes: BTreeMap::new() };
    Ok(Opened::New(Box::new(Staging { writer, planned, archive })))
}

impl Staging {
    /// The batch, of which nothing is staged yet.
    pub fn batch(&self) -> &photo_batch::Model {
        &self.writer.batch
    }

    /// Looks at every file and keeps what was found. Photos are made under a permit of `pictures`.
    pub async fn run(
        self,
        pictures: Arc<Semaphore>,
        progress: Progress<'_>,
    ) -> Result<photo_batch::Model> {
        let (platform, id) = (self.writer.platform.clone(), self.writer.batch.id);
        let staged = self.take(pictures, progress).await;
        if staged.is_err() {
            store::reject(platform.db.writer(), id).await?;
        }
        staged
    }

    async fn take(
        self,
        pictures: Arc<Semaphore>,
        progress: Progress<'_>,
    ) -> Result<photo_batch::Model> {
        let Self { mut writer, planned, archive } = self;
        let total = planned.len();
        let wanted: Vec<bool> = planned.iter().map(|p| p.of.is_ok()).collect();
        let (sender, receiver) = mpsc::channel(AHEAD);
        let reading = tokio::task::spawn_blocking(move || {
            archive.read(&wanted, &mut |content| sender.blocking_send(content).is_ok())
        });
        let contents = stream::unfold(receiver, |mut receiver| async move {
            receiver.recv().await.map(|content| (content, receiver))
        });
        let looked = contents
            .zip(stream::iter(planned))
            .map(|(content, planned)| look(planned, content, pictures.clone()))
            .buffered(AT_ONCE)
            .chunks(CHUNK);
        let mut looked = std::pin::pin!(looked);
        while let Some(chunk) = looked.next().await {
            writer.write(chunk.into_iter().collect::<std::result::Result<_, _>>()?).await?;
            progress(usize::try_from(writer.batch.staged).unwrap_or_default(), total);
        }
        reading.await.map_err(Fault::other)??;
        writer.finish().await
    }
}

/// Makes the photo of a file that is somebody's.
async fn look(
    planned: Planned,
    content: Option<Content>,
    pictures: Arc<Semaphore>,
) -> std::result::Result<Looked, Fault> {
    let Planned { name, of } = planned;
    let row = |person, outcome| Row {
        number: 0,
        outcome,
        person,
        name: name.clone(),
        cut: None,
        had_photo: false,
    };
    let holder = match of {
        Ok(holder) => holder,
        Err(outcome) => return Ok(Looked { row: row(None, outcome), photo: None }),
    };
    let failed =
        |outcome| Row { had_photo: holder.photo.is_some(), ..row(Some(holder.id), outcome) };
    let bytes = match content.ok_or_else(|| Fault::other("a file was not read"))? {
        Ok(bytes) => bytes,
        Err(outcome) => return Ok(Looked { row: failed(outcome), photo: None }),
    };
    let permit = pictures.acquire_owned().await.map_err(Fault::other)?;
    let file = rules::base_name(&name).to_owned();
    let made = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        photo::process(&bytes, Some(&file))
    });
    let made = made.await.unwrap_or_else(|error| {
        // What breaks a decoder is no picture for us either; the other files are.
        tracing::error!(%error, "a photo could not be made");
        Err(PhotoError::Damaged)
    });
    Ok(match made {
        Err(error) => Looked { row: failed(Outcome::Picture(error)), photo: None },
        Ok(photo) => {
            let same = holder.photo.as_deref() == Some(photo.sha256.as_slice());
            let outcome = if same { Outcome::Unchanged } else { Outcome::Ready };
            Looked { row: Row { cut: Some(photo.cut), ..failed(outcome) }, photo: Some(photo) }
        }
    })
}

/// Writes what was looked at.
struct Writer {
    platform: Platform,
    actor: Actor,
    batch: photo_batch::Model,
    codes: BTreeMap<&'static str, usize>,
}

impl Writer {
    async fn write(&mut self, chunk: Vec<Looked>) -> Result<()> {
        let mut rows = Vec::with_capacity(chunk.len());
        for Looked { mut row, photo } in chunk {
            self.count(row.outcome);
            row.number = self.batch.staged;
            rows.push(store::seal_row(&self.platform, self.batch.id, &row, photo)?);
        }
        let uow = UnitOfWork::begin(&self.platform, &self.actor).await?;
        self.batch.updated_at = uow.now();
        if !store::write_staging(uow.tx(), &self.batch).await? {
            // It was taken for abandoned and removed.
            return Err(PhotosRefusal::NotFound.into());
        }
        photo_row::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
        uow.commit().await?;
        Ok(())
    }

    fn count(&mut self, outcome: Outcome) {
        let batch = &mut self.batch;
        batch.staged = batch.staged.saturating_add(1);
        *self.codes.entry(outcome.code()).or_default() += 1;
        match outcome.state() {
            PhotoRowState::Failed => batch.failed = batch.failed.saturating_add(1),
            PhotoRowState::Ignored => batch.ignored = batch.ignored.saturating_add(1),
            PhotoRowState::Unchanged => batch.unchanged = batch.unchanged.saturating_add(1),
            PhotoRowState::Ready | PhotoRowState::Attached => {}
        }
        batch.summary = json!({ "codes": self.codes });
    }

    /// The last row is written: the batch waits to be applied.
    async fn finish(mut self) -> Result<photo_batch::Model> {
        if self.batch.staged != self.batch.files {
            return Err(Fault::other("files of a ZIP were not read").into());
        }
        let mut uow = UnitOfWork::begin(&self.platform, &self.actor).await?;
        self.batch.state = ImportState::Staged;
        self.batch.updated_at = uow.now();
        if !store::write_staging(uow.tx(), &self.batch).await? {
            return Err(PhotosRefusal::NotFound.into());
        }
        let body = json!({ "files": self.batch.files, "codes": self.codes });
        uow.record(Stream::System, "photos.stage", encode(self.batch.id), body);
        uow.commit().await?;
        Ok(self.batch)
    }
}

fn new_batch(
    platform: &Platform,
    actor: &Actor,
    file_name: &str,
    file_sha256: Vec<u8>,
    files: usize,
) -> photo_batch::Model {
    let now = platform.now();
    photo_batch::Model {
        id: platform.new_id(),
        account_id: actor.account(),
        file_name: file_name.chars().filter(|c| !c.is_control()).take(120).collect(),
        file_sha256,
        state: ImportState::Staging,
        files: i32::try_from(files).unwrap_or(i32::MAX),
        staged: 0,
        failed: 0,
        ignored: 0,
        cursor: 0,
        attached: 0,
        unchanged: 0,
        refused: 0,
        summary: json!({ "codes": {} }),
        job_id: None,
        rows_removed_at: None,
        created_at: now,
        updated_at: now,
    }
}
