//! What became of an officer's certificates in practice: to whom they were shown is nowhere, but when,
//! for which task and beside whom; the phones that show them; what supervisors' checks found.

use chrono::{DateTime, Utc};
use entities::enums::{DeviceEnd, SecondAnswer};
use entities::ids::{PersonId, PolicyId};
use sea_orm::DatabaseTransaction;

use super::file::{Check, Found, Named, Phone, Showing};
use super::narrowed;
use crate::access::{Permission, Scope};
use crate::checks::{self, About};
use crate::credentials::showings::{Finding, findings};
use crate::devices;
use crate::graphql::ids::encode;
use crate::organisations::codes;
use crate::platform::actor::Actor;
use crate::platform::failure::Fault;
use crate::showings::{self, ShowingRow, Whose};

/// Showings, phones and checks, each the newest, oldest first, and how many there are.
pub(super) struct Practice {
    pub showings: (Vec<ShowingRow>, u64),
    pub phones: (Vec<entities::device::Model>, u64),
    pub checks: (Vec<About>, u64),
}

/// Reads them within a scope: showings and checks, which say roughly where somebody was, as far as the
/// actor may read them elsewhere too.
pub(super) async fn practice_of(
    tx: &DatabaseTransaction,
    scope: &Scope,
    actor: &Actor,
    person: PersonId,
    most: u64,
) -> Result<Practice, Fault> {
    let within = |permission| narrowed(scope.clone(), actor, permission);
    let showings = Whose::Of(person, within(Permission::ReadShowings));
    let checks = within(Permission::ReadCheckRecords);
    Ok(Practice {
        showings: showings::newest(tx, &showings, most).await?,
        phones: devices::newest_of(tx, person, most).await?,
        checks: checks::newest_about(tx, &checks, person, most).await?,
    })
}

impl Practice {
    /// Every version of a policy that was applied.
    pub fn policies(&self) -> impl Iterator<Item = PolicyId> {
        let showings = self.showings.0.iter().map(|row| row.showing.policy_id);
        showings.chain(self.checks.0.iter().map(|check| check.row.policy_id))
    }
}

/// A showing as one of its two officers took part in it.
///
/// Whether somebody scanned it is said once it is over: before, whoever asks on and on would learn
/// that somebody does so just now.
pub(super) fn showing(row: ShowingRow, person: PersonId, now: DateTime<Utc>) -> Showing {
    let ShowingRow { showing: row, number, division_name, second_number, .. } = row;
    let found =
        |found: Finding| Found { subject: found.subject.code(), finding: found.finding.code() };
    Showing {
        id: encode(row.id),
        part: if row.person_id == person { "FIRST" } else { "SECOND" },
        kind: row.kind.code(),
        checks: findings(&row).into_iter().map(found).collect(),
        notice_number: row.notice_number,
        task: row.task,
        field_codes: row.field_codes,
        place: row.division_code.zip(division_name).map(|(id, name)| Named { id, name }),
        certificate_number: number,
        second_certificate_number: second_number,
        second_answer: row.second_answer.map(SecondAnswer::code),
        second_answered_at: row.second_answered_at,
        second_confirmed_at: row.second_confirmed_at,
        alone_reason: row.alone_reason,
        joint_authorisation_id: row.authorisation_id.map(encode),
        started_at: row.started_at,
        ends_at: row.ends_at,
        ended_at: row.ended_at,
        scanned: (row.ended_at.unwrap_or(row.ends_at) <= now).then_some(row.scanned),
        kept_until: row.kept_until,
        policy_id: encode(row.policy_id),
    }
}

/// A phone; what its holder calls it stays with the holder.
pub(super) fn phone(row: entities::device::Model) -> Phone {
    Phone {
        id: encode(row.id),
        algorithm: row.algorithm.code(),
        public_key: hex::encode(row.public_key),
        attestation: row.attestation.code(),
        enrolled_at: row.enrolled_at,
        ended_at: row.ended_at,
        end_reason: row.end_reason.map(DeviceEnd::code),
    }
}

/// A record of a check, without who recorded it.
pub(super) fn check(About { row, number }: About) -> Check {
    Check {
        id: encode(row.id),
        sha256: hex::encode(row.hash),
        certificate_number: number,
        seen: row.seen.code(),
        happened_from: row.from_at,
        received_at: row.received_at,
        place: row.place,
        app_verdict: row.app_verdict,
        verdict: row.verdict,
        grade: row.grade.code(),
        outcome: if row.conflicted { "CONFLICT".to_owned() } else { row.outcome.code() },
        reasons: codes(&row.reasons),
        policy_id: encode(row.policy_id),
    }
}
