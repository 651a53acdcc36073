//! `exam_results`: Results of the two exams, one resit a cycle.

use sea_orm::entity::prelude::*;

use crate::enums::ExamSubject;
use crate::ids::{ExamResultId, ExamSittingId, PersonId};

/// One row of `exam_results`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exam_results")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExamResultId,
    /// Who sat it.
    pub person_id: PersonId,
    /// Which exam.
    pub subject: ExamSubject,
    /// 1, and one more after each off-post study.
    pub cycle: i32,
    /// 1, or 2 for the resit.
    pub attempt: i32,
    /// Score in tenths of a point.
    pub score_tenths: i64,
    /// Day of the exam.
    pub taken_on: Date,
    /// Which act wrote it.
    #[sea_orm(column_type = "Text")]
    pub source: String,
    /// When it was written.
    pub recorded_at: DateTimeUtc,
    /// The sitting that gave it, where one did.
    pub sitting_id: Option<ExamSittingId>,
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
