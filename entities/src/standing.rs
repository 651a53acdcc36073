//! `standings`: Facts that bar or burden an officer; written by the capability that decides them, read by those below.

use sea_orm::entity::prelude::*;

use crate::enums::{StandingKind, StandingLift};
use crate::ids::{PersonId, StandingId};

/// One row of `standings`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "standings")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StandingId,
    /// Whom it concerns.
    pub person_id: PersonId,
    /// What it is, without details.
    pub kind: StandingKind,
    /// First day.
    pub from_on: Date,
    /// Last day as it was given; without one, the kind and the policy say when it ends.
    pub until_on: Option<Date>,
    /// Which act wrote it.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// When it was written.
    pub recorded_at: DateTimeUtc,
    /// Who wrote it; none for an import of the deployment itself and for what an act brought.
    pub recorded_by: Option<PersonId>,
    /// When a reversing fact ended it.
    pub lifted_at: Option<DateTimeUtc>,
    /// Who lifted it.
    pub lifted_by: Option<PersonId>,
    /// Why.
    pub lift_reason: Option<StandingLift>,
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
}

impl ActiveModelBehavior for ActiveModel {}
