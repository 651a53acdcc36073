//! A check is judged by what the certificate was in the time in which it happened.

use api::certification::act_on;
use api::certification::rules::grounds::Ground;
use api::credentials::KeyringSigner;
use api::graphql::ids::encode;
use chrono::Duration;
use entities::enums::{
    CertificateAct as A, CheckGrade, CheckOutcome, DeviceEnd, KeyUse, Role, ScopeAxis,
};
use mobile_contract::{CheckRecord, Credential, DeviceKey, Seen, Signer, Verdict, present};
use serde_json::{Value, json};

use super::world::*;
use crate::certification::world::{World, because};
use crate::devices::{Holder, key};

/// What was judged of one record.
async fn judged(world: &World, phone: &Phone, record: &CheckRecord) -> Value {
    let sent = [phone.sign(record)];
    let answer = send(world, &world.supervisor, phone.device, &sent).await;
    assert_eq!(kinds(&answer), ["ACCEPTED"], "{answer}");
    answer["answers"][0]["checkRecord"].clone()
}

fn outcome(record: &Value) -> (&str, &Value, Vec<&str>) {
    let reasons = record["reasons"].as_array().unwrap();
    let reasons = reasons.iter().map(|reason| reason.as_str().unwrap()).collect();
    (record["outcome"].as_str().unwrap(), &record["verdict"], reasons)
}

#[tokio::test]
async fn a_suspension_in_between_disputes_the_record_and_a_sync_after_it_does_not() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let code = printed(&world, certificate).await;
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    world.app.clock.advance(Duration::hours(1));
    let unsynced = phone.saw(&world, &code, Verdict::Valid);
    world.app.clock.advance(Duration::minutes(1));
    let ground = because(Ground::RefusingSupervision);
    act_on(&world.platform, &world.supervisor, certificate, A::Suspend, &ground).await.unwrap();
    world.app.clock.advance(Duration::minutes(1));
    let record = judged(&world, &phone, &unsynced).await;
    assert_eq!(outcome(&record), ("DISPUTED", &Value::Null, vec!["STATUS_CHANGED"]));

    let answer = send(&world, &world.supervisor, phone.device, &[]).await;
    phone.mark = Some(mark(&answer));
    world.app.clock.advance(Duration::hours(1));
    let told = phone.saw(&world, &code, Verdict::Suspended);
    let record = judged(&world, &phone, &told).await;
    assert_eq!(outcome(&record), ("CONFIRMED", &json!("SUSPENDED"), vec![]));
    // An app whose list is old.
    let old = phone.saw(&world, &code, Verdict::ValidStale);
    let record = judged(&world, &phone, &old).await;
    assert_eq!(outcome(&record), ("DISPUTED", &json!("SUSPENDED"), vec!["VERDICT_CONTRADICTED"]));
    let rows = kept(&world).await;
    assert_eq!(rows[1].from_at.timestamp_millis(), phone.mark.unwrap().at);
    assert_eq!(rows[1].received_at, world.platform.now());
}

#[tokio::test]
async fn a_mark_of_another_phone_or_made_up_proves_nothing() {
    let world = World::new().await;
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    let colleague = world.staff(Role::Supervisor, world.justice, ScopeAxis::Territory).await;
    let other = Phone::enrol(&world, &colleague, 10).await;
    world.app.clock.advance(Duration::hours(1));
    let own = mark(&send(&world, &world.supervisor, phone.device, &[]).await);
    // Of the same moment: only whose phone it was given differs.
    let theirs = mark(&send(&world, &colleague, other.device, &[]).await);
    world.app.clock.advance(Duration::hours(1));
    let later = mobile_contract::SyncMark { at: own.at + 1, ..own };
    let unknown = vec!["MARK_UNKNOWN"];
    for (mark, since, reasons) in
        [(own, 60, vec![]), (later, 120, unknown.clone()), (theirs, 120, unknown)]
    {
        phone.mark = Some(mark);
        let record = phone.record(&world, Seen::Refused, None);
        let answer = judged(&world, &phone, &record).await;
        assert_eq!(outcome(&answer), ("NOTED", &Value::Null, reasons));
        let row = kept(&world).await.pop().unwrap();
        assert_eq!((row.received_at - row.from_at).num_minutes(), since);
    }
}

#[tokio::test]
async fn a_phones_code_narrows_the_time_and_proves_more_than_a_printed_one() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let device = holder.enrol(&world, &key(77)).await.id;
    let credential = holder.credential(&world, device).await.bytes;
    let shown = |at, challenge| present(&credential, at, challenge, &key(77)).unwrap();
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    world.app.clock.advance(Duration::hours(5));
    let issued_at = world.platform.now().timestamp();
    let challenge = [0xc4; 16];
    let (free, asked) = (shown(issued_at, None), shown(issued_at, Some(&challenge)));
    let free = phone.saw(&world, &free, Verdict::Valid);
    let asked = phone.saw(&world, &asked, Verdict::Valid);
    let asked = CheckRecord { challenge: Some(challenge), ..asked };
    world.app.clock.advance(Duration::hours(2));
    for (record, grade) in [(&free, "PHONE"), (&asked, "CHALLENGED")] {
        let record = judged(&world, &phone, record).await;
        assert_eq!(outcome(&record), ("CONFIRMED", &json!("VALID"), vec![]));
        assert_eq!(record["grade"], grade);
    }
    for row in kept(&world).await {
        assert_eq!(row.from_at.timestamp(), issued_at);
        assert_eq!(row.certificate_id, Some(holder.certificate));
    }

    // The holder's phone has ended: a code that it makes all the same is not valid any more.
    api::devices::end(&world.platform, &holder.actor, device, DeviceEnd::Withdrawn).await.unwrap();
    world.app.clock.advance(Duration::minutes(1));
    let late = shown(world.platform.now().timestamp(), None);
    let late = phone.saw(&world, &late, Verdict::Valid);
    let record = judged(&world, &phone, &late).await;
    assert_eq!(outcome(&record), ("DISPUTED", &json!("INVALID"), vec!["VERDICT_CONTRADICTED"]));
}

#[tokio::test]
async fn that_the_holders_phone_ended_before_the_receipt_disputes_the_record() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let device = holder.enrol(&world, &key(77)).await.id;
    let credential = holder.credential(&world, device).await.bytes;
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    world.app.clock.advance(Duration::minutes(5));
    let code = present(&credential, world.platform.now().timestamp(), None, &key(77)).unwrap();
    let seen = phone.saw(&world, &code, Verdict::Valid);
    world.app.clock.advance(Duration::minutes(1));
    api::devices::end(&world.platform, &holder.actor, device, DeviceEnd::Lost).await.unwrap();
    world.app.clock.advance(Duration::minutes(1));
    let record = judged(&world, &phone, &seen).await;
    assert_eq!(outcome(&record), ("DISPUTED", &Value::Null, vec!["STATUS_CHANGED"]));
}

#[tokio::test]
async fn a_code_that_is_not_on_record_is_never_confirmed_as_valid() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    let now = world.platform.now();
    let issuer = KeyringSigner(world.platform.keyring.current(KeyUse::Credential, now).unwrap());
    let card = world.card(certificate).await;
    // Whoever has the key signs what was never issued.
    let forged = Credential {
        certificate_number: card.number,
        not_before: now.timestamp() - 10,
        expires: now.timestamp() + 80_000,
        name: "假".into(),
        name_cut: false,
        agency: 1,
        kind: 1,
        status_list: 1,
        status_index: 78,
        device_key: DeviceKey::new(&key(77).public_key()),
    };
    let forged = forged.issue(&issuer).unwrap().bytes;
    world.app.clock.advance(Duration::hours(1));
    let at = world.platform.now().timestamp();
    let code = present(&forged, at, None, &key(77)).unwrap();
    let record = phone.saw(&world, &code, Verdict::Valid);
    let record = judged(&world, &phone, &record).await;
    let reasons = vec!["VERDICT_CONTRADICTED"];
    assert_eq!(outcome(&record), ("DISPUTED", &json!("KEY_COMPROMISED"), reasons));
    let row = kept(&world).await.remove(0);
    assert_eq!((row.certificate_id, row.grade), (None, CheckGrade::None));
}

const EXPLAIN: &str = "mutation($input: ExplainLateCheckRecordInput!) {
    explainLateCheckRecord(input: $input) {
      checkRecord { outcome reasons lateReason lateReasonAt } userErrors { code field } } }";

#[tokio::test]
async fn a_late_record_is_kept_and_explained_once() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let code = printed(&world, certificate).await;
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    let on_time = phone.saw(&world, &code, Verdict::Valid);
    let late = phone.saw(&world, &code, Verdict::Valid);
    let too_late = phone.saw(&world, &code, Verdict::Valid);
    world.advance(3);
    judged(&world, &phone, &on_time).await;
    world.app.clock.advance(Duration::seconds(1));
    let record = judged(&world, &phone, &late).await;
    assert_eq!(outcome(&record), ("LATE", &json!("VALID"), vec!["LATE_ENTRY"]));
    world.advance(28);
    let record = judged(&world, &phone, &too_late).await;
    assert_eq!(outcome(&record), ("LATE", &json!("VALID"), vec!["LATE_ENTRY", "TOO_LATE"]));

    let rows = kept(&world).await;
    assert_eq!(rows[1].outcome, CheckOutcome::Late);
    let explain = async |actor, n: usize, reason: &str| {
        let input = json!({ "input": { "id": encode(rows[n].id), "reason": reason } });
        let answer = world.app.graphql(Some(actor), EXPLAIN, input).await;
        answer["data"]["explainLateCheckRecord"].clone()
    };
    let refused = |code: &str, field: &str| json!({ "checkRecord": null, "userErrors": [{ "code": code, "field": field }] });
    let supervisor = &world.supervisor;
    assert_eq!(explain(supervisor, 1, " ").await, refused("LATE_REASON_INVALID", "reason"));
    let long = "长".repeat(1_001);
    assert_eq!(explain(supervisor, 1, &long).await, refused("LATE_REASON_INVALID", "reason"));
    assert_eq!(explain(supervisor, 0, "山区无信号").await, refused("NOT_LATE", "id"));
    assert_eq!(explain(supervisor, 2, "山区无信号").await, refused("LATE_ENTRY_CLOSED", "id"));
    let colleague = world.staff(Role::Supervisor, world.justice, ScopeAxis::Territory).await;
    let not_found = refused("CHECK_RECORD_NOT_FOUND", "id");
    assert_eq!(explain(&colleague, 1, "山区无信号").await, not_found);
    let explained = explain(supervisor, 1, " 山区无信号 ").await;
    assert_eq!(
        explained,
        json!({
            "checkRecord": {
                "outcome": "LATE", "reasons": ["LATE_ENTRY"], "lateReason": "山区无信号",
                "lateReasonAt": "2026-04-02T02:00:01+00:00",
            },
            "userErrors": [],
        })
    );
    assert_eq!(explain(supervisor, 1, "又想起来了").await, refused("LATE_REASON_GIVEN", "id"));
    let log = world.app.audit_log().await;
    let entry = log.iter().find(|entry| entry.action == "check.explain").unwrap();
    assert!(!entry.body.contains("山区"), "{}", entry.body);
}
