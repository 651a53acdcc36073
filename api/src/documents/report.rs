//! A report on A4: a title, headings, fields with their labels and running text, from the top down
//! over as many pages as it takes. A file can be attached, so that both stay together.

use std::ops::Range;

use krilla::embed::{AssociationKind, EmbeddedFile, MimeType};

use super::canvas::{self, Align, DrawError, Ink, Place, Row, Style};
use super::error::FontRefusal;
use super::fit;
use super::fonts::{Face, Font, Shaped};

/// A4, in millimetres.
const PAPER: (f32, f32) = (210.0, 297.0);
const LEFT: f32 = 18.0;
const RIGHT: f32 = 192.0;
const TOP: f32 = 18.0;
const BOTTOM: f32 = 278.0;
/// Where the value of a field begins.
const VALUE: f32 = 54.0;
const FOOT: Place = Place { x: LEFT, y: 284.0, w: RIGHT - LEFT, h: 4.0 };
const GREY: Ink = Ink::Colour(0x5a, 0x65, 0x75);
const BLUE: Ink = Ink::Colour(0x1b, 0x3a, 0x6b);
const FOOT_STYLE: Style =
    Style { size: 2.6, ink: GREY, heavy: false, spaced: 0.0, align: Align::Centre };

/// A part of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// The title.
    Title(String),
    /// The heading of a section.
    Heading(String),
    /// A label and its value.
    Field(String, String),
    /// Running text.
    Text(String),
    /// Running text in small letters, for digests and the like.
    Small(String),
}

/// A file within a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Name of the file.
    pub name: String,
    /// What it is, such as `application/json`.
    pub kind: &'static str,
    /// What it is in words.
    pub description: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What a report says.
pub struct Report {
    /// Title of the document.
    pub title: String,
    /// Its parts from the top down.
    pub lines: Vec<Line>,
    /// What stands at the foot of a page, by its number and that of all pages.
    pub foot: Box<dyn Fn(usize, usize) -> String + Send>,
    /// A file that goes with it.
    pub attachment: Option<Attachment>,
}

/// A text that was wrapped.
struct Wrapped {
    shaped: Shaped,
    lines: Vec<Range<usize>>,
    x: f32,
    look: Look,
}

#[derive(Clone, Copy)]
struct Look {
    size: f32,
    ink: Ink,
    heavy: bool,
    /// Free space above.
    above: f32,
}

const TITLE: Look = Look { size: 6.0, ink: BLUE, heavy: true, above: 0.0 };
const HEADING: Look = Look { size: 4.2, ink: BLUE, heavy: true, above: 4.0 };
const FIELD: Look = Look { size: 3.2, ink: Ink::Black, heavy: false, above: 0.6 };
const LABEL: Look = Look { ink: GREY, ..FIELD };
const SMALL: Look = Look { size: 2.4, ink: GREY, heavy: false, above: 0.4 };

/// One line on a page.
struct Placed<'a> {
    at: (f32, f32),
    row: Row<'a>,
    look: Look,
}

/// The document.
pub(super) fn document(font: &Font, report: &Report) -> Result<Vec<u8>, DrawError> {
    let face = font.face()?;
    let parts = wrapped(&face, &report.lines)?;
    let pages = pages(&parts);
    let mut document = canvas::begin(report.title.clone());
    for (number, page) in (1_usize..).zip(&pages) {
        canvas::page(&mut document, &face, PAPER, |canvas| {
            for placed in page {
                canvas.row(placed.at, &placed.row, placed.look.ink, placed.look.heavy);
            }
            canvas.text(FOOT, &printable(&(report.foot)(number, pages.len())), FOOT_STYLE)
        })?;
    }
    if let Some(attachment) = &report.attachment {
        let file = EmbeddedFile {
            path: attachment.name.clone(),
            mime_type: MimeType::new(attachment.kind),
            description: Some(attachment.description.clone()),
            association_kind: AssociationKind::Data,
            data: attachment.bytes.clone().into(),
            modification_date: None,
            compress: Some(true),
            location: None,
        };
        let _first_of_its_name = document.embed_file(file);
    }
    canvas::finish(document)
}

/// Each part as one or two texts; the two of a field stand beside each other.
fn wrapped(face: &Face<'_>, lines: &[Line]) -> Result<Vec<Vec<Wrapped>>, FontRefusal> {
    let text = |text: &str, x: f32, right: f32, look: Look| -> Result<Wrapped, FontRefusal> {
        let shaped = face.shape(&printable(text))?;
        let lines = fit::wrap(&shaped.measured, (right - x) / look.size);
        Ok(Wrapped { shaped, lines, x, look })
    };
    let part = |line: &Line| -> Result<Vec<Wrapped>, FontRefusal> {
        Ok(match line {
            Line::Title(words) => vec![text(words, LEFT, RIGHT, TITLE)?],
            Line::Heading(words) => vec![text(words, LEFT, RIGHT, HEADING)?],
            Line::Field(label, value) => {
                vec![text(label, LEFT, VALUE - 2.0, LABEL)?, text(value, VALUE, RIGHT, FIELD)?]
            }
            Line::Text(words) => vec![text(words, LEFT, RIGHT, FIELD)?],
            Line::Small(words) => vec![text(words, LEFT, RIGHT, SMALL)?],
        })
    };
    lines.iter().map(part).collect()
}

/// What somebody wrote, without line breaks and other characters that are not drawn.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Where every line stands, page by page. A heading stays with the line after it.
fn pages(parts: &[Vec<Wrapped>]) -> Vec<Vec<Placed<'_>>> {
    let mut pages: Vec<Vec<Placed<'_>>> = Vec::new();
    let (mut page, mut top) = (Vec::new(), TOP);
    for texts in parts {
        let Some(look) = texts.first().map(|text| text.look) else { continue };
        let step = fit::LINE * look.size;
        let rows = texts.iter().map(|text| text.lines.len()).max().unwrap_or(0);
        let together = if look.heavy { 3.0 * step } else { step };
        if top + look.above + together > BOTTOM && !page.is_empty() {
            pages.push(std::mem::take(&mut page));
            top = TOP;
        }
        top += look.above;
        for line in 0..rows {
            if top + step > BOTTOM {
                pages.push(std::mem::take(&mut page));
                top = TOP;
            }
            for text in texts {
                if let Some(range) = text.lines.get(line) {
                    let row =
                        Row { shaped: &text.shaped, line: range.clone(), size: text.look.size };
                    page.push(Placed { at: (text.x, top), row, look: text.look });
                }
            }
            top += step;
        }
    }
    pages.push(page);
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn font() -> Font {
        Font::find(None).expect("a Chinese font: scripts/setup installs one")
    }

    #[test]
    fn a_long_report_takes_several_pages_and_no_line_leaves_its_page() {
        let face_of = font();
        let face = face_of.face().unwrap();
        let mut lines = vec![Line::Title("证据文件".into())];
        for n in 0..200 {
            lines.push(Line::Heading(format!("第{n}项")));
            lines.push(Line::Field("说明".into(), "很长的说明".repeat(20)));
        }
        let parts = wrapped(&face, &lines).unwrap();
        let pages = pages(&parts);
        assert!(pages.len() > 10, "{}", pages.len());
        for page in &pages {
            assert!(!page.is_empty());
            let last = page.last().unwrap();
            assert!(!last.look.heavy, "a heading stands alone at the end of a page");
            for placed in page {
                let end = placed.at.1 + fit::LINE * placed.look.size;
                assert!(placed.at.1 >= TOP && end <= BOTTOM + 0.001, "{end}");
                let measured = &placed.row.shaped.measured[placed.row.line.clone()];
                let right = placed.at.0 + fit::width(measured) * placed.row.size;
                assert!(right <= RIGHT + 0.001, "{right}");
            }
        }
        let shown: usize = pages.iter().flatten().map(|p| p.row.line.len()).sum();
        let said: usize = parts.iter().flatten().map(|t| t.shaped.measured.len()).sum();
        assert_eq!(shown, said, "no character is lost");
    }

    #[test]
    fn a_character_the_font_lacks_is_named_and_a_line_break_is_a_blank() {
        let report = |text: &str| Report {
            title: "x".into(),
            lines: vec![Line::Text(text.into())],
            foot: Box::new(|page, pages| format!("{page}/{pages}")),
            attachment: None,
        };
        assert!(document(&font(), &report("甲\n乙\t丙")).unwrap().starts_with(b"%PDF"));
        let refused = document(&font(), &report("\u{10fffd}"));
        assert!(matches!(refused, Err(DrawError::Font(FontRefusal::Glyph { .. }))));
    }
}
