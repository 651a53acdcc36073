//! The workbooks of the training desk: the empty one to fill in, and the report on one that was
//! sent, which can be corrected and sent again.

use chrono::NaiveDate;
use entities::enums::TrainingUploadKind;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};

use super::row::{Found, Staged, form};
use crate::imports::columns::{Column, REPORT_HEADINGS};
use crate::imports::reader::DATA_SHEET;
use crate::imports::report::Looks;
use crate::imports::template::{base, heading, properties};
use crate::platform::texts::Locale;

/// Widths of columns in characters.
const WIDTHS: [(Column, f64); 5] = [
    (Column::Name, 14.0),
    (Column::IdNumber, 23.0),
    (Column::Agency, 34.0),
    (Column::Attended, 12.0),
    (Column::Score, 12.0),
];

fn title(kind: TrainingUploadKind) -> &'static str {
    match kind {
        TrainingUploadKind::Attendance => "参训名单",
        TrainingUploadKind::Candidates => "考试报名名单",
        TrainingUploadKind::Results => "考试成绩单",
    }
}

/// The empty workbook for a session or sitting, whose name and terms `about` tells.
pub(super) fn template(
    kind: TrainingUploadKind,
    about: &str,
    today: NaiveDate,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(title(kind), today)?);
    guide(workbook.add_worksheet(), kind, about)?;
    let sheet = workbook.add_worksheet().set_name(DATA_SHEET)?;
    headings(sheet, kind)?;
    workbook.save_to_buffer()
}

fn guide(sheet: &mut Worksheet, kind: TrainingUploadKind, about: &str) -> Result<(), XlsxError> {
    sheet.set_name("填写说明")?;
    sheet.set_column_width(0, 20)?.set_column_width(1, 14)?.set_column_width(2, 90)?;
    let text = base().set_text_wrap();
    let bold = base().set_bold().set_font_size(16);
    sheet.write_string_with_format(0, 0, title(kind), &bold)?;
    sheet.merge_range(1, 0, 1, 2, about, &text)?;
    let rule = "请在“人员”表中填写，每人一行，不要改动表头。身份证号以文本格式填写。采用之前系统逐行核对；更正后可以重新上传，重复上传不会重复计算。";
    sheet.merge_range(2, 0, 2, 2, rule, &text)?;
    sheet.set_row_height(2, 36)?;
    let form = form(kind);
    for (row, column) in (4..).zip(form.columns) {
        let need = if form.requires(*column) { "必填" } else { "选填" };
        let spec = column.spec();
        sheet.write_string_with_format(row, 0, spec.heading, &heading(Some(form.need(*column))))?;
        sheet.write_string_with_format(row, 1, need, &text)?;
        let description = match column {
            Column::Agency => "用于核对，以登记的机关为准。",
            _ => spec.description,
        };
        sheet.write_string_with_format(row, 2, description, &text)?;
    }
    Ok(())
}

/// Writes the headings with widths and text format; answers how many.
fn headings(sheet: &mut Worksheet, kind: TrainingUploadKind) -> Result<u16, XlsxError> {
    let text = base().set_num_format("@");
    let (form, mut next) = (form(kind), 0);
    for column in form.columns {
        let width = WIDTHS.iter().find(|(c, _)| c == column).map_or(16.0, |(_, width)| *width);
        let spec = column.spec();
        sheet.set_column_width(next, width)?.set_column_format(next, &text)?;
        let format = heading(Some(form.need(*column)));
        sheet.write_string_with_format(0, next, spec.heading, &format)?;
        next += 1;
    }
    sheet.set_freeze_panes(1, 1)?;
    Ok(next)
}

/// The report: the rows as they were read, with what was found and what became of them.
pub(super) fn report(
    kind: TrainingUploadKind,
    rows: &[(Staged, &'static str)],
    today: NaiveDate,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(&format!("{}核对结果", title(kind)), today)?);
    let sheet = workbook.add_worksheet().set_name(DATA_SHEET)?;
    let first = headings(sheet, kind)?;
    for ((place, name), width) in (first..).zip(REPORT_HEADINGS).zip([18.0, 14.0, 60.0, 60.0]) {
        sheet.set_column_width(place, width)?;
        sheet.write_string_with_format(0, place, name, &heading(None))?;
    }
    let (looks, wrapped) = (Looks::of_reports(), base().set_text_wrap());
    for (line, (staged, outcome)) in (1..).zip(rows) {
        for (place, column) in (0..).zip(form(kind).columns) {
            let of_column = staged.found.iter().filter(|f| f.column == Some(*column));
            let worst = of_column.map(|f| f.severity).min();
            looks.write(sheet, (line, place), staged.raw.cells.get(column), worst)?;
        }
        let position = format!("{} {}", staged.raw.sheet, staged.raw.row);
        sheet.write_string_with_format(line, first, position, &base())?;
        sheet.write_string_with_format(line, first + 1, *outcome, &base())?;
        for (place, locale) in [(first + 2, Locale::ZhCn), (first + 3, Locale::En)] {
            let texts = texts(&staged.found, locale);
            sheet.write_string_with_format(line, place, texts, &wrapped)?;
        }
    }
    workbook.save_to_buffer()
}

fn texts(found: &[Found], locale: Locale) -> String {
    let line = |found: &Found| {
        let heading = found.column.map_or("", |column| column.spec().heading);
        match locale {
            Locale::ZhCn if heading.is_empty() => found.zh_cn.clone(),
            Locale::ZhCn => format!("{heading}：{}", found.zh_cn),
            Locale::En => format!("{} {heading}: {}", found.code, found.en),
        }
    };
    found.iter().map(line).collect::<Vec<_>>().join("\n").chars().take(30_000).collect()
}
