//! `status_changes`: That something in a status list has changed since it was signed.

use sea_orm::entity::prelude::*;

use crate::ids::StatusChangeId;

/// One row of `status_changes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "status_changes")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StatusChangeId,
    /// Number of the list.
    pub list: i32,
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
