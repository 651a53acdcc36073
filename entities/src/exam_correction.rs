//! `exam_corrections`: Corrections of confirmed exam results, with the old outcome.

use sea_orm::entity::prelude::*;

use crate::enums::ExamOutcome;
use crate::ids::{ExamCorrectionId, ExamSittingId, PersonId};

/// One row of `exam_corrections`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exam_corrections")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExamCorrectionId,
    /// Which sitting.
    pub sitting_id: ExamSittingId,
    /// Whose result.
    pub person_id: PersonId,
    /// What stood before.
    pub outcome_before: ExamOutcome,
    /// Its score.
    pub score_before: Option<i64>,
    /// What stands since.
    pub outcome_after: ExamOutcome,
    /// Its score.
    pub score_after: Option<i64>,
    /// Why.
    #[sea_orm(column_type = "Text")]
    pub reason: String,
    /// Who corrected it.
    pub corrected_by: PersonId,
    /// When.
    pub corrected_at: DateTimeUtc,
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
