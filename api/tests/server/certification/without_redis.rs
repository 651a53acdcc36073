//! A deployment whose Redis is killed while it serves, and comes back.

use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use api::auth::accounts::{self, NewAccount};
use api::platform::actor::Actor;
use api::platform::events::Topic;
use api::verification::lookup::FROM_ONE_PLACE;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{Request, header, request};
use entities::enums::{PersonKind, Role, ScopeAxis};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use super::world::*;
use crate::harness::TestApp;
use crate::province::PASSWORD;
use crate::redis::Server;

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(line)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    fn count(&self, words: &str) -> usize {
        String::from_utf8_lossy(&self.0.lock().unwrap()).matches(words).count()
    }
}

async fn send(world: &World, request: request::Builder, body: String) -> (u16, String) {
    let mut request = request.body(Body::from(body)).unwrap();
    let place: SocketAddr = "192.0.2.1:9".parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(place));
    let (parts, body) = world.app().http(request).await.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    (parts.status.as_u16(), String::from_utf8(body.into()).unwrap())
}

async fn graphql(world: &World, token: Option<&str>, query: &str) -> (u16, Value) {
    let mut request = Request::post("/graphql").header(header::CONTENT_TYPE, "application/json");
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    let (status, body) = send(world, request, json!({ "query": query }).to_string()).await;
    (status, serde_json::from_str(&body).unwrap())
}

/// A session is opened, used and ended, and its token holds no more.
async fn a_session_comes_and_goes(world: &World) {
    let sign_in = |password: &str| {
        format!(
            "mutation {{ signIn(login: \"clerk\", password: \"{password}\") \
             {{ tokens {{ accessToken }} userErrors {{ code }} }} }}"
        )
    };
    let (_, refused) = graphql(world, None, &sign_in("wrong")).await;
    assert_eq!(refused["data"]["signIn"]["userErrors"], json!([{ "code": "SIGN_IN_FAILED" }]));
    let (status, opened) = graphql(world, None, &sign_in(PASSWORD)).await;
    let token = opened["data"]["signIn"]["tokens"]["accessToken"].as_str();
    let token = token.unwrap_or_else(|| panic!("{status} {opened}"));
    let viewer = async || graphql(world, Some(token), "{ viewer { roles { role } } }").await;
    let roles = json!({ "data": { "viewer": { "roles": [{ "role": "AGENCY_HR" }] } } });
    assert_eq!(viewer().await, (200, roles));
    let ended = graphql(world, Some(token), "mutation { signOut { signedOut } }").await;
    assert_eq!(ended, (200, json!({ "data": { "signOut": { "signedOut": true } } })));
    let (status, refused) = viewer().await;
    assert_eq!(status, 401);
    assert_eq!(refused["errors"][0]["extensions"]["code"], "TOKEN_INVALID");
}

#[tokio::test]
async fn a_deployment_goes_on_without_its_redis_and_finds_it_again() {
    let log = Log::default();
    // Where there is but one, a line that another thread comes to first is switched off for all.
    let _beside = tracing::Dispatch::new(tracing::subscriber::NoSubscriber::default());
    let logged = tracing_subscriber::fmt().with_ansi(false).with_writer(log.clone()).finish();
    let _logged = tracing::subscriber::set_default(logged);
    let mut redis = Server::start().await;
    let world = World::within(TestApp::with_redis(Some(redis.url())).await).await;
    let clerk = world.person("职员", world.bureau, |p| p.kind = PersonKind::ClericalStaff).await;
    let account = NewAccount {
        person: clerk,
        login: "clerk".into(),
        password: Some(PASSWORD.into()),
        roles: vec![(Role::AgencyHr, world.bureau, ScopeAxis::Own)],
    };
    let auth = &world.app().web.auth;
    accounts::enter(auth, &world.platform, &Actor::System, account).await.unwrap();
    let (_, id) = world.active("王伟").await;
    let code = api::credentials::codes_of(world.platform.db.read(), &[id]).await.unwrap();
    let code = format!("/v/{}", code[0].digits);
    let number = world.certificate(id).await.number;
    let scan = async || send(&world, Request::get(&code), String::new()).await;
    let look_up = async || {
        let form = Request::post("/lookup")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        send(&world, form, format!("number={number}&name=%E7%8E%8B%E4%BC%9F")).await
    };
    let valid = |(status, page): (u16, String)| {
        assert_eq!(status, 200, "{page}");
        assert!(page.contains("data-verdict=\"VALID\""), "{page}");
    };
    let mut hints = world.platform.events.subscribe();

    a_session_comes_and_goes(&world).await;
    valid(scan().await);
    for _ in 0..10 {
        valid(look_up().await);
    }

    let before = log.count("Redis does not answer");
    redis.kill().await;
    for _ in 0..3 {
        a_session_comes_and_goes(&world).await;
        valid(scan().await);
    }
    // The node goes on counting from what it has seen itself.
    for _ in 10..FROM_ONE_PLACE {
        valid(look_up().await);
    }
    assert_eq!(look_up().await.0, 429);
    world.platform.events.publish(Topic::Jobs).await;
    let heard = async { while hints.recv().await.unwrap() != Topic::Jobs {} };
    tokio::time::timeout(Duration::from_secs(20), heard).await.expect("no hint came");
    assert_eq!(log.count("Redis does not answer"), before + 1, "once, not for each request");

    redis.restart().await;
    assert_eq!(redis.keys().await.trim(), "");
    let counted = async {
        while redis.keys().await.trim().is_empty() {
            assert_eq!(look_up().await.0, 429, "what this node has counted still holds");
        }
    };
    tokio::time::timeout(Duration::from_secs(20), counted).await.expect("it was not found again");
    assert!(log.count("Redis answers again") >= 1);
    a_session_comes_and_goes(&world).await;
    valid(scan().await);
}
