//! Types of records of checks.

use async_graphql::{Enum, ID, Object};
use chrono::{DateTime, Utc};
use entities::enums;

use crate::checks::rules::{ChainReason, Reason};
use crate::checks::{Listed, Outcome};
use crate::graphql::ids::encode;

/// What is made of a record of a check. Nothing follows from it by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CheckOutcome {
    /// What is to be said of the code was the same throughout, and the app said it.
    Confirmed,
    /// It holds no code: there is nothing to judge but the recorder's word.
    Noted,
    /// It was received after the window; a reason is asked for.
    Late,
    /// The status changed meanwhile, the app is contradicted, or the phone had ended: a person looks
    /// at it.
    Disputed,
    /// Another record of the same phone and id says something else; both are kept.
    Conflict,
}

impl From<Outcome> for CheckOutcome {
    fn from(outcome: Outcome) -> Self {
        use enums::CheckOutcome as Judged;
        match outcome {
            Outcome::Conflict => Self::Conflict,
            Outcome::Judged(Judged::Confirmed) => Self::Confirmed,
            Outcome::Judged(Judged::Noted) => Self::Noted,
            Outcome::Judged(Judged::Late) => Self::Late,
            Outcome::Judged(Judged::Disputed) => Self::Disputed,
        }
    }
}

impl From<CheckOutcome> for Outcome {
    fn from(outcome: CheckOutcome) -> Self {
        use enums::CheckOutcome as Judged;
        match outcome {
            CheckOutcome::Conflict => Self::Conflict,
            CheckOutcome::Confirmed => Self::Judged(Judged::Confirmed),
            CheckOutcome::Noted => Self::Judged(Judged::Noted),
            CheckOutcome::Late => Self::Judged(Judged::Late),
            CheckOutcome::Disputed => Self::Judged(Judged::Disputed),
        }
    }
}

/// How much a check proves of its showing, from the least on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::CheckGrade")]
pub enum CheckGrade {
    /// Nothing: no code, none that can be believed, or a phone's code that was not fresh.
    None,
    /// A printed code: it proves no time, and may be a copy.
    Printed,
    /// A phone's code made at its time.
    Phone,
    /// A phone's code made in answer to the recorder's challenge.
    Challenged,
}

/// What a supervisor saw of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::CheckSeen")]
pub enum CheckSeen {
    /// A code.
    Code,
    /// No certificate was shown.
    NotShown,
    /// It was asked for and refused.
    Refused,
    /// A code that the camera cannot read, or that holds no digits.
    CodeDamaged,
}

/// A record of a check, as a supervisor's phone signed it and as it was judged on receipt.
pub struct CheckRecord(pub Listed);

/// A record of a check, as a supervisor's phone signed it and as it was judged on receipt.
#[Object]
impl CheckRecord {
    /// Id.
    pub async fn id(&self) -> ID {
        encode(self.0.row.id).into()
    }

    /// The phone that signed it.
    async fn device_id(&self) -> ID {
        encode(self.0.row.device_id).into()
    }

    /// Its own id on the phone: a UUID of 32 hexadecimal digits.
    async fn record_id(&self) -> String {
        self.0.row.record_id.simple().to_string()
    }

    /// SHA-256 of its deterministic CBOR, in hexadecimal.
    async fn hash(&self) -> String {
        hex::encode(&self.0.row.hash)
    }

    /// Its place among the records of the phone, from 1.
    async fn sequence(&self) -> i32 {
        self.0.row.sequence
    }

    /// Who recorded it.
    async fn recorder_id(&self) -> ID {
        encode(self.0.row.recorder_id).into()
    }

    /// Name of who recorded it.
    async fn recorder_name(&self) -> &str {
        &self.0.recorder_name
    }

    /// The check happened at this time or later.
    async fn happened_from(&self) -> DateTime<Utc> {
        self.0.row.from_at
    }

    /// The check happened at this time or earlier: when the record was received.
    async fn happened_until(&self) -> DateTime<Utc> {
        self.0.row.received_at
    }

    /// When the phone's own clocks say it happened, within what is possible. Nothing is decided by it.
    async fn happened_about(&self) -> DateTime<Utc> {
        self.0.row.about_at
    }

    /// What was seen.
    async fn seen(&self) -> CheckSeen {
        self.0.row.seen.into()
    }

    /// What the app said of the code, as a word of the verdicts; none where there was none.
    async fn app_verdict(&self) -> Option<&str> {
        self.0.row.app_verdict.as_deref()
    }

    /// What the server says of the code, as a word of the verdicts; none where there was none, or
    /// where it was not the same throughout.
    async fn verdict(&self) -> Option<&str> {
        self.0.row.verdict.as_deref()
    }

    /// How much it proves.
    async fn grade(&self) -> CheckGrade {
        self.0.row.grade.into()
    }

    /// What is made of it.
    async fn outcome(&self) -> CheckOutcome {
        self.0.outcome().into()
    }

    /// Why, and what else is odd about it.
    async fn reasons(&self) -> Vec<Reason> {
        self.0.reasons()
    }

    /// What does not fit beside other records, of the phone's chain and of showings that were
    /// recorded twice, among those that are here now.
    async fn chain_reasons(&self) -> &[ChainReason] {
        &self.0.chain
    }

    /// The certificate whose code was seen, where it is on record.
    async fn certificate_id(&self) -> Option<ID> {
        self.0.row.certificate_id.map(|id| encode(id).into())
    }

    /// Number of that certificate.
    async fn certificate_number(&self) -> Option<&str> {
        self.0.number.as_deref()
    }

    /// Its holder's name.
    async fn holder_name(&self) -> Option<&str> {
        self.0.holder_name.as_deref()
    }

    /// The unit that stands on it.
    async fn unit_name(&self) -> Option<&str> {
        self.0.unit_name.as_deref()
    }

    /// Code of the division where it was, if that was recorded; nothing finer is.
    async fn place(&self) -> Option<&str> {
        self.0.row.place.as_deref()
    }

    /// The version of the policy that was applied.
    async fn policy_id(&self) -> ID {
        encode(self.0.row.policy_id).into()
    }

    /// Why it came late, in the recorder's words.
    async fn late_reason(&self) -> Option<&str> {
        self.0.row.late_reason.as_deref()
    }

    /// When that was given.
    async fn late_reason_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.late_reason_at
    }
}
