//! Makes rows of people out of a stream of cells: finds the headings below the titles, reads
//! headings of two rows, fills merged units, and leaves out footers.

use super::intake::Intake;
use super::{FileError, FileErrorCode, RawRow};
use crate::imports::cells::{CellValue, choices, compact};
use crate::imports::columns::{Column, Form, Heading};
use crate::imports::findings::{Finding, FindingCode, Note};
use std::collections::{BTreeMap, HashMap};

/// Rows in which the headings must begin.
const HEAD_ROWS: usize = 40;

/// The columns in which a merged area stands for each of its rows.
pub(crate) const UNIT_COLUMNS: [Column; 3] = [Column::Agency, Column::Uscc, Column::Section];

/// Columns of free text that files spread over several: 职务 beside 职级, 大队 beside 中队.
const JOINED: [Column; 2] = [Column::Post, Column::Section];

/// How the first cell of a row begins that is no person.
const FOOTERS: &[&str] = &[
    "合计",
    "总计",
    "小计",
    "共计",
    "填表人",
    "填报人",
    "制表人",
    "制表",
    "审核人",
    "负责人",
    "单位负责人",
    "联系人",
    "联系电话",
    "填报单位",
    "填表单位",
    "填报日期",
    "填表日期",
    "填报时间",
    "注:",
    "注：",
    "备注:",
    "备注：",
    "说明:",
    "说明：",
];

/// A merged area; rows and columns from 0, both ends within.
#[derive(Clone, Copy)]
pub(super) struct Area {
    pub start: (u32, u32),
    pub end: (u32, u32),
}

/// A data sheet and where its columns are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SheetInfo {
    /// Its name.
    pub name: String,
    /// The columns with their places, from 0.
    pub columns: Vec<(Column, u32)>,
}

impl SheetInfo {
    /// The letters of a column, as a spreadsheet shows them.
    pub fn letters(&self, column: Column) -> Option<String> {
        let (_, place) = self.columns.iter().find(|(c, _)| *c == column)?;
        let mut rest = place + 1;
        let mut letters = String::new();
        while rest > 0 {
            letters.insert(0, char::from_u32(u32::from(b'A') + (rest - 1) % 26)?);
            rest = (rest - 1) / 26;
        }
        Some(letters)
    }
}

type Cells = Vec<(u32, CellValue)>;

/// What a sheet turned out to be.
pub(super) enum Sheet {
    /// It has people, under these headings, with what was found of whole columns.
    People(SheetInfo, Vec<Finding>),
    /// It has something in it, but no headings; what was missing if some were there.
    Other(Finding, Option<FileError>),
    /// It is empty.
    Empty,
}

/// Builds the rows of one sheet. Cells come row by row.
pub(super) struct SheetBuilder<'a, 'sink> {
    intake: &'a mut Intake<'sink>,
    areas: Vec<Area>,
    /// The last row of each area that spans rows, by where it begins.
    spans: HashMap<(u32, u32), u32>,
    current: Option<(u32, Cells)>,
    head: Vec<(u32, Cells)>,
    head_done: bool,
    /// The row that stood directly above or below the row of headings: the other half of headings
    /// of two rows, or a title. It comes again where headings are printed on each page.
    beside: Option<Cells>,
    partial: Option<FileError>,
    info: SheetInfo,
    findings: Vec<Finding>,
    units: BTreeMap<Column, (u32, CellValue)>,
}

impl<'a, 'sink> SheetBuilder<'a, 'sink> {
    pub(super) fn new(name: &str, areas: Vec<Area>, intake: &'a mut Intake<'sink>) -> Self {
        let tall = areas.iter().filter(|a| a.end.0 > a.start.0);
        let spans = tall.map(|a| (a.start, a.end.0)).collect();
        Self {
            intake,
            areas,
            spans,
            current: None,
            head: Vec::new(),
            head_done: false,
            beside: None,
            partial: None,
            info: SheetInfo { name: name.to_owned(), columns: Vec::new() },
            findings: Vec::new(),
            units: BTreeMap::new(),
        }
    }

    /// Takes a cell; false once it is clear that the sheet holds no people, or no more are wanted.
    pub(super) fn push(
        &mut self,
        row: u32,
        column: u32,
        value: impl FnOnce() -> Option<CellValue>,
    ) -> Result<bool, FileError> {
        let Some(value) = value().filter(|v| !v.is_blank()) else { return Ok(true) };
        let most = self.intake.limits().columns;
        if column >= most {
            return Err(FileError::new(FileErrorCode::TooManyColumns)
                .arg("sheet", &self.info.name)
                .arg("limit", most));
        }
        match &mut self.current {
            Some((at, cells)) if *at == row => cells.push((column, value)),
            Some((at, _)) if *at > row => return Err(FileError::new(FileErrorCode::FileDamaged)),
            current => {
                if let Some((at, cells)) = current.replace((row, vec![(column, value)])) {
                    self.row(at, cells)?;
                }
            }
        }
        Ok((!self.head_done || self.has_people()) && self.intake.is_open())
    }

    /// The end of the sheet.
    pub(super) fn finish(mut self) -> Result<Sheet, FileError> {
        if let Some((at, cells)) = self.current.take() {
            self.row(at, cells)?;
        }
        let blank = !self.head_done && self.head.is_empty();
        if !self.head_done {
            self.resolve_head()?;
        }
        Ok(if self.has_people() {
            Sheet::People(self.info, self.findings)
        } else if blank {
            Sheet::Empty
        } else {
            Sheet::Other(not_read(&self.info.name), self.partial)
        })
    }

    fn has_people(&self) -> bool {
        !self.info.columns.is_empty()
    }

    fn row(&mut self, at: u32, cells: Cells) -> Result<(), FileError> {
        if self.head_done {
            return self.person(at, cells);
        }
        self.head.push((at, cells));
        if self.head.len() == HEAD_ROWS { self.resolve_head() } else { Ok(()) }
    }

    /// Finds the headings among the first rows and takes the rows below them.
    fn resolve_head(&mut self) -> Result<(), FileError> {
        self.head_done = true;
        let head = std::mem::take(&mut self.head);
        for (index, (at, cells)) in head.iter().enumerate() {
            let single = self.headings(None, cells);
            let has = |column| single.iter().any(|(_, h, _)| *h == Heading::Known(column));
            if !(has(Column::Name) && has(Column::IdNumber)) {
                if has(Column::Name) || has(Column::IdNumber) {
                    self.partial.get_or_insert(missing_error(
                        &self.info,
                        self.intake.form(),
                        &single,
                    ));
                }
                continue;
            }
            let below = head.get(index + 1).filter(|(row, _)| *row == at + 1);
            let two = below.and_then(|(_, sub)| self.two_rows(*at, cells, sub, &single));
            let skip = if two.is_some() { 2 } else { 1 };
            let above =
                index.checked_sub(1).and_then(|i| head.get(i)).filter(|(r, _)| r + 1 == *at);
            let headings = two.unwrap_or_else(|| match above {
                Some((row, top)) => self.headings(Some((*row, top)), cells),
                None => single,
            });
            let beside = if skip == 2 { below } else { above };
            self.beside = beside.map(|(_, cells)| cells.clone());
            self.take_headings(&headings)?;
            for (row, cells) in head.into_iter().skip(index + skip) {
                self.person(row, cells)?;
            }
            return Ok(());
        }
        Ok(())
    }

    /// Headings of two rows: the lower has nothing under 姓名 and 身份证号, and makes sense with the
    /// upper (公共法律考试 above 成绩 and 日期).
    fn two_rows(
        &self,
        at: u32,
        top: &Cells,
        sub: &Cells,
        single: &[Titled],
    ) -> Option<Vec<Titled>> {
        let key = |column: &u32| {
            let key = [Heading::Known(Column::Name), Heading::Known(Column::IdNumber)];
            single.iter().any(|(c, h, _)| c == column && key.contains(h))
        };
        if sub.iter().any(|(column, _)| key(column)) {
            return None;
        }
        let lower = self.headings(Some((at, top)), sub);
        if !lower.iter().any(|(_, h, _)| matches!(h, Heading::Known(_))) {
            return None;
        }
        let covered = |c: u32| lower.iter().any(|(column, ..)| *column == c);
        let mut all: Vec<_> = single.iter().filter(|(c, ..)| !covered(*c)).cloned().collect();
        all.extend(lower);
        Some(all)
    }

    /// What each cell is as a heading, alone or under the heading above it.
    fn headings(&self, top: Option<(u32, &Cells)>, cells: &Cells) -> Vec<Titled> {
        let form = self.intake.form();
        let titled = |(column, value): &(u32, CellValue)| {
            let text = value.tidy().unwrap_or_default();
            let above = top.and_then(|(row, top)| self.above(row, top, *column));
            let joined = above.map(|above| format!("{above}{text}"));
            let heading = joined
                .map(|text| Heading::of(&text, form))
                .filter(|h| matches!(h, Heading::Known(_)))
                .unwrap_or_else(|| Heading::of(&text, form));
            (*column, heading, text)
        };
        cells.iter().map(titled).collect()
    }

    /// The text of the upper heading over `column`: its own, or the one to the left that it is
    /// merged with (in a file without merges: the next to the left).
    fn above(&self, row: u32, top: &Cells, column: u32) -> Option<String> {
        let (left, value) = top.iter().rev().find(|(c, _)| *c <= column)?;
        let merged =
            |area: &Area| area.start == (row, *left) && area.end.1 >= column && area.end.0 == row;
        let belongs = *left == column || self.areas.is_empty() || self.areas.iter().any(merged);
        belongs.then(|| value.tidy().unwrap_or_default())
    }

    fn take_headings(&mut self, headings: &[Titled]) -> Result<(), FileError> {
        let sheet = self.info.name.clone();
        let mut columns: Vec<(Column, u32)> = Vec::new();
        for (place, heading, title) in headings {
            let note = |code| Note::new(code).arg("title", title);
            let (note, column) = match heading {
                Heading::Known(column) => {
                    let double = columns.iter().any(|(c, _)| c == column);
                    if double && !JOINED.contains(column) {
                        return Err(FileError::new(FileErrorCode::HeadingDouble)
                            .arg("sheet", &sheet)
                            .arg("heading", column.spec().heading));
                    }
                    columns.push((*column, *place));
                    if *column != Column::Remarks {
                        continue;
                    }
                    (Note::new(FindingCode::RemarksIgnored), Some(Column::Remarks))
                }
                Heading::NeverStored => (note(FindingCode::ColumnNeverStored), None),
                Heading::Unknown => (note(FindingCode::ColumnUnknown), None),
                Heading::Incidental => continue,
            };
            self.findings.push(note.at(&sheet, None, column));
        }
        let absent = |c: &&Column| !columns.iter().any(|(known, _)| known == *c);
        let form = self.intake.form();
        if form.columns.iter().filter(|c| form.requires(**c)).any(|c| absent(&c)) {
            return Err(missing_error(&self.info, form, headings));
        }
        self.info.columns = columns;
        Ok(())
    }

    /// Takes a row below the headings.
    fn person(&mut self, at: u32, cells: Cells) -> Result<(), FileError> {
        let again = self.beside.as_ref() == Some(&cells);
        if !self.has_people() || !self.intake.is_open() || again {
            return Ok(());
        }
        let first = cells.first().and_then(|(_, value)| value.tidy().ok()).unwrap_or_default();
        let first = compact(&first);
        let mut row = RawRow {
            sheet: self.info.name.clone(),
            row: at.saturating_add(1),
            cells: BTreeMap::new(),
            merged: Vec::new(),
        };
        for (place, value) in cells {
            let column = self.info.columns.iter().find(|(_, p)| *p == place).map(|(c, _)| *c);
            let Some(column) = column else { continue };
            let Some(value) = storable(column, value) else { continue };
            let value = match row.cells.remove(&column) {
                Some(before) => joined(before, value),
                None => value,
            };
            row.cells.insert(column, value);
        }
        let footer = !row.cells.contains_key(&Column::IdNumber)
            && FOOTERS.iter().any(|word| first.starts_with(word));
        // Headings are printed again on each page of some files.
        let repeated = [Column::Name, Column::IdNumber].iter().all(|column| {
            let text = row.cells.get(column).and_then(|v| v.tidy().ok()).unwrap_or_default();
            Heading::of(&text, self.intake.form()) == Heading::Known(*column)
        });
        self.fill_merged(at, &mut row);
        if row.cells.len() == row.merged.len() || footer || repeated {
            return Ok(());
        }
        self.intake.take(row)
    }

    /// Fills the units that a merged area gives to this row, and remembers where areas begin.
    fn fill_merged(&mut self, at: u32, row: &mut RawRow) {
        for column in UNIT_COLUMNS {
            if let Some(value) = row.cells.get(&column) {
                self.units.insert(column, (at, value.clone()));
                continue;
            }
            let place = self.info.columns.iter().find(|(c, _)| *c == column).map(|(_, p)| *p);
            let (Some(place), Some((start, value))) = (place, self.units.get(&column)) else {
                continue;
            };
            if *start < at && self.spans.get(&(*start, place)).is_some_and(|end| *end >= at) {
                row.cells.insert(column, value.clone());
                row.merged.push(column);
            }
        }
    }
}

/// A column's place, what its heading is, and the heading as written.
type Titled = (u32, Heading, String);

/// The finding that a sheet is not read.
pub(super) fn not_read(name: &str) -> Finding {
    Note::new(FindingCode::SheetNotRead).at(name, None, None)
}

fn missing_error(sheet: &SheetInfo, form: &Form, found: &[Titled]) -> FileError {
    let absent = |c: &&Column| !found.iter().any(|(_, h, _)| *h == Heading::Known(**c));
    let missing: Vec<_> = form
        .columns
        .iter()
        .filter(|c| form.requires(**c))
        .filter(absent)
        .map(|c| c.spec().heading)
        .collect();
    FileError::new(FileErrorCode::HeadingMissing)
        .arg("sheet", &sheet.name)
        .arg("headings", missing.join("，"))
}

/// Two cells of one of the [`JOINED`] columns as one.
fn joined(first: CellValue, second: CellValue) -> CellValue {
    match (first.tidy(), second.tidy()) {
        (Ok(a), Ok(b)) => CellValue::text_of(format!("{a}、{b}")),
        (Err(_), _) => first,
        (Ok(_), Err(_)) => second,
    }
}

/// The cell as it may be kept; `None` where nothing of it may.
fn storable(column: Column, value: CellValue) -> Option<CellValue> {
    match column {
        Column::Standing => Some(choices::storable_standing(value)),
        Column::Remarks => choices::remark_state(&value).map(|w| CellValue::Text(w.to_owned())),
        _ => Some(value),
    }
}
