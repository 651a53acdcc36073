//! `audit_entries`: The audit chains. Ids and digests only: a chain cannot erase.

use sea_orm::entity::prelude::*;

use crate::ids::AuditEntryId;

/// One row of `audit_entries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_entries")]
pub struct Model {
    /// Which chain.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub stream: String,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// Id.
    pub id: AuditEntryId,
    /// When.
    pub at: DateTimeUtc,
    /// Account id, or `system`.
    #[sea_orm(column_type = "Text")]
    pub actor: String,
    /// What was done, a word.
    #[sea_orm(column_type = "Text")]
    pub action: String,
    /// On what, a node id.
    #[sea_orm(column_type = "Text")]
    pub subject: String,
    /// Details as canonical JSON.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// Hash of the entry before.
    pub prev_hash: Vec<u8>,
    /// SHA-256 over all of the above.
    pub hash: Vec<u8>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
