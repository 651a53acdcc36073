//! What waits for each role, since when and why.

use api::certification::rules::grounds::Ground;
use api::certification::{Move, Particulars, act_on, move_applications};
use api::platform::jobs;
use chrono::Duration;
use entities::enums::{
    ApplicationAct as Act, CertificateAct, ImportMode, ImportState, InvitationPurpose, JobState,
    KeyUse, Role, ScopeAxis,
};
use entities::ids::{CertificateId, ImportBatchId, InvitationId};
use entities::{certificate, import_batch, invitation, job, signing_key};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::{Value, json};

use super::{WORK, kinds, waits, work};
use crate::accounts::ask;
use crate::certification::world::{World, day};

const COUNTS: &str = "{ myWorkCounts { kind count oldest } }";

async fn set_day(world: &World, id: CertificateId, column: certificate::Column, text: &str) {
    certificate::Entity::update_many()
        .col_expr(column, Expr::value(day(text)))
        .filter(certificate::Column::Id.eq(id))
        .exec(world.platform.db.writer())
        .await
        .unwrap();
}

async fn done(world: &World, id: CertificateId, act: CertificateAct, ground: Ground) {
    let actor = if act == CertificateAct::ReportLoss { &world.hr } else { &world.issuer };
    let particulars = Particulars { ground: Some(ground), ..Particulars::default() };
    act_on(&world.platform, actor, id, act, &particulars).await.unwrap();
}

#[tokio::test]
async fn each_role_finds_what_waits_for_it_and_nothing_else() {
    let world = World::new().await;
    // Each a minute after the other, so that the order is theirs.
    let minute = || world.app().clock.advance(Duration::minutes(1));
    let (_, ending) = world.active("将到期").await;
    set_day(&world, ending, certificate::Column::ValidUntil, "2026-03-31").await;
    let (_, suspended) = world.active("暂扣期满").await;
    done(&world, suspended, CertificateAct::Suspend, Ground::Discipline).await;
    set_day(&world, suspended, certificate::Column::SuspendedUntil, "2026-03-01").await;
    let (_, still) = world.active("暂扣中").await;
    done(&world, still, CertificateAct::Suspend, Ground::Discipline).await;
    let (_, lost) = world.active("遗失").await;
    done(&world, lost, CertificateAct::ReportLoss, Ground::Loss).await;
    minute();
    let issued = world.qualified("待发放").await;
    let issued = world.issued(issued, Act::Initial).await;
    minute();
    let reviewed = world.qualified("待发证").await;
    let reviewed = world.reviewed(reviewed, Act::Initial).await;
    minute();
    let applied = world.qualified("待审核").await;
    let applied = world.applied(applied, Act::Initial).await;
    minute();
    let returned = world.qualified("退回").await;
    let returned = world.applied(returned, Act::Initial).await;
    minute();
    let reasons = Move::Return("照片不清晰".into());
    move_applications(&world.platform, &world.reviewer, &[returned], &reasons).await.unwrap();
    minute();
    let candidate = world.officer("待认定").await;
    let candidate = world.candidate(candidate).await;

    assert_eq!(
        kinds(&world, &world.hr).await,
        [
            waits("CERTIFICATE_EXPIRING", ending),
            waits("CERTIFICATE_TO_HAND_OVER", issued),
            waits("APPLICATION_RETURNED", returned),
        ]
    );
    assert_eq!(
        kinds(&world, &world.reviewer).await,
        [waits("APPLICATION_TO_REVIEW", applied), waits("CANDIDATE_TO_DECIDE", candidate)]
    );
    assert_eq!(
        kinds(&world, &world.issuer).await,
        [
            waits("SUSPENSION_OVER", suspended),
            waits("LOSS_REPORTED", lost),
            waits("APPLICATION_TO_ISSUE", reviewed),
        ]
    );
    assert_eq!(kinds(&world, &world.supervisor).await, []);
    // Next door there is nothing, whatever the role.
    for (role, axis) in [
        (Role::AgencyHr, ScopeAxis::Own),
        (Role::JusticeReviewer, ScopeAxis::Territory),
        (Role::Issuer, ScopeAxis::Territory),
    ] {
        let other = world.staff(role, world.elsewhere, axis).await;
        assert_eq!(kinds(&world, &other).await, [], "{role:?}");
    }

    let items = work(&world, &world.hr).await;
    assert_eq!(
        items[0],
        json!({
            "kind": "CERTIFICATE_EXPIRING",
            "subjectId": waits("", ending).1,
            "person": { "name": "将到期" },
            "label": "62000000001",
            "since": "2025-12-30T16:00:00+00:00",
            "dueOn": "2026-03-31",
            "dueAt": null,
            "reminderDays": 30,
            "reasons": null,
            "returnedBy": null,
            "escalation": null,
        })
    );
    assert_eq!(items[2]["reasons"], "照片不清晰");
    assert_eq!(items[2]["returnedBy"], "JUSTICE_REVIEWER");
    assert_eq!(items[2]["since"], "2026-03-02T02:05:00+00:00");
    let items = work(&world, &world.issuer).await;
    assert_eq!(
        (&items[0]["dueOn"], &items[0]["since"]),
        (&json!("2026-03-01"), &json!("2026-02-28T16:00:00+00:00"))
    );
    assert_eq!(
        ask(world.app(), &world.issuer, COUNTS, json!({})).await,
        json!([
            { "kind": "APPLICATION_TO_ISSUE", "count": 1, "oldest": "2026-03-02T02:02:00+00:00" },
            { "kind": "SUSPENSION_OVER", "count": 1, "oldest": "2026-02-28T16:00:00+00:00" },
            { "kind": "LOSS_REPORTED", "count": 1, "oldest": "2026-03-02T02:00:00+00:00" },
            { "kind": "JOB_FAILED", "count": 0, "oldest": null },
            { "kind": "JOINT_AUTHORISATION_TO_DECIDE", "count": 0, "oldest": null },
        ])
    );
}

#[tokio::test]
async fn what_was_returned_goes_from_one_list_to_the_other_and_back() {
    let world = World::new().await;
    let p = &world.platform;
    let person = world.qualified("王伟").await;
    let id = world.reviewed(person, Act::Initial).await;
    world.app().clock.advance(Duration::hours(1));
    let back = Move::SendBack("发证单位有误".into());
    move_applications(p, &world.issuer, &[id], &back).await.unwrap();
    let found = work(&world, &world.hr).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["returnedBy"], "ISSUER");
    assert_eq!(found[0]["reasons"], "发证单位有误");
    assert_eq!(found[0]["since"], "2026-03-02T03:00:00+00:00");
    assert_eq!(kinds(&world, &world.issuer).await, []);
    world.app().clock.advance(Duration::hours(1));
    move_applications(p, &world.hr, &[id], &Move::Resubmit).await.unwrap();
    assert_eq!(kinds(&world, &world.hr).await, []);
    let found = work(&world, &world.reviewer).await;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["since"], "2026-03-02T04:00:00+00:00");
    assert_eq!((&found[0]["reasons"], &found[0]["returnedBy"]), (&Value::Null, &Value::Null));
}

#[tokio::test]
async fn a_list_over_many_kinds_is_read_page_by_page() {
    let world = World::new().await;
    let mut expected = Vec::new();
    for n in 0..3 {
        let person = world.officer(&format!("候选{n}")).await;
        expected.push(waits("CANDIDATE_TO_DECIDE", world.candidate(person).await));
        world.app().clock.advance(Duration::minutes(1));
    }
    // At one and the same moment.
    for n in 0..3 {
        let person = world.qualified(&format!("申请{n}")).await;
        expected.push(waits("APPLICATION_TO_REVIEW", world.applied(person, Act::Initial).await));
    }
    let mut found = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = json!({ "first": 2, "after": after });
        let page = ask(world.app(), &world.reviewer, WORK, page).await;
        let nodes = page["nodes"].as_array().unwrap();
        assert_eq!(nodes.len(), 2);
        found.extend(nodes.iter().map(|item| {
            let word = |name: &str| item[name].as_str().unwrap().to_owned();
            (word("kind"), word("subjectId"))
        }));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(found, expected);
    let only = json!({ "first": 9, "kinds": ["CANDIDATE_TO_DECIDE"] });
    let only = ask(world.app(), &world.reviewer, WORK, only).await;
    assert_eq!(only["nodes"].as_array().unwrap().len(), 3);
    let wrong = json!({ "after": "WyJ4IiwieSJd" });
    let answer = world.app().graphql(Some(&world.reviewer), WORK, wrong).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "CURSOR_INVALID");
}

#[tokio::test]
async fn days_are_paged_too() {
    let world = World::new().await;
    let mut expected = Vec::new();
    for (name, until) in [("甲", "2026-03-10"), ("乙", "2026-03-10"), ("丙", "2026-03-11")] {
        let (_, id) = world.active(name).await;
        set_day(&world, id, certificate::Column::ValidUntil, until).await;
        expected.push(waits("", id).1);
    }
    let mut found = Vec::new();
    let mut after = Value::Null;
    for more in [true, true, false] {
        let page = json!({ "first": 1, "after": after });
        let page = ask(world.app(), &world.hr, WORK, page).await;
        found.push(page["nodes"][0]["subjectId"].as_str().unwrap().to_owned());
        assert_eq!(page["pageInfo"]["hasNextPage"], more);
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(found, expected);
}

#[tokio::test]
async fn a_renewal_on_its_way_ends_the_reminder() {
    let world = World::new().await;
    let (person, id) = world.active("王伟").await;
    set_day(&world, id, certificate::Column::ValidUntil, "2026-05-31").await;
    assert_eq!(kinds(&world, &world.hr).await, [waits("CERTIFICATE_EXPIRING", id)]);
    world.applied(person, Act::Renewal).await;
    assert_eq!(kinds(&world, &world.hr).await, []);
}

#[tokio::test]
async fn an_administrator_finds_invitations_jobs_and_keys_that_need_somebody() {
    let world = World::new().await;
    let p = &world.platform;
    let role = (Role::SystemAdministrator, world.justice, ScopeAxis::Territory);
    let admin = world.staff(role.0, role.1, role.2).await;
    let batch: ImportBatchId = p.new_id();
    let row = import_batch::Model {
        id: batch,
        account_id: world.hr.account(),
        file_name: "名册.xlsx".into(),
        file_sha256: vec![0; 32],
        mode: ImportMode::AtomicRow,
        state: ImportState::Staged,
        file_error: None,
        total: 1,
        failed: 0,
        confirmations: 0,
        cursor: 0,
        created: 0,
        updated: 0,
        unchanged: 0,
        refused: 0,
        summary: json!({}),
        job_id: None,
        rows_removed_at: None,
        created_at: p.now(),
        updated_at: p.now(),
        withdrawn_at: None,
    };
    row.into_active_model().insert(p.db.writer()).await.unwrap();
    let tx = p.db.begin().await.unwrap();
    let failed = jobs::enqueue(p, &tx, "import.apply", &json!({}), 1, world.hr.account()).await;
    let failed = failed.unwrap();
    tx.commit().await.unwrap();
    job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Failed))
        .exec(p.db.writer())
        .await
        .unwrap();
    let invited: InvitationId = p.new_id();
    let row = invitation::Model {
        id: invited,
        account_id: world.reviewer.account().unwrap(),
        purpose: InvitationPurpose::Activation,
        secret_hash: vec![1; 32],
        expires_at: p.now() + Duration::hours(72),
        used_at: None,
        revoked_at: None,
        created_at: p.now(),
    };
    row.into_active_model().insert(p.db.writer()).await.unwrap();
    assert_eq!(
        kinds(&world, &world.hr).await,
        [waits("IMPORT_TO_APPLY", batch), waits("JOB_FAILED", failed)]
    );
    assert_eq!(kinds(&world, &admin).await, [waits("JOB_FAILED", failed)]);
    assert_eq!(kinds(&world, &world.reviewer).await, []);
    // Taken back, or without its rows, it waits no longer.
    for column in [import_batch::Column::WithdrawnAt, import_batch::Column::RowsRemovedAt] {
        let at = |value: Option<chrono::DateTime<chrono::Utc>>| {
            import_batch::Entity::update_many().col_expr(column, Expr::value(value))
        };
        at(Some(p.now())).exec(p.db.writer()).await.unwrap();
        assert_eq!(kinds(&world, &world.hr).await, [waits("JOB_FAILED", failed)], "{column:?}");
        at(None).exec(p.db.writer()).await.unwrap();
    }
    world.app().clock.advance(Duration::hours(48));
    let key = signing_key::Entity::find()
        .filter(signing_key::Column::Use.eq(KeyUse::Audit))
        .one(p.db.read())
        .await
        .unwrap()
        .unwrap();
    signing_key::Entity::update_many()
        .col_expr(signing_key::Column::SignUntil, Expr::value(p.now() + Duration::hours(49)))
        .filter(signing_key::Column::Id.eq(key.id))
        .exec(p.db.writer())
        .await
        .unwrap();
    assert_eq!(
        kinds(&world, &admin).await,
        [waits("JOB_FAILED", failed), waits("INVITATION_ENDING", invited)]
    );
    world.app().clock.advance(Duration::hours(1));
    let found = work(&world, &admin).await;
    assert_eq!(found[2]["subjectId"], waits("", key.id).1);
    assert_eq!((&found[2]["kind"], &found[2]["label"]), (&json!("KEY_ENDING"), &json!("AUDIT")));
    assert_eq!(found[1]["dueAt"], "2026-03-05T02:00:00+00:00");
    world.app().clock.advance(Duration::hours(23));
    let found = kinds(&world, &admin).await;
    assert!(!found.contains(&waits("INVITATION_ENDING", invited)), "it is over: {found:?}");
}
