//! A COSE library that is not ours verifies what the server issued, with the key it publishes, and
//! what a phone shows, with the phone's.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::demo::Demo;
use crate::phones::Phone;
use crate::server::{Server, python, run};
use crate::the_whole_way::{Issued, issued_to};

/// Signed along with a printed credential (`docs/credential.md`).
const PRINTED: &[u8] = b"liangzheng/printed/1";

/// Likewise with a phone's credential.
const PHONE: &[u8] = b"liangzheng/phone/1";
/// Likewise with a presentation, before the challenge.
const SHOW: &[u8] = b"liangzheng/show/1\0";

/// What the Python library says of a message under a key: its exit status and its answer.
async fn verify(message: &[u8], key: &[u8], external_aad: &[u8]) -> (i32, String) {
    let request = json!({
        "cose": hex::encode(message),
        "public_key": hex::encode(key),
        "external_aad": hex::encode(external_aad),
    });
    let script = "mobile-contract/tests/python/verify_cose.py";
    let answer = python(script, &[], &request.to_string()).await;
    (answer.status, answer.out)
}

/// Every published key, and those of them under which a credential verifies, with what was read.
async fn verified_by(
    demo: &Demo,
    message: &[u8],
    external_aad: &[u8],
) -> (Vec<Value>, Vec<(Value, Vec<u8>, String)>) {
    let published = run(demo.data(), &["keys", "publish"]).await;
    assert_eq!(published.status, 0, "{published:?}");
    let published: Value = serde_json::from_str(&published.out).unwrap();
    let keys = published["keys"].as_array().unwrap().clone();
    let mut verified = Vec::new();
    for key in keys.iter().filter(|key| key["liangzheng_use"] == "CREDENTIAL") {
        let raw = BASE64_URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let (status, answer) = verify(message, &raw, external_aad).await;
        if status == 0 {
            verified.push((key.clone(), raw, answer));
        } else {
            assert_eq!(status, 1, "{answer}");
        }
    }
    (keys, verified)
}

#[tokio::test]
async fn a_printed_code_verifies_elsewhere_and_a_flipped_bit_does_not() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let Issued { number, digits, .. } = issued_to(&demo, &server, "欧阳小燕").await;
    server.stop().await;

    let message = mobile_contract::digits::digits_to_bytes(&digits).unwrap();
    let (keys, mut verified) = verified_by(&demo, &message, PRINTED).await;
    // Several keys are published, as old certificates stay; exactly one is this one's.
    assert_eq!(verified.len(), 1);
    assert!(keys.len() > 1);
    let (key, raw, answer) = verified.remove(0);
    let answer: Value = serde_json::from_str(&answer).unwrap();
    assert_eq!((&answer["verified"], &answer["alg"]), (&json!(true), &json!("EdDSA")));
    assert_eq!((&answer["kid"], &answer["name"]), (&key["kid"], &json!("欧阳小燕")));
    assert!(answer["payload"].to_string().contains(&number), "{answer}");

    // One bit of each part: the last of the signature, and one of the holder's name.
    for at in [message.len() - 1, message.len() - 70] {
        let mut flipped = message.clone();
        flipped[at] ^= 1;
        let (status, answer) = verify(&flipped, &raw, PRINTED).await;
        assert_ne!(status, 0, "bit at {at}: {answer}");
    }
}

#[tokio::test]
async fn a_phones_credential_and_presentation_verify_elsewhere() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let phone = Phone::enrolled(&demo, &server, "欧阳小燕").await;
    let credential = phone.credential().await;
    let challenge = [0xc4; 16];
    let (plain, challenged) = (phone.code(None).await, phone.code(Some(&challenge)).await);
    server.stop().await;

    let (_, verified) = verified_by(&demo, &credential, PHONE).await;
    assert_eq!(verified.len(), 1);
    let answer: Value = serde_json::from_str(&verified[0].2).unwrap();
    assert_eq!((&answer["alg"], &answer["name"]), (&json!("EdDSA"), &json!("欧阳小燕")));
    // `cnf` holds the phone's key (RFC 8747): EC2, P-256, x, and y as a bit.
    let (key, cnf) = (phone.public_key(), &answer["payload"]["8"]["1"]);
    assert_eq!((&cnf["1"], &cnf["-1"]), (&json!(2), &json!(1)));
    assert_eq!(cnf["-2"], json!(hex::encode(&key[1..33])));
    assert_eq!(cnf["-3"], json!(key[64] & 1 == 1));
    let (_, as_printed) = verified_by(&demo, &credential, PRINTED).await;
    assert!(as_printed.is_empty(), "{as_printed:?}");

    let with_challenge = [SHOW, &challenge].concat();
    for (code, aad, other) in
        [(&plain, SHOW, with_challenge.as_slice()), (&challenged, &with_challenge, SHOW)]
    {
        let message = mobile_contract::digits::digits_to_bytes(code).unwrap();
        let (status, answer) = verify(&message, &key, aad).await;
        assert_eq!(status, 0, "{answer}");
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!((&answer["alg"], &answer["kid"]), (&json!("Es256"), &json!(null)));
        assert_eq!(answer["payload"][0], json!(3));
        assert_eq!(answer["payload"][3], json!(hex::encode(&credential)));
        let (status, _) = verify(&message, &key, other).await;
        assert_eq!(status, 1, "with another challenge");
    }
}
