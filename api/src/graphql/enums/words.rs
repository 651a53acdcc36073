//! Values of the public schema in words, for files that people read.

use std::sync::LazyLock;

use crate::platform::texts::{Catalogue, Locale};

static WORDS: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(include_str!("words.zh-CN.ftl"), include_str!("words.en.ftl")));

/// A value of an enumeration, by the names of the schema; its bare word where it has no other.
pub fn in_words(locale: Locale, enumeration: &str, value: &str) -> String {
    let text = WORDS.try_text(locale, &format!("{enumeration}-{value}"), &[]);
    text.unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_told_in_words_or_as_it_is() {
        assert_eq!(in_words(Locale::ZhCn, "ShowingKind", "INSPECTION"), "行政检查");
        assert_eq!(in_words(Locale::En, "ShowingKind", "INSPECTION"), "inspection");
        assert_eq!(in_words(Locale::ZhCn, "ShowingKind", "NOTHING"), "NOTHING");
    }
}
