//! `devices`: Phones that were enrolled; a person has one at a time.

use sea_orm::entity::prelude::*;

use crate::enums::{Attestation, DeviceEnd, KeyAlgorithm};
use crate::ids::{AccountId, DeviceId, PersonId};

/// One row of `devices`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "devices")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeviceId,
    /// Whose account enrolled it.
    pub account_id: AccountId,
    /// Whose it is.
    pub person_id: PersonId,
    /// Algorithm of its key.
    pub algorithm: KeyAlgorithm,
    /// 32 bytes for Ed25519, the uncompressed point for P-256.
    pub public_key: Vec<u8>,
    /// Where it keeps its key.
    pub attestation: Attestation,
    /// What its holder calls it.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Enrolled.
    pub enrolled_at: DateTimeUtc,
    /// Ended, for good.
    pub ended_at: Option<DateTimeUtc>,
    /// Why it ended.
    pub end_reason: Option<DeviceEnd>,
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
    /// By `person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::PersonId",
        to = "super::person::Column::Id"
    )]
    Person,
}

impl ActiveModelBehavior for ActiveModel {}
