//! The register of people: rosters, records, sealed data; lists of them below.

mod lists;

use api::access::Scope;
use api::audit::UnitOfWork;
use api::graphql::ids::encode;
use api::officers::{
    self, Change, NewExam, NewPerson, NewPhoto, NewRecord, OfficerRefusal as Refusal, Recorded,
    Upserted,
};
use api::platform::actor::Actor;
use chrono::NaiveDate;
use entities::enums::{
    CertificateState, DutyStatus, Employment, ExamSubject, PersonKind, Role, StandingKind,
};
use entities::ids::{AgencyId, PersonId};
use entities::person;
use sea_orm::EntityTrait;
use serde_json::json;

use lists::certify;

use crate::harness::TestApp;
use crate::province::{Province, id_number, officer};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn row(n: u32, name: &str, agency: AgencyId) -> NewPerson {
    NewPerson {
        phone: Some("13800138000".into()),
        internal_unit: Some("执法大队".into()),
        position: Some("四级主任科员".into()),
        ..officer(n, name, agency)
    }
}

async fn upsert(
    app: &TestApp,
    scope: &Scope,
    rows: Vec<NewPerson>,
) -> Vec<Result<Upserted, Refusal>> {
    let mut uow = UnitOfWork::begin(&app.platform, &Actor::System).await.unwrap();
    let answers = officers::upsert_from_roster(&mut uow, scope, rows).await.unwrap();
    uow.commit().await.unwrap();
    answers
}

async fn enter(app: &TestApp, n: u32, name: &str, agency: AgencyId) -> PersonId {
    let new = row(n, name, agency);
    officers::enter_person(&app.platform, &Actor::System, new).await.unwrap()
}

async fn stored(app: &TestApp, id: PersonId) -> person::Model {
    person::Entity::find_by_id(id).one(app.platform.db.read()).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_roster_again_changes_nothing_and_a_changed_row_only_what_differs() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let (here, all) = (p.county_market, Scope::Everything);
    let rows = || vec![row(1, "张三", here), row(2, "买买提·艾力", here)];
    let outcome = |answers: Vec<Result<Upserted, Refusal>>| -> Vec<Change> {
        answers.into_iter().map(|a| a.unwrap().change).collect()
    };
    assert_eq!(outcome(upsert(&app, &all, rows()).await), [Change::Created; 2]);
    assert_eq!(outcome(upsert(&app, &all, rows()).await), [Change::Unchanged; 2]);
    let mut changed = rows();
    changed[0].duty = DutyStatus::SecondedOut;
    changed[0].phone = Some("13900139000".into());
    changed[1].phone = None;
    let answers = upsert(&app, &all, changed).await;
    let first = answers[0].as_ref().unwrap().id;
    assert_eq!(outcome(answers), [Change::Updated, Change::Unchanged]);
    let now = stored(&app, first).await;
    assert_eq!((now.duty, now.employment), (DutyStatus::SecondedOut, Employment::InPost));
    // An import never changes a state: leaving the post is an act of its own.
    for duty in [DutyStatus::Retired, DutyStatus::OffDuty] {
        let left = NewPerson { duty, ..row(1, "张三", here) };
        assert_eq!(upsert(&app, &all, vec![left]).await, [Err(Refusal::EmploymentActRequired)]);
    }
    let data = officers::reveal_personal_data(&app.platform, &Actor::System, first).await;
    assert_eq!(data.unwrap().phone.as_deref(), Some("13900139000"));
    let log = app.audit_log().await;
    let of_first: Vec<(&str, &str)> =
        log.iter().filter(|e| e.subject == encode(first)).map(|e| (&*e.action, &*e.body)).collect();
    assert_eq!(
        of_first,
        [
            ("person.enter", r#"{"kind":"ENFORCEMENT_OFFICER"}"#),
            ("person.change", r#"{"changed":["duty","phone"]}"#),
            ("person.reveal", r#"{"fields":["idNumber","bornOn","phone"]}"#),
        ]
    );
}

#[tokio::test]
async fn each_row_is_refused_for_itself() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let (here, there) = (p.county_market, p.other_county_market);
    let scope = Scope::Under(vec![(entities::enums::ScopeAxis::Own, here)]);
    enter(&app, 9, "李四", there).await;
    let with = |change: &dyn Fn(&mut NewPerson)| {
        let mut new = row(7, "王五", here);
        change(&mut new);
        new
    };
    let answers = upsert(
        &app,
        &scope,
        vec![
            row(1, "张三", here),
            row(1, "张三", here),
            row(9, "李四", here),
            row(2, "赵六", there),
            with(&|r| r.id_number = "990101199003070011".into()),
            with(&|r| r.name = "王五(女)".into()),
            with(&|r| r.area_code = "999999".into()),
            with(&|r| r.field_codes = vec!["magic".into()]),
            with(&|r| r.phone = Some("0931-8888888".into())),
            with(&|r| r.position = Some("长".repeat(101))),
            row(7, "王五", here),
        ],
    )
    .await;
    let answers: Vec<Result<Change, Refusal>> =
        answers.into_iter().map(|a| a.map(|u| u.change)).collect();
    assert_eq!(
        answers,
        [
            Ok(Change::Created),
            Err(Refusal::IdNumberTaken),
            Err(Refusal::TransferRequired),
            Err(Refusal::AgencyNotFound),
            Err(Refusal::IdNumberInvalid),
            Err(Refusal::NameInvalid),
            Err(Refusal::AreaNotFound),
            Err(Refusal::field_not_found("magic")),
            Err(Refusal::PhoneInvalid),
            Err(Refusal::TextInvalid { field: "position" }),
            Ok(Change::Created),
        ]
    );
    assert_eq!(person::Entity::find().all(app.platform.db.read()).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_kind_in_use_is_not_changed() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let here = p.county_market;
    let free = enter(&app, 1, "张三", here).await;
    let holder = enter(&app, 2, "李四", here).await;
    certify(&app, holder, "62010000001", CertificateState::Active, day("2030-01-01")).await;
    let as_auxiliary =
        |n, name| NewPerson { kind: PersonKind::AuxiliaryStaff, ..row(n, name, here) };
    let rows = vec![as_auxiliary(1, "张三"), as_auxiliary(2, "李四")];
    let answers = upsert(&app, &Scope::Everything, rows).await;
    assert_eq!(
        answers,
        [Ok(Upserted { id: free, change: Change::Updated }), Err(Refusal::KindInUse)]
    );
    assert_eq!(stored(&app, holder).await.kind, PersonKind::EnforcementOfficer);
}

#[tokio::test]
async fn personal_data_is_sealed_and_its_reading_logged() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let id = enter(&app, 1, "张三", p.county_market).await;
    let hr = p.sign_in(&app, "hr-here", Role::AgencyHr, p.county_market).await;
    let elsewhere = p.sign_in(&app, "hr-elsewhere", Role::AgencyHr, p.other_county_market).await;
    let issuer = p.sign_in(&app, "issuer", Role::Issuer, p.justice).await;
    let row = stored(&app, id).await;
    let number = id_number(1);
    for bytes in [&row.id_number_sealed, &row.id_number_index, &row.phone_sealed.unwrap()] {
        assert!(!bytes.windows(6).any(|w| number.as_bytes().windows(6).any(|n| n == w)));
        assert!(!bytes.windows(6).any(|w| w == b"138001"));
    }
    let reveal = "mutation($id: ID!) { revealPersonalData(personId: $id) {
        personalData { idNumber bornOn phone } userErrors { code field message } } }";
    let variables = json!({ "id": encode(id) });
    assert_eq!(
        app.graphql(Some(&hr), reveal, variables.clone()).await,
        json!({ "data": { "revealPersonalData": {
            "personalData": {
                "idNumber": number, "bornOn": "1990-03-07", "phone": "13800138000",
            },
            "userErrors": [],
        } } })
    );
    assert_eq!(
        app.graphql(Some(&elsewhere), reveal, variables.clone()).await,
        json!({ "data": { "revealPersonalData": {
            "personalData": null,
            "userErrors": [{
                "code": "PERSON_NOT_FOUND", "field": "personId",
                "message": "There is no such person, or they are outside your part of the tree.",
            }],
        } } })
    );
    let denied = app.graphql(Some(&issuer), reveal, variables).await;
    assert_eq!(denied["errors"][0]["extensions"]["code"], "FORBIDDEN");
    let log = app.audit_log().await;
    let reads: Vec<(String, String)> = log
        .iter()
        .filter(|e| e.action == "person.reveal")
        .map(|e| (e.actor.clone(), e.subject.clone()))
        .collect();
    assert_eq!(reads, [(hr.audit_name(), encode(id))]);
    for entry in &log {
        for personal in [&*number, "13800138000", "张三", "1990-03-07"] {
            assert!(!entry.body.contains(personal), "{} tells {personal}", entry.action);
        }
    }
}

#[tokio::test]
async fn exams_and_training_are_recorded_once() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let id = enter(&app, 1, "张三", p.county_market).await;
    let exam = |score_tenths, on: &str| NewExam {
        subject: ExamSubject::PublicLaw,
        score_tenths,
        taken_on: day(on),
    };
    let record = async |exams: Vec<NewExam>, minutes: i64| {
        let mut uow = UnitOfWork::begin(&app.platform, &Actor::System).await.unwrap();
        let standings = vec![StandingKind::UnderInvestigation];
        let training = Some((2026, minutes));
        let new = NewRecord { exams, training, standings, ..NewRecord::default() };
        let all = Scope::Everything;
        let answers =
            officers::record_all(&mut uow, &all, "roster", vec![(id, new)]).await.unwrap();
        uow.commit().await.unwrap();
        answers.into_iter().next().unwrap()
    };
    // Given in any order, they are entered in the order they were sat.
    let both = || vec![exam(810, "2026-02-01"), exam(550, "2026-01-05")];
    let first = record(both(), 600).await;
    assert_eq!(first, Ok(Recorded { exams: 2, training: 1, standings: 1 }));
    assert_eq!(record(both(), 600).await, Ok(Recorded::default()));
    // A roster says the whole of a year again; what was entered by hand comes on top.
    let second = record(both(), 900).await;
    assert_eq!(second, Ok(Recorded { exams: 0, training: 1, standings: 0 }));
    assert_eq!(record(vec![exam(600, "2026-01-20")], 900).await, Err(Refusal::ExamOutOfOrder));
    for _ in 0..2 {
        officers::record_training(&app.platform, &Actor::System, id, 2026, 30).await.unwrap();
    }
    let reviewer = p.sign_in(&app, "justice", Role::JusticeReviewer, p.county_justice).await;
    let query = "query($id: ID!) { officer(id: $id) {
        examResults { subject cycle attempt scoreTenths takenOn }
        trainingMinutes(year: 2026) standings { kind fromOn untilOn } } }";
    assert_eq!(
        app.graphql(Some(&reviewer), query, json!({ "id": encode(id) })).await,
        json!({ "data": { "officer": {
            "examResults": [
                { "subject": "PUBLIC_LAW", "cycle": 1, "attempt": 1, "scoreTenths": 550,
                  "takenOn": "2026-01-05" },
                { "subject": "PUBLIC_LAW", "cycle": 1, "attempt": 2, "scoreTenths": 810,
                  "takenOn": "2026-02-01" },
            ],
            "trainingMinutes": 960,
            "standings": [
                { "kind": "UNDER_INVESTIGATION", "fromOn": "2026-03-02", "untilOn": null },
            ],
        } } })
    );
}

#[tokio::test]
async fn a_photo_is_kept_by_its_hash() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let first = enter(&app, 1, "张三", p.county_market).await;
    let second = enter(&app, 2, "李四", p.county_market).await;
    for person in [first, second, second] {
        let new = NewPhoto { person, jpeg: vec![1, 2, 3], sha256: [5; 32] };
        officers::attach_photo(&app.platform, &Actor::System, new).await.unwrap();
    }
    let db = app.platform.db.read();
    let photo = officers::photo_of(db, &Scope::Everything, second).await.unwrap().unwrap();
    assert_eq!((photo.bytes, &*photo.media_type), (vec![1, 2, 3], "image/jpeg"));
    let elsewhere = Scope::Under(vec![(entities::enums::ScopeAxis::Own, p.other_county_market)]);
    assert_eq!(officers::photo_of(db, &elsewhere, second).await.unwrap(), None);
    let found = officers::by_id_number(db, &app.platform, &Scope::Everything, &id_number(2)).await;
    assert_eq!(found.unwrap(), Some(second));
    let found = officers::by_id_number(db, &app.platform, &elsewhere, &id_number(2)).await;
    assert_eq!(found.unwrap(), None);
}

#[tokio::test]
async fn a_form_enters_a_person_once() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let hr = p.sign_in(&app, "hr-here", Role::AgencyHr, p.county_market).await;
    let enter = "mutation($input: EnterOfficerInput!) { enterOfficer(input: $input) {
        officer { name employment } userErrors { code field } } }";
    let input = |agency: AgencyId| {
        json!({ "input": {
            "name": "张三", "idNumber": id_number(1).to_lowercase(), "agencyId": encode(agency),
            "kind": "AUXILIARY_STAFF", "establishment": "NONE", "duty": "OFF_DUTY",
            "fieldCodes": [], "areaCode": "620102",
        } })
    };
    let refused = |code: &str, field: &str| {
        json!({ "data": { "enterOfficer": {
            "officer": null, "userErrors": [{ "code": code, "field": field }],
        } } })
    };
    assert_eq!(
        app.graphql(Some(&hr), enter, input(p.other_county_market)).await,
        refused("AGENCY_NOT_FOUND", "agencyId")
    );
    assert_eq!(
        app.graphql(Some(&hr), enter, input(p.county_market)).await,
        json!({ "data": { "enterOfficer": {
            "officer": { "name": "张三", "employment": "OFF_POST" }, "userErrors": [],
        } } })
    );
    assert_eq!(
        app.graphql(Some(&hr), enter, input(p.county_market)).await,
        refused("ID_NUMBER_TAKEN", "idNumber")
    );
}
