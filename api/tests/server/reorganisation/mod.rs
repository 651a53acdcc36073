//! Reforms of agencies on a real database, in a county where a justice department issues for a
//! transport bureau, and over GraphQL.

mod bad_input;
mod effects;
mod on_the_day;
pub mod reformers;
mod trees;
