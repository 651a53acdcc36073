//! The form for evaluations and complaints, and what becomes of them by the number of the receipt.
//! What is sent comes by POST; of who sends it nothing is kept, they are counted only.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use axum::routing::{MethodRouter, get};

use super::Web;
use super::address::{Peer, place};
use super::forms::{readable, too_many, wait};
use super::public::{PageLocale, html, links, service_down};
use crate::complaints::rules::{read, read_receipt};
use crate::complaints::{Followed, Received, follow, places, receive, shown};
use crate::platform::failure::Fault;
use crate::platform::texts::Locale;
use crate::verification::feedback_link::{self, About, Form};
use crate::verification::feedback_page::{FeedbackPage, Notice, Shown, Typed, Wrong};
use crate::verification::receipt_page::{AskReceiptPage, RECEIPT, ReceiptPage, Told, WrongNumber};

/// Largest form: 2,300 characters, each of twelve bytes at most as it is sent, and the rest.
const FORM: usize = 32 * 1024;
/// Largest question for a receipt.
const ASKED: usize = 1024;

/// The form without a certificate, and where every form is sent.
pub(super) fn form_routes() -> MethodRouter<Web> {
    get(empty).post(answer).layer(DefaultBodyLimit::max(FORM))
}

/// How far it is that was received under a number.
pub(super) fn receipt_routes() -> MethodRouter<Web> {
    get(ask).post(tell).layer(DefaultBodyLimit::max(ASKED))
}

/// The empty form without a certificate.
async fn empty(State(web): State<Web>, PageLocale(locale): PageLocale) -> Response {
    form(&web, locale, StatusCode::OK, Filled::default()).await
}

/// The empty form about a certificate that was shown.
pub(super) async fn about(
    State(web): State<Web>,
    PageLocale(locale): PageLocale,
    Path(token): Path<String>,
) -> Response {
    let (platform, status) = (&web.platform, StatusCode::GONE);
    let ended = Filled { notice: Some(Notice::Ended), ..Filled::default() };
    match feedback_link::read(&platform.secret, &token, platform.now()) {
        Some(about) => {
            let filled = Filled { about: Some(about), ..Filled::default() };
            form(&web, locale, StatusCode::OK, filled).await
        }
        None => form(&web, locale, status, ended).await,
    }
}

/// What a form is filled with.
#[derive(Default)]
struct Filled {
    about: Option<About>,
    typed: Typed,
    wrong: Vec<Wrong>,
    notice: Option<Notice>,
    /// That of a form that was sent, so that it stays the same one.
    nonce: Option<[u8; 16]>,
}

/// The form, with a token of its own. Where the database does not answer, what was typed is kept all
/// the same.
async fn form(web: &Web, locale: Locale, status: StatusCode, filled: Filled) -> Response {
    let platform = &web.platform;
    let Filled { about, typed, wrong, notice, nonce } = filled;
    let around = match &about {
        Some(about) => shown(platform, about).await.map(|card| (card, Vec::new())),
        None => places(platform).await.map(|places| (None, places)),
    };
    let (card, places) = match around {
        Ok(around) => around,
        Err(fault) => {
            told(&fault);
            if notice != Some(Notice::Down) {
                return service_down(web, locale);
            }
            (None, Vec::new())
        }
    };
    let card = card.map(|c| Shown { name: c.name, unit: c.agency_name, number: c.number });
    let nonce = nonce.unwrap_or_else(|| platform.random.bytes());
    let form = Form { nonce, about: about.filter(|_| card.is_some() || notice.is_some()) };
    let page = FeedbackPage {
        locale,
        links: links(web, locale),
        token: feedback_link::form(&platform.secret, &form, platform.now()),
        about: card,
        places,
        typed,
        wrong,
        notice,
    };
    html(web, status, locale, page.render())
}

fn told(fault: &Fault) {
    tracing::error!(error = %fault, "the form for complaints could not be made");
}

/// Takes what a form says.
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
    let platform = &web.platform;
    let (token, typed) = fields(&body);
    let carried = feedback_link::read_form(&platform.secret, &token, platform.now());
    let Some(carried) = carried else {
        let filled = Filled { typed, notice: Some(Notice::Ended), ..Filled::default() };
        return form(&web, locale, StatusCode::UNPROCESSABLE_ENTITY, filled).await;
    };
    let again = |typed, wrong, notice| Filled {
        about: carried.about,
        typed,
        wrong,
        notice,
        nonce: Some(carried.nonce),
    };
    let sent = match read(&typed, carried.about.is_some()) {
        Ok(sent) => sent,
        Err(wrong) => {
            let filled = again(typed, wrong, None);
            return form(&web, locale, StatusCode::UNPROCESSABLE_ENTITY, filled).await;
        }
    };
    match receive(platform, place(&web, peer, &headers), &carried, &sent).await {
        Received::Under { number, again, standing } => {
            let told = Told::Receipt { number, again, standing };
            let page = ReceiptPage { locale, links: elsewhere(&web, locale), told };
            html(&web, StatusCode::OK, locale, page.render())
        }
        Received::Gone => {
            let filled = Filled { typed, notice: Some(Notice::Ended), ..Filled::default() };
            form(&web, locale, StatusCode::GONE, filled).await
        }
        Received::TooMany { retry_after } => {
            let filled = again(typed, Vec::new(), Some(Notice::TooMany));
            wait(form(&web, locale, StatusCode::TOO_MANY_REQUESTS, filled).await, retry_after)
        }
        Received::Down => {
            let filled = again(typed, Vec::new(), Some(Notice::Down));
            form(&web, locale, StatusCode::SERVICE_UNAVAILABLE, filled).await
        }
    }
}

/// The links of a page that is not the form: in the other language there is none of it, so that one
/// leads to where the receipt is followed.
fn elsewhere(web: &Web, locale: Locale) -> crate::verification::page::Links {
    let mut links = links(web, locale);
    links.other_language = format!("/feedback/receipt{}", links.other_language);
    links
}

/// The token and what was typed, each as it comes first; others are ignored.
fn fields(body: &[u8]) -> (String, Typed) {
    let (mut token, mut typed) = (None, Typed::default());
    let mut seen: Vec<String> = Vec::new();
    for (name, value) in url::form_urlencoded::parse(body) {
        if name == "token" {
            token.get_or_insert_with(|| value.into_owned());
        } else if let Some(field) = typed.field(&name)
            && !seen.iter().any(|seen| *seen == name)
        {
            *field = value.into_owned();
            seen.push(name.into_owned());
        }
    }
    (token.unwrap_or_default(), typed)
}

/// The empty question for a receipt.
async fn ask(State(web): State<Web>, PageLocale(locale): PageLocale) -> Response {
    asked(&web, locale, StatusCode::OK, String::new(), None)
}

fn asked(
    web: &Web,
    locale: Locale,
    status: StatusCode,
    typed: String,
    wrong: Option<WrongNumber>,
) -> Response {
    let page = AskReceiptPage { locale, links: links(web, locale), typed, wrong };
    html(web, status, locale, page.render())
}

/// How far it is.
async fn tell(
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
    let mut typed = url::form_urlencoded::parse(&body).filter(|(name, _)| name == RECEIPT);
    let typed = typed.next().map(|(_, value)| value.into_owned()).unwrap_or_default();
    let receipt = match read_receipt(&typed) {
        Ok(receipt) => receipt,
        Err(wrong) => {
            return asked(&web, locale, StatusCode::UNPROCESSABLE_ENTITY, typed, Some(wrong));
        }
    };
    let told = match follow(&web.platform, place(&web, peer, &headers), &receipt).await {
        Followed::Found(standing) => Told::Standing(standing),
        Followed::None => Told::None,
        Followed::TooMany { retry_after } => return too_many(&web, locale, retry_after),
        Followed::Down => return service_down(&web, locale),
    };
    let page = ReceiptPage { locale, links: elsewhere(&web, locale), told };
    html(&web, StatusCode::OK, locale, page.render())
}
