//! Confirmed, an existing certificate is one like any other.

use api::certification::rules::grounds::Ground;
use api::certification::{self, Particulars};
use entities::enums::{
    ApplicationAct, CertificateAct as A, CertificateOrigin, CertificateState as S, ExistingKind,
    ExistingState, PersonKind, QualificationState, Role,
};
use entities::{qualification, status_entry};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::world::*;
use crate::certification::world::because;
use api::graphql::ids::encode;

#[tokio::test]
async fn imported_and_confirmed_it_is_answered_for_by_number_and_name_and_can_be_suspended() {
    let world = World::new().await;
    let p = &world.app.platform;
    world.claimed(&[(1, &[("姓名", "阿依古丽·买买提")])]).await;
    let name = "阿依古丽·买买提";
    assert_eq!(world.look_up(&number(1), name).await.0, "NO_MATCH");
    let id = world.confirmed(1).await;

    let row = world.certificate(id).await;
    let justice = world.province.county_justice;
    assert_eq!(
        (row.origin, row.state, row.number.as_str(), row.issuing_agency_id, row.handed_over_on),
        (CertificateOrigin::Existing, S::Active, number(1).as_str(), justice, Some(row.issued_on))
    );
    assert_eq!(row.valid_until.to_string(), "2029-03-04");
    assert_eq!(world.events(id).await, ["CONFIRM ACTIVE 2024-03-04 16:00"]);
    let claim = world.claim(1).await;
    assert_eq!(
        (claim.state, claim.decided_by),
        (ExistingState::Confirmed, world.reviewer.person())
    );
    assert_eq!(claim.policy_id, Some(row.policy_id));
    let qualified = qualification::Entity::find().one(p.db.read()).await.unwrap().unwrap();
    assert_eq!(
        (qualified.state, qualified.existing_id, qualified.nominated_by, qualified.decided_by),
        (
            QualificationState::Qualified,
            Some(claim.id),
            world.hr.person().unwrap(),
            world.reviewer.person()
        )
    );
    assert_eq!(
        world.recorded("certificate.").await,
        ["certificate.confirm"],
        "one entry of the confirmation"
    );

    let (verdict, page) = world.look_up(&number(1), name).await;
    assert_eq!(verdict, "VALID");
    assert!(page.contains("<img"), "the photo is shown");
    assert!(page.contains("兰州市城关区司法局"), "{page}");
    assert_eq!(world.look_up(&number(1), "阿依古丽·买买").await.0, "NO_MATCH");
    let hotline = world
        .province
        .sign_in(&world.app, "hotline", Role::HotlineOperator, world.province.county_justice)
        .await;
    let answer = world
        .graphql(
            &hotline,
            "query($n: String!) { lookUpCertificate(number: $n) { verdict number } }",
            json!({ "n": number(1) }),
        )
        .await;
    assert_eq!(answer["lookUpCertificate"], json!({ "verdict": "VALID", "number": number(1) }));

    let suspend = because(Ground::RefusingSupervision);
    certification::act_on(p, &world.issuer, id, A::Suspend, &suspend).await.unwrap();
    let (verdict, page) = world.look_up(&number(1), name).await;
    assert_eq!(verdict, "NOT_AUTHORISED");
    assert!(!page.contains("<img"));
    certification::act_on(p, &world.issuer, id, A::Lift, &because(Ground::CauseEnded))
        .await
        .unwrap();
    assert_eq!(world.look_up(&number(1), name).await.0, "VALID");
    // After its last day, as any other.
    world.app.clock.advance(chrono::Duration::days(3 * 366 + 1));
    assert_eq!(world.look_up(&number(1), name).await.0, "EXPIRED");
    assert_eq!(certification::expire_due(p).await.unwrap(), 1);
    let report = api::audit::verify::verify(p.db.read(), None).await.unwrap();
    assert_eq!(report.findings, []);
}

/// Number, what differs in the row, and state, verdict, events and qualification that come of it.
type Case<'a> = (u32, &'a [(&'a str, &'a str)], S, &'a str, &'a [&'a str], bool);

#[tokio::test]
async fn each_claimed_state_is_confirmed_as_it_was_claimed() {
    let world = World::new().await;
    let p = &world.app.platform;
    let cases: [Case<'_>; 6] = [
        (1, &[], S::Active, "VALID", &["CONFIRM ACTIVE 2024-03-04 16:00"], true),
        (
            2,
            &[("原证件状态", "暂扣")],
            S::Suspended,
            "NOT_AUTHORISED",
            &["CONFIRM SUSPENDED 2026-03-02 02:00"],
            true,
        ),
        (
            3,
            &[("原证件状态", "注销")],
            S::Cancelled,
            "CANCELLED",
            &["CONFIRM CANCELLED 2026-03-02 02:00"],
            false,
        ),
        (4, &[("原证件状态", "遗失")], S::Lost, "LOST", &["CONFIRM LOST 2026-03-02 02:00"], true),
        (
            5,
            &[("原证件状态", "过期"), ("有效期至", "2026-01-31")],
            S::Expired,
            "EXPIRED",
            &["CONFIRM ACTIVE 2024-03-04 16:00", "EXPIRE EXPIRED 2026-01-31 16:00"],
            false,
        ),
        // Said to be in force and past its last day: weighed, it has expired.
        (
            6,
            &[("有效期至", "2026-02-28")],
            S::Expired,
            "EXPIRED",
            &["CONFIRM ACTIVE 2024-03-04 16:00", "EXPIRE EXPIRED 2026-02-28 16:00"],
            false,
        ),
    ];
    let rows: Vec<Row<'_>> = cases.iter().map(|case| (case.0, case.1)).collect();
    world.claimed(&rows).await;
    for (n, _, state, verdict, events, qualified) in cases {
        let claim = world.claim(n).await;
        assert_eq!(world.confirm(&world.reviewer, &[claim.id], true).await, ["ok"], "{n}");
        let id = world.claim(n).await.certificate_id.unwrap();
        let row = world.certificate(id).await;
        assert_eq!(row.state, state, "{n}");
        assert_eq!(row.ended_at.is_some(), matches!(state, S::Cancelled | S::Expired), "{n}");
        assert_eq!(world.look_up(&number(n), "张三").await.0, verdict, "{n}");
        assert_eq!(world.events(id).await, events, "{n}");
        let of_person = qualification::Column::PersonId.eq(row.person_id);
        let found = qualification::Entity::find().filter(of_person).one(p.db.read()).await;
        assert_eq!(found.unwrap().is_some(), qualified, "{n}");
    }
    assert_eq!(status_entry::Entity::find().count(p.db.read()).await.unwrap(), 0, "no code yet");
    // A suspension from before is extended once and lifted like any other.
    let suspended = world.claim(2).await.certificate_id.unwrap();
    assert_eq!(
        world.certificate(suspended).await.suspended_until.map(|day| day.to_string()),
        Some("2026-05-31".into())
    );
    let more = Particulars { note: Some("案情复杂".into()), days: Some(30), ground: None };
    certification::act_on(p, &world.issuer, suspended, A::Extend, &more).await.unwrap();
    // A lost one is replaced by another with a new number; the old one goes on to read lost.
    let lost = world.claim(4).await;
    let people = [lost.person_id];
    let applied =
        certification::apply(p, &world.hr, &people, ApplicationAct::Replacement).await.unwrap();
    let application = applied[0].result.clone().unwrap();
    let approve = certification::Move::Approve;
    certification::move_applications(p, &world.reviewer, &[application], &approve).await.unwrap();
    let new = certification::issue(p, &world.issuer, application).await.unwrap();
    assert_ne!(Some(new), lost.certificate_id);
    assert_eq!(world.certificate(new).await.number, "62000000001");
    assert_eq!(world.look_up(&number(4), "张三").await.0, "LOST");
}

#[tokio::test]
async fn without_an_end_or_a_known_issuer_the_policy_and_the_competent_authority_stand_in() {
    let world = World::new().await;
    world.claimed(&[(1, &[("有效期至", "长期"), ("原发证机关", "甘肃省人民政府")])]).await;
    let claim = world.claim(1).await;
    assert_eq!(
        world.confirm(&world.reviewer, &[claim.id], false).await,
        ["ISSUER_UNKNOWN LONG_TERM"]
    );
    assert_eq!(world.confirm(&world.reviewer, &[claim.id], true).await, ["ok"]);
    let row = world.certificate(world.claim(1).await.certificate_id.unwrap()).await;
    assert_eq!(row.valid_until.to_string(), "2029-03-04");
    assert_eq!(row.issuing_agency_id, world.province.county_justice);
    // The public reads the issuer as it stands on the card.
    let (verdict, page) = world.look_up(&number(1), "张三").await;
    assert_eq!(verdict, "VALID");
    assert!(page.contains("甘肃省人民政府"), "{page}");
}

#[tokio::test]
async fn an_issuer_that_is_no_authority_and_a_number_told_by_zeros_are_weighed() {
    let world = World::new().await;
    let beside = "兰州市七里河区市场监督管理局";
    let zeros = format!("0{}", number(2));
    world
        .claimed(&[
            (1, &[("原发证机关", beside)]),
            (2, &[]),
            (3, &[("原发证机关", "甘肃省司法厅")]),
        ])
        .await;
    world.claimed(&[(4, &[("原证件编号", zeros.as_str())])]).await;
    let mut ids = Vec::new();
    for n in 1..=4 {
        ids.push(world.claim(n).await.id);
    }
    assert_eq!(world.claim(4).await.exceptions, json!(["NUMBER_ZEROS"]));
    assert_eq!(
        world.confirm(&world.reviewer, &ids, false).await,
        ["ISSUER_NO_AUTHORITY", "NUMBER_ZEROS", "ok", "NUMBER_ZEROS"]
    );
    // An authority further up is one; who is none is shown as written, and the competent one acts.
    let issuer = async |n| {
        let id = world.claim(n).await.certificate_id.unwrap();
        world.certificate(id).await.issuing_agency_id
    };
    assert_eq!(issuer(3).await, world.province.justice);
    let weighed = [ids[0], ids[1], ids[3]];
    assert_eq!(world.confirm(&world.reviewer, &weighed, true).await, ["ok"; 3]);
    assert_eq!(issuer(1).await, world.province.county_justice);
    let (verdict, page) = world.look_up(&number(1), "张三").await;
    assert_eq!(verdict, "VALID");
    assert!(page.contains(beside), "{page}");
}

/// The holder may be of another kind by the day of the decision: claim and certificate are of one.
#[tokio::test]
async fn the_claim_is_of_the_kind_that_is_confirmed() {
    let world = World::new().await;
    world.claimed(&[(1, &[])]).await;
    let person = world.person(1).await;
    world.change_person(person, entities::person::Column::Kind, "SUPERVISION_OFFICER").await;
    assert_eq!(world.claim(1).await.kind, ExistingKind::Enforcement);
    let id = world.confirmed(1).await;
    assert_eq!(world.certificate(id).await.kind, PersonKind::SupervisionOfficer);
    assert_eq!(world.claim(1).await.kind, ExistingKind::Supervision);
}

#[tokio::test]
async fn a_photo_that_comes_later_is_shown() {
    let world = World::new().await;
    world.import(&[(1, &[])]).await;
    let claim = world.claim(1).await;
    assert_eq!(world.confirm(&world.reviewer, &[claim.id], true).await, ["ok"]);
    assert!(!world.look_up(&number(1), "张三").await.1.contains("<img"));
    world.photos(&[1]).await;
    assert!(world.look_up(&number(1), "张三").await.1.contains("<img"));
}

#[tokio::test]
async fn a_candidate_becomes_qualified_and_a_second_certificate_in_force_is_refused() {
    let world = World::new().await;
    let p = &world.app.platform;
    world.claimed(&[(1, &[])]).await;
    let person = world.person(1).await;
    let nominated = certification::nominate(p, &world.hr, &[person]).await.unwrap();
    let candidate = nominated[0].result.clone().unwrap();
    world.confirmed(1).await;
    let found = qualification::Entity::find().all(p.db.read()).await.unwrap();
    assert_eq!(
        found.iter().map(|q| (q.id, q.state)).collect::<Vec<_>>(),
        [(candidate, QualificationState::Qualified)]
    );
    // Another number of the same holder, claimed later.
    world.import(&[(1, &[("原证件编号", "28018888888")])]).await;
    let second = world.claim(1).await;
    assert_eq!(second.state, ExistingState::Claimed);
    assert_eq!(second.exceptions, json!(["CERTIFICATE_IN_FORCE"]));
    for weighed in [false, true] {
        assert_eq!(
            world.confirm(&world.reviewer, &[second.id], weighed).await,
            ["CERTIFICATE_IN_FORCE"]
        );
    }
    // Cancelled at its time, it is only odd.
    world.import(&[(1, &[("原证件编号", "28018888888"), ("原证件状态", "注销")])]).await;
    let second = world.claim(1).await;
    assert_eq!(world.confirm(&world.reviewer, &[second.id], false).await, ["ANOTHER_CERTIFICATE"]);
    assert_eq!(world.confirm(&world.reviewer, &[second.id], true).await, ["ok"]);
    assert_eq!(world.look_up("28018888888", "张三").await.0, "CANCELLED");
    assert_eq!(world.look_up(&number(1), "张三").await.0, "VALID");
    // A later roster changes nothing of what is confirmed, and says so.
    let staged = world.stage(&world.hr, roster(&[(1, &[("原证件状态", "遗失")])])).await;
    assert_eq!(staged.summary["codes"], json!({ "PRIOR_ON_RECORD": 1 }));
    world.apply(&world.hr, staged.id).await;
    assert_eq!(world.look_up(&number(1), "张三").await.0, "VALID");
    let node = "query($id: ID!) { certificate(id: $id) { origin number } }";
    let id = json!({ "id": encode(world.claims().await[0].certificate_id.unwrap()) });
    assert_eq!(
        world.graphql(&world.reviewer, node, id).await["certificate"],
        json!({ "origin": "EXISTING", "number": number(1) })
    );
}

/// What was lost and has another beside it does not stand in the way of that one's renewal.
#[tokio::test]
async fn a_lost_one_beside_one_in_force_has_ended_and_reads_lost() {
    let world = World::new().await;
    let p = &world.app.platform;
    world.claimed(&[(1, &[("原发证日期", "2021-04-01"), ("有效期至", "2026-03-31")])]).await;
    let in_force = world.confirmed(1).await;
    world.import(&[(1, &[("原证件编号", "28018888888"), ("原证件状态", "遗失")])]).await;
    let claim = world.claim(1).await;
    assert_eq!(world.confirm(&world.reviewer, &[claim.id], true).await, ["ok"]);
    let lost = world.claim(1).await.certificate_id.unwrap();
    let row = world.certificate(lost).await;
    assert_eq!(
        (row.state, row.ground.as_deref(), row.ended_at),
        (S::Cancelled, Some("LOSS"), Some(p.now()))
    );
    assert_eq!(world.events(lost).await, ["CONFIRM CANCELLED 2026-03-02 02:00"]);
    assert_eq!(world.look_up("28018888888", "张三").await.0, "LOST");
    assert_eq!(world.look_up(&number(1), "张三").await.0, "VALID");
    let people = [row.person_id];
    let applied = certification::apply(p, &world.hr, &people, ApplicationAct::Renewal).await;
    let application = applied.unwrap()[0].result.clone().unwrap();
    let of_application = entities::application::Entity::find_by_id(application);
    let found = of_application.one(p.db.read()).await.unwrap().unwrap();
    assert_eq!(found.replaces_id, Some(in_force));
}

#[tokio::test]
async fn a_lost_one_ends_when_another_is_confirmed_as_in_force() {
    let world = World::new().await;
    world.claimed(&[(1, &[("原证件状态", "遗失")])]).await;
    let lost = world.confirmed(1).await;
    assert_eq!(world.certificate(lost).await.state, S::Lost);
    world.import(&[(1, &[("原证件编号", "28018888888")])]).await;
    let claim = world.claim(1).await;
    assert_eq!(world.confirm(&world.reviewer, &[claim.id], true).await, ["ok"]);
    let row = world.certificate(lost).await;
    assert_eq!((row.state, row.ground.as_deref()), (S::Cancelled, Some("LOSS")));
    assert_eq!(
        world.events(lost).await,
        ["CONFIRM LOST 2026-03-02 02:00", "CANCEL CANCELLED 2026-03-02 02:00"]
    );
    assert_eq!(world.look_up(&number(1), "张三").await.0, "LOST");
    assert_eq!(world.look_up("28018888888", "张三").await.0, "VALID");
}

/// Past its last day and not recorded so, the one before does not keep the place of the next.
#[tokio::test]
async fn what_has_run_out_is_recorded_when_another_is_confirmed_as_in_force() {
    let world = World::new().await;
    world.claimed(&[(1, &[("原发证日期", "2021-04-01"), ("有效期至", "2026-03-02")])]).await;
    let before = world.confirmed(1).await;
    world.app.clock.advance(chrono::Duration::days(1));
    world.import(&[(1, &[("原证件编号", "28018888888")])]).await;
    let claim = world.claim(1).await;
    assert_eq!(world.confirm(&world.reviewer, &[claim.id], true).await, ["ok"]);
    assert_eq!(world.certificate(before).await.state, S::Expired);
    assert_eq!(world.look_up("28018888888", "张三").await.0, "VALID");
}

#[tokio::test]
async fn the_counter_passes_over_numbers_that_are_claimed_or_confirmed() {
    let world = World::new().await;
    let p = &world.app.platform;
    world
        .claimed(&[
            (1, &[("原证件编号", "62000000001")]),
            (2, &[("原证件编号", "62000000002")]),
            (3, &[("原证件状态", "遗失")]),
        ])
        .await;
    world.confirmed(1).await;
    world.confirmed(3).await;
    let person = world.person(3).await;
    let applied =
        certification::apply(p, &world.hr, &[person], ApplicationAct::Replacement).await.unwrap();
    let application = applied[0].result.clone().unwrap();
    let approve = certification::Move::Approve;
    certification::move_applications(p, &world.reviewer, &[application], &approve).await.unwrap();
    let new = certification::issue(p, &world.issuer, application).await.unwrap();
    assert_eq!(world.certificate(new).await.number, "62000000003");
    // What waited is confirmed with its number.
    world.confirmed(2).await;
}
