//! What the server hands out for apps without a network: an app verifies with it, a suspension is soon
//! in the list, and other people's libraries read the list.

use std::time::Instant;

use api::platform::clock::{Clock as _, SystemClock};
use mobile_contract::{
    Algorithm, PublicKey, Verdict,
    bundle::{Bundle, Pinned},
    offline::OfflineVerifier,
};
use reqwest::Method;
use reqwest::header::{ACCEPT, CONTENT_TYPE};
use serde_json::{Value, json};

use crate::demo::Demo;
use crate::server::{Server, audit_is_intact, python, run_with, say};
use crate::session::{Session, until};
use crate::the_whole_way::{Issued, act, issued_to};

async fn get(nobody: &Session, path: &str, accept: &str) -> Option<(String, Vec<u8>)> {
    let answer = nobody.request(Method::GET, path).header(ACCEPT, accept).send().await.unwrap();
    if !answer.status().is_success() {
        return None;
    }
    let kind = answer.headers()[CONTENT_TYPE].to_str().unwrap().to_owned();
    Some((kind, answer.bytes().await.unwrap().to_vec()))
}

/// What an app of this deployment pins, as `keys root` tells it.
pub async fn pinned(demo: &Demo, server: &Server) -> Pinned {
    let told = run_with(demo.data(), &["keys", "root"], &[("PUBLIC_URL", &server.url)]).await;
    assert_eq!(told.status, 0, "{told:?}");
    let told: Value = serde_json::from_str(&told.out).unwrap();
    let root = hex::decode(told["public"].as_str().unwrap()).unwrap();
    Pinned {
        roots: vec![PublicKey::from_bytes(Algorithm::Ed25519, &root).unwrap()],
        issuer: told["issuer"].as_str().unwrap().to_owned(),
    }
}

fn now() -> i64 {
    SystemClock.now().timestamp()
}

#[tokio::test]
async fn an_app_verifies_without_a_network_and_others_read_the_list() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let nobody = Session::of(&server, "");
    let Issued { id, issuer, digits, .. } =
        issued_to(&demo, &server, "欧阳小燕").await.handed_over().await;

    // What an app pins, and fetches while it has a network.
    let (_, bundle) = until("a bundle", async || get(&nobody, "/trust/bundle", "*/*").await).await;
    let pinned = pinned(&demo, &server).await;
    assert_eq!(pinned.issuer, server.url);
    let whole = Bundle::accept(&bundle, &pinned, now()).unwrap();
    assert!(whole.content().agencies.len() > 1_000, "{}", whole.content().agencies.len());
    say(&format!("the bundle: {} bytes", bundle.len()));
    let mut app = OfflineVerifier::new(pinned, &bundle, 0, now()).unwrap();
    let list = format!("/status/{}", app.bundle().content().lists[0]);

    // In force soon after the handover.
    let verdict = async |app: &mut OfflineVerifier| {
        let (kind, bytes) = get(&nobody, &list, "application/statuslist+cwt").await?;
        assert_eq!(kind, "application/statuslist+cwt");
        app.take_list(&bytes, now()).ok()?;
        Some(app.scan(&digits, None, now()))
    };
    let answer = until("valid", async || {
        verdict(&mut app).await.filter(|answer| answer.judgement.verdict == Verdict::Valid)
    })
    .await;
    assert_eq!(answer.judgement.credential.unwrap().name, "欧阳小燕");
    assert_eq!(answer.agency.unwrap().name, "兰州市城关区市场监督管理局");

    assert_eq!(act(&issuer, "suspendCertificate", &id, "REFUSING_SUPERVISION").await, "SUSPENDED");
    let begun = Instant::now();
    until("suspended", async || {
        verdict(&mut app).await.filter(|answer| answer.judgement.verdict == Verdict::Suspended)
    })
    .await;
    let took = begun.elapsed();
    say(&format!("a suspension was in the list after {} ms", took.as_millis()));
    // The promise is two seconds. A machine that runs many servers at once may take longer.
    assert!(took < std::time::Duration::from_secs(10), "{took:?}");

    // Other people's libraries read the same.
    let credential = app.scan(&digits, None, now()).judgement.credential.unwrap();
    let (_, jwt) = get(&nobody, &list, "application/statuslist+jwt").await.unwrap();
    let (_, cwt) = get(&nobody, &list, "application/statuslist+cwt").await.unwrap();
    let (mut read, mut said) = (Vec::new(), Vec::new());
    for key in whole.keys().all().filter(|key| key.key_use == mobile_contract::KeyUse::Status) {
        let request = json!({
            "jwt": String::from_utf8(jwt.clone()).unwrap(),
            "cwt": hex::encode(&cwt),
            "public_key": hex::encode(key.public_key.to_bytes()),
            "index": credential.status_index,
        });
        let script = "mobile-contract/tests/python/verify_lists.py";
        let answer = python(script, &[], &request.to_string()).await;
        if answer.status == 0 {
            let told: Value = serde_json::from_str(&answer.out).unwrap();
            read.push((key.public_key.kid().to_string(), told));
        }
        said.push(answer.err);
    }
    assert_eq!(read.len(), 1, "one key has signed it: {said:?}");
    let (kid, answer) = read.remove(0);
    let iat = answer["jose"]["iat"].as_i64().unwrap();
    let expected = |typ: &str| {
        json!({
            "typ": typ, "kid": kid, "iss": server.url, "sub": format!("{}{list}", server.url),
            "iat": iat, "exp": iat + 7 * 86_400, "ttl": 900, "entry": 2,
        })
    };
    assert_eq!(answer["jose"], expected("statuslist+jwt"));
    assert_eq!(answer["cose"], expected("application/statuslist+cwt"));

    server.stop().await;
    audit_is_intact(demo.data()).await;
}
