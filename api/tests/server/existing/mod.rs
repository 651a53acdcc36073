//! Existing certificates: claimed by a roster, confirmed, answered for, given a code.

mod claims;
mod confirming;
mod deciding;
mod evidence;
mod job;
mod reissuing;
mod taking_back;
pub mod world;
