//! Records of checks on a real database: sent in every order and at once, judged by what a
//! certificate was meanwhile, read within a scope, and hinted at over a WebSocket.

mod beside;
mod deliveries;
mod judging;
mod live;
mod meanwhile;
mod reading;
mod sync;
pub mod world;
