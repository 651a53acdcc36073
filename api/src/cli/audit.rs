//! `liangzheng audit verify | checkpoint`

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context;
use clap::Subcommand;

use super::refusal;
use crate::audit::checkpoint::{self, Anchor};
use crate::audit::verify;
use crate::config::Config;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Check every chain: finds a row that was edited, removed, moved or cut off, and says which.
    Verify {
        /// A checkpoint kept elsewhere; shows truncation and rollback of the whole database.
        #[arg(long)]
        anchor: Option<PathBuf>,
    },
    /// Make a signed checkpoint and print it; keep it away from the database as an anchor.
    Checkpoint,
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<ExitCode> {
    let platform = super::open_ready(config).await?;
    match args.command {
        Command::Verify { anchor } => {
            let heads = match anchor {
                None => None,
                Some(file) => {
                    let unreadable =
                        || refusal::ANCHOR_UNREADABLE.with([file.display().to_string()]);
                    let text = std::fs::read_to_string(&file).with_context(unreadable)?;
                    let anchor: Anchor = serde_json::from_str(&text).with_context(unreadable)?;
                    Some(anchor.heads().with_context(unreadable)?)
                }
            };
            let snapshot = platform.db.snapshot().await?;
            let report = verify::verify(&snapshot, heads.as_ref()).await?;
            for finding in &report.findings {
                super::err(&finding.to_string());
            }
            super::out(&format!(
                "{} chains, {} entries, {} checkpoints: {}",
                report.streams,
                report.entries,
                report.checkpoints,
                if report.findings.is_empty() {
                    "intact".to_owned()
                } else {
                    format!("{} findings", report.findings.len())
                },
            ));
            Ok(if report.findings.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        }
        Command::Checkpoint => {
            let anchor = checkpoint::make(&platform, None).await?;
            super::out(&serde_json::to_string_pretty(&anchor)?);
            Ok(ExitCode::SUCCESS)
        }
    }
}
