//! A supervisor: looks into who is authorised, and suspends at once where that is urgent; the
//! issuing authority lifts it.

use serde_json::json;

use super::{HR, act, assert_forbidden, close, state, verdict};
use crate::demo::Demo;

pub async fn day(demo: &Demo) {
    let server = demo.serve().await;
    let supervisor = demo.sign_in(&server, "supervisor.chengguan").await;
    let found = supervisor
        .ask(
            "{ certificates(first: 1, state: ACTIVE) { nodes { id holder { id } handedOverOn } } }",
            json!({}),
        )
        .await;
    let certificate = &found["nodes"][0];
    let id = certificate["id"].as_str().unwrap_or_else(|| panic!("{found}"));
    // The code itself is for whoever prints it: a supervisor scans the card.
    let issuer = demo.sign_in(&server, super::ISSUER).await;
    let code = "query($id: ID!) { certificate(id: $id) { printedCode { digits } } }";
    let code = issuer.ask(code, json!({ "id": id })).await;
    let digits = code["printedCode"]["digits"].as_str().unwrap();
    assert_eq!(verdict(&server, digits).await, "VALID");

    // Was this officer authorised at that moment? On the day after the handover, yes.
    let then = format!("{}T23:59:59+08:00", certificate["handedOverOn"].as_str().unwrap());
    let was = "query($person: ID!, $moment: DateTime!) { authorisationAt(personId: $person, moment: \
        $moment) { certificateId state authorised } }";
    let person = &certificate["holder"]["id"];
    let answer = supervisor.ask(was, json!({ "person": person, "moment": then })).await;
    let expected = json!({ "certificateId": id, "state": "ACTIVE", "authorised": true });
    assert!(answer.as_array().unwrap().contains(&expected), "{answer}");

    let suspended = act(&supervisor, "suspendCertificate", id, "NOT_SHOWING_CERTIFICATE").await;
    assert_eq!(suspended, "SUSPENDED");
    assert_eq!(verdict(&server, digits).await, "NOT_AUTHORISED");
    let events = "query($id: ID!) { certificate(id: $id) { events { act } } }";
    let events = supervisor.ask(events, json!({ "id": id })).await;
    assert_eq!(events["events"].as_array().unwrap().last().unwrap()["act"], "SUSPEND", "{events}");
    // Twice is once.
    let again = act(&supervisor, "suspendCertificate", id, "NOT_SHOWING_CERTIFICATE").await;
    assert_eq!(again, "STATE_NOT_ALLOWED");

    assert_forbidden(
        &supervisor,
        &[
            "mutation { liftSuspension(input: { id: \"x\", ground: CAUSE_ENDED }) { userErrors { code } } }",
            "mutation { revokeCertificate(input: { id: \"x\", ground: LENDING }) { userErrors { code } } }",
            "mutation { cancelCertificate(input: { id: \"x\", ground: DEATH }) { userErrors { code } } }",
            "mutation { revealPersonalData(personId: \"x\") { userErrors { code } } }",
            "mutation { reviewApplications(ids: [], decision: APPROVE) { userErrors { code } } }",
        ],
    )
    .await;
    let hr = demo.sign_in(&server, HR).await;
    assert_eq!(state(&supervisor, id).await, "SUSPENDED");
    // The agency cannot take it back either.
    assert_forbidden(
        &hr,
        &["mutation { liftSuspension(input: { id: \"x\", ground: CAUSE_ENDED }) { userErrors { code } } }"],
    )
    .await;
    assert_eq!(act(&issuer, "liftSuspension", id, "CAUSE_ENDED").await, "ACTIVE");
    assert_eq!(verdict(&server, digits).await, "VALID");
    close(demo, server).await;
}
