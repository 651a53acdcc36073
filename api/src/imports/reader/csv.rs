//! CSV files: UTF-8 with or without a mark, or GB18030; comma, tab or semicolon.

use super::intake::Intake;
use super::sheet::SheetBuilder;
use super::xlsx::Found;
use super::{CSV_SHEET, FileError, FileErrorCode, Layout};
use crate::imports::cells::CellValue;
use encoding_rs::GB18030;
use std::borrow::Cow;

/// Reads text as the rows of one sheet.
pub(super) fn read(bytes: &[u8], intake: &mut Intake<'_>) -> Result<Layout, FileError> {
    let text = decode(bytes)?;
    // Lines of old Macintosh files end in a carriage return alone.
    let text = if text.contains('\n') { text } else { Cow::Owned(text.replace('\r', "\n")) };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut builder = SheetBuilder::new(CSV_SHEET, Vec::new(), intake);
    let mut record = csv::StringRecord::new();
    let mut lines = LineCounter { text: text.as_bytes(), offset: 0, breaks: 0, quoted: 0 };
    'records: while reader.read_record(&mut record).map_err(|_| not_a_workbook())? {
        let start = record.position().map_or(0, csv::Position::byte);
        let row = lines.row_at(usize::try_from(start).unwrap_or(usize::MAX));
        for (column, field) in record.iter().enumerate() {
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            let value = || (!field.is_empty()).then(|| CellValue::text_of(field.to_owned()));
            if !builder.push(row, column, value)? {
                break 'records;
            }
        }
        // A line break within quotes begins no row.
        lines.quoted += record.iter().map(|f| f.matches('\n').count()).sum::<usize>();
    }
    let mut found = Found::default();
    found.add(builder.finish()?);
    found.finish(FileErrorCode::SheetNotFound)
}

/// Counts the rows as a spreadsheet numbers them: blank lines are rows too.
struct LineCounter<'a> {
    text: &'a [u8],
    offset: usize,
    breaks: usize,
    quoted: usize,
}

impl LineCounter<'_> {
    /// The row, from 0, of the record that begins at `start` or after the blank lines there.
    fn row_at(&mut self, start: usize) -> u32 {
        let rest = self.text.get(start..).unwrap_or_default();
        let blank = rest.iter().take_while(|b| matches!(b, b'\r' | b'\n')).count();
        let end = start.saturating_add(blank).min(self.text.len());
        let passed = self.text.get(self.offset..end).unwrap_or_default();
        self.breaks += passed.iter().filter(|b| **b == b'\n').count();
        self.offset = end;
        u32::try_from(self.breaks.saturating_sub(self.quoted)).unwrap_or(u32::MAX)
    }
}

/// The text of a file, or why it is none.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FileError> {
    const OTHER_FILES: &[&[u8]] =
        &[b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"];
    if OTHER_FILES.iter().any(|magic| bytes.starts_with(magic)) {
        return Err(not_a_workbook());
    }
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(FileError::new(FileErrorCode::EncodingUnknown));
    }
    if bytes.contains(&0) {
        return Err(not_a_workbook());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => GB18030
            .decode_without_bom_handling_and_without_replacement(bytes)
            .ok_or(FileError::new(FileErrorCode::EncodingUnknown))?,
    };
    // Web pages are often sent as tables, with the name of a workbook.
    let binary =
        text.chars().take(4096).any(|c| c.is_control() && !matches!(c, '\t' | '\r' | '\n'));
    if binary || text.trim_start().starts_with('<') {
        return Err(not_a_workbook());
    }
    if text.trim().is_empty() {
        return Err(FileError::new(FileErrorCode::FileEmpty));
    }
    Ok(text)
}

/// The separator that the first lines have most of.
fn delimiter(text: &str) -> u8 {
    let count = |d: char| text.lines().take(30).map(|l| l.matches(d).count()).max().unwrap_or(0);
    [(b',', ','), (b'\t', '\t'), (b';', ';')]
        .into_iter()
        .rev()
        .max_by_key(|(_, d)| count(*d))
        .map_or(b',', |(byte, _)| byte)
}

fn not_a_workbook() -> FileError {
    FileError::new(FileErrorCode::FileNotAWorkbook)
}
