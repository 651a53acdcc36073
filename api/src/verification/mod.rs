//! What anyone who scans a code is told: the scan, its verdict and the pages.

pub mod error_page;
pub mod headers;
pub mod help;
pub mod lookup;
pub mod lookup_page;
pub mod page;
pub mod photo_url;
pub mod scan;
pub mod shown_verdict;

mod frame;
mod gathered;

#[cfg(test)]
mod style_tests;
#[cfg(test)]
mod tests;
