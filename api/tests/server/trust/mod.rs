//! What apps trust: root, signed keys and bundle, as an app without a network uses them.

mod alarms;
mod ceremony;
mod compromise;
mod lasting;
mod metrics;

use axum::http::header;
use chrono::Duration;
use entities::enums::{CertificateAct, KeyUse};
use entities::{signed_key_set, trust_bundle};
use mobile_contract::{
    Ed25519Signer, Signer, Verdict,
    bundle::{Bundle, Pinned},
    offline::OfflineVerifier,
};

use crate::certification::world::*;
use api::certification::act_on;
use api::certification::rules::grounds::Ground;
use api::platform::actor::Actor;
use api::trust;

async fn keep(world: &World) {
    let config = &world.app().config;
    trust::keep(&world.platform, config.public_url(), &config.data_dir).await.unwrap();
}

async fn pinned(world: &World) -> Pinned {
    let root = trust::root::public(world.platform.db.read()).await.unwrap().unwrap();
    Pinned { roots: vec![root], issuer: "http://localhost:8080".to_owned() }
}

/// A root that is not beside the server.
fn offline() -> Ed25519Signer {
    Ed25519Signer::from_seed(&[0x51; 32])
}

/// A public half as it is pinned.
fn public(signer: &Ed25519Signer) -> String {
    hex::encode(signer.public_key().to_bytes())
}

/// Pins the offline root.
async fn pin(world: &World) {
    let root = public(&offline());
    trust::root::pin(&world.platform, &Actor::System, &root).await.unwrap();
}

async fn bundle(world: &World) -> Vec<u8> {
    let (status, headers, bytes) = world.app().get("/trust/bundle", &[]).await;
    assert_eq!(status, 200);
    assert_eq!(headers[header::CONTENT_TYPE], "application/vnd.liangzheng.bundle+cbor");
    bytes
}

fn seconds(world: &World) -> i64 {
    world.platform.now().timestamp()
}

#[tokio::test]
async fn an_app_verifies_a_card_with_what_it_was_handed_and_follows_a_suspension() {
    let world = World::new().await;
    let p = &world.platform;
    let (_, id) = world.active("王伟").await;
    world.sign_lists().await;
    keep(&world).await;
    let url = format!("https://any.host/v/{}", world.digits(id).await);

    let mut app =
        OfflineVerifier::new(pinned(&world).await, &bundle(&world).await, 0, seconds(&world))
            .unwrap();
    assert_eq!(app.bundle().content().lists, [1]);
    let list = format!("/status/{}", app.bundle().content().lists[0]);
    let verdict = |app: &mut OfflineVerifier, now| app.scan(&url, None, now).judgement.verdict;
    assert_eq!(verdict(&mut app, seconds(&world)), Verdict::StatusUnknown);
    app.take_list(&world.app().get(&list, &[]).await.2, seconds(&world)).unwrap();
    let answer = app.scan(&url, None, seconds(&world));
    assert_eq!(answer.judgement.verdict, Verdict::Valid);
    assert_eq!(answer.agency.unwrap().name, "永登县交通运输局");
    assert_eq!(answer.judgement.credential.unwrap().name, "王伟");

    world.app().clock.advance(Duration::hours(2));
    let ground = because(Ground::RefusingSupervision);
    act_on(p, &world.supervisor, id, CertificateAct::Suspend, &ground).await.unwrap();
    world.sign_lists().await;
    assert_eq!(verdict(&mut app, seconds(&world)), Verdict::ValidStale, "in the basement");
    let cwt = [(header::ACCEPT, "application/statuslist+cwt")];
    app.take_list(&world.app().get(&list, &cwt).await.2, seconds(&world)).unwrap();
    assert_eq!(verdict(&mut app, seconds(&world)), Verdict::Suspended);
}

#[tokio::test]
async fn a_bundle_is_made_where_something_has_changed_or_time_has_passed() {
    let world = World::new().await;
    let (status, ..) = world.app().get("/trust/bundle", &[]).await;
    assert_eq!(status, 404, "before the first");
    keep(&world).await;
    let first = bundle(&world).await;
    let made = async |bytes: &[u8]| {
        let bundle = Bundle::accept(bytes, &pinned(&world).await, seconds(&world)).unwrap();
        (bundle.content().issued_at, bundle.keys_version())
    };
    let begun = seconds(&world);
    let keys = u64::try_from(begun).unwrap();
    assert_eq!(made(&first).await, (begun, keys));
    world.app().clock.advance(Duration::seconds(1));
    keep(&world).await;
    assert_eq!(bundle(&world).await, first, "nothing has changed");

    // A first certificate opens a list.
    world.active("王伟").await;
    keep(&world).await;
    let second = bundle(&world).await;
    assert_eq!(made(&second).await, (begun + 1, keys));
    world.app().clock.advance(Duration::hours(11));
    keep(&world).await;
    assert_eq!(bundle(&world).await, second);
    world.app().clock.advance(Duration::hours(1));
    keep(&world).await;
    assert_eq!(made(&bundle(&world).await).await, (seconds(&world), keys), "half a day has passed");

    world.new_key(KeyUse::Credential).await;
    world.app().clock.advance(Duration::seconds(1));
    keep(&world).await;
    let now = u64::try_from(seconds(&world)).unwrap();
    assert_eq!(made(&bundle(&world).await).await, (seconds(&world), now), "a key is new");
    assert_eq!(world.count::<signed_key_set::Entity>().await, 2);

    world.app().clock.advance(Duration::days(31));
    keep(&world).await;
    assert_eq!(world.count::<trust_bundle::Entity>().await, 1, "the old ones have gone");
}

#[tokio::test]
async fn a_new_key_signs_once_every_app_knows_it() {
    let world = World::new().await;
    keep(&world).await;
    let signs =
        |key_use| world.platform.keyring.current(key_use, world.platform.now()).unwrap().kid;
    let (cards, bundles) = (signs(KeyUse::Credential), signs(KeyUse::Bundle));
    world.app().clock.advance(Duration::days(8));
    keep(&world).await;
    let file = trust::root::file(&world.app().config.data_dir);
    let kept = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();

    // While the root is away a new key waits, however long it has been there.
    world.new_key(KeyUse::Credential).await;
    world.new_key(KeyUse::Bundle).await;
    world.app().clock.advance(Duration::days(30));
    keep(&world).await;
    assert_eq!((signs(KeyUse::Credential), signs(KeyUse::Bundle)), (cards, bundles));
    std::fs::write(&file, kept).unwrap();
    keep(&world).await;
    assert_eq!(signs(KeyUse::Credential), cards);
    assert_ne!(signs(KeyUse::Bundle), bundles, "the next bundle tells of its own key");
    world.app().clock.advance(Duration::days(8) - Duration::seconds(1));
    assert_eq!(signs(KeyUse::Credential), cards);
    world.app().clock.advance(Duration::seconds(1));
    assert_ne!(signs(KeyUse::Credential), cards);
}

#[tokio::test]
async fn under_another_address_no_bundle_is_made_with_the_old_keys() {
    let world = World::new().await;
    keep(&world).await;
    let folder = world.app().config.data_dir.clone();
    let before = bundle(&world).await;
    std::fs::remove_file(trust::root::file(&folder)).unwrap();
    world.app().clock.advance(Duration::days(1));
    trust::keep(&world.platform, "https://zf.elsewhere.cn", &folder).await.unwrap();
    assert_eq!(bundle(&world).await, before);
}

#[tokio::test]
async fn an_app_is_led_to_the_newest() {
    let world = World::new().await;
    keep(&world).await;
    let pinned = pinned(&world).await;
    let mut app = OfflineVerifier::new(pinned, &bundle(&world).await, 0, seconds(&world)).unwrap();
    let since =
        |app: &OfflineVerifier| format!("/trust/bundle?since={}", hex::encode(app.bundle().hash()));
    assert_eq!(world.app().get(&since(&app), &[]).await.0, 204);

    world.active("王伟").await;
    world.app().clock.advance(Duration::seconds(1));
    keep(&world).await;
    let (status, headers, delta) = world.app().get(&since(&app), &[]).await;
    assert_eq!(status, 200);
    assert_eq!(headers[header::CONTENT_TYPE], "application/vnd.liangzheng.bundle-delta+cbor");
    app.take_delta(&delta, seconds(&world)).unwrap();
    assert_eq!(app.bundle().bytes(), bundle(&world).await);

    let unknown = format!("/trust/bundle?since={}", "00".repeat(32));
    let (status, headers, whole) = world.app().get(&unknown, &[]).await;
    assert_eq!((status, whole), (200, bundle(&world).await));
    assert_eq!(headers[header::CACHE_CONTROL], "public, max-age=300");
    assert_eq!(world.app().get("/trust/bundle?since=xyz", &[]).await.0, 400);
    let tag = headers[header::ETAG].to_str().unwrap().to_owned();
    let (status, _, body) =
        world.app().get("/trust/bundle", &[(header::IF_NONE_MATCH, &tag)]).await;
    assert_eq!((status, body.len()), (304, 0));
}

#[tokio::test]
async fn without_its_file_the_root_signs_nothing_new() {
    let world = World::new().await;
    keep(&world).await;
    let folder = world.app().config.data_dir.clone();
    let file = trust::root::file(&folder);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let (kept, begun) = (std::fs::read_to_string(&file).unwrap(), seconds(&world));
    std::fs::remove_file(&file).unwrap();
    world.new_key(KeyUse::Credential).await;
    let keys = async || {
        world.app().clock.advance(Duration::hours(13));
        keep(&world).await;
        let bytes = bundle(&world).await;
        Bundle::accept(&bytes, &pinned(&world).await, seconds(&world)).unwrap().keys_version()
    };
    let first = u64::try_from(begun).unwrap();
    assert_eq!(keys().await, first, "a bundle is made all the same");
    assert!(!file.exists(), "and no second root");

    std::fs::write(&file, "11".repeat(32)).unwrap();
    assert_eq!(keys().await, first, "another root signs nothing");
    std::fs::write(&file, kept).unwrap();
    assert!(keys().await > first);
}

#[tokio::test]
async fn of_two_nodes_one_makes_the_root_and_the_bundle() {
    let world = World::new().await;
    tokio::join!(keep(&world), keep(&world));
    keep(&world).await;
    assert!(trust::root::file(&world.app().config.data_dir).exists(), "neither takes it away");
    assert_eq!(world.count::<signed_key_set::Entity>().await, 1);
    assert_eq!(world.count::<trust_bundle::Entity>().await, 1);
    assert!(Bundle::accept(&bundle(&world).await, &pinned(&world).await, seconds(&world)).is_ok());
}

#[tokio::test]
async fn through_a_whole_rotation_no_card_and_no_app_is_left_behind() {
    let world = World::new().await;
    let p = &world.platform;
    let (_, old) = world.active("王伟").await;
    keep(&world).await;
    world.app().clock.advance(Duration::days(8));
    keep(&world).await;

    // A new key of each use that apps verify, as `keys rotate` makes them.
    for key_use in [KeyUse::Credential, KeyUse::Status, KeyUse::Bundle] {
        let from = p.keyring.next_begins(key_use, p.now());
        let tx = p.db.begin().await.unwrap();
        api::platform::keys::create(p, &tx, key_use, from).await.unwrap();
        tx.commit().await.unwrap();
    }
    let signs = |key_use| p.keyring.current(key_use, p.now()).unwrap().kid;
    let uses = [KeyUse::Credential, KeyUse::Status, KeyUse::Bundle];
    let before = uses.map(signs);
    let since = p.now();
    let mut bundles = Vec::new();
    let mut fresh = None;
    while p.now() < since + Duration::days(9) {
        keep(&world).await;
        world.sign_lists().await;
        bundles.push((p.now(), bundle(&world).await));
        if fresh.is_none() && signs(KeyUse::Credential) != before[0] {
            fresh = Some(world.active("李娜").await.1);
            world.app().clock.advance(Duration::seconds(1));
            continue;
        }
        world.app().clock.advance(Duration::hours(6));
    }
    for (n, key_use) in uses.into_iter().enumerate() {
        assert_ne!(signs(key_use), before[n], "{key_use:?} is the new one by now");
    }
    // Whichever bundle an app holds that has not ended: it verifies both cards and the newest list.
    world.sign_lists().await;
    let list = world.app().get("/status/1", &[]).await.2;
    let mut apps = 0;
    for (made, bytes) in bundles {
        let now = seconds(&world);
        if made + Duration::days(7) <= p.now() {
            continue;
        }
        let mut app = OfflineVerifier::new(pinned(&world).await, &bytes, 0, now).unwrap();
        app.take_list(&list, now).unwrap();
        for id in [old, fresh.unwrap()] {
            let verdict = app.scan(&world.digits(id).await, None, now).judgement.verdict;
            assert_eq!(verdict, Verdict::Valid, "by the bundle of {made}");
        }
        apps += 1;
    }
    assert!(apps > 20, "{apps}");
}
