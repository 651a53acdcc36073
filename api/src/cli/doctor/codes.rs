//! What the doctor can find: a stable code, how bad it is, and the arguments of its text.

use std::sync::LazyLock;

use crate::platform::texts::{Catalogue, Locale};

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("../doctor.zh-CN.ftl"), include_str!("../doctor.en.ftl"))
});

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// As it should be.
    Ok,
    /// It works, but somebody should look.
    Warn,
    /// It does not work, or must not be used so.
    Fail,
}

impl Level {
    /// The word at the beginning of a line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Warn => "WARN",
            Self::Fail => "FAIL",
        }
    }
}

/// A kind of finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable word.
    pub word: &'static str,
    /// How bad it is.
    pub level: Level,
    args: &'static [&'static str],
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its kind.
    pub code: Code,
    values: Vec<String>,
}

impl Code {
    /// A finding with the values of its text, in the order of the declaration.
    pub(super) fn with<const N: usize>(self, values: [String; N]) -> Finding {
        Finding { code: self, values: values.into() }
    }
}

impl From<Code> for Finding {
    fn from(code: Code) -> Self {
        code.with([])
    }
}

impl Finding {
    /// What is so and what to do.
    pub fn message(&self, locale: Locale) -> String {
        let values = self.values.iter().map(String::as_str);
        let args: Vec<_> = self.code.args.iter().copied().zip(values).collect();
        TEXTS.text(locale, self.code.word, &args)
    }
}

macro_rules! codes {
    ($($word:ident $level:ident [$($arg:literal),*],)*) => {
        $(
            #[doc = concat!("`", stringify!($word), "`: see its text.")]
            pub const $word: Code = Code {
                word: stringify!($word),
                level: Level::$level,
                args: &[$($arg),*],
            };
        )*
        /// Every code, for the test of the texts.
        #[cfg(test)]
        pub(in crate::cli) const ALL: &[Code] = &[$($word),*];
    };
}

codes! {
    DATA_DIR_OK Ok ["path"],
    DATA_DIR_MISSING Warn ["path"],
    DATA_DIR_UNUSABLE Fail ["path", "reason"],
    DATA_DIR_EXPOSED Warn ["path"],
    SEAL_KEY_OK Ok [],
    SEAL_KEY_NOT_YET Warn ["path"],
    SEAL_KEY_MISSING Fail ["path"],
    SEAL_KEY_UNREADABLE Fail ["path", "reason"],
    SEAL_KEY_EXPOSED Fail ["path"],
    SEAL_KEY_WRONG Fail ["path"],
    PUBLIC_URL_OK Ok ["url"],
    PUBLIC_URL_INVALID Fail ["url", "limit"],
    PUBLIC_URL_INSECURE Fail ["url"],
    PUBLIC_URL_LOCAL Warn ["url"],
    PROXY_NOT_TRUSTED Warn [],
    CARD_FONT_OK Ok ["font"],
    CARD_FONT_MISSING Warn ["searched"],
    CARD_FONT_UNUSABLE Warn ["file"],
    DATABASE_OK Ok [],
    DATABASE_MISSING Fail ["path"],
    DATABASE_UNREACHABLE Fail ["reason"],
    DATABASE_NOT_MIGRATED Fail ["count"],
    DATABASE_NEWER Fail [],
    DATABASE_EMPTY Warn [],
    DATABASE_UNREADABLE Fail ["reason"],
    KEYS_OK Ok [],
    KEY_MISSING Fail ["use", "command"],
    KEY_ENDS_SOON Warn ["use", "days"],
    ROOT_NOT_YET Ok [],
    ROOT_OFFLINE Ok ["root"],
    ROOT_ONLINE Warn ["root", "path"],
    ROOT_FOR_TRIAL Ok ["root"],
    ROOT_FILE_OTHER Warn ["root", "path"],
    ROOT_FILE_UNREADABLE Warn ["path", "reason"],
    KEYS_SIGNED_OK Ok [],
    KEYS_NOT_SIGNED Warn ["keys", "until"],
    MARK_NOT_SIGNED Warn ["keys"],
    BUNDLE_OK Ok [],
    BUNDLE_KEY_UNKNOWN Fail [],
    BUNDLE_MISSING Warn [],
    BUNDLE_ENDS_SOON Warn ["until"],
    BUNDLE_ENDED Fail ["until"],
    STATUS_LISTS_OK Ok [],
    STATUS_LIST_OLD Warn ["since"],
    STATUS_LIST_ENDS_SOON Warn ["until"],
    STATUS_LIST_ENDED Fail ["until"],
    JOBS_OK Ok [],
    JOBS_FAILED Warn ["count"],
    JOBS_STUCK Warn ["count"],
    AUDIT_CHECKPOINT_OK Ok [],
    AUDIT_CHECKPOINT_OLD Warn [],
    CLOCK_OK Ok [],
    CLOCK_BEHIND Fail ["now", "newest"],
    REDIS_OK Ok [],
    REDIS_URL_INVALID Fail ["reason"],
    REDIS_UNREACHABLE Warn ["reason"],
    PORT_FREE Ok ["port"],
    PORT_TAKEN Fail ["port"],
    PORT_REFUSED Fail ["port", "reason"],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_a_text_with_its_arguments_in_every_language() {
        for code in ALL {
            for locale in Locale::ALL {
                let args: Vec<_> = code.args.iter().map(|arg| (*arg, "〔value〕")).collect();
                let text = TEXTS.try_text(locale, code.word, &args);
                let text = text.unwrap_or_else(|| panic!("{} {locale:?}", code.word));
                let shown = text.matches("〔value〕").count();
                assert!(shown >= args.len(), "{} {locale:?}: {text}", code.word);
                assert!(!text.contains('\n'), "{} {locale:?}: one line a check", code.word);
            }
        }
    }
}
