//! A root that is offline: pinned before the first start, and asked by a file whenever keys change.

use api::platform::actor::Actor;
use api::platform::failure::Failure;
use api::trust::ceremony::{Request, export, import};
use api::trust::{TrustRefusal, root};
use chrono::Duration;
use entities::enums::KeyUse;
use entities::signed_key_set;
use mobile_contract::bundle::keys::SignedKeys;
use mobile_contract::{Ed25519Signer, Signer};
use serde_json::{Value, json};

use super::{bundle, keep, offline, pin, pinned, public, seconds};
use crate::certification::world::*;

const URL: &str = "http://localhost:8080";

/// A deployment whose root was made elsewhere.
async fn with_offline_root() -> World {
    let world = World::new().await;
    pin(&world).await;
    world
}

async fn request(world: &World) -> String {
    export(&world.platform, URL).await.unwrap()
}

fn signed(request: &str) -> String {
    Request::read(request).unwrap().sign(&offline()).unwrap()
}

async fn take(world: &World, file: &str) -> Result<u64, TrustRefusal> {
    match import(&world.platform, &Actor::System, URL, file).await {
        Ok(keys) => Ok(keys.version),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

/// A file with something in it changed.
fn changed(file: &str, change: impl FnOnce(&mut Value)) -> String {
    let mut value = serde_json::from_str(file).unwrap();
    change(&mut value);
    value.to_string()
}

/// The keys of a request, changed and put back.
fn with_keys(request: &str, change: impl FnOnce(&mut SignedKeys)) -> String {
    changed(request, |file| {
        let bytes = hex::decode(file["keys"].as_str().unwrap()).unwrap();
        let mut keys = SignedKeys::read_unsigned(&bytes).unwrap();
        change(&mut keys);
        file["keys"] = hex::encode(keys.unsigned()).into();
    })
}

#[tokio::test]
async fn keys_go_to_the_root_and_back_and_the_server_never_has_it() {
    let world = with_offline_root().await;
    keep(&world).await;
    assert_eq!(world.app().get("/trust/bundle", &[]).await.0, 404, "nothing is signed yet");
    let file = signed(&request(&world).await);
    let version = take(&world, &file).await.unwrap();
    assert_eq!(version, u64::try_from(seconds(&world)).unwrap());
    api::platform::keys::load(&world.platform, world.platform.db.read()).await.unwrap();
    keep(&world).await;
    assert_eq!(pinned(&world).await.roots, [offline().public_key()]);
    let first = bundle(&world).await;
    let accepted =
        mobile_contract::bundle::Bundle::accept(&first, &pinned(&world).await, seconds(&world));
    assert_eq!(accepted.unwrap().keys_version(), version);
    assert!(!root::file(&world.app().config.data_dir).exists());

    // The same file again is taken as the same, and a second root is refused.
    assert_eq!(take(&world, &file).await, Ok(version));
    assert_eq!(world.count::<signed_key_set::Entity>().await, 1);
    let p = &world.platform;
    root::pin(p, &Actor::System, &public(&offline())).await.unwrap();
    let other = Ed25519Signer::from_seed(&[1; 32]);
    let refused = root::pin(p, &Actor::System, &public(&other)).await;
    let known = offline().kid().to_string();
    assert!(matches!(
        refused,
        Err(Failure::Refused(TrustRefusal::RootPinned { root })) if root == known
    ));
    for wrong in ["", "root", &"00".repeat(31), &"zz".repeat(32)] {
        let refused = root::pin(p, &Actor::System, wrong).await;
        assert!(matches!(refused, Err(Failure::Refused(TrustRefusal::RootInvalid))), "{wrong}");
    }

    // Nothing has changed, then a key is new.
    let refused = export(p, URL).await;
    assert!(matches!(refused, Err(Failure::Refused(TrustRefusal::NothingToSign))));
    world.app().clock.advance(Duration::days(1));
    world.new_key(KeyUse::Credential).await;
    let asked = Request::read(&request(&world).await).unwrap();
    assert_eq!(asked.before.unwrap().version, version);
    assert_eq!(asked.keys.records.len(), 5, "three that apps verify, the audit's, and the new one");
    let log = world.app().audit_log().await;
    let of_root: Vec<&str> = log
        .iter()
        .map(|entry| entry.action.as_str())
        .filter(|action| action.starts_with("root."))
        .collect();
    assert_eq!(of_root, ["root.pin", "root.import"]);
}

#[tokio::test]
async fn a_key_that_has_ended_is_missed_by_nobody() {
    let world = with_offline_root().await;
    let first = request(&world).await;
    take(&world, &signed(&first)).await.unwrap();
    world.advance(400);
    api::worker::renew_keys(&world.platform).await.unwrap();
    let next = request(&world).await;
    let told = |file: &str| Request::read(file).unwrap().keys.records;
    let ended = told(&first).into_iter().filter(|key| key.not_after <= seconds(&world)).count();
    assert_eq!(ended, 2, "of status lists and of bundles");
    assert!(told(&next).iter().all(|key| key.not_after > seconds(&world)));
    take(&world, &signed(&next)).await.unwrap();
    assert_eq!(world.count::<signed_key_set::Entity>().await, 2);
}

#[tokio::test]
async fn nothing_is_signed_by_another_root_or_over_what_it_did_not_sign() {
    let world = with_offline_root().await;
    let first = request(&world).await;
    let refusal = |file: &str, signer: &Ed25519Signer| match Request::read(file) {
        Err(refusal) => refusal,
        Ok(request) => match request.sign(signer) {
            Err(Failure::Refused(refusal)) => refusal,
            other => panic!("{other:?}"),
        },
    };
    let stranger = Ed25519Signer::from_seed(&[2; 32]);
    let kid = offline().kid().to_string();
    assert_eq!(refusal(&first, &stranger), TrustRefusal::OtherRootKey { root: kid.clone() });
    take(&world, &signed(&first)).await.unwrap();
    world.app().clock.advance(Duration::days(1));
    world.new_key(KeyUse::Status).await;
    let second = request(&world).await;

    let before = |by: &Ed25519Signer, version: u64| {
        let bytes = hex::decode(
            serde_json::from_str::<Value>(&second).unwrap()["before"].as_str().unwrap(),
        );
        let mut keys = SignedKeys::read_unverified(&bytes.unwrap()).unwrap();
        keys.version = version;
        let forged = keys.sign(by).unwrap();
        changed(&second, |file| file["before"] = hex::encode(forged).into())
    };
    assert_eq!(refusal(&before(&stranger, 1), &offline()), TrustRefusal::OtherRoot { root: kid });
    let version = Request::read(&second).unwrap().keys.version;
    assert_eq!(
        refusal(&before(&offline(), version), &offline()),
        TrustRefusal::Older { version, known: version }
    );
    for broken in [
        String::new(),
        "{}".to_owned(),
        second[..second.len() / 2].to_owned(),
        changed(&second, |file| file["format"] = "liangzheng-keys-signed/1".into()),
        changed(&second, |file| file["keys"] = "00".into()),
        changed(&second, |file| file["root"] = "00".into()),
        changed(&second, |file| file["more"] = json!(1)),
    ] {
        assert_eq!(refusal(&broken, &offline()), TrustRefusal::FileUnreadable, "{broken}");
    }
}

#[tokio::test]
async fn only_what_the_root_signed_of_ones_own_keys_and_newer_is_taken() {
    let world = with_offline_root().await;
    let first = signed(&request(&world).await);
    let kid = offline().kid().to_string();
    for broken in ["", "{}", &first[..first.len() / 2], &request(&world).await] {
        assert_eq!(take(&world, broken).await, Err(TrustRefusal::FileUnreadable));
    }
    // Somebody swaps the root that is asked, and signs.
    let stranger = Ed25519Signer::from_seed(&[2; 32]);
    let theirs = changed(&request(&world).await, |file| file["root"] = public(&stranger).into());
    let theirs = Request::read(&theirs).unwrap().sign(&stranger).unwrap();
    assert_eq!(take(&world, &theirs).await, Err(TrustRefusal::OtherRoot { root: kid }));
    // … or a bit after it was signed.
    let altered = changed(&first, |file| {
        let mut keys = hex::decode(file["keys"].as_str().unwrap()).unwrap();
        *keys.last_mut().unwrap() ^= 1;
        file["keys"] = hex::encode(keys).into();
    });
    assert_eq!(take(&world, &altered).await, Err(TrustRefusal::Altered));
    // … or before, and nobody compares what is shown: then it is none of our keys.
    let stolen = with_keys(&request(&world).await, |keys| {
        keys.records[0].public_key = stranger.public_key();
    });
    let foreign = TrustRefusal::ForeignKey { key: stranger.kid().to_string() };
    assert_eq!(take(&world, &signed(&stolen)).await, Err(foreign));
    let longer = with_keys(&request(&world).await, |keys| keys.records[0].not_after += 1);
    assert!(matches!(take(&world, &signed(&longer)).await, Err(TrustRefusal::ForeignKey { .. })));
    let elsewhere = with_keys(&request(&world).await, |keys| keys.issuer += "x");
    assert_eq!(
        take(&world, &signed(&elsewhere)).await,
        Err(TrustRefusal::OtherIssuer { issuer: format!("{URL}x") })
    );
    assert_eq!(world.count::<signed_key_set::Entity>().await, 0, "nothing of it was taken");
    let known = take(&world, &first).await.unwrap();

    // Older, or one that lacks what apps know.
    world.app().clock.advance(Duration::days(1));
    world.new_key(KeyUse::Credential).await;
    let second = request(&world).await;
    let version = known - 1;
    let older = changed(&with_keys(&second, |keys| keys.version = version), |file| {
        file["before"] = Value::Null;
    });
    assert_eq!(take(&world, &signed(&older)).await, Err(TrustRefusal::Older { version, known }));
    let same = changed(&with_keys(&second, |keys| keys.version = known), |file| {
        file["before"] = Value::Null;
    });
    let refusal = TrustRefusal::Older { version: known, known };
    assert_eq!(take(&world, &signed(&same)).await, Err(refusal));
    let lacking = with_keys(&second, |keys| {
        keys.records.remove(0);
    });
    assert_eq!(take(&world, &signed(&lacking)).await, Err(TrustRefusal::Outdated));
    // A key is marked while the file is on its way.
    let on_its_way = signed(&second);
    let name = hex::encode(
        world.platform.keyring.current(KeyUse::Status, world.platform.now()).unwrap().kid,
    );
    let now = world.platform.now();
    api::trust::compromise::mark(&world.platform, &Actor::System, &name, now).await.unwrap();
    assert_eq!(take(&world, &on_its_way).await, Err(TrustRefusal::Outdated));
    assert_eq!(world.count::<signed_key_set::Entity>().await, 1);
    world.app().clock.advance(Duration::seconds(1));
    assert!(take(&world, &signed(&request(&world).await)).await.unwrap() > known);
}
