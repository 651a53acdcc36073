//! Opens the bytes of a roster: finds out what they are, guards against what is too large, and
//! gives the rows of the data sheets as cells, one by one. It knows headings and limits; what a
//! value may be is for the row parser.

mod csv;
mod error;
mod guard;
mod intake;
mod sheet;
mod xlsx;

pub use error::{FileError, FileErrorCode};
pub use sheet::SheetInfo;
pub(super) use sheet::UNIT_COLUMNS;
pub use xlsx::DATA_SHEET;

use super::cells::CellValue;
use super::columns::{Column, Form};
use super::findings::Finding;
use intake::Intake;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a file may be at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the upload.
    pub upload_bytes: usize,
    /// Bytes of all entries of a workbook when unpacked.
    pub unpacked_bytes: u64,
    /// How many times larger than the upload the unpacked entries may be, once they are large.
    pub unpacked_ratio: u64,
    /// Entries of the workbook's archive.
    pub entries: usize,
    /// Rows of people over all sheets.
    pub rows: usize,
    /// Columns of a sheet.
    pub columns: u32,
    /// Bytes of text in all cells that are kept.
    pub text_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            upload_bytes: 64 << 20,
            unpacked_bytes: 512 << 20,
            unpacked_ratio: 200,
            entries: 1_000,
            rows: 200_000,
            columns: 200,
            text_bytes: 256 << 20,
        }
    }
}

/// A row of people as the file has it. Only columns of the roster are in it: what is never stored,
/// unknown columns, remarks and narratives about discipline are dropped while reading.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
pub struct RawRow {
    /// The sheet; [`CSV_SHEET`] for a file without sheets.
    pub sheet: String,
    /// The row as a spreadsheet numbers it, from 1.
    pub row: u32,
    /// The cells that are not blank.
    pub cells: BTreeMap<Column, CellValue>,
    /// Columns whose value comes from a merged area that begins in a row above.
    pub merged: Vec<Column>,
}

/// What is told of a file beside its rows.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The data sheets with the places of their columns.
    pub sheets: Vec<SheetInfo>,
    /// What concerns whole columns, such as those that are read over.
    pub findings: Vec<Finding>,
}

/// The name findings give to the only sheet of a CSV file.
pub const CSV_SHEET: &str = "CSV";

/// Reads a form from the bytes of a workbook (`.xlsx`, `.xls`) or a CSV file, and gives the rows
/// of people of all sheets to `sink` in order as they are read, until it answers `false`.
///
/// # Errors
/// Why nothing of the file can be taken, with a stable code. Rows may have been given before.
pub fn read(
    bytes: &[u8],
    limits: &Limits,
    form: Form,
    sink: &mut dyn FnMut(RawRow) -> bool,
) -> Result<Layout, FileError> {
    const ZIP: &[u8] = b"PK\x03\x04";
    const EMPTY_ZIP: &[u8] = b"PK\x05\x06";
    const OLE: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
    if bytes.len() > limits.upload_bytes {
        return Err(FileError::new(FileErrorCode::FileTooLarge)
            .arg("limit", format!("{} MiB", limits.upload_bytes >> 20)));
    }
    let mut intake = Intake::new(*limits, form, sink);
    let layout = if bytes.is_empty() {
        return Err(FileError::new(FileErrorCode::FileEmpty));
    } else if bytes.starts_with(ZIP) || bytes.starts_with(EMPTY_ZIP) {
        guard::check_archive(bytes, limits)?;
        xlsx::read(bytes, &mut intake)?
    } else if bytes.starts_with(OLE) {
        guard::check_compound(bytes)?;
        xlsx::read_old(bytes, &mut intake)?
    } else {
        csv::read(bytes, &mut intake)?
    };
    if intake.is_empty() {
        return Err(FileError::new(FileErrorCode::FileEmpty));
    }
    Ok(layout)
}
