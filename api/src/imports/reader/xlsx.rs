//! Workbooks: chooses the data sheets and streams their cells into the sheet builder.

use super::intake::Intake;
use super::sheet::{Area, Sheet, SheetBuilder, not_read};
use super::{FileError, FileErrorCode, Layout};
use crate::imports::cells::CellValue;
use crate::imports::findings::Finding;
use calamine::{Data, DataRef, ExcelDateTime, Reader, Xls, XlsError, Xlsx, XlsxError};
use chrono::NaiveDate;
use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The sheet of the template.
pub const DATA_SHEET: &str = "人员";

/// Reads a workbook that the guard has let through.
pub(super) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<Layout, FileError> {
    // The library has been seen to index out of bounds on damaged files: that is an answer too.
    catch_unwind(AssertUnwindSafe(|| read_sheets(bytes, intake)))
        .unwrap_or_else(|_| Err(FileError::new(FileErrorCode::FileDamaged)))
}

fn read_sheets(bytes: &[u8], intake: &mut Intake<'_>) -> Result<Layout, FileError> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|e| failure(&e))?;
    let (names, others) = data_sheets(workbook.sheet_names());
    let mut found = Found::default();
    for name in others {
        let cells = workbook.worksheet_cells_reader(&name);
        if cells.is_ok_and(|mut cells| matches!(cells.next_cell(), Ok(Some(_)))) {
            found.unread.push(not_read(&name));
        }
    }
    for name in &names {
        let areas = match workbook.merge_cells_by_sheet_name(name) {
            Ok(merged) => merged.into_iter().map(|d| Area { start: d.start, end: d.end }).collect(),
            Err(error) => return Err(failure(&error)),
        };
        let mut cells = match workbook.worksheet_cells_reader(name) {
            Ok(cells) => cells,
            // A sheet of a chart holds no rows.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            Err(error) => return Err(failure(&error)),
        };
        let mut builder = SheetBuilder::new(name, areas, intake);
        while let Some(cell) = cells.next_cell().map_err(|e| failure(&e))? {
            let (row, column) = cell.get_position();
            if !builder.push(row, column, || value(cell.get_value()))? {
                break;
            }
        }
        found.add(builder.finish()?);
    }
    found.finish(FileErrorCode::SheetNotFound)
}

/// Reads a workbook of the old binary format.
pub(super) fn read_old(bytes: &[u8], intake: &mut Intake<'_>) -> Result<Layout, FileError> {
    catch_unwind(AssertUnwindSafe(|| read_old_sheets(bytes, intake)))
        .unwrap_or_else(|_| Err(FileError::new(FileErrorCode::FileDamaged)))
}

fn read_old_sheets(bytes: &[u8], intake: &mut Intake<'_>) -> Result<Layout, FileError> {
    let mut workbook = Xls::new(Cursor::new(bytes)).map_err(|error| match error {
        XlsError::Password => FileError::new(FileErrorCode::FileEncrypted),
        _ => FileError::new(FileErrorCode::FileNotAWorkbook),
    })?;
    let damaged = |_| FileError::new(FileErrorCode::FileDamaged);
    let mut found = Found::default();
    let (names, others) = data_sheets(workbook.sheet_names());
    for name in others {
        if workbook.worksheet_range(&name).is_ok_and(|range| range.used_cells().next().is_some()) {
            found.unread.push(not_read(&name));
        }
    }
    for name in names {
        let merged = workbook.merge_cells_by_sheet_name(&name).map_err(damaged)?;
        let areas = merged.into_iter().map(|d| Area { start: d.start, end: d.end }).collect();
        let range = workbook.worksheet_range(&name).map_err(damaged)?;
        let (top, left) = range.start().unwrap_or_default();
        let mut builder = SheetBuilder::new(&name, areas, intake);
        for (row, column, data) in range.used_cells() {
            let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
            let column = left.saturating_add(u32::try_from(column).unwrap_or(u32::MAX));
            if !builder.push(row, column, || old_value(data))? {
                break;
            }
        }
        found.add(builder.finish()?);
    }
    found.finish(FileErrorCode::SheetNotFound)
}

/// The sheets that are read: the template's where there is one, else every sheet. With it, sheets
/// beside it that are not ours.
fn data_sheets(names: Vec<String>) -> (Vec<String>, Vec<String>) {
    const OURS: [&str; 3] = ["填写说明", "字典", "汇总"];
    let (data, others): (Vec<_>, Vec<_>) = names.into_iter().partition(|n| n.trim() == DATA_SHEET);
    if data.is_empty() {
        return (others, Vec::new());
    }
    (data, others.into_iter().filter(|name| !OURS.contains(&name.trim())).collect())
}

/// What the sheets gave so far.
#[derive(Default)]
pub(super) struct Found {
    layout: Layout,
    unread: Vec<Finding>,
    partial: Option<FileError>,
}

impl Found {
    pub(super) fn add(&mut self, sheet: Sheet) {
        match sheet {
            Sheet::People(info, findings) => {
                self.layout.sheets.push(info);
                self.layout.findings.extend(findings);
            }
            Sheet::Other(finding, partial) => {
                self.unread.push(finding);
                self.partial = self.partial.take().or(partial);
            }
            Sheet::Empty => {}
        }
    }

    pub(super) fn finish(mut self, nothing: FileErrorCode) -> Result<Layout, FileError> {
        if self.layout.sheets.is_empty() {
            return Err(self.partial.unwrap_or(FileError::new(nothing)));
        }
        self.layout.findings.append(&mut self.unread);
        Ok(self.layout)
    }
}

fn failure(error: &XlsxError) -> FileError {
    FileError::new(match error {
        XlsxError::Password => FileErrorCode::FileEncrypted,
        _ => FileErrorCode::FileDamaged,
    })
}

fn value(data: &DataRef<'_>) -> Option<CellValue> {
    match data {
        DataRef::Empty => None,
        DataRef::SharedString(text) => Some(CellValue::text_of((*text).to_owned())),
        DataRef::String(text) => Some(CellValue::text_of(text.clone())),
        other => old_value(&Data::from(other.clone())),
    }
}

fn old_value(data: &Data) -> Option<CellValue> {
    match data {
        Data::Empty => None,
        Data::String(text) => Some(CellValue::text_of(text.clone())),
        Data::Float(number) => Some(CellValue::Number(*number)),
        Data::Int(number) => Some(CellValue::text_of(number.to_string())),
        Data::Bool(truth) => {
            Some(CellValue::Text(if *truth { "TRUE" } else { "FALSE" }.to_owned()))
        }
        Data::DateTime(moment) => Some(date(moment)),
        Data::DateTimeIso(text) | Data::DurationIso(text) => {
            let day = text.get(..10).and_then(|t| t.parse::<NaiveDate>().ok());
            Some(day.map_or_else(|| CellValue::text_of(text.clone()), CellValue::Date))
        }
        Data::Error(error) => Some(CellValue::Error(error.to_string())),
    }
}

fn date(moment: &ExcelDateTime) -> CellValue {
    let (year, month, day, ..) = moment.to_ymd_hms_milli();
    let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into());
    match date {
        Some(date) if moment.is_datetime() && moment.as_f64() >= 1.0 => CellValue::Date(date),
        _ => CellValue::Number(moment.as_f64()),
    }
}
