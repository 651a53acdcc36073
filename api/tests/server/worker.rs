//! The tasks beside answering: jobs are worked once and given back, keys are renewed and taken
//! up, checkpoints are made when they are due — by any number of nodes.

use std::time::Duration as Wait;

use api::http::Web;
use api::platform::events::Topic;
use api::platform::failure::Fault;
use api::platform::jobs::{self, Progress};
use api::platform::{Platform, keys};
use api::worker::{self, Kinds, Worker};
use chrono::Duration;
use entities::enums::{JobState, KeyUse};
use entities::ids::JobId;
use entities::{audit_checkpoint, audit_entry, job, signing_key};
use futures::FutureExt;
use futures::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use crate::harness::TestApp;

const KINDS: Kinds =
    &[("test.count", count), ("test.fail", fail), ("test.panic", panics), ("test.hang", hangs)];

/// Counts to its total, one a chunk.
fn count(web: Web, claimed: job::Model) -> BoxFuture<'static, Result<(), Fault>> {
    async move {
        for cursor in claimed.cursor + 1..=claimed.total {
            let tx = web.platform.db.begin().await?;
            let finished = cursor == claimed.total;
            let progress = Progress { cursor, done: 1, failed: 0, finished };
            if !jobs::advance(&tx, &claimed, progress, web.platform.now()).await? {
                return Ok(());
            }
            tx.commit().await?;
        }
        Ok(())
    }
    .boxed()
}

fn fail(_: Web, _: job::Model) -> BoxFuture<'static, Result<(), Fault>> {
    async { Err(Fault::other("on purpose")) }.boxed()
}

fn panics(_: Web, _: job::Model) -> BoxFuture<'static, Result<(), Fault>> {
    async { panic!("on purpose") }.boxed()
}

/// Does one chunk and begins another that never ends.
fn hangs(web: Web, claimed: job::Model) -> BoxFuture<'static, Result<(), Fault>> {
    async move {
        let tx = web.platform.db.begin().await?;
        let progress = Progress { cursor: 1, done: 1, ..Progress::default() };
        jobs::advance(&tx, &claimed, progress, web.platform.now()).await?;
        tx.commit().await?;
        let tx = web.platform.db.begin().await?;
        let progress = Progress { cursor: 2, done: 1, ..Progress::default() };
        jobs::advance(&tx, &claimed, progress, web.platform.now()).await?;
        web.platform.events.publish(Topic::Keys).await;
        std::future::pending().await
    }
    .boxed()
}

async fn enqueue(platform: &Platform, kind: &str, total: i64) -> JobId {
    let tx = platform.db.begin().await.unwrap();
    let id = jobs::enqueue(platform, &tx, kind, &json!({}), total, None).await.unwrap();
    tx.commit().await.unwrap();
    platform.events.publish(Topic::Jobs).await;
    id
}

async fn find(platform: &Platform, id: JobId) -> job::Model {
    jobs::find(platform.db.read(), id).await.unwrap().unwrap()
}

/// Waits until a job is as it should be.
async fn becomes(platform: &Platform, id: JobId, is: impl Fn(&job::Model) -> bool) -> job::Model {
    let wait = async {
        loop {
            let found = find(platform, id).await;
            if is(&found) {
                return found;
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Wait::from_secs(30), wait).await.expect("the job did not get there")
}

#[tokio::test]
async fn a_job_is_worked_to_its_end_and_its_failure_does_not_stop_the_others() {
    let app = TestApp::new().await;
    let platform = &app.platform;
    let worker = Worker::start(&app.web, KINDS);
    let failing = enqueue(platform, "test.fail", 1).await;
    let panicking = enqueue(platform, "test.panic", 1).await;
    let unknown = enqueue(platform, "test.unknown", 1).await;
    let counted = enqueue(platform, "test.count", 3).await;
    let counted = becomes(platform, counted, |j| j.state == JobState::Done).await;
    assert_eq!((counted.cursor, counted.done, counted.attempts), (3, 3, 1));
    for id in [failing, panicking] {
        let given_back = becomes(platform, id, |j| j.error.is_some()).await;
        assert_eq!(given_back.state, JobState::Queued);
        assert_eq!(given_back.error.as_deref(), Some("INTERNAL"));
        assert_eq!(given_back.run_after, app.now() + Duration::seconds(2));
    }
    assert_eq!(find(platform, unknown).await.attempts, 0);
    // The pauses between attempts pass, and then it is given up.
    for _ in 0..5 {
        let before = find(platform, failing).await;
        app.clock.advance(Duration::minutes(10));
        platform.events.publish(Topic::Jobs).await;
        if before.state != JobState::Failed {
            becomes(platform, failing, |j| {
                j.state != JobState::Running && j.attempts > before.attempts
            })
            .await;
        }
    }
    let given_up = find(platform, failing).await;
    assert_eq!((given_up.state, given_up.attempts), (JobState::Failed, 5));
    worker.stop().await;
}

#[tokio::test]
async fn several_nodes_work_each_job_once() {
    let app = TestApp::new().await;
    let workers: Vec<Worker> = (0..3).map(|_| Worker::start(&app.web, KINDS)).collect();
    let mut ids = Vec::new();
    for _ in 0..10 {
        ids.push(enqueue(&app.platform, "test.count", 2).await);
    }
    for id in ids {
        let done = becomes(&app.platform, id, |j| j.state == JobState::Done).await;
        assert_eq!((done.done, done.fence), (2, 1));
    }
    for worker in workers {
        worker.stop().await;
    }
}

#[tokio::test]
async fn a_stop_rolls_the_chunk_under_way_back_and_gives_the_job_back() {
    let app = TestApp::new().await;
    let platform = &app.platform;
    let mut heard = platform.events.subscribe();
    let worker = Worker::start(&app.web, KINDS);
    let id = enqueue(platform, "test.hang", 3).await;
    let begun = async { while heard.recv().await.unwrap() != Topic::Keys {} };
    tokio::time::timeout(Wait::from_secs(30), begun).await.expect("the second chunk began");
    becomes(platform, id, |j| j.cursor == 1).await;
    tokio::time::timeout(Wait::from_secs(30), worker.stop()).await.expect("the worker hangs");
    let job = find(platform, id).await;
    assert_eq!((job.state, job.cursor, job.done), (JobState::Queued, 1, 1));
    assert_eq!((job.attempts, job.lease_until), (0, None), "a stop is no failure");
    assert!(jobs::claim(platform, &["test.hang"], None).await.unwrap().is_some());
}

async fn count_keys(platform: &Platform, key_use: KeyUse) -> u64 {
    let of_use = signing_key::Entity::find().filter(signing_key::Column::Use.eq(key_use));
    of_use.count(platform.db.read()).await.unwrap()
}

#[tokio::test]
async fn a_key_is_renewed_once_in_the_last_tenth_of_its_life() {
    let app = TestApp::new().await;
    let platform = &app.platform;
    let old = platform.keyring.current(KeyUse::AccessToken, app.now()).unwrap();
    app.clock.advance(Duration::days(81));
    assert_eq!(worker::renew_keys(platform).await.unwrap(), []);
    app.clock.advance(Duration::seconds(1));
    // Several nodes at once.
    let nodes = (0..4).map(|_| worker::renew_keys(platform));
    let renewed: Vec<_> = futures::future::join_all(nodes).await;
    let renewed: Vec<KeyUse> = renewed.into_iter().flat_map(Result::unwrap).collect();
    assert_eq!(renewed, [KeyUse::AccessToken]);
    assert_eq!(count_keys(platform, KeyUse::AccessToken).await, 2);
    // The old one signs until every node knows the new one.
    assert_eq!(platform.keyring.current(KeyUse::AccessToken, app.now()).unwrap().id, old.id);
    app.clock.advance(Duration::minutes(5));
    let new = platform.keyring.current(KeyUse::AccessToken, app.now()).unwrap();
    assert_ne!(new.id, old.id);
    let entry = audit_entry::Entity::find()
        .filter(audit_entry::Column::Subject.eq(api::graphql::ids::encode(new.id)))
        .one(platform.db.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(entry.action, "key.create");
    let body: serde_json::Value = serde_json::from_str(&entry.body).unwrap();
    assert_eq!(
        body,
        json!({ "use": "ACCESS_TOKEN", "kid": hex::encode(new.kid), "reason": "RENEWAL" })
    );
    // Where none signs any more, the new one signs at once.
    app.clock.advance(Duration::days(400));
    assert!(platform.keyring.current(KeyUse::Status, app.now()).is_err());
    let renewed = worker::renew_keys(platform).await.unwrap();
    assert_eq!(renewed, [KeyUse::Status, KeyUse::Bundle, KeyUse::Audit, KeyUse::AccessToken]);
    assert!(platform.keyring.current(KeyUse::Status, app.now()).is_ok());
}

#[tokio::test]
async fn a_key_another_process_made_is_taken_up() {
    let app = TestApp::new().await;
    let platform = &app.platform;
    let worker = Worker::start(&app.web, KINDS);
    let tx = platform.db.begin().await.unwrap();
    let from = app.now() + Duration::seconds(1);
    let row = keys::create(platform, &tx, KeyUse::Status, from).await.unwrap();
    tx.commit().await.unwrap();
    platform.events.publish(Topic::Keys).await;
    let known = async {
        while !platform.keyring.all().iter().any(|key| key.id == row.id) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Wait::from_secs(20), known).await.expect("the key was not taken up");
    worker.stop().await;
}

#[tokio::test]
async fn a_checkpoint_is_made_an_hour_after_the_last_where_something_was_recorded() {
    let app = TestApp::new().await;
    let platform = &app.platform;
    let made = || worker::checkpoint_if_due(platform);
    // The first keys were recorded when the deployment was made.
    assert!(!made().await.unwrap());
    app.clock.advance(Duration::hours(1));
    let nodes = futures::future::join_all((0..4).map(|_| made())).await;
    assert_eq!(nodes.into_iter().filter(|n| *n.as_ref().unwrap()).count(), 1);
    app.clock.advance(Duration::hours(2));
    assert!(!made().await.unwrap(), "nothing was recorded since");
    app.clock.advance(Duration::days(81));
    worker::renew_keys(platform).await.unwrap();
    assert!(made().await.unwrap());
    let rows = audit_checkpoint::Entity::find().count(platform.db.read()).await.unwrap();
    assert_eq!(rows, 2);
    let report = api::audit::verify::verify(platform.db.read(), None).await.unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
}
