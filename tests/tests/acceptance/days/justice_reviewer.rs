//! A reviewer of the justice department: decides who qualifies, returns with reasons, approves and
//! refuses, records what bars somebody and lifts it.

use serde_json::json;

use super::{HR, REVIEWER, assert_forbidden, close, enter, one};
use crate::demo::Demo;
use crate::session::{APPLY, NOMINATE};

pub async fn day(demo: &Demo) {
    let server = demo.serve().await;
    let hr = demo.sign_in(&server, HR).await;
    let reviewer = demo.sign_in(&server, REVIEWER).await;
    let people = enter(&hr, 4).await;
    let candidates = hr.each(NOMINATE, &people).await;

    // What waits, with what each still lacks: nothing.
    let waiting = "query($person: ID!) { qualifications(first: 5, personId: $person) { nodes { id \
        state checklist { code } } } }";
    for (person, candidate) in people.iter().zip(&candidates) {
        let found = reviewer.ask(waiting, json!({ "person": person })).await;
        let expected = json!([{ "id": candidate, "state": "CANDIDATE", "checklist": [] }]);
        assert_eq!(found["nodes"], expected);
    }
    let qualify = "decideQualifications(ids: $ids, decision: QUALIFY)";
    for candidate in &candidates[..3] {
        assert_eq!(one(&reviewer, qualify, candidate).await, json!(null));
    }
    assert_eq!(one(&reviewer, qualify, &candidates[0]).await, "STATE_NOT_ALLOWED");
    let refuse = "decideQualifications(ids: $ids, decision: REFUSE)";
    assert_eq!(one(&reviewer, refuse, &candidates[3]).await, "REASONS_REQUIRED");
    let refuse = "decideQualifications(ids: $ids, decision: REFUSE, reasons: \"考试成绩存疑\")";
    assert_eq!(one(&reviewer, refuse, &candidates[3]).await, json!(null));

    // Who is under investigation is not applied for until the case is closed.
    let record = "mutation($input: RecordStandingInput!) { recordStanding(input: $input) { standing \
        { id inForce } userErrors { code } } }";
    let input =
        json!({ "personId": people[2], "kind": "UNDER_INVESTIGATION", "fromOn": "2026-01-05" });
    let recorded = reviewer.ask(record, json!({ "input": input })).await;
    assert_eq!(recorded["standing"]["inForce"], true, "{recorded}");
    let apply = "applyForCertificates(personIds: $ids, act: INITIAL)";
    assert_eq!(one(&hr, apply, &people[2]).await, "UNDER_INVESTIGATION");
    let lift = "mutation($input: LiftStandingInput!) { liftStanding(input: $input) { standing { \
        inForce } userErrors { code } } }";
    let input = json!({ "id": recorded["standing"]["id"], "reason": "CASE_CLOSED" });
    let lifted = reviewer.ask(lift, json!({ "input": input })).await;
    assert_eq!(lifted, json!({ "standing": { "inForce": false }, "userErrors": [] }));

    let applications = hr.each(APPLY, &people[..3]).await;
    let back = "reviewApplications(ids: $ids, decision: RETURN)";
    assert_eq!(one(&reviewer, back, &applications[0]).await, "REASONS_REQUIRED");
    let back = "reviewApplications(ids: $ids, decision: RETURN, reasons: \"请补充培训证明\")";
    assert_eq!(one(&reviewer, back, &applications[0]).await, json!(null));
    let approve = "reviewApplications(ids: $ids, decision: APPROVE)";
    assert_eq!(one(&reviewer, approve, &applications[0]).await, "STATE_NOT_ALLOWED");
    assert_eq!(one(&reviewer, approve, &applications[1]).await, json!(null));
    let refuse = "reviewApplications(ids: $ids, decision: REFUSE, reasons: \"不再从事执法工作\")";
    assert_eq!(one(&reviewer, refuse, &applications[2]).await, json!(null));
    let query = "query($id: ID!) { application(id: $id) { state reasons steps { step } } }";
    let mut found = Vec::new();
    for application in &applications {
        found.push(reviewer.ask(query, json!({ "id": application })).await);
    }
    let steps = |step: &str| json!([{ "step": "APPLY" }, { "step": step }]);
    assert_eq!(
        found,
        [
            json!({ "state": "RETURNED", "reasons": "请补充培训证明", "steps": steps("RETURN") }),
            json!({ "state": "REVIEWED", "reasons": null, "steps": steps("APPROVE") }),
            json!({ "state": "REFUSED", "reasons": "不再从事执法工作", "steps": steps("REFUSE") }),
        ]
    );
    assert_forbidden(
        &reviewer,
        &[
            "mutation { issueCertificatesInBulk(applicationIds: []) { userErrors { code } } }",
            "mutation { applyForCertificates(personIds: [], act: INITIAL) { userErrors { code } } }",
            "mutation { suspendCertificate(input: { id: \"x\", ground: DISCIPLINE }) { userErrors { code } } }",
        ],
    )
    .await;
    close(demo, server).await;
}
