//! What happens to a certificate in the very moment in which a record of it comes. On `PostgreSQL`
//! two transactions are under way at once; on `SQLite` the second begins when the first is over.

use std::collections::BTreeSet;
use std::time::Duration as Wait;

use api::audit::UnitOfWork;
use api::certification::act_on;
use api::certification::rules::grounds::Ground;
use api::credentials::lock_devices;
use api::officers::facts;
use chrono::Duration;
use entities::certificate_event;
use entities::enums::{CertificateAct, CertificateState, DeviceEnd};
use entities::ids::CertificateId;
use mobile_contract::Verdict;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
};
use serde_json::json;

use super::world::*;
use crate::certification::world::{World, because};
use crate::devices::{Holder, key};

/// Long enough for the other to come as far as it gets.
const A_WHILE: Wait = Wait::from_millis(300);

async fn last_event(world: &World, id: CertificateId) -> certificate_event::Model {
    certificate_event::Entity::find()
        .filter(certificate_event::Column::CertificateId.eq(id))
        .order_by_desc(certificate_event::Column::Seq)
        .one(world.platform.db.read())
        .await
        .unwrap()
        .unwrap()
}

#[tokio::test]
async fn an_act_that_is_under_way_when_a_record_comes_is_waited_for_and_seen() {
    let world = World::new().await;
    let (person, certificate) = world.active("王伟").await;
    let code = printed(&world, certificate).await;
    let mut phone = Phone::enrol(&world, &world.supervisor, 9).await;
    world.app.clock.advance(Duration::hours(1));
    let record = phone.saw(&world, &code, Verdict::Valid);
    let sent = [phone.sign(&record)];

    // A suspension has begun, and is committed only after the record has come.
    let before = last_event(&world, certificate).await;
    let act = UnitOfWork::begin(&world.platform, &world.supervisor).await.unwrap();
    facts::lock(&act, &[person]).await.unwrap();
    let began = act.now();
    world.app.clock.advance(Duration::minutes(1));
    let suspend = async {
        tokio::time::sleep(A_WHILE).await;
        let event = certificate_event::Model {
            id: world.platform.new_id(),
            seq: before.seq + 1,
            act: CertificateAct::Suspend,
            from_state: Some(CertificateState::Active),
            to_state: CertificateState::Suspended,
            at: began,
            ..before
        };
        event.into_active_model().insert(act.tx()).await.unwrap();
        act.commit().await.unwrap();
    };
    let sync = send(&world, &world.supervisor, phone.device, &sent);
    let (answer, ()) = tokio::join!(sync, suspend);
    let record = &answer["answers"][0]["checkRecord"];
    assert_eq!(
        (&record["outcome"], &record["reasons"]),
        (&json!("DISPUTED"), &json!(["STATUS_CHANGED"]))
    );
    let row = kept(&world).await.remove(0);
    assert!(row.from_at < began && began < row.received_at);
}

#[tokio::test]
async fn an_act_that_had_to_wait_is_later_than_what_it_waited_for() {
    let world = World::new().await;
    let holder = Holder::new(&world, "王伟").await;
    let device = holder.enrol(&world, &key(77)).await.id;
    world.app.clock.advance(Duration::hours(1));
    let release = async |held: UnitOfWork| {
        tokio::time::sleep(A_WHILE).await;
        world.app.clock.advance(Duration::minutes(1));
        held.commit().await.unwrap();
    };

    // Held as a record is judged.
    let held = UnitOfWork::begin(&world.platform, &world.supervisor).await.unwrap();
    facts::hold_still(&held, &[holder.person]).await.unwrap();
    let ground = because(Ground::RefusingSupervision);
    let act = act_on(
        &world.platform,
        &world.supervisor,
        holder.certificate,
        CertificateAct::Suspend,
        &ground,
    );
    let (done, ()) = tokio::join!(act, release(held));
    done.unwrap();
    let event = last_event(&world, holder.certificate).await;
    assert_eq!((event.act, event.at), (CertificateAct::Suspend, world.platform.now()));

    let held = UnitOfWork::begin(&world.platform, &world.supervisor).await.unwrap();
    lock_devices(&held, &BTreeSet::from([device])).await.unwrap();
    let end = api::devices::end(&world.platform, &holder.actor, device, DeviceEnd::Withdrawn);
    let (ended, ()) = tokio::join!(end, release(held));
    assert_eq!(ended.unwrap().ended_at, Some(world.platform.now()));
}
