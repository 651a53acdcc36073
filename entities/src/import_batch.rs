//! `import_batches`: Roster imports.

use sea_orm::entity::prelude::*;

use crate::enums::{ImportMode, ImportState};
use crate::ids::{AccountId, ImportBatchId, JobId};

/// One row of `import_batches`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_batches")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ImportBatchId,
    /// Who imports; none for the command line.
    pub account_id: Option<AccountId>,
    /// Name of the file.
    #[sea_orm(column_type = "Text")]
    pub file_name: String,
    /// Hash of its bytes.
    pub file_sha256: Vec<u8>,
    /// What happens when a row fails.
    pub mode: ImportMode,
    /// State.
    pub state: ImportState,
    /// Code of the error of the file as a whole.
    #[sea_orm(column_type = "Text")]
    pub file_error: Option<String>,
    /// Rows.
    pub total: i32,
    /// Rows with errors.
    pub failed: i32,
    /// Mendings that wait to be confirmed.
    pub confirmations: i32,
    /// Last row that was applied.
    pub cursor: i32,
    /// People entered.
    pub created: i32,
    /// People brought up to date.
    pub updated: i32,
    /// People that did not differ.
    pub unchanged: i32,
    /// Rows refused when they were applied.
    pub refused: i32,
    /// Count of findings by code.
    #[sea_orm(column_type = "JsonBinary")]
    pub summary: Json,
    /// The job that applies it.
    pub job_id: Option<JobId>,
    /// When its rows were removed, as no longer needed.
    pub rows_removed_at: Option<DateTimeUtc>,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTimeUtc>,
    /// Uploaded.
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
    /// By `job_id`.
    #[sea_orm(
        belongs_to = "super::job::Entity",
        from = "Column::JobId",
        to = "super::job::Column::Id"
    )]
    Job,
}

impl ActiveModelBehavior for ActiveModel {}
