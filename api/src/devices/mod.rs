//! Officers' phones: invited, enrolled, ended, and given a credential each day
//! (`docs/credential.md` §§1 and 6).
//!
//! Nobody enrols a phone for another: it takes the officer's own session, a secret that somebody who
//! knows the officer has handed over, and the signature of the phone's key. What a scan must know of
//! a phone is written in `credentials`.

mod credential;
mod ending;
mod enrolment;
mod error;
pub mod graphql;
mod invitations;
mod rules;
mod store;

pub use credential::{forget, refresh};
pub use ending::{close_account, end};
pub use enrolment::{Begun, NewDevice, begin, enrol};
pub use error::{DeviceRefusal, Result};
pub use invitations::{Invitation, invite, revoke};
pub use store::{devices_of, newest_of, own_devices};
