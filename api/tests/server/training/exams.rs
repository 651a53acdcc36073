//! Sittings: candidates and results by workbook, confirmed by another person, resits and new cycles.

use api::graphql::ids::encode;
use api::officers::{self, NewExam};
use api::platform::actor::Actor;
use api::training::{self, Target, TrainingRefusal, Value, uploads};
use entities::enums::{ExamOutcome, ExamSubject, SittingState, StandingKind};
use entities::ids::{ExamSittingId, PersonId};
use entities::{exam_result, standing};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::{Desk, csv, day, refused};
use crate::province::{id_number, officer};

/// Every exam result, as `day name cycle/attempt score`, sorted.
pub(super) async fn results(desk: &Desk) -> Vec<String> {
    let names = desk.names().await;
    let rows = exam_result::Entity::find().all(desk.app.platform.db.read()).await.unwrap();
    let line = |row: exam_result::Model| {
        let name = &names[&row.person_id];
        format!("{} {name} {}/{} {}", row.taken_on, row.cycle, row.attempt, row.score_tenths)
    };
    let mut lines: Vec<String> = rows.into_iter().map(line).collect();
    lines.sort();
    lines
}

/// Who owes off-post study now.
pub(super) async fn owing(desk: &Desk) -> Vec<PersonId> {
    let rows = standing::Entity::find()
        .filter(standing::Column::Kind.eq(StandingKind::RetrainingOwed))
        .filter(standing::Column::LiftedAt.is_null())
        .all(desk.app.platform.db.read())
        .await
        .unwrap();
    rows.into_iter().map(|row| row.person_id).collect()
}

impl Desk {
    /// Registers people; the code of the refusal of each, or nothing.
    pub(super) async fn register(
        &self,
        sitting: ExamSittingId,
        people: &[PersonId],
    ) -> Vec<&'static str> {
        let entries = people.iter().map(|person| (*person, Value::Candidate)).collect();
        self.codes(&self.reviewer, Target::Candidates(sitting), entries).await
    }

    pub(super) async fn codes(
        &self,
        actor: &Actor,
        target: Target,
        entries: Vec<training::Entry>,
    ) -> Vec<&'static str> {
        use api::platform::failure::Refusal;
        let entered = training::enter(&self.app.platform, actor, target, entries).await.unwrap();
        entered.iter().map(|e| e.result.as_ref().map_or_else(Refusal::code, |_| "")).collect()
    }

    pub(super) async fn outcome(
        &self,
        sitting: ExamSittingId,
        entries: &[(PersonId, ExamOutcome, Option<i64>)],
    ) -> Vec<&'static str> {
        let entries = entries.iter().map(|(p, o, s)| (*p, Value::Outcome(*o, *s))).collect();
        self.codes(&self.reviewer, Target::Results(sitting), entries).await
    }

    /// The whole way of one person through a sitting, with this score.
    pub(super) async fn sit(&self, person: PersonId, on: &str, score: i64) -> ExamSittingId {
        let sitting = self.sitting(on, true).await;
        assert_eq!(self.register(sitting, &[person]).await, [""]);
        let days = day(on).signed_duration_since(api::platform::clock::local_date(self.app.now()));
        self.app.clock.advance(days.max(chrono::Duration::zero()));
        assert_eq!(
            self.outcome(sitting, &[(person, ExamOutcome::Scored, Some(score))]).await,
            [""]
        );
        training::confirm_sitting(&self.app.platform, &self.second, sitting).await.unwrap();
        sitting
    }
}

#[tokio::test]
async fn candidates_and_results_come_by_workbook_and_count_once_another_confirms_them() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let mut people = Vec::new();
    for (n, name) in [(1, "张三"), (2, "李四"), (3, "王五"), (4, "赵六"), (5, "钱七")] {
        people.push(desk.officer(n, name).await);
    }
    desk.auxiliary(6, "孙八").await;
    desk.person(officer(7, "周九", desk.province.other_county_market)).await;
    let passed =
        NewExam { subject: ExamSubject::PublicLaw, score_tenths: 600, taken_on: day("2026-01-10") };
    officers::record_exam_result(platform, &Actor::System, people[4], passed).await.unwrap();

    let sitting = desk.sitting("2026-03-02", false).await;
    let line = |n, name: &str| format!("{name},{},", id_number(n));
    let names = ["张三", "李四", "王五", "赵六", "钱七", "孙八", "周九"];
    let mut lines = vec!["姓名,身份证号,所属机关全称".to_owned()];
    lines.extend((1..).zip(names).map(|(n, name)| line(n, name)));
    let upload = desk.stage(&desk.reviewer, Target::Candidates(sitting), csv(&lines)).await;
    assert_eq!(
        desk.rows(&desk.reviewer, &upload).await,
        [
            "1 READY 张三 ",
            "2 READY 李四 ",
            "3 READY 王五 ",
            "4 READY 赵六 ",
            "5 FAILED 钱七 EXAM_PASSED_ALREADY",
            "6 FAILED 孙八 CANDIDATE_KIND_EXCLUDED",
            "7 FAILED - PERSON_NOT_FOUND",
        ]
    );
    let applied = uploads::apply(platform, &desk.reviewer, upload.id, false, false).await.unwrap();
    assert_eq!((applied.created, applied.failed), (4, 3));

    let results_of = csv(&[
        "姓名,身份证号,考试成绩".into(),
        format!("张三,{},85.5分", id_number(1)),
        format!("李四,{},缺考", id_number(2)),
        format!("王五,{},作弊", id_number(3)),
        format!("赵六,{},59.9", id_number(4)),
        format!("钱七,{},90", id_number(5)),
        format!("周九,{},90", id_number(7)),
        format!("吴十,{},合格", id_number(8)),
    ]);
    let upload = desk.stage(&desk.reviewer, Target::Results(sitting), results_of.clone()).await;
    assert_eq!(
        desk.rows(&desk.reviewer, &upload).await,
        [
            "1 READY 张三 VALUE_READ_AS",
            "2 READY 李四 ",
            "3 READY 王五 ",
            "4 READY 赵六 ",
            "5 FAILED - CANDIDATE_NOT_REGISTERED",
            "6 FAILED - CANDIDATE_NOT_REGISTERED",
            "7 FAILED - SCORE_WORD,CANDIDATE_NOT_REGISTERED",
        ]
    );
    let confirm = |actor| training::confirm_sitting(platform, actor, sitting);
    assert_eq!(refused(confirm(&desk.second).await), "EXAM_OUTCOMES_MISSING");
    uploads::apply(platform, &desk.reviewer, upload.id, true, false).await.unwrap();
    let again = desk.stage(&desk.reviewer, Target::Results(sitting), results_of).await;
    assert_eq!((again.total, again.failed, again.unchanged), (7, 3, 4));

    let before = ["2026-01-10 钱七 1/1 600"];
    assert_eq!(results(&desk).await, before, "nothing counts yet");
    assert_eq!(refused(confirm(&desk.reviewer).await), "SEPARATION_OF_DUTIES");
    assert_eq!(refused(confirm(&Actor::System).await), "PERSON_REQUIRED");
    assert_eq!(results(&desk).await, before);
    assert_eq!(confirm(&desk.second).await.unwrap().state, SittingState::Confirmed);
    let counted = [
        "2026-01-10 钱七 1/1 600",
        "2026-03-02 张三 1/1 855",
        "2026-03-02 王五 1/1 0",
        "2026-03-02 赵六 1/1 599",
    ];
    assert_eq!(results(&desk).await, counted, "who was absent has no attempt");
    assert_eq!(refused(confirm(&desk.second).await), "STATE_NOT_ALLOWED");
    let late = training::enter(
        platform,
        &desk.reviewer,
        Target::Results(sitting),
        vec![(people[3], Value::Outcome(ExamOutcome::Scored, Some(600)))],
    );
    assert_eq!(refused(late.await), "STATE_NOT_ALLOWED");
    assert_eq!(results(&desk).await, counted);

    let query = "query($id: ID!) { examSitting(id: $id) { state passMarkTenths
        candidates(first: 10) { nodes { officer { name } outcome scoreTenths passed } } } }";
    let answer = desk.ask(&desk.hr, query, json!({ "id": encode(sitting) })).await;
    assert_eq!(answer, json!(null), "a sitting of the county's justice department is not HR's");
    let answer = desk.ask(&desk.reviewer, query, json!({ "id": encode(sitting) })).await;
    let node = |name: &str, outcome: &str, score: Option<i64>, passed| json!({ "officer": { "name": name }, "outcome": outcome, "scoreTenths": score, "passed": passed });
    let mut shown = answer["candidates"]["nodes"].as_array().unwrap().clone();
    shown.sort_by_key(|node| node["officer"]["name"].as_str().unwrap().to_owned());
    assert_eq!((&answer["state"], &answer["passMarkTenths"]), (&json!("CONFIRMED"), &json!(600)));
    assert_eq!(
        shown,
        [
            node("张三", "SCORED", Some(855), true),
            node("李四", "ABSENT", None, false),
            node("王五", "DISQUALIFIED", None, false),
            node("赵六", "SCORED", Some(599), false),
        ]
    );
}

#[tokio::test]
async fn a_resit_that_fails_owes_study_and_only_its_confirmation_opens_a_new_cycle() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let person = desk.officer(1, "张三").await;
    desk.sit(person, "2026-03-02", 599).await;
    assert_eq!(owing(&desk).await, []);

    let first_only = desk.sitting("2026-03-10", false).await;
    assert_eq!(desk.register(first_only, &[person]).await, ["EXAM_RESIT_NOT_ALLOWED"]);
    let same_day = desk.sitting("2026-03-02", true).await;
    assert_eq!(desk.register(same_day, &[person]).await, ["EXAM_OUT_OF_ORDER"]);
    desk.sit(person, "2026-03-10", 300).await;
    assert_eq!(owing(&desk).await, [person]);

    let next = desk.sitting("2026-04-01", true).await;
    assert_eq!(desk.register(next, &[person]).await, ["EXAM_STUDY_OWED"]);
    // Hours of off-post training alone change nothing of it.
    let off_post = training::NewSession {
        off_post: true,
        organiser: desk.province.county_market,
        ..desk.session_of(desk.province.county_market, 4_800)
    };
    let session = training::plan_session(platform, &desk.hr, off_post).await.unwrap().id;
    training::move_session(platform, &desk.hr, session, training::Step::Hold).await.unwrap();
    let attended = vec![(person, Value::Minutes(4_800))];
    training::enter(platform, &desk.hr, Target::Attendance(session), attended).await.unwrap();
    assert_eq!(desk.register(next, &[person]).await, ["EXAM_STUDY_OWED"]);
    api::certification::confirm_retraining(platform, &desk.reviewer, &[person]).await.unwrap();
    assert_eq!(desk.register(next, &[person]).await, [""]);
    assert_eq!(desk.register(next, &[person]).await, [""], "registered already");

    // Not twice at once, and not where they are registered already.
    let other = desk.sitting("2026-04-02", true).await;
    assert_eq!(desk.register(other, &[person]).await, ["CANDIDATE_REGISTERED_ELSEWHERE"]);
    let withdrawn = training::withdraw(platform, &desk.reviewer, next, person).await;
    assert_eq!(withdrawn.unwrap().id, next);
    desk.app.clock.advance(chrono::Duration::days(30));
    desk.sit(person, "2026-04-09", 600).await;
    assert_eq!(
        results(&desk).await,
        ["2026-03-02 张三 1/1 599", "2026-03-10 张三 1/2 300", "2026-04-09 张三 2/1 600"]
    );
    assert_eq!(desk.register(other, &[person]).await, ["EXAM_PASSED_ALREADY"]);
}

#[tokio::test]
async fn outcomes_are_whole_and_of_candidates_from_the_day_of_the_exam_on() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let (person, other) = (desk.officer(1, "张三").await, desk.officer(2, "李四").await);
    let sitting = desk.sitting("2026-03-03", true).await;
    assert_eq!(desk.register(sitting, &[person]).await, [""]);
    let early = training::enter(
        platform,
        &desk.reviewer,
        Target::Results(sitting),
        vec![(person, Value::Outcome(ExamOutcome::Absent, None))],
    );
    assert_eq!(refused(early.await), "NOT_YET");
    desk.app.clock.advance(chrono::Duration::days(1));
    for (outcome, score) in [
        (ExamOutcome::Scored, None),
        (ExamOutcome::Scored, Some(1_001)),
        (ExamOutcome::Absent, Some(1)),
    ] {
        assert_eq!(desk.outcome(sitting, &[(person, outcome, score)]).await, ["SCORE_INVALID"]);
    }
    let both = [(person, ExamOutcome::Absent, None), (other, ExamOutcome::Absent, None)];
    assert_eq!(desk.outcome(sitting, &both).await, ["", "CANDIDATE_NOT_REGISTERED"]);
    let withdrawn = training::withdraw(platform, &desk.reviewer, sitting, person).await;
    assert_eq!(refused(withdrawn), "EXAM_OUTCOME_ENTERED");
    let cancelled =
        training::cancel_sitting(platform, &desk.reviewer, sitting, "试题泄露").await.unwrap();
    assert_eq!(cancelled.state, SittingState::Cancelled);
    let confirmed = training::confirm_sitting(platform, &desk.second, sitting).await;
    assert_eq!(refused(confirmed), "STATE_NOT_ALLOWED");
    assert_eq!(results(&desk).await, [""; 0]);
    // It holds nobody from sitting elsewhere any more.
    let next = desk.sitting("2026-03-05", true).await;
    assert_eq!(desk.register(next, &[person]).await, [""]);
}

#[tokio::test]
async fn a_result_that_came_meanwhile_stops_the_confirmation_as_a_whole() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let (person, other) = (desk.officer(1, "张三").await, desk.officer(2, "李四").await);
    let sitting = desk.sitting("2026-03-02", true).await;
    assert_eq!(desk.register(sitting, &[person, other]).await, ["", ""]);
    let scored = |person| (person, ExamOutcome::Scored, Some(700));
    assert_eq!(desk.outcome(sitting, &[scored(person), scored(other)]).await, ["", ""]);
    let meanwhile =
        NewExam { subject: ExamSubject::PublicLaw, score_tenths: 300, taken_on: day("2026-03-02") };
    officers::record_exam_result(platform, &Actor::System, other, meanwhile).await.unwrap();
    let confirm = || training::confirm_sitting(platform, &desk.second, sitting);
    match confirm().await {
        Err(api::platform::failure::Failure::Refused(refusal)) => {
            assert_eq!(refusal, TrainingRefusal::OutcomesOutOfOrder { count: 1 });
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(results(&desk).await, ["2026-03-02 李四 1/1 300"]);
    let absent = [(other, ExamOutcome::Absent, None)];
    assert_eq!(desk.outcome(sitting, &absent).await, [""]);
    // Of two who confirm at once, one does.
    let (one, two) = tokio::join!(confirm(), confirm());
    let (done, late) = if one.is_ok() { (one, two) } else { (two, one) };
    assert_eq!(done.unwrap().state, SittingState::Confirmed);
    assert_eq!(refused(late), "STATE_NOT_ALLOWED");
    assert_eq!(results(&desk).await, ["2026-03-02 张三 1/1 700", "2026-03-02 李四 1/1 300"]);
}
