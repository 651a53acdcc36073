//! What anyone is told who scans a code or types a number: the scan, the look-up, its verdict and
//! the pages; what an operator of the hotline reads to a caller; and what a supervisor asks a phone
//! for.

pub mod challenges;
pub mod checking;
pub mod error_page;
pub mod feedback_link;
pub mod feedback_page;
pub mod for_callers;
pub mod graphql;
pub mod graphql_checks;
pub mod headers;
pub mod help;
pub mod lookup;
pub mod lookup_page;
pub mod page;
pub mod party_side;
pub mod photo_url;
pub mod receipt_page;
pub mod record_page;
pub mod scan;
pub mod shown_verdict;

mod error;
mod frame;
mod gathered;
mod on_record;
mod seen_before;

pub use on_record::{status_of, status_of_phone};
pub use scan::key_set;

use crate::platform::texts::Locale;

/// How the public pages head a verdict; none where they do not have it.
pub fn verdict_in_words(locale: Locale, verdict: &str) -> Option<String> {
    frame::TEXTS.try_text(locale, &format!("verdict-{verdict}"), &[])
}

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
