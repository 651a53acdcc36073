//! Dates, scores and hours. Scores are tenths of a point, hours are minutes: integers only.

use super::{CellValue, Parsed, compact, read_as};
use crate::imports::findings::{FindingCode, Note};
use chrono::{Datelike, Days, NaiveDate};

/// The last day of a certificate, or none where it says 长期: to be confirmed.
pub fn date_or_long_term(cell: &CellValue) -> Parsed<Option<NaiveDate>> {
    match date(cell) {
        Err(note) if note.code == FindingCode::DateLongTerm => {
            Ok((None, vec![Note::new(FindingCode::PriorLongTerm)]))
        }
        parsed => parsed.map(|(day, notes)| (Some(day), notes)),
    }
}

/// A date, `YYYY-MM-DD`. Other forms that can mean one day only are read and noted.
pub fn date(cell: &CellValue) -> Parsed<NaiveDate> {
    if let CellValue::Date(date) = cell {
        // A date cell says one day and nothing else: there is nothing to confirm.
        return Ok((plausible(*date, &date.to_string())?, Vec::new()));
    }
    let whole = cell.tidy()?;
    // A moment at midnight is how some programs write a day.
    let midnight = [" 0:00", " 00:00", " 0:00:00", " 00:00:00"];
    let day = midnight.iter().find_map(|time| whole.strip_suffix(time)).unwrap_or(&whole);
    let text = compact(day);
    if ["长期", "永久", "无期限", "长期有效"].contains(&text.as_str()) {
        return Err(Note::new(FindingCode::DateLongTerm));
    }
    let invalid = || Note::new(FindingCode::DateInvalid).arg("value", &text);
    let numbers: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|p| !p.is_empty()).collect();
    let other_signs = text.chars().any(|c| {
        !(c.is_ascii_digit()
            || matches!(c, '-' | '.' | '/' | '年' | '月' | '日' | '号' | '—' | '–' | '。'))
    });
    let range = text.contains(['至', '到', '~', '～'])
        || numbers.len() >= 6
        || numbers.iter().filter(|n| n.len() == 8).count() > 1;
    if range {
        return Err(Note::new(FindingCode::DateRange));
    }
    if other_signs {
        return Err(invalid());
    }
    let read = match numbers.as_slice() {
        [year, month, day] if year.len() == 4 => ymd(year, month, day),
        [one] if one.len() == 8 => {
            ymd(one.get(..4).unwrap_or(""), one.get(4..6).unwrap_or(""), one.get(6..).unwrap_or(""))
        }
        [one] if one.len() == 5 && one.len() == text.len() => serial(one),
        _ => None,
    };
    let date = plausible(read.ok_or_else(invalid)?, &text)?;
    let canonical = date.to_string();
    let same = canonical == text && day.len() == whole.len();
    let notes = if same { Vec::new() } else { vec![read_as(&whole, &canonical)] };
    Ok((date, notes))
}

fn ymd(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    if month.len() > 2 || day.len() > 2 {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A day number of the 1900 date system of spreadsheets.
fn serial(digits: &str) -> Option<NaiveDate> {
    let days = digits.parse().ok()?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))
}

fn plausible(date: NaiveDate, text: &str) -> Result<NaiveDate, Note> {
    if (1950..=2100).contains(&date.year()) {
        Ok(date)
    } else {
        Err(Note::new(FindingCode::DateInvalid).arg("value", text))
    }
}

/// A score, 0–100 with one decimal, in tenths of a point.
pub fn score(cell: &CellValue) -> Parsed<i64> {
    let text = compact(&cell.tidy()?);
    match text.as_str() {
        "合格" | "不合格" | "通过" | "未通过" | "优秀" | "良好" | "及格" | "不及格" =>
        {
            return Err(Note::new(FindingCode::ScoreWord));
        }
        "缺考" | "未考" | "未参加" | "缓考" | "免考" => {
            return Err(Note::new(FindingCode::ScoreAbsent));
        }
        _ => {}
    }
    number(&text, &["分"], 100)
}

/// Training hours, 0–999 with one decimal, in minutes (60 to the hour).
pub fn minutes(cell: &CellValue) -> Parsed<i64> {
    let text = compact(&cell.tidy()?);
    if text.ends_with('天') || text.ends_with('日') {
        return Err(Note::new(FindingCode::HoursInDays));
    }
    let (tenths, notes) = number(&text, &["个学时", "学时", "课时", "个小时", "小时", "h"], 999)?;
    Ok((tenths * 6, notes))
}

/// A number from 0 to `most` with one decimal, in tenths; a unit behind it is taken off and noted.
fn number(text: &str, units: &[&str], most: i64) -> Parsed<i64> {
    let bare = units.iter().find_map(|u| text.strip_suffix(u)).unwrap_or(text);
    let invalid = || Note::new(FindingCode::NumberInvalid).arg("value", text);
    let out_of_range = || Note::new(FindingCode::NumberRange).arg("least", 0).arg("most", most);
    let digits = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    let (negative, unsigned) = bare.strip_prefix('-').map_or((false, bare), |rest| (true, rest));
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    if whole.is_empty() || fraction.is_empty() || !digits(whole) || !digits(fraction) {
        return Err(invalid());
    }
    let fraction = fraction.trim_end_matches('0');
    let whole = whole.trim_start_matches('0');
    if negative || whole.len() > 4 {
        return Err(out_of_range());
    }
    let tenth: i64 = match fraction.len() {
        0 => 0,
        1 => fraction.parse().map_err(|_| invalid())?,
        _ => return Err(Note::new(FindingCode::NumberPrecision)),
    };
    let whole: i64 = if whole.is_empty() { 0 } else { whole.parse().map_err(|_| invalid())? };
    let tenths = whole * 10 + tenth;
    if tenths > most * 10 {
        return Err(out_of_range());
    }
    let notes = if bare == text { Vec::new() } else { vec![read_as(text, bare)] };
    Ok((tenths, notes))
}
