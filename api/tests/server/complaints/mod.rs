//! Evaluations and complaints: the form as a citizen sends it, what a justice department makes of it,
//! what an agency sees, and what is kept.

mod evaluations;
mod form;
mod handling;
mod kept;
mod worklist;

use std::net::{IpAddr, SocketAddr};

use api::platform::actor::Actor;
use api::platform::clock::local_date;
use api::policy::{self, NewVersion, PolicyKey};
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use entities::ids::CertificateId;
use entities::{complaint, evaluation};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use crate::accounts::ask;
use crate::certification::world::World;

const PLACE: &str = "192.0.2.1";
const TEXT: &str = "上午店里来了一个人，没有出示证件就要罚款两百元，还说不交就封店。";

/// What a page was answered with.
struct Answered {
    status: u16,
    headers: HeaderMap,
    page: String,
}

impl Answered {
    /// What the main element says it is.
    fn is(&self) -> &str {
        between(&self.page, "data-feedback=\"", "\"")
    }

    /// Why nothing was sent.
    fn notice(&self) -> Option<&str> {
        self.page.contains("data-notice").then(|| between(&self.page, "data-notice=\"", "\""))
    }

    /// The fields that are marked as wrong, in their order.
    fn wrong(&self) -> Vec<&str> {
        let errors = self.page.split("<p class=\"error\" id=\"").skip(1);
        errors.map(|rest| rest.split("-error\"").next().unwrap()).collect()
    }

    /// What the form carries.
    fn token(&self) -> &str {
        between(&self.page, "name=\"token\" value=\"", "\"")
    }

    /// The number of the receipt.
    fn receipt(&self) -> &str {
        between(&self.page, "id=\"receipt\">", "<")
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("{before}: {text}")).1;
    rest.split(after).next().unwrap()
}

async fn answered(world: &World, request: Request<Body>) -> Answered {
    let (parts, body) = world.app().http(request).await.into_parts();
    let page = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().into()).unwrap();
    Answered { status: parts.status.as_u16(), headers: parts.headers, page }
}

async fn open(world: &World, path: &str) -> Answered {
    answered(world, Request::get(path).body(Body::empty()).unwrap()).await
}

async fn send(world: &World, path: &str, place: &str, fields: &[(&str, &str)]) -> Answered {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    let body = form.extend_pairs(fields).finish();
    let mut request = Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header(header::USER_AGENT, "Mozilla/5.0 (telltale)");
    let place: IpAddr = place.parse().unwrap();
    request.extensions_mut().unwrap().insert(ConnectInfo(SocketAddr::new(place, 9)));
    answered(world, request.body(Body::from(body)).unwrap()).await
}

/// The path of the form as the page of a scan has it, without the public address.
async fn way_to_form(world: &World, certificate: CertificateId) -> String {
    let page = open(world, &format!("/v/{}", world.digits(certificate).await)).await.page;
    let link = between(&page, "<a href=\"http://localhost:8080/feedback/about/", "\"");
    format!("/feedback/about/{link}")
}

/// The form about a certificate, opened from the page of its scan.
async fn form_about(world: &World, certificate: CertificateId) -> Answered {
    let form = open(world, &way_to_form(world, certificate).await).await;
    assert_eq!((form.status, form.is(), form.notice()), (200, "FORM", None));
    form
}

/// Sends a form.
async fn post(world: &World, token: &str, fields: &[(&str, &str)]) -> Answered {
    let fields: Vec<_> = [("token", token)].into_iter().chain(fields.iter().copied()).collect();
    send(world, "/feedback?lang=zh-CN", PLACE, &fields).await
}

/// Complains about a certificate; the number of the receipt.
async fn complain(world: &World, certificate: CertificateId, fields: &[(&str, &str)]) -> String {
    let form = form_about(world, certificate).await;
    let said = [("kind", "complaint"), ("category", "NOT_SHOWN"), ("text", TEXT)];
    let fields: Vec<_> = said.into_iter().chain(fields.iter().copied()).collect();
    let sent = post(world, form.token(), &fields).await;
    assert_eq!((sent.status, sent.is()), (200, "RECEIPT"), "{}", sent.page);
    sent.receipt().to_owned()
}

/// Evaluates a certificate.
async fn evaluate(world: &World, certificate: CertificateId, fields: &[(&str, &str)]) -> String {
    let form = form_about(world, certificate).await;
    let fields: Vec<_> =
        [("kind", "evaluation")].into_iter().chain(fields.iter().copied()).collect();
    let sent = post(world, form.token(), &fields).await;
    assert_eq!((sent.status, sent.is()), (200, "RECEIPT"), "{}", sent.page);
    sent.receipt().to_owned()
}

/// What the page about a number says.
async fn follow(world: &World, receipt: &str) -> Answered {
    send(world, "/feedback/receipt?lang=zh-CN", PLACE, &[("receipt", receipt)]).await
}

async fn complaints(world: &World) -> Vec<complaint::Model> {
    let rows = complaint::Entity::find().order_by_asc(complaint::Column::Id);
    rows.all(world.platform.db.read()).await.unwrap()
}

async fn evaluations(world: &World) -> Vec<evaluation::Model> {
    let rows = evaluation::Entity::find().order_by_asc(evaluation::Column::Id);
    rows.all(world.platform.db.read()).await.unwrap()
}

/// Calls a mutation of a complaint with these arguments; its payload.
async fn act(world: &World, actor: &Actor, call: &str, id: &str) -> Value {
    let query = format!(
        "mutation($id: ID!) {{ {call} {{ complaint {{ state dueOn upheld }} \
         userErrors {{ code field }} }} }}"
    );
    ask(world.app(), actor, &query, json!({ "id": id })).await
}

/// The same where nothing is wrong: the state afterwards.
async fn done(world: &World, actor: &Actor, call: &str, id: &str) -> String {
    let payload = act(world, actor, call, id).await;
    assert_eq!(payload["userErrors"], json!([]), "{call}");
    payload["complaint"]["state"].as_str().unwrap().to_owned()
}

/// The code with which a mutation is refused.
async fn refused(world: &World, actor: &Actor, call: &str, id: &str) -> String {
    let payload = act(world, actor, call, id).await;
    assert_eq!(payload["complaint"], Value::Null, "{call}");
    let errors = payload["userErrors"].as_array().unwrap();
    assert_eq!(errors.len(), 1, "{payload}");
    errors[0]["code"].as_str().unwrap().to_owned()
}

async fn enter_policy(world: &World, key: PolicyKey, body: Value) {
    let version = NewVersion {
        key,
        division: "620000".into(),
        effective_from: local_date(world.platform.now()),
        body,
    };
    policy::enter_version(&world.platform, &Actor::System, version).await.unwrap();
}

const ACCEPT: &str = "acceptComplaint(id: $id)";
const PROPOSE: &str = "proposeComplaintOutcome(input: { id: $id, upheld: true, \
    reasons: \"经查，当天只有一名执法人员到场，没有出示证件。\" })";
const DECIDE: &str = "decideComplaint(id: $id)";
