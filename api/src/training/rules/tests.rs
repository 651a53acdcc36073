//! Who may sit which exam, as a table; what a session may be.

use chrono::{DateTime, NaiveDate};
use entities::enums::{
    DutyStatus, Employment, Establishment, ExamOutcome, ExamSubject, PersonKind, StandingKind,
    TrainingState,
};
use entities::ids::{AgencyId, ExamResultId, PersonId, StandingId};
use entities::{exam_result, person, standing};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A result of the public-law exam: cycle, attempt, score, day.
fn result(cycle: i32, attempt: i32, score: i64, on: &str) -> exam_result::Model {
    exam_result::Model {
        id: ExamResultId(Uuid::nil()),
        person_id: PersonId(Uuid::nil()),
        subject: ExamSubject::PublicLaw,
        cycle,
        attempt,
        score_tenths: score,
        taken_on: day(on),
        source: "test".into(),
        recorded_at: DateTime::UNIX_EPOCH,
        sitting_id: None,
    }
}

fn owed(lasts: bool) -> standing::Model {
    standing::Model {
        id: StandingId(Uuid::nil()),
        person_id: PersonId(Uuid::nil()),
        kind: if lasts { StandingKind::RetrainingOwed } else { StandingKind::RecentSanction },
        from_on: day("2026-01-01"),
        until_on: None,
        source: "test".into(),
        recorded_at: DateTime::UNIX_EPOCH,
        recorded_by: None,
        lifted_at: None,
        lifted_by: None,
        lift_reason: None,
    }
}

fn facts(exams: Vec<exam_result::Model>, standings: Vec<standing::Model>) -> PersonFacts {
    PersonFacts {
        person: person::Model {
            id: PersonId(Uuid::nil()),
            kind: PersonKind::EnforcementOfficer,
            name: "王伟".into(),
            gender: None,
            id_number_sealed: vec![],
            id_number_index: vec![],
            phone_sealed: None,
            phone_index: None,
            agency_id: AgencyId(Uuid::nil()),
            internal_unit: None,
            establishment: Establishment::Administrative,
            duty: DutyStatus::OnDuty,
            employment: Employment::InPost,
            position: None,
            field_codes: json!(["market"]),
            area_code: "620102".into(),
            photo_file: None,
            photo_sha256: None,
            created_at: DateTime::UNIX_EPOCH,
            updated_at: DateTime::UNIX_EPOCH,
        },
        standings,
        exams,
        training_minutes: BTreeMap::new(),
    }
}

fn terms(resits_allowed: bool) -> Terms<'static> {
    Terms {
        subject: ExamSubject::PublicLaw,
        field: None,
        held_on: day("2026-03-02"),
        resits_allowed,
    }
}

fn asked(facts: &PersonFacts, resits_allowed: bool) -> Result<(), Refusal> {
    let policy = CertificationPolicy::default();
    registration(facts, &terms(resits_allowed), &policy, day("2026-02-20"))
}

#[test]
fn the_table_of_first_exams_resits_and_new_cycles() {
    let failed = || result(1, 1, 599, "2026-01-10");
    let failed_again = || result(1, 2, 300, "2026-01-20");
    let other = exam_result::Model { subject: ExamSubject::ProfessionalLaw, ..failed() };
    // What is known, whether study is owed, and the answers of a sitting without and with resits.
    let cases = [
        (vec![], false, Ok(()), Ok(())),
        (vec![failed()], false, Err(Refusal::ResitNotAllowed), Ok(())),
        (vec![other], false, Ok(()), Ok(())),
        (vec![failed(), failed_again()], true, Err(Refusal::StudyOwed), Err(Refusal::StudyOwed)),
        // The study was confirmed: a new cycle begins, which is no resit.
        (vec![failed(), failed_again()], false, Ok(()), Ok(())),
        (
            vec![failed(), failed_again(), result(2, 1, 500, "2026-02-01")],
            false,
            Err(Refusal::ResitNotAllowed),
            Ok(()),
        ),
        (
            vec![failed(), result(1, 2, 600, "2026-01-20")],
            false,
            Err(Refusal::PassedAlready),
            Err(Refusal::PassedAlready),
        ),
        (
            vec![result(1, 1, 599, "2026-03-02")],
            false,
            Err(Refusal::ExamOutOfOrder),
            Err(Refusal::ExamOutOfOrder),
        ),
    ];
    for (number, (exams, owes, first, resit)) in cases.into_iter().enumerate() {
        let facts = facts(exams, if owes { vec![owed(true)] } else { vec![owed(false)] });
        assert_eq!(asked(&facts, false), first, "case {number} without resits");
        assert_eq!(asked(&facts, true), resit, "case {number} with resits");
    }
}

#[test]
fn only_officers_in_post_and_of_the_field_sit() {
    let with = |change: fn(&mut person::Model)| {
        let mut facts = facts(vec![], vec![]);
        change(&mut facts.person);
        facts
    };
    for kind in [PersonKind::AuxiliaryStaff, PersonKind::ClericalStaff] {
        let mut facts = facts(vec![], vec![]);
        facts.person.kind = kind;
        assert_eq!(asked(&facts, true), Err(Refusal::CandidateKindExcluded), "{kind:?}");
    }
    let supervisor = with(|p| p.kind = PersonKind::SupervisionOfficer);
    assert_eq!(asked(&supervisor, true), Ok(()));
    let off_post = with(|p| p.employment = Employment::OffPost);
    assert_eq!(asked(&off_post, true), Err(Refusal::CandidateNotInPost));
    let policy = CertificationPolicy::default();
    for (field, expected) in
        [("market", Ok(())), ("transport", Err(Refusal::CandidateFieldDiffers))]
    {
        let terms = Terms { field: Some(field), ..terms(true) };
        let answer = registration(&facts(vec![], vec![]), &terms, &policy, day("2026-02-20"));
        assert_eq!(answer, expected, "{field}");
    }
}

#[test]
fn a_session_lies_in_one_near_year_and_has_a_length() {
    let today = day("2026-03-02");
    let cases = [
        ("2026-03-02", "2026-03-04", 480, Ok(())),
        ("2026-03-04", "2026-03-02", 480, Err(Refusal::DatesInvalid)),
        ("2025-12-30", "2026-01-02", 480, Err(Refusal::TwoYears)),
        ("2023-03-02", "2023-03-02", 480, Err(Refusal::DatesInvalid)),
        ("2029-03-02", "2029-03-02", 480, Err(Refusal::DatesInvalid)),
        ("2026-03-02", "2026-03-02", 0, Err(Refusal::LengthInvalid)),
        ("2026-03-02", "2026-03-02", 999 * 60, Ok(())),
        ("2026-03-02", "2026-03-02", 999 * 60 + 1, Err(Refusal::LengthInvalid)),
    ];
    for (starts, ends, minutes, expected) in cases {
        let answer = session(day(starts), day(ends), minutes, today);
        assert_eq!(answer, expected, "{starts} {ends} {minutes}");
    }
}

#[test]
fn a_session_that_is_closed_or_cancelled_stays_so() {
    use TrainingState::{Cancelled, Closed, Held, Planned};
    let ways: Vec<_> = TrainingState::all()
        .flat_map(|from| TrainingState::all().map(move |to| (from, to)))
        .filter(|(from, to)| may_become(*from, *to))
        .collect();
    assert_eq!(ways, [(Planned, Held), (Planned, Cancelled), (Held, Closed)]);
}

#[test]
fn nobody_attends_more_than_there_is() {
    assert_eq!(attendance(0, 480), Ok(()));
    assert_eq!(attendance(480, 480), Ok(()));
    let beyond = Err(Refusal::MinutesBeyondSession { hours: "8".into() });
    assert_eq!(attendance(481, 480), beyond);
    assert_eq!(attendance(-1, 480), beyond);
    assert_eq!((hours(3_600), hours(90), hours(6)), ("60".into(), "1.5".into(), "0.1".into()));
}

#[test]
fn an_outcome_has_a_score_or_none() {
    use ExamOutcome::{Absent, Disqualified, Scored};
    for (word, score, whole, counts) in [
        (Scored, Some(0), true, Some(0)),
        (Scored, Some(1_000), true, Some(1_000)),
        (Scored, Some(1_001), false, Some(1_001)),
        (Scored, Some(-1), false, Some(-1)),
        (Scored, None, false, None),
        (Absent, None, true, None),
        (Absent, Some(0), false, None),
        (Disqualified, None, true, Some(0)),
        (Disqualified, Some(900), false, Some(0)),
    ] {
        assert_eq!(outcome(word, score).is_ok(), whole, "{word:?} {score:?}");
        assert_eq!(counted_score(word, score), counts, "{word:?} {score:?}");
    }
}

#[test]
fn a_text_and_a_reason_are_trimmed_and_bounded() {
    assert_eq!(text("title", " 春季轮训 "), Ok("春季轮训".into()));
    for wrong in ["", "  ", "行\n政", &"长".repeat(101)] {
        assert_eq!(text("title", wrong), Err(Refusal::TextInvalid { field: "title" }));
    }
    assert_eq!(reason(" 台风 "), Ok("台风".into()));
    assert_eq!(reason(" "), Err(Refusal::ReasonMissing));
    assert_eq!(reason(&"长".repeat(1_001)), Err(Refusal::TextTooLong { most: 1_000 }));
    assert_eq!(reason("成绩\r\n\t登错"), Ok("成绩\r\n\t登错".into()));
    for odd in ['\0', '\u{b}', '\u{85}', '\u{1b}'] {
        assert_eq!(reason(&format!("成绩{odd}登错")), Err(Refusal::ReasonInvalid));
    }
}
