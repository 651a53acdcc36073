//! The HR of an agency: who works here is entered, put forward, applied for, corrected where it was
//! returned, handed over, and reported lost.

use reqwest::Method;
use serde_json::json;

use super::{HR, ISSUER, REVIEWER, act, assert_forbidden, close, enter, one, state, verdict};
use crate::demo::Demo;
use crate::roster;
use crate::session::{APPLY, NOMINATE, QUALIFY};
use crate::the_whole_way::issue;

pub async fn day(demo: &Demo) {
    let server = demo.serve().await;
    let hr = demo.sign_in(&server, HR).await;
    let reviewer = demo.sign_in(&server, REVIEWER).await;
    let issuer = demo.sign_in(&server, ISSUER).await;

    let template = hr.get("/imports/template.xlsx").await;
    assert_eq!(template.status(), 200);
    let people = enter(&hr, 3).await;
    let candidates = hr.each(NOMINATE, &people).await;
    // Who was put forward is not put forward again, and is not applied for before it is decided.
    assert_eq!(
        one(&hr, "nominateCandidates(personIds: $ids)", &people[0]).await,
        "STATE_NOT_ALLOWED"
    );
    reviewer.each(QUALIFY, &candidates).await;
    let applications = hr.each(APPLY, &people).await;

    // One comes back: the photo is not good enough. It is mended and handed in again.
    let back = "mutation($ids: [ID!]!) { reviewApplications(ids: $ids, decision: RETURN, reasons: \
        \"照片模糊，请更换\") { results { ok } userErrors { code } } }";
    let returned = reviewer.ask(back, json!({ "ids": [applications[0]] })).await;
    assert_eq!(returned, json!({ "results": [{ "ok": true }], "userErrors": [] }));
    let mine =
        "{ applications(first: 100, state: RETURNED) { nodes { id reasons person { name } } } }";
    let found = hr.ask(mine, json!({})).await;
    let found = found["nodes"].as_array().unwrap().iter();
    let found: Vec<_> = found.filter(|node| node["id"] == applications[0].as_str()).collect();
    assert_eq!((found.len(), &found[0]["reasons"]), (1, &json!("照片模糊，请更换")));
    let path = format!("/officers/{}/photo", people[0]);
    let photo = hr.request(Method::PUT, &path).header("content-type", "image/png");
    assert_eq!(photo.body(roster::portrait()).send().await.unwrap().status(), 200);
    let again = "resubmitApplications(ids: $ids)";
    assert_eq!(one(&hr, again, &applications[0]).await, json!(null));
    assert_eq!(one(&hr, again, &applications[0]).await, "STATE_NOT_ALLOWED");
    let approve = "reviewApplications(ids: $ids, decision: APPROVE)";
    let mut certificates = Vec::new();
    for application in &applications {
        assert_eq!(one(&reviewer, approve, application).await, json!(null));
        certificates.push(issue(&issuer, application).await);
    }

    let hand_over = "handOverCertificates(ids: $ids)";
    for (id, _, digits) in &certificates {
        assert_eq!(verdict(&server, digits).await, "NOT_YET_VALID");
        assert_eq!(one(&hr, hand_over, id).await, json!(null));
        assert_eq!(verdict(&server, digits).await, "VALID");
    }
    let (lost, _, digits) = &certificates[0];
    assert_eq!(act(&hr, "reportCertificateLoss", lost, "LOSS").await, "LOST");
    assert_eq!(verdict(&server, digits).await, "LOST");
    // What is lost is replaced: the same way once more, from the application.
    let replace = "applyForCertificates(personIds: $ids, act: REPLACEMENT)";
    assert_eq!(one(&hr, replace, &people[0]).await, json!(null));

    // What others decide, the agency does not.
    assert_forbidden(
        &hr,
        &[
            "mutation { reviewApplications(ids: [], decision: APPROVE) { userErrors { code } } }",
            "mutation { decideQualifications(ids: [], decision: QUALIFY) { userErrors { code } } }",
            "mutation { issueCertificatesInBulk(applicationIds: []) { userErrors { code } } }",
            "mutation { suspendCertificate(input: { id: \"x\", ground: DISCIPLINE }) { userErrors { code } } }",
        ],
    )
    .await;
    assert_eq!(state(&hr, lost).await, "LOST");
    close(demo, server).await;
}
