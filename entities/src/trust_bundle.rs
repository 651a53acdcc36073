//! `trust_bundles`: Trust bundles as they were signed.

use sea_orm::entity::prelude::*;

/// One row of `trust_bundles`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "trust_bundles")]
pub struct Model {
    /// Rises with every bundle.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// `iat`: a whole second.
    pub issued_at: DateTimeUtc,
    /// `exp`.
    pub expires_at: DateTimeUtc,
    /// SHA-256 of what it says, its version and times left out.
    pub content_sha256: Vec<u8>,
    /// SHA-256 of the signed bundle.
    #[sea_orm(unique)]
    pub sha256: Vec<u8>,
    /// The signed bundle.
    pub bytes: Vec<u8>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
