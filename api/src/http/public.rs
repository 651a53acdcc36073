//! The public pages: a scan, the help page, photos. Nothing of a request is stored or logged but
//! the route's template.

use std::convert::Infallible;

use axum::body::Body;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use entities::blob;
use sea_orm::EntityTrait;

use super::Web;
use crate::platform::texts::Locale;
use crate::verification::error_page::{ErrorPage, Problem};
use crate::verification::headers::page_headers;
use crate::verification::help::HelpPage;
use crate::verification::page::{Links, VerdictPage};
use crate::verification::photo_url;
use crate::verification::scan::Scan;
use crate::verification::shown_verdict::ShownVerdict;

/// The language of a page: that of the link `?lang=`, else what the browser prefers. Any other
/// query is ignored.
pub(super) struct PageLocale(pub(super) Locale);

impl<S: Sync> FromRequestParts<S> for PageLocale {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let preferred = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
        Ok(Self(match parts.uri.query() {
            Some("lang=en") => Locale::En,
            Some("lang=zh-CN") => Locale::ZhCn,
            _ => Locale::from_accept_language(preferred),
        }))
    }
}

/// `/v/DIGITS`: what the code on a card opens.
pub(super) async fn scan(
    State(web): State<Web>,
    PageLocale(locale): PageLocale,
    method: Method,
    uri: Uri,
) -> Response {
    // The path as it was sent: whatever it holds, it has a verdict.
    let scanned = uri.path().strip_prefix("/v/").unwrap_or_default();
    // Who asks for the head alone looks at nothing: it is no showing, and nobody was shown anything.
    let counts = method != Method::HEAD;
    let scan = web.scanner.scan(&web.platform, scanned, locale, counts).await;
    web.platform.metrics.scanned(scan.verdict.code());
    if counts && let Some(showing) = &scan.showing {
        showing.note(&web.platform);
    }
    verdict(&web, locale, scan)
}

/// That the service is down, whatever was asked for.
pub(super) fn service_down(web: &Web, locale: Locale) -> Response {
    verdict(web, locale, Scan::service_down(web.platform.now()))
}

/// The page of a verdict.
pub(super) fn verdict(web: &Web, locale: Locale, scan: Scan) -> Response {
    let status = match scan.verdict {
        ShownVerdict::StatusUnknown | ShownVerdict::ServiceDown => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::OK,
    };
    let page = VerdictPage {
        locale,
        verdict: scan.verdict,
        card: scan.card,
        code: scan.code,
        checked_at: scan.checked_at,
        supervision_phone: web.supervision_phone.get().cloned(),
        links: links(web, locale),
        showing: scan.showing,
    };
    html(web, status, locale, page.render())
}

/// The help page.
pub(super) async fn help(State(web): State<Web>, PageLocale(locale): PageLocale) -> Response {
    html(&web, StatusCode::OK, locale, HelpPage { locale, links: links(&web, locale) }.render())
}

/// Any other path.
pub(super) async fn not_found(State(web): State<Web>, PageLocale(locale): PageLocale) -> Response {
    problem(&web, StatusCode::NOT_FOUND, locale, Problem::NotFound)
}

/// The page of what is no verdict.
pub(super) fn problem(web: &Web, status: StatusCode, locale: Locale, problem: Problem) -> Response {
    let page = ErrorPage { locale, problem, links: links(web, locale) };
    html(web, status, locale, page.render())
}

/// A photo by its signed address.
pub(super) async fn photo(
    State(web): State<Web>,
    Path((hash, until, signature)): Path<(String, String, String)>,
) -> Response {
    let platform = &web.platform;
    let now = platform.now();
    let Some(hash) = photo_url::verify(&platform.secret, &hash, &until, &signature, now) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match blob::Entity::find_by_id(hash).one(platform.db.read()).await {
        Ok(Some(photo)) => (
            [
                (header::CONTENT_TYPE, photo.media_type),
                (header::CACHE_CONTROL, "no-store".to_owned()),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
                (header::REFERRER_POLICY, "no-referrer".to_owned()),
                (HeaderName::from_static("x-robots-tag"), "noindex".to_owned()),
            ],
            Body::from(photo.bytes),
        )
            .into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a photo could not be read");
            StatusCode::SERVICE_UNAVAILABLE.into_response()
        }
    }
}

/// Browsers ask for it by themselves; there is none.
pub(super) async fn favicon() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// Links are built from the public address. The other language is a relative link: the digits
/// need not be repeated in the page.
pub(super) fn links(web: &Web, locale: Locale) -> Links {
    let other = match locale {
        Locale::ZhCn => Locale::En,
        Locale::En => Locale::ZhCn,
    };
    Links {
        public_url: web.config.public_url().to_owned(),
        other_language: format!("?lang={}", other.tag()),
        help: format!("/help?lang={}", locale.tag()),
        lookup: format!("/lookup?lang={}", locale.tag()),
        feedback: format!("/feedback?lang={}", locale.tag()),
        receipt: format!("/feedback/receipt?lang={}", locale.tag()),
        record: format!("/record?lang={}", locale.tag()),
    }
}

/// A page with its headers.
pub(super) fn html(web: &Web, status: StatusCode, locale: Locale, page: String) -> Response {
    let mut response = (status, page).into_response();
    let https = web.config.public_url().starts_with("https:");
    for (name, value) in page_headers(locale, https) {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response
}
