//! A key that others may have: what it signed for us holds where it is on record, and nothing else.

use api::audit::UnitOfWork;
use api::credentials::KeyringSigner;
use api::platform::Platform;
use api::platform::actor::Actor;
use api::platform::failure::Failure;
use api::platform::keys::{self, Keyring};
use api::trust::TrustRefusal;
use api::trust::compromise::mark;
use axum::http::header;
use chrono::{DateTime, Duration, Utc};
use entities::enums::{ApplicationAct, KeyUse};
use entities::{genuine_list, signing_key};
use mobile_contract::offline::{ListRefusal, OfflineVerifier};
use mobile_contract::status_list::ListError;
use mobile_contract::{Credential, Verdict, open};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::json;

use super::{bundle, keep, pinned, seconds};
use crate::certification::world::*;

fn kid(world: &World, key_use: KeyUse) -> String {
    hex::encode(world.platform.keyring.current(key_use, world.platform.now()).unwrap().kid)
}

async fn marked(
    world: &World,
    name: &str,
    since: DateTime<Utc>,
) -> Result<api::trust::compromise::Marked, TrustRefusal> {
    match mark(&world.platform, &Actor::System, name, since).await {
        Ok(marked) => Ok(marked),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

/// What the page says of a code.
async fn on_the_page(world: &World, digits: &str) -> String {
    let (_, _, page) = world.app().get(&format!("/v/{digits}"), &[]).await;
    verdict_of(std::str::from_utf8(&page).unwrap()).to_owned()
}

/// A code that says what another says, for an index that nobody was given, signed with a key.
fn forged(signer: &KeyringSigner, of: &str, world: &World) -> String {
    let keys = world.platform.keyring.all();
    let records = keys.iter().filter_map(|key| api::credentials::key_record(key).unwrap());
    let opened = open(of, &mobile_contract::KeySet::new(records), None).unwrap();
    let credential = Credential { status_index: 7, ..opened.credential };
    credential.issue(signer).unwrap().digits()
}

#[tokio::test]
async fn of_a_stolen_key_only_what_is_on_record_is_believed() {
    let world = World::new().await;
    let p = &world.platform;
    let (_, id) = world.active("王伟").await;
    let (_, second) = world.active("李娜").await;
    world.sign_lists().await;
    keep(&world).await;
    let genuine = world.digits(id).await;
    let stolen = KeyringSigner(p.keyring.current(KeyUse::Credential, p.now()).unwrap());
    let forgery = forged(&stolen, &genuine, &world);
    let list = world.app().get("/status/1", &[]).await.2;
    let mut app =
        OfflineVerifier::new(pinned(&world).await, &bundle(&world).await, 0, seconds(&world))
            .unwrap();
    app.take_list(&list, seconds(&world)).unwrap();
    let verdict = |app: &mut OfflineVerifier, digits: &str| {
        app.scan(digits, None, seconds(&world)).judgement.verdict
    };
    assert_eq!(verdict(&mut app, &forgery), Verdict::Valid, "before anybody knows");
    assert_eq!(on_the_page(&world, &forgery).await, "KEY_COMPROMISED", "the server knows at once");

    world.app().clock.advance(Duration::minutes(1));
    let name = kid(&world, KeyUse::Credential);
    let done = marked(&world, &name, p.now() - Duration::days(3)).await.unwrap();
    assert_eq!(done.genuine, Some(2));
    let successor = hex::encode(done.successor.unwrap().kid);
    assert_eq!(kid(&world, KeyUse::Credential), successor, "the new key signs at once");
    keep(&world).await;

    // An app follows the bundle, and then fetches the list that it names.
    app.take_bundle(&bundle(&world).await, seconds(&world)).unwrap();
    assert_eq!(verdict(&mut app, &genuine), Verdict::KeyCompromised, "without the list");
    let named = app.bundle().content().genuine.clone();
    assert_eq!(named.len(), 1);
    let path = format!("/trust/genuine/{}", hex::encode(named[0].list));
    let (status, headers, ids) = world.app().get(&path, &[]).await;
    assert_eq!((status, ids.len()), (200, 32));
    assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=86400");
    assert!(app.take_genuine(&ids));
    assert_eq!(verdict(&mut app, &genuine), Verdict::Valid);
    assert_eq!(verdict(&mut app, &world.digits(second).await), Verdict::Valid);
    assert_eq!(verdict(&mut app, &forgery), Verdict::KeyCompromised);
    assert_eq!(on_the_page(&world, &genuine).await, "VALID");
    assert_eq!(on_the_page(&world, &forgery).await, "KEY_COMPROMISED");
    for nothing in ["/trust/genuine/00", "/trust/genuine/xyz"] {
        assert_eq!(world.app().get(nothing, &[]).await.0, 404);
    }

    // What is issued now is the new key's, and every app that has the bundle verifies it.
    let (_, third) = world.active("张敏").await;
    let fresh = world.digits(third).await;
    world.app().clock.advance(Duration::seconds(1));
    world.sign_lists().await;
    app.take_list(&world.app().get("/status/1", &[]).await.2, seconds(&world)).unwrap();
    assert_eq!(verdict(&mut app, &fresh), Verdict::Valid);
    assert_eq!(world.count::<genuine_list::Entity>().await, 1);
    let log = world.app().audit_log().await;
    let entry = log.iter().find(|entry| entry.action == "key.compromise").unwrap();
    let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
    assert_eq!((&body["kid"], &body["successor"]), (&json!(name), &json!(successor)));
    assert_eq!(body["genuine"], 2);
    let made = log.iter().rfind(|entry| entry.action == "key.create").unwrap();
    let body: serde_json::Value = serde_json::from_str(&made.body).unwrap();
    let use_name = KeyUse::Credential.code();
    assert_eq!(body, json!({ "use": use_name, "kid": successor, "reason": "COMPROMISE" }));
}

#[tokio::test]
async fn a_mark_names_a_key_and_a_time_that_has_passed() {
    let world = World::new().await;
    let now = world.platform.now();
    let name = kid(&world, KeyUse::Audit);
    for unknown in ["", "audit", "00000000", &"00".repeat(32), &name[..6]] {
        assert_eq!(
            marked(&world, unknown, now).await.unwrap_err(),
            TrustRefusal::KeyUnknown { key: unknown.to_owned() }
        );
    }
    let future = marked(&world, &name, now + Duration::microseconds(1)).await;
    assert_eq!(future.unwrap_err(), TrustRefusal::CompromisedInFuture);
    marked(&world, &name, now).await.unwrap();
    let again = marked(&world, &name, now).await;
    assert_eq!(again.unwrap_err(), TrustRefusal::CompromisedAlready { since: now });
    // It turns out to have been earlier: no second successor, no second list.
    let keys = world.count::<signing_key::Entity>().await;
    let earlier = marked(&world, &name, now - Duration::days(1)).await.unwrap();
    assert!(earlier.successor.is_none());
    assert_eq!(earlier.key.compromised_since, Some(now - Duration::days(1)));
    assert_eq!(world.count::<signing_key::Entity>().await, keys);

    // Two keys of one name are told apart by the whole.
    let current = world.platform.keyring.current(KeyUse::Status, now).unwrap();
    let mut twin = signing_key::Entity::find_by_id(current.id).one(world.platform.db.read()).await;
    let twin = twin.as_mut().unwrap().take().unwrap();
    let name = hex::encode(&twin.kid);
    let mut twin = signing_key::Model { id: world.platform.new_id(), ..twin };
    twin.public_key[0] ^= 1;
    twin.into_active_model().insert(world.platform.db.writer()).await.unwrap();
    let ambiguous = mark(&world.platform, &Actor::System, &name, now).await;
    assert!(matches!(
        ambiguous,
        Err(Failure::Refused(TrustRefusal::KeyAmbiguous { key })) if key == name
    ));
}

#[tokio::test]
async fn that_a_key_was_stolen_earlier_makes_no_second_list_of_its_codes() {
    let world = World::new().await;
    world.active("王伟").await;
    let (now, name) = (world.platform.now(), kid(&world, KeyUse::Credential));
    assert_eq!(marked(&world, &name, now).await.unwrap().genuine, Some(1));
    let signs = kid(&world, KeyUse::Credential);
    let earlier = marked(&world, &name, now - Duration::days(1)).await.unwrap();
    assert!(earlier.genuine.is_none() && earlier.successor.is_none());
    assert_eq!(earlier.key.compromised_since, Some(now - Duration::days(1)));
    assert_eq!(kid(&world, KeyUse::Credential), signs);
    assert_eq!(world.count::<genuine_list::Entity>().await, 1);
}

#[tokio::test]
async fn lists_of_a_stolen_key_are_signed_anew_at_once() {
    let world = World::new().await;
    let (_, id) = world.active("王伟").await;
    world.sign_lists().await;
    keep(&world).await;
    let code = world.digits(id).await;
    let mut app =
        OfflineVerifier::new(pinned(&world).await, &bundle(&world).await, 0, seconds(&world))
            .unwrap();
    let old = world.app().get("/status/1", &[]).await.2;
    app.take_list(&old, seconds(&world)).unwrap();

    world.app().clock.advance(Duration::seconds(1));
    assert_eq!(world.sign_lists().await, Vec::<i32>::new(), "nothing is due");
    marked(&world, &kid(&world, KeyUse::Status), world.platform.now()).await.unwrap();
    assert_eq!(world.sign_lists().await, [1]);
    keep(&world).await;
    app.take_bundle(&bundle(&world).await, seconds(&world)).unwrap();
    let now = seconds(&world);
    assert_eq!(app.scan(&code, None, now).judgement.verdict, Verdict::StatusUnknown);
    assert_eq!(app.take_list(&old, now), Err(ListRefusal::List(ListError::UnknownKey)));
    app.take_list(&world.app().get("/status/1", &[]).await.2, now).unwrap();
    assert_eq!(app.scan(&code, None, now).judgement.verdict, Verdict::Valid);
}

#[tokio::test]
async fn a_key_that_waits_for_its_time_takes_no_stolen_ones_place() {
    let world = World::new().await;
    let p = &world.platform;
    let tx = p.db.begin().await.unwrap();
    let waits = keys::create(p, &tx, KeyUse::Status, p.now() + Duration::days(8)).await.unwrap();
    tx.commit().await.unwrap();
    keys::load(p, p.db.read()).await.unwrap();
    let done = marked(&world, &kid(&world, KeyUse::Status), p.now()).await.unwrap();
    let successor = hex::encode(done.successor.unwrap().kid);
    assert_ne!(successor, hex::encode(waits.kid));
    assert_eq!(kid(&world, KeyUse::Status), successor, "it signs at once");
}

#[tokio::test]
async fn a_bundle_of_a_stolen_key_is_followed_by_one_of_another() {
    let world = World::new().await;
    keep(&world).await;
    let old = bundle(&world).await;
    let mut app = OfflineVerifier::new(pinned(&world).await, &old, 0, seconds(&world)).unwrap();
    world.app().clock.advance(Duration::seconds(1));
    marked(&world, &kid(&world, KeyUse::Bundle), world.platform.now()).await.unwrap();
    keep(&world).await;
    app.take_bundle(&bundle(&world).await, seconds(&world)).unwrap();
    assert_ne!(app.bundle().bytes(), old);
}

#[tokio::test]
async fn where_the_root_has_told_of_another_bundle_key_it_signs_before_the_mark_is_signed() {
    let world = World::new().await;
    keep(&world).await;
    world.app().clock.advance(Duration::minutes(1));
    world.new_key(KeyUse::Bundle).await;
    keep(&world).await;
    let newest = kid(&world, KeyUse::Bundle);
    std::fs::remove_file(api::trust::root::file(&world.app().config.data_dir)).unwrap();
    let before = bundle(&world).await;
    world.app().clock.advance(Duration::minutes(1));
    let done = marked(&world, &newest, world.platform.now()).await.unwrap();
    assert!(done.successor.is_none(), "the older one signs again");
    keep(&world).await;
    let after = bundle(&world).await;
    assert_ne!(after, before);
    let pinned = pinned(&world).await;
    assert!(mobile_contract::bundle::Bundle::accept(&after, &pinned, seconds(&world)).is_ok());
}

/// The same deployment as another node sees it, with the keys it has read just now.
async fn another_node(world: &World) -> Platform {
    let mut node = world.platform.clone();
    node.keyring = Keyring::default();
    keys::load(&node, node.db.read()).await.unwrap();
    node
}

#[tokio::test]
async fn a_node_that_does_not_know_yet_signs_with_the_key_no_more() {
    let world = World::new().await;
    world.active("王伟").await;
    world.sign_lists().await;
    let application = world.reviewed(world.qualified("李娜").await, ApplicationAct::Initial).await;
    let node = another_node(&world).await;
    let old = node.keyring.current(KeyUse::Credential, node.now()).unwrap().kid;
    world.app().clock.advance(Duration::seconds(1));
    for key_use in [KeyUse::Credential, KeyUse::Status] {
        marked(&world, &kid(&world, key_use), world.platform.now()).await.unwrap();
    }
    assert_eq!(node.keyring.current(KeyUse::Credential, node.now()).unwrap().kid, old);
    let id = api::certification::issue(&node, &world.issuer, application).await.unwrap();
    let code = api::credentials::codes_of(node.db.read(), &[id]).await.unwrap().remove(0);
    assert_ne!(code.kid, old, "it looked once more");
    let signed = api::credentials::lists::sign_due(&node, "http://localhost:8080").await.unwrap();
    assert_eq!(signed, [1]);
}

#[tokio::test]
async fn what_a_phone_has_of_a_stolen_key_holds_till_it_ends() {
    let world = World::new().await;
    let holder = crate::devices::Holder::new(&world, "王伟").await;
    let key = crate::devices::key(3);
    let phone = holder.enrol(&world, &key).await.id;
    let credential = holder.credential(&world, phone).await.bytes;
    world.sign_lists().await;
    keep(&world).await;
    world.app().clock.advance(Duration::minutes(1));
    let name = kid(&world, KeyUse::Credential);
    let done = marked(&world, &name, world.platform.now()).await.unwrap();
    assert_eq!(done.genuine, Some(2), "the card and the phone");
    keep(&world).await;
    let now = seconds(&world);
    let mut app =
        OfflineVerifier::new(pinned(&world).await, &bundle(&world).await, 0, now).unwrap();
    app.take_list(&world.app().get("/status/1", &[]).await.2, now).unwrap();
    let list = hex::encode(app.bundle().content().genuine[0].list);
    let (_, _, ids) = world.app().get(&format!("/trust/genuine/{list}"), &[]).await;
    assert!(app.take_genuine(&ids));
    let code = mobile_contract::present(&credential, now, None, &key).unwrap();
    assert_eq!(app.scan(&code, None, now).judgement.verdict, Verdict::Valid);
}

#[tokio::test]
async fn a_key_is_not_marked_while_a_card_of_it_is_under_way() {
    let world = World::new().await;
    let p = &world.platform;
    if p.db.is_sqlite() {
        // There one transaction writes at a time.
        return;
    }
    let name = kid(&world, KeyUse::Credential);
    let uow = UnitOfWork::begin(p, &Actor::System).await.unwrap();
    keys::signing(p, uow.tx(), KeyUse::Credential, p.now()).await.unwrap();
    let now = p.now();
    let marking = marked(&world, &name, now);
    tokio::pin!(marking);
    let wait = std::time::Duration::from_millis(500);
    assert!(tokio::time::timeout(wait, &mut marking).await.is_err(), "it waits");
    uow.commit().await.unwrap();
    marking.await.unwrap();
}
