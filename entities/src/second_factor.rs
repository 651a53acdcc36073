//! `second_factors`: Second factors (RFC 6238), the one in force and one being enrolled.

use sea_orm::entity::prelude::*;

use crate::ids::AccountId;

/// One row of `second_factors`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "second_factors")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Sealed secret in force.
    pub secret_sealed: Option<Vec<u8>>,
    /// In force since.
    pub enrolled_at: Option<DateTimeUtc>,
    /// Step of the last code that was taken: it and those before are taken no more.
    pub last_step: i64,
    /// Codes refused since the last that was taken.
    pub failures: i32,
    /// Sealed secret that waits for its first code.
    pub pending_sealed: Option<Vec<u8>>,
    /// Shown to its owner.
    pub pending_at: Option<DateTimeUtc>,
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
