//! The trust bundle for apps: public, signed, and one small download.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::Web;
use super::cached::{parameter, public, tagged, unavailable};
use crate::credentials::genuine;
use crate::trust::bundle::{self, Answer};

/// How long, in seconds, an answer need not be asked for again.
const KEEP: i64 = 300;
/// The same for a list that never changes: a day.
const KEEP_LIST: i64 = 86_400;
/// A whole bundle.
const BUNDLE: &str = "application/vnd.liangzheng.bundle+cbor";
/// What leads from a bundle to the newest.
const DELTA: &str = "application/vnd.liangzheng.bundle-delta+cbor";

/// The routes of what apps trust.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/trust/bundle", get(newest))
        .route("/trust/genuine/{sha256}", get(genuine_list))
}

/// `GET /trust/bundle`, or with `?since=` and the SHA-256 of a bundle in hexadecimal what leads from
/// it to the newest: a delta where that bundle is still known, else the newest whole, and nothing
/// (204) where it is the newest.
async fn newest(State(web): State<Web>, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let since = parameter(query.as_deref(), "since");
    let Ok(since) = since.map(hex::decode).transpose() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    match bundle::since(web.platform.db.read(), since.as_deref()).await {
        Ok(Some(Answer::Whole(whole))) => {
            let tag = format!("W/\"{}\"", hex::encode(&whole.sha256));
            tagged(&headers, tag, KEEP, ([(header::CONTENT_TYPE, BUNDLE)], whole.bytes))
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

/// `GET /trust/genuine/{sha256}`: the list of what a compromised key is known to have signed, by the
/// hash that the bundle names it by, in hexadecimal. Under one hash there is only ever one list.
async fn genuine_list(State(web): State<Web>, Path(sha256): Path<String>) -> Response {
    let Ok(hash) = hex::decode(&sha256) else { return StatusCode::NOT_FOUND.into_response() };
    match genuine::list(web.platform.db.read(), &hash).await {
        Ok(Some(list)) => {
            let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
            (public(KEEP_LIST), kind, list).into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => unavailable(&fault),
    }
}
