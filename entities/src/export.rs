//! `exports`: What was taken out of the register as a file.

use sea_orm::entity::prelude::*;

use crate::enums::{ExportFormat, ExportList};
use crate::ids::{AccountId, ExportId};

/// One row of `exports`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exports")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExportId,
    /// Who took it; none where it was the command line.
    pub account_id: Option<AccountId>,
    /// What was taken.
    pub list: ExportList,
    /// As which file.
    pub format: ExportFormat,
    /// Whether ID numbers and phones stand in it whole.
    pub personal_data: bool,
    /// What the list was narrowed by.
    #[sea_orm(column_type = "JsonBinary")]
    pub filter: Json,
    /// Its rows, without the heading.
    pub row_count: i32,
    /// SHA-256 of the file.
    pub sha256: Vec<u8>,
    /// What it is for, in the words of whoever took it.
    #[sea_orm(column_type = "Text")]
    pub purpose: Option<String>,
    /// When.
    pub created_at: DateTimeUtc,
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
}

impl ActiveModelBehavior for ActiveModel {}
