//! The roster import.
//!
//! The file half is pure: [`reader::read`] → [`row::RosterRow::parse`] for each row →
//! [`report`](mod@report) for what was found; [`template`](mod@template) makes the empty workbook.
//! The database half stages what was read ([`stage()`]), lets it be applied once it was looked at
//! ([`begin`]) and applies it in chunks ([`work`]); [`retention`] removes what is no longer needed.

mod again;
mod apply;
pub mod cells;
pub mod columns;
pub mod error;
mod existing;
pub mod findings;
pub mod graphql;
mod people;
pub mod reader;
mod register;
pub mod report;
pub mod retention;
pub mod row;
mod stage;
mod store;
pub mod template;

#[cfg(test)]
mod tests;

use entities::ids::ImportBatchId;
use entities::{import_batch, import_row};
use sea_orm::EntityTrait;
use serde_json::json;

use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
pub use crate::auth::chunks::Progress;
use crate::graphql::ids::encode;
use crate::organisations;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
pub use apply::{JOB, begin, work};
pub use error::{ImportRefusal, Result};
pub use existing::{Withdrawn, withdraw};
pub use stage::stage;

/// Rows of a report that are read at once.
const REPORT_PAGE: u64 = 1_000;

/// An import of this actor.
pub async fn batch(
    platform: &Platform,
    actor: &Actor,
    id: ImportBatchId,
) -> std::result::Result<Option<import_batch::Model>, Fault> {
    store::own_batch(platform.db.read(), actor, id).await
}

/// The report of an import: every row, what was found in it and what became of it, as a workbook
/// that can be corrected and sent again.
pub async fn report(platform: &Platform, actor: &Actor, id: ImportBatchId) -> Result<Vec<u8>> {
    let db = platform.db.read();
    let batch = store::own_batch(db, actor, id).await?.ok_or(ImportRefusal::NotFound)?;
    if batch.rows_removed_at.is_some() {
        return Err(ImportRefusal::RowsRemoved.into());
    }
    // The report holds personal data: that it was taken is recorded before it is made.
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    uow.record(Stream::System, "import.report", encode(id), json!({ "rows": batch.total }));
    uow.commit().await?;
    let file_findings = batch.summary.get("file").cloned();
    let file_findings: Vec<findings::Finding> =
        file_findings.and_then(|f| serde_json::from_value(f).ok()).unwrap_or_default();
    let today = local_date(platform.now());
    // Rows are read here and opened and written there, a page ahead.
    let (sender, mut pages) = tokio::sync::mpsc::channel::<Vec<import_row::Model>>(1);
    let opening = platform.clone();
    let writing = tokio::task::spawn_blocking(move || {
        let mut report = report::Report::begin(today).map_err(Fault::other)?;
        while let Some(page) = pages.blocking_recv() {
            for row in &page {
                let staged = store::open_row(&opening, row)?;
                report.row(&staged.raw, &staged.findings).map_err(Fault::other)?;
            }
        }
        report.finish(&file_findings).map_err(Fault::other)
    });
    let mut after = 0;
    loop {
        let page = store::rows_after(db, id, after, None, REPORT_PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.row_no;
        if sender.send(page).await.is_err() {
            // The writer gave up; why, is told below.
            break;
        }
    }
    drop(sender);
    Ok(writing.await.map_err(Fault::other)??)
}

/// The empty workbook, with the dictionaries of the actor's part of the tree.
pub async fn template(platform: &Platform, actor: &Actor) -> Result<Vec<u8>> {
    let today = local_date(platform.now());
    let scope = Scope::of(actor, Permission::ImportRoster);
    let db = platform.db.read();
    let register = organisations::Register::load(db, &scope, today, cells::name_key).await?;
    let agencies: Vec<(String, String)> = entities::agency::Entity::find()
        .all(db)
        .await?
        .into_iter()
        .filter(|a| register.reaches(a.id))
        .map(|a| (a.uscc, a.name))
        .collect();
    let divisions = organisations::divisions(db).await?;
    let dictionary = template::Dictionary {
        fields: register
            .fields()
            .iter()
            .map(|f| row::Entry { code: f.code.clone(), name: f.name_zh.clone() })
            .collect(),
        divisions: divisions
            .into_iter()
            .map(|d| row::Entry { code: d.code, name: d.name })
            .collect(),
        agencies: agencies.into_iter().map(|(code, name)| row::Entry { code, name }).collect(),
    };
    let workbook = tokio::task::spawn_blocking(move || template::workbook(&dictionary, today));
    Ok(workbook.await.map_err(Fault::other)?.map_err(Fault::other)?)
}
