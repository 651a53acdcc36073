//! What is under way when an agency is reformed: applications, sessions and sittings.

use entities::application;
use entities::enums::{
    ApplicationAct as Act, ApplicationState, ExamSubject, JobState, Role, ScopeAxis,
};
use entities::ids::AgencyId;
use sea_orm::EntityTrait;
use serde_json::json;

use api::certification::*;
use api::graphql::ids::encode;
use api::reorganisation::{Plan, Superior, Target};
use api::training::{self, NewSitting, Step};

use super::reformers::{Reformers, refused, signed_in_anew};

#[tokio::test]
async fn whoever_reviews_and_issues_after_a_move_is_asked_anew() {
    let r = Reformers::new().await;
    let w = &r.world;
    let waiting = w.qualified("李娜").await;
    let application = w.reviewed(waiting, Act::Initial).await;
    let plan = Plan::Move {
        agency: w.bureau,
        superior: Superior::Stays,
        division: Some("620122".into()),
        leadership: None,
    };
    // Only who reaches both counties can move something from one to the other.
    assert_eq!(refused(r.propose(plan.clone(), r.today()).await), "OUTSIDE_SCOPE");
    let r = r.for_the_province().await;
    let (w, p) = (&r.world, &r.world.platform);
    r.done(plan).await;
    let row = application::Entity::find_by_id(application).one(p.db.read()).await.unwrap();
    let row = row.unwrap();
    assert_eq!(
        (row.state, row.agency_id, row.issuing_agency_id),
        (ApplicationState::Applied, w.bureau, w.elsewhere)
    );
    // The old county's justice department reaches it no more, the new one's does.
    let out = move_applications(p, &w.reviewer, &[application], &Move::Approve).await.unwrap();
    assert_eq!(out[0].result, Err(CertificationRefusal::NotFound));
    let there = w.staff(Role::JusticeReviewer, w.elsewhere, ScopeAxis::Territory).await;
    let out = move_applications(p, &there, &[application], &Move::Approve).await.unwrap();
    assert_eq!(out[0].result, Ok(()));
}

#[tokio::test]
async fn what_waits_at_an_issuing_authority_that_is_merged_goes_on_with_whoever_takes_its_place() {
    let r = Reformers::new().await.for_the_province().await;
    let (w, p) = (&r.world, &r.world.platform);
    let mut open = Vec::new();
    for name in ["李娜", "赵强", "王伟"] {
        let waiting = w.qualified(name).await;
        open.push(w.reviewed(waiting, Act::Initial).await);
    }
    let entries = r.log(w.bureau).await.len();
    let mut into = r.described(1, "永登县司法和法制局");
    (into.is_justice, into.issues_certificates) = (true, true);
    let heir = into.id;
    let from = vec![w.justice];
    let id = r.done(Plan::Merge { from, into: Target::New(Box::new(into)) }).await;
    for id in &open {
        assert_eq!(r.way(*id).await, (ApplicationState::Applied, w.bureau, heir));
    }
    let handed_on = (
        "application.hand_on".to_owned(),
        json!({ "agency": encode(w.bureau), "reform": encode(id) }),
    );
    assert_eq!(r.log(w.bureau).await[entries..], [(); 3].map(|()| handed_on.clone()));

    let [reviewer, issuer] = [(&w.reviewer, Role::JusticeReviewer), (&w.issuer, Role::Issuer)]
        .map(|(actor, role)| signed_in_anew(actor, (role, heir, ScopeAxis::Territory)));
    let out = move_applications(p, &reviewer, &open, &Move::Approve).await.unwrap();
    assert!(out.iter().all(|outcome| outcome.result == Ok(())), "{out:?}");
    let issued = issue(p, &issuer, open[0]).await.unwrap();
    assert_eq!(w.certificate(issued).await.issuing_agency_id, heir);

    // One that still names an authority that has ended holds up neither itself nor its chunk.
    let old = application::ActiveModel {
        id: sea_orm::Set(open[1]),
        issuing_agency_id: sea_orm::Set(w.justice),
        ..Default::default()
    };
    sea_orm::ActiveModelTrait::update(old, p.db.writer()).await.unwrap();
    let job = issue_in_bulk(p, &issuer, &open).await.unwrap();
    let claimed = api::platform::jobs::claim(p, &[ISSUE_JOB], Some(job)).await.unwrap().unwrap();
    work_issue_job(p, &claimed).await.unwrap();
    let done = api::platform::jobs::find(p.db.read(), job).await.unwrap().unwrap();
    assert_eq!((done.state, done.done, done.failed), (JobState::Done, 2, 1));
}

#[tokio::test]
async fn open_sessions_and_sittings_go_to_the_successor_of_their_organiser() {
    let r = Reformers::new().await;
    let (w, p) = (&r.world, &r.world.platform);
    let move_to = async |title: &str, steps: &[Step]| {
        let id = r.session(title).await;
        for step in steps {
            training::move_session(p, &w.hr, id, step.clone()).await.unwrap();
        }
        id
    };
    move_to("1 planned", &[]).await;
    let held = move_to("2 held", &[Step::Hold]).await;
    move_to("3 closed", &[Step::Hold, Step::Close]).await;
    let sitting = async |place: &str| {
        let new = NewSitting {
            organiser: w.bureau,
            subject: ExamSubject::PublicLaw,
            field: None,
            held_on: r.today(),
            place: place.into(),
            resits_allowed: false,
        };
        training::plan_sitting(p, &w.reviewer, new).await.unwrap().id
    };
    sitting("1 planned").await;
    let cancelled = sitting("2 cancelled").await;
    training::cancel_sitting(p, &w.reviewer, cancelled, "试题泄露").await.unwrap();
    let heir = r.organ(1, "永登县综合行政执法局").await;
    let entries = r.log(heir).await.len();
    let id = r.done(Plan::Abolish { agency: w.bureau, successor: Some(heir) }).await;

    let named = |name: &str, agency: AgencyId| (name.to_owned(), agency);
    assert_eq!(
        r.organised().await,
        (
            vec![named("1 planned", heir), named("2 held", heir), named("3 closed", w.bureau),],
            vec![named("1 planned", heir), named("2 cancelled", w.bureau)],
        )
    );
    let body = json!({ "from": encode(w.bureau), "to": encode(heir), "reform": encode(id) });
    let log = r.log(heir).await.split_off(entries);
    let handed_on = log.iter().filter(|(action, _)| action.ends_with(".hand_on"));
    assert_eq!(
        handed_on.filter(|(action, _)| !action.starts_with("application")).collect::<Vec<_>>(),
        [
            &("training.hand_on".to_owned(), body.clone()),
            &("training.hand_on".to_owned(), body.clone()),
            &("sitting.hand_on".to_owned(), body),
        ]
    );
    // Whoever has the role there now goes on with it.
    let hr = signed_in_anew(&w.hr, (Role::AgencyHr, heir, ScopeAxis::Own));
    training::move_session(p, &hr, held, Step::Close).await.unwrap();
}
