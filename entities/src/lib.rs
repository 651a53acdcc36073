//! The tables of Liangzheng as `SeaORM` models: one file a table, typed ids, checked enumerations.
//!
//! This crate knows columns and nothing else: no rule, no GraphQL, no HTTP. What a value may be
//! is also checked in the database (see the `migration` crate).

pub mod enums;
pub mod ids;

