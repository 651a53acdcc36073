//! `evaluation_batches`: Evaluations of an agency that were released together, as counts; five at least.

use sea_orm::entity::prelude::*;

use crate::ids::{AgencyId, EvaluationBatchId};

/// One row of `evaluation_batches`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluation_batches")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvaluationBatchId,
    /// Whose people were evaluated.
    pub agency_id: AgencyId,
    /// First day of the first month of them.
    pub first_month: Date,
    /// First day of the last month of them.
    pub last_month: Date,
    /// Released.
    pub released_on: Date,
    /// How many they are.
    pub answers: i64,
    /// How many were satisfied.
    pub satisfied: i64,
    /// The certificate was shown unasked.
    pub shown_yes: i64,
    /// It was not.
    pub shown_no: i64,
    /// Two officers were there.
    pub two_officers_yes: i64,
    /// They were not.
    pub two_officers_no: i64,
    /// They were polite.
    pub polite_yes: i64,
    /// They were not.
    pub polite_no: i64,
    /// Money was asked for.
    pub fees_asked_yes: i64,
    /// It was not.
    pub fees_asked_no: i64,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
}

impl ActiveModelBehavior for ActiveModel {}
