//! What `make run` promises of the first start, of the second, and of a port that is taken.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::demo::{OFFICERS, passwords};
use crate::server::{Server, audit_is_intact, command, say};
use crate::session::Session;

/// What a second start may take: 2 seconds is the aim, on a machine that does nothing else.
const SECOND_START: Duration = Duration::from_secs(5);

const DEMO: [&str; 3] = ["--demo", "--officers", OFFICERS];

#[tokio::test]
async fn an_empty_folder_becomes_a_province_and_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let first = Server::start(&data, &DEMO).await;
    assert_eq!(first.line("GraphQL"), format!("{}/graphql", first.url));
    let sample = first.line("Sample certificate").to_owned();
    assert!(sample.starts_with(&format!("{}/v/", first.url)), "{sample}");
    // Its code is drawn in the terminal, with half blocks.
    assert!(first.printed.lines().filter(|line| line.contains('▀')).count() > 20);
    let file = data.join("passwords.txt");
    assert_eq!(first.line("Passwords"), file.display().to_string());
    for secret in [&file, &data.join("seal.key")] {
        let mode = std::fs::metadata(secret).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{}", secret.display());
    }
    let known = passwords(&data);
    for login in ["admin", "hr.chengguan-market", "reviewer.chengguan", "issuer.chengguan"] {
        assert!(first.printed.contains(&known[login]), "{login}");
    }
    let before = counts(&first, &known["auditor.gansu"]).await;
    let port = first.port;
    first.stop().await;

    let second = Server::start_on(port, &data, &DEMO).await;
    say(&format!("second start: ready after {} ms", second.ready_after.as_millis()));
    assert!(second.ready_after < SECOND_START, "{:?}", second.ready_after);
    assert_eq!(second.line("Sample certificate"), sample);
    assert_eq!(passwords(&data), known);
    assert_eq!(counts(&second, &known["auditor.gansu"]).await, before);

    let mut browser = Browser::start();
    for width in [360, 1280] {
        let page = browser.open(&sample, width).await;
        assert_eq!((&page["status"], &page["verdict"]), (&json!(200), &json!("VALID")), "{page}");
        assert_eq!(
            (&page["lang"], &page["consoleErrors"]),
            (&json!("zh-CN"), &json!([])),
            "{page}"
        );
        assert_eq!(page["cookies"], json!([]));
        assert_eq!(page["scrollWidth"], page["clientWidth"], "{width} px");
        assert_eq!(page["headers"]["cache-control"], "no-store");
        let text = page["text"].as_str().unwrap();
        assert!(text.contains("证件有效") && text.contains("是这个人吗"), "{text}");
        for address in page["requests"].as_array().unwrap() {
            assert!(address.as_str().unwrap().starts_with(&second.url), "{address}");
        }
        assert!(page["bodyBytes"].as_u64().unwrap() <= 14 * 1024, "{page}");
    }
    browser.close().await;
    second.stop().await;
    audit_is_intact(&data).await;
}

/// What an account that reads everything finds first.
async fn counts(server: &Server, password: &str) -> Value {
    let auditor = Session::sign_in(server, "auditor.gansu", password).await;
    let officers = "{ officers(first: 100) { nodes { id name agency { name } currentCertificate { \
        number state } } pageInfo { endCursor } } }";
    let found = auditor.ask(officers, json!({})).await;
    assert_eq!(found["nodes"].as_array().unwrap().len(), 100);
    found
}

#[tokio::test]
async fn a_port_in_use_is_said_in_one_line_and_nothing_is_made() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let output =
        command(&data).args(["serve", "--demo"]).env("PORT", port.to_string()).output().await;
    let output = output.unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(output.stdout, b"");
    let next = u32::from(port) + 1;
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        format!(
            "error: PORT_TAKEN: 端口 {port} 已被占用，请换一个端口，例如：make run PORT={next} / \
             Port {port} is in use; choose another, for example `make run PORT={next}`.\n"
        )
    );
    assert!(!data.exists());
}
