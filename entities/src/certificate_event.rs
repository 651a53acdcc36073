//! `certificate_events`: Every step in the life of a certificate: was this officer authorised at that moment?

use sea_orm::entity::prelude::*;

use crate::enums::{CertificateAct, CertificateState};
use crate::ids::{CertificateEventId, CertificateId, PersonId, PolicyId};

/// One row of `certificate_events`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "certificate_events")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CertificateEventId,
    /// Which certificate.
    pub certificate_id: CertificateId,
    /// 1, 2, 3 …
    pub seq: i32,
    /// What was done.
    pub act: CertificateAct,
    /// State before.
    pub from_state: Option<CertificateState>,
    /// State after.
    pub to_state: CertificateState,
    /// When it took effect.
    pub at: DateTimeUtc,
    /// Code of the ground.
    #[sea_orm(column_type = "Text")]
    pub ground: Option<String>,
    /// Reasons in words; never public.
    #[sea_orm(column_type = "Text")]
    pub note: Option<String>,
    /// Who decided; none for the clock.
    pub by_person: Option<PersonId>,
    /// The policy that was applied.
    pub policy_id: Option<PolicyId>,
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
    /// By `by_person`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::ByPerson",
        to = "super::person::Column::Id"
    )]
    ByPerson,
    /// By `policy_id`.
    #[sea_orm(
        belongs_to = "super::policy::Entity",
        from = "Column::PolicyId",
        to = "super::policy::Column::Id"
    )]
    Policy,
}

impl ActiveModelBehavior for ActiveModel {}
