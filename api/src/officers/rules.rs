//! The rules of the register of people: the form of names and numbers, exams and training, and
//! where employment may go. Pure: no database, no clock.

use chrono::{Datelike, NaiveDate};
use entities::enums::{CertificateState, DutyStatus, Employment, Gender};
use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::error::OfficerRefusal as Refusal;
use crate::policy::CertificationPolicy;

pub mod exams;
pub mod standings;

/// Characters of a person's name.
const NAME: std::ops::RangeInclusive<usize> = 2..=50;
/// Characters of a free text such as a position.
const TEXT: usize = 100;
/// The most training one record may hold: 999 hours, in minutes.
const MOST_MINUTES: i64 = 999 * 60;
/// The first year of which training is kept.
const FIRST_YEAR: i32 = 2000;

/// A person's name in NFC, without blanks at its ends: letters of any script, and between them
/// `·`, a blank, a hyphen or an apostrophe.
pub fn name(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let name: String = if is_nfc(text) { text.to_owned() } else { text.nfc().collect() };
    let joins = |c: char| matches!(c, '·' | ' ' | '-' | '\'');
    let good = NAME.contains(&name.chars().count())
        && name.chars().all(|c| c.is_alphabetic() || is_mark(c) || joins(c))
        && !name.starts_with(joins)
        && !name.ends_with(joins);
    if good { Ok(name) } else { Err(Refusal::NameInvalid) }
}

/// Marks that stand on letters (Uyghur, Tibetan and others) and the private-use characters by which
/// rare characters of names were once written.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c) || matches!(c, '\u{e000}'..='\u{f8ff}')
}

/// A free text that may be missing: trimmed, without control characters, at most 100 characters.
pub fn text(field: &'static str, text: Option<&str>) -> Result<Option<String>, Refusal> {
    let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
    if text.chars().count() > TEXT || text.chars().any(char::is_control) {
        return Err(Refusal::TextInvalid { field });
    }
    Ok(Some(text.to_owned()))
}

/// A citizen's ID number, GB 11643-1999.
#[derive(Clone, PartialEq, Eq)]
pub struct IdNumber {
    /// 18 characters, a last `X` in capital.
    pub number: String,
    /// Digits 7–14.
    pub born_on: NaiveDate,
    /// Digit 17: odd is male.
    pub gender: Gender,
}

/// Reads an ID number: 18 characters, a date of birth not after `today`, a right check character.
pub fn id_number(text: &str, today: NaiveDate) -> Result<IdNumber, Refusal> {
    read_id_number(text.trim(), today).ok_or(Refusal::IdNumberInvalid)
}

fn read_id_number(text: &str, today: NaiveDate) -> Option<IdNumber> {
    let number = text.to_ascii_uppercase();
    if number.len() != 18 || !number.ends_with(id_check_character(&number)?) {
        return None;
    }
    let born_on = NaiveDate::parse_from_str(number.get(6..14)?, "%Y%m%d").ok()?;
    if born_on.year() < 1900 || born_on > today {
        return None;
    }
    let odd = number.as_bytes().get(16)? % 2 == 1;
    Some(IdNumber { number, born_on, gender: if odd { Gender::Male } else { Gender::Female } })
}

/// The check character after 17 digits (ISO 7064 MOD 11-2); `None` where they are no digits.
pub fn id_check_character(digits: &str) -> Option<char> {
    let digits = digits.get(..17)?;
    let sum = digits.chars().try_fold(0, |sum, c| Some((sum + c.to_digit(10)?) * 2 % 11))?;
    match (12 - sum) % 11 {
        10 => Some('X'),
        check => char::from_digit(check, 10),
    }
}

/// A mobile number of 11 digits, blanks and a leading +86 taken off.
pub fn phone(text: &str) -> Result<String, Refusal> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    let digits = digits.strip_prefix("+86").unwrap_or(&digits);
    let good =
        digits.len() == 11 && digits.starts_with('1') && digits.bytes().all(|b| b.is_ascii_digit());
    if good { Ok(digits.to_owned()) } else { Err(Refusal::PhoneInvalid) }
}

/// The employment a person enters the register with.
pub const fn first_employment(duty: DutyStatus) -> Employment {
    match duty {
        DutyStatus::OnDuty | DutyStatus::SecondedOut | DutyStatus::SecondedIn => Employment::InPost,
        DutyStatus::OffDuty => Employment::OffPost,
        DutyStatus::Retired => Employment::Retired,
    }
}

/// Whether a roster's row agrees with what is known: it tells the employment of the row before it,
/// or the one that an act has led to since. An import changes no state.
pub fn agrees(known: DutyStatus, employment: Employment, row: DutyStatus) -> bool {
    [first_employment(known), employment].contains(&first_employment(row))
}

/// Whether employment may go from one state to another: in and off post and back, and out of
/// either for good. Who comes back is entered by a reversing act, not by a step of this table.
pub const fn may_become(from: Employment, to: Employment) -> bool {
    use Employment::{Deceased, Dismissed, InPost, OffPost, Resigned, Retired, Transferred};
    match (from, to) {
        (InPost, OffPost)
        | (OffPost, InPost)
        | (InPost | OffPost, Transferred | Resigned | Retired | Dismissed | Deceased)
        // A death can be learnt of after any other exit.
        | (Transferred | Resigned | Retired | Dismissed, Deceased) => true,
        _ => false,
    }
}

/// Which sitting of an exam comes after the last one, as (cycle, attempt): the resits of the policy
/// a cycle; failing again means off-post study and a new cycle.
pub const fn next_sitting(last: Option<(i32, i32)>, resits: i32) -> (i32, i32) {
    match last {
        None => (1, 1),
        Some((cycle, attempt)) if attempt <= resits => (cycle, attempt + 1),
        Some((cycle, _)) => (cycle + 1, 1),
    }
}

/// Whether a cycle is used up without a pass, so that off-post study is owed: `attempts` are the
/// attempts and scores of the cycle.
pub fn study_owed(attempts: &[(i32, i64)], policy: &CertificationPolicy) -> bool {
    attempts.iter().any(|(attempt, _)| *attempt > policy.resits)
        && attempts.iter().all(|(_, score)| *score < policy.pass_mark_tenths)
}

/// Whether a result can be: 0–100 points in tenths, not in the future.
pub fn exam(score_tenths: i64, taken_on: NaiveDate, today: NaiveDate) -> Result<(), Refusal> {
    if !(0..=1000).contains(&score_tenths) {
        Err(Refusal::ScoreInvalid)
    } else if taken_on > today || taken_on.year() < FIRST_YEAR {
        Err(Refusal::ExamDateInvalid)
    } else {
        Ok(())
    }
}

/// Minutes of training as hours to one decimal, cut.
pub fn hours(minutes: i64) -> String {
    match (minutes / 60, minutes % 60 / 6) {
        (whole, 0) => whole.to_string(),
        (whole, tenths) => format!("{whole}.{tenths}"),
    }
}

/// Whether training can be: of this year or one before, at most 999 hours in a record.
pub fn training(year: i32, minutes: i64, today: NaiveDate) -> Result<(), Refusal> {
    if !(FIRST_YEAR..=today.year()).contains(&year) {
        Err(Refusal::TrainingYearInvalid)
    } else if !(0..=MOST_MINUTES).contains(&minutes) {
        Err(Refusal::TrainingMinutesInvalid)
    } else {
        Ok(())
    }
}

/// A certificate's state on a day: what was to come into force or is in force has expired after
/// its last valid day, whether that has been recorded yet or not.
pub fn state_on(
    state: CertificateState,
    valid_until: NaiveDate,
    day: NaiveDate,
) -> CertificateState {
    match state {
        CertificateState::Issued | CertificateState::Active if day > valid_until => {
            CertificateState::Expired
        }
        other => other,
    }
}

/// States of which a person has at most one certificate; the database holds that by an index. What
/// is issued is not in force: one of those may wait beside.
pub const fn is_in_force(state: CertificateState) -> bool {
    matches!(state, CertificateState::Active | CertificateState::Suspended)
}

#[cfg(test)]
mod tests;
