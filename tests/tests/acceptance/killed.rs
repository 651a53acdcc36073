//! What was killed in the middle goes on where it stopped: nothing is lost, nothing done twice,
//! and the audit log is whole.

use std::collections::HashSet;

use serde_json::{Value, json};

use crate::demo::Demo;
use crate::roster;
use crate::server::{Server, audit_is_intact, command, run, say};
use crate::session::until;
use crate::the_whole_way::{agency, applications, give_photos, import, of_surname};

const EXAM_DAY: &str = "2025-06-10";

#[tokio::test]
async fn an_import_goes_on_with_the_same_command() {
    const PEOPLE: u32 = 3_000;
    let demo = Demo::copy().await;
    // A server beside it, on the same data, to see how far it is.
    let server = Server::start(demo.data(), &[]).await;
    let hr = demo.sign_in(&server, "hr.chengguan-market").await;
    let people: Vec<_> = (0..PEOPLE).map(|n| (roster::name('闵', n), n)).collect();
    let file = demo.data().join("roster.xlsx");
    let rows = roster::rows(&agency(&hr).await, &people, EXAM_DAY);
    std::fs::write(&file, roster::workbook(&rows)).unwrap();
    let file = file.to_str().unwrap();

    let mut importing = command(demo.data()).args(["import", file, "--confirm"]).spawn().unwrap();
    let first = "{ officers(first: 1, name: \"闵\") { nodes { name } } }";
    until("the first people", async || {
        let found = hr.ask(first, json!({})).await;
        (found["nodes"] != json!([])).then_some(())
    })
    .await;
    importing.kill().await.unwrap();
    let entered = of_surname(&hr, "闵").await.len();
    say(&format!("killed after {entered} of {PEOPLE} rows"));
    assert!(entered > 0 && entered < people.len());

    let again = run(demo.data(), &["import", file, "--confirm"]).await;
    assert_eq!(again.status, 0, "{again:?}");
    let summary = again.out.lines().next().unwrap();
    assert_eq!(
        summary,
        format!(
            "{PEOPLE} rows: {PEOPLE} created, 0 updated, 0 unchanged, 0 with errors, 0 refused; \
             0 mendings to confirm; APPLIED"
        )
    );
    let everybody = of_surname(&hr, "闵").await;
    let ids: HashSet<_> = everybody.iter().map(|(_, id)| id).collect();
    assert_eq!((everybody.len(), ids.len()), (people.len(), people.len()));

    // Once more changes nothing.
    let again = run(demo.data(), &["import", file, "--confirm"]).await;
    assert!(
        again.out.starts_with(&format!("{PEOPLE} rows: 0 created, 0 updated, {PEOPLE} unchanged")),
        "{again:?}"
    );
    server.stop().await;
    audit_is_intact(demo.data()).await;
}

#[tokio::test]
async fn photos_go_on_with_the_same_command() {
    const PEOPLE: u32 = 800;
    let demo = Demo::copy().await;
    // A server beside it, on the same data, to see how far it is.
    let server = Server::start(demo.data(), &[]).await;
    let hr = demo.sign_in(&server, "hr.chengguan-market").await;
    let people: Vec<_> = (0..PEOPLE).map(|n| (roster::name('闵', n), n)).collect();
    import(&hr, &people).await;
    let file = demo.data().join("photos.zip");
    std::fs::write(&file, roster::photos(PEOPLE)).unwrap();
    let file = file.to_str().unwrap();

    let mut attaching = command(demo.data()).args(["import-photos", file]).spawn().unwrap();
    let query = "query($after: String) { officers(first: 100, name: \"闵\", after: $after) \
        { nodes { hasPhoto } pageInfo { hasNextPage endCursor } } }";
    let on_page = |page: &Value| {
        let nodes = page["nodes"].as_array().unwrap().iter();
        nodes.filter(|node| node["hasPhoto"] == true).count()
    };
    let with_photo = async || {
        let (mut count, mut after) = (0, json!(null));
        loop {
            let page = hr.ask(query, json!({ "after": after })).await;
            count += on_page(&page);
            if page["pageInfo"]["hasNextPage"] == false {
                return count;
            }
            after = page["pageInfo"]["endCursor"].clone();
        }
    };
    // One page is asked for, since all of them take about as long as attaching.
    until("the first photos", async || {
        let page = hr.ask(query, json!({ "after": null })).await;
        (on_page(&page) > 0).then_some(())
    })
    .await;
    attaching.kill().await.unwrap();
    let attached = with_photo().await;
    say(&format!("killed after {attached} of {PEOPLE} photos"));
    assert!(attached < people.len());

    let again = run(demo.data(), &["import-photos", file]).await;
    let summary = again.out.lines().next();
    let all = format!(
        "{PEOPLE} files: {PEOPLE} attached, 0 unchanged, 0 failed, 0 refused, 0 ignored; APPLIED"
    );
    assert_eq!((again.status, summary), (0, Some(all.as_str())), "{again:?}");
    assert_eq!(with_photo().await, people.len());

    // Once more changes nothing.
    let again = run(demo.data(), &["import-photos", file]).await;
    let unchanged = format!("{PEOPLE} files: 0 attached, {PEOPLE} unchanged");
    assert!(again.out.starts_with(&unchanged), "{again:?}");
    server.stop().await;
    audit_is_intact(demo.data()).await;
}

#[tokio::test]
async fn a_bulk_issue_goes_on_after_the_next_start() {
    const PEOPLE: u32 = 400;
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let hr = demo.sign_in(&server, "hr.chengguan-market").await;
    let reviewer = demo.sign_in(&server, "reviewer.chengguan").await;
    let issuer = demo.sign_in(&server, "issuer.chengguan").await;
    let people: Vec<_> = (0..PEOPLE).map(|n| (roster::name('闵', n), n)).collect();
    let people = import(&hr, &people).await;
    give_photos(&hr, &people).await;
    let asked_for = applications(&hr, &reviewer, &people).await;

    let bulk = "mutation($ids: [ID!]!) { issueCertificatesInBulk(applicationIds: $ids) \
        { job { id } userErrors { code } } }";
    let asked = issuer.ask(bulk, json!({ "ids": asked_for })).await;
    let job = asked["job"]["id"].as_str().unwrap_or_else(|| panic!("{asked}")).to_owned();
    let progress = "query($id: ID!) { job(id: $id) { state total done failed } }";
    let seen = until("the first certificates", async || {
        let job = issuer.ask(progress, json!({ "id": job })).await;
        (job["done"] != 0).then_some(job)
    })
    .await;
    let port = server.port;
    server.kill().await;
    say(&format!("killed after {seen}"));
    assert_eq!(seen["state"], "RUNNING");

    let server = Server::start_on(port, demo.data(), &[]).await;
    let issuer = demo.sign_in(&server, "issuer.chengguan").await;
    let done = until("the rest of the certificates", async || {
        let job = issuer.ask(progress, json!({ "id": job })).await;
        (job["state"] == "DONE").then_some(job)
    })
    .await;
    assert_eq!(done, json!({ "state": "DONE", "total": PEOPLE, "done": PEOPLE, "failed": 0 }));

    let query = "query($after: String) { certificates(first: 50, holderName: \"闵\", after: \
        $after) { nodes { number state holder { id } printedCode { digits } } pageInfo \
        { hasNextPage endCursor } } }";
    let (mut holders, mut numbers, mut codes) = (HashSet::new(), HashSet::new(), HashSet::new());
    let (mut certificates, mut after) = (0, json!(null));
    loop {
        let page = issuer.ask(query, json!({ "after": after })).await;
        for node in page["nodes"].as_array().unwrap() {
            assert_eq!(node["state"], "ISSUED");
            holders.insert(node["holder"]["id"].as_str().unwrap().to_owned());
            numbers.insert(node["number"].as_str().unwrap().to_owned());
            codes.insert(node["printedCode"]["digits"].as_str().unwrap().to_owned());
            certificates += 1;
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    let each = people.len();
    assert_eq!((certificates, holders.len(), numbers.len(), codes.len()), (each, each, each, each));
    server.stop().await;
    audit_is_intact(demo.data()).await;
}
