//! `accounts`: Sign-in accounts; each is one person's.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, PersonId};

/// One row of `accounts`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AccountId,
    /// Whose.
    pub person_id: PersonId,
    /// Sign-in name, lower case.
    #[sea_orm(column_type = "Text")]
    pub login: String,
    /// Argon2id, PHC string.
    #[sea_orm(column_type = "Text")]
    pub password_hash: String,
    /// Rises when rights or password change; tokens of an older one end.
    pub version: i32,
    /// Closed.
    pub disabled_at: Option<DateTimeUtc>,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::PersonId",
        to = "super::person::Column::Id"
    )]
    Person,
}

impl ActiveModelBehavior for ActiveModel {}
