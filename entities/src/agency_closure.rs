//! `agency_closure`: Which agencies lie under which, on each axis; every agency lies under itself.

use sea_orm::entity::prelude::*;

use crate::enums::ScopeAxis;
use crate::ids::AgencyId;

/// One row of `agency_closure`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agency_closure")]
pub struct Model {
    /// The tree.
    #[sea_orm(primary_key, auto_increment = false)]
    pub axis: ScopeAxis,
    /// The agency above.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ancestor_id: AgencyId,
    /// The agency below.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: AgencyId,
    /// Steps between them; 0 for itself.
    pub depth: i32,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `ancestor_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AncestorId",
        to = "super::agency::Column::Id"
    )]
    Ancestor,
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
}

impl ActiveModelBehavior for ActiveModel {}
