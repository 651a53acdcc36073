//! What a roster says of existing certificates: what is entered, what is not, and what a list shows.

use entities::enums::{CertificateState, ExistingKind, ExistingState, Role};
use entities::{agency, existing_certificate, person};
use sea_orm::sea_query::{LockBehavior, LockType};
use sea_orm::{EntityTrait, QuerySelect};
use serde_json::{Value, json};

use super::world::*;
use crate::harness::TestApp;
use api::graphql::ids::encode;
use api::imports;
use api::platform::actor::Actor;
use api::platform::jobs;
use entities::ids::ImportBatchId;

/// The findings of an import, as `row SEVERITY CODE`.
async fn findings(app: &TestApp, actor: &Actor, id: ImportBatchId) -> Vec<String> {
    let query = "query($id: ID!) { import(id: $id) { findings(first: 100) { nodes {
        row findings { severity code } } } } }";
    let answer = app.graphql(Some(actor), query, json!({ "id": encode(id) })).await;
    let nodes = answer["data"]["import"]["findings"]["nodes"].as_array().unwrap();
    let of_row = |node: &Value| -> Vec<String> {
        let word = |f: &Value, key: &str| f[key].as_str().unwrap().to_owned();
        let found = node["findings"].as_array().unwrap().iter();
        found
            .map(|f| format!("{} {} {}", node["row"], word(f, "severity"), word(f, "code")))
            .collect()
    };
    nodes.iter().flat_map(of_row).collect()
}

fn states(claims: &[existing_certificate::Model]) -> Vec<(Option<&str>, ExistingState)> {
    claims.iter().map(|claim| (claim.number.as_deref(), claim.state)).collect()
}

#[tokio::test]
async fn a_claim_is_entered_with_its_row_and_the_same_again_changes_nothing() {
    let world = World::new().await;
    let batch = world.import(&[(1, &[("部委证件", "食品检查员证 01-23")])]).await;
    let person = world.person(1).await;
    let claims = world.claims().await;
    let [claim, filed] = claims.as_slice() else { panic!("{claims:?}") };
    let justice = world.province.county_justice;
    assert_eq!(
        *claim,
        existing_certificate::Model {
            id: claim.id,
            person_id: person,
            kind: ExistingKind::Enforcement,
            ministry_kind: None,
            number: Some(number(1)),
            issuer: Some("兰州市城关区司法局".into()),
            issuing_agency_id: Some(justice),
            issued_on: Some("2024-03-05".parse().unwrap()),
            valid_until: Some("2029-03-04".parse().unwrap()),
            claimed_state: Some(CertificateState::Active),
            batch_id: batch.id,
            row_no: 1,
            imported_by: world.hr.person(),
            state: ExistingState::Claimed,
            exceptions: json!(["PHOTO_MISSING"]),
            rank: 0,
            examined_at: Some(world.app.now()),
            replaced_by: None,
            decided_by: None,
            decided_at: None,
            reason: None,
            policy_id: None,
            certificate_id: None,
            created_at: world.app.now(),
            updated_at: world.app.now(),
        }
    );
    assert_eq!(
        (filed.state, filed.kind, filed.ministry_kind.as_deref(), filed.number.as_deref()),
        (ExistingState::Filed, ExistingKind::Ministry, Some("食品检查员证"), Some("01-23"))
    );
    assert_eq!(world.recorded("existing.").await, ["existing.claim", "existing.file"]);

    let again = world.import(&[(1, &[("部委证件", "食品检查员证 01-23")])]).await;
    assert_eq!((again.unchanged, again.failed, again.refused), (1, 0, 0));
    assert_eq!(world.claims().await, claims);
    assert_eq!(world.recorded("existing.").await.len(), 2);
    // What is claimed is not answered for, and a ministry's never.
    for number in [number(1), "01-23".to_owned()] {
        assert_eq!(world.look_up(&number, "张三").await.0, "NO_MATCH");
    }
}

#[tokio::test]
async fn a_corrected_row_replaces_what_waits() {
    let world = World::new().await;
    world.import(&[(1, &[("部委证件", "渔业检查证01")])]).await;
    let corrected: &[(&str, &str)] = &[("原证件编号", "28019999999"), ("部委证件", "渔业检查证02")];
    world.import(&[(1, corrected)]).await;
    let claims = world.claims().await;
    let first = number(1);
    assert_eq!(
        states(&claims),
        [
            (Some(first.as_str()), ExistingState::Withdrawn),
            (Some("01"), ExistingState::Withdrawn),
            (Some("28019999999"), ExistingState::Claimed),
            (Some("02"), ExistingState::Filed),
        ]
    );
    assert_eq!(
        [claims[0].replaced_by, claims[1].replaced_by],
        [Some(claims[2].id), Some(claims[3].id)]
    );
    // The number is free for another again.
    let taken = world.import(&[(2, &[("原证件编号", &first)])]).await;
    assert_eq!((taken.created, taken.refused), (1, 0));
}

#[tokio::test]
async fn a_number_of_another_or_of_another_form_is_an_error_of_its_row_and_enters_nothing() {
    let world = World::new().await;
    world.import(&[(1, &[])]).await;
    let of_one = number(1);
    let staged = world
        .stage(
            &world.hr,
            roster(&[
                (2, &[("原证件编号", &of_one)]),
                (3, &[("原证件编号", "28015")]),
                (4, &[("原证件编号", "28014444444")]),
                (5, &[("原证件编号", "28014444444")]),
                (6, &[("原证件编号", "???")]),
                (
                    7,
                    &[
                        ("原证件编号", "办理中"),
                        ("原发证机关", ""),
                        ("原发证日期", ""),
                        ("有效期至", ""),
                        ("原证件状态", ""),
                    ],
                ),
                (8, &[("原证件状态", "")]),
                (9, &[("原发证日期", "2029-03-04"), ("有效期至", "2024-03-05")]),
            ]),
        )
        .await;
    assert_eq!(
        findings(&world.app, &world.hr, staged.id).await,
        [
            "2 ERROR PRIOR_NUMBER_TAKEN",
            "3 ERROR PRIOR_NUMBER_FORM",
            "5 ERROR PRIOR_NUMBER_DUPLICATE",
            "6 ERROR PRIOR_NUMBER_INVALID",
            "7 CONFIRM PRIOR_NUMBER_PENDING",
            "7 CONFIRM EXAM_MISSING",
            "7 CONFIRM EXAM_MISSING",
            "7 CONFIRM PHOTO_MISSING",
            "8 ERROR PRIOR_INCOMPLETE",
            "9 ERROR DATE_IN_FUTURE",
            "9 ERROR DATE_ORDER",
        ]
        .map(str::to_owned)
    );
    let applied = world.apply(&world.hr, staged.id).await;
    assert_eq!((applied.created, applied.failed, applied.refused), (2, 6, 0));
    assert_eq!(world.claims().await.len(), 2);
}

#[tokio::test]
async fn a_number_that_is_taken_between_check_and_entry_refuses_the_whole_row() {
    let world = World::new().await;
    let staged = world.stage(&world.hr, roster(&[(1, &[("原证件编号", "28017777777")])])).await;
    world.import(&[(2, &[("原证件编号", "28017777777")])]).await;
    let applied = world.apply(&world.hr, staged.id).await;
    assert_eq!((applied.created, applied.refused), (0, 1));
    assert_eq!(findings(&world.app, &world.hr, staged.id).await, ["2 ERROR PRIOR_NUMBER_TAKEN"]);
    let known = crate::imports::world::people(&world.app).await;
    assert_eq!(known.len(), 1, "the person was entered without the claim");
}

#[tokio::test]
async fn what_is_a_question_is_confirmed_by_the_importer_and_shown_to_the_reviewer_first() {
    let world = World::new().await;
    let auxiliary: &[(&str, &str)] = &[("人员类别", "辅助人员"), ("编制类型", "无编制")];
    let rows: [Row<'_>; 5] = [
        (1, &[]),
        (2, &[("有效期至", "长期")]),
        (3, &[("原发证机关", "省政府")]),
        (4, auxiliary),
        (5, &[("有效期至", "2026-01-31")]),
    ];
    let staged = world.stage(&world.hr, roster(&rows)).await;
    assert_eq!(
        findings(&world.app, &world.hr, staged.id).await,
        [
            "3 CONFIRM PRIOR_LONG_TERM",
            "4 CONFIRM PRIOR_ISSUER_UNKNOWN",
            "5 CONFIRM AUXILIARY_HOLDS"
        ]
    );
    world.apply(&world.hr, staged.id).await;
    world.photos(&[1, 2, 3, 4, 5]).await;

    let list = "query($first: Int, $after: String, $exceptional: Boolean) {
        existingCertificates(first: $first, after: $after,
            filter: { state: CLAIMED, exceptional: $exceptional }) {
            nodes { number exceptions { code forbids } }
            pageInfo { hasNextPage endCursor } } }";
    let mut seen = Vec::new();
    let mut after = Value::Null;
    loop {
        let variables = json!({ "first": 2, "after": after });
        let page = &world.graphql(&world.reviewer, list, variables).await["existingCertificates"];
        for node in page["nodes"].as_array().unwrap() {
            let codes: Vec<&str> = node["exceptions"]
                .as_array()
                .unwrap()
                .iter()
                .map(|e| e["code"].as_str().unwrap())
                .collect();
            seen.push(format!("{} {}", node["number"].as_str().unwrap(), codes.join(" ")));
        }
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(
        seen,
        [
            format!("{} LONG_TERM", number(2)),
            format!("{} ISSUER_UNKNOWN", number(3)),
            format!("{} KIND_EXCLUDED NOT_ON_ESTABLISHMENT", number(4)),
            format!("{} EXPIRED_IN_FORCE", number(5)),
            format!("{} ", number(1)),
        ]
    );
    for (exceptional, count) in [(true, 4), (false, 1)] {
        let variables = json!({ "exceptional": exceptional });
        let page = world.graphql(&world.reviewer, list, variables).await;
        assert_eq!(page["existingCertificates"]["nodes"].as_array().unwrap().len(), count);
    }

    // The officer's own view, and whoever is elsewhere.
    let officer = "query($id: ID!) { officer(id: $id) { existingCertificates {
        number kind state claimedState issuer issuedOn validUntil agency { name } } } }";
    let id = json!({ "id": encode(world.person(2).await) });
    assert_eq!(
        world.graphql(&world.reviewer, officer, id.clone()).await["officer"],
        json!({ "existingCertificates": [{
            "number": number(2), "kind": "ENFORCEMENT", "state": "CLAIMED",
            "claimedState": "ACTIVE", "issuer": "兰州市城关区司法局", "issuedOn": "2024-03-05",
            "validUntil": null, "agency": { "name": "兰州市城关区市场监督管理局" } }] })
    );
    let other = world.province.other_county_market;
    let elsewhere =
        world.province.sign_in(&world.app, "elsewhere", Role::JusticeReviewer, other).await;
    let page = world.graphql(&elsewhere, list, json!({})).await;
    assert_eq!(page["existingCertificates"]["nodes"], json!([]));
}

#[tokio::test]
async fn waiting_claims_are_looked_at_anew_when_their_holders_change() {
    let world = World::new().await;
    world.import(&[(1, &[]), (2, &[])]).await;
    let odd = async |n| world.claim(n).await.exceptions;
    assert_eq!([odd(1).await, odd(2).await], [json!(["PHOTO_MISSING"]), json!(["PHOTO_MISSING"])]);
    // A photo is noticed before long, anything else within a day.
    world.photos(&[1]).await;
    assert_eq!([odd(1).await, odd(2).await], [json!([]), json!(["PHOTO_MISSING"])]);
    let person = world.person(1).await;
    world.change_person(person, person::Column::Employment, "TRANSFERRED").await;
    let again = async || api::officers::existing::examine_due(&world.app.platform).await.unwrap();
    assert_eq!(again().await, 0);
    world.app.clock.advance(chrono::Duration::hours(25));
    assert_eq!(again().await, 2);
    assert_eq!(odd(1).await, json!(["NOT_IN_POST"]));
    assert_eq!(again().await, 0);
}

#[tokio::test]
async fn a_chunk_locks_agencies_before_people_as_a_reform_does() {
    let world = World::new().await;
    let p = &world.app.platform;
    if p.db.is_sqlite() {
        return; // One writer: nothing is locked.
    }
    world.import(&[(1, &[])]).await;
    let person = world.person(1).await;
    let staged = world.stage(&world.hr, roster(&[(1, &[("有效期至", "2029-03-05")])])).await;
    let begun = imports::begin(p, &world.hr, staged.id, true).await.unwrap();
    let job = jobs::claim(p, &[imports::JOB], begun.job_id).await.unwrap().unwrap();
    // As a reform does: the agency first, and its people once the chunk has begun.
    let tx = p.db.begin().await.unwrap();
    let agency = agency::Entity::find_by_id(world.province.county_market);
    agency.lock(LockType::NoKeyUpdate).one(&tx).await.unwrap().unwrap();
    let reform = async {
        tokio::time::sleep(std::time::Duration::from_millis(800)).await;
        let free = person::Entity::find_by_id(person)
            .lock_with_behavior(LockType::Update, LockBehavior::Nowait)
            .one(&tx)
            .await;
        tx.commit().await.unwrap();
        free.map(|row| row.is_some())
    };
    let (worked, free) = tokio::join!(imports::work(p, job, &|_, _| {}), reform);
    worked.unwrap();
    assert_eq!(free, Ok(true), "the chunk waits for the agency without holding anybody");
    assert_eq!(world.claim(1).await.valid_until, Some("2029-03-05".parse().unwrap()));
}
