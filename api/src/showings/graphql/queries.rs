//! Queries of showings: one's own, those that name one, and those of a scope, which is recorded.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::ids::{AgencyId, PersonId, ShowingId};
use serde_json::json;

use super::types::Showing;
use crate::access::{Permission, Scope};
use crate::audit::{Entry, Stream, record_readings};
use crate::graphql::guard;
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, RequestError, caller, locale};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::{end_of_day, local_date, start_of_day};
use crate::platform::failure::Fault;
use crate::platform::texts::Locale;
use crate::policy::{AloneReason, ShowingPolicy};
use crate::showings::{self, AgencyTotals, Period, ShowingFilter, ShowingRow, Whose};

/// Queries of showings.
#[derive(Default)]
pub struct ShowingQuery;

/// A showing that concerns the caller, or that lies within what the caller may read; the latter is
/// recorded.
pub async fn find_showing(ctx: &Context<'_>, id: ShowingId) -> Result<Option<Showing>> {
    let (platform, actor) = caller(ctx)?;
    if guard::may(ctx, Permission::ShowCertificates)?
        && let Some(person) = actor.person()
    {
        for whose in [Whose::Own(person), Whose::Naming(person)] {
            if let Some(row) = showings::showing(platform.db.read(), &whose, id).await? {
                return Ok(Some(Showing { row, whose }));
            }
        }
    }
    if !guard::may(ctx, Permission::ReadShowings)? {
        return Ok(None);
    }
    let whose = Whose::Within(Scope::of(actor, Permission::ReadShowings));
    let row = showings::showing(platform.db.read(), &whose, id).await?;
    let Some(row) = row else { return Ok(None) };
    record_reading(platform, actor, std::slice::from_ref(&row)).await?;
    Ok(Some(Showing { row, whose }))
}

/// Records that showings of others were read, each in the stream of its agency: roughly where somebody
/// was is personal data.
async fn record_reading(
    platform: &Platform,
    actor: &Actor,
    rows: &[ShowingRow],
) -> std::result::Result<(), Fault> {
    let reading = |row: &ShowingRow| Entry {
        stream: Stream::Agency(row.agency_id),
        action: showings::READ,
        subject: encode(row.showing.id),
        body: json!({}),
    };
    record_readings(platform, actor, rows.iter().map(reading).collect()).await
}

/// Showings of an agency over a time, counted.
#[derive(SimpleObject)]
pub struct ShowingTotals {
    /// The agency that keeps the certificates.
    agency_id: ID,
    /// Its name.
    agency_name: String,
    /// Officers with a certificate in force today.
    officers: i64,
    /// Different officers who showed theirs at least once.
    officers_who_showed: i64,
    /// Showings.
    showings: i64,
    /// Of those, where a second officer confirmed.
    two_officers: i64,
    /// Of those, alone for a reason that the policy knows.
    alone_by_exception: i64,
    /// Of those, outside the fields or the area without a joint authorisation.
    outside: i64,
    /// Of those, scanned at least once.
    scanned: i64,
    /// Two officers or an exception, of all showings, in ten-thousandths; none without showings.
    two_officer_rate: Option<i64>,
    /// Officers who showed, of those with a certificate in force, in ten-thousandths, 10,000 at most;
    /// none without such officers.
    show_rate: Option<i64>,
}

impl From<AgencyTotals> for ShowingTotals {
    fn from(totals: AgencyTotals) -> Self {
        let counts = totals.counts;
        Self {
            agency_id: encode(totals.id).into(),
            agency_name: totals.name,
            officers: totals.officers,
            officers_who_showed: counts.officers_who_showed,
            showings: counts.showings,
            two_officers: counts.confirmed,
            alone_by_exception: counts.alone,
            outside: counts.outside,
            scanned: counts.scanned,
            two_officer_rate: rate(counts.confirmed + counts.alone, counts.showings),
            show_rate: rate(counts.officers_who_showed, totals.officers),
        }
    }
}

/// A part of a whole in ten-thousandths, rounded down.
fn rate(part: i64, whole: i64) -> Option<i64> {
    (part.saturating_mul(10_000)).checked_div(whole).map(|rate| rate.min(10_000))
}

/// What `startShowing` takes of the officer today, by the policy SHOWINGS.
#[derive(SimpleObject)]
pub struct ShowingRules {
    /// Minutes for which a showing is open at least.
    minutes_least: u32,
    /// Minutes for which it is open where none are asked for.
    minutes_default: u32,
    /// Minutes for which it is open at most.
    minutes_most: u32,
    /// Why an officer may be alone.
    alone_reasons: Vec<ShowingAloneReason>,
}

/// A reason for which an officer may act alone.
#[derive(SimpleObject)]
pub struct ShowingAloneReason {
    /// For `aloneReason`.
    code: String,
    /// In words, in the language of the request.
    label: String,
}

impl ShowingRules {
    fn of(policy: &ShowingPolicy, locale: Locale) -> Self {
        let reason = |reason: &AloneReason| ShowingAloneReason {
            code: reason.code.clone(),
            label: match locale {
                Locale::ZhCn => reason.zh.clone(),
                Locale::En => reason.en.clone(),
            },
        };
        Self {
            minutes_least: showings::LEAST_MINUTES,
            minutes_default: policy.open_minutes_default,
            minutes_most: policy.open_minutes_most,
            alone_reasons: policy.alone_reasons.iter().map(reason).collect(),
        }
    }
}

#[Object]
impl ShowingQuery {
    /// What holds for one's own showings today; none without a certificate in force.
    #[graphql(guard = "Needs(Permission::ShowCertificates)", complexity = "5 + child_complexity")]
    async fn showing_rules(&self, ctx: &Context<'_>) -> Result<Option<ShowingRules>> {
        let (platform, actor) = caller(ctx)?;
        let Some(person) = actor.person() else { return Ok(None) };
        let policy = showings::policy_for(platform, person).await?;
        Ok(policy.map(|policy| ShowingRules::of(&policy.body, locale(ctx))))
    }

    /// A showing: the officer's own, one that names the officer, or one within the caller's part of
    /// the tree, which is recorded.
    #[graphql(guard = "Needs(Permission::ShowCertificates).or(Needs(Permission::ReadShowings))")]
    async fn showing(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which showing.")] id: Id<ShowingId>,
    ) -> Result<Option<Showing>> {
        find_showing(ctx, id.get()).await
    }

    /// The officer's own showings, newest first.
    #[graphql(
        guard = "Needs(Permission::ShowCertificates)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn my_showings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "Only one that is open now.")] open: Option<bool>,
    ) -> Result<Connection<String, Showing>> {
        of_person(ctx, first, after.as_deref(), open, Whose::Own).await
    }

    /// Showings that name the officer as the second, newest first: with `open`, those to confirm.
    #[graphql(
        guard = "Needs(Permission::ShowCertificates)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn showings_naming_me(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "Only those that are open now.")] open: Option<bool>,
    ) -> Result<Connection<String, Showing>> {
        of_person(ctx, first, after.as_deref(), open, Whose::Naming).await
    }

    /// Showings within the caller's part of the tree, newest first; that they were read is recorded.
    #[graphql(
        guard = "Needs(Permission::ReadShowings)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    #[expect(clippy::too_many_arguments, reason = "arguments of a list are its filters")]
    async fn showings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "Who showed.")] officer_id: Option<Id<PersonId>>,
        #[graphql(desc = "The agency that keeps the certificate.")] agency_id: Option<Id<AgencyId>>,
        #[graphql(desc = "Started at or after.")] from: Option<DateTime<Utc>>,
        #[graphql(desc = "Started before.")] until: Option<DateTime<Utc>>,
        #[graphql(desc = "Only those of which something was found that is not in order.")]
        found: Option<bool>,
    ) -> Result<Connection<String, Showing>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let whose = Whose::Within(Scope::of(actor, Permission::ReadShowings));
        let filter = ShowingFilter {
            officer: officer_id.map(Id::get),
            agency: agency_id.map(Id::get),
            from,
            until,
            open_at: None,
            found: found.unwrap_or(false),
        };
        let rows = showings::showings(platform.db.read(), &whose, &filter, &page).await?;
        let shown = usize::try_from(page.first).unwrap_or(usize::MAX).min(rows.len());
        record_reading(platform, actor, rows.get(..shown).unwrap_or_default()).await?;
        Ok(connection(&page, rows, &whose))
    }

    /// Showings of the agencies of the caller's part of the tree between two days, counted; an agency
    /// without any has zeros.
    #[graphql(
        guard = "Needs(Permission::ReadShowings)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn showing_totals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "First day.")] from: NaiveDate,
        #[graphql(desc = "Last day.")] until: NaiveDate,
        #[graphql(desc = "Only this agency.")] agency_id: Option<Id<AgencyId>>,
    ) -> Result<Connection<String, ShowingTotals>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let scope = Scope::of(actor, Permission::ReadShowings);
        let period = Period {
            from: start_of_day(from),
            until: end_of_day(until),
            on: local_date(platform.now()),
        };
        let agency = agency_id.map(Id::get);
        let rows = showings::totals(platform.db.read(), &scope, agency, period, &page).await?;
        Ok(page.connection(rows, |row| vec![encode(row.id)], Into::into))
    }
}

async fn of_person(
    ctx: &Context<'_>,
    first: Option<i32>,
    after: Option<&str>,
    open: Option<bool>,
    whose: fn(PersonId) -> Whose,
) -> Result<Connection<String, Showing>> {
    let (platform, actor) = caller(ctx)?;
    let page = Page::new(first, after, 1)?;
    let Some(person) = actor.person() else { return Err(RequestError::Forbidden.error()) };
    let whose = whose(person);
    let open_at = open.unwrap_or(false).then(|| platform.now());
    let filter = ShowingFilter { open_at, ..ShowingFilter::default() };
    let rows = showings::showings(platform.db.read(), &whose, &filter, &page).await?;
    Ok(connection(&page, rows, &whose))
}

fn connection(page: &Page, rows: Vec<ShowingRow>, whose: &Whose) -> Connection<String, Showing> {
    let id = |row: &ShowingRow| vec![encode(row.showing.id)];
    page.connection(rows, id, |row| Showing { row, whose: whose.clone() })
}
