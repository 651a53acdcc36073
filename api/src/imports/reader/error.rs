//! Why nothing of a file can be taken: stable codes with their texts.

use crate::imports::findings::TEXTS;
use crate::platform::texts::Locale;
use serde::{Deserialize, Serialize};

macro_rules! file_errors {
    ($($(#[$doc:meta])* $name:ident $code:literal [$($arg:literal),*];)*) => {
        /// The kinds of failures of a whole file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum FileErrorCode { $($(#[$doc])* #[serde(rename = $code)] $name,)* }

        impl FileErrorCode {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable word.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The names of the arguments its text needs.
            pub const fn args(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($arg),*],)* }
            }
        }
    };
}

file_errors! {
    /// No bytes, or no row of a person.
    FileEmpty "FILE_EMPTY" [];
    /// More bytes than an upload may have.
    FileTooLarge "FILE_TOO_LARGE" ["limit"];
    /// Neither a workbook nor CSV.
    FileNotAWorkbook "FILE_NOT_A_WORKBOOK" [];
    /// Protected with a password.
    FileEncrypted "FILE_ENCRYPTED" [];
    /// A workbook that cannot be read.
    FileDamaged "FILE_DAMAGED" [];
    /// Unpacks to more than any roster needs.
    ZipBomb "ZIP_BOMB" [];
    /// No sheet has the headings.
    SheetNotFound "SHEET_NOT_FOUND" [];
    /// Required headings are missing.
    HeadingMissing "HEADING_MISSING" ["sheet", "headings"];
    /// Two columns mean the same.
    HeadingDouble "HEADING_DOUBLE" ["sheet", "heading"];
    /// Text that is neither UTF-8 nor GB18030.
    EncodingUnknown "ENCODING_UNKNOWN" [];
    /// More rows than a file may have.
    TooManyRows "TOO_MANY_ROWS" ["limit"];
    /// More columns than a sheet may have.
    TooManyColumns "TOO_MANY_COLUMNS" ["sheet", "limit"];
}

/// Why nothing of a file can be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", code.code())]
pub struct FileError {
    /// What kind.
    pub code: FileErrorCode,
    /// The arguments of its text.
    pub args: Vec<(&'static str, String)>,
}

impl FileError {
    /// An error without arguments.
    pub const fn new(code: FileErrorCode) -> Self {
        Self { code, args: Vec::new() }
    }

    /// With an argument.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl std::fmt::Display) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// The message for a person.
    pub fn text(&self, locale: Locale) -> String {
        let args: Vec<(&str, &str)> = self.args.iter().map(|(k, v)| (*k, v.as_str())).collect();
        TEXTS.text(locale, self.code.code(), &args)
    }
}
