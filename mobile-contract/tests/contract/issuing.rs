//! What an issuer makes: it comes back unchanged, fits its symbol, and is read by other people's
//! COSE.

use coset::{CborSerializable, CoseKey, CoseSign1, TaggedCborSerializable, iana};
use mobile_contract::{
    Algorithm, Credential, DeviceKey, Evidence, IssueError, Issued, Judgement, Kid, Profile,
    Reason, SignError, Signer, Verdict,
    credential::{
        MAX_AGENCY, MAX_KIND, MAX_NUMBER_BYTES, MAX_PHONE_BYTES, MAX_PHONE_SECONDS,
        MAX_PRINTED_BYTES, MAX_STATUS_LIST, MAX_TIME,
    },
    keys::PublicKey,
    present,
    qr::{MAX_HOST, PHONE_VERSION, PRINTED_VERSION, prefix_length, smallest_version},
};
use proptest::prelude::*;
use qrcode::{EcLevel, QrCode, Version, bits::Bits};
use sha2::{Digest, Sha256};

use crate::fixtures::*;

/// Any credential an issuer may make: names of every script, numbers up to the largest.
fn any_printed() -> impl Strategy<Value = Credential> {
    let number = prop_oneof!["[0-9]{11}", "[0-9A-Z-]{1,19}", "甘[0-9]{16}"];
    let name = prop_oneof!["[一-龥]{2,4}", "[一-龥·]{0,20}", "\\PC{0,20}", "[𠀀-𠀿]{0,9}"];
    let numbers = (0..=MAX_AGENCY, 0..=MAX_KIND, 0..=MAX_STATUS_LIST, any::<u32>());
    let dates = (0..NOW, NOW + 1..=MAX_TIME);
    (number, name, numbers, dates).prop_map(|(number, name, numbers, (not_before, expires))| {
        let (agency, kind, status_list, status_index) = numbers;
        Credential {
            certificate_number: number,
            not_before,
            expires,
            name: String::new(),
            name_cut: false,
            agency,
            kind,
            status_list,
            status_index,
            device_key: None,
        }
        .named(&name)
    })
}

fn largest() -> Credential {
    Credential {
        certificate_number: "9".repeat(MAX_NUMBER_BYTES),
        not_before: MAX_TIME - 1,
        expires: MAX_TIME,
        agency: MAX_AGENCY,
        kind: MAX_KIND,
        status_list: MAX_STATUS_LIST,
        status_index: u32::MAX,
        ..printed()
    }
    .named(&"汉".repeat(16))
}

/// Stands for the algorithm with the longest header.
struct Sm2;

impl Signer for Sm2 {
    fn public_key(&self) -> PublicKey {
        PublicKey::from_bytes(Algorithm::Sm2, &[4; 65]).unwrap()
    }

    fn sign(&self, _: &[u8]) -> Result<[u8; 64], SignError> {
        Ok([0xff; 64])
    }
}

/// Draws the code in that version with a real encoder, or fails.
fn draw(host: usize, digits: &str, version: u8) -> QrCode {
    let mut bits = Bits::new(Version::Normal(version.into()));
    let prefix = format!("https://{}/v/", "h".repeat(host));
    bits.push_byte_data(prefix.as_bytes()).unwrap();
    bits.push_numeric_data(digits.as_bytes()).unwrap();
    bits.push_terminator(EcLevel::M).unwrap();
    QrCode::with_bits(bits, EcLevel::M).unwrap()
}

proptest! {
    #[test]
    fn a_printed_credential_comes_back(credential in any_printed(), es256: bool) {
        let signers: [&dyn Signer; 2] = [&issuer(), &issuer_es256()];
        let signer = signers[usize::from(es256)];
        let issued = credential.issue(signer).unwrap();
        let name_cut = credential.name_cut.then_some(Reason::NameCut);
        let judgement = scan(&format!("https://zf.example.cn/v/{}", issued.digits()));
        prop_assert_eq!(judgement, Judgement {
            verdict: Verdict::Valid,
            reasons: name_cut.into_iter().collect(),
            credential: Some(credential),
            credential_id: Some(issued.id),
            kid: Some(signer.kid()),
            evidence: Some(Evidence::Printed),
            shown_at: None,
            status_as_of: Some(NOW),
            status_age: Some(0),
        });
    }

    #[test]
    fn a_printed_code_never_exceeds_version_10(credential in any_printed()) {
        let signers: [&dyn Signer; 3] = [&issuer(), &issuer_es256(), &Sm2];
        for signer in signers {
            let digits = credential.issue(signer).unwrap().digits();
            let version = smallest_version(prefix_length(MAX_HOST), digits.len());
            prop_assert!(version.is_some_and(|v| v <= PRINTED_VERSION), "{version:?}");
            draw(MAX_HOST, &digits, PRINTED_VERSION);
        }
    }

    #[test]
    fn a_phone_code_never_exceeds_version_13(credential in any_printed(), challenged: bool) {
        let number = credential.certificate_number.chars().filter(char::is_ascii);
        let number = number.take(11).collect();
        let credential = Credential {
            certificate_number: number,
            expires: credential.not_before + MAX_PHONE_SECONDS,
            device_key: DeviceKey::new(&phone().public_key()),
            ..credential
        };
        prop_assume!(!credential.certificate_number.is_empty());
        let issued = credential.issue(&issuer()).unwrap();
        let challenge = challenged.then_some(&CHALLENGE);
        let digits = present(&issued.bytes, MAX_TIME, challenge, &phone()).unwrap();
        let version = smallest_version(prefix_length(MAX_HOST), digits.len());
        prop_assert!(version.is_some_and(|v| v <= PHONE_VERSION), "{version:?}");
        draw(MAX_HOST, &digits, PHONE_VERSION);
    }
}

#[test]
fn the_largest_printed_credential_fills_version_10() {
    let issued = largest().issue(&Sm2).unwrap();
    assert_eq!(issued.bytes.len(), MAX_PRINTED_BYTES);
    let digits = issued.digits();
    assert_eq!(draw(MAX_HOST, &digits, PRINTED_VERSION).version(), Version::Normal(10));
    assert_eq!(smallest_version(prefix_length(MAX_HOST), digits.len()), Some(10));
    // The limits are not generous: two bytes more would not fit.
    assert_eq!(smallest_version(prefix_length(MAX_HOST), digits.len() + 5), Some(11));
    assert_eq!(largest().issue(&issuer()).unwrap().bytes.len(), 167);
    assert_eq!(printed().named("").issue(&issuer()).unwrap().bytes.len(), 125);
}

#[test]
fn the_largest_phone_credential_fills_version_13() {
    let of = |number: usize| Credential {
        certificate_number: "9".repeat(number),
        not_before: MAX_TIME - MAX_PHONE_SECONDS,
        device_key: DeviceKey::new(&phone().public_key()),
        ..largest()
    };
    let issued = of(11).issue(&issuer()).unwrap();
    assert_eq!(issued.bytes.len(), MAX_PHONE_BYTES);
    let digits = present(&issued.bytes, MAX_TIME, Some(&CHALLENGE), &phone()).unwrap();
    assert_eq!(bytes(&digits).len(), 289);
    assert_eq!(draw(MAX_HOST, &digits, PHONE_VERSION).version(), Version::Normal(13));
    assert_eq!(smallest_version(prefix_length(MAX_HOST), digits.len()), Some(13));
    assert_eq!(of(12).issue(&issuer()), Err(IssueError::TooLong));
    // A long number fits beside a name of usual length.
    assert!(of(MAX_NUMBER_BYTES).named("马晓兰").issue(&issuer()).is_ok());
    let empty = for_phone(&phone()).named("").issue(&issuer()).unwrap().bytes;
    assert_eq!(bytes(&present(&empty, NOW, None, &phone()).unwrap()).len(), 255);
}

#[test]
fn what_a_code_cannot_hold_is_refused() {
    let sound = printed();
    let bound = for_phone(&phone());
    let cases = [
        ("certificate number", Credential { certificate_number: String::new(), ..sound.clone() }),
        ("certificate number", Credential { certificate_number: "1".repeat(20), ..sound.clone() }),
        ("certificate number", Credential { certificate_number: "1\n2".into(), ..sound.clone() }),
        ("name", Credential { name: "汉".repeat(16), ..sound.clone() }),
        ("name", Credential { name: "e\u{301}".into(), ..sound.clone() }),
        ("not before", Credential { not_before: -1, ..sound.clone() }),
        ("expires", Credential { expires: MAX_TIME + 1, ..sound.clone() }),
        ("expires", Credential { expires: sound.not_before, ..sound.clone() }),
        ("expires", Credential { expires: i64::MIN, ..sound.clone() }),
        ("expires", Credential { expires: bound.not_before + MAX_PHONE_SECONDS + 1, ..bound }),
        ("agency", Credential { agency: MAX_AGENCY + 1, ..sound.clone() }),
        ("kind", Credential { kind: MAX_KIND + 1, ..sound.clone() }),
        ("status list", Credential { status_list: MAX_STATUS_LIST + 1, ..sound }),
    ];
    for (what, credential) in cases {
        assert_eq!(credential.issue(&issuer()), Err(IssueError::OutOfRange(what)), "{what}");
    }
}

#[test]
fn a_key_that_cannot_sign_issues_nothing() {
    struct Away;
    impl Signer for Away {
        fn public_key(&self) -> PublicKey {
            issuer().public_key()
        }
        fn sign(&self, _: &[u8]) -> Result<[u8; 64], SignError> {
            Err(SignError("away".to_owned()))
        }
    }
    assert_eq!(printed().issue(&Away), Err(IssueError::Sign(SignError("away".to_owned()))));
}

/// Reads a credential with coset and ciborium, and verifies it there.
fn by_coset(issued: &Issued, signer: &dyn Signer, profile: Profile) -> ciborium::Value {
    let sign1 = CoseSign1::from_tagged_slice(&issued.bytes).unwrap();
    let message = sign1.tbs_data(profile.external_aad());
    signer.public_key().verify(&message, &sign1.signature.clone().try_into().unwrap()).unwrap();
    assert_eq!(issued.id.0, Sha256::digest(&message)[..16]);
    let header = sign1.protected.header;
    assert_eq!(header.key_id, signer.kid().0);
    let alg = match signer.algorithm() {
        Algorithm::Ed25519 => iana::Algorithm::EdDSA,
        _ => iana::Algorithm::ES256,
    };
    assert_eq!(header.alg, Some(coset::Algorithm::Assigned(alg)));
    assert!(header.crit.is_empty() && header.rest.is_empty() && sign1.unprotected.is_empty());
    ciborium::from_reader(sign1.payload.unwrap().as_slice()).unwrap()
}

#[test]
fn others_read_the_same() {
    use ciborium::Value;
    let integer = |n: i64| Value::Integer(n.into());
    let facts = |profile: i64| {
        let name = hex::decode("9a6c6653517000b7").unwrap();
        Value::Array(vec![
            integer(profile),
            Value::Bytes(name),
            integer(1_204),
            integer(1),
            integer(3),
            integer(88_213),
        ])
    };
    let claims = |credential: &Credential| {
        vec![
            (integer(2), Value::Text("62000000017".to_owned())),
            (integer(4), integer(credential.expires)),
            (integer(5), integer(credential.not_before)),
        ]
    };

    let card = printed().named("马晓兰·");
    let signers: [&dyn Signer; 2] = [&issuer(), &issuer_es256()];
    for signer in signers {
        let mut expected = claims(&card);
        expected.push((integer(-65_537), facts(1)));
        let value = by_coset(&card.issue(signer).unwrap(), signer, Profile::Printed);
        assert_eq!(value, Value::Map(expected));
    }

    let bound = for_phone(&phone()).named("马晓兰·");
    let value = by_coset(&bound.issue(&issuer()).unwrap(), &issuer(), Profile::Phone);
    let Value::Map(entries) = value else { panic!("not a map") };
    let cnf = entries[3].1.as_map().unwrap()[0].1.clone();
    let Some(DeviceKey::P256 { x, y_odd }) = bound.device_key else { panic!("not P-256") };
    let mut key = Vec::new();
    ciborium::into_writer(&cnf, &mut key).unwrap();
    assert_eq!(
        CoseKey::from_slice(&key).unwrap(),
        coset::CoseKeyBuilder::new_ec2_pub_key_y_sign(iana::EllipticCurve::P_256, x.into(), y_odd)
            .build()
    );
    let mut expected = claims(&bound);
    expected.push((integer(8), Value::Map(vec![(integer(1), cnf)])));
    expected.push((integer(-65_537), facts(2)));
    assert_eq!(entries, expected);
}

#[test]
fn a_cut_name_says_so() {
    let card = printed().named("买买提艾力江·阿不都热依木·吐尔逊");
    assert_eq!(card.name, "买买提艾力江·阿不都热依木·吐");
    let judgement = scan(&card.issue(&issuer()).unwrap().digits());
    assert_eq!(judgement.reasons, [Reason::NameCut]);
    assert_eq!(judgement.credential, Some(card));
}

/// The input of `tests/python/verify_cose.py`; seen with `--no-capture`.
#[test]
fn an_example_for_other_libraries_is_printed() {
    use std::io::Write;
    let signers: [&dyn Signer; 2] = [&issuer(), &issuer_es256()];
    for signer in signers {
        let example = serde_json::json!({
            "cose": hex::encode(printed().issue(signer).unwrap().bytes),
            "public_key": hex::encode(signer.public_key().to_bytes()),
            "external_aad": hex::encode(Profile::Printed.external_aad()),
        });
        writeln!(std::io::stdout(), "{example}").unwrap();
    }
    assert_eq!(issuer().kid(), Kid([0x34, 0x75, 0x0f, 0x98]));
}
