//! The life of a certificate (domain §3; `docs/domain.md`): states, acts, and what a state means
//! on a day and in public.

use chrono::{Days, NaiveDate};
use entities::enums::{CertificateAct, CertificateState};

use super::grounds::{self, Ground};
use crate::access::Permission;
pub use crate::officers::rules::{is_in_force, state_on};

use CertificateAct::{
    Cancel, Confirm, Expire, Extend, HandOver, Issue, Lift, Reissue, ReportLoss, Revoke, Suspend,
};
use CertificateState::{Active, Cancelled, Expired, Issued, Lost, Revoked, Suspended};

/// A row of the table: the act leads from the state to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// State before; none for a certificate that is issued.
    pub from: Option<CertificateState>,
    /// The act.
    pub act: CertificateAct,
    /// State after.
    pub to: CertificateState,
    /// Grounds of which one must be given; empty where none is asked for.
    pub grounds: &'static [Ground],
}

const fn row(
    from: Option<CertificateState>,
    act: CertificateAct,
    to: CertificateState,
    grounds: &'static [Ground],
) -> Transition {
    Transition { from, act, to, grounds }
}

/// Every step there is; whatever is not here is refused.
///
/// - A suspension does not end by the clock, not even by expiry: whoever suspended decides. So a
///   suspended certificate keeps its holder from a new one until then.
/// - A loss is reported of a certificate in force only. Of a suspended one it would end the
///   suspension by the holder's own word.
/// - What was lost can only be cancelled for the loss, and keeps scanning as lost: whoever finds
///   the card is told so.
/// - What was issued and never handed over can be cancelled: the holder may leave before.
/// - A certificate stays in force until the one that follows it is handed over; see `succession`.
pub const TRANSITIONS: [Transition; 14] = [
    row(None, Issue, Issued, &[]),
    row(Some(Issued), HandOver, Active, &[]),
    row(Some(Active), Suspend, Suspended, &grounds::SUSPENSION),
    row(Some(Suspended), Extend, Suspended, &[]),
    row(Some(Suspended), Lift, Active, &grounds::LIFTING),
    row(Some(Active), Revoke, Revoked, &grounds::REVOCATION),
    row(Some(Suspended), Revoke, Revoked, &grounds::REVOCATION),
    row(Some(Issued), Cancel, Cancelled, &grounds::CANCELLATION),
    row(Some(Active), Cancel, Cancelled, &grounds::CANCELLATION),
    row(Some(Suspended), Cancel, Cancelled, &grounds::CANCELLATION),
    row(Some(Lost), Cancel, Cancelled, &grounds::CANCELLATION_FOR_LOSS),
    row(Some(Active), ReportLoss, Lost, &grounds::LOSS),
    row(Some(Issued), Expire, Expired, &[]),
    row(Some(Active), Expire, Expired, &[]),
];

/// The step of an act in a state; `None` where the act is not possible.
pub fn transition(from: Option<CertificateState>, act: CertificateAct) -> Option<Transition> {
    TRANSITIONS.into_iter().find(|row| row.from == from && row.act == act)
}

/// The handover of a code that was signed anew: its certificate is in force, and stays so.
pub fn hand_over_of_a_code(state: CertificateState) -> Option<Transition> {
    (state == Active).then(|| row(Some(Active), HandOver, Active, &[]))
}

/// The permission an act needs; `None` for what only the clock does, and for what begins with a
/// decision on something else: the claim of an existing certificate, the application for a code.
pub const fn permission(act: CertificateAct) -> Option<Permission> {
    match act {
        Issue => Some(Permission::IssueCertificates),
        HandOver | ReportLoss => Some(Permission::HandOverCertificates),
        Suspend => Some(Permission::SuspendCertificates),
        Extend | Lift => Some(Permission::LiftSuspensions),
        Revoke | Cancel => Some(Permission::EndCertificates),
        Expire | Confirm | Reissue => None,
    }
}

/// Whether only the authority that issued it may act (domain §1): suspending is also open to the
/// supervision body as an urgent measure, handover and loss are the agency's.
pub const fn is_the_issuers(act: CertificateAct) -> bool {
    matches!(act, Issue | Extend | Lift | Revoke | Cancel)
}

/// States that nothing leads out of: a later certificate is a new record.
pub const fn is_terminal(state: CertificateState) -> bool {
    matches!(state, Revoked | Cancelled | Expired)
}

/// The state as the public learns it: what was cancelled for loss still reads lost.
pub fn public(state: CertificateState, ground: Option<Ground>) -> CertificateState {
    match (state, ground) {
        (Cancelled, Some(Ground::Loss)) => Lost,
        (state, _) => state,
    }
}

/// The last valid day of a certificate issued on a day: `years` later, the day before.
/// 29 February counts as the 28th where there is none.
pub fn valid_until(issued_on: NaiveDate, years: u32) -> Option<NaiveDate> {
    issued_on.checked_add_months(chrono::Months::new(years.checked_mul(12)?))?.pred_opt()
}

/// The planned end of a suspension, `None` where more days are asked for than the cap allows.
/// Reaching it lifts nothing by itself.
pub fn suspended_until(
    day: NaiveDate,
    days: Option<u32>,
    default: u32,
    cap: u32,
) -> Option<NaiveDate> {
    let days = days.unwrap_or(default);
    if !(1..=cap).contains(&days) {
        return None;
    }
    day.checked_add_days(Days::new(days.into()))
}

/// Why a suspension is not extended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotExtended {
    /// It was extended once already.
    Already,
    /// None or more days than the cap leaves, counted from the suspension.
    Days {
        /// Days it leaves.
        left: u32,
    },
}

/// The new planned end of a suspension that began on a day and was to end on another: once, and in
/// all within the cap.
pub fn extended_until(
    suspended_on: NaiveDate,
    until: NaiveDate,
    extended: bool,
    days: u32,
    cap: u32,
) -> Result<NaiveDate, NotExtended> {
    if extended {
        return Err(NotExtended::Already);
    }
    let latest = suspended_on.checked_add_days(Days::new(cap.into())).unwrap_or(NaiveDate::MAX);
    let left = u32::try_from((latest - until).num_days()).unwrap_or(0);
    if !(1..=left).contains(&days) {
        return Err(NotExtended::Days { left });
    }
    until.checked_add_days(Days::new(days.into())).ok_or(NotExtended::Days { left })
}
