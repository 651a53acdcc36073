//! The record of a showing: a form, and its answer by POST, so that its code comes into no address,
//! log or history. Nothing of it is stored; who asks is counted only.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use tokio::time::timeout;

use super::Web;
use super::address::{Peer, place};
use super::forms::{readable, too_many};
use super::public::{PageLocale, html, links, service_down};
use crate::certification::receipts::{Receipt, receipt};
use crate::credentials::showings::alone_reason;
use crate::platform::clock::local_date;
use crate::platform::spelling::tidy;
use crate::platform::texts::Locale;
use crate::platform::throttle::Allowance;
use crate::verification::lookup::{FROM_ALL, count};
use crate::verification::record_page::{CODE, Content, Record, RecordPage, verdict_then};
use crate::verification::scan::PATIENCE;

/// Largest form: one field of 64 characters, each of twelve bytes at most as it is sent.
const FORM: usize = 1024;

/// The form and its answer.
pub(super) fn routes() -> MethodRouter<Web> {
    get(form).post(answer).layer(DefaultBodyLimit::max(FORM))
}

/// The empty form.
async fn form(State(web): State<Web>, PageLocale(locale): PageLocale) -> Response {
    page(&web, StatusCode::OK, locale, Content::Form)
}

/// What is told of a record.
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
    let sent = url::form_urlencoded::parse(&body)
        .find(|(name, _)| name == CODE)
        .map(|(_, value)| value.into_owned())
        .unwrap_or_default();
    if tidy(&sent).is_empty() {
        let content = Content::Wrong { sent, blank: true };
        return page(&web, StatusCode::UNPROCESSABLE_ENTITY, locale, content);
    }
    let place = place(&web, peer, &headers);
    let allowance = count(&web.platform, "record", place, FROM_ALL).await;
    if let Allowance::TooMany { retry_after } = allowance {
        return too_many(&web, locale, retry_after);
    }
    let found = receipt(web.platform.db.lookups(), &web.platform.secret, &sent);
    match timeout(PATIENCE, found).await {
        Ok(Ok(Some(found))) => {
            page(&web, StatusCode::OK, locale, Content::Found(Box::new(record(found, locale))))
        }
        Ok(Ok(None)) => page(&web, StatusCode::OK, locale, Content::Wrong { sent, blank: false }),
        Ok(Err(error)) => {
            tracing::error!(%error, "a record could not be read");
            service_down(&web, locale)
        }
        Err(_) => {
            tracing::error!("a record was waited for too long");
            service_down(&web, locale)
        }
    }
}

/// What the page tells of it.
fn record(found: Receipt, locale: Locale) -> Record {
    let Receipt { shown, moment, card, standing } = found;
    let validity = (card.valid_from, card.valid_until);
    Record {
        shown_at: moment,
        name: card.name,
        unit: standing.unit.name,
        number: card.number,
        verdict: verdict_then(standing.state, validity, local_date(moment)),
        kind: shown.row.kind,
        alone_reason: alone_reason(&shown.row, locale),
        task: shown.row.task,
        notice_number: shown.row.notice_number,
        second: shown.second.map(|second| (second.name, second.unit)),
    }
}

fn page(web: &Web, status: StatusCode, locale: Locale, content: Content) -> Response {
    html(web, status, locale, RecordPage { locale, links: links(web, locale), content }.render())
}
