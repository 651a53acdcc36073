//! The values of cells: what a cell holds, and one pure parser for each kind of value.
//! A parser answers the value with notes on what it mended, or one note on why it cannot.
//! Only spaces, width and a small `x` are mended without a note.

pub mod choices;
pub mod identity;
pub mod measures;

use super::findings::{FindingCode, Note};
pub use crate::platform::spelling::{compact, tidy};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Characters of a cell that are read; a longer one is an error of its row.
pub const MAX_CHARS: usize = 1_000;

/// What a cell holds. Empty cells are not there at all.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(Debug))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CellValue {
    /// Text as it was typed.
    Text(String),
    /// A number; spreadsheets keep 15 digits of it.
    Number(f64),
    /// A cell with a date format.
    Date(NaiveDate),
    /// An error of the spreadsheet, such as `#REF!`.
    Error(String),
    /// More than [`MAX_CHARS`] characters, not kept.
    TooLong,
    /// Text that must not be kept (details about discipline).
    Withheld,
}

/// A parsed value with what was mended, or why there is none.
pub type Parsed<T> = Result<(T, Vec<Note>), Note>;

impl CellValue {
    /// A text cell, within the limit.
    pub fn text_of(text: String) -> Self {
        if text.len() > MAX_CHARS && text.chars().count() > MAX_CHARS {
            Self::TooLong
        } else {
            Self::Text(text)
        }
    }

    /// The content as tidy text: compatibility width, no space at the ends, single spaces within.
    ///
    /// # Errors
    /// A note where the cell shows an error, is too long or was withheld.
    pub fn tidy(&self) -> Result<String, Note> {
        match self {
            Self::Text(text) => Ok(tidy(text)),
            Self::Number(number) => Ok(plain(*number)),
            Self::Date(date) => Ok(date.to_string()),
            Self::Error(value) => Err(Note::new(FindingCode::CellErrorValue).arg("value", value)),
            Self::TooLong => Err(Note::new(FindingCode::CellTooLong).arg("limit", MAX_CHARS)),
            Self::Withheld => Err(Note::new(FindingCode::StandingNarrative)),
        }
    }

    /// Whether there is nothing to read in it.
    pub fn is_blank(&self) -> bool {
        matches!(self, Self::Text(text) if tidy(text).is_empty())
    }
}

/// A number as a person would write it: without noise of binary fractions, never in exponents.
fn plain(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Free text: the tidy content.
pub fn free(cell: &CellValue) -> Parsed<String> {
    Ok((cell.tidy()?, Vec::new()))
}

/// The key under which the name of an agency, field or division is looked up: compact, brackets
/// in one width. A register builds its own keys with the same function.
pub fn name_key(text: &str) -> String {
    compact(text).replace(['〔', '【', '['], "(").replace(['〕', '】', ']'], ")").to_lowercase()
}

/// The note that a value was understood as another.
pub(super) fn read_as(value: &str, read: &str) -> Note {
    Note::new(FindingCode::ValueReadAs).arg("value", value).arg("read", read)
}
