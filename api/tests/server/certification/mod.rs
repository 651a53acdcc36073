//! Certification on a real database: its use-cases, in a county where a justice department issues
//! for a transport bureau, and the same over GraphQL.

mod acts;
mod bulk_issue;
mod cards;
mod look_up;
mod over_graphql;
mod own;
mod scans;
mod status_lists;
mod succession;
mod way;
mod without_redis;
pub mod world;
