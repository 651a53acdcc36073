//! The audit log as its readers see it: who did, read and took what, newest first, with the names
//! of the actors and of what they acted on.
//!
//! An entry lies within a scope if its chain's agency does. Of the chain of the deployment, where
//! sign-ins, accounts and reports of imports stand, a part of the tree has what its own people did;
//! the whole of it has who reads the whole tree.

mod subjects;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entities::enums::ScopeAxis;
use entities::ids::{
    AccountId, AgencyId, ApplicationId, AuditEntryId, CertificateId, ExistingCertificateId,
    ExportId, PersonId, QualificationId,
};
use entities::{
    account, agency, agency_closure, application, audit_entry, certificate, existing_certificate,
    export, person, qualification,
};
use sea_orm::sea_query::{Expr, ExprTrait, Query};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbBackend, EntityTrait, JoinType, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait,
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::request::Told;
use super::{in_log, streams};
use crate::access::{Permission, Scope};
use crate::audit::UnitOfWork;
use crate::graphql::ids::{NodeId, decode, decode_or_nil, encode, has_form_of_id};
use crate::graphql::page::Page;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
pub(super) use subjects::subjects;

/// Characters of what is asked for as a subject.
const MOST_IN_SUBJECT: usize = 64;

/// The word for reading the log itself.
const READ: &str = "audit.read";
/// Reading personal data whole, where somebody was, or the faces of an agency.
const READS: [&str; 8] = [
    crate::officers::REVEAL,
    crate::verification::for_callers::LOOKED_UP,
    crate::verification::checking::CHECKED,
    crate::complaints::CONTACT_READ,
    crate::showings::READ,
    crate::checks::READ,
    crate::photo_packs::READ,
    crate::photo_packs::KEY_GIVEN,
];
/// Taking files out of the register.
const EXPORTS: [&str; 6] = [
    super::EXPORT,
    super::EVIDENCE,
    "import.report",
    "photos.report",
    "training.report",
    "card.draw",
];
const SIGN_INS: [&str; 2] = ["session.open", "session.revoke"];

/// Kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, async_graphql::Enum)]
#[graphql(name = "AuditKind")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LogKind {
    /// Something was entered, changed or decided.
    Acts,
    /// Personal data was read whole, or showings, records of checks or photo packs of others.
    Reads,
    /// A list, a report, an evidence file or cards were taken.
    Exports,
    /// Somebody signed in or a session ended.
    SignIns,
    /// The audit log was read.
    LogReads,
}

impl LogKind {
    /// The kind of an entry.
    pub fn of(action: &str) -> Self {
        match action {
            READ => Self::LogReads,
            _ if READS.contains(&action) => Self::Reads,
            _ if EXPORTS.contains(&action) => Self::Exports,
            _ if SIGN_INS.contains(&action) => Self::SignIns,
            _ => Self::Acts,
        }
    }

    /// The word in filters.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Acts => "ACTS",
            Self::Reads => "READS",
            Self::Exports => "EXPORTS",
            Self::SignIns => "SIGN_INS",
            Self::LogReads => "LOG_READS",
        }
    }

    fn condition(self) -> Condition {
        let column = audit_entry::Column::Action;
        Condition::all().add(match self {
            Self::LogReads => column.eq(READ),
            Self::Reads => column.is_in(READS),
            Self::Exports => column.is_in(EXPORTS),
            Self::SignIns => column.is_in(SIGN_INS),
            Self::Acts => {
                let others = READS.into_iter().chain(EXPORTS).chain(SIGN_INS).chain([READ]);
                column.is_not_in(others)
            }
        })
    }
}

/// What the log is narrowed by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogFilter {
    /// Kind.
    pub kind: Option<LogKind>,
    /// Who.
    pub actor: Option<AccountId>,
    /// On what: an id. A person's stands for their qualification, applications and certificates
    /// too, for what they brought along, and for showings that are kept.
    pub subject: Option<String>,
    /// The agency whose chain it is.
    pub agency: Option<AgencyId>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub until: Option<DateTime<Utc>>,
}

impl LogFilter {
    /// The subject that a text asks for: no id is longer.
    pub fn subject(text: &str) -> String {
        text.chars().take(MOST_IN_SUBJECT).collect()
    }

    /// What it says, by the names of its fields. What is asked for as a subject and has not the
    /// form of an id is something that somebody typed.
    pub(super) fn told(&self) -> Vec<(&'static str, Option<Told>)> {
        let Self { kind, actor, subject, agency, from, until } = self;
        let subject = subject
            .clone()
            .map(|text| if has_form_of_id(&text) { Told::Plain(text) } else { Told::Typed(text) });
        vec![
            ("kind", Told::word(kind.map(|kind| kind.code().to_owned()))),
            ("actorId", Told::id(*actor)),
            ("subjectId", subject),
            ("agencyId", Told::id(*agency)),
            ("from", Told::word(from.map(|at| at.to_rfc3339()))),
            ("until", Told::word(until.map(|at| at.to_rfc3339()))),
        ]
    }
}

/// Who acted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorName {
    /// The account.
    pub account: AccountId,
    /// Its person.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
}

/// An entry with the names a list shows.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRow {
    /// The entry.
    pub entry: audit_entry::Model,
    /// The agency of its chain; none of the deployment's.
    pub agency: Option<(AgencyId, String)>,
    /// Who acted; none where it was the system.
    pub actor: Option<ActorName>,
    /// What its subject is called, where that is known.
    pub subject_name: Option<String>,
    /// What was exported, where something was.
    pub export: Option<export::Model>,
}

/// Reads a page of the log for somebody. That it was read is written to the log first.
pub async fn read(
    platform: &Platform,
    actor: &Actor,
    filter: &LogFilter,
    page: &Page,
) -> Result<Vec<LogRow>, Fault> {
    let scope = Scope::of(actor, Permission::ReadAudit);
    let rows = entries(platform.db.read(), &scope, filter, page).await?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let told: Vec<(&'static str, Told)> =
        filter.told().into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    let told = in_log(platform, &told);
    let subject = actor.account().map_or_else(String::new, encode);
    for stream in streams(&scope, filter.agency) {
        let body = json!({ "filter": told, "entries": rows.len() });
        uow.record(stream, READ, subject.clone(), body);
    }
    uow.commit().await?;
    Ok(rows)
}

/// A page of the log within a scope, newest first; one row more than the page.
pub(super) async fn entries(
    db: &impl ConnectionTrait,
    scope: &Scope,
    filter: &LogFilter,
    page: &Page,
) -> Result<Vec<LogRow>, Fault> {
    use audit_entry::Column::{Actor, At, Id, Stream, Subject};
    let mut select = audit_entry::Entity::find().filter(within(db, scope).await?);
    if let Some(kind) = filter.kind {
        select = select.filter(kind.condition());
    }
    if let Some(actor) = filter.actor {
        select = select.filter(Actor.eq(actor.0.to_string()));
    }
    if let Some(agency) = filter.agency {
        select = select.filter(Stream.eq(agency.0.to_string()));
    }
    if let Some(subject) = &filter.subject {
        select = select.filter(Subject.is_in(subjects(db, subject).await?));
    }
    if let Some(from) = filter.from {
        // Ids rise with time and are what the log is read by: the bound ends the search.
        select = select.filter(At.gte(from)).filter(Id.gte(first_id(from)));
    }
    if let Some(until) = filter.until {
        select = select.filter(At.lt(until));
    }
    if let Some([after]) = page.after.as_deref() {
        select = select.filter(Id.lt(decode_or_nil::<AuditEntryId>(after)));
    }
    let rows = select.order_by_desc(Id).limit(page.limit()).all(db).await?;
    named(db, rows).await
}

/// The least id of a moment.
fn first_id(at: DateTime<Utc>) -> AuditEntryId {
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    AuditEntryId(Uuid::from_u128(u128::from(millis) << 80))
}

/// Which entries lie within a scope.
pub(super) async fn within(db: &impl ConnectionTrait, scope: &Scope) -> Result<Condition, Fault> {
    let Scope::Under(roots) = scope else { return Ok(Condition::all()) };
    let backend = db.get_database_backend();
    let system = audit_entry::Column::Stream.eq("system");
    let mine = Query::select()
        .column((account::Entity, account::Column::Id))
        .from(account::Entity)
        .inner_join(
            person::Entity,
            Expr::col((person::Entity, person::Column::Id))
                .equals((account::Entity, account::Column::PersonId)),
        )
        .cond_where(scope.condition((person::Entity, person::Column::AgencyId)))
        .take();
    let of_system = if whole_tree(db, roots).await? {
        Condition::all().add(system)
    } else {
        Condition::all().add(system).add(uuid_in("actor", backend).in_subquery(mine))
    };
    Ok(Condition::any().add(scope.condition_on(uuid_in("stream", backend))).add(of_system))
}

/// Whether one of the roots has nothing above it in the tree of territories.
async fn whole_tree(
    db: &impl ConnectionTrait,
    roots: &[(ScopeAxis, AgencyId)],
) -> Result<bool, Fault> {
    use agency_closure::Column::{AgencyId as Agency, Axis, Depth};
    let territories: HashSet<AgencyId> = roots
        .iter()
        .filter(|(axis, _)| *axis == ScopeAxis::Territory)
        .map(|(_, root)| *root)
        .collect();
    let below: Vec<AgencyId> = agency_closure::Entity::find()
        .select_only()
        .column(Agency)
        .distinct()
        .filter(Axis.eq(ScopeAxis::Territory))
        .filter(Agency.is_in(territories.iter().copied()))
        .filter(Depth.gt(0))
        .into_tuple()
        .all(db)
        .await?;
    Ok(territories.iter().any(|root| !below.contains(root)))
}

/// The id that a column of the log holds as text; none where it holds the word `system`.
fn uuid_in(column: &str, backend: DbBackend) -> Expr {
    Expr::cust(match backend {
        DbBackend::Postgres => format!(
            "CASE WHEN audit_entries.{column} = 'system' THEN NULL \
             ELSE CAST(audit_entries.{column} AS uuid) END"
        ),
        _ => format!("unhex(audit_entries.{column}, '-')"),
    })
}

/// Gives entries the names of what they point to, in a handful of statements.
async fn named(
    db: &impl ConnectionTrait,
    rows: Vec<audit_entry::Model>,
) -> Result<Vec<LogRow>, Fault> {
    let agency_of = |row: &audit_entry::Model| Uuid::try_parse(&row.stream).ok().map(AgencyId);
    let actor_of = |row: &audit_entry::Model| Uuid::try_parse(&row.actor).ok().map(AccountId);
    let actors = actors(db, rows.iter().filter_map(actor_of).collect()).await?;
    let names = subject_names(db, &rows).await?;
    let agencies: HashSet<AgencyId> = rows.iter().filter_map(agency_of).collect();
    let agencies = agency_names(db, agencies).await?;
    let exports: HashSet<ExportId> = of_type(&rows);
    let exports: HashMap<String, export::Model> = export::Entity::find()
        .filter(export::Column::Id.is_in(exports))
        .all(db)
        .await?
        .into_iter()
        .map(|row| (encode(row.id), row))
        .collect();
    let with_names = |entry: audit_entry::Model| LogRow {
        agency: agency_of(&entry).map(|id| (id, agencies.get(&id).cloned().unwrap_or_default())),
        actor: actor_of(&entry).and_then(|id| actors.get(&id).cloned()),
        subject_name: names.get(&entry.subject).cloned(),
        export: exports.get(&entry.subject).cloned(),
        entry,
    };
    Ok(rows.into_iter().map(with_names).collect())
}

/// The subjects of one type.
fn of_type<T: NodeId + Eq + std::hash::Hash>(rows: &[audit_entry::Model]) -> HashSet<T> {
    rows.iter().filter_map(|row| decode(&row.subject)).collect()
}

/// The people behind accounts.
pub(super) async fn actors(
    db: &impl ConnectionTrait,
    ids: HashSet<AccountId>,
) -> Result<HashMap<AccountId, ActorName>, Fault> {
    let rows: Vec<(AccountId, PersonId, String)> = account::Entity::find()
        .select_only()
        .column(account::Column::Id)
        .column(account::Column::PersonId)
        .column_as(person::Column::Name, "name")
        .join(JoinType::InnerJoin, account::Relation::Person.def())
        .filter(account::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    let actor = |(account, person, name)| (account, ActorName { account, person, name });
    Ok(rows.into_iter().map(actor).collect())
}

/// The names of agencies.
pub(super) async fn agency_names(
    db: &impl ConnectionTrait,
    ids: HashSet<AgencyId>,
) -> Result<HashMap<AgencyId, String>, Fault> {
    let rows: Vec<(AgencyId, String)> = agency::Entity::find()
        .select_only()
        .columns([agency::Column::Id, agency::Column::Name])
        .filter(agency::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// The names of people.
pub(super) async fn person_names(
    db: &impl ConnectionTrait,
    ids: HashSet<PersonId>,
) -> Result<HashMap<PersonId, String>, Fault> {
    let rows: Vec<(PersonId, String)> = person::Entity::find()
        .select_only()
        .columns([person::Column::Id, person::Column::Name])
        .filter(person::Column::Id.is_in(ids))
        .into_tuple()
        .all(db)
        .await?;
    Ok(rows.into_iter().collect())
}

/// What subjects are called: people by name, certificates by number, what is asked for a person or
/// was brought along by the person's name.
async fn subject_names(
    db: &impl ConnectionTrait,
    rows: &[audit_entry::Model],
) -> Result<HashMap<String, String>, Fault> {
    let mut names = HashMap::new();
    let people = person_names(db, of_type(rows)).await?;
    names.extend(people.into_iter().map(|(id, name)| (encode(id), name)));
    let agencies = agency_names(db, of_type(rows)).await?;
    names.extend(agencies.into_iter().map(|(id, name)| (encode(id), name)));
    let accounts = actors(db, of_type(rows)).await?;
    names.extend(accounts.into_values().map(|actor| (encode(actor.account), actor.name)));
    let numbers: Vec<(CertificateId, String)> = certificate::Entity::find()
        .select_only()
        .columns([certificate::Column::Id, certificate::Column::Number])
        .filter(certificate::Column::Id.is_in(of_type::<CertificateId>(rows)))
        .into_tuple()
        .all(db)
        .await?;
    names.extend(numbers.into_iter().map(|(id, number)| (encode(id), number)));
    let applied: Vec<(ApplicationId, String)> = application::Entity::find()
        .select_only()
        .column(application::Column::Id)
        .column_as(person::Column::Name, "name")
        .join(JoinType::InnerJoin, application::Relation::Person.def())
        .filter(application::Column::Id.is_in(of_type::<ApplicationId>(rows)))
        .into_tuple()
        .all(db)
        .await?;
    names.extend(applied.into_iter().map(|(id, name)| (encode(id), name)));
    let qualified: Vec<(QualificationId, String)> = qualification::Entity::find()
        .select_only()
        .column(qualification::Column::Id)
        .column_as(person::Column::Name, "name")
        .join(JoinType::InnerJoin, qualification::Relation::Person.def())
        .filter(qualification::Column::Id.is_in(of_type::<QualificationId>(rows)))
        .into_tuple()
        .all(db)
        .await?;
    names.extend(qualified.into_iter().map(|(id, name)| (encode(id), name)));
    let brought: Vec<(ExistingCertificateId, String)> = existing_certificate::Entity::find()
        .select_only()
        .column(existing_certificate::Column::Id)
        .column_as(person::Column::Name, "name")
        .join(JoinType::InnerJoin, existing_certificate::Relation::Person.def())
        .filter(existing_certificate::Column::Id.is_in(of_type::<ExistingCertificateId>(rows)))
        .into_tuple()
        .all(db)
        .await?;
    names.extend(brought.into_iter().map(|(id, name)| (encode(id), name)));
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_action_is_of_one_kind() {
        let listed: Vec<&str> =
            READS.into_iter().chain(EXPORTS).chain(SIGN_INS).chain([READ]).collect();
        let different: HashSet<&str> = listed.iter().copied().collect();
        assert_eq!(different.len(), listed.len(), "twice: {listed:?}");
    }
}
