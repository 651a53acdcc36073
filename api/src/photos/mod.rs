//! Photos of many people in one ZIP, matched by the ID number or the announced name in the name of
//! each file.
//!
//! A ZIP is opened ([`open`]): its list is read, and what is wrong with it as a whole is refused. Its
//! files are looked at ([`Staging::run`]), which changes nothing in the register; what would be cut
//! can be seen ([`preview`]). Then it is applied once it was looked at ([`begin`]), in chunks
//! ([`work`]).

mod apply;
pub mod archive;
pub mod error;
pub mod graphql;
mod matching;
pub mod outcome;
mod report;
pub mod retention;
mod rules;
mod stage;
mod store;

use std::collections::HashMap;
use std::sync::LazyLock;

use entities::ids::{PersonId, PhotoBatchId};
use entities::photo_batch;
use serde_json::json;

use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
pub use crate::auth::chunks::Progress;
use crate::graphql::ids::encode;
use crate::officers::{self, OfficerRow};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
use crate::platform::texts::Catalogue;
pub use apply::{JOB, begin, work};
pub use error::{PhotosRefusal, Result};
pub use stage::{Opened, Received, Staging, open};
pub use store::Row;

/// Rows of a report read at once.
const PAGE: u64 = 500;

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("photos.zh-CN.ftl"), include_str!("photos.en.ftl"))
});

/// A batch of this actor.
pub async fn batch(
    platform: &Platform,
    actor: &Actor,
    id: PhotoBatchId,
) -> std::result::Result<Option<photo_batch::Model>, Fault> {
    store::own_batch(platform.db.read(), actor, id).await
}

/// The photo that a file would become, as a JPEG, while it waits to be attached.
pub async fn preview(
    platform: &Platform,
    actor: &Actor,
    id: PhotoBatchId,
    row: i32,
) -> std::result::Result<Option<Vec<u8>>, Fault> {
    let db = platform.db.read();
    if store::own_batch(db, actor, id).await?.is_none() {
        return Ok(None);
    }
    let Some(row) = store::ready_row(db, id, row).await? else { return Ok(None) };
    let scope = Scope::of(actor, Permission::UploadPhotos);
    let reached = match row.person_id {
        Some(person) => officers::officer(db, &scope, person).await?.is_some(),
        None => false,
    };
    Ok(row.photo.filter(|_| reached))
}

/// The report on a ZIP: each file, whose it is and what became of it, as a workbook.
pub async fn report(platform: &Platform, actor: &Actor, id: PhotoBatchId) -> Result<Vec<u8>> {
    let batch = batch(platform, actor, id).await?.ok_or(PhotosRefusal::NotFound)?;
    if batch.rows_removed_at.is_some() {
        return Err(PhotosRefusal::RowsRemoved.into());
    }
    // Names of files may be ID numbers: that the report was taken is recorded before it is made.
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    uow.record(Stream::System, "photos.report", encode(id), json!({ "files": batch.files }));
    uow.commit().await?;
    let mut report = report::Report::begin(local_date(platform.now())).map_err(Fault::other)?;
    let mut after = 0;
    loop {
        let rows = store::rows_after(platform, id, after, None, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = last.number;
        let people = people_of(platform, actor, &rows).await?;
        let page = rows.into_iter().map(|row| {
            let person = row.person.and_then(|person| people.get(&person).cloned());
            (row, person)
        });
        let page: Vec<_> = page.collect();
        report = tokio::task::spawn_blocking(move || report.add(&page).map(|()| report))
            .await
            .map_err(Fault::other)?
            .map_err(Fault::other)?;
    }
    let workbook = tokio::task::spawn_blocking(move || report.finish());
    Ok(workbook.await.map_err(Fault::other)?.map_err(Fault::other)?)
}

/// The people of some rows, as far as the actor may still give them photos.
async fn people_of(
    platform: &Platform,
    actor: &Actor,
    rows: &[Row],
) -> std::result::Result<HashMap<PersonId, OfficerRow>, Fault> {
    let scope = Scope::of(actor, Permission::UploadPhotos);
    let people: Vec<PersonId> = rows.iter().filter_map(|row| row.person).collect();
    let found = officers::officers_among(platform.db.read(), &scope, &people).await?;
    Ok(found.into_iter().map(|row| (row.id, row)).collect())
}
