//! A day in the field: an officer's phone and a supervisor's are enrolled and fetch what they need;
//! then there is no network for two hundred shows and checks, with a suspension in between that
//! neither hears of; back on line every record is sent, out of order, twice, and with a broken one
//! among them, and each is judged as it should be.

use std::collections::BTreeMap;

use api::platform::clock::{Clock as _, SystemClock};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use mobile_contract::offline::OfflineVerifier;
use mobile_contract::record::{CheckRecord, Elapsed, RecordHash, Seen, Since, SyncMark};
use mobile_contract::{Es256Signer, Verdict};
use serde_json::{Value, json};
use uuid::{NoContext, Timestamp, Uuid};

use crate::demo::Demo;
use crate::offline::pinned;
use crate::phones::{Phone, decoded, enrol};
use crate::server::{Server, audit_is_intact};
use crate::session::{Session, fetch, until};
use crate::the_whole_way::act;

const SYNC: &str =
    include_str!("../../../mobile-contract/operations/supervisor/SyncCheckRecords.graphql");
const PULL: &str =
    include_str!("../../../mobile-contract/operations/supervisor/CheckRecords.graphql");

/// Checks of the day, and after which of them somebody is suspended.
const CHECKS: usize = 200;
const SUSPENDED_AFTER: usize = 100;
/// Records of one call on the way home.
const BATCH: usize = 45;

fn millis() -> i64 {
    SystemClock.now().timestamp_millis()
}

/// A supervisor's phone: it verifies, and records what it saw.
struct App {
    verifier: OfflineVerifier,
    key: Es256Signer,
    device: Value,
    mark: SyncMark,
    marked_at: i64,
    last: Option<RecordHash>,
    records: Vec<Vec<u8>>,
}

impl App {
    /// Takes a bundle along, and a mark of the server's.
    async fn prepared(demo: &Demo, server: &Server, supervisor: &Session) -> Self {
        let admin = demo.sign_in(server, "admin").await;
        let own = supervisor.ask("{ viewer { personId } }", json!({})).await;
        let key = Es256Signer::from_scalar(&[0x33; 32]).unwrap();
        let device = enrol(&admin, supervisor, own["personId"].as_str().unwrap(), &key).await;
        let bundle = until("a bundle", async || fetch(&server.url, "/trust/bundle").await).await;
        let pinned = pinned(demo, server).await;
        let now = SystemClock.now().timestamp();
        let verifier = OfflineVerifier::new(pinned, &bundle, 0, now).unwrap();
        let mark = SyncMark { at: 0, proof: [0; 16] };
        let (last, records) = (None, Vec::new());
        let mut app = Self { verifier, key, device, mark, marked_at: 0, last, records };
        app.sync(supervisor, &[]).await;
        app
    }

    /// Fetches every list.
    async fn fetch_lists(&mut self, server: &Server) {
        for number in self.verifier.bundle().content().lists.clone() {
            let list = fetch(&server.url, &format!("/status/{number}")).await.unwrap();
            self.verifier.take_list(&list, SystemClock.now().timestamp()).unwrap();
        }
    }

    /// Looks at a code without a network, and records it; answers what it said.
    fn check(&mut self, input: &str) -> Verdict {
        let answer = self.verifier.scan(input, None, SystemClock.now().timestamp());
        self.keep(Seen::scanned(input), Some(answer.judgement.verdict));
        answer.judgement.verdict
    }

    fn keep(&mut self, seen: Seen, verdict: Option<Verdict>) {
        let record = CheckRecord {
            id: *uuid_v7().as_bytes(),
            sequence: u32::try_from(self.records.len() + 1).unwrap(),
            previous: self.last,
            seen,
            challenge: None,
            // A clock that is a day wrong: the monotonic one goes by itself.
            clock: millis() - 86_400_000,
            elapsed: Elapsed { since: Since::Sync, millis: millis() - self.marked_at },
            mark: Some(self.mark),
            verdict,
            place: Some("620102".to_owned()),
        };
        self.last = Some(record.hash());
        self.records.push(record.sign(&self.key).unwrap());
    }

    /// Sends records; answers what came of each.
    async fn sync(&mut self, session: &Session, records: &[Vec<u8>]) -> Value {
        let records: Vec<String> =
            records.iter().map(|record| BASE64_URL_SAFE_NO_PAD.encode(record)).collect();
        let input = json!({ "deviceId": self.device, "records": records });
        let synced = session.ask(SYNC, json!({ "input": input })).await;
        assert_eq!(synced["userErrors"], json!([]), "{synced}");
        let mark = &synced["mark"];
        let at = mark["millis"].as_str().unwrap().parse().unwrap();
        let proof = decoded(&mark["proof"]).try_into().unwrap();
        self.mark = SyncMark { at, proof };
        self.marked_at = millis();
        synced
    }
}

fn uuid_v7() -> Uuid {
    let now = SystemClock.now();
    let seconds = u64::try_from(now.timestamp()).unwrap();
    Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
}

/// How many records there are of each kind.
fn counted<'a>(words: impl Iterator<Item = &'a Value>) -> BTreeMap<&'a str, usize> {
    let mut counted = BTreeMap::new();
    for word in words {
        *counted.entry(word.as_str().unwrap()).or_default() += 1;
    }
    counted
}

/// Every record of one's own, in the order of the phone.
async fn pulled(supervisor: &Session) -> Vec<Value> {
    let mut kept = Vec::new();
    let mut after = Value::Null;
    loop {
        let page = json!({ "first": 100, "after": after, "filter": { "own": true } });
        let page = supervisor.ask(PULL, page).await;
        kept.extend(page["nodes"].as_array().unwrap().clone());
        if page["pageInfo"]["hasNextPage"] == false {
            kept.sort_by_key(|node| node["sequence"].as_i64());
            return kept;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}

/// Certificates in force, each with its id and the digits of its code.
async fn cards(issuer: &Session, but: &str) -> Vec<(String, String)> {
    let held = "{ certificates(first: 20, state: ACTIVE) { nodes { id number printedCode { digits } \
        } } }";
    let held = issuer.ask(held, json!({})).await;
    let nodes = held["nodes"].as_array().unwrap().iter();
    let cards: Vec<(String, String)> = nodes
        .filter(|node| node["number"] != but)
        .filter_map(|node| {
            let digits = node["printedCode"]["digits"].as_str()?;
            Some((node["id"].as_str()?.to_owned(), digits.to_owned()))
        })
        .collect();
    assert!(cards.len() > 5, "{held}");
    cards
}

#[tokio::test]
async fn two_hundred_checks_without_a_network_are_each_judged_as_they_should_be() {
    let demo = Demo::copy().await;
    let server = Server::start(demo.data(), &[]).await;
    let phone = Phone::enrolled(&demo, &server, "欧阳小燕").await;
    let issuer = demo.sign_in(&server, "issuer.chengguan").await;
    let supervisor = demo.sign_in(&server, "supervisor.chengguan").await;
    let mut app = App::prepared(&demo, &server, &supervisor).await;
    let cards = cards(&issuer, &phone.number).await;
    let (suspended, others) = cards.split_first().unwrap();
    let credential = phone.credential().await;
    // A list that knows of the phone: its place was taken just now.
    until("lists with the phone", async || {
        app.fetch_lists(&server).await;
        let verdict =
            app.verifier.scan(&phone.shown(&credential), None, SystemClock.now().timestamp());
        (verdict.judgement.verdict == Verdict::Valid).then_some(())
    })
    .await;

    // Without a network from here on.
    let mut said = BTreeMap::new();
    let mut showings: BTreeMap<usize, String> = BTreeMap::new();
    for number in 0..CHECKS {
        if number == SUSPENDED_AFTER {
            let state = act(&issuer, "suspendCertificate", &suspended.0, "REFUSING_SUPERVISION");
            assert_eq!(state.await, "SUSPENDED");
        }
        let verdict = match number % 10 {
            0..4 => {
                let shown = showings.entry(number + 1).or_insert(phone.shown(&credential));
                Some(app.check(shown))
            }
            4..8 => Some(app.check(&others[number % others.len()].1)),
            8 => Some(app.check(&format!("{}/v/{}", server.url, suspended.1))),
            _ => {
                let unread = [Seen::NotShown, Seen::Refused, Seen::CodeDamaged];
                app.keep(unread[number / 10 % 3].clone(), None);
                None
            }
        };
        *said.entry(verdict.map(Verdict::code)).or_insert(0) += 1;
    }
    assert_eq!(said, BTreeMap::from([(None, 20), (Some("VALID"), 180)]), "what the app believed");

    // Back on line: the last first, each batch twice, a broken one among them.
    let records = app.records.clone();
    let mut kinds = BTreeMap::new();
    for batch in records.chunks(BATCH).rev() {
        let mut sent: Vec<Vec<u8>> = batch.iter().rev().cloned().collect();
        sent.insert(3, b"no record at all".to_vec());
        for _ in 0..2 {
            let synced = app.sync(&supervisor, &sent).await;
            let answers = synced["answers"].as_array().unwrap();
            assert_eq!(answers.len(), sent.len());
            let refused = &answers[3];
            assert_eq!(refused["userErrors"][0]["code"], "RECORD_UNREADABLE", "{refused}");
            for (kind, count) in counted(answers.iter().map(|answer| &answer["kind"])) {
                *kinds.entry(kind.to_owned()).or_insert(0) += count;
            }
        }
    }
    let batches = CHECKS.div_ceil(BATCH);
    let expected = [("ACCEPTED", CHECKS), ("KNOWN", CHECKS), ("REFUSED", 2 * batches)];
    assert_eq!(kinds, expected.map(|(kind, count)| (kind.to_owned(), count)).into());
    let synced = app.sync(&supervisor, &[]).await;
    assert_eq!(synced["missing"], json!([]), "nothing is missing, whatever came first");

    // Each once, and judged.
    let kept = pulled(&supervisor).await;
    let sequences: Vec<_> = kept.iter().filter_map(|node| node["sequence"].as_u64()).collect();
    assert_eq!(sequences, (1..=200).collect::<Vec<u64>>());
    let outcomes = counted(kept.iter().map(|node| &node["outcome"]));
    let expected = [("CONFIRMED", 160), ("DISPUTED", 20), ("NOTED", 20)];
    assert_eq!(outcomes, expected.into());
    let grades = counted(kept.iter().map(|node| &node["grade"]));
    assert_eq!(grades, [("NONE", 20), ("PHONE", 80), ("PRINTED", 100)].into());
    for node in &kept {
        let of_suspended = node["certificateId"] == json!(suspended.0);
        // The wall clock is known to be wrong, and decides nothing.
        let reasons = ["STATUS_CHANGED", "CLOCK_WRONG"];
        let expected = if of_suspended { json!(reasons) } else { json!(reasons[1..]) };
        // Nobody scans so fast: codes of one second are one showing.
        let sequence = node["sequence"].as_u64().and_then(|n| usize::try_from(n).ok());
        let shown = sequence.and_then(|sequence| showings.get(&sequence));
        let alike = showings.values().filter(|other| Some(*other) == shown).count();
        let chain = if alike > 1 { json!(["CODE_TWICE"]) } else { json!([]) };
        assert_eq!((&node["reasons"], &node["chainReasons"]), (&expected, &chain), "{node}");
    }

    // With new lists the app knows, and says so.
    until("a list with the suspension", async || {
        app.fetch_lists(&server).await;
        let answer = app.verifier.scan(&suspended.1, None, SystemClock.now().timestamp());
        (answer.judgement.verdict == Verdict::Suspended).then_some(())
    })
    .await;
    assert_eq!(app.check(&suspended.1), Verdict::Suspended);
    let last = app.records.last().cloned().unwrap();
    let synced = app.sync(&supervisor, &[last]).await;
    let record = &synced["answers"][0]["checkRecord"];
    assert_eq!(
        (&record["outcome"], &record["reasons"]),
        (&json!("CONFIRMED"), &json!(["CLOCK_WRONG"]))
    );
    server.stop().await;
    audit_is_intact(demo.data()).await;
}
