//! `genuine_lists`: What compromised keys are known to have signed for the issuer.

use sea_orm::entity::prelude::*;

use crate::ids::SigningKeyId;

/// One row of `genuine_lists`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "genuine_lists")]
pub struct Model {
    /// Which key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key_id: SigningKeyId,
    /// SHA-256 of the list.
    pub sha256: Vec<u8>,
    /// Ids of credentials, 16 bytes each, sorted, one after another.
    pub ids: Vec<u8>,
    /// When the key was marked.
    pub made_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `key_id`.
    #[sea_orm(
        belongs_to = "super::signing_key::Entity",
        from = "Column::KeyId",
        to = "super::signing_key::Column::Id"
    )]
    Key,
}

impl ActiveModelBehavior for ActiveModel {}
