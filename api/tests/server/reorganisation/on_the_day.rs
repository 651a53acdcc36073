//! A reform whose day is to come: it waits, can be withdrawn, takes effect once on its day, and is
//! marked where it cannot.

use chrono::Days;
use entities::enums::{AgencyChangeState, ChangeSide, Leadership, Role, ScopeAxis};
use entities::ids::AgencyChangeId;
use entities::{agency_change, agency_change_party, audit_entry};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::json;

use api::graphql::ids::encode;
use api::policy::AgencyChangePolicy;
use api::reorganisation;
use api::reorganisation::{Plan, Superior, Target, apply_due, withdraw};

use super::reformers::{Reformers, refused};

impl Reformers {
    fn in_days(&self, days: u64) -> chrono::NaiveDate {
        self.today() + Days::new(days)
    }

    async fn state(&self, id: AgencyChangeId) -> AgencyChangeState {
        self.change(id).await.state
    }

    async fn applied(&self, id: AgencyChangeId) -> u64 {
        audit_entry::Entity::find()
            .filter(audit_entry::Column::Subject.eq(encode(id)))
            .filter(audit_entry::Column::Action.eq("agency_change.apply"))
            .count(self.world.platform.db.read())
            .await
            .unwrap()
    }
}

#[tokio::test]
async fn a_reform_waits_for_its_day_and_then_holds_once() {
    let r = Reformers::new().await;
    let w = &r.world;
    let p = &w.platform;
    let plan = Plan::Rename { agency: w.bureau, name: "永登县交通局".into() };
    let id = r.done_on(plan, r.in_days(30)).await;
    assert_eq!(r.state(id).await, AgencyChangeState::Approved);
    assert_eq!(apply_due(p).await.unwrap(), 0);
    w.advance(29);
    assert_eq!(apply_due(p).await.unwrap(), 0);
    assert_eq!(r.agency(w.bureau).await.name, "永登县交通运输局");
    w.advance(1);
    // Several nodes at once, and each again: one of them does it.
    let nodes = futures::future::join_all((0..4).map(|_| apply_due(p))).await;
    let done: usize = nodes.into_iter().map(Result::unwrap).sum();
    assert_eq!(done, 1);
    assert_eq!(apply_due(p).await.unwrap(), 0);
    assert_eq!(r.state(id).await, AgencyChangeState::Applied);
    assert_eq!(r.applied(id).await, 1);
    let agency = r.agency(w.bureau).await;
    assert_eq!(
        (agency.name.as_str(), agency.aliases),
        ("永登县交通局", json!(["永登县交通运输局"]))
    );
    let row = r.change(id).await;
    assert_eq!(row.impact.unwrap()["people"], 1);
    assert_eq!(row.ended_at, Some(p.now()));
}

#[tokio::test]
async fn a_worker_applies_what_is_due() {
    let r = Reformers::new().await;
    let w = &r.world;
    let plan = Plan::Rename { agency: w.bureau, name: "永登县交通局".into() };
    let id = r.done_on(plan, r.in_days(1)).await;
    w.advance(1);
    let worker = api::worker::Worker::start(&w.app.web, &[]);
    let applied = async {
        while r.state(id).await != AgencyChangeState::Applied {
            tokio::task::yield_now().await;
        }
    };
    let wait = std::time::Duration::from_secs(30);
    tokio::time::timeout(wait, applied).await.expect("the reform was not applied");
    worker.stop().await;
}

#[tokio::test]
async fn a_server_that_was_down_applies_what_it_missed_in_order_and_from_its_day() {
    let r = Reformers::new().await;
    let w = &r.world;
    let heir = r.organ(1, "永登县综合行政执法局").await;
    let plan = Plan::Merge { from: vec![w.bureau], into: Target::Existing(heir) };
    let (day_of_name, day_of_end) = (r.in_days(5), r.in_days(9));
    let later = r.done_on(plan, day_of_end).await;
    let plan = Plan::Rename { agency: w.bureau, name: "永登县交通局".into() };
    let sooner = r.done_on(plan, day_of_name).await;
    w.advance(20);
    assert_eq!(apply_due(&w.platform).await.unwrap(), 2);
    assert_eq!(r.state(sooner).await, AgencyChangeState::Applied);
    assert_eq!(r.state(later).await, AgencyChangeState::Applied);
    let bureau = r.agency(w.bureau).await;
    assert_eq!((bureau.name.as_str(), bureau.abolished_on), ("永登县交通局", Some(day_of_end)));
}

#[tokio::test]
async fn a_reform_is_withdrawn_before_its_day_and_not_after() {
    let r = Reformers::new().await;
    let w = &r.world;
    let p = &w.platform;
    let plan = |name: &str| Plan::Rename { agency: w.bureau, name: name.into() };
    let proposed = r.propose(plan("永登县交通一局"), r.in_days(3)).await.unwrap();
    withdraw(p, &r.first, proposed).await.unwrap();
    assert_eq!(r.state(proposed).await, AgencyChangeState::Withdrawn);
    assert_eq!(refused(r.approve(proposed).await), "STATE_NOT_ALLOWED");
    let decided = r.done_on(plan("永登县交通二局"), r.in_days(3)).await;
    withdraw(p, &r.second, decided).await.unwrap();
    w.advance(5);
    assert_eq!(apply_due(p).await.unwrap(), 0);
    assert_eq!(r.agency(w.bureau).await.name, "永登县交通运输局");
    let done = r.done(plan("永登县交通三局")).await;
    let query = "mutation($id: ID!) { withdrawAgencyChange(id: $id) {
        agencyChange { id } userErrors { code field message } } }";
    assert_eq!(
        r.graphql(&r.first, query, json!({ "id": encode(done) })).await,
        json!({ "data": { "withdrawAgencyChange": { "agencyChange": null, "userErrors": [{
            "code": "STATE_NOT_ALLOWED", "field": "id",
            "message": "The reform is in effect already: this cannot be done.",
        }] } } })
    );
}

#[tokio::test]
async fn what_cannot_take_effect_on_its_day_is_marked_and_changes_nothing() {
    let r = Reformers::new().await;
    let w = &r.world;
    let p = &w.platform;
    let heir = r.organ(1, "永登县综合行政执法局").await;
    // People are to leave until then; nobody does.
    let abolition =
        r.done_on(Plan::Abolish { agency: w.bureau, successor: None }, r.in_days(7)).await;
    let plan = Plan::Merge { from: vec![heir], into: Target::Existing(w.bureau) };
    let merger = r.done_on(plan, r.in_days(8)).await;
    w.advance(10);
    // What comes after it is not held up.
    assert_eq!(apply_due(p).await.unwrap(), 1);
    let row = r.change(abolition).await;
    assert_eq!(
        (row.state, row.failure.as_deref(), row.impact),
        (AgencyChangeState::Failed, Some("AGENCY_HAS_PEOPLE"), None)
    );
    assert_eq!(r.state(merger).await, AgencyChangeState::Applied);
    assert_eq!(r.agency(w.bureau).await.abolished_on, None);
    assert_eq!(apply_due(p).await.unwrap(), 0);
    let failed = "{ agencyChanges(state: FAILED) { nodes { id failure impact { people } } } }";
    assert_eq!(
        r.graphql(&r.first, failed, json!({})).await,
        json!({ "data": { "agencyChanges": { "nodes": [
            { "id": encode(abolition), "failure": "AGENCY_HAS_PEOPLE", "impact": null },
        ] } } })
    );
}

#[tokio::test]
async fn one_person_decides_alone_only_where_the_policy_lets_them() {
    let r = Reformers::new().await;
    let w = &r.world;
    let p = &w.platform;
    let plan = Plan::Rename { agency: w.bureau, name: "永登县交通局".into() };
    let id = r.propose(plan, r.today()).await.unwrap();
    assert_eq!(refused(reorganisation::approve(p, &r.first, id).await), "SEPARATION_OF_DUTIES");
    assert_eq!(r.state(id).await, AgencyChangeState::Proposed);
    r.policy("620000", AgencyChangePolicy { two_persons: false, ..Default::default() }).await;
    reorganisation::approve(p, &r.first, id).await.unwrap();
    assert_eq!(r.state(id).await, AgencyChangeState::Applied);
}

#[tokio::test]
async fn two_persons_decide_where_any_of_the_agencies_asks_for_it() {
    let r = Reformers::new().await.for_the_province().await;
    let w = &r.world;
    let p = &w.platform;
    let there = r.organ_next_door(1).await;
    r.policy("620121", AgencyChangePolicy { two_persons: false, ..Default::default() }).await;
    // Whichever is named first, and whether it ends or takes over.
    let roads = r.organ(2, "永登县公路局").await;
    let heir = r.organ(3, "永登县综合行政执法局").await;
    for (from, into) in
        [(vec![w.bureau, there], heir), (vec![there, w.bureau], heir), (vec![w.bureau], there)]
    {
        let plan = Plan::Merge { from, into: Target::Existing(into) };
        let id = r.propose(plan, r.today()).await.unwrap();
        let alone = reorganisation::approve(p, &r.first, id).await;
        assert_eq!(refused(alone), "SEPARATION_OF_DUTIES");
    }
    let plan = Plan::Merge { from: vec![roads], into: Target::Existing(heir) };
    let id = r.propose(plan, r.today()).await.unwrap();
    reorganisation::approve(p, &r.first, id).await.unwrap();
}

#[tokio::test]
async fn two_persons_decide_where_they_do_there_where_an_agency_is_taken() {
    let r = Reformers::new().await.for_the_province().await;
    let p = &r.world.platform;
    r.policy("620121", AgencyChangePolicy { two_persons: false, ..Default::default() }).await;
    let moved = |division: &str, leadership| Plan::Move {
        agency: r.world.bureau,
        superior: Superior::Nobody,
        division: Some(division.to_owned()),
        leadership,
    };
    let next_door = r.propose(moved("620122", None), r.today()).await.unwrap();
    let alone = reorganisation::approve(p, &r.first, next_door).await;
    assert_eq!(refused(alone), "SEPARATION_OF_DUTIES");
    let stays = moved("620121", Some(Leadership::Vertical));
    let stays = r.propose(stays, r.today()).await.unwrap();
    reorganisation::approve(p, &r.first, stays).await.unwrap();
}

#[tokio::test]
async fn a_reform_is_read_by_whoever_reaches_one_of_its_agencies() {
    let r = Reformers::new().await.for_the_province().await;
    let w = &r.world;
    let there = r.organ_next_door(1).await;
    let plan = Plan::Merge { from: vec![w.bureau], into: Target::Existing(there) };
    let id = r.propose(plan, r.today()).await.unwrap();
    let sides = agency_change_party::Entity::find()
        .filter(agency_change_party::Column::ChangeId.eq(id))
        .filter(agency_change_party::Column::Side.eq(ChangeSide::To))
        .count(w.platform.db.read())
        .await
        .unwrap();
    assert_eq!(sides, 1);
    let of_county = w.staff(Role::SystemAdministrator, w.justice, ScopeAxis::Territory).await;
    let other = w.staff(Role::AgencyHr, there, ScopeAxis::Own).await;
    let outside = w.staff(Role::AgencyHr, w.elsewhere, ScopeAxis::Own).await;
    let node = "query($id: ID!) { node(id: $id) { ... on AgencyChange { kind } } }";
    for (actor, sees) in [(&of_county, true), (&other, true), (&outside, false)] {
        let answer = r.graphql(actor, node, json!({ "id": encode(id) })).await;
        let expected = if sees { json!({ "kind": "MERGE" }) } else { json!(null) };
        assert_eq!(answer["data"]["node"], expected);
    }
    // Who reaches one side only cannot decide or take it back.
    let p = &w.platform;
    assert_eq!(
        refused(reorganisation::approve(p, &of_county, id).await),
        "AGENCY_CHANGE_NOT_FOUND"
    );
    assert_eq!(refused(withdraw(p, &of_county, id).await), "AGENCY_CHANGE_NOT_FOUND");
    assert_eq!(agency_change::Entity::find().count(p.db.read()).await.unwrap(), 1);
}
