//! Lists as files over REST, and the evidence file of an officer. What is asked for goes in the
//! body: names and purposes have no place in an address, which others log.

use std::fs::File;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{
    AgencyKind, ApplicationState, CertificateState, Employment, ExportFormat, ExportList,
    PersonKind, QualificationState,
};
use entities::ids::PersonId;
use futures::stream;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tokio::io::AsyncReadExt;
use tokio::sync::OwnedSemaphorePermit;

use super::Web;
use super::files::{PATIENCE, attachment, failed, permitted};
use super::graphql::refused;
use crate::access::{self, Permission};
use crate::auth::AccountFilter;
use crate::certification::{ApplicationFilter, CertificateFilter, QualificationFilter};
use crate::exports::evidence::{self, Form};
use crate::exports::log::{LogFilter, LogKind};
use crate::exports::{self, ExportRefusal, Exported, Purpose, Request, Wanted};
use crate::graphql::RequestError;
use crate::graphql::ids::{NodeId, decode};
use crate::officers::OfficerFilter;
use crate::organisations::AgencyFilter;
use crate::platform::actor::Actor;
use crate::platform::failure::Failure;
use crate::platform::texts::Locale;

/// Largest body.
const ASKED: usize = 16 * 1024;
/// Bytes sent at once.
const PIECE: usize = 64 * 1024;
const CSV: &str = "text/csv; charset=utf-8";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const JSON: &str = "application/json";
const PDF: &str = "application/pdf";

/// The routes of exports.
pub(super) fn routes() -> Router<Web> {
    use ExportFormat::{Csv, Xlsx};
    Router::new()
        .route("/exports/officers.csv", list::<Officers>(Csv))
        .route("/exports/officers.xlsx", list::<Officers>(Xlsx))
        .route("/exports/standings.csv", list::<Standings>(Csv))
        .route("/exports/standings.xlsx", list::<Standings>(Xlsx))
        .route("/exports/agencies.csv", list::<Agencies>(Csv))
        .route("/exports/agencies.xlsx", list::<Agencies>(Xlsx))
        .route("/exports/qualifications.csv", list::<Qualifications>(Csv))
        .route("/exports/qualifications.xlsx", list::<Qualifications>(Xlsx))
        .route("/exports/applications.csv", list::<Applications>(Csv))
        .route("/exports/applications.xlsx", list::<Applications>(Xlsx))
        .route("/exports/certificates.csv", list::<Certificates>(Csv))
        .route("/exports/certificates.xlsx", list::<Certificates>(Xlsx))
        .route("/exports/accounts.csv", list::<Accounts>(Csv))
        .route("/exports/accounts.xlsx", list::<Accounts>(Xlsx))
        .route("/exports/audit-log.csv", list::<AuditLog>(Csv))
        .route("/exports/audit-log.xlsx", list::<AuditLog>(Xlsx))
        .route("/officers/{id}/evidence.json", get(evidence_json).post(evidence_json))
        .route("/officers/{id}/evidence.pdf", get(evidence_pdf).post(evidence_pdf))
}

/// What a list is narrowed by, as it comes: the arguments of the list in GraphQL.
trait Filter: DeserializeOwned + Default + Send + 'static {
    const LIST: ExportList;
    fn wanted(self) -> Wanted;
}

/// An id of this type; one that no row has where the text is none.
fn id<T: NodeId>(text: Option<String>) -> Option<T> {
    text.map(|text| decode(&text).unwrap_or_else(|| T::from(uuid::Uuid::nil())))
}

/// Writes out the fields of a list's filter.
macro_rules! filter {
    ($name:ident = $list:ident { $($field:ident: $of:ty,)* } $this:ident => $made:expr) => {
        #[derive(Debug, Default, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields, default)]
        struct $name {
            $($field: $of,)*
        }

        impl Filter for $name {
            const LIST: ExportList = ExportList::$list;
            fn wanted(self) -> Wanted {
                let $this = self;
                Wanted::$list($made)
            }
        }
    };
}

filter! { Officers = Officers {
    name: Option<String>,
    certificate_number: Option<String>,
    agency_id: Option<String>,
    kind: Option<PersonKind>,
    employment: Option<Employment>,
    certificate_state: Option<CertificateState>,
} this => OfficerFilter {
    name: this.name,
    certificate_number: this.certificate_number,
    agency: id(this.agency_id),
    kind: this.kind,
    employment: this.employment,
    certificate_state: this.certificate_state,
} }

filter! { Standings = Standings {
    name: Option<String>,
    agency_id: Option<String>,
    kind: Option<PersonKind>,
    employment: Option<Employment>,
} this => OfficerFilter {
    name: this.name,
    agency: id(this.agency_id),
    kind: this.kind,
    employment: this.employment,
    ..OfficerFilter::default()
} }

filter! { Agencies = Agencies {
    search: Option<String>,
    division_code: Option<String>,
    kind: Option<AgencyKind>,
    with_abolished: bool,
} this => AgencyFilter {
    search: this.search,
    division_code: this.division_code,
    kind: this.kind,
    with_abolished: this.with_abolished,
} }

filter! { Qualifications = Qualifications {
    state: Option<QualificationState>,
    agency_id: Option<String>,
    person_id: Option<String>,
} this => QualificationFilter {
    state: this.state,
    agency: id(this.agency_id),
    person: id(this.person_id),
} }

filter! { Applications = Applications {
    state: Option<ApplicationState>,
    agency_id: Option<String>,
    person_id: Option<String>,
} this => ApplicationFilter {
    state: this.state,
    agency: id(this.agency_id),
    person: id(this.person_id),
    odd_first: false,
} }

filter! { Certificates = Certificates {
    number: Option<String>,
    state: Option<CertificateState>,
    agency_id: Option<String>,
    holder_id: Option<String>,
    holder_name: Option<String>,
    exchange_due_by: Option<NaiveDate>,
} this => CertificateFilter {
    number: this.number,
    state: this.state,
    agency: id(this.agency_id),
    holder: id(this.holder_id),
    holder_name: this.holder_name,
    exchange_due_by: this.exchange_due_by,
} }

filter! { Accounts = Accounts {
    login: Option<String>,
    agency_id: Option<String>,
} this => AccountFilter { login: this.login, agency: id(this.agency_id) } }

filter! { AuditLog = AuditLog {
    kind: Option<LogKind>,
    actor_id: Option<String>,
    subject_id: Option<String>,
    agency_id: Option<String>,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
} this => LogFilter {
    kind: this.kind,
    actor: id(this.actor_id),
    subject: this.subject_id.map(|id| id.chars().take(64).collect()),
    agency: id(this.agency_id),
    from: this.from,
    until: this.until,
} }

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
    let body = match tokio::time::timeout(PATIENCE, to_bytes(body, ASKED)).await {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => return Err(RequestError::BodyTooLarge),
        Err(_) => return Err(RequestError::Busy),
    };
    if body.is_empty() {
        return Ok(Asked { filter: F::default(), personal_data: false, purpose: None });
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
    let _place = place(web, locale).await?;
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

/// A place to write a file in: each takes a core for a while.
async fn place(web: &Web, locale: Locale) -> Result<OwnedSemaphorePermit, Box<Response>> {
    let place = tokio::time::timeout(PATIENCE, Arc::clone(&web.exports).acquire_owned()).await;
    match place {
        Ok(Ok(place)) => Ok(place),
        _ => Err(Box::new(refused(RequestError::Busy, locale))),
    }
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

/// `GET` or `POST /officers/{id}/evidence.json`: masked by `GET`, as the body says by `POST`.
async fn evidence_json(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Body,
) -> Response {
    match evidence_file(&web, &headers, &id, body, ExportFormat::Json).await {
        Ok(response) => response,
        Err(response) => *response,
    }
}

/// The same as a report for people, with the JSON attached.
async fn evidence_pdf(
    State(web): State<Web>,
    headers: HeaderMap,
    Path(id): Path<String>,
    body: Body,
) -> Response {
    match evidence_file(&web, &headers, &id, body, ExportFormat::Pdf).await {
        Ok(response) => response,
        Err(response) => *response,
    }
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
    let person = decode::<PersonId>(id).unwrap_or(PersonId(uuid::Uuid::nil()));
    let _place = place(web, locale).await?;
    let form = Form { format, press: &web.press, purpose: purpose.as_ref() };
    let taken = evidence::take(&web.platform, &actor, person, &form).await;
    let bytes =
        taken.map_err(|failure: Failure<ExportRefusal>| Box::new(failed(failure, locale)))?;
    Ok(match format {
        ExportFormat::Pdf => (attachment(PDF, "evidence.pdf"), bytes).into_response(),
        _ => (attachment(JSON, "evidence.json"), bytes).into_response(),
    })
}
