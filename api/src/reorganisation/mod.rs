//! Reorganisation (机构改革): agencies are renamed, merged, split, moved and abolished, each by a
//! document and from a day on. One person proposes, another decides; a reform whose day has not
//! come waits for it and can be withdrawn.
//!
//! What it changes is written by those whose it is: the register and its trees by `organisations`,
//! people by `officers`, roles by `auth`, records by `certification`, public cards by
//! `credentials`; all in one transaction. Employment goes on, and certificates stay in force.

mod acts;
mod apply;
mod error;
pub mod graphql;
mod plan;
pub mod rules;
mod store;

pub use acts::{NewChange, approve, new_name, propose, withdraw};
pub use apply::apply_due;
pub use error::{Code as ReorganisationCode, ReorganisationRefusal};
pub use plan::{Part, Plan, Superior, Target};
pub use store::{ChangeFilter, Impact, Party, changes, parties};
