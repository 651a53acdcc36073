//! What anybody may read and any cache may keep: status lists and the trust bundle.

use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::platform::failure::Fault;

/// What bears a tag, or that the caller has it already (RFC 9110, section 13.1.2).
pub(super) fn tagged(
    asked: &HeaderMap,
    tag: String,
    keep: i64,
    body: impl IntoResponse,
) -> Response {
    let known = is_known(asked, &tag);
    let tag = [(header::ETAG, tag)];
    if known {
        return (StatusCode::NOT_MODIFIED, public(keep), tag).into_response();
    }
    (public(keep), tag, body).into_response()
}

/// Whether the caller has what bears this tag.
pub(super) fn is_known(asked: &HeaderMap, tag: &str) -> bool {
    let known = asked.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    known.is_some_and(|known| known.trim() == "*" || known.split(',').any(|one| one.trim() == tag))
}

/// A parameter of a query, as it is written there.
pub(super) fn parameter<'a>(query: Option<&'a str>, name: &str) -> Option<&'a str> {
    query?.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

/// Headers of what anybody may keep for so many seconds, and any page may read.
pub(super) fn public(seconds: i64) -> [(HeaderName, String); 3] {
    [
        (header::CACHE_CONTROL, format!("public, max-age={seconds}")),
        (header::VARY, "accept, accept-encoding".to_owned()),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
    ]
}

pub(super) fn unavailable(fault: &Fault) -> Response {
    tracing::error!(error = %fault, "what apps trust could not be read");
    StatusCode::SERVICE_UNAVAILABLE.into_response()
}
