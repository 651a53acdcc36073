//! Small offices: who may act where few people are, what goes one level up, and two at once.

use api::auth::actor_of_account;
use api::auth::delegation::{NewDelegation, delegate, end};
use api::certification::{
    CertificationRefusal as Refusal, Move, issue, move_applications, nominate,
};
use api::graphql::ids::encode;
use api::policy::{Pair, PolicyKey, ReviewPolicy};
use chrono::Duration;
use entities::enums::{ApplicationAct as Act, ApplicationStep as Step, Role, ScopeAxis};
use entities::ids::ApplicationId;
use entities::{application_step, grant, policy};
use sea_orm::sea_query::Expr;
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

/// Lender and delegate count as one: what keeps the delegate keeps the lender, and goes up.
#[tokio::test]
async fn where_the_only_reviewer_lends_the_role_to_the_applicant_it_goes_one_level_up() {
    let world = World::new().await;
    let (role, axis) = (Role::JusticeReviewer, ScopeAxis::Territory);
    let superior = world.staff(role, province(&world).await, axis).await;
    let person = world.qualified("王伟").await;
    let id = world.applied(person, Act::Initial).await;
    let p = &world.platform;
    let applicant = world.account(person, &[]).await.account().unwrap();
    let new = NewDelegation {
        role,
        agency: world.justice,
        to_login: applicant.0.to_string(),
        from: None,
        until: p.now() + Duration::days(1),
        note: None,
    };
    let delegation = delegate(p, &world.reviewer, new).await.unwrap();
    let anew = async |account| actor_of_account(p, account).await.unwrap().unwrap();
    let reviewer = anew(world.reviewer.account().unwrap()).await;
    let applicant = anew(applicant).await;
    for actor in [&reviewer, &applicant] {
        assert_eq!(kinds(&world, actor).await, []);
        assert_eq!(approve(&world, actor, id).await, Err(Refusal::OwnRecord));
    }
    let found = work(&world, &superior).await;
    assert_eq!((found.len(), &found[0]["subjectId"]), (1, &json!(encode(id))));
    assert_eq!(found[0]["escalation"], json!({ "code": "NEARER_MAY_NOT" }));
    // Another's application stays with the county.
    let other = world.qualified("李娜").await;
    let other = world.applied(other, Act::Initial).await;
    assert_eq!(kinds(&world, &reviewer).await, [waits("APPLICATION_TO_REVIEW", other)]);
    assert_eq!(kinds(&world, &superior).await, [waits("APPLICATION_TO_REVIEW", id)]);
    // Taken back, it is the county's again.
    end(p, &world.reviewer, delegation).await.unwrap();
    assert_eq!(kinds(&world, &superior).await, []);
    let reviewer = anew(world.reviewer.account().unwrap()).await;
    assert_eq!(approve(&world, &reviewer, id).await, Ok(()));
}

/// A delegation ends with the grant it rests on: what the delegate does later, in a role of their
/// own, is not the lender's.
#[tokio::test]
async fn what_is_done_after_the_lent_role_has_ended_is_the_delegates_alone() {
    let world = World::new().await;
    let p = &world.platform;
    let (hr, own) = (Role::AgencyHr, ScopeAxis::Own);
    let lender = world
        .person("一人科", world.justice, |p| p.kind = entities::enums::PersonKind::ClericalStaff)
        .await;
    let roles =
        [(hr, world.bureau, own), (Role::JusticeReviewer, world.justice, ScopeAxis::Territory)];
    let lender = world.account(lender, &roles).await;
    let clerk = world.staff(hr, world.bureau, own).await;
    let account = lender.account().unwrap();
    let new = NewDelegation {
        role: hr,
        agency: world.bureau,
        to_login: clerk.account().unwrap().0.to_string(),
        from: None,
        until: p.now() + Duration::days(1),
        note: None,
    };
    delegate(p, &lender, new).await.unwrap();
    let candidate = async |name: &str| {
        let officer = world.officer(name).await;
        nominate(p, &clerk, &[officer]).await.unwrap()[0].result.clone().unwrap()
    };
    let before = candidate("王伟").await;
    world.app().clock.advance(Duration::minutes(1));
    grant::Entity::update_many()
        .col_expr(grant::Column::EndedAt, Expr::value(p.now()))
        .filter(grant::Column::AccountId.eq(account))
        .filter(grant::Column::Role.eq(hr))
        .exec(p.db.writer())
        .await
        .unwrap();
    world.app().clock.advance(Duration::minutes(1));
    let after = candidate("李娜").await;
    let lender = actor_of_account(p, account).await.unwrap().unwrap();
    assert_eq!(kinds(&world, &lender).await, [waits("CANDIDATE_TO_DECIDE", after)]);
    let refuse = api::certification::Decision::Refuse("尚在试用期".into());
    let ids = [before, after];
    let out = api::certification::decide_qualification(p, &lender, &ids, &refuse).await.unwrap();
    let results: Vec<_> = out.into_iter().map(|outcome| outcome.result).collect();
    assert_eq!(results, [Err(Refusal::SeparationOfDuties), Ok(())]);
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

/// What is issued goes up like what is reviewed.
#[tokio::test]
async fn what_no_issuer_of_the_county_may_issue_goes_one_level_up() {
    let world = World::new().await;
    let axis = ScopeAxis::Territory;
    let superior = world.staff(Role::Issuer, province(&world).await, axis).await;
    let clerk = world
        .person("一人科", world.justice, |p| p.kind = entities::enums::PersonKind::ClericalStaff)
        .await;
    let both = [(Role::JusticeReviewer, world.justice, axis), (Role::Issuer, world.justice, axis)];
    let clerk = world.account(clerk, &both).await;
    let person = world.qualified("王伟").await;
    let id = world.applied(person, Act::Initial).await;
    assert_eq!(approve(&world, &clerk, id).await, Ok(()));
    let item = waits("APPLICATION_TO_ISSUE", id);
    assert_eq!(kinds(&world, &world.issuer).await, std::slice::from_ref(&item));
    assert_eq!(kinds(&world, &superior).await, []);
    // Whoever is left reviewed it.
    leave(&world, &world.issuer).await;
    let found = work(&world, &superior).await;
    assert_eq!((found.len(), &found[0]["subjectId"]), (1, &json!(encode(id))));
    assert_eq!(found[0]["escalation"], json!({ "code": "NEARER_MAY_NOT" }));
    leave(&world, &clerk).await;
    let found = work(&world, &superior).await;
    assert_eq!((found.len(), &found[0]["subjectId"]), (1, &json!(encode(id))));
    assert_eq!(found[0]["escalation"], json!({ "code": "NOBODY_NEARER" }));
    issue(&world.platform, &superior, id).await.unwrap();
    assert_eq!(kinds(&world, &superior).await, []);
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
