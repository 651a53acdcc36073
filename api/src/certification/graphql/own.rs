//! What certification has on record of whoever asks: for an officer's own app.

use async_graphql::{ComplexObject, Context, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::certificate_event;
use entities::ids::CertificateId;

use super::certificate::{CertificateEvent, GroundText};
use crate::access::Scope;
use crate::certification::record_of;
use crate::certification::store::{ApplicationRow, CertificateRow, QualificationRow};
use crate::graphql::enums::{
    ApplicationAct, ApplicationState, CertificateState, PersonKind, QualificationState,
};
use crate::graphql::guard::SignedIn;
use crate::graphql::ids::Id;
use crate::graphql::{caller, locale};
use crate::officers;
use crate::officers::graphql::Officer;
use crate::organisations::graphql::AgencySummary;
use crate::platform::clock::local_date;
use crate::platform::texts::Locale;

/// The query of one's own record.
#[derive(Default)]
pub struct OwnQuery;

#[Object]
impl OwnQuery {
    /// What certification has on record of the signed-in person themselves, whatever their roles
    /// let them read of others.
    #[graphql(guard = "SignedIn", complexity = "20 * child_complexity")]
    async fn own_record(&self, ctx: &Context<'_>) -> Result<OwnRecord> {
        let (platform, actor) = caller(ctx)?;
        let (today, locale) = (local_date(platform.now()), locale(ctx));
        let Some(person) = actor.person() else { return Ok(OwnRecord::default()) };
        // It is reached by whom it is about: no part of the tree is asked.
        let everything = Scope::Everything;
        let record = record_of(platform.db.read(), &everything, person, today).await?;
        let newest_first = |(row, _): &(CertificateRow, _)| {
            std::cmp::Reverse((row.certificate.created_at, row.certificate.id))
        };
        let mut certificates = record.certificates;
        certificates.sort_by_key(newest_first);
        Ok(OwnRecord {
            qualification: record.qualifications.into_iter().next_back().map(Into::into),
            application: record.applications.into_iter().next_back().map(|(row, _)| row.into()),
            certificates: certificates
                .into_iter()
                .map(|(row, events)| OwnCertificate::of(&row, events, today, locale))
                .collect(),
        })
    }
}

/// What certification has on record of somebody, for themselves.
#[derive(Default, SimpleObject)]
#[graphql(complex)]
pub struct OwnRecord {
    /// The newest qualification (执法资格).
    qualification: Option<OwnQualification>,
    /// The newest application.
    application: Option<OwnApplication>,
    /// Certificates, newest first.
    certificates: Vec<OwnCertificate>,
}

#[ComplexObject]
impl OwnRecord {
    /// One's own entry in the register: name, unit, fields, area.
    async fn officer(&self, ctx: &Context<'_>) -> Result<Option<Officer>> {
        let (platform, actor) = caller(ctx)?;
        let Some(person) = actor.person() else { return Ok(None) };
        let row = officers::officer(platform.db.read(), &Scope::Everything, person).await?;
        Ok(row.map(|row| Officer { row, today: local_date(platform.now()) }))
    }
}

/// One's own qualification.
#[derive(SimpleObject)]
pub struct OwnQualification {
    /// How far it is.
    state: QualificationState,
    /// When one was put forward.
    nominated_at: DateTime<Utc>,
    /// When it was decided.
    decided_at: Option<DateTime<Utc>>,
    /// Reasons of a refusal.
    reasons: Option<String>,
}

impl From<QualificationRow> for OwnQualification {
    fn from(row: QualificationRow) -> Self {
        let row = row.qualification;
        Self {
            state: row.state.into(),
            nominated_at: row.nominated_at,
            decided_at: row.decided_at,
            reasons: row.reasons,
        }
    }
}

/// One's own application.
#[derive(SimpleObject)]
pub struct OwnApplication {
    /// What is asked for.
    act: ApplicationAct,
    /// How far it is.
    state: ApplicationState,
    /// When it was handed in.
    submitted_at: Option<DateTime<Utc>>,
    /// When it was decided.
    decided_at: Option<DateTime<Utc>>,
    /// Reasons of a return or refusal.
    reasons: Option<String>,
}

impl From<ApplicationRow> for OwnApplication {
    fn from(row: ApplicationRow) -> Self {
        let row = row.application;
        Self {
            act: row.act.into(),
            state: row.state.into(),
            submitted_at: row.submitted_at,
            decided_at: row.decided_at,
            reasons: row.reasons,
        }
    }
}

/// One's own certificate.
#[derive(SimpleObject)]
pub struct OwnCertificate {
    /// Id.
    id: Id<CertificateId>,
    /// Certificate number (证件编号): opaque.
    number: String,
    /// Kind of the holder, which decides which of the two certificates this is.
    kind: PersonKind,
    /// State today: what is past its last day reads EXPIRED.
    state: CertificateState,
    /// The unit when it was issued, under the name of that day, as it is printed.
    agency: AgencySummary,
    /// Issuing authority (发证机关).
    issuing_authority: AgencySummary,
    /// Day of issue.
    issued_on: NaiveDate,
    /// First valid day.
    valid_from: NaiveDate,
    /// Last valid day, inclusive.
    valid_until: NaiveDate,
    /// Day of the handover.
    handed_over_on: Option<NaiveDate>,
    /// Planned end of the suspension. Reaching it lifts nothing by itself.
    suspended_until: Option<NaiveDate>,
    /// Day by which it is to be exchanged, as a reform changed its unit's name; it stays in force.
    exchange_due_on: Option<NaiveDate>,
    /// The ground of the present state; never public.
    ground: Option<GroundText>,
    /// When it ended for good.
    ended_at: Option<DateTime<Utc>>,
    /// Every step of its life, oldest first.
    events: Vec<CertificateEvent>,
}

impl OwnCertificate {
    fn of(
        row: &CertificateRow,
        events: Vec<certificate_event::Model>,
        today: NaiveDate,
        locale: Locale,
    ) -> Self {
        let certificate = &row.certificate;
        Self {
            id: certificate.id.into(),
            number: certificate.number.clone(),
            kind: certificate.kind.into(),
            state: row.state_on(today).into(),
            agency: AgencySummary::new(row.unit.unit_id, row.unit.unit_name.clone()),
            issuing_authority: AgencySummary::new(
                certificate.issuing_agency_id,
                row.issuer_name.clone(),
            ),
            issued_on: certificate.issued_on,
            valid_from: certificate.valid_from,
            valid_until: certificate.valid_until,
            handed_over_on: certificate.handed_over_on,
            suspended_until: certificate.suspended_until,
            exchange_due_on: row.exchange_due(today),
            ground: GroundText::of(certificate.ground.as_deref(), locale),
            ended_at: certificate.ended_at,
            events: events.into_iter().map(|row| CertificateEvent::of(row, locale)).collect(),
        }
    }
}
