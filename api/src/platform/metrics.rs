//! What this node counts while it runs, for whoever watches it (`http::metrics` hands it out).
//!
//! Labels are words of our own: a route's template, a verdict, a code. Nothing of a request is among
//! them, so that no counter tells who was scanned or who signed in.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::text::{encode_eof, encode_registry};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use super::failure::Fault;

/// The labels of a value, each with a name.
pub type Labels = Vec<(&'static str, String)>;

/// What every name begins with.
pub const PREFIX: &str = "liangzheng";
/// Upper bounds of the times that are told apart, in seconds. A scan is answered within the first
/// few; an export takes the last.
const SECONDS: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// Counts. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<Counted>);

#[derive(Debug)]
struct Counted {
    registry: Registry,
    requests: Family<Labels, Counter>,
    durations: Family<Labels, Histogram>,
    scans: Family<Labels, Counter>,
    sign_in_refusals: Family<Labels, Counter>,
}

fn durations() -> Histogram {
    Histogram::new(SECONDS)
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix(PREFIX);
        let requests = Family::<Labels, Counter>::default();
        let make: fn() -> Histogram = durations;
        let durations = Family::<Labels, Histogram>::new_with_constructor(make);
        let scans = Family::<Labels, Counter>::default();
        let sign_in_refusals = Family::<Labels, Counter>::default();
        registry.register(
            "http_requests",
            "Requests by the template of their route, method and status",
            requests.clone(),
        );
        registry.register_with_unit(
            "http_request_duration",
            "Time until an answer begins, by the template of its route",
            Unit::Seconds,
            durations.clone(),
        );
        registry.register("scans", "Scans by the verdict that was shown", scans.clone());
        registry.register(
            "sign_in_refusals",
            "Attempts to sign in that were refused, by code",
            sign_in_refusals.clone(),
        );
        Self(Arc::new(Counted { registry, requests, durations, scans, sign_in_refusals }))
    }
}

impl Metrics {
    /// Counts a request by the template of its route.
    pub fn answered(&self, route: &str, method: &str, status: u16, took: Duration) {
        let route = ("route", route.to_owned());
        let labels =
            vec![route.clone(), ("method", method.to_owned()), ("status", status.to_string())];
        self.0.requests.get_or_create(&labels).inc();
        self.0.durations.get_or_create(&vec![route]).observe(took.as_secs_f64());
    }

    /// Counts a scan by the word of its verdict.
    pub fn scanned(&self, verdict: &'static str) {
        self.0.scans.get_or_create(&vec![("verdict", verdict.to_owned())]).inc();
    }

    /// Counts a refused attempt to sign in by its code.
    pub fn sign_in_refused(&self, code: &'static str) {
        self.0.sign_in_refusals.get_or_create(&vec![("code", code.to_owned())]).inc();
    }

    /// Everything that was counted, and what is measured just now, as `OpenMetrics` text.
    pub fn text(&self, measured: &Registry) -> Result<String, Fault> {
        let mut text = String::new();
        encode_registry(&mut text, &self.0.registry)
            .and_then(|()| encode_registry(&mut text, measured))
            .and_then(|()| encode_eof(&mut text))
            .map_err(Fault::other)?;
        Ok(text)
    }
}
