//! A page measured in millimetres from its upper left corner, over the PDF library.

use std::ops::Range;

use krilla::color::{luma, rgb};
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::image::Image;
use krilla::metadata::Metadata;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Paint, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::{Document, SerializeSettings};

use super::error::FontRefusal;
use super::fit::{self, Fitted};
use super::fonts::{Face, Shaped};
use crate::platform::texts::Locale;

/// Points of a millimetre.
const POINTS: f32 = 72.0 / 25.4;
/// Where the baseline of a line lies below its top, in sizes of the font: hanzi then stand in the
/// middle of the line.
const BASELINE: f32 = 1.0;
/// A stroke around each letter of a heavy text, in sizes of the font.
const HEAVY: f32 = 0.028;
/// How round a circle of four curves is.
const ROUND: f32 = 0.552_285;

/// Why a document was not drawn.
#[derive(Debug, thiserror::Error)]
pub enum DrawError {
    /// The font cannot show it; what was checked before never comes to this.
    #[error("{0:?}")]
    Font(FontRefusal),
    /// The photo is no JPEG.
    #[error("a photo cannot be read: {0}")]
    Photo(String),
    /// The library failed.
    #[error("the document cannot be written: {0}")]
    Library(String),
}

impl From<FontRefusal> for DrawError {
    fn from(refusal: FontRefusal) -> Self {
        Self::Font(refusal)
    }
}

/// A rectangle in millimetres from the upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub x: f32,
    pub y: f32,
    pub w: f32,
    pub h: f32,
}

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ink {
    /// Black alone.
    Black,
    /// Red, green and blue.
    Colour(u8, u8, u8),
}

impl Ink {
    fn paint(self) -> Paint {
        match self {
            Self::Black => luma::Color::black().into(),
            Self::Colour(red, green, blue) => rgb::Color::new(red, green, blue).into(),
        }
    }
}

/// Where lines of a text stand in their rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// From the left, in the middle of the height.
    Left,
    /// From the left and the top.
    TopLeft,
    /// In the middle both ways.
    Centre,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Style {
    /// Its largest size in millimetres.
    pub size: f32,
    pub ink: Ink,
    pub heavy: bool,
    /// Space after each character, in sizes of the font.
    pub spaced: f32,
    pub align: Align,
}

/// A line of a text that was wrapped.
pub(super) struct Row<'a> {
    pub shaped: &'a Shaped,
    pub line: Range<usize>,
    pub size: f32,
}

/// A new document.
pub(super) fn begin(title: String) -> Document {
    let mut document = Document::new_with(SerializeSettings {
        enable_tagging: false,
        ..SerializeSettings::default()
    });
    let language = Locale::ZhCn.tag().to_owned();
    document.set_metadata(Metadata::new().title(title).language(language));
    document
}

/// The bytes of a document.
pub(super) fn finish(document: Document) -> Result<Vec<u8>, DrawError> {
    document.finish().map_err(|error| DrawError::Library(error.to_string()))
}

/// Draws a page of a size in millimetres.
pub(super) fn page<E: From<DrawError>>(
    document: &mut Document,
    face: &Face<'_>,
    (across, down): (f32, f32),
    draw: impl FnOnce(&mut Canvas<'_, '_>) -> Result<(), E>,
) -> Result<(), E> {
    let settings = PageSettings::from_wh(across * POINTS, down * POINTS)
        .ok_or_else(|| DrawError::Library("a page without a size".to_owned()))?;
    let mut page = document.start_page_with(settings);
    let mut surface = page.surface();
    surface.push_transform(&Transform::from_scale(POINTS, POINTS));
    let drawn = draw(&mut Canvas { surface: &mut surface, face });
    surface.pop();
    surface.finish();
    page.finish();
    drawn
}

/// Sets a text into a rectangle.
pub(super) fn set(
    face: &Face<'_>,
    place: Place,
    text: &str,
    style: Style,
) -> Result<(Shaped, Fitted), FontRefusal> {
    let mut shaped = face.shape(text)?;
    let last = shaped.glyphs.len().saturating_sub(1);
    for glyph in shaped.glyphs.iter_mut().take(last) {
        glyph.x_advance += style.spaced;
    }
    for measured in shaped.measured.iter_mut().take(last) {
        measured.advance += style.spaced;
    }
    let fitted = fit::fit(&shaped.measured, place.w, place.h, style.size);
    Ok((shaped, fitted))
}

/// What is drawn on.
pub(super) struct Canvas<'a, 's> {
    surface: &'a mut Surface<'s>,
    face: &'a Face<'a>,
}

impl Canvas<'_, '_> {
    /// Draws with its corner at a point.
    pub fn at<E>(
        &mut self,
        (x, y): (f32, f32),
        draw: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.surface.push_transform(&Transform::from_translate(x, y));
        let drawn = draw(self);
        self.surface.pop();
        drawn
    }

    /// A filled rectangle.
    pub fn block(&mut self, place: Place, ink: Ink) {
        let mut path = PathBuilder::new();
        if let Some(rect) = Rect::from_xywh(place.x, place.y, place.w, place.h) {
            path.push_rect(rect);
        }
        self.fill(path, ink);
    }

    /// The outline of a rectangle.
    pub fn frame(&mut self, place: Place, width: f32, ink: Ink) {
        let mut path = PathBuilder::new();
        if let Some(rect) = Rect::from_xywh(place.x, place.y, place.w, place.h) {
            path.push_rect(rect);
        }
        self.stroke(path, width, ink, None);
    }

    /// A line between two points.
    pub fn line(&mut self, from: (f32, f32), to: (f32, f32), width: f32, ink: Ink) {
        let mut path = PathBuilder::new();
        path.move_to(from.0, from.1);
        path.line_to(to.0, to.1);
        self.stroke(path, width, ink, None);
    }

    /// The dashed outline of a circle.
    pub fn dashed_circle(&mut self, (x, y): (f32, f32), r: f32, width: f32, ink: Ink) {
        let c = r * ROUND;
        let mut path = PathBuilder::new();
        path.move_to(x + r, y);
        path.cubic_to(x + r, y + c, x + c, y + r, x, y + r);
        path.cubic_to(x - c, y + r, x - r, y + c, x - r, y);
        path.cubic_to(x - r, y - c, x - c, y - r, x, y - r);
        path.cubic_to(x + c, y - r, x + r, y - c, x + r, y);
        path.close();
        self.stroke(path, width, ink, Some(StrokeDash { array: vec![0.6, 0.6], offset: 0.0 }));
    }

    /// A text in a rectangle, no larger than its style says and never beyond it.
    pub fn text(&mut self, place: Place, text: &str, style: Style) -> Result<(), DrawError> {
        let (shaped, fitted) = set(self.face, place, text, style)?;
        self.lines(place, &shaped, &fitted, style);
        Ok(())
    }

    /// One line of a text that was wrapped already, at its full size from a corner.
    pub fn row(&mut self, (x, top): (f32, f32), row: &Row<'_>, ink: Ink, heavy: bool) {
        let paint = ink.paint();
        self.surface.set_fill(Some(Fill { paint: paint.clone(), ..Fill::default() }));
        let stroke = Stroke { paint, width: HEAVY * row.size, ..Stroke::default() };
        self.surface.set_stroke(heavy.then_some(stroke));
        let glyphs = row.shaped.glyphs.get(row.line.clone()).unwrap_or_default();
        let start = Point::from_xy(x, top + BASELINE * row.size);
        let font = self.face.krilla();
        self.surface.draw_glyphs(start, glyphs, font, &row.shaped.text, row.size, false);
    }

    fn lines(&mut self, place: Place, shaped: &Shaped, fitted: &Fitted, style: Style) {
        let size = fitted.size;
        let height = fitted.lines.iter().fold(0.0_f32, |height, _| height + fit::LINE * size);
        let mut top = match style.align {
            Align::TopLeft => place.y,
            Align::Left | Align::Centre => place.y + (place.h - height) / 2.0,
        };
        let paint = style.ink.paint();
        self.surface.set_fill(Some(Fill { paint: paint.clone(), ..Fill::default() }));
        let stroke = Stroke { paint, width: HEAVY * size, ..Stroke::default() };
        self.surface.set_stroke(style.heavy.then_some(stroke));
        for line in &fitted.lines {
            let measured = shaped.measured.get(line.clone()).unwrap_or_default();
            let glyphs = shaped.glyphs.get(line.clone()).unwrap_or_default();
            let x = match style.align {
                Align::Left | Align::TopLeft => place.x,
                Align::Centre => place.x + (place.w - fit::width(measured) * size) / 2.0,
            };
            let start = Point::from_xy(x, top + BASELINE * size);
            let font = self.face.krilla();
            self.surface.draw_glyphs(start, glyphs, font, &shaped.text, size, false);
            top += fit::LINE * size;
        }
    }

    /// A picture over a whole rectangle.
    pub fn picture(&mut self, place: Place, image: Image) {
        if let Some(size) = Size::from_wh(place.w, place.h) {
            self.surface.push_transform(&Transform::from_translate(place.x, place.y));
            self.surface.draw_image(image, size);
            self.surface.pop();
        }
    }

    /// The modules of a code over a whole rectangle, as one path: a run of dark modules is a bar.
    pub fn modules(&mut self, place: Place, rows: &[Vec<bool>]) {
        let side = rows.iter().fold(0.0_f32, |side, _| side + 1.0);
        let mut path = PathBuilder::new();
        let mut y = 0.0;
        for row in rows {
            let mut x = 0.0;
            for run in row.chunk_by(|one, next| one == next) {
                let length = run.iter().fold(0.0_f32, |length, _| length + 1.0);
                if run.first() == Some(&true)
                    && let Some(bar) = Rect::from_xywh(x, y, length, 1.0)
                {
                    path.push_rect(bar);
                }
                x += length;
            }
            y += 1.0;
        }
        let scale = Transform::from_row(place.w / side, 0.0, 0.0, place.h / side, place.x, place.y);
        self.surface.push_transform(&scale);
        self.fill(path, Ink::Black);
        self.surface.pop();
    }

    fn fill(&mut self, path: PathBuilder, ink: Ink) {
        if let Some(path) = path.finish() {
            self.surface.set_stroke(None);
            self.surface.set_fill(Some(Fill { paint: ink.paint(), ..Fill::default() }));
            self.surface.draw_path(&path);
        }
    }

    fn stroke(&mut self, path: PathBuilder, width: f32, ink: Ink, dash: Option<StrokeDash>) {
        if let Some(path) = path.finish() {
            self.surface.set_fill(None);
            let paint = ink.paint();
            self.surface.set_stroke(Some(Stroke { paint, width, dash, ..Stroke::default() }));
            self.surface.draw_path(&path);
        }
    }
}
