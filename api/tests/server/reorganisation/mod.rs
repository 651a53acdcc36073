//! Reforms of agencies on a real database, in a county where a justice department issues for a
//! transport bureau, and over GraphQL.

mod bad_input;
mod joint;
mod names;
mod on_the_day;
mod order;
pub mod reformers;
mod splits;
mod taking_over;
mod trees;
mod under_way;
