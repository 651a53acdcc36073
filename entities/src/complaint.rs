//! `complaints`: What citizens complain of after a check, and what a justice department makes of it.

use sea_orm::entity::prelude::*;

use crate::enums::{ComplaintCategory, ComplaintState};
use crate::ids::{AgencyId, CertificateId, ComplaintId, PersonId, PolicyId};

/// One row of `complaints`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "complaints")]
pub struct Model {
    /// Id, by chance: it tells no time.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ComplaintId,
    /// Keyed hash of the receipt's number.
    pub receipt_index: Vec<u8>,
    /// How far it is.
    pub state: ComplaintState,
    /// What it is about.
    pub category: ComplaintCategory,
    /// The certificate that was shown.
    pub certificate_id: Option<CertificateId>,
    /// The officer it is about.
    pub person_id: Option<PersonId>,
    /// The agency it is about, as of when it came or was assigned.
    pub agency_id: Option<AgencyId>,
    /// Where it happened, of one without a certificate.
    #[sea_orm(column_type = "Text")]
    pub division_code: Option<String>,
    /// Unit and officer in the sender's words, sealed.
    pub named_sealed: Option<Vec<u8>>,
    /// What happened, sealed.
    pub text_sealed: Vec<u8>,
    /// How the sender can be reached, sealed; none once it is erased.
    pub contact_sealed: Option<Vec<u8>>,
    /// Last day on which the contact is kept.
    pub contact_until: Option<Date>,
    /// Day of the check, where a certificate was shown.
    pub met_on: Option<Date>,
    /// Day on which it came.
    pub received_on: Date,
    /// The justice department that handles it.
    pub desk_id: AgencyId,
    /// Policy of its deadlines.
    pub policy_id: PolicyId,
    /// Day from which the deadline is counted.
    pub due_from: Date,
    /// Working days of the deadline.
    pub due_days: i32,
    /// The deadline.
    pub due_on: Date,
    /// It lies beyond the calendar of holidays.
    pub due_provisional: bool,
    /// Who took it up, or did not.
    pub accepted_by: Option<PersonId>,
    /// When.
    pub accepted_at: Option<DateTimeUtc>,
    /// Why the deadline was extended, once.
    #[sea_orm(column_type = "Text")]
    pub extension_reasons: Option<String>,
    /// The outcome that is proposed or decided.
    pub upheld: Option<bool>,
    /// Its reasons, addressed to the sender.
    #[sea_orm(column_type = "Text")]
    pub reasons: Option<String>,
    /// Where to turn instead, of one that is not taken up.
    #[sea_orm(column_type = "Text")]
    pub other_channel: Option<String>,
    /// Who proposed the outcome.
    pub proposed_by: Option<PersonId>,
    /// When.
    pub proposed_at: Option<DateTimeUtc>,
    /// Why a proposal was given back last.
    #[sea_orm(column_type = "Text")]
    pub returned_reasons: Option<String>,
    /// Who decided.
    pub decided_by: Option<PersonId>,
    /// When.
    pub decided_at: Option<DateTimeUtc>,
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
    /// By `person_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::PersonId",
        to = "super::person::Column::Id"
    )]
    Person,
    /// By `agency_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::AgencyId",
        to = "super::agency::Column::Id"
    )]
    Agency,
    /// By `division_code`.
    #[sea_orm(
        belongs_to = "super::division::Entity",
        from = "Column::DivisionCode",
        to = "super::division::Column::Code"
    )]
    Division,
    /// By `desk_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::DeskId",
        to = "super::agency::Column::Id"
    )]
    Desk,
}

impl ActiveModelBehavior for ActiveModel {}
