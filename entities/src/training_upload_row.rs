//! `training_upload_rows`: The rows of a workbook of the training desk, sealed.

use sea_orm::entity::prelude::*;

use crate::enums::ImportRowState;
use crate::ids::{PersonId, TrainingUploadId};

/// One row of `training_upload_rows`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "training_upload_rows")]
pub struct Model {
    /// Which workbook.
    #[sea_orm(primary_key, auto_increment = false)]
    pub upload_id: TrainingUploadId,
    /// 1, 2, 3 … in order of the file.
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_no: i32,
    /// What became of it.
    pub state: ImportRowState,
    /// Whom it names, where that is known.
    pub person_id: Option<PersonId>,
    /// Its cells and what was found, sealed.
    pub sealed: Vec<u8>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `upload_id`.
    #[sea_orm(
        belongs_to = "super::training_upload::Entity",
        from = "Column::UploadId",
        to = "super::training_upload::Column::Id"
    )]
    Upload,
    /// By `person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::PersonId",
        to = "super::person::Column::Id"
    )]
    Person,
}

impl ActiveModelBehavior for ActiveModel {}
