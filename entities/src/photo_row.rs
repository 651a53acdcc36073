//! `photo_rows`: The files of a ZIP of photos; their names are sealed.

use sea_orm::entity::prelude::*;

use crate::enums::PhotoRowState;
use crate::ids::{PersonId, PhotoBatchId};

/// One row of `photo_rows`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "photo_rows")]
pub struct Model {
    /// Which ZIP.
    #[sea_orm(primary_key, auto_increment = false)]
    pub batch_id: PhotoBatchId,
    /// 1, 2, 3 … in order of the ZIP.
    #[sea_orm(primary_key, auto_increment = false)]
    pub row_no: i32,
    /// What became of it.
    pub state: PhotoRowState,
    /// The same in more words.
    #[sea_orm(column_type = "Text")]
    pub code: String,
    /// Whose photo it is, where it is one person's.
    pub person_id: Option<PersonId>,
    /// Its name and what was cut from it, sealed.
    pub sealed: Vec<u8>,
    /// SHA-256 of the photo that was made of it.
    pub photo_sha256: Option<Vec<u8>>,
    /// That photo, until it is attached.
    pub photo: Option<Vec<u8>>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `batch_id`.
    #[sea_orm(
        belongs_to = "super::photo_batch::Entity",
        from = "Column::BatchId",
        to = "super::photo_batch::Column::Id"
    )]
    Batch,
    /// By `person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::PersonId",
        to = "super::person::Column::Id"
    )]
    Person,
}

impl ActiveModelBehavior for ActiveModel {}
