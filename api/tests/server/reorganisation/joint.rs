//! What a reform does to joint authorisations: nobody may act who could not before, nobody who could
//! is left out, and whoever takes an authority's place goes on.

use api::graphql::ids::encode;
use api::platform::actor::Actor;
use api::platform::failure::{Failure, Refusal};
use api::reorganisation::{Part, Plan, Target};
use api::showings::joint::{self, Decision, NewAuthorisation};
use api::showings::{NewShowing, end, start};
use entities::enums::{
    Employment, JointAuthorisationState, PersonKind, Role, ScopeAxis, ShowingFinding, ShowingKind,
};
use entities::ids::{AgencyId, JointAuthorisationId, PersonId};
use entities::{joint_authorisation, joint_authorisation_party as party, showing};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::reformers::{Reformers, signed_in_anew};
use crate::certification::world::day;

async fn proposed(r: &Reformers, agencies: &[AgencyId]) -> JointAuthorisationId {
    let new = NewAuthorisation {
        authority: r.world.justice,
        document: "永政办发〔2026〕12号".into(),
        agencies: agencies.to_vec(),
        officers: Vec::new(),
        field_codes: vec!["justice".into()],
        division_codes: vec!["620121".into()],
        from: day("2026-03-02"),
        until: day("2026-05-31"),
    };
    joint::propose(&r.world.platform, &r.world.reviewer, &new).await.unwrap()
}

async fn decided(r: &Reformers, agencies: &[AgencyId]) -> JointAuthorisationId {
    let id = proposed(r, agencies).await;
    joint::decide(&r.world.platform, &r.world.issuer, id, Decision::Approve).await.unwrap();
    id
}

async fn row(r: &Reformers, id: JointAuthorisationId) -> joint_authorisation::Model {
    let db = r.world.platform.db.read();
    joint_authorisation::Entity::find_by_id(id).one(db).await.unwrap().unwrap()
}

/// The agencies and officers that one names, each in rising order.
async fn named(r: &Reformers, id: JointAuthorisationId) -> (Vec<AgencyId>, Vec<PersonId>) {
    let parties = party::Entity::find()
        .filter(party::Column::AuthorisationId.eq(id))
        .order_by_asc(party::Column::AgencyId)
        .order_by_asc(party::Column::PersonId)
        .all(r.world.platform.db.read())
        .await
        .unwrap();
    (
        parties.iter().filter_map(|one| one.agency_id).collect(),
        parties.iter().filter_map(|one| one.person_id).collect(),
    )
}

/// What is found of the field of a showing that an officer starts now and ends.
async fn found(r: &Reformers, officer: &Actor) -> ShowingFinding {
    let new = NewShowing {
        kind: ShowingKind::Other,
        notice_number: None,
        task: "联合检查".into(),
        field_codes: vec!["justice".into()],
        division_code: Some("620121".into()),
        second_certificate_no: None,
        alone_reason: None,
        minutes: None,
    };
    let p = &r.world.platform;
    let id = start(p, officer, new).await.unwrap();
    let row = showing::Entity::find_by_id(id).one(p.db.read()).await.unwrap().unwrap();
    end(p, officer, id).await.unwrap();
    row.field_finding
}

/// What the log of the authority says of joint authorisations after they were decided.
async fn told(r: &Reformers, authority: AgencyId) -> Vec<(String, Value)> {
    let mut log = r.log(authority).await;
    log.retain(|(action, _)| {
        ["hand_on", "follow", "lapse"]
            .iter()
            .any(|act| *action == format!("joint_authorisation.{act}"))
    });
    log
}

fn rising<T: Ord, const N: usize>(mut ids: [T; N]) -> Vec<T> {
    ids.sort_unstable();
    ids.into()
}

#[tokio::test]
async fn those_who_could_act_still_may_and_nobody_else_when_their_agency_is_merged() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (wang, _) = w.active("王伟").await;
    let (li, _) = w.active("李娜").await;
    let roles = [(Role::Officer, w.bureau, ScopeAxis::Own)];
    let actor = |person| w.account(person, &roles);
    let (wang_signed_in, li_signed_in) = (actor(wang).await, actor(li).await);
    w.person("老张", w.bureau, |p| p.employment = Employment::Retired).await;
    w.person("小赵", w.bureau, |p| p.kind = PersonKind::AuxiliaryStaff).await;
    let ports = r.organ(1, "永登县港口局").await;
    let zhao = w.person("赵强", ports, |_| {}).await;
    let (of_bureau, of_ports) = (decided(&r, &[w.bureau]).await, decided(&r, &[ports]).await);
    // Li goes to the ports before: a part of a split, and so named alone from then on.
    let part =
        Part { to: Target::Existing(ports), people: vec![li], units: Vec::new(), rest: false };
    r.done(Plan::Split { from: w.bureau, parts: vec![part], ends: false }).await;
    assert_eq!(named(&r, of_bureau).await, (vec![w.bureau], vec![li]));
    assert_eq!(named(&r, of_ports).await, (vec![], vec![zhao]), "Li did not come in by it");
    assert_eq!(found(&r, &li_signed_in).await, ShowingFinding::CoveredByJointAuthorisation);

    let into = Target::Existing(ports);
    let reform = r.done(Plan::Merge { from: vec![w.bureau], into }).await;
    assert_eq!(named(&r, of_bureau).await, (vec![], rising([wang, li])));
    assert_eq!(named(&r, of_ports).await, (vec![], vec![zhao]));
    assert_eq!(
        found(&r, &wang_signed_in).await,
        ShowingFinding::CoveredByJointAuthorisation,
        "with the ports now, named by name"
    );
    let (action, body) = told(&r, w.justice).await.pop().unwrap();
    assert_eq!(action, "joint_authorisation.follow");
    assert_eq!((&body["reform"], &body["officers"]), (&json!(encode(reform)), &json!(1)));
    assert_eq!(
        (&body["agenciesBefore"], &body["agenciesAfter"]),
        (&json!([encode(w.bureau)]), &json!([]))
    );
    let shown = "query($id: ID!) { jointAuthorisation(id: $id) { isInForce endedByReform
        agencies { id } officers { id } officerCount } }";
    let shown = r.graphql(&w.reviewer, shown, json!({ "id": encode(of_bureau) })).await;
    let officers: Vec<Value> =
        rising([wang, li]).into_iter().map(|id| json!({ "id": encode(id) })).collect();
    assert_eq!(
        shown["data"]["jointAuthorisation"],
        json!({ "isInForce": true, "endedByReform": false, "agencies": [], "officers": officers,
                "officerCount": 2 })
    );
    let rest = "query($id: ID!, $after: ID) { jointAuthorisation(id: $id) {
        officers(after: $after) { id } } }";
    let after = json!({ "id": encode(of_bureau), "after": officers[0]["id"] });
    let rest = r.graphql(&w.reviewer, rest, after).await;
    assert_eq!(rest["data"]["jointAuthorisation"]["officers"], json!([officers[1]]));
}

#[tokio::test]
async fn an_agency_that_comes_in_unnamed_gains_nothing_and_one_made_of_named_ones_is_named() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (wang, _) = w.active("王伟").await;
    let officer = w.account(wang, &[(Role::Officer, w.bureau, ScopeAxis::Own)]).await;
    let [ports, roads] = [r.organ(1, "永登县港口局").await, r.organ(2, "永登县公路局").await];
    let on_the_ports = w.person("赵强", ports, |_| {}).await;
    w.person("李娜", roads, |_| {}).await;
    let of_ports = decided(&r, &[ports]).await;
    r.done(Plan::Merge { from: vec![w.bureau], into: Target::Existing(ports) }).await;
    assert_eq!(named(&r, of_ports).await, (vec![], vec![on_the_ports]));
    assert_eq!(found(&r, &officer).await, ShowingFinding::OutsideField);

    let (both, one) = (decided(&r, &[ports, roads]).await, decided(&r, &[roads]).await);
    let heir = r.described(3, "永登县综合行政执法局");
    let heir_id = heir.id;
    let plan = Plan::Merge { from: vec![ports, roads], into: Target::New(Box::new(heir)) };
    r.done(plan).await;
    assert_eq!(named(&r, both).await, (vec![heir_id], vec![]));
    assert_eq!(named(&r, one).await.0, []);
    assert_eq!(named(&r, one).await.1.len(), 1);
    assert_eq!(found(&r, &officer).await, ShowingFinding::CoveredByJointAuthorisation);
}

#[tokio::test]
async fn it_ends_where_nobody_is_left_and_goes_on_where_somebody_is() {
    let r = Reformers::new().await;
    let w = &r.world;
    let roads = r.organ(1, "永登县公路局").await;
    let (alone, beside) = (decided(&r, &[roads]).await, decided(&r, &[w.bureau, roads]).await);
    let reform = r.done(Plan::Abolish { agency: roads, successor: None }).await;
    let ended = row(&r, alone).await;
    assert_eq!((ended.ended_at, ended.ended_by), (Some(w.platform.now()), None));
    assert_eq!(named(&r, alone).await, (vec![roads], vec![]), "whom it named finds it");
    assert_eq!(row(&r, beside).await.ended_at, None);
    assert_eq!(named(&r, beside).await, (vec![w.bureau], vec![]));
    let told = told(&r, w.justice).await;
    assert_eq!(
        told[0],
        ("joint_authorisation.lapse".to_owned(), json!({ "reform": encode(reform) }))
    );
    assert_eq!((told.len(), told[1].0.as_str()), (2, "joint_authorisation.follow"));
    let shown = "query($id: ID!) { jointAuthorisation(id: $id) { isInForce endedByReform } }";
    let shown = r.graphql(&w.reviewer, shown, json!({ "id": encode(alone) })).await;
    assert_eq!(
        shown["data"]["jointAuthorisation"],
        json!({ "isInForce": false, "endedByReform": true })
    );
}

#[tokio::test]
async fn a_proposal_is_looked_at_anew_by_whoever_takes_the_authoritys_place() {
    let r = Reformers::new().await.for_the_province().await;
    let (w, p) = (&r.world, &r.world.platform);
    let roads = r.organ(1, "永登县公路局").await;
    let (of_roads, of_bureau) = (proposed(&r, &[roads]).await, proposed(&r, &[w.bureau]).await);
    let running = decided(&r, &[w.bureau]).await;
    let over = decided(&r, &[w.bureau]).await;
    joint::end(p, &w.issuer, over).await.unwrap();
    r.done(Plan::Merge { from: vec![roads], into: Target::Existing(w.bureau) }).await;
    let mut into = r.described(2, "永登县司法和法制局");
    (into.is_justice, into.issues_certificates) = (true, true);
    let heir = into.id;
    let into = Target::New(Box::new(into));
    let reform = r.done(Plan::Merge { from: vec![w.justice], into }).await;
    for (id, authority) in [(of_roads, heir), (of_bureau, heir), (running, heir), (over, w.justice)]
    {
        assert_eq!(row(&r, id).await.authority_id, authority);
    }
    let body = json!({ "from": encode(w.justice), "to": encode(heir), "reform": encode(reform) });
    let handed_on = ("joint_authorisation.hand_on".to_owned(), body);
    assert_eq!(told(&r, heir).await, [(); 3].map(|()| handed_on.clone()));

    // It names an agency that is no more: another is proposed.
    let issuer = signed_in_anew(&w.issuer, (Role::Issuer, heir, ScopeAxis::Territory));
    assert_eq!(named(&r, of_roads).await, (vec![roads], vec![]));
    match joint::decide(p, &issuer, of_roads, Decision::Approve).await {
        Err(Failure::Refused(refusal)) => assert_eq!(refusal.code(), "PARTY_NOT_BELOW_AUTHORITY"),
        other => panic!("not refused: {other:?}"),
    }
    joint::decide(p, &issuer, of_roads, Decision::Refuse("机关已合并".into())).await.unwrap();
    joint::decide(p, &issuer, of_bureau, Decision::Approve).await.unwrap();
    assert_eq!(row(&r, of_bureau).await.state, JointAuthorisationState::Approved);
    joint::end(p, &issuer, running).await.unwrap();
    assert_eq!(row(&r, running).await.ended_by, issuer.person());
}
