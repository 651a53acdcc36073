//! What the party reads: the page of a scan while a showing is open, and the record later.

use api::certification::act_on;
use api::certification::rules::grounds::Ground;
use chrono::Duration;
use entities::enums::CertificateAct as A;
use entities::showing;
use sea_orm::ConnectionTrait;

use super::*;
use crate::certification::world::{because, verdict_of};

#[tokio::test]
async fn the_party_reads_what_is_shown_and_its_record_tells_later_how_it_was_then() {
    let world = World::new().await;
    let (wang, li) = (officer(&world, "王伟").await, officer(&world, "李娜").await);
    let (_, plain) = scanned(&world, wang.certificate, "zh-CN").await;
    assert!(!plain.contains("本次亮证") && record_code(&plain).is_none(), "{plain}");

    let showing = started(&world, &wang, json!({ "secondCertificateNo": li.number })).await;
    let (status, page) = scanned(&world, wang.certificate, "zh-CN").await;
    assert_eq!((status, verdict_of(&page)), (200, "VALID"));
    for said in ["道路货运企业安全检查", "永交检〔2026〕7号", "行政检查", "本人尚未确认"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("李娜"), "named, and has not said a word: {page}");
    let early = record_code(&page).unwrap();
    assert!(noted(&world).await);
    // While the party is there, nobody is told that it scanned.
    for actor in [&wang.actor, &li.actor, &world.supervisor] {
        let told = ask(world.app(), actor, SHOWING, id_of(&showing)).await;
        assert_eq!((&told["isOpen"], &told["scanned"]), (&json!(true), &Value::Null));
    }

    world.app.clock.advance(Duration::minutes(1));
    ask(world.app(), &li.actor, CONFIRM, id_of(&showing)).await;
    world.app.clock.advance(Duration::minutes(1));
    let (_, page) = scanned(&world, wang.certificate, "en").await;
    assert!(page.find("data-verdict").unwrap() < page.find("This showing").unwrap());
    assert!(page.contains("李娜（永登县交通运输局）"), "{page}");
    assert!(page.contains("the second has confirmed"), "{page}");
    let late = record_code(&page).unwrap();
    assert_ne!(early, late, "each says when it was shown");

    // Suspended while it is open: nothing speaks for the certificate any more but its record.
    world.app.clock.advance(Duration::minutes(1));
    let ground = because(Ground::RefusingSupervision);
    act_on(&world.platform, &world.supervisor, wang.certificate, A::Suspend, &ground)
        .await
        .unwrap();
    let (_, page) = scanned(&world, wang.certificate, "zh-CN").await;
    assert_eq!(verdict_of(&page), "NOT_AUTHORISED");
    assert!(!page.contains("道路货运企业安全检查") && !page.contains("李娜"), "{page}");
    let after = record_code(&page).unwrap();

    // The second says not to be there any more: what was read before stays as it was.
    world.app.clock.advance(Duration::minutes(1));
    ask(world.app(), &li.actor, DECLINE, id_of(&showing)).await;
    let (_, page) = scanned(&world, wang.certificate, "zh-CN").await;
    let alone = record_code(&page).unwrap();

    let ended = ask(world.app(), &wang.actor, END, id_of(&showing)).await;
    assert_eq!(ended["showing"]["scanned"], true);
    let (_, page) = scanned(&world, wang.certificate, "zh-CN").await;
    assert_eq!(record_code(&page), None, "{page}");
    world.advance(100);
    for (code, time, then, second) in [
        (&early, "2026年3月2日 10:00:00", "证件有效", false),
        (&late, "2026年3月2日 10:02:00", "证件有效", true),
        (&after, "2026年3月2日 10:03:00", "此证目前不能用于执法", true),
        (&alone, "2026年3月2日 10:04:00", "此证目前不能用于执法", false),
    ] {
        let (status, page) = record(&world, code, "zh-CN").await;
        assert_eq!(status, 200);
        for said in [
            time,
            &format!("当时的核验结论：{then}。"),
            "王伟",
            "永登县交通运输局",
            &wang.number,
            "道路货运企业安全检查",
        ] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert_eq!(page.contains("李娜"), second, "{code}: {page}");
    }
    let (_, page) = record(&world, &late.to_lowercase().replace('-', ""), "en").await;
    assert!(page.contains("Verdict then: Certificate in force."), "{page}");
}

#[tokio::test]
async fn a_scan_without_an_open_showing_asks_for_none_and_a_broken_one_spoils_no_page() {
    let world = World::new().await;
    let (wang, li) = (officer(&world, "王伟").await, officer(&world, "李娜").await);
    let (_, plain) = scanned(&world, wang.certificate, "zh-CN").await;
    started(&world, &wang, json!({})).await;
    assert_ne!(scanned(&world, wang.certificate, "zh-CN").await.1, plain);
    // Nobody knows of li's.
    assert_eq!(record_code(&scanned(&world, li.certificate, "zh-CN").await.1), None);
    let db = world.platform.db.writer();
    db.execute_unprepared("ALTER TABLE showings RENAME TO elsewhere").await.unwrap();
    assert_eq!(scanned(&world, wang.certificate, "zh-CN").await, (200, plain.clone()));
    let (status, page) = record(&world, "0000-0000-0000-0000", "zh-CN").await;
    assert_eq!(status, 200, "a code that is none needs no database: {page}");
    db.execute_unprepared("ALTER TABLE elsewhere RENAME TO showings").await.unwrap();
    assert_ne!(scanned(&world, wang.certificate, "zh-CN").await.1, plain);
    // When its time is over the page is the plain one again, with another time of the answer.
    world.app.clock.advance(Duration::minutes(30));
    assert_eq!(record_code(&scanned(&world, wang.certificate, "zh-CN").await.1), None);
}

#[tokio::test]
async fn asking_by_head_shows_nobody_anything() {
    let world = World::new().await;
    let wang = officer(&world, "王伟").await;
    started(&world, &wang, json!({})).await;
    let db = world.platform.db.read();
    let path = format!("/v/{}", world.digits(wang.certificate).await);
    let head = Request::head(path).body(Body::empty()).unwrap();
    assert_eq!(open(&world, head).await.0, 200);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let row = showing::Entity::find().one(db).await.unwrap().unwrap();
    assert!(!row.scanned);
}

#[tokio::test]
async fn a_code_that_is_no_record_is_told_so_and_keeps_what_was_typed() {
    let world = World::new().await;
    let form = Request::get("/record?lang=zh-CN").body(Body::empty()).unwrap();
    let (status, empty) = open(&world, form).await;
    assert_eq!(status, 200);
    assert!(empty.contains("<form method=\"post\" action=\"/record?lang=zh-CN\""), "{empty}");
    let (status, page) = record(&world, "\"><b>", "zh-CN").await;
    assert_eq!(status, 200);
    assert!(
        page.contains("没有查到这个凭证码") && page.contains("value=\"&#34;&#62;&#60;b&#62;\"")
    );
    let (status, page) = record(&world, " \u{3000}", "en").await;
    assert_eq!(status, 422);
    assert!(page.contains("Enter the code of the record."), "{page}");
    let no_form = Request::post("/record").body(Body::from("code=1")).unwrap();
    assert_eq!(open(&world, no_form).await.0, 415);
    let (status, _) = record(&world, &"9".repeat(2_000), "en").await;
    assert_eq!(status, 413);
    // Guessing is counted.
    let mut status = 200;
    for _ in 0..31 {
        status = record(&world, "0000-0000-0000-0000", "en").await.0;
    }
    assert_eq!(status, 429);
}
