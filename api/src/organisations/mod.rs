//! Organisations: administrative divisions, enforcement fields, and the agencies with their place
//! in the trees that every scope is taken from.

mod agencies;
pub mod authority;
mod dictionaries;
pub mod error;
pub mod graphql;
pub mod reform;
mod register;
pub mod rules;
mod store;
mod times;

use chrono::NaiveDate;
use entities::enums::{AgencyKind, AgencyQualification, DivisionLevel, Leadership};
use entities::ids::AgencyId;
use serde::{Deserialize, Serialize};

pub use agencies::{change_agency, enter_agencies, enter_agency};
pub use dictionaries::{enter_divisions, enter_fields};
pub use error::{OrganisationCode, OrganisationRefusal};
pub use register::{Found, ListedAgency, Register};
pub use store::{
    AgencyFilter, AgencyRow, after, agencies, agency, begins_with, codes, divisions, fields,
    fields_by_code, province_phone, surroundings, with_those_above,
};
pub use times::{AgencyOnDay, Successor, agency_on, former_names_of, successors_of};

/// A division that is to be entered or brought up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewDivision {
    /// Six digits, GB/T 2260; a township has nine.
    pub code: String,
    /// Full official name.
    pub name: String,
    /// Level.
    pub level: DivisionLevel,
    /// The division above; none for the province.
    pub parent_code: Option<String>,
}

/// An enforcement field that is to be entered or brought up to date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewField {
    /// Short word of lower-case letters, digits and hyphens.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Order in lists.
    pub position: i32,
}

/// An agency that is to be entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAgency {
    /// Its id, from `Platform::new_id`: agencies of one call may point to each other.
    pub id: AgencyId,
    /// Full official name.
    pub name: String,
    /// Short and former names.
    pub aliases: Vec<String>,
    /// Unified social credit code, GB 32100.
    pub uscc: String,
    /// What it is in law.
    pub kind: AgencyKind,
    /// Who leads it.
    pub leadership: Leadership,
    /// The justice department of its government.
    pub is_justice: bool,
    /// An issuing authority (发证机关).
    pub issues_certificates: bool,
    /// Its division.
    pub division_code: String,
    /// Superior department of its line of work.
    pub superior_id: Option<AgencyId>,
    /// The organ that entrusts it.
    pub entrusted_by_id: Option<AgencyId>,
    /// Number of the entrustment letter (委托书).
    pub entrustment_letter: Option<String>,
    /// Codes of the enforcement fields it works in.
    pub field_codes: Vec<String>,
    /// Supervision phone shown to the public.
    pub complaint_phone: Option<String>,
    /// Its own enforcement qualification.
    pub qualification: AgencyQualification,
    /// Day of the announcement of a confirmed qualification.
    pub qualification_confirmed_on: Option<NaiveDate>,
}

/// What is to change of an agency; what is `None` stays. Its name, place and end are changed by a
/// reform (`reorganisation`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgencyChange {
    /// A new supervision phone.
    pub complaint_phone: Option<String>,
    /// All its enforcement fields anew.
    pub field_codes: Option<Vec<String>>,
    /// Its qualification anew, with the day of the announcement where it is confirmed.
    pub qualification: Option<(AgencyQualification, Option<NaiveDate>)>,
}
