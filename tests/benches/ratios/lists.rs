//! Status lists: what it costs to make one anew, and to hand it out.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, ensure};
use axum::Router;
use axum::http::header;
use axum::routing::get;
use mobile_contract::status_list::{JWT_MEDIA_TYPE, ListClaims, SignedList, StatusList};
use mobile_contract::{Ed25519Signer, Signer};

use crate::client::{self, Client};
use crate::deployment::Deployment;
use crate::{Row, TURNS, median};

/// Requests of a turn.
const BLOCK: usize = 400;
/// One entry in so many is set.
const ONE_IN: u32 = 100;

/// A list that was rebuilt, compressed and signed in both forms.
pub struct Made {
    /// Entries.
    pub entries: u32,
    /// Of the compression.
    pub level: u32,
    /// Of the compressed entries, in bytes.
    pub bytes: usize,
    /// What no compression gets below, in bytes: the entropy of so many entries.
    pub bound: f64,
    /// For all of it, the median in milliseconds.
    pub millis: f64,
}

/// Makes lists of a million entries and of a list's own size, of which one in a hundred is set.
pub fn make() -> anyhow::Result<Vec<Made>> {
    let mut made = Vec::new();
    for (entries, level) in [(1_000_000, 9), (1_000_000, 6), (131_072, 9), (131_072, 6)] {
        made.push(make_one(entries, level)?);
    }
    Ok(made)
}

fn make_one(entries: u32, level: u32) -> anyhow::Result<Made> {
    let signer = Ed25519Signer::from_seed(&[5; 32]);
    let set = scattered(entries);
    let (mut times, mut bytes) = (Vec::new(), 0);
    for turn in 0..=TURNS {
        let begun = Instant::now();
        let mut list = StatusList::new(2, entries)?;
        for index in &set {
            ensure!(list.set(*index, 1), "no place {index}");
        }
        let compressed = list.compress(level)?;
        let claims = ListClaims {
            subject: "https://lz.example.cn/status/1".to_owned(),
            issuer: None,
            issued_at: 1_800_000_000,
            expires: Some(1_800_604_800),
            ttl: Some(900),
            list,
        };
        let jwt = claims.sign_jwt(&compressed, &signer)?;
        let cwt = claims.sign_cwt(&compressed, &signer)?;
        // The first turn fills caches.
        if turn > 0 {
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
        }
        for signed in [jwt.as_bytes(), &cwt] {
            let read = SignedList::read(signed)?.verify_with(&signer.public_key())?;
            ensure!(read == claims, "a list reads differently than it was signed");
        }
        bytes = compressed.len();
    }
    let share = 1.0 / f64::from(ONE_IN);
    let entropy = -(share * share.log2() + (1.0 - share) * (1.0 - share).log2());
    let bound = entropy * f64::from(entries) / 8.0;
    Ok(Made { entries, level, bytes, bound, millis: median(times) })
}

/// One index in a hundred, anywhere: of each the next step of a full-period generator.
fn scattered(entries: u32) -> Vec<u32> {
    let mut state: u64 = 0x1dea;
    let mut set = std::collections::BTreeSet::new();
    while set.len() < usize::try_from(entries / ONE_IN).unwrap_or_default() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        set.insert(u32::try_from((state >> 33) % u64::from(entries)).unwrap_or_default());
    }
    set.into_iter().collect()
}

/// Hands out the newest list, against the same bytes as a file.
pub async fn fetch(deployment: &Deployment, folder: &Path) -> anyhow::Result<Row> {
    let platform = &deployment.web.platform;
    let signed = api::credentials::lists::sign_due(platform, deployment.web.config.public_url());
    signed.await.context("the lists are signed")?;
    let token = api::credentials::lists::signed_list(platform.db.read(), 1, None).await?;
    let expected = token.context("a list")?.jwt;
    let file = folder.join("list.jwt");
    std::fs::write(&file, &expected)?;
    // What a server of files does: the file is read for each request.
    let send = move || {
        let file = file.clone();
        async move {
            let bytes = tokio::fs::read(file).await.unwrap_or_default();
            ([(header::CONTENT_TYPE, JWT_MEDIA_TYPE)], bytes)
        }
    };
    let bare = Router::new().route("/status/1", get(send));
    let ours = client::serve(api::http::router(deployment.web.clone())).await?;
    let bare = client::serve(bare).await?;
    let (mut ours, mut bare) = (Client::connect(ours).await?, Client::connect(bare).await?);
    let requests = vec![client::get("/status/1"); BLOCK];
    let mut rates = [Vec::new(), Vec::new()];
    for turn in 0..=TURNS {
        for (side, rates) in [&mut ours, &mut bare].into_iter().zip(&mut rates) {
            let (answers, rate) = side.block(&requests).await?;
            ensure!(answers.iter().all(|answer| *answer == expected), "another list");
            if turn > 0 {
                rates.push(rate);
            }
        }
    }
    Ok(Row {
        what: "a status list fetched, JWT",
        against: "a handler that sends the same bytes from a file",
        engine: deployment.engine.clone(),
        rates: rates.map(median),
        aim: None,
    })
}
