//! The main job from end to end: a workbook is imported, an officer qualifies, the certificate is
//! issued, its code read by a QR reader and opened in a browser; and what becomes of it afterwards
//! is seen by whoever scans it.

use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::Command;

use crate::browser::Browser;
use crate::demo::Demo;
use crate::roster::{self, Agency};
use crate::server::{QR_ONLY, Server, audit_is_intact};
use crate::session::{APPLY, APPROVE, HAND_OVER, NOMINATE, QUALIFY, Session, until};

/// The agency of the demo where these tests work.
pub async fn agency(hr: &Session) -> Agency {
    let found = hr
        .ask(
            "{ agencies(first: 2, search: \"兰州市城关区市场监督管理局\") { nodes { name uscc \
             fields { code nameZh } } } }",
            json!({}),
        )
        .await;
    let node = &found["nodes"][0];
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    Agency {
        name: text(&node["name"]),
        uscc: text(&node["uscc"]),
        field: text(&node["fields"][0]["nameZh"]),
    }
}

/// Imports people as applicants without a fault; answers their ids in the order of their names.
pub async fn import(hr: &Session, people: &[(String, u32)]) -> Vec<String> {
    let file = roster::workbook(&roster::rows(&agency(hr).await, people, EXAM_DAY));
    let (status, staged) = hr.stage("roster.xlsx", file).await;
    assert_eq!(status, 201, "{staged}");
    assert_eq!((&staged["total"], &staged["failed"]), (&json!(people.len()), &json!(0)));
    let id = staged["id"].as_str().unwrap();
    hr.begin_import(id).await;
    let done = until("the import", async || {
        let import = hr.import(id).await;
        (import["state"] != "APPLYING").then_some(import)
    })
    .await;
    assert_eq!(
        done,
        json!({
            "state": "APPLIED", "cursor": people.len(), "total": people.len(),
            "created": people.len(), "updated": 0, "unchanged": 0, "failed": 0, "refused": 0,
        })
    );
    let surname = people[0].0.chars().next().unwrap().to_string();
    of_surname(hr, &surname).await.into_iter().map(|(_, id)| id).collect()
}

/// Name and id of everybody whose name begins so, page by page.
pub async fn of_surname(session: &Session, surname: &str) -> Vec<(String, String)> {
    let query = "query($name: String!, $after: String) { officers(first: 100, name: $name, after: \
        $after) { nodes { id name } pageInfo { hasNextPage endCursor } } }";
    let (mut people, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = session.ask(query, json!({ "name": surname, "after": after })).await;
        people.extend(page["nodes"].as_array().unwrap().iter().map(|node| {
            (node["name"].as_str().unwrap().to_owned(), node["id"].as_str().unwrap().to_owned())
        }));
        if page["pageInfo"]["hasNextPage"] == false {
            return people;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Uploads the same portrait for each person.
pub async fn give_photos(hr: &Session, people: &[String]) {
    for id in people {
        let path = format!("/officers/{id}/photo");
        let request = hr.request(Method::PUT, &path).header("content-type", "image/png");
        let response = request.body(roster::portrait()).send().await.unwrap();
        assert_eq!(response.status(), 200, "{}", response.text().await.unwrap());
    }
}

/// From people of the register to reviewed applications, by different accounts.
pub async fn applications(hr: &Session, reviewer: &Session, people: &[String]) -> Vec<String> {
    let candidates = hr.each(NOMINATE, people).await;
    reviewer.each(QUALIFY, &candidates).await;
    let applications = hr.each(APPLY, people).await;
    reviewer.each(APPROVE, &applications).await;
    applications
}

/// Issues one certificate; answers its id, number and the digits of its code.
pub async fn issue(issuer: &Session, application: &str) -> (String, String, String) {
    let issue = "mutation($id: ID!) { issueCertificate(applicationId: $id) { certificate { id \
        number state printedCode { digits } } userErrors { code } } }";
    let issued = issuer.ask(issue, json!({ "id": application })).await;
    let certificate = &issued["certificate"];
    assert_eq!((&certificate["state"], &issued["userErrors"]), (&json!("ISSUED"), &json!([])));
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (
        text(&certificate["id"]),
        text(&certificate["number"]),
        text(&certificate["printedCode"]["digits"]),
    )
}

/// A certificate that was issued to one of a roster, and who had a part in it.
pub struct Issued {
    pub hr: Session,
    pub issuer: Session,
    pub person: String,
    pub id: String,
    pub number: String,
    pub digits: String,
}

/// The whole way of one officer of a district, by different accounts, to a certificate that waits for
/// its handover.
pub async fn issued_to(demo: &Demo, server: &Server, name: &str) -> Issued {
    let hr = demo.sign_in(server, "hr.chengguan-market").await;
    let reviewer = demo.sign_in(server, "reviewer.chengguan").await;
    let issuer = demo.sign_in(server, "issuer.chengguan").await;
    let mut people = import(&hr, &[(name.to_owned(), 1)]).await;
    give_photos(&hr, &people).await;
    let application = applications(&hr, &reviewer, &people).await.remove(0);
    let (id, number, digits) = issue(&issuer, &application).await;
    Issued { hr, issuer, person: people.remove(0), id, number, digits }
}

impl Issued {
    /// The card is with its holder.
    pub async fn handed_over(self) -> Self {
        self.hr.each(HAND_OVER, std::slice::from_ref(&self.id)).await;
        self
    }
}

/// A day on which everybody of these rosters has passed both exams.
const EXAM_DAY: &str = "2025-06-10";

/// What `zbarimg` reads in a picture.
pub async fn read_code(picture: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("code.png");
    std::fs::write(&file, picture).unwrap();
    let output = Command::new("zbarimg").args(QR_ONLY).arg(file).output().await.unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// An act on a certificate with a ground; answers the state after it.
pub async fn act(issuer: &Session, mutation: &str, id: &str, ground: &str) -> Value {
    let kind = if mutation == "suspendCertificate" { "Suspend" } else { "" };
    let input = if kind.is_empty() { "CertificateActInput" } else { "SuspendCertificateInput" };
    let query = format!(
        "mutation($input: {input}!) {{ {mutation}(input: $input) {{ certificate {{ state }} \
         userErrors {{ code }} }} }}"
    );
    let answer = issuer.ask(&query, json!({ "input": { "id": id, "ground": ground } })).await;
    assert_eq!(answer["userErrors"], json!([]), "{answer}");
    answer["certificate"]["state"].clone()
}

#[tokio::test]
async fn from_a_roster_to_a_scanned_certificate() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let hr = demo.sign_in(&server, "hr.chengguan-market").await;
    let reviewer = demo.sign_in(&server, "reviewer.chengguan").await;
    let issuer = demo.sign_in(&server, "issuer.chengguan").await;

    let template = hr.get("/imports/template.xlsx").await;
    assert_eq!(template.status(), 200);
    assert!(template.bytes().await.unwrap().starts_with(b"PK"));

    let name = "阿依古丽·买买提";
    let people = import(&hr, &[(name.to_owned(), 1)]).await;
    give_photos(&hr, &people).await;
    let application = applications(&hr, &reviewer, &people).await.remove(0);
    let (id, number, digits) = issue(&issuer, &application).await;

    let picture = issuer.get(&format!("/certificates/{id}/code.png?scale=8")).await;
    assert_eq!(picture.headers()["content-type"], "image/png");
    let url = read_code(&picture.bytes().await.unwrap()).await;
    assert_eq!(url, format!("{}/v/{digits}", server.url));

    let mut browser = Browser::start();
    let page = browser.open(&url, 360).await;
    assert_eq!(page["verdict"], "NOT_YET_VALID", "before the handover: {page}");
    hr.each(HAND_OVER, std::slice::from_ref(&id)).await;

    let page = browser.open(&url, 360).await;
    assert_eq!((&page["verdict"], &page["status"]), (&json!("VALID"), &json!(200)), "{page}");
    let text = page["text"].as_str().unwrap();
    for shown in [name, &number, "兰州市城关区市场监督管理局", "证件有效", "印刷码可被复印"]
    {
        assert!(text.contains(shown), "{shown} is missing:\n{text}");
    }
    assert!(
        page["requests"]
            .as_array()
            .unwrap()
            .iter()
            .any(|r| { r.as_str().unwrap().starts_with(&format!("{}/photo/", server.url)) })
    );

    let state = act(&issuer, "suspendCertificate", &id, "REFUSING_SUPERVISION").await;
    assert_eq!(state, "SUSPENDED");
    let page = browser.open(&url, 360).await;
    assert_eq!(page["verdict"], "NOT_AUTHORISED");
    // A ground is never public.
    assert!(!page["text"].as_str().unwrap().contains("监督检查"), "{page}");
    assert_eq!(act(&issuer, "liftSuspension", &id, "CAUSE_ENDED").await, "ACTIVE");
    assert_eq!(browser.open(&url, 360).await["verdict"], "VALID");
    assert_eq!(act(&issuer, "cancelCertificate", &id, "RETIREMENT").await, "CANCELLED");
    let page = browser.open(&url, 360).await;
    assert_eq!(page["verdict"], "CANCELLED");
    assert!(!page["requests"].to_string().contains("/photo/"), "{page}");
    assert!(!page["text"].as_str().unwrap().contains("是这个人吗"), "{page}");
    assert_eq!((&page["consoleErrors"], &page["cookies"]), (&json!([]), &json!([])));
    browser.close().await;

    server.stop().await;
    audit_is_intact(demo.data()).await;
}
