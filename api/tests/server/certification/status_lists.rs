//! Status lists as they are handed out: signed after a change, read by the contract's verifier.

use axum::http::{HeaderMap, header};
use chrono::Duration;
use entities::enums::{CertificateAct as A, KeyUse};
use entities::ids::CertificateId;
use entities::{status_change, status_entry, status_token};
use mobile_contract::{
    Algorithm, KeyRecord, KeySet, KeyUse as ContractUse, PublicKey,
    status_list::{ListClaims, SignedList},
};

use super::world::*;
use api::certification::rules::grounds::Ground;
use api::certification::*;

/// What a request for a list was answered.
struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: header::HeaderName) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(world: &World, path: &str, headers: &[(header::HeaderName, &str)]) -> Answer {
    let (status, headers, body) = world.app().get(path, headers).await;
    Answer { status, headers, body }
}

/// The keys as a bundle would tell them.
fn trusted(world: &World) -> KeySet {
    let keys = world.platform.keyring.all();
    KeySet::new(keys.iter().filter(|key| key.key_use == KeyUse::Status).map(|key| KeyRecord {
        public_key:
            PublicKey::from_bytes(Algorithm::Ed25519, key.verifying_key().as_bytes()).unwrap(),
        key_use: ContractUse::Status,
        not_before: key.not_before.timestamp(),
        not_after: key.not_after.timestamp(),
        compromised_since: None,
    }))
}

/// A list as it is handed out, verified.
async fn read(world: &World, path: &str, accept: &str) -> ListClaims {
    let answer = ask(world, path, &[(header::ACCEPT, accept)]).await;
    assert_eq!(answer.status, 200);
    SignedList::read(&answer.body).unwrap().verify(&trusted(world)).unwrap()
}

const JWT: &str = "application/statuslist+jwt";
const CWT: &str = "application/statuslist+cwt";

/// Where a certificate's status stands, and what the list says of it.
async fn entry(world: &World, certificate: CertificateId) -> u8 {
    let db = world.platform.db.read();
    let code = api::credentials::codes_of(db, &[certificate]).await.unwrap().remove(0);
    let list = read(world, &format!("/status/{}", code.list), CWT).await;
    list.list.get(u32::try_from(code.idx).unwrap()).unwrap()
}

#[tokio::test]
async fn every_change_is_in_the_next_list_and_both_forms_say_the_same() {
    let world = World::new().await;
    let p = &world.platform;
    assert_eq!(world.sign_lists().await, Vec::<i32>::new(), "no certificate, no list");
    let person = world.qualified("王伟").await;
    let id = world.issued(person, entities::enums::ApplicationAct::Initial).await;
    assert_eq!(world.sign_lists().await, [1]);
    assert_eq!(entry(&world, id).await, 2, "issued and not handed over");
    assert_eq!(world.sign_lists().await, Vec::<i32>::new(), "nothing has changed");

    hand_over(p, &world.hr, &[id]).await.unwrap();
    assert_eq!(world.sign_lists().await, Vec::<i32>::new(), "not twice in a second");
    world.app().clock.advance(Duration::seconds(1));
    assert_eq!(world.sign_lists().await, [1]);
    assert_eq!(entry(&world, id).await, 0, "handed over");
    for (actor, act, ground, bits) in [
        (&world.supervisor, A::Suspend, Ground::RefusingSupervision, 2),
        (&world.issuer, A::Lift, Ground::CauseEnded, 0),
        (&world.issuer, A::Cancel, Ground::Retirement, 1),
    ] {
        act_on(p, actor, id, act, &because(ground)).await.unwrap();
        world.app().clock.advance(Duration::seconds(1));
        assert_eq!(world.sign_lists().await, [1]);
        assert_eq!(entry(&world, id).await, bits, "{act:?}");
    }
    let (jwt, cwt) = (read(&world, "/status/1", JWT).await, read(&world, "/status/1", CWT).await);
    assert_eq!(jwt, cwt);
    assert_eq!(jwt.subject, "http://localhost:8080/status/1");
    assert_eq!(jwt.issuer.as_deref(), Some("http://localhost:8080"));
    assert_eq!(jwt.issued_at, p.now().timestamp());
    assert_eq!(jwt.ttl, Some(900));
    assert_eq!(jwt.expires, Some((p.now() + Duration::days(7)).timestamp()));
    assert_eq!(jwt.list.bytes().len(), 131_072 / 4);
    assert_eq!(world.count::<status_change::Entity>().await, 0, "nothing waits");
    assert_eq!(world.count::<status_entry::Entity>().await, 1);
}

#[tokio::test]
async fn a_list_is_signed_anew_before_its_readers_have_to_ask_again() {
    let world = World::new().await;
    world.active("王伟").await;
    assert_eq!(world.sign_lists().await, [1]);
    let first = read(&world, "/status/1", JWT).await;
    world.app().clock.advance(Duration::seconds(299));
    assert_eq!(world.sign_lists().await, Vec::<i32>::new());
    world.app().clock.advance(Duration::seconds(1));
    assert_eq!(world.sign_lists().await, [1]);
    let second = read(&world, "/status/1", JWT).await;
    assert_eq!(second.issued_at, first.issued_at + 300);
    assert_eq!(second.list, first.list);

    // A day without a change leaves two of them: the first that said so, and the newest.
    for _ in 0..288 {
        world.app().clock.advance(Duration::minutes(5));
        assert_eq!(world.sign_lists().await, [1]);
    }
    assert_eq!(world.count::<status_token::Entity>().await, 2);
    // And a week one more, for the first has ended.
    world.app().clock.advance(Duration::days(7));
    assert_eq!(world.sign_lists().await, [1]);
    assert_eq!(world.count::<status_token::Entity>().await, 3);
}

#[tokio::test]
async fn what_was_so_at_a_time_can_be_asked() {
    let world = World::new().await;
    let p = &world.platform;
    let (_, id) = world.active("王伟").await;
    world.sign_lists().await;
    let begun = p.now().timestamp();
    world.app().clock.advance(Duration::minutes(2));
    act_on(p, &world.supervisor, id, A::Suspend, &because(Ground::RefusingSupervision))
        .await
        .unwrap();
    world.sign_lists().await;
    let suspended = p.now().timestamp();
    world.app().clock.advance(Duration::days(1));
    world.sign_lists().await;

    let code = api::credentials::codes_of(p.db.read(), &[id]).await.unwrap().remove(0);
    let index = u32::try_from(code.idx).unwrap();
    let at = async |time: i64| read(&world, &format!("/status/1?time={time}"), CWT).await;
    for (time, issued_at, bits) in [
        (begun, begun, 0),
        (suspended - 1, begun, 0),
        (suspended, suspended, 2),
        (suspended + 3_600, suspended, 2),
    ] {
        let list = at(time).await;
        assert_eq!((list.issued_at, list.list.get(index)), (issued_at, Some(bits)), "{time}");
        assert!((list.issued_at..list.expires.unwrap()).contains(&time));
    }
    assert_eq!(ask(&world, &format!("/status/1?time={}", begun - 1), &[]).await.status, 404);
    assert_eq!(ask(&world, "/status/1?time=yesterday", &[]).await.status, 400);
}

#[tokio::test]
async fn caches_keep_it_as_long_as_they_may() {
    let world = World::new().await;
    world.active("王伟").await;
    world.sign_lists().await;
    world.app().clock.advance(Duration::minutes(4));
    let first = ask(&world, "/status/1", &[]).await;
    assert_eq!(first.status, 200);
    assert_eq!(first.header(header::CONTENT_TYPE), JWT);
    assert_eq!(first.header(header::CACHE_CONTROL), "public, max-age=660");
    assert_eq!(first.header(header::ACCESS_CONTROL_ALLOW_ORIGIN), "*");
    let varies: Vec<String> = first
        .headers
        .get_all(header::VARY)
        .iter()
        .flat_map(|v| v.to_str().unwrap().split(',').map(|v| v.trim().to_lowercase()))
        .collect();
    assert!(varies.contains(&"accept".to_owned()), "{varies:?}");
    assert!(varies.contains(&"accept-encoding".to_owned()), "{varies:?}");

    let tag = first.header(header::ETAG).to_owned();
    let again = ask(&world, "/status/1", &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!((again.status, again.body.len()), (304, 0));
    assert_eq!(again.header(header::ETAG), tag);
    let other = [(header::IF_NONE_MATCH, tag.as_str()), (header::ACCEPT, CWT)];
    let other = ask(&world, "/status/1", &other).await;
    assert_eq!((other.status, other.header(header::CONTENT_TYPE)), (200, CWT));
    world.app().clock.advance(Duration::minutes(1));
    world.sign_lists().await;
    let newer = ask(&world, "/status/1", &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!((newer.status, newer.header(header::CACHE_CONTROL)), (200, "public, max-age=900"));

    assert_eq!(ask(&world, "/status/1", &[(header::ACCEPT, "text/html")]).await.status, 406);
    for path in ["/status/2", "/status/01", "/status/-1", "/status/x", "/status/99999999999"] {
        assert_eq!(ask(&world, path, &[]).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn all_lists_are_told() {
    let world = World::new().await;
    let told = async || -> serde_json::Value {
        let answer = ask(&world, "/status", &[]).await;
        assert_eq!(answer.status, 200);
        serde_json::from_slice(&answer.body).unwrap()
    };
    assert_eq!(told().await, serde_json::json!({ "status_lists": [] }));
    world.active("王伟").await;
    let uri = "http://localhost:8080/status/1";
    assert_eq!(told().await, serde_json::json!({ "status_lists": [uri] }));
}

#[tokio::test]
async fn of_two_nodes_one_signs() {
    let world = World::new().await;
    world.active("王伟").await;
    let (one, other) = tokio::join!(world.sign_lists(), world.sign_lists());
    assert_eq!(one.len() + other.len(), 1, "{one:?} {other:?}");
    assert_eq!(world.count::<status_token::Entity>().await, 1);
}
