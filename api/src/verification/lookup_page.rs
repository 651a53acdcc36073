//! The form of the look-up by number: two fields, and what is missing said beside each.

use std::borrow::Cow;

use askama::Template;

use super::frame::{Call, Frame, Links, render};
use crate::platform::spelling::tidy;
use crate::platform::texts::Locale;

/// The field of the certificate's number.
pub const NUMBER: &str = "number";
/// The field of the holder's name.
pub const NAME: &str = "name";

/// The form, empty or as it was sent with something missing.
#[derive(Clone, Debug)]
pub struct LookUpPage {
    /// Its language.
    pub locale: Locale,
    /// Where it links to.
    pub links: Links,
    /// What was sent, where a field of it is blank.
    pub sent: Option<Sent>,
}

/// What was typed into the form.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// The number.
    pub number: String,
    /// The name.
    pub name: String,
}

struct Field<'a> {
    name: &'static str,
    label: Cow<'static, str>,
    hint: Cow<'static, str>,
    value: &'a str,
    error: Option<Cow<'static, str>>,
}

#[derive(Template)]
#[template(path = "verification/lookup.html")]
struct LookUpTemplate<'a> {
    frame: Frame<'a>,
    fields: [Field<'a>; 2],
    calls: Vec<Call>,
}

impl LookUpPage {
    /// The whole page.
    pub fn render(&self) -> String {
        let frame = Frame::new(self.locale, &self.links);
        let sent = self.sent.as_ref();
        let value = |of: fn(&Sent) -> &String| sent.map_or("", |sent| of(sent).as_str());
        let missing = |value: &str| sent.is_some() && tidy(value).is_empty();
        let (number, name) = (value(|sent| &sent.number), value(|sent| &sent.name));
        render(&LookUpTemplate {
            frame,
            fields: [
                Field {
                    name: NUMBER,
                    label: frame.text("lookup-number"),
                    hint: frame.text("lookup-number-hint"),
                    value: number,
                    error: missing(number).then(|| frame.text("lookup-number-missing")),
                },
                Field {
                    name: NAME,
                    label: frame.text("lookup-name"),
                    hint: frame.text("lookup-name-hint"),
                    value: name,
                    error: missing(name).then(|| frame.text("lookup-name-missing")),
                },
            ],
            calls: vec![frame.hotline()],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(sent: Option<Sent>) -> String {
        let links = Links {
            public_url: "https://yz.example.gov.cn".into(),
            other_language: "?lang=en".into(),
            help: "/help?lang=zh-CN".into(),
            lookup: "/lookup?lang=zh-CN".into(),
            feedback: "/feedback?lang=zh-CN".into(),
            receipt: "/feedback/receipt?lang=zh-CN".into(),
            record: "/record?lang=zh-CN".into(),
        };
        LookUpPage { locale: Locale::ZhCn, links, sent }.render()
    }

    #[test]
    fn what_is_missing_in_the_form_is_said_at_its_field_and_the_rest_is_kept() {
        let [empty, blank] = [None, Some(Sent::default())].map(page);
        assert!(!empty.contains("aria-invalid=") && !empty.contains("class=\"error\""), "{empty}");
        assert_eq!(blank.matches("aria-invalid=\"true\"").count(), 2, "{blank}");
        let sent = Sent { number: "\"><b>62".into(), name: " \u{3000}".into() };
        let html = page(Some(sent));
        let inputs: Vec<&str> =
            html.split("<input ").skip(1).map(|i| i.split('>').next().unwrap()).collect();
        let field = |name: &str, value: &str, error: &str| {
            format!(
                "id=\"{name}\" name=\"{name}\" type=\"text\" value=\"{value}\" maxlength=\"64\" required \
                 autocomplete=\"off\" autocapitalize=\"off\" spellcheck=\"false\" \
                 aria-describedby=\"{name}-hint{error}"
            )
        };
        assert_eq!(
            inputs,
            [
                field("number", "&#34;&#62;&#60;b&#62;62", "\""),
                field("name", " \u{3000}", " name-error\" aria-invalid=\"true\""),
            ]
        );
        assert!(
            html.contains("<p class=\"error\" id=\"name-error\">请填写持证人姓名。</p>"),
            "{html}"
        );
        assert!(
            html.contains(
                "<form method=\"post\" action=\"/lookup?lang=zh-CN\" autocomplete=\"off\">"
            )
        );
        for name in ["number", "name"] {
            assert!(html.contains(&format!("<label for=\"{name}\">")), "{name}");
        }
    }
}
