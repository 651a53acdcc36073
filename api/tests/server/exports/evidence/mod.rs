//! Evidence files: how one is taken and verified, as `docs/evidence.md` says; what stands in them is
//! in `contents` and `practice`, what proves it in `proof`.

mod contents;
mod practice;
mod proof;

use std::collections::{BTreeMap, BTreeSet};

use api::certification::rules::grounds::Ground;
use api::certification::*;
use api::credentials::printing::Press;
use api::exports::evidence::{self, Bounds, Form};
use api::exports::{ExportRefusal, Purpose};
use api::officers::reveal_personal_data;
use api::platform::actor::Actor;
use api::platform::failure::Failure;
use ed25519_dalek::{Signature, VerifyingKey};
use entities::enums::{CertificateAct, ExportFormat, KeyUse};
use entities::ids::PersonId;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::certification::world::World;

async fn take(
    world: &World,
    actor: &Actor,
    person: PersonId,
    format: ExportFormat,
    purpose: Option<&str>,
) -> Result<Vec<u8>, ExportRefusal> {
    take_within(world, actor, person, (format, purpose), Bounds::default()).await
}

async fn take_within(
    world: &World,
    actor: &Actor,
    person: PersonId,
    (format, purpose): (ExportFormat, Option<&str>),
    bounds: Bounds,
) -> Result<Vec<u8>, ExportRefusal> {
    let press = Press::new(None, "https://lz.example/v/".into());
    let purpose = Purpose::read(purpose.is_some(), purpose).unwrap();
    let form = Form { format, press: &press, purpose: purpose.as_ref(), bounds };
    match evidence::take(&world.platform, actor, person, &form).await {
        Ok(bytes) => Ok(bytes),
        Err(Failure::Refused(refusal)) => Err(refusal),
        Err(Failure::Fault(fault)) => panic!("{fault}"),
    }
}

fn parsed(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).unwrap()
}

/// H of `docs/evidence.md`.
fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn bytes_of(value: &Value) -> Vec<u8> {
    hex::decode(text(value)).unwrap()
}

/// Follows the five steps of `docs/evidence.md`; how many entries are proved, or what is wrong.
fn verify(file: &Value, key: &VerifyingKey) -> Result<usize, String> {
    let point = &file["proof"]["checkpoint"];
    let signed = digest(&[
        b"liangzheng/audit-checkpoint/1",
        &point["seq"].as_i64().unwrap().to_be_bytes(),
        text(&point["at"]).as_bytes(),
        text(&point["body"]).as_bytes(),
        &bytes_of(&point["prevHash"]),
    ]);
    if signed != bytes_of(&point["hash"]) {
        return Err("checkpoint".into());
    }
    let signature = Signature::from_slice(&bytes_of(&point["signature"])).unwrap();
    key.verify_strict(&signed, &signature).map_err(|_| "signature".to_owned())?;
    let heads: Value = serde_json::from_str(text(&point["body"])).unwrap();
    let log = file["log"].as_array().unwrap();
    let named = |e: &Value| (text(&e["stream"]).to_owned(), e["seq"].as_i64().unwrap());
    let entries: BTreeMap<_, _> = log.iter().map(|e| (named(e), e)).collect();
    if entries.len() != log.len() {
        return Err("twice".into());
    }
    let mut proven = BTreeSet::new();
    for run in file["proof"]["runs"].as_array().unwrap() {
        let (mut at, mut seq) = (bytes_of(&run["before"]), run["from"].as_i64().unwrap() - 1);
        for told in run["contents"].as_array().unwrap() {
            seq += 1;
            let told = bytes_of(told);
            at = digest(&[b"liangzheng/audit-entry/2", &told, &at]);
            let place = (text(&run["stream"]).to_owned(), seq);
            let Some(entry) = entries.get(&place) else { continue };
            let content = digest(&[
                b"liangzheng/audit-entry-content/1",
                text(&entry["stream"]).as_bytes(),
                &seq.to_be_bytes(),
                uuid::Uuid::parse_str(text(&entry["id"])).unwrap().as_bytes(),
                text(&entry["at"]).as_bytes(),
                text(&entry["actor"]).as_bytes(),
                text(&entry["action"]).as_bytes(),
                text(&entry["subject"]).as_bytes(),
                text(&entry["body"]).as_bytes(),
            ]);
            if content != told || at != bytes_of(&entry["hash"]) {
                return Err(format!("entry {seq}"));
            }
            proven.insert(place);
        }
        if heads[text(&run["stream"])] != json!([seq, hex::encode(&at)]) {
            return Err("head".into());
        }
    }
    Ok(proven.len())
}

fn key(world: &World) -> VerifyingKey {
    let key = world.platform.keyring.current(KeyUse::Audit, world.platform.now()).unwrap();
    key.verifying_key()
}

/// An officer with a suspended certificate, beside others of the same agency.
async fn suspended(world: &World) -> (PersonId, entities::ids::CertificateId) {
    world.active("李四").await;
    let (person, certificate) = world.active("张三").await;
    let particulars = Particulars {
        ground: Some(Ground::FailedExam),
        days: Some(30),
        note: Some("补考\n不合格".into()),
    };
    let act = CertificateAct::Suspend;
    act_on(&world.platform, &world.issuer, certificate, act, &particulars).await.unwrap();
    reveal_personal_data(&world.platform, &world.hr, person).await.unwrap();
    world.active("王五").await;
    (person, certificate)
}
