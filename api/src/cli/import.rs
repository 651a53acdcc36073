//! `liangzheng import FILE`: the import that HR uses, at the machine's own command line.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, anyhow};
use clap::ValueEnum;
use entities::enums;
use entities::import_batch;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::refusal;
use crate::config::Config;
use crate::imports;
use crate::platform::actor::Actor;
use crate::platform::failure::{Failure, Refusal};
use crate::platform::jobs;
use crate::platform::texts::Locale;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The roster: .xlsx, .xls or .csv.
    #[arg(required_unless_present = "template")]
    file: Option<PathBuf>,
    /// Only check, and write the report; nothing is entered.
    #[arg(long)]
    dry_run: bool,
    /// Take the rows without errors, or none if one fails.
    #[arg(long, value_enum, default_value_t = Mode::AtomicRow)]
    mode: Mode,
    /// The mendings in the report were looked at and are right.
    #[arg(long)]
    confirm: bool,
    /// Where the report goes: a workbook that can be corrected and imported again.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Write the empty workbook to this file, and do nothing else.
    #[arg(long)]
    template: Option<PathBuf>,
    /// Language of messages.
    #[arg(long, value_enum, default_value_t = Language::ZhCn)]
    lang: Language,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Mode {
    AtomicRow,
    AllOrNothing,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Language {
    #[value(name = "zh-CN")]
    ZhCn,
    En,
}

impl From<Language> for Locale {
    fn from(language: Language) -> Self {
        match language {
            Language::ZhCn => Self::ZhCn,
            Language::En => Self::En,
        }
    }
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<ExitCode> {
    let platform = super::open_ready(config).await?;
    let (actor, locale) = (&Actor::System, Locale::from(args.lang));
    let said = |failure: Failure<imports::ImportRefusal>| said(failure, locale);
    if let Some(file) = args.template {
        let bytes = imports::template(&platform, actor).await.map_err(said)?;
        std::fs::write(&file, bytes).with_context(|| format!("{}", file.display()))?;
        super::out(&format!("{}", file.display()));
        return Ok(ExitCode::SUCCESS);
    }
    let file = args.file.context(refusal::FILE_MISSING.refusal())?;
    let unreadable = || refusal::FILE_UNREADABLE.with([file.display().to_string()]);
    let bytes = std::fs::read(&file).with_context(unreadable)?;
    let name = file.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let mode = match args.mode {
        Mode::AtomicRow => enums::ImportMode::AtomicRow,
        Mode::AllOrNothing => enums::ImportMode::AllOrNothing,
    };
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template("{msg:10} {wide_bar} {pos}/{len} {elapsed}")?);
    let progress = |done: usize, total: usize| {
        bar.set_length(u64::try_from(total.max(done)).unwrap_or_default());
        bar.set_position(u64::try_from(done).unwrap_or_default());
    };
    bar.set_message("checking");
    let mut batch =
        imports::stage(&platform, actor, &name, bytes, mode, &progress).await.map_err(said)?;
    if !args.dry_run {
        if matches!(batch.state, enums::ImportState::Staged | enums::ImportState::Applying) {
            match imports::begin(&platform, actor, batch.id, args.confirm).await {
                Ok(begun) => batch = begun,
                // It is under way: the loop below waits for it or takes it over.
                Err(Failure::Refused(imports::ImportRefusal::NotStaged)) => {}
                Err(failure) => {
                    bar.finish_and_clear();
                    summary(&batch);
                    write_report(&platform, &batch, args.report.as_deref(), locale).await?;
                    return Err(said(failure));
                }
            }
        }
        bar.set_message("entering");
        // A killed import of the same file goes on here, once its lease has run out.
        while let Some(job) =
            jobs::claim_when_free(&platform, &[imports::JOB], batch.job_id).await?
        {
            imports::work(&platform, job, &progress).await?;
        }
        batch = imports::batch(&platform, actor, batch.id)
            .await?
            .ok_or_else(|| said(Failure::Refused(imports::ImportRefusal::NotFound)))?;
    }
    bar.finish_and_clear();
    summary(&batch);
    write_report(&platform, &batch, args.report.as_deref(), locale).await?;
    let entered = args.dry_run || batch.state == enums::ImportState::Applied;
    let clean = entered && batch.failed == 0 && batch.refused == 0;
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::from(2) })
}

fn summary(batch: &import_batch::Model) {
    super::out(&format!(
        "{} rows: {} created, {} updated, {} unchanged, {} with errors, {} refused; {} mendings to confirm; {}",
        batch.total,
        batch.created,
        batch.updated,
        batch.unchanged,
        batch.failed,
        batch.refused,
        batch.confirmations,
        batch.state.code(),
    ));
    if let Some(codes) = batch.summary.get("codes").and_then(|c| c.as_object()) {
        for (code, count) in codes {
            super::out(&format!("  {code} × {count}"));
        }
    }
}

async fn write_report(
    platform: &crate::platform::Platform,
    batch: &import_batch::Model,
    file: Option<&std::path::Path>,
    locale: Locale,
) -> anyhow::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let bytes = imports::report(platform, &Actor::System, batch.id)
        .await
        .map_err(|failure| said(failure, locale))?;
    std::fs::write(file, bytes).with_context(|| format!("{}", file.display()))?;
    super::out(&format!("Report: {}", file.display()));
    Ok(())
}

/// A failure in the language of the command.
pub(super) fn said<R: Refusal>(failure: Failure<R>, locale: Locale) -> anyhow::Error {
    match failure {
        Failure::Refused(refusal) => anyhow!("{}: {}", refusal.code(), refusal.message(locale)),
        Failure::Fault(fault) => fault.into(),
    }
}
