//! The page of a scan, from a code to the state in the database.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::Request;
use entities::enums::CertificateAct as A;
use entities::ids::CertificateId;
use sea_orm::TransactionTrait;
use tokio::time::timeout;

use super::world::*;
use api::certification::rules::grounds::Ground;
use api::certification::*;

async fn path(world: &World, id: CertificateId) -> String {
    let codes = api::credentials::codes_of(world.platform.db.read(), &[id]).await.unwrap();
    format!("/v/{}", codes[0].digits)
}

/// Status, verdict and the whole page.
async fn open(world: &World, path: &str) -> (u16, String, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let response = world.app().http(request).await;
    let status = response.status().as_u16();
    let page = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let page = String::from_utf8(page.into()).unwrap();
    (status, verdict_of(&page).to_owned(), page)
}

#[tokio::test]
async fn a_change_shows_at_the_next_scan() {
    let world = World::new().await;
    let p = &world.platform;
    let (_, id) = world.active("王伟").await;
    let path = path(&world, id).await;
    let (status, verdict, page) = open(&world, &path).await;
    assert_eq!((status, verdict.as_str()), (200, "VALID"));
    assert!(page.contains("王伟") && page.contains(&world.certificate(id).await.number), "{page}");

    let because = |ground| Particulars { ground: Some(ground), ..Particulars::default() };
    for (actor, act, ground, expected) in [
        (&world.supervisor, A::Suspend, Ground::RefusingSupervision, "NOT_AUTHORISED"),
        (&world.issuer, A::Lift, Ground::CauseEnded, "VALID"),
        (&world.issuer, A::Cancel, Ground::Retirement, "CANCELLED"),
    ] {
        world.advance(1);
        act_on(p, actor, id, act, &because(ground)).await.unwrap();
        let (status, verdict, _) = open(&world, &path).await;
        assert_eq!((status, verdict.as_str()), (200, expected));
    }
}

#[tokio::test]
async fn scans_at_once_have_each_their_own_answer() {
    let world = World::new().await;
    let mut all = Vec::new();
    for name in ["王伟", "李娜", "张敏"] {
        let (_, id) = world.active(name).await;
        all.push((path(&world, id).await, name));
    }
    let (_, suspended) = world.active("刘洋").await;
    let ground =
        Particulars { ground: Some(Ground::RefusingSupervision), ..Particulars::default() };
    act_on(&world.platform, &world.supervisor, suspended, A::Suspend, &ground).await.unwrap();
    let suspended = path(&world, suspended).await;
    let scans = all.iter().cycle().take(60).map(|(path, name)| async {
        let ((status, verdict, page), other) =
            tokio::join!(open(&world, path), open(&world, &suspended));
        assert_eq!((status, verdict.as_str()), (200, "VALID"));
        assert!(page.contains(*name), "{page}");
        assert_eq!((other.0, other.1.as_str()), (200, "NOT_AUTHORISED"));
        assert!(other.2.contains("刘洋"), "{}", other.2);
    });
    futures::future::join_all(scans).await;
}

#[tokio::test]
async fn where_the_database_keeps_a_scan_waiting_its_status_is_unknown() {
    let world = World::new().await;
    let (_, id) = world.active("王伟").await;
    let path = path(&world, id).await;
    let mut held = Vec::new();
    while let Ok(one) =
        timeout(Duration::from_millis(300), world.platform.db.lookups().begin()).await
    {
        held.push(one.unwrap());
    }
    let (status, verdict, page) = open(&world, &path).await;
    assert_eq!((status, verdict.as_str()), (503, "STATUS_UNKNOWN"));
    assert!(!page.contains("王伟"), "what is shown of a code comes from the record: {page}");
    drop(held);
    let (status, verdict, _) = open(&world, &path).await;
    assert_eq!((status, verdict.as_str()), (200, "VALID"));
}

#[tokio::test]
async fn without_a_database_the_status_of_a_genuine_code_is_unknown() {
    let world = World::new().await;
    let (_, id) = world.active("王伟").await;
    let path = path(&world, id).await;
    world.platform.db.close().await.unwrap();
    let (status, verdict, _) = open(&world, &path).await;
    assert_eq!((status, verdict.as_str()), (503, "STATUS_UNKNOWN"));
    let (status, verdict, _) = open(&world, "/v/123").await;
    assert_eq!((status, verdict.as_str()), (200, "UNREADABLE"), "that needs no database");
}
