//! Organisations in GraphQL: parse, one use-case, map.

mod mutations;
mod types;

use async_graphql::connection::Connection;
use async_graphql::dataloader::DataLoader;
use async_graphql::{Context, Object, Result};
use chrono::NaiveDate;
use entities::ids::AgencyId;

use super::AgencyFilter;
use crate::access::{Permission, Scope};
use crate::graphql::enums::AgencyKind;
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, caller};
use crate::platform::Platform;
pub use mutations::{EnterAgencyInput, OrganisationsMutation};
pub use types::{Agency, AgencyOnDay, AgencySummary, Division, EnforcementField, field_list};

/// Reading of organisations.
#[derive(Default)]
pub struct OrganisationsQuery;

#[Object]
impl OrganisationsQuery {
    /// An agency.
    #[graphql(guard = "Needs(Permission::ReadOrganisations)")]
    async fn agency(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agency.")] id: Id<AgencyId>,
    ) -> Result<Option<Agency>> {
        find_agency(ctx, id.get()).await
    }

    /// Agencies by name.
    #[graphql(
        guard = "Needs(Permission::ReadOrganisations)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "arguments of a list are its filters")]
    async fn agencies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "Beginning of the name, or a whole short or former name or unified \
                          social credit code.")]
        search: Option<String>,
        #[graphql(desc = "Code of the division.")] division_code: Option<String>,
        #[graphql(desc = "What it is in law.")] kind: Option<AgencyKind>,
        #[graphql(desc = "Also those that no longer exist.", default)] with_abolished: bool,
    ) -> Result<Connection<String, Agency>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 2)?;
        let scope = Scope::of(actor, Permission::ReadOrganisations);
        let filter =
            AgencyFilter { search, division_code, kind: kind.map(Into::into), with_abolished };
        let rows = super::agencies(platform.db.read(), &scope, &filter, &page).await?;
        Ok(page.connection(
            rows,
            |row| vec![row.agency.name.clone(), encode(row.agency.id)],
            Agency,
        ))
    }

    /// An agency as it was on a day: name, superior, division. For documents of that day.
    #[graphql(guard = "Needs(Permission::ReadOrganisations)")]
    async fn agency_at(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which agency.")] id: Id<AgencyId>,
        #[graphql(desc = "Which day.")] on: NaiveDate,
    ) -> Result<Option<AgencyOnDay>> {
        let (platform, actor) = caller(ctx)?;
        let scope = Scope::of(actor, Permission::ReadOrganisations);
        let found = super::agency_on(platform.db.read(), &scope, id.get(), on).await?;
        Ok(found.map(Into::into))
    }

    /// Every administrative division, by code.
    #[graphql(
        guard = "Needs(Permission::ReadOrganisations)",
        complexity = "100 * child_complexity"
    )]
    async fn divisions(&self, ctx: &Context<'_>) -> Result<Vec<Division>> {
        let (platform, _) = caller(ctx)?;
        Ok(super::divisions(platform.db.read()).await?.into_iter().map(Into::into).collect())
    }

    /// Every enforcement field, in order.
    #[graphql(guard = "Needs(Permission::ReadOrganisations)", complexity = "20 * child_complexity")]
    async fn enforcement_fields(&self, ctx: &Context<'_>) -> Result<Vec<EnforcementField>> {
        let (platform, _) = caller(ctx)?;
        Ok(super::fields(platform.db.read()).await?.into_iter().map(Into::into).collect())
    }
}

/// An agency within what the caller may read, for `agency`, `node` and payloads.
pub async fn find_agency(ctx: &Context<'_>, id: AgencyId) -> Result<Option<Agency>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadOrganisations);
    Ok(super::agency(platform.db.read(), &scope, id).await?.map(Agency))
}

/// Gives a request the loaders of this capability; they last as long as the request.
pub fn with_loaders(
    request: async_graphql::Request,
    platform: &Platform,
) -> async_graphql::Request {
    request
        .data(DataLoader::new(types::FieldLoader(platform.clone()), tokio::spawn))
        .data(DataLoader::new(types::PastLoader(platform.clone()), tokio::spawn))
}
