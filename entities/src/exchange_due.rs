//! `exchange_dues`: Certificates that bear the name of a unit a reform has changed; they stay in force.

use sea_orm::entity::prelude::*;

use crate::ids::{AgencyChangeId, CertificateId};

/// One row of `exchange_dues`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exchange_dues")]
pub struct Model {
    /// Which certificate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub certificate_id: CertificateId,
    /// Day by which it is to be exchanged.
    pub due_on: Date,
    /// The first reform that asks for it.
    pub change_id: AgencyChangeId,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `certificate_id`.
    #[sea_orm(
        belongs_to = "super::certificate::Entity",
        from = "Column::CertificateId",
        to = "super::certificate::Column::Id"
    )]
    Certificate,
    /// By `change_id`.
    #[sea_orm(
        belongs_to = "super::agency_change::Entity",
        from = "Column::ChangeId",
        to = "super::agency_change::Column::Id"
    )]
    Change,
}

impl ActiveModelBehavior for ActiveModel {}
