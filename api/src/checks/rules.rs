//! What is made of a check record, without a database and without a clock (`docs/credential.md` §6).
//!
//! A check happened between two moments that the server can vouch for. The phone's own clocks only
//! say where between them it may have been; nothing is decided by them.

use chrono::{DateTime, TimeDelta, Utc};
use entities::enums::{CheckGrade, CheckOutcome};
use mobile_contract::judge::{FRESH_SECONDS, FUTURE_SECONDS};
use mobile_contract::record::{CheckRecord, Since};
use mobile_contract::{
    CertificateStatus, Circumstances, Evidence, Moment, Opened, Refusal, Shown, StatusFact,
    Verdict, judge as judge_code,
};

use crate::credentials;

mod chain;
mod ledger;
mod presentation;

pub use chain::{Beside, ChainReason, chain_reasons};
pub use ledger::{Ledger, Placed};
pub use presentation::presentation;

#[cfg(test)]
mod tests;

/// How far a phone's clock may lie outside of what is possible before that is told.
const CLOCK_TOLERANCE: TimeDelta = TimeDelta::minutes(5);

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)+) => {
        /// What is odd about a record.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, async_graphql::Enum)]
        #[graphql(name = "CheckReason")]
        pub enum Reason {
            $($(#[$doc])* $name,)+
        }

        impl Reason {
            /// Every reason, in the order in which they are told.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The word in the database and in GraphQL.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)+
                }
            }
        }
    };
}

reasons! {
    /// What is to be said of the code was not the same throughout the time in which the check
    /// happened.
    StatusChanged = "STATUS_CHANGED",
    /// The app said something else than the server.
    VerdictContradicted = "VERDICT_CONTRADICTED",
    /// It was received after the window: a reason is asked for.
    LateEntry = "LATE_ENTRY",
    /// It was received so late that no reason is taken any more.
    TooLate = "TOO_LATE",
    /// The phone had ended before the check.
    AfterDeviceEnd = "AFTER_DEVICE_END",
    /// The phone has ended since; whether before the check is not to be told.
    DeviceEndedMeanwhile = "DEVICE_ENDED_MEANWHILE",
    /// The holder's phone claims a time that had not come when the record was received: it is not
    /// taken for anything.
    ShownInFuture = "SHOWN_IN_FUTURE",
    /// The mark of the last sync is none that was given to this phone: it is not taken for anything.
    MarkUnknown = "MARK_UNKNOWN",
    /// The phone's wall clock says a time outside of what is possible.
    ClockWrong = "CLOCK_WRONG",
}

/// The status at the beginning of a time, and after each change within it.
pub type Statuses<'a> =
    dyn Fn(DateTime<Utc>, DateTime<Utc>) -> Vec<(DateTime<Utc>, CertificateStatus)> + 'a;

/// What the database knows of a code that was issued here.
#[derive(Clone, Copy)]
pub struct Code<'a> {
    /// Nobody can have seen it before.
    pub since: DateTime<Utc>,
    /// The status over a time.
    pub statuses: &'a Statuses<'a>,
}

/// What is known besides the record.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// When it was received first.
    pub received: DateTime<Utc>,
    /// When the phone was enrolled, and when it ended, if it has.
    pub device: (DateTime<Utc>, Option<DateTime<Utc>>),
    /// Whether the record's mark is one that was given to this phone.
    pub mark_is_ours: bool,
    /// The code, where it was opened and is on record as what it says.
    pub code: Option<Code<'a>>,
    /// The longest time from a check to its receipt, and the longest for which a reason is taken.
    pub window: (TimeDelta, TimeDelta),
}

/// What was judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The check happened at this time or later.
    pub from: DateTime<Utc>,
    /// When the phone's clocks say it happened, within what is possible.
    pub about: DateTime<Utc>,
    /// What the server says of the code, where it is the same throughout.
    pub verdict: Option<Verdict>,
    /// How much it proves.
    pub grade: CheckGrade,
    /// What is made of it.
    pub outcome: CheckOutcome,
    /// Why, in the order of [`Reason::ALL`].
    pub reasons: Vec<Reason>,
}

/// Judges a record. `opened` is its code as the server's keys open it; none where there is none.
pub fn judge(
    record: &CheckRecord,
    opened: Option<&Result<Opened, Refusal>>,
    context: &Context<'_>,
) -> Judged {
    let mut reasons = Vec::new();
    let (from, shown_in_future) = begins(record, opened, context);
    let received = context.received;
    let about = about(record, context).clamp(from, received);
    let seen = match (opened, record.verdict) {
        (Some(opened), Some(app)) if !is_forgotten(opened, from, context) => {
            Some(code_seen(opened, app, from, context))
        }
        _ => None,
    };
    if let Some(seen) = &seen {
        let contradicted = seen.verdict.is_some_and(|verdict| !agrees(seen.app, verdict));
        tell(&mut reasons, Reason::StatusChanged, seen.verdict.is_none());
        tell(&mut reasons, Reason::VerdictContradicted, contradicted);
    }
    let (window, latest) = context.window;
    let late = received - from > window;
    tell(&mut reasons, Reason::LateEntry, late);
    tell(&mut reasons, Reason::TooLate, late && received - from > latest);
    let ended = context.device.1.filter(|ended| *ended <= received);
    let after_end = ended.is_some_and(|ended| ended <= from);
    tell(&mut reasons, Reason::AfterDeviceEnd, after_end);
    tell(&mut reasons, Reason::DeviceEndedMeanwhile, ended.is_some() && !after_end);
    tell(&mut reasons, Reason::ShownInFuture, shown_in_future);
    tell(&mut reasons, Reason::MarkUnknown, record.mark.is_some() && !context.mark_is_ours);
    tell(&mut reasons, Reason::ClockWrong, clock_is_wrong(record, from, received));

    let disputed = [Reason::StatusChanged, Reason::VerdictContradicted, Reason::AfterDeviceEnd];
    let outcome = if disputed.iter().any(|reason| reasons.contains(reason)) {
        CheckOutcome::Disputed
    } else if late {
        CheckOutcome::Late
    } else if seen.is_some() {
        CheckOutcome::Confirmed
    } else {
        CheckOutcome::Noted
    };
    Judged {
        from,
        about,
        verdict: seen.as_ref().and_then(|seen| seen.verdict),
        grade: seen.map_or(CheckGrade::None, |seen| seen.grade),
        outcome,
        reasons,
    }
}

/// Whether a phone's credential is on record no more, and may have been when it was checked: it is no
/// forgery for that, and nothing else can be said of it.
fn is_forgotten(
    opened: &Result<Opened, Refusal>,
    from: DateTime<Utc>,
    context: &Context<'_>,
) -> bool {
    context.code.is_none()
        && opened.as_ref().is_ok_and(|opened| {
            let ended = opened.credential.expires;
            opened.credential.device_key.is_some()
                && credentials::is_forgotten(ended, context.received)
                && from.timestamp() <= ended
        })
}

fn tell(reasons: &mut Vec<Reason>, reason: Reason, applies: bool) {
    if applies {
        reasons.push(reason);
    }
}

/// When the holder's phone says that it showed the code.
fn shown_at(opened: Option<&Result<Opened, Refusal>>) -> Option<DateTime<Utc>> {
    match opened?.as_ref().ok()?.shown {
        Shown::ByPhone { issued_at, .. } => DateTime::from_timestamp(issued_at, 0),
        // Its signature could not be verified, so that anybody may have written it.
        Shown::ForAnother { .. } | Shown::Printed | Shown::Bare => None,
    }
}

/// The latest moment that certainly came before the check, and whether the code claims one that had
/// not come. A phone's code is taken at its word as far as its own clock could be right.
fn begins(
    record: &CheckRecord,
    opened: Option<&Result<Opened, Refusal>>,
    context: &Context<'_>,
) -> (DateTime<Utc>, bool) {
    let received = context.received;
    let shown = shown_at(opened).filter(|_| context.code.is_some());
    let in_future = shown.is_some_and(|at| at > received + TimeDelta::seconds(FUTURE_SECONDS));
    let synced = record.mark.filter(|_| context.mark_is_ours);
    let synced = synced.and_then(|mark| DateTime::from_timestamp_millis(mark.at));
    let moments = [
        Some(context.device.0),
        synced,
        shown.filter(|_| !in_future),
        context.code.map(|code| code.since),
    ];
    let from = moments.into_iter().flatten().max().unwrap_or(received);
    (from.min(received), in_future)
}

/// What the phone's clocks say: the monotonic one from the last sync on where it has run since, else
/// the wall clock.
fn about(record: &CheckRecord, context: &Context<'_>) -> DateTime<Utc> {
    let elapsed = record.elapsed;
    let counted = record.mark.filter(|_| context.mark_is_ours && elapsed.since == Since::Sync);
    let millis = counted.map_or(record.clock, |mark| mark.at.saturating_add(elapsed.millis));
    DateTime::from_timestamp_millis(millis).unwrap_or(context.received)
}

fn clock_is_wrong(record: &CheckRecord, from: DateTime<Utc>, received: DateTime<Utc>) -> bool {
    let possible = from - CLOCK_TOLERANCE..=received + CLOCK_TOLERANCE;
    !DateTime::from_timestamp_millis(record.clock).is_some_and(|clock| possible.contains(&clock))
}

/// What the server makes of a code.
struct CodeSeen {
    app: Verdict,
    /// None where it was not the same throughout.
    verdict: Option<Verdict>,
    grade: CheckGrade,
}

fn code_seen(
    opened: &Result<Opened, Refusal>,
    app: Verdict,
    from: DateTime<Utc>,
    context: &Context<'_>,
) -> CodeSeen {
    let opened = match opened {
        Ok(opened) => opened,
        Err(refusal) => {
            return CodeSeen { app, verdict: Some(refusal.verdict), grade: CheckGrade::None };
        }
    };
    let moments = match context.code {
        Some(code) => {
            let fact = |(at, status): (DateTime<Utc>, _)| {
                (at, StatusFact::Fresh { status, as_of: at.timestamp() })
            };
            (code.statuses)(from, context.received).into_iter().map(fact).collect()
        }
        None => vec![(from, StatusFact::NotRecorded)],
    };
    let mut verdict = None;
    let mut same = true;
    let mut evidence = None;
    for (at, status) in moments {
        let judged = judge_code(
            opened,
            Circumstances {
                moment: Moment { now: now_for(opened, app, from, at), floor: None },
                status,
                known_genuine: status != StatusFact::NotRecorded,
                replayed: false,
                challenged: false,
            },
        );
        same &= verdict.is_none_or(|before| before == judged.verdict);
        verdict = Some(judged.verdict);
        evidence = evidence.max(judged.evidence.filter(|_| judged.verdict != Verdict::StaleCode));
    }
    CodeSeen { app, verdict: verdict.filter(|_| same), grade: grade(evidence) }
}

/// The time at which a code is judged. Whether a phone's code was fresh only who saw it can tell: it
/// is judged as fresh, and as stale where the app says so, or where it was made so long before `from`
/// that no clock a little wrong explains it.
fn now_for(opened: &Opened, app: Verdict, from: DateTime<Utc>, at: DateTime<Utc>) -> i64 {
    match opened.shown {
        Shown::ByPhone { issued_at, .. } | Shown::ForAnother { issued_at } => {
            let age = from.timestamp().saturating_sub(issued_at);
            let old = age > FRESH_SECONDS.saturating_add(CLOCK_TOLERANCE.num_seconds());
            let stale = if old || app == Verdict::StaleCode { FRESH_SECONDS + 1 } else { 0 };
            issued_at.saturating_add(stale)
        }
        Shown::Printed | Shown::Bare => at.timestamp(),
    }
}

const fn grade(evidence: Option<Evidence>) -> CheckGrade {
    match evidence {
        None => CheckGrade::None,
        Some(Evidence::Printed) => CheckGrade::Printed,
        Some(Evidence::Phone) => CheckGrade::Phone,
        Some(Evidence::Challenged) => CheckGrade::Challenged,
    }
}

/// Whether what an app said is not contradicted by the server's verdict: a status list says less
/// than the database, and an app that could not tell has claimed nothing.
pub fn agrees(app: Verdict, server: Verdict) -> bool {
    match app {
        Verdict::Valid | Verdict::ValidStale => server == Verdict::Valid,
        Verdict::Invalid => matches!(
            server,
            Verdict::Lost | Verdict::Revoked | Verdict::Cancelled | Verdict::Invalid
        ),
        Verdict::Suspended => matches!(server, Verdict::Suspended | Verdict::NotYetValid),
        Verdict::StatusUnknown | Verdict::ClockUntrusted => server.is_authentic(),
        // A bundle that has ended, or one without its genuine list, does not know what the server
        // knows. Such an app has shown nothing of the code.
        Verdict::UnknownIssuer | Verdict::KeyCompromised => app == server || server.is_authentic(),
        _ => app == server,
    }
}
