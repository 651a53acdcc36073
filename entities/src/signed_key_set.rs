//! `signed_key_sets`: The keys of the deployment as its root has signed them.

use sea_orm::entity::prelude::*;

/// One row of `signed_key_sets`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signed_key_sets")]
pub struct Model {
    /// Rises with every change.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// When the root signed it.
    pub issued_at: DateTimeUtc,
    /// The signed keys.
    pub bytes: Vec<u8>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
