//! The plain page for what is no verdict: an address that leads nowhere, a look-up that finds
//! nothing or cannot be read, too many of them.

use std::borrow::Cow;

use askama::Template;

use super::frame::{Call, Frame, Links, render};
use super::shown_verdict::Icon;
use crate::platform::texts::Locale;

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// 404
    NotFound,
    /// A look-up that found nothing, whatever of it was wrong: one page for all.
    NoMatch,
    /// A form that is none, or too large.
    FormUnreadable,
    /// 429
    TooManyRequests,
}

impl Problem {
    /// Every problem.
    pub const ALL: [Self; 4] =
        [Self::NotFound, Self::NoMatch, Self::FormUnreadable, Self::TooManyRequests];

    /// The stable word, in `data-problem`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotFound => "NOT_FOUND",
            Self::NoMatch => "NO_MATCH",
            Self::FormUnreadable => "FORM_UNREADABLE",
            Self::TooManyRequests => "TOO_MANY_REQUESTS",
        }
    }
}

/// A page that says so.
#[derive(Clone, Debug)]
pub struct ErrorPage {
    /// Its language.
    pub locale: Locale,
    /// What went wrong.
    pub problem: Problem,
    /// Where it links to.
    pub links: Links,
}

#[derive(Template)]
#[template(path = "verification/error.html")]
struct ErrorTemplate<'a> {
    frame: Frame<'a>,
    problem: Problem,
    icon: Icon,
    heading: Cow<'static, str>,
    advice: Cow<'static, str>,
    calls: Vec<Call>,
    lookup: Option<&'a str>,
}

impl ErrorPage {
    /// The whole page.
    pub fn render(&self) -> String {
        let frame = Frame::new(self.locale, &self.links);
        let code = self.problem.code();
        render(&ErrorTemplate {
            frame,
            problem: self.problem,
            icon: Icon::Question,
            heading: frame.text(&format!("problem-{code}")),
            advice: frame.text(&format!("problem-advice-{code}")),
            calls: vec![frame.hotline()],
            lookup: matches!(self.problem, Problem::NoMatch | Problem::FormUnreadable)
                .then_some(self.links.lookup.as_str()),
        })
    }
}
