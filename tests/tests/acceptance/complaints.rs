//! A complaint from the scan to the decision, as a citizen and the justice department see it: the
//! form and its answers in a browser, on a small screen and at 400 %, in both languages.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::demo::Demo;
use crate::server::Server;
use crate::session::Session;

/// A small screen, and a desktop zoomed to 400 %: 320 CSS pixels across.
const WINDOWS: [(u32, u32); 2] = [(360, 1), (1280, 4)];
const TEXT: &str = "上午店里来了一个人，没有出示证件就要检查。";

/// Visits a page that anybody can read and that leaves nothing; what `main` says it is.
async fn visit(browser: &mut Browser, request: Value) -> Value {
    let answer = browser.visit(&request).await;
    assert_eq!(answer["violations"], json!([]), "{answer}");
    assert_eq!(answer["scrollWidth"], answer["clientWidth"], "it scrolls sideways: {answer}");
    assert_eq!(answer["cookies"], json!([]), "{answer}");
    let text = answer["text"].as_str().unwrap();
    for asked in answer["requests"].as_array().unwrap() {
        let asked = asked.as_str().unwrap();
        assert!(asked.starts_with("http://127.0.0.1:"), "{asked}: {text}");
    }
    answer
}

/// Digits of the code of an officer's certificate in the district.
async fn code(demo: &Demo, server: &Server, supervisor: &Session) -> String {
    let list = "{ certificates(first: 50, state: ACTIVE) { nodes { id agency { name } } } }";
    let found = supervisor.ask(list, json!({})).await;
    let nodes = found["nodes"].as_array().unwrap();
    let of_agency = |node: &&Value| !node["agency"]["name"].as_str().unwrap().contains("司法局");
    let id = &nodes.iter().find(of_agency).unwrap_or_else(|| panic!("{found}"))["id"];
    let issuer = demo.sign_in(server, "issuer.gansu").await;
    let code = "query($id: ID!) { certificate(id: $id) { printedCode { digits } } }";
    let code = issuer.ask(code, json!({ "id": id })).await;
    code["printedCode"]["digits"].as_str().unwrap().to_owned()
}

/// The address of the form, from the page of a scan.
async fn way_to_form(server: &Server, digits: &str) -> String {
    let page = reqwest::get(format!("{}/v/{digits}", server.url)).await.unwrap();
    let page = page.text().await.unwrap();
    let link = format!("<a href=\"{}/feedback/about/", server.url);
    let rest = page.split_once(&link).unwrap_or_else(|| panic!("{page}")).1;
    format!("{}/feedback/about/{}", server.url, rest.split(['"', '?']).next().unwrap())
}

fn receipt(answer: &Value) -> String {
    let text = answer["text"].as_str().unwrap();
    let is_number =
        |line: &&str| line.len() == 19 && line.chars().all(|c| c.is_ascii_digit() || c == ' ');
    let found = text.lines().map(str::trim).find(is_number);
    found.unwrap_or_else(|| panic!("{text}")).to_owned()
}

#[tokio::test]
async fn a_complaint_goes_from_the_scan_to_a_reasoned_answer() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let supervisor = demo.sign_in(&server, "supervisor.chengguan").await;
    let digits = code(&demo, &server, &supervisor).await;
    let form = way_to_form(&server, &digits).await;
    let state = format!("{}/feedback/receipt", server.url);
    let mut browser = Browser::start();
    let mut received = Vec::new();
    for (width, zoom) in WINDOWS {
        for lang in ["zh-CN", "en"] {
            let request = |url: &str, fill: Value| {
                json!({ "url": url, "width": width, "zoom": zoom, "lang": lang, "fill": fill,
                    "axe": true })
            };
            let empty = visit(&mut browser, request(&form, Value::Null)).await;
            assert_eq!(
                (&empty["status"], &empty["lang"], &empty["feedback"]),
                (&json!(200), &json!(lang), &json!("FORM"))
            );
            assert_eq!(empty["consoleErrors"], json!([]), "{empty}");
            let blank = json!({ "category": "CONDUCT", "text": " ", "contact": "13800000000" });
            let wrong = visit(&mut browser, request(&form, blank)).await;
            assert_eq!((&wrong["status"], &wrong["feedback"]), (&json!(422), &json!("FORM")));
            let said = json!({ "category": "NOT_SHOWN", "text": TEXT });
            let sent = visit(&mut browser, request(&form, said)).await;
            assert_eq!((&sent["status"], &sent["feedback"]), (&json!(200), &json!("RECEIPT")));
            assert!(!sent["url"].as_str().unwrap().contains("about"), "{sent}");
            received.push(receipt(&sent));
            let said = json!({ "satisfied": "no", "shown": "no", "fees_asked": "unknown" });
            let evaluated = visit(&mut browser, request(&form, said)).await;
            assert_eq!(evaluated["feedback"], "RECEIPT", "{evaluated}");
            let number = json!({ "receipt": receipt(&evaluated) });
            let waiting = visit(&mut browser, request(&state, number)).await;
            assert_eq!(waiting["feedback"], "WAITING", "{waiting}");
            let slip = visit(&mut browser, request(&state, json!({ "receipt": "1234" }))).await;
            assert_eq!((&slip["status"], &slip["feedback"]), (&json!(422), &json!("ASK")));
        }
    }
    let reviewer = demo.sign_in(&server, "reviewer.chengguan").await;
    let list = "{ complaints(first: 10, state: RECEIVED) { nodes { id text } } }";
    let found = reviewer.ask(list, json!({})).await;
    // Those of today stand before what the demo has.
    let nodes = &found["nodes"].as_array().unwrap()[..received.len()];
    assert!(nodes.iter().all(|node| node["text"] == TEXT), "{found}");
    let rest = &found["nodes"].as_array().unwrap()[received.len()..];
    assert!(rest.iter().all(|node| node["text"] != TEXT), "{found}");
    for node in nodes {
        for (session, call) in [
            (&reviewer, "acceptComplaint(id: $id)"),
            (
                &reviewer,
                "proposeComplaintOutcome(input: { id: $id, upheld: true, reasons: \"经查属实。\" })",
            ),
            (&supervisor, "decideComplaint(id: $id)"),
        ] {
            let query = format!("mutation($id: ID!) {{ {call} {{ userErrors {{ code }} }} }}");
            let answer = session.ask(&query, json!({ "id": node["id"] })).await;
            assert_eq!(answer["userErrors"], json!([]), "{call}");
        }
    }
    for (number, (width, zoom)) in received.iter().zip([WINDOWS[0], WINDOWS[1]]) {
        let request = json!({ "url": state, "width": width, "zoom": zoom, "axe": true,
            "fill": { "receipt": number } });
        let told = visit(&mut browser, request).await;
        assert_eq!((&told["status"], &told["feedback"]), (&json!(200), &json!("UPHELD")));
        assert!(told["text"].as_str().unwrap().contains("经查属实。"), "{told}");
    }
    browser.close().await;
    // Nothing of a path or a number is in what the server said.
    let said = server.stop_and_read().await;
    assert!(!said.contains("feedback/about/") && !said.contains(&received[0]), "{said}");
}
