//! What whoever watches a deployment asks for: counters of this node, and how long keys, bundle and
//! lists still last. Handed out on an address of its own, never on the public one.

use std::time::Instant;

use axum::Router;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, Duration, Utc};
use entities::enums::JobState;
use entities::job;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::Registry;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::Web;
use crate::platform::failure::Fault;
use crate::platform::keys;
use crate::platform::metrics::{Labels, PREFIX};
use crate::platform::redis::Redis;
use crate::trust::watch;

/// For how long a job that was given up is counted.
const RECENT: Duration = Duration::days(7);
/// What is counted where no route was meant.
const NO_ROUTE: &str = "none";
/// `OpenMetrics`, which Prometheus reads.
const TEXT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The one route, for a listener of its own.
pub fn router(web: Web) -> Router {
    // Apart from the routes of the public router, which are counted by a test.
    Router::new().route_service("/metrics", get(metrics).with_state(web))
}

async fn metrics(State(web): State<Web>) -> Response {
    match scrape(&web).await {
        Ok(text) => ([(header::CONTENT_TYPE, TEXT)], text).into_response(),
        Err(fault) => {
            tracing::error!(error = %fault, "the metrics could not be put together");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// Counts each request by the template of its route, never by its path.
pub(super) async fn measure(State(web): State<Web>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let begun = Instant::now();
    let response = next.run(request).await;
    let route = route.as_ref().map_or(NO_ROUTE, MatchedPath::as_str);
    let method = method_word(&method);
    web.platform.metrics.answered(route, method, response.status().as_u16(), begun.elapsed());
    response
}

/// A method; whoever sends a new word each time makes no new counter.
fn method_word(method: &axum::http::Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "OPTIONS" => "OPTIONS",
        _ => "other",
    }
}

/// What is measured just now.
struct Measured(Registry);

impl Measured {
    fn value(&mut self, name: &str, help: &str, value: i64) {
        let gauge: Gauge = Gauge::default();
        gauge.set(value);
        self.0.register(name, help, gauge);
    }

    fn values(&mut self, name: &str, help: &str, values: Vec<(Labels, i64)>) {
        let family = Family::<Labels, Gauge>::default();
        for (labels, value) in values {
            family.get_or_create(&labels).set(value);
        }
        self.0.register(name, help, family);
    }
}

/// Everything, as `OpenMetrics` text. Where the database does not answer, that is said, and what would be
/// read there is left out.
pub async fn scrape(web: &Web) -> Result<String, Fault> {
    let platform = &web.platform;
    let mut measured = Measured(Registry::with_prefix(PREFIX));
    let version = vec![("version", env!("CARGO_PKG_VERSION").to_owned())];
    measured.values("build_info", "Which version this is", vec![(version, 1)]);
    let database = platform.db.ping().await.is_ok();
    let mut up = vec![(vec![("part", "database".to_owned())], i64::from(database))];
    if let Some(url) = web.config.redis_url() {
        let answers = match Redis::new(url, "metrics") {
            Ok(redis) => redis.ping().await.is_ok(),
            Err(_) => false,
        };
        up.push((vec![("part", "redis".to_owned())], i64::from(answers)));
    }
    measured.values("up", "Whether what the server rests on answers", up);
    let now = platform.now();
    signing(&mut measured, web, now);
    if database {
        trusted(&mut measured, web, now).await?;
        jobs(&mut measured, web, now).await?;
    }
    platform.metrics.text(&measured.0)
}

/// Until when keys sign.
fn signing(measured: &mut Measured, web: &Web, now: DateTime<Utc>) {
    let ends = keys::USES.map(|key_use| {
        let current = web.platform.keyring.current(key_use, now);
        let left = current.map_or(0, |key| (key.sign_until - now).num_seconds());
        (vec![("use", key_use.code())], left)
    });
    measured.values(
        "key_ends_seconds",
        "Seconds until the key that signs for a use ceases to; 0 where none signs",
        ends.into(),
    );
}

/// How long what apps trust still lasts.
async fn trusted(measured: &mut Measured, web: &Web, now: DateTime<Utc>) -> Result<(), Fault> {
    let left = |end: DateTime<Utc>| (end - now).num_seconds();
    let watch = watch::look(web.platform.db.read(), web.config.public_url(), now).await?;
    measured.value(
        "keys_unsigned",
        "Keys, and marks of compromised ones, that apps do not know: they wait for the root",
        i64::try_from(watch.unsigned.len()).unwrap_or(i64::MAX),
    );
    measured.value(
        "bundle_key_known",
        "Whether a key signs for bundles that the root has told of; else none is made",
        i64::from(watch.bundle_key_known),
    );
    if let Some(until) = watch.known_until {
        measured.value(
            "signed_keys_end_seconds",
            "Seconds until the first use has no signing key any more that the root has told of",
            left(until),
        );
    }
    if let Some(bundle) = watch.bundle {
        let help = "Seconds until the newest bundle ends";
        measured.value("bundle_ends_seconds", help, left(bundle.expires_at));
        let help = "Seconds since the newest bundle was made";
        measured.value("bundle_age_seconds", help, -left(bundle.issued_at));
    }
    if let Some(list) = watch.oldest_list {
        let help = "Seconds until the oldest of the current status lists ends";
        measured.value("status_list_ends_seconds", help, left(list.expires_at));
        let help = "Seconds since the oldest of the current status lists was signed";
        measured.value("status_list_age_seconds", help, -left(list.issued_at));
    }
    Ok(())
}

async fn jobs(measured: &mut Measured, web: &Web, now: DateTime<Utc>) -> Result<(), Fault> {
    let mut counts = Vec::new();
    for (word, state) in [
        ("waiting", JobState::Queued),
        ("running", JobState::Running),
        ("failed", JobState::Failed),
    ] {
        let mut found = job::Entity::find().filter(job::Column::State.eq(state));
        if state == JobState::Failed {
            found = found.filter(job::Column::UpdatedAt.gt(now - RECENT));
        }
        let count = found.count(web.platform.db.read()).await?;
        counts.push((vec![("state", word.to_owned())], i64::try_from(count).unwrap_or(i64::MAX)));
    }
    let help = "Jobs that wait, run, or were given up within seven days";
    measured.values("jobs", help, counts);
    Ok(())
}
