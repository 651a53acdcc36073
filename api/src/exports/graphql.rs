//! The audit log in GraphQL: parse, one use-case, map.

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::export;
use entities::ids::{AccountId, AgencyId, AuditEntryId, ExportId, PersonId};

use super::log::{self, ActorName, LogFilter, LogKind, LogRow};
use super::words::action_in_words;
use crate::access::Permission;
use crate::graphql::enums::{ExportFormat, ExportList};
use crate::graphql::ids::{Id, encode};
use crate::graphql::page::Page;
use crate::graphql::{Needs, caller, locale};
use crate::organisations::graphql::AgencySummary;

/// What the audit log is narrowed by; what is not given narrows nothing.
#[derive(Clone, Debug, Default, InputObject)]
pub struct AuditFilter {
    /// Kind of the entries: READS and EXPORTS tell who read and took what.
    kind: Option<LogKind>,
    /// The account that acted.
    actor_id: Option<Id<AccountId>>,
    /// On what: any id. That of a person stands for their qualification, applications, certificates
    /// and showings too: who looked at an officer.
    subject_id: Option<ID>,
    /// The agency in whose chain they stand.
    agency_id: Option<Id<AgencyId>>,
    /// From this moment on.
    from: Option<DateTime<Utc>>,
    /// Before this moment.
    until: Option<DateTime<Utc>>,
}

impl From<AuditFilter> for LogFilter {
    fn from(filter: AuditFilter) -> Self {
        Self {
            kind: filter.kind,
            actor: filter.actor_id.map(Id::get),
            subject: filter.subject_id.map(|id| Self::subject(&id)),
            agency: filter.agency_id.map(Id::get),
            from: filter.from,
            until: filter.until,
        }
    }
}

/// Who acted.
#[derive(Clone, Debug, SimpleObject)]
pub struct AuditActor {
    /// The account.
    account_id: Id<AccountId>,
    /// Its person.
    person_id: Id<PersonId>,
    /// The person's name.
    name: String,
}

impl From<ActorName> for AuditActor {
    fn from(actor: ActorName) -> Self {
        Self { account_id: actor.account.into(), person_id: actor.person.into(), name: actor.name }
    }
}

/// A file that was taken out of the register.
#[derive(Clone, Debug, SimpleObject)]
pub struct ExportRecord {
    /// Id.
    id: Id<ExportId>,
    /// What was taken.
    list: ExportList,
    /// As which file.
    format: ExportFormat,
    /// Whether ID numbers and phones stand in it whole.
    personal_data: bool,
    /// What it was narrowed by, as JSON.
    filter: String,
    /// Its rows, without the heading.
    rows: i32,
    /// SHA-256 of the file in hexadecimal.
    sha256: String,
    /// What it is for, in the words of whoever took it; always there where personal data is whole.
    purpose: Option<String>,
}

impl From<export::Model> for ExportRecord {
    fn from(row: export::Model) -> Self {
        Self {
            id: row.id.into(),
            list: row.list.into(),
            format: row.format.into(),
            personal_data: row.personal_data,
            filter: row.filter.to_string(),
            rows: row.row_count,
            sha256: hex::encode(row.sha256),
            purpose: row.purpose,
        }
    }
}

/// An entry of the audit log.
pub struct AuditEntry(LogRow);

/// An entry of the audit log: what was done, read or taken, by whom and when. It holds ids, words
/// and digests; names are those of today.
#[Object]
impl AuditEntry {
    /// Id.
    async fn id(&self) -> Id<AuditEntryId> {
        self.0.entry.id.into()
    }

    /// When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.entry.at
    }

    /// Kind.
    async fn kind(&self) -> LogKind {
        LogKind::of(&self.0.entry.action)
    }

    /// What was done, a stable word such as `person.reveal`.
    async fn action(&self) -> &str {
        &self.0.entry.action
    }

    /// What was done, in the language of the request.
    async fn action_text(&self, ctx: &Context<'_>) -> String {
        action_in_words(locale(ctx), &self.0.entry.action)
    }

    /// Who acted; nobody where it was the system.
    async fn actor(&self) -> Option<AuditActor> {
        self.0.actor.clone().map(Into::into)
    }

    /// On what: an id, or nothing.
    async fn subject(&self) -> &str {
        &self.0.entry.subject
    }

    /// What the subject is called today: a person's name, a certificate's number, an agency's name.
    async fn subject_name(&self) -> Option<&str> {
        self.0.subject_name.as_deref()
    }

    /// The agency of its chain; none where it stands in that of the deployment.
    async fn agency(&self) -> Option<AgencySummary> {
        self.0.agency.clone().map(|(id, name)| AgencySummary::new(id, name))
    }

    /// Its number in the chain.
    async fn seq(&self) -> i64 {
        self.0.entry.seq
    }

    /// Details as JSON, without personal values.
    async fn details(&self) -> &str {
        &self.0.entry.body
    }

    /// Its hash in hexadecimal.
    async fn hash(&self) -> String {
        hex::encode(&self.0.entry.hash)
    }

    /// The file, where one was taken.
    async fn export(&self) -> Option<ExportRecord> {
        self.0.export.clone().map(Into::into)
    }
}

/// Queries of the audit log.
#[derive(Default)]
pub struct ExportsQuery;

#[Object]
impl ExportsQuery {
    /// The audit log, newest first: what was entered and decided, and who read and took what. Each
    /// page that is read is itself an entry.
    #[graphql(
        guard = "Needs(Permission::ReadAudit)",
        complexity = "usize::try_from(first.unwrap_or(20).clamp(1, 100)).unwrap_or(1) * child_complexity"
    )]
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the last row of the page before.")] after: Option<String>,
        #[graphql(desc = "What it is narrowed by.")] filter: Option<AuditFilter>,
    ) -> Result<Connection<String, AuditEntry>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let filter = filter.unwrap_or_default().into();
        let rows = log::read(platform, actor, &filter, &page).await?;
        Ok(page.connection(rows, |row| vec![encode(row.entry.id)], AuditEntry))
    }
}
