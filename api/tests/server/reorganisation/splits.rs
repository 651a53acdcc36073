//! What of an agency goes where in a split, and what stays.

use entities::enums::{CertificateAct as A, Role, ScopeAxis};
use entities::ids::{AgencyId, PersonId};
use entities::person;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};

use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::graphql::ids::encode;
use api::platform::failure::Failure;
use api::reorganisation::{Part, Plan, Target};

use super::reformers::{Reformers, refused};
use crate::province::many_like;

#[tokio::test]
async fn a_split_moves_whom_it_names_and_leaves_the_others() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (by_name, named) = w.active("王伟").await;
    let (by_unit, unit) = w.active("李娜").await;
    let (stays, staying) = w.active("赵强").await;
    for (who, of) in [(by_name, "路政科"), (by_unit, "路政科"), (stays, "运输科")] {
        let mut row: person::ActiveModel = r.person(who).await.into();
        row.internal_unit = sea_orm::Set(Some(of.into()));
        sea_orm::ActiveModelTrait::update(row, w.platform.db.writer()).await.unwrap();
    }
    // Somebody who goes kept human resources too.
    let both =
        w.account(by_name, &[(Role::AgencyHr, w.bureau, ScopeAxis::Own)]).await.account().unwrap();
    let (ports, roads) = (r.organ(1, "永登县港口局").await, r.described(2, "永登县公路局"));
    let roads_id = roads.id;
    let part = |to, people: &[PersonId], units: &[&str]| Part {
        to,
        people: people.to_vec(),
        units: units.iter().map(|u| (*u).to_owned()).collect(),
        rest: false,
    };
    let parts = vec![
        part(Target::Existing(ports), &[by_name], &[]),
        part(Target::New(Box::new(roads)), &[], &["路政科"]),
    ];
    let plan = Plan::Split { from: w.bureau, parts, ends: false };
    let id = r.propose(plan, r.today()).await.unwrap();
    assert_eq!(
        r.change_shown(id).await["impact"],
        json!({ "people": 2, "certificates": 2, "accounts": 2, "applications": 0,
                "subordinates": 0 })
    );
    let parts = "query($id: ID!) { agencyChange(id: $id) { parts {
        toId foundedName namedPeople internalUnits rest } } }";
    let answer = r.graphql(&r.second, parts, json!({ "id": encode(id) })).await;
    assert_eq!(
        answer["data"]["agencyChange"]["parts"],
        json!([
            { "toId": encode(ports), "foundedName": null, "namedPeople": 1, "internalUnits": [],
              "rest": false },
            { "toId": encode(roads_id), "foundedName": "永登县公路局", "namedPeople": 0,
              "internalUnits": ["路政科"], "rest": false },
        ])
    );
    r.approve(id).await.unwrap();
    assert_eq!(r.person(by_name).await.agency_id, ports);
    assert_eq!(r.person(by_unit).await.agency_id, roads_id);
    assert_eq!(r.person(stays).await.agency_id, w.bureau);
    assert_eq!(r.agency(w.bureau).await.abolished_on, None);
    for (certificate, keeper, successions, due) in [
        (named, ports, Some((ports, "永登县港口局")), Some("2026-08-29")),
        (unit, roads_id, Some((roads_id, "永登县公路局")), Some("2026-08-29")),
        (staying, w.bureau, None, None),
    ] {
        let shown = r.certificate_shown(certificate).await;
        assert_eq!(shown["agency"]["id"], encode(w.bureau));
        assert_eq!(shown["presentAgency"]["id"], encode(keeper));
        assert_eq!(shown["exchangeDueOn"], json!(due));
        let successions: Vec<Value> = successions
            .into_iter()
            .map(|(id, name)| {
                json!({ "on": "2026-03-02", "kind": "SPLIT",
                                      "agency": { "id": encode(id), "name": name } })
            })
            .collect();
        assert_eq!(shown["successions"], json!(successions));
    }
    // Who went keeps the role where they went; who stayed keeps it here.
    assert_eq!(r.roles(both).await, [(Role::AgencyHr, ports, ScopeAxis::Own)]);
    let hr = w.hr.account().unwrap();
    assert_eq!(r.roles(hr).await, [(Role::AgencyHr, w.bureau, ScopeAxis::Own)]);
    let loss = Particulars { ground: Some(Ground::Loss), ..Particulars::default() };
    let there = act_on(&w.platform, &w.hr, named, A::ReportLoss, &loss).await;
    assert!(matches!(there, Err(Failure::Refused(CertificationRefusal::NotFound))));
    act_on(&w.platform, &w.hr, staying, A::ReportLoss, &loss).await.unwrap();
}

#[tokio::test]
async fn an_agency_that_ends_in_a_split_leaves_nobody_behind() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (officer, certificate) = w.active("王伟").await;
    let [ports, roads] = [r.organ(1, "永登县港口局").await, r.organ(2, "永登县公路局").await];
    let plan = |rest: bool| Plan::Split {
        from: w.bureau,
        parts: vec![
            Part {
                to: Target::Existing(ports),
                people: vec![officer],
                units: Vec::new(),
                rest: false,
            },
            Part {
                to: Target::Existing(roads),
                people: vec![w.hr.person().unwrap()],
                units: Vec::new(),
                rest,
            },
        ],
        ends: true,
    };
    let other = w.person("李娜", w.bureau, |_| {}).await;
    let id = r.propose(plan(false), r.today()).await.unwrap();
    assert_eq!(refused(r.approve(id).await), "AGENCY_HAS_PEOPLE");
    assert_eq!(r.person(officer).await.agency_id, w.bureau, "nothing of it was done");
    r.session("春季培训").await;
    r.done(plan(true)).await;
    assert_eq!(r.person(other).await.agency_id, roads);
    // What nobody claims goes with the rest.
    assert_eq!(r.organised().await, (vec![("春季培训".to_owned(), roads)], Vec::new()));
    assert_eq!(r.agency(w.bureau).await.abolished_on, Some(r.today()));
    assert_eq!(r.card(certificate).await.agency_id, ports);
    // Its name says nothing certain any more.
    assert_eq!(r.found("永登县交通运输局").await, ("ambiguous", None));
    let hr = w.hr.account().unwrap();
    assert_eq!(r.roles(hr).await, [(Role::AgencyHr, roads, ScopeAxis::Own)]);
}

#[tokio::test]
async fn the_rest_leaves_to_others_whom_and_what_they_name() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (of_unit, certificate) = w.active("王伟").await;
    let by_name = w.person("李娜", w.bureau, |_| {}).await;
    let unit = |unit: &str| {
        let unit = unit.to_owned();
        move |p: &mut person::Model| p.internal_unit = Some(unit)
    };
    let mut row: person::ActiveModel = r.person(of_unit).await.into();
    row.internal_unit = sea_orm::Set(Some("路政科".into()));
    sea_orm::ActiveModelTrait::update(row, w.platform.db.writer()).await.unwrap();
    let named_too = w.person("赵强", w.bureau, unit("路政科")).await;
    let other_unit = w.person("钱七", w.bureau, unit("运输科")).await;
    let [rest, roads, ports] = [
        r.organ(1, "永登县综合行政执法局").await,
        r.organ(2, "永登县公路局").await,
        r.organ(3, "永登县港口局").await,
    ];
    let part = |to, people: &[PersonId], units: &[&str], rest| Part {
        to: Target::Existing(to),
        people: people.to_vec(),
        units: units.iter().map(|unit| (*unit).to_owned()).collect(),
        rest,
    };
    // The rest is taken first: what it took too much, the others would lack.
    let parts = vec![
        part(rest, &[], &[], true),
        part(roads, &[], &["路政科"], false),
        part(ports, &[by_name, named_too], &[], false),
    ];
    let id = r.propose(Plan::Split { from: w.bureau, parts, ends: true }, r.today()).await;
    let id = id.unwrap();
    // With the clerk of human resources.
    let impact = r.change_shown(id).await["impact"].clone();
    assert_eq!((&impact["people"], &impact["certificates"]), (&json!(5), &json!(1)));
    r.approve(id).await.unwrap();
    for (who, to) in [
        (of_unit, roads),
        (named_too, ports),
        (by_name, ports),
        (other_unit, rest),
        (w.hr.person().unwrap(), rest),
    ] {
        assert_eq!(r.person(who).await.agency_id, to);
    }
    assert_eq!(r.card(certificate).await.agency_id, roads);
}

#[tokio::test]
async fn a_split_may_name_thousands() {
    const PARTS: usize = 10;
    const OF_ONE: usize = 400;
    let r = Reformers::new().await;
    let w = &r.world;
    let template = w.person("张三", w.bureau, |_| {}).await;
    let people = many_like(&w.platform, template, PARTS * OF_ONE).await;
    let mut parts = Vec::new();
    for (serial, named) in (1..).zip(people.chunks(OF_ONE)) {
        let to = Target::New(Box::new(r.described(serial, &format!("永登县第{serial}局"))));
        parts.push(Part { to, people: named.to_vec(), units: Vec::new(), rest: false });
    }
    let rest = r.organ(11, "永登县综合行政执法局").await;
    let to = Target::Existing(rest);
    parts.push(Part { to, people: Vec::new(), units: Vec::new(), rest: true });
    let targets: Vec<AgencyId> = parts.iter().map(|part| part.to.id()).collect();
    let id = r.done(Plan::Split { from: w.bureau, parts, ends: true }).await;
    let impact = r.change(id).await.impact.unwrap();
    assert_eq!(impact["people"], PARTS * OF_ONE + 2);
    let mut counts = Vec::new();
    for to in targets {
        let there = person::Entity::find().filter(person::Column::AgencyId.eq(to));
        counts.push(there.count(w.platform.db.read()).await.unwrap());
    }
    let mut expected = vec![400; PARTS];
    expected.push(2);
    assert_eq!(counts, expected);
}
