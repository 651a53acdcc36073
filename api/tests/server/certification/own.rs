//! One's own record, for an officer's app.

use api::certification::act_on;
use api::certification::rules::grounds::Ground;
use api::graphql::ids::encode;
use entities::enums::{CertificateAct, Role, ScopeAxis};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::world::*;

const OWN: &str = "{ ownRecord { \
    qualification { state reasons } application { act state reasons } \
    certificates { id number kind state agency { name } issuingAuthority { name } \
        validFrom validUntil handedOverOn suspendedUntil ground { code } \
        events { seq act toState note } } } \
    ownTrainingYear(year: 2026) { officer { id } minutes requiredMinutes missingMinutes counted } }";

async fn own(world: &World, person: entities::ids::PersonId) -> Value {
    let roles = [(Role::Officer, world.bureau, ScopeAxis::Own)];
    let actor = world.account(person, &roles).await;
    let answer = world.app.graphql(Some(&actor), OWN, json!({})).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"].clone()
}

#[tokio::test]
async fn an_officer_reads_what_is_on_record_of_themselves_and_of_nobody_else() {
    let world = World::new().await;
    let (person, certificate) = world.active("马晓兰").await;
    let (_, others) = world.active("王伟").await;
    let row = world.certificate(certificate).await;
    let (act, ground) = (CertificateAct::Suspend, because(Ground::NotShowingCertificate));
    act_on(&world.platform, &world.supervisor, certificate, act, &ground).await.unwrap();

    let found = own(&world, person).await;
    let certificates = found["ownRecord"]["certificates"].as_array().unwrap();
    let ids: Vec<&str> = certificates.iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [encode(certificate)]);
    assert_ne!(ids, [encode(others)]);
    let one = &certificates[0];
    assert_eq!(
        (&one["number"], &one["kind"], &one["state"], &one["ground"]["code"]),
        (
            &json!(row.number),
            &json!("ENFORCEMENT_OFFICER"),
            &json!("SUSPENDED"),
            &json!("NOT_SHOWING_CERTIFICATE")
        )
    );
    let acts: Vec<&str> =
        one["events"].as_array().unwrap().iter().map(|e| e["act"].as_str().unwrap()).collect();
    assert_eq!(acts, ["ISSUE", "HAND_OVER", "SUSPEND"]);
    assert_eq!(
        found["ownRecord"]["qualification"],
        json!({ "state": "QUALIFIED", "reasons": null })
    );
    assert_eq!(
        found["ownRecord"]["application"],
        json!({ "act": "INITIAL", "state": "APPROVED", "reasons": null })
    );
    // An officer lists nobody, not even themselves.
    assert_eq!(
        found["ownTrainingYear"],
        json!({
            "officer": null, "minutes": 3_600, "requiredMinutes": 3_600, "missingMinutes": 0,
            "counted": true,
        })
    );

    // Who has nothing on record reads that, and nobody who is not signed in reads anything.
    let clerk = world.person("职员", world.bureau, |_| ()).await;
    let nothing = json!({ "qualification": null, "application": null, "certificates": [] });
    assert_eq!(own(&world, clerk).await["ownRecord"], nothing);
    let answer = world.app.graphql(None, OWN, json!({})).await;
    let codes: Vec<&str> = answer["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| e["extensions"]["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["UNAUTHENTICATED", "UNAUTHENTICATED"]);
}

#[tokio::test]
async fn an_officer_reads_the_own_entry_of_the_register() {
    const OWN_PERSON: &str =
        include_str!("../../../../mobile-contract/operations/officer/OwnPerson.graphql");
    let world = World::new().await;
    let (person, _) = world.active("马晓兰").await;
    let roles = [(Role::Officer, world.bureau, ScopeAxis::Own)];
    let actor = world.account(person, &roles).await;
    let answer = world.app.graphql(Some(&actor), OWN_PERSON, json!({})).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    let agency = entities::agency::Entity::find_by_id(world.bureau)
        .one(world.platform.db.read())
        .await
        .unwrap()
        .unwrap();
    let officer = &answer["data"]["ownRecord"]["officer"];
    assert_eq!(
        (&officer["id"], &officer["name"], &officer["kind"], &officer["agency"]),
        (
            &json!(encode(person)),
            &json!("马晓兰"),
            &json!("ENFORCEMENT_OFFICER"),
            &json!({ "id": encode(world.bureau), "name": agency.name })
        )
    );
    assert_eq!(officer["fields"][0]["code"], "transport", "{officer}");
    assert_eq!(officer["area"]["code"], agency.division_code, "{officer}");
}
