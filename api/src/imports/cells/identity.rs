//! Who a person is and where: names, ID numbers (GB 11643), unified social credit codes
//! (GB 32100) and phone numbers. No note repeats an ID number or a phone number.

use super::{CellValue, Parsed, compact, read_as, tidy};
use crate::imports::findings::{FindingCode, Note};
pub use crate::officers::rules::id_check_character;
pub use crate::organisations::rules::uscc_check_character;
use crate::platform::spelling::{is_dot, is_ideograph};
use chrono::{Datelike, NaiveDate};
use entities::enums::Gender;

/// Notes that people append to a name in rosters.
const NAME_SUFFIXES: &[&str] = &["(女)", "(男)", "(回族)", "(藏族)", "(临时)", "(借调)", "(退休)"];

/// A name of 2–50 characters; the dot within is `·` (U+00B7).
pub fn name(cell: &CellValue) -> Parsed<String> {
    let mut name = cell.tidy()?;
    let mut notes = Vec::new();
    let mut cut = false;
    while let Some(rest) = NAME_SUFFIXES.iter().find_map(|s| name.strip_suffix(s)) {
        name = rest.trim_end().to_owned();
        cut = true;
    }
    // Between Han characters a space only fills the width; between Latin words it belongs there.
    if name.chars().all(|c| c == ' ' || is_dot(c) || is_ideograph(c)) {
        name.retain(|c| c != ' ');
    }
    let dotted: String = name.chars().map(|c| if is_dot(c) { '·' } else { c }).collect();
    let mended_dot = dotted != name;
    if cut {
        notes.push(Note::new(FindingCode::NameSuffixRemoved).arg("read", &dotted));
    }
    if mended_dot {
        notes.push(Note::new(FindingCode::NameDotMended).arg("read", &dotted));
    }
    if !(2..=50).contains(&dotted.chars().count()) {
        return Err(Note::new(FindingCode::NameLength));
    }
    let strange =
        |c: char| !(c.is_alphabetic() || is_ideograph(c) || matches!(c, '·' | ' ' | '-' | '\''));
    if dotted.chars().any(strange) || dotted.starts_with('·') || dotted.ends_with('·') {
        return Err(Note::new(FindingCode::NameCharacters));
    }
    Ok((dotted, notes))
}

/// A citizen's ID number with what it says.
#[derive(Clone, PartialEq, Eq)]
#[cfg_attr(test, derive(Debug))]
pub struct IdNumber {
    /// 18 characters, a last `X` in capital.
    pub number: String,
    /// Digits 7–14.
    pub born_on: NaiveDate,
    /// Digit 17: odd is male.
    pub gender: Gender,
}

/// A citizen's ID number of 18 characters (GB 11643-1999).
pub fn id_number(cell: &CellValue) -> Parsed<IdNumber> {
    if let CellValue::Number(number) = cell {
        // Beyond 15 digits a spreadsheet has already rounded.
        return Err(if number.abs() >= 1e15 {
            Note::new(FindingCode::IdPrecisionLost)
        } else {
            id_note(&compact(&cell.tidy()?))
        });
    }
    let mut text = compact(&cell.tidy()?).to_uppercase();
    let mut notes = Vec::new();
    let bare = text.trim_start_matches(['\'', '‘', '’', '`', '′']);
    if bare.len() != text.len() {
        notes.push(Note::new(FindingCode::IdApostrophe));
        text = bare.to_owned();
    }
    let well_formed = text.len() == 18
        && text.chars().enumerate().all(|(i, c)| c.is_ascii_digit() || (i == 17 && c == 'X'));
    if !well_formed {
        return Err(id_note(&text));
    }
    let Some(born_on) = text.get(6..14).and_then(birth_date) else {
        return Err(Note::new(FindingCode::IdBirthDate));
    };
    let tail = text.ends_with("000");
    if id_check_character(&text) != text.chars().last() {
        let code = if tail { FindingCode::IdPrecisionLost } else { FindingCode::IdCheckDigit };
        return Err(Note::new(code));
    }
    if tail {
        notes.push(Note::new(FindingCode::IdTailZeros));
    }
    let odd = text.chars().nth(16).and_then(|c| c.to_digit(10)).is_some_and(|d| d % 2 == 1);
    let gender = if odd { Gender::Male } else { Gender::Female };
    Ok((IdNumber { number: text, born_on, gender }, notes))
}

/// Why `text` is no ID number, where its form alone says so.
fn id_note(text: &str) -> Note {
    let digits = text.chars().all(|c| c.is_ascii_digit());
    let exponent = text.contains("E+")
        && text.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'E' | '+'));
    if exponent {
        Note::new(FindingCode::IdPrecisionLost)
    } else if digits && text.len() == 15 {
        Note::new(FindingCode::IdFifteenDigits)
    } else if text.chars().all(|c| c.is_ascii_digit() || c == 'X') && text.len() != 18 {
        Note::new(FindingCode::IdLength).arg("length", text.len())
    } else {
        Note::new(FindingCode::IdCharacters)
    }
}

fn birth_date(digits: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(digits, "%Y%m%d").ok()?;
    (1900..=2100).contains(&date.year()).then_some(date)
}

/// The alphabet of GB 32100-2015: digits and capitals without I, O, S, V, Z.
const USCC_ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

/// A unified social credit code of 18 characters (GB 32100-2015).
pub fn uscc(cell: &CellValue) -> Parsed<String> {
    if let CellValue::Number(number) = cell
        && number.abs() >= 1e15
    {
        return Err(Note::new(FindingCode::UsccPrecisionLost));
    }
    let written = compact(&cell.tidy()?);
    let text = written.to_uppercase();
    let bare: String = text.chars().filter(|c| *c != '-').collect();
    if bare.len() == 9 && bare.chars().all(|c| c.is_ascii_alphanumeric()) {
        return Err(Note::new(FindingCode::UsccOldCode));
    }
    if text.contains("E+") && text.contains('.') {
        return Err(Note::new(FindingCode::UsccPrecisionLost));
    }
    let length = text.chars().count();
    if length != 18 {
        return Err(Note::new(FindingCode::UsccLength).arg("length", length));
    }
    if text.chars().all(|c| USCC_ALPHABET.contains(c)) {
        if uscc_check_character(&text) == text.chars().last() {
            let notes = if text == written { Vec::new() } else { vec![read_as(&written, &text)] };
            return Ok((text, notes));
        }
        return Err(Note::new(FindingCode::UsccCheckCharacter));
    }
    let likely: String = text
        .chars()
        .map(|c| match c {
            'O' => '0',
            'I' => '1',
            'Z' => '2',
            'S' => '5',
            other => other,
        })
        .collect();
    if likely.chars().all(|c| USCC_ALPHABET.contains(c)) {
        // The check character tells whether the letters were mistyped digits.
        return if uscc_check_character(&likely) == likely.chars().last() {
            let note = Note::new(FindingCode::UsccLettersMended).arg("read", &likely);
            Ok((likely, vec![note]))
        } else {
            Err(Note::new(FindingCode::UsccLetterForDigit))
        };
    }
    Err(Note::new(FindingCode::UsccCharacters))
}

/// A mobile number of 11 digits.
pub fn phone(cell: &CellValue) -> Parsed<String> {
    let text = tidy(&cell.tidy()?);
    let parts = text
        .split(['、', '/', ',', ';', ' ', '，', '；'])
        .filter(|p| p.chars().filter(char::is_ascii_digit).count() >= 7);
    if parts.count() > 1 {
        return Err(Note::new(FindingCode::PhoneTwoNumbers));
    }
    let bare: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '—' | '(' | ')')).collect();
    let (number, prefixed) = ["+86", "0086", "86"]
        .iter()
        .find_map(|p| bare.strip_prefix(p).filter(|rest| is_mobile(rest)))
        .map_or((bare.as_str(), false), |rest| (rest, true));
    if is_mobile(number) {
        let signs = bare.chars().count() != text.chars().filter(|c| *c != ' ').count();
        let code = if prefixed {
            Some(FindingCode::PhonePrefixRemoved)
        } else {
            signs.then_some(FindingCode::PhoneSignsRemoved)
        };
        return Ok((number.to_owned(), code.map(Note::new).into_iter().collect()));
    }
    let digits = number.chars().all(|c| c.is_ascii_digit());
    let landline = digits
        && (matches!(number.len(), 7 | 8) || (number.starts_with('0') && number.len() >= 10));
    Err(Note::new(if landline { FindingCode::PhoneLandline } else { FindingCode::PhoneInvalid }))
}

fn is_mobile(text: &str) -> bool {
    text.len() == 11
        && text.chars().all(|c| c.is_ascii_digit())
        && text.starts_with('1')
        && !matches!(text.chars().nth(1), Some('0' | '1' | '2'))
}
