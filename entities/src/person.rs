//! `people`: The register of people. No auxiliary can be given a qualification or certificate: see the composite keys.

use sea_orm::entity::prelude::*;

use crate::enums::{DutyStatus, Employment, Establishment, Gender, PersonKind};
use crate::ids::{AgencyId, PersonId};

/// One row of `people`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "people")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PersonId,
    /// What the person is.
    pub kind: PersonKind,
    /// Name, NFC.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Only a check against the ID number.
    pub gender: Option<Gender>,
    /// ID number, sealed.
    pub id_number_sealed: Vec<u8>,
    /// Keyed hash of the ID number, for equality.
    pub id_number_index: Vec<u8>,
    /// Mobile number, sealed.
    pub phone_sealed: Option<Vec<u8>>,
    /// Keyed hash of the mobile number.
    pub phone_index: Option<Vec<u8>>,
    /// Unit.
    pub agency_id: AgencyId,
    /// 内设机构.
    #[sea_orm(column_type = "Text")]
    pub internal_unit: Option<String>,
    /// 编制类型.
    pub establishment: Establishment,
    /// 在岗状态.
    pub duty: DutyStatus,
    /// Life cycle of employment.
    pub employment: Employment,
    /// 职务、职级.
    #[sea_orm(column_type = "Text")]
    pub position: Option<String>,
    /// Codes of the fields the person works in, a list of strings.
    #[sea_orm(column_type = "JsonBinary")]
    pub field_codes: Json,
    /// 执法区域.
    #[sea_orm(column_type = "Text")]
    pub area_code: String,
    /// Name of the photo in the ZIP that was announced.
    #[sea_orm(column_type = "Text")]
    pub photo_file: Option<String>,
    /// The photo.
    pub photo_sha256: Option<Vec<u8>>,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
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
    /// By `area_code`.
    #[sea_orm(
        belongs_to = "super::division::Entity",
        from = "Column::AreaCode",
        to = "super::division::Column::Code"
    )]
    AreaCode,
    /// By `photo_sha256`.
    #[sea_orm(
        belongs_to = "super::blob::Entity",
        from = "Column::PhotoSha256",
        to = "super::blob::Column::Sha256"
    )]
    PhotoSha256,
}

impl ActiveModelBehavior for ActiveModel {}
