//! `agency_changes`: Reforms of agencies (机构改革), from the proposal to the day they take effect.

use sea_orm::entity::prelude::*;

use crate::enums::{AgencyChangeKind, AgencyChangeState};
use crate::ids::{AgencyChangeId, PersonId, PolicyId};

/// One row of `agency_changes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agency_changes")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgencyChangeId,
    /// What is done.
    pub kind: AgencyChangeKind,
    /// How far it is.
    pub state: AgencyChangeState,
    /// First day on which it holds.
    pub effective_on: Date,
    /// Number of the document that orders it.
    #[sea_orm(column_type = "Text")]
    pub document: String,
    /// What is to be done, agency by agency.
    #[sea_orm(column_type = "JsonBinary")]
    pub plan: Json,
    /// How much it touched, once it has taken effect.
    #[sea_orm(column_type = "JsonBinary")]
    pub impact: Option<Json>,
    /// Code of what kept it from taking effect on its day.
    #[sea_orm(column_type = "Text")]
    pub failure: Option<String>,
    /// The policy that was applied last.
    pub policy_id: PolicyId,
    /// Who proposed it; none for the deployment itself.
    pub proposed_by: Option<PersonId>,
    /// When.
    pub proposed_at: DateTimeUtc,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// When it took effect, was withdrawn or failed.
    pub ended_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `policy_id`.
    #[sea_orm(
        belongs_to = "super::policy::Entity",
        from = "Column::PolicyId",
        to = "super::policy::Column::Id"
    )]
    Policy,
    /// By `proposed_by`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::ProposedBy",
        to = "super::person::Column::Id"
    )]
    ProposedBy,
    /// By `decided_by`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::DecidedBy",
        to = "super::person::Column::Id"
    )]
    DecidedBy,
}

impl ActiveModelBehavior for ActiveModel {}
