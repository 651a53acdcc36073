//! A scan: from what stands after `/v/` to a verdict and what may be shown.
//!
//! The status is read from the database on every scan; only the keys are kept in memory. A
//! database that does not answer gives STATUS_UNKNOWN, never a verdict that looks like a forgery.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{CertificateKind, PersonKind};
use entities::public_card;
use futures::FutureExt;
use mobile_contract::{Judgement, KeySet, Opened, Profile, Verdict, open};
use tokio::time::timeout;

use super::gathered::Gathered;
use super::on_record::{OnRecord, Seen};
use super::page::{Card, CodeKind, Succession};
use super::party_side::{PartySide, party_side};
use super::seen_before::seen_before;
use super::shown_verdict::{Disclosure, ShownVerdict};
use super::{feedback_link, photo_url};
use crate::credentials::{
    self, ScannedCard, ScannedPhone, cards_by_credential_id, key_record, phones_by_credential_id,
};
use crate::platform::Platform;
use crate::platform::clock::local_date;
use crate::platform::database::Database;
use crate::platform::keys::Keyring;
use crate::platform::texts::Locale;

/// Longest wait for the database: a page that hangs tells a citizen nothing.
pub const PATIENCE: Duration = Duration::from_secs(3);

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
    printed: Gathered<[u8; 16], ScannedCard>,
    phones: Gathered<[u8; 16], ScannedPhone>,
}

/// The public keys, and the generation of the keyring they were made from.
type Kept = (u64, Arc<KeySet>);

impl Scanner {
    /// Answers scans from this database.
    pub fn new(db: &Database) -> Self {
        let lookups = db.lookups().clone();
        let printed = Gathered::new(PATIENCE, move |ids: Vec<[u8; 16]>| {
            let db = lookups.clone();
            async move {
                let cards = cards_by_credential_id(&db, &ids).await?;
                let by_id = |card: ScannedCard| Some((*card.credential_id.as_array()?, card));
                Ok(cards.into_iter().filter_map(by_id).collect())
            }
            .boxed()
        });
        let lookups = db.lookups().clone();
        let phones = Gathered::new(PATIENCE, move |ids: Vec<[u8; 16]>| {
            let db = lookups.clone();
            async move {
                let phones = phones_by_credential_id(&db, &ids).await?;
                let by_id = |phone: ScannedPhone| Some((*phone.credential_id.as_array()?, phone));
                Ok(phones.into_iter().filter_map(by_id).collect())
            }
            .boxed()
        });
        Self { keys: Mutex::default(), printed, phones }
    }

    /// Judges what was scanned: a code's digits, or any other text. `counts` is whether it is a
    /// showing that a later scan of the same code is told of.
    pub async fn scan(
        &self,
        platform: &Platform,
        scanned: &str,
        locale: Locale,
        counts: bool,
    ) -> Scan {
        let checked_at = platform.now();
        let opened = match open(scanned, &self.keys(&platform.keyring), None) {
            Ok(opened) => opened,
            Err(refusal) => {
                let verdict = shown(Judgement::from(refusal).verdict, None, checked_at);
                return Scan::without_card(verdict, checked_at);
            }
        };
        let on_record = self.on_record(&opened, checked_at).await;
        let judgement = on_record.judge(&opened, checked_at, Seen::default());
        let code = match judgement.shown_at.and_then(|at| DateTime::from_timestamp(at, 0)) {
            Some(shown_at) => CodeKind::Phone {
                shown_at,
                seen_before: counts
                    && judgement.verdict == Verdict::Valid
                    && seen_before(platform, &opened, checked_at).await,
            },
            None => CodeKind::Printed,
        };
        let validity = on_record.card.as_ref().map(|card| (card.valid_from, card.valid_until));
        let verdict =
            shown_of_code(judgement.verdict, validity, on_record.device_ended, checked_at);
        // What shows nothing of a certificate is no showing to anybody, and neither is a card that is
        // not to be relied on yet.
        let tells = verdict.row().disclosure >= Disclosure::Facts
            && !matches!(verdict, ShownVerdict::NotYetValid { .. });
        let showing = match &on_record.card {
            Some(card) if tells => party_side(platform, card, checked_at, locale).await,
            _ => None,
        };
        let card = on_record
            .card
            .map(|card| shown_card(platform, card, opened.credential.name_cut, locale));
        Scan { verdict, card, code, checked_at, showing }
    }

    /// What is recorded of an opened code, within [`PATIENCE`].
    async fn on_record(&self, opened: &Opened, now: DateTime<Utc>) -> OnRecord {
        match opened.credential.profile() {
            Profile::Printed => match timeout(PATIENCE, self.printed.ask(opened.id.0)).await {
                Ok(Ok(found)) => OnRecord::printed(opened, found, now),
                _ => OnRecord::unknown(),
            },
            Profile::Phone => match timeout(PATIENCE, self.phones.ask(opened.id.0)).await {
                Ok(Ok(found)) => OnRecord::phone(opened, found, now),
                _ => OnRecord::unknown(),
            },
        }
    }

    fn keys(&self, keyring: &Keyring) -> Arc<KeySet> {
        let generation = keyring.generation();
        let mut kept = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some((of, keys)) if *of == generation => keys.clone(),
            _ => {
                let keys = Arc::new(key_set(keyring));
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
}

/// The public keys in the form the verifier takes.
pub fn key_set(keyring: &Keyring) -> KeySet {
    KeySet::new(keyring.all().iter().filter_map(|key| key_record(key).ok().flatten()))
}

/// The verdict on a code as the public reads it.
pub(super) fn shown_of_code(
    verdict: Verdict,
    validity: Option<(NaiveDate, NaiveDate)>,
    device_ended: bool,
    now: DateTime<Utc>,
) -> ShownVerdict {
    match shown(verdict, validity, now) {
        // The list says of a phone that has ended what it says of an ended certificate. The
        // certificate itself may well hold: what is over is the code.
        ShownVerdict::Invalid if device_ended => ShownVerdict::StaleCode,
        verdict => verdict,
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
        feedback: Some(feedback_link::path(&platform.secret, card.certificate_id, now)),
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
