//! Why an import as a whole was refused. What is wrong with a row is a finding, not a refusal.

use super::findings::TEXTS;
use super::reader::FileError;
use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::Locale;

/// Why an act on an import was refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportRefusal {
    /// Nothing of the file can be taken.
    File(FileError),
    /// No such import in the actor's reach.
    NotFound,
    /// It is not waiting to be applied.
    NotStaged,
    /// Its rows are no longer kept.
    RowsRemoved,
    /// It was taken back.
    Withdrawn,
    /// It is being read or applied.
    UnderWay,
    /// Existing certificates of it are confirmed: it is not taken back any more.
    Confirmed {
        /// How many.
        count: usize,
    },
    /// Mendings wait to be confirmed.
    ConfirmationNeeded {
        /// How many.
        count: i32,
    },
    /// `ALL_OR_NOTHING`, and rows have errors.
    RowsFailed {
        /// How many.
        count: i32,
    },
}

impl Refusal for ImportRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code.code(),
            Self::NotFound => "IMPORT_NOT_FOUND",
            Self::NotStaged => "IMPORT_NOT_STAGED",
            Self::RowsRemoved => "IMPORT_ROWS_REMOVED",
            Self::Withdrawn => "IMPORT_WITHDRAWN",
            Self::UnderWay => "IMPORT_UNDER_WAY",
            Self::Confirmed { .. } => "IMPORT_CONFIRMED",
            Self::ConfirmationNeeded { .. } => "IMPORT_CONFIRMATION_NEEDED",
            Self::RowsFailed { .. } => "IMPORT_ROWS_FAILED",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::File(_) => Some("file"),
            Self::NotFound | Self::RowsRemoved | Self::Withdrawn | Self::UnderWay => Some("id"),
            Self::ConfirmationNeeded { .. } => Some("confirm"),
            Self::NotStaged | Self::RowsFailed { .. } | Self::Confirmed { .. } => None,
        }
    }

    fn message(&self, locale: Locale) -> String {
        let count = match self {
            Self::File(error) => return error.text(locale),
            Self::ConfirmationNeeded { count } | Self::RowsFailed { count } => count.to_string(),
            Self::Confirmed { count } => count.to_string(),
            Self::NotFound
            | Self::NotStaged
            | Self::RowsRemoved
            | Self::Withdrawn
            | Self::UnderWay => String::new(),
        };
        TEXTS.text(locale, self.code(), &[("count", &count)])
    }
}

/// What a use-case of this capability answers.
pub type Result<T> = std::result::Result<T, Failure<ImportRefusal>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        for refusal in [
            ImportRefusal::NotFound,
            ImportRefusal::NotStaged,
            ImportRefusal::RowsRemoved,
            ImportRefusal::ConfirmationNeeded { count: 3 },
            ImportRefusal::RowsFailed { count: 3 },
            ImportRefusal::Withdrawn,
            ImportRefusal::UnderWay,
            ImportRefusal::Confirmed { count: 3 },
        ] {
            for locale in Locale::ALL {
                let text = TEXTS.try_text(locale, refusal.code(), &[("count", "3")]);
                assert!(text.is_some(), "{refusal:?} {locale:?}");
            }
        }
    }
}
