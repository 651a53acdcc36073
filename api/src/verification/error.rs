//! Why a challenge cannot be answered, and the check with it is not made.

use std::sync::LazyLock;

use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::{Catalogue, Locale};

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("checking.zh-CN.ftl"), include_str!("checking.en.ftl"))
});

/// Why a check was refused for its challenge. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeRefusal {
    /// No such challenge of this account.
    NotFound,
    /// Its time is over.
    Expired,
    /// A code has answered it already.
    Used,
}

impl Refusal for ChallengeRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "CHALLENGE_NOT_FOUND",
            Self::Expired => "CHALLENGE_EXPIRED",
            Self::Used => "CHALLENGE_USED",
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
pub type Result<T> = std::result::Result<T, Failure<ChallengeRefusal>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        use ChallengeRefusal::{Expired, NotFound, Used};
        for refusal in [NotFound, Expired, Used] {
            for locale in Locale::ALL {
                assert!(TEXTS.try_text(locale, refusal.code(), &[]).is_some(), "{refusal:?}");
            }
        }
    }
}
