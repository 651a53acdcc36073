//! The empty workbook that is handed out: 填写说明, 人员 and 字典.

use super::cells::choices;
use super::columns::{Column, Need};
use super::reader::{DATA_SHEET, Limits};
use super::row::Entry;
use chrono::{Datelike, NaiveDate};
use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, DataValidationRule, DocProperties,
    ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};

/// What the sheet 字典 lists beside the enumerations.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    /// The fields of enforcement.
    pub fields: Vec<Entry>,
    /// The divisions.
    pub divisions: Vec<Entry>,
    /// The agencies: the code is the unified social credit code.
    pub agencies: Vec<Entry>,
}

/// The colour of writing.
pub const INK: Color = Color::RGB(0x0026_3238);
const REQUIRED: Color = Color::RGB(0x00F8_D7C4);
const CONDITIONAL: Color = Color::RGB(0x00FB_EFC6);
const OPTIONAL: Color = Color::RGB(0x00E3_ECF3);

/// The template as the bytes of an `.xlsx` file, dated `today`.
///
/// # Errors
/// Where the workbook cannot be written, which would be a fault of ours.
pub fn workbook(dictionary: &Dictionary, today: NaiveDate) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    workbook.set_properties(&properties("行政执法人员名册（模板）", today)?);
    guide(workbook.add_worksheet())?;
    people(workbook.add_worksheet(), dictionary)?;
    lists(workbook.add_worksheet(), dictionary)?;
    workbook.save_to_buffer()
}

/// Properties with the day that was passed in, so that equal content gives equal bytes.
///
/// # Errors
/// Where the day is none of a spreadsheet's.
pub fn properties(title: &str, today: NaiveDate) -> Result<DocProperties, XlsxError> {
    let part = |n: u32| u8::try_from(n).unwrap_or(1);
    let year = u16::try_from(today.year()).unwrap_or(1970);
    let day = ExcelDateTime::from_ymd(year, part(today.month()), part(today.day()))?;
    Ok(DocProperties::new().set_title(title).set_creation_datetime(&day))
}

/// The light style of all sheets.
pub fn base() -> Format {
    Format::new().set_font_name("宋体").set_font_size(11).set_align(FormatAlign::VerticalCenter)
}

/// A heading in the colour of its need.
pub fn heading(need: Option<Need>) -> Format {
    let colour = match need {
        Some(Need::Required) => REQUIRED,
        Some(Need::Conditional) => CONDITIONAL,
        Some(Need::Optional) | None => OPTIONAL,
    };
    base()
        .set_bold()
        .set_font_color(INK)
        .set_background_color(colour)
        .set_align(FormatAlign::Center)
        .set_border_bottom(FormatBorder::Thin)
        .set_text_wrap()
}

/// How wide a column is, in characters.
pub(super) fn width(column: Column) -> f64 {
    match column {
        Column::IdNumber | Column::Uscc | Column::Photo | Column::PriorNumber => 23.0,
        Column::Agency | Column::PriorIssuer | Column::Fields => 30.0,
        Column::Standing | Column::MinistryCertificate | Column::Remarks => 24.0,
        Column::Gender => 7.0,
        _ => 16.0,
    }
}

const RULES: &[&str] = &[
    "一、请在“人员”表中填写，每人一行；不要改动表头文字，列的顺序可以调整，不要合并单元格。",
    "二、表头颜色：橙色为必填，黄色为特定人员必填，蓝色为选填。",
    "三、“人员”表各列已设为文本格式。身份证号、统一社会信用代码、证件编号请勿改为数字格式，否则末几位会丢失。",
    "四、日期统一写成2026-03-05的形式。",
    "五、“不得申领情形”只填“无”或“字典”所列情形，不得填写处分事由、经过等内容；填写了的，系统不予保存并退回该行。",
    "六、本系统不采集民族、政治面貌、家庭住址，名册中有这些列的，一律不读取。",
    "七、照片另行打成一个ZIP压缩包，按身份证号或“照片文件名”与人员对应。",
    "八、导入前系统会逐行核对并给出核对结果；除空格、全角半角和小写x外，凡经系统更正的内容都会列出，由填报单位确认。",
];

fn guide(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("填写说明")?;
    let text = base().set_text_wrap();
    let title = base().set_bold().set_font_size(16).set_font_color(INK);
    sheet.set_column_width(0, 22)?.set_column_width(1, 14)?.set_column_width(2, 62)?;
    sheet.set_column_width(3, 46)?;
    sheet.write_string_with_format(0, 0, "行政执法人员名册填写说明", &title)?;
    sheet.set_row_height(0, 30)?;
    let mut row = 1;
    for rule in RULES {
        sheet.merge_range(row, 0, row, 3, rule, &text)?;
        sheet.set_row_height(row, 22)?;
        row += 1;
    }
    row += 1;
    for (place, name) in (0..).zip(["列名", "是否必填", "填写要求", "也可写作"]) {
        sheet.write_string_with_format(row, place, name, &heading(None))?;
    }
    for column in Column::ALL {
        row += 1;
        let spec = column.spec();
        let need = match spec.need {
            Need::Required => "必填",
            Need::Conditional => "特定人员必填",
            Need::Optional => "选填",
        };
        sheet.write_string_with_format(row, 0, spec.heading, &heading(Some(spec.need)))?;
        sheet.write_string_with_format(row, 1, need, &text)?;
        sheet.write_string_with_format(row, 2, spec.description, &text)?;
        sheet.write_string_with_format(row, 3, spec.synonyms.join("、"), &text)?;
    }
    Ok(())
}

/// The place of a column in the template, from 0.
pub(super) fn place(column: Column) -> u16 {
    (0..).zip(Column::ALL).find(|(_, c)| **c == column).map_or(0, |(place, _)| place)
}

/// Writes the headings of the sheet 人员 with widths, text format and a frozen first row.
pub(super) fn headings(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    let text = base().set_num_format("@");
    for column in Column::ALL {
        let spec = column.spec();
        sheet.set_column_width(place(*column), width(*column))?;
        sheet.set_column_format(place(*column), &text)?;
        sheet.write_string_with_format(
            0,
            place(*column),
            spec.heading,
            &heading(Some(spec.need)),
        )?;
    }
    sheet.set_row_height(0, 34)?;
    sheet.set_freeze_panes(1, 1)?;
    Ok(())
}

fn people(sheet: &mut Worksheet, dictionary: &Dictionary) -> Result<(), XlsxError> {
    sheet.set_name(DATA_SHEET)?;
    headings(sheet)?;
    let last = u32::try_from(Limits::default().rows).unwrap_or(100_000);
    let mut add = |column, validation: DataValidation| {
        sheet.add_data_validation(1, place(column), last, place(column), &validation).map(|_| ())
    };
    let words = |list: String| list.split('、').map(str::to_owned).collect::<Vec<_>>();
    let standings = std::iter::once("无").chain(choices::STANDINGS.iter().map(|(word, _)| *word));
    for (column, list) in [
        (Column::Gender, words(choices::GENDERS.list())),
        (Column::Kind, words(choices::KINDS.list())),
        (Column::Establishment, words(choices::ESTABLISHMENTS.list())),
        (Column::Duty, words(choices::DUTIES.list())),
        (Column::PriorState, words(choices::PRIOR_STATES.list())),
        (Column::Standing, standings.map(str::to_owned).collect()),
    ] {
        add(column, DataValidation::new().allow_list_strings(&list)?)?;
    }
    let eighteen = DataValidation::new()
        .allow_text_length(DataValidationRule::EqualTo(18))
        .set_error_style(DataValidationErrorStyle::Warning)
        .set_error_message("应为18位，请以文本格式填写。")?;
    add(Column::IdNumber, eighteen.clone())?;
    add(Column::Uscc, eighteen)?;
    if !dictionary.agencies.is_empty() {
        let end = dictionary.agencies.len() + 2;
        let list = DataValidation::new()
            .allow_list_formula(Formula::new(format!("=字典!$H$3:$H${end}")))
            .set_error_style(DataValidationErrorStyle::Warning)
            .set_error_message("不在字典所列机关之中，请核对全称。")?;
        add(Column::Agency, list)?;
    }
    Ok(())
}

fn lists(sheet: &mut Worksheet, dictionary: &Dictionary) -> Result<(), XlsxError> {
    sheet.set_name("字典")?;
    let text = base().set_num_format("@");
    let head = heading(None);
    let mut at = 0;
    for (title, entries, wide) in [
        ("执法领域", &dictionary.fields, 26.0),
        ("行政区划", &dictionary.divisions, 30.0),
        ("执法机关（代码为统一社会信用代码）", &dictionary.agencies, 40.0),
    ] {
        sheet.merge_range(0, at, 0, at + 1, title, &head)?;
        sheet.write_string_with_format(1, at, "代码", &head)?;
        sheet.write_string_with_format(1, at + 1, "名称", &head)?;
        sheet.set_column_width(at, 22)?.set_column_width(at + 1, wide)?;
        for (row, entry) in (2..).zip(entries) {
            sheet.write_string_with_format(row, at, &entry.code, &text)?;
            sheet.write_string_with_format(row, at + 1, &entry.name, &text)?;
        }
        at += 3;
    }
    let standings: Vec<_> =
        std::iter::once("无").chain(choices::STANDINGS.iter().map(|(word, _)| *word)).collect();
    for (column, words) in [
        (Column::Kind, choices::KINDS.list()),
        (Column::Establishment, choices::ESTABLISHMENTS.list()),
        (Column::Duty, choices::DUTIES.list()),
        (Column::PriorState, choices::PRIOR_STATES.list()),
        (Column::Standing, standings.join("、")),
    ] {
        sheet.set_column_width(at, 22)?;
        sheet.write_string_with_format(0, at, column.spec().heading, &head)?;
        for (row, word) in (1..).zip(words.split('、')) {
            sheet.write_string_with_format(row, at, word, &text)?;
        }
        at += 1;
    }
    sheet.set_freeze_panes(2, 0)?;
    Ok(())
}
