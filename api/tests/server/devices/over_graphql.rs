//! The whole way over GraphQL, as an app goes it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use mobile_contract::{Enrolment, Signer, present};
use serde_json::json;

use super::*;

const INVITE: &str = "mutation($officerId: ID!) { inviteDevice(officerId: $officerId) { invitation { \
    officerId secret expiresAt } userErrors { code } } }";
const BEGIN: &str =
    include_str!("../../../../mobile-contract/operations/account/BeginDeviceEnrolment.graphql");
const ENROL: &str =
    include_str!("../../../../mobile-contract/operations/account/EnrolDevice.graphql");
const REFRESH: &str =
    include_str!("../../../../mobile-contract/operations/officer/RefreshPhoneCredential.graphql");
const MINE: &str = include_str!("../../../../mobile-contract/operations/account/MyDevices.graphql");
const END: &str = include_str!("../../../../mobile-contract/operations/account/EndDevice.graphql");

async fn ask(world: &World, actor: &Actor, query: &str, variables: Value) -> Value {
    let answer = world.app.graphql(Some(actor), query, variables).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].as_object().unwrap().values().next().unwrap().clone()
}

#[tokio::test]
async fn an_app_enrols_shows_and_ends_its_phone() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let officer = encode(holder.person);
    let invited = ask(&world, &world.hr, INVITE, json!({ "officerId": officer })).await;
    assert_eq!(invited["userErrors"], json!([]));
    let secret = invited["invitation"]["secret"].as_str().unwrap();

    let begun = ask(&world, &holder.actor, BEGIN, json!({})).await["enrolment"].clone();
    assert_eq!(begun["officerId"], json!(officer));
    let nonce = URL_SAFE_NO_PAD.decode(begun["nonce"].as_str().unwrap()).unwrap();
    let public_key = key(3).public_key();
    let enrolment = Enrolment {
        nonce: &nonce.try_into().unwrap(),
        invitation: secret,
        officer: begun["officerId"].as_str().unwrap(),
        public_key: &public_key,
    };
    let signature = key(3).sign(&enrolment.message()).unwrap();
    let public_key = URL_SAFE_NO_PAD.encode(public_key.to_bytes());
    let input = json!({
        "invitation": secret, "nonce": begun["nonce"], "algorithm": "ES256",
        "publicKey": public_key, "attestation": "SECURE_ELEMENT", "name": "工作手机",
        "signature": URL_SAFE_NO_PAD.encode(signature),
    });
    let mut padded = input.clone();
    padded["publicKey"] = json!(format!("{public_key}="));
    let told = ask(&world, &holder.actor, ENROL, json!({ "input": padded })).await;
    assert_eq!(told["userErrors"][0]["code"], "DEVICE_KEY_INVALID");
    assert_eq!(told["userErrors"][0]["field"], "publicKey");
    let enrolled = ask(&world, &holder.actor, ENROL, json!({ "input": input })).await;
    let device = enrolled["device"].clone();
    assert_eq!(enrolled["userErrors"], json!([]));
    let id = device["id"].as_str().unwrap();
    let with = json!({ "deviceId": id });

    let fetched = ask(&world, &holder.actor, REFRESH, with.clone()).await["credential"].clone();
    let bytes = URL_SAFE_NO_PAD.decode(fetched["bytes"].as_str().unwrap()).unwrap();
    let time = |v: &Value| v.as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let now = world.app.now();
    assert_eq!(time(&fetched["notBefore"]), now - Duration::minutes(5));
    assert_eq!(time(&fetched["expires"]), now + Duration::hours(24) - Duration::minutes(5));
    assert_eq!(time(&fetched["refreshAfter"]), now + Duration::hours(12) - Duration::minutes(5));
    assert_eq!(fetched["certificateId"], json!(encode(holder.certificate)));
    assert_eq!(fetched["statusList"], json!(1));
    let code = present(&bytes, now.timestamp(), None, &key(3)).unwrap();
    assert_eq!(super::scans::verdict(&world, &code).await, "VALID");

    let mine = ask(&world, &holder.actor, MINE, json!({ "first": 20 })).await;
    assert_eq!(mine["nodes"], json!([device]));
    let other = Holder::new(&world, "李娜").await;
    let theirs = ask(&world, &other.actor, MINE, json!({ "first": 20 })).await;
    assert_eq!(theirs["nodes"], json!([]));

    let ended = ask(&world, &holder.actor, END, json!({ "deviceId": id, "reason": "LOST" })).await;
    assert_eq!(ended["device"]["endReason"], "LOST");
    assert_eq!(time(&ended["device"]["endedAt"]), now);
    let told = ask(&world, &holder.actor, REFRESH, with).await;
    assert_eq!(
        (&told["credential"], &told["userErrors"][0]["code"]),
        (&json!(null), &json!("DEVICE_ENDED"),)
    );
    assert_eq!(
        told["userErrors"][0]["message"],
        "This phone was ended at 2026-03-02 10:00: it was reported lost. To show your certificate by \
         phone again, enrol anew."
    );
    let mine = ask(&world, &holder.actor, MINE, json!({ "first": 20 })).await;
    assert_eq!(mine["nodes"], json!([ended["device"]]));
}

#[tokio::test]
async fn hr_sees_the_phones_of_its_officers_page_by_page() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let mut ids = Vec::new();
    for n in 3..6 {
        world.app.clock.advance(Duration::seconds(1));
        ids.push(encode(holder.enrol(&world, &key(n)).await.id));
    }
    ids.reverse();
    let query = "query($officer: ID!, $after: String) { officerDevices(officerId: $officer, first: 2, \
        after: $after) { nodes { id endReason } pageInfo { hasNextPage endCursor } } }";
    let page = async |actor: &Actor, after: Value| {
        let variables = json!({ "officer": encode(holder.person), "after": after });
        ask(&world, actor, query, variables).await
    };
    let first = page(&world.hr, json!(null)).await;
    let of = |id: &String, reason: Value| json!({ "id": id, "endReason": reason });
    let (open, replaced) = (json!(null), json!("REPLACED"));
    assert_eq!(first["nodes"], json!([of(&ids[0], open), of(&ids[1], replaced.clone())]));
    let second = page(&world.hr, first["pageInfo"]["endCursor"].clone()).await;
    assert_eq!(second["nodes"], json!([of(&ids[2], replaced)]));
    assert_eq!(second["pageInfo"]["hasNextPage"], false);
    let elsewhere = world.staff(Role::AgencyHr, world.elsewhere, ScopeAxis::Own).await;
    assert_eq!(page(&elsewhere, json!(null)).await["nodes"], json!([]));
}
