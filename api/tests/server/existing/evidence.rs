//! Who claimed, confirmed or refused a certificate stands in the log and in the evidence file.

use api::credentials::printing::Press;
use api::exports::evidence::{self, Bounds, Form};
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use entities::enums::{ExportFormat, Role};
use entities::ids::PersonId;
use serde_json::{Value, json};

use super::world::*;

async fn file(world: &World, actor: &Actor, person: PersonId) -> Value {
    let press = Press::new(None, "https://lz.example/v/".into());
    let form = Form {
        format: ExportFormat::Json,
        press: &press,
        purpose: None,
        bounds: Bounds::default(),
    };
    let bytes = evidence::take(&world.app.platform, actor, person, &form).await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

fn actions(entries: &Value) -> Vec<&str> {
    entries.as_array().unwrap().iter().map(|entry| entry["action"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_log_and_the_evidence_file_have_what_somebody_brought_along() {
    let world = World::new().await;
    let justice = world.province.county_justice;
    let auditor = world.province.sign_in(&world.app, "auditor", Role::Auditor, justice).await;
    let batch = world.claimed(&[(1, &[]), (2, &[("部委证件", "渔业检查证01")])]).await;
    world.confirmed(1).await;
    let refused = world.claim(2).await;
    let reason = json!({ "ids": [encode(refused.id)], "reason": "查无此证" });
    let call = "mutation($ids: [ID!]!, $reason: String!) {
        refuseExistingCertificates(ids: $ids, reason: $reason) { results { ok } } }";
    let done = world.graphql(&world.reviewer, call, reason).await;
    assert_eq!(done["refuseExistingCertificates"]["results"], json!([{ "ok": true }]));

    let log = "query($id: String!) { auditEntries(first: 50, filter: { subjectId: $id }) {
        nodes { action subject subjectName } } }";
    let person = world.person(2).await;
    let read = world.graphql(&auditor, log, json!({ "id": encode(person) })).await;
    let nodes = &read["auditEntries"]["nodes"];
    let entry = nodes.as_array().unwrap().iter().find(|e| e["action"] == "existing.refuse");
    let told = json!({ "action": "existing.refuse", "subject": encode(refused.id), "subjectName": "张三" });
    assert_eq!(entry, Some(&told), "{nodes}");

    let who = |actor: &Actor, name: &str| {
        json!({
            "accountId": null, "personId": encode(actor.person().unwrap()), "name": name,
        })
    };
    let (hr, reviewer) = (who(&world.hr, "hr.market"), who(&world.reviewer, "reviewer"));
    let of_two = file(&world, &auditor, person).await;
    let mut brought = of_two["existingCertificates"].as_array().unwrap().clone();
    brought.sort_by_key(|row| row["kind"].to_string());
    assert_eq!(
        brought[0],
        json!({
            "id": encode(refused.id), "kind": "ENFORCEMENT", "ministryKind": null,
            "number": number(2), "issuer": "兰州市城关区司法局", "issuedOn": "2024-03-05",
            "validUntil": "2029-03-04", "claimedState": "ACTIVE", "importId": encode(batch.id),
            "importedAt": "2026-03-02T02:00:00Z", "importedBy": hr, "state": "REFUSED",
            "replacedBy": null, "decidedAt": "2026-03-02T02:00:00Z", "decidedBy": reviewer,
            "reason": "查无此证", "policyId": null, "certificateId": null,
        })
    );
    assert_eq!((&brought[1]["kind"], &brought[1]["state"]), (&json!("MINISTRY"), &json!("FILED")));
    assert_eq!(brought.len(), 2);
    for action in ["existing.claim", "existing.file", "existing.refuse"] {
        assert!(actions(&of_two["log"]).contains(&action), "{action}: {}", of_two["log"]);
    }

    let of_one = file(&world, &auditor, world.person(1).await).await;
    let claim = world.claim(1).await;
    let told = &of_one["existingCertificates"][0];
    assert_eq!(
        (&told["state"], &told["decidedBy"], &told["certificateId"]),
        (&json!("CONFIRMED"), &reviewer, &json!(encode(claim.certificate_id.unwrap())))
    );
    assert_eq!(of_one["qualifications"][0]["existingId"], encode(claim.id));
    let policy =
        of_one["policies"].as_array().unwrap().iter().find(|p| p["id"] == told["policyId"]);
    assert!(policy.is_some(), "{}", of_one["policies"]);
    assert!(actions(&of_one["log"]).contains(&"existing.claim"));
}
