//! `audit_checkpoints`: Signed checkpoints over every chain.

use sea_orm::entity::prelude::*;

/// One row of `audit_checkpoints`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_checkpoints")]
pub struct Model {
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i64,
    /// When.
    pub at: DateTimeUtc,
    /// Canonical JSON of every stream's id, sequence and head.
    #[sea_orm(column_type = "Text")]
    pub body: String,
    /// Hash of the checkpoint before.
    pub prev_hash: Vec<u8>,
    /// SHA-256 over all of the above.
    pub hash: Vec<u8>,
    /// Key hint.
    pub kid: Vec<u8>,
    /// Signature over `hash`.
    pub signature: Vec<u8>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
