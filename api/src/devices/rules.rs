//! What is asked of invitations, phones and certificates. Pure: no database, no clock.

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{Attestation, CertificateState};
use entities::ids::{CertificateId, PersonId};
use entities::{device, device_invitation, public_card};

use super::error::DeviceRefusal;
use crate::credentials::state_on;

/// Characters of a phone's name at most.
const NAME_LENGTH: usize = 60;

/// The name of a phone, mended; `None` for none that can be shown.
pub(super) fn device_name(given: &str) -> Option<String> {
    let name = given.trim();
    let sound =
        (1..=NAME_LENGTH).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    sound.then(|| name.to_owned())
}

/// Whether an invitation can be taken up by this person now. That it is another's is told first: to
/// them nothing else about it is.
pub(super) fn may_take_up(
    invitation: &device_invitation::Model,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<(), DeviceRefusal> {
    if invitation.person_id != person {
        Err(DeviceRefusal::InvitationOfAnother)
    } else if invitation.used_at.is_some() {
        Err(DeviceRefusal::InvitationUsed)
    } else if invitation.revoked_at.is_some() {
        Err(DeviceRefusal::InvitationRevoked)
    } else if invitation.expires_at <= now {
        Err(DeviceRefusal::InvitationExpired)
    } else {
        Ok(())
    }
}

/// Whether a phone keeps its key as well as is asked for.
pub(super) fn attested(level: Attestation, least: Attestation) -> Result<(), DeviceRefusal> {
    if level >= least { Ok(()) } else { Err(DeviceRefusal::AttestationTooLow { least }) }
}

/// That a phone has not ended.
pub(super) fn open(device: &device::Model) -> Result<(), DeviceRefusal> {
    match device.ended_at.zip(device.end_reason) {
        Some((at, reason)) => Err(DeviceRefusal::DeviceEnded { reason, at }),
        None => Ok(()),
    }
}

/// Which of a person's certificates a phone shows: the one in force. Where there is none, what the
/// newest is.
pub(super) fn shown_today(
    cards: &[public_card::Model],
    today: NaiveDate,
) -> Result<CertificateId, DeviceRefusal> {
    let in_force = |card: &&public_card::Model| state_on(card, today) == CertificateState::Active;
    match (cards.iter().find(in_force), cards.first()) {
        (Some(card), _) => Ok(card.certificate_id),
        (None, Some(newest)) => Err(DeviceRefusal::NotInForce(state_on(newest, today))),
        (None, None) => Err(DeviceRefusal::NoCertificate),
    }
}

#[cfg(test)]
mod tests {
    use entities::enums::{DeviceEnd, KeyAlgorithm, PersonKind};
    use entities::ids::{AccountId, AgencyId, DeviceId, DeviceInvitationId};
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn at(minute: u32) -> DateTime<Utc> {
        format!("2026-03-02T02:{minute:02}:00Z").parse().unwrap()
    }

    #[test]
    fn a_phone_is_called_by_what_can_be_shown() {
        for (given, name) in [
            (" 我的手机 ", Some("我的手机")),
            ("x", Some("x")),
            ("", None),
            ("  ", None),
            ("a\u{7}b", None),
            ("line\nline", None),
        ] {
            assert_eq!(device_name(given).as_deref(), name, "{given:?}");
        }
        assert!(device_name(&"机".repeat(60)).is_some());
        assert!(device_name(&"机".repeat(61)).is_none());
    }

    #[test]
    fn an_invitation_is_taken_up_once_in_time_by_whom_it_is_for() {
        let person = PersonId(Uuid::from_u128(1));
        let open = device_invitation::Model {
            id: DeviceInvitationId(Uuid::nil()),
            person_id: person,
            secret_hash: vec![],
            expires_at: at(10),
            used_at: None,
            revoked_at: None,
            device_id: None,
            created_at: at(0),
        };
        let used = device_invitation::Model { used_at: Some(at(1)), ..open.clone() };
        let revoked = device_invitation::Model { revoked_at: Some(at(1)), ..open.clone() };
        let other = PersonId(Uuid::from_u128(2));
        for (invitation, who, now, expected) in [
            (&open, person, at(9), Ok(())),
            (&open, person, at(10), Err(DeviceRefusal::InvitationExpired)),
            (&open, other, at(9), Err(DeviceRefusal::InvitationOfAnother)),
            (&used, person, at(9), Err(DeviceRefusal::InvitationUsed)),
            (&used, person, at(11), Err(DeviceRefusal::InvitationUsed)),
            (&revoked, person, at(9), Err(DeviceRefusal::InvitationRevoked)),
            (&used, other, at(11), Err(DeviceRefusal::InvitationOfAnother)),
        ] {
            assert_eq!(may_take_up(invitation, who, now), expected);
        }
    }

    #[test]
    fn levels_of_attestation_rise() {
        use Attestation::{None, SecureElement, Software, TrustedEnvironment};
        let levels = [None, Software, TrustedEnvironment, SecureElement];
        for (n, level) in levels.into_iter().enumerate() {
            for (m, least) in levels.into_iter().enumerate() {
                assert_eq!(attested(level, least).is_ok(), n >= m, "{level:?} {least:?}");
            }
        }
    }

    #[test]
    fn a_phone_that_ended_says_why_and_when() {
        let device = device::Model {
            id: DeviceId(Uuid::nil()),
            account_id: AccountId(Uuid::nil()),
            person_id: PersonId(Uuid::nil()),
            algorithm: KeyAlgorithm::Es256,
            public_key: vec![],
            attestation: Attestation::None,
            name: String::new(),
            enrolled_at: at(0),
            ended_at: None,
            end_reason: None,
        };
        assert_eq!(open(&device), Ok(()));
        let ended =
            device::Model { ended_at: Some(at(5)), end_reason: Some(DeviceEnd::Lost), ..device };
        let expected = DeviceRefusal::DeviceEnded { reason: DeviceEnd::Lost, at: at(5) };
        assert_eq!(open(&ended), Err(expected));
    }

    #[test]
    fn the_certificate_in_force_is_shown() {
        use CertificateState as S;
        let card = |n: u128, state, from: &str, until: &str| public_card::Model {
            certificate_id: CertificateId(Uuid::from_u128(n)),
            holder_id: PersonId(Uuid::nil()),
            number: String::new(),
            name: String::new(),
            kind: PersonKind::EnforcementOfficer,
            state,
            agency_id: AgencyId(Uuid::nil()),
            agency_number: 1,
            agency_name: String::new(),
            field_names: json!([]),
            area_name: String::new(),
            issuing_authority: String::new(),
            valid_from: from.parse().unwrap(),
            valid_until: until.parse().unwrap(),
            photo_sha256: None,
            complaint_phone: None,
            successions: json!([]),
            shown_until: None,
            updated_at: at(0),
        };
        let today = "2026-03-02".parse().unwrap();
        let (from, until) = ("2026-01-01", "2026-12-31");
        let shown = |cards: &[public_card::Model]| shown_today(cards, today);
        assert_eq!(shown(&[]), Err(DeviceRefusal::NoCertificate));
        let waits = card(2, S::Issued, from, until);
        let active = card(1, S::Active, from, until);
        assert_eq!(shown(&[waits.clone(), active.clone()]), Ok(active.certificate_id));
        assert_eq!(shown(&[waits]), Err(DeviceRefusal::NotInForce(S::Issued)));
        for state in [S::Suspended, S::Lost, S::Revoked, S::Cancelled, S::Expired] {
            let ended = card(3, state, from, until);
            assert_eq!(shown(&[ended]), Err(DeviceRefusal::NotInForce(state)));
        }
        let over = card(4, S::Active, "2025-01-01", "2026-03-01");
        assert_eq!(shown(&[over]), Err(DeviceRefusal::NotInForce(S::Expired)));
        let to_come = card(5, S::Active, "2026-03-03", until);
        assert_eq!(shown(&[to_come]), Err(DeviceRefusal::NotInForce(S::Issued)));
    }
}
