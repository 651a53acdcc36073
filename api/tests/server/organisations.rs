//! Organisations: entering, changing and abolishing, and who reaches what.

use std::collections::BTreeSet;

use api::access::{Permission, Scope};
use api::graphql::ids::encode;
use api::organisations::{
    self, AgencyChange, Found, NewAgency, NewDivision, OrganisationCode as Code, Register,
};
use api::platform::actor::Actor;
use api::platform::clock::local_date;
use api::platform::failure::Failure;
use entities::enums::{
    AgencyKind, AgencyQualification, DivisionLevel, Leadership, Role, ScopeAxis,
};
use entities::ids::AgencyId;
use entities::{agency, audit_entry};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Statement};
use serde_json::json;

use crate::harness::TestApp;
use crate::province::Province;

fn station(app: &TestApp, by: AgencyId) -> NewAgency {
    let body = "12620102MB0000009";
    NewAgency {
        id: app.platform.new_id(),
        name: "城关区市场监管综合执法队".into(),
        aliases: vec!["城关市监执法队".into()],
        uscc: format!("{body}{}", organisations::rules::uscc_check_character(body).unwrap()),
        kind: AgencyKind::EntrustedOrganisation,
        leadership: Leadership::Local,
        is_justice: false,
        issues_certificates: false,
        division_code: "620102".into(),
        superior_id: Some(by),
        entrusted_by_id: Some(by),
        entrustment_letter: Some("城市监委〔2026〕1号".into()),
        field_codes: vec!["market".into()],
        complaint_phone: None,
        qualification: AgencyQualification::Pending,
        qualification_confirmed_on: None,
    }
}

fn refused<T: std::fmt::Debug>(
    result: Result<T, Failure<organisations::OrganisationRefusal>>,
) -> Code {
    match result {
        Err(Failure::Refused(refusal)) => refusal.code,
        other => panic!("not refused: {other:?}"),
    }
}

async fn reached(app: &TestApp, axis: ScopeAxis, root: AgencyId) -> BTreeSet<AgencyId> {
    let scope = Scope::Under(vec![(axis, root)]);
    scope.agencies(app.platform.db.read()).await.unwrap().unwrap().into_iter().collect()
}

#[tokio::test]
async fn divisions_are_entered_once() {
    let app = TestApp::new().await;
    let new = |name: &str| {
        let gansu = NewDivision {
            code: "620000".into(),
            name: "甘肃省".into(),
            level: DivisionLevel::Province,
            parent_code: None,
        };
        let lanzhou = NewDivision {
            code: "620100".into(),
            name: name.into(),
            level: DivisionLevel::Prefecture,
            parent_code: Some("620000".into()),
        };
        // A division may come before its parent.
        vec![lanzhou, gansu]
    };
    let enter = |new| organisations::enter_divisions(&app.platform, &Actor::System, new);
    assert_eq!(enter(new("兰州")).await.unwrap(), 2);
    assert_eq!(enter(new("兰州")).await.unwrap(), 0);
    assert_eq!(enter(new("兰州市")).await.unwrap(), 1);
    let all = organisations::divisions(app.platform.db.read()).await.unwrap();
    let named: Vec<(&str, &str)> = all.iter().map(|d| (&*d.code, &*d.name)).collect();
    assert_eq!(named, [("620000", "甘肃省"), ("620100", "兰州市")]);
    let orphan = NewDivision { parent_code: Some("630000".into()), ..new("兰州").remove(0) };
    assert_eq!(refused(enter(vec![orphan]).await), Code::DivisionParentInvalid);
}

#[tokio::test]
async fn agencies_lie_under_justice_superior_and_entrusting_organ() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let new = station(&app, p.county_market);
    let station = new.id;
    organisations::enter_agency(&app.platform, &Actor::System, new).await.unwrap();
    assert_eq!(
        reached(&app, ScopeAxis::Territory, p.prefecture_justice).await,
        BTreeSet::from([
            p.prefecture_justice,
            p.county_justice,
            p.county_market,
            p.other_county_market,
            station
        ])
    );
    assert_eq!(
        reached(&app, ScopeAxis::Territory, p.county_justice).await,
        BTreeSet::from([p.county_justice, p.county_market, station])
    );
    for axis in [ScopeAxis::Line, ScopeAxis::Own] {
        assert_eq!(
            reached(&app, axis, p.county_market).await,
            BTreeSet::from([p.county_market, station])
        );
        assert_eq!(reached(&app, axis, p.county_justice).await, BTreeSet::from([p.county_justice]));
    }
    let rows = agency::Entity::find()
        .order_by_asc(agency::Column::Number)
        .all(app.platform.db.read())
        .await
        .unwrap();
    let numbers: Vec<(i32, AgencyId)> = rows.iter().map(|a| (a.number, a.id)).collect();
    assert_eq!(
        numbers,
        [
            (1, p.justice),
            (2, p.prefecture_justice),
            (3, p.county_justice),
            (4, p.county_market),
            (5, p.other_county_market),
            (6, station)
        ]
    );
}

#[tokio::test]
async fn what_is_refused_leaves_nothing() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let before = agency::Entity::find()
        .order_by_asc(agency::Column::Id)
        .all(app.platform.db.read())
        .await
        .unwrap();
    let enter = |new| organisations::enter_agencies(&app.platform, &Actor::System, new);
    let good = || station(&app, p.county_market);
    let other_code = |agency: NewAgency| NewAgency { uscc: "91350100M000100Y43".into(), ..agency };
    for (expected, wrong) in [
        (Code::AgencyNameTaken, other_code(NewAgency { name: "甘肃省司法厅".into(), ..good() })),
        (Code::AgencyNameTaken, other_code(good())),
        (Code::UsccTaken, NewAgency { name: "另一执法队".into(), ..good() }),
        (Code::AgencyNameInvalid, NewAgency { name: " 队\u{7} ".into(), ..good() }),
        (
            Code::QualificationDayMismatch,
            NewAgency { qualification: AgencyQualification::Confirmed, ..good() },
        ),
    ] {
        // The first of the two is good, and is not kept either.
        assert_eq!(refused(enter(vec![good(), wrong]).await), expected);
    }
    let first = other_code(NewAgency { name: "另一执法队".into(), ..good() });
    let second = NewAgency { superior_id: Some(first.id), ..good() };
    let first = NewAgency { superior_id: Some(second.id), ..first };
    assert_eq!(refused(enter(vec![first, second]).await), Code::SuperiorCircle);
    let justice = NewAgency {
        kind: AgencyKind::Organ,
        entrusted_by_id: None,
        entrustment_letter: None,
        is_justice: true,
        ..good()
    };
    assert_eq!(refused(enter(vec![justice]).await), Code::JusticeDepartmentTaken);
    let after = agency::Entity::find()
        .order_by_asc(agency::Column::Id)
        .all(app.platform.db.read())
        .await
        .unwrap();
    assert_eq!(after, before);
}

#[tokio::test]
async fn a_short_name_finds_the_agency_too() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let new = station(&app, p.county_market);
    let station = new.id;
    organisations::enter_agency(&app.platform, &Actor::System, new).await.unwrap();
    let today = local_date(app.now());
    let scope = Scope::Under(vec![(ScopeAxis::Territory, p.county_justice)]);
    let key = |name: &str| name.replace(' ', "");
    let register = Register::load(app.platform.db.read(), &scope, today, key).await.unwrap();
    let found = |name: &str| match register.agency_by_name(name) {
        Found::Exact(a) => ("exact", Some(a.id)),
        Found::Alias(a) => ("alias", Some(a.id)),
        Found::Ambiguous => ("ambiguous", None),
        Found::Nothing => ("nothing", None),
    };
    assert_eq!(found("兰州市城关区 市场监督管理局"), ("exact", Some(p.county_market)));
    assert_eq!(found("城关市监执法队"), ("alias", Some(station)));
    assert_eq!(found("兰州市安宁区市场监督管理局"), ("nothing", None));
    assert!(register.reaches(p.county_market) && !register.reaches(p.other_county_market));
    assert!(matches!(register.division("620100", "城关区"), Found::Exact(d) if d.code == "620102"));
    assert!(matches!(register.division("620103", "城关区"), Found::Nothing));
    assert_eq!(register.field("市场监管").map(|f| &*f.code), Some("market"));
}

#[tokio::test]
async fn a_change_names_what_was_changed_and_not_to_what() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let change =
        AgencyChange { complaint_phone: Some("0931-7777777".into()), ..AgencyChange::default() };
    organisations::change_agency(&app.platform, &Actor::System, p.county_market, change)
        .await
        .unwrap();
    let entry = audit_entry::Entity::find()
        .filter(audit_entry::Column::Action.eq("agency.change"))
        .one(app.platform.db.read())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (entry.stream, entry.subject, entry.body),
        (
            p.county_market.0.to_string(),
            encode(p.county_market),
            r#"{"changed":["complaintPhone"]}"#.to_owned()
        )
    );
}

const ENTER: &str = "mutation($input: EnterAgencyInput!) {
    enterAgency(input: $input) { agency { name } userErrors { code field message } } }";

#[tokio::test]
async fn an_administrator_enters_agencies_of_their_part() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let role = Role::SystemAdministrator;
    let axis = ScopeAxis::Territory;
    let admin = p.sign_in_on(&app, "admin", role, p.county_justice, axis).await;
    let hr = p.sign_in(&app, "hr-here", Role::AgencyHr, p.county_market).await;
    let body = "11620102MB0000011";
    let uscc = format!("{body}{}", organisations::rules::uscc_check_character(body).unwrap());
    let input = |division: &str| {
        json!({ "input": {
            "name": "城关区交通运输局", "uscc": uscc, "kind": "ORGAN", "leadership": "LOCAL",
            "divisionCode": division, "qualification": "PENDING",
        } })
    };
    let denied = app.graphql(Some(&hr), ENTER, input("620102")).await;
    assert_eq!(denied["errors"][0]["extensions"]["code"], "FORBIDDEN");
    assert_eq!(
        app.graphql(Some(&admin), ENTER, input("620103")).await,
        json!({ "data": { "enterAgency": { "agency": null, "userErrors": [{
            "code": "OUTSIDE_SCOPE", "field": null,
            "message": "“城关区交通运输局” would lie outside your part of the tree.",
        }] } } })
    );
    assert_eq!(
        app.graphql(Some(&admin), ENTER, input("620102")).await,
        json!({ "data": { "enterAgency": {
            "agency": { "name": "城关区交通运输局" }, "userErrors": [],
        } } })
    );
}

const LIST: &str = "query($search: String, $first: Int, $after: String) {
    agencies(search: $search, first: $first, after: $after) {
        nodes { name division { code name level parentCode } superior { name }
                entrustedBy { name } fields { code nameZh nameEn } }
        pageInfo { hasNextPage endCursor } } }";

#[tokio::test]
async fn a_list_of_agencies_is_scoped_searched_and_paged() {
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let new = station(&app, p.county_market);
    organisations::enter_agency(&app.platform, &Actor::System, new.clone()).await.unwrap();
    let auditor = p.sign_in(&app, "auditor", Role::Auditor, p.county_justice).await;
    let names = |response: &serde_json::Value| -> Vec<String> {
        let nodes = response["data"]["agencies"]["nodes"].as_array().unwrap();
        nodes.iter().map(|n| n["name"].as_str().unwrap().to_owned()).collect()
    };
    let all = app.graphql(Some(&auditor), LIST, json!({})).await;
    let expected = ["兰州市城关区司法局", "兰州市城关区市场监督管理局", "城关区市场监管综合执法队"];
    assert_eq!(names(&all), expected);
    for search in ["城关区市", "城关市监执法队", &new.uscc, &new.uscc.to_lowercase()] {
        let found = app.graphql(Some(&auditor), LIST, json!({ "search": search })).await;
        assert_eq!(
            found["data"]["agencies"]["nodes"],
            json!([{
                "name": "城关区市场监管综合执法队",
                "division": {
                    "code": "620102", "name": "城关区", "level": "COUNTY", "parentCode": "620100",
                },
                "superior": { "name": "兰州市城关区市场监督管理局" },
                "entrustedBy": { "name": "兰州市城关区市场监督管理局" },
                "fields": [{ "code": "market", "nameZh": "市场监管", "nameEn": "Market regulation" }],
            }]),
            "{search}"
        );
    }
    let (mut after, mut walked) = (serde_json::Value::Null, Vec::new());
    loop {
        let page = json!({ "first": 1, "after": after });
        let page = app.graphql(Some(&auditor), LIST, page).await;
        walked.extend(names(&page));
        let info = &page["data"]["agencies"]["pageInfo"];
        if info["hasNextPage"] != true {
            break;
        }
        after = info["endCursor"].clone();
    }
    assert_eq!(walked, expected);
    let elsewhere = "query($id: ID!) { agency(id: $id) { name } }";
    let id = json!({ "id": encode(p.other_county_market) });
    let answer = app.graphql(Some(&auditor), elsewhere, id).await;
    assert_eq!(answer, json!({ "data": { "agency": null } }));
    assert!(
        !Scope::of(&auditor, Permission::ManageOrganisations)
            .contains(app.platform.db.read(), p.county_market)
            .await
            .unwrap()
    );
}

#[tokio::test]
async fn the_justice_department_is_the_same_for_a_list_and_for_a_decision() {
    use api::organisations::authority::{justice_department_sql, justice_departments_of};
    let app = TestApp::new().await;
    let p = Province::enter(&app).await;
    let today = local_date(app.now());
    let both = async || {
        let db = app.platform.db.read();
        let rows = agency::Entity::find().order_by_asc(agency::Column::Id).all(db).await.unwrap();
        let ids: Vec<AgencyId> = rows.into_iter().map(|row| row.id).collect();
        let found = justice_departments_of(db, &ids, today).await.unwrap();
        let department = justice_department_sql("a.id", "$1");
        let sql = format!("SELECT a.id, {department} AS department FROM agencies a ORDER BY a.id");
        let statement =
            Statement::from_sql_and_values(db.get_database_backend(), sql, [today.into()]);
        let listed: Vec<(AgencyId, Option<AgencyId>)> = db
            .query_all_raw(statement)
            .await
            .unwrap()
            .iter()
            .map(|row| (row.try_get("", "id").unwrap(), row.try_get("", "department").unwrap()))
            .collect();
        let decided: Vec<_> = ids.iter().map(|id| (*id, found.get(id).copied())).collect();
        assert_eq!(listed, decided);
        found
    };
    let found = both().await;
    assert_eq!(found[&p.county_market], p.county_justice);
    assert_eq!(found[&p.county_justice], p.county_justice);
    assert_eq!(found[&p.other_county_market], p.prefecture_justice);
    // On the day it ends, the next upwards is competent.
    agency::Entity::update_many()
        .col_expr(agency::Column::AbolishedOn, Expr::value(today))
        .filter(agency::Column::Id.eq(p.county_justice))
        .exec(app.platform.db.writer())
        .await
        .unwrap();
    assert_eq!(both().await[&p.county_market], p.prefecture_justice);
}
