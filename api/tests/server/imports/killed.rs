//! An import that is killed, at each of its boundaries: what was not staged whole is removed, what
//! is being applied goes on where it stopped, and nothing is done twice.

use std::sync::atomic::{AtomicUsize, Ordering};

use api::imports::{self, retention};
use api::platform::actor::Actor;
use api::platform::jobs;
use chrono::Duration;
use entities::enums::{ImportMode, ImportState, Role};
use entities::{audit_entry, import_batch};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use tokio::sync::Notify;

use super::world::{apply, batch, batches, many, people, refused, stage, tallies, work};
use crate::harness::TestApp;
use crate::province::Province;

/// Rows of a chunk while staging, and while applying.
const STAGED_AT_ONCE: u32 = 500;
const APPLIED_AT_ONCE: u32 = 250;

/// Does something that tells its progress, and drops it, as a kill does, once it has told it
/// `chunks` times.
async fn killed_after<T>(chunks: usize, work: impl AsyncFnOnce(imports::Progress<'_>) -> T) {
    let (told, enough) = (AtomicUsize::new(0), Notify::new());
    let progress = |_: usize, _: usize| {
        if told.fetch_add(1, Ordering::SeqCst) + 1 == chunks {
            enough.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = enough.notified() => {}
        _ = work(&progress) => panic!("it ended before it was killed"),
    }
}

async fn kill_staging(app: &TestApp, actor: &Actor, file: Vec<u8>, chunks: usize) {
    let mode = ImportMode::AtomicRow;
    let stage = async |progress: imports::Progress<'_>| {
        imports::stage(&app.platform, actor, "roster.csv", file, mode, progress).await
    };
    killed_after(chunks, stage).await;
}

/// Entries of an action in the audit log.
async fn recorded(app: &TestApp, action: &str) -> u64 {
    let entries = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq(action));
    entries.count(app.platform.db.read()).await.unwrap()
}

#[tokio::test]
async fn what_was_not_staged_whole_is_removed_with_its_rows() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    // After the first of two chunks; and with every row written, before it is said to be staged.
    for (chunks, rows) in [(1, u64::from(STAGED_AT_ONCE)), (2, u64::from(STAGED_AT_ONCE) + 1)] {
        kill_staging(&app, &hr, many(STAGED_AT_ONCE + 1), chunks).await;
        assert_eq!(batches(&app).await, [(ImportState::Staging, rows)]);
        let dead = import_batch::Entity::find().one(app.platform.db.read()).await.unwrap().unwrap();
        let begun = imports::begin(&app.platform, &hr, dead.id, true).await;
        assert_eq!(refused(begun), "IMPORT_NOT_STAGED");
        // As long as it could still be alive nobody touches it.
        app.clock.advance(retention::STAGING);
        retention::keep(&app.platform).await.unwrap();
        assert_eq!(batches(&app).await, [(ImportState::Staging, rows)]);
        app.clock.advance(Duration::seconds(1));
        retention::keep(&app.platform).await.unwrap();
        assert_eq!(batches(&app).await, []);
    }
    assert_eq!(recorded(&app, "import.stage").await, 0);
    assert_eq!(people(&app).await, []);
}

#[tokio::test]
async fn whoever_sends_the_file_again_removes_what_a_killed_staging_left() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    kill_staging(&app, &hr, many(STAGED_AT_ONCE + 1), 1).await;
    app.clock.advance(retention::STAGING + Duration::seconds(1));
    let staged = stage(&app, &hr, many(STAGED_AT_ONCE + 1)).await;
    let rows = u64::from(STAGED_AT_ONCE) + 1;
    assert_eq!(batches(&app).await, [(ImportState::Staged, rows)]);
    assert_eq!(recorded(&app, "import.stage").await, 1);
    let applied = apply(&app, &hr, staged.id).await;
    let all = i32::try_from(rows).unwrap();
    assert_eq!((applied.state, tallies(&applied)), (ImportState::Applied, [all, 0, all, 0, 0, 0]));
}

#[tokio::test]
async fn a_file_that_breaks_off_leaves_nothing() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    // Two sheets: the first is staged before the second turns out to lack its headings.
    let text = String::from_utf8(many(STAGED_AT_ONCE)).unwrap();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for name in ["一科", "二科"] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        for (row, line) in (0..).zip(text.lines()) {
            let cells = if name == "一科" { 17 } else { 2 };
            for (column, cell) in (0..).zip(line.split(',').take(cells)) {
                sheet.write_string(row, column, cell).unwrap();
            }
        }
    }
    let file = workbook.save_to_buffer().unwrap();
    let mode = ImportMode::AtomicRow;
    let written = AtomicUsize::new(0);
    let count = |rows: usize, _: usize| written.store(rows, Ordering::SeqCst);
    let staged = imports::stage(&app.platform, &hr, "roster.xlsx", file, mode, &count).await;
    assert_eq!(refused(staged), "HEADING_MISSING");
    assert_eq!(written.load(Ordering::SeqCst), 500, "the first sheet was not written before");
    assert_eq!(batches(&app).await, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_staging_that_was_taken_for_dead_writes_nothing_more() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let pause = |_: usize, _: usize| {
        app.clock.advance(retention::STAGING + Duration::seconds(1));
        let runtime = tokio::runtime::Handle::current();
        tokio::task::block_in_place(|| runtime.block_on(retention::keep(&app.platform))).unwrap();
    };
    let mode = ImportMode::AtomicRow;
    let file = many(STAGED_AT_ONCE + 1);
    let staged = imports::stage(&app.platform, &hr, "roster.csv", file, mode, &pause).await;
    assert_eq!(refused(staged), "IMPORT_NOT_FOUND");
    assert_eq!(batches(&app).await, []);
}

#[tokio::test]
async fn an_import_goes_on_after_each_chunk_and_takes_each_row_once() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let staged = stage(&app, &hr, many(2 * APPLIED_AT_ONCE)).await;
    let begun = imports::begin(&app.platform, &hr, staged.id, true).await.unwrap();
    // After each chunk it is killed in the midst of the next; after the second chunk every row is
    // taken, and only that it is finished is not written yet.
    for cursor in [APPLIED_AT_ONCE, 2 * APPLIED_AT_ONCE] {
        let job = jobs::claim(&app.platform, &[imports::JOB], begun.job_id).await.unwrap().unwrap();
        let work = async |progress: imports::Progress<'_>| {
            imports::work(&app.platform, job, progress).await
        };
        killed_after(1, work).await;
        let now = batch(&app, staged.id).await.unwrap();
        let taken = i32::try_from(cursor).unwrap();
        assert_eq!((now.state, now.cursor), (ImportState::Applying, taken));
        assert_eq!(tallies(&now), [500, 0, taken, 0, 0, 0]);
        assert_eq!(people(&app).await.len(), usize::try_from(cursor).unwrap());
        // Until the lease has run out nobody else has it.
        let claim = async || jobs::claim(&app.platform, &[imports::JOB], begun.job_id).await;
        assert_eq!(claim().await.unwrap(), None);
        // Sent again meanwhile, the file answers with the import that is under way.
        assert_eq!(stage(&app, &hr, many(2 * APPLIED_AT_ONCE)).await.id, staged.id);
        app.clock.advance(Duration::seconds(31));
    }
    work(&app, &begun).await;
    let done = batch(&app, staged.id).await.unwrap();
    assert_eq!((done.state, tallies(&done)), (ImportState::Applied, [500, 0, 500, 0, 0, 0]));
    assert_eq!(people(&app).await.len(), 500);
    for action in ["person.enter", "person.record"] {
        assert_eq!(recorded(&app, action).await, 500, "{action}");
    }
    let report = api::audit::verify::verify(app.platform.db.read(), None).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}
