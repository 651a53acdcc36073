//! Reads the cells of one row and gathers what is found on the way.

use super::Seen;
use crate::imports::cells::{CellValue, Parsed, compact};
use crate::imports::columns::Column;
use crate::imports::findings::{Finding, FindingCode, Note, Severity};
use crate::imports::reader::{RawRow, UNIT_COLUMNS};
use std::borrow::Cow;
use std::collections::hash_map::Entry;

/// Words that stand for the value of the row above.
const AS_ABOVE: [&str; 6] = ["同上", "〃", "\"", "″", "''", "同上栏"];

pub(super) struct RowCursor<'a> {
    raw: &'a RawRow,
    seen: &'a mut Seen,
    pub(super) findings: Vec<Finding>,
}

impl<'a> RowCursor<'a> {
    pub(super) fn new(raw: &'a RawRow, seen: &'a mut Seen) -> Self {
        if seen.sheets.last() != Some(&raw.sheet) {
            seen.sheets.push(raw.sheet.clone());
            seen.units.clear();
        }
        Self { raw, seen, findings: Vec::new() }
    }

    pub(super) fn cell(&self, column: Column) -> Option<&'a CellValue> {
        self.raw.cells.get(&column)
    }

    pub(super) fn has_cell(&self, column: Column) -> bool {
        self.raw.cells.contains_key(&column)
    }

    pub(super) fn note(&mut self, column: Column, note: Note) {
        self.findings.push(note.at(&self.raw.sheet, Some(self.raw.row), Some(column)));
    }

    /// Whether an error was found in this column.
    pub(super) fn failed(&self, column: Column) -> bool {
        self.findings.iter().any(|f| f.column == Some(column) && f.severity == Severity::Error)
    }

    /// Notes an ID number that an earlier row has.
    pub(super) fn note_duplicate(&mut self, number: &str) {
        // The 17 digits determine the last character.
        let Some(digits) = number.get(..17).and_then(|digits| digits.parse().ok()) else { return };
        match self.seen.ids.entry(digits) {
            Entry::Occupied(first) => {
                let (sheet, row) = *first.get();
                let sheet = self.seen.sheets.get(sheet).map_or("", String::as_str);
                let note = Note::new(FindingCode::IdDuplicate).arg("sheet", sheet).arg("row", row);
                self.note(Column::IdNumber, note);
            }
            Entry::Vacant(new) => {
                new.insert((self.seen.sheets.len().saturating_sub(1), self.raw.row));
            }
        }
    }

    /// Notes the number of an existing certificate that an earlier row has.
    pub(super) fn note_number_twice(&mut self, number: &str) {
        match self.seen.numbers.entry(number.to_owned()) {
            Entry::Occupied(first) => {
                let (sheet, row) = *first.get();
                let sheet = self.seen.sheets.get(sheet).map_or("", String::as_str);
                let note = Note::new(FindingCode::PriorNumberDuplicate);
                let note = note.arg("sheet", sheet).arg("row", row);
                self.note(Column::PriorNumber, note);
            }
            Entry::Vacant(new) => {
                new.insert((self.seen.sheets.len().saturating_sub(1), self.raw.row));
            }
        }
    }

    /// A cell that must be filled in.
    pub(super) fn required<T>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&CellValue) -> Parsed<T>,
    ) -> Option<T> {
        if !self.has_cell(column) {
            self.note(column, Note::new(FindingCode::CellRequired));
        }
        self.optional(column, parse)
    }

    /// A cell that may be empty.
    pub(super) fn optional<T>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&CellValue) -> Parsed<T>,
    ) -> Option<T> {
        let cell = Cow::Borrowed(self.cell(column)?);
        let cell = if UNIT_COLUMNS.contains(&column) { self.unit(column, cell)? } else { cell };
        match parse(&cell) {
            Ok((value, notes)) => {
                for note in notes {
                    self.note(column, note);
                }
                Some(value)
            }
            Err(note) => {
                self.note(column, note);
                None
            }
        }
    }

    /// The unit of a row: 同上 and merged cells take it from above.
    fn unit(&mut self, column: Column, cell: Cow<'a, CellValue>) -> Option<Cow<'a, CellValue>> {
        let text = cell.tidy().map(|t| compact(&t)).unwrap_or_default();
        let as_above = AS_ABOVE.contains(&text.as_str());
        let cell = if as_above {
            let Some(above) = self.seen.units.get(&column).cloned() else {
                self.note(column, Note::new(FindingCode::NothingAbove));
                return None;
            };
            Cow::Owned(above)
        } else {
            cell
        };
        if as_above || self.raw.merged.contains(&column) {
            let read = cell.tidy().unwrap_or_default();
            self.note(column, Note::new(FindingCode::ValueFromAbove).arg("read", read));
        }
        self.seen.units.insert(column, cell.clone().into_owned());
        Some(cell)
    }
}
