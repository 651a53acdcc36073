//! Rows of qualifications, applications and certificates. Every query takes a scope; what is
//! asked by the ids of people who were already found within one takes those.

mod pages;

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::enums::{
    ApplicationAct, ApplicationState, CertificateAct, CertificateState, QualificationState,
};
use entities::ids::{ApplicationId, CertificateId, PersonId, QualificationId};
use entities::{application, application_step, certificate, certificate_event, qualification};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

pub use pages::{
    ApplicationFilter, ApplicationRow, CertificateFilter, CertificateRow, QualificationFilter,
    QualificationRow, UnitRow, application_page, certificate_page, qualification_page,
};
pub(super) use pages::{application_row, certificate_row, qualification_row, state_on, units};

use crate::access::Scope;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// States of an application on its way.
pub(super) const OPEN: [ApplicationState; 4] = [
    ApplicationState::Draft,
    ApplicationState::Applied,
    ApplicationState::Returned,
    ApplicationState::Reviewed,
];

/// States of a certificate that has not ended.
pub(super) const HELD: [CertificateState; 4] = [
    CertificateState::Issued,
    CertificateState::Active,
    CertificateState::Suspended,
    CertificateState::Lost,
];

/// States of a certificate that is shown, or is about to be.
pub(super) const SHOWN: [CertificateState; 3] =
    [CertificateState::Issued, CertificateState::Active, CertificateState::Suspended];

/// Which of a record's agencies a scope is asked of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The holder's agency.
    Agency,
    /// The issuing authority.
    Issuer,
}

fn by_id<I: Copy + Eq + std::hash::Hash, M>(rows: Vec<M>, id: fn(&M) -> I) -> HashMap<I, M> {
    rows.into_iter().map(|row| (id(&row), row)).collect()
}

pub(super) async fn qualifications(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[QualificationId],
) -> Result<HashMap<QualificationId, qualification::Model>, Fault> {
    let rows = qualification::Entity::find()
        .filter(qualification::Column::Id.is_in(ids.iter().copied()))
        .filter(scope.condition(qualification::Column::AgencyId))
        .all(db)
        .await?;
    Ok(by_id(rows, |row| row.id))
}

/// The qualification of each person that is not cancelled; at most one.
pub(super) async fn open_qualifications(
    db: &impl ConnectionTrait,
    people: &[PersonId],
) -> Result<HashMap<PersonId, qualification::Model>, Fault> {
    let rows = qualification::Entity::find()
        .filter(qualification::Column::PersonId.is_in(people.iter().copied()))
        .filter(qualification::Column::State.ne(QualificationState::Cancelled))
        .all(db)
        .await?;
    Ok(by_id(rows, |row| row.person_id))
}

pub(super) async fn applications(
    db: &impl ConnectionTrait,
    scope: &Scope,
    side: Side,
    ids: &[ApplicationId],
) -> Result<HashMap<ApplicationId, application::Model>, Fault> {
    let agency = match side {
        Side::Agency => application::Column::AgencyId,
        Side::Issuer => application::Column::IssuingAgencyId,
    };
    let rows = application::Entity::find()
        .filter(application::Column::Id.is_in(ids.iter().copied()))
        .filter(scope.condition(agency))
        .all(db)
        .await?;
    Ok(by_id(rows, |row| row.id))
}

/// The application of each person that is on its way; at most one.
pub(super) async fn open_applications(
    db: &impl ConnectionTrait,
    people: &[PersonId],
) -> Result<HashMap<PersonId, application::Model>, Fault> {
    let rows = application::Entity::find()
        .filter(application::Column::PersonId.is_in(people.iter().copied()))
        .filter(application::Column::State.is_in(OPEN))
        .all(db)
        .await?;
    Ok(by_id(rows, |row| row.person_id))
}

pub(super) async fn certificates(
    db: &impl ConnectionTrait,
    scope: &Scope,
    side: Side,
    ids: &[CertificateId],
) -> Result<HashMap<CertificateId, certificate::Model>, Fault> {
    let agency = match side {
        Side::Agency => certificate::Column::AgencyId,
        Side::Issuer => certificate::Column::IssuingAgencyId,
    };
    let rows = certificate::Entity::find()
        .filter(certificate::Column::Id.is_in(ids.iter().copied()))
        .filter(scope.condition(agency))
        .all(db)
        .await?;
    Ok(by_id(rows, |row| row.id))
}

/// Whether a certificate is this person's own, or its agency lies within a scope.
pub async fn is_seen_by(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: Option<PersonId>,
    id: CertificateId,
) -> Result<bool, Fault> {
    let mut seen = Condition::any().add(scope.condition(certificate::Column::AgencyId));
    if let Some(person) = person {
        seen = seen.add(certificate::Column::PersonId.eq(person));
    }
    Ok(certificate::Entity::find_by_id(id).filter(seen).one(db).await?.is_some())
}

/// The certificates of people that have not ended, newest first: one at most in force, one at most
/// that waits for its handover, and lost ones.
pub(super) async fn held(
    db: &impl ConnectionTrait,
    people: &[PersonId],
) -> Result<HashMap<PersonId, Vec<certificate::Model>>, Fault> {
    let mut held: HashMap<PersonId, Vec<certificate::Model>> = HashMap::new();
    let rows = certificate::Entity::find()
        .filter(certificate::Column::PersonId.is_in(people.iter().copied()))
        .filter(certificate::Column::State.is_in(HELD))
        .order_by_desc(certificate::Column::CreatedAt)
        .all(db)
        .await?;
    for row in rows {
        held.entry(row.person_id).or_default().push(row);
    }
    Ok(held)
}

/// Certificates whose last day is over and whose expiry is not recorded.
pub(super) async fn past(
    db: &impl ConnectionTrait,
    day: NaiveDate,
    limit: u64,
) -> Result<Vec<certificate::Model>, Fault> {
    Ok(certificate::Entity::find()
        .filter(
            certificate::Column::State.is_in([CertificateState::Issued, CertificateState::Active]),
        )
        .filter(certificate::Column::ValidUntil.lt(day))
        .order_by_asc(certificate::Column::Id)
        .limit(limit)
        .all(db)
        .await?)
}

/// The number of each certificate's last event.
pub(super) async fn last_events(
    db: &impl ConnectionTrait,
    certificates: &[CertificateId],
) -> Result<HashMap<CertificateId, i32>, Fault> {
    let rows: Vec<(CertificateId, i32)> = certificate_event::Entity::find()
        .select_only()
        .column(certificate_event::Column::CertificateId)
        .column_as(certificate_event::Column::Seq.max(), "last")
        .filter(certificate_event::Column::CertificateId.is_in(certificates.iter().copied()))
        .group_by(certificate_event::Column::CertificateId)
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The steps that were taken of applications, oldest first.
pub(super) async fn steps(
    db: &impl ConnectionTrait,
    applications: &[ApplicationId],
) -> Result<HashMap<ApplicationId, Vec<application_step::Model>>, Fault> {
    let rows = application_step::Entity::find()
        .filter(application_step::Column::ApplicationId.is_in(applications.iter().copied()))
        .order_by_asc(application_step::Column::ApplicationId)
        .order_by_asc(application_step::Column::Seq)
        .all(db)
        .await?;
    let mut steps: HashMap<ApplicationId, Vec<application_step::Model>> = HashMap::new();
    for row in rows {
        steps.entry(row.application_id).or_default().push(row);
    }
    Ok(steps)
}

/// What was applied for when each certificate came of it.
pub(super) async fn applied_for(
    db: &impl ConnectionTrait,
    certificates: &[CertificateId],
) -> Result<HashMap<CertificateId, ApplicationAct>, Fault> {
    let rows = application::Entity::find()
        .filter(application::Column::CertificateId.is_in(certificates.iter().copied()))
        .all(db)
        .await?;
    Ok(rows.into_iter().filter_map(|row| Some((row.certificate_id?, row.act))).collect())
}

/// The suspension a certificate is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Suspension {
    /// Its first day.
    pub began: NaiveDate,
    /// Whether it was extended.
    pub extended: bool,
}

/// The last suspension of each certificate.
pub(super) async fn suspensions(
    db: &impl ConnectionTrait,
    certificates: &[CertificateId],
) -> Result<HashMap<CertificateId, Suspension>, Fault> {
    let mut found = HashMap::new();
    for event in events(db, certificates).await? {
        match event.act {
            // A suspension from before is known since it was confirmed.
            CertificateAct::Confirm if event.to_state != CertificateState::Suspended => {}
            CertificateAct::Suspend | CertificateAct::Confirm => {
                let began = Suspension { began: local_date(event.at), extended: false };
                found.insert(event.certificate_id, began);
            }
            CertificateAct::Extend => {
                found.entry(event.certificate_id).and_modify(|s| s.extended = true);
            }
            _ => {}
        }
    }
    Ok(found)
}

/// The events of certificates, oldest first.
pub(super) async fn events(
    db: &impl ConnectionTrait,
    certificates: &[CertificateId],
) -> Result<Vec<certificate_event::Model>, Fault> {
    Ok(certificate_event::Entity::find()
        .filter(certificate_event::Column::CertificateId.is_in(certificates.iter().copied()))
        .order_by_asc(certificate_event::Column::CertificateId)
        .order_by_asc(certificate_event::Column::Seq)
        .all(db)
        .await?)
}

/// Certificates of a person, newest first.
pub(super) async fn certificates_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: PersonId,
) -> Result<Vec<certificate::Model>, Fault> {
    Ok(certificate::Entity::find()
        .filter(certificate::Column::PersonId.eq(person))
        .filter(scope.condition(certificate::Column::AgencyId))
        .order_by_desc(certificate::Column::CreatedAt)
        .all(db)
        .await?)
}
