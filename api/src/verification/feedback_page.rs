//! The form for evaluations and complaints: plain fields, what is wrong said beside each, and what
//! was typed kept.

use std::borrow::Cow;

use askama::Template;
use entities::enums::ComplaintCategory;

use super::frame::{Call, Frame, Links, TEXTS, render};
use crate::platform::texts::Locale;

/// The form, empty or as it was sent with something wrong.
#[derive(Clone, Debug)]
pub struct FeedbackPage {
    /// Its language.
    pub locale: Locale,
    /// Where it links to.
    pub links: Links,
    /// What the form carries ([`super::feedback_link::form`]).
    pub token: String,
    /// The certificate that was shown; without one there is no evaluation, and unit or officer are
    /// named.
    pub about: Option<Shown>,
    /// Where a check without a certificate may have been: codes and names.
    pub places: Vec<(String, String)>,
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub wrong: Vec<Wrong>,
    /// Why nothing was sent, where it is no field's fault.
    pub notice: Option<Notice>,
}

/// Of a certificate that was shown, by what it is recognised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// The holder's name.
    pub name: String,
    /// The unit on it.
    pub unit: String,
    /// Its number.
    pub number: String,
}

/// What was typed into the form, field by field as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Typed {
    /// `evaluation` or `complaint`.
    pub kind: String,
    /// `yes` or `no`.
    pub satisfied: String,
    /// `yes`, `no` or nothing.
    pub shown: String,
    /// `yes`, `no` or nothing.
    pub two_officers: String,
    /// `yes`, `no` or nothing.
    pub polite: String,
    /// `yes`, `no` or nothing.
    pub fees_asked: String,
    /// A category's word.
    pub category: String,
    /// Unit and officer.
    pub unit: String,
    /// A division's code.
    pub place: String,
    /// What happened.
    pub text: String,
    /// How the sender can be reached.
    pub contact: String,
}

impl Typed {
    /// The names of the fields, in the order of the form.
    pub const FIELDS: [&'static str; 11] = [
        "kind",
        "satisfied",
        "shown",
        "two_officers",
        "polite",
        "fees_asked",
        "category",
        "unit",
        "place",
        "text",
        "contact",
    ];

    /// The field of a name.
    pub fn field(&mut self, name: &str) -> Option<&mut String> {
        Some(match name {
            "kind" => &mut self.kind,
            "satisfied" => &mut self.satisfied,
            "shown" => &mut self.shown,
            "two_officers" => &mut self.two_officers,
            "polite" => &mut self.polite,
            "fees_asked" => &mut self.fees_asked,
            "category" => &mut self.category,
            "unit" => &mut self.unit,
            "place" => &mut self.place,
            "text" => &mut self.text,
            "contact" => &mut self.contact,
            _ => return None,
        })
    }
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Nothing was chosen or typed.
    Missing(&'static str),
    /// More characters than it takes.
    TooLong(&'static str, usize),
    /// Characters that cannot be seen.
    Control(&'static str),
}

impl Wrong {
    /// Which field.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Missing(field) | Self::TooLong(field, _) | Self::Control(field) => field,
        }
    }

    fn text(self, locale: Locale) -> String {
        match self {
            Self::Missing(field) => TEXTS.text(locale, &format!("feedback-missing-{field}"), &[]),
            Self::TooLong(_, most) => {
                TEXTS.text(locale, "feedback-too-long", &[("most", &most.to_string())])
            }
            Self::Control(_) => TEXTS.text(locale, "feedback-control", &[]),
        }
    }
}

/// Why nothing was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Fields are wrong.
    Wrong,
    /// The form has ended.
    Ended,
    /// Too many were sent from there, or in all.
    TooMany,
    /// The database does not answer.
    Down,
}

impl Notice {
    /// Every notice.
    pub const ALL: [Self; 4] = [Self::Wrong, Self::Ended, Self::TooMany, Self::Down];

    /// The stable word, in `data-notice`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Wrong => "WRONG",
            Self::Ended => "ENDED",
            Self::TooMany => "TOO_MANY",
            Self::Down => "DOWN",
        }
    }
}

/// A question with few answers.
struct Question {
    name: &'static str,
    legend: Cow<'static, str>,
    answers: Vec<Choice>,
    required: bool,
    error: Option<String>,
}

/// An answer to choose.
struct Choice {
    value: String,
    label: Cow<'static, str>,
    chosen: bool,
}

/// A field to type into.
struct Field<'a> {
    name: &'static str,
    label: Cow<'static, str>,
    hint: Option<Cow<'static, str>>,
    value: &'a str,
    most: usize,
    required: bool,
    error: Option<String>,
}

#[derive(Template)]
#[template(path = "verification/feedback.html")]
struct FeedbackTemplate<'a> {
    frame: Frame<'a>,
    page: &'a FeedbackPage,
    notice: Option<(&'static str, Cow<'static, str>)>,
    questions: Vec<Question>,
    categories: Vec<Choice>,
    category_error: Option<String>,
    unit: Option<Field<'a>>,
    text: Field<'a>,
    contact: Field<'a>,
    calls: Vec<Call>,
}

/// Characters that unit and officer take.
pub const UNIT: usize = 200;
/// Characters of what happened.
pub const TEXT: usize = 2_000;
/// Characters of a contact.
pub const CONTACT: usize = 100;

/// The statements of an evaluation that can be checked, in the order of the form.
const STATEMENTS: [&str; 4] = ["shown", "two_officers", "polite", "fees_asked"];

impl FeedbackPage {
    /// The whole page.
    pub fn render(&self) -> String {
        let frame = Frame::new(self.locale, &self.links);
        let typed = &self.typed;
        let notice = self.notice.or_else(|| (!self.wrong.is_empty()).then_some(Notice::Wrong));
        let field = |name, value, most, required, hint: bool| Field {
            name,
            label: frame.text(&format!("feedback-{name}")),
            hint: hint.then(|| frame.text(&format!("feedback-{name}-hint"))),
            value,
            most,
            required,
            error: self.error(name),
        };
        render(&FeedbackTemplate {
            frame,
            page: self,
            notice: notice.map(|notice| {
                (notice.code(), frame.text(&format!("feedback-notice-{}", notice.code())))
            }),
            questions: if self.about.is_some() { self.questions(frame) } else { Vec::new() },
            categories: ComplaintCategory::all()
                .map(|category| {
                    let value = category.code();
                    let label = frame.text(&format!("feedback-category-{value}"));
                    Choice { chosen: typed.category == value, value, label }
                })
                .collect(),
            category_error: self.error("category"),
            unit: self
                .about
                .is_none()
                .then(|| field("unit", typed.unit.as_str(), UNIT, true, true)),
            text: field("text", typed.text.as_str(), TEXT, true, true),
            contact: field("contact", typed.contact.as_str(), CONTACT, false, true),
            calls: vec![frame.hotline()],
        })
    }

    fn error(&self, field: &str) -> Option<String> {
        let wrong = self.wrong.iter().find(|wrong| wrong.field() == field)?;
        Some(wrong.text(self.locale))
    }

    fn questions(&self, frame: Frame<'_>) -> Vec<Question> {
        let mut typed = self.typed.clone();
        let mut question = |name: &'static str, answers: &[(&str, &str)], required| {
            let given = typed.field(name).map(std::mem::take).unwrap_or_default();
            Question {
                name,
                legend: frame.text(&format!("feedback-{name}")),
                answers: answers
                    .iter()
                    .map(|(value, label)| Choice {
                        value: (*value).to_owned(),
                        label: frame.text(label),
                        chosen: given == *value,
                    })
                    .collect(),
                required,
                error: self.error(name),
            }
        };
        let satisfied = [("yes", "feedback-content"), ("no", "feedback-discontent")];
        let mut questions = vec![question("satisfied", &satisfied, true)];
        let facts =
            [("yes", "feedback-yes"), ("no", "feedback-no"), ("unknown", "feedback-unknown")];
        questions.extend(STATEMENTS.map(|name| question(name, &facts, false)));
        questions
    }
}
