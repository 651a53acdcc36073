//! `import_rows`: Staged rows of an import; what they hold is sealed.

use sea_orm::entity::prelude::*;

use crate::enums::ImportRowState;
use crate::ids::ImportBatchId;

/// One row of `import_rows`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "import_rows")]
pub struct Model {
    /// Which import.
    #[sea_orm(primary_key, auto_increment = false)]
    pub batch_id: ImportBatchId,
    /// 1, 2, 3 … in order of the file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_no: i32,
    /// What became of it.
    pub state: ImportRowState,
    /// Cells, parsed row and findings, sealed.
    pub sealed: Vec<u8>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `batch_id`.
    #[sea_orm(
        belongs_to = "super::import_batch::Entity",
        from = "Column::BatchId",
        to = "super::import_batch::Column::Id"
    )]
    Batch,
}

impl ActiveModelBehavior for ActiveModel {}
