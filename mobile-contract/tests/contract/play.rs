//! Plays a scenario of `vectors/offline.json`, as every implementation does.

use mobile_contract::{
    bundle::BundleError,
    offline::{ListRefusal, OfflineVerifier},
};
use serde_json::{Value, json};

use crate::deployment::*;

/// Hands a file in; answers the word for what came of it.
fn hand_in(app: &mut OfflineVerifier, what: &str, bytes: &[u8], now: i64) -> &'static str {
    match what {
        "bundle" => app.take_bundle(bytes, now).map_or_else(BundleError::code, |()| "OK"),
        "delta" => app.take_delta(bytes, now).map_or_else(BundleError::code, |()| "OK"),
        "list" => app.take_list(bytes, now).map_or_else(ListRefusal::code, |_| "OK"),
        "kept list" => app.take_kept_list(bytes).map_or_else(ListRefusal::code, |_| "OK"),
        "genuine" if app.take_genuine(bytes) => "OK",
        "genuine" => "UNKNOWN",
        other => panic!("nothing to hand in: {other}"),
    }
}

/// The whole of an answer.
fn answered(app: &mut OfflineVerifier, step: &Value) -> Value {
    let challenge = step["challenge"].as_str().map(|c| hex::decode(c).unwrap().try_into().unwrap());
    let now = step["now"].as_i64().unwrap();
    let answer = app.scan(step["scan"].as_str().unwrap(), challenge.as_ref(), now);
    let judgement = answer.judgement;
    json!({
        "verdict": judgement.verdict.code(),
        "reasons": judgement.reasons.iter().map(|r| r.code()).collect::<Vec<_>>(),
        "evidence": judgement.evidence.map(mobile_contract::Evidence::code),
        "credential_id": judgement.credential_id.map(|id| id.to_string()),
        "kid": judgement.kid.map(|kid| kid.to_string()),
        "shown_at": judgement.shown_at,
        "status_as_of": judgement.status_as_of,
        "status_age": judgement.status_age,
        "claims": judgement.credential.map(|c| json!({
            "certificate_number": c.certificate_number, "nbf": c.not_before, "exp": c.expires,
            "name": c.name, "name_cut": c.name_cut, "agency": c.agency, "kind": c.kind,
            "status_list": c.status_list, "status_index": c.status_index,
        })),
        "agency": answer.agency.map(|agency| agency.name),
        "bundle_age": answer.bundle_age,
        "bundle_expired": answer.bundle_expired,
    })
}

/// Plays a scenario from the file alone; answers what each scan gave, and holds the words.
pub(crate) fn play(scenario: &Value, files: &Value) -> Vec<Value> {
    let file = |name: &Value| hex::decode(files[name.as_str().unwrap()].as_str().unwrap()).unwrap();
    let (what, now) = (&scenario["what"], scenario["now"].as_i64().unwrap());
    let floor = scenario["floor"].as_i64().unwrap();
    let bundle = file(&scenario["bundle"]);
    let mut app = OfflineVerifier::new(pinned(), &bundle, floor, now).unwrap();
    let mut answers = Vec::new();
    for step in scenario["steps"].as_array().unwrap() {
        if step["resume"].is_string() {
            let floor = step["floor"].as_i64().unwrap();
            let came = match OfflineVerifier::resume(pinned(), &file(&step["resume"]), floor) {
                Ok(begun) => {
                    app = begun;
                    "OK"
                }
                Err(refusal) => refusal.code(),
            };
            assert_eq!(came, step["expect"].as_str().unwrap(), "{what}: {step}");
        } else if let Some(kind) = step["take"].as_str() {
            let now = step["now"].as_i64().unwrap();
            let came = hand_in(&mut app, kind, &file(&step["file"]), now);
            assert_eq!(came, step["expect"].as_str().unwrap(), "{what}: {step}");
        } else {
            let answer = answered(&mut app, step);
            assert_eq!(answer["verdict"], step["verdict"], "{what}: {step}");
            answers.push(answer);
        }
    }
    answers
}
