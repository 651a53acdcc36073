//! `public_cards`: What the public may see of a certificate, as it stands now; written by certification, read by verification.

use sea_orm::entity::prelude::*;

use crate::enums::{CertificateState, PersonKind};
use crate::ids::{AgencyId, CertificateId, PersonId};

/// One row of `public_cards`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "public_cards")]
pub struct Model {
    /// Which certificate.
    #[sea_orm(primary_key, auto_increment = false)]
    pub certificate_id: CertificateId,
    /// The holder.
    pub holder_id: PersonId,
    /// Certificate number.
    #[sea_orm(column_type = "Text")]
    pub number: String,
    /// Holder's name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Kind of the holder.
    pub kind: PersonKind,
    /// State; expiry is computed on read.
    pub state: CertificateState,
    /// The agency that keeps it: the unit, or who took its place by a reform.
    pub agency_id: AgencyId,
    /// Number of the unit inside the code.
    pub agency_number: i32,
    /// Name of the unit when it was issued.
    #[sea_orm(column_type = "Text")]
    pub agency_name: String,
    /// Fields, {zh, en} each.
    #[sea_orm(column_type = "JsonBinary")]
    pub field_names: Json,
    /// Area.
    #[sea_orm(column_type = "Text")]
    pub area_name: String,
    /// Issuing authority.
    #[sea_orm(column_type = "Text")]
    pub issuing_authority: String,
    /// First valid day.
    pub valid_from: Date,
    /// Last valid day, inclusive.
    pub valid_until: Date,
    /// The photo.
    pub photo_sha256: Option<Vec<u8>>,
    /// Supervision phone.
    #[sea_orm(column_type = "Text")]
    pub complaint_phone: Option<String>,
    /// What became of the unit since, a list of {on, kind, agency, name}.
    #[sea_orm(column_type = "JsonBinary")]
    pub successions: Json,
    /// Last changed.
    pub updated_at: DateTimeUtc,
    /// Until when a showing of it is open at most.
    pub shown_until: Option<DateTimeUtc>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `certificate_id`.
    #[sea_orm(
        belongs_to = "super::certificate::Entity",
        from = "Column::CertificateId",
        to = "super::certificate::Column::Id"
    )]
    Certificate,
    /// By `holder_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::HolderId",
        to = "super::person::Column::Id"
    )]
    Holder,
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
    /// By `photo_sha256`.
    #[sea_orm(
        belongs_to = "super::blob::Entity",
        from = "Column::PhotoSha256",
        to = "super::blob::Column::Sha256"
    )]
    PhotoSha256,
}

impl ActiveModelBehavior for ActiveModel {}
