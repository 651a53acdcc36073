//! `showings`: Certificates that were shown to a party (亮证): for which task, beside whom, and what
//! was found of it.

use sea_orm::entity::prelude::*;

use crate::enums::{SecondAnswer, ShowingFinding, ShowingKind};
use crate::ids::{CertificateId, JointAuthorisationId, PersonId, PolicyId, ShowingId};

/// One row of `showings`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "showings")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ShowingId,
    /// Who shows.
    pub person_id: PersonId,
    /// What is shown.
    pub certificate_id: CertificateId,
    /// For what.
    pub kind: ShowingKind,
    /// Number of the notice (检查通知书) or of the document that orders it.
    #[sea_orm(column_type = "Text")]
    pub notice_number: Option<String>,
    /// For what, in words.
    #[sea_orm(column_type = "Text")]
    pub task: String,
    /// Codes of the fields of the act, a list of strings.
    #[sea_orm(column_type = "JsonBinary")]
    pub field_codes: Json,
    /// Where, as a division; none where it is not said.
    #[sea_orm(column_type = "Text")]
    pub division_code: Option<String>,
    /// The second officer.
    pub second_person_id: Option<PersonId>,
    /// The second officer's certificate.
    pub second_certificate_id: Option<CertificateId>,
    /// What the second officer said last.
    pub second_answer: Option<SecondAnswer>,
    /// When.
    pub second_answered_at: Option<DateTimeUtc>,
    /// When the second officer first confirmed: whoever declines later had been there till then.
    pub second_confirmed_at: Option<DateTimeUtc>,
    /// Why alone: {code, zh, en} of the policy.
    #[sea_orm(column_type = "JsonBinary")]
    pub alone_reason: Option<Json>,
    /// What was found of the fields.
    pub field_finding: ShowingFinding,
    /// What was found of the place.
    pub area_finding: ShowingFinding,
    /// The joint authorisation that covers what is outside.
    pub authorisation_id: Option<JointAuthorisationId>,
    /// The policy that was applied.
    pub policy_id: PolicyId,
    /// Random, for the party's record; never shown by itself.
    pub serial: i64,
    /// Began.
    pub started_at: DateTimeUtc,
    /// Open until then at most.
    pub ends_at: DateTimeUtc,
    /// Ended before, or found to be over.
    pub ended_at: Option<DateTimeUtc>,
    /// Somebody scanned while it was open; neither when nor by whom is kept.
    pub scanned: bool,
    /// Last day on which it is kept.
    pub kept_until: Date,
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
    /// By `certificate_id`.
    #[sea_orm(
        belongs_to = "super::certificate::Entity",
        from = "Column::CertificateId",
        to = "super::certificate::Column::Id"
    )]
    Certificate,
    /// The public side of the certificate.
    #[sea_orm(
        belongs_to = "super::public_card::Entity",
        from = "Column::CertificateId",
        to = "super::public_card::Column::CertificateId"
    )]
    Card,
    /// The public side of the second officer's certificate.
    #[sea_orm(
        belongs_to = "super::public_card::Entity",
        from = "Column::SecondCertificateId",
        to = "super::public_card::Column::CertificateId"
    )]
    SecondCard,
    /// By `division_code`.
    #[sea_orm(
        belongs_to = "super::division::Entity",
        from = "Column::DivisionCode",
        to = "super::division::Column::Code"
    )]
    Division,
    /// By `authorisation_id`.
    #[sea_orm(
        belongs_to = "super::joint_authorisation::Entity",
        from = "Column::AuthorisationId",
        to = "super::joint_authorisation::Column::Id"
    )]
    Authorisation,
    /// By `policy_id`.
    #[sea_orm(
        belongs_to = "super::policy::Entity",
        from = "Column::PolicyId",
        to = "super::policy::Column::Id"
    )]
    Policy,
}

impl ActiveModelBehavior for ActiveModel {}
