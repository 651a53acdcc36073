//! Why an act on a phone was refused.

use std::sync::LazyLock;

use chrono::{DateTime, Utc};
use entities::enums::{Attestation, CertificateState, DeviceEnd};

use crate::platform::clock::local;
use crate::platform::failure::{Failure, Refusal};
use crate::platform::texts::{Catalogue, Locale};

static TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::new(include_str!("devices.zh-CN.ftl"), include_str!("devices.en.ftl"))
});

/// Why an act on a phone was refused. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeviceRefusal {
    /// No such officer in the actor's part of the tree.
    OfficerNotFound,
    /// Nobody invites themselves.
    OwnRecord,
    /// The officer has no account that is open.
    WithoutAccount,
    /// No invitation of this officer is open.
    NoInvitation,
    /// No invitation has this secret.
    InvitationInvalid,
    /// It has been taken up.
    InvitationUsed,
    /// Its ten minutes are over.
    InvitationExpired,
    /// It was taken back, or another has taken its place.
    InvitationRevoked,
    /// It is for somebody else.
    InvitationOfAnother,
    /// Not the nonce that this account was given last, or too late.
    NonceInvalid,
    /// No public key of the algorithm.
    KeyInvalid,
    /// The key was enrolled before.
    KeyKnown,
    /// The key did not sign this enrolment.
    SignatureInvalid,
    /// The name of the phone is blank, too long or has control characters.
    NameInvalid,
    /// The phone keeps its key less well than is asked for.
    AttestationTooLow {
        /// What is asked for.
        least: Attestation,
    },
    /// No such phone here.
    DeviceNotFound,
    /// It has ended.
    DeviceEnded {
        /// Why.
        reason: DeviceEnd,
        /// When.
        at: DateTime<Utc>,
    },
    /// The officer has no certificate.
    NoCertificate,
    /// The certificate is not in force.
    NotInForce(CertificateState),
    /// Number and name are more than a phone's code can hold.
    CodeTooLong,
    /// Somebody else did something with it at the same moment.
    ChangedMeanwhile,
}

impl Refusal for DeviceRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::OfficerNotFound => "OFFICER_NOT_FOUND",
            Self::OwnRecord => "OWN_RECORD",
            Self::WithoutAccount => "OFFICER_WITHOUT_ACCOUNT",
            Self::NoInvitation => "DEVICE_INVITATION_NOT_FOUND",
            Self::InvitationInvalid => "DEVICE_INVITATION_INVALID",
            Self::InvitationUsed => "DEVICE_INVITATION_USED",
            Self::InvitationExpired => "DEVICE_INVITATION_EXPIRED",
            Self::InvitationRevoked => "DEVICE_INVITATION_REVOKED",
            Self::InvitationOfAnother => "DEVICE_INVITATION_OF_ANOTHER",
            Self::NonceInvalid => "ENROLMENT_NONCE_INVALID",
            Self::KeyInvalid => "DEVICE_KEY_INVALID",
            Self::KeyKnown => "DEVICE_KEY_KNOWN",
            Self::SignatureInvalid => "DEVICE_SIGNATURE_INVALID",
            Self::NameInvalid => "DEVICE_NAME_INVALID",
            Self::AttestationTooLow { .. } => "DEVICE_ATTESTATION_TOO_LOW",
            Self::DeviceNotFound => "DEVICE_NOT_FOUND",
            Self::DeviceEnded { .. } => "DEVICE_ENDED",
            Self::NoCertificate => "NO_CERTIFICATE",
            Self::NotInForce(state) => match state {
                // Not answered: one that is active is in force.
                CertificateState::Active | CertificateState::Issued => "CERTIFICATE_NOT_YET_VALID",
                CertificateState::Suspended => "CERTIFICATE_SUSPENDED",
                CertificateState::Lost => "CERTIFICATE_LOST",
                CertificateState::Revoked => "CERTIFICATE_REVOKED",
                CertificateState::Cancelled => "CERTIFICATE_CANCELLED",
                CertificateState::Expired => "CERTIFICATE_EXPIRED",
            },
            Self::CodeTooLong => "PHONE_CODE_TOO_LONG",
            Self::ChangedMeanwhile => "CHANGED_MEANWHILE",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::OfficerNotFound | Self::OwnRecord | Self::WithoutAccount | Self::NoInvitation => {
                Some("officerId")
            }
            Self::InvitationInvalid
            | Self::InvitationUsed
            | Self::InvitationExpired
            | Self::InvitationRevoked
            | Self::InvitationOfAnother => Some("invitation"),
            Self::NonceInvalid => Some("nonce"),
            Self::KeyInvalid | Self::KeyKnown => Some("publicKey"),
            Self::SignatureInvalid => Some("signature"),
            Self::NameInvalid => Some("name"),
            Self::AttestationTooLow { .. } => Some("attestation"),
            Self::DeviceNotFound | Self::DeviceEnded { .. } => Some("deviceId"),
            Self::NoCertificate
            | Self::NotInForce(_)
            | Self::CodeTooLong
            | Self::ChangedMeanwhile => None,
        }
    }

    fn message(&self, locale: Locale) -> String {
        match self {
            Self::AttestationTooLow { least } => {
                let least = TEXTS.fixed(locale, &format!("attestation-{}", least.code()));
                TEXTS.text(locale, self.code(), &[("least", &least)])
            }
            Self::DeviceEnded { reason, at } => {
                let reason = TEXTS.fixed(locale, &format!("ended-{}", reason.code()));
                let at = local(*at).format("%Y-%m-%d %H:%M").to_string();
                TEXTS.text(locale, self.code(), &[("reason", &reason), ("time", &at)])
            }
            _ => TEXTS.text(locale, self.code(), &[]),
        }
    }
}

/// What a use-case of this capability answers.
pub type Result<T> = std::result::Result<T, Failure<DeviceRefusal>>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_text_in_every_language() {
        use DeviceRefusal as R;
        let mut all = vec![
            R::OfficerNotFound,
            R::OwnRecord,
            R::WithoutAccount,
            R::NoInvitation,
            R::InvitationInvalid,
            R::InvitationUsed,
            R::InvitationExpired,
            R::InvitationRevoked,
            R::InvitationOfAnother,
            R::NonceInvalid,
            R::KeyInvalid,
            R::KeyKnown,
            R::SignatureInvalid,
            R::NameInvalid,
            R::DeviceNotFound,
            R::NoCertificate,
            R::CodeTooLong,
            R::ChangedMeanwhile,
        ];
        all.extend(Attestation::all().map(|least| R::AttestationTooLow { least }));
        all.extend(CertificateState::all().map(R::NotInForce));
        let at = DateTime::UNIX_EPOCH;
        all.extend(DeviceEnd::all().map(|reason| R::DeviceEnded { reason, at }));
        for refusal in all {
            for locale in Locale::ALL {
                let text = refusal.message(locale).replace("1970-01-01", "");
                // A text that lacks an argument would be shown as its bare code.
                let whole = !text.contains(refusal.code()) && !text.contains('-');
                assert!(whole, "{refusal:?} {locale:?} {text}");
            }
        }
    }
}
