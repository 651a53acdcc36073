//! Certification: who qualifies, applications, certificates and what is done with them.
//!
//! Three life cycles stay apart: qualification, certificate and employment. Whoever proposes does
//! not review, whoever reviews does not decide, and nobody acts on their own record; a table for
//! each life cycle is in [`rules`].

pub mod error;
pub mod rules;

use std::sync::LazyLock;

pub use error::CertificationRefusal;
use rules::grounds::Ground;

use crate::platform::texts::{Catalogue, Locale};

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("certification.zh-CN.ftl"), include_str!("certification.en.ftl"))
});

impl Ground {
    /// The ground in words.
    pub fn label(self, locale: Locale) -> String {
        TEXTS.text(locale, &format!("ground-{}", self.code()), &[])
    }
}
