//! The help page: what a person who meets an inspection may ask for, and whom to call. It rests
//! on the Administrative Penalty Law (行政处罚法) §§42, 55 and 70 and on 国办发〔2024〕54号.

use std::borrow::Cow;

use askama::Template;

use super::frame::{Call, Frame, Links, render};
use crate::platform::texts::Locale;

/// The sections in order of need, each with the number of its sentences in the texts:
/// `help-<section>` is the heading, `help-<section>-<n>` a sentence.
const SECTIONS: [(&str, usize); 6] =
    [("show", 4), ("who", 2), ("fine", 3), ("result", 3), ("fake", 3), ("complain", 4)];

/// The help page.
#[derive(Clone, Debug)]
pub struct HelpPage {
    /// Its language.
    pub locale: Locale,
    /// Where it links to; `public_url` names the domain to compare.
    pub links: Links,
}

struct Section {
    heading: Cow<'static, str>,
    sentences: Vec<String>,
}

#[derive(Template)]
#[template(path = "verification/help.html")]
struct HelpTemplate<'a> {
    frame: Frame<'a>,
    sections: Vec<Section>,
    calls: Vec<Call>,
}

impl HelpPage {
    /// The whole page.
    pub fn render(&self) -> String {
        let frame = Frame::new(self.locale, &self.links);
        let sections = SECTIONS
            .iter()
            .map(|(section, sentences)| Section {
                heading: frame.text(&format!("help-{section}")),
                sentences: (1..=*sentences)
                    .map(|n| frame.text_with_domain(&format!("help-{section}-{n}")))
                    .collect(),
            })
            .collect();
        render(&HelpTemplate { frame, sections, calls: vec![frame.hotline()] })
    }
}
