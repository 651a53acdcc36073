//! The look-up by number as a citizen meets it: in a browser, with the keyboard's own letters, on a
//! small screen and at 400 %.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::demo::Demo;
use crate::server::Server;

/// A small screen, and a desktop zoomed to 400 %: 320 CSS pixels across.
const WINDOWS: [(u32, u32); 2] = [(360, 1), (1280, 4)];

fn is_accessible(answer: &Value) {
    assert_eq!(answer["violations"], json!([]), "{answer}");
    assert_eq!(answer["scrollWidth"], answer["clientWidth"], "it scrolls sideways: {answer}");
    assert_eq!(answer["cookies"], json!([]), "{answer}");
}

#[tokio::test]
async fn a_citizen_looks_a_certificate_up_by_number_and_name() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let issuer = demo.sign_in(&server, "issuer.gansu").await;
    let query = "{ certificates(first: 1, state: ACTIVE) { nodes { number holder { name } } } }";
    let found = issuer.ask(query, json!({})).await["nodes"][0].clone();
    let (number, name) = (&found["number"], &found["holder"]["name"]);
    let mut browser = Browser::start();
    let form = format!("{}/lookup", server.url);
    for (width, zoom) in WINDOWS {
        let request = |fill: Value, lang: &str| {
            json!({ "url": form, "width": width, "zoom": zoom, "lang": lang, "fill": fill,
                "axe": true })
        };
        for lang in ["zh-CN", "en"] {
            let empty = browser.visit(&request(Value::Null, lang)).await;
            assert_eq!((&empty["status"], &empty["lang"]), (&json!(200), &json!(lang)));
            assert_eq!(empty["consoleErrors"], json!([]), "{empty}");
            is_accessible(&empty);

            let hit =
                browser.visit(&request(json!({ "number": number, "name": name }), lang)).await;
            assert_eq!((&hit["status"], &hit["verdict"]), (&json!(200), &json!("VALID")));
            assert_eq!(hit["consoleErrors"], json!([]), "{hit}");
            assert!(hit["text"].as_str().unwrap().contains(name.as_str().unwrap()), "{hit}");
            is_accessible(&hit);
            // Neither number nor name is in any address that was asked for.
            for asked in hit["requests"].as_array().unwrap() {
                assert!(!asked.as_str().unwrap().contains(number.as_str().unwrap()), "{asked}");
            }

            let miss =
                browser.visit(&request(json!({ "number": number, "name": "某某" }), lang)).await;
            assert_eq!((&miss["status"], &miss["verdict"]), (&json!(200), &Value::Null));
            let said = ["没有查到相符的证件", "No matching certificate"];
            let text = miss["text"].as_str().unwrap();
            assert!(said.iter().any(|said| text.contains(said)), "{miss}");
            is_accessible(&miss);

            let blank =
                browser.visit(&request(json!({ "number": number, "name": " " }), lang)).await;
            assert_eq!(blank["status"], 422, "{blank}");
            is_accessible(&blank);
        }
    }
    browser.close().await;
    server.stop().await;
}
