//! How one certificate follows another, so that there is no moment in which an officer who may act
//! has nothing to show.
//!
//! - A certificate in force stays so until the one that follows it is handed over, and ends in that
//!   very transaction.
//! - With the issue of the next ends only what nobody relies on: a lost one, and one that was never
//!   handed over.
//! - A certificate that waits for its handover does not outlive the one before it: where that is
//!   revoked, or its holder leaves, it is cancelled too. Cancelled or expired before its handover,
//!   it leaves the one before it as it is.

use chrono::NaiveDate;
use entities::certificate;
use entities::enums::{ApplicationAct, CertificateAct, CertificateState};

use super::rules::grounds::Ground;
use super::rules::lifecycle;
use super::steps::{StepTaken, expiry};
use super::store::state_on;

/// The ground on which an application's certificate ends the one before it.
pub(super) const fn ground(act: Option<ApplicationAct>) -> Ground {
    match act {
        Some(ApplicationAct::Renewal) => Ground::Renewed,
        _ => Ground::Replaced,
    }
}

/// The end of a certificate for another: what has run out is recorded as expired, what is lost is
/// cancelled for its loss.
fn end(row: &certificate::Model, ground: Ground, day: NaiveDate) -> Option<StepTaken> {
    let ground = match state_on(row, day) {
        CertificateState::Expired => return expiry(row),
        CertificateState::Lost => Ground::Loss,
        _ => ground,
    };
    let transition = lifecycle::transition(Some(row.state), CertificateAct::Cancel)?;
    Some(StepTaken {
        certificate: row.clone(),
        transition,
        ground: Some(ground),
        suspended_until: None,
        policy: None,
    })
}

/// What ends when the next certificate is issued.
pub(super) fn with_issue(held: &[certificate::Model], day: NaiveDate) -> Vec<StepTaken> {
    held.iter()
        .filter(|row| state_on(row, day) != CertificateState::Active)
        .filter_map(|row| end(row, Ground::Replaced, day))
        .collect()
}

/// What ends when one from before this system is confirmed as in force: what was lost, and what has
/// run out. What waits for its handover follows the one that is confirmed.
pub(super) fn with_confirmed(held: &[certificate::Model], day: NaiveDate) -> Vec<StepTaken> {
    use CertificateState::{Expired, Lost};
    held.iter()
        .filter(|row| matches!(state_on(row, day), Lost | Expired))
        .filter_map(|row| end(row, Ground::Replaced, day))
        .collect()
}

/// What ends when a certificate is handed over: all else that its holder has.
pub(super) fn with_handover(
    next: &certificate::Model,
    held: &[certificate::Model],
    ground: Ground,
    day: NaiveDate,
) -> Vec<StepTaken> {
    let others = held.iter().filter(|row| row.id != next.id);
    others.filter_map(|row| end(row, ground, day)).collect()
}

/// What ends together with a certificate that is revoked, or cancelled by hand.
pub(super) fn with_end(
    step: &StepTaken,
    held: &[certificate::Model],
    day: NaiveDate,
) -> Vec<StepTaken> {
    use CertificateState::{Active, Issued, Suspended};
    let ended = &step.certificate;
    let in_force = lifecycle::is_in_force(ended.state);
    let (states, ground): (&[CertificateState], _) = match (step.transition.act, step.ground) {
        (CertificateAct::Revoke, _) => (&[Issued], Ground::PredecessorRevoked),
        (CertificateAct::Cancel, Some(ground)) if ground.ends_everything() => {
            (&[Issued, Active, Suspended], ground)
        }
        (CertificateAct::Cancel, Some(ground)) if in_force => (&[Issued], ground),
        _ => return Vec::new(),
    };
    let others = held.iter().filter(|row| row.id != ended.id);
    others
        .filter(|row| states.contains(&state_on(row, day)))
        .filter_map(|row| end(row, ground, day))
        .collect()
}
