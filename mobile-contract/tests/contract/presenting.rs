//! A phone's code: bound to its phone and its challenge, and never to be mixed with a printed one.

use mobile_contract::{
    Algorithm, DeviceKey, Ed25519Signer, Es256Signer, Evidence, Judgement, Reason, Signer, Verdict,
    present, presentation::PresentError,
};

use crate::fixtures::*;

#[test]
fn a_phone_shows_its_credential() {
    let ed25519 = Ed25519Signer::from_seed(&[9; 32]);
    let devices: [&dyn Signer; 2] = [&phone(), &ed25519];
    for device in devices {
        let credential = for_phone(device);
        let issued = credential.issue(&issuer()).unwrap();
        for (challenge, evidence) in
            [(None, Evidence::Phone), (Some(&CHALLENGE), Evidence::Challenged)]
        {
            let code = present(&issued.bytes, NOW - 20, challenge, device).unwrap();
            assert_eq!(
                scan_with(&code, challenge),
                Judgement {
                    verdict: Verdict::Valid,
                    reasons: vec![],
                    credential: Some(credential.clone()),
                    credential_id: Some(issued.id),
                    kid: Some(issuer().kid()),
                    evidence: Some(evidence),
                    shown_at: Some(NOW - 20),
                    status_as_of: Some(NOW),
                    status_age: Some(0),
                }
            );
        }
    }
}

#[test]
fn a_challenged_code_is_for_its_challenger() {
    let code = phone_code(NOW, Some(&CHALLENGE));
    for challenge in [None, Some(&[0; 16])] {
        let judgement = scan_with(&code, challenge);
        assert_eq!(judgement.verdict, Verdict::ChallengeBound);
        assert_eq!((judgement.evidence, judgement.shown_at), (None, None));
    }
    // An ordinary code, or a card, is no answer to a challenge: it is good, but proves no more.
    for (code, evidence) in
        [(phone_code(NOW, None), Evidence::Phone), (printed_code(), Evidence::Printed)]
    {
        let judgement = scan_with(&code, Some(&CHALLENGE));
        assert_eq!((judgement.verdict, judgement.evidence), (Verdict::Valid, Some(evidence)));
        assert_eq!(judgement.reasons, [Reason::ChallengeUnanswered]);
        assert_eq!(scan_with(&code, None).reasons, []);
    }
    let answered = scan_with(&phone_code(NOW, Some(&CHALLENGE)), Some(&CHALLENGE));
    assert_eq!((answered.evidence, answered.reasons), (Some(Evidence::Challenged), vec![]));
}

#[test]
fn another_phone_cannot_show_it() {
    let thief = Es256Signer::from_scalar(&[8; 32]).unwrap();
    let other_kind = Ed25519Signer::from_seed(&[8; 32]);
    let devices: [&dyn Signer; 2] = [&thief, &other_kind];
    for device in devices {
        let code = present(&phone_credential(), NOW, None, device).unwrap();
        assert_eq!(
            scan(&code),
            Judgement {
                verdict: Verdict::SignatureInvalid,
                reasons: vec![Reason::OtherDevice],
                credential: None,
                credential_id: None,
                kid: Some(issuer().kid()),
                evidence: None,
                shown_at: None,
                status_as_of: None,
                status_age: None,
            }
        );
    }
}

#[test]
fn a_key_off_its_curve_shows_nothing() {
    // No point of P-256 has this x (tried: about every second x has none).
    let off_curve = (0..=255)
        .map(|first| DeviceKey::P256 { x: [first; 32], y_odd: false })
        .find(|key| key.to_public_key().is_none())
        .unwrap();
    let credential =
        mobile_contract::Credential { device_key: Some(off_curve), ..for_phone(&phone()) };
    let issued = credential.issue(&issuer()).unwrap();
    let judgement = scan(&present(&issued.bytes, NOW, None, &phone()).unwrap());
    assert_eq!(judgement.verdict, Verdict::SignatureInvalid);
    assert_eq!(judgement.reasons, [Reason::OtherDevice]);
}

#[test]
fn a_phone_credential_without_its_phone_is_a_copy() {
    let judgement = scan(&digits(&phone_credential()));
    assert_eq!(judgement.verdict, Verdict::PresentationMissing);
    assert_eq!(judgement.evidence, None);
}

/// A presentation of whatever bytes, signed by the phone.
fn wrapped(credential: &[u8]) -> String {
    use ciborium::Value;
    let items = [3, NOW, 0].map(|n| Value::Integer(n.into())).into_iter();
    let items = items.chain([Value::Bytes(credential.to_vec())]).collect();
    let mut payload = Vec::new();
    ciborium::into_writer(&Value::Array(items), &mut payload).unwrap();
    digits(&sealed(&[0xa1, 1, 0x26], &payload, b"liangzheng/show/1\0", &phone()))
}

#[test]
fn a_printed_credential_cannot_be_presented() {
    // The splice is made well: what it is made from verifies when put together the same way.
    assert_eq!(scan(&wrapped(&phone_credential())).verdict, Verdict::Valid);
    let card = printed().issue(&issuer()).unwrap().bytes;
    assert_eq!(scan(&wrapped(&card)).verdict, Verdict::Unreadable);
    assert_eq!(present(&card, NOW, None, &phone()), Err(PresentError::NotAPhoneCredential));
}

#[test]
fn what_is_no_phone_credential_is_not_presented() {
    for bytes in [&[][..], &[0xd2], &phone_credential()[1..]] {
        assert_eq!(present(bytes, NOW, None, &phone()), Err(PresentError::NotAPhoneCredential));
    }
    assert_eq!(
        present(&phone_credential(), -1, None, &phone()),
        Err(PresentError::NotAPhoneCredential)
    );
    assert_eq!(
        scan(&wrapped(b"no credential at all, but long enough: xx")).verdict,
        Verdict::Unreadable
    );
}

#[test]
fn a_profile_cannot_be_renamed() {
    // Profile 1 with a phone's key, and profile 2 without one: each in a code whose signature is
    // good.
    for (credential, from, to) in
        [(for_phone(&phone()), [0x86, 2], [0x86, 1]), (printed(), [0x86, 1], [0x86, 2])]
    {
        let unsigned = credential.unsigned(Algorithm::Ed25519, issuer().kid()).unwrap();
        let mut payload = payload_of(&unsigned.seal(&[0; 64]));
        let at = payload.windows(2).position(|w| w == from).unwrap();
        payload[at..at + 2].copy_from_slice(&to);
        for aad in [&b"liangzheng/printed/1"[..], b"liangzheng/phone/1"] {
            let code = digits(&sealed(&protected(), &payload, aad, &issuer()));
            assert_eq!(scan(&code).verdict, Verdict::Unreadable);
        }
    }
}

#[test]
fn a_printed_signature_does_not_serve_for_a_phone() {
    // The same payload signed under another domain.
    let payload = payload_of(&bytes(&printed_code()));
    let sealed_for = |aad: &[u8]| digits(&sealed(&protected(), &payload, aad, &issuer()));
    assert_eq!(scan(&sealed_for(b"liangzheng/printed/1")).verdict, Verdict::Valid);
    for aad in [&b"liangzheng/phone/1"[..], b"", b"liangzheng/printed/2"] {
        assert_eq!(scan(&sealed_for(aad)).verdict, Verdict::SignatureInvalid);
    }
}
