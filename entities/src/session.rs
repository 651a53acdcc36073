//! `sessions`: Signed-in sessions.

use sea_orm::entity::prelude::*;

use crate::enums::SessionClient;
use crate::ids::{AccountId, SessionId};

/// One row of `sessions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sessions")]
pub struct Model {
    /// Id (`sid`).
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SessionId,
    /// Whose.
    pub account_id: AccountId,
    /// Last time the password was given.
    pub signed_in_at: DateTimeUtc,
    /// Last refresh.
    pub last_used_at: DateTimeUtc,
    /// End at the latest.
    pub expires_at: DateTimeUtc,
    /// Ended before.
    pub revoked_at: Option<DateTimeUtc>,
    /// Opened.
    pub created_at: DateTimeUtc,
    /// What the client calls itself, in a few words for its owner.
    #[sea_orm(column_type = "Text")]
    pub client_name: Option<String>,
    /// When the second factor was given; none where the account had none.
    pub second_factor_at: Option<DateTimeUtc>,
    /// What it was opened from.
    pub client: SessionClient,
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
