//! A wrong import is taken back until something of it is confirmed.

use api::imports;
use api::platform::jobs;
use entities::enums::{ExistingState as E, JobState, Role};
use entities::job;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Value, json};

use super::world::*;
use crate::imports::world::{people, refused};
use api::graphql::ids::encode;
use api::platform::actor::Actor;
use entities::ids::ImportBatchId;

async fn take_back(world: &World, actor: &Actor, id: ImportBatchId) -> Value {
    let call = "mutation($id: ID!) { withdrawImport(id: $id) {
        import { state withdrawnAt } withdrawnClaims restoredClaims peopleKept
        userErrors { code } } }";
    world.graphql(actor, call, json!({ "id": encode(id) })).await["withdrawImport"].clone()
}

fn refused_by(code: &str) -> Value {
    json!({ "import": null, "withdrawnClaims": 0, "restoredClaims": 0, "peopleKept": 0,
        "userErrors": [{ "code": code }] })
}

async fn states(world: &World) -> Vec<E> {
    world.claims().await.into_iter().map(|claim| claim.state).collect()
}

#[tokio::test]
async fn what_was_claimed_is_withdrawn_and_what_it_had_replaced_waits_again() {
    let world = World::new().await;
    let right = world.import(&[(1, &[("部委证件", "渔业检查证01")]), (2, &[])]).await;
    // Of the second roster the numbers are wrong.
    let wrong: &[(&str, &str)] = &[("原证件编号", "28019999999"), ("部委证件", "渔业检查证02")];
    let batch = world.import(&[(1, wrong), (2, &[]), (3, &[])]).await;
    assert_eq!(
        states(&world).await,
        [E::Withdrawn, E::Withdrawn, E::Claimed, E::Claimed, E::Filed, E::Claimed]
    );
    assert_eq!(
        take_back(&world, &world.hr, batch.id).await,
        json!({
            "import": { "state": "APPLIED", "withdrawnAt": "2026-03-02T02:00:00+00:00" },
            "withdrawnClaims": 3, "restoredClaims": 2, "peopleKept": 1, "userErrors": [],
        })
    );
    assert_eq!(
        states(&world).await,
        [E::Claimed, E::Filed, E::Claimed, E::Withdrawn, E::Withdrawn, E::Withdrawn]
    );
    assert_eq!(people(&world.app).await.len(), 3, "people stay");
    assert_eq!(world.recorded("import.withdraw").await.len(), 1);
    assert_eq!(take_back(&world, &world.hr, batch.id).await, refused_by("IMPORT_WITHDRAWN"));
    // Sent again, corrected, it is taken.
    let again = world.import(&[(3, &[])]).await;
    assert_eq!(world.claim(3).await.state, E::Claimed);
    // What is restored is decided on like any other, and then its import stays.
    world.photos(&[1, 2, 3]).await;
    world.confirmed(1).await;
    assert_eq!(take_back(&world, &world.hr, right.id).await, refused_by("IMPORT_CONFIRMED"));
    assert_eq!(take_back(&world, &world.hr, again.id).await["withdrawnClaims"], 1);
}

#[tokio::test]
async fn one_that_is_confirmed_keeps_the_whole_import() {
    let world = World::new().await;
    let batch = world.claimed(&[(1, &[]), (2, &[])]).await;
    world.confirmed(2).await;
    let before = world.claims().await;
    assert_eq!(take_back(&world, &world.hr, batch.id).await, refused_by("IMPORT_CONFIRMED"));
    assert_eq!(world.claims().await, before);
    assert_eq!(world.look_up(&number(2), "张三").await.0, "VALID");
}

#[tokio::test]
async fn before_it_is_applied_it_never_will_be_and_while_it_is_applied_it_stays() {
    let world = World::new().await;
    let p = &world.app.platform;
    let staged = world.stage(&world.hr, roster(&[(1, &[])])).await;
    let taken = take_back(&world, &world.hr, staged.id).await;
    assert_eq!((&taken["withdrawnClaims"], &taken["userErrors"]), (&json!(0), &json!([])));
    let begun = imports::begin(p, &world.hr, staged.id, true).await;
    assert_eq!(refused(begun), "IMPORT_WITHDRAWN");

    let staged = world.stage(&world.hr, roster(&[(1, &[])])).await;
    let begun = imports::begin(p, &world.hr, staged.id, true).await.unwrap();
    assert_eq!(take_back(&world, &world.hr, staged.id).await, refused_by("IMPORT_UNDER_WAY"));
    let job = jobs::claim(p, &[imports::JOB], begun.job_id).await.unwrap().unwrap();
    imports::work(p, job, &|_, _| {}).await.unwrap();
    assert_eq!(states(&world).await, [E::Claimed]);
    // Whoever did not import it has no such import.
    let market = world.province.county_market;
    let other = world.province.sign_in(&world.app, "hr.other", Role::AgencyHr, market).await;
    assert_eq!(take_back(&world, &other, staged.id).await, refused_by("IMPORT_NOT_FOUND"));
}

#[tokio::test]
async fn a_file_whose_import_failed_and_was_taken_back_can_be_sent_again() {
    let world = World::new().await;
    let p = &world.app.platform;
    let staged = world.stage(&world.hr, roster(&[(1, &[])])).await;
    let begun = imports::begin(p, &world.hr, staged.id, true).await.unwrap();
    job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Failed))
        .filter(job::Column::Id.eq(begun.job_id.unwrap()))
        .exec(p.db.writer())
        .await
        .unwrap();
    // Until it is taken back, the same file goes on where it failed.
    assert_eq!(world.stage(&world.hr, roster(&[(1, &[])])).await.id, staged.id);
    assert_eq!(take_back(&world, &world.hr, staged.id).await["userErrors"], json!([]));
    let again = world.stage(&world.hr, roster(&[(1, &[])])).await;
    assert_ne!(again.id, staged.id);
    world.apply(&world.hr, again.id).await;
    assert_eq!(states(&world).await, [E::Claimed]);
}

/// Somebody else may have claimed the number meanwhile: what it had replaced stays withdrawn.
#[tokio::test]
async fn what_is_restored_is_not_where_its_number_is_anothers_by_now() {
    let world = World::new().await;
    world.import(&[(1, &[])]).await;
    let batch = world.import(&[(1, &[("原证件编号", "28019999999")])]).await;
    world.import(&[(2, &[("原证件编号", number(1).as_str())])]).await;
    assert_eq!(states(&world).await, [E::Withdrawn, E::Claimed, E::Claimed]);
    let taken = take_back(&world, &world.hr, batch.id).await;
    assert_eq!((&taken["withdrawnClaims"], &taken["restoredClaims"]), (&json!(1), &json!(0)));
    assert_eq!(states(&world).await, [E::Withdrawn, E::Withdrawn, E::Claimed]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_taking_back_and_confirming_at_once_one_prevails() {
    let world = World::new().await;
    let p = &world.app.platform;
    let batch = world.claimed(&[(1, &[]), (2, &[]), (3, &[])]).await;
    let mut ids = Vec::new();
    for n in 1..=3 {
        ids.push(world.claim(n).await.id);
    }
    let (taken, confirmed) = tokio::join!(
        imports::withdraw(p, &world.hr, batch.id),
        api::certification::confirm_existing(p, &world.reviewer, &ids, false),
    );
    let confirmed = confirmed.unwrap().iter().filter(|outcome| outcome.result.is_ok()).count();
    let expected = match taken {
        Ok(done) => {
            assert_eq!((done.taken_back.withdrawn, confirmed), (3, 0));
            [E::Withdrawn; 3]
        }
        taken => {
            assert_eq!((refused(taken), confirmed), ("IMPORT_CONFIRMED", 3));
            [E::Confirmed; 3]
        }
    };
    assert_eq!(states(&world).await, expected);
}
