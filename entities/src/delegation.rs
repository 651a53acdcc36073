//! `delegations`: Roles lent to another account until a moment.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, AgencyId, DelegationId, GrantId, PolicyId};

/// One row of `delegations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "delegations")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DelegationId,
    /// What it rests on: role and axis are the grant's, and it ends with the grant.
    pub grant_id: GrantId,
    /// Who lends.
    pub from_account_id: AccountId,
    /// Who acts.
    pub to_account_id: AccountId,
    /// Root of the part that is lent: the grant's, or below it.
    pub agency_id: AgencyId,
    /// Holds from then on.
    pub starts_at: DateTimeUtc,
    /// Holds no longer from then on.
    pub ends_at: DateTimeUtc,
    /// When it was taken or given back before.
    pub ended_at: Option<DateTimeUtc>,
    /// What the lender noted.
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    /// The policy on accounts that was applied.
    pub policy_id: Option<PolicyId>,
    /// Entered.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `grant_id`.
    #[sea_orm(
        belongs_to = "super::grant::Entity",
        from = "Column::GrantId",
        to = "super::grant::Column::Id"
    )]
    Grant,
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
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
    /// By `policy_id`.
    #[sea_orm(
        belongs_to = "super::policy::Entity",
        from = "Column::PolicyId",
        to = "super::policy::Column::Id"
    )]
    Policy,
}

impl ActiveModelBehavior for ActiveModel {}
