//! What takes over from an agency that ends: people, roles, applications and certificates.

use entities::enums::{
    ApplicationAct as Act, ApplicationState, CertificateAct as A, CertificateState as S,
    Employment, QualificationState, Role, ScopeAxis,
};
use entities::ids::PersonId;
use entities::{application, exchange_due, person, qualification};
use sea_orm::EntityTrait;
use serde_json::json;

use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::graphql::ids::encode;
use api::reorganisation::{Plan, Target};

use super::reformers::{DOCUMENT, Reformers, refused, signed_in_anew};

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one merger, and all that it takes over")]
async fn a_merger_takes_over_people_roles_applications_and_certificates() {
    let r = Reformers::new().await;
    let w = &r.world;
    let p = &w.platform;
    let (officer, certificate) = w.active("王伟").await;
    let waiting = w.qualified("李娜").await;
    let application = w.reviewed(waiting, Act::Initial).await;
    let roads = r.organ(1, "永登县公路局").await;
    let retired = w.person("老张", roads, |p| p.employment = Employment::Retired).await;
    let hr = w.hr.account().unwrap();
    let version = r.version(hr).await;
    let mut into = r.described(2, "永登县交通运输局");
    into.complaint_phone = Some("0931-6400000".into());
    let heir = into.id;
    let from = vec![w.bureau, roads];
    let id = r.propose(Plan::Merge { from, into: Target::New(Box::new(into)) }, r.today()).await;
    let id = id.unwrap();
    assert_eq!(
        r.change_shown(id).await,
        json!({
            "kind": "MERGE", "state": "PROPOSED", "effectiveOn": "2026-03-02",
            "document": DOCUMENT, "newName": "永登县交通运输局", "failure": null,
            "from": [
                { "id": encode(w.bureau), "name": "永登县交通运输局" },
                { "id": encode(roads), "name": "永登县公路局" },
            ],
            "to": [],
            "impact": {
                "people": 4, "certificates": 1, "accounts": 1, "applications": 1,
                "subordinates": 0,
            },
        })
    );
    r.approve(id).await.unwrap();
    let shown = r.change_shown(id).await;
    assert_eq!(shown["state"], "APPLIED");
    assert_eq!(shown["to"], json!([{ "id": encode(heir), "name": "永登县交通运输局" }]));
    assert_eq!(shown["impact"]["people"], 4);

    // Employment and qualification go on.
    for (who, employment) in [
        (officer, Employment::InPost),
        (waiting, Employment::InPost),
        (retired, Employment::Retired),
    ] {
        let row = r.person(who).await;
        assert_eq!((row.agency_id, row.employment), (heir, employment));
    }
    let qualified = qualification::Entity::find().all(p.db.read()).await.unwrap();
    assert!(
        qualified.iter().all(|q| q.agency_id == heir && q.state == QualificationState::Qualified)
    );
    assert_eq!(r.agency(w.bureau).await.abolished_on, Some(r.today()));
    assert_eq!(
        r.agency_shown(w.bureau).await,
        json!({
            "name": "永登县交通运输局", "aliases": [], "abolishedOn": "2026-03-02",
            "formerNames": [],
            "successors": [{ "on": "2026-03-02", "kind": "MERGE",
                "agency": { "id": encode(heir), "name": "永登县交通运输局" } }],
        })
    );
    assert_eq!(r.found("永登县公路局").await, ("alias", Some(heir)));
    assert_eq!(r.found("永登县交通运输局").await, ("exact", Some(heir)));

    // The certificate stays in force under the old unit's name and says who took its place.
    let successor = json!({ "id": encode(heir), "name": "永登县交通运输局" });
    assert_eq!(
        r.certificate_shown(certificate).await,
        json!({
            "state": "ACTIVE",
            "agency": { "id": encode(w.bureau), "name": "永登县交通运输局" },
            "presentAgency": successor,
            "exchangeDueOn": "2026-08-29",
            "successions": [{ "on": "2026-03-02", "kind": "MERGE", "agency": successor }],
        })
    );
    let card = r.card(certificate).await;
    assert_eq!(card.complaint_phone.as_deref(), Some("0931-6400000"));
    let scanned = w.scan(certificate).await;
    assert_eq!((scanned.card.state, scanned.card.agency_number), (S::Active, 3));

    // Roles follow, and the tokens of before end.
    assert_eq!(r.roles(hr).await, [(Role::AgencyHr, heir, ScopeAxis::Own)]);
    assert_eq!(r.version(hr).await, version + 1);
    let hr = signed_in_anew(&w.hr, (Role::AgencyHr, heir, ScopeAxis::Own));
    let gone = apply(p, &w.hr, &[officer], Act::Replacement).await.unwrap();
    assert_eq!(gone[0].result, Err(CertificationRefusal::NotFound));

    // What was on its way goes on: the same justice department has reviewed it already.
    let row = application::Entity::find_by_id(application).one(p.db.read()).await.unwrap();
    let row = row.unwrap();
    assert_eq!((row.agency_id, row.state), (heir, ApplicationState::Reviewed));
    let issued = issue(p, &w.issuer, application).await.unwrap();
    assert_eq!(hand_over(p, &hr, &[issued]).await.unwrap()[0].result, Ok(()));
    assert_eq!(w.card(issued).await.agency_name, "永登县交通运输局");
    assert_eq!(r.certificate_shown(issued).await["successions"], json!([]));

    // The exchange is the application for a replacement.
    let due = "query($by: NaiveDate!) { certificates(exchangeDueBy: $by) { nodes { id } } }";
    let on = |by: &str| json!({ "by": by });
    let answer = r.graphql(&hr, due, on("2026-08-28")).await;
    assert_eq!(answer["data"]["certificates"]["nodes"], json!([]));
    let answer = r.graphql(&hr, due, on("2026-08-29")).await;
    assert_eq!(answer["data"]["certificates"]["nodes"], json!([{ "id": encode(certificate) }]));
    let exchange = apply(p, &hr, &[officer], Act::Replacement).await.unwrap();
    let exchange = exchange[0].result.clone().unwrap();
    move_applications(p, &w.reviewer, &[exchange], &Move::Approve).await.unwrap();
    let new = issue(p, &w.issuer, exchange).await.unwrap();
    assert_eq!(hand_over(p, &hr, &[new]).await.unwrap()[0].result, Ok(()));
    let answer = r.graphql(&hr, due, on("2026-08-29")).await;
    assert_eq!(answer["data"]["certificates"]["nodes"], json!([]));
    let old = w.certificate(certificate).await;
    assert_eq!((old.state, old.ground.as_deref()), (S::Cancelled, Some("REPLACED")));
}

#[tokio::test]
async fn an_agency_is_abolished_when_nobody_and_nothing_is_left() {
    let r = Reformers::new().await;
    let w = &r.world;
    let p = &w.platform;
    let (officer, certificate) = w.active("王伟").await;
    let waiting = w.qualified("李娜").await;
    let application = w.applied(waiting, Act::Initial).await;
    let outside = w.person("管理员", w.justice, |_| {}).await;
    let role = (Role::AgencyHr, w.bureau, ScopeAxis::Own);
    let helper = w.account(outside, &[role]).await.account().unwrap();
    let plan = || Plan::Abolish { agency: w.bureau, successor: None };
    let id = r.propose(plan(), r.today()).await.unwrap();
    let leave = |who: PersonId| {
        let r = &r;
        async move {
            let mut row: person::ActiveModel = r.person(who).await.into();
            row.employment = sea_orm::Set(Employment::Resigned);
            let db = r.world.platform.db.writer();
            sea_orm::ActiveModelTrait::update(row, db).await.unwrap();
        }
    };
    assert_eq!(refused(r.approve(id).await), "AGENCY_HAS_PEOPLE");
    for who in [officer, waiting, w.hr.person().unwrap()] {
        leave(who).await;
    }
    assert_eq!(refused(r.approve(id).await), "AGENCY_HAS_CERTIFICATES");
    let ground = Some(Ground::AgencyAbolished);
    let because = Particulars { ground, ..Particulars::default() };
    act_on(p, &w.issuer, certificate, A::Cancel, &because).await.unwrap();
    assert_eq!(refused(r.approve(id).await), "AGENCY_HAS_APPLICATIONS");
    let refuse = Move::Refuse("机关撤销".into());
    move_applications(p, &w.reviewer, &[application], &refuse).await.unwrap();
    assert_eq!(r.agency(w.bureau).await.abolished_on, None);
    r.approve(id).await.unwrap();
    assert_eq!(r.agency(w.bureau).await.abolished_on, Some(r.today()));
    assert_eq!(r.roles(helper).await, []);
    assert_eq!(
        r.certificate_shown(certificate).await,
        json!({
            "state": "CANCELLED",
            "agency": { "id": encode(w.bureau), "name": "永登县交通运输局" },
            "presentAgency": { "id": encode(w.bureau), "name": "永登县交通运输局" },
            "exchangeDueOn": null,
            "successions": [{ "on": "2026-03-02", "kind": "ABOLISH", "agency": null }],
        })
    );
    assert_eq!(r.found("永登县交通运输局").await, ("nothing", None));
    let due = exchange_due::Entity::find().all(p.db.read()).await.unwrap();
    assert_eq!(due, []);
}

#[tokio::test]
async fn a_successor_takes_over_what_an_abolished_agency_leaves() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (officer, certificate) = w.active("王伟").await;
    let heir = r.organ(1, "永登县综合行政执法局").await;
    let plan = Plan::Abolish { agency: w.bureau, successor: Some(heir) };
    r.done(plan).await;
    assert_eq!(r.person(officer).await.agency_id, heir);
    let shown = r.certificate_shown(certificate).await;
    assert_eq!(shown["state"], "ACTIVE");
    let heir_shown = json!({ "id": encode(heir), "name": "永登县综合行政执法局" });
    assert_eq!(
        shown["successions"],
        json!([{ "on": "2026-03-02", "kind": "ABOLISH", "agency": heir_shown }])
    );
    // What becomes of the successor is added.
    w.advance(10);
    r.done(Plan::Rename { agency: heir, name: "永登县行政执法局".into() }).await;
    let shown = r.certificate_shown(certificate).await;
    assert_eq!(shown["successions"].as_array().unwrap().len(), 2);
    assert_eq!(shown["successions"][1]["kind"], "RENAME");
    assert_eq!(shown["presentAgency"]["name"], "永登县行政执法局");
    // The first reform said by when it is to be exchanged.
    assert_eq!(shown["exchangeDueOn"], "2026-08-29");
}

#[tokio::test]
async fn a_card_does_not_keep_the_phone_of_an_agency_that_has_ended() {
    let r = Reformers::new().await;
    let w = &r.world;
    let (_, certificate) = w.active("王伟").await;
    assert!(r.card(certificate).await.complaint_phone.is_some());
    let mut into = r.described(1, "永登县综合行政执法局");
    into.complaint_phone = None;
    let into = Target::New(Box::new(into));
    r.done(Plan::Merge { from: vec![w.bureau], into }).await;
    assert_eq!(r.card(certificate).await.complaint_phone, None);
}
