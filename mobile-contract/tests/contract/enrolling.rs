//! What a phone signs to be enrolled, and the committed vectors of it in `vectors/enrolment.json`.
//!
//! `UPDATE_VECTORS=1` writes them anew.

use std::path::Path;

use mobile_contract::{
    Algorithm, Ed25519Signer, Enrolment, Es256Signer, PublicKey, Signer,
    enrolment::plain_invitation,
};
use serde_json::{Value, json};

use crate::fixtures::phone;

const NONCE: [u8; 32] = [0xe7; 32];
const INVITATION: &str = "k7mp-3xqa-9fwe-h2rt-u5yc-b8nd-6gsv-4zjk";
const OFFICER: &str = "pers_01900000000070008000000000000001";

fn of(public_key: &PublicKey) -> Enrolment<'_> {
    Enrolment { nonce: &NONCE, invitation: INVITATION, officer: OFFICER, public_key }
}

fn vectors() -> Value {
    let ed25519 = Ed25519Signer::from_seed(&[9; 32]);
    let phone = phone();
    let signers: [(&dyn Signer, u8); 2] = [(&phone, 3), (&ed25519, 9)];
    let enrolments = signers.map(|(signer, private)| {
        let key = signer.public_key();
        let message = of(&key).message();
        json!({
            "alg": signer.algorithm().number(),
            "private": hex::encode([private; 32]),
            "public": hex::encode(key.to_bytes()),
            "nonce": hex::encode(NONCE),
            "invitation": INVITATION,
            "officer": OFFICER,
            "message": hex::encode(&message),
            "signature": hex::encode(signer.sign(&message).unwrap()),
        })
    });
    json!({
        "about": "What a phone signs to be enrolled. Everything but words and numbers is in \
                  hexadecimal. Ed25519 signs always the same; ECDSA here with the nonce of RFC 6979, \
                  any other good signature does as well. The private keys are those of tests.",
        "enrolments": enrolments,
    })
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/enrolment.json")
}

#[test]
fn the_vectors_have_not_changed() {
    let now = serde_json::to_string_pretty(&vectors()).unwrap() + "\n";
    if std::env::var_os("UPDATE_VECTORS").is_some() {
        std::fs::write(path(), &now).unwrap();
    }
    assert_eq!(std::fs::read_to_string(path()).unwrap(), now);
}

/// Reads the file as a stranger would, with a CBOR library that is not ours.
#[test]
fn the_vectors_stand_on_their_own() {
    use ciborium::Value as Cbor;
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path()).unwrap()).unwrap();
    let bytes = |v: &Value| hex::decode(v.as_str().unwrap()).unwrap();
    let enrolments = file["enrolments"].as_array().unwrap();
    assert_eq!(enrolments.len(), 2);
    for one in enrolments {
        let alg = one["alg"].as_i64().unwrap();
        let mut message = Vec::new();
        let items = vec![
            Cbor::Text("liangzheng/enrol/1".into()),
            Cbor::Bytes(bytes(&one["nonce"])),
            Cbor::Text(one["invitation"].as_str().unwrap().replace('-', "")),
            Cbor::Text(one["officer"].as_str().unwrap().into()),
            Cbor::Integer(alg.into()),
            Cbor::Bytes(bytes(&one["public"])),
        ];
        ciborium::into_writer(&Cbor::Array(items), &mut message).unwrap();
        assert_eq!(message, bytes(&one["message"]));
        let key = Algorithm::from_number(alg).unwrap();
        let key = PublicKey::from_bytes(key, &bytes(&one["public"])).unwrap();
        key.verify(&message, &bytes(&one["signature"]).try_into().unwrap()).unwrap();
    }
}

#[test]
fn a_signature_is_for_this_enrolment_and_no_other() {
    let (signer, other) = (phone(), Es256Signer::from_scalar(&[8; 32]).unwrap());
    let (key, another_key) = (signer.public_key(), other.public_key());
    let enrolment = of(&key);
    let signature = signer.sign(&enrolment.message()).unwrap();
    enrolment.verify(&signature).unwrap();
    let another_nonce = [0; 32];
    for (what, changed) in [
        ("nonce", Enrolment { nonce: &another_nonce, ..enrolment }),
        ("invitation", Enrolment { invitation: "k7mp", ..enrolment }),
        ("officer", Enrolment { officer: "pers_2", ..enrolment }),
        ("key", Enrolment { public_key: &another_key, ..enrolment }),
        // Parts do not run together.
        (
            "shifted",
            Enrolment {
                invitation: &format!("{INVITATION}p"),
                officer: OFFICER.strip_prefix('p').unwrap(),
                ..enrolment
            },
        ),
    ] {
        assert!(changed.verify(&signature).is_err(), "{what}");
    }
}

#[test]
fn an_invitation_may_be_typed_as_one_likes() {
    let plain = "k7mp3xqa9fweh2rtu5ycb8nd6gsv4zjk";
    for typed in [INVITATION, plain, " K7MP 3XQA-9fwe h2rt u5yc b8nd 6gsv 4ZJK\n"] {
        assert_eq!(plain_invitation(typed), plain);
    }
    assert_eq!(plain_invitation("É—1"), "É—1", "nothing else is mended");
}
