//! The look-up of a hotline's operator on behalf of a caller: by number, and by the name too where
//! the caller gives it. Within the operator's scope, counted by account, each in the audit log.

use chrono::{DateTime, Duration, Utc};
use entities::public_card;
use serde_json::json;

use super::lookup::judge;
use super::scan::shown;
use super::shown_verdict::ShownVerdict;
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::credentials::card_by_number;
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::platform::spelling::{compact, name_as_compared};
use crate::platform::throttle::Allowance;

/// Look-ups of one account within [`WINDOW`]: more than anyone makes who talks to callers.
pub const BY_ONE_ACCOUNT: u32 = 60;
/// Over how long they are counted.
pub const WINDOW: Duration = Duration::minutes(10);
/// The word in the audit log for a look-up on behalf of a caller.
pub const LOOKED_UP: &str = "certificate.look_up";

/// What an operator is answered.
#[derive(Debug)]
pub enum Answer {
    /// The certificate as anyone may see it.
    Found(Box<Found>),
    /// No certificate of that number is within the scope.
    NoMatch,
    /// Too many were made by this account.
    TooMany,
}

/// A certificate that was looked up.
#[derive(Debug)]
pub struct Found {
    /// What the public may know of it.
    pub card: public_card::Model,
    /// The verdict, as the public reads it.
    pub verdict: ShownVerdict,
    /// Whether the name that was given is the holder's; `None` where none was given.
    pub name_matches: Option<bool>,
    /// The time of the answer.
    pub checked_at: DateTime<Utc>,
}

/// Looks a certificate up for a caller. It is written to the audit log before it is answered.
pub async fn look_up(
    platform: &Platform,
    actor: &Actor,
    number: &str,
    name: Option<&str>,
) -> Result<Answer, Fault> {
    let now = platform.now();
    let key = format!("look-up by {}", actor.audit_name());
    let allowance = platform.throttle.hit(&key, BY_ONE_ACCOUNT, WINDOW, now).await;
    if allowance != Allowance::Allowed {
        return Ok(Answer::TooMany);
    }
    let scope = Scope::of(actor, Permission::LookUpCertificates);
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let card = card_by_number(uow.tx(), &scope, &compact(number)).await?;
    let (stream, subject) = match &card {
        Some(card) => (Stream::Agency(card.agency_id), encode(card.certificate_id)),
        // What was asked for may be anything: only who asked is kept.
        None => (Stream::System, actor.account().map(encode).unwrap_or_default()),
    };
    uow.record(stream, LOOKED_UP, subject, json!({ "found": card.is_some() }));
    let (now, today) = (uow.now(), uow.today());
    uow.commit().await?;
    let Some(card) = card else { return Ok(Answer::NoMatch) };
    let verdict = shown(judge(&card, today), Some((card.valid_from, card.valid_until)), now);
    let name_matches = name.map(|name| name_as_compared(name) == name_as_compared(&card.name));
    Ok(Answer::Found(Box::new(Found { card, verdict, name_matches, checked_at: now })))
}
