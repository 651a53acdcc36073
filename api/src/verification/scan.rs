//! A scan: from what stands after `/v/` to a verdict and what may be shown.
//!
//! The status is read from the database on every scan; only the keys are kept in memory. A
//! database that does not answer gives STATUS_UNKNOWN, never a verdict that looks like a forgery.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{CertificateKind, CertificateState, PersonKind};
use entities::public_card;
use futures::FutureExt;
use mobile_contract::{
    CertificateStatus, Circumstances, Judgement, KeySet, Moment, Opened, StatusFact, Verdict,
    judge, open,
};
use tokio::time::timeout;

use super::gathered::Gathered;
use super::page::{Card, CodeKind, Succession};
use super::party_side::{PartySide, party_side};
use super::photo_url;
use super::shown_verdict::ShownVerdict;
use crate::credentials::{self, ScannedCard, cards_by_credential_id, key_record};
use crate::platform::Platform;
use crate::platform::clock::local_date;
use crate::platform::database::Database;
use crate::platform::keys::Keyring;
use crate::platform::texts::Locale;

/// Longest wait for the database: a page that hangs tells a citizen nothing.
pub(super) const PATIENCE: Duration = Duration::from_secs(3);

/// What a scan answers.
#[derive(Debug)]
pub struct Scan {
    /// What is said of the certificate.
    pub verdict: ShownVerdict,
    /// The certificate, where it is known.
    pub card: Option<Card>,
    /// What was scanned.
    pub code: CodeKind,
    /// The time of the answer.
    pub checked_at: DateTime<Utc>,
    /// The showing under which the code was scanned, where one is open.
    pub showing: Option<PartySide>,
}

/// Answers scans; keeps the public keys in the form the verifier takes.
pub struct Scanner {
    keys: Mutex<Option<Kept>>,
    recorded: Gathered<[u8; 16], ScannedCard>,
}

/// The public keys, and the generation of the keyring they were made from.
type Kept = (u64, Arc<KeySet>);

impl Scanner {
    /// Answers scans from this database.
    pub fn new(db: &Database) -> Self {
        let db = db.lookups().clone();
        let recorded = Gathered::new(PATIENCE, move |ids: Vec<[u8; 16]>| {
            let db = db.clone();
            async move {
                let cards = cards_by_credential_id(&db, &ids).await?;
                let by_id = |card: ScannedCard| Some((*card.credential_id.as_array()?, card));
                Ok(cards.into_iter().filter_map(by_id).collect())
            }
            .boxed()
        });
        Self { keys: Mutex::default(), recorded }
    }

    /// Judges what was scanned: a code's digits, or any other text.
    pub async fn scan(&self, platform: &Platform, scanned: &str, locale: Locale) -> Scan {
        let checked_at = platform.now();
        let opened = match open(scanned, &self.keys(&platform.keyring), None) {
            Ok(opened) => opened,
            Err(refusal) => {
                let verdict = shown(Judgement::from(refusal).verdict, None, checked_at);
                return Scan::without_card(verdict, checked_at);
            }
        };
        let recorded = timeout(PATIENCE, self.recorded.ask(opened.id.0)).await;
        let Ok(Ok(recorded)) = recorded else {
            return Scan::judged(&opened, StatusFact::Unknown, None, checked_at);
        };
        let now = checked_at.timestamp();
        let Some(recorded) = recorded.filter(|r| is_recorded(&opened, r)) else {
            return Scan::judged(&opened, StatusFact::NotRecorded, None, checked_at);
        };
        let status = match status_of(recorded.card.state) {
            CertificateStatus::Valid if recorded.waits => CertificateStatus::NotYetValid,
            status => status,
        };
        let fact = StatusFact::Fresh { status, as_of: now };
        let showing = party_side(platform, &recorded.card, checked_at, locale).await;
        let card = shown_card(platform, recorded.card, opened.credential.name_cut, locale);
        Scan { showing, ..Scan::judged(&opened, fact, Some(card), checked_at) }
    }

    fn keys(&self, keyring: &Keyring) -> Arc<KeySet> {
        let generation = keyring.generation();
        let mut kept = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((of, keys)) if *of == generation => keys.clone(),
            _ => {
                let records: Vec<_> =
                    keyring.all().iter().filter_map(|key| key_record(key).ok().flatten()).collect();
                let keys = Arc::new(KeySet::new(records));
                *kept = Some((generation, keys.clone()));
                keys
            }
        }
    }
}

impl Scan {
    /// What is said where the service itself has failed.
    pub const fn service_down(checked_at: DateTime<Utc>) -> Self {
        Self::without_card(ShownVerdict::ServiceDown, checked_at)
    }

    const fn without_card(verdict: ShownVerdict, checked_at: DateTime<Utc>) -> Self {
        Self { verdict, card: None, code: CodeKind::None, checked_at, showing: None }
    }

    fn judged(
        opened: &Opened,
        status: StatusFact,
        card: Option<Card>,
        checked_at: DateTime<Utc>,
    ) -> Self {
        let judgement = judge(
            opened,
            Circumstances {
                moment: Moment { now: checked_at.timestamp(), floor: None },
                status,
                // What is recorded here was issued here: a compromised key's own codes still hold.
                // Where the record cannot be read, that is said, and not that the code is false.
                known_genuine: card.is_some() || status == StatusFact::Unknown,
                replayed: false,
            },
        );
        let code = match judgement.shown_at.and_then(|at| DateTime::from_timestamp(at, 0)) {
            Some(shown_at) => CodeKind::Phone { shown_at },
            None => CodeKind::Printed,
        };
        Self {
            verdict: shown(judgement.verdict, card.as_ref().map(Card::validity), checked_at),
            card,
            code,
            checked_at,
            showing: None,
        }
    }
}

/// Whether the code says what was recorded when it was signed.
fn is_recorded(opened: &Opened, recorded: &ScannedCard) -> bool {
    let credential = &opened.credential;
    credential.certificate_number == recorded.card.number
        && credential.expires == recorded.expires_at.timestamp()
        && i64::from(credential.agency) == i64::from(recorded.card.agency_number)
        && i64::from(credential.status_list) == i64::from(recorded.list)
        && i64::from(credential.status_index) == i64::from(recorded.idx)
        && opened.kid.0.as_slice() == recorded.kid
}

const fn status_of(state: CertificateState) -> CertificateStatus {
    match state {
        CertificateState::Issued => CertificateStatus::NotYetValid,
        CertificateState::Active => CertificateStatus::Valid,
        CertificateState::Suspended => CertificateStatus::Suspended,
        CertificateState::Lost => CertificateStatus::Lost,
        CertificateState::Revoked => CertificateStatus::Revoked,
        CertificateState::Cancelled => CertificateStatus::Cancelled,
        CertificateState::Expired => CertificateStatus::Expired,
    }
}

/// The verdict as the public reads it. What is not known here is unknown, never valid.
pub(super) fn shown(
    verdict: Verdict,
    validity: Option<(NaiveDate, NaiveDate)>,
    now: DateTime<Utc>,
) -> ShownVerdict {
    match verdict {
        Verdict::Valid => ShownVerdict::Valid,
        Verdict::ValidStale => ShownVerdict::ValidStale { as_of: now },
        Verdict::Expired => validity
            .map_or(ShownVerdict::StatusUnknown, |(_, until)| ShownVerdict::Expired { until }),
        Verdict::NotYetValid => ShownVerdict::NotYetValid {
            from: validity.map(|(from, _)| from).filter(|day| *day > local_date(now)),
        },
        Verdict::Suspended | Verdict::Revoked => ShownVerdict::NotAuthorised,
        Verdict::Cancelled => ShownVerdict::Cancelled,
        Verdict::Lost => ShownVerdict::Lost,
        Verdict::Invalid => ShownVerdict::Invalid,
        Verdict::StaleCode => ShownVerdict::StaleCode,
        Verdict::ChallengeBound => ShownVerdict::ChallengeBound,
        Verdict::PresentationMissing => ShownVerdict::PresentationMissing,
        Verdict::SignatureInvalid => ShownVerdict::SignatureInvalid,
        Verdict::KeyCompromised => ShownVerdict::KeyCompromised,
        Verdict::UnknownIssuer => ShownVerdict::UnknownIssuer,
        Verdict::Unreadable => ShownVerdict::Unreadable,
        _ => ShownVerdict::StatusUnknown,
    }
}

pub(super) fn shown_card(
    platform: &Platform,
    card: public_card::Model,
    name_was_cut: bool,
    locale: Locale,
) -> Card {
    let fields = field_names(&card, locale);
    let successions = successions(&card);
    let now = platform.now();
    Card {
        // The database holds the whole name; the code, perhaps only its beginning.
        name: card.name,
        name_was_cut,
        unit: card.agency_name,
        successions,
        number: card.number,
        kind: certificate_kind(card.kind),
        category: None,
        fields,
        area: Some(card.area_name),
        valid_from: card.valid_from,
        valid_until: card.valid_until,
        issuing_authority: card.issuing_authority,
        complaint_phone: card.complaint_phone,
        photo_url: card.photo_sha256.map(|hash| photo_url::sign(&platform.secret, &hash, now)),
    }
}

/// What became of a card's unit. What cannot be read is left out: the verdict does not hang on it.
fn successions(card: &public_card::Model) -> Vec<Succession> {
    let successions = credentials::Succession::read(&card.successions).unwrap_or_else(|error| {
        tracing::error!(%error, "what became of a unit could not be read");
        Vec::new()
    });
    let shown = |s: credentials::Succession| Succession { on: s.on, kind: s.kind, name: s.name };
    successions.into_iter().map(shown).collect()
}

/// The fields of a card in a language.
pub(super) fn field_names(card: &public_card::Model, locale: Locale) -> Vec<String> {
    let language = match locale {
        Locale::ZhCn => "zh",
        Locale::En => "en",
    };
    let fields = card.field_names.as_array().into_iter().flatten();
    fields.filter_map(|f| f.get(language).and_then(|n| n.as_str()).map(str::to_owned)).collect()
}

/// The certificate that a person of this kind holds.
pub(super) const fn certificate_kind(holder: PersonKind) -> CertificateKind {
    match holder {
        PersonKind::SupervisionOfficer => CertificateKind::Supervision,
        _ => CertificateKind::Enforcement,
    }
}
