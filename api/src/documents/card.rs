//! The two sides of a card, 85.6 × 54 mm (domain §2): where everything stands is the table of
//! places below.
//!
//! The national emblem is not drawn: whoever prints the cards has it on their blanks or prints it
//! into the place that is marked. Nothing reaches the edge, so cards can be cut without bleed.

use std::fmt::Write as _;

use chrono::NaiveDate;
use krilla::image::Image;

use super::canvas::{self, Align, Canvas, DrawError, Ink, Place, Style};
use super::fonts::Font;
use super::{Card, CardText, TEXTS};
use crate::platform::texts::Locale;

/// The card's size (ISO/IEC 7810 ID-1), in millimetres.
pub(super) const SIZE: (f32, f32) = (85.6, 54.0);

const BLUE: Ink = Ink::Colour(0x1b, 0x3a, 0x6b);
const GOLD: Ink = Ink::Colour(0xb8, 0x92, 0x4a);
const GREY: Ink = Ink::Colour(0x5a, 0x65, 0x75);
const FAINT: Ink = Ink::Colour(0xb4, 0xba, 0xc4);

const LABEL: Style = Style { size: 2.5, ink: GREY, heavy: false, spaced: 0.0, align: Align::Left };
const VALUE: Style =
    Style { size: 3.0, ink: Ink::Black, heavy: false, spaced: 0.0, align: Align::Left };
/// Takes several lines where it must, from its label's height down.
const UNIT: Style = Style { align: Align::TopLeft, ..VALUE };
const NAME: Style = Style { size: 4.8, heavy: true, spaced: 0.06, ..VALUE };
const NUMBER: Style = Style { size: 3.5, heavy: true, ..VALUE };
const SMALL: Style = Style { size: 2.0, ..LABEL };
const TITLE: Style =
    Style { size: 7.0, ink: BLUE, heavy: true, spaced: 0.22, align: Align::Centre };
const TITLE_IN_ENGLISH: Style =
    Style { size: 2.6, ink: BLUE, heavy: false, spaced: 0.04, align: Align::Centre };
const MARK: Style =
    Style { size: 1.9, ink: FAINT, heavy: false, spaced: 0.0, align: Align::Centre };

const fn place(x: f32, y: f32, w: f32, h: f32) -> Place {
    Place { x, y, w, h }
}

/// Both sides: a bar and a line below the upper edge.
const BAR: Place = place(5.0, 4.2, 75.6, 0.9);
const BAR_LINE: Place = place(5.0, 5.5, 75.6, 0.2);

// The front. The photo is an identity photo's 26 × 32 mm; the code holds its quiet zone, so its
// dark modules end with the bar.
const PHOTO: Place = place(5.0, 8.4, 26.0, 32.0);
const FRONT_LABELS: [(&str, Place); 3] = [
    ("name", place(34.5, 8.6, 8.0, 6.4)),
    ("unit", place(34.5, 16.6, 8.0, 4.2)),
    ("number", place(34.5, 29.6, 8.0, 4.0)),
];
const NAME_AT: Place = place(43.5, 8.6, 37.1, 6.4);
const UNIT_AT: Place = place(43.5, 16.7, 37.1, 10.4);
const NUMBER_AT: Place = place(34.5, 34.0, 22.6, 6.4);
const CODE: Place = place(58.0, 27.6, 24.0, 24.0);
const SCAN_AT: [(&str, Place); 2] =
    [("scan", place(5.0, 43.6, 50.0, 2.8)), ("scan-domain", place(5.0, 46.8, 50.0, 2.8))];

// The back.
const EMBLEM: (f32, f32) = (42.8, 14.4);
const EMBLEM_RADIUS: f32 = 6.6;
const EMBLEM_MARKS: [(&str, Place); 2] =
    [("emblem", place(37.8, 11.9, 10.0, 2.5)), ("emblem-place", place(37.8, 14.4, 10.0, 2.5))];
const TITLE_AT: Place = place(5.0, 22.4, 75.6, 9.0);
const ENGLISH_AT: Place = place(5.0, 31.5, 75.6, 3.4);
const BACK_LINE: Place = place(14.0, 35.9, 57.6, 0.2);
const BACK_ROWS: [(&str, Place, Place); 3] = [
    ("authority", place(14.0, 36.7, 13.0, 5.4), place(28.5, 36.7, 52.0, 5.4)),
    ("validity", place(14.0, 42.1, 13.0, 4.0), place(28.5, 42.1, 52.0, 4.0)),
    ("domain", place(14.0, 46.8, 13.0, 4.0), place(28.5, 46.8, 52.0, 4.0)),
];

fn text(id: &str, args: &[(&str, &str)]) -> String {
    TEXTS.text(Locale::ZhCn, id, args)
}

fn title(card: &CardText, locale: Locale) -> String {
    TEXTS.text(locale, &format!("title-{}", card.kind.code()), &[])
}

fn day(day: NaiveDate) -> String {
    day.format("%Y.%m.%d").to_string()
}

/// All characters that stand on every card; a font without them is none for cards.
pub(super) fn words() -> String {
    let mut words: String = (' '..='~').collect();
    let labels = FRONT_LABELS.iter().map(|l| l.0).chain(EMBLEM_MARKS.iter().map(|m| m.0));
    for id in labels.chain(BACK_ROWS.iter().map(|row| row.0)) {
        words.push_str(&text(id, &[]));
    }
    for (id, _) in SCAN_AT {
        words.push_str(&text(id, &[("domain", "")]));
    }
    for kind in ["ENFORCEMENT_OFFICER", "SUPERVISION_OFFICER"] {
        // Writing to a string cannot fail.
        let _ = write!(words, "{}", text(&format!("title-{kind}"), &[]));
    }
    words.push_str(&text("sheet-front", &[("sheet", "")]));
    words.push_str(&text("sheet-back", &[("sheet", "")]));
    words
}

/// A document of two pages.
pub(super) fn document(font: &Font, card: &Card) -> Result<Vec<u8>, DrawError> {
    let face = font.face()?;
    let mut document = canvas::begin(text("document", &[("number", &card.text.number)]));
    canvas::page(&mut document, &face, SIZE, |canvas| front(canvas, card))?;
    canvas::page(&mut document, &face, SIZE, |canvas| back(canvas, &card.text))?;
    canvas::finish(document)
}

/// Draws the front with its corner at the canvas's.
pub(super) fn front(canvas: &mut Canvas<'_, '_>, card: &Card) -> Result<(), DrawError> {
    let CardText { name, unit, number, domain, .. } = &card.text;
    bar(canvas);
    let photo = Image::from_jpeg(card.photo.clone().into(), false).map_err(DrawError::Photo)?;
    canvas.picture(PHOTO, photo);
    canvas.frame(PHOTO, 0.15, FAINT);
    for (id, place) in FRONT_LABELS {
        canvas.text(place, &text(id, &[]), LABEL)?;
    }
    canvas.text(NAME_AT, name, NAME)?;
    canvas.text(UNIT_AT, unit, UNIT)?;
    canvas.text(NUMBER_AT, number, NUMBER)?;
    canvas.modules(CODE, &card.code);
    for (id, place) in SCAN_AT {
        canvas.text(place, &text(id, &[("domain", domain)]), SMALL)?;
    }
    Ok(())
}

/// Draws the back with its corner at the canvas's.
pub(super) fn back(canvas: &mut Canvas<'_, '_>, card: &CardText) -> Result<(), DrawError> {
    bar(canvas);
    canvas.dashed_circle(EMBLEM, EMBLEM_RADIUS, 0.15, FAINT);
    for (id, place) in EMBLEM_MARKS {
        canvas.text(place, &text(id, &[]), MARK)?;
    }
    canvas.text(TITLE_AT, &title(card, Locale::ZhCn), TITLE)?;
    canvas.text(ENGLISH_AT, &title(card, Locale::En), TITLE_IN_ENGLISH)?;
    canvas.block(BACK_LINE, GOLD);
    let days = [("from", &*day(card.valid_from)), ("until", &*day(card.valid_until))];
    let values =
        [card.issuing_authority.clone(), text("validity-days", &days), card.domain.clone()];
    for ((id, label, at), value) in BACK_ROWS.into_iter().zip(values) {
        canvas.text(label, &text(id, &[]), LABEL)?;
        canvas.text(at, &value, VALUE)?;
    }
    Ok(())
}

fn bar(canvas: &mut Canvas<'_, '_>) {
    canvas.block(BAR, BLUE);
    canvas.block(BAR_LINE, GOLD);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::documents::canvas::set;
    use crate::documents::fit::{LINE, width};

    /// The smallest size that is read without a glass, in millimetres: four points.
    const READABLE: f32 = 1.4;

    /// Names have 50 characters at most, agencies 100, hosts 28.
    #[test]
    fn no_words_leave_their_place_or_become_unreadable() {
        let font = Font::find(None).unwrap();
        let face = font.face().unwrap();
        let [authority, _, site] = BACK_ROWS.map(|row| row.2);
        proptest!(ProptestConfig::with_cases(300), |(
            name in "[一-龥·]{2,50}|[A-Z][a-z]{1,48}",
            unit in "[一-龥（）]{2,100}",
            number in "[0-9]{11}|甘执[0-9]{4}第[0-9]{6}号",
            domain in "[a-z.]{4,28}",
        )| {
            for (place, words, style) in [
                (NAME_AT, &name, NAME),
                (UNIT_AT, &unit, UNIT),
                (NUMBER_AT, &number, NUMBER),
                (authority, &unit, VALUE),
                (site, &domain, VALUE),
            ] {
                // Of the rare hanzi between 一 and 龥 a font may lack some.
                let Ok((shaped, fitted)) = set(&face, place, words, style) else { continue };
                prop_assert!(fitted.size >= READABLE, "{words}: {}", fitted.size);
                let tolerance = 1.000_1;
                for line in &fitted.lines {
                    let line = width(&shaped.measured[line.clone()]) * fitted.size;
                    prop_assert!(line <= place.w * tolerance, "{words}: {line}");
                }
                let lines = f32::from(u16::try_from(fitted.lines.len()).unwrap());
                prop_assert!(lines * LINE * fitted.size <= place.h * tolerance, "{words}");
            }
        });
    }

    #[test]
    fn the_places_of_a_side_do_not_overlap_and_lie_on_the_card() {
        let labels = FRONT_LABELS.map(|label| label.1);
        let front = [&[PHOTO, NAME_AT, UNIT_AT, NUMBER_AT, CODE, BAR, BAR_LINE][..], &labels];
        let back = BACK_ROWS.iter().flat_map(|row| [row.1, row.2]);
        let back = back.chain([TITLE_AT, ENGLISH_AT, BACK_LINE, BAR, BAR_LINE]).collect();
        let small = SCAN_AT.map(|scan| scan.1);
        for side in [[front.concat(), small.to_vec()].concat(), back] {
            for (n, one) in side.iter().enumerate() {
                assert!(one.x >= 4.0 && one.x + one.w <= SIZE.0 - 3.0, "{one:?}");
                assert!(one.y >= 4.0 && one.y + one.h <= SIZE.1 - 2.0, "{one:?}");
                for other in &side[n + 1..] {
                    let apart = one.x + one.w <= other.x
                        || other.x + other.w <= one.x
                        || one.y + one.h <= other.y + 0.001
                        || other.y + other.h <= one.y + 0.001;
                    assert!(apart, "{one:?} overlaps {other:?}");
                }
            }
        }
    }
}
