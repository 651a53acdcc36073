//! Sessions as their owner and an administrator see and end them.

use api::graphql::ids::encode;
use chrono::Duration;
use entities::enums::Role;
use serde_json::{Value, json};

use super::{SIGN_IN, actor, ask, recorded, refreshed, refused};
use crate::harness::TestApp;
use crate::province::{PASSWORD, Province};

const LIST: &str = "{ sessions { id clientName isCurrent signedInAt lastUsedAt expiresAt \
    withSecondFactor } }";
const END: &str = "mutation($id: ID!) { endSession(sessionId: $id) { ended \
    userErrors { code field } } }";

async fn open(app: &TestApp, login: &str, client: Option<&str>) -> Value {
    let variables = json!({ "l": login, "p": PASSWORD, "n": client });
    let answer = app.graphql(None, SIGN_IN, variables).await;
    assert_eq!(answer["data"]["signIn"]["userErrors"], json!([]), "{answer}");
    answer["data"]["signIn"]["tokens"].clone()
}

#[tokio::test]
async fn somebody_sees_their_own_sessions_and_ends_one_or_the_others() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let agency = province.county_market;
    for login in ["hr.market", "hr.other"] {
        province.sign_in(&app, login, Role::AgencyHr, agency).await;
    }
    app.clock.advance(Duration::minutes(1));
    let phone = open(&app, "hr.market", Some("  办公室电脑 ")).await;
    app.clock.advance(Duration::minutes(1));
    let desk = open(&app, "hr.market", None).await;
    app.clock.advance(Duration::minutes(1));
    let phone = refreshed(&app, &phone).await;
    let me = actor(&app, &desk).await.unwrap();

    let sessions = ask(&app, &me, LIST, json!({})).await;
    let ids: Vec<Value> = sessions.as_array().unwrap().iter().map(|s| s["id"].clone()).collect();
    let row = |n: usize, client: Option<&str>, current, opened: &str, used: &str, day: &str| {
        json!({
            "id": ids[n], "clientName": client, "isCurrent": current,
            "signedInAt": opened, "lastUsedAt": used, "expiresAt": day,
            "withSecondFactor": false,
        })
    };
    let at = |minute: u8| format!("2026-03-02T02:0{minute}:00+00:00");
    let until = |minute: u8| format!("2026-03-09T02:0{minute}:00+00:00");
    assert_eq!(
        sessions,
        json!([
            row(0, None, true, &at(2), &at(2), &until(2)),
            row(1, Some("办公室电脑"), false, &at(1), &at(3), &until(1)),
            row(2, None, false, &at(0), &at(0), &until(0)),
        ])
    );
    // Another's session is not there, nor is one of nobody.
    let other = actor(&app, &open(&app, "hr.other", None).await).await.unwrap();
    let foreign = ask(&app, &other, LIST, json!({})).await[0]["id"].clone();
    let not_found = refused("ended", "SESSION_NOT_FOUND", Some("sessionId"));
    for id in [foreign, json!("sess_00000000000000000000000000000000"), json!("nonsense")] {
        assert_eq!(ask(&app, &me, END, json!({ "id": id })).await, not_found);
    }
    assert!(actor(&app, &phone).await.is_some());
    let one = json!({ "ended": 1, "userErrors": [] });
    assert_eq!(ask(&app, &me, END, json!({ "id": ids[1] })).await, one);
    assert!(actor(&app, &phone).await.is_none(), "an ended session still opens");
    assert_eq!(refreshed(&app, &phone).await, Value::Null);
    assert_eq!(ask(&app, &me, END, json!({ "id": ids[1] })).await, not_found, "a second time");

    open(&app, "hr.market", None).await;
    let others = "mutation { endOtherSessions { ended userErrors { code } } }";
    let two = json!({ "ended": 2, "userErrors": [] });
    assert_eq!(ask(&app, &me, others, json!({})).await, two);
    let left = ask(&app, &me, LIST, json!({})).await;
    assert_eq!(left, json!([row(0, None, true, &at(2), &at(2), &until(2))]));
    // What has run out is no session either.
    app.clock.advance(Duration::days(7));
    assert_eq!(ask(&app, &me, LIST, json!({})).await, json!([]));
    assert_eq!(ask(&app, &me, END, json!({ "id": ids[0] })).await, not_found);
}

#[tokio::test]
async fn a_client_calls_itself_something_short_or_nothing() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    for (name, good) in [
        ("", true),
        (&*"名".repeat(60), true),
        (&*"名".repeat(61), false),
        ("a\u{0}b", false),
        ("a\nb", false),
    ] {
        let variables = json!({ "l": "hr.market", "p": PASSWORD, "n": name });
        let answer = app.graphql(None, SIGN_IN, variables).await["data"]["signIn"].clone();
        if good {
            assert_eq!(answer["userErrors"], json!([]), "{name:?}");
        } else {
            let expected = refused("tokens", "CLIENT_NAME_INVALID", Some("clientName"));
            assert_eq!(answer, expected, "{name:?}");
        }
    }
}

#[tokio::test]
async fn an_administrator_ends_every_session_of_an_account_of_their_part() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let role = Role::SystemAdministrator;
    let admin = province.sign_in(&app, "admin", role, province.county_justice).await;
    let here = province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let there = province.other_county_market;
    let there = province.sign_in(&app, "hr.there", Role::AgencyHr, there).await;
    let (first, second) =
        (open(&app, "hr.market", None).await, open(&app, "hr.market", None).await);
    let end = "mutation($a: ID!) { endSessionsOf(accountId: $a) { ended \
        userErrors { code field } } }";
    let id = encode(here.account().unwrap());
    let three = json!({ "ended": 3, "userErrors": [] });
    assert_eq!(ask(&app, &admin, end, json!({ "a": id })).await, three);
    for tokens in [first, second] {
        assert!(actor(&app, &tokens).await.is_none());
        assert_eq!(refreshed(&app, &tokens).await, Value::Null);
    }
    for (account, code, field) in [
        (there.account().unwrap(), "ACCOUNT_NOT_FOUND", Some("accountId")),
        (admin.account().unwrap(), "OWN_ACCOUNT", None),
    ] {
        let answer = ask(&app, &admin, end, json!({ "a": encode(account) })).await;
        assert_eq!(answer, refused("ended", code, field));
    }
    assert!(!recorded(&app, &id, &["session.revoke"]).await.is_empty());
    // The account itself is as it was.
    open(&app, "hr.market", None).await;
}
