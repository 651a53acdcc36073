//! `audit_streams`: Heads of the audit chains: one an agency, and `system`.

use sea_orm::entity::prelude::*;

/// One row of `audit_streams`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_streams")]
pub struct Model {
    /// Agency id as text, or `system`.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub id: String,
    /// Number of the last entry.
    pub seq: i64,
    /// Hash of the last entry.
    pub head: Vec<u8>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
