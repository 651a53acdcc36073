//! A supervisor's check in the field: a code is judged with what only a signed-in supervisor holds
//! and may see. Counted by account, each in the audit log before it is answered.

use chrono::{DateTime, Utc};
use entities::ids::ChallengeId;
use entities::public_card;
use mobile_contract::{
    Challenge, Evidence, Judgement, Opened, Profile, Reason, Shown, Verdict, open,
};
use serde_json::json;

use super::challenges::{self, BY_ONE_ACCOUNT, WINDOW};
use super::error::Result;
use super::for_callers::Found;
use super::on_record::{OnRecord, Seen};
use super::scan::{key_set, shown_of_code};
use super::seen_before::seen_before;
use super::shown_verdict::ShownVerdict;
use crate::access::{Permission, Scope};
use crate::audit::{Stream, UnitOfWork};
use crate::credentials::{cards_by_credential_id, phones_by_credential_id};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::{Actor, SignedIn};
use crate::platform::failure::Fault;
use crate::platform::throttle::Allowance;

/// The word in the audit log for a check in the field.
pub const CHECKED: &str = "certificate.check";

/// What a supervisor is answered.
#[derive(Debug)]
pub struct Checked {
    /// The verdict: as apps have it within the supervisor's scope, as the public reads it outside.
    pub verdict: Verdict,
    /// The verdict as the public reads it, in whose words it is told.
    pub shown: ShownVerdict,
    /// Suspended and revoked are one here: the certificate lies outside the scope.
    pub ground_withheld: bool,
    /// Remarks beside it.
    pub reasons: Vec<Reason>,
    /// How much it proves, if anything.
    pub evidence: Option<Evidence>,
    /// When a phone showed it, by the phone's clock.
    pub shown_at: Option<DateTime<Utc>>,
    /// The code is of a phone that has ended.
    pub device_ended: bool,
    /// The certificate, where the code is genuine and the certificate within the scope.
    pub found: Option<Found>,
    /// The time of the answer.
    pub checked_at: DateTime<Utc>,
}

/// Checks a code, in answer to a challenge or without one; `None` where this account has made too
/// many. A challenge is used up by the code that answers it, and by no other: a supervisor whose
/// camera still saw the code before may scan again.
pub async fn check(
    platform: &Platform,
    actor: &Actor,
    signed_in: &SignedIn,
    code: &str,
    challenge: Option<ChallengeId>,
) -> Result<Option<Checked>> {
    let now = platform.now();
    let key = format!("check by {}", actor.audit_name());
    if platform.throttle.hit(&key, BY_ONE_ACCOUNT, WINDOW, now).await != Allowance::Allowed {
        return Ok(None);
    }
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    let asked: Option<Challenge> = match challenge {
        None => None,
        Some(id) => Some(challenges::open(uow.tx(), signed_in.account, id, uow.now()).await?),
    };
    let (judgement, on_record) = match open(code, &key_set(&platform.keyring), asked.as_ref()) {
        Err(refusal) => (Judgement::from(refusal), None),
        Ok(opened) => {
            if let (Shown::ByPhone { challenge: Some(_), .. }, Some(id)) = (opened.shown, challenge)
            {
                challenges::use_up(&uow, id).await?;
            }
            let on_record = read(&uow, &opened).await?;
            let before = seen_before(platform, &opened, uow.now()).await;
            let seen = Seen { before, challenged: asked.is_some() };
            (on_record.judge(&opened, uow.now(), seen), Some(on_record))
        }
    };
    let scope = Scope::of(actor, Permission::CheckCodes);
    let device_ended = on_record.as_ref().is_some_and(|r| r.device_ended);
    // What the code says is believed or it is not shown.
    let card = on_record.and_then(|r| r.card).filter(|_| judgement.credential.is_some());
    let within = match &card {
        Some(card) => scope.contains(uow.tx(), card.agency_id).await?,
        None => false,
    };
    let (stream, subject) = match &card {
        Some(card) => (Stream::Agency(card.agency_id), encode(card.certificate_id)),
        None => (Stream::System, encode(signed_in.account)),
    };
    let body = json!({
        "verdict": judgement.verdict.code(),
        "evidence": judgement.evidence.map(Evidence::code),
        "credential": judgement.credential_id.map(|id| id.to_string()),
        "challenge": challenge.map(encode),
    });
    uow.record(stream, CHECKED, subject, body);
    let checked_at = uow.now();
    uow.commit().await?;
    Ok(Some(answer(judgement, card, within, device_ended, checked_at)))
}

/// What is recorded of the code.
async fn read(uow: &UnitOfWork, opened: &Opened) -> std::result::Result<OnRecord, Fault> {
    let ids = [opened.id.0];
    Ok(match opened.credential.profile() {
        Profile::Printed => {
            let found = cards_by_credential_id(uow.tx(), &ids).await?.pop();
            OnRecord::printed(opened, found, uow.now())
        }
        Profile::Phone => {
            let found = phones_by_credential_id(uow.tx(), &ids).await?.pop();
            OnRecord::phone(opened, found, uow.now())
        }
    })
}

fn answer(
    judgement: Judgement,
    card: Option<public_card::Model>,
    within: bool,
    device_ended: bool,
    checked_at: DateTime<Utc>,
) -> Checked {
    let validity = card.as_ref().map(|card| (card.valid_from, card.valid_until));
    let public = shown_of_code(judgement.verdict, validity, device_ended, checked_at);
    let ended = matches!(judgement.verdict, Verdict::Suspended | Verdict::Revoked);
    Checked {
        verdict: judgement.verdict,
        shown: public,
        ground_withheld: ended && !within,
        reasons: judgement.reasons,
        evidence: judgement.evidence,
        shown_at: judgement.shown_at.and_then(|at| DateTime::from_timestamp(at, 0)),
        device_ended: device_ended && within,
        found: card.filter(|_| within).map(|card| Found {
            card,
            verdict: public,
            name_matches: None,
            checked_at,
        }),
        checked_at,
    }
}
