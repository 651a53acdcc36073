//! `challenges`: What supervisors have asked phones for.

use sea_orm::entity::prelude::*;

use crate::ids::{AccountId, ChallengeId};

/// One row of `challenges`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "challenges")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ChallengeId,
    /// Who asks.
    pub account_id: AccountId,
    /// 16 random bytes.
    pub value: Vec<u8>,
    /// End.
    pub expires_at: DateTimeUtc,
    /// Answered.
    pub used_at: Option<DateTimeUtc>,
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
}

impl ActiveModelBehavior for ActiveModel {}
