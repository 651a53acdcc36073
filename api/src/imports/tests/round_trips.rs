//! The template filled in, and the report corrected and sent again.

use super::{agency, codes, context, day, good, id, parse, read_all, uscc, with};
use crate::imports::cells::CellValue;
use crate::imports::columns::Column;
use crate::imports::findings::Finding;
use crate::imports::reader::RawRow;
use crate::imports::report::Report;
use crate::imports::row::{Entry, RosterRow, Seen};
use crate::imports::template::{self, Dictionary};
use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::Workbook;
use std::io::Cursor;

fn report(rows: &[(&RawRow, &[Finding])]) -> Vec<u8> {
    let mut report = Report::begin(day("2026-06-01")).unwrap();
    for (raw, findings) in rows {
        report.row(raw, findings).unwrap();
    }
    report.finish(&[]).unwrap()
}

fn dictionary() -> Dictionary {
    let entry = |code: &str, name: &str| Entry { code: code.to_owned(), name: name.to_owned() };
    Dictionary {
        fields: vec![entry("MARKET", "市场监管"), entry("AGRICULTURE", "农业")],
        divisions: vec![entry("990100", "甲市")],
        agencies: vec![entry(&uscc(0), &agency(0).name)],
    }
}

#[test]
fn the_template_filled_in_is_read_without_a_finding() {
    let bytes = template::workbook(&dictionary(), day("2026-06-01")).unwrap();
    assert_eq!(bytes, template::workbook(&dictionary(), day("2026-06-01")).unwrap());
    let mut template = Xlsx::new(Cursor::new(bytes.as_slice())).unwrap();
    assert_eq!(template.sheet_names(), ["填写说明", "人员", "字典"]);
    let headings: Vec<String> = template
        .worksheet_range("人员")
        .unwrap()
        .rows()
        .next()
        .unwrap()
        .iter()
        .map(Data::to_string)
        .collect();
    assert_eq!(headings, Column::ALL.iter().map(|c| c.spec().heading).collect::<Vec<_>>());
    // Empty, it is a workbook without people.
    assert_eq!(read_all(&bytes).err().as_deref(), Some("FILE_EMPTY"));

    let mut filled = Workbook::new();
    let sheet = filled.add_worksheet().set_name("人员").unwrap();
    for (place, heading) in (0..).zip(&headings) {
        sheet.write_string(0, place, heading).unwrap();
    }
    for (column, value) in good() {
        sheet.write_string(1, template::place(column), value).unwrap();
    }
    let roster = read_all(&filled.save_to_buffer().unwrap()).unwrap();
    assert_eq!(roster.findings.len(), 1, "remarks are read over");
    let read = RosterRow::parse(&roster.rows[0], &context(), &mut Seen::default());
    assert_eq!(read, parse(&with(&[])));
    assert!(read.0.is_some());
}

#[test]
fn the_report_can_be_sent_again_and_finds_the_same() {
    let mut faulty =
        with(&[(Column::Name, "阿依•古丽"), (Column::Duty, ""), (Column::Fields, "=SUM(A1)")]);
    faulty.cells.insert(Column::PublicScore, CellValue::Number(85.3));
    faulty.cells.insert(Column::IdNumber, CellValue::Number(1.1e17));
    faulty.cells.insert(Column::Standing, CellValue::Withheld);
    let (_, findings) = parse(&faulty);
    let fine = with(&[(Column::IdNumber, &id("19900101", 21))]);
    let bytes = report(&[(&faulty, &findings), (&fine, &[])]);
    let again = read_all(&bytes).unwrap();
    let found = |index: usize| {
        let (row, findings) =
            RosterRow::parse(&again.rows[index], &context(), &mut Seen::default());
        (row.is_some(), codes(&findings))
    };
    // A withheld narrative comes back empty.
    let expected: Vec<_> = codes(&findings)
        .into_iter()
        .map(|c| c.replace("STANDING_NARRATIVE", "CELL_REQUIRED"))
        .collect();
    assert_eq!(found(0), (false, expected));
    assert_eq!(found(1), (true, vec![]));
    assert_eq!(again.rows[1].cells, fine.cells);

    let mut workbook = Xlsx::new(Cursor::new(bytes)).unwrap();
    assert_eq!(workbook.sheet_names(), ["人员", "汇总"]);
    let people = workbook.worksheet_range("人员").unwrap();
    let column = |row: u32, offset: u32| {
        let first = u32::try_from(Column::ALL.len()).unwrap();
        people.get_value((row, first + offset)).map(Data::to_string).unwrap_or_default()
    };
    assert_eq!((column(1, 0), column(1, 1)), ("人员 2".to_owned(), "需更正".to_owned()));
    assert_eq!(column(2, 1), "通过");
    assert!(column(1, 2).contains("在岗状态：“在岗状态”必须填写。"), "{}", column(1, 2));
    assert!(column(1, 3).contains("CELL_REQUIRED 在岗状态:"), "{}", column(1, 3));
    let summary = workbook.worksheet_range("汇总").unwrap();
    assert_eq!(summary.get_value((1, 0)), Some(&Data::String("通过".to_owned())));
}

#[test]
#[ignore = "measures: a province's worth of rows"]
fn a_hundred_thousand_rows() {
    let mut table = super::table();
    let born =
        |n: u32| format!("19{:02}{:02}{:02}", 60 + n / 336 % 40, 1 + n / 28 % 12, 1 + n % 28);
    let row = table.pop().unwrap();
    let place = good().iter().position(|(c, _)| *c == Column::IdNumber).unwrap();
    for n in 0..100_000_u32 {
        let mut next = row.clone();
        next[place] = id(&born(n), n / 13_440 * 7 + 1);
        table.push(next);
    }
    let bytes = super::xlsx(&[("人员", table)]);
    let started = std::time::Instant::now();
    let roster = read_all(&bytes).unwrap();
    let read = started.elapsed();
    let mut seen = Seen::default();
    let good = roster
        .rows
        .iter()
        .filter(|r| RosterRow::parse(r, &context(), &mut seen).0.is_some())
        .count();
    let parsed = started.elapsed();
    let rows: Vec<(&RawRow, &[Finding])> = roster.rows.iter().map(|raw| (raw, &[][..])).collect();
    let report = report(&rows);
    let reported = started.elapsed();
    assert_eq!((roster.rows.len(), good), (100_000, 100_000));
    panic!(
        "{} KiB read in {read:?}, checked by {parsed:?}, report of {} KiB by {reported:?}",
        bytes.len() >> 10,
        report.len() >> 10
    );
}
