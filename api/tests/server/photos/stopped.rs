//! Stopped at any point: a staging that broke off is removed, an applying one goes on, and nothing
//! is done twice.

use std::collections::HashSet;
use std::sync::Arc;

use api::audit::verify::verify;
use api::photos::{self, Opened, PhotosRefusal, retention};
use api::platform::actor::Actor;
use api::platform::failure::Failure;
use api::platform::jobs;
use chrono::Duration;
use entities::enums::{ImportState, JobState};
use entities::{audit_entry, blob, job, person, photo_batch, photo_row};
use image::ImageFormat;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use tokio::sync::{Notify, Semaphore};

use super::zip::{Entry, zip};
use super::{enter, picture, received, stage, work};
use crate::harness::TestApp;
use crate::province::{Province, id_number};

/// So many people, and a ZIP with a photo of each.
async fn people(app: &TestApp, count: u32) -> Vec<u8> {
    let province = Province::enter(app).await;
    let mut entries = Vec::new();
    for n in 0..count {
        enter(app, n, "张三", province.county_market, None).await;
        let bytes = picture(160, 200, n + 1, ImageFormat::Jpeg);
        entries.push(Entry::new(&format!("{}.jpg", id_number(n)), bytes));
    }
    zip(&entries)
}

async fn attached(app: &TestApp) -> u64 {
    let with = person::Entity::find().filter(person::Column::PhotoSha256.is_not_null());
    with.count(app.platform.db.read()).await.unwrap()
}

#[tokio::test]
async fn applying_goes_on_where_it_stopped_and_does_nothing_twice() {
    const PEOPLE: u32 = 130;
    let app = TestApp::new().await;
    let (platform, db) = (&app.platform, app.platform.db.read());
    let bytes = people(&app, PEOPLE).await;
    let staged = stage(&app, &Actor::System, &bytes).await;
    assert_eq!((staged.state, staged.files, staged.failed), (ImportState::Staged, 130, 0));
    photos::begin(platform, &Actor::System, staged.id).await.unwrap();

    // Stopped in the second chunk: what it had not committed is gone.
    let first = jobs::claim(platform, &[photos::JOB], None).await.unwrap().unwrap();
    let committed = Notify::new();
    let told = |_, _| committed.notify_one();
    tokio::select! {
        biased;
        () = committed.notified() => {}
        worked = photos::work(platform, first.clone(), &told) => panic!("{worked:?}"),
    }
    assert_eq!(attached(&app).await, 100);
    let again = photos::begin(platform, &Actor::System, staged.id).await;
    assert!(matches!(again, Err(Failure::Refused(PhotosRefusal::NotStaged))));
    // The same ZIP sent meanwhile is this very batch.
    let opened = photos::open(platform, &Actor::System, "", received(&bytes)).await.unwrap();
    assert!(matches!(opened, Opened::UnderWay(batch) if batch.id == staged.id));

    // Another node takes it when its lease has run out; the first one then does nothing more.
    app.clock.advance(Duration::seconds(31));
    let applied = work(&app, staged.id).await;
    assert_eq!((applied.state, applied.attached), (ImportState::Applied, 130));
    assert_eq!((applied.unchanged, applied.refused), (0, 0));
    photos::work(platform, first, &|_, _| {}).await.unwrap();
    let job = job::Entity::find_by_id(applied.job_id.unwrap()).one(db).await.unwrap().unwrap();
    assert_eq!((job.state, job.done, job.failed), (JobState::Done, 130, 0));
    assert_eq!(attached(&app).await, 130);
    assert_eq!(blob::Entity::find().count(db).await.unwrap(), 130);
    let log = audit_entry::Entity::find().filter(audit_entry::Column::Action.eq("person.photo"));
    let log = log.all(db).await.unwrap();
    let subjects: HashSet<&str> = log.iter().map(|e| e.subject.as_str()).collect();
    assert_eq!((log.len(), subjects.len()), (130, 130), "each once");
    assert_eq!(verify(db, None).await.unwrap().findings, []);
}

#[tokio::test]
async fn a_staging_that_broke_off_is_removed() {
    let app = TestApp::new().await;
    let (platform, db) = (&app.platform, app.platform.db.read());
    let bytes = people(&app, 120).await;
    let system = &Actor::System;

    let opened = photos::open(platform, system, "", received(&bytes)).await.unwrap();
    let Opened::New(staging) = opened else { panic!("nothing is under way") };
    let (id, written) = (staging.batch().id, Notify::new());
    let told = |_, _| written.notify_one();
    tokio::select! {
        biased;
        () = written.notified() => {}
        staged = staging.run(Arc::new(Semaphore::new(2)), &told) => panic!("{staged:?}"),
    }
    let dead = photos::batch(platform, system, id).await.unwrap().unwrap();
    assert_eq!((dead.state, dead.staged), (ImportState::Staging, 100));
    let refused = photos::begin(platform, system, id).await;
    assert!(matches!(refused, Err(Failure::Refused(PhotosRefusal::NotStaged))));

    // It may be alive for ten minutes; then it is dead.
    app.clock.advance(Duration::minutes(10));
    retention::keep(platform).await.unwrap();
    assert_eq!(photo_row::Entity::find().count(db).await.unwrap(), 100);
    app.clock.advance(Duration::seconds(1));
    retention::keep(platform).await.unwrap();
    assert_eq!(photo_row::Entity::find().count(db).await.unwrap(), 0);
    assert_eq!(photo_batch::Entity::find().count(db).await.unwrap(), 0);

    // Sent again it is staged from the beginning.
    assert_eq!(stage(&app, system, &bytes).await.staged, 120);
    assert_eq!(attached(&app).await, 0);
}

#[tokio::test]
async fn photos_whose_job_was_given_up_go_on_or_are_sent_anew() {
    let app = TestApp::new().await;
    let (platform, system) = (&app.platform, &Actor::System);
    let bytes = people(&app, 3).await;
    let staged = stage(&app, system, &bytes).await;
    let begun = async || {
        let batch = photos::begin(platform, system, staged.id).await.unwrap();
        job::Entity::update_many()
            .col_expr(job::Column::State, Expr::value(JobState::Failed))
            .filter(job::Column::Id.eq(batch.job_id.unwrap()))
            .exec(platform.db.writer())
            .await
            .unwrap();
        batch
    };
    let (first, second) = (begun().await, begun().await);
    assert_eq!([first.state, second.state], [ImportState::Applying; 2]);
    assert_ne!(first.job_id, second.job_id);
    let opened = photos::open(platform, system, "", received(&bytes)).await.unwrap();
    assert!(matches!(opened, Opened::UnderWay(batch) if batch.id == staged.id));

    // Its rows are no longer kept: nothing can be done with it, so it is in nobody's way.
    app.clock.advance(Duration::days(30) + Duration::seconds(1));
    retention::keep(platform).await.unwrap();
    let opened = photos::open(platform, system, "", received(&bytes)).await.unwrap();
    assert!(matches!(opened, Opened::New(staging) if staging.batch().id != staged.id));
}

#[tokio::test]
async fn what_was_staged_is_kept_for_thirty_days() {
    let app = TestApp::new().await;
    let (platform, db) = (&app.platform, app.platform.db.read());
    let bytes = people(&app, 3).await;
    let staged = stage(&app, &Actor::System, &bytes).await;
    app.clock.advance(Duration::days(30));
    retention::keep(platform).await.unwrap();
    assert_eq!(photo_row::Entity::find().count(db).await.unwrap(), 3);
    app.clock.advance(Duration::seconds(1));
    retention::keep(platform).await.unwrap();
    assert_eq!(photo_row::Entity::find().count(db).await.unwrap(), 0);

    // The tallies stay; there is no more to apply or to report.
    let kept = photos::batch(platform, &Actor::System, staged.id).await.unwrap().unwrap();
    assert_eq!((kept.state, kept.files), (ImportState::Staged, 3));
    let refused = photos::begin(platform, &Actor::System, staged.id).await;
    assert!(matches!(refused, Err(Failure::Refused(PhotosRefusal::RowsRemoved))));
    let refused = photos::report(platform, &Actor::System, staged.id).await;
    assert!(matches!(refused, Err(Failure::Refused(PhotosRefusal::RowsRemoved))));
}
