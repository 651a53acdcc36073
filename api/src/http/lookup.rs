//! The look-up by number: a form, and its answer by POST, so that neither number nor name comes
//! into an address, a log or a history. Nothing of it is stored; who asks is counted only.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, get};

use super::Web;
use super::address::{Peer, place};
use super::forms::{readable, too_many};
use super::public::{PageLocale, html, links, problem, service_down, verdict};
use crate::platform::texts::Locale;
use crate::verification::error_page::Problem;
use crate::verification::lookup::{Answer, Typed, look_up};
use crate::verification::lookup_page::{LookUpPage, NAME, NUMBER, Sent};

/// Largest form: two fields of 64 characters, each of twelve bytes at most as it is sent.
const FORM: usize = 4096;

/// The form and its answer.
pub(super) fn routes() -> MethodRouter<Web> {
    get(form).post(answer).layer(DefaultBodyLimit::max(FORM))
}

/// The empty form.
async fn form(State(web): State<Web>, PageLocale(locale): PageLocale) -> Response {
    page(&web, StatusCode::OK, locale, None)
}

/// What is found by number and name.
async fn answer(
    State(web): State<Web>,
    PageLocale(locale): PageLocale,
    peer: Peer,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let body = match readable(&web, locale, &headers, body) {
        Ok(body) => body,
        Err(response) => return *response,
    };
    let sent = read(&body);
    let Some(typed) = Typed::read(&sent.number, &sent.name) else {
        return page(&web, StatusCode::UNPROCESSABLE_ENTITY, locale, Some(sent));
    };
    let place = place(&web, peer, &headers);
    match look_up(&web.platform, place, &typed, locale).await {
        Answer::Found(scan) => verdict(&web, locale, *scan),
        Answer::NoMatch => problem(&web, StatusCode::OK, locale, Problem::NoMatch),
        Answer::TooMany { retry_after } => too_many(&web, locale, retry_after),
        Answer::Down => service_down(&web, locale),
    }
}

fn page(web: &Web, status: StatusCode, locale: Locale, sent: Option<Sent>) -> Response {
    html(web, status, locale, LookUpPage { locale, links: links(web, locale), sent }.render())
}

/// The two fields, each as it comes first; others are ignored.
fn read(body: &[u8]) -> Sent {
    let field = |wanted: &str| {
        let mut fields = url::form_urlencoded::parse(body);
        fields.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    Sent { number: field(NUMBER).unwrap_or_default(), name: field(NAME).unwrap_or_default() }
}
