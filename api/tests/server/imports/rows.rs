//! A row is taken whole or not at all, and is looked at whole before anything is applied.

use api::graphql::ids::encode;
use api::imports;
use api::officers::{self, NewExam};
use api::platform::actor::Actor;
use calamine::Reader;
use chrono::NaiveDate;
use entities::enums::{ExamSubject, ImportState, Role};
use entities::ids::ImportBatchId;
use entities::{exam_result, person, standing, training_record};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::world::{apply, id_number, people, roster, stage, tallies};
use crate::harness::TestApp;
use crate::province::Province;

/// All that the register holds of people, and the log of it.
#[derive(Debug, PartialEq)]
struct Register {
    people: Vec<person::Model>,
    exams: Vec<exam_result::Model>,
    training: Vec<training_record::Model>,
    standings: Vec<standing::Model>,
    log: Vec<String>,
}

async fn register(app: &TestApp) -> Register {
    let db = app.platform.db.read();
    let log = app.audit_log().await;
    let of_people = log.iter().filter(|e| e.action.starts_with("person."));
    let mut log: Vec<String> = of_people.map(|e| format!("{} {}", e.action, e.subject)).collect();
    log.sort();
    Register {
        people: people(app).await,
        exams: exam_result::Entity::find()
            .order_by_asc(exam_result::Column::Id)
            .all(db)
            .await
            .unwrap(),
        training: training_record::Entity::find()
            .order_by_asc(training_record::Column::Id)
            .all(db)
            .await
            .unwrap(),
        standings: standing::Entity::find()
            .order_by_asc(standing::Column::Id)
            .all(db)
            .await
            .unwrap(),
        log,
    }
}

/// The findings of an import, as `row SEVERITY CODE message`.
async fn findings(app: &TestApp, actor: &Actor, id: ImportBatchId) -> Vec<String> {
    let query = "query($id: ID!) { import(id: $id) { findings(first: 100) { nodes {
        row findings { severity code message } } } } }";
    let answer = app.graphql(Some(actor), query, json!({ "id": encode(id) })).await;
    let nodes = answer["data"]["import"]["findings"]["nodes"].as_array().unwrap();
    let of_row = |node: &Value| -> Vec<String> {
        let texts = node["findings"].as_array().unwrap().iter().map(|f| {
            let word = |key: &str| f[key].as_str().unwrap();
            format!("{} {} {} {}", node["row"], word("severity"), word("code"), word("message"))
        });
        texts.collect()
    };
    nodes.iter().flat_map(of_row).collect()
}

fn exam(on: &str) -> NewExam {
    let taken_on: NaiveDate = on.parse().unwrap();
    NewExam { subject: ExamSubject::PublicLaw, score_tenths: 700, taken_on }
}

#[tokio::test]
async fn a_row_that_is_refused_when_it_is_applied_changes_nothing_at_all() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let first = stage(&app, &hr, roster(&[(1, &[])])).await;
    assert_eq!(tallies(&apply(&app, &hr, first.id).await), [1, 0, 1, 0, 0, 0]);
    let known = people(&app).await.remove(0).id;

    // The same person with another post, a standing and an exam; and a new one.
    let changed: &[(&str, &str)] = &[
        ("职务、职级", "科长"),
        ("公共法律考试日期", "2026-02-10"),
        ("本年培训学时", "80"),
        ("不得申领情形", "有-立案审查调查"),
    ];
    let second = stage(&app, &hr, roster(&[(1, changed), (2, &[])])).await;
    assert_eq!((second.state, tallies(&second)), (ImportState::Staged, [2, 0, 0, 0, 0, 0]));
    // Between the check and the entry a later exam is recorded by hand.
    let later = exam("2026-02-20");
    officers::record_exam_result(&app.platform, &Actor::System, known, later).await.unwrap();
    let before = register(&app).await;

    assert_eq!(tallies(&apply(&app, &hr, second.id).await), [2, 0, 1, 0, 0, 1]);
    let mut after = register(&app).await;
    let new = after.people.iter().position(|p| p.id != known).unwrap();
    let new = after.people.remove(new).id;
    after.exams.retain(|e| e.person_id != new);
    after.training.retain(|t| t.person_id != new);
    let told = [format!("person.enter {}", encode(new)), format!("person.record {}", encode(new))];
    after.log.retain(|line| !told.contains(line));
    assert_eq!(after, before);
    assert_eq!(
        findings(&app, &hr, second.id).await,
        ["2 ERROR ROW_REFUSED The register of people does not take this row (EXAM_OUT_OF_ORDER): \
          The exam must be later than the last one entered for this subject."]
    );

    // Mended, the same row is taken whole.
    let mended: Vec<(&str, &str)> = changed
        .iter()
        .map(|(h, v)| (*h, if *h == "公共法律考试日期" { "2026-02-25" } else { *v }))
        .collect();
    let third = stage(&app, &hr, roster(&[(1, &mended)])).await;
    assert_eq!(tallies(&apply(&app, &hr, third.id).await), [1, 0, 0, 1, 0, 0]);
    let now = register(&app).await;
    let person = now.people.iter().find(|p| p.id == known).unwrap();
    assert_eq!(person.position.as_deref(), Some("科长"));
    assert_eq!(now.exams.iter().filter(|e| e.person_id == known).count(), 4);
    assert_eq!((now.standings.len(), now.training.len()), (1, 2));
}

#[tokio::test]
async fn what_the_register_would_refuse_is_found_before_anything_is_applied() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let first = stage(&app, &hr, roster(&[(1, &[]), (2, &[])])).await;
    apply(&app, &hr, first.id).await;
    let new = officers::NewPerson {
        name: "李四".into(),
        id_number: id_number(9),
        phone: None,
        agency: province.other_county_market,
        internal_unit: None,
        kind: entities::enums::PersonKind::EnforcementOfficer,
        establishment: entities::enums::Establishment::Administrative,
        duty: entities::enums::DutyStatus::OnDuty,
        position: None,
        field_codes: vec![],
        area_code: "620103".into(),
        photo_file: None,
    };
    officers::enter_person(&app.platform, &Actor::System, new).await.unwrap();
    let before = register(&app).await;

    let long = "长".repeat(101);
    let staged = stage(
        &app,
        &hr,
        roster(&[
            (1, &[("在岗状态", "退休")]),
            (2, &[("公共法律考试日期", "2026-01-09")]),
            (9, &[]),
            (4, &[("职务、职级", &long)]),
            (5, &[]),
        ]),
    )
    .await;
    assert_eq!((staged.state, tallies(&staged)), (ImportState::Staged, [5, 4, 0, 0, 0, 0]));
    assert_eq!(register(&app).await, before, "staging changes nothing");
    let refused = |row: u32, code: &str, text: &str| {
        format!(
            "{row} ERROR ROW_REFUSED The register of people does not take this row ({code}): {text}"
        )
    };
    let found = findings(&app, &hr, staged.id).await;
    assert_eq!(
        found,
        [
            refused(
                2,
                "EMPLOYMENT_ACT_REQUIRED",
                "The row says that the person left the post, retired or came back. An import \
                 changes no state; this needs an act of its own."
            ),
            refused(
                3,
                "EXAM_OUT_OF_ORDER",
                "The exam must be later than the last one entered for this subject."
            ),
            "4 ERROR TRANSFER_REQUIRED This person is registered with another agency; a transfer \
             is needed."
                .to_owned(),
            refused(
                5,
                "TEXT_INVALID",
                "The text is too long or has control characters; 100 characters at most."
            ),
        ]
    );
    assert_eq!(tallies(&apply(&app, &hr, staged.id).await), [5, 4, 1, 0, 0, 0]);
}

#[tokio::test]
async fn nothing_of_a_narrative_or_of_never_stored_columns_comes_back() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let hr = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let rows = roster(&[(1, &[("不得申领情形", "2024年因酒驾被记过")]), (2, &[])]);
    let mut text = String::from_utf8(rows).unwrap();
    for (end, cells) in ["民族,备注", "回族,已退休，家住某路", "藏族,"].iter().enumerate()
    {
        let at = text.match_indices("\r\n").nth(end).unwrap().0;
        text.insert_str(at, &format!(",{cells}"));
    }
    let staged = stage(&app, &hr, text.into_bytes()).await;
    assert_eq!(tallies(&staged), [2, 1, 0, 0, 0, 0]);
    let bytes = imports::report(&app.platform, &hr, staged.id).await.unwrap();
    let mut report = calamine::Xlsx::new(std::io::Cursor::new(bytes)).unwrap();
    let mut cells = String::new();
    for name in report.sheet_names() {
        for row in report.worksheet_range(&name).unwrap().rows() {
            cells.extend(row.iter().map(|cell| format!("{cell}\n")));
        }
    }
    let found = findings(&app, &hr, staged.id).await.join("\n");
    for secret in ["酒驾", "回族", "藏族", "某路"] {
        assert!(!cells.contains(secret) && !found.contains(secret), "{secret} was kept");
    }
    for said in ["STANDING_NARRATIVE", "REMARKS_HIDE_STATE"] {
        assert!(cells.contains(said) && found.contains(said), "{said}");
    }
    assert!(cells.contains("COLUMN_NEVER_STORED") && cells.contains("不采集“民族”"), "{cells}");
}
