//! `qualifications`: Qualification (执法资格), one of the three separate life cycles.

use sea_orm::entity::prelude::*;

use crate::enums::{PersonKind, QualificationState};
use crate::ids::{AgencyId, ExistingCertificateId, PersonId, PolicyId, QualificationId};

/// One row of `qualifications`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "qualifications")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: QualificationId,
    /// Who.
    pub person_id: PersonId,
    /// Kind of the person, held by the composite key.
    pub kind: PersonKind,
    /// State.
    pub state: QualificationState,
    /// The agency that put the person forward, or who took its place by a reform.
    pub agency_id: AgencyId,
    /// Who put the person forward.
    pub nominated_by: PersonId,
    /// When.
    pub nominated_at: DateTimeUtc,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// The policy that was applied.
    pub policy_id: Option<PolicyId>,
    /// Reasons of the decision.
    #[sea_orm(column_type = "Text")]
    pub reasons: Option<String>,
    /// The confirmed certificate on the strength of which the person is qualified.
    pub existing_id: Option<ExistingCertificateId>,
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
    /// By `nominated_by`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::NominatedBy",
        to = "super::person::Column::Id"
    )]
    NominatedBy,
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
    /// By `existing_id`.
    #[sea_orm(
        belongs_to = "super::existing_certificate::Entity",
        from = "Column::ExistingId",
        to = "super::existing_certificate::Column::Id"
    )]
    Existing,
}

impl ActiveModelBehavior for ActiveModel {}
