//! `policies`: Versions of the rules that vary between provinces; rows are never changed.

use sea_orm::entity::prelude::*;

use crate::ids::PolicyId;

/// One row of `policies`.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policies")]
pub struct Model {
    /// Id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PolicyId,
    /// Which rule.
    #[sea_orm(column_type = "Text")]
    pub key: String,
    /// Where it holds, and below.
    #[sea_orm(column_type = "Text")]
    pub division_code: String,
    /// Rising by one.
    pub version: i32,
    /// First day it holds.
    pub effective_from: Date,
    /// The rule, typed by `policy` when loaded.
    #[sea_orm(column_type = "JsonBinary")]
    pub body: Json,
    /// Entered.
    pub created_at: DateTimeUtc,
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
}

impl ActiveModelBehavior for ActiveModel {}
