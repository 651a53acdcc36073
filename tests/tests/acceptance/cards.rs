//! Cards over REST: one, sheets, and the file for the works; rendered by poppler and read by zbar.

use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::path::Path;

use reqwest::{Method, Response};
use serde_json::{Value, json};
use tokio::process::Command;

use crate::demo::Demo;
use crate::server::{QR_ONLY, Server, audit_is_intact, run};
use crate::session::Session;

/// What a program says; it must succeed.
async fn ask(folder: &Path, program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).current_dir(folder).args(arguments).output().await.unwrap();
    assert!(output.status.success(), "{program}: {output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The codes on the pages of a document, and the text of all of them without blanks.
async fn read(document: &[u8]) -> (BTreeSet<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.pdf"), document).unwrap();
    ask(folder.path(), "pdftoppm", &["-r", "300", "-gray", "a.pdf", "page"]).await;
    let mut codes = BTreeSet::new();
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let name = file.unwrap().file_name().into_string().unwrap();
        if Path::new(&name).extension().is_some_and(|e| e == "pgm") {
            // A back has no code, which zbar calls a failure.
            let mut zbar = Command::new("zbarimg");
            zbar.current_dir(folder.path()).args(QR_ONLY).arg(&name);
            let read = String::from_utf8(zbar.output().await.unwrap().stdout).unwrap();
            codes.extend(read.lines().map(str::to_owned));
        }
    }
    let text = ask(folder.path(), "pdftotext", &["a.pdf", "-"]).await;
    (codes, text.split_whitespace().collect())
}

/// Certificates in a state: id, number, holder's name and address of the code.
async fn certificates(session: &Session, state: &str, first: u32) -> Vec<[String; 4]> {
    let query = "query($state: CertificateState, $first: Int) { certificates(first: $first, \
        state: $state) { nodes { id number holder { name } printedCode { url } } } }";
    let found = session.ask(query, json!({ "state": state, "first": first })).await;
    let nodes = found["nodes"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    nodes
        .map(|node| {
            let name = &node["holder"]["name"];
            [&node["id"], &node["number"], name, &node["printedCode"]["url"]].map(text)
        })
        .collect()
}

async fn post(session: &Session, path: &str, selection: Value) -> Response {
    session.request(Method::POST, path).json(&selection).send().await.unwrap()
}

/// Status and code of a refusal.
async fn refusal(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let answer: Value = response.json().await.unwrap();
    let first = answer["userErrors"][0]["code"].clone();
    (
        status,
        if first.is_null() { answer["errors"][0]["extensions"]["code"].clone() } else { first },
    )
}

#[tokio::test]
async fn cards_are_printed_by_whoever_may_and_read_by_anyone() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let issuer = demo.sign_in(&server, "issuer.gansu").await;
    let active = certificates(&issuer, "ACTIVE", 12).await;
    let [id, number, name, url] = &active[0];

    let card = issuer.get(&format!("/certificates/{id}/card.pdf")).await;
    assert_eq!(card.status(), 200);
    assert_eq!(card.headers()["content-type"], "application/pdf");
    assert_eq!(card.headers()["cache-control"], "no-store");
    let (codes, text) = read(&card.bytes().await.unwrap()).await;
    assert_eq!(codes, [url.clone()].into());
    let domain = server.url.strip_prefix("http://").unwrap();
    for shown in [name, number, domain, "行政执法证"] {
        assert!(text.contains(shown), "{shown} is missing: {text}");
    }

    let ids: Vec<&String> = active.iter().map(|[id, ..]| id).collect();
    let sheets = post(&issuer, "/cards/sheets.pdf", json!({ "ids": ids })).await;
    assert_eq!(sheets.status(), 200);
    let expected: BTreeSet<String> = active.iter().map(|[.., url]| url.clone()).collect();
    assert_eq!(read(&sheets.bytes().await.unwrap()).await.0, expected);

    let since = json!({ "issuedSince": "2000-01-01" });
    let works = post(&issuer, "/cards/works.zip", since).await;
    assert_eq!((works.status().as_u16(), works.content_length()), (200, None), "sent as it grows");
    let works = works.bytes().await.unwrap().to_vec();
    let mut works = zip::ZipArchive::new(Cursor::new(works)).unwrap();
    assert!(works.len() > 200 && works.len() % 2 == 1, "{} files", works.len());
    let mut names = works.file_names().map(|name| name.unwrap().into_owned());
    let picture = names.find(|name| name.starts_with("codes/")).unwrap();
    drop(names);
    let mut code = Vec::new();
    works.by_name(&picture).unwrap().read_to_end(&mut code).unwrap();
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("code.png"), code).unwrap();
    let read_code = ask(folder.path(), "zbarimg", &[&QR_ONLY[..], &["code.png"]].concat()).await;
    assert!(read_code.starts_with(&format!("{}/v/", server.url)), "{read_code}");

    let sheets = post(&issuer, "/cards/sheets.zip", json!({ "ids": ids }))
        .await
        .bytes()
        .await
        .unwrap()
        .to_vec();
    let mut sheets = zip::ZipArchive::new(Cursor::new(sheets)).unwrap();
    let names: Vec<String> = sheets.file_names().map(|name| name.unwrap().into_owned()).collect();
    assert_eq!(names[0], "sheets-01.pdf");
    let mut first = Vec::new();
    sheets.by_name("sheets-01.pdf").unwrap().read_to_end(&mut first).unwrap();
    assert!(first.starts_with(b"%PDF-") && first.ends_with(b"%%EOF"));

    server.stop().await;
    audit_is_intact(demo.data()).await;
}

#[tokio::test]
async fn what_cannot_be_printed_is_refused_with_its_code() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let issuer = demo.sign_in(&server, "issuer.gansu").await;
    let hr = demo.sign_in(&server, "hr.chengguan-market").await;
    for (state, code) in [
        ("REVOKED", "CERTIFICATE_ENDED"),
        ("CANCELLED", "CERTIFICATE_ENDED"),
        ("EXPIRED", "CERTIFICATE_ENDED"),
        ("LOST", "CERTIFICATE_ENDED"),
        ("SUSPENDED", "CERTIFICATE_SUSPENDED"),
    ] {
        let id = certificates(&issuer, state, 1).await[0][0].clone();
        let answer = refusal(issuer.get(&format!("/certificates/{id}/card.pdf")).await).await;
        assert_eq!(answer, (422, json!(code)), "{state}");
    }
    let nobody = "/certificates/cert_00000000000000000000000000000000/card.pdf";
    assert_eq!(refusal(hr.get(nobody).await).await, (404, json!("CERTIFICATE_NOT_FOUND")));
    let nonsense = refusal(hr.get("/certificates/nonsense/card.pdf").await).await;
    assert_eq!(nonsense, (404, json!("CERTIFICATE_NOT_FOUND")));
    let many: Vec<String> = (0..2_001).map(|n| format!("cert_{n:032x}")).collect();
    for (path, selection, status, code) in [
        ("/cards/sheets.pdf", json!({ "ids": many[..201] }), 422, "TOO_MANY"),
        ("/cards/works.zip", json!({ "ids": many }), 422, "TOO_MANY"),
        ("/cards/works.zip", json!({ "ids": [] }), 422, "NOTHING_SELECTED"),
        ("/cards/works.zip", json!({ "ids": many[..2] }), 404, "CERTIFICATE_NOT_FOUND"),
        ("/cards/works.zip", json!({}), 400, "SELECTION_INVALID"),
        (
            "/cards/works.zip",
            json!({ "ids": [], "issuedSince": "2026-01-01" }),
            400,
            "SELECTION_INVALID",
        ),
        ("/cards/works.zip", json!({ "issuedSince": "2999-01-01" }), 422, "NOTHING_SELECTED"),
        ("/cards/works.zip", json!({ "ids": ["x".repeat(300_000)] }), 413, "BODY_TOO_LARGE"),
    ] {
        let answer = refusal(post(&hr, path, selection).await).await;
        assert_eq!(answer, (status, json!(code)), "{path}");
    }
    let reviewer = demo.sign_in(&server, "reviewer.chengguan").await;
    let forbidden = refusal(post(&reviewer, "/cards/works.zip", json!({})).await).await;
    assert_eq!(forbidden, (403, json!("FORBIDDEN")));
    server.stop().await;
}

#[tokio::test]
async fn without_a_font_everything_runs_but_cards() {
    let demo = Demo::copy().await;
    let missing = "/nowhere/font.ttf";
    let server = Server::start_with(demo.data(), &[], &[("CARD_FONT_FILE", missing)]).await;
    let issuer = demo.sign_in(&server, "issuer.gansu").await;
    let [id, _, _, url] = certificates(&issuer, "ACTIVE", 1).await.remove(0);
    assert_eq!(reqwest::get(&url).await.unwrap().status(), 200);
    let response = issuer.get(&format!("/certificates/{id}/card.pdf")).await;
    assert_eq!(response.status(), 422);
    let answer: Value = response.json().await.unwrap();
    let error = &answer["userErrors"][0];
    assert_eq!(error["code"], "FONT_MISSING");
    assert!(error["message"].as_str().unwrap().contains(missing), "{answer}");
    let log = server.stop_and_read().await;
    let told: Vec<&str> = log.lines().filter(|line| line.contains("FONT_MISSING")).collect();
    assert!(told.len() == 1 && told[0].contains(missing), "one line: {log}");

    let doctor = run(demo.data(), &["doctor", "--lang", "en", "--card-font-file", missing]).await;
    assert!(doctor.out.contains("WARN  CARD_FONT_MISSING"), "{doctor:?}");
    let doctor = run(demo.data(), &["doctor", "--lang", "en"]).await;
    assert!(doctor.out.contains("OK    CARD_FONT_OK"), "{doctor:?}");
}
