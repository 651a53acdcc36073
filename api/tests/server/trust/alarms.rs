//! What the doctor says of the root, of bundles and of lists: each alarm before its deadline, and not
//! before its threshold.

use api::cli::doctor::{Level, examine};
use api::platform::actor::Actor;
use api::platform::texts::Locale;
use api::trust::ceremony::{Request, export, import};
use api::trust::{compromise, root};
use chrono::{DateTime, Duration, Utc};
use entities::enums::KeyUse;

use super::{keep, offline, pin};
use crate::certification::world::*;

/// The words of the findings about what apps trust, each with how bad it is.
async fn found(world: &World) -> Vec<(&'static str, Level)> {
    let findings = examine(&world.app().config, None, world.platform.now()).await;
    for finding in &findings {
        for locale in Locale::ALL {
            assert_ne!(finding.message(locale), finding.code.word, "a text lacks an argument");
        }
    }
    findings
        .iter()
        .map(|finding| (finding.code.word, finding.code.level))
        .filter(|(word, _)| {
            let begins = ["ROOT_", "KEYS_SIGNED", "KEYS_NOT", "MARK_", "BUNDLE_", "STATUS_LIST"];
            begins.iter().any(|begin| word.starts_with(begin))
        })
        .collect()
}

/// The same, of those that are not as they should be.
async fn alarms(world: &World) -> Vec<&'static str> {
    let found = found(world).await;
    found.into_iter().filter(|(_, level)| *level != Level::Ok).map(|(word, _)| word).collect()
}

fn at(world: &World, moment: DateTime<Utc>) {
    world.app().clock.advance(moment - world.platform.now());
}

/// The keys go to the offline root and back.
async fn ceremony(world: &World) {
    let p = &world.platform;
    let url = world.app().config.public_url();
    let request = Request::read(&export(p, url).await.unwrap()).unwrap();
    import(p, &Actor::System, url, &request.sign(&offline()).unwrap()).await.unwrap();
    keep(world).await;
}

#[tokio::test]
async fn where_the_root_is_can_be_told() {
    let mut world = World::new().await;
    assert_eq!(found(&world).await, [("ROOT_NOT_YET", Level::Ok)]);
    keep(&world).await;
    let sound = |root| [(root, Level::Ok), ("KEYS_SIGNED_OK", Level::Ok), ("BUNDLE_OK", Level::Ok)];
    assert_eq!(found(&world).await, sound("ROOT_FOR_TRIAL"));
    let file = root::file(&world.app().config.data_dir);
    let kept = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, "no key").unwrap();
    assert_eq!(alarms(&world).await, ["ROOT_FILE_UNREADABLE"]);
    std::fs::write(&file, "11".repeat(32)).unwrap();
    assert_eq!(alarms(&world).await, ["ROOT_FILE_OTHER"]);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(found(&world).await, sound("ROOT_OFFLINE"));

    // Beside the server of an official address it is a risk.
    std::fs::write(&file, kept).unwrap();
    "https://lz.gansu.gov.cn".clone_into(&mut world.app.config.public_url);
    assert!(alarms(&world).await.contains(&"KEYS_NOT_SIGNED"), "for this address none are");
    keep(&world).await;
    world.app().clock.advance(Duration::seconds(1));
    keep(&world).await;
    assert_eq!(alarms(&world).await, ["ROOT_ONLINE"]);
}

#[tokio::test]
async fn a_key_that_waits_for_the_root_is_told_of_at_once() {
    let world = World::new().await;
    pin(&world).await;
    keep(&world).await;
    assert_eq!(alarms(&world).await, ["KEYS_NOT_SIGNED", "BUNDLE_MISSING"]);
    ceremony(&world).await;
    assert_eq!(alarms(&world).await, Vec::<&str>::new());

    world.app().clock.advance(Duration::hours(1));
    world.new_key(KeyUse::Credential).await;
    keep(&world).await;
    assert_eq!(alarms(&world).await, ["KEYS_NOT_SIGNED"]);
    ceremony(&world).await;
    assert_eq!(alarms(&world).await, Vec::<&str>::new());

    world.app().clock.advance(Duration::hours(1));
    let p = &world.platform;
    let name = hex::encode(p.keyring.current(KeyUse::Status, p.now()).unwrap().kid);
    compromise::mark(p, &Actor::System, &name, p.now()).await.unwrap();
    keep(&world).await;
    assert_eq!(alarms(&world).await, ["MARK_NOT_SIGNED", "KEYS_NOT_SIGNED"]);
    ceremony(&world).await;
    assert_eq!(alarms(&world).await, Vec::<&str>::new());
}

#[tokio::test]
async fn without_a_bundle_key_that_the_root_has_told_of_the_doctor_says_why() {
    let world = World::new().await;
    pin(&world).await;
    ceremony(&world).await;
    let p = &world.platform;
    let name = hex::encode(p.keyring.current(KeyUse::Bundle, p.now()).unwrap().kid);
    world.app().clock.advance(Duration::hours(13));
    compromise::mark(p, &Actor::System, &name, p.now()).await.unwrap();
    let before = super::bundle(&world).await;
    keep(&world).await;
    assert_eq!(super::bundle(&world).await, before, "no other is made, though one is due");
    assert_eq!(alarms(&world).await, ["MARK_NOT_SIGNED", "KEYS_NOT_SIGNED", "BUNDLE_KEY_UNKNOWN"]);
    ceremony(&world).await;
    assert_ne!(super::bundle(&world).await, before);
    assert_eq!(alarms(&world).await, Vec::<&str>::new());
}

#[tokio::test]
async fn a_bundle_that_is_not_renewed_is_told_of_three_days_before_it_ends() {
    let world = World::new().await;
    pin(&world).await;
    ceremony(&world).await;
    let ends = world.platform.now() + Duration::days(7);
    let threshold = ends - Duration::days(3);
    at(&world, threshold);
    assert_eq!(alarms(&world).await, Vec::<&str>::new());
    at(&world, threshold + Duration::seconds(1));
    assert_eq!(alarms(&world).await, ["BUNDLE_ENDS_SOON"]);
    at(&world, ends - Duration::seconds(1));
    assert_eq!(alarms(&world).await, ["BUNDLE_ENDS_SOON"]);
    at(&world, ends);
    assert_eq!(found(&world).await.last(), Some(&("BUNDLE_ENDED", Level::Fail)));
}

#[tokio::test]
async fn a_list_that_is_not_renewed_is_told_of_when_it_is_old_and_before_it_ends() {
    let world = World::new().await;
    world.active("王伟").await;
    world.sign_lists().await;
    let signed = world.platform.now();
    assert_eq!(found(&world).await, [("ROOT_NOT_YET", Level::Ok), ("STATUS_LISTS_OK", Level::Ok)]);
    at(&world, signed + Duration::minutes(15));
    assert_eq!(alarms(&world).await, Vec::<&str>::new());
    at(&world, signed + Duration::minutes(15) + Duration::seconds(1));
    assert_eq!(alarms(&world).await, ["STATUS_LIST_OLD"]);
    at(&world, signed + Duration::days(4));
    assert_eq!(alarms(&world).await, ["STATUS_LIST_OLD"]);
    at(&world, signed + Duration::days(4) + Duration::seconds(1));
    assert_eq!(alarms(&world).await, ["STATUS_LIST_ENDS_SOON"]);
    at(&world, signed + Duration::days(7));
    assert_eq!(alarms(&world).await, ["STATUS_LIST_ENDED"]);
    world.sign_lists().await;
    assert_eq!(alarms(&world).await, Vec::<&str>::new());
}
