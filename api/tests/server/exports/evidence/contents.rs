//! What stands in an evidence file, and for whom.

use api::certification::confirm_retraining;
use api::exports::ExportRefusal;
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::reorganisation::Plan;
use entities::enums::{ExportFormat, Role, ScopeAxis};
use entities::ids::PersonId;
use entities::{audit_checkpoint, export};
use sea_orm::EntityTrait;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{key, parsed, suspended, take, text, verify};
use crate::certification::world::World;
use crate::exports::more_lists::Trained;
use crate::reorganisation::reformers::Reformers;

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one file, and all that it says")]
async fn the_file_says_what_is_on_record_and_proves_its_entries() {
    let world = World::new().await;
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let (person, certificate) = suspended(&world).await;
    let bytes = take(&world, &auditor, person, ExportFormat::Json, None).await.unwrap();
    let file = parsed(&bytes);
    assert_eq!(file["format"], "liangzheng/evidence/1");
    assert_eq!(file["personalData"], false);
    assert_eq!(
        file["madeBy"],
        json!({
            "accountId": encode(auditor.account().unwrap()),
            "personId": encode(auditor.person().unwrap()),
            "name": "职员",
        })
    );
    let (bureau, justice) = (
        json!({ "id": encode(world.bureau), "name": "永登县交通运输局" }),
        json!({ "id": encode(world.justice), "name": "永登县司法局" }),
    );
    assert_eq!(
        file["officer"],
        json!({
            "id": encode(person), "name": "张三", "kind": "ENFORCEMENT_OFFICER",
            "idNumber": "**************0007", "phone": null, "agency": bureau,
            "internalUnit": null, "establishment": "ADMINISTRATIVE", "duty": "ON_DUTY",
            "employment": "IN_POST", "position": null, "fieldCodes": ["transport"],
            "area": { "id": "620121", "name": "永登县" }, "photoSha256": "01".repeat(32),
            "enteredAt": "2026-03-02T02:00:00Z",
        })
    );
    assert_eq!(file["standings"][0]["kind"], "RETRAINING_OWED");
    assert_eq!(file["training"], json!([{ "year": 2026, "minutes": 3_600 }]));
    let exams: Vec<&Value> =
        file["exams"].as_array().unwrap().iter().map(|e| &e["subject"]).collect();
    assert_eq!(exams, ["PUBLIC_LAW", "PROFESSIONAL_LAW"]);
    assert_eq!(file["qualifications"][0]["state"], "QUALIFIED");
    let who = |actor: &Actor| {
        json!({
            "accountId": null, "personId": encode(actor.person().unwrap()), "name": "职员",
        })
    };
    let steps = file["applications"][0]["steps"].as_array().unwrap();
    let policies: Vec<&Value> =
        file["policies"].as_array().unwrap().iter().map(|policy| &policy["id"]).collect();
    for step in steps {
        assert!(policies.contains(&&step["policyId"]), "{step}");
    }
    let steps: Vec<(&Value, &Value)> = steps.iter().map(|s| (&s["step"], &s["by"])).collect();
    assert_eq!(
        steps,
        [
            (&json!("APPLY"), &who(&world.hr)),
            (&json!("APPROVE"), &who(&world.reviewer)),
            (&json!("ISSUE"), &who(&world.issuer)),
        ]
    );
    let row = world.certificate(certificate).await;
    let told = &file["certificates"][0];
    assert_eq!((&told["number"], &told["state"]), (&json!(row.number), &json!("SUSPENDED")));
    assert_eq!((&told["agency"], &told["issuingAuthority"]), (&bureau, &justice));
    assert_eq!(told["presentAgency"], bureau);
    assert_eq!((&told["successions"], &told["exchangeDueOn"]), (&json!([]), &Value::Null));
    assert_eq!(file["examCorrections"], json!([]));
    assert_eq!(told["codes"].as_array().unwrap().len(), 1);
    assert_eq!(
        told["events"][2],
        json!({
            "seq": 3, "act": "SUSPEND", "fromState": "ACTIVE", "toState": "SUSPENDED",
            "at": "2026-03-02T02:00:00Z", "ground": "FAILED_EXAM", "note": "补考\n不合格",
            "by": who(&world.issuer), "policyId": encode(row.policy_id),
        })
    );
    assert!(policies.contains(&&json!(encode(row.policy_id))));
    assert_eq!(file["existingCertificates"], json!([]));
    let log = file["log"].as_array().unwrap();
    let actions: Vec<&str> = log.iter().map(|e| text(&e["action"])).collect();
    assert_eq!(
        actions,
        [
            "qualification.nominate",
            "qualification.qualify",
            "application.apply",
            "application.approve",
            "certificate.issue",
            "certificate.hand_over",
            "standing.enter",
            "certificate.suspend",
            "person.reveal",
        ]
    );
    assert_eq!(verify(&file, &key(&world)), Ok(log.len()));
    // Of the others' entries that lie between, it has digests and nothing else.
    let run = &file["proof"]["runs"][0];
    assert!(run["contents"].as_array().unwrap().len() > log.len());
    let whole = String::from_utf8(bytes.clone()).unwrap();
    assert!(!whole.contains("李四") && !whole.contains("王五"));
    let db = world.platform.db.read();
    let codes = api::credentials::codes_of(db, &[certificate]).await.unwrap();
    assert_eq!(told["codes"][0], hex::encode(&codes[0].credential_id));
    assert!(!whole.contains(&codes[0].digits), "whoever has a code can print a card");

    taking_is_told(&world, &auditor, person, &bytes, log.len()).await;
    // That files were taken and data was read waits for the next checkpoint: no file makes one for
    // the file before.
    for _ in 0..2 {
        let purpose = Some("行政复议");
        let json = ExportFormat::Json;
        let again = parsed(&take(&world, &world.reviewer, person, json, purpose).await.unwrap());
        assert_eq!(again["log"].as_array().unwrap().len(), log.len());
        assert_eq!(verify(&again, &key(&world)), Ok(log.len()));
    }
    assert_eq!(world.count::<audit_checkpoint::Entity>().await, 1);
    // What is done about the officer does not wait, and brings them along.
    let done = confirm_retraining(&world.platform, &world.reviewer, &[person]).await.unwrap();
    assert_eq!(done[0].result, Ok(()));
    let later = parsed(&take(&world, &auditor, person, ExportFormat::Json, None).await.unwrap());
    assert_eq!(world.count::<audit_checkpoint::Entity>().await, 2);
    let rows = later["log"].as_array().unwrap();
    let taken = rows.iter().filter(|e| e["action"] == "evidence.take").count();
    assert_eq!((taken, rows.last().unwrap()["action"].clone()), (3, json!("standing.lift")));
    assert_eq!(verify(&later, &key(&world)), Ok(rows.len()));
}

/// The file stands in the log with its digest.
async fn taking_is_told(
    world: &World,
    auditor: &Actor,
    person: PersonId,
    bytes: &[u8],
    entries: usize,
) {
    let rows = world.app().audit_log().await;
    let entry = rows.iter().find(|e| e.action == "evidence.take").unwrap();
    let taken = export::Entity::find().one(world.platform.db.read()).await.unwrap().unwrap();
    let sha256 = hex::encode(Sha256::digest(bytes));
    assert_eq!((&entry.subject, &entry.actor), (&encode(person), &auditor.audit_name()));
    assert_eq!(
        serde_json::from_str::<Value>(&entry.body).unwrap(),
        json!({
            "list": "EVIDENCE", "format": "JSON", "personalData": false, "rows": entries,
            "filter": { "personId": encode(person) }, "sha256": sha256, "json": sha256,
            "purpose": null, "export": encode(taken.id),
        })
    );
}

#[tokio::test]
async fn it_is_whole_for_a_purpose_and_within_reach_only() {
    let world = World::new().await;
    let (person, _) = suspended(&world).await;
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let purpose = Some("行政复议");
    let json = ExportFormat::Json;
    let file = parsed(&take(&world, &world.reviewer, person, json, purpose).await.unwrap());
    assert_eq!(file["officer"]["idNumber"], "990101199003070007");
    assert_eq!(file["personalData"], true);
    let log = world.app().audit_log().await;
    let last = log.iter().rfind(|e| e.action == "person.reveal").unwrap();
    assert_eq!((&last.actor, &last.subject), (&world.reviewer.audit_name(), &encode(person)));
    // The permission to read personal data whole does not come with that to take evidence.
    let refused = take(&world, &auditor, person, json, purpose).await;
    assert_eq!(refused, Err(ExportRefusal::OfficerNotFound));
    let before = world.app().audit_log().await;
    for role in [Role::Auditor, Role::JusticeReviewer, Role::Issuer] {
        let other = world.staff(role, world.elsewhere, ScopeAxis::Territory).await;
        let refused = take(&world, &other, person, json, None).await;
        assert_eq!(refused, Err(ExportRefusal::OfficerNotFound), "{role:?}");
    }
    assert_eq!(world.app().audit_log().await, before);
}

#[tokio::test]
async fn the_report_is_a_document_with_the_json_attached() {
    let world = World::new().await;
    let (person, _) = suspended(&world).await;
    let pdf = take(&world, &world.reviewer, person, ExportFormat::Pdf, None).await.unwrap();
    assert!(pdf.starts_with(b"%PDF"));
    let named = pdf.windows(13).any(|part| part == b"evidence.json");
    assert!(named, "the attached file is listed by its name");
    let taken = export::Entity::find().one(world.platform.db.read()).await.unwrap().unwrap();
    assert_eq!(taken.sha256, Sha256::digest(&pdf).to_vec());
    // A name that no font shows is refused, and nothing is recorded.
    let nobody = world.person("\u{10fffd}", world.bureau, |_| {}).await;
    let refused = take(&world, &world.reviewer, nobody, ExportFormat::Pdf, None).await;
    assert!(matches!(refused, Err(ExportRefusal::Font(_))), "{refused:?}");
    assert_eq!(world.count::<export::Entity>().await, 1);
}

#[tokio::test]
async fn after_a_reform_a_certificate_is_told_under_the_unit_of_its_issue() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (person, _) = w.active("张三").await;
    let name = "永登县交通运输综合执法局";
    r.done(Plan::Rename { agency: w.bureau, name: name.into() }).await;
    let file = parsed(&take(w, &w.reviewer, person, ExportFormat::Json, None).await.unwrap());
    let told = &file["certificates"][0];
    let here = json!({ "id": encode(w.bureau), "name": name });
    assert_eq!(told["agency"], json!({ "id": encode(w.bureau), "name": "永登县交通运输局" }));
    assert_eq!((&told["presentAgency"], &file["officer"]["agency"]), (&here, &here));
    assert_eq!(
        (&told["successions"], &told["exchangeDueOn"]),
        (&json!([{ "on": "2026-03-02", "kind": "RENAME", "agency": here }]), &json!("2026-08-29"))
    );
}

#[tokio::test]
async fn a_corrected_exam_is_told_with_what_stood_before_and_why() {
    let world = World::new().await;
    let trained = Trained::new(&world).await;
    let json = ExportFormat::Json;
    let file = take(&world, &world.reviewer, trained.stayed, json, None).await.unwrap();
    let file = parsed(&file);
    assert_eq!(
        file["examCorrections"],
        json!([{
            "sittingId": encode(trained.sitting), "subject": "PUBLIC_LAW", "heldOn": "2026-03-02",
            "outcomeBefore": "SCORED", "scoreTenthsBefore": 505,
            "outcomeAfter": "SCORED", "scoreTenthsAfter": 705, "reason": "复核",
            "by": {
                "accountId": null, "personId": encode(trained.second.person().unwrap()),
                "name": "职员",
            },
            "at": "2026-03-02T02:00:00Z",
        }])
    );
    assert_eq!(file["exams"][0]["scoreTenths"], 705);
    let pdf = ExportFormat::Pdf;
    let pdf = take(&world, &world.reviewer, trained.stayed, pdf, None).await.unwrap();
    assert!(pdf.starts_with(b"%PDF"));
}
