//! A day in whose middle Redis stops: what depends on it is hints and shared counts, so everything
//! goes on.

use serde_json::json;
use tokio::process::{Child, Command};

use super::{HR, ISSUER, REVIEWER, act, close, enter, one, verdict};
use crate::demo::Demo;
use crate::server::free_port;
use crate::session::until;
use crate::the_whole_way::applications;

/// A Redis of the test's own; dropping it kills it.
struct Redis {
    port: u16,
    process: Child,
}

impl Redis {
    async fn start() -> Self {
        let port = free_port();
        let process = Command::new("redis-server")
            .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", ""])
            .args(["--appendonly", "no"])
            .stdout(std::process::Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("redis-server");
        let redis = Self { port, process };
        until("Redis", async || redis.answers().await.then_some(())).await;
        redis
    }

    async fn answers(&self) -> bool {
        tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_ok()
    }
}

pub async fn day(demo: &Demo) {
    let mut redis = Redis::start().await;
    let url = format!("redis://127.0.0.1:{}", redis.port);
    let server = demo.serve_with(&[("REDIS_URL", &url)]).await;
    let hr = demo.sign_in(&server, HR).await;
    let reviewer = demo.sign_in(&server, REVIEWER).await;
    let people = enter(&hr, 4).await;
    let applications = applications(&hr, &reviewer, &people).await;

    redis.process.kill().await.unwrap();
    assert!(!redis.answers().await);

    // Whoever was signed in still is, and others sign in; a wrong password is still refused.
    let viewer = hr.ask("{ viewer { accountId } }", json!({})).await;
    assert!(viewer["accountId"].is_string());
    let wrong = "mutation { signIn(login: \"admin\", password: \"no such password\") { userErrors { \
        code } } }";
    let nobody = crate::session::Session::of(&server, "");
    let refused = nobody.ask(wrong, json!({})).await;
    assert_eq!(refused, json!({ "userErrors": [{ "code": "SIGN_IN_FAILED" }] }));
    let issuer = demo.sign_in(&server, ISSUER).await;
    // The job is found without a hint.
    let bulk = "mutation($ids: [ID!]!) { issueCertificatesInBulk(applicationIds: $ids) { job { id } \
        userErrors { code } } }";
    let begun = issuer.ask(bulk, json!({ "ids": applications })).await;
    let job = &begun["job"]["id"];
    assert!(job.is_string(), "{begun}");
    let progress = "query($id: ID!) { job(id: $id) { state done failed } }";
    let done = until("the certificates", async || {
        let job = issuer.ask(progress, json!({ "id": job })).await;
        (job["state"] == "DONE").then_some(job)
    })
    .await;
    assert_eq!(done, json!({ "state": "DONE", "done": 4, "failed": 0 }));
    let query = "query($holder: ID!) { certificates(first: 5, holderId: $holder) { nodes { id number \
        holder { name } printedCode { digits } } } }";
    let found = issuer.ask(query, json!({ "holder": people[0] })).await;
    let certificate = &found["nodes"][0];
    let id = certificate["id"].as_str().unwrap();
    let digits = certificate["printedCode"]["digits"].as_str().unwrap();
    assert_eq!(one(&hr, "handOverCertificates(ids: $ids)", id).await, json!(null));
    assert_eq!(verdict(&server, digits).await, "VALID");
    assert_eq!(act(&issuer, "suspendCertificate", id, "DISCIPLINE").await, "SUSPENDED");
    assert_eq!(verdict(&server, digits).await, "NOT_AUTHORISED");
    // The look-up, whose tries are counted, by citizens and by the hotline.
    let text = |field: &serde_json::Value| field.as_str().unwrap().to_owned();
    let form =
        [("number", text(&certificate["number"])), ("name", text(&certificate["holder"]["name"]))];
    let body = form.map(|(field, value)| format!("{field}={value}")).join("&");
    let page = reqwest::Client::new()
        .post(format!("{}/lookup", server.url))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body)
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().contains("data-verdict=\"NOT_AUTHORISED\""));
    let hotline = demo.sign_in(&server, "hotline.gansu").await;
    let query = "query($number: String!) { lookUpCertificate(number: $number) { verdict } }";
    let told = hotline.ask(query, json!({ "number": certificate["number"] })).await;
    assert_eq!(told, json!({ "verdict": "NOT_AUTHORISED" }));
    // A session that is ended has ended, though nobody could be told of it.
    let ended = hr.ask("mutation { signOut { signedOut } }", json!({})).await;
    assert_eq!(ended["signedOut"], true, "{ended}");
    let after = hr.request(reqwest::Method::POST, "/graphql");
    let after = after.json(&json!({ "query": "{ viewer { accountId } }" })).send().await.unwrap();
    assert_eq!(after.status(), 401);
    let ready = reqwest::get(format!("{}/health/ready", server.url)).await.unwrap();
    assert_eq!(ready.status(), 200);
    close(demo, server).await;
}
