//! `desk_handovers`: Desks handed over from one account to another.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, DeskHandoverId, PersonId};

/// One row of `desk_handovers`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "desk_handovers")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeskHandoverId,
    /// Whose desk it was.
    pub from_account_id: AccountId,
    /// The successor.
    pub to_account_id: AccountId,
    /// The roles, each with its agency and axis.
    #[sea_orm(column_type = "JsonBinary")]
    pub roles: Json,
    /// From when the successor holds them and the other no longer.
    pub at: DateTimeUtc,
    /// What the administrator noted.
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    /// The administrator; none where the system did.
    pub by_person_id: Option<PersonId>,
    /// Entered.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `from_account_id`.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::FromAccountId",
        to = "super::account::Column::Id"
    )]
    FromAccount,
    /// By `to_account_id`.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::ToAccountId",
        to = "super::account::Column::Id"
    )]
    ToAccount,
    /// By `by_person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::ByPersonId",
        to = "super::person::Column::Id"
    )]
    ByPerson,
}

impl ActiveModelBehavior for ActiveModel {}
