//! Whoever signs in to the demo finds what happens where officers meet people: phones, showings, joint
//! authorisations, records of checks, evaluations and complaints; and can go on with them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::demo::Demo;
use crate::server::{Server, audit_is_intact};
use crate::session::Session;

/// The nodes of a list, of one page.
async fn list(session: &Session, query: &str) -> Vec<Value> {
    let page = session.ask(query, json!({})).await;
    page["nodes"].as_array().unwrap_or_else(|| panic!("{query}: {page}")).clone()
}

/// How many nodes there are of each word of a field.
fn counted<'a>(nodes: &'a [Value], field: &str) -> BTreeMap<&'a str, usize> {
    let mut counted = BTreeMap::new();
    for node in nodes {
        let word = node[field].as_str().unwrap_or("none");
        *counted.entry(word).or_default() += 1;
    }
    counted
}

#[tokio::test]
async fn supervisors_find_records_of_checks_and_showings_with_what_was_found() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let city = demo.sign_in(&server, "supervisor.lanzhou").await;
    let province = demo.sign_in(&server, "supervisor.gansu").await;
    let own = "{ checkRecords(first: 100, filter: { own: true }) { nodes { outcome grade reasons \
        chainReasons lateReason } } }";
    let records = list(&city, own).await;
    let expected = [("CONFIRMED", 3), ("DISPUTED", 1), ("NOTED", 1)];
    assert_eq!(counted(&records, "outcome"), expected.into(), "{records:?}");
    let grades = [("NONE", 1), ("PHONE", 1), ("PRINTED", 3)];
    assert_eq!(counted(&records, "grade"), grades.into(), "{records:?}");
    let disputed = records.iter().find(|record| record["outcome"] == "DISPUTED").unwrap();
    assert_eq!(disputed["reasons"], json!(["STATUS_CHANGED"]));
    let records = list(&province, own).await;
    assert_eq!(counted(&records, "outcome"), [("CONFIRMED", 1), ("LATE", 1)].into());
    let late = records.iter().find(|record| record["outcome"] == "LATE").unwrap();
    assert_eq!(late["reasons"], json!(["LATE_ENTRY"]));
    assert!(late["lateReason"].is_string(), "{late}");
    let all = "{ checkRecords(first: 100) { nodes { outcome chainReasons } } }";
    let auditor = demo.sign_in(&server, "auditor.gansu").await;
    let records = list(&auditor, all).await;
    assert_eq!(records.len(), 7);
    assert!(records.iter().all(|record| record["chainReasons"] == json!([])), "{records:?}");

    let showings = "{ showings(first: 100) { nodes { kind jointAuthorisationId aloneReason { code } \
        secondOfficer { answer } checks { subject finding } } } }";
    let shown = list(&province, showings).await;
    let kinds = [("INSPECTION", 6), ("OTHER", 1), ("PENALTY", 1)];
    assert_eq!(counted(&shown, "kind"), kinds.into(), "{shown:?}");
    let seconds: Vec<Value> = shown.iter().map(|node| node["secondOfficer"].clone()).collect();
    let expected = [("CONFIRMED", 5), ("DECLINED", 1), ("none", 2)];
    assert_eq!(counted(&seconds, "answer"), expected.into(), "{shown:?}");
    let alone: Vec<&Value> = shown.iter().filter(|node| !node["aloneReason"].is_null()).collect();
    assert_eq!(alone.len(), 1);
    assert_eq!(alone[0]["aloneReason"]["code"], "EMERGENCY");
    let checks: Vec<Value> =
        shown.iter().flat_map(|node| node["checks"].as_array().unwrap().clone()).collect();
    let of_fields: Vec<Value> =
        checks.into_iter().filter(|check| check["subject"] == "FIELD").collect();
    let expected = [("COVERED_BY_JOINT_AUTHORISATION", 1), ("OK", 6), ("OUTSIDE_FIELD", 1)];
    assert_eq!(counted(&of_fields, "finding"), expected.into(), "{shown:?}");
    let covered = shown.iter().filter(|node| !node["jointAuthorisationId"].is_null()).count();
    assert_eq!(covered, 1);
    server.stop().await;
    audit_is_intact(demo.data()).await;
}

#[tokio::test]
async fn who_handles_complaints_finds_one_of_each_kind_and_decides() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let reviewer = demo.sign_in(&server, "reviewer.chengguan").await;
    let complaints = list(
        &reviewer,
        "{ complaints(first: 100) { nodes { id state hasContact agency { id } overdue } } }",
    )
    .await;
    let expected =
        [("ACCEPTED", 1), ("NOT_ACCEPTED", 1), ("PROPOSED", 1), ("RECEIVED", 2), ("UPHELD", 1)];
    assert_eq!(counted(&complaints, "state"), expected.into(), "{complaints:?}");
    assert!(complaints.iter().all(|complaint| complaint["overdue"] == false), "{complaints:?}");
    assert_eq!(complaints.iter().filter(|c| c["hasContact"] == true).count(), 1);

    // Whoever has proposed does not decide; the supervisor does.
    let proposed = complaints.iter().find(|c| c["state"] == "PROPOSED").unwrap();
    let decide = "mutation($id: ID!) { decideComplaint(id: $id) { complaint { state } userErrors \
        { code } } }";
    let own = reviewer.ask(decide, json!({ "id": proposed["id"] })).await;
    let refused = json!({ "complaint": null, "userErrors": [{ "code": "SEPARATION_OF_DUTIES" }] });
    assert_eq!(own, refused);
    let supervisor = demo.sign_in(&server, "supervisor.chengguan").await;
    let decided = supervisor.ask(decide, json!({ "id": proposed["id"] })).await;
    assert_eq!(decided, json!({ "complaint": { "state": "NOT_UPHELD" }, "userErrors": [] }));

    // The agency that is asked sees the question, and of evaluations the counts.
    let hr = demo.sign_in(&server, "hr.chengguan-market").await;
    let asked = "{ complaintQuestions(first: 100) { nodes { question answer } } }";
    let asked = list(&hr, asked).await;
    let open = asked.iter().filter(|question| question["answer"].is_null()).count();
    assert_eq!((asked.len(), open), (3, 1), "{asked:?}");
    let batches = "{ evaluationBatches(first: 100) { nodes { tally { answers satisfied { yes no } \
        shown { yes no } } } } }";
    let released = list(&hr, batches).await;
    let tally = json!({ "answers": 5, "satisfied": { "yes": 4, "no": 1 },
        "shown": { "yes": 3, "no": 1 } });
    assert_eq!(released, [json!({ "tally": tally })]);
    let province = demo.sign_in(&server, "supervisor.gansu").await;
    let mut answers: Vec<_> = list(&province, batches)
        .await
        .iter()
        .map(|batch| batch["tally"]["answers"].as_i64().unwrap())
        .collect();
    answers.sort_unstable();
    assert_eq!(answers, [5, 6]);

    // A joint authorisation waits for the district, another is in force.
    let waiting = "{ jointAuthorisations(first: 100, state: PROPOSED) { nodes { id agencies { id } \
        fieldCodes } } }";
    let waiting = list(&reviewer, waiting).await;
    assert_eq!(waiting.len(), 1, "{waiting:?}");
    assert_eq!(waiting[0]["agencies"].as_array().unwrap().len(), 2);
    let in_force = "{ jointAuthorisations(first: 100) { nodes { state isInForce } } }";
    let known = list(&province, in_force).await;
    assert_eq!(counted(&known, "state"), [("APPROVED", 1), ("PROPOSED", 1)].into());
    assert_eq!(known.iter().filter(|one| one["isInForce"] == true).count(), 1);
    server.stop().await;
    audit_is_intact(demo.data()).await;
}

#[tokio::test]
async fn an_officer_of_the_demo_signs_in_and_finds_the_own_phone_and_showings() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    for number in 1..=8 {
        let login = format!("officer-{number}");
        let officer = demo.sign_in(&server, &login).await;
        let phones = list(&officer, "{ myDevices { nodes { name attestation endedAt } } }").await;
        let phone = json!({ "name": "演示手机", "attestation": "SOFTWARE", "endedAt": null });
        assert_eq!(phones, [phone], "{login}");
    }
    let officer = demo.sign_in(&server, "officer-1").await;
    let own = list(&officer, "{ myShowings(first: 100) { nodes { task } } }").await;
    let beside = "{ showingsNamingMe(first: 100) { nodes { secondOfficer { answer } } } }";
    let beside = list(&officer, beside).await;
    assert_eq!((own.len(), beside.len()), (2, 2));
    let open = list(&officer, "{ myShowings(open: true) { nodes { task } } }").await;
    assert_eq!(open, Vec::<Value>::new(), "none is left open");
    server.stop().await;
}
