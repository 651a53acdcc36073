//! `training_records`: Training a person has done, in minutes of a calendar year.

use sea_orm::entity::prelude::*;

use crate::ids::{PersonId, TrainingRecordId, TrainingSessionId};

/// One row of `training_records`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_records")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TrainingRecordId,
    /// Who was trained.
    pub person_id: PersonId,
    /// Calendar year, Asia/Shanghai.
    pub year: i32,
    /// Minutes.
    pub minutes: i64,
    /// Which act wrote it; one record a source and year.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// When it was written.
    pub recorded_at: DateTimeUtc,
    /// The session that gave it, where one did.
    pub session_id: Option<TrainingSessionId>,
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
