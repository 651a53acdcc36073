//! What a person has passed and holds already: exams, the existing certificate, the photo's name.

use super::cursor::RowCursor;
use super::{Context, Match};
use crate::imports::cells::{CellValue, Parsed, choices, compact, free, measures, name_key};
use crate::imports::columns::Column;
use crate::imports::findings::{FindingCode, Note};
use crate::officers::existing::{Claim, MinistryCertificate};
use chrono::NaiveDate;
use entities::ids::AgencyId;
use serde::{Deserialize, Serialize};

/// The result of an exam.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exam {
    /// Tenths of a point, 0–1000.
    pub score_tenths: i64,
    /// The day it was taken.
    pub taken_on: NaiveDate,
}

/// An exam: score and date, or neither.
pub(super) fn exam(
    cursor: &mut RowCursor<'_>,
    score: Column,
    date: Column,
    today: NaiveDate,
) -> Option<Exam> {
    let points = cursor.optional(score, measures::score);
    let taken_on = past_date(cursor, date, today);
    for (given, missing) in [(score, date), (date, score)] {
        if cursor.has_cell(given) && !cursor.has_cell(missing) && !cursor.failed(given) {
            cursor.note(missing, Note::new(FindingCode::ExamIncomplete));
        }
    }
    Some(Exam { score_tenths: points?, taken_on: taken_on? })
}

fn past_date(cursor: &mut RowCursor<'_>, column: Column, today: NaiveDate) -> Option<NaiveDate> {
    let date = cursor.optional(column, measures::date)?;
    if date > today {
        cursor.note(column, Note::new(FindingCode::DateInFuture));
    }
    Some(date)
}

/// The columns of an existing certificate beside its number.
const PRIOR: [Column; 4] =
    [Column::PriorIssuer, Column::PriorIssued, Column::PriorUntil, Column::PriorState];

/// The existing certificate: with a number all of it, without a number nothing.
pub(super) fn prior(cursor: &mut RowCursor<'_>, context: &Context<'_>) -> Option<Claim> {
    let number = cursor.optional(Column::PriorNumber, prior_number);
    let issuer = prior_issuer(cursor, context);
    let issued_on = past_date(cursor, Column::PriorIssued, context.today);
    let valid_until = cursor.optional(Column::PriorUntil, measures::date_or_long_term);
    let state = cursor.optional(Column::PriorState, |c| choices::PRIOR_STATES.parse(c));
    if issued_on.zip(valid_until.flatten()).is_some_and(|(from, until)| until < from) {
        cursor.note(Column::PriorUntil, Note::new(FindingCode::DateOrder));
    }
    if !cursor.has_cell(Column::PriorNumber) && PRIOR.iter().any(|c| cursor.has_cell(*c)) {
        cursor.note(Column::PriorNumber, Note::new(FindingCode::PriorWithoutNumber));
    }
    let number = number??;
    cursor.note_number_twice(&number);
    for column in PRIOR {
        if !cursor.has_cell(column) {
            cursor.note(column, Note::new(FindingCode::PriorIncomplete));
        }
    }
    let (issuer, issuing_agency) = issuer?;
    Some(Claim {
        number,
        issuer,
        issuing_agency,
        issued_on: issued_on?,
        valid_until: valid_until?,
        state: state?,
    })
}

/// Whether the row speaks of an existing certificate whose details are at fault: then it is no
/// applicant's.
pub(super) fn names_prior(cursor: &RowCursor<'_>) -> bool {
    cursor.failed(Column::PriorNumber) || PRIOR.iter().any(|c| cursor.failed(*c))
}

/// The number of a certificate as written; `None` where the cell says there is none yet.
pub(super) fn prior_number(cell: &CellValue) -> Parsed<Option<String>> {
    let text = compact(&cell.tidy()?);
    if ["无", "/", "-", "—"].contains(&text.as_str()) {
        return Ok((None, Vec::new()));
    }
    if ["办理中", "正在办理", "待发", "申领中", "未办理"].contains(&text.as_str()) {
        return Ok((None, vec![Note::new(FindingCode::PriorNumberPending)]));
    }
    let invalid = Note::new(FindingCode::PriorNumberInvalid);
    let plain =
        |c: char| c.is_alphanumeric() || matches!(c, '-' | '(' | ')' | '〔' | '〕' | '[' | ']');
    if !(4..=40).contains(&text.chars().count())
        || !text.chars().all(plain)
        || !text.chars().any(|c| c.is_ascii_digit())
    {
        return Err(invalid);
    }
    match cell {
        CellValue::Number(number) if number.abs() >= 1e15 => Err(invalid),
        CellValue::Number(_) => {
            let note = Note::new(FindingCode::PriorNumberAsNumber).arg("read", &text);
            Ok((Some(text), vec![note]))
        }
        _ => Ok((Some(text), Vec::new())),
    }
}

/// The issuer as written, and the agency that it is. An unknown one is a question, not an error: it
/// may have been merged or abolished since, and the justice department sees it as an exception.
fn prior_issuer(
    cursor: &mut RowCursor<'_>,
    context: &Context<'_>,
) -> Option<(String, Option<AgencyId>)> {
    let name = cursor.optional(Column::PriorIssuer, free)?;
    let agency = match context.register.issuer_by_name(&name_key(&name)) {
        Match::Exact(agency) => Some(agency.id),
        Match::Other(agency) => {
            let note = Note::new(FindingCode::AgencyOtherName).arg("value", &name);
            cursor.note(Column::PriorIssuer, note.arg("read", &agency.name));
            Some(agency.id)
        }
        Match::Ambiguous | Match::Unknown => {
            let note = Note::new(FindingCode::PriorIssuerUnknown).arg("value", &name);
            cursor.note(Column::PriorIssuer, note);
            None
        }
    };
    Some((name, agency))
}

/// A ministry's certificate: its kind, and its number where one stands behind it.
pub(super) fn ministry(cell: &CellValue) -> Parsed<MinistryCertificate> {
    let text = cell.tidy()?;
    let stem = text.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    let number = text.strip_prefix(stem).filter(|n| n.chars().any(|c| c.is_ascii_digit()));
    let kind = if number.is_some() { stem } else { text.as_str() };
    let kind = kind.trim_end_matches([' ', ':', '：', ',', '，', '、', '号']);
    // A number alone is kept as it stands.
    let (kind, number) = if kind.is_empty() { (text.as_str(), None) } else { (kind, number) };
    let number = number.map(str::to_owned);
    Ok((MinistryCertificate { kind: kind.to_owned(), number }, Vec::new()))
}

/// The name of a photo's file: a plain jpg or png name.
pub(super) fn photo(cell: &CellValue) -> Parsed<String> {
    // A picture in the cell itself reads as an error of the spreadsheet.
    if matches!(cell, CellValue::Error(_)) {
        return Err(Note::new(FindingCode::PhotoName));
    }
    let name = cell.tidy()?;
    let lower = name.to_lowercase();
    let picture =
        [".jpg", ".jpeg", ".png"].iter().any(|e| lower.len() > e.len() && lower.ends_with(e));
    if !picture || name.contains(['/', '\\', ':']) || name.chars().count() > 120 {
        return Err(Note::new(FindingCode::PhotoName));
    }
    Ok((name, Vec::new()))
}
