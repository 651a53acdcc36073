//! How one certificate follows another: there is no moment in which an officer who may act has
//! nothing to show, and none in which two certificates are in force.

use chrono::{DateTime, Duration, Utc};
use entities::certificate_event;
use entities::enums::{
    ApplicationAct as Act, ApplicationState, CertificateAct as A, CertificateState as S,
    Employment, KeyUse, StatusValue,
};
use entities::ids::{ApplicationId, CertificateId, PersonId};
use entities::{application, person};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::world::*;
use api::access::Scope;
use api::certification::rules::checklist::Unmet;
use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::graphql::page::Page;
use api::officers::{self, OfficerFilter, Wanted};
use api::platform::clock::local_date;

/// An officer whose certificate can be renewed: it ends in two months.
async fn due(world: &World) -> (PersonId, CertificateId) {
    let (person, old) = world.active("王伟").await;
    world.advance(5 * 365 - 60);
    world.new_key(KeyUse::Credential).await;
    (person, old)
}

/// The same with the renewal issued and not handed over.
async fn renewing(world: &World) -> (PersonId, CertificateId, CertificateId) {
    let (person, old) = due(world).await;
    let new = world.issued(person, Act::Renewal).await;
    (person, old, new)
}

async fn hand_over_to(world: &World, id: CertificateId) -> Result<(), CertificationRefusal> {
    let outcomes = hand_over(&world.platform, &world.hr, &[id]).await.unwrap();
    outcomes.into_iter().next().unwrap().result
}

/// Whether the person was authorised at a moment, by any certificate.
async fn authorised(world: &World, person: PersonId, moment: DateTime<Utc>) -> bool {
    let of_person = person_at(world.platform.db.read(), &Scope::Everything, person, moment).await;
    of_person.unwrap().iter().any(|standing| standing.authorised)
}

/// State and ground of a certificate, what its card says and what its status list says.
async fn shown(world: &World, id: CertificateId) -> (S, Option<String>, S, StatusValue) {
    let row = world.certificate(id).await;
    let scanned = world.scan(id).await;
    (row.state, row.ground, scanned.card.state, scanned.status)
}

const IN_FORCE: (S, Option<String>, S, StatusValue) =
    (S::Active, None, S::Active, StatusValue::Valid);
const WAITING: (S, Option<String>, S, StatusValue) =
    (S::Issued, None, S::Issued, StatusValue::Suspended);

fn ended(ground: &str) -> (S, Option<String>, S, StatusValue) {
    let shown = if ground == "LOSS" { S::Lost } else { S::Cancelled };
    (S::Cancelled, Some(ground.to_owned()), shown, StatusValue::Invalid)
}

/// The acts of a certificate's life.
async fn acts(world: &World, id: CertificateId) -> Vec<(A, S)> {
    let events = certificate_event::Entity::find()
        .filter(certificate_event::Column::CertificateId.eq(id))
        .order_by_asc(certificate_event::Column::Seq)
        .all(world.platform.db.read())
        .await
        .unwrap();
    events.into_iter().map(|event| (event.act, event.to_state)).collect()
}

/// The certificates that the list of people shows as the current ones of somebody.
async fn current(world: &World, person: PersonId) -> Vec<(CertificateId, S)> {
    let db = world.platform.db.read();
    let (filter, page) = (OfficerFilter::default(), Page::new(Some(100), None, 2).unwrap());
    let today = local_date(world.platform.now());
    let scope = Scope::Everything;
    let rows = officers::officers(db, &scope, &filter, Wanted::ALL, &page, today).await.unwrap();
    rows.into_iter()
        .filter(|row| row.id == person)
        .filter_map(|row| Some((row.certificate_id?, row.certificate_state?)))
        .collect()
}

#[tokio::test]
async fn a_renewed_certificate_holds_until_the_new_one_is_handed_over() {
    let world = World::new().await;
    let (person, old) = due(&world).await;
    let begin = world.platform.now();
    let new = world.issued(person, Act::Renewal).await;
    assert_eq!(shown(&world, old).await, IN_FORCE);
    assert_eq!(shown(&world, new).await, WAITING);
    assert_eq!(current(&world, person).await, [(old, S::Active)]);
    world.advance(10);
    assert_eq!(shown(&world, old).await, IN_FORCE);
    hand_over_to(&world, new).await.unwrap();
    let handed_over = world.platform.now();
    assert_eq!(shown(&world, old).await, ended("RENEWED"));
    assert_eq!(world.certificate(old).await.ended_at, Some(handed_over));
    assert_eq!(shown(&world, new).await, IN_FORCE);
    assert_eq!(current(&world, person).await, [(new, S::Active)]);
    assert_eq!(
        acts(&world, old).await,
        [(A::Issue, S::Issued), (A::HandOver, S::Active), (A::Cancel, S::Cancelled)]
    );
    world.advance(1);
    let mut moment = begin;
    while moment <= world.platform.now() {
        assert!(authorised(&world, person, moment).await, "not authorised at {moment}");
        moment += Duration::hours(12);
    }
    for around in [-1, 0, 1] {
        let moment = handed_over + Duration::microseconds(around);
        let of_person = person_at(world.platform.db.read(), &Scope::Everything, person, moment);
        let by: Vec<_> = of_person.await.unwrap().into_iter().filter(|s| s.authorised).collect();
        let which = if around < 0 { old } else { new };
        assert_eq!(by.iter().map(|s| s.certificate).collect::<Vec<_>>(), [which], "{moment}");
    }
}

#[tokio::test]
async fn nothing_more_is_asked_for_while_a_new_one_waits_but_its_own_replacement() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, old, misprinted) = renewing(&world).await;
    for act in [Act::Initial, Act::Renewal] {
        let out = apply(p, &world.hr, &[person], act).await.unwrap();
        let refused = CertificationRefusal::Checklist(vec![Unmet::AwaitsHandover]);
        assert_eq!(out[0].result, Err(refused), "{act:?}");
    }
    let new = world.issued(person, Act::Replacement).await;
    assert_eq!(shown(&world, misprinted).await, ended("REPLACED"));
    assert_eq!(shown(&world, old).await, IN_FORCE);
    hand_over_to(&world, new).await.unwrap();
    assert_eq!(shown(&world, old).await, ended("REPLACED"));
    assert_eq!(shown(&world, new).await, IN_FORCE);
}

#[tokio::test]
async fn a_damaged_certificate_holds_until_its_replacement_is_handed_over() {
    let world = World::new().await;
    let (person, old) = world.active("王伟").await;
    let new = world.issued(person, Act::Replacement).await;
    assert_eq!(shown(&world, old).await, IN_FORCE);
    hand_over_to(&world, new).await.unwrap();
    assert_eq!(shown(&world, old).await, ended("REPLACED"));
    assert_eq!(shown(&world, new).await, IN_FORCE);
}

#[tokio::test]
async fn a_lost_certificate_reads_lost_at_once_and_its_replacement_authorises_from_the_handover() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, old) = world.active("王伟").await;
    world.advance(1);
    act_on(p, &world.hr, old, A::ReportLoss, &because(Ground::Theft)).await.unwrap();
    let lost = p.now();
    let reads = (S::Lost, Some("THEFT".to_owned()), S::Lost, StatusValue::Invalid);
    assert_eq!(shown(&world, old).await, reads);
    world.advance(1);
    let new = world.issued(person, Act::Replacement).await;
    assert_eq!(shown(&world, old).await, ended("LOSS"));
    world.advance(1);
    hand_over_to(&world, new).await.unwrap();
    assert_eq!(shown(&world, old).await, ended("LOSS"));
    assert_eq!(shown(&world, new).await, IN_FORCE);
    let just_before = |moment: DateTime<Utc>| moment - Duration::microseconds(1);
    for (moment, expected) in
        [(just_before(lost), true), (lost, false), (just_before(p.now()), false), (p.now(), true)]
    {
        assert_eq!(authorised(&world, person, moment).await, expected, "{moment}");
    }
}

#[tokio::test]
async fn a_renewal_that_is_cancelled_before_its_handover_leaves_the_old_one_as_it_is() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, old, new) = renewing(&world).await;
    let fraud = because(Ground::IssuedByFraud);
    act_on(p, &world.issuer, new, A::Cancel, &fraud).await.unwrap();
    assert_eq!(shown(&world, new).await, ended("ISSUED_BY_FRAUD"));
    assert_eq!(shown(&world, old).await, IN_FORCE);
    let another = world.issued(person, Act::Renewal).await;
    hand_over_to(&world, another).await.unwrap();
    assert_eq!(shown(&world, old).await, ended("RENEWED"));
    assert_eq!(shown(&world, another).await, IN_FORCE);
}

#[tokio::test]
async fn a_renewal_that_runs_out_before_its_handover_ends_nothing_before_its_time() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, old, new) = renewing(&world).await;
    world.advance(60);
    assert_eq!(local_date(p.now()), world.certificate(old).await.valid_until);
    assert!(authorised(&world, person, p.now()).await, "to its last day");
    world.advance(1);
    assert!(!authorised(&world, person, p.now()).await);
    assert_eq!(expire_due(p).await.unwrap(), 1);
    assert_eq!(world.certificate(old).await.state, S::Expired);
    assert_eq!(world.certificate(new).await.state, S::Issued);
    world.advance(5 * 366);
    let expired = CertificationRefusal::StateNotAllowed { state: "EXPIRED".into() };
    assert_eq!(hand_over_to(&world, new).await, Err(expired));
    // Recorded as expired or not, the person begins anew.
    world.new_key(KeyUse::Credential).await;
    let first = world.issued(person, Act::Initial).await;
    assert_eq!(world.certificate(new).await.state, S::Expired);
    assert_eq!(acts(&world, new).await, [(A::Issue, S::Issued), (A::Expire, S::Expired)]);
    assert_eq!(shown(&world, first).await, WAITING);
}

#[tokio::test]
async fn handed_over_late_the_new_one_finds_the_old_one_expired() {
    let world = World::new().await;
    let (_, old, new) = renewing(&world).await;
    world.advance(61);
    hand_over_to(&world, new).await.unwrap();
    assert_eq!(world.certificate(old).await.state, S::Expired);
    assert_eq!(
        acts(&world, old).await,
        [(A::Issue, S::Issued), (A::HandOver, S::Active), (A::Expire, S::Expired)]
    );
    assert_eq!(shown(&world, new).await, IN_FORCE);
}

#[tokio::test]
async fn a_suspension_of_the_old_one_is_not_ended_by_the_handover_of_the_new() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, old, new) = renewing(&world).await;
    let ground = because(Ground::NotShowingCertificate);
    act_on(p, &world.supervisor, old, A::Suspend, &ground).await.unwrap();
    let refused = CertificationRefusal::Checklist(vec![Unmet::CertificateSuspended]);
    assert_eq!(hand_over_to(&world, new).await, Err(refused));
    assert_eq!(world.certificate(old).await.state, S::Suspended);
    assert_eq!(shown(&world, new).await, WAITING);
    assert_eq!(current(&world, person).await, [(old, S::Suspended)]);
    // Nor is it ended by its last day: the old one stays suspended, and bars the new.
    world.advance(61);
    let refused = CertificationRefusal::Checklist(vec![Unmet::CertificateSuspended]);
    assert_eq!(hand_over_to(&world, new).await, Err(refused));
    act_on(p, &world.issuer, old, A::Lift, &because(Ground::CauseEnded)).await.unwrap();
    hand_over_to(&world, new).await.unwrap();
    assert_eq!(world.certificate(old).await.state, S::Expired);
    assert_eq!(shown(&world, new).await, IN_FORCE);
}

#[tokio::test]
async fn with_the_old_one_revoked_the_new_one_is_never_handed_over() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, old, new) = renewing(&world).await;
    act_on(p, &world.issuer, old, A::Revoke, &because(Ground::Lending)).await.unwrap();
    assert_eq!(world.certificate(old).await.state, S::Revoked);
    assert_eq!(shown(&world, new).await, ended("PREDECESSOR_REVOKED"));
    let cancelled = CertificationRefusal::StateNotAllowed { state: "CANCELLED".into() };
    assert_eq!(hand_over_to(&world, new).await, Err(cancelled));
    assert_eq!(current(&world, person).await, []);
}

#[tokio::test]
async fn with_the_old_one_lost_the_new_one_is_handed_over_all_the_same() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, old, new) = renewing(&world).await;
    act_on(p, &world.hr, old, A::ReportLoss, &because(Ground::Loss)).await.unwrap();
    assert_eq!(current(&world, person).await, [(new, S::Issued)]);
    hand_over_to(&world, new).await.unwrap();
    assert_eq!(shown(&world, old).await, ended("LOSS"));
    assert_eq!(shown(&world, new).await, IN_FORCE);
}

#[tokio::test]
async fn what_bars_the_holder_meanwhile_stops_the_handover() {
    let world = World::new().await;
    let (person, old, new) = renewing(&world).await;
    world.enter_standing(person, entities::enums::StandingKind::UnderInvestigation).await;
    let refused = CertificationRefusal::Checklist(vec![Unmet::UnderInvestigation]);
    assert_eq!(hand_over_to(&world, new).await, Err(refused));
    assert_eq!(shown(&world, old).await, IN_FORCE);
    assert_eq!(shown(&world, new).await, WAITING);
}

/// Written down from the domain: who leaves has nothing left, and is not in post.
#[tokio::test]
async fn each_ground_of_a_cancellation_does_what_it_says() {
    let world = World::new().await;
    let p = &world.platform;
    for (ground, employment, everything) in [
        (Ground::Transfer, Employment::Transferred, true),
        (Ground::Resignation, Employment::Resigned, true),
        (Ground::Retirement, Employment::Retired, true),
        (Ground::Dismissal, Employment::Dismissed, true),
        (Ground::Crime, Employment::OffPost, true),
        (Ground::Death, Employment::Deceased, true),
        (Ground::AgencyAbolished, Employment::InPost, true),
        (Ground::IssuedByFraud, Employment::InPost, false),
    ] {
        // Named is the old one, then the new one, then both.
        for named in [&[0_usize][..], &[1], &[0, 1]] {
            let (person, old) = world.active("王伟").await;
            let new = world.issued(person, Act::Replacement).await;
            let both = [old, new];
            let ids: Vec<CertificateId> = named.iter().map(|at| both[*at]).collect();
            let done = act_on_many(p, &world.issuer, &ids, A::Cancel, &because(ground)).await;
            assert!(done.unwrap().iter().all(|o| o.result.is_ok()), "{ground:?} {named:?}");
            let old_ends = everything || named.contains(&0);
            let old = shown(&world, old).await;
            let expected = if old_ends { ended(ground.code()) } else { IN_FORCE };
            assert_eq!(old, expected, "{ground:?} {named:?}: the old one");
            let new = shown(&world, new).await;
            assert_eq!(new, ended(ground.code()), "{ground:?} {named:?}: the new one");
            let row = person::Entity::find_by_id(person).one(p.db.read()).await.unwrap().unwrap();
            assert_eq!(row.employment, employment, "{ground:?} {named:?}");
            let again = apply(p, &world.hr, &[person], Act::Initial).await.unwrap();
            let unmet = match (&again[0].result, employment, old_ends) {
                (Err(CertificationRefusal::Checklist(unmet)), _, _) => unmet.clone(),
                (Ok(_), _, _) => Vec::new(),
                (other, _, _) => panic!("{other:?}"),
            };
            let expected = match (employment, old_ends) {
                (Employment::InPost, true) => vec![],
                (Employment::InPost, false) => vec![Unmet::CertificateInForce],
                _ => vec![Unmet::NotInPost],
            };
            assert_eq!(unmet, expected, "{ground:?} {named:?}");
        }
    }
}

#[tokio::test]
async fn who_died_after_leaving_is_recorded_and_nobody_else_changes() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, id) = world.active("王伟").await;
    let employment = async || {
        person::Entity::find_by_id(person).one(p.db.read()).await.unwrap().unwrap().employment
    };
    let revoke = because(Ground::AbuseOfPower);
    act_on(p, &world.issuer, id, A::Revoke, &revoke).await.unwrap();
    assert_eq!(employment().await, Employment::InPost);
    let death = because(Ground::Death);
    let ended = CertificationRefusal::StateNotAllowed { state: "REVOKED".into() };
    assert_eq!(refused(act_on(p, &world.issuer, id, A::Cancel, &death).await), ended);
    assert_eq!(employment().await, Employment::InPost, "a refused act changes nothing");
}

#[tokio::test]
async fn an_application_keeps_who_took_each_step() {
    let world = World::new().await;
    let p = &world.platform;
    let steps = async |id: ApplicationId| {
        let rows = entities::application_step::Entity::find()
            .filter(entities::application_step::Column::ApplicationId.eq(id))
            .order_by_asc(entities::application_step::Column::Seq)
            .all(p.db.read())
            .await
            .unwrap();
        rows.into_iter()
            .map(|row| (row.seq, row.step.code(), row.by_person, row.reasons))
            .collect::<Vec<_>>()
    };
    let person = world.qualified("王伟").await;
    let id = world.applied(person, Act::Initial).await;
    let returned = Move::Return("照片不清晰".into());
    move_applications(p, &world.reviewer, &[id], &returned).await.unwrap();
    move_applications(p, &world.hr, &[id], &Move::Resubmit).await.unwrap();
    move_applications(p, &world.reviewer, &[id], &Move::Approve).await.unwrap();
    issue(p, &world.issuer, id).await.unwrap();
    let by = |actor: &api::platform::actor::Actor| actor.person().unwrap();
    let step = |seq, code: &str, actor, reasons: Option<&str>| {
        (seq, code.to_owned(), by(actor), reasons.map(str::to_owned))
    };
    assert_eq!(
        steps(id).await,
        [
            step(1, "APPLY", &world.hr, None),
            step(2, "RETURN", &world.reviewer, Some("照片不清晰")),
            step(3, "RESUBMIT", &world.hr, None),
            step(4, "APPROVE", &world.reviewer, None),
            step(5, "ISSUE", &world.issuer, None),
        ]
    );
    let row = application::Entity::find_by_id(id).one(p.db.read()).await.unwrap().unwrap();
    assert_eq!((row.state, row.proposed_by), (ApplicationState::Approved, by(&world.hr)));
}
