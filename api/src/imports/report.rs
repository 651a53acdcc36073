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

/// A row of the report.
#[derive(Clone, Copy)]
pub struct ReportRow<'a> {
    /// The row as it was read.
    pub raw: &'a RawRow,
    /// What was found in it.
    pub findings: &'a [Finding],
}

/// Comments on cells; beyond this the column 问题 alone says it, spreadsheets slow down otherwise.
const MAX_NOTES: usize = 5_000;

const ERROR: Color = Color::RGB(0x00F6_B9B0);
const CONFIRM: Color = Color::RGB(0x00FC_E8A6);

/// The report as the bytes of an `.xlsx` file, dated `today`. `file_findings` concern no row.
///
/// # Errors
/// Where the workbook cannot be written, such as with more rows than a sheet has.
pub fn workbook(
    rows: &[ReportRow<'_>],
    file_findings: &[Finding],
    today: NaiveDate,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&template::properties("行政执法人员名册核对结果", today)?);
    people(workbook.add_worksheet(), rows)?;
    let all = file_findings.iter().chain(rows.iter().flat_map(|r| r.findings));
    summary(workbook.add_worksheet(), rows, all)?;
    workbook.save_to_buffer()
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

fn people(sheet: &mut Worksheet, rows: &[ReportRow<'_>]) -> Result<(), XlsxError> {
    sheet.set_name(DATA_SHEET)?;
    template::headings(sheet)?;
    let first = u16::try_from(Column::ALL.len()).unwrap_or(u16::MAX);
    for ((place, title), width) in (first..).zip(REPORT_HEADINGS).zip([18.0, 14.0, 70.0, 70.0]) {
        sheet.set_column_width(place, width)?;
        sheet.write_string_with_format(0, place, title, &template::heading(None))?;
    }
    let plain = template::base();
    let text = plain.clone().set_num_format("@");
    let wrapped = plain.clone().set_text_wrap();
    let mut notes = 0;
    for (line, row) in (1..).zip(rows) {
        for column in Column::ALL {
            let worst = worst(row.findings, *column);
            let value = row.raw.cells.get(column);
            if worst.is_none() && value.is_none() {
                continue;
            }
            let number = matches!(value, Some(CellValue::Number(_)));
            let format = if number { &plain } else { &text };
            let format = match worst.map(|f| f.severity) {
                Some(Severity::Error) => format.clone().set_background_color(ERROR),
                Some(Severity::Confirm) => format.clone().set_background_color(CONFIRM),
                Some(Severity::Warning) | None => format.clone(),
            };
            write(sheet, line, template::place(*column), value, &format)?;
            if let Some(finding) = worst.filter(|f| f.severity != Severity::Warning)
                && notes < MAX_NOTES
            {
                notes += 1;
                let note = Note::new(finding.text(Locale::ZhCn)).add_author_prefix(false);
                sheet.insert_note(line, template::place(*column), &note)?;
            }
        }
        let texts = |locale| {
            let lines = row.findings.iter().map(|f| match locale {
                Locale::ZhCn => format!("{}：{}", place_of(f), f.text(locale)),
                Locale::En => format!("{} {}: {}", f.code.code(), place_of(f), f.text(locale)),
            });
            // A cell holds 32,767 characters at most.
            lines.collect::<Vec<_>>().join("\n").chars().take(30_000).collect::<String>()
        };
        let position = format!("{} {}", row.raw.sheet, row.raw.row);
        sheet.write_string_with_format(line, first, position, &plain)?;
        sheet.write_string_with_format(line, first + 1, outcome(row.findings), &plain)?;
        sheet.write_string_with_format(line, first + 2, texts(Locale::ZhCn), &wrapped)?;
        sheet.write_string_with_format(line, first + 3, texts(Locale::En), &wrapped)?;
    }
    Ok(())
}

fn place_of(finding: &Finding) -> &'static str {
    finding.column.map_or("", |c| c.spec().heading)
}

fn worst(findings: &[Finding], column: Column) -> Option<&Finding> {
    findings.iter().filter(|f| f.column == Some(column)).min_by_key(|f| f.severity)
}

/// Writes a cell as it was. A date is written in the form that is asked for.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    place: u16,
    value: Option<&CellValue>,
    format: &Format,
) -> Result<(), XlsxError> {
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

fn summary<'a>(
    sheet: &mut Worksheet,
    rows: &[ReportRow<'_>],
    findings: impl Iterator<Item = &'a Finding>,
) -> Result<(), XlsxError> {
    sheet.set_name("汇总")?;
    let plain = template::base().set_text_wrap();
    let mut outcomes: BTreeMap<&str, u32> = BTreeMap::new();
    for row in rows {
        *outcomes.entry(outcome(row.findings)).or_default() += 1;
    }
    let mut codes: BTreeMap<(Severity, FindingCode), (u32, &Finding)> = BTreeMap::new();
    for finding in findings {
        codes.entry((finding.severity, finding.code)).or_insert((0, finding)).0 += 1;
    }
    for (place, width) in (0..).zip([28.0, 10.0, 10.0, 70.0, 70.0]) {
        sheet.set_column_width(place, width)?;
    }
    let head = template::heading(None);
    sheet.write_string_with_format(0, 0, "结果", &head)?;
    sheet.write_string_with_format(0, 1, "行数", &head)?;
    let mut line = 1;
    for (name, count) in outcomes {
        sheet.write_string_with_format(line, 0, name, &plain)?;
        sheet.write_number_with_format(line, 1, count, &plain)?;
        line += 1;
    }
    line += 1;
    for (place, title) in (0..).zip(["代码", "程度", "数量", "首例", "First case"]) {
        sheet.write_string_with_format(line, place, title, &head)?;
    }
    for ((severity, code), (count, example)) in codes {
        line += 1;
        let severity = match severity {
            Severity::Error => "错误",
            Severity::Confirm => "待确认",
            Severity::Warning => "提示",
        };
        sheet.write_string_with_format(line, 0, code.code(), &plain)?;
        sheet.write_string_with_format(line, 1, severity, &plain)?;
        sheet.write_number_with_format(line, 2, count, &plain)?;
        sheet.write_string_with_format(line, 3, example.text(Locale::ZhCn), &plain)?;
        sheet.write_string_with_format(line, 4, example.text(Locale::En), &plain)?;
    }
    Ok(())
}
