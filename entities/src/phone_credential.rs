//! `phone_credentials`: Credentials that were signed for phones, by credential id.

use sea_orm::entity::prelude::*;

use crate::ids::{CertificateId, DeviceId};

/// One row of `phone_credentials`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "phone_credentials")]
pub struct Model {
    /// First 16 bytes of SHA-256 of the `Sig_structure`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub credential_id: Vec<u8>,
    /// The phone it is bound to.
    pub device_id: DeviceId,
    /// Which certificate it shows.
    pub certificate_id: CertificateId,
    /// Key hint of its signature.
    pub kid: Vec<u8>,
    /// `nbf`.
    pub not_before: DateTimeUtc,
    /// `exp`.
    pub expires_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `device_id`.
    #[sea_orm(
        belongs_to = "super::device::Entity",
        from = "Column::DeviceId",
        to = "super::device::Column::Id"
    )]
    Device,
    /// By `certificate_id`.
    #[sea_orm(
        belongs_to = "super::certificate::Entity",
        from = "Column::CertificateId",
        to = "super::certificate::Column::Id"
    )]
    Certificate,
}

impl ActiveModelBehavior for ActiveModel {}
