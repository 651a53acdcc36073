//! Enrolling a phone: the officer's own session, the invitation, and the signature of the phone's
//! key over both and a nonce of ours (`mobile_contract::enrolment`). The phone before ends in the
//! same transaction.

use chrono::{DateTime, Duration, Utc};
use entities::enums::{Attestation, DeviceEnd, KeyAlgorithm};
use entities::ids::{DeviceId, PersonId};
use entities::{device, device_invitation, enrolment_nonce, person};
use mobile_contract::Enrolment;
use mobile_contract::enrolment::NONCE_BYTES;
use sea_orm::EntityTrait;
use serde_json::json;

use super::ending::end_and_record;
use super::error::{DeviceRefusal, Result};
use super::{invitations, rules, store};
use crate::audit::{Stream, UnitOfWork};
use crate::auth;
use crate::credentials::{self, open_device};
use crate::graphql::ids::encode;
use crate::platform::Platform;
use crate::platform::actor::{Actor, SignedIn};
use crate::platform::failure::{Failure, Fault};
use crate::platform::throttle::Allowance;

/// How long a nonce can be signed.
const NONCE_LIFE: Duration = Duration::minutes(10);

/// Refused tries of one person that the log tells of within [`TOLD_WITHIN`].
const MOST_TRIES_TOLD: u32 = 20;
/// Over how long they are counted.
const TOLD_WITHIN: Duration = Duration::minutes(10);

/// What a phone needs to sign its enrolment.
#[derive(Clone, Debug)]
pub struct Begun {
    /// 32 random bytes.
    pub nonce: [u8; NONCE_BYTES],
    /// The officer, whose opaque id is signed along.
    pub officer: PersonId,
    /// End of the nonce.
    pub expires_at: DateTime<Utc>,
}

/// A phone that asks to be enrolled.
#[derive(Clone, Debug)]
pub struct NewDevice {
    /// Secret of the invitation.
    pub invitation: String,
    /// The nonce that was signed.
    pub nonce: Vec<u8>,
    /// Algorithm of its key.
    pub algorithm: KeyAlgorithm,
    /// 32 bytes for Ed25519, the uncompressed point for P-256.
    pub public_key: Vec<u8>,
    /// Where it keeps the key, by what its attestation says.
    pub attestation: Attestation,
    /// What its holder calls it.
    pub name: String,
    /// Of [`Enrolment::message`] by the key; of ECDSA raw r‖s.
    pub signature: Vec<u8>,
}

/// Gives the signed-in account a nonce; one it had before is good no more.
pub async fn begin(platform: &Platform, actor: &Actor, signed_in: &SignedIn) -> Result<Begun> {
    let uow = UnitOfWork::begin(platform, actor).await?;
    let nonce = platform.random.bytes();
    let expires_at = uow.now() + NONCE_LIFE;
    let row =
        enrolment_nonce::Model { account_id: signed_in.account, nonce: nonce.to_vec(), expires_at };
    store::put_nonce(&uow, row).await?;
    uow.commit().await?;
    Ok(Begun { nonce, officer: signed_in.person, expires_at })
}

/// Enrols a phone for the signed-in officer. The same request again, since its answer may have been
/// lost, is answered with the phone it has enrolled.
pub async fn enrol(
    platform: &Platform,
    actor: &Actor,
    signed_in: &SignedIn,
    new: NewDevice,
) -> Result<device::Model> {
    let name = rules::device_name(&new.name).ok_or(DeviceRefusal::NameInvalid)?;
    let public_key = credentials::public_key(new.algorithm, &new.public_key)
        .map_err(|_| DeviceRefusal::KeyInvalid)?;
    let mut uow = UnitOfWork::begin(platform, actor).await?;
    // Held, so that it is not closed meanwhile with this phone left open.
    let account = auth::hold_open_account(&uow, signed_in.account).await?;
    let account = account.ok_or(DeviceRefusal::ChangedMeanwhile)?;
    let person = person::Entity::find_by_id(account.person_id).one(uow.tx()).await?;
    let person = person.ok_or_else(|| Fault::other("the person of an account"))?;
    let hash = invitations::hash(&new.invitation);
    let invitation = store::invitation_by_hash(uow.tx(), &hash).await?;
    let invitation = invitation.ok_or(DeviceRefusal::InvitationInvalid)?;
    let known = store::device_by_key(uow.tx(), &new.public_key).await?;
    if let Some(again) = known.as_ref().filter(|d| is_answer_to(d, &invitation, person.id)) {
        return Ok(again.clone());
    }
    if let Err(refusal) = rules::may_take_up(&invitation, person.id, uow.now()) {
        return Err(refused(uow, &person, &invitation, refusal).await);
    }
    let nonce: Option<&[u8; NONCE_BYTES]> = new.nonce.as_array();
    let nonce = nonce.ok_or(DeviceRefusal::NonceInvalid)?;
    if !store::is_nonce(&uow, account.id, nonce).await? {
        return Err(DeviceRefusal::NonceInvalid.into());
    }
    let enrolment = Enrolment {
        nonce,
        invitation: &new.invitation,
        officer: &encode(person.id),
        public_key: &public_key,
    };
    let signature = new.signature.as_array().ok_or(DeviceRefusal::SignatureInvalid)?;
    enrolment.verify(signature).map_err(|_| DeviceRefusal::SignatureInvalid)?;
    if known.is_some() {
        return Err(DeviceRefusal::KeyKnown.into());
    }
    let policy = store::policy_for(&uow, &person).await?;
    rules::attested(new.attestation, policy.body.least_attestation)?;

    let stream = Stream::Agency(person.agency_id);
    if let Some(before) = open_device(uow.tx(), person.id).await? {
        end_and_record(&mut uow, stream, before.id, DeviceEnd::Replaced).await?;
    }
    let row = device::Model {
        id: uow.new_id::<DeviceId>(),
        account_id: account.id,
        person_id: person.id,
        algorithm: new.algorithm,
        public_key: new.public_key,
        attestation: new.attestation,
        name,
        enrolled_at: uow.now(),
        ended_at: None,
        end_reason: None,
    };
    if let Err(fault) = store::enter_device(&uow, &row).await {
        let meanwhile = fault.is_unique_violation();
        return Err(if meanwhile { DeviceRefusal::ChangedMeanwhile.into() } else { fault.into() });
    }
    if !store::use_invitation(&uow, invitation.id, row.id).await? {
        return Err(DeviceRefusal::ChangedMeanwhile.into());
    }
    store::drop_nonce(&uow, account.id).await?;
    let body = json!({
        "officer": encode(person.id),
        "invitation": invitation.id.0,
        "key": public_key.kid().to_string(),
        "algorithm": row.algorithm.code(),
        "attestation": row.attestation.code(),
        "policy": encode(policy.id),
    });
    uow.record(stream, "device.enrol", encode(row.id), body);
    uow.commit().await?;
    Ok(row)
}

/// Whether a phone was enrolled by just this invitation, is this person's and has not ended.
fn is_answer_to(
    device: &device::Model,
    invitation: &device_invitation::Model,
    person: PersonId,
) -> bool {
    device.person_id == person
        && device.ended_at.is_none()
        && invitation.device_id == Some(device.id)
}

/// Records that somebody tried an invitation that is not to be taken up, and nothing else.
async fn refused(
    mut uow: UnitOfWork,
    person: &person::Model,
    invitation: &device_invitation::Model,
    refusal: DeviceRefusal,
) -> Failure<DeviceRefusal> {
    use crate::platform::failure::Refusal;
    // The log tells that it was tried, and is not filled by trying it on and on.
    let key = format!("refused enrolments of {}", person.id.0);
    let (platform, now) = (uow.platform().clone(), uow.now());
    if platform.throttle.hit(&key, MOST_TRIES_TOLD, TOLD_WITHIN, now).await == Allowance::Allowed {
        let body = json!({ "invitation": invitation.id.0, "code": refusal.code() });
        let stream = Stream::Agency(person.agency_id);
        uow.record(stream, "device.enrol_refused", encode(person.id), body);
    }
    match uow.commit().await {
        Ok(()) => refusal.into(),
        Err(fault) => fault.into(),
    }
}
