//! `joint_authorisations`: For a time, officers of several agencies may act in fields and places that
//! are not their own.

use sea_orm::entity::prelude::*;

use crate::enums::JointAuthorisationState;
use crate::ids::{AgencyId, JointAuthorisationId, PersonId, PolicyId};

/// One row of `joint_authorisations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "joint_authorisations")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JointAuthorisationId,
    /// The justice department or issuing authority that decides.
    pub authority_id: AgencyId,
    /// Number of the document that orders it.
    #[sea_orm(column_type = "Text")]
    pub document: String,
    /// Codes of the fields, a list of strings.
    #[sea_orm(column_type = "JsonBinary")]
    pub field_codes: Json,
    /// Codes of the divisions, each with all below it, a list of strings.
    #[sea_orm(column_type = "JsonBinary")]
    pub division_codes: Json,
    /// First day.
    pub from_on: Date,
    /// Last day, inclusive.
    pub until_on: Date,
    /// How far it is.
    pub state: JointAuthorisationState,
    /// Reasons of a refusal.
    #[sea_orm(column_type = "Text")]
    pub reasons: Option<String>,
    /// The policy that was applied.
    pub policy_id: PolicyId,
    /// Who proposed it.
    pub proposed_by: PersonId,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
    /// Who ended it before its last day.
    pub ended_by: Option<PersonId>,
    /// When.
    pub ended_at: Option<DateTimeUtc>,
    /// Proposed.
    pub created_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `authority_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AuthorityId",
        to = "super::agency::Column::Id"
    )]
    Authority,
    /// Whom it names.
    #[sea_orm(has_many = "super::joint_authorisation_party::Entity")]
    Parties,
}

impl Related<super::joint_authorisation_party::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Parties.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
