//! People named for a session or a sitting: who attended, who sits, what came of it. Checked and
//! written the same way, whether they come one by one or by a workbook.

use std::collections::{HashMap, HashSet};

use chrono::{Datelike, NaiveDate};
use entities::enums::{ExamOutcome, SittingState, TrainingState, TrainingUploadKind};
use entities::ids::{AgencyId, ExamSittingId, PersonId, TrainingSessionId};
use entities::{exam_candidate, exam_sitting, training_session};
use sea_orm::sea_query::OnConflict;
use sea_orm::{ConnectionTrait, EntityTrait};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::{Result, TrainingRefusal as Refusal};
use super::rules::{self, Terms};
use super::store::{self, Candidate};
use crate::access::{Permission, Scope, counts_as};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::officers::{self, Change, NewRecord, facts, standings};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;

/// People named in one call.
pub(super) const MOST_AT_ONCE: usize = 500;
/// Candidates of a sitting: its results are confirmed in one transaction.
pub(super) const MOST_CANDIDATES: usize = 5_000;
/// Rows of one statement.
const ROWS_AT_ONCE: usize = 400;
/// People named in one entry of the audit log.
const TOLD_AT_ONCE: usize = 100;

/// What people are named for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Attendance of a session.
    Attendance(TrainingSessionId),
    /// Candidates of a sitting.
    Candidates(ExamSittingId),
    /// Results of a sitting.
    Results(ExamSittingId),
}

/// What is said of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    /// Minutes attended; none for who did not come.
    Minutes(i64),
    /// Wants to sit.
    Candidate,
    /// What came of the exam, with the score in tenths of a point where there is one.
    Outcome(ExamOutcome, Option<i64>),
}

/// A person and what is said of them.
pub type Entry = (PersonId, Value);

/// What came of one person of a call. Those that succeeded are committed together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entered {
    /// Who was named.
    pub person: PersonId,
    /// What was entered, or why not.
    pub result: std::result::Result<Change, Refusal>,
}

/// A session or sitting that takes what is said now.
pub(super) enum Open {
    Attendance(training_session::Model),
    Candidates(exam_sitting::Model),
    Results(exam_sitting::Model),
}

impl Target {
    /// What may be entered by.
    pub const fn permission(self) -> Permission {
        match self {
            Self::Attendance(_) => Permission::RecordTraining,
            Self::Candidates(_) | Self::Results(_) => Permission::RecordExams,
        }
    }

    /// The kind of a workbook for it.
    pub(super) const fn kind(self) -> TrainingUploadKind {
        match self {
            Self::Attendance(_) => TrainingUploadKind::Attendance,
            Self::Candidates(_) => TrainingUploadKind::Candidates,
            Self::Results(_) => TrainingUploadKind::Results,
        }
    }

    /// Reads the session or sitting and asks whether its state takes this now.
    pub(super) async fn read(
        self,
        db: &impl ConnectionTrait,
        scope: &Scope,
        today: NaiveDate,
    ) -> Result<Open> {
        let open = match self {
            Self::Attendance(id) => store::session(db, scope, id).await?.map(Open::Attendance),
            Self::Candidates(id) => store::sitting(db, scope, id).await?.map(Open::Candidates),
            Self::Results(id) => store::sitting(db, scope, id).await?.map(Open::Results),
        };
        self.opened(open, today)
    }

    /// The same, with the row kept from others: an act that closes it waits, or came before.
    pub(super) async fn lock(self, uow: &UnitOfWork, scope: &Scope) -> Result<Open> {
        let open = match self {
            Self::Attendance(id) => {
                store::lock_session(uow, scope, id).await?.map(Open::Attendance)
            }
            Self::Candidates(id) => {
                store::lock_sitting(uow, scope, id).await?.map(Open::Candidates)
            }
            Self::Results(id) => store::lock_sitting(uow, scope, id).await?.map(Open::Results),
        };
        self.opened(open, uow.today())
    }

    fn opened(self, found: Option<Open>, today: NaiveDate) -> Result<Open> {
        let missing = match self {
            Self::Attendance(_) => Refusal::SessionNotFound,
            Self::Candidates(_) | Self::Results(_) => Refusal::SittingNotFound,
        };
        let open = found.ok_or(missing)?;
        match &open {
            Open::Attendance(row) if row.state != TrainingState::Held => {
                Err(Refusal::StateNotAllowed { state: row.state.code() }.into())
            }
            Open::Candidates(row) | Open::Results(row) if row.state != SittingState::Planned => {
                Err(Refusal::StateNotAllowed { state: row.state.code() }.into())
            }
            Open::Results(row) if today < row.held_on => {
                Err(Refusal::NotYet { from: row.held_on }.into())
            }
            _ => Ok(open),
        }
    }
}

impl Open {
    fn organiser(&self) -> AgencyId {
        match self {
            Self::Attendance(row) => row.organiser_id,
            Self::Candidates(row) | Self::Results(row) => row.organiser_id,
        }
    }

    const fn permission(&self) -> Permission {
        match self {
            Self::Attendance(_) => Permission::RecordTraining,
            Self::Candidates(_) | Self::Results(_) => Permission::RecordExams,
        }
    }

    /// What each entry would do, in their order; nobody is named twice. Nothing is written.
    pub(super) async fn check(
        &self,
        db: &impl ConnectionTrait,
        actor: &Actor,
        scope: &Scope,
        today: NaiveDate,
        entries: &[Entry],
    ) -> std::result::Result<Vec<std::result::Result<Change, Refusal>>, Fault> {
        let people: Vec<PersonId> = entries.iter().map(|(person, _)| *person).collect();
        let mut answers = match self {
            Self::Attendance(session) => {
                let within = officers::agency_of(db, scope, &people).await?;
                let within: HashSet<PersonId> = within.into_iter().map(|(p, _)| p).collect();
                let known = store::attended(db, session.id, &people).await?;
                entries.iter().map(|entry| attends(session, &within, &known, *entry)).collect()
            }
            Self::Candidates(sitting) => candidates(db, scope, sitting, today, &people).await?,
            Self::Results(sitting) => {
                let known = store::candidates_among(db, sitting.id, &people).await?;
                entries.iter().map(|entry| results(&known, *entry)).collect()
            }
        };
        let as_one = counts_as(actor, self.permission());
        for (answer, person) in answers.iter_mut().zip(&people) {
            if answer.is_ok() && as_one.contains(person) {
                *answer = Err(Refusal::OwnRecord);
            }
        }
        Ok(answers)
    }

    /// Writes entries that were checked in the same transaction and change something.
    pub(super) async fn write(
        &self,
        uow: &mut UnitOfWork,
        entries: &[(Entry, Change)],
    ) -> Result<()> {
        let new: Vec<&(Entry, Change)> =
            entries.iter().filter(|(_, change)| *change != Change::Unchanged).collect();
        if new.is_empty() {
            return Ok(());
        }
        let of_people: Vec<Entry> = new.iter().map(|(entry, _)| *entry).collect();
        let (action, subject) = match self {
            Self::Attendance(session) => {
                write_attendance(uow, session, &of_people).await?;
                ("attendance.enter", encode(session.id))
            }
            Self::Candidates(sitting) => {
                write_candidates(uow, sitting, &of_people).await?;
                ("candidates.register", encode(sitting.id))
            }
            Self::Results(sitting) => {
                write_results(uow, sitting, &of_people).await?;
                ("results.enter", encode(sitting.id))
            }
        };
        for chunk in new.chunks(TOLD_AT_ONCE) {
            let of = |wanted: Change| -> Vec<String> {
                let those = chunk.iter().filter(|(_, change)| *change == wanted);
                those.map(|((person, _), _)| encode(*person)).collect()
            };
            let body = json!({ "entered": of(Change::Created), "changed": of(Change::Updated) });
            uow.record(Stream::Agency(self.organiser()), action, subject.clone(), body);
        }
        Ok(())
    }
}

fn attends(
    session: &training_session::Model,
    within: &HashSet<PersonId>,
    known: &HashMap<PersonId, i64>,
    (person, value): Entry,
) -> std::result::Result<Change, Refusal> {
    if !within.contains(&person) {
        return Err(Refusal::PersonNotFound);
    }
    let Value::Minutes(minutes) = value else { return Err(Refusal::LengthInvalid) };
    rules::attendance(minutes, session.minutes)?;
    Ok(match known.get(&person) {
        None => Change::Created,
        Some(same) if *same == minutes => Change::Unchanged,
        Some(_) => Change::Updated,
    })
}

async fn candidates(
    db: &impl ConnectionTrait,
    scope: &Scope,
    sitting: &exam_sitting::Model,
    today: NaiveDate,
    people: &[PersonId],
) -> std::result::Result<Vec<std::result::Result<Change, Refusal>>, Fault> {
    let known = store::candidates_among(db, sitting.id, people).await?;
    let elsewhere = store::registered_elsewhere(db, sitting, people).await?;
    let facts = facts::facts_of(db, scope, people).await?;
    let policies = standings::policies_of(db, people, today).await?;
    let terms = Terms {
        subject: sitting.subject,
        field: sitting.field_code.as_deref(),
        held_on: sitting.held_on,
        resits_allowed: sitting.resits_allowed,
    };
    let mut room = MOST_CANDIDATES.saturating_sub(store::count_candidates(db, sitting.id).await?);
    let mut answer = |person: &PersonId| {
        let facts = facts.get(person).ok_or(Refusal::PersonNotFound)?;
        if known.contains_key(person) {
            return Ok(Change::Unchanged);
        }
        let policy = policies.get(person).map(|p| p.body.clone()).unwrap_or_default();
        rules::registration(facts, &terms, &policy, today)?;
        if elsewhere.contains(person) {
            return Err(Refusal::RegisteredElsewhere);
        }
        room = room.checked_sub(1).ok_or(Refusal::SittingFull { most: MOST_CANDIDATES })?;
        Ok(Change::Created)
    };
    Ok(people.iter().map(&mut answer).collect())
}

fn results(
    known: &HashMap<PersonId, Candidate>,
    (person, value): Entry,
) -> std::result::Result<Change, Refusal> {
    let candidate = known.get(&person).ok_or(Refusal::NotRegistered)?;
    let Value::Outcome(outcome, score_tenths) = value else { return Err(Refusal::ScoreInvalid) };
    rules::outcome(outcome, score_tenths)?;
    Ok(match candidate.outcome {
        None => Change::Created,
        Some(same) if same == outcome && candidate.score_tenths == score_tenths => {
            Change::Unchanged
        }
        Some(_) => Change::Updated,
    })
}

async fn write_attendance(
    uow: &mut UnitOfWork,
    session: &training_session::Model,
    entries: &[Entry],
) -> Result<()> {
    let source = format!("session:{}", session.id.0.simple());
    let year = session.ends_on.year();
    for chunk in entries.chunks(ROWS_AT_ONCE) {
        let records = chunk.iter().filter_map(|(person, value)| {
            let Value::Minutes(minutes) = value else { return None };
            let training = Some((year, *minutes));
            let record = NewRecord { training, session: Some(session.id), ..NewRecord::default() };
            Some((*person, record))
        });
        // They were looked at within the scope just now, in the same transaction.
        let everywhere = &Scope::Everything;
        for answer in officers::record_all(uow, everywhere, &source, records.collect()).await? {
            answer.map_err(Refusal::Register)?;
        }
    }
    Ok(())
}

async fn write_candidates(
    uow: &UnitOfWork,
    sitting: &exam_sitting::Model,
    entries: &[Entry],
) -> Result<()> {
    for chunk in entries.chunks(ROWS_AT_ONCE) {
        let rows = chunk.iter().map(|(person, _)| {
            exam_candidate::ActiveModel::from(Candidate {
                sitting_id: sitting.id,
                person_id: *person,
                registered_by: uow.actor().person(),
                registered_at: uow.now(),
                outcome: None,
                score_tenths: None,
                entered_by: None,
                entered_at: None,
            })
        });
        exam_candidate::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    }
    Ok(())
}

async fn write_results(
    uow: &UnitOfWork,
    sitting: &exam_sitting::Model,
    entries: &[Entry],
) -> Result<()> {
    use exam_candidate::Column::{
        EnteredAt, EnteredBy, Outcome, PersonId as Person, ScoreTenths, SittingId,
    };
    for chunk in entries.chunks(ROWS_AT_ONCE) {
        let people: Vec<PersonId> = chunk.iter().map(|(person, _)| *person).collect();
        let mut known = store::candidates_among(uow.tx(), sitting.id, &people).await?;
        let rows = chunk.iter().filter_map(|(person, value)| {
            let Value::Outcome(outcome, score_tenths) = value else { return None };
            Some(exam_candidate::ActiveModel::from(Candidate {
                outcome: Some(*outcome),
                score_tenths: *score_tenths,
                entered_by: uow.actor().person(),
                entered_at: Some(uow.now()),
                ..known.remove(person)?
            }))
        });
        exam_candidate::Entity::insert_many(rows)
            .on_conflict(
                OnConflict::columns([SittingId, Person])
                    .update_columns([Outcome, ScoreTenths, EnteredBy, EnteredAt])
                    .to_owned(),
            )
            .exec_without_returning(uow.tx())
            .await?;
    }
    Ok(())
}

/// Enters what is said of some people, each for themselves: at most 500, each once. What succeeds is
/// committed together.
pub async fn enter(
    platform: &Platform,
    actor: &Actor,
    target: Target,
    entries: Vec<Entry>,
) -> Result<Vec<Entered>> {
    if entries.is_empty() {
        return Err(Refusal::NothingSelected.into());
    }
    if entries.len() > MOST_AT_ONCE {
        return Err(Refusal::TooMany { most: MOST_AT_ONCE }.into());
    }
    let mut seen = HashSet::new();
    let entries: Vec<Entry> = entries.into_iter().filter(|(p, _)| seen.insert(*p)).collect();
    let scope = Scope::of(actor, target.permission());
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let open = target.lock(&uow, &scope).await?;
    let people: Vec<PersonId> = entries.iter().map(|(person, _)| *person).collect();
    facts::lock(&uow, &people).await?;
    let answers = open.check(uow.tx(), actor, &scope, uow.today(), &entries).await?;
    let taken: Vec<(Entry, Change)> = entries
        .iter()
        .zip(&answers)
        .filter_map(|(entry, answer)| Some((*entry, *answer.as_ref().ok()?)))
        .collect();
    open.write(&mut uow, &taken).await?;
    uow.commit().await?;
    let entered = people.into_iter().zip(answers);
    Ok(entered.map(|(person, result)| Entered { person, result }).collect())
}
