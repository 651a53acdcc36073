//! What waits for a decision: claims of existing certificates, sittings, reforms of agencies.

use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::reorganisation::Plan;
use entities::enums::Role;
use serde_json::{Value, json};

use super::WORK;
use crate::accounts::ask;
use crate::existing::world::{World, number, roster};
use crate::harness::TestApp;
use crate::reorganisation::reformers::{DOCUMENT, Reformers};

/// What of a kind waits for an actor, as subject and label.
async fn of_kind(app: &TestApp, actor: &Actor, kind: &str) -> Vec<(String, String)> {
    let found = ask(app, actor, WORK, json!({ "first": 100, "kinds": [kind] })).await;
    let word = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    let nodes = found["nodes"].as_array().unwrap();
    nodes.iter().map(|item| (word(item, "subjectId"), word(item, "label"))).collect()
}

#[tokio::test]
async fn a_claim_waits_for_a_reviewer_who_did_not_import_it_until_it_is_decided() {
    let world = World::new().await;
    let (app, province) = (&world.app, &world.province);
    let justice = province.county_justice;
    let second = province.sign_in(app, "second", Role::JusticeReviewer, justice).await;
    let outside = province.other_county_market;
    let elsewhere = province.sign_in(app, "elsewhere", Role::JusticeReviewer, outside).await;
    let staged = world.stage(&world.reviewer, roster(&[(1, &[])])).await;
    world.apply(&world.reviewer, staged.id).await;
    world.claimed(&[(2, &[])]).await;
    let (first, other) = (world.claim(1).await, world.claim(2).await);
    let [first_item, other_item] =
        [(&first, 1), (&other, 2)].map(|(claim, n)| (encode(claim.id), number(n)));
    let waiting = async |actor: &Actor| of_kind(app, actor, "EXISTING_TO_CONFIRM").await;
    assert_eq!(waiting(&world.reviewer).await, std::slice::from_ref(&other_item));
    assert_eq!(waiting(&second).await, [first_item.clone(), other_item]);
    assert_eq!(waiting(&elsewhere).await, []);
    assert_eq!(waiting(&world.hr).await, []);
    assert_eq!(world.confirm(&second, &[other.id], true).await, ["ok"]);
    assert_eq!(waiting(&world.reviewer).await, []);
    assert_eq!(waiting(&second).await, [first_item]);
}

#[tokio::test]
async fn a_proposed_reform_waits_for_another_administrator_who_reaches_all_of_it() {
    let r = Reformers::new().await;
    let (app, agency) = (&r.world.app, r.world.bureau);
    let elsewhere = r.world.elsewhere;
    let territory = entities::enums::ScopeAxis::Territory;
    let outside = r.world.staff(Role::SystemAdministrator, elsewhere, territory).await;
    let plan = Plan::Rename { agency, name: "永登县交通局".into() };
    let id = r.propose(plan, r.today()).await.unwrap();
    let waiting = async |actor: &Actor| of_kind(app, actor, "REFORM_TO_DECIDE").await;
    assert_eq!(waiting(&r.first).await, []);
    assert_eq!(waiting(&r.second).await, [(encode(id), DOCUMENT.to_owned())]);
    assert_eq!(waiting(&outside).await, []);
    r.approve(id).await.unwrap();
    assert_eq!(waiting(&r.second).await, []);
}
