//! Workbooks as other programs write them, byte by byte: the format of Excel before 2007, a workbook
//! with every text in its cell, and a spreadsheet of another kind.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// The name of the only sheet.
pub const SHEET: &str = "名册";

/// A record of a workbook stream: its number, the length of its content, the content.
fn record(stream: &mut Vec<u8>, number: u16, content: &[u8]) {
    stream.extend(number.to_le_bytes());
    stream.extend(u16::try_from(content.len()).unwrap().to_le_bytes());
    stream.extend(content);
}

/// Text in UTF-16 without its length.
fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// A workbook of one sheet of texts as Excel 97 to 2003 wrote it (BIFF8, \[MS-XLS\] 2.1), in a
/// compound file (\[MS-CFB\] 2).
pub fn xls(rows: &[Vec<String>]) -> Vec<u8> {
    const BEGIN: u16 = 0x0809;
    const SHEET_NAME: u16 = 0x0085;
    const LABEL: u16 = 0x0204;
    const END: u16 = 0x000a;
    const UTF_16: u8 = 1;
    let begin = |kind: u16| -> Vec<u8> {
        let fields = [0x0600, kind, 0x0dbb, 0x07cc, 0, 0, 6, 0];
        fields.into_iter().flat_map(u16::to_le_bytes).collect()
    };
    let name = utf16(SHEET);
    let globals = 4 + 16 + 4 + 8 + name.len() + 4;
    let mut stream = Vec::new();
    record(&mut stream, BEGIN, &begin(0x0005));
    let mut sheet = u32::try_from(globals).unwrap().to_le_bytes().to_vec();
    sheet.extend([0, 0, u8::try_from(SHEET.chars().count()).unwrap(), UTF_16]);
    sheet.extend(name);
    record(&mut stream, SHEET_NAME, &sheet);
    record(&mut stream, END, &[]);
    assert_eq!(stream.len(), globals);
    record(&mut stream, BEGIN, &begin(0x0010));
    for (row, cells) in (0_u16..).zip(rows) {
        for (column, text) in (0_u16..).zip(cells) {
            let length = u16::try_from(text.encode_utf16().count()).unwrap();
            let place = [row, column, 0, length].into_iter().flat_map(u16::to_le_bytes);
            let label: Vec<u8> = place.chain([UTF_16]).chain(utf16(text)).collect();
            record(&mut stream, LABEL, &label);
        }
    }
    record(&mut stream, END, &[]);
    compound("Workbook", stream)
}

/// A compound file with one stream: the sector of the table of sectors, one of the directory, and
/// the stream, which is long enough not to be a small one.
fn compound(name: &str, mut stream: Vec<u8>) -> Vec<u8> {
    const SECTOR: usize = 512;
    const FREE: u32 = 0xffff_ffff;
    const END_OF_CHAIN: u32 = 0xffff_fffe;
    const TABLE: u32 = 0xffff_fffd;
    let length = stream.len().max(4_096).next_multiple_of(SECTOR);
    stream.resize(length, 0);
    let sectors = u32::try_from(length / SECTOR).unwrap();

    let mut file = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    file.extend([0; 16]);
    // Version 3.62, little-endian, sectors of 512 and 64 bytes.
    file.extend([0x003e_u16, 3, 0xfffe, 9, 6, 0, 0, 0].into_iter().flat_map(u16::to_le_bytes));
    // One sector of the table; the directory is in sector 1; streams are small below 4,096 bytes.
    let places = [0, 1, 1, 0, 4_096, END_OF_CHAIN, 0, END_OF_CHAIN, 0, 0];
    file.extend(places.into_iter().flat_map(u32::to_le_bytes));
    file.resize(SECTOR, 0xff);

    let mut table = vec![TABLE, END_OF_CHAIN];
    table.extend((0..sectors).map(|at| if at + 1 == sectors { END_OF_CHAIN } else { at + 3 }));
    assert!(table.len() <= SECTOR / 4, "one sector of the table is enough");
    table.resize(SECTOR / 4, FREE);
    file.extend(table.into_iter().flat_map(u32::to_le_bytes));

    let entry = |name: &str, kind: u8, child: u32, start: u32, size: u32| -> Vec<u8> {
        let mut entry = utf16(name);
        let length = u16::try_from(entry.len() + 2).unwrap();
        entry.resize(64, 0);
        entry.extend(length.to_le_bytes());
        entry.extend([kind, 1]);
        entry.extend([FREE, FREE, child].into_iter().flat_map(u32::to_le_bytes));
        entry.resize(116, 0);
        entry.extend([start, size, 0].into_iter().flat_map(u32::to_le_bytes));
        entry
    };
    let size = u32::try_from(length).unwrap();
    let mut directory = entry("Root Entry", 5, 1, END_OF_CHAIN, 0);
    directory.extend(entry(name, 2, FREE, 2, size));
    directory.resize(SECTOR, 0);
    file.extend(directory);
    file.extend(stream);
    file
}

/// The files of a workbook that holds its texts in the cells themselves (ECMA-376 §18.3.1.53).
pub fn inline(rows: &[Vec<String>]) -> Vec<u8> {
    let mut sheet = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><worksheet xmlns=\"http://schemas.openxmlformats.org/\
         spreadsheetml/2006/main\"><sheetData>",
    );
    for cells in rows {
        sheet.push_str("<row>");
        for text in cells {
            // Without references: a cell stands behind the one before.
            write!(sheet, "<c t=\"inlineStr\"><is><t>{text}</t></is></c>").unwrap();
        }
        sheet.push_str("</row>");
    }
    sheet.push_str("</sheetData></worksheet>");
    let workbook = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><workbook xmlns=\"http://schemas.openxmlformats.org/\
         spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/\
         relationships\"><sheets><sheet name=\"{SHEET}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    archive(&[
        ("[Content_Types].xml", CONTENT_TYPES),
        ("_rels/.rels", &relationship("officeDocument", "xl/workbook.xml")),
        ("xl/workbook.xml", &workbook),
        ("xl/_rels/workbook.xml.rels", &relationship("worksheet", "worksheets/sheet1.xml")),
        ("xl/worksheets/sheet1.xml", &sheet),
    ])
}

const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Types xmlns=\"http://schemas.\
    openxmlformats.org/package/2006/content-types\"><Default Extension=\"rels\" ContentType=\"\
    application/vnd.openxmlformats-package.relationships+xml\"/><Override PartName=\"/xl/workbook.xml\" \
    ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>\
    <Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-\
    officedocument.spreadsheetml.worksheet+xml\"/></Types>";

fn relationship(kind: &str, target: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Relationships xmlns=\"http://schemas.openxmlformats.\
         org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.\
         org/officeDocument/2006/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
    )
}

/// A spreadsheet of the other standard (ODF 1.3), which is a ZIP too.
pub fn open_document() -> Vec<u8> {
    archive(&[
        ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", "<office:document-content/>"),
    ])
}

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}
