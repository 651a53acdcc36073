//! The server of Liangzheng, as a library. See `docs/architecture.md` for the ground plan.

pub mod demo;
pub mod platform;
