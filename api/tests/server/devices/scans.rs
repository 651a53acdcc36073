//! The page of a phone's code.

use std::time::Duration as Wait;

use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::devices;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, header};
use chrono::Duration;
use entities::enums::{CertificateAct as A, DeviceEnd};
use entities::phone_credential;
use mobile_contract::{digits::bytes_to_digits, present};
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, TransactionTrait};
use tokio::time::timeout;

use super::*;
use crate::certification::world::{because, verdict_of};

/// Status and the whole page.
async fn open(world: &World, method: Method, code: &str, language: &str) -> (u16, String) {
    let request = Request::builder()
        .method(method)
        .uri(format!("/v/{code}"))
        .header(header::ACCEPT_LANGUAGE, language)
        .body(Body::empty())
        .unwrap();
    let response = world.app.http(request).await;
    let status = response.status().as_u16();
    let page = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(page.into()).unwrap())
}

/// The verdict of a code that is scanned by anyone.
pub async fn verdict(world: &World, code: &str) -> String {
    verdict_of(&open(world, Method::GET, code, "zh-CN").await.1).to_owned()
}

const SEEN_ZH: &str = "此码两分钟内已被打开过";
const SEEN_EN: &str = "already opened within the last two minutes";

struct Shown {
    world: World,
    holder: Holder,
    phone: DeviceId,
}

impl Shown {
    async fn new() -> Self {
        let world = World::new().await;
        let holder = Holder::new(&world, "王伟").await;
        let phone = holder.enrol(&world, &key(3)).await.id;
        Self { world, holder, phone }
    }

    async fn code(&self) -> String {
        self.holder.code(&self.world, self.phone, &key(3), None).await
    }

    fn later(&self, seconds: i64) {
        self.world.app.clock.advance(Duration::seconds(seconds));
    }
}

#[tokio::test]
async fn a_phone_shows_its_certificate_live() {
    let shown = Shown::new().await;
    let code = shown.code().await;
    shown.later(5);
    for (language, live) in [("zh-CN", "于10:00:00当面出示"), ("en", "Shown live at 10:00:00")]
    {
        let (status, page) = open(&shown.world, Method::GET, &code, language).await;
        assert_eq!((status, verdict_of(&page)), (200, "VALID"));
        assert!(page.contains(live), "{page}");
        assert!(page.contains("王伟") && page.contains("/photo/"), "{page}");
        assert!(!page.contains("可被复印") && !page.contains("can be copied"), "{page}");
    }
    shown.later(86);
    assert_eq!(verdict(&shown.world, &code).await, "STALE_CODE");
    let (_, page) = open(&shown.world, Method::GET, &code, "zh-CN").await;
    assert!(page.contains("此码已过时") && !page.contains("王伟"), "{page}");
}

#[tokio::test]
async fn a_copy_is_told_from_a_showing() {
    let shown = Shown::new().await;
    let credential = shown.holder.credential(&shown.world, shown.phone).await;
    let bare = bytes_to_digits(&credential.bytes).unwrap();
    let (status, page) = open(&shown.world, Method::GET, &bare, "zh-CN").await;
    assert_eq!((status, verdict_of(&page)), (200, "PRESENTATION_MISSING"));
    assert!(!page.contains("王伟"), "{page}");
    // Another phone shows it, or it answers a challenge that the page does not hold.
    let now = shown.world.app.now().timestamp();
    let other = present(&credential.bytes, now, None, &key(4)).unwrap();
    assert_eq!(verdict(&shown.world, &other).await, "SIGNATURE_INVALID");
    let challenged = present(&credential.bytes, now, Some(&[7; 16]), &key(3)).unwrap();
    assert_eq!(verdict(&shown.world, &challenged).await, "CHALLENGE_BOUND");
    // From the future.
    let ahead = present(&credential.bytes, now + 31, None, &key(3)).unwrap();
    assert_eq!(verdict(&shown.world, &ahead).await, "STALE_CODE");
}

#[tokio::test]
async fn a_change_of_certificate_or_phone_shows_at_the_next_scan() {
    let shown = Shown::new().await;
    let (world, id) = (&shown.world, shown.holder.certificate);
    let code = shown.code().await;
    for (actor, act, ground, expected) in [
        (&world.supervisor, A::Suspend, Ground::RefusingSupervision, "NOT_AUTHORISED"),
        (&world.issuer, A::Lift, Ground::CauseEnded, "VALID"),
    ] {
        act_on(&world.platform, actor, id, act, &because(ground)).await.unwrap();
        assert_eq!(verdict(world, &code).await, expected);
    }
    devices::end(&world.platform, &shown.holder.actor, shown.phone, DeviceEnd::Lost).await.unwrap();
    let (status, page) = open(world, Method::GET, &code, "zh-CN").await;
    assert_eq!((status, verdict_of(&page)), (200, "STALE_CODE"));
    assert!(!page.contains("王伟"), "a lost phone shows nobody: {page}");
    // The card still holds.
    let card = api::credentials::codes_of(world.platform.db.read(), &[id]).await.unwrap();
    assert_eq!(verdict(world, &card[0].digits).await, "VALID");
    act_on(&world.platform, &world.issuer, id, A::Cancel, &because(Ground::Retirement))
        .await
        .unwrap();
    assert_eq!(verdict(world, &code).await, "CANCELLED", "what ends for good comes first");
}

#[tokio::test]
async fn what_is_not_on_record_as_it_says_was_not_issued_here() {
    let shown = Shown::new().await;
    let code = shown.code().await;
    assert_eq!(verdict(&shown.world, &code).await, "VALID");
    let db = shown.world.platform.db.writer();
    phone_credential::Entity::update_many()
        .col_expr(phone_credential::Column::Kid, Expr::value(vec![0_u8; 4]))
        .exec(db)
        .await
        .unwrap();
    assert_eq!(verdict(&shown.world, &code).await, "KEY_COMPROMISED");
    phone_credential::Entity::delete_many().exec(db).await.unwrap();
    assert_eq!(verdict(&shown.world, &code).await, "KEY_COMPROMISED");
}

#[tokio::test]
async fn a_repeat_is_a_remark_and_no_refusal() {
    let shown = Shown::new().await;
    let world = &shown.world;
    let code = shown.code().await;
    // HEAD looks at nothing, and neither do those that do not hold.
    let bare = bytes_to_digits(&shown.holder.credential(world, shown.phone).await.bytes).unwrap();
    for (method, code) in [(Method::HEAD, &code), (Method::HEAD, &code), (Method::GET, &bare)] {
        open(world, method, code, "zh-CN").await;
    }
    let seen = async |language: &str| {
        let (status, page) = open(world, Method::GET, &code, language).await;
        assert_eq!((status, verdict_of(&page)), (200, "VALID"));
        page.contains(SEEN_ZH) || page.contains(SEEN_EN)
    };
    shown.later(10);
    assert!(!seen("zh-CN").await, "the first");
    shown.later(2);
    assert!(!seen("zh-CN").await, "the same request again");
    shown.later(1);
    assert!(seen("zh-CN").await && seen("en").await);
    // HEAD is answered like the page it stands for.
    let (status, page) = open(world, Method::HEAD, &code, "zh-CN").await;
    assert_eq!((status, page.as_str()), (200, ""));
    // The next code of the same phone is another.
    shown.later(30);
    let next = shown.code().await;
    assert_ne!(next, code);
    let (_, page) = open(world, Method::GET, &next, "zh-CN").await;
    assert!(!page.contains(SEEN_ZH), "{page}");
}

#[tokio::test]
async fn a_code_in_other_digits_is_the_same_code() {
    let shown = Shown::new().await;
    let world = &shown.world;
    let code = shown.code().await;
    // Of an ECDSA signature anyone can make the second one: s becomes n − s.
    let mut bytes = mobile_contract::digits::digits_to_bytes(&code).unwrap();
    let order = hex::decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let at = bytes.len() - 32;
    let mut borrow = 0_i16;
    for (n, s) in order.unwrap().iter().zip(bytes[at..].iter_mut()).rev() {
        let left = i16::from(*n) - i16::from(*s) - borrow;
        borrow = i16::from(left < 0);
        *s = u8::try_from(left.rem_euclid(256)).unwrap();
    }
    let other = bytes_to_digits(&bytes).unwrap();
    assert_ne!(other, code);
    let (_, page) = open(world, Method::GET, &code, "zh-CN").await;
    assert!(!page.contains(SEEN_ZH));
    shown.later(5);
    let (_, page) = open(world, Method::GET, &other, "zh-CN").await;
    assert_eq!(verdict_of(&page), "VALID");
    assert!(page.contains(SEEN_ZH), "{page}");
}

#[tokio::test]
async fn where_the_database_is_away_the_status_is_unknown() {
    let shown = Shown::new().await;
    let world = &shown.world;
    let code = shown.code().await;
    let mut held = Vec::new();
    while let Ok(one) = timeout(Wait::from_millis(300), world.platform.db.lookups().begin()).await {
        held.push(one.unwrap());
    }
    let (status, page) = open(world, Method::GET, &code, "zh-CN").await;
    assert_eq!((status, verdict_of(&page)), (503, "STATUS_UNKNOWN"));
    assert!(!page.contains("王伟") && !page.contains(SEEN_ZH), "{page}");
    drop(held);
    assert_eq!(verdict(world, &code).await, "VALID");
    world.platform.db.close().await.unwrap();
    let (status, page) = open(world, Method::GET, &code, "zh-CN").await;
    assert_eq!((status, verdict_of(&page)), (503, "STATUS_UNKNOWN"));
}

#[tokio::test]
async fn many_phones_at_once_have_each_their_own_answer() {
    let shown = Shown::new().await;
    let world = &shown.world;
    let mut all = vec![(shown.code().await, "王伟")];
    for (n, name) in [(5, "李娜"), (6, "张敏")] {
        let holder = Holder::new(world, name).await;
        let phone = holder.enrol(world, &key(n)).await.id;
        all.push((holder.code(world, phone, &key(n), None).await, name));
    }
    let scans = all.iter().cycle().take(60).map(|(code, name)| async move {
        let (status, page) = open(world, Method::GET, code, "zh-CN").await;
        assert_eq!((status, verdict_of(&page)), (200, "VALID"));
        assert!(page.contains(*name), "{page}");
    });
    futures::future::join_all(scans).await;
}
