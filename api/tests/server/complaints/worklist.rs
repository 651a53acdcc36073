//! Complaints in the lists of those for whom they wait.

use entities::agency;
use entities::enums::{Role, ScopeAxis};
use entities::ids::AgencyId;
use sea_orm::{ColumnTrait, QueryFilter};

use super::*;

/// The department above everything.
pub async fn province(world: &World) -> AgencyId {
    let found = agency::Entity::find().filter(agency::Column::DivisionCode.eq("620000"));
    found.one(world.platform.db.read()).await.unwrap().unwrap().id
}

const WORK: &str = "{ myWork(first: 20, kinds: [COMPLAINT_TO_ACCEPT, COMPLAINT_TO_HANDLE, \
    COMPLAINT_TO_DECIDE, COMPLAINT_QUESTION_TO_ANSWER]) { nodes { kind label person { name } agency { name } \
    since dueOn overdue reasons escalation { code } } } }";

async fn work(world: &World, actor: &Actor) -> Vec<Value> {
    let found = ask(world.app(), actor, WORK, json!({})).await;
    found["nodes"].as_array().unwrap().clone()
}

async fn kinds(world: &World, actor: &Actor) -> Vec<String> {
    let found = work(world, actor).await;
    found.iter().map(|item| item["kind"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_complaint_waits_for_the_nearest_department_and_for_another_to_decide() {
    let world = World::new().await;
    let (person, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[]).await;
    let above = world.staff(Role::Supervisor, province(&world).await, ScopeAxis::Territory).await;
    let next_door = world.staff(Role::Supervisor, world.elsewhere, ScopeAxis::Territory).await;
    let own = [(Role::JusticeReviewer, world.justice, ScopeAxis::Territory)];
    let holder = world.account(person, &own).await;
    let waiting = json!({
        "kind": "COMPLAINT_TO_ACCEPT",
        "label": "NOT_SHOWN",
        "person": { "name": "王伟" },
        "agency": { "name": "永登县交通运输局" },
        // The first moment of the day on which it came: more is not known.
        "since": "2026-03-01T16:00:00Z",
        "dueOn": "2026-03-09",
        "overdue": false,
        "reasons": null,
        "escalation": null,
    });
    let waiting_of = async |actor: &Actor| {
        let mut found = work(&world, actor).await;
        for item in &mut found {
            let since: chrono::DateTime<chrono::Utc> =
                item["since"].as_str().unwrap().parse().unwrap();
            item["since"] = since.to_rfc3339_opts(chrono::SecondsFormat::Secs, true).into();
        }
        found
    };
    for actor in [&world.reviewer, &world.supervisor] {
        assert_eq!(waiting_of(actor).await, std::slice::from_ref(&waiting));
    }
    for actor in [&above, &next_door, &holder, &world.hr, &world.issuer] {
        assert_eq!(kinds(&world, actor).await, [""; 0]);
    }
    let id = api::graphql::ids::encode(complaints(&world).await[0].id);
    done(&world, &world.reviewer, ACCEPT, &id).await;
    assert_eq!(kinds(&world, &world.supervisor).await, ["COMPLAINT_TO_HANDLE"]);
    let question = "askAboutComplaint(id: $id, question: \"请说明当天的检查安排。\")";
    done(&world, &world.reviewer, question, &id).await;
    assert_eq!(kinds(&world, &world.hr).await, ["COMPLAINT_QUESTION_TO_ANSWER"]);
    done(&world, &world.reviewer, PROPOSE, &id).await;
    assert_eq!(kinds(&world, &world.reviewer).await, [""; 0], "who proposed does not decide");
    assert_eq!(kinds(&world, &world.supervisor).await, ["COMPLAINT_TO_DECIDE"]);
    world.advance(60);
    let late = work(&world, &world.supervisor).await.remove(0);
    assert_eq!((&late["overdue"], &late["dueOn"]), (&json!(true), &json!("2026-04-14")));
    let overdue = "{ complaints(first: 5, overdue: true) { nodes { overdue } } }";
    let overdue = ask(world.app(), &world.supervisor, overdue, json!({})).await;
    assert_eq!(overdue["nodes"], json!([{ "overdue": true }]));
    done(&world, &world.supervisor, DECIDE, &id).await;
    for actor in [&world.reviewer, &world.supervisor, &above] {
        assert_eq!(kinds(&world, actor).await, [""; 0]);
    }
}

#[tokio::test]
async fn where_nobody_else_is_there_it_goes_one_level_up() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[]).await;
    let above = world.staff(Role::Supervisor, province(&world).await, ScopeAxis::Territory).await;
    let id = api::graphql::ids::encode(complaints(&world).await[0].id);
    done(&world, &world.reviewer, ACCEPT, &id).await;
    done(&world, &world.reviewer, PROPOSE, &id).await;
    assert_eq!(kinds(&world, &above).await, [""; 0]);
    let ended = entities::grant::Entity::update_many()
        .col_expr(
            entities::grant::Column::EndedAt,
            sea_orm::sea_query::Expr::value(world.platform.now()),
        )
        .filter(entities::grant::Column::AccountId.eq(world.supervisor.account().unwrap()));
    ended.exec(world.platform.db.writer()).await.unwrap();
    let item = work(&world, &above).await.remove(0);
    let expected = (&json!("COMPLAINT_TO_DECIDE"), &json!({ "code": "NEARER_MAY_NOT" }));
    assert_eq!((&item["kind"], &item["escalation"]), expected);
    let counts = "{ myWorkCounts { kind count } }";
    let counts = ask(world.app(), &above, counts, json!({})).await;
    let one = json!({ "kind": "COMPLAINT_TO_DECIDE", "count": 1 });
    assert!(counts.as_array().unwrap().contains(&one), "{counts}");
}
