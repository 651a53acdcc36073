//! `agencies`: Enforcement agencies, justice departments and entrusted organisations.

use sea_orm::entity::prelude::*;

use crate::enums::{AgencyKind, AgencyQualification, Leadership};
use crate::ids::AgencyId;

/// One row of `agencies`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "agencies")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AgencyId,
    /// Number inside a printed code; never reused.
    pub number: i32,
    /// Full official name.
    #[sea_orm(column_type = "Text")]
    pub name: String,
    /// Short and former names, a list of strings.
    #[sea_orm(column_type = "JsonBinary")]
    pub aliases: Json,
    /// Unified social credit code, GB 32100.
    #[sea_orm(column_type = "Text")]
    pub uscc: String,
    /// What it is in law.
    pub kind: AgencyKind,
    /// Who leads it.
    pub leadership: Leadership,
    /// A justice department: the supervision body of its government.
    pub is_justice: bool,
    /// Issuing authority (发证机关); county level or above.
    pub issues_certificates: bool,
    /// Division whose government it belongs to.
    #[sea_orm(column_type = "Text")]
    pub division_code: String,
    /// Superior department of its line of work.
    pub superior_id: Option<AgencyId>,
    /// The organ that entrusts it.
    pub entrusted_by_id: Option<AgencyId>,
    /// Number of the entrustment letter (委托书).
    #[sea_orm(column_type = "Text")]
    pub entrustment_letter: Option<String>,
    /// Codes of the enforcement fields it works in, a list of strings.
    #[sea_orm(column_type = "JsonBinary")]
    pub field_codes: Json,
    /// Supervision phone shown to the public.
    #[sea_orm(column_type = "Text")]
    pub complaint_phone: Option<String>,
    /// Its own enforcement qualification.
    pub qualification: AgencyQualification,
    /// Day of the announcement.
    pub qualification_confirmed_on: Option<Date>,
    /// Day from which it no longer exists.
    pub abolished_on: Option<Date>,
    /// Entered.
    pub created_at: DateTimeUtc,
    /// Last changed.
    pub updated_at: DateTimeUtc,
}

/// What a row points to.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    /// By `division_code`.
    #[sea_orm(
        belongs_to = "super::division::Entity",
        from = "Column::DivisionCode",
        to = "super::division::Column::Code"
    )]
    DivisionCode,
    /// By `superior_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::SuperiorId",
        to = "super::agency::Column::Id"
    )]
    Superior,
    /// By `entrusted_by_id`.
    #[sea_orm(
        belongs_to = "super::agency::Entity",
        from = "Column::EntrustedById",
        to = "super::agency::Column::Id"
    )]
    EntrustedBy,
}

impl ActiveModelBehavior for ActiveModel {}
