//! `former_agencies`: What an agency was until a day.

use sea_orm::entity::prelude::*;

use crate::enums::Leadership;
use crate::ids::{AgencyChangeId, AgencyId};

/// One row of `former_agencies`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "former_agencies")]
pub struct Model {
    /// Which agency.
    #[sea_orm(primary_key, auto_increment = false)]
    pub agency_id: AgencyId,
    /// First day on which it was so no more.
    #[sea_orm(primary_key, auto_increment = false)]
    pub until_on: Date,
    /// Full official name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Who led it.
    pub leadership: Leadership,
    /// Its division.
    #[sea_orm(column_type = "Text")]
    pub division_code: String,
    /// Superior department of its line of work.
    pub superior_id: Option<AgencyId>,
    /// The organ that entrusted it.
    pub entrusted_by_id: Option<AgencyId>,
    /// The reform that ended it.
    pub change_id: AgencyChangeId,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
    /// By `division_code`.
    #[sea_orm(
        belongs_to = "super::division::Entity",
        from = "Column::DivisionCode",
        to = "super::division::Column::Code"
    )]
    DivisionCode,
    /// By `superior_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::SuperiorId",
        to = "super::agency::Column::Id"
    )]
    Superior,
    /// By `entrusted_by_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::EntrustedById",
        to = "super::agency::Column::Id"
    )]
    EntrustedBy,
    /// By `change_id`.
    #[sea_orm(
        belongs_to = "super::agency_change::Entity",
        from = "Column::ChangeId",
        to = "super::agency_change::Column::Id"
    )]
    Change,
}

impl ActiveModelBehavior for ActiveModel {}
