//! A code judged without a network, against the check of its one signature.

use std::time::Instant;

use anyhow::{Context, ensure};
use mobile_contract::bundle::keys::SignedKeys;
use mobile_contract::bundle::{Agency, Content, Pinned};
use mobile_contract::offline::{MIN_LIST_ENTRIES, OfflineVerifier};
use mobile_contract::status_list::{ListClaims, StatusList};
use mobile_contract::{Credential, Ed25519Signer, KeyRecord, KeyUse, Signer, Verdict};

use crate::{Row, TURNS, median};

/// Codes of a turn.
const BLOCK: u32 = 2_000;
const NOW: i64 = 1_800_000_000;
const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;
const ISSUER: &str = "https://lz.example.cn";

/// A code, and what its issuer signed of it.
struct Code {
    url: String,
    message: Vec<u8>,
    signature: [u8; 64],
}

/// Takes turns over the same codes, each another certificate's.
pub fn measure() -> anyhow::Result<Row> {
    let issuer = Ed25519Signer::from_seed(&[1; 32]);
    let mut app = app(&issuer)?;
    let codes: Vec<Code> = (0..BLOCK).map(|n| code(n, &issuer)).collect::<Result<_, _>>()?;
    let public = issuer.public_key();
    let mut rates = [Vec::new(), Vec::new()];
    for turn in 0..=TURNS {
        let begun = Instant::now();
        for code in &codes {
            let answer = app.scan(&code.url, None, NOW);
            ensure!(answer.judgement.verdict == Verdict::Valid, "{answer:?}");
        }
        let ours = begun.elapsed();
        let begun = Instant::now();
        for code in &codes {
            ensure!(public.verify(&code.message, &code.signature).is_ok(), "not its signature");
        }
        let bare = begun.elapsed();
        // The first turn fills caches.
        if turn > 0 {
            rates[0].push(f64::from(BLOCK) / ours.as_secs_f64());
            rates[1].push(f64::from(BLOCK) / bare.as_secs_f64());
        }
    }
    Ok(Row {
        what: "a printed code judged offline: digits, signature, status, agency",
        against: "the check of its signature alone",
        engine: "none".to_owned(),
        rates: rates.map(median),
        aim: None,
    })
}

/// An app with a bundle of a province's size and the list that the codes are in.
fn app(issuer: &Ed25519Signer) -> anyhow::Result<OfflineVerifier> {
    let (root, bundle, status) = (
        Ed25519Signer::from_seed(&[2; 32]),
        Ed25519Signer::from_seed(&[3; 32]),
        Ed25519Signer::from_seed(&[4; 32]),
    );
    let record = |signer: &dyn Signer, key_use| KeyRecord {
        public_key: signer.public_key(),
        key_use,
        not_before: NOW - 30 * DAY,
        not_after: NOW + 3_000 * DAY,
        compromised_since: None,
    };
    let keys = SignedKeys {
        issuer: ISSUER.to_owned(),
        version: 1,
        issued_at: NOW - DAY,
        records: vec![
            record(issuer, KeyUse::Credential),
            record(&bundle, KeyUse::Bundle),
            record(&status, KeyUse::Status),
        ],
    };
    let content = Content {
        issuer: ISSUER.to_owned(),
        version: 1,
        issued_at: NOW - HOUR,
        expires: NOW + 6 * DAY,
        signed_keys: keys.sign(&root)?,
        largest_staleness: 3 * DAY,
        clock_skew: 300,
        list_base: format!("{ISSUER}/status/"),
        lists: vec![1],
        agencies: (1..=5_000)
            .map(|number| Agency {
                number,
                name: format!("第{number}综合行政执法队"),
                division: "620102".to_owned(),
            })
            .collect(),
        fields: Vec::new(),
        checkpoint: None,
        genuine: Vec::new(),
    };
    let pinned = Pinned { roots: vec![root.public_key()], issuer: ISSUER.to_owned() };
    let mut app = OfflineVerifier::new(pinned, &content.sign(&bundle)?, 0, NOW)?;
    let list = ListClaims {
        subject: format!("{ISSUER}/status/1"),
        issuer: Some(ISSUER.to_owned()),
        issued_at: NOW,
        expires: Some(NOW + DAY),
        ttl: Some(900),
        list: StatusList::new(2, MIN_LIST_ENTRIES)?,
    };
    app.take_list(&list.sign_cwt(&list.list.compress(9)?, &status)?, NOW)
        .map_err(|refusal| anyhow::anyhow!("{refusal:?}"))?;
    Ok(app)
}

fn code(number: u32, issuer: &Ed25519Signer) -> anyhow::Result<Code> {
    let credential = Credential {
        certificate_number: format!("62{number:09}"),
        not_before: NOW - 30 * DAY,
        expires: NOW + 1_000 * DAY,
        name: String::new(),
        name_cut: false,
        agency: 1 + number % 5_000,
        kind: 1,
        status_list: 1,
        status_index: number.checked_mul(61).context("an index")?,
        device_key: None,
    };
    let credential = credential.named("阿依古丽·买买提");
    let issued = credential.issue(issuer)?;
    let message = credential.unsigned(issuer.algorithm(), issuer.kid())?.message().to_vec();
    let signature = issuer.sign(&message)?;
    Ok(Code { url: format!("{ISSUER}/v/{}", issued.digits()), message, signature })
}
