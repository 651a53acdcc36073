//! An operator of the hotline 12345: a caller gives a number and a name, and nothing is changed.

use serde_json::{Value, json};

use super::{assert_forbidden, close};
use crate::demo::Demo;

pub async fn day(demo: &Demo) {
    let server = demo.serve().await;
    let auditor = demo.sign_in(&server, "auditor.gansu").await;
    let in_state = async |state: &str| {
        let query = "query($state: CertificateState) { certificates(first: 1, state: $state) { nodes \
            { number holder { name } } } }";
        auditor.ask(query, json!({ "state": state })).await["nodes"][0].clone()
    };
    let hotline = demo.sign_in(&server, "hotline.gansu").await;
    let look_up = async |number: &Value, name: &Value| {
        let query = "query($number: String!, $name: String) { lookUpCertificate(number: $number, \
            name: $name) { verdict nameMatches name number adviceZh adviceEn } }";
        hotline.ask(query, json!({ "number": number, "name": name })).await
    };
    for (state, verdict) in [
        ("ACTIVE", "VALID"),
        ("SUSPENDED", "NOT_AUTHORISED"),
        ("REVOKED", "NOT_AUTHORISED"),
        ("CANCELLED", "CANCELLED"),
        ("EXPIRED", "EXPIRED"),
        ("LOST", "LOST"),
    ] {
        let certificate = in_state(state).await;
        let (number, name) = (&certificate["number"], &certificate["holder"]["name"]);
        let told = look_up(number, name).await;
        assert_eq!(
            (&told["verdict"], &told["nameMatches"]),
            (&json!(verdict), &json!(true)),
            "{state}"
        );
        assert_eq!((&told["number"], &told["name"]), (number, name));
        assert!(!told["adviceZh"].as_str().unwrap().is_empty(), "{state}");
        assert!(!told["adviceEn"].as_str().unwrap().is_empty(), "{state}");
        assert_eq!(look_up(number, &json!("某某")).await["nameMatches"], false);
        assert_eq!(look_up(number, &Value::Null).await["nameMatches"], Value::Null);
    }
    assert_eq!(look_up(&json!("00000000000"), &Value::Null).await, Value::Null);

    assert_forbidden(
        &hotline,
        &[
            "{ officers { nodes { id } } }",
            "{ certificates { nodes { id } } }",
            "{ applications { nodes { id } } }",
            "{ qualifications { nodes { id } } }",
            "mutation { suspendCertificate(input: { id: \"x\", ground: DISCIPLINE }) { userErrors { code } } }",
            "mutation { revealPersonalData(personId: \"x\") { userErrors { code } } }",
            "mutation { reportCertificateLoss(input: { id: \"x\", ground: LOSS }) { userErrors { code } } }",
        ],
    )
    .await;
    let (status, _) = hotline.stage("roster.csv", b"x".to_vec()).await;
    assert_eq!(status, 403);
    close(demo, server).await;
}
