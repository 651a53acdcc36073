//! The server of Liangzheng, as a library. See `docs/architecture.md` for the ground plan.

pub mod access;
pub mod app;
pub mod audit;
pub mod auth;
pub mod certification;
pub mod cli;
pub mod config;
pub mod credentials;
pub mod demo;
pub mod documents;
pub mod exports;
pub mod graphql;
pub mod http;
pub mod imports;
pub mod officers;
pub mod organisations;
pub mod photos;
pub mod platform;
pub mod policy;
pub mod reorganisation;
pub mod schema;
pub mod training;
pub mod trust;
pub mod verification;
pub mod worker;
pub mod worklist;
