//! Queries of certification.

use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};
use entities::ids::{AgencyId, ApplicationId, CertificateId, PersonId, QualificationId};

use super::certificate::{Certificate, StateAtMoment};
use super::types::{Application, Qualification};
use crate::access::{Permission, Scope};
use crate::certification::store::{self, ApplicationRow};
use crate::certification::{ApplicationFilter, CertificateFilter, QualificationFilter, person_at};
use crate::graphql::enums::{ApplicationState, CertificateState, QualificationState};
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, caller};
use crate::platform::clock::local_date;

/// Queries of certification.
#[derive(Default)]
pub struct CertificationQuery;

/// A certificate within what the caller may read, for `certificate`, `node` and payloads.
pub async fn find_certificate(ctx: &Context<'_>, id: CertificateId) -> Result<Option<Certificate>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadOfficers);
    let row = store::certificate_row(platform.db.read(), &scope, id).await?;
    let today = local_date(platform.now());
    Ok(row.map(|row| Certificate { row, today }))
}

/// An application within what the caller may read, for `application`, `node` and payloads.
pub async fn find_application(ctx: &Context<'_>, id: ApplicationId) -> Result<Option<Application>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadOfficers);
    Ok(store::application_row(platform.db.read(), &scope, id).await?.map(Application))
}

/// A qualification within what the caller may read, for `qualification`, `node` and payloads.
pub async fn find_qualification(
    ctx: &Context<'_>,
    id: QualificationId,
) -> Result<Option<Qualification>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadOfficers);
    Ok(store::qualification_row(platform.db.read(), &scope, id).await?.map(Qualification))
}

#[Object]
impl CertificationQuery {
    /// A certificate.
    #[graphql(guard = "Needs(Permission::ReadOfficers)")]
    async fn certificate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which certificate.")] id: Id<CertificateId>,
    ) -> Result<Option<Certificate>> {
        find_certificate(ctx, id.get()).await
    }

    /// Certificates by number.
    #[graphql(
        guard = "Needs(Permission::ReadOfficers)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "arguments of a list are its filters")]
    async fn certificates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "Whole certificate number.")] number: Option<String>,
        #[graphql(desc = "State today.")] state: Option<CertificateState>,
        #[graphql(desc = "The holder's agency itself.")] agency_id: Option<Id<AgencyId>>,
        #[graphql(desc = "The holder.")] holder_id: Option<Id<PersonId>>,
        #[graphql(desc = "Beginning of the holder's name.")] holder_name: Option<String>,
        #[graphql(desc = "In force under a unit's former name, and to be exchanged by this day.")]
        exchange_due_by: Option<NaiveDate>,
    ) -> Result<Connection<String, Certificate>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let today = local_date(platform.now());
        let filter = CertificateFilter {
            number,
            state: state.map(Into::into),
            agency: agency_id.map(Id::get),
            holder: holder_id.map(Id::get),
            holder_name,
            exchange_due_by,
        };
        let db = platform.db.read();
        let rows = store::certificate_page(db, &scope, &filter, today, &page).await?;
        Ok(page.connection(
            rows,
            |row| vec![row.certificate.number.clone()],
            |row| Certificate { row, today },
        ))
    }

    /// An application.
    #[graphql(guard = "Needs(Permission::ReadOfficers)")]
    async fn application(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which application.")] id: Id<ApplicationId>,
    ) -> Result<Option<Application>> {
        find_application(ctx, id.get()).await
    }

    /// Applications, oldest first, or the oddest first.
    #[graphql(
        guard = "Needs(Permission::ReadOfficers)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "arguments of a list are its filters")]
    async fn applications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "State.")] state: Option<ApplicationState>,
        #[graphql(desc = "The agency that applies.")] agency_id: Option<Id<AgencyId>>,
        #[graphql(desc = "For whom.")] person_id: Option<Id<PersonId>>,
        #[graphql(desc = "The odd ones first, as odd as they were when they were handed in.")]
        odd_first: Option<bool>,
    ) -> Result<Connection<String, Application>> {
        let (platform, actor) = caller(ctx)?;
        let odd_first = odd_first.unwrap_or(false);
        let page = Page::new(first, after.as_deref(), if odd_first { 2 } else { 1 })?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let filter = ApplicationFilter {
            state: state.map(Into::into),
            agency: agency_id.map(Id::get),
            person: person_id.map(Id::get),
            odd_first,
        };
        let rows = store::application_page(platform.db.read(), &scope, &filter, &page).await?;
        let cursor = |row: &ApplicationRow| {
            let id = encode(row.application.id);
            if odd_first { vec![row.application.oddity.to_string(), id] } else { vec![id] }
        };
        Ok(page.connection(rows, cursor, Application))
    }

    /// A qualification.
    #[graphql(guard = "Needs(Permission::ReadOfficers)")]
    async fn qualification(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which qualification.")] id: Id<QualificationId>,
    ) -> Result<Option<Qualification>> {
        find_qualification(ctx, id.get()).await
    }

    /// Qualifications, oldest first.
    #[graphql(
        guard = "Needs(Permission::ReadOfficers)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn qualifications(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "State.")] state: Option<QualificationState>,
        #[graphql(desc = "The agency that put the person forward.")] agency_id: Option<
            Id<AgencyId>,
        >,
        #[graphql(desc = "Whose.")] person_id: Option<Id<PersonId>>,
    ) -> Result<Connection<String, Qualification>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let filter = QualificationFilter {
            state: state.map(Into::into),
            agency: agency_id.map(Id::get),
            person: person_id.map(Id::get),
        };
        let rows = store::qualification_page(platform.db.read(), &scope, &filter, &page).await?;
        Ok(page.connection(rows, |row| vec![encode(row.qualification.id)], Qualification))
    }

    /// Was this officer authorised at that moment? Each certificate the person had by then, newest
    /// first, as it stood.
    #[graphql(guard = "Needs(Permission::ReadOfficers)", complexity = "10 * child_complexity")]
    async fn authorisation_at(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which officer.")] person_id: Id<PersonId>,
        #[graphql(desc = "Which moment.")] moment: DateTime<Utc>,
    ) -> Result<Vec<StateAtMoment>> {
        let (platform, actor) = caller(ctx)?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let found = person_at(platform.db.read(), &scope, person_id.get(), moment).await?;
        Ok(found.into_iter().map(Into::into).collect())
    }
}
