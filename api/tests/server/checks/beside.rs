//! How records stand beside each other: one showing of a code that is recorded more than once is told
//! on each, whoever recorded it and whatever came first, and nothing is decided by it.

use chrono::Duration;
use entities::enums::{Role, ScopeAxis};
use mobile_contract::{CheckRecord, Verdict, present};
use serde_json::{Value, json};

use super::world::*;
use crate::certification::world::World;
use crate::devices::{Holder, key};

const CHALLENGE: [u8; 16] = [0xc4; 16];

/// What is told of each record beside others; all are confirmed, with no reason.
fn told(answer: &Value) -> Vec<Vec<&str>> {
    let records = answer["answers"].as_array().unwrap().iter().map(|answer| &answer["checkRecord"]);
    records
        .map(|record| {
            assert_eq!((&record["outcome"], &record["reasons"]), (&json!("CONFIRMED"), &json!([])));
            reasons(record)
        })
        .collect()
}

fn reasons(record: &Value) -> Vec<&str> {
    let reasons = record["chainReasons"].as_array().unwrap();
    reasons.iter().map(|reason| reason.as_str().unwrap()).collect()
}

#[tokio::test]
async fn one_showing_in_two_records_is_told_on_both() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let device = holder.enrol(&world, &key(77)).await.id;
    let credential = holder.credential(&world, device).await.bytes;
    let card = printed(&world, holder.certificate).await;
    let colleague = world.staff(Role::Supervisor, world.justice, ScopeAxis::Territory).await;
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    let mut other = Phone::enrol(&world, &colleague, 10).await;
    world.app.clock.advance(Duration::hours(1));
    let at = world.platform.now().timestamp();
    let shown = |at, challenge| present(&credential, at, challenge, &key(77)).unwrap();
    let (one, next, asked) =
        (shown(at, None), shown(at + 30, None), shown(at + 60, Some(&CHALLENGE)));
    world.app.clock.advance(Duration::minutes(2));

    // Scanned twice, a card each day, and a screen that answers the other one's challenge.
    let own = [
        phone.saw(&world, &one, Verdict::Valid),
        phone.saw(&world, &card, Verdict::Valid),
        phone.saw(&world, &card, Verdict::Valid),
        phone.saw(&world, &one, Verdict::Valid),
        phone.saw(&world, &next, Verdict::Valid),
        phone.saw(&world, &asked, Verdict::ChallengeBound),
    ];
    let theirs = [
        other.saw(&world, &next, Verdict::Valid),
        CheckRecord { challenge: Some(CHALLENGE), ..other.saw(&world, &asked, Verdict::Valid) },
    ];
    let sign = |phone: &Phone, records: &[CheckRecord]| -> Vec<String> {
        records.iter().map(|record| phone.sign(record)).collect()
    };
    let (own, theirs) = (sign(&phone, &own), sign(&other, &theirs));
    let supervisor = &world.supervisor;
    // The first by itself: whether it is one of two is not known yet.
    let answer = send(&world, supervisor, phone.device, &own[..1]).await;
    assert_eq!(told(&answer), [Vec::<&str>::new()]);
    let answer = send(&world, supervisor, phone.device, &own).await;
    let (nothing, twice, elsewhere) = (vec![], vec!["CODE_TWICE"], vec!["CODE_ELSEWHERE"]);
    let mut expected = [&twice, &nothing, &nothing, &twice, &nothing, &nothing].map(Vec::clone);
    assert_eq!(told(&answer), expected);
    // Two looked at one screen. What cannot be verified to be the phone's is nobody's showing.
    let answer = send(&world, &colleague, other.device, &theirs).await;
    assert_eq!(told(&answer), [elsewhere.clone(), nothing]);
    let answer = send(&world, supervisor, phone.device, &own).await;
    assert_eq!(kinds(&answer), ["KNOWN"; 6]);
    expected[4] = elsewhere;
    assert_eq!(told(&answer), expected);
}

#[tokio::test]
async fn two_records_of_one_id_are_in_conflict_and_not_one_showing_told_twice() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let device = holder.enrol(&world, &key(77)).await.id;
    let credential = holder.credential(&world, device).await.bytes;
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    world.app.clock.advance(Duration::hours(1));
    let code = present(&credential, world.platform.now().timestamp(), None, &key(77)).unwrap();
    let said_valid = phone.saw(&world, &code, Verdict::Valid);
    let otherwise = CheckRecord { verdict: Some(Verdict::Suspended), ..said_valid.clone() };
    let again = phone.saw(&world, &code, Verdict::Valid);
    let sent = [phone.sign(&said_valid), phone.sign(&otherwise)];
    let answer = send(&world, &world.supervisor, phone.device, &sent).await;
    assert_eq!(kinds(&answer), ["ACCEPTED", "CONFLICT"]);
    for answer in answer["answers"].as_array().unwrap() {
        assert_eq!(reasons(&answer["checkRecord"]), ["SEQUENCE_TWICE"]);
    }
    // A third, under another id, is.
    let answer = send(&world, &world.supervisor, phone.device, &[phone.sign(&again)]).await;
    assert_eq!(reasons(&answer["answers"][0]["checkRecord"]), ["CODE_TWICE"]);
    let answer = send(&world, &world.supervisor, phone.device, &sent).await;
    for answer in answer["answers"].as_array().unwrap() {
        assert_eq!(reasons(&answer["checkRecord"]), ["SEQUENCE_TWICE", "CODE_TWICE"]);
    }
}
