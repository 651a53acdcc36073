//! The trust bundle for apps: public, signed, and one small download.

use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Web;
use super::status::{is_known, public, tagged, unavailable};
use crate::trust::bundle::{self, Answer};

/// How long, in seconds, an answer need not be asked for again.
const KEEP: i64 = 300;
/// A whole bundle.
const BUNDLE: &str = "application/vnd.liangzheng.bundle+cbor";
/// What leads from a bundle to the newest.
const DELTA: &str = "application/vnd.liangzheng.bundle-delta+cbor";

/// The routes of what apps trust.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/trust/bundle", get(newest))
}

/// `GET /trust/bundle`, or with `?since=` and the SHA-256 of a bundle in hexadecimal what leads from
/// it to the newest: a delta where that bundle is still known, else the newest whole, and nothing
/// (204) where it is the newest.
async fn newest(State(web): State<Web>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let since = query.as_deref().unwrap_or_default();
    let since = since.split('&').find_map(|part| part.strip_prefix("since="));
    let Ok(since) = since.map(hex::decode).transpose() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match bundle::since(web.platform.db.read(), since.as_deref()).await {
        Ok(Some(Answer::Whole(whole))) => {
            let tag = format!("W/\"{}\"", hex::encode(&whole.sha256));
            if is_known(&headers, &tag) {
                return (StatusCode::NOT_MODIFIED, public(KEEP), tagged(tag), ()).into_response();
            }
            let kind = [(header::CONTENT_TYPE, BUNDLE)];
            (public(KEEP), tagged(tag), kind, whole.bytes).into_response()
        }
        Ok(Some(Answer::Delta(delta))) => {
            (public(KEEP), [(header::CONTENT_TYPE, DELTA)], delta).into_response()
        }
        Ok(Some(Answer::Same)) => (StatusCode::NO_CONTENT, public(KEEP)).into_response(),
        // The root has not signed the keys yet.
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => unavailable(&fault),
    }
}
