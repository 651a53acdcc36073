//! The look-up by number: for anyone on the page, and for callers of the hotline over GraphQL.

use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::graphql::ids::encode;
use api::platform::texts::Locale;
use api::verification::lookup::{
    ALL_WINDOW, Answer, FROM_ALL, FROM_ONE_PLACE, Typed, find, look_up,
};
use api::verification::{for_callers, headers};
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request, header};
use entities::enums::{ApplicationAct, CertificateAct as A, Role, ScopeAxis};
use entities::ids::CertificateId;
use futures::{StreamExt, stream};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement,
};
use serde_json::{Value, json};

use super::world::*;

const FORM: &str = "application/x-www-form-urlencoded";
const PLACE: &str = "192.0.2.1";

/// Sends the body of a form from a place: status, headers and the whole page.
async fn send(world: &World, place: &str, kind: &str, body: String) -> (u16, HeaderMap, String) {
    let mut request = Request::post("/lookup").header(header::CONTENT_TYPE, kind);
    let place: IpAddr = place.parse().unwrap();
    request.extensions_mut().unwrap().insert(ConnectInfo(SocketAddr::new(place, 9)));
    answered(world, request.body(Body::from(body)).unwrap()).await
}

async fn answered(world: &World, request: Request<Body>) -> (u16, HeaderMap, String) {
    let (mut parts, body) = world.app().http(request).await.into_parts();
    // It follows from the page.
    parts.headers.remove(header::CONTENT_LENGTH);
    let page = String::from_utf8(to_bytes(body, 1 << 20).await.unwrap().into()).unwrap();
    (parts.status.as_u16(), parts.headers, page)
}

fn form(number: &str, name: &str) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.append_pair("number", number).append_pair("name", name).finish()
}

async fn by_number(world: &World, number: &str, name: &str) -> (u16, HeaderMap, String) {
    send(world, PLACE, FORM, form(number, name)).await
}

async fn number(world: &World, id: CertificateId) -> String {
    world.certificate(id).await.number
}

#[tokio::test]
async fn a_look_up_shows_what_a_scan_shows_in_every_state() {
    const LOOKED_UP: &str = "按证件编号和姓名查得，未核验证件上的二维码。";
    const SCANNED: &str = "印刷码可被复印，请务必核对照片。";
    let world = World::new().await;
    let p = &world.platform;
    let waiting = world.qualified("赵敏").await;
    let waiting = world.issued(waiting, ApplicationAct::Initial).await;
    let mut certificates = vec![("赵敏", waiting, "NOT_YET_VALID", true)];
    for (name, act, expected, photo) in [
        ("王伟", None, "VALID", true),
        ("李娜", Some((A::Suspend, Ground::RefusingSupervision)), "NOT_AUTHORISED", false),
        ("张敏", Some((A::Revoke, Ground::Altering)), "NOT_AUTHORISED", false),
        ("刘洋", Some((A::Cancel, Ground::Retirement)), "CANCELLED", false),
    ] {
        let (_, id) = world.active(name).await;
        if let Some((act, ground)) = act {
            act_on(p, &world.issuer, id, act, &because(ground)).await.unwrap();
        }
        certificates.push((name, id, expected, photo));
    }
    let (_, lost) = world.active("陈静").await;
    act_on(p, &world.hr, lost, A::ReportLoss, &because(Ground::Loss)).await.unwrap();
    certificates.push(("陈静", lost, "LOST", false));

    let both = async |name: &str, id: CertificateId, expected: &str, photo: bool| {
        let digits = api::credentials::codes_of(p.db.read(), &[id]).await.unwrap();
        let scan = Request::get(format!("/v/{}", digits[0].digits)).body(Body::empty()).unwrap();
        let (status, scan_headers, scan) = answered(&world, scan).await;
        assert_eq!((status, verdict_of(&scan)), (200, expected), "{name}");
        let (status, headers, page) = by_number(&world, &number(&world, id).await, name).await;
        assert_eq!((status, headers), (200, scan_headers), "{name}");
        assert_eq!(page.contains("<img"), photo, "{name}");
        let remark = format!("<p class=\"remark\">{LOOKED_UP}</p>");
        let as_scanned =
            if photo { page.replace(LOOKED_UP, SCANNED) } else { page.replace(&remark, "") };
        assert_ne!(page, as_scanned, "{name}");
        assert_eq!(as_scanned, scan, "{name}");
    };
    for (name, id, expected, photo) in &certificates {
        both(name, *id, expected, *photo).await;
    }
    let until = world.certificate(certificates[1].1).await.valid_until;
    world.advance((until - api::platform::clock::local_date(p.now())).num_days());
    both("王伟", certificates[1].1, "VALID", true).await;
    world.advance(1);
    both("王伟", certificates[1].1, "EXPIRED", false).await;
}

#[tokio::test]
async fn number_and_name_are_mended_as_a_roster_mends_them() {
    let world = World::new().await;
    let (_, id) = world.active("阿依古丽·买买提").await;
    let number = number(&world, id).await;
    let wide: String =
        number.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap()).collect();
    for (number, name) in [
        (number.as_str(), "阿依古丽·买买提"),
        (wide.as_str(), " 阿依古丽•买买提 "),
        (format!(" {} {}", &number[..4], &number[4..]).as_str(), "阿依古丽 . 买买提"),
        (number.as_str(), "阿依古丽．买买提\u{200b}"),
    ] {
        let (status, _, page) = by_number(&world, number, name).await;
        assert_eq!((status, verdict_of(&page)), (200, "VALID"), "{number} {name}");
    }
}

/// Tells how often, and what, the database is asked.
struct Counted<'a>(&'a DatabaseConnection, Mutex<Vec<String>>);

#[async_trait::async_trait]
impl ConnectionTrait for Counted<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.0.get_database_backend()
    }

    async fn execute_raw(&self, statement: Statement) -> Result<ExecResult, DbErr> {
        self.1.lock().unwrap().push(statement.sql.clone());
        self.0.execute_raw(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> Result<ExecResult, DbErr> {
        self.1.lock().unwrap().push(sql.to_owned());
        self.0.execute_unprepared(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> Result<Option<QueryResult>, DbErr> {
        self.1.lock().unwrap().push(statement.sql.clone());
        self.0.query_one_raw(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> Result<Vec<QueryResult>, DbErr> {
        self.1.lock().unwrap().push(statement.sql.clone());
        self.0.query_all_raw(statement).await
    }
}

#[tokio::test]
async fn every_miss_is_one_answer_and_costs_what_a_hit_costs() {
    let world = World::new().await;
    let (_, id) = world.active("王伟").await;
    let (_, other) = world.active("李娜").await;
    let (own, of_other) = (number(&world, id).await, number(&world, other).await);
    let long = "6".repeat(300);
    let misses = [
        (own.as_str(), "汪伟"),
        (own.as_str(), "王"),
        (of_other.as_str(), "王伟"),
        ("99999999999", "王伟"),
        ("王伟", own.as_str()),
        ("%", "%"),
        ("' OR 1=1 --", "王伟"),
        ("6\u{0}2", "王伟"),
        (long.as_str(), long.as_str()),
        ("\u{10ffff}", "\u{e863}"),
    ];
    let first = by_number(&world, misses[0].0, misses[0].1).await;
    assert_eq!(first.0, 200);
    assert!(first.2.contains("data-problem=\"NO_MATCH\""), "{}", first.2);
    assert!(first.2.contains("<h1>没有查到相符的证件</h1>"), "{}", first.2);
    for (name, value) in headers::page_headers(Locale::ZhCn, false) {
        assert_eq!(first.1[name], value, "{name}");
    }
    for (number, name) in misses {
        assert_eq!(by_number(&world, number, name).await, first, "{number} {name}");
    }

    let asked = async |number: &str, name: &str| {
        let counted = Counted(world.platform.db.lookups(), Mutex::default());
        let found = find(&counted, &Typed::read(number, name).unwrap()).await.unwrap();
        (found.is_some(), counted.1.into_inner().unwrap())
    };
    let (found, statements) = asked(&own, "王伟").await;
    assert_eq!((found, statements.len()), (true, 1));
    for (number, name) in misses {
        assert_eq!(asked(number, name).await, (false, statements.clone()), "{number} {name}");
    }
}

#[tokio::test]
async fn a_form_that_cannot_be_read_is_told_so() {
    let world = World::new().await;
    let (_, id) = world.active("王伟").await;
    let number = number(&world, id).await;
    let whole = form(&number, "王伟");
    let with_charset = "application/x-www-form-urlencoded; charset=UTF-8";
    let (status, _, page) = send(&world, PLACE, with_charset, whole.clone()).await;
    assert_eq!((status, verdict_of(&page)), (200, "VALID"));
    // Fields that are not asked for change nothing, and the first of two is taken.
    let more = format!("x=1&{whole}&name=x&number=y");
    assert_eq!(verdict_of(&send(&world, PLACE, FORM, more).await.2), "VALID");
    for (status, kind, body) in [
        (415, "application/json", whole.clone()),
        (415, "multipart/form-data; boundary=x", whole.clone()),
        (415, "", whole.clone()),
        (413, FORM, format!("{whole}&x={}", "y".repeat(4096))),
    ] {
        let (answered, _, page) = send(&world, PLACE, kind, body).await;
        assert_eq!(answered, status, "{kind}");
        assert!(page.contains("data-problem=\"FORM_UNREADABLE\""), "{page}");
        assert!(!page.contains("王伟"), "{page}");
    }
    for (body, errors) in [
        (String::new(), vec!["number-error", "name-error"]),
        (form("  ", "王伟"), vec!["number-error"]),
        (form(&number, "\u{3000}"), vec!["name-error"]),
        ("number=%ff%fe".to_owned(), vec!["name-error"]),
    ] {
        let (status, _, page) = send(&world, PLACE, FORM, body.clone()).await;
        assert_eq!(status, 422, "{body}");
        let marked: Vec<&str> = page
            .split("class=\"error\" id=\"")
            .skip(1)
            .map(|error| error.split('"').next().unwrap())
            .collect();
        assert_eq!(marked, errors, "{body}");
    }
    // In an address it would come into logs and histories.
    let in_address = Request::get(format!("/lookup?{whole}")).body(Body::empty()).unwrap();
    let (status, _, page) = answered(&world, in_address).await;
    assert_eq!(status, 200);
    assert!(page.contains("<form") && !page.contains("王伟") && !page.contains(&number), "{page}");
}

#[tokio::test]
async fn too_many_from_one_neighbourhood_wait_and_others_do_not() {
    let world = World::new().await;
    let (_, id) = world.active("王伟").await;
    let whole = form(&number(&world, id).await, "王伟");
    for (one, near, far) in [
        (PLACE, PLACE, "192.0.2.2"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:3::1"),
        ("198.51.100.7", "::ffff:198.51.100.7", "198.51.100.8"),
    ] {
        // What is blank asks nothing of the register, and is not counted.
        for _ in 0..3 {
            assert_eq!(send(&world, one, FORM, form("", "")).await.0, 422);
        }
        for nth in 0..FROM_ONE_PLACE {
            let (status, _, page) = send(&world, one, FORM, whole.clone()).await;
            assert_eq!((status, verdict_of(&page)), (200, "VALID"), "{one} {nth}");
        }
        let (status, headers, page) = send(&world, near, FORM, whole.clone()).await;
        assert_eq!(status, 429, "{near}");
        // Ten o'clock is the beginning of a window of ten minutes.
        assert_eq!(headers[header::RETRY_AFTER], "600");
        assert!(page.contains("data-problem=\"TOO_MANY_REQUESTS\""), "{page}");
        assert!(page.contains("<h1>查询过于频繁</h1>"), "{page}");
        assert_eq!(send(&world, far, FORM, whole.clone()).await.0, 200, "{far}");
    }
    world.app().clock.advance(chrono::Duration::minutes(10));
    assert_eq!(send(&world, PLACE, FORM, whole.clone()).await.0, 200);
}

#[tokio::test]
async fn many_places_together_have_a_ceiling() {
    let world = World::new().await;
    let typed = Typed::read("99999999999", "王伟").unwrap();
    let (platform, typed) = (&world.platform, &typed);
    let ask = |nth: u32| async move {
        let place = IpAddr::V4((0x0a00_0000 + nth).into());
        look_up(platform, Some(place), typed, Locale::ZhCn).await
    };
    let asked = stream::iter(0..FROM_ALL + 10).map(ask).buffer_unordered(8);
    let answers: Vec<Answer> = asked.collect().await;
    let let_in = answers.iter().filter(|answer| matches!(answer, Answer::NoMatch)).count();
    assert_eq!(let_in, usize::try_from(FROM_ALL).unwrap());
    assert!(matches!(ask(FROM_ALL + 11).await, Answer::TooMany { retry_after: 60 }));
    world.app().clock.advance(ALL_WINDOW);
    assert!(matches!(ask(FROM_ALL + 11).await, Answer::NoMatch));
}

#[tokio::test]
async fn without_a_database_the_service_is_down_and_nothing_is_said_of_the_certificate() {
    let world = World::new().await;
    let (_, id) = world.active("王伟").await;
    let number = number(&world, id).await;
    world.platform.db.close().await.unwrap();
    let down = by_number(&world, &number, "王伟").await;
    assert_eq!((down.0, verdict_of(&down.2)), (503, "SERVICE_DOWN"));
    assert_eq!(by_number(&world, "1", "李娜").await, down);
}

const LOOK_UP: &str = "query($number: String!, $name: String) { lookUpCertificate(number: $number, \
    name: $name) { verdict headingZh headingEn adviceZh adviceEn nameMatches name unit number kind \
    fieldsZh fieldsEn area validFrom validUntil issuingAuthority complaintPhone checkedAt } }";

/// What the log holds of look-ups: chain, subject and body.
async fn logged(world: &World) -> Vec<(String, String, String)> {
    let log = world.app().audit_log().await.into_iter();
    let of_them = log.filter(|entry| entry.action == "certificate.look_up");
    of_them.map(|entry| (entry.stream, entry.subject, entry.body)).collect()
}

#[tokio::test]
async fn an_operator_reads_to_a_caller_what_anyone_may_know_and_the_log_tells() {
    let world = World::new().await;
    let operator = world.staff(Role::HotlineOperator, world.justice, ScopeAxis::Territory).await;
    let elsewhere = world.staff(Role::HotlineOperator, world.elsewhere, ScopeAxis::Territory).await;
    let (_, id) = world.active("王伟").await;
    let number = number(&world, id).await;
    let card = world.card(id).await;
    let ask = async |name: Option<&str>| {
        let variables = json!({ "number": format!(" {number} "), "name": name });
        world.app().graphql(Some(&operator), LOOK_UP, variables).await
    };
    let expected = |verdict: [&str; 5], name_matches: Value| {
        let [verdict, heading_zh, heading_en, advice_zh, advice_en] = verdict;
        json!({ "data": { "lookUpCertificate": {
            "verdict": verdict,
            "headingZh": heading_zh,
            "headingEn": heading_en,
            "adviceZh": advice_zh,
            "adviceEn": advice_en,
            "nameMatches": name_matches,
            "name": "王伟",
            "unit": "永登县交通运输局",
            "number": number,
            "kind": "ENFORCEMENT_OFFICER",
            "fieldsZh": ["交通运输"],
            "fieldsEn": ["Transport"],
            "area": "永登县",
            "validFrom": card.valid_from,
            "validUntil": card.valid_until,
            "issuingAuthority": card.issuing_authority,
            "complaintPhone": "0931-6412345",
            "checkedAt": world.platform.now().to_rfc3339(),
        } } })
    };
    let valid = [
        "VALID",
        "证件有效",
        "Certificate in force",
        "请核对照片与本人。上门检查企业的，可请对方出示检查通知书（突发应急等情形除外）。",
        "Compare the photo with the person. For a business inspection you may ask for the \
         inspection notice (emergencies excepted).",
    ];
    assert_eq!(ask(None).await, expected(valid, Value::Null));
    assert_eq!(ask(Some("王 伟")).await, expected(valid, json!(true)));
    assert_eq!(ask(Some("汪伟")).await, expected(valid, json!(false)));
    let ground = because(Ground::RefusingSupervision);
    act_on(&world.platform, &world.supervisor, id, A::Suspend, &ground).await.unwrap();
    let suspended = [
        "NOT_AUTHORISED",
        "此证目前不能用于执法",
        "Not currently authorised",
        "请致电对方单位核实，可请其另派持有效证件的人员。",
        "Call the agency; you may ask it to send someone with a valid certificate.",
    ];
    assert_eq!(ask(None).await, expected(suspended, Value::Null));

    // What is nowhere and what another part of the tree has are answered and logged alike.
    let none = json!({ "data": { "lookUpCertificate": null } });
    let nowhere = json!({ "number": "99999999999" });
    assert_eq!(world.app().graphql(Some(&operator), LOOK_UP, nowhere).await, none);
    let beyond = json!({ "number": number, "name": "王伟" });
    assert_eq!(world.app().graphql(Some(&elsewhere), LOOK_UP, beyond).await, none);
    let found = (world.bureau.0.to_string(), encode(id), r#"{"found":true}"#.to_owned());
    let miss = |actor: &api::platform::actor::Actor| {
        let subject = encode(actor.account().unwrap());
        ("system".to_owned(), subject, r#"{"found":false}"#.to_owned())
    };
    let mut expected = vec![found; 4];
    expected.extend([miss(&operator), miss(&elsewhere)]);
    let mut logged = logged(&world).await;
    logged.sort();
    expected.sort();
    assert_eq!(logged, expected);
}

#[tokio::test]
async fn an_operator_who_looks_up_too_much_waits_and_another_does_not() {
    let world = World::new().await;
    let one = world.staff(Role::HotlineOperator, world.justice, ScopeAxis::Territory).await;
    let other = world.staff(Role::HotlineOperator, world.justice, ScopeAxis::Territory).await;
    let variables = json!({ "number": "99999999999" });
    let none = json!({ "data": { "lookUpCertificate": null } });
    for _ in 0..for_callers::BY_ONE_ACCOUNT {
        assert_eq!(world.app().graphql(Some(&one), LOOK_UP, variables.clone()).await, none);
    }
    let over = world.app().graphql(Some(&one), LOOK_UP, variables.clone()).await;
    assert_eq!(over["errors"][0]["extensions"]["code"], "TOO_MANY_LOOK_UPS");
    assert_eq!(over["data"], Value::Null);
    assert_eq!(world.app().graphql(Some(&other), LOOK_UP, variables.clone()).await, none);
    let all = usize::try_from(for_callers::BY_ONE_ACCOUNT).unwrap() + 1;
    assert_eq!(logged(&world).await.len(), all, "what is refused reads nothing");
    world.app().clock.advance(for_callers::WINDOW);
    assert_eq!(world.app().graphql(Some(&one), LOOK_UP, variables).await, none);
}
