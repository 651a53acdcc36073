//! `photo_batches`: Photos that were sent in one ZIP.

use sea_orm::entity::prelude::*;

use crate::enums::ImportState;
use crate::ids::{AccountId, JobId, PhotoBatchId};

/// One row of `photo_batches`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "photo_batches")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PhotoBatchId,
    /// Who sent them; none for the command line.
    pub account_id: Option<AccountId>,
    /// Name of the ZIP.
    #[sea_orm(column_type = "Text")]
    pub file_name: String,
    /// Hash of its bytes.
    pub file_sha256: Vec<u8>,
    /// State.
    pub state: ImportState,
    /// Files in it.
    pub files: i32,
    /// Files that were looked at so far.
    pub staged: i32,
    /// Files that cannot be taken.
    pub failed: i32,
    /// Files that a system wrote beside the photos.
    pub ignored: i32,
    /// Last row that was applied.
    pub cursor: i32,
    /// Photos that were attached.
    pub attached: i32,
    /// Photos that people had already.
    pub unchanged: i32,
    /// Photos that were ready and could not be attached any more.
    pub refused: i32,
    /// Count of files by code, as they were staged.
    #[sea_orm(column_type = "JsonBinary")]
    pub summary: Json,
    /// The job that attaches them.
    pub job_id: Option<JobId>,
    /// When its rows were removed, as no longer needed.
    pub rows_removed_at: Option<DateTimeUtc>,
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
