//! The register of people in GraphQL: parse, one use-case, map.

mod existing;
mod loaders;
mod mutations;
mod types;

use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};
use entities::ids::{AgencyId, PersonId};

use super::{OfficerFilter, Wanted};
use crate::access::{Permission, Scope};
use crate::graphql::enums::{CertificateState, Employment, PersonKind};
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, caller};
use crate::platform::clock::local_date;
pub use existing::{ExistingCertificate, ExistingQuery, find_existing};
pub use loaders::with_loaders;
pub use mutations::OfficersMutation;
pub use types::{Area, CertificateSummary, ExamResult, Officer, PersonalData, Standing};

/// Reading of the register of people.
#[derive(Default)]
pub struct OfficersQuery;

#[Object]
impl OfficersQuery {
    /// A person of the register.
    #[graphql(guard = "Needs(Permission::ReadOfficers)")]
    async fn officer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which person.")] id: Id<PersonId>,
    ) -> Result<Option<Officer>> {
        find_officer(ctx, id.get()).await
    }

    /// People of the register by name.
    #[graphql(
        guard = "Needs(Permission::ReadOfficers)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "arguments of a list are its filters")]
    async fn officers(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "Beginning of the name.")] name: Option<String>,
        #[graphql(desc = "A whole certificate number, current or not.")] certificate_number: Option<
            String,
        >,
        #[graphql(desc = "An agency and what lies under it.")] agency_id: Option<Id<AgencyId>>,
        #[graphql(desc = "What they are.")] kind: Option<PersonKind>,
        #[graphql(desc = "Their employment.")] employment: Option<Employment>,
        #[graphql(desc = "State of their certificate today: of the current one, or else of any \
                          earlier one.")]
        certificate_state: Option<CertificateState>,
    ) -> Result<Connection<String, Officer>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 2)?;
        let scope = Scope::of(actor, Permission::ReadOfficers);
        let filter = OfficerFilter {
            name,
            certificate_number,
            agency: agency_id.map(Id::get),
            kind: kind.map(Into::into),
            employment: employment.map(Into::into),
            certificate_state: certificate_state.map(Into::into),
        };
        let today = local_date(platform.now());
        let db = platform.db.read();
        let rows = super::officers(db, &scope, &filter, wanted(ctx), &page, today).await?;
        Ok(page.connection(
            rows,
            |row| vec![row.name.clone(), encode(row.id)],
            |row| Officer { row, today },
        ))
    }
}

/// The joins that the selection asks for, in edges or nodes.
fn wanted(ctx: &Context<'_>) -> Wanted {
    let ahead = ctx.look_ahead();
    let asks = |field: &str| {
        ahead.field("nodes").field(field).exists()
            || ahead.field("edges").field("node").field(field).exists()
    };
    Wanted { agency: asks("agency"), area: asks("area"), certificate: asks("currentCertificate") }
}

/// A person within what the caller may read, for `officer`, `node`, payloads and what points to
/// people.
pub async fn find_officer(ctx: &Context<'_>, id: PersonId) -> Result<Option<Officer>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadOfficers);
    let today = local_date(platform.now());
    let row = super::officer(platform.db.read(), &scope, id).await?;
    Ok(row.map(|row| Officer { row, today }))
}
