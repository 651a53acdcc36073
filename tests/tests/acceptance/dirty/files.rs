//! The dirty roster as files: a workbook as offices send it, and the same rows as CSV.

use rust_xlsxwriter::{Format, Formula, Image, Workbook, Worksheet};

use super::row::{Cell, Row};

/// A column of the first sheet: the upper heading, the lower one where there are two, and the
/// column of the roster that it is; none for what is read over.
type Column = (&'static str, &'static str, Option<&'static str>);

/// The first sheet: another order than the template's, synonyms, two rows of headings, and columns
/// that nobody asked for.
const FIRST: [Column; 32] = [
    ("序号", "", None),
    ("单位代码", "", Some("统一社会信用代码")),
    ("工作单位（全称）", "", Some("所属机关全称")),
    ("科 室", "", Some("内设机构")),
    ("持证人", "", Some("姓名")),
    ("性别", "", Some("性别")),
    ("民族", "", None),
    ("政治面貌", "", None),
    ("家庭住址", "", None),
    ("公民身份号码", "", Some("身份证号")),
    ("身份", "", Some("人员类别")),
    ("编制性质", "", Some("编制类型")),
    ("人员状态", "", Some("在岗状态")),
    ("职务", "", Some("职务、职级")),
    ("业务领域*", "", Some("执法领域")),
    ("辖区", "", Some("执法区域")),
    ("联系方式", "", Some("手机号")),
    ("综合法律考试", "成绩", Some("公共法律考试成绩")),
    ("", "日期", Some("公共法律考试日期")),
    ("专业法律考试", "成绩", Some("专业法律考试成绩")),
    ("", "日期", Some("专业法律考试日期")),
    ("课时", "", Some("本年培训学时")),
    ("证号", "", Some("原证件编号")),
    ("发证单位", "", Some("原发证机关")),
    ("发证日期", "", Some("原发证日期")),
    ("有效期", "", Some("有效期至")),
    ("证件状态", "", Some("原证件状态")),
    ("其他证件", "", Some("部委证件")),
    ("处分情况", "", Some("不得申领情形")),
    ("照片", "", Some("照片文件名")),
    ("血型", "", None),
    ("备注", "", Some("备注")),
];

/// What stands in the columns that are read over.
const READ_OVER: [(&str, &str); 4] =
    [("民族", "裕固族"), ("政治面貌", "中共党员"), ("家庭住址", "某路七号"), ("血型", "RH阴性")];

/// Names of the sheets.
pub const SHEETS: [&str; 3] = ["一大队", "二大队", "统计"];

/// The row of the first person on the first sheet and on the second, from 1.
pub const FIRST_ROWS: [u32; 2] = [6, 2];

/// Where the headings are printed again, as on each page of long files: after so many people.
pub const REPEATED_AFTER: usize = 20;

/// The row, from 1, of each person of the first sheet: a blank row and the two rows of headings
/// stand after the first [`REPEATED_AFTER`].
pub fn first_sheet_row(person: usize) -> u32 {
    let between = if person >= REPEATED_AFTER { 3 } else { 0 };
    FIRST_ROWS[0] + u32::try_from(person).unwrap() + between
}

/// The text of a column that is no column of the roster, or the cell that the row has.
fn cell(column: &Column, row: &Row, number: usize) -> Option<Cell> {
    let (heading, _, known) = column;
    match known {
        Some(known) => row.cells.get(known).cloned(),
        None if *heading == "序号" => Some(number.to_string().into()),
        None => READ_OVER.iter().find(|(h, _)| h == heading).map(|(_, text)| (*text).into()),
    }
}

/// The workbook: titles, two rows of headings, merged units, pictures, a hidden row, footers, a
/// second sheet in another order and a third that is no roster.
pub fn workbook(first: &[Row], second: &[Row]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let plain = Format::new();
    let sheet = workbook.add_worksheet().set_name(SHEETS[0]).unwrap();
    let last = u16::try_from(FIRST.len()).unwrap() - 1;
    sheet.merge_range(0, 0, 0, last, "兰州市行政执法人员名册", &plain).unwrap();
    sheet.write_string(1, 0, "填报单位：兰州市司法局　　填报日期：2026年3月").unwrap();
    headings(sheet, 3);
    for (number, row) in first.iter().enumerate() {
        let line = first_sheet_row(number) - 1;
        for (place, column) in (0..).zip(&FIRST) {
            if let Some(cell) = cell(column, row, number + 1) {
                write(sheet, line, place, &cell);
            }
        }
    }
    headings(sheet, first_sheet_row(REPEATED_AFTER) - 3);
    merge_units(sheet, first);
    let below = first_sheet_row(first.len());
    sheet.write_string(below, 0, "合计").unwrap();
    sheet.write_string(below, 4, format!("{}人", first.len())).unwrap();
    let footer = "填表人：王五　　审核人：赵六　　填表日期：2026.3.5";
    sheet.merge_range(below + 1, 0, below + 1, last, footer, &plain).unwrap();

    let sheet = workbook.add_worksheet().set_name(SHEETS[1]).unwrap();
    let columns = second_columns();
    for (place, heading) in (0..).zip(&columns) {
        sheet.write_string(0, place, *heading).unwrap();
        for (line, row) in (1..).zip(second) {
            if let Some(cell) = row.cells.get(heading) {
                write(sheet, line, place, cell);
            }
        }
    }
    for (line, _) in (1..).zip(second).filter(|(_, row)| row.hidden) {
        sheet.set_row_hidden(line).unwrap();
    }
    let sheet = workbook.add_worksheet().set_name(SHEETS[2]).unwrap();
    sheet.write_string(0, 0, "单位数").unwrap();
    sheet.write_number(0, 1, 3).unwrap();
    workbook.save_to_buffer().unwrap()
}

/// The headings of the second sheet: the canonical ones, the last first.
fn second_columns() -> Vec<&'static str> {
    FIRST.iter().rev().filter_map(|(_, _, known)| *known).filter(|c| *c != "备注").collect()
}

/// Two rows of headings: those over two columns are merged along, all others down.
fn headings(sheet: &mut Worksheet, top: u32) {
    let plain = Format::new();
    for (place, (upper, lower, _)) in (0..).zip(&FIRST) {
        if lower.is_empty() {
            sheet.merge_range(top, place, top + 1, place, upper, &plain).unwrap();
        } else {
            if !upper.is_empty() {
                sheet.merge_range(top, place, top, place + 1, upper, &plain).unwrap();
            }
            sheet.write_string(top + 1, place, *lower).unwrap();
        }
    }
}

/// Merges unit and code over the rows that take them from above.
fn merge_units(sheet: &mut Worksheet, rows: &[Row]) {
    let plain = Format::new();
    let begins = (1..rows.len()).filter(|at| rows[*at].merged && !rows[*at - 1].merged);
    for begin in begins {
        let height = rows[begin..].iter().take_while(|row| row.merged).count();
        let (top, bottom) =
            (first_sheet_row(begin - 1) - 1, first_sheet_row(begin + height - 1) - 1);
        for heading in ["所属机关全称", "统一社会信用代码"] {
            let place = FIRST.iter().position(|(_, _, known)| *known == Some(heading)).unwrap();
            let place = u16::try_from(place).unwrap();
            let Cell::Text(text) = &rows[begin - 1].cells[heading] else { panic!("a text") };
            sheet.merge_range(top, place, bottom, place, text, &plain).unwrap();
        }
    }
}

fn write(sheet: &mut Worksheet, line: u32, place: u16, cell: &Cell) {
    match cell {
        Cell::Text(text) if text.starts_with('=') => {
            sheet.write_formula(line, place, Formula::new("=\"\"").set_result(text)).unwrap();
        }
        Cell::Text(text) => {
            sheet.write_string(line, place, text).unwrap();
        }
        Cell::Number(number) => {
            sheet.write_number(line, place, *number).unwrap();
        }
        Cell::Day(number, _) => {
            let format = Format::new().set_num_format("yyyy-mm-dd");
            sheet.write_number_with_format(line, place, *number, &format).unwrap();
        }
        Cell::PictureOver => {
            let image = Image::new_from_buffer(&crate::roster::portrait()).unwrap();
            sheet.insert_image(line, place, &image).unwrap();
        }
        Cell::PictureIn => {
            let image = Image::new_from_buffer(&crate::roster::portrait()).unwrap();
            sheet.embed_image(line, place, &image).unwrap();
        }
    }
}

/// The first sheet as a spreadsheet saves it as CSV.
pub fn csv(rows: &[Row]) -> String {
    let width = FIRST.len();
    let mut lines = vec![vec![String::new(); width]; 3];
    lines[0][0] = "兰州市行政执法人员名册".to_owned();
    lines[1][0] = "填报单位：兰州市司法局　　填报日期：2026年3月".to_owned();
    let head = |text: fn(&Column) -> &'static str| -> Vec<String> {
        FIRST.iter().map(|column| text(column).to_owned()).collect()
    };
    let heads = [head(|(upper, _, _)| upper), head(|(_, lower, _)| lower)];
    lines.extend(heads.clone());
    for (number, row) in rows.iter().enumerate() {
        if number == REPEATED_AFTER {
            lines.push(vec![String::new(); width]);
            lines.extend(heads.clone());
        }
        let cells = FIRST.iter().map(|column| cell(column, row, number + 1));
        lines.push(cells.map(|cell| cell.map_or_else(String::new, |c| c.in_csv())).collect());
    }
    lines.push(vec![String::new(); width]);
    for text in ["合计", "填表人：王五　　审核人：赵六　　填表日期：2026.3.5"]
    {
        let mut line = vec![String::new(); width];
        line[0] = text.to_owned();
        lines.push(line);
    }
    lines
        .iter()
        .map(|line| line.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(",") + "\r\n")
        .collect()
}

/// A field, in quotes where it needs them.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
