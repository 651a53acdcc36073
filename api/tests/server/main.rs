//! Tests of the server in its own process: store, GraphQL and faults, on SQLite and, with
//! `LZ_TEST_ENGINE=postgres`, on PostgreSQL and Redis.

mod doctor;
mod harness;
mod province;
mod redis;
mod sign_in;
mod worker;
