//! What waits for a second factor, by which policy, and that nothing else does.

use api::access;
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use chrono::Duration;
use entities::enums::Role;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::second_factor::{Desk, wanted};
use super::{actor, ask, ask_second_factor, denied, refused, sign_in};
use crate::province::PASSWORD;

#[tokio::test]
async fn issuing_and_administering_wait_for_the_second_factor_where_a_policy_asks_for_it() {
    let desk = Desk::new().await;
    let (app, province) = (&desk.app, &desk.province);
    let roles = vec![Role::SystemAdministrator, Role::Issuer];
    ask_second_factor(app, "620000", roles).await;
    for (login, role) in [
        ("admin", Role::SystemAdministrator),
        ("issuer", Role::Issuer),
        ("reviewer", Role::JusticeReviewer),
    ] {
        desk.account(login, role).await;
    }
    let enter = async |login: &str| {
        actor(app, &sign_in(app, login, PASSWORD, None).await["tokens"]).await.unwrap()
    };
    let (admin, issuer) = (enter("admin").await, enter("issuer").await);
    let nothing = "appl_00000000000000000000000000000000";
    let issue =
        "mutation($id: ID!) { issueCertificate(applicationId: $id) { userErrors { code } } }";
    let lift = "mutation($id: ID!) { liftSuspension(input: { id: $id, ground: UNFOUNDED }) \
        { userErrors { code } } }";
    let suspend = "mutation($id: ID!) { suspendCertificate(input: { id: $id, \
        ground: REFUSING_SUPERVISION }) { userErrors { code } } }";
    let id = json!({ "id": nothing });
    for operation in [issue, lift] {
        assert_eq!(denied(app, &issuer, operation, id.clone()).await, "TOTP_REQUIRED");
    }
    // An urgent measure does not wait, nor does reading.
    let answer = ask(app, &issuer, suspend, id.clone()).await;
    assert_eq!(answer["userErrors"][0]["code"], "NOT_FOUND");
    let read = "{ agencies(first: 1) { nodes { name } } }";
    ask(app, &admin, read, json!({})).await;
    for operation in [
        "{ accounts { nodes { login } } }",
        "mutation { disableAccount(accountId: \"x\") { userErrors { code } } }",
        "mutation { withdrawAgencyChange(id: \"x\") { userErrors { code } } }",
    ] {
        assert_eq!(denied(app, &admin, operation, json!({})).await, "TOTP_REQUIRED", "{operation}");
    }
    // Whoever has no such permission at all is told so, not sent to an enrolment.
    assert_eq!(denied(app, &admin, issue, id.clone()).await, "FORBIDDEN");
    let answer = app.graphql(Some(&issuer), issue, id.clone()).await;
    let message = "This operation needs a second factor: enrol an authenticator app first.";
    assert_eq!(answer["errors"][0]["message"], message);
    for (me, required) in [(&admin, true), (&issuer, true), (&enter("reviewer").await, false)] {
        let viewer = ask(app, me, "{ viewer { totpRequired } }", json!({})).await;
        assert_eq!(viewer["totpRequired"], required);
    }

    // The enrolment itself waits for nothing; after it the same session issues and administers.
    let tokens = sign_in(app, "issuer", PASSWORD, None).await["tokens"].clone();
    let issuer = actor(app, &tokens).await.unwrap();
    let (secret, _) = desk.enrol(&issuer).await;
    let issuer = actor(app, &tokens).await.unwrap();
    let answer = ask(app, &issuer, issue, id.clone()).await;
    assert_eq!(answer["userErrors"][0]["code"], "NOT_FOUND");
    // A recent sign-in is one with both: the password alone opens nothing any more.
    app.clock.advance(access::RECENT + Duration::seconds(1));
    assert_eq!(denied(app, &issuer, issue, id.clone()).await, "REAUTHENTICATION_REQUIRED");
    assert_eq!(sign_in(app, "issuer", PASSWORD, None).await, wanted("TOTP_CODE_REQUIRED"));
    let again = sign_in(app, "issuer", PASSWORD, Some(&desk.code(&secret, 0))).await;
    let issuer = actor(app, &again["tokens"]).await.unwrap();
    let answer = ask(app, &issuer, issue, id.clone()).await;
    assert_eq!(answer["userErrors"][0]["code"], "NOT_FOUND");

    // The nearest division's rule holds: the county asks its issuers for nothing from tomorrow on.
    let other = province.sign_in(app, "issuer.two", Role::Issuer, province.county_justice).await;
    assert!(other.signed_in().unwrap().roles[0].awaits_totp);
    app.clock.advance(Duration::days(1));
    ask_second_factor(app, "620102", vec![]).await;
    let enter = async |login: &str| {
        actor(app, &sign_in(app, login, PASSWORD, None).await["tokens"]).await.unwrap()
    };
    assert!(!enter("issuer.two").await.signed_in().unwrap().roles[0].awaits_totp);
    let wide = province.sign_in(app, "issuer.wide", Role::Issuer, province.justice).await;
    assert!(wide.signed_in().unwrap().roles[0].awaits_totp);
}

#[tokio::test]
async fn where_no_policy_was_ever_entered_the_default_holds() {
    let desk = Desk::new().await;
    let app = &desk.app;
    entities::policy::Entity::delete_many()
        .filter(entities::policy::Column::Key.eq("ACCOUNTS"))
        .exec(app.platform.db.writer())
        .await
        .unwrap();
    for (login, role, waits) in [
        ("admin", Role::SystemAdministrator, true),
        ("issuer", Role::Issuer, true),
        ("supervisor", Role::Supervisor, false),
    ] {
        let me = desk.account(login, role).await;
        assert_eq!(me.signed_in().unwrap().roles[0].awaits_totp, waits, "{login}");
    }
}

#[tokio::test]
async fn a_role_that_waits_lends_its_reach_to_no_other() {
    use api::auth::accounts;
    use entities::enums::ScopeAxis::Territory;
    let desk = Desk::new().await;
    let (app, province) = (&desk.app, &desk.province);
    let role = Role::SystemAdministrator;
    // The county asks for a second factor, the province does not.
    ask_second_factor(app, "620102", vec![role]).await;
    let admin = desk.account("admin", role).await;
    let here = province.sign_in(app, "hr.market", Role::AgencyHr, province.county_market).await;
    let there = province.other_county_market;
    let there = province.sign_in(app, "hr.there", Role::AgencyHr, there).await;
    let id = admin.account().unwrap();
    // A second role of the same kind, over the county next door, which does not wait.
    let next_door = province.other_county_market;
    accounts::grant_role(&app.platform, &Actor::System, id, role, next_door, Territory)
        .await
        .unwrap();
    let tokens = sign_in(app, "admin", PASSWORD, None).await["tokens"].clone();
    let admin = actor(app, &tokens).await.unwrap();
    let disable = "mutation($a: ID!) { disableAccount(accountId: $a) { accountId \
        userErrors { code field } } }";
    let here = json!({ "a": encode(here.account().unwrap()) });
    let there = json!({ "a": encode(there.account().unwrap()) });
    let not_found = refused("accountId", "ACCOUNT_NOT_FOUND", Some("accountId"));
    assert_eq!(ask(app, &admin, disable, here.clone()).await, not_found);
    assert_eq!(ask(app, &admin, disable, there).await["userErrors"], json!([]));
    desk.enrol(&admin).await;
    let admin = actor(app, &tokens).await.unwrap();
    assert_eq!(ask(app, &admin, disable, here).await["userErrors"], json!([]));
}

#[tokio::test]
async fn lending_a_role_asks_for_what_its_acts_ask_for() {
    let desk = Desk::new().await;
    let (app, province) = (&desk.app, &desk.province);
    ask_second_factor(app, "620000", vec![Role::Issuer]).await;
    for (login, role) in [("issuer", Role::Issuer), ("reviewer", Role::JusticeReviewer)] {
        province.sign_in(app, login, role, province.county_justice).await;
    }
    province.sign_in(app, "colleague", Role::Auditor, province.county_justice).await;
    let lend = "mutation($i: DelegateRoleInput!) { delegateRole(input: $i) { delegationId \
        userErrors { code } } }";
    let input = |role: &str, hours: i64| {
        json!({ "i": {
            "role": role, "agencyId": encode(province.county_justice), "toLogin": "colleague",
            "from": app.now() + Duration::hours(hours),
            "until": app.now() + Duration::hours(hours + 1),
        } })
    };
    let enter = async |login: &str, code: Option<&str>| {
        let tokens = sign_in(app, login, PASSWORD, code).await["tokens"].clone();
        (actor(app, &tokens).await.unwrap(), tokens)
    };
    let (issuer, tokens) = enter("issuer", None).await;
    assert_eq!(denied(app, &issuer, lend, input("ISSUER", 1)).await, "TOTP_REQUIRED");
    // What is not theirs is refused as ever, and reviews wait for no second factor.
    let answer = ask(app, &issuer, lend, input("AUDITOR", 1)).await;
    assert_eq!(answer["userErrors"], json!([{ "code": "ROLE_NOT_HELD" }]));
    let (reviewer, _) = enter("reviewer", None).await;
    let (secret, _) = desk.enrol(&issuer).await;
    let issuer = actor(app, &tokens).await.unwrap();
    app.clock.advance(access::RECENT + Duration::seconds(1));
    let answer = ask(app, &reviewer, lend, input("JUSTICE_REVIEWER", 1)).await;
    assert_eq!(answer["userErrors"], json!([]));

    assert_eq!(denied(app, &issuer, lend, input("ISSUER", 1)).await, "REAUTHENTICATION_REQUIRED");
    let (issuer, _) = enter("issuer", Some(&desk.code(&secret, 0))).await;
    let answer = ask(app, &issuer, lend, input("ISSUER", 1)).await;
    assert_eq!(answer["userErrors"], json!([]));
}
