//! `evaluations`: What citizens say of a check, until it is released with others; then that it was.

use sea_orm::entity::prelude::*;

use crate::ids::{AgencyId, EvaluationBatchId, EvaluationId};

/// One row of `evaluations`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "evaluations")]
pub struct Model {
    /// Id, by chance: it tells no time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EvaluationId,
    /// Keyed hash of the receipt's number.
    pub receipt_index: Vec<u8>,
    /// Whose people were evaluated.
    pub agency_id: AgencyId,
    /// First day of its month.
    pub month: Date,
    /// Whether the sender was satisfied; none once it is released.
    pub satisfied: Option<bool>,
    /// The certificate was shown unasked.
    pub shown: Option<bool>,
    /// Two officers were there.
    pub two_officers: Option<bool>,
    /// They were polite.
    pub polite: Option<bool>,
    /// Money was asked for.
    pub fees_asked: Option<bool>,
    /// With which it was released.
    pub batch_id: Option<EvaluationBatchId>,
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
    /// By `batch_id`.
    #[sea_orm(
        belongs_to = "super::evaluation_batch::Entity",
        from = "Column::BatchId",
        to = "super::evaluation_batch::Column::Id"
    )]
    Batch,
}

impl ActiveModelBehavior for ActiveModel {}
