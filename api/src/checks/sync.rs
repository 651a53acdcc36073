//! Taking records that a phone sends. Each is answered for itself; one that is broken stops none of
//! the others, and what was sent before is answered as before.
//!
//! All of a call is one transaction in which the phone's row is held, and with it whatever the
//! records are judged by: of two that send the same at once, the second finds what the first has
//! kept.

use std::collections::{BTreeSet, HashMap};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Duration, Utc};
use entities::enums::CheckSeen;
use entities::ids::{AgencyId, CertificateId, CheckRecordId, DeviceId, PersonId, PolicyId};
use entities::{check_record, device};
use mobile_contract::record::{Received, RecordHash, Refused, Seen, read};
use mobile_contract::{CertificateStatus, KeySet, Opened, PublicKey, Refusal, SyncMark, open};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::error::{CheckRefusal, Result};
use super::rules::{self, Code, Context, Judged, Ledger, Placed};
use super::store::{self, Listed, Range};
use crate::access::Scope;
use crate::audit::{Stream, UnitOfWork};
use crate::certification::{self, Life};
use crate::credentials::{
    RecordedCode, device_of, device_public_key, lock_devices, recorded_codes,
};
use crate::graphql::ids::encode;
use crate::officers::facts;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::events::Hint;
use crate::platform::failure::Fault;
use crate::platform::seal::{MasterSecret, Purpose};
use crate::platform::throttle::Allowance;
use crate::policy::{self, ChecksPolicy};
use crate::verification::{key_set, status_of, status_of_phone};

/// Records of one call.
pub const MOST_AT_ONCE: usize = 200;
/// Calls of one phone within [`WINDOW`]: sixty times two hundred records is years of checks.
const MOST_CALLS: u32 = 60;
/// Over how long they are counted.
const WINDOW: Duration = Duration::minutes(10);
/// What the proof in a mark is made for.
const MARK: Purpose = Purpose::new("checks/sync-mark");

/// What became of a record that was sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It is kept and was judged.
    Accepted(Box<Listed>),
    /// It was kept before; as it stands now.
    Known(Box<Listed>),
    /// It is kept, and another record of the same id is too.
    Conflict(Box<Listed>),
    /// It is not kept.
    Refused(CheckRefusal),
}

/// What a call is answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Synced {
    /// One answer for each record, in the order in which they were sent.
    pub answers: Vec<Answer>,
    /// Sequences of the phone that are asked for.
    pub missing: Vec<Range>,
    /// Sequence and hash of the phone's last record that is here.
    pub last: Option<(i32, Vec<u8>)>,
    /// For the records that are made from now on.
    pub mark: SyncMark,
}

/// A record that was sent, as it was read.
struct Sent {
    raw: Vec<u8>,
    received: Received,
    id: Uuid,
    opened: Option<std::result::Result<Opened, Refusal>>,
}

impl Sent {
    /// Its code, where there is one that could be opened.
    fn code(&self) -> Option<&Opened> {
        self.opened.as_ref()?.as_ref().ok()
    }
}

/// Takes records of the actor's own phone, in base64url.
pub async fn sync(
    platform: &Platform,
    actor: &Actor,
    device: DeviceId,
    records: Vec<String>,
) -> Result<Synced> {
    if records.len() > MOST_AT_ONCE {
        return Err(CheckRefusal::TooMany { most: MOST_AT_ONCE }.into());
    }
    let person = actor.person().ok_or(CheckRefusal::DeviceNotFound)?;
    let found = device_of(platform.db.read(), person, device).await?;
    let found = found.ok_or(CheckRefusal::DeviceNotFound)?;
    let (key, now) = (format!("check records of {}", device.0), platform.now());
    if let Allowance::TooMany { retry_after } =
        platform.throttle.hit(&key, MOST_CALLS, WINDOW, now).await
    {
        return Err(CheckRefusal::TooOften { retry_after }.into());
    }
    let sent = opened(platform, device_public_key(&found)?, records).await?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    hold_still(&uow, device, &sent).await?;
    let phone = device_of(uow.tx(), person, device).await?.ok_or(CheckRefusal::DeviceNotFound)?;
    let placed = keep(&mut uow, person, &phone, &sent).await?;
    let missing = store::missing(uow.tx(), device).await?;
    let last = store::last(uow.tx(), device).await?;
    let rows = placed.iter().filter_map(|p| p.as_ref().ok()).map(|(id, _)| *id);
    let rows: Vec<CheckRecordId> = rows.collect();
    let listed = store::own_records(uow.tx(), person, &rows).await?;
    let mark = mark(&platform.secret, device, uow.now());
    uow.commit().await?;
    let mut answers = Vec::with_capacity(placed.len());
    for placed in placed {
        answers.push(match placed {
            Ok((id, how)) => {
                let row = listed.get(&id).cloned().map(Box::new);
                let row = row.ok_or_else(|| Fault::other("a record that was kept is not there"))?;
                match how {
                    Placed::New => Answer::Accepted(row),
                    Placed::Known => Answer::Known(row),
                    Placed::Conflict => Answer::Conflict(row),
                }
            }
            Err(refusal) => Answer::Refused(refusal),
        });
    }
    Ok(Synced { answers, missing, last, mark })
}

/// Reads the records and opens their codes. That is arithmetic for some ten milliseconds, which holds
/// up neither the database nor others.
async fn opened(
    platform: &Platform,
    key: PublicKey,
    records: Vec<String>,
) -> std::result::Result<Vec<std::result::Result<Sent, CheckRefusal>>, Fault> {
    let keys = key_set(&platform.keyring);
    let work =
        move || records.into_iter().map(|text| open_one(&text, &key, &keys)).collect::<Vec<_>>();
    tokio::task::spawn_blocking(work).await.map_err(Fault::other)
}

fn open_one(text: &str, key: &PublicKey, keys: &KeySet) -> std::result::Result<Sent, CheckRefusal> {
    let raw = URL_SAFE_NO_PAD.decode(text).map_err(|_| CheckRefusal::Unreadable)?;
    let received = read(&raw, key).map_err(|refused| match refused {
        Refused::Unreadable => CheckRefusal::Unreadable,
        Refused::SignatureInvalid => CheckRefusal::SignatureInvalid,
    })?;
    let record = &received.record;
    let opened = record.seen.digits().map(|digits| open(&digits, keys, record.challenge.as_ref()));
    Ok(Sent { id: Uuid::from_bytes(record.id), raw, opened, received })
}

/// Holds the phone, and has the holders of what was seen and their phones stay as they are until the
/// records are judged.
///
/// They are judged by how certificates stood until their receipt, when the transaction began. An act
/// that was under way then may bear an earlier time and be committed later: read in between, it would
/// be missed, and nobody would judge again. So whoever acts on one of them is waited for here, and
/// seen; and who has to wait for us takes the time when they have stopped waiting
/// ([`UnitOfWork::after_waiting`]), which lies behind the receipt as far as the clocks of the nodes
/// agree. As everywhere, people are held before phones and each in the order of their ids. `SQLite`
/// has one writer at a time, whose time is taken once it is the one.
async fn hold_still(
    uow: &UnitOfWork,
    device: DeviceId,
    sent: &[std::result::Result<Sent, CheckRefusal>],
) -> std::result::Result<(), Fault> {
    if uow.platform().db.is_sqlite() {
        return Ok(());
    }
    let opened = sent.iter().filter_map(|sent| sent.as_ref().ok()?.code());
    let ids: Vec<[u8; 16]> = opened.map(|opened| opened.id.0).collect();
    let codes = recorded_codes(uow.tx(), &ids).await?;
    let holders: Vec<PersonId> = codes.iter().map(RecordedCode::holder).collect();
    facts::hold_still(uow, &holders).await?;
    let mut phones: BTreeSet<DeviceId> = codes.iter().filter_map(RecordedCode::device).collect();
    phones.insert(device);
    lock_devices(uow, &phones).await
}

type PlacedRow = std::result::Result<(CheckRecordId, Placed), CheckRefusal>;

/// Keeps what is new, judged, in the caller's transaction; answers where each record stands.
async fn keep(
    uow: &mut UnitOfWork,
    person: PersonId,
    phone: &device::Model,
    sent: &[std::result::Result<Sent, CheckRefusal>],
) -> std::result::Result<Vec<PlacedRow>, Fault> {
    let whole = sent.iter().filter_map(|sent| sent.as_ref().ok());
    let whole: Vec<(Uuid, RecordHash)> = whole.map(|s| (s.id, s.received.hash)).collect();
    let known = store::known(uow.tx(), phone.id, &whole).await?;
    let mut ledger = Ledger::default();
    for id in known.contradicted {
        ledger.contradict(id);
    }
    let mut rows: HashMap<(Uuid, Vec<u8>), CheckRecordId> = HashMap::new();
    for row in known.rows {
        let hash = row.hash.as_slice().try_into().map_err(Fault::stored)?;
        ledger.place(row.record_id, hash);
        rows.insert((row.record_id, row.hash), row.id);
    }
    let mut placed: Vec<PlacedRow> = Vec::with_capacity(sent.len());
    let mut fresh: Vec<(CheckRecordId, &Sent)> = Vec::new();
    for record in sent {
        placed.push(match record {
            Ok(record) => {
                let hash = record.received.hash;
                let how = ledger.place(record.id, hash);
                let row = rows.entry((record.id, hash.to_vec())).or_insert_with(|| uow.new_id());
                if how != Placed::Known {
                    fresh.push((*row, record));
                }
                Ok((*row, how))
            }
            Err(refusal) => Err(*refusal),
        });
    }
    if !fresh.is_empty() {
        write(uow, person, phone, &fresh, &ledger).await?;
        // What was here before and is contradicted now has changed too.
        let changed = |(id, row): (&(Uuid, Vec<u8>), &CheckRecordId)| {
            let is_new = fresh.iter().any(|(fresh, _)| fresh == row);
            (is_new || ledger.conflicts(id.0)).then_some(Hint::CheckRecord(*row))
        };
        uow.tell(rows.iter().filter_map(changed));
    }
    Ok(placed)
}

/// What the database knows of the codes of some records.
struct Knowledge {
    codes: HashMap<[u8; 16], RecordedCode>,
    lives: HashMap<CertificateId, Life>,
}

impl Knowledge {
    async fn of(
        uow: &UnitOfWork,
        records: &[(CheckRecordId, &Sent)],
    ) -> std::result::Result<Self, Fault> {
        let opened = records.iter().filter_map(|(_, sent)| sent.code());
        let ids: Vec<[u8; 16]> = opened.map(|opened| opened.id.0).collect();
        let mut codes = HashMap::new();
        for code in recorded_codes(uow.tx(), &ids).await? {
            if let Some(id) = code.credential_id().as_array() {
                codes.insert(*id, code);
            }
        }
        let certificates: Vec<CertificateId> =
            codes.values().map(RecordedCode::certificate).collect();
        // Whose certificate it is, the code has shown already: what is asked is how it stood.
        let lives = certification::lives_of(uow.tx(), &Scope::Everything, &certificates).await?;
        Ok(Self { codes, lives })
    }

    /// The code of a record, where it is on record as what it says.
    fn code(&self, sent: &Sent) -> Option<(&RecordedCode, &Life)> {
        let opened = sent.code()?;
        let code = self.codes.get(&opened.id.0).filter(|code| code.is_said_by(opened))?;
        Some((code, self.lives.get(&code.certificate())?))
    }
}

/// The status of a code over a time: the worse of its certificate's and its phone's.
fn statuses(
    (code, life): (&RecordedCode, &Life),
    from: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Vec<(DateTime<Utc>, CertificateStatus)> {
    let mut states = life.states(from, until);
    let ended = code.device_ended_at();
    if let Some(ended) = ended.filter(|ended| from < *ended && *ended <= until) {
        let before = states.iter().rfind(|(at, _)| *at <= ended).map(|(_, state)| *state);
        states.extend(before.map(|state| (ended, state)));
        states.sort_by_key(|(at, _)| *at);
    }
    let status = |(at, state): (DateTime<Utc>, _)| {
        let status = match status_of(state) {
            CertificateStatus::Valid if life.waits(code.since(), at) => {
                CertificateStatus::NotYetValid
            }
            status => status,
        };
        (at, status_of_phone(status, ended.is_some_and(|ended| ended <= at)))
    };
    states.into_iter().map(status).collect()
}

async fn write(
    uow: &mut UnitOfWork,
    person: PersonId,
    phone: &device::Model,
    fresh: &[(CheckRecordId, &Sent)],
    ledger: &Ledger,
) -> std::result::Result<(), Fault> {
    let (agency, division) = store::place_of(uow.tx(), person).await?;
    let policy = policy::in_force::<ChecksPolicy>(uow.tx(), &division, uow.today()).await?;
    let known = Knowledge::of(uow, fresh).await?;
    let mut rows = Vec::with_capacity(fresh.len());
    for (id, sent) in fresh {
        let record = &sent.received.record;
        let code = known.code(sent);
        let over = |from, until| code.map_or_else(Vec::new, |code| statuses(code, from, until));
        let context = Context {
            received: uow.now(),
            device: (phone.enrolled_at, phone.ended_at),
            mark_is_ours: record
                .mark
                .is_some_and(|mark| is_ours(&uow.platform().secret, phone.id, mark)),
            code: code.map(|(code, _)| Code { since: code.since(), statuses: &over }),
            window: (policy.body.window(), policy.body.latest()),
        };
        let judged = rules::judge(record, sent.opened.as_ref(), &context);
        let of = RowOf { id: *id, person, phone: phone.id, policy: policy.id };
        let certificate = code.map(|(code, _)| code.certificate());
        let conflicted = ledger.conflicts(sent.id);
        rows.push(row(&of, sent, certificate, &judged, conflicted, uow.now()).into_active_model());
    }
    // The one of another hash that was here before, if it was the only one: of more, each says so
    // already, and the new ones say so themselves.
    let contradicted: Vec<Uuid> =
        fresh.iter().map(|(_, sent)| sent.id).filter(|id| ledger.conflicts(*id)).collect();
    if !contradicted.is_empty() {
        check_record::Entity::update_many()
            .col_expr(check_record::Column::Conflicted, Expr::value(true))
            .filter(check_record::Column::DeviceId.eq(phone.id))
            .filter(check_record::Column::RecordId.is_in(contradicted.iter().copied()))
            .filter(check_record::Column::Conflicted.eq(false))
            .exec(uow.tx())
            .await?;
    }
    check_record::Entity::insert_many(rows).exec_without_returning(uow.tx()).await?;
    tell(uow, agency, phone.id, fresh, contradicted.len());
    Ok(())
}

/// One entry for what a call has added: how much, and a digest from which it can be shown later what.
fn tell(
    uow: &mut UnitOfWork,
    agency: AgencyId,
    device: DeviceId,
    fresh: &[(CheckRecordId, &Sent)],
    in_conflict: usize,
) {
    let mut digest = Sha256::new();
    for (_, sent) in fresh {
        digest.update(sent.received.hash);
    }
    let body = json!({
        "records": fresh.len(),
        "in_conflict": in_conflict,
        "digest": hex::encode(digest.finalize()),
    });
    uow.record(Stream::Agency(agency), "check.sync", encode(device), body);
}

/// Whose row it is.
struct RowOf {
    id: CheckRecordId,
    person: PersonId,
    phone: DeviceId,
    policy: PolicyId,
}

fn row(
    of: &RowOf,
    sent: &Sent,
    certificate: Option<CertificateId>,
    judged: &Judged,
    conflicted: bool,
    now: DateTime<Utc>,
) -> check_record::Model {
    let record = &sent.received.record;
    check_record::Model {
        id: of.id,
        device_id: of.phone,
        record_id: sent.id,
        hash: sent.received.hash.to_vec(),
        // A record of a larger one is not read.
        sequence: i32::try_from(record.sequence).unwrap_or(i32::MAX),
        previous: record.previous.map(|hash| hash.to_vec()),
        raw: sent.raw.clone(),
        recorder_id: of.person,
        received_at: now,
        from_at: judged.from,
        about_at: judged.about,
        seen: match record.seen {
            Seen::Code(_) => CheckSeen::Code,
            Seen::NotShown => CheckSeen::NotShown,
            Seen::Refused => CheckSeen::Refused,
            Seen::CodeDamaged => CheckSeen::CodeDamaged,
        },
        app_verdict: record.verdict.map(|verdict| verdict.code().to_owned()),
        verdict: judged.verdict.map(|verdict| verdict.code().to_owned()),
        grade: judged.grade,
        outcome: judged.outcome,
        conflicted,
        reasons: judged.reasons.iter().map(|reason| reason.code()).collect(),
        certificate_id: certificate,
        place: record.place.clone(),
        policy_id: of.policy,
        late_reason: None,
        late_reason_at: None,
        presentation: sent.code().and_then(rules::presentation).map(Vec::from),
    }
}

/// A mark for a phone at a moment: nobody without the deployment's secret can make its proof, so a
/// record that holds it was made later.
fn mark(secret: &MasterSecret, device: DeviceId, now: DateTime<Utc>) -> SyncMark {
    let at = now.timestamp_millis();
    SyncMark { at, proof: secret.url_signature(MARK, &marked(device, at)) }
}

fn is_ours(secret: &MasterSecret, device: DeviceId, mark: SyncMark) -> bool {
    secret.verify_url_signature(MARK, &marked(device, mark.at), &mark.proof)
}

fn marked(device: DeviceId, at: i64) -> Vec<u8> {
    [device.0.as_bytes().as_slice(), &at.to_be_bytes()].concat()
}
