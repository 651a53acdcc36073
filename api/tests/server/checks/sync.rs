//! Sending records: each is answered for itself, nothing is lost and nothing is kept twice.

use api::graphql::ids::encode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::Duration;
use entities::enums::{Role, ScopeAxis};
use entities::ids::DeviceId;
use mobile_contract::{CheckRecord, Seen, Verdict};
use serde_json::{Value, json};

use super::world::*;
use crate::certification::world::World;

/// A supervisor with a phone in front of an officer with a certificate, an hour later.
async fn meeting() -> (World, Phone, String) {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let code = printed(&world, certificate).await;
    let phone = Phone::enrol(&world, &world.supervisor, 9).await;
    world.app.clock.advance(Duration::hours(1));
    (world, phone, code)
}

#[tokio::test]
async fn a_batch_is_judged_and_answered_as_before_when_it_comes_again() {
    let (world, mut phone, code) = meeting().await;
    let records = [
        phone.saw(&world, &code, Verdict::Valid),
        phone.record(&world, Seen::Refused, None),
        phone.saw(&world, &code, Verdict::Expired),
    ];
    let sent: Vec<String> = records.iter().map(|record| phone.sign(record)).collect();
    let first = send(&world, &world.supervisor, phone.device, &sent).await;
    let number = world.certificate(kept(&world).await[0].certificate_id.unwrap()).await.number;
    let judged =
        |index: usize, kind: &str, outcome: &str, grade: &str, verdict: Value, reasons: Value| {
            json!({
                "index": index, "kind": kind, "userErrors": [],
                "checkRecord": {
                    "sequence": index + 1, "outcome": outcome, "grade": grade, "verdict": verdict,
                    "reasons": reasons, "chainReasons": [],
                    "certificateNumber": if index == 1 { Value::Null } else { json!(number) },
                },
            })
        };
    let expected = |kind| {
        json!([
            judged(0, kind, "CONFIRMED", "PRINTED", json!("VALID"), json!([])),
            judged(1, kind, "NOTED", "NONE", Value::Null, json!([])),
            judged(2, kind, "DISPUTED", "PRINTED", json!("VALID"), json!(["VERDICT_CONTRADICTED"])),
        ])
    };
    assert_eq!(first["answers"], expected("ACCEPTED"));
    assert_eq!((&first["missing"], &first["userErrors"]), (&json!([]), &json!([])));
    let rows = kept(&world).await;

    // The answer was lost; an hour later the phone sends all again.
    world.app.clock.advance(Duration::hours(1));
    let again = send(&world, &world.supervisor, phone.device, &sent).await;
    assert_eq!(again["answers"], expected("KNOWN"));
    assert_eq!(kept(&world).await, rows, "nothing has changed, not even the time of receipt");

    let log = world.app.audit_log().await;
    let entries: Vec<_> = log.iter().filter(|entry| entry.action == "check.sync").collect();
    assert_eq!(entries.len(), 1, "what adds nothing is no act");
    let body: Value = serde_json::from_str(&entries[0].body).unwrap();
    assert_eq!((&body["records"], &body["in_conflict"]), (&json!(3), &json!(0)));
    let names = ["王伟", number.as_str(), code.as_str()];
    assert!(names.iter().all(|name| !entries[0].body.contains(name)), "{}", entries[0].body);
}

#[tokio::test]
async fn one_broken_record_stops_none_of_the_others() {
    let (world, mut phone, code) = meeting().await;
    let other = Phone::enrol(&world, &world.reviewer, 10).await;
    let good = phone.saw(&world, &code, Verdict::Valid);
    let second = phone.record(&world, Seen::NotShown, None);
    let mut turned = good.sign(&phone.signer).unwrap();
    let last = turned.len() - 1;
    turned[last] ^= 1;
    let sent = [
        "%%%".to_owned(),
        phone.sign(&good),
        URL_SAFE_NO_PAD.encode(&turned),
        URL_SAFE_NO_PAD.encode(b"not a record"),
        other.sign(&second),
        String::new(),
        phone.sign(&good),
        phone.sign(&second),
    ];
    let answer = send(&world, &world.supervisor, phone.device, &sent).await;
    let expected =
        ["REFUSED", "ACCEPTED", "REFUSED", "REFUSED", "REFUSED", "REFUSED", "KNOWN", "ACCEPTED"];
    assert_eq!(kinds(&answer), expected);
    let codes: Vec<&str> = answer["answers"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|answer| answer["userErrors"][0]["code"].as_str())
        .collect();
    let (unreadable, signature) = ("RECORD_UNREADABLE", "RECORD_SIGNATURE_INVALID");
    assert_eq!(codes, [unreadable, signature, unreadable, signature, unreadable]);
    assert_eq!(answer["answers"][0]["userErrors"][0]["field"], "records");
    assert_eq!(answer["answers"][0]["checkRecord"], Value::Null);
    assert_eq!(kept(&world).await.len(), 2);
}

#[tokio::test]
async fn only_whose_phone_it_is_sends_its_records_and_not_too_many_at_once() {
    let (world, mut phone, code) = meeting().await;
    let record = phone.saw(&world, &code, Verdict::Valid);
    let sent = [phone.sign(&record)];
    let colleague = world.staff(Role::Supervisor, world.justice, ScopeAxis::Territory).await;
    let refused = |code: &str, field: &str| {
        json!({
            "answers": null, "missing": [], "mark": null,
            "userErrors": [{ "code": code, "field": field }],
        })
    };
    for (actor, device) in
        [(&colleague, phone.device), (&world.supervisor, world.platform.new_id::<DeviceId>())]
    {
        let answer = send(&world, actor, device, &sent).await;
        assert_eq!(answer, refused("DEVICE_NOT_FOUND", "deviceId"));
    }
    let too_many = vec![sent[0].clone(); 201];
    let answer = send(&world, &world.supervisor, phone.device, &too_many).await;
    assert_eq!(answer, refused("TOO_MANY", "records"));
    assert_eq!(kept(&world).await, []);
    let most = vec![sent[0].clone(); 200];
    let answer = send(&world, &world.supervisor, phone.device, &most).await;
    assert_eq!(kinds(&answer).iter().filter(|kind| **kind == "ACCEPTED").count(), 1);
    assert_eq!(kept(&world).await.len(), 1);
}

#[tokio::test]
async fn a_phone_that_sends_without_end_waits() {
    let (world, phone, _) = meeting().await;
    for _ in 0..60 {
        let answer = send(&world, &world.supervisor, phone.device, &[]).await;
        assert_eq!(answer["userErrors"], json!([]));
    }
    let answer = send(&world, &world.supervisor, phone.device, &[]).await;
    assert_eq!(answer["userErrors"][0]["code"], "TOO_MANY_SYNCS");
    world.app.clock.advance(Duration::minutes(10));
    let answer = send(&world, &world.supervisor, phone.device, &[]).await;
    assert_eq!(answer["userErrors"], json!([]));
}

#[tokio::test]
async fn what_is_missing_is_asked_for_and_a_chain_fits_once_it_is_whole() {
    let (world, mut phone, code) = meeting().await;
    let records: Vec<CheckRecord> =
        (0..6).map(|_| phone.saw(&world, &code, Verdict::Valid)).collect();
    let sent: Vec<String> = records.iter().map(|record| phone.sign(record)).collect();
    let send = async |which: &[usize]| {
        let part: Vec<String> = which.iter().map(|n| sent[n - 1].clone()).collect();
        let answer = send(&world, &world.supervisor, phone.device, &part).await;
        let chains: Vec<Value> = answer["answers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|answer| answer["checkRecord"]["chainReasons"].clone())
            .collect();
        (answer["missing"].clone(), Value::from(chains))
    };
    let range = |from: i32, until: i32| json!({ "from": from, "until": until });
    let missing = json!(["PREVIOUS_MISSING"]);
    assert_eq!(send(&[6, 4]).await, (json!([range(1, 3), range(5, 5)]), json!([missing, missing])));
    assert_eq!(send(&[1]).await, (json!([range(2, 3), range(5, 5)]), json!([[]])));
    assert_eq!(send(&[5, 3]).await, (json!([range(2, 2)]), json!([[], missing])));
    assert_eq!(send(&[2]).await, (json!([]), json!([[]])));
    assert_eq!(send(&[1, 2, 3, 4, 5, 6]).await, (json!([]), json!([[], [], [], [], [], []])));
}

#[tokio::test]
async fn an_app_that_has_lost_its_own_is_told_the_last_record_of_its_phone() {
    const LAST: &str = "mutation($i: SyncCheckRecordsInput!) { syncCheckRecords(input: $i) {
        last { sequence hash } userErrors { code } } }";
    let (world, mut phone, code) = meeting().await;
    let records: Vec<CheckRecord> =
        (0..3).map(|_| phone.saw(&world, &code, Verdict::Valid)).collect();
    let device = phone.device;
    let last = async || {
        let input = json!({ "i": { "deviceId": encode(device), "records": [] } });
        let answer = world.app.graphql(Some(&world.supervisor), LAST, input).await;
        assert_eq!(answer["data"]["syncCheckRecords"]["userErrors"], json!([]), "{answer}");
        answer["data"]["syncCheckRecords"]["last"].clone()
    };
    assert_eq!(last().await, Value::Null);
    for (sent, highest) in [(1, 1), (0, 1), (2, 2)] {
        let sent = [phone.sign(&records[sent])];
        send(&world, &world.supervisor, device, &sent).await;
        let expected = &records[highest];
        let place = json!({ "sequence": expected.sequence, "hash": hex::encode(expected.hash()) });
        assert_eq!(last().await, place, "by its sequence, however late others come");
    }
}

#[tokio::test]
async fn a_chain_that_does_not_fit_is_told_and_kept() {
    let (world, mut phone, code) = meeting().await;
    let one = phone.saw(&world, &code, Verdict::Valid);
    let two = phone.saw(&world, &code, Verdict::Valid);
    let torn = CheckRecord { previous: Some([7; 32]), ..phone.saw(&world, &code, Verdict::Valid) };
    let mut also_two = two.clone();
    also_two.id[14] ^= 1;
    let sent: Vec<String> =
        [&one, &two, &torn, &also_two].into_iter().map(|r| phone.sign(r)).collect();
    let answer = send(&world, &world.supervisor, phone.device, &sent).await;
    assert_eq!(kinds(&answer), ["ACCEPTED"; 4]);
    let chains: Vec<&Value> = answer["answers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| &answer["checkRecord"]["chainReasons"])
        .collect();
    let twice = json!(["SEQUENCE_TWICE"]);
    assert_eq!(chains, [&json!([]), &twice, &json!(["CHAIN_BROKEN"]), &twice]);
    assert_eq!(kept(&world).await.len(), 4);
}

#[tokio::test]
async fn two_records_of_one_id_are_both_kept_and_both_in_conflict() {
    let (world, mut phone, code) = meeting().await;
    let said_valid = phone.saw(&world, &code, Verdict::Valid);
    let said_otherwise = CheckRecord { verdict: Some(Verdict::Suspended), ..said_valid.clone() };
    let (one, other) = (phone.sign(&said_valid), phone.sign(&said_otherwise));
    let answer = send(&world, &world.supervisor, phone.device, std::slice::from_ref(&one)).await;
    assert_eq!(answer["answers"][0]["checkRecord"]["outcome"], "CONFIRMED");
    let answer = send(&world, &world.supervisor, phone.device, std::slice::from_ref(&other)).await;
    assert_eq!(kinds(&answer), ["CONFLICT"]);
    let answer = send(&world, &world.supervisor, phone.device, &[other, one]).await;
    assert_eq!(kinds(&answer), ["KNOWN", "KNOWN"]);
    for answer in answer["answers"].as_array().unwrap() {
        assert_eq!(answer["checkRecord"]["outcome"], "CONFLICT");
    }
    let rows = kept(&world).await;
    assert_eq!(rows.len(), 2);
    assert!(rows.iter().all(|row| row.conflicted));
    let log = world.app.audit_log().await;
    let synced = log.iter().filter(|entry| entry.action == "check.sync");
    let bodies = synced.map(|entry| serde_json::from_str::<Value>(&entry.body).unwrap());
    let told: Vec<Value> = bodies.map(|body| body["in_conflict"].clone()).collect();
    assert_eq!(told, [json!(0), json!(1)]);
}

#[tokio::test]
async fn of_two_who_send_the_same_at_once_one_is_told_it_was_kept_before() {
    let (world, mut phone, code) = meeting().await;
    let sent: Vec<String> = (0..20)
        .map(|_| {
            let record = phone.saw(&world, &code, Verdict::Valid);
            phone.sign(&record)
        })
        .collect();
    let call = || send(&world, &world.supervisor, phone.device, &sent);
    let (a, b, c, d) = tokio::join!(call(), call(), call(), call());
    let mut all: Vec<Vec<&str>> = [&a, &b, &c, &d].map(kinds).into();
    all.sort();
    let known = vec!["KNOWN"; 20];
    assert_eq!(all, [vec!["ACCEPTED"; 20], known.clone(), known.clone(), known]);
    assert_eq!(kept(&world).await.len(), 20);
}

#[tokio::test]
async fn a_phone_that_was_lost_still_hands_in_what_it_has_and_later_records_are_marked() {
    let (world, mut phone, code) = meeting().await;
    let before = phone.saw(&world, &code, Verdict::Valid);
    phone.end(&world).await;
    world.app.clock.advance(Duration::hours(1));
    let answer = send(&world, &world.supervisor, phone.device, &[phone.sign(&before)]).await;
    let record = &answer["answers"][0]["checkRecord"];
    assert_eq!(
        (&record["outcome"], &record["reasons"]),
        (&json!("CONFIRMED"), &json!(["DEVICE_ENDED_MEANWHILE"]))
    );
    // Whoever holds it now can sync, and so proves that what follows was made after its end.
    phone.mark = Some(mark(&answer));
    let after = phone.saw(&world, &code, Verdict::Valid);
    let answer = send(&world, &world.supervisor, phone.device, &[phone.sign(&after)]).await;
    let record = &answer["answers"][0]["checkRecord"];
    assert_eq!(
        (&record["outcome"], &record["reasons"]),
        (&json!("DISPUTED"), &json!(["AFTER_DEVICE_END"]))
    );
    assert_eq!(kept(&world).await.len(), 2);
}
