//! Signing in: tokens, refresh and its reuse, ends of sessions and accounts.

use api::auth::{Attempt, AuthRefusal, Passwords, accounts, new_password};
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::platform::failure::{Failure, Fault, Refusal};
use chrono::Duration;
use entities::enums::Role;
use serde_json::{Value, json};

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
    api::devices::close_account(&app.platform, &Actor::System, account).await.unwrap();
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

/// By name and password alone.
fn attempt(login: &str, password: &str) -> Attempt {
    Attempt { login: login.to_owned(), password: password.to_owned(), ..Attempt::default() }
}

/// Signs in over HTTP from an address; answers the code of the user error, if any.
async fn sign_in_from(app: &TestApp, address: &str, login: &str, password: &str) -> Value {
    let query = "mutation($l: String!, $p: String!) { signIn(login: $l, password: $p) { userErrors { code message } } }";
    let body = json!({ "query": query, "variables": { "l": login, "p": password } });
    let peer = std::net::SocketAddr::new(address.parse().unwrap(), 40_000);
    let request = axum::http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept-language", "en")
        .extension(axum::extract::ConnectInfo(peer))
        .body(body.to_string().into())
        .unwrap();
    let response = app.http(request).await;
    let bytes = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
    let answer: Value = serde_json::from_slice(&bytes).unwrap();
    answer["data"]["signIn"]["userErrors"].clone()
}

#[tokio::test]
async fn failures_make_one_place_wait_for_one_name_and_nobody_else() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    for login in ["hr.market", "hr.other"] {
        province.sign_in(&app, login, Role::AgencyHr, province.county_market).await;
    }
    let failed = json!([{
        "code": "SIGN_IN_FAILED",
        "message": "The sign-in name or the password is not right.",
    }]);
    let place = "2001:db8::1";
    // Nine failures and a success: the success begins the count anew.
    for _ in 0..9 {
        assert_eq!(sign_in_from(&app, place, "hr.market", "wrong").await, failed);
    }
    assert_eq!(sign_in_from(&app, place, "hr.market", PASSWORD).await, json!([]));
    for _ in 0..10 {
        assert_eq!(sign_in_from(&app, place, "hr.market", "wrong").await, failed);
    }
    // The harness begins at 10:00 sharp, the beginning of a window.
    let wait = json!([{
        "code": "TOO_MANY_ATTEMPTS",
        "message": "Too many failed attempts. Try again in 900 seconds.",
    }]);
    assert_eq!(sign_in_from(&app, place, "hr.market", PASSWORD).await, wait);
    // Another address of the same subscriber is the same place.
    assert_eq!(sign_in_from(&app, "2001:db8::2", "hr.market", PASSWORD).await, wait);
    // Elsewhere the same name signs in, and here another name.
    assert_eq!(sign_in_from(&app, "2001:db8:0:1::1", "hr.market", PASSWORD).await, json!([]));
    assert_eq!(sign_in_from(&app, "192.0.2.1", "hr.market", PASSWORD).await, json!([]));
    assert_eq!(sign_in_from(&app, place, "hr.other", PASSWORD).await, json!([]));
    app.clock.advance(Duration::minutes(15));
    assert_eq!(sign_in_from(&app, place, "hr.market", PASSWORD).await, json!([]));
}

#[tokio::test]
async fn a_place_where_many_names_fail_waits_for_the_names_that_have_not_yet() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    for login in ["hr.early", "hr.market"] {
        province.sign_in(&app, login, Role::AgencyHr, province.county_market).await;
    }
    let code = async |address: &str, login: &str, password: &str| {
        let errors = sign_in_from(&app, address, login, password).await;
        errors.get(0).map(|e| e["code"].as_str().unwrap().to_owned())
    };
    let (failed, wait) = (Some("SIGN_IN_FAILED".to_owned()), Some("TOO_MANY_ATTEMPTS".to_owned()));
    let place = "192.0.2.1";
    // A name counts once, however often it fails, and not at all once it has signed in.
    for _ in 0..3 {
        assert_eq!(code(place, "hr.early", "wrong").await, failed);
        assert_eq!(code(place, "hr.market", "wrong").await, failed);
    }
    assert_eq!(code(place, "hr.market", PASSWORD).await, None);
    for n in 1..100 {
        assert_eq!(code(place, &format!("name{n}"), "Gansu@2026!").await, failed, "{n}");
    }
    for (login, password) in [("name100", "Gansu@2026!"), ("hr.market", PASSWORD)] {
        assert_eq!(code(place, login, password).await, wait, "{login}");
    }
    // One that failed before has its own limit; that it signs in makes room for another.
    assert_eq!(code(place, "hr.early", PASSWORD).await, None);
    assert_eq!(code(place, "hr.market", "wrong").await, failed);
    assert_eq!(code(place, "name100", "Gansu@2026!").await, wait);
    // Elsewhere nothing has happened, and here it is over with the window.
    assert_eq!(code("192.0.2.2", "hr.early", PASSWORD).await, None);
    app.clock.advance(Duration::minutes(15));
    assert_eq!(code(place, "name100", "Gansu@2026!").await, failed);
}

#[tokio::test]
async fn whoever_is_signed_in_gives_the_own_password_again_whatever_others_do_at_the_place() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let me = province.sign_in(&app, "issuer", Role::Issuer, province.justice).await;
    province.sign_in(&app, "other", Role::Issuer, province.justice).await;
    let place: std::net::IpAddr = "192.0.2.1".parse().unwrap();
    let sign_in = async |caller: Option<&Actor>, login: &str, password: &str| {
        let attempt = attempt(login, password);
        match app.web.auth.sign_in_from(&app.platform, Some(place), caller, attempt).await {
            Ok(_) => "OK",
            Err(Failure::Refused(refusal)) => refusal.code(),
            Err(Failure::Fault(fault)) => panic!("{fault}"),
        }
    };
    for n in 0..100 {
        assert_eq!(sign_in(None, &format!("name{n}"), "wrong").await, "SIGN_IN_FAILED");
    }
    assert_eq!(sign_in(None, "issuer", PASSWORD).await, "TOO_MANY_ATTEMPTS");
    assert_eq!(sign_in(Some(&me), "issuer", PASSWORD).await, "OK");
    assert_eq!(sign_in(Some(&me), "other", PASSWORD).await, "TOO_MANY_ATTEMPTS");
    // For the own name the limit is the same as everywhere.
    for _ in 0..10 {
        assert_eq!(sign_in(Some(&me), "issuer", "wrong").await, "SIGN_IN_FAILED");
    }
    assert_eq!(sign_in(Some(&me), "issuer", PASSWORD).await, "TOO_MANY_ATTEMPTS");
}

#[tokio::test]
async fn a_node_that_is_busy_with_passwords_says_so_and_counts_nothing() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let me = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let place: std::net::IpAddr = "192.0.2.1".parse().unwrap();
    // All places are taken, for longer than anybody waits.
    let none = Passwords::new(0, std::time::Duration::from_millis(1));
    let busy = app.web.auth.clone().with_passwords(none);
    let platform = &app.platform;
    for _ in 0..11 {
        let attempt = attempt("hr.market", PASSWORD);
        let answer = busy.sign_in_from(platform, Some(place), None, attempt).await;
        assert!(matches!(answer, Err(Failure::Fault(Fault::Busy(_)))), "{answer:?}");
        let (old, new) = (PASSWORD.to_owned(), "a new password".to_owned());
        let answer = new_password::change(&busy, platform, &me, old, new).await;
        assert!(matches!(answer, Err(Failure::Fault(Fault::Busy(_)))), "{answer:?}");
    }
    let code = api::graphql::user_error::face(&Fault::Busy("passwords")).code();
    assert_eq!(code, "BUSY");
    let auth = &app.web.auth;
    let attempt = attempt("hr.market", PASSWORD);
    auth.sign_in_from(platform, Some(place), None, attempt).await.unwrap();
    let (old, new) = (PASSWORD.to_owned(), "a new password".to_owned());
    new_password::change(auth, platform, &me, old, new).await.unwrap();
}

#[tokio::test]
async fn a_refresh_token_that_does_not_hold_is_refused_without_waiting_for_the_writer() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let auth = &app.web.auth;
    let ended = auth.sign_in(&app.platform, "hr.market", PASSWORD.into()).await.unwrap();
    app.clock.advance(Duration::days(7));
    // Another writes for longer than anybody waits.
    let writing = app.platform.db.begin().await.unwrap();
    for token in ["", "never given", &ended.refresh_token] {
        let refused = auth.refresh(&app.platform, token);
        let refused = tokio::time::timeout(std::time::Duration::from_secs(5), refused).await;
        let refused = refused.expect("it waits for the writer");
        assert!(matches!(refused, Err(Failure::Refused(AuthRefusal::RefreshTokenInvalid))));
    }
    drop(writing);
}

/// What the audit log holds of an action: subjects and bodies.
async fn recorded(app: &TestApp, action: &str) -> Vec<(String, Value)> {
    let log = app.audit_log().await.into_iter().filter(|entry| entry.action == action);
    log.map(|entry| (entry.subject, serde_json::from_str(&entry.body).unwrap())).collect()
}

#[tokio::test]
async fn a_role_that_is_taken_holds_no_longer_and_nobody_takes_their_own() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let admin = province.sign_in(&app, "admin", Role::SystemAdministrator, province.justice).await;
    let (role, agency) = (Role::AgencyHr, province.county_market);
    let hr = province.sign_in(&app, "hr.market", role, agency).await;
    let auth = &app.web.auth;
    let tokens = auth.sign_in(&app.platform, "hr.market", PASSWORD.into()).await.unwrap();
    let account = encode(hr.account().unwrap());
    let revoke = async |account: &str, role: &str, axis: &str| {
        let query = "mutation($a: ID!, $r: RoleInput!) { revokeRole(accountId: $a, role: $r) { accountId userErrors { code } } }";
        let role = json!({ "role": role, "agencyId": encode(agency), "axis": axis });
        let answer = app.graphql(Some(&admin), query, json!({ "a": account, "r": role })).await;
        answer["data"]["revokeRole"].clone()
    };
    let refused = |code: &str| json!({ "accountId": null, "userErrors": [{ "code": code }] });
    let own = encode(admin.account().unwrap());
    let answer = revoke(&own, "SYSTEM_ADMINISTRATOR", "TERRITORY").await;
    assert_eq!(answer, refused("OWN_ACCOUNT"));
    assert_eq!(revoke(&account, "AGENCY_HR", "LINE").await, refused("ROLE_NOT_HELD"));
    assert!(auth.authenticate(&app.platform, &tokens.access_token).await.unwrap().is_some());

    let taken = json!({ "accountId": account, "userErrors": [] });
    assert_eq!(revoke(&account, "AGENCY_HR", "OWN").await, taken);
    assert_eq!(revoke(&account, "AGENCY_HR", "OWN").await, refused("ROLE_NOT_HELD"));
    assert!(auth.authenticate(&app.platform, &tokens.access_token).await.unwrap().is_none());
    let fresh = auth.refresh(&app.platform, &tokens.refresh_token).await.unwrap();
    let actor = auth.authenticate(&app.platform, &fresh.access_token).await.unwrap().unwrap();
    assert_eq!(actor.signed_in().unwrap().roles.len(), 0);
    let body = json!({ "role": "AGENCY_HR", "agency": encode(agency), "axis": "OWN" });
    assert_eq!(recorded(&app, "account.revoke").await, [(account, body)]);
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let agency = province.county_market;
    province.sign_in(&app, "hr.market", Role::AgencyHr, agency).await;
    let (platform, auth) = (&app.platform, &app.web.auth);
    let other = auth.sign_in(platform, "hr.market", PASSWORD.into()).await.unwrap();
    let mine = auth.sign_in(platform, "hr.market", PASSWORD.into()).await.unwrap();
    let me = auth.authenticate(platform, &mine.access_token).await.unwrap().unwrap();
    // 128 characters of three bytes are a password as well.
    let new = "证".repeat(128);
    let change = async |actor: Option<&Actor>, old: &str, new: &str| {
        let query = "mutation($o: String!, $n: String!) { changePassword(oldPassword: $o, password: $n) { accountId userErrors { code field } } }";
        app.graphql(actor, query, json!({ "o": old, "n": new })).await
    };
    let refused = |code: &str, field: Option<&str>| {
        json!({ "data": { "changePassword": {
            "accountId": null, "userErrors": [{ "code": code, "field": field }],
        } } })
    };
    let nobody = change(None, PASSWORD, &new).await;
    assert_eq!(nobody["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let answer = change(Some(&me), PASSWORD, "too short").await;
    assert_eq!(answer, refused("PASSWORD_INVALID", Some("password")));
    for _ in 0..10 {
        assert_eq!(change(Some(&me), "wrong", &new).await, refused("SIGN_IN_FAILED", None));
    }
    assert_eq!(change(Some(&me), PASSWORD, &new).await, refused("TOO_MANY_ATTEMPTS", None));
    app.clock.advance(Duration::minutes(15));
    let id = encode(me.account().unwrap());
    assert_eq!(
        change(Some(&me), PASSWORD, &new).await,
        json!({ "data": { "changePassword": { "accountId": id, "userErrors": [] } } })
    );

    assert!(auth.authenticate(platform, &mine.access_token).await.unwrap().is_none());
    assert!(auth.refresh(platform, &other.refresh_token).await.is_err());
    let fresh = auth.refresh(platform, &mine.refresh_token).await.unwrap();
    assert!(auth.authenticate(platform, &fresh.access_token).await.unwrap().is_some());
    assert!(auth.sign_in(platform, "hr.market", PASSWORD.into()).await.is_err());
    auth.sign_in(platform, "hr.market", new).await.unwrap();
    assert_eq!(recorded(&app, "account.change_password").await, [(id, json!({}))]);
}
