//! Many at once: numbers and places never twice, and a job that was stopped goes on.

use std::collections::HashSet;

use entities::enums::{ApplicationAct as Act, JobState};
use entities::ids::ApplicationId;
use entities::{certificate, number_sequence, printed_code};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};

use super::world::*;
use api::audit::verify;
use api::certification::*;
use api::platform::actor::Actor;
use api::platform::jobs;

async fn reviewed(world: &World, count: usize) -> Vec<ApplicationId> {
    let mut ids = Vec::new();
    for n in 0..count {
        let person = world.qualified(&format!("王伟{n}")).await;
        ids.push(world.reviewed(person, Act::Initial).await);
    }
    ids
}

#[tokio::test]
async fn a_job_issues_each_once_whoever_works_it() {
    let world = World::new().await;
    let p = &world.platform;
    let mut ids = reviewed(&world, 3).await;
    // One that is not there, and one that is named twice.
    ids.push(ApplicationId(uuid::Uuid::nil()));
    ids.push(ids[0]);
    let job = issue_in_bulk(p, &world.issuer, &ids).await.unwrap();
    let stale = jobs::claim(p, &[ISSUE_JOB], Some(job)).await.unwrap().unwrap();
    // Its worker hangs; the lease runs out and another claims the job.
    world.advance(1);
    let fresh = jobs::claim(p, &[ISSUE_JOB], Some(job)).await.unwrap().unwrap();
    work_issue_job(p, &stale).await.unwrap();
    assert_eq!(world.count::<certificate::Entity>().await, 0, "the stale claim commits nothing");
    work_issue_job(p, &fresh).await.unwrap();
    let done = jobs::find(p.db.read(), job).await.unwrap().unwrap();
    assert_eq!((done.state, done.total, done.done, done.failed), (JobState::Done, 4, 3, 1));
    assert_eq!(world.count::<certificate::Entity>().await, 3);
    // Worked again from its beginning it finds nothing left to issue.
    let again = issue_in_bulk(p, &world.issuer, &ids).await.unwrap();
    let claimed = jobs::claim(p, &[ISSUE_JOB], Some(again)).await.unwrap().unwrap();
    work_issue_job(p, &claimed).await.unwrap();
    let done = jobs::find(p.db.read(), again).await.unwrap().unwrap();
    assert_eq!((done.done, done.failed), (0, 4));
    assert_eq!(world.count::<certificate::Entity>().await, 3);
    let codes = printed_code::Entity::find().all(p.db.read()).await.unwrap();
    let places: HashSet<_> = codes.iter().map(|c| (c.list, c.idx)).collect();
    assert_eq!(places.len(), 3);
    let report = verify::verify(p.db.read(), None).await.unwrap();
    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn a_number_that_was_imported_is_passed_over() {
    let world = World::new().await;
    let p = &world.platform;
    let (_, first) = world.active("王伟").await;
    // As an import would have entered it: the counter knows nothing of it.
    let holder = world.officer("李娜").await;
    let mut imported = world.certificate(first).await;
    imported.id = p.new_id();
    imported.person_id = holder;
    imported.number = "62000000002".into();
    imported.into_active_model().insert(p.db.writer()).await.unwrap();
    let person = world.qualified("张敏").await;
    let next = world.issued(person, Act::Initial).await;
    assert_eq!(world.certificate(next).await.number, "62000000003");
    let counters = number_sequence::Entity::find().all(p.db.read()).await.unwrap();
    let of_certificates = counters.iter().filter(|c| c.key.starts_with("certificate-number/"));
    assert_eq!(of_certificates.map(|c| c.next).collect::<Vec<_>>(), [4]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_comes_at_the_same_time_issues_nothing_twice() {
    let world = World::new().await;
    let p = &world.platform;
    let ids = reviewed(&world, 6).await;
    // Four issuers each want all of them, in different orders.
    let mut tasks = tokio::task::JoinSet::new();
    for start in 0..4 {
        let mut order = ids.clone();
        order.rotate_left(start);
        let (platform, issuer) = (p.clone(), world.issuer.clone());
        tasks.spawn(async move {
            let mut issued = Vec::new();
            for id in order {
                match issue(&platform, &issuer, id).await {
                    Ok(certificate) => issued.push(certificate),
                    refused_one => {
                        let state = "APPROVED".to_owned();
                        let expected = CertificationRefusal::StateNotAllowed { state };
                        assert_eq!(refused(refused_one), expected);
                    }
                }
            }
            issued
        });
    }
    let issued: Vec<_> = tasks.join_all().await.into_iter().flatten().collect();
    assert_eq!(issued.len(), 6);
    let rows = certificate::Entity::find().all(p.db.read()).await.unwrap();
    let mut numbers: Vec<_> = rows.iter().map(|row| row.number.as_str()).collect();
    numbers.sort_unstable();
    assert_eq!(
        numbers,
        ["62000000001", "62000000002", "62000000003", "62000000004", "62000000005", "62000000006"]
    );
    let codes = printed_code::Entity::find().all(p.db.read()).await.unwrap();
    let places: HashSet<_> = codes.iter().map(|c| (c.list, c.idx)).collect();
    assert_eq!(places.len(), 6);
    assert_eq!(verify::verify(p.db.read(), None).await.unwrap().findings, []);
}

#[tokio::test]
async fn an_account_that_was_closed_issues_nothing_more() {
    let world = World::new().await;
    let p = &world.platform;
    let ids = reviewed(&world, 1).await;
    let job = issue_in_bulk(p, &world.issuer, &ids).await.unwrap();
    api::devices::close_account(p, &Actor::System, world.issuer.account().unwrap()).await.unwrap();
    let claimed = jobs::claim(p, &[ISSUE_JOB], Some(job)).await.unwrap().unwrap();
    // Its worker gives the job up; nothing of it is counted as refused.
    let fault = work_issue_job(p, &claimed).await.unwrap_err();
    assert_eq!(fault.to_string(), "the account that asked for the job was closed");
    let left = jobs::find(p.db.read(), job).await.unwrap().unwrap();
    assert_eq!((left.state, left.done, left.failed), (JobState::Running, 0, 0));
    assert_eq!(world.count::<certificate::Entity>().await, 0);
}
