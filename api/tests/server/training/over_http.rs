//! Workbooks over REST, and the whole way of a session and a sitting over GraphQL.

use api::graphql::ids::encode;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use calamine::Reader;
use entities::enums::Role;
use serde_json::{Value, json};
use std::io::Cursor;

use super::{Desk, csv};
use crate::province::{PASSWORD, id_number};

async fn token(desk: &Desk, login: &str) -> String {
    let signed = desk.app.web.auth.sign_in(&desk.app.platform, login, PASSWORD.into()).await;
    signed.unwrap().access_token
}

async fn send(
    desk: &Desk,
    token: &str,
    method: &str,
    path: &str,
    body: Vec<u8>,
) -> (StatusCode, Vec<u8>) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::from(body))
        .unwrap();
    let response = desk.app.http(request).await;
    (response.status(), to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

fn json_of(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

#[tokio::test]
async fn a_session_goes_its_way_by_template_upload_and_report() {
    let desk = Desk::new().await;
    let hr = token(&desk, "hr.market").await;
    desk.officer(1, "张三").await;
    let plan = "mutation($input: TrainingSessionInput!) { planTrainingSession(input: $input) {
        trainingSession { id state title } userErrors { code field } } }";
    let input = json!({
        "organiserId": encode(desk.province.county_market), "title": "轮训", "kind": "PRACTICE",
        "mode": "ONLINE", "startsOn": "2026-03-02", "endsOn": "2026-03-02", "minutes": 480,
    });
    let planned = desk.ask(&desk.hr, plan, json!({ "input": input })).await;
    let id = planned["trainingSession"]["id"].as_str().unwrap().to_owned();
    assert_eq!(
        planned,
        json!({
            "trainingSession": { "id": id, "state": "PLANNED", "title": "轮训" }, "userErrors": [],
        })
    );
    let path = format!("/training-sessions/{id}/attendance");
    let file = csv(&["姓名,身份证号,参训学时".into(), format!("张三,{},8", id_number(1))]);
    let (status, body) = send(&desk, &hr, "POST", &path, file.clone()).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(json_of(&body)["userErrors"][0]["code"], "STATE_NOT_ALLOWED");
    let hold = "mutation($id: ID!) { holdTrainingSession(id: $id) {
        trainingSession { state } userErrors { code } } }";
    let held = desk.ask(&desk.hr, hold, json!({ "id": id })).await;
    assert_eq!(held, json!({ "trainingSession": { "state": "HELD" }, "userErrors": [] }));

    let (status, template) = send(&desk, &hr, "GET", &format!("{path}.xlsx"), vec![]).await;
    assert_eq!(status, StatusCode::OK);
    let mut workbook = calamine::Xlsx::new(Cursor::new(template)).unwrap();
    let heads = workbook.worksheet_range("人员").unwrap();
    let heads: Vec<String> = heads.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(heads, ["姓名", "身份证号", "所属机关全称", "参训学时"]);

    let (status, body) = send(&desk, &hr, "POST", &format!("{path}?name=a.csv"), file).await;
    assert_eq!(status, StatusCode::CREATED);
    let upload = json_of(&body)["id"].as_str().unwrap().to_owned();
    assert_eq!(
        json_of(&body),
        json!({ "id": upload, "total": 1, "failed": 0, "confirmations": 0, "unchanged": 0 })
    );
    let apply = "mutation($id: ID!) { applyTrainingUpload(id: $id, whole: true) {
        trainingUpload { state kind fileName created sessionId } userErrors { code } } }";
    let applied = desk.ask(&desk.hr, apply, json!({ "id": upload })).await;
    assert_eq!(
        applied,
        json!({
            "trainingUpload": {
                "state": "APPLIED", "kind": "ATTENDANCE", "fileName": "a.csv", "created": 1,
                "sessionId": id,
            },
            "userErrors": [],
        })
    );
    let report = format!("/training-uploads/{upload}/report.xlsx");
    assert_eq!(send(&desk, &hr, "GET", &report, vec![]).await.0, StatusCode::OK);
    // It left with personal data, and the log has it among what was taken.
    let justice = desk.province.county_justice;
    let auditor = desk.province.sign_in(&desk.app, "auditor", Role::Auditor, justice).await;
    let log = "{ auditEntries(first: 9, filter: { kind: EXPORTS }) { nodes { action subject } } }";
    assert_eq!(
        desk.ask(&auditor, log, json!({})).await,
        json!({ "nodes": [{ "action": "training.report", "subject": upload }] })
    );
    // Another account does not see it, and there is none of another name.
    let reviewer = token(&desk, "reviewer").await;
    for (who, path) in
        [(&reviewer, report.as_str()), (&hr, "/training-uploads/nonsense/report.xlsx")]
    {
        let (status, body) = send(&desk, who, "GET", path, vec![]).await;
        assert_eq!(status, StatusCode::NOT_FOUND);
        assert_eq!(json_of(&body)["userErrors"][0]["code"], "TRAINING_UPLOAD_NOT_FOUND");
    }
    let query = "query($id: ID!) { trainingSession(id: $id) {
        attendance(first: 5) { nodes { officer { name } minutes } } } }";
    assert_eq!(
        desk.ask(&desk.hr, query, json!({ "id": id })).await,
        json!({ "attendance": { "nodes": [{ "officer": { "name": "张三" }, "minutes": 480 }] } })
    );
    assert_eq!(desk.hours().await, ["张三 2026 480"]);
}

#[tokio::test]
async fn permission_and_size_are_asked_before_a_body_is_read() {
    let desk = Desk::new().await;
    let hr = token(&desk, "hr.market").await;
    let sitting = encode(desk.sitting("2026-03-02", true).await);
    let session = encode(desk.held(480).await);
    // HR records hours and no exams; a body of any size changes nothing of that.
    for end in ["candidates", "results"] {
        let path = format!("/exam-sittings/{sitting}/{end}");
        let (status, body) = send(&desk, &hr, "POST", &path, vec![b'a'; 9 << 20]).await;
        assert_eq!(
            (status, &json_of(&body)["errors"][0]["extensions"]["code"]),
            (StatusCode::FORBIDDEN, &json!("FORBIDDEN"))
        );
    }
    let path = format!("/training-sessions/{session}/attendance");
    let (status, body) = send(&desk, &hr, "POST", &path, vec![b'a'; (8 << 20) + 1]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(json_of(&body)["userErrors"][0]["code"], "FILE_TOO_LARGE");
    let (status, _) = send(&desk, &hr, "POST", "/training-sessions/none/attendance", vec![]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_sitting_goes_its_way_over_graphql() {
    let desk = Desk::new().await;
    let person = encode(desk.officer(1, "张三").await);
    let plan = "mutation($input: ExamSittingInput!) { planExamSitting(input: $input) {
        examSitting { id state } userErrors { code field } } }";
    let mut input = json!({
        "organiserId": encode(desk.province.county_justice), "subject": "PUBLIC_LAW",
        "fieldCode": "market", "heldOn": "2026-03-02", "place": "党校",
    });
    let refused = desk.ask(&desk.reviewer, plan, json!({ "input": input })).await;
    assert_eq!(
        refused,
        json!({
            "examSitting": null, "userErrors": [{ "code": "FIELD_NOT_FOUND", "field": "fieldCode" }],
        }),
        "the public-law exam is for every field"
    );
    input["fieldCode"] = Value::Null;
    let planned = desk.ask(&desk.reviewer, plan, json!({ "input": input })).await;
    let id = planned["examSitting"]["id"].clone();
    let register = "mutation($id: ID!, $who: [ID!]!) {
        registerExamCandidates(id: $id, officerIds: $who) { results { id ok userErrors { code } }
        userErrors { code } } }";
    let who = json!([person, "pers_00000000000000000000000000000000"]);
    assert_eq!(
        desk.ask(&desk.reviewer, register, json!({ "id": id, "who": who })).await,
        json!({
            "results": [
                { "id": person, "ok": true, "userErrors": [] },
                { "id": "pers_00000000000000000000000000000000", "ok": false,
                  "userErrors": [{ "code": "PERSON_NOT_FOUND" }] },
            ],
            "userErrors": [],
        })
    );
    let record = "mutation($id: ID!, $entries: [ExamOutcomeInput!]!) {
        recordExamOutcomes(id: $id, entries: $entries) { results { ok } userErrors { code } } }";
    let entries = json!([{ "officerId": person, "outcome": "SCORED", "scoreTenths": 880 }]);
    let recorded = desk.ask(&desk.reviewer, record, json!({ "id": id, "entries": entries })).await;
    assert_eq!(recorded, json!({ "results": [{ "ok": true }], "userErrors": [] }));
    let confirm = "mutation($id: ID!) { confirmExamSitting(id: $id) {
        examSitting { state } userErrors { code } } }";
    let own = desk.ask(&desk.reviewer, confirm, json!({ "id": id })).await;
    assert_eq!(
        own,
        json!({ "examSitting": null, "userErrors": [{ "code": "SEPARATION_OF_DUTIES" }] })
    );
    let confirmed = desk.ask(&desk.second, confirm, json!({ "id": id })).await;
    assert_eq!(confirmed, json!({ "examSitting": { "state": "CONFIRMED" }, "userErrors": [] }));
    let officer =
        "query($id: ID!) { officer(id: $id) { examResults { cycle attempt scoreTenths } } }";
    assert_eq!(
        desk.ask(&desk.hr, officer, json!({ "id": person })).await,
        json!({ "examResults": [{ "cycle": 1, "attempt": 1, "scoreTenths": 880 }] })
    );
}
