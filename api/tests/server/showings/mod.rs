//! Showings (亮证) from the first word to the party's record, and joint authorisations: over GraphQL
//! with the named operations of apps, and on the pages.

mod joint;
mod lists;
mod page;
mod starting;

use std::sync::Arc;

use api::graphql::ids::encode;
use api::platform::actor::{Actor, SignedIn};
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use entities::enums::{Role, ScopeAxis};
use entities::ids::{CertificateId, PersonId};
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use crate::accounts::ask;
use crate::certification::world::World;

macro_rules! operation {
    ($folder:literal, $name:literal) => {
        include_str!(concat!(
            "../../../../mobile-contract/operations/",
            $folder,
            "/",
            $name,
            ".graphql"
        ))
    };
}

const START: &str = operation!("officer", "StartShowing");
const CONFIRM: &str = operation!("officer", "ConfirmShowing");
const DECLINE: &str = operation!("officer", "DeclineShowing");
const END: &str = operation!("officer", "EndShowing");
const RULES: &str = operation!("officer", "ShowingRules");
const MINE: &str = operation!("officer", "MyShowings");
const NAMING_ME: &str = operation!("officer", "ShowingsNamingMe");
const SHOWINGS: &str = operation!("supervisor", "Showings");
const SHOWING: &str = operation!("supervisor", "ShowingById");
const TOTALS: &str = operation!("supervisor", "ShowingTotals");
const JOINT: &str = operation!("supervisor", "JointAuthorisations");

/// An officer with a certificate in force and an account.
struct Officer {
    person: PersonId,
    certificate: CertificateId,
    number: String,
    actor: Actor,
}

async fn officer(world: &World, name: &str) -> Officer {
    let (person, certificate) = world.active(name).await;
    let roles = [(Role::Officer, world.bureau, ScopeAxis::Own)];
    let actor = world.account(person, &roles).await;
    let number = world.certificate(certificate).await.number;
    Officer { person, certificate, number, actor }
}

/// What is said of an inspection in the officer's own county, changed as wanted.
fn inspection(change: Value) -> Value {
    let mut input = json!({
        "kind": "INSPECTION",
        "noticeNumber": "永交检〔2026〕7号",
        "task": "道路货运企业安全检查",
        "fieldCodes": ["transport"],
        "divisionCode": "620121",
    });
    let Value::Object(changes) = change else { panic!("{change}") };
    for (key, value) in changes {
        input[key] = value;
    }
    json!({ "input": input })
}

/// Starts a showing that must begin; its node.
async fn started(world: &World, by: &Officer, change: Value) -> Value {
    let answer = ask(world.app(), &by.actor, START, inspection(change)).await;
    assert_eq!(answer["userErrors"], json!([]), "{answer}");
    answer["showing"].clone()
}

/// Subject and finding of each check.
fn found(showing: &Value) -> Vec<String> {
    let checks = showing["checks"].as_array().unwrap().iter();
    checks
        .map(|c| format!("{} {}", c["subject"].as_str().unwrap(), c["finding"].as_str().unwrap()))
        .collect()
}

/// Code and field of each user error of an answer that has nothing else.
fn refused(answer: &Value) -> Vec<(String, Value)> {
    assert_eq!(answer["showing"], Value::Null, "{answer}");
    let errors = answer["userErrors"].as_array().unwrap().iter();
    errors.map(|e| (e["code"].as_str().unwrap().to_owned(), e["field"].clone())).collect()
}

fn nodes(connection: &Value) -> Vec<Value> {
    let edges = connection["edges"].as_array().unwrap().iter();
    edges.map(|edge| edge["node"].clone()).collect()
}

/// The same account with another role.
fn with_role(actor: &Actor, role: Role, world: &World, axis: ScopeAxis) -> Actor {
    let Actor::Account(signed_in) = actor else { panic!() };
    let mut granted = signed_in.roles[0];
    (granted.role, granted.agency, granted.axis) = (role, world.justice, axis);
    Actor::Account(Arc::new(SignedIn {
        account: signed_in.account,
        person: signed_in.person,
        session: signed_in.session,
        client: signed_in.client,
        signed_in_at: world.platform.now(),
        roles: vec![granted],
        delegates: Vec::new(),
    }))
}

/// Opens a page: status, and the whole of it.
async fn open(world: &World, request: Request<Body>) -> (u16, String) {
    let response = world.app().http(request).await;
    let status = response.status().as_u16();
    let page = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(page.into()).unwrap())
}

/// Scans the printed code of a certificate.
async fn scanned(world: &World, certificate: CertificateId, language: &str) -> (u16, String) {
    let address = format!("/v/{}?lang={language}", world.digits(certificate).await);
    open(world, Request::get(address).body(Body::empty()).unwrap()).await
}

/// Whether the scan of the only showing is noted, which happens while its page is on its way.
async fn noted(world: &World) -> bool {
    for _ in 0..100 {
        let db = world.platform.db.read();
        if entities::showing::Entity::find().one(db).await.unwrap().unwrap().scanned {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    false
}

/// The code of the party's record on a page.
fn record_code(page: &str) -> Option<String> {
    let after = page.split("<strong>").nth(1)?;
    Some(after.split("</strong>").next()?.to_owned())
}

/// Opens the page of a record by its code.
async fn record(world: &World, code: &str, language: &str) -> (u16, String) {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("code", code);
    let request = Request::post(format!("/record?lang={language}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form.finish()))
        .unwrap();
    open(world, request).await
}

fn id_of(showing: &Value) -> Value {
    json!({ "id": showing["id"] })
}

fn person_id(officer: &Officer) -> String {
    encode(officer.person)
}
