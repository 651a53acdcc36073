//! Each failure of a whole file, with real bytes.

use super::{csv, good, read_all, read_within, table, xlsx};
use crate::imports::columns::{Column, Form};
use crate::imports::reader::{Limits, read};
use std::io::{Cursor, Write};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn fails(bytes: &[u8]) -> String {
    read_all(bytes).err().unwrap_or_else(|| "was read".to_owned())
}

fn archive(entries: &[(&str, &[u8], usize)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, chunk, times) in entries {
        zip.start_file(*name, SimpleFileOptions::default().large_file(true)).unwrap();
        for _ in 0..*times {
            zip.write_all(chunk).unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn what_is_no_roster_says_so() {
    let mut table_without_id = table();
    let place = good().iter().position(|(c, _)| *c == Column::IdNumber).unwrap();
    table_without_id[0].remove(place);
    let mut double = table();
    double[0].push("持证人".to_owned());
    let encrypted: Vec<u8> = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec()]
        .into_iter()
        .chain(["EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect()])
        .flatten()
        .collect();
    let workbook = xlsx(&[("人员", table())]);
    for (name, bytes, expected) in [
        ("nothing", Vec::new(), "FILE_EMPTY"),
        ("blank text", b" \r\n".to_vec(), "FILE_EMPTY"),
        ("headings only", xlsx(&[("人员", table()[..1].to_vec())]), "FILE_EMPTY"),
        ("a pdf", b"%PDF-1.7 x".to_vec(), "FILE_NOT_A_WORKBOOK"),
        ("a page", b"<html><table>".to_vec(), "FILE_NOT_A_WORKBOOK"),
        ("bytes", vec![1, 0, 2, 0, 3], "FILE_NOT_A_WORKBOOK"),
        ("another archive", archive(&[("a.txt", b"x", 1)]), "FILE_NOT_A_WORKBOOK"),
        ("half a workbook", workbook[..workbook.len() / 2].to_vec(), "FILE_DAMAGED"),
        ("a workbook's name", archive(&[("xl/workbook.xml", b"x", 1)]), "FILE_DAMAGED"),
        ("an encrypted workbook", encrypted, "FILE_ENCRYPTED"),
        ("other encoding", b"\xd0\xd5\xc3\xfb,\xff\xff\xff\xff".to_vec(), "ENCODING_UNKNOWN"),
        ("UTF-16", b"\xff\xfeY\x00".to_vec(), "ENCODING_UNKNOWN"),
        ("other sheets", xlsx(&[("Sheet1", vec![vec!["你好".into()]])]), "SHEET_NOT_FOUND"),
        ("no ID number", xlsx(&[("Sheet1", table_without_id)]), "HEADING_MISSING"),
        ("a heading twice", xlsx(&[("人员", double)]), "HEADING_DOUBLE"),
        ("a bomb", archive(&[("xl/workbook.xml", &[0; 1 << 20], 600)]), "ZIP_BOMB"),
    ] {
        assert_eq!(fails(&bytes), expected, "{name}");
    }
}

#[test]
fn limits_hold() {
    let limits =
        Limits { rows: 1, columns: 30, upload_bytes: 60_000, entries: 50, ..Limits::default() };
    let code = |bytes: &[u8]| read_within(bytes, &limits).err().map(|e| e.code.code());
    let mut two = table();
    two.push(two[1].clone());
    let mut wide = table();
    wide[0].resize(30, String::new());
    wide[0].push("多".to_owned());
    assert_eq!(code(csv(&table()).as_bytes()), None);
    assert_eq!(code(csv(&two).as_bytes()), Some("TOO_MANY_ROWS"));
    assert_eq!(code(csv(&wide).as_bytes()), Some("TOO_MANY_COLUMNS"));
    assert_eq!(code(&vec![b'a'; 60_001]), Some("FILE_TOO_LARGE"));
    let names: Vec<String> = (0..51).map(|n| format!("{n}")).collect();
    let entries: Vec<_> = names.iter().map(|n| (n.as_str(), &b"x"[..], 1)).collect();
    assert_eq!(code(&archive(&entries)), Some("ZIP_BOMB"));
}

#[test]
fn a_bomb_that_lies_about_its_size_is_counted() {
    let mut bytes = archive(&[("xl/workbook.xml", &[0; 1 << 20], 64)]);
    // The size in the central directory: four bytes at offset 24 of its entry.
    let entry = bytes.windows(4).rposition(|w| w == b"PK\x01\x02").unwrap();
    bytes[entry + 24..entry + 28].copy_from_slice(&10_u32.to_le_bytes());
    let code = fails(&bytes);
    assert!(["ZIP_BOMB", "FILE_DAMAGED"].contains(&code.as_str()), "{code}");
}

#[test]
fn the_missing_headings_are_named() {
    let bytes = xlsx(&[("人员", vec![vec!["姓名".into(), "身份证号".into()]])]);
    let error = read_within(&bytes, &Limits::default());
    let args = error.err().unwrap().args;
    let expected =
        "所属机关全称，统一社会信用代码，人员类别，编制类型，在岗状态，执法领域，不得申领情形";
    assert_eq!(args, [("sheet", "人员".to_owned()), ("headings", expected.to_owned())]);
}

#[test]
fn reading_ends_where_no_more_rows_are_wanted() {
    let mut table = table();
    table.extend(vec![table[1].clone(); 9]);
    for bytes in [xlsx(&[("一", table.clone()), ("二", table.clone())]), csv(&table).into_bytes()]
    {
        let mut given = 0;
        let layout = read(&bytes, &Limits::default(), Form::ROSTER, &mut |_| {
            given += 1;
            given < 3
        });
        assert!(layout.is_ok());
        assert_eq!(given, 3);
    }
}
