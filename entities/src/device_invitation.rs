//! `device_invitations`: Invitations to enrol a phone; one an officer is open.

use sea_orm::entity::prelude::*;

use crate::ids::{DeviceId, DeviceInvitationId, PersonId};

/// One row of `device_invitations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device_invitations")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DeviceInvitationId,
    /// Whose phone may be enrolled.
    pub person_id: PersonId,
    /// SHA-256 of the secret.
    pub secret_hash: Vec<u8>,
    /// End at the latest.
    pub expires_at: DateTimeUtc,
    /// Taken up.
    pub used_at: Option<DateTimeUtc>,
    /// Ended before.
    pub revoked_at: Option<DateTimeUtc>,
    /// The phone that was enrolled by it.
    pub device_id: Option<DeviceId>,
    /// Issued.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::PersonId",
        to = "super::person::Column::Id"
    )]
    Person,
    /// By `device_id`.
    #[sea_orm(
        belongs_to = "super::device::Entity",
        from = "Column::DeviceId",
        to = "super::device::Column::Id"
    )]
    Device,
}

impl ActiveModelBehavior for ActiveModel {}
