//! The checked enumerations. In the database a value is its name in `SCREAMING_SNAKE_CASE`,
//! held by a `CHECK`; the same word is used in GraphQL and in the audit log.

macro_rules! text_enums {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident),+ $(,)? })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text", rename_all = "SCREAMING_SNAKE_CASE")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        #[allow(missing_docs, reason = "most names are the domain's own words")]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
        }

        impl $name {
            /// The word stored in the database, used in GraphQL and the audit log.
            pub fn code(self) -> String {
                self.to_value()
            }

            /// The value a word stands for; `None` for a word that is none.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::iter().find(|v| v.to_value() == code)
            }

            /// Every value, in order of declaration.
            pub fn all() -> impl Iterator<Item = Self> {
                Self::iter()
            }
        }
    )*};
}

mod certification;
mod field;
mod files;
mod register;

pub use certification::*;
pub use field::*;
pub use files::*;
pub use register::*;
