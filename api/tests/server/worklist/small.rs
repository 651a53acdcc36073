//! Small offices: who may act where few people are, what goes one level up, and two at once.

use api::certification::{
    CertificationRefusal as Refusal, Move, issue, move_applications, nominate,
};
use api::graphql::ids::encode;
use api::policy::{Pair, PolicyKey, ReviewPolicy};
use chrono::Duration;
use entities::enums::{ApplicationAct as Act, ApplicationStep as Step, Role, ScopeAxis};
use entities::ids::ApplicationId;
use entities::{application_step, policy};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::{kinds, leave, name_of, province, review_policy, waits, work};
use crate::accounts::recorded;
use crate::certification::world::{World, refused};

async fn approve(
    world: &World,
    actor: &api::platform::actor::Actor,
    id: ApplicationId,
) -> Result<(), Refusal> {
    let out = move_applications(&world.platform, actor, &[id], &Move::Approve).await.unwrap();
    out[0].result.clone()
}

#[tokio::test]
async fn where_the_only_reviewer_is_the_applicant_it_goes_one_level_up() {
    let world = World::new().await;
    let above = province(&world).await;
    let (role, axis) = (Role::JusticeReviewer, ScopeAxis::Territory);
    let superior = world.staff(role, above, axis).await;
    let person = world.qualified("王伟").await;
    let id = world.applied(person, Act::Initial).await;
    // While somebody of the county may review it, it is the county's.
    assert_eq!(kinds(&world, &superior).await, []);
    assert_eq!(kinds(&world, &world.reviewer).await, [waits("APPLICATION_TO_REVIEW", id)]);

    let applicant = world.account(person, &[(role, world.justice, axis)]).await;
    assert_eq!(kinds(&world, &superior).await, []);
    leave(&world, &world.reviewer).await;
    assert_eq!(kinds(&world, &applicant).await, []);
    assert_eq!(approve(&world, &applicant, id).await, Err(Refusal::OwnRecord));
    let found = work(&world, &superior).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["subjectId"], encode(id));
    assert_eq!(found[0]["person"]["name"], name_of(&world, person).await);
    assert_eq!(found[0]["escalation"], json!({ "code": "NEARER_MAY_NOT" }));

    // A second reviewer of the county takes it back.
    let second = world.staff(role, world.justice, axis).await;
    assert_eq!(kinds(&world, &superior).await, []);
    assert_eq!(kinds(&world, &second).await, [waits("APPLICATION_TO_REVIEW", id)]);
    leave(&world, &second).await;
    assert_eq!(approve(&world, &superior, id).await, Ok(()));
    assert_eq!(kinds(&world, &superior).await, []);
}

#[tokio::test]
async fn where_nobody_nearer_has_the_role_that_is_said() {
    let world = World::new().await;
    let above = province(&world).await;
    let superior = world.staff(Role::JusticeReviewer, above, ScopeAxis::Territory).await;
    leave(&world, &world.reviewer).await;
    let person = world.officer("王伟").await;
    let id = world.candidate(person).await;
    let found = work(&world, &superior).await;
    assert_eq!((found.len(), &found[0]["subjectId"]), (1, &json!(encode(id))));
    assert_eq!(found[0]["escalation"], json!({ "code": "NOBODY_NEARER" }));
}

#[tokio::test]
async fn a_policy_may_keep_the_work_at_the_nearer_office() {
    let world = World::new().await;
    let above = province(&world).await;
    let (role, axis) = (Role::JusticeReviewer, ScopeAxis::Territory);
    let superior = world.staff(role, above, axis).await;
    let person = world.qualified("王伟").await;
    let id = world.applied(person, Act::Initial).await;
    world.account(person, &[(role, world.justice, axis)]).await;
    leave(&world, &world.reviewer).await;
    assert_eq!(kinds(&world, &superior).await, [waits("APPLICATION_TO_REVIEW", id)]);
    world.advance(1);
    // In the county alone; what lies below another division stays as it is.
    let stays = ReviewPolicy { escalates: false, ..ReviewPolicy::default() };
    review_policy(&world, "620122", stays.clone()).await;
    assert_eq!(kinds(&world, &superior).await, [waits("APPLICATION_TO_REVIEW", id)]);
    review_policy(&world, "620121", stays).await;
    assert_eq!(kinds(&world, &superior).await, []);
}

#[tokio::test]
async fn one_person_reviews_and_issues_only_where_the_policy_lets_them() {
    let world = World::new().await;
    let axis = ScopeAxis::Territory;
    let clerk = world
        .person("一人科", world.justice, |p| p.kind = entities::enums::PersonKind::ClericalStaff)
        .await;
    let both = [(Role::JusticeReviewer, world.justice, axis), (Role::Issuer, world.justice, axis)];
    let clerk = world.account(clerk, &both).await;
    let person = world.qualified("王伟").await;
    let id = world.applied(person, Act::Initial).await;
    assert_eq!(approve(&world, &clerk, id).await, Ok(()));
    assert_eq!(refused(issue(&world.platform, &clerk, id).await), Refusal::SeparationOfDuties);
    assert_eq!(kinds(&world, &clerk).await, []);
    assert_eq!(kinds(&world, &world.issuer).await, [waits("APPLICATION_TO_ISSUE", id)]);

    world.advance(1);
    let pairs = vec![Pair::ProposeReview, Pair::ProposeDecide];
    let small = ReviewPolicy { must_differ: pairs, ..ReviewPolicy::default() };
    review_policy(&world, "620121", small).await;
    assert_eq!(kinds(&world, &clerk).await, [waits("APPLICATION_TO_ISSUE", id)]);
    issue(&world.platform, &clerk, id).await.unwrap();

    // Each step tells the version it was taken under.
    let version = |division: &'static str| {
        let db = world.platform.db.read();
        async move {
            policy::Entity::find()
                .filter(policy::Column::Key.eq(PolicyKey::Review.code()))
                .filter(policy::Column::DivisionCode.eq(division))
                .one(db)
                .await
                .unwrap()
                .map(|row| row.id)
        }
    };
    let (of_province, of_county) = (version("620000").await, version("620121").await);
    let steps = application_step::Entity::find()
        .filter(application_step::Column::ApplicationId.eq(id))
        .order_by_asc(application_step::Column::Seq)
        .all(world.platform.db.read())
        .await
        .unwrap();
    let steps: Vec<_> = steps.into_iter().map(|row| (row.step, row.policy_id)).collect();
    assert!(of_province.is_some() && of_county.is_some());
    let expected =
        [(Step::Apply, of_province), (Step::Approve, of_province), (Step::Issue, of_county)];
    assert_eq!(steps, expected);
}

#[tokio::test]
async fn whoever_proposed_never_decides_whatever_the_policy() {
    let world = World::new().await;
    let axis = ScopeAxis::Territory;
    let least = ReviewPolicy { must_differ: vec![Pair::ProposeDecide], ..ReviewPolicy::default() };
    review_policy(&world, "620121", least).await;
    let clerk = world
        .person("一人科", world.justice, |p| p.kind = entities::enums::PersonKind::ClericalStaff)
        .await;
    let all = [
        (Role::AgencyHr, world.bureau, ScopeAxis::Own),
        (Role::JusticeReviewer, world.justice, axis),
        (Role::Issuer, world.justice, axis),
    ];
    let clerk = world.account(clerk, &all).await;
    let p = &world.platform;
    let person = world.qualified("王伟").await;
    let out = api::certification::apply(p, &clerk, &[person], Act::Initial).await.unwrap();
    let id = out[0].result.clone().unwrap();
    assert_eq!(approve(&world, &clerk, id).await, Ok(()));
    assert_eq!(refused(issue(p, &clerk, id).await), Refusal::SeparationOfDuties);
    let out = nominate(p, &clerk, &[world.officer("李娜").await]).await.unwrap();
    let candidate = out[0].result.clone().unwrap();
    let decision = api::certification::Decision::Qualify;
    let ids = [candidate];
    let out = api::certification::decide_qualification(p, &clerk, &ids, &decision);
    assert_eq!(out.await.unwrap()[0].result, Err(Refusal::SeparationOfDuties));
    // Nor is it offered: neither the issue nor the candidate.
    assert_eq!(kinds(&world, &clerk).await, []);
}

#[tokio::test]
async fn of_two_who_decide_at_once_one_finds_it_decided() {
    let world = World::new().await;
    let (role, axis) = (Role::JusticeReviewer, ScopeAxis::Territory);
    let second = world.staff(role, world.justice, axis).await;
    let person = world.qualified("王伟").await;
    let id = world.applied(person, Act::Initial).await;
    world.app().clock.advance(Duration::minutes(1));
    let (p, back) = (&world.platform, Move::Return("照片不清晰".into()));
    let ids = [id];
    let (one, other) = tokio::join!(
        move_applications(p, &world.reviewer, &ids, &Move::Approve),
        move_applications(p, &second, &ids, &back),
    );
    let results = [one.unwrap()[0].result.clone(), other.unwrap()[0].result.clone()];
    let late: Vec<_> = results.iter().filter_map(|result| result.as_ref().err()).collect();
    assert_eq!(late.len(), 1, "{results:?}");
    assert!(matches!(late[0], Refusal::StateNotAllowed { .. }), "{late:?}");
    let actions = ["application.approve", "application.return"];
    let log: Vec<(String, Value)> = recorded(world.app(), &encode(id), &actions).await;
    assert_eq!(log.len(), 1, "{log:?}");
}
