//! Showings (亮证): an officer says for which task, beside whom and roughly where the certificate is
//! shown; the party scans and reads the same; both sides have a record (domain §2).
//!
//! That two officers are there, that the fields are the certificate's and the place is in its area,
//! or that a joint authorisation covers what is not, is checked and said. Nothing follows from it by
//! itself: the showing is recorded all the same, and people draw the conclusions.

mod acts;
mod error;
pub mod graphql;
pub mod joint;
pub mod reform;
pub mod retention;
pub mod rules;
mod start;
mod store;
mod totals;

pub use acts::{answer, end};
pub use error::{Code, ShowingRefusal};
pub use start::{LEAST_MINUTES, NewShowing, policy_for, start};
pub use store::{ShowingFilter, ShowingRow, Whose, newest, showing, showings};
pub use totals::{AgencyTotals, Period, totals};

/// The word in the audit log for reading showings of others.
pub const READ: &str = "showing.read";
