//! Fits a text into a rectangle: it rather shrinks a little than takes another line, which would
//! often hold one character; where no number of lines is enough it shrinks on. It never leaves the
//! rectangle, however long it is.

use std::ops::Range;

/// Height of a line in sizes of the font.
pub(super) const LINE: f32 = 1.25;
/// Down to this part of its full size a text rather shrinks than takes another line.
const STILL_LARGE: f32 = 0.8;
/// How much smaller each try is.
const STEP: f32 = 0.97;
/// What must not begin a line.
const CLOSING: &str = "，。、；：！？）》〉」』】〕”’·,.;:!?)]}%";

/// A character as the font measures it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Measured {
    /// The character.
    pub character: char,
    /// Its advance in sizes of the font.
    pub advance: f32,
}

/// How a text is set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fitted {
    /// Size of the font.
    pub size: f32,
    /// The characters of each line.
    pub lines: Vec<Range<usize>>,
}

/// The width of characters in sizes of the font.
pub(super) fn width(text: &[Measured]) -> f32 {
    text.iter().map(|m| m.advance).sum()
}

/// Sets a text into a rectangle, as large as it fits and no larger than `largest`. All lengths are
/// in one unit.
pub(super) fn fit(text: &[Measured], across: f32, down: f32, largest: f32) -> Fitted {
    let smallest = largest * STILL_LARGE;
    let (mut most, mut height) = (1, LINE * smallest);
    while height <= down {
        let mut size = largest;
        while size >= smallest {
            if let Some(fitted) = set(text, across, down, size).filter(|f| f.lines.len() <= most) {
                return fitted;
            }
            size *= STEP;
        }
        (most, height) = (most + 1, height + LINE * smallest);
    }
    let mut size = smallest;
    loop {
        if let Some(fitted) = set(text, across, down, size) {
            return fitted;
        }
        size *= STEP;
    }
}

/// The text at a size; `None` where it leaves the rectangle.
fn set(text: &[Measured], across: f32, down: f32, size: f32) -> Option<Fitted> {
    let lines = wrap(text, across / size);
    let height = lines.iter().fold(0.0_f32, |height, _| height + LINE * size);
    let narrow = |line: &Range<usize>| {
        text.get(line.clone()).is_some_and(|part| width(part) * size <= across)
    };
    (height <= down && lines.iter().all(narrow)).then_some(Fitted { size, lines })
}

/// Breaks a text into lines of at most `most` sizes of the font; only a character that is wider
/// itself goes beyond.
pub(super) fn wrap(text: &[Measured], most: f32) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut at, mut filled) = (0, 0, 0.0);
    while let Some(measured) = text.get(at) {
        if filled + measured.advance > most && at > start {
            let end = break_before(text, start, at);
            lines.push(trimmed(text, start..end));
            (start, at, filled) = (end, end, 0.0);
            continue;
        }
        filled += measured.advance;
        at += 1;
    }
    if start < text.len() {
        lines.push(trimmed(text, start..text.len()));
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// Where a line that reaches `at` at most ends: not inside a word, and not before what closes;
/// where there is no such place, at `at`.
fn break_before(text: &[Measured], start: usize, at: usize) -> usize {
    let character = |at: usize| text.get(at).map(|m| m.character);
    let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let allowed = |at: &usize| {
        let (before, after) = (character(at.saturating_sub(1)), character(*at));
        let inside = word(before) && word(after);
        !(inside || after.is_some_and(|c| CLOSING.contains(c)))
    };
    (start + 1..=at).rev().find(allowed).unwrap_or(at)
}

/// A line without blanks at its ends.
fn trimmed(text: &[Measured], line: Range<usize>) -> Range<usize> {
    let blank = |at: usize| text.get(at).is_some_and(|m| m.character.is_whitespace());
    let (mut start, mut end) = (line.start, line.end);
    while start < end && blank(start) {
        start += 1;
    }
    while end > start && blank(end - 1) {
        end -= 1;
    }
    start..end
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Full-width characters are as wide as high, others half.
    fn measured(text: &str) -> Vec<Measured> {
        let advance = |c: char| if c.is_ascii() || c == '·' { 0.5 } else { 1.0 };
        text.chars().map(|c| Measured { character: c, advance: advance(c) }).collect()
    }

    fn lines(text: &str, across: f32, down: f32, largest: f32) -> (f32, Vec<String>) {
        let measured = measured(text);
        let fitted = fit(&measured, across, down, largest);
        let line = |r: &Range<usize>| measured[r.clone()].iter().map(|m| m.character).collect();
        (fitted.size, fitted.lines.iter().map(line).collect())
    }

    #[test]
    fn a_short_text_keeps_its_size_and_a_longer_one_shrinks_before_it_breaks() {
        assert_eq!(lines("张三", 36.0, 10.0, 4.0), (4.0, vec!["张三".to_owned()]));
        let (size, one) = lines("兰州市城关区司法局", 33.0, 10.0, 4.0);
        assert!((3.5..3.7).contains(&size) && one == ["兰州市城关区司法局"], "{size} {one:?}");
        let (size, two) = lines("兰州市城关区市场监督管理局", 36.0, 11.0, 4.0);
        assert_eq!((size, two), (4.0, vec!["兰州市城关区市场监".into(), "督管理局".into()]));
        // Two lines a little smaller, and not a third for the last character.
        let (size, two) = lines("肃南裕固族自治县文化广电旅游体育局执法队", 36.0, 16.0, 4.0);
        assert!(size < 4.0 && two.len() == 2, "{size} {two:?}");
    }

    #[test]
    fn a_line_breaks_neither_in_a_word_nor_before_what_closes() {
        assert_eq!(lines("驻某地（临时）ABC办", 6.0, 9.0, 1.0).1, ["驻某地（临", "时）ABC办"]);
        assert_eq!(lines("甲乙丙丁，戊己庚辛", 4.0, 9.0, 1.0).1, ["甲乙丙", "丁，戊己", "庚辛"]);
        assert_eq!(lines("甲乙丙 ABC DEF", 4.0, 9.0, 1.0).1, ["甲乙丙", "ABC DEF"]);
    }

    #[test]
    fn nothing_fits_anywhere() {
        assert_eq!(lines("", 10.0, 3.0, 2.0), (2.0, vec![]));
        assert_eq!(lines(" ", 0.1, 3.0, 2.0).1, Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn no_text_leaves_its_rectangle_or_loses_a_character(
            text in "[甲乙丙，·（）a-zA-Z0-9 .]{0,200}",
            across in 1.0_f32..80.0,
            down in 1.0_f32..30.0,
            largest in 0.5_f32..8.0,
        ) {
            let measured = measured(&text);
            let fitted = fit(&measured, across, down, largest);
            prop_assert!(fitted.size <= largest);
            let tolerance = 1.000_1;
            for line in &fitted.lines {
                prop_assert!(width(&measured[line.clone()]) * fitted.size <= across * tolerance);
            }
            let count = f32::from(u16::try_from(fitted.lines.len()).unwrap());
            prop_assert!(count * LINE * fitted.size <= down * tolerance);
            let shown: String = fitted.lines.iter()
                .flat_map(|line| measured[line.clone()].iter().map(|m| m.character))
                .filter(|c| *c != ' ')
                .collect();
            prop_assert_eq!(shown, text.replace(' ', ""));
        }
    }
}
