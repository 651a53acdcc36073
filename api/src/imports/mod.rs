//! The roster workbook: how it is laid out, read, checked and answered.
//!
//! Everything here is pure: bytes in, typed rows and findings out, without a database or a clock.
//! The way of a file is [`reader::read`] → [`row::RosterRow::parse`] for each row →
//! [`report::workbook`] for what was found; [`template::workbook`] makes the empty workbook.

pub mod cells;
pub mod columns;
pub mod findings;
pub mod reader;
pub mod report;
pub mod row;
pub mod template;

#[cfg(test)]
mod tests;
