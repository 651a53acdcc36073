//! Where the rows of a file go as they are read: counts them against the limits of a file and gives
//! them on, so that no more than one row is held here.

use super::{FileError, FileErrorCode, Limits, RawRow};
use crate::imports::cells::CellValue;
use crate::imports::columns::Form;

/// Takes the rows of a file.
pub(super) struct Intake<'a> {
    limits: Limits,
    form: Form,
    sink: &'a mut dyn FnMut(RawRow) -> bool,
    rows: usize,
    /// Bytes of text of this file so far: one shared string can stand in every cell.
    text: usize,
    open: bool,
}

impl<'a> Intake<'a> {
    pub fn new(limits: Limits, form: Form, sink: &'a mut dyn FnMut(RawRow) -> bool) -> Self {
        Self { limits, form, sink, rows: 0, text: 0, open: true }
    }

    /// The limits of the file.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The columns of the file.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// Whether no row came.
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Whether more rows are wanted.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Gives a row on.
    pub fn take(&mut self, row: RawRow) -> Result<(), FileError> {
        if self.rows >= self.limits.rows {
            return Err(FileError::new(FileErrorCode::TooManyRows).arg("limit", self.limits.rows));
        }
        let text = |value: &CellValue| match value {
            CellValue::Text(text) | CellValue::Error(text) => text.len(),
            _ => 0,
        };
        self.text += row.cells.values().map(text).sum::<usize>();
        if self.text > self.limits.text_bytes {
            return Err(FileError::new(FileErrorCode::ZipBomb));
        }
        self.rows += 1;
        self.open = (self.sink)(row);
        Ok(())
    }
}
