//! Showings, phones and records of checks in an evidence file.

use api::exports::evidence::Bounds;
use api::graphql::ids::encode;
use api::showings::{NewShowing, answer, end, start};
use chrono::Duration;
use entities::enums::{ExportFormat, Role, ScopeAxis, SecondAnswer, ShowingKind};
use entities::ids::ShowingId;
use entities::showing;
use mobile_contract::Verdict;
use sea_orm::EntityTrait;
use serde_json::{Value, json};

use super::{key as audit_key, parsed, take, take_within, verify};
use crate::certification::world::World;
use crate::checks::world::{Phone, kept, printed, send};
use crate::devices::{Holder, key, stored};

fn inspection(second: &str) -> NewShowing {
    NewShowing {
        kind: ShowingKind::Inspection,
        notice_number: Some("永交检〔2026〕7号".into()),
        task: "道路货运企业安全检查".into(),
        field_codes: vec!["transport".into()],
        division_code: Some("620121".into()),
        second_certificate_no: Some(second.into()),
        alone_reason: None,
        minutes: None,
    }
}

fn alone() -> NewShowing {
    NewShowing {
        kind: ShowingKind::Other,
        notice_number: None,
        task: "走访".into(),
        field_codes: vec!["justice".into()],
        division_code: None,
        second_certificate_no: None,
        alone_reason: Some("EMERGENCY".into()),
        minutes: None,
    }
}

async fn policy_of(world: &World, id: ShowingId) -> String {
    let row = showing::Entity::find_by_id(id).one(world.platform.db.read()).await.unwrap();
    encode(row.unwrap().policy_id)
}

async fn file(world: &World, holder: &Holder, bounds: Bounds) -> Value {
    let json = (ExportFormat::Json, None);
    let file = take_within(world, &world.reviewer, holder.person, json, bounds).await.unwrap();
    parsed(&file)
}

#[tokio::test]
async fn showings_are_told_to_both_officers_with_what_was_found() {
    let world = World::new().await;
    let p = &world.platform;
    let (wang, li) = (Holder::new(&world, "王伟").await, Holder::new(&world, "李娜").await);
    let (of_wang, of_li) = (
        world.certificate(wang.certificate).await.number,
        world.certificate(li.certificate).await.number,
    );
    let first = start(p, &wang.actor, inspection(&of_li)).await.unwrap();
    answer(p, &li.actor, first, SecondAnswer::Confirmed).await.unwrap();
    end(p, &wang.actor, first).await.unwrap();
    world.app.clock.advance(Duration::minutes(1));
    let second = start(p, &li.actor, alone()).await.unwrap();
    let together = |part: &str, policy: &str| {
        json!({
            "id": encode(first), "part": part, "kind": "INSPECTION",
            "noticeNumber": "永交检〔2026〕7号", "task": "道路货运企业安全检查",
            "fieldCodes": ["transport"], "place": { "id": "620121", "name": "永登县" },
            "certificateNumber": of_wang, "secondCertificateNumber": of_li,
            "secondAnswer": "CONFIRMED", "secondAnsweredAt": "2026-03-02T02:00:00Z",
            "secondConfirmedAt": "2026-03-02T02:00:00Z", "aloneReason": null,
            "checks": [
                { "subject": "OFFICERS", "finding": "OK" },
                { "subject": "FIELD", "finding": "OK" },
                { "subject": "AREA", "finding": "OK" },
                { "subject": "NOTICE", "finding": "OK" },
            ],
            "jointAuthorisationId": null, "startedAt": "2026-03-02T02:00:00Z",
            "endsAt": "2026-03-02T02:30:00Z", "endedAt": "2026-03-02T02:00:00Z",
            "scanned": false, "keptUntil": "2028-03-02", "policyId": policy,
        })
    };
    let policy = policy_of(&world, first).await;
    let usual = Bounds::default();
    let told = file(&world, &wang, usual).await;
    assert_eq!(told["showings"], json!([together("FIRST", &policy)]));
    assert_eq!(told["showingsTotal"], 1);
    let issued = take(&world, &world.issuer, wang.person, ExportFormat::Json, None).await.unwrap();
    assert_eq!(parsed(&issued)["showings"], json!([]), "an issuer reads none elsewhere either");
    let policies = told["policies"].as_array().unwrap();
    assert!(policies.iter().any(|one| one["id"] == policy && one["key"] == "SHOWINGS"));
    let told = file(&world, &li, usual).await;
    let by_oneself = json!({
        "id": encode(second), "part": "FIRST", "kind": "OTHER", "noticeNumber": null,
        "task": "走访", "fieldCodes": ["justice"], "place": null,
        "certificateNumber": of_li, "secondCertificateNumber": null,
        "secondAnswer": null, "secondAnsweredAt": null, "secondConfirmedAt": null,
        "aloneReason": {
            "code": "EMERGENCY", "zh": "突发应急，另一名执法人员正在赶来",
            "en": "An emergency; another officer is on the way",
        },
        "checks": [
            { "subject": "OFFICERS", "finding": "ALONE_BY_EXCEPTION" },
            { "subject": "FIELD", "finding": "OUTSIDE_FIELD" },
            { "subject": "AREA", "finding": "PLACE_NOT_GIVEN" },
        ],
        "jointAuthorisationId": null, "startedAt": "2026-03-02T02:01:00Z",
        "endsAt": "2026-03-02T02:31:00Z", "endedAt": null,
        "scanned": null, "keptUntil": "2028-03-02", "policyId": policy_of(&world, second).await,
    });
    assert_eq!(told["showings"], json!([together("SECOND", &policy), by_oneself]));
    // Where there are more, the newest stand there, and how many there are.
    let newest = file(&world, &li, Bounds { of_a_kind: 1, ..usual }).await;
    assert_eq!(newest["showings"], json!([by_oneself]));
    assert_eq!(newest["showingsTotal"], 2);
    let log = newest["log"].as_array().unwrap();
    let acts: Vec<&str> = log.iter().map(|entry| entry["action"].as_str().unwrap()).collect();
    let acts: Vec<&str> = acts.into_iter().filter(|act| act.starts_with("showing.")).collect();
    // Those of the colleague stand in the colleague's file.
    assert_eq!(acts, ["showing.start"]);
    assert_eq!(verify(&newest, &audit_key(&world)), Ok(log.len()));
    let pdf = take(&world, &world.reviewer, li.person, ExportFormat::Pdf, None).await.unwrap();
    assert!(pdf.starts_with(b"%PDF"));
}

#[tokio::test]
async fn phones_and_records_of_checks_are_told_without_the_recorder() {
    let world = World::new().await;
    let wang = Holder::new(&world, "王伟").await;
    let old = wang.enrol(&world, &key(7)).await.id;
    world.app.clock.advance(Duration::minutes(1));
    let new = wang.enrol(&world, &key(8)).await.id;
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    let code = printed(&world, wang.certificate).await;
    world.app.clock.advance(Duration::hours(1));
    let mut record = phone.saw(&world, &code, Verdict::Expired);
    record.place = Some("620121".into());
    let sent = [phone.sign(&record)];
    send(&world, &world.supervisor, phone.device, &sent).await;

    let json = ExportFormat::Json;
    // A reviewer reads no records of checks elsewhere, and so none here.
    let told = parsed(&take(&world, &world.reviewer, wang.person, json, None).await.unwrap());
    assert_eq!((&told["checks"], &told["checksTotal"]), (&json!([]), &json!(0)));
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let bytes = take(&world, &auditor, wang.person, json, None).await.unwrap();
    let told = parsed(&bytes);
    let (old, new) = (stored(&world, old).await, stored(&world, new).await);
    assert_eq!(
        told["phones"],
        json!([
            {
                "id": encode(old.id), "algorithm": old.algorithm.code(),
                "publicKey": hex::encode(&old.public_key), "attestation": "NONE",
                "enrolledAt": "2026-03-02T02:00:00Z", "endedAt": "2026-03-02T02:01:00Z",
                "endReason": "REPLACED",
            },
            {
                "id": encode(new.id), "algorithm": new.algorithm.code(),
                "publicKey": hex::encode(&new.public_key), "attestation": "NONE",
                "enrolledAt": "2026-03-02T02:01:00Z", "endedAt": null, "endReason": null,
            },
        ])
    );
    let row = kept(&world).await.remove(0);
    assert_eq!(
        told["checks"],
        json!([{
            "id": encode(row.id), "sha256": hex::encode(&row.hash),
            "certificateNumber": world.certificate(wang.certificate).await.number,
            "seen": "CODE", "happenedFrom": row.from_at, "receivedAt": "2026-03-02T03:01:00Z",
            "place": "620121", "appVerdict": "EXPIRED", "verdict": "VALID", "grade": "PRINTED",
            "outcome": "DISPUTED", "reasons": ["VERDICT_CONTRADICTED"],
            "policyId": encode(row.policy_id),
        }])
    );
    assert_eq!((&told["phonesTotal"], &told["checksTotal"]), (&json!(2), &json!(1)));
    let recorder = encode(world.supervisor.person().unwrap());
    assert!(!String::from_utf8(bytes).unwrap().contains(&recorder));
    let pdf = take(&world, &auditor, wang.person, ExportFormat::Pdf, None).await.unwrap();
    assert!(pdf.starts_with(b"%PDF"));
}
