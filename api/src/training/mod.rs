//! Training and exams: sessions with their hours and who attended them, sittings with candidates and
//! results, and the hours of a year at a glance.
//!
//! What counts is written into the register of people (`training_records`, `exam_results`), so that
//! there is one sum of hours and one rule of cycles and resits, however they came. People are named
//! one by one ([`enter()`]) or by a workbook ([`uploads`]); both go through the same checks.

mod entries;
pub mod error;
pub mod graphql;
pub mod reform;
pub mod rules;
mod sessions;
mod sittings;
mod store;
pub mod uploads;
pub mod year;

use std::sync::LazyLock;

use crate::platform::texts::Catalogue;
pub use entries::{Entered, Entry, Target, Value, enter};
pub use error::{Result, TrainingRefusal};
pub use sessions::{NewSession, Step, change_session, move_session, plan_session};
pub use sittings::{
    NewSitting, cancel_sitting, confirm_sitting, correct_outcome, plan_sitting, withdraw,
};
pub use store::{
    Candidate, SessionFilter, attendance, candidates, corrections, passed, session, sessions,
    sitting, sittings,
};

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("training.zh-CN.ftl"), include_str!("training.en.ftl"))
});
