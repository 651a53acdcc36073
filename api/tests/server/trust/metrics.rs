//! What whoever watches a deployment reads: counters by templates and words, and how long everything
//! lasts.

use std::collections::BTreeMap;

use chrono::Duration;
use entities::enums::KeyUse;
use serde_json::json;

use super::keep;
use crate::certification::world::*;

/// The values of a scrape by name and labels; those of histograms' buckets left out.
async fn scrape(world: &World) -> BTreeMap<String, f64> {
    let text = api::http::metrics::scrape(&world.app().web).await.unwrap();
    assert!(text.ends_with("# EOF\n"), "{text}");
    text.lines()
        .filter(|line| !line.starts_with('#') && !line.contains("_bucket{"))
        .map(|line| {
            let (name, value) = line.rsplit_once(' ').unwrap();
            (name.to_owned(), value.parse().unwrap())
        })
        .collect()
}

#[tokio::test]
async fn requests_are_counted_by_the_template_of_their_route_and_scans_by_verdict() {
    let world = World::new().await;
    let (_, id) = world.active("王伟").await;
    let digits = world.digits(id).await;
    for path in [format!("/v/{digits}"), "/v/123".to_owned(), "/v/124".to_owned()] {
        world.app().get(&path, &[]).await;
    }
    assert_eq!(world.app().get("/metrics", &[]).await.0, 404, "not on the public address");
    let sign_in = json!({ "query": "mutation { signIn(login: \"nobody\", password: \"none\") \
        { userErrors { code } } }" });
    let request = axum::http::Request::post("/graphql")
        .header("content-type", "application/json")
        .extension(axum::extract::ConnectInfo(std::net::SocketAddr::from(([10, 0, 0, 1], 1))))
        .body(axum::body::Body::from(sign_in.to_string()))
        .unwrap();
    assert_eq!(world.app().http(request).await.status(), 200);

    let text = api::http::metrics::scrape(&world.app().web).await.unwrap();
    assert!(!text.contains(&digits) && !text.contains("nobody"), "{text}");
    let found = scrape(&world).await;
    let of = |name: &str| found.get(&format!("liangzheng_{name}")).copied();
    let scans = "http_requests_total{route=\"/v/{*scanned}\",method=\"GET\",status=\"200\"}";
    assert_eq!(of(scans), Some(3.0), "{text}");
    assert_eq!(of("http_request_duration_seconds_count{route=\"/v/{*scanned}\"}"), Some(3.0));
    let stray = "http_requests_total{route=\"none\",method=\"GET\",status=\"404\"}";
    assert_eq!(of(stray), Some(1.0), "{text}");
    assert_eq!(of("scans_total{verdict=\"VALID\"}"), Some(1.0));
    assert_eq!(of("scans_total{verdict=\"UNREADABLE\"}"), Some(2.0));
    assert_eq!(of("sign_in_refusals_total{code=\"SIGN_IN_FAILED\"}"), Some(1.0), "{text}");
    assert_eq!(of("up{part=\"database\"}"), Some(1.0));
    let version = format!("build_info{{version=\"{}\"}}", env!("CARGO_PKG_VERSION"));
    assert_eq!(of(&version), Some(1.0));
    for state in ["waiting", "running", "failed"] {
        assert_eq!(of(&format!("jobs{{state=\"{state}\"}}")), Some(0.0));
    }
}

#[tokio::test]
async fn what_ends_is_told_in_seconds() {
    let world = World::new().await;
    world.active("王伟").await;
    world.sign_lists().await;
    keep(&world).await;
    std::fs::remove_file(api::trust::root::file(&world.app().config.data_dir)).unwrap();
    world.new_key(KeyUse::Status).await;
    world.app().clock.advance(Duration::hours(2));
    let found = scrape(&world).await;
    let of = |name: &str| found.get(&format!("liangzheng_{name}")).copied();
    let (hours, days) = (3_600.0, 86_400.0);
    assert_eq!(of("key_ends_seconds{use=\"STATUS\"}"), Some(365.0 * days - 2.0 * hours));
    assert_eq!(of("key_ends_seconds{use=\"ACCESS_TOKEN\"}"), Some(90.0 * days - 2.0 * hours));
    assert_eq!(of("signed_keys_end_seconds"), Some(365.0 * days - 2.0 * hours));
    assert_eq!(of("keys_unsigned"), Some(1.0));
    assert_eq!(of("bundle_key_known"), Some(1.0));
    assert_eq!(of("bundle_ends_seconds"), Some(7.0 * days - 2.0 * hours));
    assert_eq!(of("bundle_age_seconds"), Some(2.0 * hours));
    assert_eq!(of("status_list_ends_seconds"), Some(7.0 * days - 2.0 * hours));
    assert_eq!(of("status_list_age_seconds"), Some(2.0 * hours));
    world.app().clock.advance(Duration::days(400));
    let found = scrape(&world).await;
    let of = |name: &str| found.get(&format!("liangzheng_{name}")).copied();
    assert_eq!(of("key_ends_seconds{use=\"BUNDLE\"}"), Some(0.0));
    assert_eq!(of("bundle_key_known"), Some(0.0));
    assert!(found["liangzheng_bundle_ends_seconds"] < 0.0);
}

#[tokio::test]
async fn without_a_database_that_is_said() {
    let world = World::new().await;
    world.platform.db.close().await.unwrap();
    let found = scrape(&world).await;
    assert_eq!(found.get("liangzheng_up{part=\"database\"}"), Some(&0.0));
    assert!(!found.keys().any(|name| name.starts_with("liangzheng_jobs")), "{found:?}");
}
