//! What an agency is called, and what certificates, scans and look-ups say of a unit that is called
//! otherwise or is no more.

use chrono::Duration;
use entities::enums::{ApplicationAct as Act, Role, ScopeAxis};
use entities::ids::AgencyId;
use serde_json::{Value, json};

use api::certification::*;
use api::graphql::ids::encode;
use api::policy::AgencyChangePolicy;
use api::reorganisation::{Plan, Superior, Target};

use super::reformers::{DOCUMENT, Reformers};
use crate::certification::world::day;

#[tokio::test]
async fn a_renamed_agency_stays_the_same_and_its_certificates_keep_the_name_they_bear() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (officer, old) = w.active("王伟").await;
    let before = r.agency(w.bureau).await;
    let entries = r.log(w.bureau).await.len();
    let plan =
        Plan::Rename { agency: w.bureau, name: " 永登县交通运输和公路管理局 ".into() };
    let id = r.propose(plan, day("2026-02-20")).await.unwrap();
    assert_eq!(
        r.change_shown(id).await,
        json!({
            "kind": "RENAME", "state": "PROPOSED", "effectiveOn": "2026-02-20",
            "document": DOCUMENT, "newName": "永登县交通运输和公路管理局", "failure": null,
            "from": [{ "id": encode(w.bureau), "name": "永登县交通运输局" }], "to": [],
            // 王伟 and the clerk of human resources, who has the account.
            "impact": {
                "people": 2, "certificates": 1, "accounts": 1, "applications": 0,
                "subordinates": 0,
            },
        })
    );
    assert_eq!(r.agency(w.bureau).await, before, "nothing changes before it is decided");
    r.approve(id).await.unwrap();

    let after = r.agency(w.bureau).await;
    let name = "永登县交通运输和公路管理局";
    assert_eq!(
        after,
        entities::agency::Model {
            name: name.into(),
            aliases: json!(["永登县交通运输局"]),
            updated_at: after.updated_at,
            ..before
        }
    );
    assert_eq!(r.found("永登县交通运输局").await, ("alias", Some(w.bureau)));
    assert_eq!(r.found(name).await, ("exact", Some(w.bureau)));
    assert_eq!(
        r.agency_shown(w.bureau).await,
        json!({
            "name": name, "aliases": ["永登县交通运输局"], "abolishedOn": null,
            "formerNames": [{ "name": "永登县交通运输局", "untilOn": "2026-02-20" }],
            "successors": [],
        })
    );
    let here = json!({ "id": encode(w.bureau), "name": name });
    assert_eq!(
        r.certificate_shown(old).await,
        json!({
            "state": "ACTIVE",
            "agency": { "id": encode(w.bureau), "name": "永登县交通运输局" },
            "presentAgency": here,
            // Counted from today, on which it was entered.
            "exchangeDueOn": "2026-08-29",
            "successions": [{ "on": "2026-02-20", "kind": "RENAME", "agency": here }],
        })
    );
    assert_eq!(w.card(old).await.agency_name, "永登县交通运输局");
    assert_eq!(
        r.log(w.bureau).await[entries..],
        [
            ("agency_change.propose".to_owned(), json!({ "kind": "RENAME", "on": "2026-02-20" })),
            (
                "agency.reform".to_owned(),
                json!({ "changed": ["name"], "on": "2026-02-20", "reform": encode(id) })
            ),
            ("agency_change.apply".to_owned(), json!({ "kind": "RENAME", "on": "2026-02-20" })),
            ("agency_change.approve".to_owned(), json!({ "on": "2026-02-20" })),
        ]
    );

    // The next certificate bears the new name, and nothing more is due.
    let new = w.issued(officer, Act::Replacement).await;
    hand_over(&w.platform, &w.hr, &[new]).await.unwrap();
    assert_eq!(
        r.certificate_shown(new).await,
        json!({
            "state": "ACTIVE", "agency": here, "presentAgency": here, "exchangeDueOn": null,
            "successions": [],
        })
    );
    assert_eq!(r.certificate_shown(old).await["exchangeDueOn"], Value::Null);
    assert_eq!(r.certificate_shown(old).await["successions"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_agency_and_an_authorisation_are_named_as_they_were_on_a_day() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (officer, _) = w.active("王伟").await;
    let issued = w.platform.now();
    w.advance(30);
    let before = w.platform.now();
    let superior = r.organ(1, "永登县综合执法局").await;
    let plan = Plan::Rename { agency: w.bureau, name: "永登县交通局".into() };
    r.done(plan).await;
    w.advance(30);
    r.done(Plan::Move {
        agency: w.bureau,
        superior: Superior::Under(superior),
        division: None,
        leadership: Some(entities::enums::Leadership::Dual),
    })
    .await;
    w.advance(30);
    r.done(Plan::Rename { agency: superior, name: "永登县综合行政执法局".into() }).await;
    w.advance(30);
    r.done(Plan::Merge { from: vec![w.bureau], into: Target::Existing(superior) }).await;

    let at = |on: &str| {
        let query = "query($id: ID!, $on: NaiveDate!) { agencyAt(id: $id, on: $on) {
            name existed leadership division { code } superior { id name } } }";
        let variables = json!({ "id": encode(w.bureau), "on": on });
        let r = &r;
        async move { r.graphql(&r.first, query, variables).await["data"]["agencyAt"].clone() }
    };
    let was = |name: &str, existed: bool, leadership: &str, superior: Value| {
        json!({
            "name": name, "existed": existed, "leadership": leadership,
            "division": { "code": "620121" }, "superior": superior,
        })
    };
    let above = |name: &str| json!({ "id": encode(superior), "name": name });
    assert_eq!(at("2026-03-31").await, was("永登县交通运输局", true, "LOCAL", Value::Null));
    assert_eq!(at("2026-04-01").await, was("永登县交通局", true, "LOCAL", Value::Null));
    assert_eq!(at("2026-04-30").await, was("永登县交通局", true, "LOCAL", Value::Null));
    assert_eq!(
        at("2026-05-01").await,
        was("永登县交通局", true, "DUAL", above("永登县综合执法局"))
    );
    assert_eq!(
        at("2026-05-31").await,
        was("永登县交通局", true, "DUAL", above("永登县综合行政执法局"))
    );
    assert_eq!(
        at("2026-06-30").await,
        was("永登县交通局", false, "DUAL", above("永登县综合行政执法局"))
    );

    let authorised = |moment: chrono::DateTime<chrono::Utc>| {
        let query =
            "query($id: ID!, $at: DateTime!) { authorisationAt(personId: $id, moment: $at) {
            agency { id name } state authorised } }";
        let variables = json!({ "id": encode(officer), "at": moment.to_rfc3339() });
        let r = &r;
        async move {
            let answer = r.graphql(&r.world.issuer, query, variables).await;
            answer["data"]["authorisationAt"].clone()
        }
    };
    let held = |id: AgencyId, name: &str| {
        json!([{ "agency": { "id": encode(id), "name": name }, "state": "ACTIVE",
                 "authorised": true }])
    };
    assert_eq!(authorised(issued).await, held(w.bureau, "永登县交通运输局"));
    assert_eq!(authorised(before - Duration::days(1)).await, held(w.bureau, "永登县交通运输局"));
    assert_eq!(authorised(before + Duration::days(60)).await, held(w.bureau, "永登县交通局"));
    assert_eq!(authorised(w.platform.now()).await, held(superior, "永登县综合行政执法局"));
}

#[tokio::test]
async fn the_page_of_a_scan_says_what_became_of_the_unit() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (_, certificate) = w.active("王伟").await;
    r.done(Plan::Rename { agency: w.bureau, name: "永登县交通局".into() }).await;
    let codes = api::credentials::codes_of(w.platform.db.read(), &[certificate]).await.unwrap();
    let page = |lang: &str| {
        let uri = format!("/v/{}?lang={lang}", codes[0].digits);
        let request = axum::http::Request::get(uri).body(axum::body::Body::empty()).unwrap();
        let app = &w.app;
        async move {
            let response = app.http(request).await;
            let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
            String::from_utf8(bytes.to_vec()).unwrap()
        }
    };
    let row = |label: &str, text: &str| {
        format!(
            "<div><dt>{label}</dt><dd>{text}<span lang=\"zh-CN\">永登县交通局</span></dd></div>"
        )
    };
    let zh = page("zh-CN").await;
    assert!(zh.contains("data-verdict=\"VALID\"") && zh.contains("永登县交通运输局"), "{zh}");
    assert!(zh.contains(&row("单位变更", "2026年3月2日起更名为")), "{zh}");
    let en = page("en").await;
    assert!(en.contains(&row("Agency change", "Renamed on 2\u{a0}March\u{a0}2026: ")), "{en}");
}

#[tokio::test]
async fn where_the_policy_asks_for_no_exchange_after_a_renaming_none_is_due() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (_, certificate) = w.active("王伟").await;
    let policy = AgencyChangePolicy { exchange_after_rename: false, ..Default::default() };
    r.policy("620000", policy).await;
    r.done(Plan::Rename { agency: w.bureau, name: "永登县交通局".into() }).await;
    let shown = r.certificate_shown(certificate).await;
    assert_eq!(shown["exchangeDueOn"], Value::Null);
    assert_eq!(shown["successions"][0]["agency"]["name"], "永登县交通局");
    // After a merger it is exchanged all the same.
    let heir = r.organ(1, "永登县综合行政执法局").await;
    r.done(Plan::Merge { from: vec![w.bureau], into: Target::Existing(heir) }).await;
    assert_eq!(r.certificate_shown(certificate).await["exchangeDueOn"], "2026-08-29");
}

#[tokio::test]
async fn an_operator_reads_to_a_caller_what_became_of_the_unit() {
    let r = Reformers::new().await;
    let w = &r.world;
    let operator = w.staff(Role::HotlineOperator, w.justice, ScopeAxis::Territory).await;
    let (_, certificate) = w.active("王伟").await;
    let number = w.card(certificate).await.number;
    let look_up = async || {
        let query = "query($number: String!) { lookUpCertificate(number: $number) {
            unit successions { on kind agency { id name } } } }";
        let answer = r.graphql(&operator, query, json!({ "number": number })).await;
        answer["data"]["lookUpCertificate"].clone()
    };
    let unit = "永登县交通运输局";
    assert_eq!(look_up().await, json!({ "unit": unit, "successions": [] }));
    let heir = r.organ(1, "永登县综合行政执法局").await;
    r.done(Plan::Rename { agency: w.bureau, name: "永登县交通局".into() }).await;
    r.done(Plan::Abolish { agency: w.bureau, successor: Some(heir) }).await;
    let agency = |id, name: &str| json!({ "id": encode(id), "name": name });
    assert_eq!(
        look_up().await,
        json!({ "unit": unit, "successions": [
            { "on": "2026-03-02", "kind": "RENAME", "agency": agency(w.bureau, "永登县交通局") },
            { "on": "2026-03-02", "kind": "ABOLISH",
              "agency": agency(heir, "永登县综合行政执法局") },
        ] })
    );
}
