//! Records of checks in GraphQL: parse, one use-case, map. That those of others were read is
//! recorded before they are answered.

mod mutations;
mod subscription;
mod types;

use async_graphql::connection::Connection;
use async_graphql::{Context, InputObject, Object, Result};
use chrono::{DateTime, Utc};
use entities::ids::{CheckRecordId, DeviceId};
use serde_json::json;

use super::{CheckFilter, Listed, READ, store};
use crate::access::{Permission, Scope};
use crate::audit::{Entry, Stream, record_readings};
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, caller};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
pub use mutations::ChecksMutation;
pub use subscription::ChecksSubscription;
pub use types::{CheckOutcome, CheckRecord};

/// What records of checks are narrowed by.
#[derive(Default, InputObject)]
pub struct CheckRecordFilter {
    /// Only those that the caller recorded.
    #[graphql(default)]
    own: bool,
    /// What was made of them.
    outcome: Option<CheckOutcome>,
    /// By which phone.
    device_id: Option<Id<DeviceId>>,
    /// Received at this time or later.
    since: Option<DateTime<Utc>>,
}

impl From<CheckRecordFilter> for CheckFilter {
    fn from(filter: CheckRecordFilter) -> Self {
        Self {
            own: filter.own,
            outcome: filter.outcome.map(Into::into),
            device: filter.device_id.map(Id::get),
            since: filter.since,
        }
    }
}

/// Reading of records of checks.
#[derive(Default)]
pub struct ChecksQuery;

#[Object]
impl ChecksQuery {
    /// A record of a check: one's own, or of a certificate within what the caller may read, which is
    /// recorded.
    #[graphql(guard = "Needs(Permission::ReadCheckRecords)")]
    async fn check_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which record.")] id: Id<CheckRecordId>,
    ) -> Result<Option<CheckRecord>> {
        find_check_record(ctx, id.get()).await
    }

    /// Records of checks, the last received first: one's own, and those of certificates within what
    /// the caller may read; one without a certificate goes with the agency of its recorder. That
    /// those of others were read is recorded.
    #[graphql(
        guard = "Needs(Permission::ReadCheckRecords)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn check_records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "What they are narrowed by.")] filter: Option<CheckRecordFilter>,
    ) -> Result<Connection<String, CheckRecord>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ReadCheckRecords);
        let filter = filter.unwrap_or_default().into();
        let reader = (actor.person(), &scope);
        let rows = store::records(platform.db.read(), reader, &filter, &page).await?;
        let shown = usize::try_from(page.first).unwrap_or(usize::MAX).min(rows.len());
        record_reading(platform, actor, rows.get(..shown).unwrap_or_default()).await?;
        Ok(page.connection(rows, |listed| vec![encode(listed.row.id)], CheckRecord))
    }
}

/// A record within what the caller may read, for `checkRecord` and `node`.
pub async fn find_check_record(
    ctx: &Context<'_>,
    id: CheckRecordId,
) -> Result<Option<CheckRecord>> {
    let (platform, actor) = caller(ctx)?;
    let scope = Scope::of(actor, Permission::ReadCheckRecords);
    let reader = (actor.person(), &scope);
    let found = store::record(platform.db.read(), reader, id).await?;
    record_reading(platform, actor, found.as_slice()).await?;
    Ok(found.map(CheckRecord))
}

/// Records that records of others were read, each in the stream of the agency it goes with and under
/// the certificate that was seen: they name people, and say roughly where they were. What one has recorded oneself one knows.
async fn record_reading(
    platform: &Platform,
    actor: &Actor,
    rows: &[Listed],
) -> std::result::Result<(), Fault> {
    let of_others = rows.iter().filter(|listed| actor.person() != Some(listed.row.recorder_id));
    let reading = |listed: &Listed| {
        let record = encode(listed.row.id);
        Entry {
            stream: Stream::Agency(listed.agency_id),
            action: READ,
            subject: listed.row.certificate_id.map_or_else(|| record.clone(), encode),
            body: json!({ "record": record }),
        }
    };
    record_readings(platform, actor, of_others.map(reading).collect()).await
}
