//! A day of each role, from signing in to what is done at its end, over the public interfaces only, on
//! either engine. How the first administrator comes in is in `accounts`.

mod agency_hr;
mod auditor;
mod hotline_operator;
mod issuer;
mod justice_reviewer;
mod officer;
mod supervisor;
mod system_administrator;
mod without_redis;

use api::platform::clock::{Clock as _, SystemClock, local_date};
use reqwest::Method;
use serde_json::{Value, json};

use crate::demo::Demo;
use crate::roster;
use crate::server::{Server, assert_intact};
use crate::session::{Session, until};
use crate::the_whole_way::import;

/// Each day on each engine, as tests of their own.
macro_rules! on_both_engines {
    ($($role:ident),*) => {
        mod on_sqlite {
            $(#[tokio::test]
            async fn $role() {
                super::$role::day(&crate::demo::Demo::copy().await).await;
            })*
        }

        mod on_postgres {
            $(#[tokio::test]
            async fn $role() {
                match crate::demo::Demo::copy_on_postgres().await {
                    Some(demo) => super::$role::day(&demo).await,
                    None => crate::server::say("skipped: run beside scripts/services"),
                }
            })*
        }
    };
}

on_both_engines!(
    agency_hr,
    auditor,
    hotline_operator,
    issuer,
    justice_reviewer,
    officer,
    supervisor,
    system_administrator,
    without_redis
);

/// People of the demo's district, as the offices in these days know them.
pub const HR: &str = "hr.chengguan-market";
/// Its justice department's reviewer.
pub const REVIEWER: &str = "reviewer.chengguan";
/// Its justice department's issuer.
pub const ISSUER: &str = "issuer.chengguan";

/// Stops the server and has the audit log looked through.
async fn close(demo: &Demo, server: Server) {
    server.stop().await;
    assert_intact(&demo.run(&["audit", "verify"]).await);
}

/// Applicants without a fault, entered with a photo each from one ZIP; their ids.
async fn enter(hr: &Session, count: u32) -> Vec<String> {
    let people: Vec<_> = (0..count).map(|n| (roster::name('闵', n), n)).collect();
    let ids = import(hr, &people).await;
    attach_photos(hr, count).await;
    ids
}

/// Sends the photos of the first so many people in one ZIP, looks at what is found, attaches them.
async fn attach_photos(hr: &Session, count: u32) {
    let request = hr.request(Method::POST, "/photos?name=photos.zip").body(roster::photos(count));
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 202);
    let sent: Value = response.json().await.unwrap();
    let batch = "query($id: ID!) { photoBatch(id: $id) { state files failed attached refused } }";
    let waited = async |state: &str| {
        until("the photos", async || {
            let batch = hr.ask(batch, json!({ "id": sent["id"] })).await;
            (batch["state"] == state).then_some(batch)
        })
        .await
    };
    let tally = |state: &str, attached: u32| json!({ "state": state, "files": count, "failed": 0, "attached": attached, "refused": 0 });
    assert_eq!(waited("STAGED").await, tally("STAGED", 0));
    let apply = "mutation($id: ID!) { applyPhotos(id: $id) { userErrors { code } } }";
    let begun = hr.ask(apply, json!({ "id": sent["id"] })).await;
    assert_eq!(begun["userErrors"], json!([]));
    assert_eq!(waited("APPLIED").await, tally("APPLIED", count));
}

/// Today in China, by the clock the server goes by.
fn today() -> String {
    local_date(SystemClock.now()).to_string()
}

/// The state of one certificate.
async fn state(session: &Session, certificate: &str) -> Value {
    let query = "query($id: ID!) { certificate(id: $id) { state } }";
    session.ask(query, json!({ "id": certificate })).await["state"].clone()
}

/// An act on a certificate; answers its state then, or the code that refuses it.
async fn act(session: &Session, mutation: &str, id: &str, ground: &str) -> Value {
    let kind =
        if mutation == "suspendCertificate" { "SuspendCertificate" } else { "CertificateAct" };
    let query = format!(
        "mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ certificate {{ state }} \
         userErrors {{ code }} }} }}"
    );
    let answer = session.ask(&query, json!({ "input": { "id": id, "ground": ground } })).await;
    match &answer["userErrors"][0]["code"] {
        Value::Null => answer["certificate"]["state"].clone(),
        code => code.clone(),
    }
}

/// A bulk mutation over one id; answers `null` where it was done, or the code that refuses it.
async fn one(session: &Session, mutation: &str, id: &str) -> Value {
    let query = format!(
        "mutation($ids: [ID!]!) {{ {mutation} {{ results {{ ok userErrors {{ code }} \
        }} userErrors {{ code }} }} }}"
    );
    let answer = session.ask(&query, json!({ "ids": [id] })).await;
    let whole = &answer["userErrors"][0]["code"];
    if whole.is_null() {
        answer["results"][0]["userErrors"][0]["code"].clone()
    } else {
        whole.clone()
    }
}

/// What the page of a printed code says.
async fn verdict(server: &Server, digits: &str) -> String {
    let page = reqwest::get(format!("{}/v/{digits}", server.url)).await.unwrap();
    let page = page.text().await.unwrap();
    let verdict = page.split("data-verdict=\"").nth(1).and_then(|text| text.split('"').next());
    verdict.unwrap_or_else(|| panic!("{page}")).to_owned()
}

/// The code at the top level with which each of these operations must be refused.
async fn assert_forbidden(session: &Session, operations: &[&str]) {
    for operation in operations {
        let answer = session.execute(operation, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{operation}: {answer}");
    }
}
