//! What anyone who scans a code is told. So far the pages themselves; the scan comes to stand on them.

pub mod error_page;
pub mod headers;
pub mod help;
pub mod page;
pub mod shown_verdict;

mod frame;

#[cfg(test)]
mod style_tests;
#[cfg(test)]
mod tests;
