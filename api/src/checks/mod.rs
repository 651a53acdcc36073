//! Records of checks: what supervisors' phones saw of certificates, perhaps without a network, sent
//! when there is one. Nothing is lost and nothing counts twice; what is judged is told with its
//! reasons, and nothing follows from it by itself.

mod about;
mod error;
pub mod graphql;
mod late;
pub mod rules;
mod store;
mod sync;

pub use about::{About, newest_about};
pub use error::{CheckRefusal, TEXTS};
pub use late::give_reason;
pub use store::{CheckFilter, Listed, Outcome, Range, record, records};
pub use sync::{Answer, MOST_AT_ONCE, Synced, sync};

/// The word in the audit log for reading records of others.
pub const READ: &str = "check.read";
