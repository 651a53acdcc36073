//! Layouts of real files: titles, two-row headings, merged cells, footers, several sheets, CSV.

use super::{Roster, codes, csv, good, read_all, table, xlsx};
use crate::imports::cells::CellValue;
use crate::imports::columns::Column;
use encoding_rs::GB18030;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};

fn rows(roster: &Roster) -> Vec<(String, u32)> {
    roster.rows.iter().map(|r| (r.sheet.clone(), r.row)).collect()
}

fn text(roster: &Roster, row: usize, column: Column) -> Option<String> {
    roster.rows[row].cells.get(&column).map(|v| v.tidy().unwrap())
}

#[test]
fn csv_in_either_encoding_is_the_same() {
    let mut table = table();
    table.insert(0, vec![String::new()]);
    table[2][0] = "\"张\n三\"".to_owned();
    let mut second = table[2].clone();
    second[0] = "李四".to_owned();
    table.push(second);
    let utf8 = csv(&table);
    let plain = read_all(utf8.as_bytes()).unwrap();
    // The blank line is a row; the line break within the name is none.
    assert_eq!(rows(&plain), [("CSV".to_owned(), 3), ("CSV".to_owned(), 4)]);
    let marked = read_all(format!("\u{feff}{utf8}").as_bytes()).unwrap();
    let gb = read_all(&GB18030.encode(&utf8).0).unwrap();
    let tabs = read_all(utf8.replace(',', "\t").as_bytes()).unwrap();
    for other in [marked, gb, tabs] {
        assert_eq!(other.rows, plain.rows);
    }
}

#[test]
fn titles_footers_blank_rows_and_repeated_headings_are_no_people() {
    let table = table();
    let line = |text: &str| vec![text.to_owned()];
    let rows_of = vec![
        line("甲市行政执法人员名册"),
        line("填报单位：甲市司法局"),
        table[0].clone(),
        table[1].clone(),
        line(""),
        table[0].clone(),
        table[1].clone(),
        line("合计：2人"),
        line("填表人：王五"),
    ];
    let roster = read_all(&xlsx(&[("Sheet1", rows_of)])).unwrap();
    assert_eq!(rows(&roster), [("Sheet1".to_owned(), 4), ("Sheet1".to_owned(), 7)]);
}

#[test]
fn headings_of_two_rows_that_are_printed_again_are_no_people() {
    let table = table();
    let width = table[0].len();
    let at = |heading: &str| table[0].iter().position(|h| h == heading).unwrap();
    let (mut upper, mut lower) = (table[0].clone(), vec![String::new(); width]);
    for (first, second, above) in [
        ("公共法律考试成绩", "公共法律考试日期", "公共法律考试"),
        ("专业法律考试成绩", "专业法律考试日期", "专业法律考试"),
    ] {
        upper[at(first)] = above.to_owned();
        upper[at(second)] = String::new();
        lower[at(first)] = "成绩".to_owned();
        lower[at(second)] = "日期".to_owned();
    }
    let person = &table[1];
    let rows_of = |page: [&Vec<String>; 3]| {
        let page = page.into_iter().cloned();
        page.clone().chain(page).collect::<Vec<_>>()
    };
    let roster = read_all(csv(&rows_of([&upper, &lower, person])).as_bytes()).unwrap();
    assert_eq!(rows(&roster), [("CSV".to_owned(), 3), ("CSV".to_owned(), 6)]);
    assert_eq!(text(&roster, 1, Column::PublicDate).as_deref(), Some("2026-03-05"));
    // A title comes again with its page too.
    let title = vec!["甲市行政执法人员名册".to_owned()];
    let roster = read_all(csv(&rows_of([&title, &table[0], person])).as_bytes()).unwrap();
    assert_eq!(rows(&roster), [("CSV".to_owned(), 3), ("CSV".to_owned(), 6)]);
}

#[test]
fn every_sheet_with_headings_is_read_unless_one_is_the_templates() {
    let other = vec![vec!["目录".to_owned()]];
    let unread = |roster: &Roster| -> Vec<(&'static str, String)> {
        roster.findings.iter().map(|f| (f.code.code(), f.sheet.clone())).collect()
    };
    let said = |sheet: &str| ("SHEET_NOT_READ", sheet.to_owned());
    let mut without_id = table();
    let place = good().iter().position(|(c, _)| *c == Column::IdNumber).unwrap();
    for row in &mut without_id {
        row.remove(place);
    }
    let sheets = [
        ("目录", other),
        ("一科", table()),
        ("二科", table()),
        ("空", vec![]),
        ("无证号", without_id),
    ];
    let roster = read_all(&xlsx(&sheets)).unwrap();
    assert_eq!(rows(&roster), [("一科".to_owned(), 2), ("二科".to_owned(), 2)]);
    assert_eq!(unread(&roster), [said("目录"), said("无证号")], "nothing is left out unsaid");
    let dictionary = vec![vec!["行政".to_owned()]];
    let sheets = [("一科", table()), ("人员", table()), ("字典", dictionary), ("Sheet3", vec![])];
    let roster = read_all(&xlsx(&sheets)).unwrap();
    assert_eq!(rows(&roster), [("人员".to_owned(), 2)]);
    assert_eq!(unread(&roster), [said("一科")]);
}

#[test]
fn headings_of_two_rows_and_merged_units() {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let plain = Format::new();
    let exams = [
        Column::PublicScore,
        Column::PublicDate,
        Column::ProfessionalScore,
        Column::ProfessionalDate,
    ];
    let mut place = 0;
    for (column, value) in good() {
        if exams.contains(&column) {
            continue;
        }
        sheet
            .merge_range(0, place, 1, place, &format!("{}*", column.spec().heading), &plain)
            .unwrap();
        if column == Column::Agency {
            sheet.merge_range(2, place, 3, place, &value, &plain).unwrap();
        } else if column == Column::Phone {
            sheet.merge_range(2, place, 4, place, &value, &plain).unwrap();
        } else {
            for row in 2..5 {
                sheet.write_string(row, place, &value).unwrap();
            }
        }
        place += 1;
    }
    sheet.merge_range(0, place, 0, place + 1, "公共法律考试", &plain).unwrap();
    sheet.merge_range(0, place + 2, 0, place + 3, "专业法律考试", &plain).unwrap();
    for (offset, title) in (0..).zip(["成绩", "日期", "成绩", "日期"]) {
        sheet.write_string(1, place + offset, title).unwrap();
    }
    sheet.write_formula(2, place, Formula::new("=80+5.5").set_result("85.5")).unwrap();
    let date = ExcelDateTime::from_ymd(2026, 3, 5).unwrap();
    let format = Format::new().set_num_format("yyyy-mm-dd");
    sheet.write_datetime_with_format(2, place + 1, date, &format).unwrap();
    sheet.write_formula(2, place + 2, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    sheet.set_row_hidden(3).unwrap();
    let roster = read_all(&workbook.save_to_buffer().unwrap()).unwrap();

    assert_eq!(
        rows(&roster),
        [("Sheet1".to_owned(), 3), ("Sheet1".to_owned(), 4), ("Sheet1".to_owned(), 5)]
    );
    let cell = |column| roster.rows[0].cells.get(&column).cloned();
    assert_eq!(cell(Column::PublicScore), Some(CellValue::Number(85.5)));
    assert_eq!(cell(Column::PublicDate), Some(CellValue::Date(super::day("2026-03-05"))));
    assert_eq!(cell(Column::ProfessionalScore), Some(CellValue::Error("#DIV/0!".to_owned())));
    // The unit stands for the rows it is merged over, no further; a phone number never does.
    assert_eq!(text(&roster, 1, Column::Agency).as_deref(), Some("甲市市场监督管理局"));
    assert_eq!(roster.rows[1].merged, [Column::Agency]);
    assert_eq!(text(&roster, 2, Column::Agency), None);
    assert_eq!(text(&roster, 1, Column::Phone), None);
    assert_eq!(roster.sheets[0].letters(Column::PublicDate).as_deref(), Some("P"));
}

#[test]
fn what_is_never_stored_is_dropped_and_said() {
    let mut table = table();
    for (title, value) in [
        ("序号", "1"),
        ("民族", "回"),
        ("政治面貌", "群众"),
        ("家庭住址", "某路"),
        ("血型", "O"),
        ("备注", "已退休，家中有事"),
    ] {
        table[0].push(title.to_owned());
        table[1].push(value.to_owned());
    }
    let standing = good().iter().position(|(c, _)| *c == Column::Standing).unwrap();
    table[1][standing] = "因酒驾被记过".to_owned();
    let roster = read_all(&xlsx(&[("人员", table)])).unwrap();
    assert_eq!(
        codes(&roster.findings),
        [
            "COLUMN_NEVER_STORED ",
            "COLUMN_NEVER_STORED ",
            "COLUMN_NEVER_STORED ",
            "COLUMN_UNKNOWN ",
            "REMARKS_IGNORED 备注"
        ]
    );
    let kept = serde_json::to_string(&roster.rows).unwrap();
    for word in ["回", "群众", "某路", "家中", "酒驾"] {
        assert!(!kept.contains(word), "{word} was kept");
    }
    assert_eq!(text(&roster, 0, Column::Remarks).as_deref(), Some("退休"));
    assert_eq!(roster.rows[0].cells.get(&Column::Standing), Some(&CellValue::Withheld));
}

#[test]
fn headings_match_with_synonyms_in_any_order_and_width() {
    let mut table = table();
    for (heading, other) in [
        ("姓名", "持证人"),
        ("身份证号", "公民\n身份号码"),
        ("所属机关全称", "工作单位（全称）"),
        ("执法领域", "＊业务领域"),
    ] {
        let place = table[0].iter().position(|h| h == heading).unwrap();
        table[0][place] = other.to_owned();
    }
    for row in &mut table {
        row.reverse();
    }
    let roster = read_all(&xlsx(&[("人员", table)])).unwrap();
    assert_eq!(roster.findings, []);
    assert_eq!(roster.rows[0].cells.len(), good().len());
}

#[test]
fn free_texts_spread_over_several_columns_are_joined() {
    let mut table = table();
    for (title, value) in [("职务", "科长"), ("职级", "四级主任科员"), ("中队", "二中队")]
    {
        table[0].push(title.to_owned());
        table[1].push(value.to_owned());
    }
    let roster = read_all(&xlsx(&[("人员", table)])).unwrap();
    assert_eq!(text(&roster, 0, Column::Post).as_deref(), Some("科长、四级主任科员"));
    assert_eq!(text(&roster, 0, Column::Section).as_deref(), Some("执法一大队、二中队"));
    assert_eq!(roster.findings, []);
}
