//! Corrections of exam results, which keep what stood before.

use api::access::Scope;
use api::audit::UnitOfWork;
use api::officers::{self, Change, NewExam, NewRecord};
use api::platform::actor::Actor;
use api::training;
use entities::enums::{ExamOutcome, ExamSubject};
use entities::exam_correction;
use sea_orm::{EntityTrait, QueryOrder};

use super::exams::{owing, results};
use super::{Desk, day, refused};
use crate::province::officer;

#[tokio::test]
async fn a_correction_gives_reasons_keeps_what_stood_and_is_another_persons() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let person = desk.officer(1, "张三").await;
    desk.sit(person, "2026-03-02", 590).await;
    let first = desk.sitting("2026-03-03", true).await;
    assert_eq!(desk.register(first, &[person]).await, [""]);
    desk.app.clock.advance(chrono::Duration::days(1));
    assert_eq!(desk.outcome(first, &[(person, ExamOutcome::Scored, Some(610))]).await, [""]);
    let scored = |score| (ExamOutcome::Scored, Some(score));
    let correct = |actor, outcome, reason| {
        training::correct_outcome(platform, actor, first, person, outcome, reason)
    };
    assert_eq!(refused(correct(&desk.second, scored(500), "复核").await), "STATE_NOT_ALLOWED");
    training::confirm_sitting(platform, &desk.second, first).await.unwrap();
    assert_eq!(owing(&desk).await, []);

    assert_eq!(refused(correct(&desk.second, scored(500), "  ").await), "REASONS_REQUIRED");
    assert_eq!(refused(correct(&desk.reviewer, scored(500), "复核").await), "SEPARATION_OF_DUTIES");
    assert_eq!(refused(correct(&desk.second, scored(1_001), "复核").await), "SCORE_INVALID");
    correct(&desk.second, scored(500), "登分有误").await.unwrap();
    assert_eq!(results(&desk).await, ["2026-03-02 张三 1/1 590", "2026-03-03 张三 1/2 500"]);
    assert_eq!(owing(&desk).await, [person], "the resit has failed after all");
    // Whoever corrected it has entered it now.
    assert_eq!(refused(correct(&desk.second, scored(600), "复核").await), "SEPARATION_OF_DUTIES");
    correct(&desk.reviewer, (ExamOutcome::Absent, None), "本人未到场").await.unwrap();
    assert_eq!(results(&desk).await, ["2026-03-02 张三 1/1 590"]);
    correct(&desk.second, scored(620), "本人到场").await.unwrap();
    assert_eq!(results(&desk).await, ["2026-03-02 张三 1/1 590", "2026-03-03 张三 1/2 620"]);
    let kept = exam_correction::Entity::find()
        .order_by_asc(exam_correction::Column::Id)
        .all(platform.db.read())
        .await
        .unwrap();
    let mut kept: Vec<_> =
        kept.iter().map(|c| (c.reason.as_str(), c.score_before, c.score_after)).collect();
    kept.sort_unstable();
    assert_eq!(
        kept,
        [
            ("本人到场", None, Some(620)),
            ("本人未到场", Some(500), None),
            ("登分有误", Some(610), Some(500)),
        ]
    );
    assert_eq!(desk.logged("results.correct").await, 3);
}

#[tokio::test]
async fn a_correction_reaches_a_result_that_a_roster_brought_before_the_sitting() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let people = [desk.officer(1, "张三").await, desk.officer(2, "李四").await];
    let sitting = desk.sitting("2026-03-02", true).await;
    assert_eq!(desk.register(sitting, &people).await, ["", ""]);
    let exam =
        NewExam { subject: ExamSubject::PublicLaw, score_tenths: 550, taken_on: day("2026-03-02") };
    for person in people {
        officers::record_exam_result(platform, &Actor::System, person, exam).await.unwrap();
    }
    let outcomes = people.map(|person| (person, ExamOutcome::Scored, Some(550)));
    assert_eq!(desk.outcome(sitting, &outcomes).await, ["", ""]);
    training::confirm_sitting(platform, &desk.second, sitting).await.unwrap();
    assert_eq!(results(&desk).await, ["2026-03-02 张三 1/1 550", "2026-03-02 李四 1/1 550"]);
    let correct = async |person, outcome| {
        let by = &desk.second;
        training::correct_outcome(platform, by, sitting, person, outcome, "复核").await.unwrap();
    };
    correct(people[0], (ExamOutcome::Absent, None)).await;
    correct(people[1], (ExamOutcome::Scored, Some(700))).await;
    assert_eq!(results(&desk).await, ["2026-03-02 李四 1/1 700"]);

    // The same roster again is an old one: it neither undoes that nor is it refused.
    let row = |n, name| {
        let record = NewRecord { exams: vec![exam], ..NewRecord::default() };
        (officer(n, name, desk.province.county_market), record)
    };
    let roster = vec![row(1, "张三"), row(2, "李四"), row(3, "王五")];
    let mut uow = UnitOfWork::begin(platform, &Actor::System).await.unwrap();
    let taken = officers::take_roster(&mut uow, &Scope::Everything, "import:2", roster).await;
    let changes: Vec<Change> = taken.unwrap().into_iter().map(|row| row.unwrap().change).collect();
    uow.commit().await.unwrap();
    assert_eq!(changes, [Change::Unchanged, Change::Unchanged, Change::Created]);
    assert_eq!(results(&desk).await, ["2026-03-02 李四 1/1 700", "2026-03-02 王五 1/1 550"]);
}

#[tokio::test]
async fn an_attempt_that_others_follow_can_be_changed_and_not_be_taken_away() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let person = desk.officer(1, "张三").await;
    let first = desk.sit(person, "2026-03-02", 590).await;
    desk.sit(person, "2026-03-10", 610).await;
    let correct = async |outcome| {
        training::correct_outcome(platform, &desk.second, first, person, outcome, "复核").await
    };
    let both = ["2026-03-02 张三 1/1 590", "2026-03-10 张三 1/2 610"];
    assert_eq!(refused(correct((ExamOutcome::Absent, None)).await), "EXAM_RESULT_FOLLOWED");
    assert_eq!(results(&desk).await, both);
    correct((ExamOutcome::Scored, Some(580))).await.unwrap();
    assert_eq!(results(&desk).await, ["2026-03-02 张三 1/1 580", "2026-03-10 张三 1/2 610"]);
}
