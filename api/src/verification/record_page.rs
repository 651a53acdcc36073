//! The page on which a party opens the record of a showing: a form for its code, and what is told of
//! it: who showed which certificate, when, and how the certificate stood at that moment.

use std::borrow::Cow;

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{CertificateState, ShowingKind};

use super::frame::{Call, Frame, Links, TEXTS, instant, render};
use super::page::heading;
use super::party_side::{ShownFact, facts};
use super::shown_verdict::ShownVerdict;
use crate::platform::texts::Locale;

/// The field of the record's code.
pub const CODE: &str = "code";

/// The form, or what was found by it.
#[derive(Clone, Debug)]
pub struct RecordPage {
    /// Its language.
    pub locale: Locale,
    /// Where it links to.
    pub links: Links,
    /// What it shows.
    pub content: Content,
}

/// What the page shows.
#[derive(Clone, Debug)]
pub enum Content {
    /// The empty form.
    Form,
    /// The form with what was sent: nothing was, or it is the code of no record.
    Wrong {
        /// What was sent.
        sent: String,
        /// Nothing was.
        blank: bool,
    },
    /// A record.
    Found(Box<Record>),
}

/// What a record tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// When the party scanned.
    pub shown_at: DateTime<Utc>,
    /// The officer's name.
    pub name: String,
    /// The unit, under the name of that day.
    pub unit: String,
    /// The certificate's number.
    pub number: String,
    /// How the certificate stood at that moment.
    pub verdict: ShownVerdict,
    /// For what it was shown.
    pub kind: ShowingKind,
    /// The same in the officer's words.
    pub task: String,
    /// Number of the notice.
    pub notice_number: Option<String>,
    /// The second officer's name and unit, where confirmed at that moment.
    pub second: Option<(String, String)>,
    /// Why the officer was alone, in the page's language.
    pub alone_reason: Option<String>,
}

/// The public verdict on a certificate that was in this state on a day.
pub fn verdict_then(
    state: CertificateState,
    (from, until): (NaiveDate, NaiveDate),
    day: NaiveDate,
) -> ShownVerdict {
    match state {
        CertificateState::Lost => ShownVerdict::Lost,
        CertificateState::Revoked | CertificateState::Suspended => ShownVerdict::NotAuthorised,
        CertificateState::Cancelled => ShownVerdict::Cancelled,
        CertificateState::Issued => ShownVerdict::NotYetValid { from: None },
        CertificateState::Expired => ShownVerdict::Expired { until },
        CertificateState::Active if day < from => ShownVerdict::NotYetValid { from: Some(from) },
        CertificateState::Active => ShownVerdict::Valid,
    }
}

struct Found<'a> {
    verdict: &'static str,
    heading: Cow<'static, str>,
    said: String,
    then: String,
    facts: Vec<ShownFact<'a>>,
}

#[derive(Template)]
#[template(path = "verification/record.html")]
struct RecordTemplate<'a> {
    frame: Frame<'a>,
    sent: &'a str,
    error: Option<Cow<'static, str>>,
    found: Option<Found<'a>>,
    calls: Vec<Call>,
}

impl RecordPage {
    /// The whole page.
    pub fn render(&self) -> String {
        let frame = Frame::new(self.locale, &self.links);
        let (sent, error, found) = match &self.content {
            Content::Form => ("", None, None),
            Content::Wrong { sent, blank: true } => {
                (sent.as_str(), Some(frame.text("record-missing")), None)
            }
            Content::Wrong { sent, blank: false } => {
                (sent.as_str(), Some(frame.text("record-unknown")), None)
            }
            Content::Found(record) => ("", None, Some(self.found(record))),
        };
        render(&RecordTemplate { frame, sent, error, found, calls: vec![frame.hotline()] })
    }

    fn text(&self, id: &str, args: &[(&str, &str)]) -> String {
        TEXTS.text(self.locale, id, args)
    }

    fn found<'a>(&self, record: &'a Record) -> Found<'a> {
        let locale = self.locale;
        let fact = |id: &str, value: Cow<'a, str>, chinese| ShownFact {
            label: TEXTS.fixed(locale, id),
            value,
            chinese,
        };
        let mut shown = vec![
            fact("label-name", record.name.as_str().into(), true),
            fact("label-unit", record.unit.as_str().into(), true),
            fact("label-number", record.number.as_str().into(), false),
        ];
        shown.extend(facts(
            locale,
            record.kind,
            &record.task,
            record.notice_number.as_deref(),
            record.second.as_ref().map(|(name, unit)| (name.as_str(), unit.as_str())),
            record.alone_reason.as_deref(),
        ));
        Found {
            verdict: record.verdict.code(),
            heading: TEXTS.fixed(locale, "record-title"),
            said: self.text("record-said", &[("time", &instant(locale, record.shown_at))]),
            then: self.text("record-verdict", &[("verdict", &heading(locale, record.verdict))]),
            facts: shown,
        }
    }
}
