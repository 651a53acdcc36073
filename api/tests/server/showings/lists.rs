//! Who reads which showings, that it is recorded, and what is counted.

use chrono::Duration;
use entities::enums::{Role, ScopeAxis};

use super::*;

#[tokio::test]
async fn supervisors_read_those_of_their_part_and_each_reading_is_recorded() {
    let world = World::new().await;
    let (wang, li) = (officer(&world, "王伟").await, officer(&world, "李娜").await);
    let first = started(&world, &wang, json!({ "secondCertificateNo": li.number })).await;
    world.app.clock.advance(Duration::minutes(40));
    let second = started(&world, &li, json!({ "aloneReason": "LAW_ALLOWS_ONE" })).await;
    let ids = |list: &Value| nodes(list).iter().map(|n| n["id"].clone()).collect::<Vec<_>>();
    let supervisor = &world.supervisor;
    let all = ask(world.app(), supervisor, SHOWINGS, json!({})).await;
    assert_eq!(ids(&all), [second["id"].clone(), first["id"].clone()]);
    // They are told of a second officer who has not confirmed.
    assert_eq!(nodes(&all)[1]["secondOfficer"]["name"], "李娜");
    assert_eq!(
        nodes(&all)[0]["aloneReason"],
        json!({ "code": "LAW_ALLOWS_ONE", "text": "A law allows one officer to act here" })
    );
    let began = first["startedAt"].clone();
    for (filter, expected) in [
        (json!({ "officerId": person_id(&wang) }), vec![&first]),
        (json!({ "found": true }), vec![&first]),
        (json!({ "from": second["startedAt"] }), vec![&second]),
        (json!({ "until": second["startedAt"], "from": began }), vec![&first]),
        (json!({ "agencyId": encode(world.justice) }), vec![]),
        (json!({ "agencyId": encode(world.bureau) }), vec![&second, &first]),
    ] {
        let expected: Vec<Value> = expected.into_iter().map(|s| s["id"].clone()).collect();
        let list = ask(world.app(), supervisor, SHOWINGS, filter.clone()).await;
        assert_eq!(ids(&list), expected, "{filter}");
    }
    let page = ask(world.app(), supervisor, SHOWINGS, json!({ "first": 1 })).await;
    let next = json!({ "first": 1, "after": page["pageInfo"]["endCursor"] });
    let next = ask(world.app(), supervisor, SHOWINGS, next).await;
    assert_eq!([ids(&page), ids(&next)].concat(), ids(&all));
    assert_eq!(next["pageInfo"]["hasNextPage"], false);
    // Next door there are none, by list, by id and as a node.
    let elsewhere = world.staff(Role::Supervisor, world.elsewhere, ScopeAxis::Territory).await;
    assert_eq!(ids(&ask(world.app(), &elsewhere, SHOWINGS, json!({})).await), [Value::Null; 0]);
    let node = "query($id: ID!) { node(id: $id) { id __typename } }";
    let as_node = json!({ "id": first["id"], "__typename": "Showing" });
    let zhao = officer(&world, "赵敏").await;
    for (actor, seen) in [
        (&elsewhere, false),
        (&zhao.actor, false),
        (&wang.actor, true),
        (&li.actor, true),
        (supervisor, true),
    ] {
        let one = ask(world.app(), actor, SHOWING, id_of(&first)).await;
        let expected = if seen { first["id"].clone() } else { Value::Null };
        assert_eq!(one["id"], expected);
        let expected = if seen { as_node.clone() } else { Value::Null };
        assert_eq!(ask(world.app(), actor, node, id_of(&first)).await, expected);
    }
    // The clerks of personnel read none at all.
    let denied = world.app.graphql(Some(&world.hr), SHOWINGS, json!({})).await;
    assert_eq!(denied["errors"][0]["extensions"]["code"], "FORBIDDEN");

    let log = world.app.audit_log().await;
    let read: Vec<_> = log.iter().filter(|entry| entry.action == "showing.read").collect();
    let of_first = read.iter().filter(|entry| entry.subject == first["id"].as_str().unwrap());
    // Six lists and two pages, by id and as a node: each under the showing that was read.
    assert_eq!((of_first.count(), read.len()), (8, 12));
    assert!(read.iter().all(|entry| entry.body == "{}"));
}

#[tokio::test]
async fn what_is_shown_is_counted_by_agency_and_time() {
    let world = World::new().await;
    let (wang, li) = (officer(&world, "王伟").await, officer(&world, "李娜").await);
    officer(&world, "赵敏").await;
    let next = || world.app.clock.advance(Duration::hours(5));
    let confirmed = started(&world, &wang, json!({ "secondCertificateNo": li.number })).await;
    ask(world.app(), &li.actor, CONFIRM, id_of(&confirmed)).await;
    assert_eq!(scanned(&world, wang.certificate, "en").await.0, 200);
    assert!(noted(&world).await);
    next();
    started(&world, &wang, json!({ "aloneReason": "EMERGENCY" })).await;
    next();
    started(&world, &li, json!({ "divisionCode": "620122" })).await;
    world.advance(1);
    started(&world, &wang, json!({})).await;
    let days = |from: &str, until: &str| json!({ "from": from, "until": until });
    let of = async |days: Value| {
        let list = nodes(&ask(world.app(), &world.supervisor, TOTALS, days).await);
        let names: Vec<_> = list.iter().map(|n| n["agencyName"].clone()).collect();
        assert_eq!(names, ["永登县司法局", "永登县交通运输局"], "by id");
        assert_eq!(list[0]["showings"], 0);
        assert_eq!(list[0]["twoOfficerRate"], Value::Null);
        list[1].clone()
    };
    let mut expected = json!({
        "agencyId": encode(world.bureau), "agencyName": "永登县交通运输局",
        "officers": 3, "officersWhoShowed": 2, "showings": 3, "twoOfficers": 1,
        "aloneByException": 1, "outside": 1, "scanned": 1,
        "twoOfficerRate": 6_666, "showRate": 6_666,
    });
    assert_eq!(of(days("2026-03-02", "2026-03-02")).await, expected);
    for (key, value) in [("showings", 4), ("twoOfficerRate", 5_000)] {
        expected[key] = json!(value);
    }
    assert_eq!(of(days("2026-01-01", "2026-12-31")).await, expected);
    assert_eq!(of(days("2025-01-01", "2025-12-31")).await["showings"], 0);
    let mut one = days("2026-03-02", "2026-03-02");
    one["agencyId"] = json!(encode(world.bureau));
    assert_eq!(nodes(&ask(world.app(), &world.supervisor, TOTALS, one).await).len(), 1);
}
