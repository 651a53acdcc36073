//! What the worker keeps: contacts erased, deadlines reckoned anew, reforms followed.

use api::complaints::keep;
use api::platform::clock::end_of_day;
use api::reorganisation::{self, NewChange, Plan, Target};
use entities::enums::{Role, ScopeAxis};
use sea_orm::ConnectionTrait;

use super::*;
use crate::accounts::recorded;
use crate::certification::world::day;

#[tokio::test]
async fn a_contact_is_erased_days_after_the_decision() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[("contact", "13800000000")]).await;
    let id = api::graphql::ids::encode(complaints(&world).await[0].id);
    done(&world, &world.reviewer, ACCEPT, &id).await;
    done(&world, &world.reviewer, PROPOSE, &id).await;
    world.advance(200);
    keep(&world.platform).await.unwrap();
    assert!(complaints(&world).await[0].contact_sealed.is_some(), "it has not ended");
    done(&world, &world.supervisor, DECIDE, &id).await;
    world.advance(90);
    keep(&world.platform).await.unwrap();
    assert!(complaints(&world).await[0].contact_sealed.is_some(), "the ninetieth day");
    world.advance(1);
    keep(&world.platform).await.unwrap();
    keep(&world.platform).await.unwrap();
    let row = complaints(&world).await.remove(0);
    assert_eq!((row.contact_sealed, row.text_sealed.is_empty()), (None, false));
    let erased = recorded(world.app(), &id, &["complaint.erase_contact"]).await;
    assert_eq!(erased, [("complaint.erase_contact".to_owned(), json!({}))]);
    let read = "mutation($id: ID!) { readComplaintContact(id: $id) { userErrors { code } } }";
    let refused = ask(world.app(), &world.reviewer, read, json!({ "id": id })).await;
    assert_eq!(refused["userErrors"][0]["code"], "CONTACT_NOT_GIVEN");
}

#[tokio::test]
async fn a_contact_is_erased_though_another_step_fails() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[("contact", "13800000000")]).await;
    let id = api::graphql::ids::encode(complaints(&world).await[0].id);
    let refuse = "refuseComplaint(input: { id: $id, reasons: \"不属于执法行为。\" })";
    assert_eq!(done(&world, &world.reviewer, refuse, &id).await, "NOT_ACCEPTED");
    world.advance(91);
    let away = "ALTER TABLE evaluations RENAME TO evaluations_away";
    world.platform.db.writer().execute_unprepared(away).await.unwrap();
    assert!(keep(&world.platform).await.is_err(), "the first step fails");
    assert_eq!(complaints(&world).await[0].contact_sealed, None);
    let erased = recorded(world.app(), &id, &["complaint.erase_contact"]).await;
    assert_eq!(erased, [("complaint.erase_contact".to_owned(), json!({}))]);
}

#[tokio::test]
async fn what_an_ending_agency_is_asked_goes_to_whoever_takes_its_place() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[]).await;
    evaluate(&world, certificate, &[("satisfied", "yes")]).await;
    let id = api::graphql::ids::encode(complaints(&world).await[0].id);
    done(&world, &world.reviewer, ACCEPT, &id).await;
    let question = "askAboutComplaint(id: $id, question: \"请说明当天的检查安排。\")";
    for _ in 0..2 {
        done(&world, &world.reviewer, question, &id).await;
    }
    let asked = async || {
        let questions = entities::complaint_question::Entity::find()
            .order_by_asc(entities::complaint_question::Column::Id);
        questions.all(world.platform.db.read()).await.unwrap()
    };
    let answered = asked().await[0].id;
    let text = "当天有两名人员到场。";
    api::complaints::answer_question(&world.platform, &world.hr, answered, text).await.unwrap();
    let mut uow = api::audit::UnitOfWork::begin(&world.platform, &Actor::System).await.unwrap();
    let reform = world.platform.new_id();
    api::complaints::reform::hand_on(&mut uow, world.bureau, world.elsewhere, reform)
        .await
        .unwrap();
    uow.commit().await.unwrap();
    let agencies: Vec<_> = asked().await.iter().map(|question| question.agency_id).collect();
    assert_eq!(agencies, [world.bureau, world.elsewhere], "what was answered stays");
    assert_eq!(evaluations(&world).await[0].agency_id, world.elsewhere);
}

#[tokio::test]
async fn a_deadline_beyond_the_published_holidays_is_reckoned_anew_when_they_come() {
    let world = World::new().await;
    world.advance((day("2026-12-28") - day("2026-03-02")).num_days());
    assert!(world.platform.now() < end_of_day(day("2026-12-28")));
    let (_, certificate) = world.active("王伟").await;
    let receipt = complain(&world, certificate, &[]).await;
    let row = complaints(&world).await.remove(0);
    assert_eq!((row.due_on, row.due_provisional), (day("2027-01-04"), true));
    assert!(follow(&world, &receipt).await.page.contains("放假安排公布后可能调整"));
    keep(&world.platform).await.unwrap();
    assert_eq!(complaints(&world).await, [row]);
    let calendar = json!({
        "published_until": "2027-12-31",
        "holidays": ["2027-01-01", "2027-01-04"],
        "worked_weekend_days": [],
    });
    enter_policy(&world, PolicyKey::Calendar, calendar).await;
    keep(&world.platform).await.unwrap();
    let row = complaints(&world).await.remove(0);
    assert_eq!((row.due_on, row.due_provisional), (day("2027-01-06"), false));
}

#[tokio::test]
async fn what_an_ending_department_handles_goes_to_whoever_takes_its_place() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    complain(&world, certificate, &[]).await;
    evaluate(&world, certificate, &[("satisfied", "yes")]).await;
    let province = super::worklist::province(&world).await;
    let grant = (Role::SystemAdministrator, province, ScopeAxis::Territory);
    let mut administrators = Vec::new();
    for name in ["甲", "乙"] {
        let clerk = world.person(name, province, |p| {
            p.kind = entities::enums::PersonKind::ClericalStaff;
        });
        administrators.push(world.account(clerk.await, &[grant]).await);
    }
    let new = NewChange {
        plan: Plan::Merge { from: vec![world.justice], into: Target::Existing(world.elsewhere) },
        effective_on: local_date(world.platform.now()),
        document: "甘编〔2026〕1号".into(),
    };
    let id = reorganisation::propose(&world.platform, &administrators[0], new).await.unwrap();
    reorganisation::approve(&world.platform, &administrators[1], id).await.unwrap();
    let row = complaints(&world).await.remove(0);
    assert_eq!((row.desk_id, row.agency_id), (world.elsewhere, Some(world.bureau)));
    let heir = api::graphql::ids::encode(world.elsewhere);
    let log = recorded(world.app(), &heir, &["complaints.hand_on"]).await;
    let body = json!({
        "from": api::graphql::ids::encode(world.justice),
        "reform": api::graphql::ids::encode(id),
        "complaints": 1,
    });
    assert_eq!(log, [("complaints.hand_on".to_owned(), body)]);
    let there = world.staff(Role::JusticeReviewer, world.elsewhere, ScopeAxis::Territory).await;
    let complaint = api::graphql::ids::encode(row.id);
    assert_eq!(done(&world, &there, ACCEPT, &complaint).await, "ACCEPTED");
    assert_eq!(evaluations(&world).await[0].agency_id, world.bureau);
}
