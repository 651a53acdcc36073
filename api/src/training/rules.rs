//! The rules of training and exams: what a session may be, who may sit an exam, and whether a year
//! has its hours. Pure: no database, no clock.

use chrono::{Datelike, Days, NaiveDate};
use entities::enums::{
    Employment, ExamOutcome, ExamSubject, PersonKind, StandingKind, TrainingState,
};

use super::error::TrainingRefusal as Refusal;
use crate::officers::facts::PersonFacts;
use crate::officers::rules::exams::{self, ExamStanding};
use crate::officers::rules::{hours, next_sitting, standings};
use crate::platform::spelling::has_control;
use crate::policy::CertificationPolicy;

/// Characters of a title or a place.
const TEXT: usize = 100;
/// Characters of a reason.
const REASON: usize = 1_000;
/// The longest session: 999 hours, in minutes.
const MOST_MINUTES: i64 = 999 * 60;
/// How far from today a session or sitting may lie, in days.
const FAR: u64 = 732;

/// A title or a place: trimmed, 1–100 characters, none of them a control character.
pub fn text(field: &'static str, text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let good = (1..=TEXT).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if good { Ok(text.to_owned()) } else { Err(Refusal::TextInvalid { field }) }
}

/// A reason: trimmed, at most 1,000 characters, never empty, with no control character but line
/// breaks and tabs.
pub fn reason(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Refusal::ReasonMissing),
        n if n > REASON => Err(Refusal::TextTooLong { most: REASON }),
        _ if has_control(text) => Err(Refusal::ReasonInvalid),
        _ => Ok(text.to_owned()),
    }
}

/// Whether a session can be: its days in order, near and in one calendar year, its length more than
/// nothing.
pub fn session(
    starts: NaiveDate,
    ends: NaiveDate,
    minutes: i64,
    today: NaiveDate,
) -> Result<(), Refusal> {
    if starts > ends || !near(starts, today) || !near(ends, today) {
        Err(Refusal::DatesInvalid)
    } else if starts.year() != ends.year() {
        Err(Refusal::TwoYears)
    } else if !(1..=MOST_MINUTES).contains(&minutes) {
        Err(Refusal::LengthInvalid)
    } else {
        Ok(())
    }
}

/// Whether a day lies within two years of today.
pub fn near(day: NaiveDate, today: NaiveDate) -> bool {
    let from = today.checked_sub_days(Days::new(FAR)).unwrap_or(NaiveDate::MIN);
    let until = today.checked_add_days(Days::new(FAR)).unwrap_or(NaiveDate::MAX);
    (from..=until).contains(&day)
}

/// Where a session may go: held, then closed; cancelled before it is held. Closed is for good.
pub const fn may_become(from: TrainingState, to: TrainingState) -> bool {
    use TrainingState::{Cancelled, Closed, Held, Planned};
    matches!((from, to), (Planned, Held | Cancelled) | (Held, Closed))
}

/// Whether minutes of attendance can be: nothing up to the session's length.
pub fn attendance(minutes: i64, length: i64) -> Result<(), Refusal> {
    if (0..=length).contains(&minutes) {
        Ok(())
    } else {
        Err(Refusal::MinutesBeyondSession { hours: hours(length) })
    }
}

/// What a sitting says of itself to whoever wants to sit.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// Which exam.
    pub subject: ExamSubject,
    /// The field it is for, where it is for one.
    pub field: Option<&'a str>,
    /// Day of the exam.
    pub held_on: NaiveDate,
    /// Whether it takes resits.
    pub resits_allowed: bool,
}

/// Whether a person may sit an exam: an officer in post, who has not passed it and owes no off-post
/// study. `today` decides on the standing.
pub fn registration(
    facts: &PersonFacts,
    terms: &Terms<'_>,
    policy: &CertificationPolicy,
    today: NaiveDate,
) -> Result<(), Refusal> {
    let person = &facts.person;
    if !matches!(person.kind, PersonKind::EnforcementOfficer | PersonKind::SupervisionOfficer) {
        return Err(Refusal::CandidateKindExcluded);
    }
    if person.employment != Employment::InPost {
        return Err(Refusal::CandidateNotInPost);
    }
    let works_in = |field: &str| {
        person.field_codes.as_array().is_some_and(|codes| codes.iter().any(|c| c == field))
    };
    if terms.field.is_some_and(|field| !works_in(field)) {
        return Err(Refusal::CandidateFieldDiffers);
    }
    if exams::standing(&facts.exams, terms.subject, policy) == ExamStanding::Passed {
        return Err(Refusal::PassedAlready);
    }
    let owes = facts.standings.iter().any(|standing| {
        standing.kind == StandingKind::RetrainingOwed && standings::bars(standing, policy, today)
    });
    if owes {
        return Err(Refusal::StudyOwed);
    }
    let last = facts
        .exams
        .iter()
        .filter(|e| e.subject == terms.subject)
        .max_by_key(|e| (e.cycle, e.attempt));
    if last.is_some_and(|last| terms.held_on <= last.taken_on) {
        return Err(Refusal::ExamOutOfOrder);
    }
    let (_, attempt) = next_sitting(last.map(|e| (e.cycle, e.attempt)), policy.resits);
    if attempt > 1 && !terms.resits_allowed {
        return Err(Refusal::ResitNotAllowed);
    }
    Ok(())
}

/// Whether an outcome is whole: a score of 0–100 points in tenths, or none where there was no exam.
pub fn outcome(outcome: ExamOutcome, score_tenths: Option<i64>) -> Result<(), Refusal> {
    let whole = match (outcome, score_tenths) {
        (ExamOutcome::Scored, Some(score)) => (0..=1000).contains(&score),
        (ExamOutcome::Absent | ExamOutcome::Disqualified, None) => true,
        _ => false,
    };
    if whole { Ok(()) } else { Err(Refusal::ScoreInvalid) }
}

/// The score that an outcome counts with: none where it is no attempt (缺考).
pub const fn counted_score(outcome: ExamOutcome, score_tenths: Option<i64>) -> Option<i64> {
    match outcome {
        ExamOutcome::Scored => score_tenths,
        ExamOutcome::Disqualified => Some(0),
        ExamOutcome::Absent => None,
    }
}

#[cfg(test)]
mod tests;
