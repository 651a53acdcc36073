//! Was this officer authorised at that moment? Answered from the events, which are never changed.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{CertificateAct, CertificateState};
use entities::ids::{AgencyId, CertificateId, PersonId};
use entities::{certificate, certificate_event};
use sea_orm::ConnectionTrait;

use super::rules::grounds::Ground;
use super::rules::lifecycle;
use super::store::{self, Side, UnitRow};
use crate::access::Scope;
use crate::platform::clock::{end_of_day, local_date, start_of_day};
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

/// A certificate's whole life, from which its states over a time are read.
#[derive(Clone, Debug)]
pub struct Life {
    row: certificate::Model,
    /// Oldest first.
    events: Vec<certificate_event::Model>,
}

/// The lives of certificates within a scope.
pub async fn lives_of(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[CertificateId],
) -> Result<HashMap<CertificateId, Life>, Fault> {
    let rows = store::certificates(db, scope, Side::Agency, ids).await?;
    let mut lives: HashMap<CertificateId, Life> =
        rows.into_iter().map(|(id, row)| (id, Life { row, events: Vec::new() })).collect();
    for event in store::events(db, ids).await? {
        if let Some(life) = lives.get_mut(&event.certificate_id) {
            life.events.push(event);
        }
    }
    Ok(lives)
}

impl Life {
    /// The state at the beginning of a time and after each moment within it in which it may have
    /// changed, its end included; by the clock too. It is the public state: what was cancelled for
    /// loss reads lost, and what is not valid yet reads issued.
    pub fn states(
        &self,
        from: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Vec<(DateTime<Utc>, CertificateState)> {
        let days = [start_of_day(self.row.valid_from), end_of_day(self.row.valid_until)];
        let mut moments: Vec<DateTime<Utc>> = self.events.iter().map(|event| event.at).collect();
        moments.extend(days);
        moments.retain(|at| from < *at && *at <= until);
        moments.push(from);
        moments.sort_unstable();
        moments.dedup();
        moments.into_iter().map(|at| (at, self.state_at(at))).collect()
    }

    fn state_at(&self, at: DateTime<Utc>) -> CertificateState {
        let day = local_date(at);
        let Some(last) = self.events.iter().rfind(|event| event.at <= at) else {
            return CertificateState::Issued;
        };
        let ground = last.ground.as_deref().and_then(Ground::from_code);
        match lifecycle::state_on(last.to_state, self.row.valid_until, day) {
            CertificateState::Active if day < self.row.valid_from => CertificateState::Issued,
            state => lifecycle::public(state, ground),
        }
    }

    /// Whether a code that was signed at a moment waits at another for its handover, though its
    /// certificate is in force.
    pub fn waits(&self, signed_at: DateTime<Utc>, at: DateTime<Utc>) -> bool {
        // By the order of the acts: a card may be handed over in the moment in which it is made.
        let mut acts = self.events.iter();
        acts.any(|event| event.act == CertificateAct::Reissue && event.at == signed_at)
            && !acts.any(|event| event.act == CertificateAct::HandOver && event.at <= at)
    }
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
