//! An auditor: reads everything of a scope, and changes nothing.

use reqwest::Method;
use serde_json::{Value, json};

use super::{HR, assert_forbidden, close};
use crate::demo::Demo;
use crate::server::Server;
use crate::session::Session;

/// How many there are of a list, page by page.
async fn count(session: &Session, list: &str) -> usize {
    let query = format!(
        "query($after: String) {{ {list}(first: 100, after: $after) {{ nodes {{ id }} pageInfo {{ \
         hasNextPage endCursor }} }} }}"
    );
    let (mut count, mut after) = (0, Value::Null);
    loop {
        let page = session.ask(&query, json!({ "after": after })).await;
        count += page["nodes"].as_array().unwrap().len();
        if page["pageInfo"]["hasNextPage"] == false {
            return count;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Somebody reads personal data and takes a list: the auditor sees who, takes the log as a file, and
/// finds that too.
async fn read_and_taken(demo: &Demo, server: &Server, auditor: &Session) {
    let hr = demo.sign_in(server, HR).await;
    let officers = hr.ask("{ officers(first: 1) { nodes { id } } }", json!({})).await;
    let person = &officers["nodes"][0]["id"];
    let reveal = "mutation($id: ID!) { revealPersonalData(personId: $id) { userErrors { code } } }";
    let revealed = hr.ask(reveal, json!({ "id": person })).await;
    assert_eq!(revealed, json!({ "userErrors": [] }));
    let take = async |session: &Session, list: &str| {
        let path = format!("/exports/{list}.csv");
        let taken = session.request(Method::POST, &path).body("{}").send().await.unwrap();
        (taken.status().as_u16(), taken.text().await.unwrap())
    };
    assert_eq!(take(&hr, "officers").await.0, 200);
    let log = async |filter: &str| {
        let query = format!(
            "{{ auditEntries(first: 1, filter: {{ {filter} }}) {{ nodes {{ action }} }} }}"
        );
        auditor.ask(&query, json!({})).await["nodes"][0]["action"].clone()
    };
    let about = format!("kind: READS, subjectId: {person}");
    assert_eq!(log(&about).await, "person.reveal");
    assert_eq!(log("kind: EXPORTS").await, "list.export");
    let (status, file) = take(auditor, "audit-log").await;
    assert!(status == 200 && file.lines().count() > 1_000, "{status}");
    assert_eq!(log("kind: LOG_READS").await, "audit.read");
    assert_eq!(take(&hr, "audit-log").await.0, 403);
}

pub async fn day(demo: &Demo) {
    let server = demo.serve().await;
    let auditor = demo.sign_in(&server, "auditor.gansu").await;
    let lists = ["officers", "qualifications", "applications", "certificates"];
    let mut before = Vec::new();
    for list in lists {
        let found = count(&auditor, list).await;
        assert!(found > 100, "{list}: {found}");
        before.push(found);
    }
    // Every step of an application with who took it, and every act on a certificate.
    let steps =
        "{ applications(first: 20, state: APPROVED) { nodes { steps { step at byPersonId } } } }";
    let steps = auditor.ask(steps, json!({})).await;
    for application in steps["nodes"].as_array().unwrap() {
        let by: Vec<&Value> = application["steps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|step| &step["byPersonId"])
            .collect();
        assert!(by.len() >= 3 && by[0] != by[by.len() - 1], "{application}");
    }
    let events = "{ certificates(first: 20, state: REVOKED) { nodes { events { act at } } } }";
    let events = auditor.ask(events, json!({})).await;
    for certificate in events["nodes"].as_array().unwrap() {
        let last = certificate["events"].as_array().unwrap().last().unwrap();
        assert_eq!(last["act"], "REVOKE", "{certificate}");
    }
    // The rules that were applied, version by version.
    let policies = auditor.ask("{ policies { key version } }", json!({})).await;
    let accounts = json!({ "key": "ACCOUNTS", "version": 2 });
    assert!(policies.as_array().unwrap().contains(&accounts), "{policies}");

    read_and_taken(demo, &server, &auditor).await;

    assert_forbidden(
        &auditor,
        &[
            "mutation { applyImport(id: \"x\") { userErrors { code } } }",
            "mutation { nominateCandidates(personIds: []) { userErrors { code } } }",
            "mutation { decideQualifications(ids: [], decision: QUALIFY) { userErrors { code } } }",
            "mutation { reviewApplications(ids: [], decision: APPROVE) { userErrors { code } } }",
            "mutation { issueCertificatesInBulk(applicationIds: []) { userErrors { code } } }",
            "mutation { suspendCertificate(input: { id: \"x\", ground: DISCIPLINE }) { userErrors { code } } }",
            "mutation { handOverCertificates(ids: []) { userErrors { code } } }",
            "mutation { revealPersonalData(personId: \"x\") { userErrors { code } } }",
            "mutation { liftStanding(input: { id: \"x\", reason: OVERTURNED }) { userErrors { code } } }",
            "mutation { disableAccount(accountId: \"x\") { userErrors { code } } }",
            "{ imports { nodes { id } } }",
            "{ accounts { nodes { id } } }",
        ],
    )
    .await;
    let mut after = Vec::new();
    for list in lists {
        after.push(count(&auditor, list).await);
    }
    assert_eq!(after, before);
    close(demo, server).await;
}
