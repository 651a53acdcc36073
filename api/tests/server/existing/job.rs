//! All of an import about which nothing is odd, by a job that is killed and goes on.

use std::sync::atomic::{AtomicUsize, Ordering};

use api::certification::{self, CONFIRM_JOB, CertificationRefusal as R};
use api::platform::failure::Failure;
use api::platform::jobs;
use chrono::Duration;
use entities::certificate;
use entities::enums::{ExistingState, JobState, Role};
use sea_orm::{EntityTrait, PaginatorTrait};
use serde_json::json;
use tokio::sync::Notify;

use super::world::*;
use api::graphql::ids::{decode, encode};

/// Claims of a chunk.
const AT_ONCE: u32 = 250;

async fn certificates(world: &World) -> u64 {
    certificate::Entity::find().count(world.app.platform.db.read()).await.unwrap()
}

#[tokio::test]
async fn a_killed_job_goes_on_and_confirms_each_once() {
    let world = World::new().await;
    let p = &world.app.platform;
    // Every hundredth has something odd; without a photo each would have.
    let odd: &[(&str, &str)] = &[("原证件状态", "注销"), ("有效期至", "长期")];
    let plain: &[(&str, &str)] = &[("原证件状态", "注销")];
    let all = AT_ONCE + 60;
    let rows: Vec<Row<'_>> =
        (1..=all).map(|n| (n, if n % 100 == 0 { odd } else { plain })).collect();
    let batch = world.import(&rows).await;
    let ask = "mutation($id: ID!) { confirmExistingCertificatesOfImport(importId: $id) {
        job { id total kind } userErrors { code } } }";
    let answer = world.graphql(&world.reviewer, ask, json!({ "id": encode(batch.id) })).await;
    let answer = &answer["confirmExistingCertificatesOfImport"];
    assert_eq!(answer["userErrors"], json!([]));
    assert_eq!(answer["job"]["kind"], CONFIRM_JOB);
    assert_eq!(answer["job"]["total"], all - 3);
    let id = decode(answer["job"]["id"].as_str().unwrap()).unwrap();

    let claimed = jobs::claim(p, &[CONFIRM_JOB], Some(id)).await.unwrap().unwrap();
    let (told, enough) = (AtomicUsize::new(0), Notify::new());
    let progress = |_: usize, _: usize| {
        if told.fetch_add(1, Ordering::SeqCst) == 0 {
            enough.notify_one();
        }
    };
    tokio::select! {
        biased;
        () = enough.notified() => {}
        _ = certification::work_confirm_job(p, &claimed, &progress) => panic!("it was not killed"),
    }
    assert_eq!(certificates(&world).await, u64::from(AT_ONCE));
    world.app.clock.advance(Duration::seconds(31));
    let again = jobs::claim(p, &[CONFIRM_JOB], Some(id)).await.unwrap().unwrap();
    certification::work_confirm_job(p, &again, &|_, _| {}).await.unwrap();
    let done = jobs::find(p.db.read(), id).await.unwrap().unwrap();
    assert_eq!((done.state, done.done, done.failed), (JobState::Done, i64::from(all) - 3, 0));
    assert_eq!(certificates(&world).await, u64::from(all) - 3);
    let recorded = world.recorded("certificate.confirm").await;
    assert_eq!(recorded.len(), usize::try_from(all).unwrap() - 3);
    let waiting: Vec<_> =
        world.claims().await.into_iter().filter(|c| c.state == ExistingState::Claimed).collect();
    assert_eq!(waiting.iter().map(|c| c.row_no).collect::<Vec<_>>(), [100, 200, 300]);
    let report = api::audit::verify::verify(p.db.read(), None).await.unwrap();
    assert_eq!(report.findings, []);
    // Nothing plain is left, and elsewhere nothing was ever there.
    let left = certification::confirm_import(p, &world.reviewer, batch.id).await;
    assert!(matches!(left, Err(Failure::Refused(R::NothingSelected))), "{left:?}");
}

#[tokio::test]
async fn what_has_become_odd_until_its_turn_waits_and_elsewhere_there_is_nothing() {
    let world = World::new().await;
    let p = &world.app.platform;
    let batch = world.claimed(&[(1, &[]), (2, &[])]).await;
    let outside = world.province.other_county_market;
    let elsewhere =
        world.province.sign_in(&world.app, "elsewhere", Role::JusticeReviewer, outside).await;
    let asked = certification::confirm_import(p, &elsewhere, batch.id).await;
    assert!(matches!(asked, Err(Failure::Refused(R::NothingSelected))), "{asked:?}");

    let id = certification::confirm_import(p, &world.reviewer, batch.id).await.unwrap();
    let person = world.person(2).await;
    world.change_person(person, entities::person::Column::Employment, "RESIGNED").await;
    let claimed = jobs::claim(p, &[CONFIRM_JOB], Some(id)).await.unwrap().unwrap();
    certification::work_confirm_job(p, &claimed, &|_, _| {}).await.unwrap();
    let done = jobs::find(p.db.read(), id).await.unwrap().unwrap();
    assert_eq!((done.state, done.done, done.failed), (JobState::Done, 1, 1));
    assert_eq!(
        [world.claim(1).await.state, world.claim(2).await.state],
        [ExistingState::Confirmed, ExistingState::Claimed]
    );
}
