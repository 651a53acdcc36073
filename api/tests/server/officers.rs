//! The register of people: rosters, records, sealed data, lists.

use api::access::Scope;
use api::audit::UnitOfWork;
use api::graphql::ids::encode;
use api::graphql::page::Page;
use api::officers::{
    self, Change, NewExam, NewPerson, NewPhoto, NewRecord, OfficerFilter,
    OfficerRefusal as Refusal, Recorded, Upserted, Wanted,
};
use api::platform::actor::Actor;
use api::platform::clock::local_date;
use chrono::NaiveDate;
use entities::enums::{
    CertificateState, DutyStatus, Employment, Establishment, ExamSubject, PersonKind, Role,
    StandingKind,
};
use entities::ids::{AgencyId, CertificateId, PersonId, PolicyId};
use entities::{certificate, person, policy, public_card};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use serde_json::{Value, json};

use crate::harness::TestApp;
use crate::province::Province;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An ID number in a region code nobody has.
fn id_number(n: u32) -> String {
    let body = format!("99010119900307{n:03}");
    format!("{body}{}", officers::rules::id_check_character(&body).unwrap())
}

fn row(n: u32, name: &str, agency: AgencyId) -> NewPerson {
    NewPerson {
        name: name.into(),
        id_number: id_number(n),
        phone: Some("13800138000".into()),
        agency,
        internal_unit: Some("执法大队".into()),
        kind: PersonKind::EnforcementOfficer,
        establishment: Establishment::Administrative,
        duty: DutyStatus::OnDuty,
        position: Some("四级主任科员".into()),
        field_codes: vec!["market".into()],
        area_code: "620102".into(),
        photo_file: None,
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
            ("person.reveal", "{}"),
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
        let new = NewRecord { exams, training, standings, again: false };
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

/// A certificate with its public card, as certification writes them.
async fn certify(
    app: &TestApp,
    holder: PersonId,
    number: &str,
    state: CertificateState,
    valid_until: NaiveDate,
) -> CertificateId {
    let db = app.platform.db.writer();
    let now = app.now();
    let policy_id: PolicyId = app.platform.new_id();
    policy::Model {
        id: policy_id,
        key: format!("test-{number}"),
        division_code: "620000".into(),
        version: 1,
        effective_from: day("2020-01-01"),
        body: json!({}),
        created_at: now,
    }
    .into_active_model()
    .insert(db)
    .await
    .unwrap();
    let person = stored(app, holder).await;
    let id: CertificateId = app.platform.new_id();
    certificate::Model {
        id,
        person_id: holder,
        kind: person.kind,
        number: number.into(),
        agency_id: person.agency_id,
        issuing_agency_id: person.agency_id,
        state,
        issued_on: day("2021-01-01"),
        valid_from: day("2021-01-01"),
        valid_until,
        suspended_until: None,
        ground: None,
        handed_over_on: None,
        ended_at: None,
        policy_id,
        created_at: now,
        updated_at: now,
    }
    .into_active_model()
    .insert(db)
    .await
    .unwrap();
    public_card::Model {
        certificate_id: id,
        holder_id: holder,
        number: number.into(),
        name: person.name,
        kind: person.kind,
        state,
        agency_id: person.agency_id,
        agency_number: 4,
        agency_name: "兰州市城关区市场监督管理局".into(),
        field_names: json!([]),
        area_name: "城关区".into(),
        issuing_authority: "兰州市城关区司法局".into(),
        valid_from: day("2021-01-01"),
        valid_until,
        photo_sha256: None,
        complaint_phone: None,
        updated_at: now,
    }
    .into_active_model()
    .insert(db)
    .await
    .unwrap();
    id
}

#[tokio::test]
async fn a_list_finds_people_by_name_number_agency_and_state() {
    use CertificateState::{Active, Cancelled, Expired, Lost, Suspended};
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let (here, there) = (p.county_market, p.other_county_market);
    let people = [
        ("张三", here, vec![(Cancelled, "1", "2025-01-01"), (Active, "2", "2030-01-01")]),
        // Its last valid day was yesterday; nobody has recorded that yet.
        ("张三丰", here, vec![(Active, "3", "2026-03-01")]),
        ("张思", here, vec![(Suspended, "4", "2026-03-01")]),
        ("李四", there, vec![(Expired, "5", "2025-01-01")]),
        ("王五", there, vec![(Lost, "6", "2030-01-01")]),
        ("赵六", there, vec![]),
        // The last valid day is today.
        ("钱七", there, vec![(Active, "7", "2026-03-02")]),
    ];
    for (n, (name, agency, certificates)) in (0u32..).zip(people) {
        let id = enter(&app, n, name, agency).await;
        for (state, number, until) in certificates {
            certify(&app, id, number, state, day(until)).await;
        }
    }
    let list = async |filter: OfficerFilter| -> Vec<String> {
        let page = Page::new(Some(100), None, 2).unwrap();
        let today = local_date(app.now());
        let wanted = Wanted { agency: false, area: false, certificate: false };
        let db = app.platform.db.read();
        let rows = officers::officers(db, &Scope::Everything, &filter, wanted, &page, today).await;
        rows.unwrap().into_iter().map(|r| r.name).collect()
    };
    let any = OfficerFilter::default;
    assert_eq!(
        list(any()).await,
        ["张三", "张三丰", "张思", "李四", "王五", "赵六", "钱七"],
        "in byte order on both engines"
    );
    let named = |name: &str| OfficerFilter { name: Some(name.into()), ..any() };
    assert_eq!(list(named("张三")).await, ["张三", "张三丰"]);
    assert_eq!(list(named("三")).await, [""; 0]);
    let numbered = |n: &str| OfficerFilter { certificate_number: Some(n.into()), ..any() };
    assert_eq!(list(numbered("1")).await, ["张三"], "an old certificate finds its holder");
    assert_eq!(list(numbered("9")).await, [""; 0]);
    let under = |agency| OfficerFilter { agency: Some(agency), ..any() };
    assert_eq!(list(under(there)).await, ["李四", "王五", "赵六", "钱七"]);
    assert_eq!(list(under(p.county_justice)).await, ["张三", "张三丰", "张思"]);
    for (state, expected) in [
        (Active, &["张三", "钱七"][..]),
        (Expired, &["张三丰", "李四"]),
        (Suspended, &["张思"]),
        (Lost, &["王五"]),
        // Who has a new certificate is not found by the old one's state.
        (Cancelled, &[]),
    ] {
        let filter = OfficerFilter { certificate_state: Some(state), ..any() };
        assert_eq!(list(filter).await, expected, "{state:?}");
    }
}

const OFFICERS: &str = "query($first: Int, $after: String) {
    officers(first: $first, after: $after) {
        edges { cursor node {
            name kind agency { name } internalUnit establishment duty employment position
            fields { nameZh } area { code name } hasPhoto
            currentCertificate { number state validFrom validUntil issuingAuthority } } }
        pageInfo { hasNextPage endCursor } } }";

#[tokio::test]
async fn a_page_shows_people_within_reach_with_agency_and_certificate() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let holder = enter(&app, 1, "张三", p.county_market).await;
    enter(&app, 2, "李四", p.other_county_market).await;
    enter(&app, 3, "王五", p.county_market).await;
    certify(&app, holder, "62010000001", CertificateState::Active, day("2026-03-01")).await;
    let reviewer = p.sign_in(&app, "reviewer", Role::JusticeReviewer, p.county_justice).await;
    let person = |name: &str, certificate: Value| {
        json!({
            "name": name, "kind": "ENFORCEMENT_OFFICER",
            "agency": { "name": "兰州市城关区市场监督管理局" },
            "internalUnit": "执法大队", "establishment": "ADMINISTRATIVE", "duty": "ON_DUTY",
            "employment": "IN_POST", "position": "四级主任科员",
            "fields": [{ "nameZh": "市场监管" }], "area": { "code": "620102", "name": "城关区" },
            "hasPhoto": false, "currentCertificate": certificate,
        })
    };
    let (mut after, mut walked) = (Value::Null, Vec::new());
    loop {
        let page = json!({ "first": 2, "after": after });
        let page = app.graphql(Some(&reviewer), OFFICERS, page).await;
        let page = &page["data"]["officers"];
        walked.extend(page["edges"].as_array().unwrap().iter().map(|e| e["node"].clone()));
        if page["pageInfo"]["hasNextPage"] != true {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    walked.retain(|n| n["kind"] == "ENFORCEMENT_OFFICER");
    let expired = json!({
        "number": "62010000001", "state": "EXPIRED", "validFrom": "2021-01-01",
        "validUntil": "2026-03-01", "issuingAuthority": "兰州市城关区司法局",
    });
    assert_eq!(walked, [person("张三", expired), person("王五", Value::Null)]);
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
