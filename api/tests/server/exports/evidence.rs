//! Evidence files: what stands in them, that each entry is proved by the signed checkpoint as
//! `docs/evidence.md` says, that a changed byte is found, and how far they reach.

use std::collections::{BTreeMap, BTreeSet};

use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::credentials::printing::Press;
use api::exports::evidence::{self, Bounds, Form};
use api::exports::{ExportRefusal, Purpose};
use api::graphql::ids::encode;
use api::officers::reveal_personal_data;
use api::platform::actor::Actor;
use api::platform::failure::Failure;
use api::reorganisation::Plan;
use ed25519_dalek::{Signature, VerifyingKey};
use entities::enums::{CertificateAct, ExportFormat, KeyUse, Role, ScopeAxis};
use entities::ids::PersonId;
use entities::{audit_checkpoint, audit_entry, export};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::more_lists::Trained;
use crate::certification::world::World;
use crate::reorganisation::reformers::Reformers;

async fn take(
    world: &World,
    actor: &Actor,
    person: PersonId,
    format: ExportFormat,
    purpose: Option<&str>,
) -> Result<Vec<u8>, ExportRefusal> {
    take_within(world, actor, person, (format, purpose), Bounds::default()).await
}

async fn take_within(
    world: &World,
    actor: &Actor,
    person: PersonId,
    (format, purpose): (ExportFormat, Option<&str>),
    bounds: Bounds,
) -> Result<Vec<u8>, ExportRefusal> {
    let press = Press::new(None, "https://lz.example/v/".into());
    let purpose = Purpose::read(purpose.is_some(), purpose).unwrap();
    let form = Form { format, press: &press, purpose: purpose.as_ref(), bounds };
    match evidence::take(&world.platform, actor, person, &form).await {
        Ok(bytes) => Ok(bytes),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

fn parsed(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// H of `docs/evidence.md`.
fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn bytes_of(value: &Value) -> Vec<u8> {
    hex::decode(text(value)).unwrap()
}

/// Follows the five steps of `docs/evidence.md`; how many entries are proved, or what is wrong.
fn verify(file: &Value, key: &VerifyingKey) -> Result<usize, String> {
    let point = &file["proof"]["checkpoint"];
    let signed = digest(&[
        b"liangzheng/audit-checkpoint/1",
        &point["seq"].as_i64().unwrap().to_be_bytes(),
        text(&point["at"]).as_bytes(),
        text(&point["body"]).as_bytes(),
        &bytes_of(&point["prevHash"]),
    ]);
    if signed != bytes_of(&point["hash"]) {
        return Err("checkpoint".into());
    }
    let signature = Signature::from_slice(&bytes_of(&point["signature"])).unwrap();
    key.verify_strict(&signed, &signature).map_err(|_| "signature".to_owned())?;
    let heads: Value = serde_json::from_str(text(&point["body"])).unwrap();
    let log = file["log"].as_array().unwrap();
    let named = |e: &Value| (text(&e["stream"]).to_owned(), e["seq"].as_i64().unwrap());
    let entries: BTreeMap<_, _> = log.iter().map(|e| (named(e), e)).collect();
    if entries.len() != log.len() {
        return Err("twice".into());
    }
    let mut proven = BTreeSet::new();
    for run in file["proof"]["runs"].as_array().unwrap() {
        let (mut at, mut seq) = (bytes_of(&run["before"]), run["from"].as_i64().unwrap() - 1);
        for told in run["contents"].as_array().unwrap() {
            seq += 1;
            let told = bytes_of(told);
            at = digest(&[b"liangzheng/audit-entry/2", &told, &at]);
            let place = (text(&run["stream"]).to_owned(), seq);
            let Some(entry) = entries.get(&place) else { continue };
            let content = digest(&[
                b"liangzheng/audit-entry-content/1",
                text(&entry["stream"]).as_bytes(),
                &seq.to_be_bytes(),
                uuid::Uuid::parse_str(text(&entry["id"])).unwrap().as_bytes(),
                text(&entry["at"]).as_bytes(),
                text(&entry["actor"]).as_bytes(),
                text(&entry["action"]).as_bytes(),
                text(&entry["subject"]).as_bytes(),
                text(&entry["body"]).as_bytes(),
            ]);
            if content != told || at != bytes_of(&entry["hash"]) {
                return Err(format!("entry {seq}"));
            }
            proven.insert(place);
        }
        if heads[text(&run["stream"])] != json!([seq, hex::encode(&at)]) {
            return Err("head".into());
        }
    }
    Ok(proven.len())
}

fn key(world: &World) -> VerifyingKey {
    let key = world.platform.keyring.current(KeyUse::Audit, world.platform.now()).unwrap();
    key.verifying_key()
}

/// An officer with a suspended certificate, beside others of the same agency.
async fn suspended(world: &World) -> (PersonId, entities::ids::CertificateId) {
    world.active("李四").await;
    let (person, certificate) = world.active("张三").await;
    let particulars = Particulars {
        ground: Some(Ground::FailedExam),
        days: Some(30),
        note: Some("补考\n不合格".into()),
    };
    let act = CertificateAct::Suspend;
    act_on(&world.platform, &world.issuer, certificate, act, &particulars).await.unwrap();
    reveal_personal_data(&world.platform, &world.hr, person).await.unwrap();
    world.active("王五").await;
    (person, certificate)
}

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
async fn a_changed_byte_is_found_wherever_it_stands() {
    let world = World::new().await;
    let (person, _) = suspended(&world).await;
    let bytes = take(&world, &world.reviewer, person, ExportFormat::Json, None).await.unwrap();
    let (file, key) = (parsed(&bytes), key(&world));
    assert!(verify(&file, &key).is_ok());
    let flip = |value: &mut Value| {
        let text = text(value).to_owned();
        let first = if text.starts_with('0') { "1" } else { "0" };
        *value = json!(format!("{first}{}", &text[1..]));
    };
    let paths = [
        "/log/3/at",
        "/log/3/actor",
        "/log/3/action",
        "/log/3/subject",
        "/log/3/body",
        "/log/3/hash",
        "/log/3/id",
        "/proof/runs/0/before",
        "/proof/runs/0/contents/0",
        "/proof/runs/0/contents/4",
        "/proof/checkpoint/body",
        "/proof/checkpoint/at",
        "/proof/checkpoint/prevHash",
        "/proof/checkpoint/hash",
        "/proof/checkpoint/signature",
    ];
    for path in paths {
        let mut changed = file.clone();
        flip(changed.pointer_mut(path).unwrap());
        assert!(verify(&changed, &key).is_err(), "{path}");
    }
    let mut cut = file.clone();
    cut["proof"]["runs"][0]["contents"].as_array_mut().unwrap().pop();
    assert_eq!(verify(&cut, &key), Err("head".into()));
    // A forged copy does not hide behind the genuine entry, wherever it stands.
    for place in [0, 3, 4, 9] {
        let mut doubled = file.clone();
        let mut copy = file["log"][3].clone();
        copy["body"] = json!(r#"{"forged":true}"#);
        doubled["log"].as_array_mut().unwrap().insert(place, copy);
        assert_eq!(verify(&doubled, &key), Err("twice".into()), "{place}");
    }
    // A run that is told twice proves nothing twice.
    let mut doubled = file.clone();
    let run = file["proof"]["runs"][0].clone();
    doubled["proof"]["runs"].as_array_mut().unwrap().push(run);
    assert_eq!(verify(&doubled, &key), verify(&file, &key));
    // Another key proves nothing.
    let other = ed25519_dalek::SigningKey::from_bytes(&[3; 32]).verifying_key();
    assert_eq!(verify(&file, &other), Err("signature".into()));
}

#[tokio::test]
async fn a_row_changed_in_the_database_is_no_longer_proved() {
    let world = World::new().await;
    let (person, certificate) = suspended(&world).await;
    take(&world, &world.reviewer, person, ExportFormat::Json, None).await.unwrap();
    audit_entry::Entity::update_many()
        .col_expr(audit_entry::Column::Body, Expr::value(r#"{"forged":true}"#))
        .filter(audit_entry::Column::Action.eq("certificate.suspend"))
        .filter(audit_entry::Column::Subject.eq(encode(certificate)))
        .exec(world.platform.db.writer())
        .await
        .unwrap();
    let file = take(&world, &world.reviewer, person, ExportFormat::Json, None).await.unwrap();
    assert!(verify(&parsed(&file), &key(&world)).unwrap_err().starts_with("entry"));
}

#[tokio::test]
async fn entries_of_the_first_form_stand_without_a_proof() {
    let world = World::new().await;
    let (person, _) = suspended(&world).await;
    // The chain as the first form wrote it up to its twelfth entry, and as it goes on since.
    let stream = world.bureau.0.to_string();
    let db = world.platform.db.writer();
    let rows = audit_entry::Entity::find()
        .filter(audit_entry::Column::Stream.eq(&stream))
        .order_by_asc(audit_entry::Column::Seq);
    let mut prev = vec![0; 32];
    let mut old = 0;
    for mut row in rows.all(db).await.unwrap() {
        row.prev_hash = prev;
        row.hash = if row.seq <= 12 {
            old += 1;
            first_form(&row)
        } else {
            api::audit::chain::entry_hash(&row).to_vec()
        };
        prev = row.hash.clone();
        audit_entry::Entity::update_many()
            .col_expr(audit_entry::Column::PrevHash, Expr::value(row.prev_hash))
            .col_expr(audit_entry::Column::Hash, Expr::value(row.hash))
            .filter(audit_entry::Column::Stream.eq(&stream))
            .filter(audit_entry::Column::Seq.eq(row.seq))
            .exec(db)
            .await
            .unwrap();
    }
    assert_eq!(old, 12);
    entities::audit_stream::Entity::update_many()
        .col_expr(entities::audit_stream::Column::Head, Expr::value(prev))
        .filter(entities::audit_stream::Column::Id.eq(&stream))
        .exec(db)
        .await
        .unwrap();
    let found = api::audit::verify::verify(world.platform.db.read(), None).await.unwrap();
    assert_eq!(found.findings, [], "both forms hold");
    let file =
        parsed(&take(&world, &world.reviewer, person, ExportFormat::Json, None).await.unwrap());
    let log = file["log"].as_array().unwrap();
    let before = log.iter().filter(|e| e["seq"].as_i64().unwrap() <= 12).count();
    assert!(before > 0 && before < log.len(), "{before}");
    assert_eq!(file["proof"]["runs"][0]["from"], 13);
    assert_eq!(verify(&file, &key(&world)), Ok(log.len() - before));
}

/// The hash of an entry as the first form had it.
fn first_form(row: &audit_entry::Model) -> Vec<u8> {
    digest(&[
        b"liangzheng/audit-entry/1",
        row.stream.as_bytes(),
        &row.seq.to_be_bytes(),
        row.id.0.as_bytes(),
        api::audit::chain::time_text(row.at).as_bytes(),
        row.actor.as_bytes(),
        row.action.as_bytes(),
        row.subject.as_bytes(),
        row.body.as_bytes(),
        &row.prev_hash,
    ])
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
    assert!(take(&world, &world.reviewer, trained.stayed, pdf, None).await.is_ok());
}

#[tokio::test]
async fn a_file_has_the_newest_entries_and_proves_those_that_its_links_reach() {
    let world = World::new().await;
    let (person, certificate) = suspended(&world).await;
    let file = async |bounds| {
        let json = (ExportFormat::Json, None);
        parsed(&take_within(&world, &world.reviewer, person, json, bounds).await.unwrap())
    };
    let usual = Bounds::default();
    assert_eq!((usual.entries, usual.links), (5_000, 50_000));
    let newest = file(Bounds { entries: 3, ..usual }).await;
    let log = newest["log"].as_array().unwrap();
    let actions: Vec<&str> = log.iter().map(|e| text(&e["action"])).collect();
    assert_eq!(actions, ["standing.enter", "certificate.suspend", "person.reveal"]);
    assert_eq!(verify(&newest, &key(&world)), Ok(3));
    // From the suspension on there are so many links to the head of the chain.
    let suspended = log.iter().find(|e| e["subject"] == encode(certificate)).unwrap();
    let run = &newest["proof"]["runs"][0];
    let ahead = suspended["seq"].as_i64().unwrap() - run["from"].as_i64().unwrap();
    let links = i64::try_from(run["contents"].as_array().unwrap().len()).unwrap() - ahead;
    for (links, proven) in [(links + 1, 3), (links, 2), (links - 1, 1)] {
        let file = file(Bounds { links, ..usual }).await;
        assert_eq!(file["log"].as_array().unwrap().len(), 9, "what is older stands in it");
        let contents = file["proof"]["runs"][0]["contents"].as_array().unwrap();
        assert_eq!(i64::try_from(contents.len()).unwrap(), links);
        assert_eq!(verify(&file, &key(&world)), Ok(proven), "{links}");
    }
}
