//! `training_sessions`: Training that an agency holds for many people at once.

use sea_orm::entity::prelude::*;

use crate::enums::{TrainingKind, TrainingMode, TrainingState};
use crate::ids::{AgencyId, PersonId, TrainingSessionId};

/// One row of `training_sessions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_sessions")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TrainingSessionId,
    /// Who holds it.
    pub organiser_id: AgencyId,
    /// What it is called.
    #[sea_orm(column_type = "Text")]
    pub title: String,
    /// What it is about.
    pub kind: TrainingKind,
    /// How it is held.
    pub mode: TrainingMode,
    /// Enforcement field, where it is for one.
    #[sea_orm(column_type = "Text")]
    pub field_code: Option<String>,
    /// Whether it is off-post training (离岗培训).
    pub off_post: bool,
    /// First day.
    pub starts_on: Date,
    /// Last day, of the same calendar year.
    pub ends_on: Date,
    /// Its length in minutes: nobody attends more.
    pub minutes: i64,
    /// State.
    pub state: TrainingState,
    /// Why it was cancelled.
    #[sea_orm(column_type = "Text")]
    pub cancel_reason: Option<String>,
    /// Who planned it.
    pub created_by: Option<PersonId>,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `organiser_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::OrganiserId",
        to = "super::agency::Column::Id"
    )]
    Organiser,
}

impl ActiveModelBehavior for ActiveModel {}
