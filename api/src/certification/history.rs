//! Was this officer authorised at that moment? Answered from the events, which are never changed.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::CertificateState;
use entities::ids::{AgencyId, CertificateId, PersonId};
use entities::{certificate, certificate_event};
use sea_orm::ConnectionTrait;

use super::rules::lifecycle;
use super::store::{self, Side, UnitRow};
use crate::access::Scope;
use crate::platform::clock::local_date;
use crate::platform::failure::Fault;

/// How a certificate stood at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which certificate.
    pub certificate: CertificateId,
    /// The unit it was held in then, under the name of that day.
    pub unit: Unit,
    /// Its effective state.
    pub state: CertificateState,
    /// Whether its holder was authorised by it.
    pub authorised: bool,
}

/// A unit under a name it bore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Which agency.
    pub id: AgencyId,
    /// Its name then.
    pub name: String,
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
    let units = store::units(db, &[id]).await?;
    standing(row, &events, &units, moment)
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
    let units = store::units(db, &ids).await?;
    let of = |row: &certificate::Model| -> Vec<certificate_event::Model> {
        events.iter().filter(|e| e.certificate_id == row.id).cloned().collect()
    };
    rows.iter().filter_map(|row| standing(row, &of(row), &units, moment).transpose()).collect()
}

/// The state after the last event that had taken effect, read on that moment's day. `events` are
/// of the certificate, oldest first.
fn standing(
    row: &certificate::Model,
    events: &[certificate_event::Model],
    units: &HashMap<CertificateId, UnitRow>,
    moment: DateTime<Utc>,
) -> Result<Option<Standing>, Fault> {
    let Some(last) = events.iter().rfind(|event| event.at <= moment) else { return Ok(None) };
    let day = local_date(moment);
    let state = lifecycle::state_on(last.to_state, row.valid_until, day);
    let unit = units.get(&row.id).ok_or_else(|| Fault::stored("a certificate without a unit"))?;
    Ok(Some(Standing {
        certificate: row.id,
        unit: unit_on(unit, day)?,
        state,
        authorised: authorises(state, row.valid_from, day),
    }))
}

/// The unit of a certificate on a day: the one it was issued in, or what a reform made of it since.
fn unit_on(row: &UnitRow, day: NaiveDate) -> Result<Unit, Fault> {
    let then = row.successions()?.into_iter().rfind(|s| s.on <= day && s.agency.is_some());
    Ok(match then.map(|s| (s.agency, s.name)) {
        Some((Some(id), Some(name))) => Unit { id, name },
        _ => Unit { id: row.unit_id, name: row.unit_name.clone() },
    })
}

/// Only what was handed over and is neither suspended nor ended authorises.
fn authorises(state: CertificateState, valid_from: NaiveDate, day: NaiveDate) -> bool {
    state == CertificateState::Active && valid_from <= day
}
