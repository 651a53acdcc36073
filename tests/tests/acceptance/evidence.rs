//! What leaves the register: an evidence file is verified by a script that knows the server by its
//! public key alone, the report is read by poppler, and lists are exported.

use std::ffi::OsStr;
use std::path::Path;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::demo::Demo;
use crate::server::{Server, audit_is_intact, python, run};

/// What the script says of a file under a key: its exit status and its answer.
async fn verify(folder: &Path, file: &[u8], key: &str) -> (i32, Value) {
    std::fs::write(folder.join("evidence.json"), file).unwrap();
    let file = folder.join("evidence.json");
    let answer = python("docs/verify_evidence.py", &[file.as_os_str(), OsStr::new(key)], "").await;
    let said = serde_json::from_str(&answer.out);
    (answer.status, said.unwrap_or_else(|_| panic!("{answer:?}")))
}

#[tokio::test]
async fn an_evidence_file_is_verified_elsewhere_and_read_on_paper() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let auditor = demo.sign_in(&server, "auditor.gansu").await;
    let query =
        "{ certificates(first: 1, state: SUSPENDED) { nodes { number holder { id name } } } }";
    let found = auditor.ask(query, json!({})).await;
    let found = &found["nodes"][0];
    let (id, name) = (found["holder"]["id"].as_str().unwrap(), found["holder"]["name"].as_str());
    let file = auditor.get(&format!("/officers/{id}/evidence.json")).await;
    assert_eq!(file.status(), 200);
    let file = file.bytes().await.unwrap().to_vec();
    let report = auditor.get(&format!("/officers/{id}/evidence.pdf")).await;
    assert_eq!(
        (report.status().as_u16(), &report.headers()["content-type"]),
        (200, &"application/pdf".parse().unwrap())
    );
    let report = report.bytes().await.unwrap();
    let list = auditor.request(Method::POST, "/exports/audit-log.csv").send().await.unwrap();
    assert_eq!(list.status(), 200);
    let list = list.text().await.unwrap();
    assert!(list.contains("调取证据文件") && list.starts_with('\u{feff}'), "{}", &list[..300]);
    server.stop().await;

    // The key as it is published, by the word that says what it signs.
    let published = run(demo.data(), &["keys", "publish"]).await;
    let published: Value = serde_json::from_str(&published.out).unwrap();
    let key =
        published["keys"].as_array().unwrap().iter().rfind(|k| k["liangzheng_use"] == "AUDIT");
    let key = key.unwrap()["x"].as_str().unwrap();
    let key = hex::encode(BASE64_URL_SAFE_NO_PAD.decode(key).unwrap());
    let folder = tempfile::tempdir().unwrap();
    let (status, answer) = verify(folder.path(), &file, &key).await;
    let told: Value = serde_json::from_slice(&file).unwrap();
    let entries = told["log"].as_array().unwrap().len();
    assert!(entries > 3);
    assert_eq!(
        (status, answer),
        (
            0,
            json!({
                "entries": entries, "proven": entries,
                "checkpoint": told["proof"]["checkpoint"]["seq"],
                "at": told["proof"]["checkpoint"]["at"],
            })
        )
    );
    // A byte within an entry is another.
    let text = String::from_utf8(file.clone()).unwrap();
    let forged = text.replacen("certificate.suspend", "certificate.suspenD", 1);
    assert_ne!(forged, text);
    let (status, answer) = verify(folder.path(), forged.as_bytes(), &key).await;
    assert!(status == 1 && answer.as_str().unwrap().ends_with("was changed"), "{answer}");
    // A forged copy before the genuine entry, and a run that is told twice.
    let mut doubled = told.clone();
    let mut copy = told["log"][0].clone();
    copy["body"] = json!(r#"{"forged":true}"#);
    doubled["log"].as_array_mut().unwrap().insert(0, copy);
    let (status, answer) = verify(folder.path(), doubled.to_string().as_bytes(), &key).await;
    assert_eq!((status, answer), (1, json!("an entry stands twice")));
    let mut doubled = told.clone();
    let led = told["proof"]["runs"][0].clone();
    doubled["proof"]["runs"].as_array_mut().unwrap().push(led);
    let (status, answer) = verify(folder.path(), doubled.to_string().as_bytes(), &key).await;
    assert_eq!((status, &answer["proven"]), (0, &json!(entries)));
    let (status, answer) = verify(folder.path(), &file, &"07".repeat(32)).await;
    assert_eq!((status, answer), (1, json!("the checkpoint is not signed with this key")));

    // The report says the same, and carries its own JSON with the digest it names.
    std::fs::write(folder.path().join("a.pdf"), &report).unwrap();
    let program = |name: &str, arguments: &[&str]| {
        let mut command = Command::new(name);
        command.current_dir(folder.path()).args(arguments);
        command
    };
    let shown = program("pdftotext", &["a.pdf", "-"]).output().await.unwrap();
    let shown: String = String::from_utf8(shown.stdout).unwrap().split_whitespace().collect();
    let mut detached = program("pdfdetach", &["-save", "1", "-o", "attached.json", "a.pdf"]);
    assert!(detached.output().await.unwrap().status.success());
    let attached = std::fs::read(folder.path().join("attached.json")).unwrap();
    let digest = program("sha256sum", &["attached.json"]).output().await.unwrap();
    let digest = String::from_utf8(digest.stdout).unwrap();
    let digest = digest.split_whitespace().next().unwrap();
    for words in
        [name.unwrap(), found["number"].as_str().unwrap(), digest, "执法人员证据文件", "暂扣"]
    {
        assert!(shown.contains(words), "{words} is missing: {shown}");
    }
    let (status, answer) = verify(folder.path(), &attached, &key).await;
    // That the first one was taken stands in those made after the next checkpoint.
    assert_eq!((status, &answer["entries"]), (0, &json!(entries)));

    // At the command line.
    let out = folder.path().join("officers.csv");
    let said = run(demo.data(), &["export", "officers", "--out", out.to_str().unwrap()]).await;
    assert_eq!(said.status, 0, "{said:?}");
    let officers = std::fs::read_to_string(&out).unwrap();
    assert!(officers.lines().count() > 300, "{}", said.out);
    assert!(officers.contains("**************"));
    assert!(!folder.path().join("officers.csv.part").exists());
    audit_is_intact(demo.data()).await;
}
