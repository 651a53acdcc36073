//! The report on a ZIP of photos as a workbook: a row a file.

use chrono::{Datelike, NaiveDate};
use entities::enums::PhotoRowState;
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError,
};

use super::store::Row;
use crate::officers::OfficerRow;
use crate::platform::texts::Locale;

/// Headings with their widths in characters.
const COLUMNS: [(&str, f64); 8] = [
    ("序号", 8.0),
    ("文件", 42.0),
    ("姓名", 14.0),
    ("所属机关", 36.0),
    ("结果", 12.0),
    ("代码", 26.0),
    ("说明", 60.0),
    ("Message", 60.0),
];

const ERROR: Color = Color::RGB(0x00F6_B9B0);
const HEAD: Color = Color::RGB(0x00E3_ECF3);

/// A report that is being written. Rows go to a temporary file as they come.
pub(super) struct Report {
    workbook: Workbook,
    text: Format,
    failed: Format,
    line: u32,
}

impl Report {
    /// A report without rows yet, dated `today`.
    pub(super) fn begin(today: NaiveDate) -> Result<Self, XlsxError> {
        let mut workbook = Workbook::new();
        let part = |n: u32| u8::try_from(n).unwrap_or(1);
        let year = u16::try_from(today.year()).unwrap_or(1970);
        let day = ExcelDateTime::from_ymd(year, part(today.month()), part(today.day()))?;
        let properties = DocProperties::new().set_title("照片核对结果");
        workbook.set_properties(&properties.set_creation_datetime(&day));
        let base = Format::new()
            .set_font_name("宋体")
            .set_font_size(11)
            .set_align(FormatAlign::VerticalCenter);
        let head = base
            .clone()
            .set_bold()
            .set_background_color(HEAD)
            .set_align(FormatAlign::Center)
            .set_border_bottom(FormatBorder::Thin);
        let sheet = workbook.add_worksheet_with_constant_memory()?.set_name("照片")?;
        for (place, (title, width)) in (0..).zip(COLUMNS) {
            sheet.set_column_width(place, width)?;
            sheet.write_string_with_format(0, place, title, &head)?;
        }
        sheet.set_freeze_panes(1, 0)?;
        // As text, so that an ID number in a name stays whole.
        let text = base.set_num_format("@").set_text_wrap();
        let failed = text.clone().set_background_color(ERROR);
        Ok(Self { workbook, text, failed, line: 0 })
    }

    /// Adds rows with the people they are matched to.
    pub(super) fn add(&mut self, rows: &[(Row, Option<OfficerRow>)]) -> Result<(), XlsxError> {
        let sheet = self.workbook.worksheet_from_index(0)?;
        for (row, person) in rows {
            self.line += 1;
            let state = row.outcome.state();
            let format = if state == PhotoRowState::Failed { &self.failed } else { &self.text };
            let agency = person.as_ref().and_then(|p| p.agency_name.as_deref());
            let cells = [
                row.number.to_string(),
                row.name.clone(),
                person.as_ref().map_or_else(String::new, |p| p.name.clone()),
                agency.unwrap_or_default().to_owned(),
                word(state).to_owned(),
                row.outcome.code().to_owned(),
                row.outcome.text(Locale::ZhCn),
                row.outcome.text(Locale::En),
            ];
            for (place, cell) in (0..).zip(cells) {
                let format = if place == 4 { format } else { &self.text };
                sheet.write_string_with_format(self.line, place, cell, format)?;
            }
        }
        Ok(())
    }

    /// The bytes of an `.xlsx` file.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, XlsxError> {
        self.workbook.save_to_buffer()
    }
}

/// The outcome of a row in a word.
fn word(state: PhotoRowState) -> &'static str {
    match state {
        PhotoRowState::Ready => "待采用",
        PhotoRowState::Failed => "未采用",
        PhotoRowState::Ignored => "已忽略",
        PhotoRowState::Unchanged => "未变动",
        PhotoRowState::Attached => "已采用",
    }
}
