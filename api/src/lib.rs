//! The server of Liangzheng, as a library. See `docs/architecture.md` for the ground plan.

pub mod credentials;
pub mod officers;
pub mod platform;
