//! How a use-case fails. What a person did wrong is a value with a stable code, told in their
//! language; what broke is a [`Fault`], told as one word and logged in full.

use sea_orm::DbErr;

/// An enumeration of codes: the stable word of each, and the input field it concerns where there is
/// one.
macro_rules! codes {
    (
        $(#[$about:meta])*
        $of:ident {
            $($(#[$doc:meta])* $name:ident = $word:literal $(on $field:literal)?,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $of {
            $($(#[$doc])* $name,)*
        }

        impl $of {
            /// Every code.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The stable word.
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }

            /// The input field it concerns.
            const fn field(self) -> Option<&'static str> {
                match self {
                    $($(Self::$name => Some($field),)?)*
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use codes;

/// Something broke that the caller cannot mend. Never shown in detail.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The database did not answer or refused a statement.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// Stored data cannot be read: wrong key, wrong form.
    #[error("stored data: {0}")]
    Stored(String),
    /// Too much is asked for at once; trying again helps.
    #[error("busy: {0}")]
    Busy(&'static str),
    /// Anything else that should not happen.
    #[error("{0}")]
    Other(String),
}

impl Fault {
    /// Stored data that cannot be read, with where and why.
    pub fn stored(what: impl std::fmt::Display) -> Self {
        Self::Stored(what.to_string())
    }

    /// Anything else that should not happen.
    pub fn other(what: impl std::fmt::Display) -> Self {
        Self::Other(what.to_string())
    }

    /// A unique index refused a row that another transaction had just written.
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Database(e) if matches!(
            e.sql_err(),
            Some(sea_orm::SqlErr::UniqueConstraintViolation(_))
        ))
    }
}

/// A refusal a person can understand and mend.
pub trait Refusal: std::fmt::Debug + Send + Sync {
    /// Stable word of the catalogue, `SCREAMING_SNAKE_CASE`.
    fn code(&self) -> &'static str;
    /// The input field it concerns, in camelCase as in GraphQL.
    fn field(&self) -> Option<&'static str> {
        None
    }
    /// Arguments of the text.
    fn args(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
    /// The text, from the capability's own catalogue.
    fn message(&self, locale: super::texts::Locale) -> String;
}

/// What a use-case answers when it does not answer with what was asked.
#[derive(Debug)]
pub enum Failure<R> {
    /// Refused; nothing changed.
    Refused(R),
    /// Broke; nothing changed.
    Fault(Fault),
}

impl<R: Refusal> From<R> for Failure<R> {
    fn from(refusal: R) -> Self {
        Self::Refused(refusal)
    }
}

impl<R> From<Fault> for Failure<R> {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl<R> From<DbErr> for Failure<R> {
    fn from(error: DbErr) -> Self {
        Self::Fault(Fault::Database(error))
    }
}
