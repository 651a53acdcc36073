//! Pages of certificates, applications and qualifications, each one statement with the names a list
//! shows.

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::enums::{ApplicationState, CertificateState, QualificationState};
use entities::ids::{AgencyId, ApplicationId, CertificateId, PersonId, QualificationId};
use entities::{
    agency, application, certificate, exchange_due, person, public_card, qualification,
};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationDef, RelationTrait, Select,
};

use super::SHOWN;
use crate::access::Scope;
use crate::certification::rules::lifecycle;
use crate::credentials::Succession;
use crate::graphql::ids::decode;
use crate::graphql::page::Page;
use crate::organisations::begins_with;
use crate::platform::failure::Fault;

/// The state of a certificate on a day.
pub fn state_on(row: &certificate::Model, day: NaiveDate) -> CertificateState {
    lifecycle::state_on(row.state, row.valid_until, day)
}

/// The unit a certificate was issued in, and what became of it: what its public card says.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct UnitRow {
    /// The unit.
    pub unit_id: AgencyId,
    /// Its name of then.
    pub unit_name: String,
    /// What became of it since, as stored.
    pub successions: serde_json::Value,
}

impl UnitRow {
    /// What became of the unit, oldest first.
    pub fn successions(&self) -> Result<Vec<Succession>, Fault> {
        Succession::read(&self.successions)
    }
}

/// The units of certificates.
pub(in crate::certification) async fn units(
    db: &impl ConnectionTrait,
    certificates: &[CertificateId],
) -> Result<HashMap<CertificateId, UnitRow>, Fault> {
    #[derive(FromQueryResult)]
    struct Row {
        certificate_id: CertificateId,
        #[sea_orm(nested)]
        unit: UnitRow,
    }
    let rows: Vec<Row> = with_unit(public_card::Entity::find().select_only())
        .column(public_card::Column::CertificateId)
        .filter(public_card::Column::CertificateId.is_in(certificates.iter().copied()))
        .into_model()
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.certificate_id, row.unit)).collect())
}

/// A certificate with the names a list shows.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct CertificateRow {
    /// The certificate.
    #[sea_orm(nested)]
    pub certificate: certificate::Model,
    /// The unit it was issued in.
    #[sea_orm(nested)]
    pub unit: UnitRow,
    /// Name of its holder.
    pub holder_name: String,
    /// Name of the holder's agency.
    pub agency_name: String,
    /// Name of the issuing authority.
    pub issuer_name: String,
    /// The day by which it is to be exchanged, where a reform changed its unit.
    pub exchange_due_on: Option<NaiveDate>,
}

impl CertificateRow {
    /// Its state on a day: what is past its last day is expired.
    pub fn state_on(&self, day: NaiveDate) -> CertificateState {
        state_on(&self.certificate, day)
    }

    /// The day by which it is to be exchanged, as long as it is shown.
    pub fn exchange_due(&self, day: NaiveDate) -> Option<NaiveDate> {
        self.exchange_due_on.filter(|_| SHOWN.contains(&self.state_on(day)))
    }
}

/// An application with the names a list shows.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct ApplicationRow {
    /// The application.
    #[sea_orm(nested)]
    pub application: application::Model,
    /// Name of the person it is for.
    pub person_name: String,
    /// Name of the agency that applies.
    pub agency_name: String,
    /// Name of the issuing authority.
    pub issuer_name: String,
}

/// A qualification with the names a list shows.
#[derive(Clone, Debug, PartialEq, FromQueryResult)]
pub struct QualificationRow {
    /// The qualification.
    #[sea_orm(nested)]
    pub qualification: qualification::Model,
    /// Name of the person.
    pub person_name: String,
    /// Name of the agency that put them forward.
    pub agency_name: String,
}

/// Names under which `agencies` is joined.
const UNIT: &str = "unit";
const ISSUER: &str = "issuer";
const AT_ISSUE: &str = "at_issue";

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

/// Joins the unit of the time of issue to a query that has the public card.
fn with_unit<E: EntityTrait>(query: Select<E>) -> Select<E> {
    let unit = public_card::Entity::belongs_to(agency::Entity)
        .from(public_card::Column::AgencyNumber)
        .to(agency::Column::Number);
    query
        .join_as(JoinType::InnerJoin, RelationDef::from(unit), AT_ISSUE)
        .expr_as(Expr::col((AT_ISSUE, agency::Column::Id)), "unit_id")
        .column_as(public_card::Column::AgencyName, "unit_name")
        .column(public_card::Column::Successions)
}

fn certificate_rows(scope: &Scope) -> Select<certificate::Entity> {
    use certificate::Relation as R;
    let query = certificate::Entity::find()
        .filter(scope.condition((certificate::Entity, certificate::Column::AgencyId)))
        .join(JoinType::InnerJoin, R::Person.def())
        .column_as(person::Column::Name, "holder_name");
    let query = with_agency(query, R::Agency.def(), UNIT, "agency_name");
    let query = with_agency(query, R::IssuingAgency.def(), ISSUER, "issuer_name")
        .join(JoinType::InnerJoin, public_card::Relation::Certificate.def().rev())
        .join(JoinType::LeftJoin, exchange_due::Relation::Certificate.def().rev())
        .column_as(exchange_due::Column::DueOn, "exchange_due_on");
    with_unit(query)
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
pub(in crate::certification) async fn certificate_row(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: CertificateId,
) -> Result<Option<CertificateRow>, Fault> {
    let query = certificate_rows(scope).filter(certificate::Column::Id.eq(id));
    Ok(query.into_model().one(db).await?)
}

/// One application.
pub(in crate::certification) async fn application_row(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: ApplicationId,
) -> Result<Option<ApplicationRow>, Fault> {
    let query = application_rows(scope).filter(application::Column::Id.eq(id));
    Ok(query.into_model().one(db).await?)
}

/// One qualification.
pub(in crate::certification) async fn qualification_row(
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
    /// Shown today under a unit's former name, and to be exchanged by this day.
    pub exchange_due_by: Option<NaiveDate>,
}

/// A page of certificates by number.
pub async fn certificate_page(
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
    if let Some(by) = filter.exchange_due_by {
        query = query
            .filter(exchange_due::Column::DueOn.lte(by))
            .filter(C::State.is_in(SHOWN))
            .filter(C::State.eq(CertificateState::Suspended).or(C::ValidUntil.gte(day)));
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
    /// The oddest first.
    pub odd_first: bool,
}

/// A page of applications, oldest first, or the oddest first and of those as odd the oldest. Ids
/// rise with the time of entry.
pub async fn application_page(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &ApplicationFilter,
    page: &Page,
) -> Result<Vec<ApplicationRow>, Fault> {
    use application::Column as C;
    let mut query = application_rows(scope).limit(page.limit());
    query = match page.after.as_deref() {
        _ if !filter.odd_first => after_id::<_, ApplicationId>(query, C::Id, page),
        Some([oddity, id]) => {
            // A cursor that holds no such thing begins after everything.
            let oddity: i32 = oddity.parse().unwrap_or(i32::MIN);
            let id = decode(id).unwrap_or(ApplicationId(uuid::Uuid::max()));
            let as_odd = Condition::all().add(C::Oddity.eq(oddity)).add(C::Id.gt(id));
            query.filter(Condition::any().add(C::Oddity.lt(oddity)).add(as_odd))
        }
        _ => query,
    };
    if filter.odd_first {
        query = query.order_by_desc(C::Oddity);
    }
    query = query.order_by_asc(C::Id);
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
pub async fn qualification_page(
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
