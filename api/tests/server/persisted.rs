//! Operations of the contract by their ids, and the mode in which nothing else is run.

use std::collections::BTreeSet;

use api::graphql::PersistedOperations;
use api::http::Web;
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{BaseType, DocumentOperations, Type, TypeKind};
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use entities::enums::Role;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tower::ServiceExt;

use crate::harness::TestApp;
use crate::province::{PASSWORD, Province};
use crate::sdl::Sdl;

const MANIFEST: &str = include_str!("../../../mobile-contract/operations/manifest.json");

/// A field of an operation of the manifest.
fn listed(name: &str, field: &str) -> String {
    let manifest: Value = serde_json::from_str(MANIFEST).unwrap();
    let operations = manifest["operations"].as_array().unwrap();
    let found = operations.iter().find(|o| o["name"] == name).unwrap_or_else(|| panic!("{name}"));
    found[field].as_str().unwrap().to_owned()
}

fn sha256(body: &str) -> String {
    hex::encode(Sha256::digest(body.as_bytes()))
}

/// A deployment in a mode.
struct Deployment {
    web: Web,
    app: TestApp,
}

impl Deployment {
    async fn new(mode: PersistedOperations) -> Self {
        let app = TestApp::new().await;
        let province = Province::enter(&app).await;
        for (login, role) in
            [("officer", Role::Officer), ("super", Role::Supervisor), ("hr.market", Role::AgencyHr)]
        {
            let agency = match role {
                Role::Supervisor => province.justice,
                _ => province.county_market,
            };
            province.sign_in(&app, login, role, agency).await;
        }
        let mut config = app.config.clone();
        config.persisted_operations = mode;
        Self { web: Web::new(app.platform.clone(), config), app }
    }

    /// Sends a request with a token, or none.
    async fn send(&self, token: Option<&str>, body: &Value) -> Value {
        let mut request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT_LANGUAGE, "en");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        let request = request.body(Body::from(body.to_string())).unwrap();
        let response = api::http::router(self.web.clone()).oneshot(request).await.unwrap();
        let what = format!("{body}");
        assert_eq!(response.status(), 200, "{what}");
        assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store", "{what}");
        let bytes = to_bytes(response.into_body(), 1 << 20).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    /// Runs an operation of the manifest by its id, and answers its one field.
    async fn run(&self, token: Option<&str>, name: &str, variables: Value) -> Value {
        let answer = self.send(token, &by_id(&listed(name, "id"), &variables)).await;
        let data = answer["data"].as_object().unwrap_or_else(|| panic!("{name}: {answer}"));
        data.values().next().unwrap().clone()
    }

    /// Signs in by the contract's own operation, as a client that calls itself this.
    async fn sign_in(&self, login: &str, client: Option<&str>) -> Value {
        let variables = json!({ "login": login, "password": PASSWORD, "client": client });
        let answer = self.run(None, "SignIn", variables).await;
        assert_eq!(answer["userErrors"], json!([]), "{answer}");
        answer["tokens"].clone()
    }
}

fn by_id(id: &str, variables: &Value) -> Value {
    let named = json!({ "persistedQuery": { "version": 1, "sha256Hash": id } });
    json!({ "extensions": named, "variables": variables })
}

/// `OK`, or the code of the one error.
fn outcome(answer: &Value) -> &str {
    match answer["errors"].as_array().map(Vec::as_slice) {
        None => "OK",
        Some([error]) => error["extensions"]["code"].as_str().unwrap(),
        Some(_) => panic!("{answer}"),
    }
}

const REFUSED: &str = "OPERATION_NOT_ALLOWED";
const UNKNOWN: &str = "PERSISTED_QUERY_NOT_FOUND";

/// What a caller is answered, to everything that could get another operation run.
async fn answers(on: &Deployment, token: Option<&str>) -> Vec<(&'static str, String)> {
    // Nobody may ask who they are; what they may do is asked of them.
    let (name, variables) = match token {
        Some(_) => ("Viewer", json!({})),
        None => ("RefreshSession", json!({ "refreshToken": "nothing" })),
    };
    let body = listed(name, "body");
    let sent = |query: String| json!({ "query": query, "variables": variables });
    let unlisted = "{ viewer { accountId } __typename }";
    let with_id = |query: &str, id: String| {
        let mut request = by_id(&id, &variables);
        request["query"] = json!(query);
        request
    };
    let odd = |named: Value| json!({ "extensions": { "persistedQuery": named } });
    let mut found = Vec::new();
    for (what, request) in [
        ("by its id", by_id(&listed(name, "id"), &variables)),
        ("by its body", sent(body.clone())),
        ("by both", with_id(&body, listed(name, "id"))),
        ("with a space more", sent(format!("{body} "))),
        ("on one line", sent(body.split_whitespace().collect::<Vec<_>>().join(" "))),
        ("another body", sent(unlisted.to_owned())),
        ("another body under a listed id", with_id(unlisted, listed(name, "id"))),
        ("the schema", sent("{ __schema { queryType { name } } }".into())),
        ("registered", with_id(unlisted, sha256(unlisted))),
        ("by the id that was registered", by_id(&sha256(unlisted), &json!({}))),
        ("by the name", by_id(name, &variables)),
        ("by the id in capitals", by_id(&listed(name, "id").to_uppercase(), &variables)),
        ("by a number", odd(json!({ "version": 1, "sha256Hash": 7 }))),
        ("by nothing", odd(Value::Null)),
        ("no operation at all", json!({})),
    ] {
        let answer = on.send(token, &request).await;
        let outcome = outcome(&answer);
        // What is refused tells nothing and has run nothing.
        if outcome == REFUSED || outcome == UNKNOWN {
            assert_eq!(answer.get("data"), None, "{what}: {answer}");
        }
        found.push((what, outcome.to_owned()));
    }
    found
}

fn expected(held: bool) -> Vec<(&'static str, String)> {
    let free = |otherwise: &'static str| if held { REFUSED } else { otherwise };
    let rows = [
        ("by its id", "OK"),
        ("by its body", "OK"),
        ("by both", "OK"),
        ("with a space more", free("OK")),
        ("on one line", free("OK")),
        ("another body", free("OK")),
        ("another body under a listed id", free("OK")),
        ("the schema", free("OK")),
        ("registered", free("OK")),
        ("by the id that was registered", UNKNOWN),
        ("by the name", UNKNOWN),
        ("by the id in capitals", UNKNOWN),
        ("by a number", UNKNOWN),
        ("by nothing", UNKNOWN),
        ("no operation at all", free("GRAPHQL_PARSE_FAILED")),
    ];
    rows.map(|(what, code)| (what, code.to_owned())).into()
}

/// The same of nobody, who may not ask for `viewer` in any mode.
fn expected_of_nobody(held: bool) -> Vec<(&'static str, String)> {
    let asks_viewer = ["another body", "another body under a listed id", "registered"];
    let unauthenticated = |(what, code): (&'static str, String)| {
        let code = if !held && asks_viewer.contains(&what) { "UNAUTHENTICATED" } else { &*code };
        (what, code.to_owned())
    };
    expected(held).into_iter().map(unauthenticated).collect()
}

#[tokio::test]
async fn apps_run_the_operations_of_the_manifest_and_the_desk_what_it_likes() {
    use PersistedOperations::{All, Mobile, Off};
    for mode in [Off, Mobile, All] {
        let on = Deployment::new(mode).await;
        assert_eq!(answers(&on, None).await, expected_of_nobody(mode != Off), "nobody, {mode:?}");
        for (login, client, held) in [
            // Whatever the client says, there is no desk of an officer or a supervisor.
            ("officer", Some("MOBILE"), mode != Off),
            ("officer", Some("DESK"), mode != Off),
            ("officer", None, mode != Off),
            ("super", Some("DESK"), mode != Off),
            ("hr.market", Some("MOBILE"), mode != Off),
            ("hr.market", Some("DESK"), mode == All),
            ("hr.market", None, mode == All),
        ] {
            let tokens = on.sign_in(login, client).await;
            let token = tokens["accessToken"].as_str();
            assert_eq!(answers(&on, token).await, expected(held), "{login} {client:?} {mode:?}");
        }
    }
}

#[tokio::test]
async fn a_session_stays_what_it_was_opened_from() {
    let on = Deployment::new(PersistedOperations::Mobile).await;
    let desk = on.sign_in("hr.market", Some("DESK")).await;
    on.app.clock.advance(chrono::Duration::minutes(1));
    let phone = on.sign_in("hr.market", Some("MOBILE")).await;
    let answer = on.run(None, "RefreshSession", json!({ "refreshToken": phone["refreshToken"] }));
    let refreshed = answer.await["tokens"]["accessToken"].as_str().unwrap().to_owned();
    let free = json!({ "query": "{ viewer { accountId } }" });
    for token in [phone["accessToken"].as_str().unwrap(), &refreshed] {
        let answer = on.send(Some(token), &free).await;
        assert_eq!(
            answer,
            json!({ "errors": [{
                "message": "Only operations of the manifest are run here. Update the app.",
                "extensions": { "code": REFUSED },
            }] })
        );
    }
    let desk = desk["accessToken"].as_str();
    assert_eq!(outcome(&on.send(desk, &free).await), "OK");
    let sessions = on.run(desk, "OwnSessions", json!({})).await;
    let clients: Vec<&str> =
        sessions.as_array().unwrap().iter().map(|s| s["client"].as_str().unwrap()).collect();
    // Newest first: the phone, this desk, and the one from before, which said nothing.
    assert_eq!(clients, ["MOBILE", "DESK", "DESK"]);
}

#[test]
fn the_manifest_is_in_apollos_form() {
    let manifest: Value = serde_json::from_str(MANIFEST).unwrap();
    assert_eq!(manifest["format"], "apollo-persisted-query-manifest");
    assert_eq!(manifest["version"], 1);
    let mut names = BTreeSet::new();
    for operation in manifest["operations"].as_array().unwrap() {
        let text = |field: &str| operation[field].as_str().unwrap();
        assert_eq!(text("id"), sha256(text("body")), "{operation}");
        let start = format!("{} {}", text("type"), text("name"));
        assert!(text("body").starts_with(&start), "{operation}");
        assert!(names.insert(text("name").to_owned()), "{operation}");
    }
    assert!(names.len() > 30, "{names:?}");
}

/// A value of a variable that means nothing.
fn invented(sdl: &Sdl, ty: &Type) -> Value {
    let name = match &ty.base {
        BaseType::List(of) => return json!([invented(sdl, of)]),
        BaseType::Named(name) => name.as_str(),
    };
    match name {
        "ID" => json!("none_00000000000000000000000000000000"),
        "String" => json!("nothing"),
        "Int" => json!(1),
        "Boolean" => json!(false),
        "JSON" => json!({}),
        "NaiveDate" => json!("2026-03-02"),
        "DateTime" => json!("2026-03-02T02:00:00Z"),
        _ => match sdl.0.get(name).map(|ty| &ty.kind) {
            Some(TypeKind::Enum(of)) => json!(of.values[0].node.value.node.as_str()),
            Some(TypeKind::InputObject(input)) => {
                let fields = input.fields.iter().map(|field| &field.node);
                let needed = fields.filter(|f| !f.ty.node.nullable && f.default_value.is_none());
                needed.map(|f| (f.name.node.to_string(), invented(sdl, &f.ty.node))).collect()
            }
            _ => panic!("how is a value of `{name}` written?"),
        },
    }
}

/// Every operation of the manifest fits the schema, and is within its limits with the largest page.
#[tokio::test]
async fn every_operation_of_the_manifest_can_be_run() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let actor = province.sign_in(&app, "super", Role::Supervisor, province.justice).await;
    let sdl = Sdl::read();
    let manifest: Value = serde_json::from_str(MANIFEST).unwrap();
    for operation in manifest["operations"].as_array().unwrap() {
        // Over a connection of another kind, where the test of subscriptions tells of them.
        if operation["type"] == "subscription" {
            continue;
        }
        let body = operation["body"].as_str().unwrap();
        let document = parse_query(body).unwrap();
        let DocumentOperations::Multiple(named) = &document.operations else { panic!("{body}") };
        let definitions = named.values().flat_map(|o| &o.node.variable_definitions);
        let mut variables = serde_json::Map::new();
        for definition in definitions.map(|d| &d.node) {
            let (name, ty) = (definition.name.node.as_str(), &definition.var_type.node);
            if name == "first" {
                variables.insert(name.into(), json!(100));
            } else if !ty.nullable {
                variables.insert(name.into(), invented(&sdl, ty));
            }
        }
        let answer = app.graphql(Some(&actor), body, variables.into()).await;
        for error in answer["errors"].as_array().into_iter().flatten() {
            let code = error["extensions"]["code"].as_str().unwrap();
            // An officer's operation is no supervisor's.
            assert_eq!(code, "FORBIDDEN", "{}: {answer}", operation["name"]);
        }
    }
}
