//! What a sender is answered: the receipt with its number, and later by that number how far it is.

use std::borrow::Cow;

use askama::Template;
use chrono::NaiveDate;
use entities::enums::ComplaintState;

use super::frame::{Call, Frame, Links, TEXTS, day, render};
use super::shown_verdict::Icon;
use crate::platform::texts::Locale;

/// The field of the receipt's number.
pub const RECEIPT: &str = "receipt";

/// What was received under a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// An evaluation.
    Evaluation {
        /// Whether it was released together with others.
        released: bool,
    },
    /// A complaint.
    Complaint(Box<ComplaintStanding>),
}

/// How far a complaint is, as its sender sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComplaintStanding {
    /// How far.
    pub state: ComplaintState,
    /// Day on which it came.
    pub received_on: NaiveDate,
    /// Who handles it.
    pub desk: String,
    /// The deadline of what comes next.
    pub due_on: NaiveDate,
    /// It may move when holidays are published.
    pub due_provisional: bool,
    /// It has passed.
    pub overdue: bool,
    /// Why it was extended.
    pub extension_reasons: Option<String>,
    /// The reasons of the decision.
    pub reasons: Option<String>,
    /// Where to turn instead.
    pub other_channel: Option<String>,
    /// Day of the decision.
    pub ended_on: Option<NaiveDate>,
}

/// What a page about a number says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// It was received just now, or before by the same form.
    Receipt {
        /// The number.
        number: String,
        /// It had been received before.
        again: bool,
        /// What was received.
        standing: Standing,
    },
    /// How far it is.
    Standing(Standing),
    /// Nothing is found by the number.
    None,
}

/// A page about a number.
#[derive(Clone, Debug)]
pub struct ReceiptPage {
    /// Its language.
    pub locale: Locale,
    /// Where it links to.
    pub links: Links,
    /// What it says.
    pub told: Told,
}

struct Fact {
    label: Cow<'static, str>,
    value: String,
    chinese: bool,
}

#[derive(Template)]
#[template(path = "verification/receipt.html")]
struct ReceiptTemplate<'a> {
    frame: Frame<'a>,
    code: &'static str,
    tone: &'static str,
    icon: Icon,
    heading: Cow<'static, str>,
    number: Option<&'a str>,
    notes: Vec<Cow<'static, str>>,
    facts: Vec<Fact>,
    calls: Vec<Call>,
}

impl ReceiptPage {
    /// The whole page.
    pub fn render(&self) -> String {
        let frame = Frame::new(self.locale, &self.links);
        let (code, tone, icon) = match &self.told {
            Told::Receipt { .. } => ("RECEIPT", "good", Icon::Check),
            Told::None => ("NONE", "unknown", Icon::Question),
            Told::Standing(standing) => face(standing),
        };
        let mut notes = Vec::new();
        let (mut number, mut facts) = (None, Vec::new());
        match &self.told {
            Told::Receipt { number: given, again, standing } => {
                number = Some(given.as_str());
                notes.extend(again.then(|| frame.text("receipt-again")));
                notes.push(frame.text("receipt-keep"));
                match standing {
                    Standing::Evaluation { .. } => notes.push(frame.text("receipt-evaluation")),
                    Standing::Complaint(complaint) => facts = self.facts(frame, complaint),
                }
            }
            Told::Standing(Standing::Evaluation { released }) => {
                let id = if *released { "state-released-note" } else { "state-waiting-note" };
                notes.push(frame.text(id));
            }
            Told::Standing(Standing::Complaint(complaint)) => {
                notes.extend(complaint.overdue.then(|| frame.text("state-overdue")));
                facts = self.facts(frame, complaint);
            }
            Told::None => notes.push(frame.text("state-none-note")),
        }
        let heading = match &self.told {
            Told::Receipt { .. } => frame.text("receipt-title"),
            _ => frame.text(&format!("state-{code}")),
        };
        let calls = vec![frame.hotline()];
        render(&ReceiptTemplate { frame, code, tone, icon, heading, number, notes, facts, calls })
    }

    fn facts(&self, frame: Frame<'_>, complaint: &ComplaintStanding) -> Vec<Fact> {
        let fact =
            |id: &str, value: String, chinese| Fact { label: frame.text(id), value, chinese };
        let date = |date: NaiveDate| day(self.locale, date);
        let mut facts = vec![
            fact("state-received-on", date(complaint.received_on), false),
            fact("state-desk", complaint.desk.clone(), true),
        ];
        let typed = |id: &str, text: &Option<String>| {
            text.as_ref().map(|text| fact(id, text.clone(), true))
        };
        match complaint.ended_on {
            Some(ended) => facts.push(fact("state-ended-on", date(ended), false)),
            None => {
                let due = date(complaint.due_on);
                let due = if complaint.due_provisional {
                    TEXTS.text(self.locale, "state-provisional", &[("date", &due)])
                } else {
                    due
                };
                facts.push(fact("state-due-on", due, false));
                facts.extend(typed("state-extended", &complaint.extension_reasons));
            }
        }
        facts.extend(typed("state-reasons", &complaint.reasons));
        facts.extend(typed("state-channel", &complaint.other_channel));
        facts
    }
}

/// Word, tone and icon. That an outcome is proposed is not told before it is decided.
const fn face(standing: &Standing) -> (&'static str, &'static str, Icon) {
    match standing {
        Standing::Evaluation { released: false } => ("WAITING", "wait", Icon::Clock),
        Standing::Evaluation { released: true } => ("RELEASED", "good", Icon::Check),
        Standing::Complaint(complaint) => match complaint.state {
            ComplaintState::Received => ("RECEIVED", "wait", Icon::Clock),
            ComplaintState::Accepted | ComplaintState::Proposed => {
                ("ACCEPTED", "wait", Icon::Clock)
            }
            ComplaintState::NotAccepted => ("NOT_ACCEPTED", "unknown", Icon::Pause),
            ComplaintState::Upheld => ("UPHELD", "good", Icon::Check),
            ComplaintState::NotUpheld => ("NOT_UPHELD", "unknown", Icon::Pause),
        },
    }
}

/// The form that asks for a number.
#[derive(Clone, Debug)]
pub struct AskReceiptPage {
    /// Its language.
    pub locale: Locale,
    /// Where it links to.
    pub links: Links,
    /// What was typed.
    pub typed: String,
    /// What is wrong with it.
    pub wrong: Option<WrongNumber>,
}

/// What is wrong with a typed number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongNumber {
    /// Nothing was typed.
    Missing,
    /// It has not sixteen digits, or the last does not fit the others.
    Mistyped,
}

#[derive(Template)]
#[template(path = "verification/ask_receipt.html")]
struct AskReceiptTemplate<'a> {
    frame: Frame<'a>,
    typed: &'a str,
    error: Option<Cow<'static, str>>,
    calls: Vec<Call>,
}

impl AskReceiptPage {
    /// The whole page.
    pub fn render(&self) -> String {
        let frame = Frame::new(self.locale, &self.links);
        let error = self.wrong.map(|wrong| {
            frame.text(match wrong {
                WrongNumber::Missing => "state-number-missing",
                WrongNumber::Mistyped => "state-number-mistyped",
            })
        });
        let calls = vec![frame.hotline()];
        render(&AskReceiptTemplate { frame, typed: &self.typed, error, calls })
    }
}
