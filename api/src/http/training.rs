//! Workbooks of the training desk over REST: the empty one out, the filled one in, the report out.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use entities::ids::{ExamSittingId, TrainingSessionId, TrainingUploadId};
use serde::Deserialize;
use serde_json::json;

use super::Web;
use super::files::{NotReceived, download, failed, permitted, received};
use super::graphql::refused;
use crate::access::Permission;
use crate::graphql::RequestError;
use crate::graphql::ids::{NodeId, decode, encode};
use crate::imports::reader::{FileError, FileErrorCode};
use crate::platform::failure::Failure;
use crate::training::{Target, TrainingRefusal, uploads};

/// The routes of the training desk.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/training-sessions/{id}/attendance.xlsx", get(attendance_template))
        .route("/training-sessions/{id}/attendance", post(attendance))
        .route("/exam-sittings/{id}/candidates.xlsx", get(candidates_template))
        .route("/exam-sittings/{id}/candidates", post(candidates))
        .route("/exam-sittings/{id}/results.xlsx", get(results_template))
        .route("/exam-sittings/{id}/results", post(results))
        .route("/training-uploads/{id}/report.xlsx", get(report))
}

/// What is said of a workbook.
#[derive(Debug, Deserialize)]
struct FileQuery {
    /// Name of the file.
    #[serde(default)]
    name: String,
}

/// The id of a path; one that no row has where it is none.
fn typed<T: NodeId>(id: &str) -> T {
    decode(id).unwrap_or_else(|| T::from(uuid::Uuid::nil()))
}

async fn attendance_template(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let target = Target::Attendance(typed::<TrainingSessionId>(&id));
    template(&web, &headers, Permission::RecordTraining, target, "attendance.xlsx").await
}

async fn candidates_template(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let target = Target::Candidates(typed::<ExamSittingId>(&id));
    template(&web, &headers, Permission::RecordExams, target, "candidates.xlsx").await
}

async fn results_template(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let target = Target::Results(typed::<ExamSittingId>(&id));
    template(&web, &headers, Permission::RecordExams, target, "results.xlsx").await
}

async fn template(
    web: &Web,
    headers: &HeaderMap,
    permission: Permission,
    target: Target,
    name: &str,
) -> Response {
    let (actor, locale) = match permitted(web, headers, permission).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    match uploads::template(&web.platform, &actor, target).await {
        Ok(workbook) => download(workbook, name),
        Err(failure) => failed(failure, locale),
    }
}

async fn attendance(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<FileQuery>,
    body: Body,
) -> Response {
    let target = Target::Attendance(typed::<TrainingSessionId>(&id));
    upload(&web, &headers, Permission::RecordTraining, target, &query.name, body).await
}

async fn candidates(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<FileQuery>,
    body: Body,
) -> Response {
    let target = Target::Candidates(typed::<ExamSittingId>(&id));
    upload(&web, &headers, Permission::RecordExams, target, &query.name, body).await
}

async fn results(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Query<FileQuery>,
    body: Body,
) -> Response {
    let target = Target::Results(typed::<ExamSittingId>(&id));
    upload(&web, &headers, Permission::RecordExams, target, &query.name, body).await
}

/// Stages a workbook and answers its id; nothing is entered before `applyTrainingUpload`.
async fn upload(
    web: &Web,
    headers: &HeaderMap,
    permission: Permission,
    target: Target,
    name: &str,
    body: Body,
) -> Response {
    let (actor, locale) = match permitted(web, headers, permission).await {
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
    match uploads::report(&web.platform, &actor, typed::<TrainingUploadId>(&id)).await {
        Ok(workbook) => download(workbook, "training-report.xlsx"),
        Err(failure) => failed(failure, locale),
    }
}
