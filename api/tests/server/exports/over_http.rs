//! The routes: who is let in, what is asked for in the body, and what comes back.

use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use entities::enums::Role;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::province::{PASSWORD, Province, officer};
use api::graphql::ids::encode;
use api::officers::enter_person;
use api::platform::actor::Actor;

struct Answer {
    status: u16,
    kind: String,
    name: String,
    body: Vec<u8>,
}

impl Answer {
    /// The code of a refusal, wherever it stands.
    fn code(&self) -> String {
        let body: Value = serde_json::from_slice(&self.body).unwrap();
        let code = &body["userErrors"][0]["code"];
        let code = if code.is_null() { &body["errors"][0]["extensions"]["code"] } else { code };
        code.as_str().unwrap().to_owned()
    }
}

async fn send(app: &TestApp, login: &str, method: &str, path: &str, body: Body) -> Answer {
    let tokens = app.web.auth.sign_in(&app.platform, login, PASSWORD.into()).await.unwrap();
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(header::AUTHORIZATION, format!("Bearer {}", tokens.access_token))
        .body(body)
        .unwrap();
    let response = app.http(request).await;
    let of = |name| {
        let value = response.headers().get(name);
        value.map_or_else(String::new, |v| v.to_str().unwrap().to_owned())
    };
    let (kind, name) = (of(header::CONTENT_TYPE), of(header::CONTENT_DISPOSITION));
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec();
    Answer { status, kind, name, body }
}

async fn post(app: &TestApp, login: &str, path: &str, body: Value) -> Answer {
    send(app, login, "POST", path, Body::from(body.to_string())).await
}

#[tokio::test]
async fn a_list_comes_as_a_file_and_what_is_wrong_with_the_request_is_told() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    province.sign_in(&app, "auditor", Role::Auditor, province.county_justice).await;
    let person = officer(7, "张三", province.county_market);
    let id = enter_person(&app.platform, &Actor::System, person).await.unwrap();

    let asked = json!({ "filter": { "kind": "ENFORCEMENT_OFFICER" } });
    let answer = post(&app, "hr.market", "/exports/officers.csv", asked.clone()).await;
    assert_eq!((answer.status, &*answer.kind), (200, "text/csv; charset=utf-8"));
    assert_eq!(answer.name, "attachment; filename=\"officers.csv\"");
    let text = String::from_utf8(answer.body).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].starts_with("\u{feff}姓名,人员类别,所属机关,"), "{text}");
    assert!(lines[1].starts_with("张三,行政执法人员,兰州市城关区市场监督管理局,"), "{text}");
    assert_eq!(lines.len(), 2);
    let answer = post(&app, "hr.market", "/exports/officers.xlsx", asked).await;
    assert_eq!(answer.status, 200);
    assert!(answer.body.starts_with(b"PK") && answer.kind.contains("spreadsheetml"));
    let answer = send(&app, "hr.market", "POST", "/exports/audit-log.csv", Body::empty()).await;
    assert_eq!((answer.status, answer.code().as_str()), (403, "FORBIDDEN"));
    let answer = send(&app, "auditor", "POST", "/exports/audit-log.csv", Body::empty()).await;
    assert_eq!(answer.status, 200);

    let wholly = |purpose: Value| json!({ "personalData": true, "purpose": purpose });
    let other = encode(province.other_county_market);
    for (login, path, body, status, code) in [
        ("hr.market", "officers.csv", wholly(Value::Null), 422, "EXPORT_PURPOSE_REQUIRED"),
        (
            "hr.market",
            "officers.csv",
            wholly("长".repeat(1_001).into()),
            422,
            "EXPORT_PURPOSE_TOO_LONG",
        ),
        ("hr.market", "standings.csv", wholly("核查".into()), 422, "EXPORT_NOTHING_PERSONAL"),
        ("auditor", "officers.csv", wholly("核查".into()), 403, "FORBIDDEN"),
        (
            "hr.market",
            "officers.csv",
            json!({ "filter": { "agencyId": other } }),
            422,
            "EXPORT_OUT_OF_SCOPE",
        ),
        (
            "hr.market",
            "officers.csv",
            json!({ "filter": { "agencyId": "x" } }),
            422,
            "EXPORT_OUT_OF_SCOPE",
        ),
        (
            "hr.market",
            "officers.csv",
            json!({ "filter": { "kind": "POET" } }),
            400,
            "FILTER_INVALID",
        ),
        ("hr.market", "officers.csv", json!({ "filter": { "x": 1 } }), 400, "FILTER_INVALID"),
        ("hr.market", "officers.csv", json!(["x"]), 400, "FILTER_INVALID"),
        ("auditor", "audit-log.csv", json!({ "filter": { "kind": "X" } }), 400, "FILTER_INVALID"),
    ] {
        let answer = post(&app, login, &format!("/exports/{path}"), body.clone()).await;
        assert_eq!((answer.status, &*answer.code()), (status, code), "{login} {path} {body}");
    }
    for path in ["training-attendance.csv", "exam-candidates.xlsx"] {
        for body in [Body::empty(), Body::from(r#"{"filter":{}}"#)] {
            let answer = send(&app, "hr.market", "POST", &format!("/exports/{path}"), body).await;
            assert_eq!((answer.status, &*answer.code()), (404, "EXPORT_NOT_FOUND"), "{path}");
        }
    }
    let years = json!({ "filter": { "year": 2026, "behind": true } });
    let answer = post(&app, "hr.market", "/exports/officer-training-years.csv", years).await;
    assert_eq!(answer.name, "attachment; filename=\"officer-training-years.csv\"");
    assert!(String::from_utf8(answer.body).unwrap().contains("2026,张三,"));
    let large = json!({ "filter": { "name": "长".repeat(10_000) } });
    let answer = post(&app, "hr.market", "/exports/officers.csv", large).await;
    assert_eq!((answer.status, &*answer.code()), (413, "BODY_TOO_LARGE"));

    // Evidence by GET is masked; by POST as the body says.
    let path = format!("/officers/{}/evidence.json", encode(id));
    let answer = send(&app, "auditor", "GET", &path, Body::empty()).await;
    assert_eq!((answer.status, &*answer.kind), (200, "application/json"));
    let file: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(file["officer"]["idNumber"].as_str().unwrap().starts_with("**************"));
    let answer = post(&app, "auditor", &path, wholly("核查".into())).await;
    assert_eq!((answer.status, &*answer.code()), (403, "FORBIDDEN"));
    let whole = Body::from(wholly("核查".into()).to_string());
    province.sign_in(&app, "reviewer", Role::JusticeReviewer, province.county_justice).await;
    let answer = send(&app, "reviewer", "GET", &path, whole).await;
    let file: Value = serde_json::from_slice(&answer.body).unwrap();
    assert!(file["officer"]["idNumber"].as_str().unwrap().starts_with("**************"));
    let answer = post(&app, "reviewer", &path, wholly("核查".into())).await;
    let file: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(file["officer"]["idNumber"], crate::province::id_number(7));
    for path in ["/officers/none/evidence.json", "/officers/none/evidence.pdf"] {
        let answer = send(&app, "auditor", "GET", path, Body::empty()).await;
        assert_eq!((answer.status, &*answer.code()), (404, "EVIDENCE_OFFICER_NOT_FOUND"));
    }
    let answer = send(&app, "hr.market", "GET", &path, Body::empty()).await;
    assert_eq!((answer.status, &*answer.code()), (403, "FORBIDDEN"));
}

#[tokio::test]
async fn a_photo_that_is_read_is_told() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let auditor = province.sign_in(&app, "auditor", Role::Auditor, province.county_justice).await;
    let person = officer(7, "张三", province.county_market);
    let id = enter_person(&app.platform, &Actor::System, person).await.unwrap();
    let path = format!("/officers/{}/photo", encode(id));
    let before = app.audit_log().await.len();
    let answer = send(&app, "auditor", "GET", &path, Body::empty()).await;
    assert_eq!(answer.status, 404);
    assert!(reads(&app).await.is_empty());
    // Signing in is told; looking for a photo that is not there is not.
    assert_eq!(app.audit_log().await.len(), before + 1);
    let photo = entities::blob::Model {
        sha256: vec![1; 32],
        media_type: "image/jpeg".into(),
        bytes: vec![7],
        created_at: app.now(),
    };
    let db = app.platform.db.writer();
    photo.into_active_model().insert(db).await.unwrap();
    let row = entities::person::ActiveModel {
        id: Set(id),
        photo_sha256: Set(Some(vec![1; 32])),
        ..Default::default()
    };
    row.update(db).await.unwrap();
    let answer = send(&app, "auditor", "GET", &path, Body::empty()).await;
    assert_eq!((answer.status, answer.body), (200, vec![7]));
    let told = reads(&app).await;
    assert_eq!(
        told,
        [(auditor.audit_name(), format!("{} {}", encode(id), r#"{"fields":["photo"]}"#))]
    );
}

/// Who read personal data of whom.
async fn reads(app: &TestApp) -> Vec<(String, String)> {
    let log = app.audit_log().await.into_iter();
    log.filter(|entry| entry.action == "person.reveal")
        .map(|entry| (entry.actor, format!("{} {}", entry.subject, entry.body)))
        .collect()
}
