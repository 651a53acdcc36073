//! The page that a scan opens, each code new, against a handler that answers two letters.

use std::collections::HashSet;

use anyhow::ensure;
use axum::Router;
use axum::routing::get;
use entities::enums::CertificateState;
use entities::ids::CertificateId;
use entities::{printed_code, public_card};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::client::{self, Client};
use crate::deployment::Deployment;
use crate::{Row, TURNS, median};

/// Codes of a turn.
const BLOCK: usize = 160;

/// Takes turns over codes of certificates in force, none of which is asked twice of one side.
pub async fn measure(deployment: &Deployment) -> anyhow::Result<Row> {
    let requests = requests(deployment).await?;
    ensure!(requests.len() >= (TURNS + 1) * BLOCK, "only {} codes", requests.len());
    let ours = client::serve(api::http::router(deployment.web.clone())).await?;
    let bare = Router::new().route("/v/{*scanned}", get(|| async { "ok" }));
    let bare = client::serve(bare).await?;
    let (mut ours, mut bare) = (Client::connect(ours).await?, Client::connect(bare).await?);
    let mut rates = [Vec::new(), Vec::new()];
    for (turn, block) in requests.chunks_exact(BLOCK).take(TURNS + 1).enumerate() {
        let (pages, our_rate) = ours.block(block).await?;
        for page in pages {
            ensure!(page.contains("data-verdict=\"VALID\""), "{page}");
        }
        let (answers, bare_rate) = bare.block(block).await?;
        ensure!(answers.iter().all(|answer| answer == "ok"), "another answer");
        // The first turn opens connections and fills caches.
        if turn > 0 {
            rates[0].push(our_rate);
            rates[1].push(bare_rate);
        }
    }
    Ok(Row {
        what: "the page of a scan, each code new",
        against: "a bare axum handler that answers `ok`",
        engine: deployment.engine.clone(),
        rates: rates.map(median),
        aim: Some(0.30),
    })
}

async fn requests(deployment: &Deployment) -> anyhow::Result<Vec<Vec<u8>>> {
    let platform = &deployment.web.platform;
    let today = api::platform::clock::local_date(platform.now());
    let db = platform.db.read();
    let in_force: HashSet<CertificateId> = public_card::Entity::find()
        .select_only()
        .column(public_card::Column::CertificateId)
        .filter(public_card::Column::State.eq(CertificateState::Active))
        .filter(public_card::Column::ValidUntil.gte(today))
        .into_tuple()
        .all(db)
        .await?
        .into_iter()
        .collect();
    // By a hash, so that neighbours in time are not neighbours here.
    let codes = printed_code::Entity::find()
        .order_by_asc(printed_code::Column::CredentialId)
        .all(db)
        .await?;
    let codes = codes.into_iter().filter(|code| in_force.contains(&code.certificate_id));
    Ok(codes.map(|code| client::get(&format!("/v/{}", code.digits))).collect())
}
