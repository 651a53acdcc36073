//! The register of people: officers, supervision officers, auxiliary and clerical staff, with
//! what is recorded of them. ID numbers and phones are kept sealed and found by keyed hashes.

mod acts;
pub mod agencies;
pub mod error;
pub mod exams;
pub mod existing;
pub mod facts;
pub mod graphql;
mod identities;
mod lookup;
pub mod photo;
mod photos;
mod record;
pub mod reform;
mod roster;
pub mod rules;
mod secrets;
mod staff;
pub mod standings;
mod store;

use std::sync::LazyLock;

use chrono::NaiveDate;
use entities::enums::{DutyStatus, Establishment, ExamSubject, PersonKind, StandingKind};
use entities::ids::{AgencyId, ExamSittingId, TrainingSessionId};

use crate::platform::texts::Catalogue;
pub use acts::{
    PERSONAL_FIELDS, PersonalData, REVEAL, enter_person, record_exam_result, record_training,
    reveal_personal_data,
};
pub use error::OfficerRefusal;
pub use identities::{Identity, identities};
pub use lookup::{agency_of, by_id_number, known_by_id_number, photo_of};
pub use photos::{
    Announced, NewPhoto, PhotoHolder, announced_photos, attach_photo, attach_photos, photo_holders,
    read_photo,
};
pub use record::{Recorded, record_all};
pub use roster::{Change, Upserted, check_roster, take_roster, upsert_from_roster};
pub use secrets::birth_and_gender;
pub use staff::{NewStaff, enter_staff};
pub use standings::{lift_standing, record_standing, standings_over};
pub use store::{OfficerFilter, OfficerRow, Wanted, officer, officers, officers_among};

/// The texts of photos.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("officers.zh-CN.ftl"), include_str!("officers.en.ftl"))
});

/// A person as a roster or a form describes them.
#[derive(Clone, PartialEq, Eq)]
pub struct NewPerson {
    /// Name, 2–50 characters.
    pub name: String,
    /// ID number of 18 characters.
    pub id_number: String,
    /// Mobile number.
    pub phone: Option<String>,
    /// Unit.
    pub agency: AgencyId,
    /// 内设机构.
    pub internal_unit: Option<String>,
    /// What the person is.
    pub kind: PersonKind,
    /// 编制类型.
    pub establishment: Establishment,
    /// 在岗状态.
    pub duty: DutyStatus,
    /// 职务、职级.
    pub position: Option<String>,
    /// Codes of the enforcement fields.
    pub field_codes: Vec<String>,
    /// Code of the division the person works in.
    pub area_code: String,
    /// Name of the photo in an archive to come.
    pub photo_file: Option<String>,
}

/// A result of an exam.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewExam {
    /// Which exam.
    pub subject: ExamSubject,
    /// Score in tenths of a point, 0–1000.
    pub score_tenths: i64,
    /// Day of the exam.
    pub taken_on: NaiveDate,
}

/// What an import or a form records of a person beside the register itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NewRecord {
    /// Results of exams; one that is known is not entered twice.
    pub exams: Vec<NewExam>,
    /// All training of a year by this source, in minutes: it replaces what the source said before.
    pub training: Option<(i32, i64)>,
    /// The session that gave the training, where one did; its source is of that session alone.
    pub session: Option<TrainingSessionId>,
    /// The sitting that gave the exam results, where one did.
    pub sitting: Option<ExamSittingId>,
    /// Standings from today on; one that bars already is not entered twice, and none is ever
    /// lifted.
    pub standings: Vec<StandingKind>,
    /// Whether a person has confirmed that standings which were lifted, or had ended, hold anew.
    pub again: bool,
}
