//! A code for an existing certificate, under the number it has.

use api::certification::rules::checklist::Unmet;
use api::certification::rules::grounds::Ground;
use api::certification::{self, CertificationRefusal as R, Move, Outcome};
use api::credentials::codes_of;
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::platform::clock::local_date;
use api::policy::{self, CertificationPolicy, NewVersion, PolicyKey};
use api::reorganisation::{self, NewChange, Plan, Target};
use entities::enums::{
    ApplicationAct as Act, CertificateAct as A, CertificateState as S, Role, StatusValue,
};
use entities::ids::{CertificateId, PersonId};
use entities::{certificate, printed_code, status_entry};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;

use super::world::*;
use crate::accounts::ask;
use crate::certification::world::because;

async fn issued(world: &World, person: PersonId, act: Act) -> CertificateId {
    let p = &world.app.platform;
    let applied = certification::apply(p, &world.hr, &[person], act).await.unwrap();
    let application = applied[0].result.clone().unwrap();
    let approve = Move::Approve;
    let moved =
        certification::move_applications(p, &world.reviewer, &[application], &approve).await;
    assert_eq!(moved.unwrap()[0].result, Ok(()));
    certification::issue(p, &world.issuer, application).await.unwrap()
}

async fn hand_over(world: &World, id: CertificateId) {
    let done = certification::hand_over(&world.app.platform, &world.hr, &[id]).await.unwrap();
    assert_eq!(done, [Outcome { id, result: Ok(()) }]);
}

/// The codes of a certificate: what a scan answers, and what the status list says.
async fn scans(world: &World, id: CertificateId) -> Vec<(String, StatusValue)> {
    let db = world.app.platform.db.read();
    let mut found = Vec::new();
    for code in codes_of(db, &[id]).await.unwrap() {
        let entry = status_entry::Entity::find_by_id((code.list, code.idx)).one(db).await.unwrap();
        found.push((world.scan(&code.digits).await.0, entry.unwrap().value));
    }
    found
}

#[tokio::test]
async fn a_code_is_signed_under_the_same_number_and_holds_from_its_handover() {
    let world = World::new().await;
    let p = &world.app.platform;
    world.claimed(&[(1, &[])]).await;
    let id = world.confirmed(1).await;
    let before = world.certificate(id).await;
    assert_eq!(scans(&world, id).await, []);
    world.app.clock.advance(chrono::Duration::days(30));

    assert_eq!(issued(&world, before.person_id, Act::Replacement).await, id);
    let row = world.certificate(id).await;
    assert_eq!(
        (row.state, row.number.as_str(), row.issued_on, row.valid_until),
        (S::Active, number(1).as_str(), before.issued_on, before.valid_until)
    );
    // Until the new card is handed over, the one from before holds and the new code does not.
    let waits = [("NOT_YET_VALID".to_owned(), StatusValue::Suspended)];
    assert_eq!(scans(&world, id).await, waits);
    assert_eq!(world.look_up(&number(1), "张三").await.0, "VALID");
    // Suspended and lifted meanwhile, it waits all the same.
    let suspend = because(Ground::RefusingSupervision);
    certification::act_on(p, &world.issuer, id, A::Suspend, &suspend).await.unwrap();
    assert_eq!(scans(&world, id).await, [("NOT_AUTHORISED".to_owned(), StatusValue::Suspended)]);
    let lift = because(Ground::CauseEnded);
    certification::act_on(p, &world.issuer, id, A::Lift, &lift).await.unwrap();
    assert_eq!(scans(&world, id).await, waits);

    hand_over(&world, id).await;
    assert_eq!(scans(&world, id).await, [("VALID".to_owned(), StatusValue::Valid)]);
    assert_eq!(world.look_up(&number(1), "张三").await.0, "VALID");
    assert_eq!(
        world.events(id).await,
        [
            "CONFIRM ACTIVE 2024-03-04 16:00",
            "REISSUE ACTIVE 2026-04-01 02:00",
            "SUSPEND SUSPENDED 2026-04-01 02:00",
            "LIFT ACTIVE 2026-04-01 02:00",
            "HAND_OVER ACTIVE 2026-04-01 02:00",
        ]
    );
    // It is handed over once.
    let again = certification::hand_over(p, &world.hr, &[id]).await.unwrap();
    let refused = certification::CertificationRefusal::StateNotAllowed { state: "ACTIVE".into() };
    assert_eq!(again, [Outcome { id, result: Err(refused) }]);
    assert_eq!(certificate::Entity::find().count(p.db.read()).await.unwrap(), 1);

    // With a code it is replaced like any other: a new number, and one valid code at any time.
    let next = issued(&world, before.person_id, Act::Replacement).await;
    assert_ne!(next, id);
    assert_eq!(world.certificate(next).await.number, "62000000001");
    assert_eq!(scans(&world, id).await[0].0, "VALID");
    assert_eq!(scans(&world, next).await[0].0, "NOT_YET_VALID");
    hand_over(&world, next).await;
    assert_eq!(scans(&world, id).await[0].0, "CANCELLED");
    assert_eq!(scans(&world, next).await[0].0, "VALID");
    assert_eq!(printed_code::Entity::find().count(p.db.read()).await.unwrap(), 2);
    let report = api::audit::verify::verify(p.db.read(), None).await.unwrap();
    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn where_the_policy_does_not_allow_it_or_the_code_has_no_room_a_new_number_follows() {
    let world = World::new().await;
    let p = &world.app.platform;
    // Twenty bytes: one more than a code holds.
    world.claimed(&[(1, &[]), (2, &[("原证件编号", "28010000000000000002")])]).await;
    let (first, long) = (world.confirmed(1).await, world.confirmed(2).await);
    let holder = world.certificate(long).await.person_id;
    let next = issued(&world, holder, Act::Replacement).await;
    assert_eq!(world.certificate(next).await.number, "62000000001");
    hand_over(&world, next).await;
    assert_eq!(world.certificate(long).await.state, S::Cancelled);

    let body = CertificationPolicy { reissue_keeps_number: false, ..Default::default() };
    let version = NewVersion {
        key: PolicyKey::Certification,
        division: "620000".into(),
        effective_from: "2026-03-02".parse().unwrap(),
        body: serde_json::to_value(body).unwrap(),
    };
    policy::enter_version(p, &Actor::System, version).await.unwrap();
    let holder = world.certificate(first).await.person_id;
    let next = issued(&world, holder, Act::Replacement).await;
    assert_eq!(world.certificate(next).await.number, "62000000002");
    assert_eq!(world.certificate(first).await.state, S::Active);
    hand_over(&world, next).await;
    assert_eq!(world.certificate(first).await.state, S::Cancelled);
    assert_eq!(world.look_up(&number(1), "张三").await.0, "CANCELLED");
}

#[tokio::test]
async fn the_card_goes_on_to_name_who_issued_it() {
    let world = World::new().await;
    let above: &[(&str, &str)] = &[("原发证机关", "甘肃省司法厅")];
    let unknown: &[(&str, &str)] = &[("原发证机关", "甘肃省人民政府")];
    world.claimed(&[(1, above), (2, unknown)]).await;
    for (n, issuer) in [(1, "甘肃省司法厅"), (2, "甘肃省人民政府")] {
        let claim = world.claim(n).await;
        assert_eq!(world.confirm(&world.reviewer, &[claim.id], true).await, ["ok"]);
        let id = world.claim(n).await.certificate_id.unwrap();
        assert_eq!(issued(&world, claim.person_id, Act::Replacement).await, id);
        hand_over(&world, id).await;
        let (verdict, page) = world.look_up(&number(n), "张三").await;
        assert_eq!(verdict, "VALID");
        assert!(page.contains(issuer), "{page}");
    }
}

#[tokio::test]
async fn it_is_renewed_like_any_other() {
    let world = World::new().await;
    world.claimed(&[(1, &[("原发证日期", "2021-04-01"), ("有效期至", "2026-03-31")])]).await;
    let id = world.confirmed(1).await;
    let holder = world.certificate(id).await.person_id;
    let next = issued(&world, holder, Act::Renewal).await;
    let row = world.certificate(next).await;
    assert_eq!(
        (row.number.as_str(), row.valid_until.to_string().as_str()),
        ("62000000001", "2031-03-01")
    );
    assert_eq!(world.certificate(id).await.state, S::Active);
    hand_over(&world, next).await;
    assert_eq!(world.look_up(&number(1), "张三").await.0, "CANCELLED");
}

#[tokio::test]
async fn a_code_is_not_handed_over_past_the_certificate_that_follows() {
    let world = World::new().await;
    let p = &world.app.platform;
    world.claimed(&[(1, &[])]).await;
    let id = world.confirmed(1).await;
    let person = world.certificate(id).await.person_id;
    // It waits since its code was signed, not since it was confirmed.
    world.app.clock.advance(chrono::Duration::days(1));
    issued(&world, person, Act::Replacement).await;
    let work = "{ myWork(kinds: [CERTIFICATE_TO_HAND_OVER]) { nodes { subjectId label since } } }";
    let waiting = ask(&world.app, &world.hr, work, json!({})).await;
    let since = "2026-03-03T02:00:00+00:00";
    let item = json!({ "subjectId": encode(id), "label": number(1), "since": since });
    assert_eq!(waiting, json!({ "nodes": [item] }));
    let next = issued(&world, person, Act::Replacement).await;
    let refused = || R::Checklist(vec![Unmet::AwaitsHandover]);
    let alone = certification::hand_over(p, &world.hr, &[id]).await.unwrap();
    assert_eq!(alone, [Outcome { id, result: Err(refused()) }]);
    assert_eq!(world.certificate(next).await.state, S::Issued);
    let both = certification::hand_over(p, &world.hr, &[id, next]).await.unwrap();
    assert_eq!(
        both,
        [Outcome { id, result: Err(refused()) }, Outcome { id: next, result: Ok(()) }]
    );
    let states = [world.certificate(id).await.state, world.certificate(next).await.state];
    assert_eq!(states, [S::Cancelled, S::Active]);
    assert_eq!(ask(&world.app, &world.hr, work, json!({})).await, json!({ "nodes": [] }));
}

/// What is kept bears the unit as it was: a code signed for the present one would not fit it.
#[tokio::test]
async fn after_a_reform_of_the_unit_another_certificate_follows() {
    let world = World::new().await;
    let p = &world.app.platform;
    let (market, justice) = (world.province.county_market, world.province.county_justice);
    world.claimed(&[(1, &[]), (2, &[])]).await;
    let (renamed, merged) = (world.confirmed(1).await, world.confirmed(2).await);
    let reform = async |plan: Plan| {
        let effective_on = local_date(p.now());
        let new = NewChange { plan, effective_on, document: "城编发〔2026〕1号".into() };
        let id = reorganisation::propose(p, &Actor::System, new).await.unwrap();
        reorganisation::approve(p, &Actor::System, id).await.unwrap();
    };
    reform(Plan::Rename { agency: market, name: "兰州市城关区市场监管局".into() }).await;
    let person = world.certificate(renamed).await.person_id;
    let next = issued(&world, person, Act::Replacement).await;
    assert_ne!(next, renamed);
    assert_eq!(scans(&world, next).await[0].0, "NOT_YET_VALID");
    hand_over(&world, next).await;
    assert_eq!(scans(&world, next).await[0].0, "VALID");

    reform(Plan::Merge { from: vec![market], into: Target::Existing(justice) }).await;
    let hr = world.province.sign_in(&world.app, "hr.justice", Role::AgencyHr, justice).await;
    let world = World { hr, ..world };
    let person = world.certificate(merged).await.person_id;
    let next = issued(&world, person, Act::Replacement).await;
    assert_ne!(next, merged);
    hand_over(&world, next).await;
    assert_eq!(scans(&world, next).await[0].0, "VALID");
    assert_eq!(world.look_up(&number(2), "张三").await.0, "CANCELLED");
}
