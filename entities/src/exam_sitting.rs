//! `exam_sittings`: Sittings of the two exams.

use sea_orm::entity::prelude::*;

use crate::enums::{ExamSubject, SittingState};
use crate::ids::{AgencyId, ExamSittingId, PersonId, PolicyId};

/// One row of `exam_sittings`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "exam_sittings")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExamSittingId,
    /// Who holds it.
    pub organiser_id: AgencyId,
    /// Which exam.
    pub subject: ExamSubject,
    /// Enforcement field of a professional-law exam, where it is for one.
    #[sea_orm(column_type = "Text")]
    pub field_code: Option<String>,
    /// Day of the exam.
    pub held_on: Date,
    /// Where.
    #[sea_orm(column_type = "Text")]
    pub place: String,
    /// Whether those who failed once may sit again here.
    pub resits_allowed: bool,
    /// The policy the pass mark is taken from.
    pub policy_id: PolicyId,
    /// Score that passes, in tenths of a point.
    pub pass_mark_tenths: i64,
    /// State.
    pub state: SittingState,
    /// Why it was cancelled.
    #[sea_orm(column_type = "Text")]
    pub cancel_reason: Option<String>,
    /// Who planned it.
    pub created_by: Option<PersonId>,
    /// Who confirmed the results.
    pub confirmed_by: Option<PersonId>,
    /// When the results were confirmed.
    pub confirmed_at: Option<DateTimeUtc>,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `organiser_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::OrganiserId",
        to = "super::agency::Column::Id"
    )]
    Organiser,
    /// By `policy_id`.
    #[sea_orm(
        belongs_to = "super::policy::Entity",
        from = "Column::PolicyId",
        to = "super::policy::Column::Id"
    )]
    Policy,
}

impl ActiveModelBehavior for ActiveModel {}
