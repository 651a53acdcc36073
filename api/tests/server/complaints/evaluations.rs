//! What an agency sees of evaluations: counts of five at least, released once.

use api::complaints::release_due;
use entities::enums::{Role, ScopeAxis};
use entities::evaluation_batch;

use super::*;

const BATCHES: &str = "{ evaluationBatches(first: 10) { nodes { agency { name } firstMonth lastMonth \
    releasedOn tally { answers satisfied { yes no yesPerMille } shown { yes no yesPerMille } \
    twoOfficers { yes no } polite { yes no } feesAsked { yes no yesPerMille } } } } }";
const SUMMARY: &str = "query($year: Int!, $agency: ID) { evaluationSummary(year: $year, \
    agencyId: $agency) { answers satisfied { yes no } } }";

#[tokio::test]
async fn five_are_released_together_at_the_turn_of_the_month_and_their_words_deleted() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let mut receipts = Vec::new();
    for n in 0..4 {
        let shown = if n == 0 { "no" } else { "yes" };
        let said = [
            ("satisfied", "yes"),
            ("shown", shown),
            ("two_officers", "unknown"),
            ("fees_asked", "no"),
        ];
        receipts.push(evaluate(&world, certificate, &said).await);
    }
    let rows = evaluations(&world).await;
    assert!(rows.iter().all(|row| row.month.to_string() == "2026-03-01"));
    assert!(rows.iter().all(|row| row.id.0.get_version_num() == 4));
    world.advance(31);
    assert_eq!(release_due(&world.platform).await.unwrap(), 0, "four wait for a fifth");
    let nothing = json!({ "answers": 0, "satisfied": { "yes": 0, "no": 0 } });
    let year = json!({ "year": 2026 });
    assert_eq!(ask(world.app(), &world.hr, SUMMARY, year.clone()).await, nothing);
    receipts.push(evaluate(&world, certificate, &[("satisfied", "no"), ("polite", "no")]).await);
    assert_eq!(release_due(&world.platform).await.unwrap(), 0, "the fifth is of this month");
    assert_eq!(follow(&world, &receipts[0]).await.is(), "WAITING");
    world.advance(30);
    assert_eq!(release_due(&world.platform).await.unwrap(), 1);
    assert_eq!(release_due(&world.platform).await.unwrap(), 0, "once");
    let log = world.app().audit_log().await;
    let releases = log.iter().filter(|entry| entry.action == "evaluations.release");
    let told: Vec<Value> =
        releases.map(|entry| serde_json::from_str::<Value>(&entry.body).unwrap()).collect();
    assert_eq!((told.len(), &told[0]["answers"]), (1, &json!(5)));

    let batch = json!({ "nodes": [{
        "agency": { "name": "永登县交通运输局" },
        "firstMonth": "2026-03",
        "lastMonth": "2026-04",
        "releasedOn": "2026-05-02",
        "tally": {
            "answers": 5,
            "satisfied": { "yes": 4, "no": 1, "yesPerMille": 800 },
            "shown": { "yes": 3, "no": 1, "yesPerMille": 750 },
            "twoOfficers": { "yes": 0, "no": 0 },
            "polite": { "yes": 0, "no": 1 },
            "feesAsked": { "yes": 0, "no": 4, "yesPerMille": 0 },
        },
    }] });
    for actor in [&world.hr, &world.reviewer, &world.supervisor] {
        assert_eq!(ask(world.app(), actor, BATCHES, json!({})).await, batch);
    }
    for row in evaluations(&world).await {
        let said = [row.satisfied, row.shown, row.two_officers, row.polite, row.fees_asked];
        assert_eq!((said, row.batch_id.is_some()), ([None; 5], true));
    }
    for receipt in &receipts {
        assert_eq!(follow(&world, receipt).await.is(), "RELEASED");
    }
    // A single later one waits again, and changes nothing of what is seen.
    evaluate(&world, certificate, &[("satisfied", "no")]).await;
    world.advance(31);
    assert_eq!(release_due(&world.platform).await.unwrap(), 0);
    assert_eq!(ask(world.app(), &world.hr, BATCHES, json!({})).await, batch);
    // A year long the receipts tell of the release.
    world.advance(335);
    api::complaints::keep(&world.platform).await.unwrap();
    assert_eq!(follow(&world, &receipts[0]).await.is(), "RELEASED");
    // A year later the receipts are forgotten, the counts stay.
    world.advance(366);
    api::complaints::keep(&world.platform).await.unwrap();
    assert_eq!(follow(&world, &receipts[0]).await.is(), "NONE");
    assert_eq!(evaluations(&world).await.len(), 1);
    assert_eq!(ask(world.app(), &world.hr, BATCHES, json!({})).await, batch);
}

#[tokio::test]
async fn a_region_is_summed_up_from_whole_batches_within_ones_reach() {
    let world = World::new().await;
    let (_, here) = world.active("王伟").await;
    for _ in 0..6 {
        evaluate(&world, here, &[("satisfied", "yes")]).await;
    }
    let (_, there) = world.active("李娜").await;
    let moved = entities::public_card::ActiveModel {
        certificate_id: sea_orm::ActiveValue::Set(there),
        agency_id: sea_orm::ActiveValue::Set(world.elsewhere),
        ..Default::default()
    };
    entities::public_card::Entity::update(moved).exec(world.platform.db.writer()).await.unwrap();
    for _ in 0..5 {
        evaluate(&world, there, &[("satisfied", "no")]).await;
    }
    world.advance(31);
    // Two nodes at once make each batch once.
    let (one, other) = tokio::join!(release_due(&world.platform), release_due(&world.platform));
    assert_eq!(one.unwrap() + other.unwrap(), 2);
    assert_eq!(world.count::<evaluation_batch::Entity>().await, 2);
    let province = super::worklist::province(&world).await;
    let above = world.staff(Role::Supervisor, province, ScopeAxis::Territory).await;
    let listed = ask(world.app(), &world.supervisor, BATCHES, json!({})).await;
    let batches = listed["nodes"].as_array().unwrap().iter();
    let names: Vec<Value> = batches.map(|batch| batch["agency"]["name"].clone()).collect();
    assert_eq!(names, ["永登县交通运输局"]);
    let sums = |answers: i64, yes: i64| json!({ "answers": answers, "satisfied": { "yes": yes, "no": answers - yes } });
    let of = |agency: Option<entities::ids::AgencyId>, year: i32| json!({ "year": year, "agency": agency.map(api::graphql::ids::encode) });
    for (actor, agency, year, expected) in [
        (&above, None, 2026, sums(11, 6)),
        (&above, Some(province), 2026, sums(11, 6)),
        (&above, Some(world.justice), 2026, sums(6, 6)),
        (&above, Some(world.elsewhere), 2026, sums(5, 0)),
        (&above, None, 2025, sums(0, 0)),
        (&world.supervisor, None, 2026, sums(6, 6)),
        (&world.supervisor, Some(world.elsewhere), 2026, sums(0, 0)),
        (&world.hr, Some(world.justice), 2026, sums(6, 6)),
    ] {
        let found = ask(world.app(), actor, SUMMARY, of(agency, year)).await;
        assert_eq!(found, expected, "{agency:?} {year}");
    }
}
