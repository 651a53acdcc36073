//! Attendance: a dirty workbook, sent again, corrected; what a session's state allows.

use api::graphql::ids::encode;
use api::officers::Change::{Created, Unchanged, Updated};
use api::platform::actor::Actor;
use api::training::{self, NewSession, Step, Target, Value, uploads};
use calamine::{Data, Reader};
use entities::enums::{ImportState, Role, ScopeAxis, TrainingState};
use entities::training_upload;
use rust_xlsxwriter::Workbook;
use serde_json::json;
use std::io::Cursor;

use super::{Desk, csv, day, full_width, mistyped, refused};
use crate::province::{id_number, officer};

/// Rows, failed, confirmations, created, updated, unchanged.
fn tallies(u: &training_upload::Model) -> [i32; 6] {
    [u.total, u.failed, u.confirmations, u.created, u.updated, u.unchanged]
}

/// The county's people, and a workbook about them as offices send them.
async fn dirty(desk: &Desk) -> Vec<u8> {
    for (n, name) in [(1, "张三"), (2, "李四"), (3, "王五"), (4, "赵六"), (7, "郑十"), (10, "李雷")]
    {
        desk.officer(n, name).await;
    }
    desk.person(officer(6, "孙八", desk.province.other_county_market)).await;
    desk.auxiliary(8, "韩梅梅").await;
    let bureau = "兰州市城关区市场监督管理局";
    csv(&[
        "城关区2026年春季执法培训参训名单,,,".into(),
        format!("填报单位：{bureau},,,"),
        "姓名,公民身份证号码,单位名称,学时（小时）".into(),
        format!("张三,{},{bureau},16", id_number(1)),
        format!("李四,{},{bureau},８", full_width(&id_number(2))),
        format!("王五,{},,8学时", id_number(3)),
        format!("赵六,{},,16.5", id_number(4)),
        format!("张 三,{},,16", id_number(1)),
        format!("钱七,{},,8", mistyped(&id_number(5))),
        format!("孙八,{},,8", id_number(6)),
        format!("周九,{},,8", id_number(9)),
        format!("吴十,{},,8", id_number(7)),
        format!("韩梅梅,{},七里河区城管局,4", id_number(8)),
        "张三丰,,,8".into(),
        format!("李雷,{},,2天", id_number(10)),
        "合计,,,84".into(),
    ])
}

#[tokio::test]
async fn every_row_of_a_dirty_workbook_has_its_outcome_and_sent_again_it_changes_nothing() {
    let desk = Desk::new().await;
    let (platform, hr) = (&desk.app.platform, &desk.hr);
    let session = desk.held(960).await;
    let file = dirty(&desk).await;
    let first = desk.stage(hr, Target::Attendance(session), file.clone()).await;
    assert_eq!(tallies(&first), [12, 8, 1, 0, 0, 0]);
    let staged = [
        "1 READY 张三 ",
        "2 READY 李四 ",
        "3 READY 王五 VALUE_READ_AS",
        "4 FAILED 赵六 HOURS_BEYOND_SESSION",
        "5 FAILED 张三 ID_DUPLICATE",
        "6 FAILED - ID_CHECK_DIGIT",
        "7 FAILED - PERSON_NOT_FOUND",
        "8 FAILED - PERSON_NOT_FOUND",
        "9 FAILED 郑十 NAME_DIFFERS",
        "10 READY 韩梅梅 AGENCY_DIFFERS",
        "11 FAILED - CELL_REQUIRED",
        "12 FAILED 李雷 HOURS_IN_DAYS",
    ];
    assert_eq!(desk.rows(hr, &first).await, staged);
    assert_eq!(desk.hours().await, [""; 0], "nothing is entered before it is applied");

    let apply = async |confirm, whole| uploads::apply(platform, hr, first.id, confirm, whole).await;
    assert_eq!(refused(apply(false, false).await), "TRAINING_CONFIRMATION_NEEDED");
    assert_eq!(refused(apply(true, true).await), "TRAINING_ROWS_FAILED");
    assert_eq!(desk.hours().await, [""; 0]);
    let applied = apply(true, false).await.unwrap();
    assert_eq!(tallies(&applied), [12, 8, 1, 4, 0, 0]);
    let entered = ["张三 2026 960", "李四 2026 480", "王五 2026 480", "韩梅梅 2026 240"];
    assert_eq!(desk.hours().await, entered);
    assert_eq!(refused(apply(true, false).await), "TRAINING_UPLOAD_NOT_STAGED");
    assert_eq!((desk.logged("person.record").await, desk.logged("attendance.enter").await), (4, 1));

    // Sent twice: nothing differs, and nothing more is told of anybody.
    let again = desk.stage(hr, Target::Attendance(session), file).await;
    assert_eq!(tallies(&again), [12, 8, 1, 0, 0, 4]);
    let again = uploads::apply(platform, hr, again.id, true, false).await.unwrap();
    assert_eq!((again.state, tallies(&again)), (ImportState::Applied, [12, 8, 1, 0, 0, 4]));
    assert_eq!(desk.hours().await, entered);
    assert_eq!((desk.logged("person.record").await, desk.logged("attendance.enter").await), (4, 1));
}

/// The cells of the first sheet of a workbook, as text.
fn cells(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut workbook = calamine::Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = workbook.worksheet_range("人员").unwrap();
    let text = |data: &Data| data.to_string();
    range.rows().map(|row| row.iter().map(text).collect()).collect()
}

#[tokio::test]
async fn a_report_is_corrected_and_sent_again() {
    let desk = Desk::new().await;
    let (platform, hr) = (&desk.app.platform, &desk.hr);
    let session = desk.held(960).await;
    let first = desk.stage(hr, Target::Attendance(session), dirty(&desk).await).await;
    uploads::apply(platform, hr, first.id, true, false).await.unwrap();
    let report = uploads::report(platform, hr, first.id).await.unwrap();
    assert_eq!(desk.logged("training.report").await, 1);
    let mut rows = cells(&report);
    let heads =
        ["姓名", "身份证号", "所属机关全称", "参训学时", "原表位置", "结果", "问题", "Findings"];
    assert_eq!(rows[0], heads);
    assert_eq!(rows[1][4..7], ["CSV 4", "已登记", ""]);
    assert_eq!(
        rows[4][4..],
        [
            "CSV 7",
            "未采用",
            "参训学时：参训学时超过本次培训的总学时（16学时）。",
            "HOURS_BEYOND_SESSION 参训学时: The hours are more than the session has (16).",
        ]
    );
    assert_eq!(rows[3][5], "已登记");

    // Two are mended in the workbook itself, the rest stays as it was.
    rows[4][3] = "16".into();
    rows[9][0] = "郑十".into();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name("人员").unwrap();
    for (line, row) in (0..).zip(&rows) {
        for (place, cell) in (0..).zip(row) {
            sheet.write_string(line, place, cell).unwrap();
        }
    }
    let mended = workbook.save_to_buffer().unwrap();
    let second = desk.stage(hr, Target::Attendance(session), mended).await;
    assert_eq!(tallies(&second), [12, 6, 1, 0, 0, 4]);
    let second = uploads::apply(platform, hr, second.id, true, false).await.unwrap();
    assert_eq!(tallies(&second), [12, 6, 1, 2, 0, 4]);
    let mut expected = [
        "张三 2026 960",
        "李四 2026 480",
        "王五 2026 480",
        "赵六 2026 960",
        "郑十 2026 480",
        "韩梅梅 2026 240",
    ];
    expected.sort_unstable();
    assert_eq!(desk.hours().await, expected);
}

#[tokio::test]
async fn what_became_wrong_between_the_check_and_the_entry_is_refused_by_itself() {
    let desk = Desk::new().await;
    let (platform, hr) = (&desk.app.platform, &desk.hr);
    let session = desk.held(480).await;
    let (first, second) = (desk.officer(1, "张三").await, desk.officer(2, "李四").await);
    let file = csv(&[
        "姓名,身份证号,参训学时".into(),
        format!("张三,{},8", id_number(1)),
        format!("李四,{},8", id_number(2)),
    ]);
    let upload = desk.stage(hr, Target::Attendance(session), file).await;
    assert_eq!(tallies(&upload), [2, 0, 0, 0, 0, 0]);
    // One is moved to another agency, the other was entered by hand meanwhile.
    let moved = entities::person::ActiveModel {
        id: sea_orm::ActiveValue::Set(first),
        agency_id: sea_orm::ActiveValue::Set(desk.province.other_county_market),
        ..Default::default()
    };
    sea_orm::ActiveModelTrait::update(moved, platform.db.writer()).await.unwrap();
    let entries = vec![(second, Value::Minutes(240))];
    training::enter(platform, hr, Target::Attendance(session), entries).await.unwrap();

    assert_eq!(
        refused(uploads::apply(platform, hr, upload.id, true, true).await),
        "TRAINING_ROWS_FAILED"
    );
    assert_eq!(desk.hours().await, ["李四 2026 240"]);
    let applied = uploads::apply(platform, hr, upload.id, true, false).await.unwrap();
    assert_eq!(tallies(&applied), [2, 1, 0, 0, 1, 0]);
    assert_eq!(desk.hours().await, ["李四 2026 480"]);
    // Who is elsewhere now is not shown any more.
    assert_eq!(desk.rows(hr, &applied).await, ["1 FAILED - PERSON_NOT_FOUND", "2 UPDATED 李四 "]);
}

#[tokio::test]
async fn the_state_of_a_session_says_what_may_be_entered() {
    let desk = Desk::new().await;
    let (platform, hr) = (&desk.app.platform, &desk.hr);
    let person = desk.officer(1, "张三").await;
    let bureau = desk.province.county_market;
    let ahead = NewSession { ends_on: day("2026-03-05"), ..desk.session_of(bureau, 480) };
    let row = training::plan_session(platform, hr, ahead.clone()).await.unwrap();
    let (id, target) = (row.id, Target::Attendance(row.id));
    let attend = async |minutes| {
        let entered =
            training::enter(platform, hr, target, vec![(person, Value::Minutes(minutes))]);
        entered.await.map(|entered| entered[0].result.clone().map_err(|r| format!("{r:?}")))
    };
    let step = async |step| training::move_session(platform, hr, id, step).await;
    assert_eq!(refused(attend(480).await), "STATE_NOT_ALLOWED");
    assert_eq!(refused(step(Step::Hold).await), "NOT_YET");
    assert_eq!(refused(step(Step::Close).await), "STATE_NOT_ALLOWED");
    let today = NewSession { ends_on: day("2026-03-02"), ..ahead };
    training::change_session(platform, hr, id, today.clone()).await.unwrap();
    assert_eq!(step(Step::Hold).await.unwrap().state, TrainingState::Held);
    assert_eq!(
        refused(training::change_session(platform, hr, id, today).await),
        "STATE_NOT_ALLOWED"
    );

    // Entered, corrected, entered alike; then nobody changes it any more.
    assert_eq!(attend(480).await.unwrap(), Ok(Created));
    assert_eq!(attend(300).await.unwrap(), Ok(Updated));
    assert_eq!(attend(300).await.unwrap(), Ok(Unchanged));
    assert!(attend(481).await.unwrap().unwrap_err().starts_with("MinutesBeyondSession"));
    assert_eq!(desk.hours().await, ["张三 2026 300"]);
    assert_eq!(step(Step::Close).await.unwrap().state, TrainingState::Closed);
    assert_eq!(refused(attend(480).await), "STATE_NOT_ALLOWED");
    assert_eq!(refused(step(Step::Cancel("不再需要".into())).await), "STATE_NOT_ALLOWED");
    assert_eq!(desk.hours().await, ["张三 2026 300"]);
    for action in ["training.plan", "training.change", "training.hold", "training.close"] {
        assert_eq!(desk.logged(action).await, 1, "{action}");
    }

    let other = training::plan_session(platform, hr, desk.session_of(bureau, 480)).await.unwrap();
    let cancelled = training::move_session(platform, hr, other.id, Step::Cancel(" 台风 ".into()));
    let cancelled = cancelled.await.unwrap();
    assert_eq!(
        (cancelled.state, cancelled.cancel_reason.as_deref()),
        (TrainingState::Cancelled, Some("台风"))
    );
}

#[tokio::test]
async fn what_lies_outside_does_not_exist_and_nobody_enters_their_own() {
    let desk = Desk::new().await;
    let (platform, province) = (&desk.app.platform, &desk.province);
    let session = desk.held(480).await;
    let target = Target::Attendance(session);
    let mine = desk.officer(1, "张三").await;
    let theirs = desk.person(officer(2, "李四", province.other_county_market)).await;
    let hr_there =
        province.sign_in(&desk.app, "hr.other", Role::AgencyHr, province.other_county_market).await;

    let entry = |person| vec![(person, Value::Minutes(60))];
    let there = training::enter(platform, &hr_there, target, entry(theirs)).await;
    assert_eq!(refused(there), "TRAINING_SESSION_NOT_FOUND");
    let file = csv(&["姓名,身份证号,参训学时".into(), format!("李四,{},8", id_number(2))]);
    let staged = uploads::stage(platform, &hr_there, target, "名单.csv", file).await;
    assert_eq!(refused(staged), "TRAINING_SESSION_NOT_FOUND");
    let entered = training::enter(platform, &desk.hr, target, entry(theirs)).await.unwrap();
    assert_eq!(entered[0].result, Err(training::TrainingRefusal::PersonNotFound));
    let query = "query($id: ID!) { trainingSession(id: $id) { title } }";
    let id = json!({ "id": encode(session) });
    assert_eq!(desk.ask(&hr_there, query, id.clone()).await, json!(null));
    assert_eq!(desk.ask(&desk.hr, query, id.clone()).await, json!({ "title": "春季执法培训" }));
    let node = "query($id: ID!) { node(id: $id) { ... on TrainingSession { title } } }";
    assert_eq!(desk.ask(&hr_there, node, id.clone()).await, json!(null));
    assert_eq!(desk.ask(&desk.hr, node, id).await, json!({ "title": "春季执法培训" }));
    let elsewhere = desk.session_of(province.other_county_market, 480);
    assert_eq!(
        refused(training::plan_session(platform, &desk.hr, elsewhere).await),
        "AGENCY_NOT_FOUND"
    );

    // An officer who keeps the agency's desk.
    let clerk = own_account(&desk, mine).await;
    let entered = training::enter(platform, &clerk, target, entry(mine)).await.unwrap();
    assert_eq!(entered[0].result, Err(training::TrainingRefusal::OwnRecord));
    assert_eq!(desk.hours().await, [""; 0]);
}

/// An account of an officer with the role of the agency's HR.
async fn own_account(desk: &Desk, person: entities::ids::PersonId) -> Actor {
    use api::auth::accounts::{self, NewAccount};
    let new = NewAccount {
        person,
        login: "clerk".into(),
        password: Some(crate::province::PASSWORD.into()),
        roles: vec![(Role::AgencyHr, desk.province.county_market, ScopeAxis::Own)],
    };
    let (auth, platform) = (&desk.app.web.auth, &desk.app.platform);
    accounts::enter(auth, platform, &Actor::System, new).await.unwrap();
    let tokens = auth.sign_in(platform, "clerk", crate::province::PASSWORD.into()).await.unwrap();
    auth.authenticate(platform, &tokens.access_token).await.unwrap().unwrap()
}

#[tokio::test]
async fn of_two_who_apply_a_workbook_at_once_one_finds_it_applied() {
    let desk = Desk::new().await;
    let (platform, hr) = (&desk.app.platform, &desk.hr);
    let session = desk.held(480).await;
    desk.officer(1, "张三").await;
    let file = csv(&["姓名,身份证号,参训学时".into(), format!("张三,{},8", id_number(1))]);
    let upload = desk.stage(hr, Target::Attendance(session), file).await;
    let apply = || uploads::apply(platform, hr, upload.id, true, true);
    let (one, other) = tokio::join!(apply(), apply());
    let (done, late) = if one.is_ok() { (one, other) } else { (other, one) };
    assert_eq!(tallies(&done.unwrap()), [1, 0, 0, 1, 0, 0]);
    assert_eq!(refused(late), "TRAINING_UPLOAD_NOT_STAGED");
    assert_eq!(desk.hours().await, ["张三 2026 480"]);
    assert_eq!(desk.logged("attendance.enter").await, 1);
}
