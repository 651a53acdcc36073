//! Why an export was refused, with stable codes. Nothing was sent then, and no export recorded.

use super::TEXTS;
use crate::documents::FontRefusal;
use crate::platform::failure::Refusal;
use crate::platform::texts::Locale;

/// Why a list or an evidence file is not handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportRefusal {
    /// The list is asked for of an agency outside the caller's part of the tree.
    OutOfScope,
    /// More rows than one file may hold.
    TooLarge {
        /// How many it may hold.
        limit: usize,
    },
    /// Whole personal data without saying what for.
    PurposeRequired,
    /// A purpose that is too long.
    PurposeTooLong,
    /// A purpose with control characters.
    PurposeInvalid,
    /// Whole personal data of a list that has none.
    NothingPersonal,
    /// What it is a list of does not lie in the caller's reach.
    NotFound,
    /// No such person in the caller's reach.
    OfficerNotFound,
    /// The report cannot be drawn with the font.
    Font(FontRefusal),
}

impl Refusal for ExportRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::OutOfScope => "EXPORT_OUT_OF_SCOPE",
            Self::TooLarge { .. } => "EXPORT_TOO_LARGE",
            Self::PurposeRequired => "EXPORT_PURPOSE_REQUIRED",
            Self::PurposeTooLong => "EXPORT_PURPOSE_TOO_LONG",
            Self::PurposeInvalid => "EXPORT_PURPOSE_INVALID",
            Self::NothingPersonal => "EXPORT_NOTHING_PERSONAL",
            Self::NotFound => "EXPORT_NOT_FOUND",
            Self::OfficerNotFound => "EVIDENCE_OFFICER_NOT_FOUND",
            Self::Font(refusal) => refusal.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::OutOfScope => Some("agencyId"),
            Self::PurposeRequired | Self::PurposeTooLong | Self::PurposeInvalid => Some("purpose"),
            Self::NothingPersonal => Some("personalData"),
            Self::OfficerNotFound => Some("id"),
            Self::TooLarge { .. } | Self::NotFound | Self::Font(_) => None,
        }
    }

    fn args(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::TooLarge { limit } => vec![("limit", limit.to_string())],
            Self::Font(refusal) => refusal.args(),
            _ => Vec::new(),
        }
    }

    fn message(&self, locale: Locale) -> String {
        if let Self::Font(refusal) = self {
            return refusal.message(locale);
        }
        let args = self.args();
        let args: Vec<(&str, &str)> = args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        TEXTS.text(locale, self.code(), &args)
    }
}
