//! Sheets of A4 for a batch: two cards across and five down, one cut between neighbours in a
//! column, marks for the cutter outside every card.

use super::canvas::{self, Align, Canvas, DrawError, Ink, Place, Style};
use super::card::{self, SIZE};
use super::fonts::Font;
use super::{Card, TEXTS};
use crate::platform::texts::Locale;

/// Cards of a sheet.
pub const CARDS: usize = COLUMNS * ROWS;
const COLUMNS: usize = 2;
const ROWS: usize = 5;

/// A4, in millimetres.
const PAPER: (f32, f32) = (210.0, 297.0);
/// Between the columns. The grid stands in the middle of the paper, so fronts and backs meet.
const GAP: f32 = 10.0;
const LEFT: [f32; COLUMNS] = {
    let first = PAPER.0 / 2.0 - GAP / 2.0 - SIZE.0;
    [first, first + SIZE.0 + GAP]
};
const TOP: [f32; ROWS] = {
    let first = (PAPER.1 - 5.0 * SIZE.1) / 2.0;
    [first, first + SIZE.1, first + 2.0 * SIZE.1, first + 3.0 * SIZE.1, first + 4.0 * SIZE.1]
};

/// A mark begins this far from the card and is this long.
const AWAY: f32 = 1.0;
const LONG: f32 = 3.0;
const MARK: Ink = Ink::Colour(0x40, 0x40, 0x40);
const MARK_WIDTH: f32 = 0.1;

/// Which sheet and side this is, below the marks.
const FOOT: Place = Place { x: 90.0, y: 288.4, w: 30.0, h: 3.4 };
const FOOT_STYLE: Style =
    Style { size: 2.2, ink: MARK, heavy: false, spaced: 0.0, align: Align::Centre };

/// A side of a sheet.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Front,
    Back,
}

/// Where a card stands on a side. Paper is turned on its long edge, so columns change places.
fn corner(place: usize, side: Side) -> Option<(f32, f32)> {
    let column = place % COLUMNS;
    let column = if side == Side::Front { column } else { COLUMNS - 1 - column };
    Some((*LEFT.get(column)?, *TOP.get(place / COLUMNS)?))
}

/// A document of two pages a sheet.
pub(super) fn document(font: &Font, cards: &[Card]) -> Result<Vec<u8>, DrawError> {
    let face = font.face()?;
    let title = [("cards", &*cards.len().to_string())];
    let mut document = canvas::begin(TEXTS.text(Locale::ZhCn, "document-sheets", &title));
    for (sheet, cards) in (1_usize..).zip(cards.chunks(CARDS)) {
        for side in [Side::Front, Side::Back] {
            canvas::page(&mut document, &face, PAPER, |canvas| {
                for (place, card) in cards.iter().enumerate() {
                    let Some(corner) = corner(place, side) else { break };
                    canvas.at(corner, |canvas| match side {
                        Side::Front => card::front(canvas, card),
                        Side::Back => card::back(canvas, &card.text),
                    })?;
                }
                marks(canvas);
                let id = if side == Side::Front { "sheet-front" } else { "sheet-back" };
                let foot = TEXTS.text(Locale::ZhCn, id, &[("sheet", &*sheet.to_string())]);
                canvas.text(FOOT, &foot, FOOT_STYLE)
            })?;
        }
    }
    canvas::finish(document)
}

/// Marks at the ends of every cut.
fn marks(canvas: &mut Canvas<'_, '_>) {
    let mut line = |from, to| canvas.line(from, to, MARK_WIDTH, MARK);
    let (upper, lower) = (TOP[0], TOP[ROWS - 1] + SIZE.1);
    for x in LEFT.into_iter().flat_map(|left| [left, left + SIZE.0]) {
        line((x, upper - AWAY - LONG), (x, upper - AWAY));
        line((x, lower + AWAY), (x, lower + AWAY + LONG));
    }
    for y in TOP.into_iter().chain([lower]) {
        for left in LEFT {
            let right = left + SIZE.0;
            line((left - AWAY - LONG, y), (left - AWAY, y));
            line((right + AWAY, y), (right + AWAY + LONG, y));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_back_of_a_card_lies_behind_its_front() {
        for place in 0..CARDS {
            let (front, back) =
                (corner(place, Side::Front).unwrap(), corner(place, Side::Back).unwrap());
            // Turned on its long edge: seen from the back, left is right.
            let behind = PAPER.0 - back.0 - SIZE.0;
            assert!((front.0 - behind).abs() < 0.001 && front.1.to_bits() == back.1.to_bits());
        }
        assert_eq!(corner(CARDS, Side::Front), None);
    }

    #[test]
    fn cards_lie_on_the_paper_with_room_for_the_marks() {
        let room = AWAY + LONG;
        assert!(LEFT[0] > room && PAPER.0 - LEFT[1] - SIZE.0 > room && GAP > 2.0 * room);
        assert!(TOP[0] > room + 5.0, "printers leave some 5 mm free");
        assert!((PAPER.1 - TOP[ROWS - 1] - SIZE.1 - TOP[0]).abs() < 0.001);
    }
}
