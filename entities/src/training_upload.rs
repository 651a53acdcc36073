//! `training_uploads`: Workbooks of attendance, candidates or results.

use sea_orm::entity::prelude::*;

use crate::enums::{ImportState, TrainingUploadKind};
use crate::ids::{AccountId, ExamSittingId, TrainingSessionId, TrainingUploadId};

/// One row of `training_uploads`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_uploads")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TrainingUploadId,
    /// Who sent it; none for the command line.
    pub account_id: Option<AccountId>,
    /// What it holds.
    pub kind: TrainingUploadKind,
    /// The session of an attendance.
    pub session_id: Option<TrainingSessionId>,
    /// The sitting of candidates or results.
    pub sitting_id: Option<ExamSittingId>,
    /// Name of the file.
    #[sea_orm(column_type = "Text")]
    pub file_name: String,
    /// `Staged` or `Applied`.
    pub state: ImportState,
    /// Rows.
    pub total: i32,
    /// Rows that cannot be applied.
    pub failed: i32,
    /// Mendings that are to be confirmed.
    pub confirmations: i32,
    /// Rows that entered something.
    pub created: i32,
    /// Rows that changed something.
    pub updated: i32,
    /// Rows that differ in nothing.
    pub unchanged: i32,
    /// When its rows were removed.
    pub rows_removed_at: Option<DateTimeUtc>,
    /// Sent.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `account_id`.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::AccountId",
        to = "super::account::Column::Id"
    )]
    Account,
    /// By `session_id`.
    #[sea_orm(
        belongs_to = "super::training_session::Entity",
        from = "Column::SessionId",
        to = "super::training_session::Column::Id"
    )]
    Session,
    /// By `sitting_id`.
    #[sea_orm(
        belongs_to = "super::exam_sitting::Entity",
        from = "Column::SittingId",
        to = "super::exam_sitting::Column::Id"
    )]
    Sitting,
}

impl ActiveModelBehavior for ActiveModel {}
