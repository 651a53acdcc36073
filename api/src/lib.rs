//! The server of Liangzheng, as a library. See `docs/architecture.md` for the ground plan.

pub mod access;
pub mod audit;
pub mod auth;
pub mod certification;
pub mod credentials;
pub mod graphql;
pub mod officers;
pub mod organisations;
pub mod platform;
pub mod policy;
