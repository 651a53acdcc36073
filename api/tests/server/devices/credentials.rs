//! The credential of a day: for whom, how long, and the same again for an answer that was lost.

use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::credentials::PhoneCredential;
use api::devices::{self, DeviceRefusal as R};
use chrono::Duration;
use entities::enums::{CertificateAct as A, CertificateState as S, KeyUse};
use entities::{device_certificate, phone_credential, status_entry};
use mobile_contract::{
    CertificateStatus, DeviceKey, KeySet, Moment, StatusFact, Verdict, Verifier, keys::KeyRecord,
    verify,
};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait};

use super::*;
use crate::certification::world::because;

async fn refresh(world: &World, holder: &Holder, id: DeviceId) -> devices::Result<PhoneCredential> {
    devices::refresh(&world.platform, &holder.actor, holder.signed_in(), id).await
}

#[tokio::test]
async fn a_phone_gets_what_apps_verify() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &key(3)).await;
    let credential = holder.credential(&world, phone.id).await;
    let now = world.app.now();
    let place = device_certificate::Entity::find().one(world.platform.db.read()).await.unwrap();
    let place = place.unwrap();
    assert_eq!(
        credential,
        PhoneCredential {
            certificate: holder.certificate,
            certificate_number: world.certificate(holder.certificate).await.number,
            bytes: credential.bytes.clone(),
            not_before: now - Duration::minutes(5),
            expires_at: now - Duration::minutes(5) + Duration::hours(24),
            status_list: place.list,
            is_new: true,
        }
    );
    let (action, subject, body) = log(&world).await.pop().unwrap();
    assert_eq!((action.as_str(), subject), ("device.credential", encode(phone.id)));
    assert_eq!(body["certificate"], encode(holder.certificate));
    assert_eq!(body["expires"], credential.expires_at.timestamp());
    // An app reads it with the keys of the bundle.
    let records = world.platform.keyring.all();
    let records = records.iter().filter(|k| k.key_use == KeyUse::Credential).map(|k| KeyRecord {
        compromised_since: None,
        ..api::credentials::key_record(k).unwrap().unwrap()
    });
    let keys = KeySet::new(records);
    let code = mobile_contract::present(&credential.bytes, now.timestamp(), None, &key(3)).unwrap();
    let verifier = Verifier {
        keys: &keys,
        known_genuine: &std::collections::HashSet::new(),
        challenge: None,
        moment: Moment { now: now.timestamp(), floor: None },
    };
    let judged = verify(&code, verifier, |_| StatusFact::Fresh {
        status: CertificateStatus::Valid,
        as_of: now.timestamp(),
    });
    assert_eq!(judged.verdict, Verdict::Valid);
    let said = judged.credential.unwrap();
    assert_eq!((said.name.as_str(), said.kind, said.agency), ("王伟", 1, 3));
    assert_eq!(said.device_key, DeviceKey::new(&key(3).public_key()));
    assert_eq!(
        (i64::from(said.status_list), i64::from(said.status_index)),
        (i64::from(place.list), i64::from(place.idx),)
    );
}

#[tokio::test]
async fn more_than_half_of_it_left_it_is_given_again() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &key(3)).await;
    let first = holder.credential(&world, phone.id).await;
    for _ in 0..3 {
        world.app.clock.advance(Duration::hours(3));
        let again = holder.credential(&world, phone.id).await;
        assert_eq!(again, PhoneCredential { is_new: false, ..first.clone() });
    }
    assert_eq!(world.count::<phone_credential::Entity>().await, 1);
    world.app.clock.advance(Duration::hours(3));
    let next = holder.credential(&world, phone.id).await;
    assert_eq!(next.not_before, world.app.now() - Duration::minutes(5));
    assert_eq!(next.status_list, first.status_list);
    assert_eq!(world.count::<phone_credential::Entity>().await, 2);
    assert_eq!(world.count::<device_certificate::Entity>().await, 1, "the place is kept");
    // What the card says has changed: so has what is signed.
    let mut card: entities::public_card::ActiveModel = world.card(holder.certificate).await.into();
    card.name = Set("王小伟".into());
    card.update(world.platform.db.writer()).await.unwrap();
    assert!(holder.credential(&world, phone.id).await.is_new);
}

#[tokio::test]
async fn it_never_outlasts_the_certificate() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &key(3)).await;
    let until = world.card(holder.certificate).await.valid_until;
    // Nine in the evening of the last day.
    let days = (until - api::platform::clock::local_date(world.app.now())).num_days();
    world.app.clock.advance(Duration::days(days) + Duration::hours(11));
    world.new_key(KeyUse::Credential).await;
    let credential = holder.credential(&world, phone.id).await;
    assert_eq!(credential.expires_at - world.app.now(), Duration::hours(3));
    world.app.clock.advance(Duration::hours(3));
    assert_eq!(refused(refresh(&world, &holder, phone.id).await), R::NotInForce(S::Expired));
}

#[tokio::test]
async fn only_for_a_certificate_in_force_and_a_phone_of_ones_own() {
    let world = World::new().await;
    let p = &world.platform;
    let holder = Holder::new(&world, "王伟").await;
    let other = Holder::new(&world, "李娜").await;
    let phone = holder.enrol(&world, &key(3)).await;
    let id = holder.certificate;
    assert_eq!(refused(refresh(&world, &other, phone.id).await), R::DeviceNotFound);
    assert_eq!(refused(refresh(&world, &holder, p.new_id()).await), R::DeviceNotFound);
    for (actor, act, ground, expected) in [
        (&world.supervisor, A::Suspend, Ground::RefusingSupervision, Some(S::Suspended)),
        (&world.issuer, A::Lift, Ground::CauseEnded, None),
        (&world.issuer, A::Cancel, Ground::Retirement, Some(S::Cancelled)),
    ] {
        act_on(p, actor, id, act, &because(ground)).await.unwrap();
        let before = world.count::<status_entry::Entity>().await;
        match (refresh(&world, &holder, phone.id).await, expected) {
            (Ok(_), None) => {}
            (told, Some(state)) => {
                assert_eq!(refused(told), R::NotInForce(state));
                // Not even a place was taken.
                assert_eq!(world.count::<status_entry::Entity>().await, before);
            }
            (told, None) => panic!("{act:?}: {told:?}"),
        }
    }
    // Issued and not handed over yet.
    let waiting = world.qualified("张敏").await;
    world.issued(waiting, entities::enums::ApplicationAct::Initial).await;
    let actor = world
        .account(waiting, &[(entities::enums::Role::Officer, world.bureau, ScopeAxis::Own)])
        .await;
    let waiting = Holder { actor, person: waiting, certificate: id };
    let phone = waiting.enrol(&world, &key(4)).await;
    assert_eq!(refused(refresh(&world, &waiting, phone.id).await), R::NotInForce(S::Issued));
}

#[tokio::test]
async fn asked_for_twice_at_once_one_place_is_taken() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &key(3)).await;
    let asked = (0..6).map(|_| refresh(&world, &holder, phone.id));
    let all = futures::future::join_all(asked).await;
    let first = all[0].as_ref().unwrap();
    for one in &all {
        assert_eq!(one.as_ref().unwrap().bytes, first.bytes);
    }
    assert_eq!(world.count::<device_certificate::Entity>().await, 1);
    assert_eq!(world.count::<phone_credential::Entity>().await, 1);
}

#[tokio::test]
async fn a_number_too_long_for_a_phone_is_told() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &key(3)).await;
    let mut card: entities::public_card::ActiveModel = world.card(holder.certificate).await.into();
    card.number = Set("甘执证20260001号".into());
    card.update(world.platform.db.writer()).await.unwrap();
    assert_eq!(refused(refresh(&world, &holder, phone.id).await), R::CodeTooLong);
    assert_eq!(world.count::<device_certificate::Entity>().await, 0);
}

#[tokio::test]
async fn an_invitation_is_remembered_for_a_month_after_its_end() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let invitation = devices::invite(&world.platform, &world.hr, holder.person).await.unwrap();
    let kept = async || {
        devices::forget(&world.platform).await.unwrap();
        world.count::<entities::device_invitation::Entity>().await
    };
    world.app.clock.advance(Duration::minutes(11));
    assert_eq!(kept().await, 1);
    let late = holder.request_by(&world, &key(3), &invitation.secret).await;
    let told = devices::enrol(&world.platform, &holder.actor, holder.signed_in(), late).await;
    assert_eq!(refused(told), R::InvitationExpired);
    world.advance(29);
    assert_eq!(kept().await, 1);
    world.advance(1);
    assert_eq!(kept().await, 0);
}

#[tokio::test]
async fn what_ended_a_month_ago_is_forgotten() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &key(3)).await;
    let first = holder.credential(&world, phone.id).await;
    world.advance(30);
    let second = holder.credential(&world, phone.id).await;
    devices::forget(&world.platform).await.unwrap();
    assert_eq!(world.count::<phone_credential::Entity>().await, 2, "30 days from its end");
    world.advance(1);
    devices::forget(&world.platform).await.unwrap();
    let left = phone_credential::Entity::find().all(world.platform.db.read()).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].expires_at, left[0].not_before), (second.expires_at, second.not_before));
    // A picture of the forgotten one's code is out of date, and no forgery.
    let iat = first.not_before.timestamp() + 400;
    let code = mobile_contract::present(&first.bytes, iat, None, &key(3)).unwrap();
    assert_eq!(super::scans::verdict(&world, &code).await, "STALE_CODE");
    let bare = mobile_contract::digits::bytes_to_digits(&first.bytes).unwrap();
    assert_eq!(super::scans::verdict(&world, &bare).await, "PRESENTATION_MISSING");
}
