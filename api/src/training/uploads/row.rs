//! A row of a workbook of the training desk: its cells parsed, before anybody is looked up.

use std::collections::HashMap;

use entities::enums::{ExamOutcome, TrainingUploadKind};
use serde::{Deserialize, Serialize};

use super::super::entries::Value;
use super::super::error::TrainingRefusal;
use crate::imports::cells::{CellValue, Parsed, compact, identity, measures};
use crate::imports::columns::{Column, Form};
use crate::imports::findings::{Finding, FindingCode, Note, Severity};
use crate::imports::reader::RawRow;
use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;

/// The columns of a workbook. The agency tells two people of one name apart for whoever fills it in,
/// and need not be there.
pub(super) const fn form(kind: TrainingUploadKind) -> Form {
    use Column::{Agency, Attended, IdNumber, Name, Score};
    let columns: &[Column] = match kind {
        TrainingUploadKind::Attendance => &[Name, IdNumber, Agency, Attended],
        TrainingUploadKind::Candidates => &[Name, IdNumber, Agency],
        TrainingUploadKind::Results => &[Name, IdNumber, Agency, Score],
    };
    Form { columns, optional: &[Agency] }
}

/// Something found in a row, with its texts: they are shown for as long as the row is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Stable word.
    pub code: String,
    /// How much it weighs.
    pub severity: Severity,
    /// The column, where it concerns one.
    pub column: Option<Column>,
    /// The message in Chinese.
    pub zh_cn: String,
    /// The message in English.
    pub en: String,
}

impl Found {
    /// The message in a language.
    pub fn text(&self, locale: Locale) -> &str {
        match locale {
            Locale::ZhCn => &self.zh_cn,
            Locale::En => &self.en,
        }
    }

    /// What the training desk refuses of a row.
    pub(super) fn refused(refusal: &TrainingRefusal, column: Option<Column>) -> Self {
        let severity = match refusal {
            TrainingRefusal::AgencyDiffers => Severity::Warning,
            _ => Severity::Error,
        };
        Self {
            code: refusal.code().to_owned(),
            severity,
            column,
            zh_cn: refusal.message(Locale::ZhCn),
            en: refusal.message(Locale::En),
        }
    }

    fn of(finding: &Finding) -> Self {
        Self {
            code: finding.code.code().to_owned(),
            severity: finding.severity,
            column: finding.column,
            zh_cn: finding.text(Locale::ZhCn),
            en: finding.text(Locale::En),
        }
    }
}

/// A row as it is staged.
#[derive(Clone, Serialize, Deserialize)]
pub struct Staged {
    /// The cells.
    pub raw: RawRow,
    /// Whose row it is, by the ID number, and their name; none where that is wrong.
    pub named: Option<Named>,
    /// What it says of the person, where that can be read.
    pub value: Option<Value>,
    /// What was found.
    pub found: Vec<Found>,
}

/// Whom a row names.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// ID number of 18 characters.
    pub id_number: String,
    /// Name.
    pub name: String,
    /// Name of the agency, where the row has one.
    pub agency: Option<String>,
}

impl Staged {
    /// Whether the row can be applied as far as its cells go.
    pub(super) fn is_sound(&self) -> bool {
        self.found.iter().all(|found| found.severity != Severity::Error)
    }

    /// Notes that something is wrong.
    pub(super) fn refuse(&mut self, refusal: &TrainingRefusal, column: Option<Column>) {
        self.found.push(Found::refused(refusal, column));
    }
}

/// The rows before, by ID number: sheet and row.
#[derive(Default)]
pub(super) struct Seen(HashMap<String, (String, u32)>);

/// Reads the cells of a row.
pub(super) fn parse(kind: TrainingUploadKind, raw: RawRow, seen: &mut Seen) -> Staged {
    let mut cells = Cells { raw: &raw, found: Vec::new() };
    let name = cells.required(Column::Name, identity::name);
    let id_number = cells.required(Column::IdNumber, identity::id_number).map(|id| id.number);
    let agency = cells.raw.cells.get(&Column::Agency).and_then(|cell| cell.tidy().ok());
    if let Some(number) = &id_number {
        if let Some((sheet, row)) = seen.0.get(number) {
            let note = Note::new(FindingCode::IdDuplicate).arg("sheet", sheet).arg("row", row);
            cells.note(Column::IdNumber, note);
        } else {
            seen.0.insert(number.clone(), (raw.sheet.clone(), raw.row));
        }
    }
    let value = match kind {
        TrainingUploadKind::Attendance => {
            cells.required(Column::Attended, measures::minutes).map(Value::Minutes)
        }
        TrainingUploadKind::Candidates => Some(Value::Candidate),
        TrainingUploadKind::Results => cells.required(Column::Score, outcome),
    };
    let found = cells.found;
    let named = match (id_number, name) {
        (Some(id_number), Some(name)) => Some(Named { id_number, name, agency }),
        _ => None,
    };
    Staged { raw, named, value, found }
}

/// A score, or a word for why there is none.
fn outcome(cell: &CellValue) -> Parsed<Value> {
    let word = compact(&cell.tidy()?);
    let without = |outcome| Ok((Value::Outcome(outcome, None), Vec::new()));
    match word.as_str() {
        "缺考" | "未考" | "未参加" => without(ExamOutcome::Absent),
        "作弊" | "违纪" | "舞弊" | "取消成绩" => without(ExamOutcome::Disqualified),
        _ => {
            let (score, notes) = measures::score(cell)?;
            Ok((Value::Outcome(ExamOutcome::Scored, Some(score)), notes))
        }
    }
}

struct Cells<'a> {
    raw: &'a RawRow,
    found: Vec<Found>,
}

impl Cells<'_> {
    fn note(&mut self, column: Column, note: Note) {
        self.found.push(Found::of(&note.at(&self.raw.sheet, Some(self.raw.row), Some(column))));
    }

    fn required<T>(
        &mut self,
        column: Column,
        parse: impl FnOnce(&CellValue) -> Parsed<T>,
    ) -> Option<T> {
        let raw = self.raw;
        let Some(cell) = raw.cells.get(&column) else {
            self.note(column, Note::new(FindingCode::CellRequired));
            return None;
        };
        match parse(cell) {
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
}
