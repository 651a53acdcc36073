//! Bounds of calls and workbooks, and how long rows are kept.

use api::officers::Change;
use api::platform::actor::Actor;
use api::training::{self, Target, TrainingRefusal, Value, uploads};
use chrono::Duration;
use entities::{exam_candidate, training_upload_row};
use sea_orm::{EntityTrait, IntoActiveModel, PaginatorTrait};
use serde_json::json;

use super::{Desk, csv, refused};
use crate::province::{id_number, many_like};

#[tokio::test]
async fn a_call_names_one_to_five_hundred_people() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let target = Target::Attendance(desk.held(480).await);
    let person = desk.officer(1, "张三").await;
    let enter = async |count| {
        let entries = vec![(person, Value::Minutes(60)); count];
        training::enter(platform, &desk.hr, target, entries).await
    };
    assert_eq!(refused(enter(0).await), "NOTHING_SELECTED");
    assert_eq!(refused(enter(501).await), "TOO_MANY");
    assert_eq!(enter(500).await.unwrap().len(), 1, "each once");
    assert_eq!(desk.hours().await, ["张三 2026 60"]);
}

#[tokio::test]
async fn a_workbook_holds_five_thousand_rows_and_what_is_none_is_refused_whole() {
    let desk = Desk::new().await;
    let target = Target::Attendance(desk.held(480).await);
    let stage =
        async |file| uploads::stage(&desk.app.platform, &desk.hr, target, "名单.csv", file).await;
    let mut lines = vec!["姓名,身份证号,参训学时".to_owned()];
    lines.extend((0..5_000).map(|_| "张三,,8".to_owned()));
    let whole = stage(csv(&lines)).await.unwrap();
    assert_eq!((whole.total, whole.failed), (5_000, 5_000));
    lines.push("张三,,8".into());
    assert_eq!(refused(stage(csv(&lines)).await), "TOO_MANY_ROWS");
    assert_eq!(refused(stage(Vec::new()).await), "FILE_EMPTY");
    let without = csv(&["姓名,身份证号".into(), format!("张三,{}", id_number(1))]);
    assert_eq!(refused(stage(without).await), "HEADING_MISSING");
}

#[tokio::test]
async fn a_sitting_has_five_thousand_candidates() {
    const MOST: usize = 5_000;
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let sitting = desk.sitting("2026-03-10", true).await;
    let last = desk.officer(1, "张三").await;
    let one_more = desk.officer(2, "李四").await;
    let others = many_like(platform, last, MOST - 1).await;
    for chunk in others.chunks(500) {
        let rows = chunk.iter().map(|person| {
            let row = training::Candidate {
                sitting_id: sitting,
                person_id: *person,
                registered_by: None,
                registered_at: platform.now(),
                outcome: None,
                score_tenths: None,
                entered_by: None,
                entered_at: None,
            };
            row.into_active_model()
        });
        let insert = exam_candidate::Entity::insert_many(rows);
        insert.exec_without_returning(platform.db.writer()).await.unwrap();
    }
    let entries = [last, one_more].map(|person| (person, Value::Candidate)).into();
    let target = Target::Candidates(sitting);
    let entered = training::enter(platform, &desk.reviewer, target, entries).await.unwrap();
    let results: Vec<_> = entered.into_iter().map(|entered| entered.result).collect();
    assert_eq!(results, [Ok(Change::Created), Err(TrainingRefusal::SittingFull { most: MOST })]);
}

#[tokio::test]
async fn rows_are_kept_for_thirty_days_and_the_tallies_stay() {
    let desk = Desk::new().await;
    let platform = &desk.app.platform;
    let target = Target::Attendance(desk.held(480).await);
    desk.officer(1, "张三").await;
    let file = csv(&["姓名,身份证号,参训学时".into(), format!("张三,{},8", id_number(1))]);
    let upload = desk.stage(&desk.hr, target, file).await;
    let rows = async || {
        uploads::keep(platform).await.unwrap();
        training_upload_row::Entity::find().count(platform.db.read()).await.unwrap()
    };
    desk.app.clock.advance(Duration::days(30));
    assert_eq!(rows().await, 1);
    desk.app.clock.advance(Duration::seconds(1));
    assert_eq!(rows().await, 0);
    let applied = uploads::apply(platform, &desk.hr, upload.id, true, true).await;
    assert_eq!(refused(applied), "TRAINING_ROWS_REMOVED");
    let report = uploads::report(platform, &desk.hr, upload.id).await.map(|bytes| bytes.len());
    assert_eq!(refused(report), "TRAINING_ROWS_REMOVED");
    let query = "{ trainingUploads(first: 10) { nodes { total failed rowsRemovedAt
        rows(first: 5) { nodes { number } } } } }";
    assert_eq!(
        desk.ask(&desk.hr, query, json!({})).await,
        json!({ "nodes": [{
            "total": 1, "failed": 0, "rowsRemovedAt": "2026-04-01T02:00:01+00:00",
            "rows": { "nodes": [] },
        }] })
    );
    // Nobody else sees it.
    let none = desk.ask(&desk.reviewer, query, json!({})).await;
    assert_eq!(none, json!({ "nodes": [] }));
    let own = uploads::own(platform.db.read(), &Actor::System, upload.id).await;
    assert_eq!(own.unwrap(), None);
}
