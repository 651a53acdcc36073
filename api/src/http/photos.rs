//! Photos of many people in one ZIP over REST: the ZIP in, what would be cut and the report out.

use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use entities::ids::PhotoBatchId;
use futures::StreamExt;
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest, Sha256};
use std::path::Path as Folder;
use std::time::Duration;
use tokio::io::AsyncWriteExt;

use super::Web;
use super::files::{download, failed, permitted, place};
use super::graphql::refused;
use crate::access::Permission;
use crate::graphql::RequestError;
use crate::graphql::ids::{decode_or_nil, encode};
use crate::photos::{self, Opened, PhotosRefusal, Received, archive};
use crate::platform::failure::{Failure, Fault};
use crate::platform::files::unnamed_file;

/// Longest silence of whoever sends a ZIP.
const SILENCE: Duration = Duration::from_secs(30);
/// Longest time a whole ZIP may take: a place is not held by trickling.
const LONGEST: Duration = Duration::from_hours(1);

/// The routes of photos in one ZIP.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/photos", post(upload))
        .route("/photos/{id}/report.xlsx", get(report))
        .route("/photos/{id}/{row}/preview.jpg", get(preview))
}

/// What is said of a ZIP.
#[derive(Debug, Deserialize)]
struct ZipQuery {
    /// Name of the file.
    #[serde(default)]
    name: String,
}

/// `POST /photos?name=…` with the ZIP as the body: answers its id as soon as its list of files was
/// read. They are looked at after that, which takes minutes where there are thousands; nothing is
/// attached before `applyPhotos`.
async fn upload(
    State(web): State<Web>,
    headers: HeaderMap,
    Query(query): Query<ZipQuery>,
    body: Body,
) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::UploadPhotos).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let place = match place(&web.archives, locale).await {
        Ok(place) => place,
        Err(response) => return *response,
    };
    let received = tokio::time::timeout(LONGEST, received(body, &web.config.data_dir)).await;
    let opened = match received.unwrap_or(Err(NotReceived::Slow)) {
        Ok(received) => photos::open(&web.platform, &actor, &query.name, received).await,
        Err(NotReceived::Slow) => return refused(RequestError::Busy, locale),
        Err(NotReceived::Broken) => return refused(RequestError::BodyUnreadable, locale),
        Err(NotReceived::Failed(failure)) => Err(failure),
    };
    let batch = match opened {
        Ok(Opened::UnderWay(batch)) => batch,
        Ok(Opened::New(staging)) => {
            let batch = staging.batch().clone();
            let pictures = web.pictures.clone();
            tokio::spawn(async move {
                // Nobody waits for this answer: what became of it stands in the batch.
                match staging.run(pictures, &|_, _| {}).await {
                    Ok(_) => {}
                    Err(Failure::Refused(refusal)) => {
                        tracing::warn!(?refusal, "photos were not staged to their end");
                    }
                    Err(Failure::Fault(fault)) => {
                        tracing::error!(error = %fault, "photos could not be staged");
                    }
                }
                drop(place);
            });
            batch
        }
        Err(failure) => return failed(failure, locale),
    };
    let body = json!({ "id": encode(batch.id), "files": batch.files });
    (StatusCode::ACCEPTED, Json(body)).into_response()
}

/// Why a ZIP was not received.
enum NotReceived {
    /// Nothing came any more, or it takes too long.
    Slow,
    /// The connection ended in the middle.
    Broken,
    /// It is too large, or cannot be kept.
    Failed(Failure<PhotosRefusal>),
}

/// Writes a body into a file without a name in the data folder: it is gone with the last who reads
/// it, however the process ends.
async fn received(body: Body, folder: &Folder) -> Result<Received, NotReceived> {
    let kept =
        |error: std::io::Error| NotReceived::Failed(Fault::other(format!("a ZIP: {error}")).into());
    let mut file = tokio::fs::File::from_std(unnamed_file(folder).map_err(kept)?);
    let (mut hash, mut length) = (Sha256::new(), 0);
    let mut body = body.into_data_stream();
    loop {
        let part = match tokio::time::timeout(SILENCE, body.next()).await {
            Ok(None) => break,
            Ok(Some(Ok(part))) => part,
            Ok(Some(Err(_))) => return Err(NotReceived::Broken),
            Err(_) => return Err(NotReceived::Slow),
        };
        length += u64::try_from(part.len()).unwrap_or(u64::MAX);
        if length > archive::MOST_BYTES {
            let limit = archive::limit();
            return Err(NotReceived::Failed(PhotosRefusal::TooLarge { limit }.into()));
        }
        hash.update(&part);
        file.write_all(&part).await.map_err(kept)?;
    }
    file.flush().await.map_err(kept)?;
    Ok(Received { file: file.into_std().await, sha256: hash.finalize().into() })
}

/// `GET /photos/{id}/{row}/preview.jpg`: the photo that a file would become.
async fn preview(
    State(web): State<Web>,
    headers: HeaderMap,
    Path((id, row)): Path<(String, String)>,
) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::UploadPhotos).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let id = decode_or_nil::<PhotoBatchId>(&id);
    let row = row.parse().unwrap_or_default();
    match photos::preview(&web.platform, &actor, id, row).await {
        Ok(Some(jpeg)) => {
            ([(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "no-store")], jpeg)
                .into_response()
        }
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(fault) => failed(Failure::<PhotosRefusal>::Fault(fault), locale),
    }
}

/// `GET /photos/{id}/report.xlsx`: what became of each file.
async fn report(State(web): State<Web>, headers: HeaderMap, Path(id): Path<String>) -> Response {
    let (actor, locale) = match permitted(&web, &headers, Permission::UploadPhotos).await {
        Ok(permitted) => permitted,
        Err(response) => return *response,
    };
    let id = decode_or_nil::<PhotoBatchId>(&id);
    match photos::report(&web.platform, &actor, id).await {
        Ok(workbook) => download(workbook, "photos-report.xlsx"),
        Err(failure) => failed(failure, locale),
    }
}
