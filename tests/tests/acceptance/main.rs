//! Tests of the built server from outside: its command line, GraphQL, files and public pages, with
//! a browser, a QR reader and a COSE library that are not ours. Nothing here reads the database.

#![cfg(test)]

mod accounts;
mod bad_input;
mod browser;
mod cards;
mod complaints;
mod cose;
mod days;
mod demo;
mod demo_in_the_field;
mod dirty;
mod every_state;
mod evidence;
mod field;
mod first_start;
mod keys;
mod killed;
mod look_up;
mod offline;
mod phones;
mod roster;
mod server;
mod session;
mod the_whole_way;
