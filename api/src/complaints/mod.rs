//! Complaints and evaluations of citizens after a check, anonymous by default.
//!
//! The agency that is evaluated neither sees nor can find out who did (domain §2): of evaluations it
//! sees counts of five at least, of complaints only a question in the words of the justice
//! department that handles them. No scan, no time and no address is kept.

mod desk;
mod error;
mod evaluations;
pub mod graphql;
mod handle;
mod keep;
mod receive;
pub mod reform;
pub mod rules;
mod sealed;
mod store;

use std::sync::LazyLock;

use crate::platform::texts::Catalogue;

pub use error::ComplaintRefusal;
pub use evaluations::release_due;
pub use handle::{
    CONTACT_READ, accept, answer_question, ask, assign, decide, extend, give_back, propose,
    read_contact, refuse,
};
pub use keep::keep;
pub use receive::{Followed, Received, follow, places, receive, shown};
pub use store::{ComplaintFilter, ComplaintRow, Tally, Upheld, upheld_in_year};

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("complaints.zh-CN.ftl"), include_str!("complaints.en.ftl"))
});
