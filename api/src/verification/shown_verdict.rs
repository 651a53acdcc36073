//! The public verdicts and, for each, how it looks and what it may show: one table, so that what
//! is public can be reviewed in one place.

use chrono::{DateTime, NaiveDate, Utc};

/// A verdict as the public sees it. It has no word for a ground: a suspended and a revoked
/// certificate are both [`NotAuthorised`](Self::NotAuthorised).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShownVerdict {
    /// In force now.
    Valid,
    /// Genuine and in force at `as_of`, the time of the newest status known.
    ValidStale {
        /// When the status shown was true.
        as_of: DateTime<Utc>,
    },
    /// Genuine, but no status could be had.
    StatusUnknown,
    /// Past its validity.
    Expired {
        /// The last day of validity.
        until: NaiveDate,
    },
    /// Not in force yet.
    NotYetValid {
        /// The first day of validity; `None` where the day has come and the certificate is still
        /// waiting to be handed to its holder.
        from: Option<NaiveDate>,
    },
    /// Suspended or revoked.
    NotAuthorised,
    /// Cancelled.
    Cancelled,
    /// Reported lost.
    Lost,
    /// Revoked, cancelled or lost, as an app without a connection knows it.
    Invalid,
    /// A phone's code outside its window.
    StaleCode,
    /// A code made for another's challenge.
    ChallengeBound,
    /// A phone credential without the phone's signature.
    PresentationMissing,
    /// The signature does not verify.
    SignatureInvalid,
    /// Signed by a compromised key and in no signed list.
    KeyCompromised,
    /// Signed by nobody this system knows.
    UnknownIssuer,
    /// Not a credential at all.
    Unreadable,
    /// The service itself has failed.
    ServiceDown,
}

/// How much of a certificate a verdict may show; each step includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Disclosure {
    /// Nothing from the code, not even of what kind it is.
    Nothing,
    /// Name, unit, number and the other facts.
    Facts,
    /// The photo too, with the reminder to compare it.
    Photo,
    /// And that a phone's code was shown live: its time was checked before this verdict was reached.
    Liveness,
}

/// The shapes that tell verdicts apart without colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A tick in a circle.
    Check,
    /// A clock.
    Clock,
    /// A cross in an octagon.
    Cross,
    /// A question mark in a square.
    Question,
    /// An exclamation mark in a triangle.
    Warning,
    /// Two bars in a square: the service rests, whatever the certificate.
    Pause,
}

/// The colours; the class of the main element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Green.
    Good,
    /// Amber.
    Wait,
    /// Red.
    Stop,
    /// Slate.
    Unknown,
}

impl Tone {
    /// The class in the style sheet.
    pub const fn class(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Wait => "wait",
            Self::Stop => "stop",
            Self::Unknown => "unknown",
        }
    }
}

/// One row of the table: a verdict's word, its looks and what it may show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The word in `data-verdict`, stable for tests and tools.
    pub code: &'static str,
    /// Its shape.
    pub icon: Icon,
    /// Its colour.
    pub tone: Tone,
    /// What it may show of the certificate.
    pub disclosure: Disclosure,
}

impl ShownVerdict {
    /// The row of this verdict.
    ///
    /// An ended certificate shows no photo. `NOT_AUTHORISED` may be an ended one and must not tell
    /// which, so it never shows one. Of a code out of date only its being so is said: a
    /// screenshot is no reason to show a person to whoever holds it.
    pub const fn row(self) -> Row {
        use Disclosure::{Facts, Liveness, Nothing, Photo};
        use Icon::{Check, Clock, Cross, Pause, Question, Warning};
        use Tone::{Good, Stop, Unknown, Wait};

        let (code, icon, tone, disclosure) = match self {
            Self::Valid => ("VALID", Check, Good, Liveness),
            Self::ValidStale { .. } => ("VALID_STALE", Clock, Wait, Liveness),
            Self::StatusUnknown => ("STATUS_UNKNOWN", Question, Unknown, Liveness),
            Self::Expired { .. } => ("EXPIRED", Cross, Stop, Facts),
            Self::NotYetValid { .. } => ("NOT_YET_VALID", Clock, Wait, Photo),
            Self::NotAuthorised => ("NOT_AUTHORISED", Cross, Stop, Facts),
            Self::Cancelled => ("CANCELLED", Cross, Stop, Facts),
            Self::Lost => ("LOST", Cross, Stop, Facts),
            Self::Invalid => ("INVALID", Cross, Stop, Facts),
            Self::StaleCode => ("STALE_CODE", Clock, Wait, Nothing),
            Self::ChallengeBound => ("CHALLENGE_BOUND", Clock, Wait, Nothing),
            Self::PresentationMissing => ("PRESENTATION_MISSING", Clock, Wait, Nothing),
            Self::SignatureInvalid => ("SIGNATURE_INVALID", Warning, Stop, Nothing),
            Self::KeyCompromised => ("KEY_COMPROMISED", Warning, Stop, Nothing),
            Self::UnknownIssuer => ("UNKNOWN_ISSUER", Question, Unknown, Nothing),
            Self::Unreadable => ("UNREADABLE", Question, Unknown, Nothing),
            Self::ServiceDown => ("SERVICE_DOWN", Pause, Unknown, Nothing),
        };
        Row { code, icon, tone, disclosure }
    }

    /// The word in `data-verdict`.
    pub const fn code(self) -> &'static str {
        self.row().code
    }
}
