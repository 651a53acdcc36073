//! `status_tokens`: Status lists as they were signed.

use sea_orm::entity::prelude::*;

/// One row of `status_tokens`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "status_tokens")]
pub struct Model {
    /// Number of the list.
    #[sea_orm(primary_key, auto_increment = false)]
    pub list: i32,
    /// `iat`: a whole second.
    #[sea_orm(primary_key, auto_increment = false)]
    pub issued_at: DateTimeUtc,
    /// `exp`.
    pub expires_at: DateTimeUtc,
    /// `ttl` in seconds.
    pub ttl: i32,
    /// SHA-256 of the entries before compression.
    pub entries_sha256: Vec<u8>,
    /// As JWT.
    #[sea_orm(column_type = "Text")]
    pub jwt: String,
    /// As CWT.
    pub cwt: Vec<u8>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `list`.
    #[sea_orm(
        belongs_to = "super::status_list::Entity",
        from = "Column::List",
        to = "super::status_list::Column::Id"
    )]
    List,
}

impl ActiveModelBehavior for ActiveModel {}
