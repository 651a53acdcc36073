//! `exam_candidates`: Who sits an exam, and what came of it.

use sea_orm::entity::prelude::*;

use crate::enums::ExamOutcome;
use crate::ids::{ExamSittingId, PersonId};

/// One row of `exam_candidates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exam_candidates")]
pub struct Model {
    /// Which sitting.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sitting_id: ExamSittingId,
    /// Who sits.
    #[sea_orm(primary_key, auto_increment = false)]
    pub person_id: PersonId,
    /// Who registered them.
    pub registered_by: Option<PersonId>,
    /// When.
    pub registered_at: DateTimeUtc,
    /// What came of it; none before it was entered.
    pub outcome: Option<ExamOutcome>,
    /// Score in tenths of a point, where there is one.
    pub score_tenths: Option<i64>,
    /// Who entered the outcome last.
    pub entered_by: Option<PersonId>,
    /// When.
    pub entered_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `sitting_id`.
    #[sea_orm(
        belongs_to = "super::exam_sitting::Entity",
        from = "Column::SittingId",
        to = "super::exam_sitting::Column::Id"
    )]
    Sitting,
    /// By `person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::PersonId",
        to = "super::person::Column::Id"
    )]
    Person,
}

impl ActiveModelBehavior for ActiveModel {}
