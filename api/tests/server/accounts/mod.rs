//! Accounts over GraphQL: invited, activated, given a second factor, handed over; their sessions.

mod handover;
mod invitations;
mod required;
mod second_factor;
mod sessions;

use api::platform::actor::Actor;
use api::policy::{self, AccountsPolicy, NewVersion, PolicyKey};
use chrono::{DateTime, Utc};
use entities::enums::Role;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::province::Province;

/// The small province and an administrator of the county's accounts.
pub struct Office {
    app: TestApp,
    province: Province,
    admin: Actor,
}

impl Office {
    async fn new() -> Self {
        let app = TestApp::new().await;
        let province = Province::enter(&app).await;
        let role = Role::SystemAdministrator;
        let admin = province.sign_in(&app, "admin", role, province.county_justice).await;
        Self { app, province, admin }
    }
}

/// What an authenticator app shows at a moment.
pub fn shown(secret: &str, at: DateTime<Utc>) -> String {
    let secret = totp_rs::Secret::try_from_base32(secret).unwrap();
    let app = totp_rs::Builder::new().with_secret(secret).build().unwrap();
    app.generate(u64::try_from(at.timestamp()).unwrap()).to_string()
}

/// Executes an operation that must be let in, and answers its one field.
pub async fn ask(app: &TestApp, actor: &Actor, query: &str, variables: Value) -> Value {
    one(&app.graphql(Some(actor), query, variables).await)
}

/// The one field of an answer without errors.
fn one(answer: &Value) -> Value {
    assert_eq!(answer.get("errors"), None, "{answer}");
    let data = answer["data"].as_object().unwrap();
    assert_eq!(data.len(), 1, "{answer}");
    data.values().next().unwrap().clone()
}

/// The code at the top level of what an actor is refused.
pub async fn denied(app: &TestApp, actor: &Actor, query: &str, variables: Value) -> Value {
    let answer = app.graphql(Some(actor), query, variables).await;
    answer["errors"][0]["extensions"]["code"].clone()
}

/// Executes an operation of nobody over HTTP from an address, and answers its one field.
pub async fn ask_from(app: &TestApp, address: &str, query: &str, variables: Value) -> Value {
    let body = json!({ "query": query, "variables": variables });
    let peer = std::net::SocketAddr::new(address.parse().unwrap(), 40_000);
    let request = axum::http::Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept-language", "en")
        .extension(axum::extract::ConnectInfo(peer))
        .body(axum::body::Body::from(body.to_string()))
        .unwrap();
    let response = app.http(request).await;
    let bytes = axum::body::to_bytes(response.into_body(), 100_000).await.unwrap();
    one(&serde_json::from_slice(&bytes).unwrap())
}

/// Opens a session.
pub const SIGN_IN: &str = "mutation($l: String!, $p: String!, $c: String, $n: String) { \
    signIn(login: $l, password: $p, totpCode: $c, clientName: $n) { \
    tokens { accessToken refreshToken } userErrors { code field } } }";

/// Signs in without counting the place.
pub async fn sign_in(app: &TestApp, login: &str, password: &str, code: Option<&str>) -> Value {
    let variables = json!({ "l": login, "p": password, "c": code });
    one(&app.graphql(None, SIGN_IN, variables).await)
}

/// The actor of tokens that hold.
pub async fn actor(app: &TestApp, tokens: &Value) -> Option<Actor> {
    let token = tokens["accessToken"].as_str().unwrap_or_else(|| panic!("no tokens: {tokens}"));
    app.web.auth.authenticate(&app.platform, token).await.unwrap()
}

/// New tokens for a session; none where it has ended.
pub async fn refreshed(app: &TestApp, tokens: &Value) -> Value {
    let query = "mutation($t: String!) { refreshSession(refreshToken: $t) { \
        tokens { accessToken refreshToken } } }";
    let answer = app.graphql(None, query, json!({ "t": tokens["refreshToken"] })).await;
    one(&answer)["tokens"].clone()
}

/// A payload that was refused for one reason.
pub fn refused(thing: &str, code: &str, field: Option<&str>) -> Value {
    json!({ thing: null, "userErrors": [{ "code": code, "field": field }] })
}

/// The actions of the audit log on a subject that begin with one of these words, with their
/// bodies, in order.
pub async fn recorded(app: &TestApp, subject: &str, actions: &[&str]) -> Vec<(String, Value)> {
    let rows = entities::audit_entry::Entity::find()
        .filter(entities::audit_entry::Column::Subject.eq(subject))
        .order_by_asc(entities::audit_entry::Column::Seq)
        .all(app.platform.db.read())
        .await
        .unwrap();
    rows.into_iter()
        .filter(|row| actions.contains(&row.action.as_str()))
        .map(|row| (row.action, serde_json::from_str(&row.body).unwrap()))
        .collect()
}

/// Lets a policy ask for a second factor from today on.
pub async fn ask_second_factor(app: &TestApp, division: &str, roles: Vec<Role>) {
    let body = serde_json::to_value(AccountsPolicy {
        totp_required_roles: roles,
        ..AccountsPolicy::default()
    })
    .unwrap();
    let version = NewVersion {
        key: PolicyKey::Accounts,
        division: division.to_owned(),
        effective_from: api::platform::clock::local_date(app.now()),
        body,
    };
    policy::enter_version(&app.platform, &Actor::System, version).await.unwrap();
}
