//! Signing in: tokens, refresh and its reuse, ends of sessions and accounts.

use api::auth::{AuthRefusal, accounts};
use api::platform::actor::Actor;
use api::platform::failure::Failure;
use chrono::Duration;
use entities::enums::Role;
use serde_json::json;

use crate::harness::TestApp;
use crate::province::{PASSWORD, Province};

#[tokio::test]
async fn a_session_lives_from_sign_in_to_sign_out() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let actor = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;

    let viewer = "{ viewer { roles { role axis } } }";
    let answer = app.graphql(Some(&actor), viewer, json!({})).await;
    assert_eq!(
        answer,
        json!({ "data": { "viewer": { "roles": [{ "role": "AGENCY_HR", "axis": "OWN" }] } } })
    );

    let tokens = app.web.auth.sign_in(&app.platform, "hr.market", PASSWORD.into()).await.unwrap();
    let authenticate = || app.web.auth.authenticate(&app.platform, &tokens.access_token);
    let second = authenticate().await.unwrap().unwrap();
    app.web.auth.sign_out(&app.platform, &second).await.unwrap();
    assert!(authenticate().await.unwrap().is_none(), "an ended session still opens");
}

#[tokio::test]
async fn an_access_token_ends_after_ten_minutes_and_a_refresh_gives_another() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let auth = &app.web.auth;
    let tokens = auth.sign_in(&app.platform, "hr.market", PASSWORD.into()).await.unwrap();
    app.clock.advance(Duration::minutes(10) - Duration::seconds(1));
    assert!(auth.authenticate(&app.platform, &tokens.access_token).await.unwrap().is_some());
    app.clock.advance(Duration::seconds(1));
    assert!(auth.authenticate(&app.platform, &tokens.access_token).await.unwrap().is_none());

    let fresh = auth.refresh(&app.platform, &tokens.refresh_token).await.unwrap();
    assert!(auth.authenticate(&app.platform, &fresh.access_token).await.unwrap().is_some());
}

#[tokio::test]
async fn a_refresh_token_used_again_after_the_grace_ends_the_session() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let auth = &app.web.auth;
    let first = auth.sign_in(&app.platform, "hr.market", PASSWORD.into()).await.unwrap();
    let second = auth.refresh(&app.platform, &first.refresh_token).await.unwrap();
    // The answer may have been lost: within the grace it is given again.
    app.clock.advance(Duration::seconds(20));
    auth.refresh(&app.platform, &first.refresh_token).await.unwrap();
    app.clock.advance(Duration::seconds(1));
    let reused = auth.refresh(&app.platform, &first.refresh_token).await;
    assert!(matches!(reused, Err(Failure::Refused(AuthRefusal::RefreshTokenInvalid))));
    let of_the_family = auth.refresh(&app.platform, &second.refresh_token).await;
    assert!(matches!(of_the_family, Err(Failure::Refused(AuthRefusal::RefreshTokenInvalid))));
    assert!(auth.authenticate(&app.platform, &second.access_token).await.unwrap().is_none());
}

#[tokio::test]
async fn every_way_of_failing_to_sign_in_is_answered_alike() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let actor = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let account = actor.account().unwrap();
    let sign_in = "mutation($l: String!, $p: String!) { signIn(login: $l, password: $p) { tokens { accessToken } userErrors { code field message } } }";
    let expected = json!({ "data": { "signIn": { "tokens": null, "userErrors": [{
        "code": "SIGN_IN_FAILED", "field": null,
        "message": "The sign-in name or the password is not right.",
    }] } } });
    let long = "x".repeat(100_000);
    for (login, password) in [
        ("hr.market", "wrong"),
        ("nobody", PASSWORD),
        ("' OR 1=1", PASSWORD),
        ("", ""),
        ("hr.market", &long),
    ] {
        let answer = app.graphql(None, sign_in, json!({ "l": login, "p": password })).await;
        assert_eq!(answer, expected, "{login}");
    }
    accounts::disable(&app.platform, &Actor::System, account).await.unwrap();
    let answer = app.graphql(None, sign_in, json!({ "l": "hr.market", "p": PASSWORD })).await;
    assert_eq!(answer, expected, "a closed account");
}

#[tokio::test]
async fn new_rights_end_the_tokens_that_do_not_know_them() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let actor = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let auth = &app.web.auth;
    let tokens = auth.sign_in(&app.platform, "hr.market", PASSWORD.into()).await.unwrap();
    accounts::grant_role(
        &app.platform,
        &Actor::System,
        actor.account().unwrap(),
        Role::Auditor,
        province.county_market,
        entities::enums::ScopeAxis::Line,
    )
    .await
    .unwrap();
    assert!(auth.authenticate(&app.platform, &tokens.access_token).await.unwrap().is_none());
    let fresh = auth.refresh(&app.platform, &tokens.refresh_token).await.unwrap();
    let actor = auth.authenticate(&app.platform, &fresh.access_token).await.unwrap().unwrap();
    assert_eq!(actor.signed_in().unwrap().roles.len(), 2);
}

#[tokio::test]
async fn another_deployments_token_does_not_open_this_one() {
    let (app, other) = (TestApp::new().await, TestApp::new().await);
    for deployment in [&app, &other] {
        let province = Province::enter(deployment).await;
        province.sign_in(deployment, "hr.market", Role::AgencyHr, province.county_market).await;
    }
    let tokens =
        other.web.auth.sign_in(&other.platform, "hr.market", PASSWORD.into()).await.unwrap();
    let found = app.web.auth.authenticate(&app.platform, &tokens.access_token).await.unwrap();
    assert!(found.is_none());
    for garbage in ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", &"x".repeat(10_000)] {
        assert!(app.web.auth.authenticate(&app.platform, garbage).await.unwrap().is_none());
    }
}
