//! `jobs`: Work to be done after the transaction that asked for it.

use sea_orm::entity::prelude::*;

use crate::enums::JobState;
use crate::ids::{AccountId, JobId};

/// One row of `jobs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    /// What to do.
    #[sea_orm(column_type = "Text")]
    pub kind: String,
    /// With what.
    #[sea_orm(column_type = "JsonBinary")]
    pub payload: Json,
    /// State.
    pub state: JobState,
    /// Not before.
    pub run_after: DateTimeUtc,
    /// Times it was begun.
    pub attempts: i32,
    /// Held by a worker until here.
    pub lease_until: Option<DateTimeUtc>,
    /// Rises with each claim; a chunk commits only under the present one.
    pub fence: i64,
    /// Where the next chunk begins.
    pub cursor: i64,
    /// How much there is.
    pub total: i64,
    /// How much succeeded.
    pub done: i64,
    /// How much failed.
    pub failed: i64,
    /// Code of the last error.
    #[sea_orm(column_type = "Text")]
    pub error: Option<String>,
    /// Who asked.
    pub account_id: Option<AccountId>,
    /// Asked for.
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
}

impl ActiveModelBehavior for ActiveModel {}
