//! Reforms of agencies in GraphQL: parse, one use-case, map.

mod mutations;
mod types;

use async_graphql::connection::Connection;
use async_graphql::{Context, Object, Result};
use entities::ids::{AgencyChangeId, AgencyId};

use super::{ChangeFilter, store};
use crate::access::{Permission, Scope};
use crate::graphql::enums::AgencyChangeState;
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, caller};
pub use mutations::ReorganisationMutation;
pub use types::{AgencyChange, with_loaders};

/// Reading of reforms.
#[derive(Default)]
pub struct ReorganisationQuery;

#[Object]
impl ReorganisationQuery {
    /// A reform of agencies.
    #[graphql(guard = "Needs(Permission::ReadOrganisations)")]
    async fn agency_change(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which reform.")] id: Id<AgencyChangeId>,
    ) -> Result<Option<AgencyChange>> {
        find_agency_change(ctx, id.get()).await
    }

    /// Reforms of agencies, newest first.
    #[graphql(
        guard = "Needs(Permission::ReadOrganisations)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn agency_changes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "How far they are.")] state: Option<AgencyChangeState>,
        #[graphql(desc = "An agency on either side.")] agency_id: Option<Id<AgencyId>>,
    ) -> Result<Connection<String, AgencyChange>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ReadOrganisations);
        let filter = ChangeFilter { state: state.map(Into::into), agency: agency_id.map(Id::get) };
        let rows = store::changes(platform.db.read(), &scope, filter, &page).await?;
        Ok(page.connection(rows, |row| vec![encode(row.id)], AgencyChange))
    }
}

/// A reform within what the caller may read, for `agencyChange`, `node` and payloads.
pub async fn find_agency_change(
    ctx: &Context<'_>,
    id: AgencyChangeId,
) -> Result<Option<AgencyChange>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadOrganisations);
    Ok(store::change(platform.db.read(), &scope, id).await?.map(AgencyChange))
}
