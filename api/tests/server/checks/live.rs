//! Hints over a WebSocket, by a client that speaks to the real server.

use std::net::SocketAddr;
use std::time::Duration;

use chrono::Duration as Span;
use entities::enums::{CertificateAct as A, PersonKind, Role, ScopeAxis};
use entities::ids::AgencyId;
use futures::{SinkExt, StreamExt};
use mobile_contract::{Seen, Verdict};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::protocol::Message;
use tokio_tungstenite::tungstenite::{Error, http};
use tokio_tungstenite::{WebSocketStream, client_async};

use super::world::*;
use crate::certification::world::{World, because};
use crate::province::PASSWORD;
use api::auth::accounts::{self, NewAccount};
use api::certification::act_on;
use api::certification::rules::grounds::Ground;
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::platform::events::Hint;

/// Longest wait for what must come; what must not come is waited for shortly.
const PATIENCE: Duration = Duration::from_secs(20);

/// A server on a port of its own; it ends with the test.
struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    async fn of(world: &World) -> Self {
        let mut hints = world.platform.events.hints();
        if world.app.config.redis_url().is_some() {
            // A node that begins to listen to the others tells to look anew: before the test.
            let listens = tokio::time::timeout(PATIENCE, hints.recv()).await;
            assert_eq!(listens.unwrap(), Ok(Hint::Anything));
        }
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        Self::serving(world.app.web.clone(), listener)
    }

    fn serving(web: api::http::Web, listener: TcpListener) -> Self {
        let address = listener.local_addr().unwrap();
        let router = api::http::router(web);
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let task = tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        Self { address, task }
    }

    /// Opens a connection under these headers.
    async fn open(&self, headers: &[(&str, &str)]) -> Result<Client, Error> {
        let address = format!("ws://{}/graphql/ws", self.address);
        let mut request = address.into_client_request().unwrap();
        for (name, value) in headers {
            let name: http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (socket, response) = client_async(request, stream).await?;
        let spoken = response.headers().get("sec-websocket-protocol");
        assert_eq!(spoken.unwrap(), "graphql-transport-ws");
        Ok(Client(socket))
    }

    async fn connect(&self) -> Client {
        self.open(&[("sec-websocket-protocol", "graphql-transport-ws")]).await.unwrap()
    }

    /// Connects and signs in.
    async fn signed_in(&self, token: &str) -> Client {
        let mut client = self.connect().await;
        client.send(json!({ "type": "connection_init", "payload": { "token": token } })).await;
        assert_eq!(client.next().await, json!({ "type": "connection_ack" }));
        client
    }
}

struct Client(WebSocketStream<TcpStream>);

impl Client {
    async fn send(&mut self, message: Value) {
        self.0.send(Message::text(message.to_string())).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, field: &str) {
        let query = format!("subscription {{ {field} {{ id }} }}");
        self.send(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
        // Answered in order: after the pong it is subscribed.
        self.send(json!({ "type": "ping" })).await;
        assert_eq!(self.next().await["type"], "pong");
    }

    /// What comes next: a message, or the code and reason of the close.
    async fn next(&mut self) -> Value {
        let next = tokio::time::timeout(PATIENCE, async {
            loop {
                match self.0.next().await {
                    Some(Ok(Message::Text(text))) => {
                        break serde_json::from_str(text.as_str()).unwrap();
                    }
                    Some(Ok(Message::Close(Some(frame)))) => {
                        break json!([u16::from(frame.code), frame.reason.as_str()]);
                    }
                    Some(Ok(_)) => {}
                    other => panic!("the connection broke: {other:?}"),
                }
            }
        });
        next.await.expect("nothing came")
    }

    /// This comes next, or what was told before once more: over Redis a node hears itself too.
    async fn hears(&mut self, expected: Value, told: &mut Vec<Value>) {
        let mut next = self.next().await;
        while told.contains(&next) {
            next = self.next().await;
        }
        assert_eq!(next, expected);
        told.push(expected);
    }

    /// Nothing but the answer to a ping comes.
    async fn hears_nothing(&mut self) {
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.send(json!({ "type": "ping" })).await;
        assert_eq!(self.next().await["type"], "pong");
    }
}

fn hint(id: &str, field: &str, of: &str) -> Value {
    json!({ "type": "next", "id": id, "payload": { "data": { field: { "id": of } } } })
}

/// An account that signs in with a password: its actor and an access token.
async fn account(world: &World, login: &str, role: Role, agency: AgencyId) -> (Actor, String) {
    let person = world.person("登录者", agency, |p| p.kind = PersonKind::ClericalStaff).await;
    let axis = if role == Role::Officer { ScopeAxis::Own } else { ScopeAxis::Territory };
    let new = NewAccount {
        person,
        login: login.into(),
        password: Some(PASSWORD.into()),
        roles: vec![(role, agency, axis)],
    };
    let (auth, platform) = (&world.app.web.auth, &world.platform);
    accounts::enter(auth, platform, &Actor::System, new).await.unwrap();
    let tokens = auth.sign_in(platform, login, PASSWORD.into()).await.unwrap();
    let actor = auth.authenticate(platform, &tokens.access_token).await.unwrap().unwrap();
    (actor, tokens.access_token)
}

#[tokio::test]
async fn a_record_and_a_certificate_are_hinted_at_to_whoever_may_read_them() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let code = printed(&world, certificate).await;
    let (supervisor, token) = account(&world, "super", Role::Supervisor, world.justice).await;
    let (_, elsewhere) = account(&world, "elsewhere", Role::Supervisor, world.elsewhere).await;
    let server = Server::of(&world).await;
    let mut one = server.signed_in(&token).await;
    one.subscribe("a", "checkRecordJudged").await;
    one.subscribe("b", "certificateStateChanged").await;
    let mut other = server.signed_in(&elsewhere).await;
    other.subscribe("a", "checkRecordJudged").await;
    other.subscribe("b", "certificateStateChanged").await;

    let mut phone = Phone::enrol(&world, &supervisor, 9).await;
    world.app.clock.advance(Span::minutes(5));
    let record = phone.saw(&world, &code, Verdict::Valid);
    send(&world, &supervisor, phone.device, &[phone.sign(&record)]).await;
    let id = encode(kept(&world).await[0].id);
    let mut told = Vec::new();
    one.hears(hint("a", "checkRecordJudged", &id), &mut told).await;
    // Sent again, nothing has changed.
    send(&world, &supervisor, phone.device, &[phone.sign(&record)]).await;
    if world.app.config.redis_url().is_none() {
        // Over Redis a node hears itself too.
        one.hears_nothing().await;
    }

    let ground = because(Ground::RefusingSupervision);
    act_on(&world.platform, &world.supervisor, certificate, A::Suspend, &ground).await.unwrap();
    let changed = hint("b", "certificateStateChanged", &encode(certificate));
    one.hears(changed, &mut told).await;
    other.hears_nothing().await;

    // Ended by the client, it is told no more.
    one.send(json!({ "id": "b", "type": "complete" })).await;
    act_on(&world.platform, &world.issuer, certificate, A::Lift, &because(Ground::CauseEnded))
        .await
        .unwrap();
    one.hears(json!({ "type": "complete", "id": "b" }), &mut told).await;
    one.hears_nothing().await;
}

#[tokio::test]
async fn that_a_phone_has_ended_is_hinted_at_as_what_it_showed() {
    let world = World::new().await;
    let holder = crate::devices::Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &crate::devices::key(77)).await.id;
    holder.credential(&world, phone).await;
    let (_, token) = account(&world, "super", Role::Supervisor, world.justice).await;
    let server = Server::of(&world).await;
    let mut client = server.signed_in(&token).await;
    client.subscribe("a", "certificateStateChanged").await;
    let lost = entities::enums::DeviceEnd::Lost;
    api::devices::end(&world.platform, &holder.actor, phone, lost).await.unwrap();
    let told = hint("a", "certificateStateChanged", &encode(holder.certificate));
    client.hears(told, &mut Vec::new()).await;
}

#[tokio::test]
async fn a_connection_ends_with_its_session_and_tells_nothing_after_it() {
    let world = World::new().await;
    let (supervisor, token) = account(&world, "super", Role::Supervisor, world.justice).await;
    let server = Server::of(&world).await;
    let mut client = server.signed_in(&token).await;
    client.subscribe("a", "checkRecordJudged").await;
    let mut phone = Phone::enrol(&world, &supervisor, 9).await;
    world.app.web.auth.sign_out(&world.platform, &supervisor).await.unwrap();
    let record = phone.record(&world, Seen::Refused, None);
    send(&world, &supervisor, phone.device, &[phone.sign(&record)]).await;
    let mut last = client.next().await;
    if last == json!({ "type": "complete", "id": "a" }) {
        last = client.next().await;
    }
    assert_eq!(last, json!([4401, "Unauthorized"]));
}

#[tokio::test]
async fn a_connection_that_is_told_nothing_ends_with_its_session_too() {
    let world = World::new().await;
    let (supervisor, token) = account(&world, "super", Role::Supervisor, world.justice).await;
    let server = Server::of(&world).await;
    let mut client = server.signed_in(&token).await;
    client.subscribe("a", "checkRecordJudged").await;
    world.app.web.auth.sign_out(&world.platform, &supervisor).await.unwrap();
    // The session is asked for every twenty seconds.
    tokio::time::sleep(PATIENCE).await;
    assert_eq!(client.next().await, json!([4401, "Unauthorized"]));
}

#[tokio::test]
async fn nobody_listens_without_signing_in() {
    let world = World::new().await;
    let (_, token) = account(&world, "super", Role::Supervisor, world.justice).await;
    let server = Server::of(&world).await;
    for payload in [json!({}), json!({ "token": "nonsense" }), json!({ "token": 7 }), json!(null)] {
        let mut client = server.connect().await;
        client.send(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(client.next().await, json!([4401, "Unauthorized"]), "{payload}");
    }
    // Before it is signed in, a ping is answered, and anything else by the end.
    let mut client = server.connect().await;
    client.send(json!({ "type": "ping" })).await;
    assert_eq!(client.next().await["type"], "pong");
    let query = "subscription { certificateStateChanged { id } }";
    let subscribe = json!({ "id": "a", "type": "subscribe", "payload": { "query": query } });
    client.send(subscribe).await;
    assert_eq!(client.next().await[0], 1011);
    // A token that has run out opens nothing.
    world.app.clock.advance(Span::minutes(11));
    let mut client = server.connect().await;
    client.send(json!({ "type": "connection_init", "payload": { "token": token } })).await;
    assert_eq!(client.next().await, json!([4401, "Unauthorized"]));
}

#[tokio::test]
async fn a_connection_carries_subscriptions_alone_within_limits_and_for_who_may() {
    let world = World::new().await;
    let (_, token) = account(&world, "super", Role::Supervisor, world.justice).await;
    let (_, officer) = account(&world, "officer", Role::Officer, world.bureau).await;
    let server = Server::of(&world).await;
    let mut client = server.signed_in(&token).await;
    let many = format!("subscription {{ {} }}", "a: checkRecordJudged { id } ".repeat(30));
    for (n, (query, code)) in [
        ("{ viewer { login } }", "SUBSCRIPTIONS_ONLY"),
        ("mutation { signOut { __typename } }", "SUBSCRIPTIONS_ONLY"),
        ("subscription { nothing }", "GRAPHQL_VALIDATION_FAILED"),
        (many.as_str(), "TOO_MANY_ALIASES"),
    ]
    .into_iter()
    .enumerate()
    {
        let id = n.to_string();
        client.send(json!({ "id": id, "type": "subscribe", "payload": { "query": query } })).await;
        let answer = client.next().await;
        let told = &answer["payload"]["errors"][0]["extensions"]["code"];
        assert_eq!((told, &answer["id"]), (&json!(code), &json!(id)), "{answer}");
        assert_eq!(client.next().await, json!({ "type": "complete", "id": id }));
    }
    for n in 0..10 {
        client.subscribe(&format!("s{n}"), "checkRecordJudged").await;
    }
    let query = "subscription { checkRecordJudged { id } }";
    client.send(json!({ "id": "11", "type": "subscribe", "payload": { "query": query } })).await;
    let answer = client.next().await;
    assert_eq!(answer["payload"]["errors"][0]["extensions"]["code"], "TOO_MANY_SUBSCRIPTIONS");

    let mut client = server.signed_in(&officer).await;
    client.send(json!({ "id": "a", "type": "subscribe", "payload": { "query": query } })).await;
    let answer = client.next().await;
    assert_eq!(answer["payload"]["errors"][0]["extensions"]["code"], "FORBIDDEN");
}

#[tokio::test]
async fn a_record_is_hinted_at_again_when_another_contradicts_it() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let code = printed(&world, certificate).await;
    let (supervisor, token) = account(&world, "super", Role::Supervisor, world.justice).await;
    let server = Server::of(&world).await;
    let mut phone = Phone::enrol(&world, &supervisor, 9).await;
    let valid = phone.saw(&world, &code, Verdict::Valid);
    send(&world, &supervisor, phone.device, &[phone.sign(&valid)]).await;
    let first = json!(encode(kept(&world).await[0].id));
    let mut client = server.signed_in(&token).await;
    client.subscribe("a", "checkRecordJudged").await;
    let other = mobile_contract::CheckRecord { verdict: Some(Verdict::Suspended), ..valid };
    send(&world, &supervisor, phone.device, &[phone.sign(&other)]).await;
    // The new one is hinted at too, before or after it.
    while client.next().await["payload"]["data"]["checkRecordJudged"]["id"] != first {}
}

#[tokio::test]
async fn where_apps_are_held_to_their_operations_they_subscribe_by_them_alone() {
    let world = World::new().await;
    let (_, token) = account(&world, "supervisor", Role::Supervisor, world.justice).await;
    let mut config = world.app.config.clone();
    config.persisted_operations = api::graphql::PersistedOperations::Mobile;
    let web = api::http::Web::new(world.platform.clone(), config);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let server = Server::serving(web, listener);
    let mut client = server.signed_in(&token).await;
    let other = "subscription { checkRecordJudged { id __typename } }";
    client.send(json!({ "id": "1", "type": "subscribe", "payload": { "query": other } })).await;
    let refused = client.next().await;
    let code = &refused["payload"]["errors"][0]["extensions"]["code"];
    assert_eq!((&refused["type"], code), (&json!("next"), &json!("OPERATION_NOT_ALLOWED")));
    assert_eq!(client.next().await, json!({ "id": "1", "type": "complete" }));
    let manifest = include_str!("../../../../mobile-contract/operations/manifest.json");
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    let operations = manifest["operations"].as_array().unwrap();
    let listed = operations.iter().find(|operation| operation["name"] == "CheckRecordJudged");
    let named = json!({ "version": 1, "sha256Hash": listed.unwrap()["id"] });
    let payload = json!({ "query": "", "extensions": { "persistedQuery": named } });
    client.send(json!({ "id": "2", "type": "subscribe", "payload": payload })).await;
    client.send(json!({ "type": "ping" })).await;
    let mut heard = client.next().await;
    // A node that begins to listen to others may tell to look anew.
    while heard["type"] == "next" {
        assert_eq!((&heard["id"], heard["payload"].get("errors")), (&json!("2"), None), "{heard}");
        heard = client.next().await;
    }
    assert_eq!(heard["type"], "pong", "and is subscribed");
}

#[tokio::test]
async fn who_has_missed_hints_is_told_to_look_anew() {
    let world = World::new().await;
    let (_, token) = account(&world, "super", Role::Supervisor, world.justice).await;
    let server = Server::of(&world).await;
    let mut client = server.signed_in(&token).await;
    client.subscribe("a", "certificateStateChanged").await;
    // All at once, and more than are kept for whoever is slow.
    let some =
        || -> Vec<Hint> { (0..200).map(|_| Hint::Certificate(world.platform.new_id())).collect() };
    let many: Vec<Vec<Hint>> = (0..6).map(|_| some()).collect();
    futures::future::join_all(many.iter().map(|hints| world.platform.events.tell(hints))).await;
    let anything = json!({ "certificateStateChanged": { "id": null } });
    let expected = json!({ "type": "next", "id": "a", "payload": { "data": anything } });
    assert_eq!(client.next().await, expected);
}

#[tokio::test]
async fn an_account_has_five_connections_and_one_that_ends_makes_room() {
    let world = World::new().await;
    let (_, token) = account(&world, "super", Role::Supervisor, world.justice).await;
    let server = Server::of(&world).await;
    let mut clients = Vec::new();
    for _ in 0..5 {
        clients.push(server.signed_in(&token).await);
    }
    let init = json!({ "type": "connection_init", "payload": { "token": token } });
    let mut client = server.connect().await;
    client.send(init.clone()).await;
    assert_eq!(client.next().await, json!([4429, "Too many connections"]));
    drop(clients.pop());
    let again = async {
        loop {
            let mut client = server.connect().await;
            client.send(init.clone()).await;
            if client.next().await == json!({ "type": "connection_ack" }) {
                break;
            }
        }
    };
    tokio::time::timeout(PATIENCE, again).await.expect("no room was made");
}

#[tokio::test]
async fn so_many_from_one_place_may_wait_to_sign_in_and_each_that_does_makes_room() {
    let world = World::new().await;
    let (_, token) = account(&world, "super", Role::Supervisor, world.justice).await;
    let server = Server::of(&world).await;
    // At once: each is closed after ten seconds.
    let mut waiting = futures::future::join_all((0..100).map(|_| server.connect())).await;
    let ws = ("sec-websocket-protocol", "graphql-transport-ws");
    let Err(Error::Http(response)) = server.open(&[ws]).await else { panic!("it was let in") };
    assert_eq!(response.status(), http::StatusCode::SERVICE_UNAVAILABLE);
    let body: Value = serde_json::from_slice(response.body().as_ref().unwrap()).unwrap();
    assert_eq!(body["errors"][0]["extensions"]["code"], "BUSY", "{body}");
    let mut client = waiting.pop().unwrap();
    client.send(json!({ "type": "connection_init", "payload": { "token": token } })).await;
    assert_eq!(client.next().await, json!({ "type": "connection_ack" }));
    let again = async { while server.open(&[ws]).await.is_err() {} };
    tokio::time::timeout(PATIENCE, again).await.expect("no room was made");
}

#[tokio::test]
async fn another_site_and_another_protocol_are_refused() {
    let world = World::new().await;
    let server = Server::of(&world).await;
    let ws = ("sec-websocket-protocol", "graphql-transport-ws");
    let both = ("sec-websocket-protocol", "graphql-ws, graphql-transport-ws");
    for (headers, status) in [
        (vec![ws, ("origin", "http://localhost:8080")], None),
        (vec![both], None),
        (vec![ws, ("origin", "https://evil.example")], Some(403)),
        (vec![ws, ("origin", "http://localhost:8080.evil.example")], Some(403)),
        (vec![ws, ("origin", "null")], Some(403)),
        (vec![("sec-websocket-protocol", "graphql-ws")], Some(400)),
        (vec![], Some(400)),
    ] {
        let refused = match server.open(&headers).await {
            Ok(_) => None,
            Err(Error::Http(response)) => Some(response.status().as_u16()),
            Err(other) => panic!("{headers:?}: {other}"),
        };
        assert_eq!(refused, status, "{headers:?}");
    }
}
