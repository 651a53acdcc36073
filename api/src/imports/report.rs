//! The report on a file as a workbook: the rows as they were read, with what was found, so that
//! it can be corrected and sent again. Only columns of the roster come back; what was read over
//! or withheld is not in it.

use super::cells::CellValue;
use super::columns::{Column, REPORT_HEADINGS};
use super::findings::{Finding, FindingCode, Severity};
use super::reader::{DATA_SHEET, RawRow};
use super::template;
use crate::platform::texts::Locale;
use chrono::NaiveDate;
use rust_xlsxwriter::{Color, Format, Note, Workbook, Worksheet, XlsxError};
use std::collections::BTreeMap;

/// Comments on cells; beyond this the column 问题 alone says it, spreadsheets slow down otherwise.
const MAX_NOTES: usize = 5_000;

const ERROR: Color = Color::RGB(0x00F6_B9B0);
const CONFIRM: Color = Color::RGB(0x00FC_E8A6);

/// A report that is being written. Rows go to a temporary file as they come, so that a province's
/// worth of them takes little memory.
pub struct Report {
    workbook: Workbook,
    formats: Formats,
    line: u32,
    notes: usize,
    tally: Tally,
}

/// The looks of cells, made once.
struct Formats {
    plain: Format,
    wrapped: Format,
    cells: Looks,
}

/// The looks of cells as they were read.
pub struct Looks {
    number: Shades,
    text: Shades,
}

impl Looks {
    /// Those of every report.
    pub fn of_reports() -> Self {
        let plain = template::base();
        Self { text: Shades::of(plain.clone().set_num_format("@")), number: Shades::of(plain) }
    }

    /// Writes a cell as it was read, in the shade of the worst that was found in it. A date is
    /// written in the form that is asked for.
    ///
    /// # Errors
    /// Where it cannot be written, such as one row more than a sheet has.
    pub fn write(
        &self,
        sheet: &mut Worksheet,
        (row, place): (u32, u16),
        value: Option<&CellValue>,
        worst: Option<Severity>,
    ) -> Result<(), XlsxError> {
        let number = matches!(value, Some(CellValue::Number(_)));
        let shades = if number { &self.number } else { &self.text };
        let format = shades.get(worst);
        match value {
            Some(CellValue::Text(text) | CellValue::Error(text)) => {
                sheet.write_string_with_format(row, place, text, format)?
            }
            Some(CellValue::Number(number)) => {
                sheet.write_number_with_format(row, place, *number, format)?
            }
            Some(CellValue::Date(date)) => {
                sheet.write_string_with_format(row, place, date.to_string(), format)?
            }
            Some(CellValue::TooLong | CellValue::Withheld) | None => {
                sheet.write_blank(row, place, format)?
            }
        };
        Ok(())
    }
}

/// A cell with nothing to say, with something to confirm, with an error.
struct Shades {
    fine: Format,
    confirm: Format,
    error: Format,
}

impl Shades {
    fn of(fine: Format) -> Self {
        Self {
            confirm: fine.clone().set_background_color(CONFIRM),
            error: fine.clone().set_background_color(ERROR),
            fine,
        }
    }

    fn get(&self, worst: Option<Severity>) -> &Format {
        match worst {
            Some(Severity::Error) => &self.error,
            Some(Severity::Confirm) => &self.confirm,
            Some(Severity::Warning) | None => &self.fine,
        }
    }
}

/// What the sheet 汇总 tells.
#[derive(Default)]
struct Tally {
    outcomes: BTreeMap<&'static str, u32>,
    /// How often, with the first case.
    codes: BTreeMap<(Severity, FindingCode), (u32, Finding)>,
}

impl Tally {
    fn add(&mut self, finding: &Finding) {
        let key = (finding.severity, finding.code);
        self.codes.entry(key).or_insert_with(|| (0, finding.clone())).0 += 1;
    }
}

impl Report {
    /// A report without rows yet, dated `today`.
    ///
    /// # Errors
    /// Where no temporary file can be made.
    pub fn begin(today: NaiveDate) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(&template::properties("行政执法人员名册核对结果", today)?);
        let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(DATA_SHEET)?;
        template::headings(sheet)?;
        let places = first_of_ours()..;
        for ((place, title), width) in places.zip(REPORT_HEADINGS).zip([18.0, 14.0, 70.0, 70.0]) {
            sheet.set_column_width(place, width)?;
            sheet.write_string_with_format(0, place, title, &template::heading(None))?;
        }
        let plain = template::base();
        let formats =
            Formats { wrapped: plain.clone().set_text_wrap(), cells: Looks::of_reports(), plain };
        Ok(Self { workbook, formats, line: 0, notes: 0, tally: Tally::default() })
    }

    /// Adds a row: its cells as they were read, with what was found in it.
    ///
    /// # Errors
    /// Where it cannot be written, such as one row more than a sheet has.
    pub fn row(&mut self, raw: &RawRow, findings: &[Finding]) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        self.line += 1;
        let line = self.line;
        for column in Column::ALL {
            let worst = worst(findings, *column);
            let value = raw.cells.get(column);
            if worst.is_none() && value.is_none() {
                continue;
            }
            let place = template::place(*column);
            self.formats.cells.write(sheet, (line, place), value, worst.map(|f| f.severity))?;
            if let Some(finding) = worst.filter(|f| f.severity != Severity::Warning)
                && self.notes < MAX_NOTES
            {
                self.notes += 1;
                let note = Note::new(finding.text(Locale::ZhCn)).add_author_prefix(false);
                sheet.insert_note(line, place, &note)?;
            }
        }
        let first = first_of_ours();
        let outcome = outcome(findings);
        let position = format!("{} {}", raw.sheet, raw.row);
        sheet.write_string_with_format(line, first, position, &self.formats.plain)?;
        sheet.write_string_with_format(line, first + 1, outcome, &self.formats.plain)?;
        if !findings.is_empty() {
            let wrapped = &self.formats.wrapped;
            let (zh_cn, en) = (texts(findings, Locale::ZhCn), texts(findings, Locale::En));
            sheet.write_string_with_format(line, first + 2, zh_cn, wrapped)?;
            sheet.write_string_with_format(line, first + 3, en, wrapped)?;
        }
        *self.tally.outcomes.entry(outcome).or_default() += 1;
        for finding in findings {
            self.tally.add(finding);
        }
        Ok(())
    }

    /// The bytes of an `.xlsx` file. `file_findings` concern no row.
    ///
    /// # Errors
    /// Where the workbook cannot be written.
    pub fn finish(mut self, file_findings: &[Finding]) -> Result<Vec<u8>, XlsxError> {
        for finding in file_findings {
            self.tally.add(finding);
        }
        summary(self.workbook.add_worksheet(), &self.tally)?;
        self.workbook.save_to_buffer()
    }
}

/// The first column that the report adds.
fn first_of_ours() -> u16 {
    u16::try_from(Column::ALL.len()).unwrap_or(u16::MAX)
}

/// What was found in a row, a line each.
fn texts(findings: &[Finding], locale: Locale) -> String {
    let lines = findings.iter().map(|f| match locale {
        Locale::ZhCn => format!("{}：{}", place_of(f), f.text(locale)),
        Locale::En => format!("{} {}: {}", f.code.code(), place_of(f), f.text(locale)),
    });
    // A cell holds 32,767 characters at most.
    lines.collect::<Vec<_>>().join("\n").chars().take(30_000).collect()
}

/// The outcome of a row in words.
fn outcome(findings: &[Finding]) -> &'static str {
    match findings.iter().map(|f| f.severity).min() {
        Some(Severity::Error) => "需更正",
        Some(Severity::Confirm) => "待确认",
        Some(Severity::Warning) => "通过（有提示）",
        None => "通过",
    }
}

fn place_of(finding: &Finding) -> &'static str {
    finding.column.map_or("", |c| c.spec().heading)
}

fn worst(findings: &[Finding], column: Column) -> Option<&Finding> {
    findings.iter().filter(|f| f.column == Some(column)).min_by_key(|f| f.severity)
}

fn summary(sheet: &mut Worksheet, tally: &Tally) -> Result<(), XlsxError> {
    sheet.set_name("汇总")?;
    let plain = template::base().set_text_wrap();
    for (place, width) in (0..).zip([28.0, 10.0, 10.0, 70.0, 70.0]) {
        sheet.set_column_width(place, width)?;
    }
    let head = template::heading(None);
    sheet.write_string_with_format(0, 0, "结果", &head)?;
    sheet.write_string_with_format(0, 1, "行数", &head)?;
    let mut line = 1;
    for (name, count) in &tally.outcomes {
        sheet.write_string_with_format(line, 0, *name, &plain)?;
        sheet.write_number_with_format(line, 1, *count, &plain)?;
        line += 1;
    }
    line += 1;
    for (place, title) in (0..).zip(["代码", "程度", "数量", "首例", "First case"]) {
        sheet.write_string_with_format(line, place, title, &head)?;
    }
    for ((severity, code), (count, example)) in &tally.codes {
        line += 1;
        let severity = match severity {
            Severity::Error => "错误",
            Severity::Confirm => "待确认",
            Severity::Warning => "提示",
        };
        sheet.write_string_with_format(line, 0, code.code(), &plain)?;
        sheet.write_string_with_format(line, 1, severity, &plain)?;
        sheet.write_number_with_format(line, 2, *count, &plain)?;
        sheet.write_string_with_format(line, 3, example.text(Locale::ZhCn), &plain)?;
        sheet.write_string_with_format(line, 4, example.text(Locale::En), &plain)?;
    }
    Ok(())
}
