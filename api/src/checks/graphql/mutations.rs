//! Sending records, and explaining late ones.

use async_graphql::{Context, Enum, InputObject, Object, Result, SimpleObject};
use chrono::{DateTime, Utc};
use entities::ids::{CheckRecordId, DeviceId};
use mobile_contract::SyncMark;

use super::types::CheckRecord;
use crate::access::Permission;
use crate::checks::{self, Answer, Synced};
use crate::graphql::ids::Id;
use crate::graphql::{Needs, UserError, answer, base64url, caller, locale};
use crate::platform::texts::Locale;

/// Records that a phone sends.
#[derive(InputObject)]
pub struct SyncCheckRecordsInput {
    /// The phone that signed them: one's own, ended or not.
    device_id: Id<DeviceId>,
    /// Signed records in base64url without padding, 200 at most, in any order. With none it is asked
    /// what is missing, and a new mark is given.
    records: Vec<String>,
}

/// What became of a record that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CheckRecordAnswerKind {
    /// It is kept and was judged.
    Accepted,
    /// It was kept before: the earlier answer, as it stands now.
    Known,
    /// It is kept, and another record of the same id says something else and is kept too.
    Conflict,
    /// It is not kept, and sending it again does not help; `userErrors` tells why.
    Refused,
}

/// The answer to one record.
#[derive(SimpleObject)]
pub struct CheckRecordAnswer {
    /// Which of those sent, from 0.
    index: usize,
    /// What became of it. All but REFUSED can be forgotten by the phone.
    kind: CheckRecordAnswerKind,
    /// The record as it is kept.
    check_record: Option<CheckRecord>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

impl CheckRecordAnswer {
    fn new(index: usize, answer: Answer, locale: Locale) -> Self {
        let (kind, listed) = match answer {
            Answer::Accepted(listed) => (CheckRecordAnswerKind::Accepted, listed),
            Answer::Known(listed) => (CheckRecordAnswerKind::Known, listed),
            Answer::Conflict(listed) => (CheckRecordAnswerKind::Conflict, listed),
            Answer::Refused(refusal) => {
                let user_errors = vec![UserError::of(&refusal, locale)];
                let kind = CheckRecordAnswerKind::Refused;
                return Self { index, kind, check_record: None, user_errors };
            }
        };
        Self { index, kind, check_record: Some(CheckRecord(*listed)), user_errors: Vec::new() }
    }
}

/// Sequences of a phone from one to another, both included.
#[derive(SimpleObject)]
pub struct CheckSequenceRange {
    /// The first.
    from: i32,
    /// The last.
    until: i32,
}

/// A record's place among those of its phone.
#[derive(SimpleObject)]
pub struct CheckRecordPlace {
    /// Its sequence.
    sequence: i32,
    /// Its hash, in hexadecimal.
    hash: String,
}

/// What the records hold that are made from now on: it proves that they were made after this moment,
/// whatever the phone's clock says.
#[derive(SimpleObject)]
pub struct CheckSyncMark {
    /// The server's time, in milliseconds since 1970, as a record holds it.
    millis: String,
    /// The same as a time.
    at: DateTime<Utc>,
    /// The proof of 16 bytes, in base64url without padding.
    proof: String,
}

impl From<SyncMark> for CheckSyncMark {
    fn from(mark: SyncMark) -> Self {
        Self {
            millis: mark.at.to_string(),
            at: DateTime::from_timestamp_millis(mark.at).unwrap_or_default(),
            proof: base64url(mark.proof),
        }
    }
}

/// What sending records answers.
#[derive(Default, SimpleObject)]
pub struct SyncCheckRecordsPayload {
    /// One answer for each record, in the order in which they were sent; none where the call as a
    /// whole was refused.
    answers: Option<Vec<CheckRecordAnswer>>,
    /// Sequences of the phone below its highest that are not here: send them. The first hundred
    /// ranges.
    missing: Vec<CheckSequenceRange>,
    /// The last of the phone's records that is here, by its sequence: from it an app goes on that has
    /// lost its own.
    last: Option<CheckRecordPlace>,
    /// For the records that are made from now on.
    mark: Option<CheckSyncMark>,
    /// Why the call as a whole was refused; then nothing of it is kept.
    user_errors: Vec<UserError>,
}

/// The reason for a late record.
#[derive(InputObject)]
pub struct ExplainLateCheckRecordInput {
    /// Which record of one's own.
    id: Id<CheckRecordId>,
    /// Why it came late, 2–1,000 characters. It is given once.
    reason: String,
}

/// What explaining a late record answers.
#[derive(SimpleObject)]
pub struct CheckRecordPayload {
    /// The record as it is now; none where the act was refused.
    check_record: Option<CheckRecord>,
    /// Why it was refused.
    user_errors: Vec<UserError>,
}

/// Acts on records of checks.
#[derive(Default)]
pub struct ChecksMutation;

#[Object]
impl ChecksMutation {
    /// Sends records of checks that one's own phone has signed. Each is answered for itself; one
    /// that is broken stops none of the others, and sending again changes nothing.
    #[graphql(
        guard = "Needs(Permission::RecordChecks)",
        complexity = "200 + 10 * child_complexity"
    )]
    async fn sync_check_records(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The records.")] input: SyncCheckRecordsInput,
    ) -> Result<SyncCheckRecordsPayload> {
        let (platform, actor) = caller(ctx)?;
        let device = input.device_id.get();
        let result = checks::sync(platform, actor, device, input.records).await;
        let (synced, user_errors) = answer(ctx, result)?;
        let Some(Synced { answers, missing, last, mark }) = synced else {
            return Ok(SyncCheckRecordsPayload {
                user_errors,
                ..SyncCheckRecordsPayload::default()
            });
        };
        let locale = locale(ctx);
        let one = |(index, answer)| CheckRecordAnswer::new(index, answer, locale);
        Ok(SyncCheckRecordsPayload {
            answers: Some(answers.into_iter().enumerate().map(one).collect()),
            missing: missing
                .into_iter()
                .map(|range| CheckSequenceRange { from: range.from, until: range.until })
                .collect(),
            last: last
                .map(|(sequence, hash)| CheckRecordPlace { sequence, hash: hex::encode(hash) }),
            mark: Some(mark.into()),
            user_errors,
        })
    }

    /// Gives the reason for a record of one's own that came late. What was judged stays.
    #[graphql(guard = "Needs(Permission::RecordChecks)")]
    async fn explain_late_check_record(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which record, and why.")] input: ExplainLateCheckRecordInput,
    ) -> Result<CheckRecordPayload> {
        let (platform, actor) = caller(ctx)?;
        let result = checks::give_reason(platform, actor, input.id.get(), &input.reason).await;
        let (listed, user_errors) = answer(ctx, result)?;
        Ok(CheckRecordPayload { check_record: listed.map(CheckRecord), user_errors })
    }
}
