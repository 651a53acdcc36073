//! Lists as files over REST, and the evidence file of an officer. What is asked for goes in the
//! body: names and purposes have no place in an address, which others log.

use std::fs::File;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use entities::enums::ExportFormat;
use entities::ids::PersonId;
use futures::stream;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::io::AsyncReadExt;

use super::Web;
use super::export_filters::{
    Accounts, Agencies, AgencyYears, Applications, Attendance, AuditLog, Candidates, Certificates,
    Changes, Existing, Filter, OfficerYears, Officers, Qualifications, Sessions, Sittings,
    Standings,
};
use super::files::{XLSX, attachment, body_of, failed, permitted, place};
use super::graphql::refused;
use crate::access::{self, Permission};
use crate::exports::evidence::{self, Bounds, Form};
use crate::exports::{self, Exported, Purpose, Request};
use crate::graphql::RequestError;
use crate::graphql::ids::decode_or_nil;
use crate::platform::actor::Actor;
use crate::platform::failure::Failure;
use crate::platform::texts::Locale;

/// Largest body.
const ASKED: usize = 16 * 1024;
/// Bytes sent at once.
const PIECE: usize = 64 * 1024;
const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json";
const PDF: &str = "application/pdf";

/// The routes of exports.
pub(super) fn routes() -> Router<Web> {
    use ExportFormat::{Csv, Json, Pdf, Xlsx};
    Router::new()
        .route("/exports/officers.csv", list::<Officers>(Csv))
        .route("/exports/officers.xlsx", list::<Officers>(Xlsx))
        .route("/exports/standings.csv", list::<Standings>(Csv))
        .route("/exports/standings.xlsx", list::<Standings>(Xlsx))
        .route("/exports/existing-certificates.csv", list::<Existing>(Csv))
        .route("/exports/existing-certificates.xlsx", list::<Existing>(Xlsx))
        .route("/exports/agencies.csv", list::<Agencies>(Csv))
        .route("/exports/agencies.xlsx", list::<Agencies>(Xlsx))
        .route("/exports/agency-changes.csv", list::<Changes>(Csv))
        .route("/exports/agency-changes.xlsx", list::<Changes>(Xlsx))
        .route("/exports/qualifications.csv", list::<Qualifications>(Csv))
        .route("/exports/qualifications.xlsx", list::<Qualifications>(Xlsx))
        .route("/exports/applications.csv", list::<Applications>(Csv))
        .route("/exports/applications.xlsx", list::<Applications>(Xlsx))
        .route("/exports/certificates.csv", list::<Certificates>(Csv))
        .route("/exports/certificates.xlsx", list::<Certificates>(Xlsx))
        .route("/exports/training-sessions.csv", list::<Sessions>(Csv))
        .route("/exports/training-sessions.xlsx", list::<Sessions>(Xlsx))
        .route("/exports/training-attendance.csv", list::<Attendance>(Csv))
        .route("/exports/training-attendance.xlsx", list::<Attendance>(Xlsx))
        .route("/exports/exam-sittings.csv", list::<Sittings>(Csv))
        .route("/exports/exam-sittings.xlsx", list::<Sittings>(Xlsx))
        .route("/exports/exam-candidates.csv", list::<Candidates>(Csv))
        .route("/exports/exam-candidates.xlsx", list::<Candidates>(Xlsx))
        .route("/exports/officer-training-years.csv", list::<OfficerYears>(Csv))
        .route("/exports/officer-training-years.xlsx", list::<OfficerYears>(Xlsx))
        .route("/exports/agency-training-years.csv", list::<AgencyYears>(Csv))
        .route("/exports/agency-training-years.xlsx", list::<AgencyYears>(Xlsx))
        .route("/exports/accounts.csv", list::<Accounts>(Csv))
        .route("/exports/accounts.xlsx", list::<Accounts>(Xlsx))
        .route("/exports/audit-log.csv", list::<AuditLog>(Csv))
        .route("/exports/audit-log.xlsx", list::<AuditLog>(Xlsx))
        .route("/officers/{id}/evidence.json", evidence_as(Json))
        .route("/officers/{id}/evidence.pdf", evidence_as(Pdf))
}

/// What is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct Asked<F> {
    filter: F,
    personal_data: bool,
    purpose: Option<String>,
}

/// Reads what is asked for; an empty body asks for all of it.
async fn asked<F: DeserializeOwned + Default>(body: Body) -> Result<Asked<F>, RequestError> {
    let body = body_of(body, ASKED).await?;
    if body.is_empty() {
        return Ok(Asked::default());
    }
    serde_json::from_slice(&body).map_err(|_| RequestError::FilterInvalid)
}

/// What personal data is wanted whole for: for whoever may read it at all.
fn purpose<F>(
    web: &Web,
    actor: &Actor,
    asked: &Asked<F>,
    locale: Locale,
) -> Result<Option<Purpose>, Box<Response>> {
    if asked.personal_data {
        access::check(actor, Permission::ReadPersonalData, web.platform.now())
            .map_err(|denied| Box::new(refused(denied.into(), locale)))?;
    }
    Purpose::read(asked.personal_data, asked.purpose.as_deref())
        .map_err(|refusal| Box::new(failed(Failure::Refused(refusal), locale)))
}

/// `POST /exports/LIST.FORMAT` with what it is narrowed by.
fn list<F: Filter>(format: ExportFormat) -> MethodRouter<Web> {
    post(move |State(web): State<Web>, headers: HeaderMap, body: Body| async move {
        match exported::<F>(&web, &headers, body, format).await {
            Ok(response) => response,
            Err(response) => *response,
        }
    })
}

async fn exported<F: Filter>(
    web: &Web,
    headers: &HeaderMap,
    body: Body,
    format: ExportFormat,
) -> Result<Response, Box<Response>> {
    let (actor, locale) = permitted(web, headers, exports::permission(F::LIST)).await?;
    let asked = asked::<F>(body).await.map_err(|error| Box::new(refused(error, locale)))?;
    let purpose = purpose(web, &actor, &asked, locale)?;
    // Writing takes a core for a while.
    let _place = place(&web.exports, locale).await?;
    let request = Request { wanted: asked.filter.wanted(), format, purpose };
    let folder = &web.config.data_dir;
    let exported = exports::export(&web.platform, &actor, folder, &request, locale).await;
    let exported = exported.map_err(|failure| Box::new(failed(failure, locale)))?;
    let name = F::LIST.code().to_lowercase().replace('_', "-");
    Ok(match format {
        ExportFormat::Xlsx => sent(exported, XLSX, &format!("{name}.xlsx")),
        _ => sent(exported, CSV, &format!("{name}.csv")),
    })
}

/// A file as an answer, read while it is sent.
fn sent(exported: Exported, kind: &'static str, name: &str) -> Response {
    let length = [(header::CONTENT_LENGTH, exported.length.to_string())];
    (attachment(kind, name), length, Body::from_stream(pieces(exported.file))).into_response()
}

fn pieces(file: File) -> impl futures::Stream<Item = std::io::Result<Bytes>> {
    stream::try_unfold(tokio::fs::File::from_std(file), |mut file| async move {
        let mut piece = vec![0; PIECE];
        let read = file.read(&mut piece).await?;
        piece.truncate(read);
        Ok((read > 0).then(|| (Bytes::from(piece), file)))
    })
}

/// Nothing to narrow an evidence file by.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

/// `GET` or `POST /officers/{id}/evidence.json`, and `.pdf`: the same as a report for people with
/// the JSON attached. Masked by `GET`, which asks for nothing; as the body says by `POST`.
fn evidence_as(format: ExportFormat) -> MethodRouter<Web> {
    let answer = move |web: Web, headers: HeaderMap, id: String, body: Body| async move {
        match evidence_file(&web, &headers, &id, body, format).await {
            Ok(response) => response,
            Err(response) => *response,
        }
    };
    get(move |State(web): State<Web>, headers: HeaderMap, Path(id): Path<String>| async move {
        answer(web, headers, id, Body::empty()).await
    })
    .post(
        move |State(web): State<Web>, headers: HeaderMap, Path(id): Path<String>, body: Body| async move {
            answer(web, headers, id, body).await
        },
    )
}

async fn evidence_file(
    web: &Web,
    headers: &HeaderMap,
    id: &str,
    body: Body,
    format: ExportFormat,
) -> Result<Response, Box<Response>> {
    let (actor, locale) = permitted(web, headers, Permission::TakeEvidence).await?;
    let asked = asked::<Nothing>(body).await.map_err(|error| Box::new(refused(error, locale)))?;
    let purpose = purpose(web, &actor, &asked, locale)?;
    let person = decode_or_nil::<PersonId>(id);
    let _place = place(&web.exports, locale).await?;
    let form =
        Form { format, press: &web.press, purpose: purpose.as_ref(), bounds: Bounds::default() };
    let taken = evidence::take(&web.platform, &actor, person, &form).await;
    let bytes = taken.map_err(|failure| Box::new(failed(failure, locale)))?;
    Ok(match format {
        ExportFormat::Pdf => (attachment(PDF, "evidence.pdf"), bytes).into_response(),
        _ => (attachment(JSON, "evidence.json"), bytes).into_response(),
    })
}
