//! What an officer says of a showing, what is found of it, and what is refused.

use api::certification::act_on;
use api::certification::rules::grounds::Ground;
use chrono::Duration;
use entities::enums::{CertificateAct as A, Role, ScopeAxis};
use entities::showing;

use super::*;
use crate::certification::world::because;

#[tokio::test]
async fn what_is_found_is_said_in_words_and_the_showing_is_recorded_all_the_same() {
    let world = World::new().await;
    let (wang, li) = (officer(&world, "王伟").await, officer(&world, "李娜").await);
    let all = |officers: &str, field: &str, area: &str, notice: &str| {
        vec![
            format!("OFFICERS {officers}"),
            format!("FIELD {field}"),
            format!("AREA {area}"),
            format!("NOTICE {notice}"),
        ]
    };
    for (change, expected) in [
        (json!({}), all("SECOND_OFFICER_MISSING", "OK", "OK", "OK")),
        (
            json!({ "secondCertificateNo": li.number }),
            all("SECOND_OFFICER_NOT_CONFIRMED", "OK", "OK", "OK"),
        ),
        (json!({ "aloneReason": "EMERGENCY" }), all("ALONE_BY_EXCEPTION", "OK", "OK", "OK")),
        (
            json!({ "fieldCodes": ["transport", "justice"], "divisionCode": "620122" }),
            all("SECOND_OFFICER_MISSING", "OUTSIDE_FIELD", "OUTSIDE_AREA", "OK"),
        ),
        (
            json!({ "divisionCode": null, "noticeNumber": null }),
            all("SECOND_OFFICER_MISSING", "OK", "PLACE_NOT_GIVEN", "NOTICE_NUMBER_MISSING"),
        ),
    ] {
        let showing = started(&world, &wang, change.clone()).await;
        assert_eq!(found(&showing), expected, "{change}");
        assert_eq!(showing["isOpen"], true);
        for check in showing["checks"].as_array().unwrap() {
            assert!(check["message"].as_str().unwrap().ends_with('.'), "{check}");
        }
        ask(world.app(), &wang.actor, END, id_of(&showing)).await;
    }
    // Of a penalty no notice is asked.
    let penalty = json!({ "kind": "PENALTY", "noticeNumber": null });
    let showing = started(&world, &wang, penalty).await;
    assert_eq!(found(&showing)[1..], ["FIELD OK", "AREA OK"]);
    assert_eq!(world.count::<showing::Entity>().await, 6);
}

#[tokio::test]
async fn the_second_officer_answers_in_a_session_of_their_own_while_it_is_open() {
    let world = World::new().await;
    let (wang, li) = (officer(&world, "王伟").await, officer(&world, "李娜").await);
    let zhao = officer(&world, "赵敏").await;
    let showing = started(&world, &wang, json!({ "secondCertificateNo": li.number })).await;
    // Whose number it is, its officer is told once that one has confirmed.
    let unanswered = json!({
        "certificateNo": li.number, "name": null, "agencyName": null,
        "answer": null, "answeredAt": null,
    });
    assert_eq!(showing["secondOfficer"], unanswered);
    let not_found = [("SHOWING_NOT_FOUND".to_owned(), json!("id"))];
    for other in [&wang, &zhao] {
        let answer = ask(world.app(), &other.actor, CONFIRM, id_of(&showing)).await;
        assert_eq!(refused(&answer), not_found);
    }
    let to_confirm = ask(world.app(), &li.actor, NAMING_ME, json!({ "open": true })).await;
    assert_eq!(nodes(&to_confirm)[0]["id"], showing["id"]);
    assert_eq!(nodes(&to_confirm)[0]["officerName"], "王伟");

    let declined = ask(world.app(), &li.actor, DECLINE, id_of(&showing)).await;
    assert_eq!(found(&declined["showing"])[0], "OFFICERS SECOND_OFFICER_DECLINED");
    for _ in 0..2 {
        let confirmed = ask(world.app(), &li.actor, CONFIRM, id_of(&showing)).await;
        assert_eq!(confirmed["userErrors"], json!([]));
        assert_eq!(found(&confirmed["showing"])[0], "OFFICERS OK");
    }
    let mine = ask(world.app(), &wang.actor, MINE, json!({ "open": true })).await;
    assert_eq!(nodes(&mine)[0]["secondOfficer"]["name"], "李娜");
    assert_eq!(nodes(&mine)[0]["secondOfficer"]["answer"], "CONFIRMED");

    world.app.clock.advance(Duration::minutes(30));
    let over = ask(world.app(), &li.actor, DECLINE, id_of(&showing)).await;
    assert_eq!(refused(&over), [("SHOWING_OVER".to_owned(), json!("id"))]);
    assert_eq!(
        nodes(&ask(world.app(), &wang.actor, MINE, json!({ "open": true })).await),
        [Value::Null; 0]
    );
    // Over is over, and ending it again changes nothing.
    let ended = ask(world.app(), &wang.actor, END, id_of(&showing)).await;
    assert_eq!((&ended["userErrors"], &ended["showing"]["isOpen"]), (&json!([]), &json!(false)));
    assert_eq!(ended["showing"]["scanned"], false);
    let log = world.app.audit_log().await;
    let acts: Vec<&str> = log
        .iter()
        .map(|entry| entry.action.as_str())
        .filter(|action| action.starts_with("showing."))
        .collect();
    assert_eq!(acts, ["showing.start", "showing.decline", "showing.confirm"]);
    let told: String = log.iter().map(|entry| entry.body.clone()).collect();
    assert!(!told.contains("货运") && !told.contains("李娜"), "no words, no names: {told}");
}

#[tokio::test]
async fn who_has_lost_the_certificate_neither_shows_nor_confirms() {
    let world = World::new().await;
    let (wang, li) = (officer(&world, "王伟").await, officer(&world, "李娜").await);
    let showing = started(&world, &wang, json!({ "secondCertificateNo": li.number })).await;
    let ground = because(Ground::RefusingSupervision);
    for officer in [&wang, &li] {
        act_on(&world.platform, &world.supervisor, officer.certificate, A::Suspend, &ground)
            .await
            .unwrap();
    }
    let none = [("NO_CERTIFICATE_IN_FORCE".to_owned(), Value::Null)];
    assert_eq!(refused(&ask(world.app(), &li.actor, CONFIRM, id_of(&showing)).await), none);
    // But says truthfully not to be there.
    let declined = ask(world.app(), &li.actor, DECLINE, id_of(&showing)).await;
    assert_eq!(found(&declined["showing"])[0], "OFFICERS SECOND_OFFICER_DECLINED");
    ask(world.app(), &wang.actor, END, id_of(&showing)).await;
    let log = world.app.audit_log().await;
    let ended = log.iter().find(|entry| entry.action == "showing.end").unwrap();
    assert_eq!(showing["id"], ended.subject.as_str());
    assert_eq!(refused(&ask(world.app(), &wang.actor, START, inspection(json!({}))).await), none);
    let clerk = world.staff(Role::Officer, world.bureau, ScopeAxis::Own).await;
    assert_eq!(refused(&ask(world.app(), &clerk, START, inspection(json!({}))).await), none);
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_its_field_and_nothing_begins() {
    let world = World::new().await;
    let (wang, li) = (officer(&world, "王伟").await, officer(&world, "李娜").await);
    let suspended = officer(&world, "刘洋").await;
    let ground = because(Ground::RefusingSupervision);
    act_on(&world.platform, &world.supervisor, suspended.certificate, A::Suspend, &ground)
        .await
        .unwrap();
    for (change, code, field) in [
        (json!({ "task": " " }), "TASK_INVALID", "task"),
        (json!({ "task": "检".repeat(101) }), "TASK_INVALID", "task"),
        (json!({ "task": "一\u{7}" }), "TASK_INVALID", "task"),
        (json!({ "task": "检\u{202e}查" }), "TASK_INVALID", "task"),
        (json!({ "noticeNumber": "7\u{2066}号" }), "NOTICE_NUMBER_INVALID", "noticeNumber"),
        (json!({ "noticeNumber": "号".repeat(61) }), "NOTICE_NUMBER_INVALID", "noticeNumber"),
        (json!({ "fieldCodes": [] }), "FIELD_COUNT_INVALID", "fieldCodes"),
        (json!({ "fieldCodes": vec!["transport"; 17] }), "FIELD_COUNT_INVALID", "fieldCodes"),
        (json!({ "fieldCodes": ["nothing"] }), "FIELD_UNKNOWN", "fieldCodes"),
        (json!({ "divisionCode": "999999" }), "DIVISION_UNKNOWN", "divisionCode"),
        (json!({ "minutes": 4 }), "SHOWING_MINUTES_INVALID", "minutes"),
        (json!({ "minutes": -1 }), "SHOWING_MINUTES_INVALID", "minutes"),
        (json!({ "minutes": 241 }), "SHOWING_MINUTES_INVALID", "minutes"),
        (
            json!({ "secondCertificateNo": "62000009999" }),
            "SECOND_CERTIFICATE_NOT_IN_FORCE",
            "secondCertificateNo",
        ),
        (
            json!({ "secondCertificateNo": suspended.number }),
            "SECOND_CERTIFICATE_NOT_IN_FORCE",
            "secondCertificateNo",
        ),
        (
            json!({ "secondCertificateNo": wang.number }),
            "SECOND_OFFICER_IS_ONESELF",
            "secondCertificateNo",
        ),
        (
            json!({ "secondCertificateNo": li.number, "aloneReason": "EMERGENCY" }),
            "SECOND_OFFICER_AND_REASON",
            "aloneReason",
        ),
        (json!({ "aloneReason": "TIRED" }), "ALONE_REASON_UNKNOWN", "aloneReason"),
    ] {
        let answer = ask(world.app(), &wang.actor, START, inspection(change.clone())).await;
        assert_eq!(refused(&answer), [(code.to_owned(), json!(field))], "{change}");
    }
    assert_eq!(world.count::<showing::Entity>().await, 0);
    assert_eq!(world.card(wang.certificate).await.shown_until, None);
}

#[tokio::test]
async fn of_one_officer_one_showing_is_open_however_many_sessions_begin_one() {
    let world = World::new().await;
    let wang = officer(&world, "王伟").await;
    let begin = || ask(world.app(), &wang.actor, START, inspection(json!({ "minutes": 5 })));
    let answers = tokio::join!(begin(), begin(), begin());
    let answers = [answers.0, answers.1, answers.2];
    let (begun, not): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer["userErrors"] == json!([]));
    assert_eq!((begun.len(), not.len()), (1, 2), "{answers:?}");
    for answer in not {
        assert_eq!(refused(answer), [("SHOWING_OPEN".to_owned(), Value::Null)]);
    }
    // The time it was open for is over: the next begins, and the first ended at its own end.
    world.app.clock.advance(Duration::minutes(5));
    let next = started(&world, &wang, json!({})).await;
    let all = nodes(&ask(world.app(), &wang.actor, MINE, json!({})).await);
    assert_eq!(all.len(), 2);
    assert_eq!(all[0]["id"], next["id"]);
    assert_eq!(all[1]["endsAt"], begun[0]["showing"]["endsAt"]);
}

#[tokio::test]
async fn a_showing_is_kept_as_long_as_the_policy_said() {
    let world = World::new().await;
    let wang = officer(&world, "王伟").await;
    let showing = started(&world, &wang, json!({})).await;
    ask(world.app(), &wang.actor, END, id_of(&showing)).await;
    for (days, kept) in [(731, 1), (1, 0)] {
        world.advance(days);
        api::showings::retention::keep(&world.platform).await.unwrap();
        assert_eq!(world.count::<showing::Entity>().await, kept, "{days}");
    }
}

#[tokio::test]
async fn an_officer_is_told_what_a_showing_may_be() {
    let world = World::new().await;
    let first = officer(&world, "王伟").await;
    let told = ask(world.app(), &first.actor, RULES, json!({})).await;
    assert_eq!(
        told,
        json!({
            "minutesLeast": 5,
            "minutesDefault": 30,
            "minutesMost": 240,
            "aloneReasons": [
                { "code": "LAW_ALLOWS_ONE", "label": "A law allows one officer to act here" },
                { "code": "EMERGENCY", "label": "An emergency; another officer is on the way" },
            ],
        })
    );
    // Without a certificate in force there is nothing to show.
    let ground = because(Ground::NotShowingCertificate);
    act_on(&world.platform, &world.supervisor, first.certificate, A::Suspend, &ground)
        .await
        .unwrap();
    assert_eq!(ask(world.app(), &first.actor, RULES, json!({})).await, json!(null));
}
