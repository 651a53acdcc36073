//! Why a ZIP of photos as a whole was refused. What is wrong with a file in it is its
//! [`super::outcome::Outcome`], not a refusal.

use super::TEXTS;
use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::Locale;

/// Why an act on photos was refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PhotosRefusal {
    /// No ZIP by its first bytes.
    NotAZip,
    /// A ZIP whose list of files cannot be read.
    Damaged,
    /// More bytes than allowed.
    TooLarge {
        /// How many are.
        limit: String,
    },
    /// More files than allowed.
    TooManyFiles {
        /// How many are.
        limit: usize,
    },
    /// It unpacks to far more than photos do, or files share their bytes.
    Bomb,
    /// A password is needed for every file.
    Encrypted,
    /// No file in it but those of a system.
    Empty,
    /// No such batch in the actor's reach.
    NotFound,
    /// It is not waiting to be applied.
    NotStaged,
    /// Its rows are no longer kept.
    RowsRemoved,
}

impl Refusal for PhotosRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotAZip => "FILE_NOT_A_ZIP",
            Self::Damaged => "FILE_DAMAGED",
            Self::TooLarge { .. } => "FILE_TOO_LARGE",
            Self::TooManyFiles { .. } => "TOO_MANY_FILES",
            Self::Bomb => "ZIP_BOMB",
            Self::Encrypted => "FILE_ENCRYPTED",
            Self::Empty => "FILE_EMPTY",
            Self::NotFound => "PHOTO_BATCH_NOT_FOUND",
            Self::NotStaged => "PHOTO_BATCH_NOT_STAGED",
            Self::RowsRemoved => "PHOTO_ROWS_REMOVED",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::NotFound | Self::RowsRemoved => Some("id"),
            Self::NotStaged => None,
            _ => Some("file"),
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { limit } => vec![("limit", limit.clone())],
            Self::TooManyFiles { limit } => vec![("limit", limit.to_string())],
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
pub type Result<T> = std::result::Result<T, Failure<PhotosRefusal>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        for refusal in [
            PhotosRefusal::NotAZip,
            PhotosRefusal::Damaged,
            PhotosRefusal::TooLarge { limit: "1 GiB".into() },
            PhotosRefusal::TooManyFiles { limit: 50_000 },
            PhotosRefusal::Bomb,
            PhotosRefusal::Encrypted,
            PhotosRefusal::Empty,
            PhotosRefusal::NotFound,
            PhotosRefusal::NotStaged,
            PhotosRefusal::RowsRemoved,
        ] {
            let args = refusal.args();
            let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
            for locale in Locale::ALL {
                let text = TEXTS.try_text(locale, refusal.code(), &args);
                assert!(text.is_some_and(|t| t.len() > 8), "{refusal:?} {locale:?}");
            }
        }
    }
}
