//! `signing_keys`: Signing keys, one use each; private halves are sealed.

use sea_orm::entity::prelude::*;

use crate::enums::{KeyAlgorithm, KeyUse};
use crate::ids::SigningKeyId;

/// One row of `signing_keys`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "signing_keys")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SigningKeyId,
    /// First 4 bytes of SHA-256 of the public key: a hint, not unique.
    pub kid: Vec<u8>,
    /// What it may sign.
    pub r#use: KeyUse,
    /// Signature algorithm.
    pub algorithm: KeyAlgorithm,
    /// Raw public key.
    pub public_key: Vec<u8>,
    /// Private key, sealed.
    pub private_sealed: Vec<u8>,
    /// Signs and verifies from here.
    pub not_before: DateTimeUtc,
    /// A newer key signs from here on.
    pub sign_until: DateTimeUtc,
    /// Verifies until here.
    pub not_after: DateTimeUtc,
    /// Since when it is known to be in other hands.
    pub compromised_since: Option<DateTimeUtc>,
    /// When the root first told apps of it.
    pub told_at: Option<DateTimeUtc>,
    /// Made.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
