//! An issuer: the second factor where the province asks for it, certificates in bulk, cards, and what
//! becomes of certificates afterwards.

use reqwest::Method;
use serde_json::{Value, json};

use super::{HR, ISSUER, REVIEWER, act, assert_forbidden, close, enter, one, verdict};
use crate::accounts::shown;
use crate::demo::Demo;
use crate::session::until;
use crate::the_whole_way::applications;

const BULK: &str = "mutation($ids: [ID!]!) { issueCertificatesInBulk(applicationIds: $ids) { job { id \
    } userErrors { code } } }";

pub async fn day(demo: &Demo) {
    let server = demo.serve().await;
    let hr = demo.sign_in(&server, HR).await;
    let reviewer = demo.sign_in(&server, REVIEWER).await;
    let people = enter(&hr, 6).await;
    let applications = applications(&hr, &reviewer, &people).await;
    let issuer = demo.sign_in(&server, ISSUER).await;

    // From today the province asks issuers for a second factor.
    let admin = demo.sign_in(&server, "admin").await;
    let version = "mutation($input: EnterPolicyVersionInput!) { enterPolicyVersion(input: $input) { \
        policy { id } userErrors { code } } }";
    let body = json!({ "totp_required_roles": ["ISSUER"], "delegation_days": 60 });
    let today = today();
    let input = json!({ "key": "ACCOUNTS", "divisionCode": "620000", "effectiveFrom": today, "body": body });
    let entered = admin.ask(version, json!({ "input": input })).await;
    assert_eq!(entered["userErrors"], json!([]), "{entered}");
    assert_eq!(issuer.ask("{ viewer { totpRequired } }", json!({})).await["totpRequired"], true);
    let refused = issuer.execute(BULK, json!({ "ids": applications })).await;
    assert_eq!(refused["errors"][0]["extensions"]["code"], "TOTP_REQUIRED", "{refused}");
    let begin = "mutation($password: String!) { beginTotpEnrolment(password: $password) { enrolment \
        { secret } userErrors { code } } }";
    let begun = issuer.ask(begin, json!({ "password": demo.password(ISSUER) })).await;
    let app = begun["enrolment"]["secret"].as_str().unwrap_or_else(|| panic!("{begun}"));
    let confirm = "mutation($code: String!) { confirmTotpEnrolment(totpCode: $code) { userErrors { \
        code } } }";
    let confirmed = issuer.ask(confirm, json!({ "code": shown(app, 0) })).await;
    assert_eq!(confirmed, json!({ "userErrors": [] }));

    // One is not in order after all; the others are issued by a job.
    let back = "sendBackApplications(ids: $ids, reasons: \"单位名称有误\")";
    assert_eq!(one(&issuer, back, &applications[5]).await, json!(null));
    let begun = issuer.ask(BULK, json!({ "ids": applications[..5] })).await;
    let job = &begun["job"]["id"];
    assert!(job.is_string(), "{begun}");
    let progress = "query($id: ID!) { job(id: $id) { state total done failed } }";
    let done = until("the certificates", async || {
        let job = issuer.ask(progress, json!({ "id": job })).await;
        (job["state"] == "DONE").then_some(job)
    })
    .await;
    assert_eq!(done, json!({ "state": "DONE", "total": 5, "done": 5, "failed": 0 }));
    let mut certificates = Vec::new();
    for person in &people[..5] {
        let query = "query($holder: ID!) { certificates(first: 5, holderId: $holder) { nodes { id \
            state printedCode { digits } } } }";
        let found = issuer.ask(query, json!({ "holder": person })).await;
        let nodes = found["nodes"].as_array().unwrap();
        assert_eq!((nodes.len(), &nodes[0]["state"]), (1, &json!("ISSUED")));
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        certificates.push((text(&nodes[0]["id"]), text(&nodes[0]["printedCode"]["digits"])));
    }

    let ids: Vec<&String> = certificates.iter().map(|(id, _)| id).collect();
    let cards = issuer.request(Method::POST, "/cards/sheets.pdf").json(&json!({ "ids": ids }));
    let cards = cards.send().await.unwrap();
    assert_eq!(
        (cards.status().as_u16(), &cards.headers()["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    assert!(cards.bytes().await.unwrap().starts_with(b"%PDF-"));
    for id in ids {
        assert_eq!(one(&hr, "handOverCertificates(ids: $ids)", id).await, json!(null));
    }

    for (at, mutation, ground, then, scanned) in [
        (0, "suspendCertificate", "REFUSING_SUPERVISION", "SUSPENDED", "NOT_AUTHORISED"),
        (0, "liftSuspension", "CAUSE_ENDED", "ACTIVE", "VALID"),
        (1, "suspendCertificate", "FAILED_EXAM", "SUSPENDED", "NOT_AUTHORISED"),
        (1, "liftSuspension", "RETRAINING_PASSED", "RETRAINING_OWED", "NOT_AUTHORISED"),
        (2, "cancelCertificate", "RETIREMENT", "CANCELLED", "CANCELLED"),
        (2, "liftSuspension", "CAUSE_ENDED", "STATE_NOT_ALLOWED", "CANCELLED"),
        (3, "revokeCertificate", "LENDING", "REVOKED", "NOT_AUTHORISED"),
        (4, "revokeCertificate", "RETIREMENT", "GROUND_NOT_APPLICABLE", "VALID"),
    ] {
        let (id, digits) = &certificates[at];
        assert_eq!(act(&issuer, mutation, id, ground).await, then, "{mutation} {ground}");
        assert_eq!(verdict(&server, digits).await, scanned, "{mutation} {ground}");
    }
    assert_forbidden(
        &issuer,
        &[
            "mutation { reviewApplications(ids: [], decision: APPROVE) { userErrors { code } } }",
            "mutation { applyForCertificates(personIds: [], act: INITIAL) { userErrors { code } } }",
            "mutation { handOverCertificates(ids: []) { userErrors { code } } }",
        ],
    )
    .await;
    close(demo, server).await;
}

/// The server's day.
fn today() -> String {
    use api::platform::clock::{Clock as _, SystemClock, local_date};
    local_date(SystemClock.now()).to_string()
}
