//! Phones that record checks, beside the county of `certification`.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entities::check_record;
use entities::device;
use entities::enums::{Attestation, DeviceEnd, KeyAlgorithm};
use entities::ids::{CertificateId, DeviceId};
use mobile_contract::record::{Elapsed, Since};
use mobile_contract::{CheckRecord, Es256Signer, Seen, Signer, SyncMark, Verdict};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, EntityTrait, IntoActiveModel, QueryOrder};
use serde_json::{Value, json};

use api::graphql::ids::encode;
use api::platform::actor::Actor;

use crate::certification::world::World;

/// A phone, as its holder's app has it.
pub struct Phone {
    pub device: DeviceId,
    pub signer: Es256Signer,
    pub mark: Option<SyncMark>,
    sequence: u32,
    previous: Option<[u8; 32]>,
}

impl Phone {
    /// Enrols a phone of an account; another than those of other seeds.
    pub async fn enrol(world: &World, actor: &Actor, seed: u8) -> Self {
        let signer = Es256Signer::from_scalar(&[seed; 32]).unwrap();
        let signed_in = actor.signed_in().unwrap();
        let row = device::Model {
            id: world.platform.new_id(),
            account_id: signed_in.account,
            person_id: signed_in.person,
            algorithm: KeyAlgorithm::Es256,
            public_key: signer.public_key().to_bytes(),
            attestation: Attestation::None,
            name: "phone".into(),
            enrolled_at: world.platform.now(),
            ended_at: None,
            end_reason: None,
        };
        let device = row.id;
        row.into_active_model().insert(world.platform.db.writer()).await.unwrap();
        Self { device, signer, mark: None, sequence: 0, previous: None }
    }

    /// Ends it.
    pub async fn end(&self, world: &World) {
        device::ActiveModel {
            id: Set(self.device),
            ended_at: Set(Some(world.platform.now())),
            end_reason: Set(Some(DeviceEnd::Lost)),
            ..Default::default()
        }
        .update(world.platform.db.writer())
        .await
        .unwrap();
    }

    /// The next record: this code, and what the app said of it.
    pub fn saw(&mut self, world: &World, code: &str, verdict: Verdict) -> CheckRecord {
        self.record(world, Seen::scanned(code), Some(verdict))
    }

    /// The next record.
    pub fn record(&mut self, world: &World, seen: Seen, verdict: Option<Verdict>) -> CheckRecord {
        self.sequence += 1;
        let mut id = world.platform.new_id::<DeviceId>().0.into_bytes();
        // The phone has its own randomness; what counts is that no two are alike.
        id[15] ^= 0x5a;
        let record = CheckRecord {
            id,
            sequence: self.sequence,
            previous: self.previous,
            seen,
            challenge: None,
            clock: world.platform.now().timestamp_millis(),
            elapsed: Elapsed { since: Since::Boot, millis: 1_000 },
            mark: self.mark,
            verdict,
            place: None,
        };
        self.previous = Some(record.hash());
        record
    }

    /// The record as it is sent.
    pub fn sign(&self, record: &CheckRecord) -> String {
        URL_SAFE_NO_PAD.encode(record.sign(&self.signer).unwrap())
    }
}

/// The digits of the printed code of a certificate.
pub async fn printed(world: &World, id: CertificateId) -> String {
    let codes = api::credentials::codes_of(world.platform.db.read(), &[id]).await.unwrap();
    codes[0].digits.clone()
}

pub const SYNC: &str =
    "mutation($input: SyncCheckRecordsInput!) { syncCheckRecords(input: $input) {
    answers { index kind userErrors { code field }
      checkRecord { sequence outcome grade verdict reasons chainReasons certificateNumber } }
    missing { from until } mark { millis proof } userErrors { code field } } }";

/// Sends records over GraphQL: the payload.
pub async fn send(world: &World, actor: &Actor, device: DeviceId, records: &[String]) -> Value {
    let input = json!({ "input": { "deviceId": encode(device), "records": records } });
    let answer = world.app.graphql(Some(actor), SYNC, input).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"]["syncCheckRecords"].clone()
}

/// The kinds of the answers, in order.
pub fn kinds(payload: &Value) -> Vec<&str> {
    let answers = payload["answers"].as_array().unwrap();
    answers.iter().map(|answer| answer["kind"].as_str().unwrap()).collect()
}

/// The mark of an answer, as an app keeps it.
pub fn mark(payload: &Value) -> SyncMark {
    let mark = &payload["mark"];
    let proof = URL_SAFE_NO_PAD.decode(mark["proof"].as_str().unwrap()).unwrap();
    SyncMark {
        at: mark["millis"].as_str().unwrap().parse().unwrap(),
        proof: proof.try_into().unwrap(),
    }
}

/// What is kept, in an order of its own.
pub async fn kept(world: &World) -> Vec<check_record::Model> {
    check_record::Entity::find()
        .order_by_asc(check_record::Column::DeviceId)
        .order_by_asc(check_record::Column::Sequence)
        .order_by_asc(check_record::Column::Hash)
        .all(world.platform.db.read())
        .await
        .unwrap()
}
