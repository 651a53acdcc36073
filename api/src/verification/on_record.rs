//! What the database says of an opened code, and the judgement that follows from both: one rule for
//! the page and for a supervisor's check.

use chrono::{DateTime, Utc};
use entities::enums::CertificateState;
use entities::public_card;
use mobile_contract::{
    CertificateStatus, Circumstances, Judgement, Moment, Opened, StatusFact, judge,
};

use crate::credentials::{ScannedCard, ScannedPhone, is_forgotten, state_on};
use crate::platform::clock::local_date;

/// What is recorded of a code.
#[derive(Debug)]
pub(super) struct OnRecord {
    /// The status to judge by.
    status: StatusFact,
    /// The certificate, where it is known.
    pub card: Option<public_card::Model>,
    /// The code is of a phone that has ended.
    pub device_ended: bool,
}

/// How a code was seen; by default on the page, which remarks on neither in its verdict.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// The same code was, shortly before.
    pub before: bool,
    /// Its phone was asked for one made just now.
    pub challenged: bool,
}

impl OnRecord {
    /// The record could not be read.
    pub(super) const fn unknown() -> Self {
        Self { status: StatusFact::Unknown, card: None, device_ended: false }
    }

    /// Nothing like it was ever signed here.
    const fn nothing() -> Self {
        Self { status: StatusFact::NotRecorded, card: None, device_ended: false }
    }

    /// Of a printed code.
    pub(super) fn printed(opened: &Opened, found: Option<ScannedCard>, now: DateTime<Utc>) -> Self {
        let Some(found) = found.filter(|found| found.is_said_by(opened)) else {
            return Self::nothing();
        };
        let status = match status_of(found.card.state) {
            CertificateStatus::Valid if found.waits => CertificateStatus::NotYetValid,
            status => status,
        };
        let status = StatusFact::Fresh { status, as_of: now.timestamp() };
        Self { status, card: Some(found.card), device_ended: false }
    }

    /// Of a phone's code. The end of the phone counts as in its status list: what ended the
    /// certificate for good comes first.
    pub(super) fn phone(opened: &Opened, found: Option<ScannedPhone>, now: DateTime<Utc>) -> Self {
        let Some(found) = found.filter(|found| found.is_said_by(opened)) else {
            // A credential that ended long ago is on record no more. It shows nothing any more
            // either, and is no forgery for that.
            let forgotten = is_forgotten(opened.credential.expires, now);
            return if forgotten { Self::unknown() } else { Self::nothing() };
        };
        let device_ended = found.ended_at.is_some();
        // Its own dates are of one day: those of the certificate are asked here.
        let status = status_of(state_on(&found.card, local_date(now)));
        let status = status_of_phone(status, device_ended);
        let status = StatusFact::Fresh { status, as_of: now.timestamp() };
        Self { status, card: Some(found.card), device_ended }
    }

    /// Judges the code.
    pub(super) fn judge(&self, opened: &Opened, now: DateTime<Utc>, seen: Seen) -> Judgement {
        judge(
            opened,
            Circumstances {
                moment: Moment { now: now.timestamp(), floor: None },
                status: self.status,
                // What is recorded here was issued here: a compromised key's own codes still hold.
                // Where the record cannot be read, that is said, and not that the code is false.
                known_genuine: self.card.is_some() || self.status == StatusFact::Unknown,
                replayed: seen.before,
                challenged: seen.challenged,
            },
        )
    }
}

/// The status that a state is to whoever sees a code.
pub const fn status_of(state: CertificateState) -> CertificateStatus {
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

/// The same of a phone's code: what ended the certificate for good comes before the phone's end.
pub const fn status_of_phone(status: CertificateStatus, ended: bool) -> CertificateStatus {
    match status {
        CertificateStatus::Lost | CertificateStatus::Revoked | CertificateStatus::Cancelled => {
            status
        }
        _ if ended => CertificateStatus::Invalid,
        status => status,
    }
}
