//! `grants`: A role over a part of the tree.

use sea_orm::entity::prelude::*;

use crate::enums::{Role, ScopeAxis};
use crate::ids::{AccountId, AgencyId, GrantId};

/// One row of `grants`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "grants")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: GrantId,
    /// Whose.
    pub account_id: AccountId,
    /// Role.
    pub role: Role,
    /// Root of the part.
    pub agency_id: AgencyId,
    /// Along which tree.
    pub axis: ScopeAxis,
    /// Holds from then on: a desk can be handed over at a later time.
    pub created_at: DateTimeUtc,
    /// Holds no longer from then on.
    pub ended_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `account_id`.
    #[sea_orm(
        belongs_to = "super::account::Entity",
        from = "Column::AccountId",
        to = "super::account::Column::Id"
    )]
    Account,
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
}

impl ActiveModelBehavior for ActiveModel {}
