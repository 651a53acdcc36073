//! From candidate to a certificate handed over, and what stands in the way.

use entities::enums::{
    ApplicationAct as Act, ApplicationState, CertificateState as S, ExamSubject, PersonKind, Role,
    ScopeAxis, StandingKind, StatusValue,
};
use entities::{application, audit_entry, exam_result, printed_code, status_entry};
use mobile_contract::{
    CertificateStatus, Credential, KeyRecord, KeySet, KeyUse, Moment, StatusFact, Verdict,
    Verifier, verify,
};
use sea_orm::EntityTrait;

use super::world::*;
use api::certification::rules::checklist::Unmet;
use api::certification::*;
use api::credentials::codes_of;
use api::officers::{self, NewExam};
use api::platform::actor::Actor;

#[tokio::test]
async fn the_whole_way_ends_in_a_code_that_verifies() {
    let world = World::new().await;
    let (person, id) = world.active("阿依古丽·买买提").await;
    let certificate = world.certificate(id).await;
    assert_eq!(certificate.number, "62000000001");
    assert_eq!((certificate.state, certificate.person_id), (S::Active, person));
    assert_eq!(certificate.issuing_agency_id, world.justice);
    assert_eq!(certificate.valid_until, day("2031-03-01"));
    assert_eq!(certificate.handed_over_on, Some(day("2026-03-02")));

    let scanned = world.scan(id).await;
    assert_eq!((scanned.card.state, scanned.status), (S::Active, StatusValue::Valid));
    assert_eq!(scanned.card.agency_name, "永登县交通运输局");
    assert_eq!(scanned.card.issuing_authority, "永登县司法局");
    assert_eq!(scanned.card.area_name, "永登县");
    assert_eq!(
        scanned.card.field_names,
        serde_json::json!([{ "zh": "交通运输", "en": "Transport" }])
    );

    let code = codes_of(world.platform.db.read(), &[id]).await.unwrap().remove(0);
    let use_of_codes = entities::enums::KeyUse::Credential;
    let key = world.platform.keyring.current(use_of_codes, world.platform.now()).unwrap();
    let keys = KeySet::new([KeyRecord {
        public_key: mobile_contract::PublicKey::Ed25519(key.verifying_key()),
        key_use: KeyUse::Credential,
        not_before: key.not_before.timestamp(),
        not_after: key.not_after.timestamp(),
        compromised_since: None,
    }]);
    let now = world.platform.now().timestamp();
    let verifier = Verifier {
        keys: &keys,
        known_genuine: &std::collections::HashSet::new(),
        challenge: None,
        moment: Moment { now, floor: None },
    };
    let fresh = |_: &Credential| StatusFact::Fresh { status: CertificateStatus::Valid, as_of: now };
    let judged = verify(&format!("https://zf.example.cn/v/{}", code.digits), verifier, fresh);
    assert_eq!(judged.verdict, Verdict::Valid);
    let inside = judged.credential.unwrap();
    assert_eq!(inside.name, "阿依古丽·买买提");
    assert_eq!(inside.certificate_number, "62000000001");
    assert_eq!((inside.agency, inside.kind), (3, 1));
    assert_eq!(i32::try_from(inside.status_index).unwrap(), code.idx);
    assert_eq!(
        inside.expires,
        "2031-03-01T16:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp()
    );
}

#[tokio::test]
async fn what_is_issued_is_not_relied_on_before_the_handover() {
    let world = World::new().await;
    let person = world.qualified("王伟").await;
    let id = world.issued(person, Act::Initial).await;
    let scanned = world.scan(id).await;
    assert_eq!((scanned.card.state, scanned.status), (S::Issued, StatusValue::Suspended));
    let application = application::Entity::find().one(world.platform.db.read()).await.unwrap();
    let application = application.unwrap();
    assert_eq!(application.state, ApplicationState::Approved);
    assert_eq!(application.certificate_id, Some(id));
}

#[tokio::test]
async fn nobody_acts_twice_or_on_their_own_record() {
    let world = World::new().await;
    let both = [
        (Role::AgencyHr, world.bureau, ScopeAxis::Own),
        (Role::JusticeReviewer, world.justice, ScopeAxis::Territory),
        (Role::Issuer, world.justice, ScopeAxis::Territory),
    ];
    let officer = world.officer("张敏").await;
    let other = world.officer("李娜").await;
    // Two accounts of one person are one person.
    let first = world.account(officer, &both).await;
    let second = world.account(officer, &both[..1]).await;
    let p = &world.platform;
    let own = nominate(p, &second, &[officer]).await.unwrap();
    assert_eq!(own[0].result, Err(CertificationRefusal::OwnRecord));

    let candidate = nominate(p, &second, &[other]).await.unwrap()[0].result.clone().unwrap();
    let same = decide_qualification(p, &first, &[candidate], &Decision::Qualify).await.unwrap();
    assert_eq!(same[0].result, Err(CertificationRefusal::SeparationOfDuties));
    let decided =
        decide_qualification(p, &world.reviewer, &[candidate], &Decision::Qualify).await.unwrap();
    assert_eq!(decided[0].result, Ok(()));

    let applied = apply(p, &second, &[other], Act::Initial).await.unwrap();
    let applied = applied[0].result.clone().unwrap();
    let same = move_applications(p, &first, &[applied], &Move::Approve).await.unwrap();
    assert_eq!(same[0].result, Err(CertificationRefusal::SeparationOfDuties));
    let by_reviewer =
        move_applications(p, &world.reviewer, &[applied], &Move::Approve).await.unwrap();
    assert_eq!(by_reviewer[0].result, Ok(()));
    assert_eq!(refused(issue(p, &first, applied).await), CertificationRefusal::SeparationOfDuties);
    assert!(issue(p, &world.issuer, applied).await.is_ok());
}

#[tokio::test]
async fn whoever_proposed_it_first_does_not_review_or_decide_after_a_return() {
    let world = World::new().await;
    let p = &world.platform;
    let person = world.qualified("王伟").await;
    // Of two people in HR, the first is a reviewer and an issuer too.
    let clerk = world.person("职员", world.bureau, |p| p.kind = PersonKind::ClericalStaff).await;
    let first = world
        .account(
            clerk,
            &[
                (Role::AgencyHr, world.bureau, ScopeAxis::Own),
                (Role::JusticeReviewer, world.justice, ScopeAxis::Territory),
                (Role::Issuer, world.justice, ScopeAxis::Territory),
            ],
        )
        .await;
    let second = world.staff(Role::AgencyHr, world.bureau, ScopeAxis::Own).await;
    let id = apply(p, &first, &[person], Act::Initial).await.unwrap()[0].result.clone().unwrap();
    let step = async |actor, to: Move| {
        move_applications(p, actor, &[id], &to).await.unwrap().remove(0).result
    };
    let separated = Err(CertificationRefusal::SeparationOfDuties);
    assert_eq!(step(&world.reviewer, Move::Return("照片不清晰".into())).await, Ok(()));
    assert_eq!(step(&second, Move::Resubmit).await, Ok(()));
    for to in [Move::Approve, Move::Return("再补正".into()), Move::Refuse("不符合".into())] {
        assert_eq!(step(&first, to.clone()).await, separated, "{to:?}");
    }
    assert_eq!(step(&world.reviewer, Move::Approve).await, Ok(()));
    assert_eq!(step(&first, Move::SendBack("再补正".into())).await, separated);
    assert_eq!(refused(issue(p, &first, id).await), CertificationRefusal::SeparationOfDuties);
    // Who sent it back does not hand it in again, even after another has done so.
    let other = world
        .account(
            second.person().unwrap(),
            &[
                (Role::AgencyHr, world.bureau, ScopeAxis::Own),
                (Role::Issuer, world.justice, ScopeAxis::Territory),
            ],
        )
        .await;
    assert_eq!(step(&other, Move::SendBack("再补正".into())).await, separated);
    assert_eq!(step(&world.issuer, Move::SendBack("再补正".into())).await, Ok(()));
    assert_eq!(step(&first, Move::Resubmit).await, Ok(()));
    assert_eq!(step(&world.reviewer, Move::Approve).await, Ok(()));
    assert!(issue(p, &world.issuer, id).await.is_ok());
}

#[tokio::test]
async fn training_counts_over_the_turn_of_the_year() {
    let world = World::new().await;
    let p = &world.platform;
    let officer = world.officer("王伟").await;
    let id = world.candidate(officer).await;
    // 2027-12-31 is the last day on which the hours of 2026 count.
    for (days, expected) in
        [(669, Ok(())), (1, Err(Unmet::Training { year: 2028, done: 0, required: 3_600 }))]
    {
        world.advance(days);
        let other = world.officer("李娜").await;
        let id = world.candidate(other).await;
        let decided =
            decide_qualification(p, &world.reviewer, &[id], &Decision::Qualify).await.unwrap();
        let expected = expected.map_err(|unmet| CertificationRefusal::Checklist(vec![unmet]));
        assert_eq!(decided[0].result, expected, "{}", p.now());
    }
    // In the year after, the hours of that year are asked for.
    officers::record_training(p, &Actor::System, officer, 2028, 3_600).await.unwrap();
    let decided =
        decide_qualification(p, &world.reviewer, &[id], &Decision::Qualify).await.unwrap();
    assert_eq!(decided[0].result, Ok(()));
}

#[tokio::test]
async fn after_a_failed_resit_the_study_is_confirmed_before_a_new_exam_qualifies() {
    let world = World::new().await;
    let p = &world.platform;
    let officer = world.officer("王伟").await;
    exam_result::Entity::delete_many().exec(p.db.writer()).await.unwrap();
    let id = world.candidate(officer).await;
    let sit = async |score, on: &str| {
        for subject in ExamSubject::all() {
            let exam = NewExam { subject, score_tenths: score, taken_on: day(on) };
            officers::record_exam_result(p, &Actor::System, officer, exam).await.unwrap();
        }
    };
    let lacks = async || {
        let decided =
            decide_qualification(p, &world.reviewer, &[id], &Decision::Qualify).await.unwrap();
        match decided.into_iter().next().unwrap().result {
            Ok(()) => Vec::new(),
            Err(CertificationRefusal::Checklist(unmet)) => unmet,
            Err(other) => panic!("{other:?}"),
        }
    };
    sit(500, "2026-01-10").await;
    assert_eq!(lacks().await, [Unmet::PublicLawExam, Unmet::ProfessionalLawExam]);
    sit(599, "2026-01-20").await;
    assert_eq!(
        lacks().await,
        [Unmet::RetrainingOwed, Unmet::PublicLawStudy, Unmet::ProfessionalLawStudy]
    );
    // The new exam alone does not do.
    sit(900, "2026-02-20").await;
    assert_eq!(lacks().await, [Unmet::RetrainingOwed]);
    let confirmed = confirm_retraining(p, &world.reviewer, &[officer]).await.unwrap();
    assert_eq!(confirmed[0].result, Ok(()));
    assert_eq!(lacks().await, []);
}

#[tokio::test]
async fn outside_the_scope_a_record_does_not_exist() {
    let world = World::new().await;
    let p = &world.platform;
    let officer = world.officer("王伟").await;
    let foreign_hr = world.staff(Role::AgencyHr, world.elsewhere, ScopeAxis::Own).await;
    let foreign_reviewer =
        world.staff(Role::JusticeReviewer, world.elsewhere, ScopeAxis::Territory).await;
    let foreign_issuer = world.staff(Role::Issuer, world.elsewhere, ScopeAxis::Territory).await;
    let out = nominate(p, &foreign_hr, &[officer]).await.unwrap();
    assert_eq!(out[0].result, Err(CertificationRefusal::NotFound));
    let id = world.candidate(officer).await;
    let out = decide_qualification(p, &foreign_reviewer, &[id], &Decision::Qualify).await.unwrap();
    assert_eq!(out[0].result, Err(CertificationRefusal::NotFound));
    // A reviewer whose role hangs on the agency itself is not its justice department.
    let own = world.staff(Role::JusticeReviewer, world.bureau, ScopeAxis::Own).await;
    let out = decide_qualification(p, &own, &[id], &Decision::Qualify).await.unwrap();
    assert_eq!(out[0].result, Err(CertificationRefusal::NotFound));
    decide_qualification(p, &world.reviewer, &[id], &Decision::Qualify).await.unwrap();
    let application = world.reviewed(officer, Act::Initial).await;
    assert_eq!(
        refused(issue(p, &foreign_issuer, application).await),
        CertificationRefusal::NotFound
    );
    // Nor can the system, which is no person, decide.
    assert_eq!(
        refused(issue(p, &api::platform::actor::Actor::System, application).await),
        CertificationRefusal::PersonRequired
    );
}

#[tokio::test]
async fn one_bad_row_does_not_hold_up_the_others() {
    let world = World::new().await;
    let good = world.officer("王伟").await;
    let auxiliary =
        world.person("马强", world.bureau, |p| p.kind = PersonKind::AuxiliaryStaff).await;
    let barred = world.officer("李娜").await;
    world.enter_standing(barred, StandingKind::UnderInvestigation).await;
    let out = nominate(&world.platform, &world.hr, &[auxiliary, good, barred]).await.unwrap();
    let results: Vec<_> = out.into_iter().map(|o| o.result.map(|_| ())).collect();
    assert_eq!(
        results,
        [
            Err(CertificationRefusal::Checklist(vec![Unmet::KindExcluded])),
            Ok(()),
            Err(CertificationRefusal::Checklist(vec![Unmet::UnderInvestigation])),
        ]
    );
}

#[tokio::test]
async fn an_application_is_returned_and_handed_in_again() {
    let world = World::new().await;
    let p = &world.platform;
    let person = world.qualified("王伟").await;
    let id = world.applied(person, Act::Initial).await;
    assert_eq!(
        refused(move_applications(p, &world.reviewer, &[id], &Move::Return(" ".into())).await),
        CertificationRefusal::ReasonsRequired
    );
    let returned = Move::Return("照片不清晰".into());
    move_applications(p, &world.reviewer, &[id], &returned).await.unwrap();
    let again = apply(p, &world.hr, &[person], Act::Initial).await.unwrap();
    assert_eq!(again[0].result, Err(CertificationRefusal::Checklist(vec![Unmet::OpenApplication])));
    let out = move_applications(p, &world.hr, &[id], &Move::Resubmit).await.unwrap();
    assert_eq!(out[0].result, Ok(()));
    let out = move_applications(p, &world.reviewer, &[id], &Move::Approve).await.unwrap();
    assert_eq!(out[0].result, Ok(()));
    let back = Move::SendBack("发证单位信息有误".into());
    let out = move_applications(p, &world.issuer, &[id], &back).await.unwrap();
    assert_eq!(out[0].result, Ok(()));
    let refuse = Move::Refuse("逾期未补正".into());
    let out = move_applications(p, &world.reviewer, &[id], &refuse).await.unwrap();
    assert_eq!(out[0].result, Ok(()));
    let out = move_applications(p, &world.hr, &[id], &Move::Resubmit).await.unwrap();
    assert_eq!(
        out[0].result,
        Err(CertificationRefusal::StateNotAllowed { state: "REFUSED".into() })
    );
}

#[tokio::test]
async fn what_changed_since_the_review_stops_the_issue_and_leaves_nothing() {
    let world = World::new().await;
    let person = world.qualified("王伟").await;
    let application = world.reviewed(person, Act::Initial).await;
    world.enter_standing(person, StandingKind::DemeritOrHeavier).await;
    let entries = world.count::<audit_entry::Entity>().await;
    assert_eq!(
        refused(issue(&world.platform, &world.issuer, application).await),
        CertificationRefusal::Checklist(vec![Unmet::DemeritOrHeavier])
    );
    assert_eq!(world.count::<printed_code::Entity>().await, 0);
    assert_eq!(world.count::<status_entry::Entity>().await, 0);
    assert_eq!(world.count::<audit_entry::Entity>().await, entries);
}
