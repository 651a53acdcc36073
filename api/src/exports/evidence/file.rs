//! The form of an evidence file, as it is written out in JSON (`docs/evidence.md`). Fields are added
//! and never change their meaning; what would change it makes a new `format`.

use chrono::{DateTime, NaiveDate, Utc};
use entities::ids::AgencyId;
use serde::Serialize;
use serde_json::Value;

/// Names the form.
pub(super) const FORMAT: &str = "liangzheng/evidence/1";

/// The evidence file of an officer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    pub(super) format: &'static str,
    pub(super) made_at: DateTime<Utc>,
    /// Who took it; none where it was the command line.
    pub(super) made_by: Option<Who>,
    pub(super) personal_data: bool,
    pub(super) officer: Officer,
    pub(super) standings: Vec<Standing>,
    pub(super) exams: Vec<Exam>,
    pub(super) exam_corrections: Vec<ExamCorrection>,
    pub(super) training: Vec<Year>,
    pub(super) existing_certificates: Vec<Existing>,
    pub(super) qualifications: Vec<Qualification>,
    pub(super) applications: Vec<Application>,
    pub(super) certificates: Vec<Certificate>,
    /// The newest, and how many there are in all; so are those below.
    pub(super) showings: Vec<Showing>,
    pub(super) showings_total: u64,
    pub(super) phones: Vec<Phone>,
    pub(super) phones_total: u64,
    pub(super) checks: Vec<Check>,
    pub(super) checks_total: u64,
    pub(super) policies: Vec<Policy>,
    /// The entries of the audit log about the officer, in the order of their chains.
    pub log: Vec<LogEntry>,
    /// What proves them.
    pub proof: Proof,
    /// The officer's agency.
    #[serde(skip)]
    pub(super) agency: AgencyId,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Who {
    pub account_id: Option<String>,
    pub person_id: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Named {
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Officer {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub id_number: String,
    pub phone: Option<String>,
    pub agency: Named,
    pub internal_unit: Option<String>,
    pub establishment: String,
    pub duty: String,
    pub employment: String,
    pub position: Option<String>,
    pub field_codes: Value,
    pub area: Named,
    pub photo_sha256: Option<String>,
    pub entered_at: DateTime<Utc>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Standing {
    pub id: String,
    pub kind: String,
    pub from_on: NaiveDate,
    pub until_on: Option<NaiveDate>,
    pub in_force: bool,
    pub recorded_at: DateTime<Utc>,
    pub lifted_at: Option<DateTime<Utc>>,
    pub lift_reason: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Exam {
    pub subject: String,
    pub cycle: i32,
    pub attempt: i32,
    pub score_tenths: i64,
    pub taken_on: NaiveDate,
}

/// A correction of an exam that counted.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ExamCorrection {
    pub sitting_id: String,
    pub subject: String,
    pub held_on: NaiveDate,
    pub outcome_before: String,
    pub score_tenths_before: Option<i64>,
    pub outcome_after: String,
    pub score_tenths_after: Option<i64>,
    pub reason: String,
    pub by: Who,
    pub at: DateTime<Utc>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Year {
    pub year: i32,
    pub minutes: i64,
}

/// What the officer brought along, as a roster claims it, and what was decided of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Existing {
    pub id: String,
    pub kind: String,
    pub ministry_kind: Option<String>,
    pub number: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<NaiveDate>,
    pub valid_until: Option<NaiveDate>,
    pub claimed_state: Option<String>,
    pub import_id: String,
    pub imported_at: DateTime<Utc>,
    /// None where it was the command line.
    pub imported_by: Option<Who>,
    pub state: String,
    pub replaced_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<Who>,
    pub reason: Option<String>,
    pub policy_id: Option<String>,
    pub certificate_id: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Qualification {
    pub id: String,
    pub state: String,
    pub agency: Named,
    pub nominated_at: DateTime<Utc>,
    pub nominated_by: Who,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by: Option<Who>,
    pub reasons: Option<String>,
    pub policy_id: Option<String>,
    /// The confirmed certificate on the strength of which the officer is qualified.
    pub existing_id: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Application {
    pub id: String,
    pub act: String,
    pub state: String,
    pub agency: Named,
    pub issuing_authority: Named,
    pub certificate_id: Option<String>,
    pub policy_id: Option<String>,
    pub steps: Vec<Step>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Step {
    pub seq: i32,
    #[serde(rename = "step")]
    pub what: String,
    pub at: DateTime<Utc>,
    pub by: Who,
    pub reasons: Option<String>,
    /// The policy on reviews.
    pub policy_id: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Certificate {
    pub id: String,
    pub number: String,
    pub state: String,
    /// The unit it was issued in, under the name that is printed.
    pub agency: Named,
    /// The agency that keeps it, under its name when the file was made.
    pub present_agency: Named,
    /// What became of the unit since, oldest first.
    pub successions: Vec<Succession>,
    /// By which day it is to be exchanged for that.
    pub exchange_due_on: Option<NaiveDate>,
    pub issuing_authority: Named,
    pub issued_on: NaiveDate,
    pub valid_from: NaiveDate,
    pub valid_until: NaiveDate,
    pub handed_over_on: Option<NaiveDate>,
    pub suspended_until: Option<NaiveDate>,
    pub ground: Option<String>,
    pub ended_at: Option<DateTime<Utc>>,
    pub policy_id: String,
    /// Ids of the printed codes, in hexadecimal. A code itself is not told: it could be printed.
    pub codes: Vec<String>,
    pub events: Vec<Event>,
}

/// What became of the unit of a certificate.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Succession {
    pub on: NaiveDate,
    pub kind: String,
    /// Who stands for it since, under the name of that day; none where nobody does.
    pub agency: Option<Named>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Event {
    pub seq: i32,
    pub act: String,
    pub from_state: Option<String>,
    pub to_state: String,
    pub at: DateTime<Utc>,
    pub ground: Option<String>,
    pub note: Option<String>,
    pub by: Option<Who>,
    pub policy_id: Option<String>,
}

/// A showing of a certificate to a party, of whom nothing is kept.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Showing {
    pub id: String,
    /// FIRST: the officer showed; SECOND: the officer was named as the second.
    pub part: &'static str,
    pub kind: String,
    pub notice_number: Option<String>,
    pub task: String,
    pub field_codes: Value,
    /// A division; nothing finer is kept.
    pub place: Option<Named>,
    /// Of whoever showed.
    pub certificate_number: String,
    pub second_certificate_number: Option<String>,
    pub second_answer: Option<String>,
    pub second_answered_at: Option<DateTime<Utc>>,
    pub second_confirmed_at: Option<DateTime<Utc>>,
    /// {code, zh, en} of the policy.
    pub alone_reason: Option<Value>,
    /// What was found of officers, fields, place and notice.
    pub checks: Vec<Found>,
    pub joint_authorisation_id: Option<String>,
    pub started_at: DateTime<Utc>,
    pub ends_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    /// None while it is open.
    pub scanned: Option<bool>,
    pub kept_until: NaiveDate,
    pub policy_id: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Found {
    pub subject: String,
    pub finding: String,
}

/// A phone that was enrolled to show the officer's certificates.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Phone {
    pub id: String,
    pub algorithm: String,
    pub public_key: String,
    /// Where it keeps its key, as it says.
    pub attestation: String,
    pub enrolled_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
    pub end_reason: Option<String>,
}

/// A record of a check of the officer's certificate, as it was judged on receipt.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Check {
    pub id: String,
    /// SHA-256 of what the recorder's phone signed.
    pub sha256: String,
    pub certificate_number: String,
    pub seen: String,
    /// It happened between these two.
    pub happened_from: DateTime<Utc>,
    pub received_at: DateTime<Utc>,
    /// A division; nothing finer is kept.
    pub place: Option<String>,
    pub app_verdict: Option<String>,
    pub verdict: Option<String>,
    pub grade: String,
    /// CONFLICT where another record of the same phone and id says something else.
    pub outcome: String,
    pub reasons: Vec<String>,
    pub policy_id: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Policy {
    pub id: String,
    pub key: String,
    pub division_code: String,
    pub version: i32,
    pub effective_from: NaiveDate,
    pub body: Value,
}

/// An entry of the audit log, each field as it was hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LogEntry {
    /// Its chain.
    pub stream: String,
    /// Its number there.
    pub seq: i64,
    /// Its id, a UUID with hyphens.
    pub id: String,
    /// When, RFC 3339 in UTC with six digits.
    pub at: String,
    /// The account, or `system`.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// On what.
    pub subject: String,
    /// Details, JSON as text.
    pub body: String,
    /// Its hash in hexadecimal.
    pub hash: String,
}

/// What proves entries: the chains from them to a signed checkpoint.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proof {
    /// A run for each chain with an entry that can be proved.
    pub runs: Vec<Run>,
    pub(super) checkpoint: Checkpoint,
    pub(super) keys: Vec<Key>,
}

/// A chain from an entry to what the checkpoint says is its last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// The chain.
    pub stream: String,
    /// Number of the first entry.
    pub from: i64,
    /// Hash of the entry before the first, in hexadecimal.
    pub before: String,
    /// Digests of the contents of all entries from the first on, in hexadecimal. Those of others
    /// tell nothing of what they say.
    pub contents: Vec<String>,
}

impl Run {
    /// Whether it leads over an entry.
    pub(super) fn covers(&self, entry: &LogEntry) -> bool {
        let length = i64::try_from(self.contents.len()).unwrap_or(i64::MAX);
        entry.stream == self.stream && (self.from..self.from + length).contains(&entry.seq)
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Checkpoint {
    pub seq: i64,
    pub at: String,
    /// The last entries of all chains, JSON as text, as it was hashed.
    pub body: String,
    pub prev_hash: String,
    pub hash: String,
    pub kid: String,
    pub signature: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Key {
    pub kid: String,
    pub algorithm: String,
    #[serde(rename = "publicKey")]
    pub public: String,
    pub not_before: DateTime<Utc>,
    pub not_after: DateTime<Utc>,
}
