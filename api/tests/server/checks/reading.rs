//! Who sees which records: one's own, and those of certificates within the scope.

use chrono::Duration;
use entities::enums::{Role, ScopeAxis};
use entities::ids::AgencyId;
use mobile_contract::{Seen, Verdict};
use serde_json::{Value, json};

use super::world::*;
use crate::certification::world::World;
use api::audit::Stream;
use api::graphql::ids::encode;
use api::platform::actor::Actor;

const LIST: &str = "query($first: Int, $after: String, $filter: CheckRecordFilter) {
    checkRecords(first: $first, after: $after, filter: $filter) {
      nodes { id sequence outcome certificateNumber holderName recorderName unitName place }
      pageInfo { hasNextPage endCursor } } }";
const BY_ID: &str = "query($id: ID!) { checkRecord(id: $id) { sequence } node(id: $id) { id } }";

async fn list(world: &World, actor: &Actor, variables: Value) -> Value {
    let answer = world.app.graphql(Some(actor), LIST, variables).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"]["checkRecords"].clone()
}

fn sequences(page: &Value) -> Vec<i64> {
    let nodes = page["nodes"].as_array().unwrap();
    nodes.iter().map(|node| node["sequence"].as_i64().unwrap()).collect()
}

/// Three records of the county's supervisor: of a code, of one refused, of another code.
async fn three() -> (World, Phone) {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let code = printed(&world, certificate).await;
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    world.app.clock.advance(Duration::hours(1));
    let records = [
        phone.saw(&world, &code, Verdict::Valid),
        phone.record(&world, Seen::Refused, None),
        phone.saw(&world, &code, Verdict::Expired),
    ];
    for record in records {
        let sent = [phone.sign(&record)];
        send(&world, &world.supervisor, phone.device, &sent).await;
        world.app.clock.advance(Duration::hours(1));
    }
    (world, phone)
}

#[tokio::test]
async fn the_recorder_and_whoever_reads_the_area_see_a_record_and_nobody_else() {
    let (world, _) = three().await;
    let county = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let colleague = world.staff(Role::Supervisor, world.justice, ScopeAxis::Territory).await;
    let elsewhere = world.staff(Role::Supervisor, world.elsewhere, ScopeAxis::Territory).await;
    for (who, expected) in [
        (&world.supervisor, vec![3, 2, 1]),
        (&county, vec![3, 2, 1]),
        (&colleague, vec![3, 2, 1]),
        (&elsewhere, vec![]),
    ] {
        assert_eq!(sequences(&list(&world, who, json!({})).await), expected);
    }
    let bureau = world.staff(Role::Supervisor, world.bureau, ScopeAxis::Own).await;
    // Of the bureau's officer, and not the one without a certificate, which is the justice
    // department's own.
    assert_eq!(sequences(&list(&world, &bureau, json!({})).await), [3, 1]);

    let id = encode(kept(&world).await[0].id);
    for (who, found) in [(&world.supervisor, true), (&county, true), (&elsewhere, false)] {
        let answer = world.app.graphql(Some(who), BY_ID, json!({ "id": id })).await;
        let expected = if found {
            json!({ "checkRecord": { "sequence": 1 }, "node": { "id": id } })
        } else {
            json!({ "checkRecord": null, "node": null })
        };
        assert_eq!(answer["data"], expected);
    }
    let answer = world.app.graphql(Some(&world.hr), BY_ID, json!({ "id": id })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

#[tokio::test]
async fn a_list_is_narrowed_and_read_page_by_page() {
    let (world, phone) = three().await;
    let who = &world.supervisor;
    let rows = kept(&world).await;
    let number = world.certificate(rows[0].certificate_id.unwrap()).await.number;
    let first = list(&world, who, json!({ "first": 2 })).await;
    assert_eq!(
        first["nodes"],
        json!([
            {
                "id": encode(rows[2].id), "sequence": 3, "outcome": "DISPUTED",
                "certificateNumber": number, "holderName": "王伟", "recorderName": "职员",
                "unitName": "永登县交通运输局", "place": null,
            },
            {
                "id": encode(rows[1].id), "sequence": 2, "outcome": "NOTED",
                "certificateNumber": null, "holderName": null, "recorderName": "职员",
                "unitName": null, "place": null,
            },
        ])
    );
    assert_eq!(first["pageInfo"]["hasNextPage"], true);
    let after = &first["pageInfo"]["endCursor"];
    let second = list(&world, who, json!({ "first": 2, "after": after })).await;
    assert_eq!(sequences(&second), [1]);
    assert_eq!(second["pageInfo"]["hasNextPage"], false);

    let county = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let since = rows[1].received_at.to_rfc3339();
    for (who, filter, expected) in [
        (who, json!({ "own": true }), vec![3, 2, 1]),
        (&county, json!({ "own": true }), vec![]),
        (who, json!({ "outcome": "CONFIRMED" }), vec![1]),
        (who, json!({ "outcome": "CONFLICT" }), vec![]),
        (who, json!({ "outcome": "DISPUTED", "own": true }), vec![3]),
        (who, json!({ "deviceId": encode(phone.device) }), vec![3, 2, 1]),
        (who, json!({ "deviceId": "devc_00000000000000000000000000000001" }), vec![]),
        (who, json!({ "since": since }), vec![3, 2]),
    ] {
        let page = list(&world, who, json!({ "filter": filter })).await;
        assert_eq!(sequences(&page), expected, "{filter}");
    }
}

#[tokio::test]
async fn that_records_of_others_are_read_is_recorded_and_of_ones_own_is_not() {
    let (world, _) = three().await;
    let ids: Vec<String> = kept(&world).await.iter().map(|row| encode(row.id)).collect();
    let read = async || {
        let log = world.app.audit_log().await;
        let read = log.into_iter().filter(|entry| entry.action == "check.read");
        read.map(|entry| {
            let body: Value = serde_json::from_str(&entry.body).unwrap();
            (entry.stream, entry.subject, body)
        })
        .collect::<Vec<_>>()
    };
    let by_id = async |who: &Actor, id: &str| {
        let answer = world.app.graphql(Some(who), BY_ID, json!({ "id": id })).await;
        assert_eq!(answer["errors"], Value::Null, "{answer}");
        answer["data"].clone()
    };
    list(&world, &world.supervisor, json!({})).await;
    by_id(&world.supervisor, &ids[0]).await;
    // Next door there is nothing to read.
    let elsewhere = world.staff(Role::Supervisor, world.elsewhere, ScopeAxis::Territory).await;
    list(&world, &elsewhere, json!({})).await;
    by_id(&elsewhere, &ids[0]).await;
    assert_eq!(read().await, []);

    // Each in the stream of the agency it goes with, and what the page does not show is in none.
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let rows = kept(&world).await;
    let entry = |agency: AgencyId, id: &str| {
        let row = rows.iter().find(|row| encode(row.id) == id).unwrap();
        let subject = row.certificate_id.map_or_else(|| id.to_owned(), encode);
        (Stream::Agency(agency).name(), subject, json!({ "record": id }))
    };
    assert_eq!(sequences(&list(&world, &auditor, json!({ "first": 2 })).await), [3, 2]);
    let mut expected = vec![entry(world.bureau, &ids[2]), entry(world.justice, &ids[1])];
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(read().await, expected);

    // By id and as a node it is read twice.
    let whole = json!({ "checkRecord": { "sequence": 1 }, "node": { "id": ids[0] } });
    assert_eq!(by_id(&auditor, &ids[0]).await, whole);
    expected.extend([entry(world.bureau, &ids[0]), entry(world.bureau, &ids[0])]);
    // In one stream they stand in the order of the acts.
    expected.sort_by(|one, other| one.0.cmp(&other.0));
    assert_eq!(read().await, expected);
}
