//! What a card printer's works takes: a workbook with a row a card, and beside it the photos and
//! codes under the names that stand in the row.

use rust_xlsxwriter::{Color, Format, FormatAlign, Workbook, XlsxError};

use super::TEXTS;
use super::store::Printable;
use crate::platform::texts::Locale;

/// Pixels of a module in the picture of a code: 24 mm at 600 dpi and more.
pub(super) const SCALE: u32 = 10;

/// The columns: the text of the heading and the width.
const COLUMNS: [(&str, f64); 14] = [
    ("works-row", 6.0),
    ("works-number", 18.0),
    ("works-name", 14.0),
    ("works-unit", 36.0),
    ("works-title", 16.0),
    ("works-fields", 24.0),
    ("works-area", 18.0),
    ("works-authority", 30.0),
    ("works-valid-from", 12.0),
    ("works-valid-until", 12.0),
    ("works-domain", 26.0),
    ("works-photo", 30.0),
    ("works-code", 30.0),
    ("works-address", 60.0),
];

/// The name of a card's files: its row, and its number where that can stand in a file's name.
pub(super) fn name(row: usize, card: &Printable) -> String {
    let number: String = card
        .card
        .number
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' })
        .collect();
    format!("{row:04}-{number}")
}

pub(super) fn photo_file(name: &str) -> String {
    format!("photos/{name}.jpg")
}

pub(super) fn code_file(name: &str) -> String {
    format!("codes/{name}.png")
}

fn text(id: &str) -> String {
    TEXTS.text(Locale::ZhCn, id, &[])
}

/// The workbook; every cell is text, so that no program takes a number for a quantity.
pub(super) fn workbook(
    cards: &[Printable],
    prefix: &str,
    domain: &str,
) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name(text("works-sheet"))?;
    let heading = Format::new()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_background_color(Color::RGB(0x00E7_ECF3));
    let cell = Format::new().set_num_format("@");
    for (column, (id, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(0, column, text(id), &heading)?;
    }
    for (line, (row, card)) in (1..).zip((1_usize..).zip(cards)) {
        let name = name(row, card);
        let digits = card.digits.as_deref().unwrap_or_default();
        let card = &card.card;
        let values = [
            row.to_string(),
            card.number.clone(),
            card.name.clone(),
            card.agency_name.clone(),
            text(&format!("works-title-{}", card.kind.code())),
            field_names(&card.field_names),
            card.area_name.clone(),
            card.issuing_authority.clone(),
            card.valid_from.to_string(),
            card.valid_until.to_string(),
            domain.to_owned(),
            photo_file(&name),
            code_file(&name),
            format!("{prefix}{digits}"),
        ];
        for (column, value) in (0..).zip(values) {
            sheet.write_string_with_format(line, column, value, &cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

/// The Chinese names of fields.
fn field_names(fields: &serde_json::Value) -> String {
    let names = fields.as_array().map(Vec::as_slice).unwrap_or_default().iter();
    let names: Vec<&str> = names.filter_map(|field| field.get("zh")?.as_str()).collect();
    names.join("、")
}
