//! What anyone is told who scans a code or types a number: the scan, the look-up, its verdict and
//! the pages; and what an operator of the hotline reads to a caller.

pub mod error_page;
pub mod for_callers;
pub mod graphql;
pub mod headers;
pub mod help;
pub mod lookup;
pub mod lookup_page;
pub mod page;
pub mod party_side;
pub mod photo_url;
pub mod record_page;
pub mod scan;
pub mod shown_verdict;

mod frame;
mod gathered;

#[cfg(test)]
mod disclosure_tests;
#[cfg(test)]
mod style_tests;
#[cfg(test)]
mod test_pages;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod text_tests;
