//! Training sessions: planned, held, closed or cancelled.

use chrono::NaiveDate;
use entities::enums::{TrainingKind, TrainingMode, TrainingState};
use entities::ids::{AgencyId, TrainingSessionId};
use entities::training_session;
use sea_orm::ActiveModelTrait;
use serde_json::json;

use super::error::{Result, TrainingRefusal as Refusal};
use super::{rules, store};
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;

/// A session as it is planned or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSession {
    /// Who holds it.
    pub organiser: AgencyId,
    /// What it is called, 1–100 characters.
    pub title: String,
    /// What it is about.
    pub kind: TrainingKind,
    /// How it is held.
    pub mode: TrainingMode,
    /// Code of the enforcement field, where it is for one.
    pub field: Option<String>,
    /// Whether it is off-post training. That it was done is confirmed by a person all the same.
    pub off_post: bool,
    /// First day.
    pub starts_on: NaiveDate,
    /// Last day, of the same calendar year.
    pub ends_on: NaiveDate,
    /// Its length in minutes.
    pub minutes: i64,
}

/// Where a session goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// It was held, from its last day on: attendance can be entered.
    Hold,
    /// Attendance is complete; nothing changes any more.
    Close,
    /// It is not held, for a reason.
    Cancel(String),
}

impl Step {
    const fn to(&self) -> TrainingState {
        match self {
            Self::Hold => TrainingState::Held,
            Self::Close => TrainingState::Closed,
            Self::Cancel(_) => TrainingState::Cancelled,
        }
    }
}

/// Plans a session.
pub async fn plan_session(
    platform: &Platform,
    actor: &Actor,
    new: NewSession,
) -> Result<training_session::Model> {
    let uow = UnitOfWork::begin(platform, actor).await?;
    let blank = training_session::Model {
        id: uow.new_id(),
        organiser_id: new.organiser,
        title: String::new(),
        kind: new.kind,
        mode: new.mode,
        field_code: None,
        off_post: new.off_post,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        minutes: new.minutes,
        state: TrainingState::Planned,
        cancel_reason: None,
        created_by: actor.person(),
        created_at: uow.now(),
        updated_at: uow.now(),
    };
    let row = filled(&uow, blank, new).await?;
    training_session::ActiveModel::from(row.clone()).insert(uow.tx()).await?;
    told(uow, "training.plan", row).await
}

/// Changes a session that is still planned.
pub async fn change_session(
    platform: &Platform,
    actor: &Actor,
    id: TrainingSessionId,
    new: NewSession,
) -> Result<training_session::Model> {
    let scope = Scope::of(actor, Permission::RecordTraining);
    let uow = UnitOfWork::begin(platform, actor).await?;
    // Agencies are held before sessions, as a reform takes them; whether it may be the organiser is
    // asked below.
    store::organiser(&uow, &scope, new.organiser).await?;
    let row = store::lock_session(&uow, &scope, id).await?.ok_or(Refusal::SessionNotFound)?;
    if row.state != TrainingState::Planned {
        return Err(Refusal::StateNotAllowed { state: row.state.code() }.into());
    }
    let row = filled(&uow, row, new).await?;
    training_session::ActiveModel::from(row.clone()).reset_all().update(uow.tx()).await?;
    told(uow, "training.change", row).await
}

/// A session with what is said of it, checked.
async fn filled(
    uow: &UnitOfWork,
    row: training_session::Model,
    new: NewSession,
) -> Result<training_session::Model> {
    let scope = Scope::of(uow.actor(), Permission::RecordTraining);
    let title = rules::text("title", &new.title)?;
    rules::session(new.starts_on, new.ends_on, new.minutes, uow.today())?;
    if store::organiser(uow, &scope, new.organiser).await?.is_none() {
        return Err(Refusal::OrganiserNotFound.into());
    }
    if let Some(field) = &new.field
        && !store::field_exists(uow.tx(), field).await?
    {
        return Err(Refusal::FieldNotFound.into());
    }
    Ok(training_session::Model {
        organiser_id: new.organiser,
        title,
        kind: new.kind,
        mode: new.mode,
        field_code: new.field,
        off_post: new.off_post,
        starts_on: new.starts_on,
        ends_on: new.ends_on,
        minutes: new.minutes,
        updated_at: uow.now(),
        ..row
    })
}

async fn told(
    mut uow: UnitOfWork,
    action: &'static str,
    row: training_session::Model,
) -> Result<training_session::Model> {
    let body =
        json!({ "kind": row.kind.code(), "minutes": row.minutes, "state": row.state.code() });
    uow.record(Stream::Agency(row.organiser_id), action, encode(row.id), body);
    uow.commit().await?;
    Ok(row)
}

/// Takes a session a step on.
pub async fn move_session(
    platform: &Platform,
    actor: &Actor,
    id: TrainingSessionId,
    step: Step,
) -> Result<training_session::Model> {
    let scope = Scope::of(actor, Permission::RecordTraining);
    let uow = UnitOfWork::begin(platform, actor).await?;
    let row = store::lock_session(&uow, &scope, id).await?.ok_or(Refusal::SessionNotFound)?;
    let to = step.to();
    if !rules::may_become(row.state, to) {
        return Err(Refusal::StateNotAllowed { state: row.state.code() }.into());
    }
    let reason = match &step {
        Step::Cancel(reason) => Some(rules::reason(reason)?),
        Step::Hold if uow.today() < row.ends_on => {
            return Err(Refusal::NotYet { from: row.ends_on }.into());
        }
        Step::Hold | Step::Close => None,
    };
    let action = match step {
        Step::Hold => "training.hold",
        Step::Close => "training.close",
        Step::Cancel(_) => "training.cancel",
    };
    let row =
        training_session::Model { state: to, cancel_reason: reason, updated_at: uow.now(), ..row };
    training_session::ActiveModel::from(row.clone()).reset_all().update(uow.tx()).await?;
    told(uow, action, row).await
}
