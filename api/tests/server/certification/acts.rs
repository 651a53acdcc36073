//! What is done with a certificate that has been issued.

use entities::enums::{
    ApplicationAct as Act, CertificateAct as A, CertificateState as S, Role, ScopeAxis,
    StandingKind, StatusValue,
};
use entities::{certificate_event, standing};
use sea_orm::EntityTrait;

use super::world::*;
use api::access::Scope;
use api::certification::rules::checklist::Unmet;
use api::certification::rules::grounds::Ground;
use api::certification::*;

#[tokio::test]
async fn suspended_lifted_cancelled_and_what_was_so_when() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, id) = world.active("王伟").await;
    let before = p.now();
    world.advance(1);
    let ground = because(Ground::RefusingSupervision);
    act_on(p, &world.supervisor, id, A::Suspend, &ground).await.unwrap();
    let suspended_at = p.now();
    let row = world.certificate(id).await;
    assert_eq!((row.state, row.suspended_until), (S::Suspended, Some(day("2026-06-01"))));
    let scanned = world.scan(id).await;
    assert_eq!((scanned.card.state, scanned.status), (S::Suspended, StatusValue::Suspended));

    world.advance(1);
    act_on(p, &world.issuer, id, A::Lift, &because(Ground::CauseEnded)).await.unwrap();
    let lifted_at = p.now();
    let row = world.certificate(id).await;
    assert_eq!((row.state, row.suspended_until), (S::Active, None));
    assert_eq!(world.scan(id).await.status, StatusValue::Valid);

    world.advance(1);
    act_on(p, &world.issuer, id, A::Cancel, &because(Ground::Retirement)).await.unwrap();
    let row = world.certificate(id).await;
    assert_eq!((row.state, row.ended_at), (S::Cancelled, Some(p.now())));
    let scanned = world.scan(id).await;
    assert_eq!((scanned.card.state, scanned.status), (S::Cancelled, StatusValue::Invalid));

    let db = p.db.read();
    let at = async |moment| {
        let found = certificate_at(db, &Scope::Everything, id, moment).await.unwrap();
        found.map(|s| (s.state, s.authorised))
    };
    assert_eq!(at(before - chrono::Duration::seconds(1)).await, None);
    assert_eq!(at(before).await, Some((S::Active, true)));
    assert_eq!(at(suspended_at - chrono::Duration::seconds(1)).await, Some((S::Active, true)));
    assert_eq!(at(suspended_at).await, Some((S::Suspended, false)));
    assert_eq!(at(lifted_at).await, Some((S::Active, true)));
    assert_eq!(at(p.now()).await, Some((S::Cancelled, false)));
    let of_person = person_at(db, &Scope::Everything, person, lifted_at).await.unwrap();
    assert_eq!(of_person.iter().map(|s| s.authorised).collect::<Vec<_>>(), [true]);
    let nobody = Scope::Under(vec![]);
    assert_eq!(certificate_at(db, &nobody, id, lifted_at).await.unwrap(), None);
}

#[tokio::test]
async fn a_suspension_stays_while_retraining_is_owed() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, id) = world.active("王伟").await;
    act_on(p, &world.issuer, id, A::Suspend, &because(Ground::FailedAssessment)).await.unwrap();
    world.advance(200);
    let lift = because(Ground::RetrainingPassed);
    assert_eq!(
        refused(act_on(p, &world.issuer, id, A::Lift, &lift).await),
        CertificationRefusal::RetrainingOwed
    );
    let out = confirm_retraining(p, &world.reviewer, &[person]).await.unwrap();
    assert_eq!(out[0].result, Ok(()));
    let out = confirm_retraining(p, &world.reviewer, &[person]).await.unwrap();
    assert_eq!(out[0].result, Err(CertificationRefusal::NoRetrainingOwed));
    act_on(p, &world.issuer, id, A::Lift, &lift).await.unwrap();
    assert_eq!(world.certificate(id).await.state, S::Active);
}

#[tokio::test]
async fn grounds_and_days_are_held_to_the_act() {
    let world = World::new().await;
    let p = &world.platform;
    let (_, id) = world.active("王伟").await;
    let no_ground = Particulars::default();
    for (act, particulars) in [
        (A::Suspend, no_ground.clone()),
        (A::Suspend, because(Ground::Lending)),
        (A::Cancel, because(Ground::Loss)),
        (A::Cancel, because(Ground::Renewed)),
        (A::Revoke, because(Ground::Retirement)),
    ] {
        assert_eq!(
            refused(act_on(p, &world.issuer, id, act, &particulars).await),
            CertificationRefusal::GroundNotApplicable,
            "{act:?} {particulars:?}"
        );
    }
    let too_long = Particulars { days: Some(181), ..because(Ground::Discipline) };
    assert_eq!(
        refused(act_on(p, &world.issuer, id, A::Suspend, &too_long).await),
        CertificationRefusal::SuspensionDays { cap: 180 }
    );
    assert_eq!(
        refused(act_on(p, &world.issuer, id, A::Lift, &because(Ground::CauseEnded)).await),
        CertificationRefusal::StateNotAllowed { state: "ACTIVE".into() }
    );
    assert_eq!(world.certificate(id).await.state, S::Active);
    assert_eq!(world.count::<certificate_event::Entity>().await, 2);
}

#[tokio::test]
async fn nobody_suspends_their_own_certificate() {
    let world = World::new().await;
    let (person, id) = world.active("王伟").await;
    let own = world.account(person, &[(Role::Issuer, world.justice, ScopeAxis::Territory)]).await;
    let ground = because(Ground::Discipline);
    assert_eq!(
        refused(act_on(&world.platform, &own, id, A::Suspend, &ground).await),
        CertificationRefusal::OwnRecord
    );
}

#[tokio::test]
async fn a_revocation_bars_for_two_years() {
    let world = World::new().await;
    let p = &world.platform;
    let (person, id) = world.active("王伟").await;
    act_on(p, &world.issuer, id, A::Revoke, &because(Ground::Lending)).await.unwrap();
    assert_eq!(world.scan(id).await.status, StatusValue::Invalid);
    let bars = standing::Entity::find().all(p.db.read()).await.unwrap();
    assert_eq!(bars.len(), 1);
    assert_eq!(bars[0].kind, StandingKind::RecentRevocation);
    assert_eq!(bars[0].until_on, Some(day("2028-03-01")));
    let out = apply(p, &world.hr, &[person], Act::Initial).await.unwrap();
    let until = day("2028-03-01");
    assert_eq!(
        out[0].result,
        Err(CertificationRefusal::Checklist(vec![Unmet::RecentRevocation { until }]))
    );
    world.advance(731);
    let out = apply(p, &world.hr, &[person], Act::Initial).await.unwrap();
    assert!(out[0].result.is_ok(), "{out:?}");
}

#[tokio::test]
async fn a_suspension_is_extended_once_with_reasons_and_within_the_cap() {
    let world = World::new().await;
    let p = &world.platform;
    let (_, id) = world.active("王伟").await;
    let extend = |days, reasons: &str| Particulars {
        ground: None,
        note: Some(reasons.to_owned()),
        days: Some(days),
    };
    let by_issuer = async |particulars: Particulars| {
        act_on(p, &world.issuer, id, A::Extend, &particulars).await
    };
    assert_eq!(
        refused(by_issuer(extend(10, "案情复杂")).await),
        CertificationRefusal::StateNotAllowed { state: "ACTIVE".into() }
    );
    let ground = because(Ground::Discipline);
    act_on(p, &world.supervisor, id, A::Suspend, &ground).await.unwrap();
    world.advance(80);
    assert_eq!(refused(by_issuer(extend(10, " ")).await), CertificationRefusal::ReasonsRequired);
    for days in [0, 91] {
        let left = CertificationRefusal::ExtensionDays { left: 90 };
        assert_eq!(refused(by_issuer(extend(days, "案情复杂")).await), left, "{days}");
    }
    assert_eq!(
        refused(
            by_issuer(Particulars {
                ground: Some(Ground::Discipline), ..extend(10, "案情复杂")
            })
            .await
        ),
        CertificationRefusal::GroundNotApplicable
    );
    let refused_to_supervisor =
        act_on(p, &world.supervisor, id, A::Extend, &extend(10, "案情复杂")).await;
    assert_eq!(refused(refused_to_supervisor), CertificationRefusal::NotFound);
    by_issuer(extend(30, "案情复杂")).await.unwrap();
    let row = world.certificate(id).await;
    assert_eq!(
        (row.state, row.suspended_until, row.ground.as_deref()),
        (S::Suspended, Some(day("2026-06-30")), Some("DISCIPLINE"))
    );
    assert_eq!(world.card(id).await.state, S::Suspended);
    assert_eq!(
        refused(by_issuer(extend(1, "案情复杂")).await),
        CertificationRefusal::ExtendedAlready
    );
    let events = certificate_event::Entity::find().all(p.db.read()).await.unwrap();
    let last = events.iter().max_by_key(|event| event.seq).unwrap();
    assert_eq!((last.act, last.note.as_deref()), (A::Extend, Some("案情复杂")));
    // A suspension of its own has an extension of its own.
    act_on(p, &world.issuer, id, A::Lift, &because(Ground::CauseEnded)).await.unwrap();
    act_on(p, &world.issuer, id, A::Suspend, &ground).await.unwrap();
    by_issuer(extend(90, "案情复杂")).await.unwrap();
}

#[tokio::test]
async fn expiry_is_recorded_once_the_last_day_is_over() {
    let world = World::new().await;
    let p = &world.platform;
    let (_, active) = world.active("王伟").await;
    let (_, suspended) = world.active("李娜").await;
    let ground = because(Ground::Discipline);
    act_on(p, &world.issuer, suspended, A::Suspend, &ground).await.unwrap();
    world.advance(5 * 365);
    assert_eq!(world.platform.now().to_rfc3339(), "2031-03-01T02:00:00+00:00");
    assert_eq!(expire_due(p).await.unwrap(), 0, "the last day is inclusive");
    world.advance(1);
    assert_eq!(expire_due(p).await.unwrap(), 1);
    assert_eq!(expire_due(p).await.unwrap(), 0);
    assert_eq!(world.certificate(active).await.state, S::Expired);
    assert_eq!(world.card(active).await.state, S::Expired);
    assert_eq!(world.certificate(suspended).await.state, S::Suspended);
}
