//! `printed_codes`: Printed codes that were signed, by credential id.

use sea_orm::entity::prelude::*;

use crate::ids::CertificateId;

/// One row of `printed_codes`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "printed_codes")]
pub struct Model {
    /// First 16 bytes of SHA-256 of the `Sig_structure`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub credential_id: Vec<u8>,
    /// Which certificate it shows.
    pub certificate_id: CertificateId,
    /// The code's digits.
    #[sea_orm(column_type = "Text")]
    pub digits: String,
    /// Key hint of its signature.
    pub kid: Vec<u8>,
    /// Status list.
    pub list: i32,
    /// Index in it.
    pub idx: i32,
    /// `exp` of the credential.
    pub expires_at: DateTimeUtc,
    /// Signed.
    pub created_at: DateTimeUtc,
    /// Signed for a certificate in force and not handed over yet.
    pub waits: bool,
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
}

impl ActiveModelBehavior for ActiveModel {}
