//! `application_steps`: Every step of an application, and who took it: duties are kept apart by it.

use sea_orm::entity::prelude::*;

use crate::enums::ApplicationStep;
use crate::ids::{ApplicationId, PersonId, PolicyId};

/// One row of `application_steps`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "application_steps")]
pub struct Model {
    /// Which application.
    #[sea_orm(primary_key, auto_increment = false)]
    pub application_id: ApplicationId,
    /// 1, 2, 3 …
    #[sea_orm(primary_key, auto_increment = false)]
    pub seq: i32,
    /// What was done.
    pub step: ApplicationStep,
    /// Who did it.
    pub by_person: PersonId,
    /// When.
    pub at: DateTimeUtc,
    /// Reasons of a return or refusal.
    #[sea_orm(column_type = "Text")]
    pub reasons: Option<String>,
    /// The policy on review that was applied.
    pub policy_id: Option<PolicyId>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `application_id`.
    #[sea_orm(
        belongs_to = "super::application::Entity",
        from = "Column::ApplicationId",
        to = "super::application::Column::Id"
    )]
    Application,
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
