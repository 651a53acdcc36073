//! Lists of people: found by what is asked for, and shown as far as one reaches.

use api::access::Scope;
use api::graphql::page::Page;
use api::officers::{self, OfficerFilter, Wanted};
use api::platform::clock::local_date;
use chrono::NaiveDate;
use entities::enums::{CertificateState, Role};
use entities::ids::{CertificateId, PersonId, PolicyId};
use entities::{certificate, policy, public_card};
use sea_orm::{ActiveModelTrait, IntoActiveModel};
use serde_json::{Value, json};

use super::{day, enter, stored};
use crate::harness::TestApp;
use crate::province::Province;

/// A certificate with its public card, as certification writes them.
pub(super) async fn certify(
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
        origin: entities::enums::CertificateOrigin::Issued,
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
        successions: json!([]),
        updated_at: now,
        shown_until: None,
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
