//! Why a supervisor's check is not made.

use std::sync::LazyLock;

use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::{Catalogue, Locale};

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("checking.zh-CN.ftl"), include_str!("checking.en.ftl"))
});

/// Why a check was refused. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckRefusal {
    /// No such challenge of this account.
    ChallengeNotFound,
    /// Its time is over.
    ChallengeExpired,
    /// A code has answered it already.
    ChallengeUsed,
}

impl Refusal for CheckRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::ChallengeNotFound => "CHALLENGE_NOT_FOUND",
            Self::ChallengeExpired => "CHALLENGE_EXPIRED",
            Self::ChallengeUsed => "CHALLENGE_USED",
        }
    }

    fn field(&self) -> Option<&'static str> {
        Some("challengeId")
    }

    fn message(&self, locale: Locale) -> String {
        TEXTS.text(locale, self.code(), &[])
    }
}

/// What a check answers.
pub type Result<T> = std::result::Result<T, Failure<CheckRefusal>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        use CheckRefusal::{ChallengeExpired, ChallengeNotFound, ChallengeUsed};
        for refusal in [ChallengeNotFound, ChallengeExpired, ChallengeUsed] {
            for locale in Locale::ALL {
                assert!(TEXTS.try_text(locale, refusal.code(), &[]).is_some(), "{refusal:?}");
            }
        }
    }
}
