//! Ending a phone: by its holder, by HR, with the account.

use api::devices::{self, DeviceRefusal as R};
use api::graphql::ids::encode;
use chrono::Duration;
use entities::device;
use entities::enums::{DeviceEnd, Role, ScopeAxis};
use serde_json::json;

use super::*;

#[tokio::test]
async fn its_holder_and_those_who_invite_end_a_phone() {
    let world = World::new().await;
    let p = &world.platform;
    let elsewhere = world.staff(Role::AgencyHr, world.elsewhere, ScopeAxis::Own).await;
    let other = Holder::new(&world, "李娜").await;
    for (n, name, by_holder, reason) in
        [(3, "王伟", true, DeviceEnd::Lost), (4, "张敏", false, DeviceEnd::Withdrawn)]
    {
        let holder = Holder::new(&world, name).await;
        let phone = holder.enrol(&world, &key(n)).await;
        holder.credential(&world, phone.id).await;
        world.app.clock.advance(Duration::seconds(5));
        world.sign_lists().await;
        for stranger in [&elsewhere, &other.actor] {
            let told = devices::end(p, stranger, phone.id, DeviceEnd::Lost).await;
            assert_eq!(refused(told), R::DeviceNotFound);
        }
        assert_eq!(places(&world, holder.certificate).await, [StatusValue::Valid]);
        world.app.clock.advance(Duration::seconds(5));
        let actor = if by_holder { &holder.actor } else { &world.hr };
        let ended = devices::end(p, actor, phone.id, reason).await.unwrap();
        let at = world.app.now();
        assert_eq!(
            (&ended, stored(&world, phone.id).await),
            (
                &device::Model { ended_at: Some(at), end_reason: Some(reason), ..phone.clone() },
                ended.clone()
            )
        );
        assert_eq!(places(&world, holder.certificate).await, [StatusValue::Invalid]);
        assert_eq!(world.sign_lists().await, [1]);
        let twice = devices::end(p, actor, phone.id, DeviceEnd::Lost).await;
        assert_eq!(refused(twice), R::DeviceEnded { reason, at });
        let last = log(&world).await.pop().unwrap();
        let body = json!({ "reason": reason.code() });
        assert_eq!(last, ("device.end".to_owned(), encode(phone.id), body));
        // A phone can be enrolled again; the key of the ended one cannot.
        let again = holder.request(&world, &key(n)).await;
        let told = devices::enrol(p, &holder.actor, holder.signed_in(), again).await;
        assert_eq!(refused(told), R::KeyKnown);
        holder.enrol(&world, &key(n + 100)).await;
    }
}

#[tokio::test]
async fn a_closed_account_takes_its_phone_along() {
    let world = World::new().await;
    let p = &world.platform;
    let holder = Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &key(3)).await;
    holder.credential(&world, phone.id).await;
    let code = holder.code(&world, phone.id, &key(3), None).await;
    assert_eq!(super::scans::verdict(&world, &code).await, "VALID");
    let account = holder.signed_in().account;
    devices::close_account(p, &Actor::System, account).await.unwrap();
    let ended = stored(&world, phone.id).await;
    assert_eq!(ended.end_reason, Some(DeviceEnd::AccountClosed));
    let last = log(&world).await.pop().unwrap();
    let body = json!({ "reason": DeviceEnd::AccountClosed.code() });
    assert_eq!(last, ("device.end".to_owned(), encode(phone.id), body));
    assert_eq!(places(&world, holder.certificate).await, [StatusValue::Invalid]);
    assert_eq!(super::scans::verdict(&world, &code).await, "STALE_CODE");
    // Closed once more, it says nothing new.
    let before = log(&world).await.len();
    devices::close_account(p, &Actor::System, account).await.unwrap();
    assert_eq!(log(&world).await.len(), before);
}

#[tokio::test]
async fn a_phone_without_a_credential_ends_as_well() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let phone = holder.enrol(&world, &key(3)).await;
    devices::end(&world.platform, &holder.actor, phone.id, DeviceEnd::Withdrawn).await.unwrap();
    assert!(places(&world, holder.certificate).await.is_empty());
}
