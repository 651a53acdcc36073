//! Steps of the database that move what is there already. What was there is written by the names
//! of its time: entities move on.

use chrono::{DateTime, NaiveDate, Utc};
use entities::enums::{ApplicationState, CertificateOrigin, StandingLift};
use entities::enums::{ApplicationStep as Step, CertificateAct as A, CertificateState as S};
use entities::ids::{ApplicationId, PersonId};
use entities::{application_step, certificate, certificate_event, printed_code, standing};
use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::{Alias, Query};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Value};
use serde_json::json;
use uuid::Uuid;

use crate::harness::migrated_to;

fn at(minute: i32) -> DateTime<Utc> {
    format!("2026-11-23T02:{minute:02}:00Z").parse().unwrap()
}

fn today() -> NaiveDate {
    at(0).date_naive()
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// Who proposed, reviewed and decided in the applications below.
const PROPOSER: u128 = 11;
const REVIEWER: u128 = 12;
const DECIDER: u128 = 13;

/// Writes a row by the names of its columns.
async fn insert(db: &impl ConnectionTrait, table: &str, row: Vec<(&str, Value)>) {
    let (columns, values): (Vec<_>, Vec<_>) =
        row.into_iter().map(|(column, value)| (Alias::new(column), value.into())).unzip();
    let insert =
        Query::insert().into_table(Alias::new(table)).columns(columns).values_panic(values).take();
    db.execute(&insert).await.unwrap();
}

/// What everything below points to: a division, an agency, people, a policy.
async fn ground(db: &impl ConnectionTrait) {
    insert(
        db,
        "divisions",
        vec![("code", "620000".into()), ("name", "甘肃省".into()), ("level", "PROVINCE".into())],
    )
    .await;
    insert(
        db,
        "agencies",
        vec![
            ("id", id(1).into()),
            ("number", 1.into()),
            ("name", "甘肃省司法厅".into()),
            ("aliases", json!([]).into()),
            ("uscc", "USCC".into()),
            ("kind", "ORGAN".into()),
            ("leadership", "LOCAL".into()),
            ("is_justice", true.into()),
            ("issues_certificates", true.into()),
            ("division_code", "620000".into()),
            ("field_codes", json!([]).into()),
            ("qualification", "CONFIRMED".into()),
            ("created_at", at(0).into()),
            ("updated_at", at(0).into()),
        ],
    )
    .await;
    for person in [PROPOSER, REVIEWER, DECIDER].into_iter().chain(101..=106) {
        insert(
            db,
            "people",
            vec![
                ("id", id(person).into()),
                ("kind", "ENFORCEMENT_OFFICER".into()),
                ("name", "王伟".into()),
                ("id_number_sealed", vec![1_u8].into()),
                ("id_number_index", id(person).as_bytes().to_vec().into()),
                ("agency_id", id(1).into()),
                ("establishment", "ADMINISTRATIVE".into()),
                ("duty", "ON_DUTY".into()),
                ("employment", "IN_POST".into()),
                ("field_codes", json!([]).into()),
                ("area_code", "620000".into()),
                ("created_at", at(0).into()),
                ("updated_at", at(0).into()),
            ],
        )
        .await;
    }
    insert(
        db,
        "policies",
        vec![
            ("id", id(1).into()),
            ("key", "CERTIFICATION".into()),
            ("division_code", "620000".into()),
            ("version", 1.into()),
            ("effective_from", today().into()),
            ("body", json!({}).into()),
            ("created_at", at(0).into()),
        ],
    )
    .await;
}

async fn application(db: &impl ConnectionTrait, n: u128, state: ApplicationState, steps: u32) {
    let (reviewed, decided) = (steps > 1, steps > 2);
    let reasons = matches!(state, ApplicationState::Returned | ApplicationState::Refused);
    insert(
        db,
        "applications",
        vec![
            ("id", id(n).into()),
            ("person_id", id(100 + n).into()),
            ("kind", "ENFORCEMENT_OFFICER".into()),
            ("act", "INITIAL".into()),
            ("state", state.code().into()),
            ("agency_id", id(1).into()),
            ("issuing_agency_id", id(1).into()),
            ("proposed_by", id(PROPOSER).into()),
            ("submitted_at", at(1).into()),
            ("reviewed_by", reviewed.then(|| id(REVIEWER)).into()),
            ("reviewed_at", reviewed.then(|| at(2)).into()),
            ("decided_by", decided.then(|| id(DECIDER)).into()),
            ("decided_at", decided.then(|| at(3)).into()),
            ("reasons", reasons.then(|| "照片不清晰".to_owned()).into()),
            ("created_at", at(0).into()),
            ("updated_at", at(4).into()),
        ],
    )
    .await;
}

async fn certificate_with_events(db: &impl ConnectionTrait) {
    insert(
        db,
        "certificates",
        vec![
            ("id", id(1).into()),
            ("person_id", id(101).into()),
            ("kind", "ENFORCEMENT_OFFICER".into()),
            ("number", "62000000001".into()),
            ("agency_id", id(1).into()),
            ("issuing_agency_id", id(1).into()),
            ("state", "ACTIVE".into()),
            ("issued_on", today().into()),
            ("valid_from", today().into()),
            ("valid_until", today().into()),
            ("policy_id", id(1).into()),
            ("created_at", at(0).into()),
            ("updated_at", at(0).into()),
        ],
    )
    .await;
    for event in events() {
        insert(
            db,
            "certificate_events",
            vec![
                ("id", event.id.0.into()),
                ("certificate_id", event.certificate_id.0.into()),
                ("seq", event.seq.into()),
                ("act", event.act.code().into()),
                ("from_state", event.from_state.map(S::code).into()),
                ("to_state", event.to_state.code().into()),
                ("at", event.at.into()),
                ("ground", event.ground.into()),
                ("note", event.note.into()),
                ("by_person", event.by_person.map(|p| p.0).into()),
                ("policy_id", event.policy_id.map(|p| p.0).into()),
            ],
        )
        .await;
    }
}

fn events() -> [certificate_event::Model; 2] {
    let event = |seq: i32, act, from_state, to_state| certificate_event::Model {
        id: id(u128::from(seq.unsigned_abs())).into(),
        certificate_id: id(1).into(),
        seq,
        act,
        from_state,
        to_state,
        at: at(seq),
        ground: Some("LOSS".into()),
        note: Some("说明".into()),
        by_person: Some(id(DECIDER).into()),
        policy_id: Some(id(1).into()),
    };
    [event(1, A::Issue, None, S::Issued), event(2, A::HandOver, Some(S::Issued), S::Active)]
}

#[tokio::test]
async fn what_was_there_before_steps_and_liftings_were_kept_is_carried_over() {
    use ApplicationState as State;
    let (db, _folder) = migrated_to(1).await;
    ground(db.writer()).await;
    for (n, state, steps) in [
        (1, State::Applied, 1),
        (2, State::Returned, 2),
        (3, State::Reviewed, 2),
        (4, State::Returned, 3),
        (5, State::Refused, 2),
        (6, State::Approved, 3),
    ] {
        application(db.writer(), n, state, steps).await;
    }
    certificate_with_events(db.writer()).await;
    for (n, lifted) in [(1, Some(at(5))), (2, None)] {
        insert(
            db.writer(),
            "standings",
            vec![
                ("id", id(n).into()),
                ("person_id", id(101).into()),
                ("kind", "RETRAINING_OWED".into()),
                ("from_on", today().into()),
                ("source", "ROSTER".into()),
                ("recorded_at", at(0).into()),
                ("lifted_at", lifted.into()),
            ],
        )
        .await;
    }
    Migrator::up(db.writer(), None).await.unwrap();

    let steps = application_step::Entity::find()
        .order_by_asc(application_step::Column::ApplicationId)
        .order_by_asc(application_step::Column::Seq)
        .all(db.read())
        .await
        .unwrap();
    let because = Some("照片不清晰".to_owned());
    let row = |application: u128, seq: i32, step: Step, reasons: Option<String>| {
        let by_person: PersonId = match seq {
            1 => id(PROPOSER).into(),
            2 => id(REVIEWER).into(),
            _ => id(DECIDER).into(),
        };
        let application_id: ApplicationId = id(application).into();
        application_step::Model {
            application_id,
            seq,
            step,
            by_person,
            at: at(seq),
            reasons,
            policy_id: None,
        }
    };
    assert_eq!(
        steps,
        [
            row(1, 1, Step::Apply, None),
            row(2, 1, Step::Apply, None),
            row(2, 2, Step::Return, because.clone()),
            row(3, 1, Step::Apply, None),
            row(3, 2, Step::Approve, None),
            row(4, 1, Step::Apply, None),
            row(4, 2, Step::Approve, None),
            row(4, 3, Step::SendBack, because.clone()),
            row(5, 1, Step::Apply, None),
            row(5, 2, Step::Refuse, because),
            row(6, 1, Step::Apply, None),
            row(6, 2, Step::Approve, None),
            row(6, 3, Step::Issue, None),
        ]
    );
    let kept = certificate_event::Entity::find()
        .order_by_asc(certificate_event::Column::Seq)
        .all(db.read())
        .await
        .unwrap();
    assert_eq!(kept, events());
    let standings = standing::Entity::find().order_by_asc(standing::Column::Id).all(db.read());
    let lifted: Vec<_> =
        standings.await.unwrap().into_iter().map(|row| (row.lifted_at, row.lift_reason)).collect();
    assert_eq!(lifted, [(Some(at(5)), Some(StandingLift::RetrainingDone)), (None, None)]);
}

/// A claim of an existing certificate, by the names of its time.
async fn claim(
    db: &impl ConnectionTrait,
    n: u128,
    person: u128,
    number: &str,
    state: &str,
) -> Result<(), sea_orm::DbErr> {
    let row: Vec<(&str, Value)> = vec![
        ("id", id(n).into()),
        ("person_id", id(person).into()),
        ("kind", "ENFORCEMENT".into()),
        ("number", number.into()),
        ("issuer", "永登县司法局".into()),
        ("issued_on", today().into()),
        ("claimed_state", "ACTIVE".into()),
        ("batch_id", id(1).into()),
        ("row_no", i32::try_from(n).unwrap().into()),
        ("state", state.into()),
        ("exceptions", json!([]).into()),
        ("rank", 1.into()),
        ("created_at", at(0).into()),
        ("updated_at", at(0).into()),
    ];
    let (columns, values): (Vec<_>, Vec<_>) =
        row.into_iter().map(|(column, value)| (Alias::new(column), value.into())).unzip();
    let insert = Query::insert()
        .into_table(Alias::new("existing_certificates"))
        .columns(columns)
        .values_panic(values)
        .take();
    db.execute(&insert).await.map(|_| ())
}

#[tokio::test]
async fn certificates_from_before_existing_ones_were_kept_are_carried_over() {
    let (db, _folder) = migrated_to(5).await;
    ground(db.writer()).await;
    certificate_with_events(db.writer()).await;
    insert(
        db.writer(),
        "status_lists",
        vec![
            ("id", 1.into()),
            ("size", 8.into()),
            ("next", 1.into()),
            ("key_sealed", vec![1_u8].into()),
            ("created_at", at(0).into()),
        ],
    )
    .await;
    insert(
        db.writer(),
        "status_entries",
        vec![
            ("list", 1.into()),
            ("idx", 0.into()),
            ("value", "VALID".into()),
            ("updated_at", at(0).into()),
        ],
    )
    .await;
    insert(
        db.writer(),
        "printed_codes",
        vec![
            ("credential_id", vec![1_u8].into()),
            ("certificate_id", id(1).into()),
            ("digits", "1".into()),
            ("kid", vec![1_u8].into()),
            ("list", 1.into()),
            ("idx", 0.into()),
            ("expires_at", at(0).into()),
            ("created_at", at(0).into()),
        ],
    )
    .await;
    Migrator::up(db.writer(), None).await.unwrap();

    let certificate = certificate::Entity::find().one(db.read()).await.unwrap().unwrap();
    assert_eq!(certificate.origin, CertificateOrigin::Issued);
    let code = printed_code::Entity::find().one(db.read()).await.unwrap().unwrap();
    assert!(!code.waits);
    let kept = certificate_event::Entity::find()
        .order_by_asc(certificate_event::Column::Seq)
        .all(db.read())
        .await
        .unwrap();
    assert_eq!(kept, events());

    insert(
        db.writer(),
        "import_batches",
        vec![
            ("id", id(1).into()),
            ("file_name", "r.csv".into()),
            ("file_sha256", vec![1_u8].into()),
            ("mode", "ATOMIC_ROW".into()),
            ("state", "APPLIED".into()),
            ("total", 1.into()),
            ("failed", 0.into()),
            ("confirmations", 0.into()),
            ("cursor", 1.into()),
            ("created", 0.into()),
            ("updated", 0.into()),
            ("unchanged", 0.into()),
            ("refused", 0.into()),
            ("summary", json!({}).into()),
            ("created_at", at(0).into()),
            ("updated_at", at(0).into()),
        ],
    )
    .await;
    // The database itself holds: one claim a person waits, a number is one person's, nothing is
    // confirmed without its certificate, and what a ministry issued is never claimed.
    let db = db.writer();
    claim(db, 1, 101, "28010001", "CLAIMED").await.unwrap();
    for (n, person, number, state, holds) in [
        (2, 101, "28010002", "CLAIMED", false),
        (3, 102, "28010001", "CLAIMED", false),
        (4, 102, "28010004", "CONFIRMED", false),
        (5, 102, "28010005", "FILED", false),
        (6, 101, "28010001", "WITHDRAWN", true),
        (7, 102, "28010007", "CLAIMED", true),
    ] {
        assert_eq!(claim(db, n, person, number, state).await.is_ok(), holds, "{n}");
    }
}
