//! `applications`: Applications for a certificate on their way.

use sea_orm::entity::prelude::*;

use crate::enums::{ApplicationAct, ApplicationState, PersonKind};
use crate::ids::{AgencyId, ApplicationId, CertificateId, PersonId, PolicyId};

/// One row of `applications`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "applications")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApplicationId,
    /// For whom.
    pub person_id: PersonId,
    /// Kind of the person, held by the composite key.
    pub kind: PersonKind,
    /// What is asked for.
    pub act: ApplicationAct,
    /// State.
    pub state: ApplicationState,
    /// The agency that applies, or who took its place by a reform.
    pub agency_id: AgencyId,
    /// The issuing authority asked.
    pub issuing_agency_id: AgencyId,
    /// Who applied first; everybody who took a step is in `application_steps`.
    pub proposed_by: PersonId,
    /// When it was (last) handed in.
    pub submitted_at: Option<DateTimeUtc>,
    /// Who reviewed last.
    pub reviewed_by: Option<PersonId>,
    /// When.
    pub reviewed_at: Option<DateTimeUtc>,
    /// Who decided last.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// Reasons of a return or refusal.
    #[sea_orm(column_type = "Text")]
    pub reasons: Option<String>,
    /// The policy that was applied last.
    pub policy_id: Option<PolicyId>,
    /// The certificate to be renewed or replaced.
    pub replaces_id: Option<CertificateId>,
    /// The certificate that came of it.
    pub certificate_id: Option<CertificateId>,
    /// How odd it was when it was last handed in; 0 where nothing was.
    pub oddity: i32,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
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
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
    /// By `issuing_agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::IssuingAgencyId",
        to = "super::agency::Column::Id"
    )]
    IssuingAgency,
    /// By `proposed_by`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::ProposedBy",
        to = "super::person::Column::Id"
    )]
    ProposedBy,
    /// By `reviewed_by`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::ReviewedBy",
        to = "super::person::Column::Id"
    )]
    ReviewedBy,
    /// By `decided_by`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::DecidedBy",
        to = "super::person::Column::Id"
    )]
    DecidedBy,
    /// By `policy_id`.
    #[sea_orm(
        belongs_to = "super::policy::Entity",
        from = "Column::PolicyId",
        to = "super::policy::Column::Id"
    )]
    Policy,
    /// By `replaces_id`.
    #[sea_orm(
        belongs_to = "super::certificate::Entity",
        from = "Column::ReplacesId",
        to = "super::certificate::Column::Id"
    )]
    Replaces,
    /// By `certificate_id`.
    #[sea_orm(
        belongs_to = "super::certificate::Entity",
        from = "Column::CertificateId",
        to = "super::certificate::Column::Id"
    )]
    Certificate,
}

impl ActiveModelBehavior for ActiveModel {}
