//! How records of checks are refused: a call as a whole, or one record of it.

use std::sync::LazyLock;

use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::{Catalogue, Locale};

/// The texts of this capability.
pub static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("checks.zh-CN.ftl"), include_str!("checks.en.ftl"))
});

/// Why something was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckRefusal {
    /// No such phone of this person.
    DeviceNotFound,
    /// More records than one call takes.
    TooMany {
        /// At most.
        most: usize,
    },
    /// The phone sends too often.
    TooOften {
        /// Seconds until it may again.
        retry_after: u32,
    },
    /// Not a check record.
    Unreadable,
    /// Not signed by this phone.
    SignatureInvalid,
    /// No such record of this person.
    RecordNotFound,
    /// The record came in time.
    NotLate,
    /// It came so late that no reason is taken.
    TooLate,
    /// A reason was given.
    ReasonGiven,
    /// No reason, or one that is too long or has control characters.
    ReasonInvalid,
}

impl CheckRefusal {
    /// Every refusal, for the test of their texts.
    pub const ALL: [Self; 10] = [
        Self::DeviceNotFound,
        Self::TooMany { most: 200 },
        Self::TooOften { retry_after: 60 },
        Self::Unreadable,
        Self::SignatureInvalid,
        Self::RecordNotFound,
        Self::NotLate,
        Self::TooLate,
        Self::ReasonGiven,
        Self::ReasonInvalid,
    ];
}

impl Refusal for CheckRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::DeviceNotFound => "DEVICE_NOT_FOUND",
            Self::TooMany { .. } => "TOO_MANY",
            Self::TooOften { .. } => "TOO_MANY_SYNCS",
            Self::Unreadable => "RECORD_UNREADABLE",
            Self::SignatureInvalid => "RECORD_SIGNATURE_INVALID",
            Self::RecordNotFound => "CHECK_RECORD_NOT_FOUND",
            Self::NotLate => "NOT_LATE",
            Self::TooLate => "LATE_ENTRY_CLOSED",
            Self::ReasonGiven => "LATE_REASON_GIVEN",
            Self::ReasonInvalid => "LATE_REASON_INVALID",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::DeviceNotFound => Some("deviceId"),
            Self::TooMany { .. } | Self::Unreadable | Self::SignatureInvalid => Some("records"),
            Self::RecordNotFound | Self::NotLate | Self::TooLate | Self::ReasonGiven => Some("id"),
            Self::ReasonInvalid => Some("reason"),
            Self::TooOften { .. } => None,
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooMany { most } => vec![("most", most.to_string())],
            Self::TooOften { retry_after } => vec![("seconds", retry_after.to_string())],
            _ => Vec::new(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        let args = self.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        TEXTS.text(locale, self.code(), &args)
    }
}

/// What a use-case of this capability answers.
pub type Result<T> = std::result::Result<T, Failure<CheckRefusal>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        for refusal in CheckRefusal::ALL {
            for locale in Locale::ALL {
                let args = refusal.args();
                let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
                let text = TEXTS.try_text(locale, refusal.code(), &args);
                assert!(text.is_some_and(|t| t.len() > 8), "{refusal:?} {locale:?}");
            }
        }
    }
}
