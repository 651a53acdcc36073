//! The form as a citizen sends it.

use api::verification::headers::content_security_policy;
use api::verification::lookup::FROM_ONE_PLACE;
use chrono::Duration;
use entities::audit_entry;
use entities::enums::{ComplaintCategory, ComplaintState};
use sea_orm::{EntityTrait, PaginatorTrait};

use super::worklist::province;
use super::*;
use crate::certification::world::day;

#[tokio::test]
async fn a_complaint_from_a_scan_is_received_under_a_number_and_followed_by_it() {
    let world = World::new().await;
    let (person, certificate) = world.active("王伟").await;
    let before = audit_entry::Entity::find().count(world.platform.db.read()).await.unwrap();
    let form = form_about(&world, certificate).await;
    for (header, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("content-security-policy", content_security_policy()),
        ("x-robots-tag", "noindex"),
    ] {
        assert_eq!(form.headers[header], value, "{header}");
    }
    assert!(!form.headers.contains_key(header::SET_COOKIE));
    assert!(form.page.contains("王伟</strong> 永登县交通运输局"), "{}", form.page);
    let receipt = complain(&world, certificate, &[("contact", "13800000000")]).await;
    assert_eq!(receipt.len(), 19, "{receipt}");

    let rows = complaints(&world).await;
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    let today = day("2026-03-02");
    assert_eq!((row.state, row.category), (ComplaintState::Received, ComplaintCategory::NotShown));
    assert_eq!(row.person_id, Some(person));
    assert_eq!((row.agency_id, row.desk_id), (Some(world.bureau), world.justice));
    assert_eq!((row.met_on, row.received_on), (Some(today), today));
    // Five working days later, and not yet provisional.
    assert_eq!((row.due_on, row.due_provisional), (day("2026-03-09"), false));
    // What the sender wrote stands in no column, nor the number of the receipt.
    let stored = format!("{row:?}");
    let digits = receipt.replace(' ', "");
    for written in ["13800000000", "上午店里", digits.as_str()] {
        assert!(!stored.contains(written), "{stored}");
        assert!(row.text_sealed.windows(written.len()).all(|w| w != written.as_bytes()));
    }
    // An id by chance, and no entry of the log: both would tell the moment.
    assert_eq!(row.id.0.get_version_num(), 4);
    let after = audit_entry::Entity::find().count(world.platform.db.read()).await.unwrap();
    assert_eq!(after, before);

    for typed in [receipt.clone(), digits, receipt.replace(' ', "-")] {
        let found = follow(&world, &typed).await;
        assert_eq!((found.status, found.is()), (200, "RECEIVED"), "{typed}");
        assert!(found.page.contains("永登县司法局") && found.page.contains("2026年3月9日"));
        for kept in ["王伟", "上午店里", "13800000000", "交通运输局"] {
            assert!(!found.page.contains(kept), "{kept}");
        }
    }
}

#[tokio::test]
async fn a_form_sent_twice_is_received_once_under_one_number() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let form = form_about(&world, certificate).await;
    let fields = [("kind", "complaint"), ("category", "CONDUCT"), ("text", TEXT)];
    let (one, other) =
        tokio::join!(post(&world, form.token(), &fields), post(&world, form.token(), &fields));
    let changed = [("kind", "complaint"), ("category", "OTHER"), ("text", "另写一遍。")];
    let later = post(&world, form.token(), &changed).await;
    for sent in [&one, &other, &later] {
        assert_eq!((sent.is(), sent.receipt()), ("RECEIPT", one.receipt()));
    }
    assert!(
        later.page.contains("没有重复登记")
            && one.page.contains("没有重复登记") != other.page.contains("没有重复登记")
    );
    let rows = complaints(&world).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].category, ComplaintCategory::Conduct, "what was sent first counts");
    // The same form evaluates too, under a number of its own; another form is another complaint.
    let evaluation =
        post(&world, form.token(), &[("kind", "evaluation"), ("satisfied", "no")]).await;
    assert_ne!(evaluation.receipt(), one.receipt());
    complain(&world, certificate, &[]).await;
    assert_eq!((complaints(&world).await.len(), evaluations(&world).await.len()), (2, 1));
}

#[tokio::test]
async fn what_is_wrong_is_said_at_its_field_and_what_was_typed_is_kept() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let form = form_about(&world, certificate).await;
    let token = form.token();
    let typed = "<b>上午</b>\u{7}";
    let fields = [("kind", "complaint"), ("category", ""), ("text", typed), ("contact", "a@b.cn")];
    let sent = post(&world, token, &fields).await;
    assert_eq!((sent.status, sent.is(), sent.notice()), (422, "FORM", Some("WRONG")));
    assert_eq!(sent.wrong(), ["category", "text"]);
    assert!(sent.page.contains("&#60;b&#62;上午&#60;/b&#62;") && !sent.page.contains("<b>"));
    assert!(sent.page.contains("value=\"a@b.cn\"") && sent.page.contains("王伟</strong>"));
    let unsaid = post(&world, token, &[("kind", "evaluation"), ("shown", "yes")]).await;
    assert_eq!((unsaid.status, unsaid.wrong()), (422, vec!["satisfied"]));
    assert!(unsaid.page.contains("name=\"shown\" value=\"yes\" checked"), "{}", unsaid.page);
    let in_english = send(&world, "/feedback?lang=en", PLACE, &[("token", token)]).await;
    assert!(in_english.page.contains("Choose what it is about."), "{}", in_english.page);
    assert_eq!((complaints(&world).await.len(), evaluations(&world).await.len()), (0, 0));
    // The form that comes back is the same one: it is received once.
    let again =
        post(&world, sent.token(), &[("kind", "complaint"), ("category", "OTHER"), ("text", TEXT)])
            .await;
    let first =
        post(&world, token, &[("kind", "complaint"), ("category", "OTHER"), ("text", TEXT)]).await;
    assert_eq!(again.receipt(), first.receipt());
}

#[tokio::test]
async fn a_form_that_has_ended_is_kept_and_can_be_sent_without_a_certificate() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let way = way_to_form(&world, certificate).await;
    let form = form_about(&world, certificate).await;
    world.app.clock.advance(Duration::minutes(119));
    let fields = [("kind", "complaint"), ("category", "OTHER"), ("text", TEXT)];
    let held = post(&world, form.token(), &fields).await;
    assert_eq!(held.is(), "RECEIPT");
    world.app.clock.advance(Duration::minutes(1));
    let ended = post(&world, form.token(), &fields).await;
    assert_eq!((ended.status, ended.notice()), (422, Some("ENDED")));
    assert!(ended.page.contains(TEXT) && !ended.page.contains("王伟"));
    let scanned = open(&world, &way).await;
    assert_eq!((scanned.status, scanned.notice()), (410, Some("ENDED")));
    for token in ["", "AAAA", &form.token()[1..]] {
        let sent = post(&world, token, &fields).await;
        assert_eq!((sent.status, sent.notice()), (422, Some("ENDED")), "{token}");
    }
    let unnamed = post(&world, ended.token(), &fields).await;
    assert_eq!((unnamed.status, unnamed.wrong()), (422, vec!["unit"]));
    let named: Vec<_> =
        fields.into_iter().chain([("unit", "某局王某"), ("place", "620122")]).collect();
    let sent = post(&world, ended.token(), &named).await;
    assert_eq!((sent.status, sent.is()), (200, "RECEIPT"));
    // An evaluation is about a certificate that was shown.
    let evaluation = [("kind", "evaluation"), ("satisfied", "yes")];
    assert_eq!(post(&world, ended.token(), &evaluation).await.status, 422);
    let rows = complaints(&world).await;
    let unnamed = rows.iter().find(|row| row.certificate_id.is_none()).unwrap();
    assert_eq!(unnamed.division_code.as_deref(), Some("620122"));
    assert_eq!((unnamed.agency_id, unnamed.person_id, unnamed.met_on), (None, None, None));
    assert_eq!(unnamed.desk_id, world.elsewhere, "the department of where it was");
}

#[tokio::test]
async fn without_a_place_the_province_has_it_and_about_a_department_the_one_above() {
    let world = World::new().await;
    let form = open(&world, "/feedback?lang=zh-CN").await;
    assert!(form.page.contains("<option value=\"620121\" lang=\"zh-CN\">永登县</option>"));
    assert!(!form.page.contains("name=\"satisfied\"") && !form.page.contains("620000"));
    let fields = [("kind", "complaint"), ("category", "OTHER"), ("text", TEXT), ("unit", "某局")];
    for place in ["", "999999"] {
        let form = open(&world, "/feedback").await;
        let named: Vec<_> = fields.into_iter().chain([("place", place)]).collect();
        assert_eq!(post(&world, form.token(), &named).await.is(), "RECEIPT");
    }
    let (_, certificate) = world.active("李娜").await;
    let of_justice = entities::public_card::ActiveModel {
        certificate_id: sea_orm::ActiveValue::Set(certificate),
        agency_id: sea_orm::ActiveValue::Set(world.justice),
        ..Default::default()
    };
    entities::public_card::Entity::update(of_justice)
        .exec(world.platform.db.writer())
        .await
        .unwrap();
    complain(&world, certificate, &[]).await;
    let province = province(&world).await;
    let rows = complaints(&world).await;
    assert_eq!(rows.len(), 3);
    for row in rows {
        assert_eq!((row.desk_id, row.division_code.as_deref()), (province, None));
    }
}

#[tokio::test]
async fn every_miss_is_one_page_and_a_slip_of_the_pen_is_told() {
    let world = World::new().await;
    let mut pages = Vec::new();
    for number in ["0000 0000 0000 0000", "9999 9999 9999 9999"] {
        let digits = number.replace(' ', "");
        let mut tried = (0..10).map(|check| format!("{}{check}", &digits[..15]));
        let sound = tried.find(|n| api::complaints::rules::read_receipt(n).is_ok()).unwrap();
        let miss = follow(&world, &sound).await;
        assert_eq!((miss.status, miss.is()), (200, "NONE"));
        pages.push(miss.page);
    }
    assert_eq!(pages[0], pages[1]);
    for (typed, said) in
        [("", "请填写回执编号。"), ("1234567890123456", "编号有误"), ("某号", "编号有误")]
    {
        let asked = follow(&world, typed).await;
        assert_eq!((asked.status, asked.is()), (422, "ASK"), "{typed}");
        assert!(asked.page.contains(said), "{}", asked.page);
    }
}

/// The fields of a complaint about a unit in words.
fn about_some_unit(form: &Answered) -> [(&str, &str); 5] {
    [
        ("token", form.token()),
        ("kind", "complaint"),
        ("category", "OTHER"),
        ("text", TEXT),
        ("unit", "某局"),
    ]
}

#[tokio::test]
async fn forms_and_numbers_are_counted_by_place() {
    let world = World::new().await;
    let form = open(&world, "/feedback").await;
    let fields = about_some_unit(&form);
    for _ in 0..FROM_ONE_PLACE {
        assert_eq!(send(&world, "/feedback", PLACE, &fields).await.status, 200);
    }
    let one_too_many = send(&world, "/feedback", PLACE, &fields).await;
    assert_eq!((one_too_many.status, one_too_many.notice()), (429, Some("TOO_MANY")));
    assert_eq!(one_too_many.headers[header::RETRY_AFTER], "600");
    assert!(one_too_many.page.contains(TEXT));
    assert_eq!(send(&world, "/feedback", "192.0.2.2", &fields).await.status, 200);
    let sent = send(&world, "/feedback", "192.0.2.3", &fields).await;
    let number = [("receipt", sent.receipt())];
    for _ in 0..FROM_ONE_PLACE {
        assert_eq!(send(&world, "/feedback/receipt", PLACE, &number).await.is(), "RECEIVED");
    }
    assert_eq!(send(&world, "/feedback/receipt", PLACE, &number).await.status, 429);
    assert_eq!(send(&world, "/feedback/receipt", "192.0.2.2", &number).await.status, 200);
}

#[tokio::test]
async fn forms_from_many_places_together_are_counted() {
    let world = World::new().await;
    let form = open(&world, "/feedback").await;
    let fields = about_some_unit(&form);
    for n in 0..600_u32 {
        let place = std::net::Ipv4Addr::from(0x0a00_0000 + n).into();
        let counted =
            api::verification::lookup::count(&world.platform, "feedback", Some(place), 600).await;
        assert_eq!(counted, api::platform::throttle::Allowance::Allowed, "{n}");
    }
    let sent = send(&world, "/feedback", PLACE, &fields).await;
    assert_eq!((sent.status, sent.notice()), (429, Some("TOO_MANY")));
    world.app.clock.advance(Duration::minutes(1));
    assert_eq!(send(&world, "/feedback", PLACE, &fields).await.status, 200);
}

#[tokio::test]
async fn what_is_no_form_is_refused_and_what_the_database_cannot_take_is_said() {
    let world = World::new().await;
    let form = open(&world, "/feedback").await;
    let long = "字".repeat(5000);
    let fields = [("token", form.token()), ("kind", "complaint"), ("text", long.as_str())];
    assert_eq!(send(&world, "/feedback", PLACE, &fields).await.status, 413);
    let json = Request::post("/feedback").header(header::CONTENT_TYPE, "application/json");
    assert_eq!(answered(&world, json.body(Body::from("{}")).unwrap()).await.status, 415);
    let fields = about_some_unit(&form);
    world.platform.db.close().await.unwrap();
    let down = send(&world, "/feedback", PLACE, &fields).await;
    assert_eq!((down.status, down.notice()), (503, Some("DOWN")));
    assert!(down.page.contains(TEXT) && down.page.contains("某局"));
    assert_eq!(open(&world, "/feedback").await.status, 503);
    let number = "7440 7370 9551 6151";
    assert_eq!(follow(&world, number).await.status, 503);
}
