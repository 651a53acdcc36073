//! What a status list says of a phone: the worse of what its certificate and the phone are.

use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::devices;
use chrono::Duration;
use entities::device_certificate;
use entities::enums::StatusValue::{Invalid, Suspended, Valid};
use entities::enums::{ApplicationAct, CertificateAct as A, DeviceEnd};
use sea_orm::{EntityTrait, QueryOrder};

use super::*;
use crate::certification::world::because;

#[tokio::test]
async fn a_phone_follows_its_certificate() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &key(3)).await;
    holder.credential(&world, phone.id).await;
    world.sign_lists().await;
    for (actor, act, ground, expected) in [
        (&world.supervisor, A::Suspend, Ground::RefusingSupervision, Suspended),
        (&world.issuer, A::Lift, Ground::CauseEnded, Valid),
        (&world.issuer, A::Cancel, Ground::Retirement, Invalid),
    ] {
        world.app.clock.advance(Duration::seconds(2));
        act_on(&world.platform, actor, holder.certificate, act, &because(ground)).await.unwrap();
        assert_eq!(places(&world, holder.certificate).await, [expected], "{act:?}");
        assert_eq!(world.sign_lists().await, [1]);
    }
}

#[tokio::test]
async fn a_phone_that_ended_stays_invalid_whatever_the_certificate_does() {
    let world = World::new().await;
    let p = &world.platform;
    let holder = Holder::new(&world, "王伟").await;
    let first = holder.enrol(&world, &key(3)).await;
    holder.credential(&world, first.id).await;
    world.app.clock.advance(Duration::seconds(1));
    let second = holder.enrol(&world, &key(4)).await;
    holder.credential(&world, second.id).await;
    let id = holder.certificate;
    assert_eq!(places(&world, id).await, [Invalid, Valid]);
    let suspend = because(Ground::RefusingSupervision);
    act_on(p, &world.supervisor, id, A::Suspend, &suspend).await.unwrap();
    assert_eq!(places(&world, id).await, [Invalid, Suspended]);
    act_on(p, &world.issuer, id, A::Lift, &because(Ground::CauseEnded)).await.unwrap();
    assert_eq!(places(&world, id).await, [Invalid, Valid]);
    devices::end(p, &holder.actor, second.id, DeviceEnd::Lost).await.unwrap();
    act_on(p, &world.supervisor, id, A::Suspend, &suspend).await.unwrap();
    act_on(p, &world.issuer, id, A::Lift, &because(Ground::CauseEnded)).await.unwrap();
    assert_eq!(places(&world, id).await, [Invalid, Invalid]);
}

#[tokio::test]
async fn a_renewed_certificate_gets_a_place_of_its_own() {
    let world = World::new().await;
    let p = &world.platform;
    let holder = Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &key(3)).await;
    let before = holder.credential(&world, phone.id).await;
    let until = world.card(holder.certificate).await.valid_until;
    let days = (until - api::platform::clock::local_date(world.app.now())).num_days();
    world.advance(days - 30);
    world.new_key(entities::enums::KeyUse::Credential).await;
    let next = match apply(p, &world.hr, &[holder.person], ApplicationAct::Renewal).await.unwrap()
        [0]
    .result
    .clone()
    {
        Ok(application) => {
            move_applications(p, &world.reviewer, &[application], &Move::Approve).await.unwrap();
            issue(p, &world.issuer, application).await
        }
        // Years have passed: what the rules ask for meanwhile is not what is looked at here.
        Err(refusal) => panic!("{refusal:?}"),
    };
    let next = next.unwrap();
    let still = holder.credential(&world, phone.id).await;
    assert_eq!(still.certificate, holder.certificate, "not handed over yet");
    hand_over(p, &world.hr, &[next]).await.unwrap();
    let after = holder.credential(&world, phone.id).await;
    assert_eq!(after.certificate, next);
    assert_ne!(after.certificate_number, before.certificate_number);
    assert_eq!(places(&world, holder.certificate).await, [Invalid]);
    assert_eq!(places(&world, next).await, [Valid]);
    let all = device_certificate::Entity::find()
        .order_by_asc(device_certificate::Column::CreatedAt)
        .all(p.db.read())
        .await
        .unwrap();
    assert_eq!(all.len(), 2);
    assert_ne!((all[0].list, all[0].idx), (all[1].list, all[1].idx));
}

#[tokio::test]
async fn a_suspension_and_an_end_at_once_leave_nothing_valid() {
    for _ in 0..4 {
        let world = World::new().await;
        let p = &world.platform;
        let holder = Holder::new(&world, "王伟").await;
        let phone = holder.enrol(&world, &key(3)).await;
        let id = holder.certificate;
        holder.credential(&world, phone.id).await;
        let suspend = because(Ground::RefusingSupervision);
        let lift = because(Ground::CauseEnded);
        act_on(p, &world.supervisor, id, A::Suspend, &suspend).await.unwrap();
        let (ended, lifted) = tokio::join!(
            devices::end(p, &holder.actor, phone.id, DeviceEnd::Lost),
            act_on(p, &world.issuer, id, A::Lift, &lift),
        );
        ended.unwrap();
        lifted.unwrap();
        assert_eq!(places(&world, id).await, [Invalid]);
    }
}

#[tokio::test]
async fn a_first_credential_and_a_suspension_at_once_agree() {
    for _ in 0..4 {
        let world = World::new().await;
        let p = &world.platform;
        let holder = Holder::new(&world, "王伟").await;
        let phone = holder.enrol(&world, &key(3)).await;
        let suspend = because(Ground::RefusingSupervision);
        let (_, suspended) = tokio::join!(
            devices::refresh(p, &holder.actor, holder.signed_in(), phone.id),
            act_on(p, &world.supervisor, holder.certificate, A::Suspend, &suspend),
        );
        suspended.unwrap();
        // Either it took no place, or the suspension reached it.
        let places = places(&world, holder.certificate).await;
        assert!(places.iter().all(|value| *value == Suspended), "{places:?}");
    }
}
