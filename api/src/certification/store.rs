//! Rows of qualifications, applications and certificates. Every query takes a scope; what is
//! asked by the ids of people who were already found within one takes those.

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::enums::{
    ApplicationAct, ApplicationState, CertificateAct, CertificateState, QualificationState,
};
use entities::ids::{AgencyId, ApplicationId, CertificateId, PersonId, QualificationId};
use entities::{
    agency, application, application_step, certificate, certificate_event, person, qualification,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationDef, RelationTrait, Select,
};

use crate::access::Scope;
use crate::graphql::ids::decode;
use crate::graphql::page::Page;
use crate::organisations::begins_with;
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
const HELD: [CertificateState; 4] = [
    CertificateState::Issued,
    CertificateState::Active,
    CertificateState::Suspended,
    CertificateState::Lost,
];

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
            CertificateAct::Suspend => {
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

/// A certificate with the names a list shows.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub(super) struct CertificateRow {
    #[sea_orm(nested)]
    pub certificate: certificate::Model,
    pub holder_name: String,
    pub agency_name: String,
    pub issuer_name: String,
}

/// An application with the names a list shows.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub(super) struct ApplicationRow {
    #[sea_orm(nested)]
    pub application: application::Model,
    pub person_name: String,
    pub agency_name: String,
    pub issuer_name: String,
}

/// A qualification with the names a list shows.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub(super) struct QualificationRow {
    #[sea_orm(nested)]
    pub qualification: qualification::Model,
    pub person_name: String,
    pub agency_name: String,
}

/// Names under which `agencies` is joined.
const UNIT: &str = "unit";
const ISSUER: &str = "issuer";

/// Joins an agency under a name and selects its name.
fn with_agency<E: EntityTrait>(
    query: Select<E>,
    relation: RelationDef,
    joined: &'static str,
    name: &'static str,
) -> Select<E> {
    query
        .join_as(JoinType::InnerJoin, relation, joined)
        .expr_as(Expr::col((joined, agency::Column::Name)), name)
}

fn certificate_rows(scope: &Scope) -> Select<certificate::Entity> {
    use certificate::Relation as R;
    let query = certificate::Entity::find()
        .filter(scope.condition((certificate::Entity, certificate::Column::AgencyId)))
        .join(JoinType::InnerJoin, R::Person.def())
        .column_as(person::Column::Name, "holder_name");
    let query = with_agency(query, R::Agency.def(), UNIT, "agency_name");
    with_agency(query, R::IssuingAgency.def(), ISSUER, "issuer_name")
}

fn application_rows(scope: &Scope) -> Select<application::Entity> {
    use application::Relation as R;
    let query = application::Entity::find()
        .filter(scope.condition((application::Entity, application::Column::AgencyId)))
        .join(JoinType::InnerJoin, R::Person.def())
        .column_as(person::Column::Name, "person_name");
    let query = with_agency(query, R::Agency.def(), UNIT, "agency_name");
    with_agency(query, R::IssuingAgency.def(), ISSUER, "issuer_name")
}

fn qualification_rows(scope: &Scope) -> Select<qualification::Entity> {
    use qualification::Relation as R;
    let query = qualification::Entity::find()
        .filter(scope.condition((qualification::Entity, qualification::Column::AgencyId)))
        .join(JoinType::InnerJoin, R::Person.def())
        .column_as(person::Column::Name, "person_name");
    with_agency(query, R::Agency.def(), UNIT, "agency_name")
}

/// One certificate.
pub(super) async fn certificate_row(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: CertificateId,
) -> Result<Option<CertificateRow>, Fault> {
    let query = certificate_rows(scope).filter(certificate::Column::Id.eq(id));
    Ok(query.into_model().one(db).await?)
}

/// One application.
pub(super) async fn application_row(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ApplicationId,
) -> Result<Option<ApplicationRow>, Fault> {
    let query = application_rows(scope).filter(application::Column::Id.eq(id));
    Ok(query.into_model().one(db).await?)
}

/// One qualification.
pub(super) async fn qualification_row(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: QualificationId,
) -> Result<Option<QualificationRow>, Fault> {
    let query = qualification_rows(scope).filter(qualification::Column::Id.eq(id));
    Ok(query.into_model().one(db).await?)
}

/// What a list of certificates is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CertificateFilter {
    /// Whole certificate number.
    pub number: Option<String>,
    /// Effective state.
    pub state: Option<CertificateState>,
    /// The holder's agency itself.
    pub agency: Option<AgencyId>,
    /// The holder.
    pub holder: Option<PersonId>,
    /// Beginning of the holder's name.
    pub holder_name: Option<String>,
}

/// A page of certificates by number.
pub(super) async fn certificate_page(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &CertificateFilter,
    day: NaiveDate,
    page: &Page,
) -> Result<Vec<CertificateRow>, Fault> {
    use certificate::Column as C;
    let mut query = certificate_rows(scope).order_by_asc(C::Number).limit(page.limit());
    if let Some([after]) = page.after.as_deref() {
        query = query.filter(C::Number.gt(after));
    }
    if let Some(number) = &filter.number {
        query = query.filter(C::Number.eq(number));
    }
    if let Some(agency) = filter.agency {
        query = query.filter(C::AgencyId.eq(agency));
    }
    if let Some(holder) = filter.holder {
        query = query.filter(C::PersonId.eq(holder));
    }
    if let Some(name) = &filter.holder_name {
        query = query.filter(begins_with(person::Column::Name, name));
    }
    let clock = [CertificateState::Issued, CertificateState::Active];
    query = match filter.state {
        None => query,
        Some(CertificateState::Expired) => query.filter(
            Condition::any()
                .add(C::State.eq(CertificateState::Expired))
                .add(C::State.is_in(clock).and(C::ValidUntil.lt(day))),
        ),
        Some(state) if clock.contains(&state) => {
            query.filter(C::State.eq(state)).filter(C::ValidUntil.gte(day))
        }
        Some(state) => query.filter(C::State.eq(state)),
    };
    Ok(query.into_model().all(db).await?)
}

/// What a list of applications is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ApplicationFilter {
    /// State.
    pub state: Option<ApplicationState>,
    /// The agency that applied.
    pub agency: Option<AgencyId>,
    /// For whom.
    pub person: Option<PersonId>,
}

/// A page of applications, oldest first. Ids rise with the time of entry.
pub(super) async fn application_page(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &ApplicationFilter,
    page: &Page,
) -> Result<Vec<ApplicationRow>, Fault> {
    use application::Column as C;
    let mut query = application_rows(scope).order_by_asc(C::Id).limit(page.limit());
    query = after_id::<_, ApplicationId>(query, C::Id, page);
    if let Some(state) = filter.state {
        query = query.filter(C::State.eq(state));
    }
    if let Some(agency) = filter.agency {
        query = query.filter(C::AgencyId.eq(agency));
    }
    if let Some(person) = filter.person {
        query = query.filter(C::PersonId.eq(person));
    }
    Ok(query.into_model().all(db).await?)
}

/// What a list of qualifications is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QualificationFilter {
    /// State.
    pub state: Option<QualificationState>,
    /// The agency that put the person forward.
    pub agency: Option<AgencyId>,
    /// Who.
    pub person: Option<PersonId>,
}

/// A page of qualifications, oldest first.
pub(super) async fn qualification_page(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &QualificationFilter,
    page: &Page,
) -> Result<Vec<QualificationRow>, Fault> {
    use qualification::Column as C;
    let mut query = qualification_rows(scope).order_by_asc(C::Id).limit(page.limit());
    query = after_id::<_, QualificationId>(query, C::Id, page);
    if let Some(state) = filter.state {
        query = query.filter(C::State.eq(state));
    }
    if let Some(agency) = filter.agency {
        query = query.filter(C::AgencyId.eq(agency));
    }
    if let Some(person) = filter.person {
        query = query.filter(C::PersonId.eq(person));
    }
    Ok(query.into_model().all(db).await?)
}

/// Goes on after the node id of a cursor; a cursor that holds none begins after everything.
fn after_id<E, I>(query: Select<E>, column: E::Column, page: &Page) -> Select<E>
where
    E: EntityTrait,
    I: crate::graphql::ids::NodeId + Into<sea_orm::Value>,
{
    match page.after.as_deref() {
        Some([after]) => {
            let id = decode::<I>(after).unwrap_or_else(|| I::from(uuid::Uuid::max()));
            query.filter(column.gt(id))
        }
        _ => query,
    }
}
