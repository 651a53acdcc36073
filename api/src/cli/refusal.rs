//! Why a command ends without having done what was asked: a stable code and a text in both
//! languages, in one line. What a use-case refuses has its own code and text.

use std::sync::LazyLock;

use crate::platform::texts::Catalogue;

static TEXTS: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(include_str!("cli.zh-CN.ftl"), include_str!("cli.en.ftl")));

/// A kind of refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code {
    word: &'static str,
    args: &'static [&'static str],
}

/// A refusal with the values of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    code: Code,
    values: Vec<String>,
}

impl Code {
    /// A refusal with the values of its text, in the order of the declaration.
    pub fn with<const N: usize>(self, values: [String; N]) -> Refusal {
        Refusal { code: self, values: values.into() }
    }

    /// A refusal whose text has no values.
    pub fn refusal(self) -> Refusal {
        self.with([])
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let values = self.values.iter().map(String::as_str);
        let args: Vec<_> = self.code.args.iter().copied().zip(values).collect();
        write!(formatter, "{}: {}", self.code.word, TEXTS.both(self.code.word, &args))
    }
}

impl std::error::Error for Refusal {}

macro_rules! codes {
    ($($word:ident [$($arg:literal),*],)*) => {
        $(pub(super) const $word: Code = Code { word: stringify!($word), args: &[$($arg),*] };)*
        /// Every code, for the test of the texts.
        #[cfg(test)]
        const ALL: &[Code] = &[$($word),*];
    };
}

codes! {
    DATABASE_MISSING ["path"],
    PUBLIC_URL_INVALID ["reason"],
    PORT_TAKEN ["port", "other"],
    LISTEN_FAILED ["address", "reason"],
    INIT_NOT_EMPTY [],
    DEMO_SIZE_INVALID [],
    DEMO_NOT_EMPTY [],
    DEMO_INCOMPLETE [],
    FILE_MISSING [],
    FILE_UNREADABLE ["path"],
    ANCHOR_UNREADABLE ["path"],
    CONFIRMATION_MISSING [],
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::platform::texts::Locale;

    #[test]
    fn every_code_has_a_text_with_its_arguments_in_every_language() {
        for code in ALL {
            for locale in Locale::ALL {
                let args: Vec<_> = code.args.iter().map(|arg| (*arg, "〔value〕")).collect();
                let text = TEXTS.try_text(locale, code.word, &args);
                let text = text.unwrap_or_else(|| panic!("{} {locale:?}", code.word));
                assert_eq!(text.matches("〔value〕").count(), args.len(), "{text}");
                assert!(!text.contains('\n'), "{}: one line", code.word);
            }
        }
        let told = FILE_UNREADABLE.with(["a.xlsx".into()]).to_string();
        let texts = "文件 a.xlsx 无法读取。 / The file a.xlsx cannot be read.";
        assert_eq!(told, format!("{}: {texts}", FILE_UNREADABLE.word));
    }
}
