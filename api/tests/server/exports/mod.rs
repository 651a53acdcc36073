//! What leaves the register as a file, and the log of it: lists, the audit log as an auditor reads
//! it, and evidence files.

mod evidence;
mod lists;
mod log;
mod more_lists;
mod over_http;

use std::io::{Cursor, Read};
use std::path::PathBuf;

use api::exports::{self, ExportRefusal, Exported, Purpose, Request, Wanted};
use api::platform::actor::Actor;
use api::platform::failure::Failure;
use api::platform::texts::Locale;
use calamine::{Data, Reader, Xlsx};
use entities::enums::{ExportFormat, PersonKind};

use crate::certification::world::World;
use crate::harness::TestApp;

/// Exports a list.
async fn export(
    world: &World,
    actor: &Actor,
    wanted: Wanted,
    format: ExportFormat,
    purpose: Option<&str>,
) -> Result<Exported, ExportRefusal> {
    export_from(world.app(), actor, wanted, format, purpose).await
}

/// The same of any world.
async fn export_from(
    app: &TestApp,
    actor: &Actor,
    wanted: Wanted,
    format: ExportFormat,
    purpose: Option<&str>,
) -> Result<Exported, ExportRefusal> {
    let purpose = Purpose::read(purpose.is_some(), purpose).unwrap();
    let request = Request { wanted, format, purpose };
    let folder: PathBuf = app.config.data_dir.clone();
    match exports::export(&app.platform, actor, &folder, &request, Locale::En).await {
        Ok(exported) => Ok(exported),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

/// The bytes of a file.
fn bytes(exported: Exported) -> Vec<u8> {
    let mut file = exported.file;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).unwrap();
    assert_eq!(u64::try_from(bytes.len()).unwrap(), exported.length);
    bytes
}

/// The cells of a CSV file.
fn csv_cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap().strip_prefix('\u{feff}').expect("the mark");
    assert!(text.ends_with("\r\n"));
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The cells of a workbook, all of which are text.
fn xlsx_cells(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let mut book = Xlsx::new(Cursor::new(bytes)).unwrap();
    let sheet = book.sheet_names()[0].clone();
    let cell = |data: &Data| match data {
        Data::String(text) => text.clone(),
        Data::Empty => String::new(),
        other => panic!("a cell that is no text: {other:?}"),
    };
    let range = book.worksheet_range(&sheet).unwrap();
    range.rows().map(|row| row.iter().map(cell).collect()).collect()
}

/// A list as both kinds of file; their cells are the same but for the guard of CSV.
async fn both(world: &World, actor: &Actor, wanted: Wanted) -> Vec<Vec<String>> {
    both_from(world.app(), actor, wanted).await
}

/// The same of any world.
async fn both_from(app: &TestApp, actor: &Actor, wanted: Wanted) -> Vec<Vec<String>> {
    let csv = export_from(app, actor, wanted.clone(), ExportFormat::Csv, None).await.unwrap();
    let csv = csv_cells(&bytes(csv));
    let file = export_from(app, actor, wanted, ExportFormat::Xlsx, None).await.unwrap();
    assert_eq!(file.rows + 1, csv.len());
    let xlsx = xlsx_cells(bytes(file));
    let unguarded = |cell: &String| cell.strip_prefix('\'').unwrap_or(cell).to_owned();
    let plain: Vec<Vec<String>> =
        csv.iter().map(|row| row.iter().map(unguarded).collect()).collect();
    assert_eq!(plain, xlsx);
    csv
}

/// Officers only: the world has clerks besides.
fn of_officers() -> api::officers::OfficerFilter {
    api::officers::OfficerFilter {
        kind: Some(PersonKind::EnforcementOfficer),
        ..api::officers::OfficerFilter::default()
    }
}

/// What the audit log says the last list was narrowed by.
async fn last_filter(app: &TestApp) -> serde_json::Value {
    let log = app.audit_log().await;
    let exports = log.iter().filter(|entry| entry.action == "list.export");
    let entry = exports.max_by_key(|entry| entry.id.0).unwrap();
    let mut body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
    body["filter"].take()
}
