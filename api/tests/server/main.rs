//! Tests of the server in its own process: store, GraphQL and faults, on SQLite and, with
//! `LZ_TEST_ENGINE=postgres`, on PostgreSQL and Redis.

mod certification;
mod harness;
mod officers;
mod organisations;
mod province;
mod sign_in;
