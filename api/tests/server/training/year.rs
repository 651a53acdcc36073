//! The year at a glance, against sums that are written out.

use api::graphql::ids::encode;
use api::officers;
use api::platform::actor::Actor;
use api::policy::{self, CertificationPolicy, NewVersion, PolicyKey};
use api::training::{self, Target, Value};
use entities::enums::{Employment, PersonKind, Role};
use entities::ids::{AgencyId, PersonId};
use entities::person;
use sea_orm::{ActiveModelTrait, ActiveValue::Set};
use serde_json::{Value as Json, json};

use super::Desk;
use crate::province::officer;

/// Four officers of the county's bureau, one of the other county's, one supervisor of the
/// prefecture's department; an auxiliary and somebody off post, who do not count.
async fn people(desk: &Desk) -> Vec<PersonId> {
    let (market, other) = (desk.province.county_market, desk.province.other_county_market);
    let platform = &desk.app.platform;
    let mut people = Vec::new();
    // (ID number, name, agency, minutes by hand)
    for (n, name, agency, minutes) in [
        (1, "丁一", market, 3_000),
        (2, "丁二", market, 3_600),
        (3, "丁三", market, 0),
        (4, "丁四", market, 100),
        (5, "戊一", other, 1_800),
    ] {
        people.push(by_hand(desk, desk.person(officer(n, name, agency)).await, minutes).await);
    }
    let mut supervisor = officer(6, "己一", desk.province.prefecture_justice);
    supervisor.kind = PersonKind::SupervisionOfficer;
    people.push(by_hand(desk, desk.person(supervisor).await, 4_000).await);
    let auxiliary = desk.auxiliary(7, "庚一").await;
    by_hand(desk, auxiliary, 600).await;
    let off_post = desk.officer(8, "庚二").await;
    person::ActiveModel {
        id: Set(off_post),
        employment: Set(Employment::OffPost),
        ..Default::default()
    }
    .update(platform.db.writer())
    .await
    .unwrap();
    desk.app.clock.advance(chrono::Duration::seconds(1));
    // A session adds to what came by hand; another year is another sum.
    let session = desk.held(700).await;
    let entries = vec![
        (people[0], Value::Minutes(600)),
        (people[3], Value::Minutes(700)),
        (auxiliary, Value::Minutes(700)),
    ];
    training::enter(platform, &desk.hr, Target::Attendance(session), entries).await.unwrap();
    officers::record_training(platform, &Actor::System, people[2], 2025, 3_600).await.unwrap();
    people
}

async fn by_hand(desk: &Desk, person: PersonId, minutes: i64) -> PersonId {
    if minutes > 0 {
        let system = &Actor::System;
        officers::record_training(&desk.app.platform, system, person, 2026, minutes).await.unwrap();
    }
    person
}

async fn of_people(desk: &Desk, actor: &Actor, arguments: &str) -> Vec<Json> {
    let query = format!(
        "{{ officerTrainingYears(year: 2026, first: 100{arguments}) {{ nodes {{
            officer {{ name }} minutes requiredMinutes missingMinutes }} }} }}"
    );
    let answer = desk.ask(actor, &query, json!({})).await;
    let nodes = answer["nodes"].as_array().unwrap().iter();
    let line = |n: &Json| {
        json!([n["officer"]["name"], n["minutes"], n["requiredMinutes"], n["missingMinutes"]])
    };
    nodes.map(line).collect()
}

async fn of_agencies(desk: &Desk, actor: &Actor) -> Vec<Json> {
    let query = "{ agencyTrainingYears(year: 2026, first: 100) { nodes { agency { name }
        counts { people done behind averageMinutes } } } }";
    let answer = desk.ask(actor, query, json!({})).await;
    let nodes = answer["nodes"].as_array().unwrap().iter();
    nodes.map(|n| line(&n["agency"]["name"], &n["counts"])).collect()
}

fn line(name: &Json, c: &Json) -> Json {
    json!([name, c["people"], c["done"], c["behind"], c["averageMinutes"]])
}

async fn of_regions(desk: &Desk, actor: &Actor, below: Option<&str>) -> Vec<Json> {
    let query = "query($code: String) { regionTrainingYears(year: 2026, divisionCode: $code) {
        nodes { division { name } counts { people done behind averageMinutes } } } }";
    let answer = desk.ask(actor, query, json!({ "code": below })).await;
    let nodes = answer["nodes"].as_array().unwrap().iter();
    nodes.map(|n| line(&n["division"]["name"], &n["counts"])).collect()
}

async fn reader(desk: &Desk, login: &str, agency: AgencyId) -> Actor {
    desk.province.sign_in(&desk.app, login, Role::Auditor, agency).await
}

#[tokio::test]
async fn the_sums_of_a_year_are_those_written_out() {
    let desk = Desk::new().await;
    let people = people(&desk).await;
    let all = reader(&desk, "auditor", desk.province.justice).await;

    // 3,000 + 600; 3,600; nothing (2025 is another year); 100 + 700; 1,800; 4,000.
    let years = [
        json!(["丁一", 3_600, 3_600, 0]),
        json!(["丁三", 0, 3_600, 3_600]),
        json!(["丁二", 3_600, 3_600, 0]),
        json!(["丁四", 800, 3_600, 2_800]),
        json!(["己一", 4_000, 3_600, 0]),
        json!(["戊一", 1_800, 3_600, 1_800]),
    ];
    assert_eq!(of_people(&desk, &all, "").await, years);
    let lacking = [years[1].clone(), years[3].clone(), years[5].clone()];
    assert_eq!(of_people(&desk, &all, ", behind: true").await, lacking);
    let done = [years[0].clone(), years[2].clone(), years[4].clone()];
    assert_eq!(of_people(&desk, &all, ", behind: false").await, done);
    let of_agency =
        format!(", behind: true, agencyId: \"{}\"", encode(desk.province.county_market));
    assert_eq!(of_people(&desk, &all, &of_agency).await, lacking[..2]);

    // (3,600 + 0 + 3,600 + 800) / 4 = 2,000.
    let bureau = json!(["兰州市城关区市场监督管理局", 4, 2, 2, 2_000]);
    let other = json!(["兰州市七里河区市场监督管理局", 1, 0, 1, 1_800]);
    let prefecture = json!(["兰州市司法局", 1, 1, 0, 4_000]);
    let nobody = |name| json!([name, 0, 0, 0, null]);
    assert_eq!(
        of_agencies(&desk, &all).await,
        [
            other.clone(),
            prefecture.clone(),
            nobody("兰州市城关区司法局"),
            bureau.clone(),
            nobody("甘肃省司法厅"),
        ]
    );
    // 8,000 + 1,800 + 4,000 = 13,800 of six people.
    assert_eq!(of_regions(&desk, &all, None).await, [json!(["甘肃省", 6, 3, 3, 2_300])]);
    assert_eq!(of_regions(&desk, &all, Some("620000")).await, [json!(["兰州市", 6, 3, 3, 2_300])]);
    assert_eq!(
        of_regions(&desk, &all, Some("620100")).await,
        [json!(["城关区", 4, 2, 2, 2_000]), json!(["七里河区", 1, 0, 1, 1_800])]
    );

    // Whoever reaches the county alone sums its people alone.
    let county = reader(&desk, "auditor.county", desk.province.county_justice).await;
    assert_eq!(of_people(&desk, &county, "").await, years[..4]);
    assert_eq!(of_agencies(&desk, &county).await, [nobody("兰州市城关区司法局"), bureau]);
    assert_eq!(of_regions(&desk, &county, None).await, [json!(["甘肃省", 4, 2, 2, 2_000])]);
    assert_eq!(
        of_regions(&desk, &county, Some("620100")).await,
        [json!(["城关区", 4, 2, 2, 2_000]), json!(["七里河区", 0, 0, 0, null])]
    );

    // One person, with what the minutes came from.
    let query = "query($id: ID!) { officerTrainingYear(officerId: $id, year: 2026) {
        minutes missingMinutes counted parts { minutes sessionTitle } } }";
    let id = json!({ "id": encode(people[3]) });
    assert_eq!(
        desk.ask(&county, query, id).await,
        json!({
            "minutes": 800, "missingMinutes": 2_800, "counted": true,
            "parts": [
                { "minutes": 100, "sessionTitle": null },
                { "minutes": 700, "sessionTitle": "春季执法培训" },
            ],
        })
    );
    let elsewhere = json!({ "id": encode(people[4]) });
    assert_eq!(desk.ask(&county, query, elsewhere).await, json!(null));
}

#[tokio::test]
async fn a_page_follows_a_page_and_a_division_may_ask_for_more() {
    let desk = Desk::new().await;
    people(&desk).await;
    let all = reader(&desk, "auditor", desk.province.justice).await;
    let mut names = Vec::new();
    let mut after = Json::Null;
    loop {
        let query =
            "query($after: String) { officerTrainingYears(year: 2026, first: 4, after: $after) {
            nodes { officer { name } } pageInfo { hasNextPage endCursor } } }";
        let page = desk.ask(&all, query, json!({ "after": after })).await;
        let of_page = page["nodes"].as_array().unwrap().iter();
        names.extend(of_page.map(|n| n["officer"]["name"].as_str().unwrap().to_owned()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(names, ["丁一", "丁三", "丁二", "丁四", "己一", "戊一"]);

    // The other county asks for 30 hours only, from today on.
    let body =
        CertificationPolicy { training_minutes_required: 1_800, ..CertificationPolicy::default() };
    let version = NewVersion {
        key: PolicyKey::Certification,
        division: "620100".into(),
        effective_from: api::platform::clock::local_date(desk.app.now()),
        body: serde_json::to_value(body).unwrap(),
    };
    policy::enter_version(&desk.app.platform, &Actor::System, version).await.unwrap();
    assert_eq!(
        of_regions(&desk, &all, Some("620100")).await,
        [json!(["城关区", 4, 2, 2, 2_000]), json!(["七里河区", 1, 1, 0, 1_800])],
        "the prefecture's version holds in both counties"
    );
    let behind = of_people(&desk, &all, ", behind: true").await;
    assert_eq!(behind, [json!(["丁三", 0, 1_800, 1_800]), json!(["丁四", 800, 1_800, 1_000])]);
}
