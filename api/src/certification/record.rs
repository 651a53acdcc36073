//! Everything that certification has on record of one person, for an evidence file and for themselves.

use chrono::NaiveDate;
use entities::ids::{ApplicationId, CertificateId, PersonId};
use entities::{application_step, certificate_event};
use sea_orm::ConnectionTrait;

use super::store::{self, ApplicationRow, CertificateRow, QualificationRow};
use super::{ApplicationFilter, CertificateFilter, QualificationFilter};
use crate::access::Scope;
use crate::graphql::page::Page;
use crate::platform::failure::Fault;

/// Records of one kind of one person: many more than a working life gives.
const MOST: u64 = 500;

/// What is on record of a person, within a scope.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// Qualifications, oldest first.
    pub qualifications: Vec<QualificationRow>,
    /// Applications, oldest first, each with its steps.
    pub applications: Vec<(ApplicationRow, Vec<application_step::Model>)>,
    /// Certificates by number, each with its events.
    pub certificates: Vec<(CertificateRow, Vec<certificate_event::Model>)>,
}

/// Reads what is on record of a person in agencies of a scope. A transfer leaves what came before
/// with the agency it belonged to.
pub async fn record_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: PersonId,
    day: NaiveDate,
) -> Result<Record, Fault> {
    let page = Page { first: MOST, after: None };
    let of = QualificationFilter { person: Some(person), ..QualificationFilter::default() };
    let qualifications = store::qualification_page(db, scope, &of, &page).await?;
    let of = ApplicationFilter { person: Some(person), ..ApplicationFilter::default() };
    let applications = store::application_page(db, scope, &of, &page).await?;
    let ids: Vec<ApplicationId> = applications.iter().map(|row| row.application.id).collect();
    let mut steps = store::steps(db, &ids).await?;
    let of = CertificateFilter { holder: Some(person), ..CertificateFilter::default() };
    let certificates = store::certificate_page(db, scope, &of, day, &page).await?;
    let ids: Vec<CertificateId> = certificates.iter().map(|row| row.certificate.id).collect();
    let events = store::events(db, &ids).await?;
    let events_of = |id: CertificateId| events.iter().filter(move |e| e.certificate_id == id);
    Ok(Record {
        qualifications,
        applications: applications
            .into_iter()
            .map(|row| {
                let steps = steps.remove(&row.application.id).unwrap_or_default();
                (row, steps)
            })
            .collect(),
        certificates: certificates
            .into_iter()
            .map(|row| {
                let events = events_of(row.certificate.id).cloned().collect();
                (row, events)
            })
            .collect(),
    })
}
