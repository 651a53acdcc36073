//! `divisions`: Administrative divisions by their GB/T 2260 code.

use sea_orm::entity::prelude::*;

use crate::enums::DivisionLevel;

/// One row of `divisions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "divisions")]
pub struct Model {
    /// Six digits, GB/T 2260.
    #[sea_orm(primary_key, auto_increment = false, column_type = "Text")]
    pub code: String,
    /// Full official name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Level.
    pub level: DivisionLevel,
    /// The division above; none for the province.
    #[sea_orm(column_type = "Text")]
    pub parent_code: Option<String>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `parent_code`.
    #[sea_orm(
        belongs_to = "super::division::Entity",
        from = "Column::ParentCode",
        to = "super::division::Column::Code"
    )]
    ParentCode,
}

impl ActiveModelBehavior for ActiveModel {}
