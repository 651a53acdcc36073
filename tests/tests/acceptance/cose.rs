//! A COSE library that is not ours verifies what the server issued, with the key it publishes.

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::demo::Demo;
use crate::server::{Server, python, run};
use crate::the_whole_way::{applications, give_photos, import, issue};

/// Signed along with a printed credential (`docs/credential.md`).
const PRINTED: &[u8] = b"liangzheng/printed/1";

/// What the Python library says of a message under a key: its exit status and its answer.
async fn verify(message: &[u8], key: &[u8]) -> (i32, String) {
    let request = json!({
        "cose": hex::encode(message),
        "public_key": hex::encode(key),
        "external_aad": hex::encode(PRINTED),
    });
    let script = "mobile-contract/tests/python/verify_cose.py";
    let answer = python(script, &[], &request.to_string()).await;
    (answer.status, answer.out)
}

#[tokio::test]
async fn a_printed_code_verifies_elsewhere_and_a_flipped_bit_does_not() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let hr = demo.sign_in(&server, "hr.chengguan-market").await;
    let reviewer = demo.sign_in(&server, "reviewer.chengguan").await;
    let issuer = demo.sign_in(&server, "issuer.chengguan").await;
    let people = import(&hr, &[("欧阳小燕".to_owned(), 1)]).await;
    give_photos(&hr, &people).await;
    let application = applications(&hr, &reviewer, &people).await.remove(0);
    let (_, number, digits) = issue(&issuer, &application).await;
    server.stop().await;

    let published = run(demo.data(), &["keys", "publish"]).await;
    assert_eq!(published.status, 0, "{published:?}");
    let published: Value = serde_json::from_str(&published.out).unwrap();
    let keys = published["keys"].as_array().unwrap();
    let message = mobile_contract::digits::digits_to_bytes(&digits).unwrap();
    let mut verified = Vec::new();
    for key in keys.iter().filter(|key| key["liangzheng_use"] == "CREDENTIAL") {
        let raw = BASE64_URL_SAFE_NO_PAD.decode(key["x"].as_str().unwrap()).unwrap();
        let (status, answer) = verify(&message, &raw).await;
        if status == 0 {
            verified.push((key.clone(), raw, answer));
        } else {
            assert_eq!(status, 1, "{answer}");
        }
    }
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
        let (status, answer) = verify(&flipped, &raw).await;
        assert_ne!(status, 0, "bit at {at}: {answer}");
    }
}
