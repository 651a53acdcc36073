//! Tests of the built server from outside, by its public interfaces only. They are in
//! `tests/acceptance`; this library is empty.
