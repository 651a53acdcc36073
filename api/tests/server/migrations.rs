//! Steps of the database that move what is there already.

use chrono::{DateTime, Utc};
use entities::enums::{
    AgencyKind, AgencyQualification, ApplicationAct, ApplicationState, ApplicationStep as Step,
    CertificateAct, CertificateState, DivisionLevel, DutyStatus, Employment, Establishment,
    Leadership, PersonKind, StandingKind, StandingLift,
};
use entities::ids::{
    AgencyId, ApplicationId, CertificateEventId, CertificateId, PersonId, PolicyId, StandingId,
};
use entities::{
    agency, application, application_step, certificate, certificate_event, division, person,
    policy, standing,
};
use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::Query;
use sea_orm::{ActiveModelTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use crate::harness::migrated_to;

fn at(minute: u32) -> DateTime<Utc> {
    format!("2026-11-23T02:{minute:02}:00Z").parse().unwrap()
}

fn id<T: From<Uuid>>(n: u128) -> T {
    T::from(Uuid::from_u128(n))
}

/// Who proposed, reviewed and decided in the applications below.
fn people() -> [PersonId; 3] {
    [11, 12, 13].map(id)
}

/// An application as the first step kept it.
fn application(n: u128, state: ApplicationState, by: (bool, bool)) -> application::Model {
    let [proposer, reviewer, decider] = people();
    let (reviewed, decided) = by;
    let reasons = matches!(state, ApplicationState::Returned | ApplicationState::Refused);
    application::Model {
        id: id(n),
        person_id: id(100 + n),
        kind: PersonKind::EnforcementOfficer,
        act: ApplicationAct::Initial,
        state,
        agency_id: id(1),
        issuing_agency_id: id(1),
        proposed_by: proposer,
        submitted_at: Some(at(1)),
        reviewed_by: reviewed.then_some(reviewer),
        reviewed_at: reviewed.then_some(at(2)),
        decided_by: decided.then_some(decider),
        decided_at: decided.then_some(at(3)),
        reasons: reasons.then(|| "照片不清晰".to_owned()),
        policy_id: None,
        replaces_id: None,
        certificate_id: None,
        created_at: at(0),
        updated_at: at(4),
    }
}

fn person(n: PersonId) -> person::Model {
    person::Model {
        id: n,
        kind: PersonKind::EnforcementOfficer,
        name: "王伟".into(),
        gender: None,
        id_number_sealed: vec![],
        id_number_index: n.0.as_bytes().to_vec(),
        phone_sealed: None,
        phone_index: None,
        agency_id: id(1),
        internal_unit: None,
        establishment: Establishment::Administrative,
        duty: DutyStatus::OnDuty,
        employment: Employment::InPost,
        position: None,
        field_codes: json!([]),
        area_code: "620000".into(),
        photo_file: None,
        photo_sha256: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

/// A county with applications in every state, a certificate and a lifted standing.
async fn fill(db: &impl ConnectionTrait, applications: &[application::Model]) {
    let row = division::Model {
        code: "620000".into(),
        name: "甘肃省".into(),
        level: DivisionLevel::Province,
        parent_code: None,
    };
    row.into_active_model().insert(db).await.unwrap();
    let row = agency::Model {
        id: id::<AgencyId>(1),
        number: 1,
        name: "甘肃省司法厅".into(),
        aliases: json!([]),
        uscc: "USCC".into(),
        kind: AgencyKind::Organ,
        leadership: Leadership::Local,
        is_justice: true,
        issues_certificates: true,
        division_code: "620000".into(),
        superior_id: None,
        entrusted_by_id: None,
        entrustment_letter: None,
        field_codes: json!([]),
        complaint_phone: None,
        qualification: AgencyQualification::Confirmed,
        qualification_confirmed_on: None,
        abolished_on: None,
        created_at: at(0),
        updated_at: at(0),
    };
    row.into_active_model().insert(db).await.unwrap();
    let holders = applications.iter().map(|row| row.person_id);
    for who in people().into_iter().chain(holders) {
        person(who).into_active_model().insert(db).await.unwrap();
    }
    for row in applications {
        row.clone().into_active_model().insert(db).await.unwrap();
    }
    let row = policy::Model {
        id: id::<PolicyId>(1),
        key: "CERTIFICATION".into(),
        division_code: "620000".into(),
        version: 1,
        effective_from: at(0).date_naive(),
        body: json!({}),
        created_at: at(0),
    };
    row.into_active_model().insert(db).await.unwrap();
    let row = certificate::Model {
        id: id::<CertificateId>(1),
        person_id: applications[0].person_id,
        kind: PersonKind::EnforcementOfficer,
        number: "62000000001".into(),
        agency_id: id(1),
        issuing_agency_id: id(1),
        state: CertificateState::Active,
        issued_on: at(0).date_naive(),
        valid_from: at(0).date_naive(),
        valid_until: at(0).date_naive(),
        suspended_until: None,
        ground: None,
        handed_over_on: None,
        ended_at: None,
        policy_id: id(1),
        created_at: at(0),
        updated_at: at(0),
    };
    row.into_active_model().insert(db).await.unwrap();
    for row in events() {
        row.into_active_model().insert(db).await.unwrap();
    }
    // The columns of the first step only.
    use standing::Column as C;
    let columns =
        [C::Id, C::PersonId, C::Kind, C::FromOn, C::UntilOn, C::Source, C::RecordedAt, C::LiftedAt];
    for (n, lifted) in [(1, Some(at(5))), (2, None)] {
        let values: [sea_orm::Value; 8] = [
            id::<StandingId>(n).into(),
            applications[0].person_id.into(),
            StandingKind::RetrainingOwed.code().into(),
            at(0).date_naive().into(),
            Option::<chrono::NaiveDate>::None.into(),
            "ROSTER".into(),
            at(0).into(),
            lifted.into(),
        ];
        let insert = Query::insert()
            .into_table(standing::Entity)
            .columns(columns)
            .values_panic(values.map(Into::into))
            .take();
        db.execute(&insert).await.unwrap();
    }
}

fn events() -> [certificate_event::Model; 2] {
    let event = |seq: i32, act, from_state, to_state| certificate_event::Model {
        id: id::<CertificateEventId>(u128::from(seq.unsigned_abs())),
        certificate_id: id(1),
        seq,
        act,
        from_state,
        to_state,
        at: at(seq.unsigned_abs()),
        ground: Some("LOSS".into()),
        note: Some("说明".into()),
        by_person: Some(people()[2]),
        policy_id: Some(id(1)),
    };
    [
        event(1, CertificateAct::Issue, None, CertificateState::Issued),
        event(
            2,
            CertificateAct::HandOver,
            Some(CertificateState::Issued),
            CertificateState::Active,
        ),
    ]
}

#[tokio::test]
async fn what_was_there_before_steps_and_liftings_were_kept_is_carried_over() {
    let (db, _folder) = migrated_to(1).await;
    use ApplicationState as S;
    let applications = [
        (1, S::Applied, (false, false)),
        (2, S::Returned, (true, false)),
        (3, S::Reviewed, (true, false)),
        (4, S::Returned, (true, true)),
        (5, S::Refused, (true, false)),
        (6, S::Approved, (true, true)),
    ]
    .map(|(n, state, by)| application(n, state, by));
    fill(db.writer(), &applications).await;
    Migrator::up(db.writer(), None).await.unwrap();

    let steps = application_step::Entity::find()
        .order_by_asc(application_step::Column::ApplicationId)
        .order_by_asc(application_step::Column::Seq)
        .all(db.read())
        .await
        .unwrap();
    let [proposer, reviewer, decider] = people();
    let because = Some("照片不清晰".to_owned());
    let row = |application: u128, seq: i32, step: Step, reasons: Option<String>| {
        let by_person = match seq {
            1 => proposer,
            2 => reviewer,
            _ => decider,
        };
        let application_id: ApplicationId = id(application);
        let at = at(seq.unsigned_abs());
        application_step::Model { application_id, seq, step, by_person, at, reasons }
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
