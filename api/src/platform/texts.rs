//! Texts for people, in zh-CN and en. A capability keeps its own in `<capability>.{zh-CN,en}.ftl`
//! and holds them in one static [`Catalogue`]; nothing user-facing is written in code.

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use fluent_syntax::ast::Entry;
use unic_langid::LanguageIdentifier;

/// The languages everything is written in; Chinese is the default.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize,
)]
pub enum Locale {
    /// 简体中文
    #[default]
    #[serde(rename = "zh-CN")]
    ZhCn,
    /// English
    #[serde(rename = "en")]
    En,
}

impl Locale {
    /// Both languages, Chinese first.
    pub const ALL: [Self; 2] = [Self::ZhCn, Self::En];

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::En => "en",
        }
    }

    /// The language a client prefers (RFC 9110 §12.5.4); Chinese unless English is asked for
    /// with a higher weight.
    pub fn from_accept_language(header: Option<&str>) -> Self {
        let mut best = (Self::ZhCn, 0.0_f32);
        for part in header.unwrap_or_default().split(',').take(16) {
            let mut pieces = part.trim().split(';');
            let tag = pieces.next().unwrap_or_default().trim().to_ascii_lowercase();
            let weight = pieces
                .find_map(|p| p.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()))
                .unwrap_or(1.0);
            let locale = match tag.split('-').next() {
                Some("en") => Self::En,
                Some("zh") => Self::ZhCn,
                _ => continue,
            };
            if weight > best.1 {
                best = (locale, weight);
            }
        }
        best.0
    }
}

/// The texts of one capability in every language.
pub struct Catalogue {
    zh_cn: Texts,
    en: Texts,
}

impl Catalogue {
    /// Reads both sources. A message that cannot be parsed is left out, which the test
    /// "code × language" of its capability shows.
    pub fn new(zh_cn: &'static str, en: &'static str) -> Self {
        Self { zh_cn: Texts::new(Locale::ZhCn, zh_cn), en: Texts::new(Locale::En, en) }
    }

    /// The text of `id`, or `None` where it does not exist or lacks an argument.
    pub fn try_text(&self, locale: Locale, id: &str, args: &[(&str, &str)]) -> Option<String> {
        let pattern = self.of(locale).bundle.get_message(id)?.value()?;
        let args: FluentArgs<'_> = args.iter().copied().collect();
        let mut errors = Vec::new();
        let bundle = &self.of(locale).bundle;
        let text = bundle.format_pattern(pattern, Some(&args), &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }

    /// The text of `id`; the bare id where there is none, so that a page never breaks for a text.
    pub fn text(&self, locale: Locale, id: &str, args: &[(&str, &str)]) -> String {
        self.try_text(locale, id, args).unwrap_or_else(|| missing(locale, id))
    }

    /// The same of a text without arguments: nothing is put together.
    pub fn fixed(&self, locale: Locale, id: &str) -> Cow<'_, str> {
        let text = self.of(locale).fixed.get(id).map(|text| Cow::from(text.as_str()));
        text.unwrap_or_else(|| missing(locale, id).into())
    }

    /// The text of `id` in both languages, where it is not known which is read.
    pub fn both(&self, id: &str, args: &[(&str, &str)]) -> String {
        Locale::ALL.map(|locale| self.text(locale, id, args)).join(" / ")
    }

    const fn of(&self, locale: Locale) -> &Texts {
        match locale {
            Locale::ZhCn => &self.zh_cn,
            Locale::En => &self.en,
        }
    }
}

fn missing(locale: Locale, id: &str) -> String {
    tracing::error!(id, locale = locale.tag(), "a text is missing or lacks an argument");
    id.to_owned()
}

/// The texts of one language.
struct Texts {
    bundle: FluentBundle<FluentResource>,
    /// Those that take no argument, put together.
    fixed: HashMap<String, String>,
}

impl Texts {
    fn new(locale: Locale, source: &'static str) -> Self {
        let language: LanguageIdentifier = locale.tag().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![language]);
        // Isolation marks around arguments would show as boxes in old web views.
        bundle.set_use_isolating(false);
        let resource =
            FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        let ids: Vec<String> = resource
            .entries()
            .filter_map(|entry| match entry {
                Entry::Message(message) => Some(message.id.name.to_owned()),
                _ => None,
            })
            .collect();
        bundle.add_resource_overriding(resource);
        let fixed = ids.into_iter().filter_map(|id| {
            let mut errors = Vec::new();
            let pattern = bundle.get_message(&id)?.value()?;
            let text = bundle.format_pattern(pattern, None, &mut errors).into_owned();
            errors.is_empty().then_some((id, text))
        });
        let fixed = fixed.collect();
        Self { bundle, fixed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_asked_for_with_the_highest_weight_is_taken() {
        for (header, expected) in [
            (None, Locale::ZhCn),
            (Some(""), Locale::ZhCn),
            (Some("fr-FR"), Locale::ZhCn),
            (Some("en-GB,en;q=0.9"), Locale::En),
            (Some("zh-CN,en;q=0.9"), Locale::ZhCn),
            (Some("en;q=0.3, zh;q=0.5"), Locale::ZhCn),
            (Some("de, en;q=0.5"), Locale::En),
            (Some("en;q=abc"), Locale::En),
        ] {
            assert_eq!(Locale::from_accept_language(header), expected, "{header:?}");
        }
    }

    #[test]
    fn a_text_without_its_argument_is_none() {
        let texts = Catalogue::new("x = 行{ $n }\n", "x = row { $n }\n");
        assert_eq!(texts.try_text(Locale::ZhCn, "x", &[("n", "3")]).as_deref(), Some("行3"));
        assert_eq!(texts.try_text(Locale::En, "x", &[]), None);
        assert_eq!(texts.try_text(Locale::En, "y", &[]), None);
    }
    #[test]
    fn a_text_that_takes_no_argument_is_ready() {
        let texts = Catalogue::new("x = 行\ny = 另一{ x }\nz = 行{ $n }\n", "x = row\n");
        assert_eq!(texts.fixed(Locale::ZhCn, "y"), "另一行");
        assert_eq!(texts.fixed(Locale::En, "x"), "row");
        // Where there is none, or it takes one, its name is all there is to show.
        assert_eq!(texts.fixed(Locale::En, "y"), "y");
        assert_eq!(texts.fixed(Locale::ZhCn, "z"), "z");
    }
}
