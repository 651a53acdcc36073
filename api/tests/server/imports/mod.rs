//! Roster imports: what is taken and refused, what a killed one leaves, how long rows are kept.

mod begun;
mod keeping;
mod killed;
mod rows;
pub mod world;
