//! `enrolment_nonces`: What the phone of an account is to sign next when it is enrolled.

use sea_orm::entity::prelude::*;

use crate::ids::AccountId;

/// One row of `enrolment_nonces`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrolment_nonces")]
pub struct Model {
    /// Whose account has asked for it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// 32 random bytes.
    pub nonce: Vec<u8>,
    /// End at the latest.
    pub expires_at: DateTimeUtc,
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
