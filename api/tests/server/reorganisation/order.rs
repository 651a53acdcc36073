//! Reforms hold in the order of their days, also of agencies that another reform changed on its way:
//! else what an agency was on a day would be told wrongly.

use chrono::Days;
use entities::enums::AgencyChangeState;
use entities::ids::AgencyId;
use serde_json::{Value, json};

use api::graphql::ids::encode;
use api::organisations;
use api::platform::actor::Actor;
use api::reorganisation::{Plan, Target, apply_due};

use super::reformers::{Reformers, refused};
use crate::certification::world::day;

/// The bureau's subordinate, and who is to take the bureau's place.
async fn with_subordinate() -> (Reformers, AgencyId, AgencyId) {
    let r = Reformers::new().await;
    let mut new = r.described(1, "永登县公路局");
    new.superior_id = Some(r.world.bureau);
    let platform = &r.world.platform;
    let roads = organisations::enter_agency(platform, &Actor::System, new).await.unwrap();
    let heir = r.organ(2, "永登县综合行政执法局").await;
    (r, roads, heir)
}

impl Reformers {
    /// Name and superior of an agency on a day.
    async fn was(&self, agency: AgencyId, on: &str) -> Value {
        let query = "query($id: ID!, $on: NaiveDate!) { agencyAt(id: $id, on: $on) {
            name superior { name } } }";
        let variables = json!({ "id": encode(agency), "on": on });
        self.graphql(&self.first, query, variables).await["data"]["agencyAt"].clone()
    }
}

fn named(name: &str, superior: &str) -> Value {
    json!({ "name": name, "superior": { "name": superior } })
}

#[tokio::test]
async fn no_merger_holds_from_before_what_was_done_to_a_subordinate() {
    let (r, roads, heir) = with_subordinate().await;
    let w = &r.world;
    let merger = || Plan::Merge { from: vec![w.bureau], into: Target::Existing(heir) };
    let before = r.propose(merger(), day("2026-02-10")).await.unwrap();
    let plan = Plan::Rename { agency: roads, name: "永登县公路中心".into() };
    r.done_on(plan, day("2026-02-20")).await;
    assert_eq!(refused(r.propose(merger(), day("2026-02-19")).await), "REFORM_OUT_OF_ORDER");
    assert_eq!(refused(r.approve(before).await), "REFORM_OUT_OF_ORDER");
    r.done_on(merger(), day("2026-02-20")).await;
    assert_eq!(r.was(roads, "2026-02-19").await, named("永登县公路局", "永登县交通运输局"));
    let after = named("永登县公路中心", "永登县综合行政执法局");
    assert_eq!(r.was(roads, "2026-02-20").await, after);
}

#[tokio::test]
async fn nothing_is_done_to_a_subordinate_from_before_the_merger_that_moved_it() {
    let (r, roads, heir) = with_subordinate().await;
    let w = &r.world;
    let plan = Plan::Merge { from: vec![w.bureau], into: Target::Existing(heir) };
    r.done_on(plan, day("2026-02-20")).await;
    let renaming = || Plan::Rename { agency: roads, name: "永登县公路中心".into() };
    assert_eq!(refused(r.propose(renaming(), day("2026-02-19")).await), "REFORM_OUT_OF_ORDER");
    r.done_on(renaming(), day("2026-02-21")).await;
    assert_eq!(r.was(roads, "2026-02-19").await, named("永登县公路局", "永登县交通运输局"));
    let moved = named("永登县公路局", "永登县综合行政执法局");
    assert_eq!(r.was(roads, "2026-02-20").await, moved);
    let after = named("永登县公路中心", "永登县综合行政执法局");
    assert_eq!(r.was(roads, "2026-02-21").await, after);
}

#[tokio::test]
async fn what_was_decided_fails_where_a_later_reform_of_a_subordinate_was_quicker() {
    let (r, roads, heir) = with_subordinate().await;
    let w = &r.world;
    let plan = Plan::Merge { from: vec![w.bureau], into: Target::Existing(heir) };
    let merger = r.done_on(plan, r.today() + Days::new(5)).await;
    w.advance(10);
    r.done(Plan::Rename { agency: roads, name: "永登县公路中心".into() }).await;
    assert_eq!(apply_due(&w.platform).await.unwrap(), 0);
    let row = r.change(merger).await;
    let failed = (AgencyChangeState::Failed, Some("REFORM_OUT_OF_ORDER"));
    assert_eq!((row.state, row.failure.as_deref()), failed);
    assert_eq!(r.agency(roads).await.superior_id, Some(w.bureau));
}
