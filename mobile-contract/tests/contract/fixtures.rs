//! One issuer, one holder, one day: what the tests start from.

use std::collections::HashSet;

use mobile_contract::{
    CertificateStatus, Challenge, Credential, DeviceKey, Ed25519Signer, Es256Signer, Floor,
    Judgement, KeyRecord, KeySet, KeyUse, Moment, Signer, StatusFact, Verifier,
    digits::{bytes_to_digits, digits_to_bytes},
    present, verify,
};

pub(crate) const HOUR: i64 = 3_600;
pub(crate) const DAY: i64 = 24 * HOUR;
pub(crate) const NOW: i64 = 1_800_000_000;
pub(crate) const CHALLENGE: Challenge = [0xc4; 16];

pub(crate) fn issuer() -> Ed25519Signer {
    Ed25519Signer::from_seed(&[1; 32])
}

pub(crate) fn issuer_es256() -> Es256Signer {
    Es256Signer::from_scalar(&[2; 32]).unwrap()
}

pub(crate) fn phone() -> Es256Signer {
    Es256Signer::from_scalar(&[3; 32]).unwrap()
}

pub(crate) fn record(signer: &dyn Signer) -> KeyRecord {
    KeyRecord {
        public_key: signer.public_key(),
        key_use: KeyUse::Credential,
        not_before: NOW - 3_000 * DAY,
        not_after: NOW + 3_000 * DAY,
        compromised_since: None,
    }
}

pub(crate) fn keys() -> KeySet {
    KeySet::new([record(&issuer()), record(&issuer_es256())])
}

pub(crate) fn printed() -> Credential {
    Credential {
        certificate_number: "62000000017".to_owned(),
        not_before: NOW - 30 * DAY,
        expires: NOW + 1_000 * DAY,
        name: "马晓兰".to_owned(),
        name_cut: false,
        agency: 1_204,
        kind: 1,
        status_list: 3,
        status_index: 88_213,
        device_key: None,
    }
}

pub(crate) fn for_phone(device: &dyn Signer) -> Credential {
    Credential {
        not_before: NOW - HOUR,
        expires: NOW + 23 * HOUR,
        device_key: DeviceKey::new(&device.public_key()),
        ..printed()
    }
}

pub(crate) fn phone_credential() -> Vec<u8> {
    for_phone(&phone()).issue(&issuer()).unwrap().bytes
}

pub(crate) fn printed_code() -> String {
    printed().issue(&issuer()).unwrap().digits()
}

pub(crate) fn phone_code(issued_at: i64, challenge: Option<&Challenge>) -> String {
    present(&phone_credential(), issued_at, challenge, &phone()).unwrap()
}

pub(crate) fn bytes(digits: &str) -> Vec<u8> {
    digits_to_bytes(digits).unwrap()
}

pub(crate) fn digits(bytes: &[u8]) -> String {
    bytes_to_digits(bytes).unwrap()
}

pub(crate) fn fresh(status: CertificateStatus) -> StatusFact {
    StatusFact::Fresh { status, as_of: NOW }
}

/// A moment that has passed, with the usual tolerance.
pub(crate) fn passed(at: i64) -> Floor {
    Floor { at, tolerance: 300 }
}

/// Verifies at [`NOW`], with everything in the code's favour.
pub(crate) fn scan(input: &str) -> Judgement {
    scan_with(input, None)
}

pub(crate) fn scan_with(input: &str, challenge: Option<&Challenge>) -> Judgement {
    let verifier = Verifier {
        keys: &keys(),
        known_genuine: &HashSet::new(),
        challenge,
        moment: Moment { now: NOW, floor: Some(passed(NOW - HOUR)) },
    };
    verify(input, verifier, |_| fresh(CertificateStatus::Valid))
}

/// An envelope around any protected header and payload, signed whatever they are.
pub(crate) fn sealed(protected: &[u8], payload: &[u8], aad: &[u8], signer: &dyn Signer) -> Vec<u8> {
    let original_data = Some(protected.to_vec());
    let header = coset::Header::default();
    let protected = coset::ProtectedHeader { original_data, header };
    let mut sign1 = coset::CoseSign1 {
        protected,
        payload: Some(payload.to_vec()),
        ..coset::CoseSign1::default()
    };
    sign1.signature = signer.sign(&sign1.tbs_data(aad)).unwrap().to_vec();
    coset::TaggedCborSerializable::to_tagged_vec(sign1).unwrap()
}

/// The protected header of the issuer's credentials.
pub(crate) fn protected() -> Vec<u8> {
    [&[0xa2, 1, 0x27, 4, 0x44], issuer().kid().0.as_slice()].concat()
}

pub(crate) fn payload_of(cose: &[u8]) -> Vec<u8> {
    let sign1: coset::CoseSign1 = coset::TaggedCborSerializable::from_tagged_slice(cose).unwrap();
    sign1.payload.unwrap()
}
