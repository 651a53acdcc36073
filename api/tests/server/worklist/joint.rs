//! Joint authorisations in the lists of those who may decide on them.

use api::showings::joint::{self, Decision, NewAuthorisation};
use entities::enums::{Role, ScopeAxis};
use entities::ids::{AgencyId, JointAuthorisationId};

use super::*;
use crate::certification::world::day;
use crate::reorganisation::reformers::signed_in_anew;

/// Proposes one that the county's justice department is to decide.
async fn proposed(
    world: &World,
    by: &Actor,
    agencies: &[AgencyId],
    officers: &[PersonId],
) -> JointAuthorisationId {
    let new = NewAuthorisation {
        authority: world.justice,
        document: "永政办发〔2026〕12号".into(),
        agencies: agencies.to_vec(),
        officers: officers.to_vec(),
        field_codes: vec!["justice".into()],
        division_codes: vec!["620121".into()],
        from: day("2026-03-09"),
        until: day("2026-03-31"),
    };
    joint::propose(&world.platform, by, &new).await.unwrap()
}

fn to_decide(id: JointAuthorisationId) -> (String, String) {
    waits("JOINT_AUTHORISATION_TO_DECIDE", id)
}

#[tokio::test]
async fn it_waits_for_whoever_may_decide_until_it_is_decided() {
    let world = World::new().await;
    let id = proposed(&world, &world.hr, &[world.bureau], &[]).await;
    for decider in [&world.reviewer, &world.issuer] {
        assert_eq!(
            work(&world, decider).await,
            [json!({
                "kind": "JOINT_AUTHORISATION_TO_DECIDE",
                "subjectId": encode(id),
                "person": null,
                "label": "永政办发〔2026〕12号",
                "since": "2026-03-02T02:00:00+00:00",
                "dueOn": "2026-03-09",
                "dueAt": null,
                "reminderDays": null,
                "reasons": null,
                "returnedBy": null,
                "escalation": null,
            })]
        );
    }
    let node = "query($id: ID!) { node(id: $id) { id } }";
    let node = ask(world.app(), &world.reviewer, node, json!({ "id": encode(id) })).await;
    assert_eq!(node["id"], encode(id));
    let county = (Role::JusticeReviewer, world.justice, ScopeAxis::Territory);
    let proposer = signed_in_anew(&world.hr, county);
    let employed = world.person("王伟", world.bureau, |_| {}).await;
    let employed = world.account(employed, &[county]).await;
    let next_door = world.staff(Role::JusticeReviewer, world.elsewhere, ScopeAxis::Territory).await;
    let above = world.staff(Role::Issuer, province(&world).await, ScopeAxis::Territory).await;
    for other in [&proposer, &employed, &next_door, &above, &world.hr, &world.supervisor] {
        assert_eq!(kinds(&world, other).await, []);
    }
    let counts =
        ask(world.app(), &world.issuer, "{ myWorkCounts { kind count } }", json!({})).await;
    let one = json!({ "kind": "JOINT_AUTHORISATION_TO_DECIDE", "count": 1 });
    assert!(counts.as_array().unwrap().contains(&one), "{counts}");
    joint::decide(&world.platform, &world.issuer, id, Decision::Approve).await.unwrap();
    for decider in [&world.reviewer, &world.issuer] {
        assert_eq!(kinds(&world, decider).await, []);
    }
}

#[tokio::test]
async fn an_officer_whom_it_names_does_not_see_it_nor_anybody_after_its_last_day() {
    let world = World::new().await;
    let li = world.person("李娜", world.justice, |_| {}).await;
    let county = (Role::Issuer, world.justice, ScopeAxis::Territory);
    let named = world.account(li, &[county]).await;
    let id = proposed(&world, &world.reviewer, &[], &[li]).await;
    assert_eq!(kinds(&world, &world.issuer).await, [to_decide(id)]);
    for other in [&world.reviewer, &named] {
        assert_eq!(kinds(&world, other).await, []);
    }
    world.advance(29);
    assert_eq!(kinds(&world, &world.issuer).await, [to_decide(id)], "its last day");
    world.advance(1);
    assert_eq!(kinds(&world, &world.issuer).await, []);
}

#[tokio::test]
async fn where_the_authority_itself_takes_part_somebody_above_decides() {
    let world = World::new().await;
    let above = world.staff(Role::Issuer, province(&world).await, ScopeAxis::Territory).await;
    let id = proposed(&world, &world.hr, &[world.bureau, world.justice], &[]).await;
    for named in [&world.reviewer, &world.issuer] {
        assert_eq!(kinds(&world, named).await, []);
    }
    let item = work(&world, &above).await.remove(0);
    assert_eq!(
        (&item["subjectId"], &item["escalation"]),
        (&json!(encode(id)), &json!({ "code": "NEARER_MAY_NOT" }))
    );
    joint::decide(&world.platform, &above, id, Decision::Approve).await.unwrap();
    assert_eq!(kinds(&world, &above).await, []);
}
