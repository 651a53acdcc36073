//! Mutations of training and exams.

use async_graphql::{Context, ID, InputObject, Object, Result, SimpleObject};
use chrono::NaiveDate;
use entities::ids::{AgencyId, ExamSittingId, PersonId, TrainingSessionId, TrainingUploadId};

use super::types::{ExamSitting, TrainingSession};
use super::uploads::TrainingUpload;
use crate::access::Permission;
use crate::graphql::enums::{ExamOutcome, ExamSubject, TrainingKind, TrainingMode};
use crate::graphql::ids::{Id, encode};
use crate::graphql::{Needs, UserError, answer, caller, locale};
use crate::training::{self, Entered, Entry, NewSession, NewSitting, Step, Target, Value, uploads};

/// A training session as it is planned.
#[derive(InputObject)]
pub struct TrainingSessionInput {
    /// Who holds it.
    organiser_id: Id<AgencyId>,
    /// What it is called, 1–100 characters.
    title: String,
    /// What it is about.
    kind: TrainingKind,
    /// How it is held.
    mode: TrainingMode,
    /// Code of the enforcement field, where it is for one.
    field_code: Option<String>,
    /// Whether it is off-post training.
    #[graphql(default)]
    off_post: bool,
    /// First day.
    starts_on: NaiveDate,
    /// Last day, of the same calendar year.
    ends_on: NaiveDate,
    /// Its length in minutes.
    minutes: i64,
}

impl From<TrainingSessionInput> for NewSession {
    fn from(input: TrainingSessionInput) -> Self {
        Self {
            organiser: input.organiser_id.get(),
            title: input.title,
            kind: input.kind.into(),
            mode: input.mode.into(),
            field: input.field_code,
            off_post: input.off_post,
            starts_on: input.starts_on,
            ends_on: input.ends_on,
            minutes: input.minutes,
        }
    }
}

/// A sitting as it is planned.
#[derive(InputObject)]
pub struct ExamSittingInput {
    /// Who holds it.
    organiser_id: Id<AgencyId>,
    /// Which exam.
    subject: ExamSubject,
    /// Code of the enforcement field of a professional-law exam, where it is for one.
    field_code: Option<String>,
    /// Day of the exam.
    held_on: NaiveDate,
    /// Where, 1–100 characters.
    place: String,
    /// Whether those who failed once may sit again here.
    #[graphql(default = true)]
    resits_allowed: bool,
}

/// How long somebody attended.
#[derive(InputObject)]
pub struct AttendanceInput {
    /// Who.
    officer_id: Id<PersonId>,
    /// Minutes, at most those of the session; 0 for who did not come.
    minutes: i64,
}

/// What came of an exam for somebody.
#[derive(InputObject)]
pub struct ExamOutcomeInput {
    /// Who.
    officer_id: Id<PersonId>,
    /// What came of it.
    outcome: ExamOutcome,
    /// Score in tenths of a point, 0–1000; with SCORED only.
    score_tenths: Option<i64>,
}

/// What an act on a session answers.
#[derive(SimpleObject)]
pub struct TrainingSessionPayload {
    /// The session as it is now; none where the act was refused.
    training_session: Option<TrainingSession>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// What an act on a sitting answers.
#[derive(SimpleObject)]
pub struct ExamSittingPayload {
    /// The sitting as it is now; none where the act was refused.
    exam_sitting: Option<ExamSitting>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// What applying a workbook answers.
#[derive(SimpleObject)]
pub struct TrainingUploadPayload {
    /// The workbook as it is now; none where the act was refused.
    training_upload: Option<TrainingUpload>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// What came of one person of a call.
#[derive(SimpleObject)]
pub struct TrainingEntryResult {
    /// Id of the person who was named.
    id: ID,
    /// Whether what was said stands now.
    ok: bool,
    /// Why not.
    user_errors: Vec<UserError>,
}

/// What came of naming people. What succeeded is committed together.
#[derive(SimpleObject)]
pub struct TrainingEntriesPayload {
    /// One result a person, each once; empty where the call was refused as a whole.
    results: Vec<TrainingEntryResult>,
    /// Why the call was refused as a whole.
    user_errors: Vec<UserError>,
}

async fn enter(
    ctx: &Context<'_>,
    target: Target,
    entries: Vec<Entry>,
) -> Result<TrainingEntriesPayload> {
    let (platform, actor) = caller(ctx)?;
    let entered = training::enter(platform, actor, target, entries).await;
    let (entered, user_errors) = answer(ctx, entered)?;
    let result = |Entered { person, result }| TrainingEntryResult {
        id: encode(person).into(),
        ok: result.is_ok(),
        user_errors: result.err().iter().map(|r| UserError::of(r, locale(ctx))).collect(),
    };
    let results = entered.unwrap_or_default().into_iter().map(result).collect();
    Ok(TrainingEntriesPayload { results, user_errors })
}

fn session_payload(
    ctx: &Context<'_>,
    done: training::Result<entities::training_session::Model>,
) -> Result<TrainingSessionPayload> {
    let (row, user_errors) = answer(ctx, done)?;
    Ok(TrainingSessionPayload { training_session: row.map(TrainingSession), user_errors })
}

fn sitting_payload(
    ctx: &Context<'_>,
    done: training::Result<entities::exam_sitting::Model>,
) -> Result<ExamSittingPayload> {
    let (row, user_errors) = answer(ctx, done)?;
    Ok(ExamSittingPayload { exam_sitting: row.map(ExamSitting), user_errors })
}

async fn step(
    ctx: &Context<'_>,
    id: TrainingSessionId,
    step: Step,
) -> Result<TrainingSessionPayload> {
    let (platform, actor) = caller(ctx)?;
    session_payload(ctx, training::move_session(platform, actor, id, step).await)
}

/// Mutations of training and exams.
#[derive(Default)]
pub struct TrainingMutation;

#[Object]
impl TrainingMutation {
    /// Plans a training session.
    #[graphql(guard = "Needs(Permission::RecordTraining)")]
    async fn plan_training_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The session.")] input: TrainingSessionInput,
    ) -> Result<TrainingSessionPayload> {
        let (platform, actor) = caller(ctx)?;
        session_payload(ctx, training::plan_session(platform, actor, input.into()).await)
    }

    /// Changes a training session that is still planned: everything anew.
    #[graphql(guard = "Needs(Permission::RecordTraining)")]
    async fn change_training_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] id: Id<TrainingSessionId>,
        #[graphql(desc = "The session as it is to be.")] input: TrainingSessionInput,
    ) -> Result<TrainingSessionPayload> {
        let (platform, actor) = caller(ctx)?;
        let changed = training::change_session(platform, actor, id.get(), input.into()).await;
        session_payload(ctx, changed)
    }

    /// Says that a session was held, from its last day on: attendance can be entered.
    #[graphql(guard = "Needs(Permission::RecordTraining)")]
    async fn hold_training_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] id: Id<TrainingSessionId>,
    ) -> Result<TrainingSessionPayload> {
        step(ctx, id.get(), Step::Hold).await
    }

    /// Closes a session that was held: its attendance is neither entered nor corrected any more.
    #[graphql(guard = "Needs(Permission::RecordTraining)")]
    async fn close_training_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] id: Id<TrainingSessionId>,
    ) -> Result<TrainingSessionPayload> {
        step(ctx, id.get(), Step::Close).await
    }

    /// Cancels a session that is still planned.
    #[graphql(guard = "Needs(Permission::RecordTraining)")]
    async fn cancel_training_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] id: Id<TrainingSessionId>,
        #[graphql(desc = "Why, at most 1,000 characters.")] reason: String,
    ) -> Result<TrainingSessionPayload> {
        step(ctx, id.get(), Step::Cancel(reason)).await
    }

    /// Enters or corrects who attended a session that was held, for at most 500 people.
    #[graphql(guard = "Needs(Permission::RecordTraining)")]
    async fn record_attendance(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which session.")] id: Id<TrainingSessionId>,
        #[graphql(desc = "Who, and for how long.")] entries: Vec<AttendanceInput>,
    ) -> Result<TrainingEntriesPayload> {
        let entry = |e: AttendanceInput| (e.officer_id.get(), Value::Minutes(e.minutes));
        let entries = entries.into_iter().map(entry).collect();
        enter(ctx, Target::Attendance(id.get()), entries).await
    }

    /// Plans a sitting of an exam.
    #[graphql(guard = "Needs(Permission::RecordExams)")]
    async fn plan_exam_sitting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The sitting.")] input: ExamSittingInput,
    ) -> Result<ExamSittingPayload> {
        let (platform, actor) = caller(ctx)?;
        let new = NewSitting {
            organiser: input.organiser_id.get(),
            subject: input.subject.into(),
            field: input.field_code,
            held_on: input.held_on,
            place: input.place,
            resits_allowed: input.resits_allowed,
        };
        sitting_payload(ctx, training::plan_sitting(platform, actor, new).await)
    }

    /// Cancels a sitting whose results are not confirmed: what was entered never counts.
    #[graphql(guard = "Needs(Permission::RecordExams)")]
    async fn cancel_exam_sitting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sitting.")] id: Id<ExamSittingId>,
        #[graphql(desc = "Why, at most 1,000 characters.")] reason: String,
    ) -> Result<ExamSittingPayload> {
        let (platform, actor) = caller(ctx)?;
        sitting_payload(ctx, training::cancel_sitting(platform, actor, id.get(), &reason).await)
    }

    /// Registers at most 500 people for a sitting. Who has passed already, or owes off-post study,
    /// is refused.
    #[graphql(guard = "Needs(Permission::RecordExams)")]
    async fn register_exam_candidates(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sitting.")] id: Id<ExamSittingId>,
        #[graphql(desc = "Who wants to sit.")] officer_ids: Vec<Id<PersonId>>,
    ) -> Result<TrainingEntriesPayload> {
        let entries = officer_ids.into_iter().map(|id| (id.get(), Value::Candidate)).collect();
        enter(ctx, Target::Candidates(id.get()), entries).await
    }

    /// Takes back the registration of somebody who has no outcome yet.
    #[graphql(guard = "Needs(Permission::RecordExams)")]
    async fn withdraw_exam_candidate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sitting.")] id: Id<ExamSittingId>,
        #[graphql(desc = "Who.")] officer_id: Id<PersonId>,
    ) -> Result<ExamSittingPayload> {
        let (platform, actor) = caller(ctx)?;
        let done = training::withdraw(platform, actor, id.get(), officer_id.get()).await;
        sitting_payload(ctx, done)
    }

    /// Enters or changes outcomes of at most 500 candidates, from the day of the exam on. They count
    /// once another person has confirmed them.
    #[graphql(guard = "Needs(Permission::RecordExams)")]
    async fn record_exam_outcomes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sitting.")] id: Id<ExamSittingId>,
        #[graphql(desc = "Who, and what came of it.")] entries: Vec<ExamOutcomeInput>,
    ) -> Result<TrainingEntriesPayload> {
        let entry = |e: ExamOutcomeInput| {
            (e.officer_id.get(), Value::Outcome(e.outcome.into(), e.score_tenths))
        };
        let entries = entries.into_iter().map(entry).collect();
        enter(ctx, Target::Results(id.get()), entries).await
    }

    /// Confirms the outcomes of a sitting, as another person than who entered them: from now on they
    /// are results of the people, and who failed the resit owes off-post study.
    #[graphql(guard = "Needs(Permission::RecordExams)")]
    async fn confirm_exam_sitting(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sitting.")] id: Id<ExamSittingId>,
    ) -> Result<ExamSittingPayload> {
        let (platform, actor) = caller(ctx)?;
        sitting_payload(ctx, training::confirm_sitting(platform, actor, id.get()).await)
    }

    /// Corrects an outcome that counts already, as another person than who entered it. The old one
    /// is kept.
    #[graphql(guard = "Needs(Permission::RecordExams)")]
    async fn correct_exam_outcome(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which sitting.")] id: Id<ExamSittingId>,
        #[graphql(desc = "Who, and what came of it.")] input: ExamOutcomeInput,
        #[graphql(desc = "Why, at most 1,000 characters.")] reason: String,
    ) -> Result<ExamSittingPayload> {
        let (platform, actor) = caller(ctx)?;
        let (person, outcome) = (input.officer_id.get(), input.outcome.into());
        let outcome = (outcome, input.score_tenths);
        let done =
            training::correct_outcome(platform, actor, id.get(), person, outcome, &reason).await;
        sitting_payload(ctx, done)
    }

    /// Applies a staged workbook of attendance, candidates or results in one transaction.
    #[graphql(guard = "Needs(Permission::RecordTraining)")]
    async fn apply_training_upload(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which workbook.")] id: Id<TrainingUploadId>,
        #[graphql(default, desc = "Whether the mendings were looked at.")] confirm: bool,
        #[graphql(default, desc = "Whether nothing is applied unless every row can be.")]
        whole: bool,
    ) -> Result<TrainingUploadPayload> {
        let (platform, actor) = caller(ctx)?;
        let applied = uploads::apply(platform, actor, id.get(), confirm, whole).await;
        let (row, user_errors) = answer(ctx, applied)?;
        Ok(TrainingUploadPayload { training_upload: row.map(TrainingUpload), user_errors })
    }
}
