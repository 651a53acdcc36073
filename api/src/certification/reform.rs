//! What a reform of agencies does to qualifications, applications and certificates: they go with
//! their people, stay as they are, and bear the day by which a certificate is exchanged.

use std::collections::HashMap;

use chrono::NaiveDate;
use entities::enums::{ApplicationState, CertificateState};
use entities::ids::{AgencyChangeId, AgencyId, ApplicationId, CertificateId, PersonId};
use entities::{application, certificate, exchange_due, qualification};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;

use super::store::{HELD, OPEN, SHOWN};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::organisations::authority;
use crate::platform::failure::Fault;

/// Rows of one statement.
const AT_ONCE: usize = 500;

/// Who reviews and who issues for an agency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Competent {
    justice: Option<AgencyId>,
    issuer: Option<AgencyId>,
}

/// Who reviews and who issues on a day for each agency that has applications on their way.
pub async fn competent(
    db: &impl ConnectionTrait,
    day: NaiveDate,
) -> Result<HashMap<AgencyId, Competent>, Fault> {
    let units: Vec<AgencyId> = application::Entity::find()
        .select_only()
        .column(application::Column::AgencyId)
        .distinct()
        .filter(application::Column::State.is_in(OPEN))
        .into_tuple()
        .all(db)
        .await?;
    let justice = authority::justice_departments_of(db, &units, day).await?;
    let issuers = authority::issuing_authorities_of(db, &units, day).await?;
    let of = |unit: AgencyId| Competent {
        justice: justice.get(&unit).copied(),
        issuer: issuers.get(&unit).copied(),
    };
    Ok(units.into_iter().map(|unit| (unit, of(unit))).collect())
}

/// Who reviews and who issues for an agency on a day.
async fn competent_for(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    day: NaiveDate,
) -> Result<Competent, Fault> {
    Ok(Competent {
        justice: authority::justice_department_of(db, agency, day).await?,
        issuer: authority::issuing_authority_of(db, agency, day).await?,
    })
}

/// For whom applications are on their way at some agencies.
pub async fn applicants(
    db: &impl ConnectionTrait,
    agencies: &[AgencyId],
) -> Result<Vec<PersonId>, Fault> {
    let mut applicants = Vec::new();
    for chunk in agencies.chunks(AT_ONCE) {
        let found: Vec<PersonId> = application::Entity::find()
            .select_only()
            .column(application::Column::PersonId)
            .filter(application::Column::AgencyId.is_in(chunk.iter().copied()))
            .filter(application::Column::State.is_in(OPEN))
            .into_tuple()
            .all(db)
            .await?;
        applicants.extend(found);
    }
    Ok(applicants)
}

/// Applications on their way at an agency: all, or those for these people.
pub async fn open_applications(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    holders: Option<&[PersonId]>,
) -> Result<Vec<ApplicationId>, Fault> {
    let mut open = Vec::new();
    for those in of(holders, application::Column::PersonId) {
        let found: Vec<ApplicationId> = application::Entity::find()
            .select_only()
            .column(application::Column::Id)
            .filter(application::Column::AgencyId.eq(agency))
            .filter(application::Column::State.is_in(OPEN))
            .filter(those)
            .order_by_asc(application::Column::Id)
            .into_tuple()
            .all(db)
            .await?;
        open.extend(found);
    }
    Ok(open)
}

/// Hands what an agency keeps to another: all its records, or those of these people.
pub async fn hand_on(
    uow: &UnitOfWork,
    from: AgencyId,
    holders: Option<&[PersonId]>,
    to: AgencyId,
) -> Result<(), Fault> {
    macro_rules! hand_on {
        ($($table:ident),*) => {$(
            for those in of(holders, $table::Column::PersonId) {
                $table::Entity::update_many()
                    .col_expr($table::Column::AgencyId, Expr::value(to))
                    .filter($table::Column::AgencyId.eq(from))
                    .filter(those)
                    .exec(uow.tx())
                    .await?;
            }
        )*};
    }
    hand_on!(qualification, application, certificate);
    Ok(())
}

/// Brings open applications, which are an agency's now, to whoever is competent for it: another
/// issuing authority is asked, and what another justice department has reviewed is reviewed anew.
pub async fn ask_anew(
    uow: &mut UnitOfWork,
    agency: AgencyId,
    applications: &[ApplicationId],
    before: Competent,
    reform: AgencyChangeId,
) -> Result<(), Fault> {
    let now = competent_for(uow.tx(), agency, uow.today()).await?;
    for chunk in applications.chunks(AT_ONCE) {
        let those = || application::Column::Id.is_in(chunk.iter().copied());
        if let Some(issuer) = now.issuer.filter(|_| now.issuer != before.issuer) {
            application::Entity::update_many()
                .col_expr(application::Column::IssuingAgencyId, Expr::value(issuer))
                .filter(those())
                .exec(uow.tx())
                .await?;
        }
        if now.justice != before.justice {
            application::Entity::update_many()
                .col_expr(application::Column::State, Expr::value(ApplicationState::Applied))
                .filter(those())
                .filter(application::Column::State.eq(ApplicationState::Reviewed))
                .exec(uow.tx())
                .await?;
        }
    }
    for id in applications {
        let body = json!({ "agency": encode(agency), "reform": encode(reform) });
        uow.record(Stream::Agency(agency), "application.hand_on", encode(*id), body);
    }
    Ok(())
}

/// Says of the certificates shown that an agency keeps, all or those of these people, by when they
/// are to be exchanged. An earlier day that was said stays.
pub async fn ask_for_exchange(
    uow: &UnitOfWork,
    agency: AgencyId,
    holders: Option<&[PersonId]>,
    due_on: NaiveDate,
    reform: AgencyChangeId,
) -> Result<(), Fault> {
    let mut shown: Vec<CertificateId> = Vec::new();
    for those in of(holders, certificate::Column::PersonId) {
        let found: Vec<CertificateId> = certificate::Entity::find()
            .select_only()
            .column(certificate::Column::Id)
            .filter(certificate::Column::AgencyId.eq(agency))
            .filter(certificate::Column::State.is_in(SHOWN))
            .filter(not_past(uow.today()))
            .filter(those)
            .into_tuple()
            .all(uow.tx())
            .await?;
        shown.extend(found);
    }
    for chunk in shown.chunks(AT_ONCE) {
        let rows = chunk.iter().map(|id| exchange_due::ActiveModel {
            certificate_id: Set(*id),
            due_on: Set(due_on),
            change_id: Set(reform),
        });
        exchange_due::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::column(exchange_due::Column::CertificateId).do_nothing().to_owned(),
            )
            .exec_without_returning(uow.tx())
            .await?;
    }
    Ok(())
}

/// Whether an agency keeps a certificate that has not ended by a day.
pub async fn has_certificates(
    db: &impl ConnectionTrait,
    agency: AgencyId,
    day: NaiveDate,
) -> Result<bool, Fault> {
    let held = certificate::Entity::find()
        .filter(certificate::Column::AgencyId.eq(agency))
        .filter(not_ended(day));
    Ok(held.one(db).await?.is_some())
}

/// Whether an application of an agency is on its way.
pub async fn has_applications(db: &impl ConnectionTrait, agency: AgencyId) -> Result<bool, Fault> {
    let open = application::Entity::find()
        .filter(application::Column::AgencyId.eq(agency))
        .filter(on_the_way());
    Ok(open.one(db).await?.is_some())
}

/// Certificates that have not ended by a day.
pub fn not_ended(day: NaiveDate) -> Condition {
    Condition::all().add(certificate::Column::State.is_in(HELD)).add(not_past(day))
}

/// Applications on their way.
pub fn on_the_way() -> Condition {
    Condition::all().add(application::Column::State.is_in(OPEN))
}

/// Not past its last day, whether that has been recorded or not.
fn not_past(day: NaiveDate) -> Condition {
    use CertificateState::{Lost, Suspended};
    Condition::any()
        .add(certificate::Column::State.is_in([Suspended, Lost]))
        .add(certificate::Column::ValidUntil.gte(day))
}

/// Conditions on whose records, one a statement.
fn of(holders: Option<&[PersonId]>, person: impl ColumnTrait) -> Vec<Condition> {
    match holders {
        None => vec![Condition::all()],
        Some(people) => people
            .chunks(AT_ONCE)
            .map(|chunk| Condition::all().add(person.is_in(chunk.iter().copied())))
            .collect(),
    }
}
