//! `agency_change_parties`: Agencies a reform takes from and gives to.

use sea_orm::entity::prelude::*;

use crate::enums::ChangeSide;
use crate::ids::{AgencyChangeId, AgencyId};

/// One row of `agency_change_parties`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agency_change_parties")]
pub struct Model {
    /// Which reform.
    #[sea_orm(primary_key, auto_increment = false)]
    pub change_id: AgencyChangeId,
    /// On which side.
    #[sea_orm(primary_key, auto_increment = false)]
    pub side: ChangeSide,
    /// The agency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: AgencyId,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `change_id`.
    #[sea_orm(
        belongs_to = "super::agency_change::Entity",
        from = "Column::ChangeId",
        to = "super::agency_change::Column::Id"
    )]
    Change,
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
}

impl ActiveModelBehavior for ActiveModel {}
