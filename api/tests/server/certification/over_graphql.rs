//! Certification over GraphQL: the whole way, the lists, what is refused and to whom.

use api::certification;
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::platform::jobs;
use chrono::Duration;
use entities::enums::{ExamSubject, PersonKind, Role};
use entities::ids::{ExamResultId, PersonId, TrainingRecordId};
use entities::{blob, exam_result, person, training_record};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::province::Province;

struct County {
    app: TestApp,
    province: Province,
    hr: Actor,
    reviewer: Actor,
    issuer: Actor,
}

impl County {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let province = Province::enter(&app).await;
        let photo = blob::Model {
            sha256: vec![1; 32],
            media_type: "image/jpeg".into(),
            bytes: vec![0],
            created_at: app.now(),
        };
        photo.into_active_model().insert(app.platform.db.writer()).await.unwrap();
        let hr = province.sign_in(&app, "clerk.hr", Role::AgencyHr, province.county_market).await;
        let justice = province.county_justice;
        let reviewer = province.sign_in(&app, "reviewer", Role::JusticeReviewer, justice).await;
        let issuer = province.sign_in(&app, "issuer", Role::Issuer, justice).await;
        Self { app, province, hr, reviewer, issuer }
    }

    /// An officer with a photo, trained and with both exams passed.
    async fn officer(&self, name: &str) -> PersonId {
        let kind = PersonKind::EnforcementOfficer;
        let id = self.province.person(&self.app, kind, name, self.province.county_market).await;
        let db = self.app.platform.db.writer();
        let row = person::Entity::find_by_id(id).one(db).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.photo_sha256 = Set(Some(vec![1; 32]));
        row.update(db).await.unwrap();
        for subject in ExamSubject::all() {
            let row = exam_result::Model {
                id: self.app.platform.new_id::<ExamResultId>(),
                person_id: id,
                subject,
                cycle: 1,
                attempt: 1,
                score_tenths: 850,
                taken_on: "2026-01-20".parse().unwrap(),
                source: "test".into(),
                recorded_at: self.app.now(),
                sitting_id: None,
            };
            row.into_active_model().insert(db).await.unwrap();
        }
        let row = training_record::Model {
            id: self.app.platform.new_id::<TrainingRecordId>(),
            person_id: id,
            year: 2026,
            minutes: 3_600,
            source: "test".into(),
            recorded_at: self.app.now(),
            session_id: None,
        };
        row.into_active_model().insert(db).await.unwrap();
        id
    }

    /// Executes an operation and answers its one field.
    async fn ask(&self, actor: &Actor, query: &str, variables: Value) -> Value {
        let answer = self.app.graphql(Some(actor), query, variables).await;
        assert_eq!(answer.get("errors"), None, "{answer}");
        let data = answer["data"].as_object().unwrap();
        assert_eq!(data.len(), 1, "{answer}");
        data.values().next().unwrap().clone()
    }

    /// A bulk mutation on one record, which must succeed; answers what was created.
    async fn one(&self, actor: &Actor, query: &str, variables: Value) -> Value {
        let answer = self.ask(actor, query, variables).await;
        assert_eq!(answer["userErrors"], json!([]), "{answer}");
        assert_eq!(answer["results"][0]["ok"], true, "{answer}");
        answer["results"][0]["createdId"].clone()
    }

    async fn reviewed(&self, person: PersonId) -> Value {
        let ids = json!({ "ids": [encode(person)] });
        let candidate = self.one(&self.hr, NOMINATE, ids.clone()).await;
        self.one(&self.reviewer, QUALIFY, json!({ "ids": [candidate] })).await;
        let application = self.one(&self.hr, APPLY, ids).await;
        self.one(&self.reviewer, APPROVE, json!({ "ids": [application] })).await;
        application
    }
}

const NOMINATE: &str = "mutation($ids: [ID!]!) { nominateCandidates(personIds: $ids) \
    { results { id ok createdId userErrors { code } } userErrors { code } } }";
const QUALIFY: &str = "mutation($ids: [ID!]!) { decideQualifications(ids: $ids, decision: QUALIFY) \
    { results { id ok createdId userErrors { code message } } userErrors { code } } }";
const APPLY: &str = "mutation($ids: [ID!]!) { applyForCertificates(personIds: $ids, act: INITIAL) \
    { results { id ok createdId userErrors { code } } userErrors { code } } }";
const APPROVE: &str = "mutation($ids: [ID!]!) { reviewApplications(ids: $ids, decision: APPROVE) \
    { results { id ok createdId userErrors { code } } userErrors { code } } }";
const ISSUE: &str = "mutation($id: ID!) { issueCertificate(applicationId: $id) { certificate \
    { id number state printedCode { url digits } } userErrors { code field message } } }";
const HAND_OVER: &str = "mutation($ids: [ID!]!) { handOverCertificates(ids: $ids) \
    { results { id ok createdId userErrors { code } } userErrors { code } } }";

#[tokio::test]
async fn from_a_candidate_to_a_certificate_and_its_end() {
    let county = County::new().await;
    let person = county.officer("王伟").await;
    let application = county.reviewed(person).await;
    let answer = county.ask(&county.issuer, ISSUE, json!({ "id": application })).await;
    let certificate = &answer["certificate"];
    let id = certificate["id"].clone();
    assert_eq!(
        (&certificate["number"], &certificate["state"]),
        (&json!("62000000001"), &json!("ISSUED"))
    );
    let digits = certificate["printedCode"]["digits"].as_str().unwrap();
    assert_eq!(certificate["printedCode"]["url"], format!("http://localhost:8080/v/{digits}"));
    county.one(&county.hr, HAND_OVER, json!({ "ids": [id] })).await;

    county.app.clock.advance(Duration::minutes(1));
    let suspend = "mutation($id: ID!) { suspendCertificate(input: { id: $id, \
        ground: REFUSING_SUPERVISION, note: \"拒绝检查\", days: 30 }) { certificate { state \
        suspendedUntil ground { code label } } userErrors { code } } }";
    let answer = county.ask(&county.issuer, suspend, json!({ "id": id })).await;
    assert_eq!(
        answer,
        json!({
            "certificate": {
                "state": "SUSPENDED",
                "suspendedUntil": "2026-04-01",
                "ground": { "code": "REFUSING_SUPERVISION", "label": "Refused supervision" },
            },
            "userErrors": [],
        })
    );
    county.app.clock.advance(Duration::minutes(1));
    let lift = "mutation($id: ID!) { liftSuspension(input: { id: $id, ground: CAUSE_ENDED }) \
        { certificate { state } userErrors { code } } }";
    let answer = county.ask(&county.issuer, lift, json!({ "id": id })).await;
    assert_eq!(answer, json!({ "certificate": { "state": "ACTIVE" }, "userErrors": [] }));
    let cancel = "mutation($id: ID!) { cancelCertificate(input: { id: $id, ground: LOSS }) \
        { certificate { state } userErrors { code field message } } }";
    let answer = county.ask(&county.issuer, cancel, json!({ "id": id })).await;
    assert_eq!(
        answer,
        json!({
            "certificate": null,
            "userErrors": [{
                "code": "GROUND_NOT_APPLICABLE",
                "field": "ground",
                "message": "This ground does not go with what is to be done.",
            }],
        })
    );

    let whole = "query($id: ID!) { certificate(id: $id) { holder { name } agency { name } \
        issuingAuthority { name } validFrom validUntil state printedCode { digits } \
        events { seq act fromState toState ground { code } note } \
        stateAt(moment: \"2026-03-02T02:01:00Z\") { state authorised } } }";
    let shown = county.ask(&county.hr, whole, json!({ "id": id })).await;
    assert_eq!(
        shown,
        json!({
            "holder": { "name": "王伟" },
            "agency": { "name": "兰州市城关区市场监督管理局" },
            "issuingAuthority": { "name": "兰州市城关区司法局" },
            "validFrom": "2026-03-02",
            "validUntil": "2031-03-01",
            "state": "ACTIVE",
            "printedCode": { "digits": digits },
            "events": [
                { "seq": 1, "act": "ISSUE", "fromState": null, "toState": "ISSUED", "ground": null, "note": null },
                { "seq": 2, "act": "HAND_OVER", "fromState": "ISSUED", "toState": "ACTIVE", "ground": null, "note": null },
                { "seq": 3, "act": "SUSPEND", "fromState": "ACTIVE", "toState": "SUSPENDED",
                  "ground": { "code": "REFUSING_SUPERVISION" }, "note": "拒绝检查" },
                { "seq": 4, "act": "LIFT", "fromState": "SUSPENDED", "toState": "ACTIVE",
                  "ground": { "code": "CAUSE_ENDED" }, "note": null },
            ],
            "stateAt": { "state": "SUSPENDED", "authorised": false },
        })
    );
    // Whoever neither issues nor hands over sees no code to print.
    let shown = county.ask(&county.reviewer, whole, json!({ "id": id })).await;
    assert_eq!(shown["printedCode"], Value::Null);
    // Outside the scope there is no such certificate.
    let elsewhere = county.province.other_county_market;
    let foreign = county.province.sign_in(&county.app, "foreign", Role::AgencyHr, elsewhere).await;
    assert_eq!(county.ask(&foreign, whole, json!({ "id": id })).await, Value::Null);
}

#[tokio::test]
async fn an_application_shows_who_took_its_steps_and_why_it_was_returned() {
    let county = County::new().await;
    let person = county.officer("王伟").await;
    let ids = json!({ "ids": [encode(person)] });
    let candidate = county.one(&county.hr, NOMINATE, ids.clone()).await;
    county.one(&county.reviewer, QUALIFY, json!({ "ids": [candidate] })).await;
    let application = county.one(&county.hr, APPLY, ids).await;
    let give_back = "mutation($ids: [ID!]!) { reviewApplications(ids: $ids, decision: RETURN, \
        reasons: \"照片不清晰\") { results { ok createdId userErrors { code } } \
        userErrors { code } } }";
    county.one(&county.reviewer, give_back, json!({ "ids": [application] })).await;
    county.app.clock.advance(Duration::minutes(1));
    let resubmit = "mutation($ids: [ID!]!) { resubmitApplications(ids: $ids) \
        { results { ok createdId userErrors { code } } userErrors { code } } }";
    county.one(&county.hr, resubmit, json!({ "ids": [application] })).await;
    let query = "query($id: ID!) { application(id: $id) { state reasons \
        steps { seq step at byPersonId reasons } } }";
    let step = |seq: i32, step: &str, at: &str, by: &Actor, reasons: Value| {
        let by = encode(by.person().unwrap());
        json!({ "seq": seq, "step": step, "at": at, "byPersonId": by, "reasons": reasons })
    };
    let (first, later) = ("2026-03-02T02:00:00+00:00", "2026-03-02T02:01:00+00:00");
    assert_eq!(
        county.ask(&county.reviewer, query, json!({ "id": application })).await,
        json!({
            "state": "APPLIED",
            "reasons": null,
            "steps": [
                step(1, "APPLY", first, &county.hr, Value::Null),
                step(2, "RETURN", first, &county.reviewer, json!("照片不清晰")),
                step(3, "RESUBMIT", later, &county.hr, Value::Null),
            ],
        })
    );
}

#[tokio::test]
async fn a_suspension_is_extended_with_reasons() {
    let county = County::new().await;
    let person = county.officer("王伟").await;
    let application = county.reviewed(person).await;
    let answer = county.ask(&county.issuer, ISSUE, json!({ "id": application })).await;
    let id = answer["certificate"]["id"].clone();
    county.one(&county.hr, HAND_OVER, json!({ "ids": [id] })).await;
    let suspend = "mutation($id: ID!) { suspendCertificate(input: { id: $id, \
        ground: DISCIPLINE }) { certificate { state } userErrors { code } } }";
    county.ask(&county.issuer, suspend, json!({ "id": id })).await;
    let extend = "mutation($id: ID!, $days: Int!, $reasons: String!) { extendSuspension(input: { \
        id: $id, days: $days, reasons: $reasons }) { certificate { state suspendedUntil } \
        userErrors { code field } } }";
    let ask = async |days: i32, reasons: &str| {
        let variables = json!({ "id": id, "days": days, "reasons": reasons });
        county.ask(&county.issuer, extend, variables).await
    };
    let refused = |code: &str, field: Option<&str>| json!({ "certificate": null, "userErrors": [{ "code": code, "field": field }] });
    assert_eq!(ask(-1, "案情复杂").await, refused("EXTENSION_DAYS", Some("days")));
    assert_eq!(ask(91, "案情复杂").await, refused("EXTENSION_DAYS", Some("days")));
    assert_eq!(ask(10, "").await, refused("REASONS_REQUIRED", Some("reasons")));
    let certificate = json!({ "state": "SUSPENDED", "suspendedUntil": "2026-08-29" });
    let extended = json!({ "certificate": certificate, "userErrors": [] });
    assert_eq!(ask(90, "案情复杂").await, extended);
    assert_eq!(ask(1, "案情复杂").await, refused("SUSPENSION_EXTENDED_ALREADY", None));
}

#[tokio::test]
async fn a_candidate_is_told_everything_that_is_missing() {
    let county = County::new().await;
    let kind = PersonKind::EnforcementOfficer;
    let agency = county.province.county_market;
    let person = county.province.person(&county.app, kind, "李娜", agency).await;
    let candidate = county.one(&county.hr, NOMINATE, json!({ "ids": [encode(person)] })).await;
    let answer = county.ask(&county.reviewer, QUALIFY, json!({ "ids": [candidate] })).await;
    let missing = json!([
        { "code": "PUBLIC_LAW_EXAM_NOT_PASSED", "message": "The public-law exam is not passed yet." },
        {
            "code": "PROFESSIONAL_LAW_EXAM_NOT_PASSED",
            "message": "The professional-law exam is not passed yet.",
        },
        { "code": "TRAINING_SHORT", "message": "0 training hours in 2026, 60 a year are required." },
    ]);
    assert_eq!(answer["results"][0]["userErrors"], missing);
    let list = "{ qualifications(first: 5, state: CANDIDATE) { nodes { person { name } state \
        agency { name } checklist { code message } } pageInfo { hasNextPage } } }";
    let answer = county.ask(&county.reviewer, list, json!({})).await;
    assert_eq!(
        answer,
        json!({
            "nodes": [{
                "person": { "name": "李娜" },
                "state": "CANDIDATE",
                "agency": { "name": "兰州市城关区市场监督管理局" },
                "checklist": missing,
            }],
            "pageInfo": { "hasNextPage": false },
        })
    );
}

#[tokio::test]
async fn many_are_issued_by_a_job_that_only_its_owner_sees() {
    let county = County::new().await;
    let mut ids = Vec::new();
    for name in ["王伟", "王芳", "李娜"] {
        let person = county.officer(name).await;
        ids.push(county.reviewed(person).await);
    }
    let ask = "mutation($ids: [ID!]!) { issueCertificatesInBulk(applicationIds: $ids) \
        { job { id state total } userErrors { code } } }";
    let answer = county.ask(&county.issuer, ask, json!({ "ids": ids })).await;
    assert_eq!(answer["job"]["state"], "QUEUED");
    assert_eq!(answer["job"]["total"], 3);
    let platform = &county.app.platform;
    let claimed = jobs::claim(platform, &[certification::ISSUE_JOB], None).await.unwrap().unwrap();
    certification::work_issue_job(platform, &claimed).await.unwrap();
    let job = "query($id: ID!) { job(id: $id) { state total done failed } }";
    let id = json!({ "id": answer["job"]["id"] });
    assert_eq!(
        county.ask(&county.issuer, job, id.clone()).await,
        json!({ "state": "DONE", "total": 3, "done": 3, "failed": 0 })
    );
    assert_eq!(county.ask(&county.reviewer, job, id).await, Value::Null);

    // The list in pages, narrowed by the beginning of a name.
    let list = "query($after: String) { certificates(first: 1, after: $after, holderName: \"王\", \
        state: ISSUED) { nodes { number holder { name } } pageInfo { hasNextPage endCursor } } }";
    let first = county.ask(&county.hr, list, json!({})).await;
    assert_eq!(first["nodes"], json!([{ "number": "62000000001", "holder": { "name": "王伟" } }]));
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = json!({ "after": first["pageInfo"]["endCursor"] });
    let second = county.ask(&county.hr, list, after).await;
    assert_eq!(second["nodes"], json!([{ "number": "62000000002", "holder": { "name": "王芳" } }]));
    assert_eq!(second["pageInfo"]["hasNextPage"], false);

    let approved = "{ applications(state: APPROVED) { nodes { person { name } act state reasons \
        certificateId checklist { code } } } }";
    let answer = county.ask(&county.hr, approved, json!({})).await;
    assert_eq!(answer["nodes"].as_array().unwrap().len(), 3);
    assert_eq!(answer["nodes"][0]["checklist"], json!([]));
}

#[tokio::test]
async fn without_the_permission_nothing_is_read() {
    let county = County::new().await;
    let code = async |actor: &Actor, query: &str| {
        let ids = json!({ "ids": [], "id": "appl_00000000000000000000000000000000" });
        let answer = county.app.graphql(Some(actor), query, ids).await;
        answer["errors"][0]["extensions"]["code"].clone()
    };
    assert_eq!(code(&county.hr, ISSUE).await, "FORBIDDEN");
    assert_eq!(code(&county.hr, QUALIFY).await, "FORBIDDEN");
    assert_eq!(code(&county.reviewer, NOMINATE).await, "FORBIDDEN");
    assert_eq!(code(&county.issuer, HAND_OVER).await, "FORBIDDEN");
    county.app.clock.advance(Duration::minutes(31));
    assert_eq!(code(&county.issuer, ISSUE).await, "REAUTHENTICATION_REQUIRED");
}

#[tokio::test]
async fn a_policy_version_follows_the_last_and_the_next_issue_applies_it() {
    let county = County::new().await;
    let justice = county.province.justice;
    let admin =
        county.province.sign_in(&county.app, "admin", Role::SystemAdministrator, justice).await;
    let enter = "mutation($body: JSON!, $from: NaiveDate!, $division: String!) { \
        enterPolicyVersion(input: { key: CERTIFICATION, divisionCode: $division, \
        effectiveFrom: $from, body: $body }) { policy { version divisionCode effectiveFrom } \
        userErrors { code field } } }";
    let policies = "{ policies(key: CERTIFICATION, divisionCode: \"620000\") { version body } }";
    let mut body = county.ask(&admin, policies, json!({})).await[0]["body"].clone();
    body["validity_years"] = json!(3);
    let input = |body: &Value, from: &str, division: &str| json!({ "body": body, "from": from, "division": division });
    let wrong = |code: &str, field: &str| json!({ "policy": null, "userErrors": [{ "code": code, "field": field }] });
    let early = county.ask(&admin, enter, input(&body, "2026-03-01", "620000")).await;
    assert_eq!(early, wrong("POLICY_TOO_EARLY", "effectiveFrom"));
    let bad = json!({ "validity_years": 5 });
    let bad = county.ask(&admin, enter, input(&bad, "2026-03-02", "620000")).await;
    assert_eq!(bad, wrong("POLICY_BODY_INVALID", "body"));
    let nowhere = county.ask(&admin, enter, input(&body, "2026-03-02", "999999")).await;
    assert_eq!(nowhere, wrong("DIVISION_NOT_FOUND", "divisionCode"));
    // The prefecture's own rule is nearer than the province's.
    let entered = county.ask(&admin, enter, input(&body, "2026-03-02", "620100")).await;
    assert_eq!(
        entered,
        json!({
            "policy": { "version": 1, "divisionCode": "620100", "effectiveFrom": "2026-03-02" },
            "userErrors": [],
        })
    );
    let again = county.ask(&admin, enter, input(&body, "2026-03-02", "620100")).await;
    assert_eq!(again, wrong("POLICY_TOO_EARLY", "effectiveFrom"));
    let person = county.officer("王伟").await;
    let application = county.reviewed(person).await;
    let issue = "mutation($id: ID!) { issueCertificate(applicationId: $id) { certificate \
        { validUntil } userErrors { code } } }";
    let answer = county.ask(&county.issuer, issue, json!({ "id": application })).await;
    assert_eq!(answer["certificate"]["validUntil"], "2029-03-01");
}
