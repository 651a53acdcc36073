//! Types of sessions, sittings and the year.

use std::collections::HashMap;

use async_graphql::connection::Connection;
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entities::ids::PersonId;
use entities::{exam_correction, exam_sitting, training_record, training_session};

use crate::access::{Permission, Scope};
use crate::graphql::caller;
use crate::graphql::enums::{
    ExamOutcome, ExamSubject, SittingState, TrainingKind, TrainingMode, TrainingState,
};
use crate::graphql::ids::encode;
use crate::graphql::page::Page;
use crate::officers;
use crate::officers::graphql::Officer;
use crate::organisations::graphql::{AgencySummary, Division};
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
use crate::training::store::{self, Candidate};
use crate::training::year::{AgencyYear, Counts, RegionYear};

/// Those of some people whom the caller may read.
pub(super) async fn officers_of(
    platform: &Platform,
    actor: &Actor,
    people: &[PersonId],
) -> std::result::Result<HashMap<PersonId, Officer>, Fault> {
    let scope = Scope::of(actor, Permission::ReadOfficers);
    let today = local_date(platform.now());
    let rows = officers::officers_among(platform.db.read(), &scope, people).await?;
    Ok(rows.into_iter().map(|row| (row.id, Officer { row, today })).collect())
}

fn again(officer: Option<&Officer>) -> Option<Officer> {
    officer.map(|officer| Officer { row: officer.row.clone(), today: officer.today })
}

/// Training that an agency holds for many people at once.
pub struct TrainingSession(pub training_session::Model);

/// Training that an agency holds for many people at once.
#[Object]
impl TrainingSession {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.id).into()
    }

    /// Id of the agency that holds it.
    async fn organiser_id(&self) -> ID {
        encode(self.0.organiser_id).into()
    }

    /// What it is called.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// What it is about.
    async fn kind(&self) -> TrainingKind {
        self.0.kind.into()
    }

    /// How it is held.
    async fn mode(&self) -> TrainingMode {
        self.0.mode.into()
    }

    /// Code of the enforcement field, where it is for one.
    async fn field_code(&self) -> Option<&str> {
        self.0.field_code.as_deref()
    }

    /// Whether it is off-post training (离岗培训). That somebody has done theirs is confirmed by the
    /// justice department all the same.
    async fn off_post(&self) -> bool {
        self.0.off_post
    }

    /// First day.
    async fn starts_on(&self) -> NaiveDate {
        self.0.starts_on
    }

    /// Last day, of the same calendar year: its hours count for that year.
    async fn ends_on(&self) -> NaiveDate {
        self.0.ends_on
    }

    /// Its length in minutes; nobody attends more.
    async fn minutes(&self) -> i64 {
        self.0.minutes
    }

    /// State.
    async fn state(&self) -> TrainingState {
        self.0.state.into()
    }

    /// Why it was cancelled.
    async fn cancel_reason(&self) -> Option<&str> {
        self.0.cancel_reason.as_deref()
    }

    /// Who attended, by person. Whoever lies outside of what the caller may read has no `officer`.
    #[graphql(complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity")]
    async fn attendance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
    ) -> Result<Connection<String, Attendance>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let from = page.after_id::<PersonId>();
        let db = platform.db.read();
        let rows = store::attendance(db, self.0.id, from, page.limit()).await?;
        let people: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
        let people = officers_of(platform, actor, &people).await?;
        Ok(page.connection(
            rows,
            |row: &training_record::Model| vec![encode(row.person_id)],
            |row| Attendance {
                officer: again(people.get(&row.person_id)),
                minutes: row.minutes,
                recorded_at: row.recorded_at,
            },
        ))
    }
}

/// Somebody's attendance of a session.
#[derive(SimpleObject)]
pub struct Attendance {
    /// Who; none where the caller may not read them.
    officer: Option<Officer>,
    /// Minutes attended; 0 for who did not come.
    minutes: i64,
    /// When it was entered or corrected last.
    recorded_at: DateTime<Utc>,
}

/// A sitting of one of the two exams.
pub struct ExamSitting(pub exam_sitting::Model);

/// A sitting of one of the two exams.
#[Object]
impl ExamSitting {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.id).into()
    }

    /// Id of the agency that holds it.
    async fn organiser_id(&self) -> ID {
        encode(self.0.organiser_id).into()
    }

    /// Which exam.
    async fn subject(&self) -> ExamSubject {
        self.0.subject.into()
    }

    /// Code of the enforcement field of a professional-law exam, where it is for one.
    async fn field_code(&self) -> Option<&str> {
        self.0.field_code.as_deref()
    }

    /// Day of the exam.
    async fn held_on(&self) -> NaiveDate {
        self.0.held_on
    }

    /// Where.
    async fn place(&self) -> &str {
        &self.0.place
    }

    /// Whether those who failed once may sit again here.
    async fn resits_allowed(&self) -> bool {
        self.0.resits_allowed
    }

    /// Score that passes, in tenths of a point: the policy's where and when it is held.
    async fn pass_mark_tenths(&self) -> i64 {
        self.0.pass_mark_tenths
    }

    /// Id of that policy.
    async fn policy_id(&self) -> ID {
        encode(self.0.policy_id).into()
    }

    /// State.
    async fn state(&self) -> SittingState {
        self.0.state.into()
    }

    /// Why it was cancelled.
    async fn cancel_reason(&self) -> Option<&str> {
        self.0.cancel_reason.as_deref()
    }

    /// When the results were confirmed; from then on they count.
    async fn confirmed_at(&self) -> Option<DateTime<Utc>> {
        self.0.confirmed_at
    }

    /// Who sits, by person. Whoever lies outside of what the caller may read has no `officer`.
    #[graphql(complexity = "first.unwrap_or(20).clamp(1, 100) as usize * child_complexity")]
    async fn candidates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Rows of the page, 1–100.")] first: Option<i32>,
        #[graphql(desc = "Cursor of the page before.")] after: Option<String>,
    ) -> Result<Connection<String, ExamCandidate>> {
        let (platform, actor) = caller(ctx)?;
        let page = Page::new(first, after.as_deref(), 1)?;
        let from = page.after_id::<PersonId>();
        let db = platform.db.read();
        let rows = store::candidates(db, self.0.id, from, Some(page.limit())).await?;
        let ids: Vec<PersonId> = rows.iter().map(|row| row.person_id).collect();
        let people = officers_of(platform, actor, &ids).await?;
        let corrected = store::corrections(db, self.0.id, &ids).await?;
        let mark = self.0.pass_mark_tenths;
        Ok(page.connection(
            rows,
            |row: &Candidate| vec![encode(row.person_id)],
            |row| {
                let of_person = corrected.get(&row.person_id).cloned().unwrap_or_default();
                ExamCandidate {
                    officer: again(people.get(&row.person_id)),
                    outcome: row.outcome.map(Into::into),
                    score_tenths: row.score_tenths,
                    passed: store::passed(&row, mark),
                    registered_at: row.registered_at,
                    corrections: of_person.into_iter().map(Into::into).collect(),
                }
            },
        ))
    }
}

/// Somebody who sits an exam.
#[derive(SimpleObject)]
pub struct ExamCandidate {
    /// Who; none where the caller may not read them.
    officer: Option<Officer>,
    /// What came of it; none before it was entered.
    outcome: Option<ExamOutcome>,
    /// Score in tenths of a point, where there is one.
    score_tenths: Option<i64>,
    /// Whether the score reaches the pass mark of the sitting; none before the outcome was entered.
    passed: Option<bool>,
    /// When they were registered.
    registered_at: DateTime<Utc>,
    /// What was corrected after the results counted, oldest first.
    corrections: Vec<ExamCorrection>,
}

/// A correction of an outcome that counted.
#[derive(SimpleObject)]
pub struct ExamCorrection {
    /// What stood before.
    outcome_before: ExamOutcome,
    /// Its score in tenths of a point.
    score_tenths_before: Option<i64>,
    /// What stood after it.
    outcome_after: ExamOutcome,
    /// Its score in tenths of a point.
    score_tenths_after: Option<i64>,
    /// Why.
    reason: String,
    /// When.
    corrected_at: DateTime<Utc>,
}

impl From<exam_correction::Model> for ExamCorrection {
    fn from(row: exam_correction::Model) -> Self {
        Self {
            outcome_before: row.outcome_before.into(),
            score_tenths_before: row.score_before,
            outcome_after: row.outcome_after.into(),
            score_tenths_after: row.score_after,
            reason: row.reason,
            corrected_at: row.corrected_at,
        }
    }
}

/// A person's training in a calendar year.
#[derive(SimpleObject)]
pub struct OfficerTrainingYear {
    /// Who; none where the caller may not read them.
    pub(super) officer: Option<Officer>,
    /// Minutes done.
    pub(super) minutes: i64,
    /// Minutes that the policy asks of the year where the person's agency is.
    pub(super) required_minutes: i64,
    /// Minutes that are missing.
    pub(super) missing_minutes: i64,
    /// Whether the person is counted: an enforcement or supervision officer in post.
    pub(super) counted: bool,
    /// What the minutes came from, in the order in which it was recorded.
    pub(super) parts: Vec<TrainingPart>,
}

/// A part of somebody's training in a year.
#[derive(SimpleObject)]
pub struct TrainingPart {
    /// Minutes.
    pub(super) minutes: i64,
    /// What the session was called that gave them; none for what came by a roster or by hand.
    pub(super) session_title: Option<String>,
}

/// How many officers in post have the hours of a year.
#[derive(SimpleObject)]
pub struct TrainingCounts {
    /// Enforcement and supervision officers in post.
    people: i64,
    /// Those who have the hours.
    done: i64,
    /// Those who lack some.
    behind: i64,
    /// Minutes a person, cut to whole ones; none where there is nobody.
    average_minutes: Option<i64>,
}

impl From<Counts> for TrainingCounts {
    fn from(counts: Counts) -> Self {
        Self {
            people: counts.people,
            done: counts.done,
            behind: counts.behind(),
            average_minutes: counts.average(),
        }
    }
}

/// An agency's training in a calendar year.
#[derive(SimpleObject)]
pub struct AgencyTrainingYear {
    /// Which.
    agency: AgencySummary,
    /// Of the officers who are there now.
    counts: TrainingCounts,
}

impl From<AgencyYear> for AgencyTrainingYear {
    fn from(row: AgencyYear) -> Self {
        Self { agency: AgencySummary::new(row.id, row.name), counts: row.counts.into() }
    }
}

/// A region's training in a calendar year.
#[derive(SimpleObject)]
pub struct RegionTrainingYear {
    /// Which.
    division: Division,
    /// Of the officers of its agencies and of everything below it, as far as the caller may read.
    counts: TrainingCounts,
}

impl From<RegionYear> for RegionTrainingYear {
    fn from(row: RegionYear) -> Self {
        Self { division: row.division.into(), counts: row.counts.into() }
    }
}
