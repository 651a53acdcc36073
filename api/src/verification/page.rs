//! The page a scan opens: a verdict, and of the certificate only what that verdict may show.

use std::borrow::Cow;

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{AgencyChangeKind, CertificateKind};

pub use super::frame::Links;
use super::frame::{Call, Frame, TEXTS, clock_time, day, dial, instant, render};
use super::party_side::{PartySide, ShownBox};
pub use super::shown_verdict::ShownVerdict;
use super::shown_verdict::{Disclosure, Icon, Row};
use crate::platform::texts::Locale;

/// Everything the page is made from. A caller may fill in all it knows: [`render`](Self::render)
/// leaves out what the verdict must not show.
#[derive(Clone, Debug)]
pub struct VerdictPage {
    /// Its language.
    pub locale: Locale,
    /// What is said of the certificate.
    pub verdict: ShownVerdict,
    /// The certificate, where it is known.
    pub card: Option<Card>,
    /// What was scanned.
    pub code: CodeKind,
    /// The time of the answer.
    pub checked_at: DateTime<Utc>,
    /// The supervision phone of this deployment, as it is written; shown under every verdict, so
    /// it must not follow from the code. A card that is shown brings its agency's instead.
    pub supervision_phone: Option<String>,
    /// Where the page links to.
    pub links: Links,
    /// The showing under which the code was scanned, where one is open.
    pub showing: Option<PartySide>,
}

/// A certificate's public side (`docs/domain.md`, "What a scan shows"), as its holder's
/// authority wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The holder's name.
    pub name: String,
    /// The code holds only the beginning of the name, and `name` is that.
    pub name_was_cut: bool,
    /// The agency, under the name it had when the certificate was issued.
    pub unit: String,
    /// What became of it since, oldest first.
    pub successions: Vec<Succession>,
    /// The certificate's number.
    pub number: String,
    /// Which certificate it is.
    pub kind: CertificateKind,
    /// Its category, where the variant has one.
    pub category: Option<String>,
    /// The fields of enforcement.
    pub fields: Vec<String>,
    /// The area.
    pub area: Option<String>,
    /// The first day of validity.
    pub valid_from: NaiveDate,
    /// The last day of validity.
    pub valid_until: NaiveDate,
    /// Who issued it.
    pub issuing_authority: String,
    /// Its agency's complaint phone as it is written, extension and all.
    pub complaint_phone: Option<String>,
    /// A signed address of the photo, of the page's own origin: the policy allows no other.
    pub photo_url: Option<String>,
    /// The path of the form for evaluations and complaints about it.
    pub feedback: Option<String>,
}

impl Card {
    /// The first and the last day of validity.
    pub(super) const fn validity(&self) -> (NaiveDate, NaiveDate) {
        (self.valid_from, self.valid_until)
    }
}

/// What became of the agency: since when, by what, and how it is called since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    /// The first day.
    pub on: NaiveDate,
    /// By what kind of reform.
    pub kind: AgencyChangeKind,
    /// The agency that stands for it since; none where it was abolished without a successor.
    pub name: Option<String>,
}

/// What was scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeKind {
    /// Nothing: the code could not be read.
    None,
    /// No code: number and name were typed in.
    Typed,
    /// The code printed on the card.
    Printed,
    /// The code of the officer's phone, signed at that time.
    Phone {
        /// When the phone signed it.
        shown_at: DateTime<Utc>,
        /// It was opened before, within two minutes: a remark, no more.
        seen_before: bool,
    },
}

/// A row of the facts. Values are in Chinese in both languages, labels are not.
struct Fact<'a> {
    label: Cow<'static, str>,
    value: Cow<'a, str>,
    /// A name in Chinese at the end of a value in the page's language.
    name: Option<&'a str>,
    /// The value is written in Chinese, which an English page says to screen readers.
    chinese: bool,
}

struct Photo<'a> {
    /// `None`: there is no picture, and the page says where to find one.
    url: Option<&'a str>,
}

#[derive(Template)]
#[template(path = "verification/verdict.html")]
struct VerdictTemplate<'a> {
    frame: Frame<'a>,
    row: Row,
    icon: Icon,
    heading: Cow<'static, str>,
    advice: Cow<'static, str>,
    photo: Option<Photo<'a>>,
    code_remarks: Vec<Cow<'static, str>>,
    name_was_cut: bool,
    facts: Vec<Fact<'a>>,
    showing: Option<ShownBox<'a>>,
    checked: String,
    complaints: Cow<'static, str>,
    feedback: Option<String>,
    calls: Vec<Call>,
    lookup: Option<&'a str>,
}

impl VerdictPage {
    /// The whole page.
    pub fn render(&self) -> String {
        let frame = Frame::new(self.locale, &self.links);
        let row = self.verdict.row();
        let card = self.card.as_ref().filter(|_| row.disclosure >= Disclosure::Facts);
        let photo = card
            .filter(|_| row.disclosure >= Disclosure::Photo)
            .map(|card| Photo { url: card.photo_url.as_deref() });
        let phone = card
            .and_then(|card| card.complaint_phone.as_deref())
            .or(self.supervision_phone.as_deref());
        render(&VerdictTemplate {
            frame,
            row,
            icon: row.icon,
            heading: heading(self.locale, self.verdict),
            advice: advice(self.locale, self.verdict),
            photo,
            code_remarks: self.code_remarks(),
            name_was_cut: card.is_some_and(|card| card.name_was_cut),
            facts: card.map(|card| self.facts(card)).unwrap_or_default(),
            showing: self
                .showing
                .as_ref()
                .filter(|_| row.disclosure >= Disclosure::Facts)
                .map(|showing| showing.shown(self.locale, self.verdict)),
            checked: self.text("checked", &[("time", &instant(self.locale, self.checked_at))]),
            complaints: match phone {
                Some(phone) => self.text("complaints", &[("phone", phone)]).into(),
                None => self.fixed("complaints-hotline"),
            },
            // Whole: whatever host the page was opened under, what is typed goes to this service.
            feedback: card
                .and_then(|card| card.feedback.as_deref())
                .map(|path| format!("{}{path}?lang={}", self.links.public_url, self.locale.tag())),
            calls: self.calls(frame, phone),
            // Not where the signature fails: whoever copies a number and a name to a false card
            // must not be led from there to a page that says it holds.
            lookup: matches!(self.verdict, ShownVerdict::Unreadable | ShownVerdict::UnknownIssuer)
                .then_some(self.links.lookup.as_str()),
        })
    }

    fn fixed(&self, id: &str) -> Cow<'static, str> {
        TEXTS.fixed(self.locale, id)
    }

    fn text(&self, id: &str, args: &[(&str, &str)]) -> String {
        TEXTS.text(self.locale, id, args)
    }

    /// What the kind of code adds: of a printed one only where there is a photo to compare, and of
    /// a phone only where the time it gave has been checked.
    fn code_remarks(&self) -> Vec<Cow<'static, str>> {
        let disclosure = self.verdict.row().disclosure;
        match self.code {
            CodeKind::Typed if disclosure >= Disclosure::Facts => vec![self.fixed("by-number")],
            CodeKind::Printed if disclosure >= Disclosure::Photo => {
                vec![self.fixed("printed-code")]
            }
            CodeKind::Phone { shown_at, seen_before } if disclosure >= Disclosure::Liveness => {
                // The day is that of the answer, which stands below.
                let shown = self.text("phone-code", &[("time", &clock_time(shown_at))]).into();
                let seen = seen_before.then(|| self.fixed("phone-code-seen"));
                std::iter::once(shown).chain(seen).collect()
            }
            _ => Vec::new(),
        }
    }

    fn facts<'a>(&self, card: &'a Card) -> Vec<Fact<'a>> {
        let fact =
            |id: &str, value, chinese| Fact { label: self.fixed(id), value, name: None, chinese };
        let chinese = |id: &str, value: &'a str| fact(id, value.into(), true);
        let kind = self.fixed(&format!("kind-{}", card.kind.code()));
        let mut facts = vec![chinese("label-name", &card.name), chinese("label-unit", &card.unit)];
        facts.extend(card.successions.iter().map(|succession| Fact {
            name: succession.name.as_deref(),
            ..fact("label-succession", self.succession(succession).into(), false)
        }));
        facts.extend([
            fact("label-number", card.number.as_str().into(), false),
            fact("label-kind", kind, false),
        ]);
        facts.extend(card.category.as_deref().map(|category| chinese("label-category", category)));
        if !card.fields.is_empty() {
            // Fields come in the page's own language.
            let fields = card.fields.join("、");
            facts.push(fact("label-fields", fields.into(), self.locale == Locale::ZhCn));
        }
        facts.extend(card.area.as_deref().map(|area| chinese("label-area", area)));
        facts.push(fact("label-validity", self.validity(card).into(), false));
        facts.push(chinese("label-issuer", &card.issuing_authority));
        facts
    }

    /// What became of the agency, up to the name it has since.
    fn succession(&self, succession: &Succession) -> String {
        let kind = succession.kind.code();
        let id = match succession.name {
            Some(_) => format!("succession-{kind}"),
            None => format!("succession-{kind}-ended"),
        };
        let date = day(self.locale, succession.on).replace(' ', "\u{a0}");
        self.text(&id, &[("date", &date)])
    }

    fn validity(&self, card: &Card) -> String {
        // A line may end between the dates, not within one.
        let [from, until] = [card.valid_from, card.valid_until]
            .map(|date| day(self.locale, date).replace(' ', "\u{a0}"));
        self.text("validity", &[("from", &from), ("until", &until)])
    }

    /// The hotline, the supervision phone, and the police where the advice names them.
    fn calls(&self, frame: Frame<'_>, phone: Option<&str>) -> Vec<Call> {
        let mut calls = vec![frame.hotline()];
        calls.extend(phone.map(|phone| Call {
            label: self.text("call-supervision", &[("phone", phone)]).into(),
            href: dial(phone),
        }));
        if matches!(self.verdict, ShownVerdict::SignatureInvalid | ShownVerdict::KeyCompromised) {
            calls.push(Call { label: self.fixed("call-police"), href: dial("110") });
        }
        calls
    }
}

/// The word of a verdict.
pub(super) fn heading(locale: Locale, verdict: ShownVerdict) -> Cow<'static, str> {
    TEXTS.fixed(locale, &format!("verdict-{}", verdict.code()))
}

/// What to do about it.
pub(super) fn advice(locale: Locale, verdict: ShownVerdict) -> Cow<'static, str> {
    let id = format!("advice-{}", verdict.code());
    match verdict {
        ShownVerdict::ValidStale { as_of } => {
            TEXTS.text(locale, &id, &[("asof", &instant(locale, as_of))]).into()
        }
        ShownVerdict::Expired { until: date } | ShownVerdict::NotYetValid { from: Some(date) } => {
            TEXTS.text(locale, &id, &[("date", &day(locale, date))]).into()
        }
        ShownVerdict::NotYetValid { from: None } => TEXTS.fixed(locale, &format!("{id}-undated")),
        _ => TEXTS.fixed(locale, &id),
    }
}
