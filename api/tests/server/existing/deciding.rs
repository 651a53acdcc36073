//! Who decides on a claim, and what of it fails alone.

use api::auth::actor_of_account;
use api::auth::delegation::{NewDelegation, delegate, end};
use api::certification::{self, CertificationRefusal as R, Outcome};
use api::platform::actor::Actor;
use chrono::Duration;
use entities::enums::{ExistingState, PersonKind, Role};
use entities::ids::ExistingCertificateId;
use serde_json::json;
use uuid::Uuid;

use super::world::*;
use api::graphql::ids::encode;

#[tokio::test]
async fn whoever_imported_does_not_confirm_nor_the_holder_nor_anyone_elsewhere() {
    let world = World::new().await;
    let p = &world.app.platform;
    let province = &world.province;
    // The reviewer imports one roster, the agency's HR another.
    let staged = world.stage(&world.reviewer, roster(&[(1, &[])])).await;
    world.apply(&world.reviewer, staged.id).await;
    world.claimed(&[(2, &[])]).await;
    world.photos(&[1]).await;
    let (own, other) = (world.claim(1).await, world.claim(2).await);
    assert_eq!(
        world.confirm(&world.reviewer, &[own.id, other.id], true).await,
        ["SEPARATION_OF_DUTIES", "ok"]
    );
    let refused = certification::refuse_existing(p, &world.reviewer, &[own.id], "不符").await;
    assert_eq!(refused.unwrap(), [Outcome { id: own.id, result: Err(R::SeparationOfDuties) }]);
    // Another reviewer of the county can, one of another county sees nothing of it.
    let outside = province.other_county_market;
    let elsewhere = province.sign_in(&world.app, "elsewhere", Role::JusticeReviewer, outside).await;
    assert_eq!(world.confirm(&elsewhere, &[own.id], true).await, ["NOT_FOUND"]);
    let view = "query($id: ID!) { existingCertificate(id: $id) { number } node(id: $id) { id } }";
    let id = json!({ "id": encode(own.id) });
    let seen = world.graphql(&elsewhere, view, id.clone()).await;
    assert_eq!(seen, json!({ "existingCertificate": null, "node": null }));
    // One who reaches the agency and not its justice department does not supervise it.
    let market = province.county_market;
    let beside = province.sign_in(&world.app, "beside", Role::JusticeReviewer, market).await;
    assert_eq!(world.confirm(&beside, &[own.id], true).await, ["NOT_FOUND"]);
    let seen = world.graphql(&beside, view, id).await;
    let node = json!({ "id": encode(own.id) });
    assert_eq!(seen, json!({ "existingCertificate": { "number": number(1) }, "node": node }));
    let justice = province.county_justice;
    let second = province.sign_in(&world.app, "second", Role::JusticeReviewer, justice).await;
    assert_eq!(world.confirm(&second, &[own.id], true).await, ["ok"]);
    // The agency itself has no such permission.
    let confirm = "mutation($id: ID!) { confirmExistingCertificates(ids: [$id]) {
        userErrors { code } } }";
    let answer = world.app.graphql(Some(&world.hr), confirm, json!({ "id": encode(own.id) })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

/// Whoever had another part in it, or lent the role in which somebody had it, does not confirm; what
/// the delegate does once the role is given back is the delegate's alone.
#[tokio::test]
async fn nor_does_the_holder_nor_whoever_nominated_nor_a_lender_of_either() {
    let world = World::new().await;
    let (app, province) = (&world.app, &world.province);
    let p = &app.platform;
    let (market, justice) = (province.county_market, province.county_justice);
    let clerk = province.sign_in(app, "clerk", Role::AgencyHr, market).await;
    let chief = province.person(app, PersonKind::ClericalStaff, "一人科", justice).await;
    let both = [(Role::AgencyHr, market), (Role::JusticeReviewer, justice)];
    let chief = world.account(chief, "chief", &both).await;
    let new = NewDelegation {
        role: Role::AgencyHr,
        agency: market,
        to_login: "clerk".into(),
        from: None,
        until: p.now() + Duration::days(1),
        note: None,
    };
    let lent = delegate(p, &chief, new).await.unwrap();
    let minute = || app.clock.advance(Duration::minutes(1));
    minute();
    world.claimed(&[(1, &[]), (3, &[]), (4, &[]), (5, &[]), (6, &[])]).await;
    let import = async |actor: &Actor, n| {
        let staged = world.stage(actor, roster(&[(n, &[])])).await;
        world.apply(actor, staged.id).await;
        world.photos(&[n]).await;
    };
    let nominate = async |actor: &Actor, n| {
        let people = [world.person(n).await];
        certification::nominate(p, actor, &people).await.unwrap()[0].result.clone().unwrap();
    };
    import(&clerk, 2).await;
    nominate(&chief, 3).await;
    nominate(&clerk, 4).await;
    minute();
    end(p, &chief, lent).await.unwrap();
    minute();
    nominate(&clerk, 6).await;
    import(&clerk, 7).await;
    let mut ids = Vec::new();
    for n in 1..=7 {
        ids.push(world.claim(n).await.id);
    }
    let holder = world.account(world.person(1).await, "holder", &both[1..]).await;
    assert_eq!(world.confirm(&holder, &ids[..1], true).await, ["OWN_RECORD"]);
    let chief = actor_of_account(p, chief.account().unwrap()).await.unwrap().unwrap();
    let apart = "SEPARATION_OF_DUTIES";
    assert_eq!(
        world.confirm(&chief, &ids[1..], true).await,
        [apart, apart, apart, "ok", "ok", "ok"]
    );
    assert_eq!(world.confirm(&world.reviewer, &ids[..4], true).await, ["ok"; 4]);
}

#[tokio::test]
async fn one_that_fails_does_not_stop_the_others() {
    let world = World::new().await;
    let auxiliary: &[(&str, &str)] = &[("人员类别", "辅助人员"), ("编制类型", "无编制")];
    world.claimed(&[(1, &[]), (2, auxiliary), (3, &[("有效期至", "2030-01-01")]), (4, &[])]).await;
    let missing = ExistingCertificateId(Uuid::nil());
    let mut ids = Vec::new();
    for n in 1..=4 {
        ids.push(world.claim(n).await.id);
    }
    ids.push(missing);
    assert_eq!(
        world.confirm(&world.reviewer, &ids, false).await,
        ["ok", "KIND_EXCLUDED", "VALIDITY_LONG", "ok", "NOT_FOUND"]
    );
    // Weighed or not: an auxiliary is never confirmed. What is done is not done twice.
    assert_eq!(
        world.confirm(&world.reviewer, &ids[..4], true).await,
        ["STATE_NOT_ALLOWED", "KIND_EXCLUDED", "ok", "STATE_NOT_ALLOWED"]
    );
    let states: Vec<ExistingState> = world.claims().await.iter().map(|c| c.state).collect();
    assert_eq!(
        states,
        [
            ExistingState::Confirmed,
            ExistingState::Claimed,
            ExistingState::Confirmed,
            ExistingState::Confirmed
        ]
    );
    assert_eq!(world.look_up(&number(2), "张三").await.0, "NO_MATCH");
    let none = certification::confirm_existing(&world.app.platform, &world.reviewer, &[], true);
    let refused = none.await.unwrap_err();
    assert!(matches!(refused, api::platform::failure::Failure::Refused(R::NothingSelected)));
    let many = vec![missing; 501];
    let many = certification::confirm_existing(&world.app.platform, &world.reviewer, &many, true);
    let refused = many.await.unwrap_err();
    assert!(matches!(refused, api::platform::failure::Failure::Refused(R::TooMany { most: 500 })));
}

#[tokio::test]
async fn what_is_refused_comes_back_only_when_it_is_corrected() {
    let world = World::new().await;
    world.claimed(&[(1, &[])]).await;
    let claim = world.claim(1).await;
    let refuse = "mutation($id: ID!, $reason: String!) {
        refuseExistingCertificates(ids: [$id], reason: $reason) {
            results { id ok userErrors { code } } userErrors { code } } }";
    let blank = json!({ "id": encode(claim.id), "reason": " " });
    let answer = world.graphql(&world.reviewer, refuse, blank).await;
    assert_eq!(
        answer["refuseExistingCertificates"],
        json!({ "results": [], "userErrors": [{ "code": "REASONS_REQUIRED" }] })
    );
    let reason = json!({ "id": encode(claim.id), "reason": "编号与存根不符" });
    let answer = world.graphql(&world.reviewer, refuse, reason).await;
    assert_eq!(results(&answer["refuseExistingCertificates"], &[encode(claim.id)]), ["ok"]);
    let claim = world.claim(1).await;
    assert_eq!(
        (claim.state, claim.reason.as_deref(), claim.decided_by),
        (ExistingState::Refused, Some("编号与存根不符"), world.reviewer.person())
    );
    assert_eq!(world.confirm(&world.reviewer, &[claim.id], true).await, ["STATE_NOT_ALLOWED"]);
    let staged = world.stage(&world.hr, roster(&[(1, &[])])).await;
    assert_eq!(staged.summary["codes"], json!({ "PRIOR_REFUSED": 1 }));
    world.apply(&world.hr, staged.id).await;
    assert_eq!(world.claims().await.len(), 1);
    world.import(&[(1, &[("原证件编号", "28011111112")])]).await;
    assert_eq!(world.claim(1).await.state, ExistingState::Claimed);
    // Neither number nor reason is in the log.
    for entry in world.app.audit_log().await {
        assert!(!entry.body.contains("编号") && !entry.body.contains("28011111112"), "{entry:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_confirm_at_once_one_does() {
    let world = World::new().await;
    let p = &world.app.platform;
    let justice = world.province.county_justice;
    let second = world.province.sign_in(&world.app, "second", Role::JusticeReviewer, justice).await;
    world.claimed(&[(1, &[]), (2, &[]), (3, &[])]).await;
    let mut ids = Vec::new();
    for n in 1..=3 {
        ids.push(world.claim(n).await.id);
    }
    let reversed: Vec<_> = ids.iter().rev().copied().collect();
    let (one, other) = tokio::join!(
        certification::confirm_existing(p, &world.reviewer, &ids, false),
        certification::confirm_existing(p, &second, &reversed, false),
    );
    let (one, mut other) = (one.unwrap(), other.unwrap());
    other.reverse();
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one.id, other.id);
        let late = Err(R::StateNotAllowed { state: "CONFIRMED".into() });
        let (first, second) = (&one.result, &other.result);
        assert!(
            first.is_ok() && *second == late || second.is_ok() && *first == late,
            "{first:?} {second:?}"
        );
    }
    assert_eq!(world.recorded("certificate.confirm").await.len(), 3);
}
