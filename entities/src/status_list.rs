//! `status_lists`: Token status lists; indices are handed out in a keyed order.

use sea_orm::entity::prelude::*;

/// One row of `status_lists`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "status_lists")]
pub struct Model {
    /// Number of the list.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// Indices in the list.
    pub size: i32,
    /// Counter, not yet permuted.
    pub next: i32,
    /// Key of the permutation, sealed.
    pub key_sealed: Vec<u8>,
    /// Opened.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
