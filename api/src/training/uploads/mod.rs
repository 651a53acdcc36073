//! Attendance, candidates and results by workbook: read and checked row by row ([`stage`]), looked at
//! by a person with its [`report`], then applied ([`apply`]) in one transaction, whole or as far as
//! its rows can be. Sent again, a workbook changes nothing; a report can be corrected and sent again.
//!
//! A workbook holds at most [`MOST_ROWS`] rows, so that one transaction takes it: what is more is
//! sent in several.

mod row;
mod store;
mod workbook;

use std::collections::HashMap;

use chrono::Duration;
use entities::enums::{ImportRowState, ImportState};
use entities::ids::{PersonId, TrainingUploadId};
use entities::training_upload;
use sea_orm::ActiveModelTrait;
use serde_json::json;

use super::entries::{Entry, Open, Target, Value};
use super::error::{Result, TrainingRefusal as Refusal};
use crate::access::{self, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::imports::cells::name_key;
use crate::imports::columns::Column;
use crate::imports::findings::Severity;
use crate::imports::reader::{self, FileError, Limits};
use crate::officers::rules::hours;
use crate::officers::{self, Change, OfficerRow, facts};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
use crate::platform::spelling::name_as_compared;
pub use row::{Found, Named, Staged};
pub use store::{Row, own, own_uploads, rows_after};

/// Rows of a workbook.
pub const MOST_ROWS: usize = 5_000;
/// Bytes of a workbook.
pub const MOST_BYTES: usize = 8 << 20;
/// How long rows are kept after the last thing that was done with them.
pub const KEPT: Duration = Duration::days(30);
/// People looked up in one statement.
const AT_ONCE: usize = 500;

const LIMITS: Limits = Limits {
    upload_bytes: MOST_BYTES,
    unpacked_bytes: 64 << 20,
    unpacked_ratio: 200,
    entries: 200,
    rows: MOST_ROWS,
    columns: 100,
    text_bytes: 16 << 20,
};

/// The empty workbook for a session or sitting.
pub async fn template(platform: &Platform, actor: &Actor, target: Target) -> Result<Vec<u8>> {
    let scope = Scope::of(actor, target.permission());
    let today = local_date(platform.now());
    let db = platform.db.read();
    let about = match target {
        Target::Attendance(id) => {
            let row = super::session(db, &scope, id).await?.ok_or(Refusal::SessionNotFound)?;
            let hours = hours(row.minutes);
            format!("{}（{}至{}，共{hours}学时）", row.title, row.starts_on, row.ends_on)
        }
        Target::Candidates(id) | Target::Results(id) => {
            let row = super::sitting(db, &scope, id).await?.ok_or(Refusal::SittingNotFound)?;
            format!("{}，{}", row.held_on, row.place)
        }
    };
    let kind = target.kind();
    let made = tokio::task::spawn_blocking(move || workbook::template(kind, &about, today));
    Ok(made.await.map_err(Fault::other)?.map_err(Fault::other)?)
}

/// Reads and checks a workbook and keeps what it holds; nothing is entered.
pub async fn stage(
    platform: &Platform,
    actor: &Actor,
    target: Target,
    file_name: &str,
    bytes: Vec<u8>,
) -> Result<training_upload::Model> {
    let scope = Scope::of(actor, target.permission());
    let today = local_date(platform.now());
    // Before the file is looked at: what takes no entries now takes no workbook either.
    let open = target.read(platform.db.read(), &scope, today).await?;
    let kind = target.kind();
    let read = tokio::task::spawn_blocking(move || read(kind, &bytes));
    let mut rows = read.await.map_err(Fault::other)?.map_err(Refusal::File)?;
    let people = find_people(platform, &scope, target, &mut rows).await?;

    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let judged = judge(&uow, &open, &scope, &mut rows, &people).await?;
    let state = |judged: &Option<(Entry, Change)>| match judged {
        None => ImportRowState::Failed,
        Some((_, Change::Unchanged)) => ImportRowState::Unchanged,
        Some(_) => ImportRowState::Ready,
    };
    let states: Vec<ImportRowState> = judged.iter().map(state).collect();
    let count = |state| number(states.iter().filter(|s| **s == state).count());
    let confirmations = rows
        .iter()
        .filter(|row| row.is_sound())
        .flat_map(|row| &row.found)
        .filter(|found| found.severity == Severity::Confirm)
        .count();
    let (session_id, sitting_id) = match target {
        Target::Attendance(id) => (Some(id), None),
        Target::Candidates(id) | Target::Results(id) => (None, Some(id)),
    };
    let upload = training_upload::Model {
        id: uow.new_id(),
        account_id: actor.account(),
        kind,
        session_id,
        sitting_id,
        file_name: file_name.chars().filter(|c| !c.is_control()).take(120).collect(),
        state: ImportState::Staged,
        total: number(rows.len()),
        failed: count(ImportRowState::Failed),
        confirmations: number(confirmations),
        created: 0,
        updated: 0,
        unchanged: count(ImportRowState::Unchanged),
        rows_removed_at: None,
        created_at: uow.now(),
        updated_at: uow.now(),
    };
    training_upload::ActiveModel::from(upload.clone()).insert(uow.tx()).await?;
    store::insert_rows(&uow, upload.id, &rows, &people, &states).await?;
    let body = json!({ "kind": kind.code(), "rows": upload.total, "failed": upload.failed });
    uow.record(Stream::System, "training.upload", encode(upload.id), body);
    uow.commit().await?;
    Ok(upload)
}

fn number(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn read(
    kind: entities::enums::TrainingUploadKind,
    bytes: &[u8],
) -> std::result::Result<Vec<Staged>, FileError> {
    let mut rows = Vec::new();
    let mut seen = row::Seen::default();
    reader::read(bytes, &LIMITS, row::form(kind), &mut |raw| {
        rows.push(row::parse(kind, raw, &mut seen));
        true
    })?;
    Ok(rows)
}

/// Whom each row names, where it is one person whom the actor reaches and the name is theirs; else
/// what is wrong is noted. Who is elsewhere is told like who is nowhere.
async fn find_people(
    platform: &Platform,
    scope: &Scope,
    target: Target,
    rows: &mut [Staged],
) -> std::result::Result<Vec<Option<PersonId>>, Fault> {
    let numbers: Vec<&str> =
        rows.iter().filter_map(|row| Some(row.named.as_ref()?.id_number.as_str())).collect();
    let db = platform.db.read();
    let mut ids: HashMap<String, PersonId> = HashMap::new();
    let mut known: HashMap<PersonId, OfficerRow> = HashMap::new();
    for chunk in numbers.chunks(AT_ONCE) {
        let found = officers::known_by_id_number(platform, chunk).await?;
        let people: Vec<PersonId> = found.values().map(|(person, _)| *person).collect();
        // A candidate who has moved since sits here all the same.
        let (reach, people) = match target {
            Target::Results(id) => {
                let candidates = super::store::candidates_among(db, id, &people).await?;
                (&Scope::Everything, candidates.into_keys().collect())
            }
            Target::Attendance(_) | Target::Candidates(_) => (scope, people),
        };
        let rows = officers::officers_among(db, reach, &people).await?;
        known.extend(rows.into_iter().map(|row| (row.id, row)));
        ids.extend(found.into_iter().map(|(number, (person, _))| (number, person)));
    }
    let missing = match target {
        Target::Results(_) => Refusal::NotRegistered,
        Target::Attendance(_) | Target::Candidates(_) => Refusal::PersonNotFound,
    };
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let Some(named) = row.named.clone() else {
            found.push(None);
            continue;
        };
        let person = ids.get(&named.id_number).and_then(|id| known.get(id));
        let Some(person) = person else {
            row.refuse(&missing, Some(Column::IdNumber));
            found.push(None);
            continue;
        };
        if name_as_compared(&named.name) != name_as_compared(&person.name) {
            row.refuse(&Refusal::NameDiffers, Some(Column::Name));
        }
        let registered = person.agency_name.as_deref().unwrap_or_default();
        if named.agency.is_some_and(|name| name_key(&name) != name_key(registered)) {
            row.refuse(&Refusal::AgencyDiffers, Some(Column::Agency));
        }
        found.push(Some(person.id));
    }
    Ok(found)
}

/// Asks what each row would do, and notes what is refused. Answers what each row enters; of a row
/// that is not taken, nothing.
async fn judge(
    uow: &UnitOfWork,
    open: &Open,
    scope: &Scope,
    rows: &mut [Staged],
    people: &[Option<PersonId>],
) -> std::result::Result<Vec<Option<(Entry, Change)>>, Fault> {
    let sound = rows.iter_mut().zip(people).enumerate().filter(|(_, (row, _))| row.is_sound());
    let asked = sound.filter_map(|(place, (row, person))| {
        let entry: Entry = ((*person)?, row.value?);
        Some((place, row, entry))
    });
    let asked: Vec<(usize, &mut Staged, Entry)> = asked.collect();
    let entries: Vec<Entry> = asked.iter().map(|(.., entry)| *entry).collect();
    let answers = open.check(uow.tx(), uow.actor(), scope, uow.today(), &entries).await?;
    let mut judged = vec![None; people.len()];
    for ((place, row, entry), answer) in asked.into_iter().zip(answers) {
        match (answer, judged.get_mut(place)) {
            (Ok(change), Some(judged)) => *judged = Some((entry, change)),
            (Err(refusal), _) => row.refuse(&refusal, column_of(&refusal, entry.1)),
            (Ok(_), None) => {}
        }
    }
    Ok(judged)
}

fn column_of(refusal: &Refusal, value: Value) -> Option<Column> {
    match (refusal, value) {
        (Refusal::MinutesBeyondSession { .. }, Value::Minutes(_)) => Some(Column::Attended),
        (Refusal::ScoreInvalid, Value::Outcome(..)) => Some(Column::Score),
        _ => None,
    }
}

/// Applies a staged workbook. `confirm` says that the mendings were looked at; with `whole` nothing
/// is applied unless every row can be.
pub async fn apply(
    platform: &Platform,
    actor: &Actor,
    id: TrainingUploadId,
    confirm: bool,
    whole: bool,
) -> Result<training_upload::Model> {
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let upload = store::lock(&uow, id).await?.ok_or(Refusal::UploadNotFound)?;
    let target = target_of(&upload)?;
    // It is applied by whoever may record such things now, not when it was sent.
    if access::check(actor, target.permission(), platform.now()).is_err() {
        return Err(Refusal::UploadNotFound.into());
    }
    if upload.rows_removed_at.is_some() {
        return Err(Refusal::RowsRemoved.into());
    }
    if upload.state != ImportState::Staged {
        return Err(Refusal::UploadNotStaged.into());
    }
    if upload.confirmations > 0 && !confirm {
        let count = usize::try_from(upload.confirmations).unwrap_or_default();
        return Err(Refusal::ConfirmationNeeded { count }.into());
    }
    let scope = Scope::of(actor, target.permission());
    let open = target.lock(&uow, &scope).await?;
    let stored = store::all_rows(&uow, id).await?;
    let people: Vec<Option<PersonId>> = stored.iter().map(|row| row.person).collect();
    let concerned: Vec<PersonId> = people.iter().copied().flatten().collect();
    facts::lock(&uow, &concerned).await?;
    let before: Vec<usize> = stored.iter().map(|row| row.staged.found.len()).collect();
    let mut rows: Vec<Staged> = stored.into_iter().map(|row| row.staged).collect();

    // What was found when it was staged stands; what has become wrong since is found now.
    let judged = judge(&uow, &open, &scope, &mut rows, &people).await?;
    let state = |judged: &Option<(Entry, Change)>| match judged.map(|(_, change)| change) {
        None => ImportRowState::Failed,
        Some(Change::Created) => ImportRowState::Created,
        Some(Change::Updated) => ImportRowState::Updated,
        Some(Change::Unchanged) => ImportRowState::Unchanged,
    };
    let states: Vec<ImportRowState> = judged.iter().map(state).collect();
    let taken: Vec<(Entry, Change)> = judged.into_iter().flatten().collect();
    let count = |state| states.iter().filter(|s| **s == state).count();
    let failed = count(ImportRowState::Failed);
    if whole && failed > 0 {
        return Err(Refusal::RowsFailed { count: failed }.into());
    }
    open.write(&mut uow, &taken).await?;
    store::settle_rows(&uow, id, &rows, &before, &states).await?;
    let upload = training_upload::Model {
        state: ImportState::Applied,
        failed: number(failed),
        created: number(count(ImportRowState::Created)),
        updated: number(count(ImportRowState::Updated)),
        unchanged: number(count(ImportRowState::Unchanged)),
        updated_at: uow.now(),
        ..upload
    };
    training_upload::ActiveModel::from(upload.clone()).reset_all().update(uow.tx()).await?;
    let body = json!({
        "created": upload.created, "updated": upload.updated, "failed": upload.failed,
    });
    uow.record(Stream::System, "training.apply", encode(id), body);
    uow.commit().await?;
    Ok(upload)
}

/// What a workbook is for.
fn target_of(upload: &training_upload::Model) -> std::result::Result<Target, Fault> {
    use entities::enums::TrainingUploadKind::{Attendance, Candidates, Results};
    match (upload.kind, upload.session_id, upload.sitting_id) {
        (Attendance, Some(id), _) => Ok(Target::Attendance(id)),
        (Candidates, _, Some(id)) => Ok(Target::Candidates(id)),
        (Results, _, Some(id)) => Ok(Target::Results(id)),
        _ => Err(Fault::stored("a workbook of the training desk for nothing")),
    }
}

/// The report on a workbook: every row, what was found in it and what became of it.
pub async fn report(platform: &Platform, actor: &Actor, id: TrainingUploadId) -> Result<Vec<u8>> {
    let upload = own(platform.db.read(), actor, id).await?.ok_or(Refusal::UploadNotFound)?;
    if upload.rows_removed_at.is_some() {
        return Err(Refusal::RowsRemoved.into());
    }
    // It holds personal data: that it was taken is recorded before it is made.
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let rows = store::all_rows(&uow, id).await?;
    uow.record(Stream::System, "training.report", encode(id), json!({ "rows": upload.total }));
    uow.commit().await?;
    let today = local_date(platform.now());
    let rows: Vec<(Staged, &'static str)> =
        rows.into_iter().map(|row| (row.staged, word(row.state))).collect();
    let made = tokio::task::spawn_blocking(move || workbook::report(upload.kind, &rows, today));
    Ok(made.await.map_err(Fault::other)?.map_err(Fault::other)?)
}

/// The outcome of a row in a word.
fn word(state: ImportRowState) -> &'static str {
    match state {
        ImportRowState::Ready => "待采用",
        ImportRowState::Failed => "未采用",
        ImportRowState::Created => "已登记",
        ImportRowState::Updated => "已更正",
        ImportRowState::Unchanged => "未变动",
    }
}

/// Removes the rows of workbooks with which nothing was done for [`KEPT`]; the tallies stay.
pub async fn keep(platform: &Platform) -> std::result::Result<(), Fault> {
    store::remove_old(platform, platform.now() - KEPT).await
}
