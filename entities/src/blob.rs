//! `blobs`: Pictures by the hash of their bytes.

use sea_orm::entity::prelude::*;

/// One row of `blobs`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "blobs")]
pub struct Model {
    /// SHA-256 of `bytes`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: Vec<u8>,
    /// Media type.
    #[sea_orm(column_type = "Text")]
    pub media_type: String,
    /// Content.
    pub bytes: Vec<u8>,
    /// First stored.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
