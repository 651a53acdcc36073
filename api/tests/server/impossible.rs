//! What the database refuses by itself, whatever the code above it does: a qualification or a
//! certificate of an auxiliary, and a second certificate in force.

use entities::enums::{CertificateOrigin, CertificateState, PersonKind, QualificationState};
use entities::ids::{AgencyId, CertificateId, PersonId, PolicyId, QualificationId};
use entities::{certificate, qualification};
use sea_orm::{ActiveModelTrait, DbErr, EntityTrait, SqlErr};

use crate::harness::TestApp;
use crate::province::Province;

async fn qualify(
    app: &TestApp,
    person: PersonId,
    kind: PersonKind,
    agency: AgencyId,
) -> Result<(), DbErr> {
    let row = qualification::Model {
        id: app.platform.new_id::<QualificationId>(),
        person_id: person,
        kind,
        state: QualificationState::Qualified,
        agency_id: agency,
        nominated_by: person,
        nominated_at: app.now(),
        decided_by: None,
        decided_at: None,
        policy_id: None,
        reasons: None,
        existing_id: None,
    };
    qualification::ActiveModel::from(row).insert(app.platform.db.writer()).await.map(|_| ())
}

async fn certify(
    app: &TestApp,
    person: PersonId,
    kind: PersonKind,
    agency: AgencyId,
    number: &str,
    policy: PolicyId,
) -> Result<(), DbErr> {
    let state = CertificateState::Active;
    certify_in(app, person, kind, agency, number, policy, state).await
}

async fn certify_in(
    app: &TestApp,
    person: PersonId,
    kind: PersonKind,
    agency: AgencyId,
    number: &str,
    policy: PolicyId,
    state: CertificateState,
) -> Result<(), DbErr> {
    let day = chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let row = certificate::Model {
        id: app.platform.new_id::<CertificateId>(),
        person_id: person,
        kind,
        number: number.to_owned(),
        agency_id: agency,
        issuing_agency_id: agency,
        state,
        issued_on: day,
        valid_from: day,
        valid_until: day,
        suspended_until: None,
        ground: None,
        handed_over_on: None,
        ended_at: None,
        policy_id: policy,
        created_at: app.now(),
        updated_at: app.now(),
        origin: CertificateOrigin::Issued,
    };
    certificate::ActiveModel::from(row).insert(app.platform.db.writer()).await.map(|_| ())
}

async fn a_policy(app: &TestApp) -> PolicyId {
    entities::policy::Entity::find().one(app.platform.db.read()).await.unwrap().unwrap().id
}

#[tokio::test]
async fn no_auxiliary_can_hold_anything_in_the_database() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let (agency, policy) = (province.county_market, a_policy(&app).await);
    for kind in [PersonKind::AuxiliaryStaff, PersonKind::ClericalStaff] {
        let person = province.person(&app, kind, "协管员", agency).await;
        // With the true kind the CHECK refuses, with a false one the composite key.
        for claimed in [kind, PersonKind::EnforcementOfficer, PersonKind::SupervisionOfficer] {
            assert!(qualify(&app, person, claimed, agency).await.is_err(), "{kind:?} {claimed:?}");
            let number = format!("{kind:?}{claimed:?}");
            let held = certify(&app, person, claimed, agency, &number, policy).await;
            assert!(held.is_err(), "{kind:?} {claimed:?}");
        }
    }
    let officer = province.person(&app, PersonKind::EnforcementOfficer, "王伟", agency).await;
    qualify(&app, officer, PersonKind::EnforcementOfficer, agency).await.unwrap();
    certify(&app, officer, PersonKind::EnforcementOfficer, agency, "1", policy).await.unwrap();
}

#[tokio::test]
async fn nobody_holds_two_certificates_in_force_and_no_number_comes_twice() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let (agency, policy) = (province.county_market, a_policy(&app).await);
    let kind = PersonKind::EnforcementOfficer;
    let first = province.person(&app, kind, "王伟", agency).await;
    let second = province.person(&app, kind, "李娜", agency).await;
    certify(&app, first, kind, agency, "1", policy).await.unwrap();
    for (person, number) in [(first, "2"), (second, "1")] {
        let refused = certify(&app, person, kind, agency, number, policy).await.unwrap_err();
        assert!(
            matches!(refused.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))),
            "{refused}"
        );
    }
}

/// Written down from the domain: one in force, one that waits for its handover, and any number of
/// lost or ended ones.
#[tokio::test]
async fn beside_one_in_force_one_waits_and_no_second_of_either() {
    use CertificateState::{Active, Issued, Suspended};
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    let (agency, policy) = (province.county_market, a_policy(&app).await);
    let kind = PersonKind::EnforcementOfficer;
    for first in CertificateState::all() {
        for second in CertificateState::all() {
            let person = province.person(&app, kind, "王伟", agency).await;
            let number = |which: u8| format!("{first:?}{second:?}{which}");
            certify_in(&app, person, kind, agency, &number(1), policy, first).await.unwrap();
            let beside = certify_in(&app, person, kind, agency, &number(2), policy, second).await;
            let in_force = |state| matches!(state, Active | Suspended);
            let clash = in_force(first) && in_force(second) || first == Issued && second == Issued;
            assert_eq!(beside.is_err(), clash, "{first:?} and {second:?}");
        }
    }
}
