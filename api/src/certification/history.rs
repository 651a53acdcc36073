//! Was this officer authorised at that moment? Answered from the events, which are never changed.

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::CertificateState;
use entities::ids::{CertificateId, PersonId};
use entities::{certificate, certificate_event};
use sea_orm::ConnectionTrait;

use super::rules::lifecycle;
use super::store::{self, Side};
use crate::access::Scope;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// How a certificate stood at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which certificate.
    pub certificate: CertificateId,
    /// Its effective state.
    pub state: CertificateState,
    /// Whether its holder was authorised by it.
    pub authorised: bool,
}

/// How a certificate stood at a moment; `None` where it was not issued yet, does not exist or
/// lies outside the scope.
pub async fn certificate_at(
    db: &impl ConnectionTrait,
    scope: &Scope,
    id: CertificateId,
    moment: DateTime<Utc>,
) -> Result<Option<Standing>, Fault> {
    let rows = store::certificates(db, scope, Side::Agency, &[id]).await?;
    let Some(row) = rows.get(&id) else { return Ok(None) };
    let events = store::events(db, &[id]).await?;
    Ok(standing(row, &events, moment))
}

/// Every certificate of a person as it stood at a moment, newest first. The person was
/// authorised if one of them says so.
pub async fn person_at(
    db: &impl ConnectionTrait,
    scope: &Scope,
    person: PersonId,
    moment: DateTime<Utc>,
) -> Result<Vec<Standing>, Fault> {
    let rows = store::certificates_of(db, scope, person).await?;
    let ids: Vec<CertificateId> = rows.iter().map(|row| row.id).collect();
    let events = store::events(db, &ids).await?;
    let of = |row: &certificate::Model| -> Vec<certificate_event::Model> {
        events.iter().filter(|e| e.certificate_id == row.id).cloned().collect()
    };
    Ok(rows.iter().filter_map(|row| standing(row, &of(row), moment)).collect())
}

/// The state after the last event that had taken effect, read on that moment's day. `events` are
/// of the certificate, oldest first.
fn standing(
    row: &certificate::Model,
    events: &[certificate_event::Model],
    moment: DateTime<Utc>,
) -> Option<Standing> {
    let last = events.iter().rfind(|event| event.at <= moment)?;
    let day = local_date(moment);
    let state = lifecycle::effective(last.to_state, row.valid_until, day);
    Some(Standing {
        certificate: row.id,
        state,
        authorised: authorises(state, row.valid_from, day),
    })
}

/// Only what was handed over and is neither suspended nor ended authorises.
fn authorises(state: CertificateState, valid_from: NaiveDate, day: NaiveDate) -> bool {
    state == CertificateState::Active && valid_from <= day
}
