//! Existing certificates (原证件): the justice department decides on what rosters claim.
//!
//! What is confirmed becomes a certificate like any other, in the state it was claimed in: it is
//! looked up by its number, suspended, lost, renewed and replaced. Whoever imported a claim does not
//! decide on it, and nobody on their own. Something odd about a claim forbids its confirmation, or
//! has to be weighed by whoever confirms (`officers::existing::rules`); it is looked at anew with
//! the decision, whatever a list has shown.

mod confirm;
mod decide;
mod job;

pub use confirm::confirm_existing;
pub use decide::refuse_existing;
pub use job::{CONFIRM_JOB, confirm_import, work_confirm_job};
