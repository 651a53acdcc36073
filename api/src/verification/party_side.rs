//! The party's side of a showing: while one is open, the page of a scan says for what the certificate
//! is shown, beside whom, what was checked, and gives the party's record. A scan never waits long for
//! it and never fails by it: where it cannot be read, the page is the plain one.

use std::borrow::Cow;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entities::enums::{ShowingFinding, ShowingKind};
use entities::ids::ShowingId;
use entities::public_card;
use tokio::time::timeout;

use super::frame::TEXTS;
use super::shown_verdict::ShownVerdict;
use crate::credentials::showings::{
    Shown, alone_reason, findings, note_scan, open_showing, receipt,
};
use crate::platform::Platform;
use crate::platform::texts::Locale;

/// Longest wait for what is said beside the verdict.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the party is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartySide {
    /// The showing.
    pub id: ShowingId,
    /// Somebody has scanned it before.
    pub scanned: bool,
    /// For what.
    pub kind: ShowingKind,
    /// For what, in the officer's words.
    pub task: String,
    /// Number of the notice.
    pub notice_number: Option<String>,
    /// The second officer's name and unit, once confirmed.
    pub second: Option<(String, String)>,
    /// Why the officer is alone.
    pub alone_reason: Option<String>,
    /// What was found, and whether it is as it should be.
    pub checks: Vec<(String, bool)>,
    /// The party's record.
    pub receipt: String,
}

/// A row of what the page says of a showing.
pub(super) struct ShownFact<'a> {
    pub label: Cow<'static, str>,
    pub value: Cow<'a, str>,
    /// The value is written in Chinese, which an English page says to screen readers.
    pub chinese: bool,
}

/// Something that was checked.
pub(super) struct Check<'a> {
    pub text: &'a str,
    pub class: &'static str,
}

/// What the template is given.
pub(super) struct ShownBox<'a> {
    pub facts: Vec<ShownFact<'a>>,
    pub checks: Vec<Check<'a>>,
    pub receipt: &'a str,
}

/// The open showing of a card that was scanned, if any: no statement for a card that none was started
/// for, one for others.
pub(super) async fn party_side(
    platform: &Platform,
    card: &public_card::Model,
    now: DateTime<Utc>,
    locale: Locale,
) -> Option<PartySide> {
    card.shown_until.filter(|until| now < *until)?;
    let read = open_showing(platform.db.lookups(), card.certificate_id, now);
    let shown = match timeout(PATIENCE, read).await {
        Ok(Ok(shown)) => shown?,
        Ok(Err(error)) => {
            tracing::error!(%error, "a showing could not be read");
            return None;
        }
        Err(_) => {
            tracing::error!("a showing was waited for too long");
            return None;
        }
    };
    let (serial, began) = (shown.row.serial, shown.row.started_at);
    let receipt = receipt::write(&platform.secret, serial, began, now);
    Some(PartySide::of(shown, locale, receipt))
}

impl PartySide {
    fn of(shown: Shown, locale: Locale, receipt: String) -> Self {
        let Shown { row, second } = shown;
        let checks = findings(&row)
            .into_iter()
            .map(|found| (found.text(locale), is_in_order(found.finding)))
            .collect();
        Self {
            id: row.id,
            scanned: row.scanned,
            kind: row.kind,
            alone_reason: alone_reason(&row, locale),
            task: row.task,
            notice_number: row.notice_number,
            second: second.map(|second| (second.name, second.unit)),
            checks,
            receipt,
        }
    }

    /// Notes the first scan, while the page is on its way already.
    pub fn note(&self, platform: &Platform) {
        if self.scanned {
            return;
        }
        let (platform, id) = (platform.clone(), self.id);
        tokio::spawn(async move {
            if let Err(error) = note_scan(&platform, id).await {
                tracing::error!(%error, "that a showing was scanned could not be noted");
            }
        });
    }

    /// What is shown of it beside a verdict: beside any but a valid one only the record, so that
    /// nothing speaks for a certificate that does not hold.
    pub(super) fn shown(&self, locale: Locale, verdict: ShownVerdict) -> ShownBox<'_> {
        let receipt = self.receipt.as_str();
        if verdict != ShownVerdict::Valid {
            return ShownBox { facts: Vec::new(), checks: Vec::new(), receipt };
        }
        let class = |in_order: bool| if in_order { "yes" } else { "no" };
        ShownBox {
            facts: facts(
                locale,
                self.kind,
                &self.task,
                self.notice_number.as_deref(),
                self.second.as_ref().map(|(name, unit)| (name.as_str(), unit.as_str())),
                self.alone_reason.as_deref(),
            ),
            checks: self
                .checks
                .iter()
                .map(|(text, in_order)| Check { text, class: class(*in_order) })
                .collect(),
            receipt,
        }
    }
}

/// What is said of a showing, on the page of a scan and on that of a record.
pub(super) fn facts<'a>(
    locale: Locale,
    kind: ShowingKind,
    task: &'a str,
    notice_number: Option<&'a str>,
    second: Option<(&str, &str)>,
    alone_reason: Option<&'a str>,
) -> Vec<ShownFact<'a>> {
    let fact = |id: &str, value: Cow<'a, str>, chinese| ShownFact {
        label: TEXTS.fixed(locale, id),
        value,
        chinese,
    };
    let kind = TEXTS.fixed(locale, &format!("showing-kind-{}", kind.code()));
    let mut facts =
        vec![fact("label-showing-kind", kind, false), fact("label-task", task.into(), true)];
    facts.extend(notice_number.map(|number| fact("label-notice", number.into(), true)));
    if let Some((name, unit)) = second {
        facts.push(fact("label-second", format!("{name}（{unit}）").into(), true));
    }
    facts.extend(alone_reason.map(|reason| fact("label-alone", reason.into(), false)));
    facts
}

/// Whether a finding is as it should be, or explained; the other ones stand out.
const fn is_in_order(finding: ShowingFinding) -> bool {
    matches!(
        finding,
        ShowingFinding::Ok
            | ShowingFinding::CoveredByJointAuthorisation
            | ShowingFinding::AloneByException
    )
}
