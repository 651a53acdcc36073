//! What a bundle carries by policy, that none is made which no app would take, and how long lists are
//! told.

use api::credentials::lists;
use api::policy::{self, NewVersion, PolicyKey, TrustPolicy};
use chrono::Duration;
use entities::enums::{CertificateAct as A, KeyUse, Role, ScopeAxis};
use entities::{agency, status_token, trust_bundle};
use mobile_contract::bundle::Bundle;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::{bundle, keep, pinned, seconds};
use crate::certification::world::*;
use api::certification::act_on;
use api::certification::rules::grounds::Ground;
use api::trust::root;

#[tokio::test]
async fn a_bundle_carries_the_policy_of_the_province_in_its_version() {
    let world = World::new().await;
    keep(&world).await;
    let told = async || {
        let bundle =
            Bundle::accept(&bundle(&world).await, &pinned(&world).await, seconds(&world)).unwrap();
        let content = bundle.content();
        (content.largest_staleness, content.clock_skew, content.expires - content.issued_at)
    };
    assert_eq!(told().await, (72 * 3_600, 300, 7 * 86_400));

    let province = agency::Entity::find()
        .filter(agency::Column::DivisionCode.eq("620000"))
        .one(world.platform.db.read())
        .await
        .unwrap()
        .unwrap();
    let administrator =
        world.staff(Role::SystemAdministrator, province.id, ScopeAxis::Territory).await;
    let body = TrustPolicy {
        bundle_hours: 48,
        largest_staleness_hours: 24,
        clock_skew_seconds: 60,
        ..TrustPolicy::default()
    };
    let new = NewVersion {
        key: PolicyKey::Trust,
        division: "620000".to_owned(),
        effective_from: day("2026-03-04"),
        body: json!(body),
    };
    policy::enter_version(&world.platform, &administrator, new).await.unwrap();
    world.advance(1);
    keep(&world).await;
    assert_eq!(told().await, (72 * 3_600, 300, 7 * 86_400), "not before its day");
    world.advance(1);
    keep(&world).await;
    assert_eq!(told().await, (24 * 3_600, 60, 2 * 86_400));
}

#[tokio::test]
async fn no_bundle_is_made_that_no_app_would_take() {
    let world = World::new().await;
    keep(&world).await;
    let newest = bundle(&world).await;
    let file = root::file(&world.app().config.data_dir);
    let kept = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(&file).unwrap();
    // The root stays away until the key it has told of signs no more.
    world.advance(360);
    assert_eq!(
        api::worker::renew_keys(&world.platform).await.unwrap(),
        [KeyUse::Status, KeyUse::Bundle, KeyUse::Audit, KeyUse::AccessToken]
    );
    world.advance(10);
    keep(&world).await;
    assert_eq!(bundle(&world).await, newest, "it has ended, and no other was made");
    assert_eq!(world.count::<trust_bundle::Entity>().await, 1);
    std::fs::write(&file, kept).unwrap();
    keep(&world).await;
    let made = bundle(&world).await;
    assert!(Bundle::accept(&made, &pinned(&world).await, seconds(&world)).is_ok());
}

/// When list 1 was signed, of what is kept, in minutes since a moment.
async fn kept(world: &World, since: chrono::DateTime<chrono::Utc>) -> Vec<i64> {
    let rows = status_token::Entity::find()
        .order_by_asc(status_token::Column::IssuedAt)
        .all(world.platform.db.read())
        .await
        .unwrap();
    rows.iter().map(|row| (row.issued_at - since).num_minutes()).collect()
}

#[tokio::test]
async fn changes_of_a_list_are_thinned_after_a_month_and_gone_after_two_years() {
    let world = World::new().await;
    let p = &world.platform;
    let (_, id) = world.active("王伟").await;
    let begun = p.now();
    world.sign_lists().await;
    let change = async |minutes: i64| {
        world.app().clock.advance(begun + Duration::minutes(minutes) - p.now());
        let state = world.certificate(id).await.state;
        if state == entities::enums::CertificateState::Suspended {
            act_on(p, &world.issuer, id, A::Lift, &because(Ground::CauseEnded)).await.unwrap();
        } else {
            let ground = because(Ground::RefusingSupervision);
            act_on(p, &world.supervisor, id, A::Suspend, &ground).await.unwrap();
        }
        assert_eq!(world.sign_lists().await, [1]);
    };
    // The clock of the test begins at ten, a full hour.
    for minutes in [10, 20, 59, 61, 200] {
        change(minutes).await;
    }
    assert_eq!(kept(&world, begun).await, [0, 10, 20, 59, 61, 200]);
    assert_eq!(lists::forget_old(p).await.unwrap(), 0);
    world.app().clock.advance(begun + Duration::days(31) - p.now());
    assert_eq!(lists::forget_old(p).await.unwrap(), 0, "not yet a month");
    world.app().clock.advance(Duration::hours(4));
    assert_eq!(lists::forget_old(p).await.unwrap(), 3);
    assert_eq!(kept(&world, begun).await, [59, 61, 200], "the last of each hour");
    assert_eq!(lists::forget_old(p).await.unwrap(), 0);
    let asked = (begun + Duration::minutes(60)).timestamp();
    let (status, _, _) = world.app().get(&format!("/status/1?time={asked}"), &[]).await;
    assert_eq!(status, 200);

    world.app().clock.advance(begun + Duration::days(731) - p.now());
    assert_eq!(lists::forget_old(p).await.unwrap(), 0);
    world.app().clock.advance(Duration::minutes(61));
    assert_eq!(lists::forget_old(p).await.unwrap(), 1);
    world.app().clock.advance(Duration::days(1));
    assert_eq!(lists::forget_old(p).await.unwrap(), 1, "the newest of a list always stays");
    assert_eq!(kept(&world, begun).await, [200]);
    // Of what is gone nothing is said.
    assert_eq!(world.app().get(&format!("/status/1?time={asked}"), &[]).await.0, 404);
}
