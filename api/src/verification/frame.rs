//! What all public pages share: the texts, the style, the links and the way times are written.

use std::borrow::Cow;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};

use crate::platform::clock;
use crate::platform::texts::{Catalogue, Locale};

/// The texts of the public pages.
pub(super) static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("verification.zh-CN.ftl"), include_str!("verification.en.ftl"))
});

/// The style, written into each page: one answer is then the whole page, on a slow line too, and
/// nothing is left in a cache that tells of a scan. Its digest is in the security policy.
pub(super) const STYLE: &str = include_str!("../../templates/verification/page.css");

/// The national hotline for government services.
const HOTLINE: &str = "12345";

/// The addresses a page links to, all built from the public URL, never from a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// The official address of this service, named on the page: `https://host`.
    pub public_url: String,
    /// This same page in the other language.
    pub other_language: String,
    /// The help page in this page's language.
    pub help: String,
    /// The look-up by number in this page's language.
    pub lookup: String,
    /// The form for complaints without a certificate, and where every form is sent.
    pub feedback: String,
    /// Where a sender follows a case by the receipt's number.
    pub receipt: String,
    /// Where a party opens the record of a showing, in this page's language.
    pub record: String,
}

/// What every template is given besides its own.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub locale: Locale,
    pub links: &'a Links,
    pub style: &'static str,
}

impl<'a> Frame<'a> {
    pub const fn new(locale: Locale, links: &'a Links) -> Self {
        Self { locale, links, style: STYLE }
    }

    /// A text without arguments.
    pub fn text(&self, id: &str) -> Cow<'static, str> {
        TEXTS.fixed(self.locale, id)
    }

    /// The tag for `lang`.
    pub fn lang(&self) -> &'static str {
        self.locale.tag()
    }

    /// The tag of the language the link leads to.
    pub fn other_lang(&self) -> &'static str {
        match self.locale {
            Locale::ZhCn => Locale::En.tag(),
            Locale::En => Locale::ZhCn.tag(),
        }
    }

    /// The official domain as people compare it with their address bar: no scheme, no path.
    pub fn domain(&self) -> &str {
        let address = self.links.public_url.split_once("://");
        let rest = address.map_or(self.links.public_url.as_str(), |(_, rest)| rest);
        rest.split('/').next().unwrap_or(rest)
    }

    /// A text that may name the official domain.
    pub fn text_with_domain(&self, id: &str) -> String {
        TEXTS.text(self.locale, id, &[("domain", self.domain())])
    }

    /// The button that calls the hotline.
    pub fn hotline(&self) -> Call {
        Call { label: self.text("call-hotline"), href: dial(HOTLINE) }
    }
}

/// A button that calls a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Call {
    pub label: Cow<'static, str>,
    /// `tel:…`, or `None` for what cannot be dialled; then only the label is shown.
    pub href: Option<String>,
}

/// The `tel:` address (RFC 3966) of a number as people write it. Whatever follows the number,
/// an extension or a second number, is left out: run together they would reach a stranger.
pub(super) fn dial(phone: &str) -> Option<String> {
    let number: String = phone
        .trim()
        .chars()
        .enumerate()
        .take_while(|(at, c)| {
            c.is_ascii_digit()
                || matches!(c, '-' | ' ' | '(' | ')' | '\u{FF08}' | '\u{FF09}')
                || (*at == 0 && *c == '+')
        })
        .map(|(_, c)| c)
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    (3..=16).contains(&number.len()).then(|| format!("tel:{number}"))
}

/// A day as people write it.
pub(super) fn day(locale: Locale, day: NaiveDate) -> String {
    match locale {
        Locale::ZhCn => day.format("%Y年%-m月%-d日").to_string(),
        Locale::En => day.format("%-d %B %Y").to_string(),
    }
}

/// An instant by the clock of Asia/Shanghai, to the second: a screenshot gives itself away.
pub(super) fn instant(locale: Locale, at: DateTime<Utc>) -> String {
    let local = clock::local(at);
    match locale {
        Locale::ZhCn => local.format("%Y年%-m月%-d日 %H:%M:%S").to_string(),
        Locale::En => local.format("%-d %B %Y, %H:%M:%S (Beijing time)").to_string(),
    }
}

/// The time of day by the clock of Asia/Shanghai, to the second.
pub(super) fn clock_time(at: DateTime<Utc>) -> String {
    clock::local(at).format("%H:%M:%S").to_string()
}

/// Renders a template. Writing to a string fails only if a value's `Display` does, and none here can.
pub(super) fn render(template: &impl askama::Template) -> String {
    template.render().unwrap_or_else(|error| {
        tracing::error!(%error, "a public page could not be rendered");
        String::new()
    })
}
