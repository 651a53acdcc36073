//! Odd applications come first, and none slips through among many.

use api::graphql::ids::encode;
use api::officers::rules::id_check_character;
use api::platform::seal::Purpose;
use entities::enums::{ApplicationAct as Act, ApplicationState, CertificateState, StandingLift};
use entities::ids::{ApplicationId, PersonId};
use entities::{application, certificate, person, public_card, qualification, standing};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use crate::accounts::{ask, recorded};
use crate::certification::world::World;

const LIST: &str = "query($first: Int, $after: String) { applications(first: $first, after: $after, \
    state: APPLIED, oddFirst: true) { nodes { person { name } oddities { code mustBeAcknowledged } } \
    pageInfo { hasNextPage endCursor } } }";
const APPROVE: &str = "mutation($ids: [ID!]!, $seen: [AcknowledgedOddities!]) { \
    reviewApplications(ids: $ids, decision: APPROVE, acknowledged: $seen) { \
    results { id ok userErrors { code field message } } userErrors { code } } }";

/// Gives a person an ID number that tells this birth.
async fn born(world: &World, id: PersonId, day: &str) {
    let body = format!("990101{day}001");
    let number = format!("{body}{}", id_check_character(&body).unwrap());
    let p = &world.platform;
    let purpose = Purpose::new("officers/id-number");
    let mut random = p.random.clone();
    let sealed = p.secret.seal(purpose, id.0.as_bytes(), number.as_bytes(), &mut random);
    set(world, id, person::Column::IdNumberSealed, sealed.into()).await;
}

async fn set(world: &World, id: PersonId, column: person::Column, value: sea_orm::Value) {
    person::Entity::update_many()
        .col_expr(column, Expr::value(value))
        .filter(person::Column::Id.eq(id))
        .exec(world.platform.db.writer())
        .await
        .unwrap();
}

/// Officers whose application is odd in one way each, the gravest last; and one plain.
async fn odd_ones(world: &World) -> Vec<(PersonId, ApplicationId)> {
    let db = world.platform.db.writer();
    let plain = world.qualified("平常").await;
    let old = world.qualified("超龄").await;
    born(world, old, "19650307").await;
    let moved = world.qualified("两单位").await;
    qualification::Entity::update_many()
        .col_expr(qualification::Column::AgencyId, Expr::value(world.justice))
        .filter(qualification::Column::PersonId.eq(moved))
        .exec(db)
        .await
        .unwrap();
    let (renamed, held) = world.active("改名前").await;
    set(world, renamed, person::Column::Name, "改名".into()).await;
    public_card::Entity::update_many()
        .col_expr(public_card::Column::PhotoSha256, Expr::value(Option::<Vec<u8>>::None))
        .filter(public_card::Column::HolderId.eq(renamed))
        .exec(db)
        .await
        .unwrap();
    certificate::Entity::update_many()
        .col_expr(certificate::Column::State, Expr::value(CertificateState::Cancelled))
        .filter(certificate::Column::Id.eq(held))
        .exec(db)
        .await
        .unwrap();
    let cleared = world.qualified("曾受限").await;
    world.enter_standing(cleared, entities::enums::StandingKind::UnderInvestigation).await;
    standing::Entity::update_many()
        .col_expr(standing::Column::LiftedAt, Expr::value(world.platform.now()))
        .col_expr(standing::Column::LiftReason, Expr::value(StandingLift::CaseClosed))
        .exec(db)
        .await
        .unwrap();
    let both = world.qualified("超龄受限").await;
    born(world, both, "19650307").await;
    world.enter_standing(both, entities::enums::StandingKind::UnderInvestigation).await;
    standing::Entity::update_many()
        .col_expr(standing::Column::LiftedAt, Expr::value(world.platform.now()))
        .col_expr(standing::Column::LiftReason, Expr::value(StandingLift::CaseClosed))
        .exec(db)
        .await
        .unwrap();
    let mut applied = Vec::new();
    for person in [plain, old, moved, renamed, cleared, both] {
        applied.push((person, world.applied(person, Act::Initial).await));
    }
    applied
}

#[tokio::test]
async fn the_odd_ones_come_first_each_with_its_reasons_page_by_page() {
    let world = World::new().await;
    odd_ones(&world).await;
    let mut found: Vec<Value> = Vec::new();
    let mut after = Value::Null;
    for more in [true, true, false] {
        let page = json!({ "first": 2, "after": after });
        let page = ask(world.app(), &world.reviewer, LIST, page).await;
        found.extend(page["nodes"].as_array().unwrap().clone());
        assert_eq!(page["pageInfo"]["hasNextPage"], more);
        after = page["pageInfo"]["endCursor"].clone();
    }
    let grave = |code: &str| json!({ "code": code, "mustBeAcknowledged": true });
    let one =
        |name: &str, code: &str| json!({ "person": { "name": name }, "oddities": [grave(code)] });
    assert_eq!(
        found,
        [
            json!({
                "person": { "name": "超龄受限" },
                "oddities": [grave("OVER_AGE"), grave("EXCLUDED_LATELY")],
            }),
            one("超龄", "OVER_AGE"),
            one("两单位", "TWO_UNITS"),
            one("改名", "NAME_AND_PHOTO_CHANGED"),
            one("曾受限", "EXCLUDED_LATELY"),
            json!({ "person": { "name": "平常" }, "oddities": [] }),
        ]
    );
}

#[tokio::test]
async fn an_approval_of_many_refuses_the_odd_ones_that_were_not_acknowledged() {
    let world = World::new().await;
    let applied = odd_ones(&world).await;
    let [plain, old, moved, _, _, both] = applied[..] else { panic!("{applied:?}") };
    let ids = json!([encode(plain.1), encode(old.1), encode(moved.1), encode(both.1)]);
    let seen = json!([
        { "id": encode(old.1), "oddities": ["OVER_AGE"] },
        // Half of it, and what is another's.
        { "id": encode(both.1), "oddities": ["EXCLUDED_LATELY"] },
        { "id": encode(plain.1), "oddities": ["TWO_UNITS"] },
    ]);
    let answer = json!({ "ids": ids, "seen": seen });
    let answer = ask(world.app(), &world.reviewer, APPROVE, answer).await;
    let mut results = answer["results"].as_array().unwrap().clone();
    results.sort_by_key(|result| result["id"].as_str().unwrap().to_owned());
    let error = |message: &str| json!({ "code": "ODDITY_NOT_ACKNOWLEDGED", "field": "acknowledged", "message": message });
    let result = |id: ApplicationId, errors: Vec<Value>| json!({ "id": encode(id), "ok": errors.is_empty(), "userErrors": errors });
    let of_units = "The qualification or the last certificate is of another unit.";
    assert_eq!(
        results,
        [
            result(plain.1, vec![]),
            result(old.1, vec![]),
            result(moved.1, vec![error(of_units)]),
            result(both.1, vec![error("At or over the age of retirement.")]),
        ]
    );
    for (id, state) in [
        (plain.1, ApplicationState::Reviewed),
        (old.1, ApplicationState::Reviewed),
        (moved.1, ApplicationState::Applied),
        (both.1, ApplicationState::Applied),
    ] {
        let row = application::Entity::find_by_id(id).one(world.platform.db.read()).await;
        assert_eq!(row.unwrap().unwrap().state, state);
    }
    let log = recorded(world.app(), &encode(old.1), &["application.approve"]).await;
    assert_eq!(log[0].1["oddities"], json!(["OVER_AGE"]));
    assert_eq!(recorded(world.app(), &encode(moved.1), &["application.approve"]).await, []);
    // Returned with reasons, an odd one needs no acknowledgement.
    let back = "mutation($ids: [ID!]!) { reviewApplications(ids: $ids, decision: RETURN, \
        reasons: \"请核实单位\") { results { ok } } }";
    let answer = ask(world.app(), &world.reviewer, back, json!({ "ids": [encode(moved.1)] })).await;
    assert_eq!(answer, json!({ "results": [{ "ok": true }] }));
}

#[tokio::test]
async fn what_became_odd_since_it_was_handed_in_is_found_at_the_approval() {
    let world = World::new().await;
    let person = world.qualified("王伟").await;
    let id = world.applied(person, Act::Initial).await;
    born(&world, person, "19650307").await;
    let call = json!({ "ids": [encode(id)], "seen": [] });
    let answer = ask(world.app(), &world.reviewer, APPROVE, call).await;
    assert_eq!(answer["results"][0]["userErrors"][0]["code"], "ODDITY_NOT_ACKNOWLEDGED");
    let seen = json!([{ "id": encode(id), "oddities": ["OVER_AGE"] }]);
    let call = json!({ "ids": [encode(id)], "seen": seen });
    let answer = ask(world.app(), &world.reviewer, APPROVE, call).await;
    assert_eq!(answer["results"][0]["ok"], true);
}
