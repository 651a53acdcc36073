//! Cards over REST: one as a PDF, a batch as sheets or as what a card printer's works takes.
//! Batches are written while they are sent, a few at once.

use std::io::{self, Write};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::NaiveDate;
use entities::ids::CertificateId;
use futures::stream;
use serde::Deserialize;
use tokio::runtime::Handle;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::Web;
use super::files::{PATIENCE, attachment, body_of, permitted, place, refused_all};
use super::graphql::refused;
use crate::access::Permission;
use crate::credentials::printing::{self, Batch, CardRefusal, Choice, Form};
use crate::graphql::RequestError;
use crate::graphql::ids::decode;
use crate::graphql::user_error::face;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Fault};
use crate::platform::texts::Locale;

/// Largest selection, in bytes; 2,000 ids are 84 KB.
const SELECTION: usize = 256 * 1024;
/// Characters of an id; of what is none no more is told back.
const ID: usize = 37;
/// Bytes of a piece that is sent.
const PIECE: usize = 64 * 1024;
/// Pieces that wait for the reader.
const PIECES: usize = 4;
const PDF: &str = "application/pdf";
const ZIP: &str = "application/zip";

/// The routes of cards.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/certificates/{id}/card.pdf", get(card))
        .route("/cards/sheets.pdf", post(sheets))
        .route("/cards/sheets.zip", post(sheets_in_parts))
        .route("/cards/works.zip", post(works))
}

/// `GET /certificates/{id}/card.pdf`: both sides of one card. That it was drawn is recorded.
async fn card(State(web): State<Web>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::PrintCodes).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let choice = match chosen(&[id]) {
        Ok(choice) => choice,
        Err(refusals) => return refused_all(&refusals, locale),
    };
    let (batch, place) = match prepared(&web, &actor, locale, &choice, Form::Card).await {
        Ok(prepared) => prepared,
        Err(response) => return *response,
    };
    whole(&web, batch, place, locale, "card.pdf", Batch::card).await
}

/// `POST /cards/sheets.pdf`: sheets of A4 in one document.
async fn sheets(State(web): State<Web>, headers: HeaderMap, body: Body) -> Response {
    match selected(&web, &headers, body, Form::Sheets).await {
        Ok((batch, place, locale)) => {
            whole(&web, batch, place, locale, "cards.pdf", Batch::sheets).await
        }
        Err(response) => *response,
    }
}

/// `POST /cards/sheets.zip`: sheets of A4, a document for each stack of paper.
async fn sheets_in_parts(State(web): State<Web>, headers: HeaderMap, body: Body) -> Response {
    match selected(&web, &headers, body, Form::SheetsInParts).await {
        Ok((batch, place, _)) => {
            written(&web, batch, place, "cards-sheets.zip", |batch, platform, out| {
                batch.sheets_in_parts(platform, out)
            })
        }
        Err(response) => *response,
    }
}

/// `POST /cards/works.zip`: a workbook, photos and codes.
async fn works(State(web): State<Web>, headers: HeaderMap, body: Body) -> Response {
    match selected(&web, &headers, body, Form::Works).await {
        Ok((batch, place, _)) => {
            written(&web, batch, place, "cards-works.zip", |batch, platform, out| {
                batch.works(platform, out)
            })
        }
        Err(response) => *response,
    }
}

/// Which cards: either ids, or a day of issue and perhaps a unit.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Selection {
    ids: Option<Vec<String>>,
    agency_id: Option<String>,
    issued_since: Option<NaiveDate>,
}

impl Selection {
    /// `None` where it says neither or both.
    fn choice(self) -> Option<Result<Choice, Vec<CardRefusal>>> {
        match self {
            Self { ids: Some(ids), agency_id: None, issued_since: None } => Some(chosen(&ids)),
            Self { ids: None, agency_id, issued_since: Some(since) } => {
                let agency = match agency_id.as_deref().map(decode) {
                    // No agency has such an id, so nothing was issued for it.
                    Some(None) => return Some(Err(vec![CardRefusal::NothingSelected])),
                    Some(agency) => agency,
                    None => None,
                };
                Some(Ok(Choice::Issued { agency, since }))
            }
            _ => None,
        }
    }
}

/// The certificates of these ids.
fn chosen(ids: &[String]) -> Result<Choice, Vec<CardRefusal>> {
    let decoded: Result<Vec<CertificateId>, &String> =
        ids.iter().map(|id| decode(id).ok_or(id)).collect();
    let unknown = |id: &String| CardRefusal::NotFound { id: id.chars().take(ID).collect() };
    decoded.map(Choice::These).map_err(|id| vec![unknown(id)])
}

async fn selected(
    web: &Web,
    headers: &HeaderMap,
    body: Body,
    form: Form,
) -> Result<(Batch, OwnedSemaphorePermit, Locale), Box<Response>> {
    let (actor, locale) = permitted(web, headers, Permission::PrintCodes).await?;
    let body = body_of(body, SELECTION).await.map_err(|error| Box::new(refused(error, locale)))?;
    let invalid = || Box::new(refused(RequestError::SelectionInvalid, locale));
    let selection: Selection = serde_json::from_slice(&body).map_err(|_| invalid())?;
    let choice = selection.choice().ok_or_else(invalid)?;
    let choice = choice.map_err(|refusals| Box::new(refused_all(&refusals, locale)))?;
    let (batch, place) = prepared(web, &actor, locale, &choice, form).await?;
    Ok((batch, place, locale))
}

/// The checked batch and a place to write it.
async fn prepared(
    web: &Web,
    actor: &Actor,
    locale: Locale,
    choice: &Choice,
    form: Form,
) -> Result<(Batch, OwnedSemaphorePermit), Box<Response>> {
    let place = place(&web.cards, locale).await?;
    match printing::prepare(&web.platform, actor, &web.press, choice, form).await {
        Ok(batch) => Ok((batch, place)),
        Err(Failure::Refused(refusals)) => Err(Box::new(refused_all(&refusals, locale))),
        Err(Failure::Fault(fault)) => Err(Box::new(broken(&fault, locale))),
    }
}

fn broken(fault: &Fault, locale: Locale) -> Response {
    tracing::error!(error = %fault, "cards could not be drawn");
    refused(face(fault), locale)
}

/// A document that is answered whole.
async fn whole(
    web: &Web,
    batch: Batch,
    place: OwnedSemaphorePermit,
    locale: Locale,
    name: &str,
    draw: fn(&Batch, &Platform) -> Result<Vec<u8>, Fault>,
) -> Response {
    let platform = web.platform.clone();
    let drawn = tokio::task::spawn_blocking(move || {
        let _place = place;
        draw(&batch, &platform)
    });
    match drawn.await.map_err(Fault::other).flatten() {
        Ok(document) => (attachment(PDF, name), document).into_response(),
        Err(fault) => broken(&fault, locale),
    }
}

/// A file that is sent while it is written. Where writing fails the answer breaks off, which a
/// client notices: a ZIP's directory comes last.
fn written(
    web: &Web,
    batch: Batch,
    place: OwnedSemaphorePermit,
    name: &str,
    write: fn(&Batch, &Platform, Pipe) -> Result<(), Fault>,
) -> Response {
    let (sender, receiver) = mpsc::channel(PIECES);
    let platform = web.platform.clone();
    tokio::task::spawn_blocking(move || {
        let _place = place;
        let pipe = Pipe { sender: sender.clone(), piece: Vec::with_capacity(PIECE) };
        if let Err(fault) = write(&batch, &platform, pipe) {
            // Whoever left does not read why.
            if !sender.is_closed() {
                tracing::error!(error = %fault, "cards could not be written");
                let _ = sender.blocking_send(Err(io::Error::other("broken off")));
            }
        }
    });
    let pieces = stream::unfold(receiver, |mut receiver| async {
        receiver.recv().await.map(|piece| (piece, receiver))
    });
    (attachment(ZIP, name), Body::from_stream(pieces)).into_response()
}

/// Where a file is written, on a thread of its own, to be sent in pieces.
struct Pipe {
    sender: mpsc::Sender<io::Result<Bytes>>,
    piece: Vec<u8>,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    /// Sends the piece; a reader that takes nothing for too long is given up.
    fn flush(&mut self) -> io::Result<()> {
        if self.piece.is_empty() {
            return Ok(());
        }
        let piece = std::mem::replace(&mut self.piece, Vec::with_capacity(PIECE));
        let sent = tokio::time::timeout(PATIENCE, self.sender.send(Ok(piece.into())));
        match Handle::current().block_on(sent) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(io::ErrorKind::BrokenPipe.into()),
            Err(_) => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}
