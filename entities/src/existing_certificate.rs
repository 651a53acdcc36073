//! `existing_certificates`: Certificates that people hold from before, as rosters claim them, and
//! what was decided of each. Those of ministries are filed records. One claim a person waits at a
//! time and one record is filed; a number is claimed or confirmed once: partial unique indexes.

use sea_orm::entity::prelude::*;

use crate::enums::{CertificateState, ExistingKind, ExistingState};
use crate::ids::{
    AgencyId, CertificateId, ExistingCertificateId, ImportBatchId, PersonId, PolicyId,
};

/// One row of `existing_certificates`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "existing_certificates")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ExistingCertificateId,
    /// Who holds it.
    pub person_id: PersonId,
    /// What it is.
    pub kind: ExistingKind,
    /// A ministry's kind of certificate, as written.
    #[sea_orm(column_type = "Text")]
    pub ministry_kind: Option<String>,
    /// Its number, opaque; a ministry's may be without one.
    #[sea_orm(column_type = "Text")]
    pub number: Option<String>,
    /// The issuer, as written.
    #[sea_orm(column_type = "Text")]
    pub issuer: Option<String>,
    /// The issuer in the register.
    pub issuing_agency_id: Option<AgencyId>,
    /// Day of issue.
    pub issued_on: Option<Date>,
    /// Last valid day; none for 长期.
    pub valid_until: Option<Date>,
    /// State, as the roster claims it.
    pub claimed_state: Option<CertificateState>,
    /// The import it came by.
    pub batch_id: ImportBatchId,
    /// The row of the import.
    pub row_no: i32,
    /// Who imported; none for the command line.
    pub imported_by: Option<PersonId>,
    /// What became of it.
    pub state: ExistingState,
    /// What is odd about it, as codes in order of weight.
    #[sea_orm(column_type = "JsonBinary")]
    pub exceptions: Json,
    /// 0 where something is odd, 1 where nothing is: lists show the exceptions first.
    pub rank: i32,
    /// When it was last looked at for exceptions; none where that is due.
    pub examined_at: Option<DateTimeUtc>,
    /// The claim of a later roster that stands in its place.
    pub replaced_by: Option<ExistingCertificateId>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When it was decided, or taken back.
    pub decided_at: Option<DateTimeUtc>,
    /// Why it was refused.
    #[sea_orm(column_type = "Text")]
    pub reason: Option<String>,
    /// The policy that was applied to the decision.
    pub policy_id: Option<PolicyId>,
    /// The certificate that came of it.
    pub certificate_id: Option<CertificateId>,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::PersonId",
        to = "super::person::Column::Id"
    )]
    Person,
    /// By `batch_id`.
    #[sea_orm(
        belongs_to = "super::import_batch::Entity",
        from = "Column::BatchId",
        to = "super::import_batch::Column::Id"
    )]
    Batch,
}

impl ActiveModelBehavior for ActiveModel {}
