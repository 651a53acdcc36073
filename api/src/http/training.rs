//! Workbooks of the training desk over REST: the empty one out, the filled one in, the report out.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use axum::{Json, Router};
use entities::ids::TrainingUploadId;
use serde::Deserialize;
use serde_json::json;

use super::Web;
use super::files::{NotReceived, download, failed, permitted, received};
use super::graphql::refused;
use crate::access::Permission;
use crate::graphql::RequestError;
use crate::graphql::ids::{decode_or_nil, encode};
use crate::imports::reader::{FileError, FileErrorCode};
use crate::platform::failure::Failure;
use crate::training::{Target, TrainingRefusal, uploads};

/// The routes of the training desk.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/training-sessions/{id}/attendance.xlsx", empty(ATTENDANCE, "attendance.xlsx"))
        .route("/training-sessions/{id}/attendance", filled(ATTENDANCE))
        .route("/exam-sittings/{id}/candidates.xlsx", empty(CANDIDATES, "candidates.xlsx"))
        .route("/exam-sittings/{id}/candidates", filled(CANDIDATES))
        .route("/exam-sittings/{id}/results.xlsx", empty(RESULTS, "results.xlsx"))
        .route("/exam-sittings/{id}/results", filled(RESULTS))
        .route("/training-uploads/{id}/report.xlsx", get(report))
}

/// What a workbook is of, by the id in its path.
type Of = fn(&str) -> Target;

const ATTENDANCE: Of = |id| Target::Attendance(decode_or_nil(id));
const CANDIDATES: Of = |id| Target::Candidates(decode_or_nil(id));
const RESULTS: Of = |id| Target::Results(decode_or_nil(id));

/// Hands out the empty workbook.
fn empty(of: Of, name: &'static str) -> MethodRouter<Web> {
    get(move |State(web): State<Web>, headers: HeaderMap, Path(id): Path<String>| async move {
        template(&web, &headers, of(&id), name).await
    })
}

/// Takes the filled one.
fn filled(of: Of) -> MethodRouter<Web> {
    post(
        move |State(web): State<Web>,
              headers: HeaderMap,
              Path(id): Path<String>,
              Query(query): Query<FileQuery>,
              body: Body| async move {
            upload(&web, &headers, of(&id), &query.name, body).await
        },
    )
}

/// What is said of a workbook.
#[derive(Debug, Deserialize)]
struct FileQuery {
    /// Name of the file.
    #[serde(default)]
    name: String,
}

async fn template(web: &Web, headers: &HeaderMap, target: Target, name: &str) -> Response {
    let (actor, locale) = match permitted(web, headers, target.permission()).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    match uploads::template(&web.platform, &actor, target).await {
        Ok(workbook) => download(workbook, name),
        Err(failure) => failed(failure, locale),
    }
}

/// Stages a workbook and answers its id; nothing is entered before `applyTrainingUpload`.
async fn upload(
    web: &Web,
    headers: &HeaderMap,
    target: Target,
    name: &str,
    body: Body,
) -> Response {
    let (actor, locale) = match permitted(web, headers, target.permission()).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let (bytes, _permit) = match received(body, uploads::MOST_BYTES, &web.rosters).await {
        Ok(received) => received,
        Err(NotReceived::Busy) => return refused(RequestError::Busy, locale),
        Err(NotReceived::TooLarge) => {
            let limit = format!("{} MiB", uploads::MOST_BYTES >> 20);
            let error = FileError::new(FileErrorCode::FileTooLarge).arg("limit", limit);
            return failed(Failure::Refused(TrainingRefusal::File(error)), locale);
        }
    };
    match uploads::stage(&web.platform, &actor, target, name, bytes).await {
        Ok(upload) => {
            let body = json!({
                "id": encode(upload.id),
                "total": upload.total,
                "failed": upload.failed,
                "confirmations": upload.confirmations,
                "unchanged": upload.unchanged,
            });
            (StatusCode::CREATED, Json(body)).into_response()
        }
        Err(failure) => failed(failure, locale),
    }
}

/// `GET /training-uploads/{id}/report.xlsx`: each row with what was found, for whoever sent it.
async fn report(State(web): State<Web>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::RecordTraining).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    match uploads::report(&web.platform, &actor, decode_or_nil::<TrainingUploadId>(&id)).await {
        Ok(workbook) => download(workbook, "training-report.xlsx"),
        Err(failure) => failed(failure, locale),
    }
}
