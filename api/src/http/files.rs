//! Files over REST, for signed-in accounts: rosters in, reports and templates out, photos in,
//! codes out. Refusals have the shape of GraphQL's user errors.

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post, put};
use axum::{Json, Router};
use entities::enums::ImportMode;
use entities::ids::{CertificateId, ImportBatchId, PersonId};
use serde::Deserialize;
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};

use super::Web;
use super::graphql::{caller, refused};
use crate::access::{self, Permission};
use crate::credentials;
use crate::credentials::qr::{self, VersionLimit};
use crate::graphql::ids::{decode_or_nil, encode};
use crate::graphql::user_error::face;
use crate::graphql::{RequestError, UserError};
use crate::imports;
use crate::imports::reader::{FileError, FileErrorCode};
use crate::officers::{self, NewPhoto, photo};
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::Locale;

/// Largest roster, in bytes; what is in it is limited by the reader.
const ROSTER: usize = 64 << 20;
/// Largest scale of a picture of a code; a card's needs 8.
const MOST_SCALE: u32 = 32;
/// Longest wait for a place and for a body.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);
/// The media type of a workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The routes of files.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/imports", post(upload_roster))
        .route("/imports/template.xlsx", get(roster_template))
        .route("/imports/{id}/report.xlsx", get(import_report))
        .route("/certificates/{id}/{file}", get(code_picture))
        .route("/officers/{id}/photo", put(upload_photo).get(officer_photo))
}

/// A code as a picture.
#[derive(Debug, Deserialize)]
struct CodeQuery {
    /// Pixels of a module, 1–32; for SVG, units.
    scale: Option<u32>,
}

/// `GET /certificates/{id}/code.png` and `code.svg`: the printed code of a certificate, for whoever
/// may read it. The quiet zone is part of the picture.
async fn code_picture(
    State(web): State<Web>,
    headers: HeaderMap,
    Path((id, file)): Path<(String, String)>,
    Query(query): Query<CodeQuery>,
) -> Response {
    // Whoever has a code can print a card: only who issues or hands over gets it.
    let (actor, locale) = match permitted(&web, &headers, Permission::PrintCodes).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let scope = access::Scope::of(&actor, Permission::PrintCodes);
    let certificate = decode_or_nil::<CertificateId>(&id);
    let digits = match credentials::newest_code(web.platform.db.read(), &scope, certificate).await {
        Ok(Some(digits)) => digits,
        Ok(None) => return StatusCode::NOT_FOUND.into_response(),
        Err(fault) => return failed(Failure::<qr::QrError>::Fault(fault), locale),
    };
    let prefix = web.config.code_prefix();
    let scale = query.scale.unwrap_or(8);
    if scale > MOST_SCALE {
        return failed(Failure::Refused(qr::QrError::ScaleOutOfRange), locale);
    }
    // Drawing takes milliseconds of a core.
    let drawn = tokio::task::spawn_blocking(move || {
        let code = qr::draw(&prefix, &digits, VersionLimit::Printed)?;
        match file.as_str() {
            "code.png" => Ok(Some(("image/png", code.to_png(scale)?))),
            "code.svg" => Ok(Some(("image/svg+xml", code.to_svg(scale)?.into_bytes()))),
            _ => Ok::<_, qr::QrError>(None),
        }
    })
    .await;
    match drawn {
        Ok(Ok(Some((kind, bytes)))) => {
            ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "private, max-age=600")], bytes)
                .into_response()
        }
        Ok(Ok(None)) => StatusCode::NOT_FOUND.into_response(),
        Ok(Err(error)) => failed(Failure::Refused(error), locale),
        Err(error) => {
            tracing::error!(%error, "a code could not be drawn");
            refused(RequestError::Internal, locale)
        }
    }
}

/// Who asks, with the permission; otherwise the answer.
pub(super) async fn permitted(
    web: &Web,
    headers: &HeaderMap,
    permission: Permission,
) -> Result<(Actor, Locale), Box<Response>> {
    let caller = caller(web, headers).await?;
    let denied = match &caller.actor {
        None => access::Denied::Unauthenticated,
        Some(actor) => match access::check(actor, permission, web.platform.now()) {
            Ok(()) => return Ok((actor.clone(), caller.locale)),
            Err(denied) => denied,
        },
    };
    Err(Box::new(refused(denied.into(), caller.locale)))
}

/// A use-case's failure as an answer.
pub(super) fn failed<R: Refusal>(failure: Failure<R>, locale: Locale) -> Response {
    match failure {
        Failure::Refused(refusal) => refused_all(&[refusal], locale),
        Failure::Fault(fault) => {
            tracing::error!(error = %fault, "a request failed");
            refused(face(&fault), locale)
        }
    }
}

/// Refusals as an answer: not found where all of them say so.
pub(super) fn refused_all<R: Refusal>(refusals: &[R], locale: Locale) -> Response {
    let status = if refusals.iter().all(|refusal| refusal.code().ends_with("NOT_FOUND")) {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let errors: Vec<_> = refusals
        .iter()
        .map(|refusal| {
            let UserError { code, field, message } = UserError::of(refusal, locale);
            json!({ "code": code, "field": field, "message": message })
        })
        .collect();
    (status, Json(json!({ "userErrors": errors }))).into_response()
}

/// Why a body was not taken.
pub(super) enum NotReceived {
    /// Others send already, or this one takes too long.
    Busy,
    /// It is larger than allowed.
    TooLarge,
}

/// Reads a body of at most `limit` bytes, only a few at once and none for longer than two minutes:
/// whoever sends is signed in already, so nobody else can fill the memory.
pub(super) async fn received(
    body: Body,
    limit: usize,
    places: &Semaphore,
) -> Result<(Vec<u8>, SemaphorePermit<'_>), NotReceived> {
    let permit = tokio::time::timeout(PATIENCE, places.acquire()).await;
    let Ok(Ok(permit)) = permit else { return Err(NotReceived::Busy) };
    match body_of(body, limit).await {
        Ok(bytes) => Ok((bytes.into(), permit)),
        Err(RequestError::BodyTooLarge) => Err(NotReceived::TooLarge),
        Err(_) => Err(NotReceived::Busy),
    }
}

/// Reads a short body of at most `limit` bytes.
pub(super) async fn body_of(body: Body, limit: usize) -> Result<Bytes, RequestError> {
    match tokio::time::timeout(PATIENCE, to_bytes(body, limit)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(RequestError::BodyTooLarge),
        Err(_) => Err(RequestError::Busy),
    }
}

/// A place among those who do the same at once; otherwise the answer.
pub(super) async fn place(
    places: &Arc<Semaphore>,
    locale: Locale,
) -> Result<OwnedSemaphorePermit, Box<Response>> {
    match tokio::time::timeout(PATIENCE, Arc::clone(places).acquire_owned()).await {
        Ok(Ok(place)) => Ok(place),
        _ => Err(Box::new(refused(RequestError::Busy, locale))),
    }
}

/// How a roster is to be taken.
#[derive(Debug, Deserialize)]
struct RosterQuery {
    /// Name of the file.
    #[serde(default)]
    name: String,
    /// `ALL_OR_NOTHING`, or `ATOMIC_ROW` where nothing is said.
    mode: Option<String>,
}

/// `POST /imports?name=…&mode=…` with the file as the body: stages it and answers its id. Nothing
/// is applied before `applyImport`: staging is the dry run.
async fn upload_roster(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(query): Query<RosterQuery>,
    body: Body,
) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::ImportRoster).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let too_large = FileError::new(FileErrorCode::FileTooLarge).arg("limit", "64 MiB");
    let (bytes, _permit) = match received(body, ROSTER, &web.rosters).await {
        Ok(received) => received,
        Err(NotReceived::Busy) => return refused(RequestError::Busy, locale),
        Err(NotReceived::TooLarge) => {
            return failed(Failure::Refused(imports::ImportRefusal::File(too_large)), locale);
        }
    };
    let mode = match query.mode.as_deref() {
        None => ImportMode::AtomicRow,
        Some(word) => match ImportMode::from_code(word) {
            Some(mode) => mode,
            None => return refused(RequestError::ModeUnknown, locale),
        },
    };
    let staged = imports::stage(&web.platform, &actor, &query.name, bytes, mode, &|_, _| ()).await;
    match staged {
        Ok(batch) => (
            StatusCode::CREATED,
            Json(json!({
                "id": encode(batch.id),
                "total": batch.total,
                "failed": batch.failed,
                "confirmations": batch.confirmations,
            })),
        )
            .into_response(),
        Err(failure) => failed(failure, locale),
    }
}

async fn roster_template(State(web): State<Web>, headers: HeaderMap) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::ImportRoster).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    match imports::template(&web.platform, &actor).await {
        Ok(workbook) => download(workbook, "roster-template.xlsx"),
        Err(failure) => failed(failure, locale),
    }
}

async fn import_report(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::ImportRoster).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let id = decode_or_nil::<ImportBatchId>(&id);
    match imports::report(&web.platform, &actor, id).await {
        Ok(workbook) => download(workbook, "roster-report.xlsx"),
        Err(failure) => failed(failure, locale),
    }
}

/// `PUT /officers/{id}/photo` with the picture as the body.
async fn upload_photo(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Body,
) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::UploadPhotos).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let declared =
        headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let (bytes, _permit) = match received(body, photo::MAX_UPLOAD_BYTES, &web.pictures).await {
        Ok(received) => received,
        Err(NotReceived::Busy) => return refused(RequestError::Busy, locale),
        Err(NotReceived::TooLarge) => {
            return failed(Failure::Refused(photo::PhotoError::TooHeavy), locale);
        }
    };
    let processed =
        tokio::task::spawn_blocking(move || photo::process(&bytes, declared.as_deref())).await;
    let processed = match processed {
        Ok(Ok(processed)) => processed,
        Ok(Err(error)) => return failed(Failure::Refused(error), locale),
        Err(error) => {
            tracing::error!(%error, "a photo could not be processed");
            return refused(RequestError::Internal, locale);
        }
    };
    let person = decode_or_nil::<PersonId>(&id);
    let sha256 = hex::encode(processed.sha256);
    let new = NewPhoto { person, jpeg: processed.jpeg, sha256: processed.sha256 };
    match officers::attach_photo(&web.platform, &actor, new).await {
        Ok(_) => (StatusCode::OK, Json(json!({ "sha256": sha256 }))).into_response(),
        Err(failure) => failed(failure, locale),
    }
}

/// The photo of a person, for whoever may read people. That it was read is recorded.
async fn officer_photo(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::ReadOfficers).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let person = decode_or_nil::<PersonId>(&id);
    match officers::read_photo(&web.platform, &actor, person).await {
        Ok(Some(photo)) => (
            [(header::CONTENT_TYPE, photo.media_type), (header::CACHE_CONTROL, "no-store".into())],
            photo.bytes,
        )
            .into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => failed(Failure::<photo::PhotoError>::Fault(fault), locale),
    }
}

pub(super) fn download(bytes: Vec<u8>, name: &str) -> Response {
    (attachment(XLSX, name), bytes).into_response()
}

/// The headers of a file that is kept, and not shown.
pub(super) fn attachment(kind: &'static str, name: &str) -> [(header::HeaderName, String); 3] {
    [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ]
}
