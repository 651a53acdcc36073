//! What phones, invitations and credentials are in GraphQL. Bytes are base64url without padding.

use async_graphql::{Enum, InputObject, SimpleObject};
use chrono::{DateTime, Utc};
use entities::ids::{CertificateId, DeviceId, PersonId};
use entities::{device, enums};

use super::from_base64url;
use crate::credentials::PhoneCredential as Credential;
use crate::devices::{Begun, Invitation, NewDevice};
use crate::graphql::enums::{Attestation, DeviceEnd, KeyAlgorithm};
use crate::graphql::ids::Id;
use crate::graphql::{UserError, base64url};

/// An enrolled phone. A person has one at a time.
#[derive(SimpleObject)]
pub struct Device {
    /// Id.
    id: Id<DeviceId>,
    /// What its holder calls it.
    name: String,
    /// Algorithm of its key.
    algorithm: KeyAlgorithm,
    /// Its public key: 32 bytes for ED25519, the uncompressed point of 65 bytes for ES256.
    public_key: String,
    /// Where it keeps its key, by what its attestation says.
    attestation: Attestation,
    /// Enrolled.
    enrolled_at: DateTime<Utc>,
    /// Ended, for good; none while it may show the certificate.
    ended_at: Option<DateTime<Utc>>,
    /// Why it ended.
    end_reason: Option<DeviceEnd>,
}

impl From<device::Model> for Device {
    fn from(row: device::Model) -> Self {
        Self {
            id: row.id.into(),
            name: row.name,
            algorithm: row.algorithm.into(),
            public_key: base64url(&row.public_key),
            attestation: row.attestation.into(),
            enrolled_at: row.enrolled_at,
            ended_at: row.ended_at,
            end_reason: row.end_reason.map(Into::into),
        }
    }
}

/// An invitation to enrol a phone, told this once.
#[derive(SimpleObject)]
pub struct DeviceInvitation {
    /// For whom.
    officer_id: Id<PersonId>,
    /// What the officer gives in the app; hyphens, blanks and capitals do not matter.
    secret: String,
    /// End at the latest: ten minutes.
    expires_at: DateTime<Utc>,
}

impl From<Invitation> for DeviceInvitation {
    fn from(invitation: Invitation) -> Self {
        Self {
            officer_id: invitation.officer.into(),
            secret: invitation.secret,
            expires_at: invitation.expires_at,
        }
    }
}

/// Answer of `inviteDevice`.
#[derive(SimpleObject)]
pub struct DeviceInvitationPayload {
    /// The invitation; none where there are user errors.
    pub(super) invitation: Option<DeviceInvitation>,
    /// What was wrong.
    pub(super) user_errors: Vec<UserError>,
}

/// Answer of `revokeDeviceInvitation`.
#[derive(SimpleObject)]
pub struct RevokeDeviceInvitationPayload {
    /// Whose invitation ended; none where there are user errors.
    pub(super) officer_id: Option<Id<PersonId>>,
    /// What was wrong.
    pub(super) user_errors: Vec<UserError>,
}

/// What a phone signs to be enrolled, beside the invitation and its key (`docs/credential.md` §5).
#[derive(SimpleObject)]
pub struct DeviceEnrolment {
    /// 32 bytes.
    nonce: String,
    /// The officer, as it is signed.
    officer_id: Id<PersonId>,
    /// End of the nonce: ten minutes.
    expires_at: DateTime<Utc>,
}

impl From<Begun> for DeviceEnrolment {
    fn from(begun: Begun) -> Self {
        Self {
            nonce: base64url(begun.nonce),
            officer_id: begun.officer.into(),
            expires_at: begun.expires_at,
        }
    }
}

/// Answer of `beginDeviceEnrolment`.
#[derive(SimpleObject)]
pub struct BeginDeviceEnrolmentPayload {
    /// What is to be signed; none where there are user errors.
    pub(super) enrolment: Option<DeviceEnrolment>,
    /// What was wrong.
    pub(super) user_errors: Vec<UserError>,
}

/// A phone that asks to be enrolled.
#[derive(InputObject)]
pub struct EnrolDeviceInput {
    /// Secret of the invitation.
    invitation: String,
    /// The nonce of `beginDeviceEnrolment`.
    nonce: String,
    /// Algorithm of the key.
    algorithm: KeyAlgorithm,
    /// 32 bytes for ED25519, the uncompressed point of 65 bytes for ES256.
    public_key: String,
    /// Where the phone keeps the key, by what its attestation says.
    attestation: Attestation,
    /// What its holder calls it, 1–60 characters.
    name: String,
    /// 64 bytes; of ES256 raw r‖s, not DER.
    signature: String,
}

impl From<EnrolDeviceInput> for NewDevice {
    fn from(input: EnrolDeviceInput) -> Self {
        Self {
            invitation: input.invitation,
            nonce: from_base64url(&input.nonce),
            algorithm: input.algorithm.into(),
            public_key: from_base64url(&input.public_key),
            attestation: input.attestation.into(),
            name: input.name,
            signature: from_base64url(&input.signature),
        }
    }
}

/// Why somebody ends a phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum EndDeviceReason {
    /// The phone was lost or stolen.
    Lost,
    /// It is to show nothing any more.
    Withdrawn,
}

impl From<EndDeviceReason> for enums::DeviceEnd {
    fn from(reason: EndDeviceReason) -> Self {
        match reason {
            EndDeviceReason::Lost => Self::Lost,
            EndDeviceReason::Withdrawn => Self::Withdrawn,
        }
    }
}

/// Answer of mutations on a phone.
#[derive(SimpleObject)]
pub struct DevicePayload {
    /// The phone; none where there are user errors.
    pub(super) device: Option<Device>,
    /// What was wrong.
    pub(super) user_errors: Vec<UserError>,
}

/// What a phone shows (`docs/credential.md` §1).
#[derive(SimpleObject)]
pub struct PhoneCredential {
    /// The tagged `COSE_Sign1`.
    bytes: String,
    /// A code that is dated before is not good: somewhat before the signing, for clocks that run
    /// behind.
    not_before: DateTime<Utc>,
    /// A code that is dated from then on is not good.
    expires: DateTime<Utc>,
    /// From when on another is given: half of the time. Fetch it then, where there is a network.
    refresh_after: DateTime<Utc>,
    /// The certificate it shows.
    certificate_id: Id<CertificateId>,
    /// Its number.
    certificate_number: String,
    /// The status list that tells, offline too, whether the phone may show it.
    status_list: i32,
}

impl From<Credential> for PhoneCredential {
    fn from(credential: Credential) -> Self {
        let half = (credential.expires_at - credential.not_before) / 2;
        Self {
            bytes: base64url(&credential.bytes),
            not_before: credential.not_before,
            expires: credential.expires_at,
            refresh_after: credential.expires_at - half,
            certificate_id: credential.certificate.into(),
            certificate_number: credential.certificate_number,
            status_list: credential.status_list,
        }
    }
}

/// Answer of `refreshPhoneCredential`.
#[derive(SimpleObject)]
pub struct PhoneCredentialPayload {
    /// The credential; none where there are user errors.
    pub(super) credential: Option<PhoneCredential>,
    /// What was wrong.
    pub(super) user_errors: Vec<UserError>,
}
