//! `liangzheng import-photos FILE`: photos of many people in one ZIP, at the machine's own command
//! line.

use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context;
use entities::enums::ImportState;
use entities::photo_batch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;

use super::import::{Language, said};
use super::refusal;
use crate::config::Config;
use crate::photos::{self, Opened, PhotosRefusal, Received};
use crate::platform::actor::Actor;
use crate::platform::failure::Failure;
use crate::platform::texts::Locale;
use crate::platform::{Platform, jobs};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The ZIP: each file named by the ID number of its person, or as the roster announced it.
    file: PathBuf,
    /// Only check, and write the report; no photo is attached.
    #[arg(long)]
    dry_run: bool,
    /// Where the report goes: a workbook with each file and what became of it.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Language of messages.
    #[arg(long, value_enum, default_value_t = Language::ZhCn)]
    lang: Language,
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<ExitCode> {
    let platform = super::open_ready(config).await?;
    let (actor, locale) = (&Actor::System, Locale::from(args.lang));
    let file = args.file;
    let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let unreadable = || refusal::FILE_UNREADABLE.with([file.display().to_string()]);
    let received = received(&file).with_context(unreadable)?;
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template("{msg:10} {wide_bar} {pos}/{len} {elapsed}")?);
    let progress = |done: usize, total: usize| {
        bar.set_length(u64::try_from(total).unwrap_or_default());
        bar.set_position(u64::try_from(done).unwrap_or_default());
    };
    bar.set_message("checking");
    let said = |failure| said(failure, locale);
    let opened = photos::open(&platform, actor, &name, received).await.map_err(said)?;
    let mut batch = match opened {
        Opened::UnderWay(batch) => batch,
        Opened::New(staging) => {
            let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
            let pictures = Arc::new(Semaphore::new(cores));
            staging.run(pictures, &progress).await.map_err(said)?
        }
    };
    if !args.dry_run {
        match photos::begin(&platform, actor, batch.id).await {
            Ok(begun) => batch = begun,
            // It is under way: the loop below waits for it or takes it over.
            Err(Failure::Refused(PhotosRefusal::NotStaged)) => {}
            Err(failure) => return Err(said(failure)),
        }
        bar.set_message("attaching");
        // A killed run with the same ZIP goes on here, once its lease has run out.
        while let Some(job) = jobs::claim_when_free(&platform, &[photos::JOB], batch.job_id).await?
        {
            photos::work(&platform, job, &progress).await?;
        }
        batch = photos::batch(&platform, actor, batch.id)
            .await?
            .ok_or_else(|| said(Failure::Refused(PhotosRefusal::NotFound)))?;
    }
    bar.finish_and_clear();
    summary(&batch);
    if let Some(file) = args.report {
        write_report(&platform, &batch, &file, locale).await?;
    }
    let done = args.dry_run || batch.state == ImportState::Applied;
    let clean = done && batch.failed == 0 && batch.refused == 0;
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

/// Opens a file and reads it once for its hash.
fn received(path: &Path) -> std::io::Result<Received> {
    let mut file = File::open(path)?;
    let (mut hash, mut buffer) = (Sha256::new(), vec![0; 1 << 20]);
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hash.update(buffer.get(..count).unwrap_or_default());
    }
    file.rewind()?;
    Ok(Received { file, sha256: hash.finalize().into() })
}

fn summary(batch: &photo_batch::Model) {
    super::out(&format!(
        "{} files: {} attached, {} unchanged, {} failed, {} refused, {} ignored; {}",
        batch.files,
        batch.attached,
        batch.unchanged,
        batch.failed,
        batch.refused,
        batch.ignored,
        batch.state.code(),
    ));
    if let Some(codes) = batch.summary.get("codes").and_then(|c| c.as_object()) {
        for (code, count) in codes {
            super::out(&format!("  {code} × {count}"));
        }
    }
}

async fn write_report(
    platform: &Platform,
    batch: &photo_batch::Model,
    file: &Path,
    locale: Locale,
) -> anyhow::Result<()> {
    let bytes = photos::report(platform, &Actor::System, batch.id)
        .await
        .map_err(|failure| said(failure, locale))?;
    std::fs::write(file, bytes).with_context(|| format!("{}", file.display()))?;
    super::out(&format!("Report: {}", file.display()));
    Ok(())
}
