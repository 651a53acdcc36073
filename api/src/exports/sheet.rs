//! The two files a list is exported as, written row by row into a file without a name: however many
//! rows there are, no more than some are in memory.
//!
//! Both hold nothing but text. A workbook's cell says so itself; in a CSV file a program decides by
//! the first character, so what could begin a formula is preceded by an apostrophe.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use chrono::NaiveDate;
use csv::Terminator;
use entities::enums::ExportFormat;
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use crate::imports::template::{base, heading, properties};
use crate::platform::failure::Fault;
use crate::platform::files::unnamed_file;

/// Says that a CSV file is UTF-8: without it, office programs in China read GBK.
const MARK: &[u8] = "\u{feff}".as_bytes();
/// Characters of a cell; a workbook allows 32,767 of UTF-16.
const MOST_IN_CELL: usize = 16_000;
const WIDTH: f64 = 20.0;

/// A file that is being written.
pub(super) enum Sheet {
    Csv(Box<csv::Writer<BufWriter<File>>>),
    Xlsx(Box<Book>),
}

/// A workbook that is being written. Its rows go to a temporary file as they come.
pub(super) struct Book {
    workbook: Workbook,
    text: Format,
    line: u32,
    file: File,
}

impl Sheet {
    /// A file without rows yet, kept in `folder` until it is closed. `title` names the sheet.
    pub fn begin(
        format: ExportFormat,
        folder: &Path,
        title: &str,
        headings: &[String],
        today: NaiveDate,
    ) -> Result<Self, Fault> {
        let file = unnamed_file(folder).map_err(Fault::other)?;
        if format == ExportFormat::Xlsx {
            let book = Book::begin(file, folder, title, headings, today).map_err(Fault::other)?;
            return Ok(Self::Xlsx(Box::new(book)));
        }
        let mut file = BufWriter::new(file);
        file.write_all(MARK).map_err(Fault::other)?;
        let writer = csv::WriterBuilder::new().terminator(Terminator::CRLF).from_writer(file);
        let mut sheet = Self::Csv(Box::new(writer));
        sheet.row(headings)?;
        Ok(sheet)
    }

    /// Adds a row.
    pub fn row(&mut self, cells: &[String]) -> Result<(), Fault> {
        match self {
            Self::Csv(writer) => {
                let cells = cells.iter().map(|cell| guarded(cell));
                writer
                    .write_record(cells.map(|cell| cell.into_owned().into_bytes()))
                    .map_err(Fault::other)
            }
            Self::Xlsx(book) => book.row(cells).map_err(Fault::other),
        }
    }

    /// The whole file. Packs a workbook, so it takes a while.
    pub fn finish(self) -> Result<File, Fault> {
        match self {
            Self::Csv(writer) => {
                let file = writer.into_inner().map_err(Fault::other)?;
                file.into_inner().map_err(Fault::other)
            }
            Self::Xlsx(mut book) => {
                let out = BufWriter::new(book.file.try_clone().map_err(Fault::other)?);
                book.workbook.save_to_writer(out).map_err(Fault::other)?;
                Ok(book.file)
            }
        }
    }
}

impl Book {
    fn begin(
        file: File,
        folder: &Path,
        title: &str,
        headings: &[String],
        today: NaiveDate,
    ) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder)?;
        workbook.set_properties(&properties(title, today)?);
        let head = heading(None);
        let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(title)?;
        for (place, heading) in (0..).zip(headings) {
            sheet.set_column_width(place, WIDTH)?;
            sheet.write_string_with_format(0, place, heading, &head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        Ok(Self { workbook, text: base().set_num_format("@"), line: 0, file })
    }

    fn row(&mut self, cells: &[String]) -> Result<(), XlsxError> {
        self.line += 1;
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (place, cell) in (0..).zip(cells) {
            if !cell.is_empty() {
                let short = shortened(cell);
                sheet.write_string_with_format(self.line, place, short, &self.text)?;
            }
        }
        Ok(())
    }
}

/// As much of a cell as a workbook takes.
fn shortened(cell: &str) -> &str {
    match cell.char_indices().nth(MOST_IN_CELL) {
        Some((end, _)) => cell.get(..end).unwrap_or_default(),
        None => cell,
    }
}

/// A cell that no program takes for a formula: what begins one, also behind blanks and invisible
/// characters or in full width, is preceded by an apostrophe; so is a leading tab or line break,
/// which some programs cut off before they look.
fn guarded(cell: &str) -> Cow<'_, str> {
    let first = cell.chars().next();
    let shown = cell.chars().find(|c| !unseen(*c));
    let begins = |c: Option<char>| c.is_some_and(|c| "=+-@＝＋－＠−".contains(c));
    if begins(shown) || first.is_some_and(char::is_control) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Blanks, and what takes no place: the soft hyphen, the marks and embeddings of the direction of
/// writing, joiners, the byte order mark.
fn unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Seek};

    use proptest::prelude::*;

    use super::*;

    fn written(format: ExportFormat, rows: &[Vec<String>]) -> Vec<u8> {
        let folder = tempfile::TempDir::new().unwrap();
        let today = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let headings = ["姓名".to_owned(), "说明".to_owned()];
        let mut sheet = Sheet::begin(format, folder.path(), "人员", &headings, today).unwrap();
        for row in rows {
            sheet.row(row).unwrap();
        }
        let mut file = sheet.finish().unwrap();
        file.rewind().unwrap();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).unwrap();
        bytes
    }

    #[test]
    fn a_csv_file_is_marked_quoted_and_guarded() {
        let rows = vec![
            vec!["=cmd|'/c calc'!A0".to_owned(), "a,\"b\"\nc".to_owned()],
            vec!["+86 931".to_owned(), " @x".to_owned()],
            vec!["张三".to_owned(), String::new()],
        ];
        let text = String::from_utf8(written(ExportFormat::Csv, &rows)).unwrap();
        assert_eq!(
            text,
            "\u{feff}姓名,说明\r\n'=cmd|'/c calc'!A0,\"a,\"\"b\"\"\nc\"\r\n'+86 931,' @x\r\n张三,\r\n"
        );
    }

    #[test]
    fn a_workbook_holds_text_alone() {
        use calamine::{Data, Reader, Xlsx};
        let rows = vec![vec!["=1+1".to_owned(), "620102199003071234".to_owned()]];
        let bytes = written(ExportFormat::Xlsx, &rows);
        let mut book = Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
        let cells: Vec<Vec<Data>> =
            book.worksheet_range("人员").unwrap().rows().map(<[Data]>::to_vec).collect();
        let text = |s: &str| Data::String(s.to_owned());
        assert_eq!(
            cells,
            [vec![text("姓名"), text("说明")], vec![text("=1+1"), text("620102199003071234")]]
        );
        assert_eq!(book.worksheet_formula("人员").unwrap().used_cells().count(), 0);
    }

    #[test]
    fn a_cell_is_not_longer_than_a_workbook_allows() {
        let rows = vec![vec!["𠮷".repeat(40_000), String::new()]];
        assert!(!written(ExportFormat::Xlsx, &rows).is_empty());
    }

    proptest! {
        #[test]
        fn no_cell_of_a_csv_file_begins_a_formula_and_none_loses_a_character(
            cell in concat!(
                "[ \t\r\n=+@＝－＠\u{2212}'\"\u{feff}\u{200b}\u{2060}\u{2066}\u{ad}",
                "\u{202a}-\u{202e}a-c,甲-]{0,8}",
            ),
        ) {
            let bytes = written(ExportFormat::Csv, &[vec![cell.clone(), "x".into()]]);
            let mut reader = csv::ReaderBuilder::new().from_reader(&bytes[MARK.len()..]);
            let record = reader.records().next().unwrap().unwrap();
            let read = record.get(0).unwrap();
            let seen = read.trim_start_matches(|c: char| {
                c.is_whitespace()
                    || c.is_control()
                    || "\u{feff}\u{200b}\u{2060}\u{2066}\u{ad}".contains(c)
                    || ('\u{202a}'..='\u{202e}').contains(&c)
            });
            let formula = ['=', '+', '-', '@', '＝', '－', '＠', '\u{2212}'];
            prop_assert!(!seen.starts_with(formula), "{read:?}");
            prop_assert!(!read.starts_with(['\t', '\r', '\n']));
            prop_assert!(read == cell || read.strip_prefix('\'') == Some(&cell));
        }
    }
}
