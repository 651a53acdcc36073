//! The look-up by number, for a code that cannot be read: certificate number and the holder's full
//! name together, counted by place and in all, one answer for every miss, never a list.
//!
//! A hit is judged and shown like a scan. A miss costs the same one statement and tells nothing:
//! no such number, another name and a number of no form at all are the same to whoever asks.

use std::net::IpAddr;

use chrono::{Duration, NaiveDate};
use entities::enums::CertificateState;
use entities::public_card;
use mobile_contract::Verdict;
use sea_orm::ConnectionTrait;
use tokio::time::timeout;

use super::page::CodeKind;
use super::scan::{PATIENCE, Scan, shown, shown_card};
use crate::access::Scope;
use crate::credentials::card_by_number;
use crate::platform::Platform;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;
use crate::platform::spelling::{compact, name_as_compared};
use crate::platform::texts::Locale;
use crate::platform::throttle::{Allowance, neighbourhood};

/// Look-ups from one place within [`PLACE_WINDOW`]: many phones of a carrier share an address.
pub const FROM_ONE_PLACE: u32 = 30;
/// Over how long those of one place are counted.
pub const PLACE_WINDOW: Duration = Duration::minutes(10);
/// Look-ups from all places within [`ALL_WINDOW`]: many places together get no further.
pub const FROM_ALL: u32 = 1_200;
/// Over how long those of all places are counted.
pub const ALL_WINDOW: Duration = Duration::minutes(1);

/// A number and a name, as they are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    number: String,
    name: String,
}

impl Typed {
    /// Mends widths, spaces and dots; `None` where one of them is blank.
    pub fn read(number: &str, name: &str) -> Option<Self> {
        let typed = Self { number: compact(number), name: name_as_compared(name) };
        (!typed.number.is_empty() && !typed.name.is_empty()).then_some(typed)
    }
}

/// What a look-up answers.
#[derive(Debug)]
pub enum Answer {
    /// Number and name are one certificate's: it is shown like a scan.
    Found(Box<Scan>),
    /// They are not.
    NoMatch,
    /// Too many were made from there, or in all.
    TooMany {
        /// Seconds until the next may be made.
        retry_after: u32,
    },
    /// The database does not answer.
    Down,
}

/// Looks a certificate up for anyone. `place` is where the request comes from; all for whom that
/// is not known are counted as one.
pub async fn look_up(
    platform: &Platform,
    place: Option<IpAddr>,
    typed: &Typed,
    locale: Locale,
) -> Answer {
    let now = platform.now();
    if let Allowance::TooMany { retry_after } = count(platform, "look-up", place, FROM_ALL).await {
        return Answer::TooMany { retry_after };
    }
    match timeout(PATIENCE, find(platform.db.lookups(), typed)).await {
        Ok(Ok(Some(card))) => {
            let verdict = judge(&card, local_date(now));
            let card = shown_card(platform, card, false, locale);
            Answer::Found(Box::new(Scan {
                verdict: shown(verdict, Some(card.validity()), now),
                card: Some(card),
                code: CodeKind::Typed,
                checked_at: now,
                showing: None,
            }))
        }
        Ok(Ok(None)) => Answer::NoMatch,
        Ok(Err(error)) => {
            tracing::error!(%error, "a certificate could not be looked up");
            Answer::Down
        }
        Err(_) => {
            tracing::error!("a look-up was waited for too long");
            Answer::Down
        }
    }
}

/// Counts what anyone may ask for or send by typing, by place and in all: `what` names it in the
/// counters, `all` is how many of it all places together may within [`ALL_WINDOW`].
pub async fn count(platform: &Platform, what: &str, place: Option<IpAddr>, all: u32) -> Allowance {
    let place = place.map(|place| neighbourhood(place).to_string()).unwrap_or_default();
    for (key, limit, window) in [
        (format!("{what} from {place}"), FROM_ONE_PLACE, PLACE_WINDOW),
        (format!("{what}s"), all, ALL_WINDOW),
    ] {
        let counted = platform.throttle.hit(&key, limit, window, platform.now()).await;
        if counted != Allowance::Allowed {
            return counted;
        }
    }
    Allowance::Allowed
}

/// The card whose number and name these are. One statement, whatever was typed.
pub async fn find(
    db: &impl ConnectionTrait,
    typed: &Typed,
) -> Result<Option<public_card::Model>, Fault> {
    let card = card_by_number(db, &Scope::Everything, &typed.number).await?;
    Ok(card.filter(|card| name_as_compared(&card.name) == typed.name))
}

/// The verdict on a certificate without a code, in the same order of precedence.
pub(super) fn judge(card: &public_card::Model, today: NaiveDate) -> Verdict {
    match card.state {
        CertificateState::Lost => Verdict::Lost,
        CertificateState::Revoked => Verdict::Revoked,
        CertificateState::Cancelled => Verdict::Cancelled,
        CertificateState::Suspended => Verdict::Suspended,
        CertificateState::Issued => Verdict::NotYetValid,
        CertificateState::Active | CertificateState::Expired if today < card.valid_from => {
            Verdict::NotYetValid
        }
        CertificateState::Active if today <= card.valid_until => Verdict::Valid,
        CertificateState::Active | CertificateState::Expired => Verdict::Expired,
    }
}
