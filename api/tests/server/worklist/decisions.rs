//! What waits for a decision: claims of existing certificates, sittings, reforms of agencies.

use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::policy::AgencyChangePolicy;
use api::reorganisation::{Plan, apply_due};
use api::training::{self, NewSession};
use chrono::Days;
use entities::enums::{ImportState, Role, TrainingKind, TrainingMode, TrainingUploadKind};
use entities::{photo_batch, training_upload};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use super::WORK;
use crate::accounts::ask;
use crate::existing::world::{World, number, roster};
use crate::harness::TestApp;
use crate::reorganisation::reformers::{DOCUMENT, Reformers};

/// What of a kind waits for an actor, as subject and label.
async fn of_kind(app: &TestApp, actor: &Actor, kind: &str) -> Vec<(String, String)> {
    let found = ask(app, actor, WORK, json!({ "first": 100, "kinds": [kind] })).await;
    let word = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    let nodes = found["nodes"].as_array().unwrap();
    nodes.iter().map(|item| (word(item, "subjectId"), word(item, "label"))).collect()
}

#[tokio::test]
async fn a_claim_waits_for_a_reviewer_who_did_not_import_it_until_it_is_decided() {
    let world = World::new().await;
    let (app, province) = (&world.app, &world.province);
    let justice = province.county_justice;
    let second = province.sign_in(app, "second", Role::JusticeReviewer, justice).await;
    let outside = province.other_county_market;
    let elsewhere = province.sign_in(app, "elsewhere", Role::JusticeReviewer, outside).await;
    let staged = world.stage(&world.reviewer, roster(&[(1, &[])])).await;
    world.apply(&world.reviewer, staged.id).await;
    world.claimed(&[(2, &[])]).await;
    let (first, other) = (world.claim(1).await, world.claim(2).await);
    let [first_item, other_item] =
        [(&first, 1), (&other, 2)].map(|(claim, n)| (encode(claim.id), number(n)));
    let waiting = async |actor: &Actor| of_kind(app, actor, "EXISTING_TO_CONFIRM").await;
    assert_eq!(waiting(&world.reviewer).await, std::slice::from_ref(&other_item));
    assert_eq!(waiting(&second).await, [first_item.clone(), other_item]);
    assert_eq!(waiting(&elsewhere).await, []);
    assert_eq!(waiting(&world.hr).await, []);
    assert_eq!(world.confirm(&second, &[other.id], true).await, ["ok"]);
    assert_eq!(waiting(&world.reviewer).await, []);
    assert_eq!(waiting(&second).await, [first_item]);
}

#[tokio::test]
async fn a_proposed_reform_waits_for_another_administrator_who_reaches_all_of_it() {
    let r = Reformers::new().await;
    let (app, agency) = (&r.world.app, r.world.bureau);
    let elsewhere = r.world.elsewhere;
    let territory = entities::enums::ScopeAxis::Territory;
    let outside = r.world.staff(Role::SystemAdministrator, elsewhere, territory).await;
    let plan = Plan::Rename { agency, name: "永登县交通局".into() };
    let id = r.propose(plan, r.today()).await.unwrap();
    let waiting = async |actor: &Actor| of_kind(app, actor, "REFORM_TO_DECIDE").await;
    assert_eq!(waiting(&r.first).await, []);
    assert_eq!(waiting(&r.second).await, [(encode(id), DOCUMENT.to_owned())]);
    assert_eq!(waiting(&outside).await, []);
    r.approve(id).await.unwrap();
    assert_eq!(waiting(&r.second).await, []);
}

#[tokio::test]
async fn where_one_person_decides_alone_the_reform_waits_for_its_proposer_too() {
    let r = Reformers::new().await;
    let (app, agency) = (&r.world.app, r.world.bureau);
    let plan = Plan::Rename { agency, name: "永登县交通局".into() };
    let id = r.propose(plan, r.today()).await.unwrap();
    let waiting = async |actor: &Actor| of_kind(app, actor, "REFORM_TO_DECIDE").await;
    let item = (encode(id), DOCUMENT.to_owned());
    // Next door first; then where the agency is.
    for (division, expected) in [("620122", vec![]), ("620121", vec![item.clone()])] {
        let alone = AgencyChangePolicy { two_persons: false, ..Default::default() };
        r.policy(division, alone).await;
        assert_eq!(waiting(&r.first).await, expected, "{division}");
        assert_eq!(waiting(&r.second).await, std::slice::from_ref(&item), "{division}");
    }
    api::reorganisation::approve(&app.platform, &r.first, id).await.unwrap();
    assert_eq!(waiting(&r.first).await, []);
}

#[tokio::test]
async fn a_reform_that_could_not_take_effect_is_shown_for_thirty_days() {
    let r = Reformers::new().await;
    let (app, agency) = (&r.world.app, r.world.bureau);
    let territory = entities::enums::ScopeAxis::Territory;
    let outside = r.world.staff(Role::SystemAdministrator, r.world.elsewhere, territory).await;
    let waiting = async |actor: &Actor| of_kind(app, actor, "REFORM_FAILED").await;
    // Its people are to leave until then; nobody does.
    let day = r.today() + Days::new(7);
    let id = r.done_on(Plan::Abolish { agency, successor: None }, day).await;
    assert_eq!(waiting(&r.first).await, []);
    r.world.advance(10);
    assert_eq!(apply_due(&app.platform).await.unwrap(), 0);
    let item = [(encode(id), DOCUMENT.to_owned())];
    for actor in [&r.first, &r.second] {
        assert_eq!(waiting(actor).await, item);
    }
    assert_eq!(waiting(&outside).await, []);
    let all = ask(app, &r.first, WORK, json!({ "first": 9, "kinds": ["REFORM_FAILED"] })).await;
    assert_eq!(all["nodes"][0]["since"], app.now().to_rfc3339());
    r.world.advance(29);
    assert_eq!(waiting(&r.first).await, item);
    r.world.advance(1);
    assert_eq!(waiting(&r.first).await, []);
}

#[tokio::test]
async fn photos_and_workbooks_of_training_wait_for_whoever_sent_them() {
    let world = World::new().await;
    let (app, hr) = (&world.app, &world.hr);
    let (p, market) = (&app.platform, world.province.county_market);
    let colleague = world.province.sign_in(app, "colleague", Role::AgencyHr, market).await;
    let photos = photo_batch::Model {
        id: p.new_id(),
        account_id: hr.account(),
        file_name: "照片.zip".into(),
        file_sha256: vec![0; 32],
        state: ImportState::Staged,
        files: 1,
        staged: 1,
        failed: 0,
        ignored: 0,
        cursor: 0,
        attached: 0,
        unchanged: 0,
        refused: 0,
        summary: json!({}),
        job_id: None,
        rows_removed_at: None,
        created_at: p.now(),
        updated_at: p.now(),
    };
    let photos = photos.into_active_model().insert(p.db.writer()).await.unwrap();
    let day = api::platform::clock::local_date(p.now());
    let session = NewSession {
        organiser: market,
        title: "春季执法培训".into(),
        kind: TrainingKind::PublicLaw,
        mode: TrainingMode::OnSite,
        field: None,
        off_post: false,
        starts_on: day,
        ends_on: day,
        minutes: 90,
    };
    let workbook = training_upload::Model {
        id: p.new_id(),
        account_id: hr.account(),
        kind: TrainingUploadKind::Attendance,
        session_id: Some(training::plan_session(p, hr, session).await.unwrap().id),
        sitting_id: None,
        file_name: "签到.xlsx".into(),
        state: ImportState::Staged,
        total: 1,
        failed: 0,
        confirmations: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        rows_removed_at: None,
        created_at: p.now(),
        updated_at: p.now(),
    };
    let workbook = workbook.into_active_model().insert(p.db.writer()).await.unwrap();
    let waiting = async |actor: &Actor| {
        let photos = of_kind(app, actor, "PHOTOS_TO_APPLY").await;
        (photos, of_kind(app, actor, "TRAINING_TO_APPLY").await)
    };
    let photo_item = (encode(photos.id), "照片.zip".to_owned());
    let workbook_item = (encode(workbook.id), "签到.xlsx".to_owned());
    assert_eq!(waiting(hr).await, (vec![photo_item], vec![workbook_item.clone()]));
    assert_eq!(waiting(&colleague).await, (vec![], vec![]));
    assert_eq!(waiting(&world.reviewer).await, (vec![], vec![]));
    // Without its rows, or applied, it waits no longer.
    photo_batch::Entity::update_many()
        .col_expr(photo_batch::Column::RowsRemovedAt, Expr::value(p.now()))
        .exec(p.db.writer())
        .await
        .unwrap();
    assert_eq!(waiting(hr).await, (vec![], vec![workbook_item]));
    training_upload::Entity::update_many()
        .col_expr(training_upload::Column::State, Expr::value(ImportState::Applied))
        .exec(p.db.writer())
        .await
        .unwrap();
    assert_eq!(waiting(hr).await, (vec![], vec![]));
}
