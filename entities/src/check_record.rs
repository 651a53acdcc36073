//! `check_records`: Records of checks as supervisors' phones have sent them, with what was judged.

use sea_orm::entity::prelude::*;

use crate::enums::{CheckGrade, CheckOutcome, CheckSeen};
use crate::ids::{CertificateId, CheckRecordId, DeviceId, PersonId, PolicyId};

/// One row of `check_records`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "check_records")]
pub struct Model {
    /// Id, given on receipt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CheckRecordId,
    /// The phone that signed it.
    pub device_id: DeviceId,
    /// Its own id, unique on the phone.
    pub record_id: Uuid,
    /// SHA-256 of its deterministic CBOR.
    pub hash: Vec<u8>,
    /// 1, 2, 3 … on the phone.
    pub sequence: i32,
    /// Hash of the record before, as this one says; none for the first.
    pub previous: Option<Vec<u8>>,
    /// The signed bytes, as they were received first.
    pub raw: Vec<u8>,
    /// Who recorded it: whose phone it is.
    pub recorder_id: PersonId,
    /// Received first; the check happened before.
    pub received_at: DateTimeUtc,
    /// The check happened after this: the later of what the code says of itself and the last sync.
    pub from_at: DateTimeUtc,
    /// When the phone's clocks say it happened, within what is possible; decides nothing.
    pub about_at: DateTimeUtc,
    /// What was seen.
    pub seen: CheckSeen,
    /// What the app said of the code.
    #[sea_orm(column_type = "Text")]
    pub app_verdict: Option<String>,
    /// What the server says of the code; none where its status was not the same throughout.
    #[sea_orm(column_type = "Text")]
    pub verdict: Option<String>,
    /// How much it proves.
    pub grade: CheckGrade,
    /// What was judged.
    pub outcome: CheckOutcome,
    /// Another record of the same phone and id has another hash.
    pub conflicted: bool,
    /// Why, as words.
    #[sea_orm(column_type = "JsonBinary")]
    pub reasons: Json,
    /// Whose code was seen, where it is on record here.
    pub certificate_id: Option<CertificateId>,
    /// Code of the division, if a place was recorded.
    #[sea_orm(column_type = "Text")]
    pub place: Option<String>,
    /// The policy that was applied.
    pub policy_id: PolicyId,
    /// Why it came late, in the recorder's words.
    #[sea_orm(column_type = "Text")]
    pub late_reason: Option<String>,
    /// When that was given.
    pub late_reason_at: Option<DateTimeUtc>,
    /// Digest of the showing of a phone's code that was seen; none for all else, and for records
    /// from before it was kept.
    pub presentation: Option<Vec<u8>>,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `device_id`.
    #[sea_orm(
        belongs_to = "super::device::Entity",
        from = "Column::DeviceId",
        to = "super::device::Column::Id"
    )]
    Device,
    /// By `recorder_id`.
    #[sea_orm(
        belongs_to = "super::person::Entity",
        from = "Column::RecorderId",
        to = "super::person::Column::Id"
    )]
    Recorder,
    /// By `certificate_id`.
    #[sea_orm(
        belongs_to = "super::certificate::Entity",
        from = "Column::CertificateId",
        to = "super::certificate::Column::Id"
    )]
    Certificate,
    /// By `policy_id`.
    #[sea_orm(
        belongs_to = "super::policy::Entity",
        from = "Column::PolicyId",
        to = "super::policy::Column::Id"
    )]
    Policy,
}

impl ActiveModelBehavior for ActiveModel {}
