//! Work lists: what waits for the signed-in person, since when and why, over all their roles.
//!
//! Nothing is kept of it: each kind of work is one statement over the tables whose states it is
//! made of, so a list can never be out of step with them. A kind is there for whoever has its
//! permission, over the part of the tree where they have it. What somebody may not do, because it
//! is their own record or they did another duty of it, is not in their list.
//!
//! What a reviewer or an issuer decides is shown to the nearest office. Where nobody there may act,
//! it is shown one level up, marked as such. Where they may not act, a policy on reviews with
//! `escalates: false` keeps it with them; where nobody there has the role it goes up in any case.

pub mod graphql;
mod holders;
mod kinds;
mod sources;
mod sql;

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::Role;
use entities::ids::{AgencyId, PersonId};
use sea_orm::{ConnectionTrait, FromQueryResult, Statement};
use uuid::Uuid;

use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::platform::texts::Catalogue;
use holders::Rules;
pub use kinds::WorkKind;
use sources::Asker;
use sql::Sql;

/// The texts of this capability.
static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("worklist.zh-CN.ftl"), include_str!("worklist.en.ftl"))
});

/// Why work of another office is in somebody's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Escalation {
    /// Those of the nearer office may not act: it is their own record, or they had a part in it.
    NearerMayNot,
    /// Nobody of the nearer office has the role.
    NobodyNearer,
}

impl Escalation {
    /// Stable word.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NearerMayNot => "NEARER_MAY_NOT",
            Self::NobodyNearer => "NOBODY_NEARER",
        }
    }
}

/// Something that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkItem {
    /// What is to be done.
    pub kind: WorkKind,
    /// The bare id of what it is to be done with.
    pub id: Uuid,
    /// Since when it waits.
    pub since: DateTime<Utc>,
    /// Whom it concerns.
    pub person: Option<(PersonId, String)>,
    /// The unit it concerns.
    pub agency: Option<(AgencyId, String)>,
    /// The day by which it is due.
    pub due_on: Option<NaiveDate>,
    /// The moment by which it is due.
    pub due_at: Option<DateTime<Utc>>,
    /// Why it was returned.
    pub reasons: Option<String>,
    /// In which role it was returned.
    pub returned_by: Option<Role>,
    /// Number of a certificate or claim, name of a file, place of a sitting, document of a reform or
    /// of a joint authorisation, sign-in name, kind of a job, use of a key, category of a complaint.
    pub label: Option<String>,
    /// Why it is here and not with the nearer office.
    pub escalation: Option<Escalation>,
}

/// How much of a kind waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkCount {
    /// What is to be done.
    pub kind: WorkKind,
    /// How many.
    pub count: i64,
    /// Since when the oldest waits.
    pub oldest: Option<DateTime<Utc>>,
}

/// Where a page goes on: after the item of this time and id.
pub type After = (DateTime<Utc>, Uuid);

#[derive(FromQueryResult)]
struct Row {
    id: Uuid,
    since_at: Option<DateTime<Utc>>,
    since_on: Option<NaiveDate>,
    person_id: Option<PersonId>,
    person_name: Option<String>,
    agency_id: Option<AgencyId>,
    agency_name: Option<String>,
    due_on: Option<NaiveDate>,
    due_at: Option<DateTime<Utc>>,
    reasons: Option<String>,
    returned_by: Option<String>,
    label: Option<String>,
    level: Option<i32>,
    nearer: Option<bool>,
}

impl Row {
    fn item(self, kind: WorkKind) -> Result<WorkItem, Fault> {
        let since = kind.since().moment(self.since_at, self.since_on);
        let escalation = match (self.level, self.nearer) {
            (Some(1..), Some(true)) => Some(Escalation::NearerMayNot),
            (Some(1..), _) => Some(Escalation::NobodyNearer),
            _ => None,
        };
        Ok(WorkItem {
            kind,
            id: self.id,
            since: since.ok_or_else(|| Fault::stored("work that waits since no time"))?,
            person: self.person_id.zip(self.person_name),
            agency: self.agency_id.zip(self.agency_name),
            due_on: self.due_on,
            due_at: self.due_at,
            reasons: self.reasons,
            returned_by: self.returned_by.as_deref().and_then(Role::from_code),
            label: self.label,
            escalation,
        })
    }
}

/// What waits for an actor, oldest first: at most `limit` items after one. One statement for each
/// kind that the actor's roles have.
pub async fn my_work(
    platform: &Platform,
    actor: &Actor,
    kinds: &[WorkKind],
    after: Option<After>,
    limit: u64,
) -> Result<Vec<WorkItem>, Fault> {
    let db = platform.db.read();
    let Some(asker) = Asker::new(platform, actor).await? else { return Ok(Vec::new()) };
    let rules = Rules::load(db, &asker).await?;
    let mut items = Vec::new();
    for kind in WorkKind::ALL.into_iter().filter(|kind| kinds.is_empty() || kinds.contains(kind)) {
        let mut sql = Sql::default();
        let Some(source) = sources::source(kind, &asker, &rules, &mut sql) else { continue };
        let (column, beyond) = kind.since().after(after, &mut sql);
        let limit = sql.bind(limit);
        let text = format!(
            "SELECT * FROM ({source}) x WHERE {beyond} ORDER BY x.{column}, x.id LIMIT {limit}"
        );
        let statement =
            Statement::from_sql_and_values(db.get_database_backend(), text, sql.values());
        for row in db.query_all_raw(statement).await? {
            items.push(Row::from_query_result(&row, "")?.item(kind)?);
        }
    }
    items.sort_by_key(|item| (item.since, item.id));
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(items)
}

/// How much of each kind waits for an actor; kinds of which nothing waits are told too, with none.
/// One statement a kind.
pub async fn my_counts(platform: &Platform, actor: &Actor) -> Result<Vec<WorkCount>, Fault> {
    #[derive(FromQueryResult)]
    struct Counted {
        items: i64,
        since_at: Option<DateTime<Utc>>,
        since_on: Option<NaiveDate>,
    }
    let db = platform.db.read();
    let Some(asker) = Asker::new(platform, actor).await? else { return Ok(Vec::new()) };
    let rules = Rules::load(db, &asker).await?;
    let mut counts = Vec::new();
    for kind in WorkKind::ALL {
        let mut sql = Sql::default();
        let Some(source) = sources::source(kind, &asker, &rules, &mut sql) else { continue };
        let text = format!(
            "SELECT COUNT(*) AS items, MIN(x.since_at) AS since_at, MIN(x.since_on) AS since_on \
             FROM ({source}) x"
        );
        let statement =
            Statement::from_sql_and_values(db.get_database_backend(), text, sql.values());
        let Some(row) = db.query_one_raw(statement).await? else { continue };
        let counted = Counted::from_query_result(&row, "")?;
        let oldest = kind.since().moment(counted.since_at, counted.since_on);
        counts.push(WorkCount { kind, count: counted.items, oldest });
    }
    Ok(counts)
}
