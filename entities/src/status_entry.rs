//! `status_entries`: What a status list says of an index that was handed out.

use sea_orm::entity::prelude::*;

use crate::enums::StatusValue;

/// One row of `status_entries`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "status_entries")]
pub struct Model {
    /// Number of the list.
    #[sea_orm(primary_key, auto_increment = false)]
    pub list: i32,
    /// Index.
    #[sea_orm(primary_key, auto_increment = false)]
    pub idx: i32,
    /// Its status.
    pub value: StatusValue,
    /// Last changed.
    pub updated_at: DateTimeUtc,
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
