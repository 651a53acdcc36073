//! What the pages with a form share: which bodies they take, and the answer to whoever sends too
//! many.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::Web;
use super::public::problem;
use crate::platform::texts::Locale;
use crate::verification::error_page::Problem;

/// The body of what is a form, or the page that says it is none.
pub(super) fn readable(
    web: &Web,
    locale: Locale,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Bytes, Box<Response>> {
    let unreadable = |status| Box::new(problem(web, status, locale, Problem::FormUnreadable));
    if !is_form(headers) {
        return Err(unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    body.map_err(|rejection| unreadable(rejection.status()))
}

/// Whether a body is said to be what a plain form sends.
fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|v| v.to_str().ok())
        .and_then(|v| v.split(';').next())
        .is_some_and(|t| t.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
}

/// The page for whoever sends too many, with the seconds to wait.
pub(super) fn too_many(web: &Web, locale: Locale, retry_after: u32) -> Response {
    let status = StatusCode::TOO_MANY_REQUESTS;
    wait(problem(web, status, locale, Problem::TooManyRequests), retry_after)
}

/// An answer with the seconds to wait.
pub(super) fn wait(mut response: Response, retry_after: u32) -> Response {
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(retry_after));
    response
}
