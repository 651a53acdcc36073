//! Tests of the roster import, with workbooks made in the tests.

mod bad_files;
mod layouts;
mod properties;
mod round_trips;
mod rows;
mod texts;
mod values;

use super::cells::{CellValue, identity, name_key};
use super::columns::{Column, Form};
use super::findings::Finding;
use super::reader::{FileError, Limits, RawRow, SheetInfo, read};
use super::row::{AgencyRef, Context, Entry, Match, Register, RosterRow, Seen};
use chrono::NaiveDate;
use entities::ids::AgencyId;
use rust_xlsxwriter::Workbook;
use std::collections::BTreeMap;
use uuid::Uuid;

/// An ID number with a right check character: region 990101 belongs to nobody.
pub fn id(born: &str, sequence: u32) -> String {
    let stem = format!("990101{born}{sequence:03}");
    format!("{stem}{}", identity::id_check_character(&format!("{stem}0")).unwrap())
}

/// A unified social credit code with a right check character.
pub fn uscc(number: u32) -> String {
    let stem = format!("11990000{number:09}");
    format!("{stem}{}", identity::uscc_check_character(&format!("{stem}0")).unwrap())
}

pub struct Province;

pub fn agency(number: u32) -> AgencyRef {
    let name =
        ["甲市市场监督管理局", "甲市司法局", "乙县农业农村局"][usize::try_from(number).unwrap()];
    let division = if number == 2 { "990121" } else { "990100" };
    AgencyRef {
        id: AgencyId(Uuid::from_u128(number.into())),
        name: name.to_owned(),
        division: division.to_owned(),
    }
}

impl Register for Province {
    fn agency_by_name(&self, key: &str) -> Match<AgencyRef> {
        if let Some(found) = (0..3).map(agency).find(|a| name_key(&a.name) == key) {
            return Match::Exact(found);
        }
        match key {
            "市场监管局" | "甲市工商局" => Match::Other(agency(0)),
            "农业局" => Match::Ambiguous,
            _ => Match::Unknown,
        }
    }

    fn issuer_by_name(&self, key: &str) -> Match<AgencyRef> {
        self.agency_by_name(key)
    }

    fn agency_by_uscc(&self, code: &str) -> Option<AgencyRef> {
        (0..3).find(|n| uscc(*n) == code).map(agency)
    }

    fn division(&self, within: &str, key: &str) -> Match<Entry> {
        let entry = |code: &str, name: &str| Entry { code: code.to_owned(), name: name.to_owned() };
        match (within, key) {
            ("990100", "990121" | "乙县") => Match::Exact(entry("990121", "乙县")),
            ("990100", "乙") => Match::Other(entry("990121", "乙县")),
            _ => Match::Unknown,
        }
    }

    fn field(&self, key: &str) -> Match<Entry> {
        let entry = |code: &str, name: &str| Entry { code: code.to_owned(), name: name.to_owned() };
        match key {
            "市场监管" | "market" => Match::Exact(entry("MARKET", "市场监管")),
            "农业" => Match::Exact(entry("AGRICULTURE", "农业")),
            "市场监督" => Match::Other(entry("MARKET", "市场监管")),
            _ => Match::Unknown,
        }
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn context() -> Context<'static> {
    Context { register: &Province, today: day("2026-06-01") }
}

/// The cells of an applicant without a fault.
pub fn good() -> Vec<(Column, String)> {
    [
        (Column::Name, "张三"),
        (Column::Gender, "男"),
        (Column::Agency, "甲市市场监督管理局"),
        (Column::Section, "执法一大队"),
        (Column::Kind, "执法人员"),
        (Column::Establishment, "行政"),
        (Column::Duty, "在岗"),
        (Column::Fields, "市场监管、农业"),
        (Column::Phone, "13900000001"),
        (Column::PublicScore, "85.5"),
        (Column::PublicDate, "2026-03-05"),
        (Column::ProfessionalScore, "90"),
        (Column::ProfessionalDate, "2026-03-06"),
        (Column::Hours, "61.5"),
        (Column::Standing, "无"),
        (Column::Photo, "张三.jpg"),
    ]
    .into_iter()
    .map(|(column, value)| (column, value.to_owned()))
    .chain([(Column::IdNumber, id("19850102", 11)), (Column::Uscc, uscc(0))])
    .collect()
}

/// The applicant with other cells in place; an empty text takes a cell away.
pub fn with(changes: &[(Column, &str)]) -> RawRow {
    let mut cells: BTreeMap<Column, CellValue> =
        good().into_iter().map(|(column, value)| (column, CellValue::Text(value))).collect();
    for (column, value) in changes {
        cells.remove(column);
        if !value.is_empty() {
            cells.insert(*column, CellValue::Text((*value).to_owned()));
        }
    }
    RawRow { sheet: "人员".to_owned(), row: 2, cells, merged: Vec::new() }
}

pub fn parse(raw: &RawRow) -> (Option<RosterRow>, Vec<Finding>) {
    RosterRow::parse(raw, &context(), &mut Seen::default())
}

/// `CODE 列名` of each finding.
pub fn codes(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|f| format!("{} {}", f.code.code(), f.column.map_or("", |c| c.spec().heading)))
        .collect()
}

/// A file that was read whole.
#[derive(Debug)]
pub struct Roster {
    pub sheets: Vec<SheetInfo>,
    pub rows: Vec<RawRow>,
    pub findings: Vec<Finding>,
}

pub fn read_within(bytes: &[u8], limits: &Limits) -> Result<Roster, FileError> {
    let mut rows = Vec::new();
    let layout = read(bytes, limits, Form::ROSTER, &mut |row| {
        rows.push(row);
        true
    })?;
    Ok(Roster { sheets: layout.sheets, rows, findings: layout.findings })
}

pub fn read_all(bytes: &[u8]) -> Result<Roster, String> {
    read_within(bytes, &Limits::default()).map_err(|e| e.code.code().to_owned())
}

/// A workbook of sheets of texts.
pub fn xlsx(sheets: &[(&str, Vec<Vec<String>>)]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (row, cells) in (0..).zip(rows) {
            for (column, text) in (0..).zip(cells) {
                if !text.is_empty() {
                    sheet.write_string(row, column, text).unwrap();
                }
            }
        }
    }
    workbook.save_to_buffer().unwrap()
}

/// The headings and the good applicant.
pub fn table() -> Vec<Vec<String>> {
    let (headings, cells): (Vec<_>, Vec<_>) =
        good().into_iter().map(|(column, value)| (column.spec().heading.to_owned(), value)).unzip();
    vec![headings, cells]
}

pub fn csv(rows: &[Vec<String>]) -> String {
    rows.iter().map(|row| row.join(",") + "\r\n").collect()
}
