//! `device_certificates`: Which certificate an enrolled phone shows, and its place in a status list.

use sea_orm::entity::prelude::*;

use crate::ids::{CertificateId, DeviceId};

/// One row of `device_certificates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "device_certificates")]
pub struct Model {
    /// The phone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub device_id: DeviceId,
    /// The certificate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub certificate_id: CertificateId,
    /// Status list.
    pub list: i32,
    /// Index in it.
    pub idx: i32,
    /// First shown by this phone.
    pub created_at: DateTimeUtc,
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
