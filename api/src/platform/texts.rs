//! Texts for people, in zh-CN and en. A capability keeps its own in `<capability>.{zh-CN,en}.ftl`
//! and holds them in one static [`Catalogue`]; nothing user-facing is written in code.

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
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
    zh_cn: FluentBundle<FluentResource>,
    en: FluentBundle<FluentResource>,
}

impl Catalogue {
    /// Reads both sources. A message that cannot be parsed is left out, which the test
    /// "code × language" of its capability shows.
    pub fn new(zh_cn: &'static str, en: &'static str) -> Self {
        Self { zh_cn: bundle(Locale::ZhCn, zh_cn), en: bundle(Locale::En, en) }
    }

    /// The text of `id`, or `None` where it does not exist or lacks an argument.
    pub fn try_text(&self, locale: Locale, id: &str, args: &[(&str, &str)]) -> Option<String> {
        let bundle = match locale {
            Locale::ZhCn => &self.zh_cn,
            Locale::En => &self.en,
        };
        let pattern = bundle.get_message(id)?.value()?;
        let mut fluent_args = FluentArgs::new();
        for (name, value) in args {
            fluent_args.set((*name).to_owned(), FluentValue::from((*value).to_owned()));
        }
        let mut errors = Vec::new();
        let text = bundle.format_pattern(pattern, Some(&fluent_args), &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }

    /// The text of `id`; the bare id where there is none, so that a page never breaks for a text.
    pub fn text(&self, locale: Locale, id: &str, args: &[(&str, &str)]) -> String {
        self.try_text(locale, id, args).unwrap_or_else(|| {
            tracing::error!(id, locale = locale.tag(), "a text is missing or lacks an argument");
            id.to_owned()
        })
    }
}

impl Catalogue {
    /// The text of `id` in both languages, where it is not known which is read.
    pub fn both(&self, id: &str, args: &[(&str, &str)]) -> String {
        Locale::ALL.map(|locale| self.text(locale, id, args)).join(" / ")
    }
}

fn bundle(locale: Locale, source: &'static str) -> FluentBundle<FluentResource> {
    let language: LanguageIdentifier = locale.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![language]);
    // Isolation marks around arguments would show as boxes in old web views.
    bundle.set_use_isolating(false);
    let resource =
        FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
    bundle.add_resource_overriding(resource);
    bundle
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
}
