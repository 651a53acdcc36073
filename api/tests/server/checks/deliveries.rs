//! Whatever order, parts and repetitions the same records come in, and whatever the phone's clock
//! says, the database ends in the same state.

use chrono::Duration;
use entities::enums::{Role, ScopeAxis};
use mobile_contract::record::{Elapsed, Since};
use mobile_contract::{CheckRecord, Seen, Verdict};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use super::world::*;
use crate::certification::world::World;

/// A delivery: calls, each of the numbers of the records that are sent, and how wrong the clock is.
#[derive(Clone, Debug)]
struct Delivery {
    calls: Vec<Vec<usize>>,
    clock_off: i64,
}

const RECORDS: usize = 7;

/// Every record at least once, in any order and parts, some again.
fn delivery() -> impl Strategy<Value = Delivery> {
    let order = Just((0..RECORDS).collect::<Vec<_>>()).prop_shuffle();
    let again = prop::collection::vec(0..RECORDS, 0..8);
    let cuts = prop::collection::vec(1usize..5, 1..20);
    (order, again, cuts, -400_000_000i64..400_000_000).prop_map(
        |(order, again, cuts, clock_off)| {
            let mut all = order;
            for (at, n) in again.into_iter().enumerate() {
                all.insert((at * 3) % all.len(), n);
            }
            let (mut calls, mut cuts) = (Vec::new(), cuts.into_iter().cycle());
            while !all.is_empty() {
                let take = cuts.next().unwrap().min(all.len());
                calls.push(all.drain(..take).collect());
            }
            Delivery { calls, clock_off }
        },
    )
}

/// The records of a phone: codes, none, a forged one, and two of one id.
fn records(world: &World, phone: &mut Phone, code: &str, clock_off: i64) -> Vec<String> {
    let forged = format!("{}7", &code[..code.len() - 1]);
    let forged = if forged == code { format!("{}8", &code[..code.len() - 1]) } else { forged };
    let mut records = vec![
        phone.saw(world, code, Verdict::Valid),
        phone.record(world, Seen::Refused, None),
        phone.saw(world, code, Verdict::Suspended),
        phone.saw(world, &forged, Verdict::SignatureInvalid),
        phone.saw(world, code, Verdict::StatusUnknown),
        phone.record(world, Seen::CodeDamaged, None),
    ];
    records.push(CheckRecord { verdict: Some(Verdict::Expired), ..records[4].clone() });
    let shifted = records.into_iter().enumerate().map(|(n, record)| {
        // Ids, hashes and the chain follow from what is signed; the ids are the same in each run.
        let id = [1, 2, 3, 4, 5, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, u8::try_from(n % 6).unwrap()];
        let id = if n == 6 { [1, 2, 3, 4, 5, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, 4] } else { id };
        let elapsed = Elapsed { since: Since::Boot, millis: clock_off.abs() };
        phone.sign(&CheckRecord { id, clock: record.clock + clock_off, elapsed, ..record })
    });
    shifted.collect()
}

/// What was kept and judged, without what the clock's reading is recorded in.
type State = Vec<(u128, i32, String, String, bool, String, String)>;

async fn deliver(world: &World, seed: u8, code: &str, delivery: &Delivery) -> State {
    let actor = world.staff(Role::Supervisor, world.justice, ScopeAxis::Territory).await;
    let mut phone = Phone::enrol(world, &actor, seed).await;
    world.app.clock.advance(Duration::minutes(90));
    let sent = records(world, &mut phone, code, delivery.clock_off);
    for call in &delivery.calls {
        let part: Vec<String> = call.iter().map(|n| sent[*n].clone()).collect();
        let answer = send(world, &actor, phone.device, &part).await;
        assert!(kinds(&answer).iter().all(|kind| *kind != "REFUSED"), "{answer}");
    }
    let last = send(world, &actor, phone.device, &[]).await;
    assert_eq!(last["missing"], serde_json::json!([]), "{delivery:?}");
    let mut state: State = kept(world)
        .await
        .into_iter()
        .filter(|row| row.device_id == phone.device)
        .map(|row| {
            assert!(row.from_at <= row.about_at && row.about_at <= row.received_at);
            assert_eq!((row.received_at - row.from_at).num_minutes(), 90);
            let mut reasons = row.reasons.as_array().unwrap().clone();
            reasons.retain(|reason| reason != "CLOCK_WRONG");
            let verdicts = format!("{:?} {:?}", row.app_verdict, row.verdict);
            let judged = format!("{:?} {:?} {:?}", row.outcome, row.grade, reasons);
            let seen = format!("{:?}", row.seen);
            (
                row.record_id.as_u128(),
                row.sequence,
                seen,
                verdicts,
                row.conflicted,
                judged,
                format!("{:?}", row.certificate_id),
            )
        })
        .collect();
    state.sort();
    state
}

#[tokio::test]
async fn any_delivery_of_the_same_records_ends_in_the_same_state() {
    let world = World::new().await;
    let (_, certificate) = world.active("王伟").await;
    let code = printed(&world, certificate).await;
    let whole = Delivery { calls: vec![(0..RECORDS).collect()], clock_off: 0 };
    let expected = deliver(&world, 20, &code, &whole).await;
    assert_eq!(expected.len(), RECORDS);
    assert_eq!(expected.iter().filter(|row| row.4).count(), 2, "two are in conflict: {expected:?}");
    let mut runner = TestRunner::deterministic();
    for seed in 21..33 {
        let delivery = delivery().new_tree(&mut runner).unwrap().current();
        let state = deliver(&world, seed, &code, &delivery).await;
        assert_eq!(state, expected, "{delivery:?}");
    }
}
