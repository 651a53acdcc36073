//! `complaint_questions`: What an agency is asked about a complaint, in words of the handler's own.

use sea_orm::entity::prelude::*;

use crate::ids::{AgencyId, ComplaintId, ComplaintQuestionId, PersonId};

/// One row of `complaint_questions`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "complaint_questions")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComplaintQuestionId,
    /// About which complaint; never shown to the agency.
    pub complaint_id: ComplaintId,
    /// Who is asked.
    pub agency_id: AgencyId,
    /// The question.
    #[sea_orm(column_type = "Text")]
    pub question: String,
    /// Who asked.
    pub asked_by: PersonId,
    /// Asked.
    pub asked_at: DateTimeUtc,
    /// The answer.
    #[sea_orm(column_type = "Text")]
    pub answer: Option<String>,
    /// Who answered.
    pub answered_by: Option<PersonId>,
    /// Answered.
    pub answered_at: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `complaint_id`.
    #[sea_orm(
        belongs_to = "super::complaint::Entity",
        from = "Column::ComplaintId",
        to = "super::complaint::Column::Id"
    )]
    Complaint,
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
}

impl ActiveModelBehavior for ActiveModel {}
