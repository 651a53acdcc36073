//! Agencies, divisions and fields, and who is competent for whom.

pub mod authority;
