//! Photo packs for the apps of supervisors: encrypted files, which only those get whom they are for.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use entities::ids::AgencyId;
use tokio::time::timeout;

use super::Web;
use super::cached::is_known;
use super::files::{PATIENCE, permitted};
use super::graphql::refused;
use crate::access::Permission;
use crate::graphql::RequestError;
use crate::graphql::ids::decode_or_nil;
use crate::graphql::user_error::face;
use crate::photo_packs::Pack;
use crate::platform::failure::Fault;
use crate::platform::texts::Locale;

/// A pack.
const PACK: &str = "application/vnd.liangzheng.photos+cbor";

/// The routes of photo packs.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/photo-packs/{agency}/{part}", get(pack))
}

/// `GET /photo-packs/{agency}/{part}`: the part of an agency's pack, or 304 where the caller has it.
/// That it was taken is recorded; 404 where there is none in what the caller supervises.
async fn pack(
    State(web): State<Web>,
    headers: HeaderMap,
    Path((agency, part)): Path<(String, String)>,
) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::ReadPhotoPacks).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let agency = decode_or_nil::<AgencyId>(&agency);
    let part = part.parse().unwrap_or_default();
    let pack = match Pack::find(&web.platform, &actor, agency, part).await {
        Ok(Some(pack)) => pack,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(fault) => return broken(&fault, locale),
    };
    let tag = pack.tag(&web.platform);
    let known = is_known(&headers, &tag);
    let kept = [
        (header::ETAG, tag),
        // Only for whoever asked, who asks again each time: the permission may have gone.
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
        (header::VARY, "authorization".to_owned()),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, kept).into_response();
    }
    // Its pictures take a core for a second.
    let Ok(Ok(_permit)) = timeout(PATIENCE, web.pictures.acquire()).await else {
        return refused(RequestError::Busy, locale);
    };
    match pack.make(&web.platform, &actor, web.config.public_url()).await {
        Ok(bytes) => (kept, [(header::CONTENT_TYPE, PACK)], bytes).into_response(),
        Err(fault) => broken(&fault, locale),
    }
}

fn broken(fault: &Fault, locale: Locale) -> Response {
    tracing::error!(error = %fault, "a photo pack could not be made");
    refused(face(fault), locale)
}
