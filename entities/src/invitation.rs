//! `invitations`: Invitations to an account; one an account is open.

use sea_orm::entity::prelude::*;

use crate::enums::InvitationPurpose;
use crate::ids::{AccountId, InvitationId};

/// One row of `invitations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InvitationId,
    /// To which account.
    pub account_id: AccountId,
    /// For a first password or for a new one.
    pub purpose: InvitationPurpose,
    /// SHA-256 of the secret.
    pub secret_hash: Vec<u8>,
    /// End at the latest.
    pub expires_at: DateTimeUtc,
    /// Taken up.
    pub used_at: Option<DateTimeUtc>,
    /// Ended before.
    pub revoked_at: Option<DateTimeUtc>,
    /// Issued.
    pub created_at: DateTimeUtc,
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
