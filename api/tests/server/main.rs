//! Tests of the server in its own process: store, GraphQL and faults, on `SQLite` and, with
//! `LZ_TEST_ENGINE=postgres`, on `PostgreSQL` and Redis.

#![cfg(test)]

mod accounts;
mod audit;
mod certification;
mod checks;
mod complaints;
mod devices;
mod doctor;
mod existing;
mod exports;
mod harness;
mod imports;
mod impossible;
mod limits;
mod migrations;
mod officers;
mod organisations;
mod panics;
mod permissions;
mod persisted;
mod photo_packs;
mod photos;
mod province;
mod redis;
mod reorganisation;
mod routes;
mod schema;
mod scopes;
mod sdl;
mod showings;
mod sign_in;
mod snapshot;
mod standings;
mod start;
mod training;
mod trust;
mod worker;
mod worklist;
