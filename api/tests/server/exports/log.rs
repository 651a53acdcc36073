//! The audit log as an auditor reads it: who did, read and took what, how far it reaches, and that
//! reading it is itself told.

use api::exports::Wanted;
use api::graphql::ids::encode;
use api::officers::{OfficerFilter, read_photo, reveal_personal_data};
use api::platform::actor::Actor;
use entities::enums::{ExportFormat, Role, ScopeAxis};
use serde_json::{Value, json};

use super::{export, of_officers};
use crate::certification::world::World;

const READ: &str = "query($filter: AuditFilter, $first: Int, $after: String) {
    auditEntries(first: $first, after: $after, filter: $filter) {
        nodes { kind action actionText subject subjectName seq details
            actor { accountId personId name } agency { id name }
            export { list format personalData rows purpose filter } }
        pageInfo { hasNextPage endCursor } } }";

async fn read(world: &World, actor: &Actor, variables: Value) -> Value {
    let answer = world.app().graphql(Some(actor), READ, variables).await;
    assert_eq!(answer.get("errors"), None, "{answer}");
    answer["data"]["auditEntries"].clone()
}

/// The actions of what an actor is shown, newest first.
async fn actions(world: &World, actor: &Actor, filter: Value) -> Vec<String> {
    let read = read(world, actor, json!({ "first": 100, "filter": filter })).await;
    let nodes = read["nodes"].as_array().unwrap().iter();
    nodes.map(|node| node["action"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn an_auditor_sees_who_read_and_exported_what() {
    let world = World::new().await;
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let (person, certificate) = world.active("张三").await;
    reveal_personal_data(&world.platform, &world.hr, person).await.unwrap();
    let photo = read_photo(&world.platform, &world.supervisor, person).await.unwrap();
    assert!(photo.is_some());
    let wanted = Wanted::Officers(OfficerFilter { name: Some("张三".into()), ..of_officers() });
    let file =
        export(&world, &world.hr, wanted, ExportFormat::Xlsx, Some("年度核查")).await.unwrap();

    let reads = read(&world, &auditor, json!({ "filter": { "kind": "READS" } })).await;
    let who = |actor: &Actor| {
        json!({
            "accountId": encode(actor.account().unwrap()),
            "personId": encode(actor.person().unwrap()),
            "name": "职员",
        })
    };
    let bureau = json!({ "id": encode(world.bureau), "name": "永登县交通运输局" });
    let entry = |actor: &Actor, details: Value| {
        json!({
            "kind": "READS", "action": "person.reveal", "actionText": "personal data read",
            "subject": encode(person), "subjectName": "张三", "actor": who(actor),
            "agency": bureau, "details": details.to_string(), "export": null,
        })
    };
    let mut nodes = reads["nodes"].as_array().unwrap().clone();
    for node in &mut nodes {
        assert!(node.as_object_mut().unwrap().remove("seq").is_some());
    }
    let exported = json!({ "export": encode(file.id), "fields": ["idNumber", "phone"] });
    assert_eq!(
        nodes,
        [
            entry(&world.hr, exported),
            entry(&world.supervisor, json!({ "fields": ["photo"] })),
            entry(&world.hr, json!({ "fields": ["idNumber", "bornOn", "phone"] })),
        ]
    );
    // Who looked at this officer, their certificate included.
    let filter = json!({ "subjectId": encode(person), "kind": "READS" });
    assert_eq!(actions(&world, &auditor, filter).await, ["person.reveal"; 3]);
    let all =
        actions(&world, &auditor, json!({ "subjectId": encode(person), "kind": "ACTS" })).await;
    assert!(all.contains(&"certificate.hand_over".to_owned()), "{all:?}");
    let one = actions(&world, &auditor, json!({ "subjectId": encode(certificate) })).await;
    assert_eq!(one, ["certificate.hand_over", "certificate.issue"]);

    let exports = read(&world, &auditor, json!({ "filter": { "kind": "EXPORTS" } })).await;
    let node = &exports["nodes"][0];
    assert_eq!(exports["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(node["subject"], encode(file.id));
    assert_eq!(
        node["export"],
        json!({
            "list": "OFFICERS", "format": "XLSX", "personalData": true, "rows": 1,
            "purpose": "年度核查",
            "filter": r#"{"kind":"ENFORCEMENT_OFFICER","name":"张三"}"#,
        })
    );
    // Who acted narrows it too, and so do moments.
    let filter = json!({ "actorId": encode(world.supervisor.account().unwrap()) });
    assert_eq!(actions(&world, &auditor, filter).await, ["person.reveal"]);
    let later = world.platform.now() + chrono::Duration::seconds(1);
    let filter = json!({ "from": later });
    assert_eq!(actions(&world, &auditor, filter).await, [""; 0]);
    world.advance(1);
    reveal_personal_data(&world.platform, &world.hr, person).await.unwrap();
    let filter = json!({ "from": later });
    assert_eq!(actions(&world, &auditor, filter).await, ["person.reveal"]);
    let filter = json!({ "until": later, "kind": "READS" });
    assert_eq!(actions(&world, &auditor, filter).await, ["person.reveal"; 3]);
}

#[tokio::test]
async fn reading_the_log_is_told_in_the_log() {
    let world = World::new().await;
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    world.officer("张三").await;
    read(&world, &auditor, json!({ "filter": { "kind": "EXPORTS" } })).await;
    let told = read(&world, &auditor, json!({ "filter": { "kind": "LOG_READS" } })).await;
    let node = &told["nodes"][0];
    assert_eq!(told["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(node["action"], "audit.read");
    assert_eq!(node["details"], r#"{"entries":0,"filter":{"kind":"EXPORTS"}}"#);
    assert_eq!(node["actor"]["accountId"], encode(auditor.account().unwrap()));
    assert_eq!(node["agency"]["id"], encode(world.justice));
    // Taking the log as a file is an export.
    let wanted = Wanted::AuditLog(api::exports::log::LogFilter::default());
    let file = export(&world, &auditor, wanted.clone(), ExportFormat::Csv, None).await.unwrap();
    let cells = super::csv_cells(&super::bytes(file));
    let account = encode(auditor.account().unwrap());
    let newest: Vec<&str> = cells[1][..8].iter().map(String::as_str).collect();
    assert_eq!(
        newest,
        [
            "2026-03-02 10:00:00",
            "职员",
            &account,
            "audit log read",
            &account,
            "职员",
            "永登县司法局",
            r#"{"entries":1,"filter":{"kind":"LOG_READS"}}"#,
        ]
    );
    let file = export(&world, &auditor, wanted, ExportFormat::Xlsx, None).await.unwrap();
    let again = super::xlsx_cells(super::bytes(file));
    assert_eq!(again[1][3], "list exported");
    assert_eq!(again[2..], cells[1..], "both files say the same");
    let exports = actions(&world, &auditor, json!({ "kind": "EXPORTS" })).await;
    assert_eq!(exports, ["list.export"; 2]);
}

#[tokio::test]
async fn the_log_is_read_by_pages_and_within_the_scope() {
    let world = World::new().await;
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let elsewhere = world.staff(Role::Auditor, world.elsewhere, ScopeAxis::Territory).await;
    let (person, _) = world.active("张三").await;
    for _ in 0..5 {
        reveal_personal_data(&world.platform, &world.hr, person).await.unwrap();
    }
    let whole = actions(&world, &auditor, json!({ "kind": "ACTS" })).await;
    let (mut paged, mut after) = (Vec::new(), Value::Null);
    loop {
        let variables = json!({ "first": 2, "after": after, "filter": { "kind": "ACTS" } });
        let page = read(&world, &auditor, variables).await;
        let nodes = page["nodes"].as_array().unwrap().iter();
        paged.extend(nodes.map(|node| node["action"].as_str().unwrap().to_owned()));
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert!(whole.len() > 4);
    assert_eq!(paged, whole, "reading adds entries, and none of them moves a page");
    // Next door nothing of it exists, asked for by person or by agency.
    for filter in [
        json!({ "kind": "READS" }),
        json!({ "kind": "READS", "subjectId": encode(person) }),
        json!({ "kind": "READS", "agencyId": encode(world.bureau) }),
    ] {
        assert_eq!(actions(&world, &elsewhere, filter).await, [""; 0]);
    }
    // Of the chain of the deployment a county has what its own people did.
    let mut uow = api::audit::UnitOfWork::begin(&world.platform, &world.hr).await.unwrap();
    let body = json!({ "rows": 1 });
    uow.record(api::audit::Stream::System, "import.report", "impt_1".into(), body);
    uow.commit().await.unwrap();
    let filter = json!({ "kind": "EXPORTS" });
    assert_eq!(actions(&world, &auditor, filter.clone()).await, ["import.report"]);
    assert_eq!(actions(&world, &elsewhere, filter).await, [""; 0]);
    let mine = actions(&world, &auditor, json!({})).await;
    assert!(!mine.contains(&"policy.enter".to_owned()), "what the system did is the province's");
}

#[tokio::test]
async fn nobody_but_an_auditor_reads_the_log_and_an_auditor_changes_nothing() {
    let world = World::new().await;
    let auditor = world.staff(Role::Auditor, world.justice, ScopeAxis::Territory).await;
    let person = world.officer("张三").await;
    for actor in [&world.hr, &world.reviewer, &world.issuer, &world.supervisor] {
        let answer = world.app().graphql(Some(actor), READ, json!({})).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    }
    let before = world.app().audit_log().await;
    for (call, variables) in [
        (
            "mutation($id: ID!) { revealPersonalData(personId: $id) { personalData { phone } } }",
            json!({ "id": encode(person) }),
        ),
        (
            "mutation($id: ID!) { nominateCandidates(personIds: [$id]) { results { ok } } }",
            json!({ "id": encode(person) }),
        ),
        (
            "mutation($id: ID!) { withdrawAgencyChange(id: $id) { agencyChange { id } } }",
            json!({ "id": encode(world.bureau) }),
        ),
    ] {
        let answer = world.app().graphql(Some(&auditor), call, variables).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "FORBIDDEN", "{answer}");
    }
    assert_eq!(world.app().audit_log().await, before);
}
