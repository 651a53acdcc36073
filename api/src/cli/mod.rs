//! The command line. One file a command; `liangzheng help COMMAND` explains each.

mod audit;
#[cfg(test)]
mod catalogue;
mod demo;
pub mod doctor;
mod export;
mod import;
mod import_photos;
pub mod init;
mod keys;
mod migrate;
mod refusal;
mod root;
mod schema;
mod serve;
#[cfg(test)]
mod values;

use std::io::Write as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Config;

/// Liangzheng (亮证): certification of administrative-enforcement officers.
#[derive(Debug, Parser)]
#[command(name = "liangzheng", version, about, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    config: Config,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve GraphQL and the public pages.
    Serve(serve::Args),
    /// Bring the database up to date.
    Migrate,
    /// Enter the first agency and administrator of an empty deployment.
    Init(init::Args),
    /// Load the demo province into an empty deployment.
    Demo(demo::Args),
    /// Import a roster workbook, as HR does.
    Import(import::Args),
    /// Import photos of many people in one ZIP, as HR does.
    ImportPhotos(import_photos::Args),
    /// Write a list of the whole deployment to a file.
    Export(export::Args),
    /// Show, publish, rotate and mark signing keys; the root and its ceremony.
    Keys(keys::Args),
    /// Verify the audit log and make checkpoints.
    Audit(audit::Args),
    /// Say what is wrong with this set-up and how to mend it; changes nothing.
    Doctor(doctor::Args),
    /// Print the GraphQL schema (SDL).
    Schema,
}

/// Runs the command line. Errors go to standard error, one line, with a stable code first.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    let result = match cli.command {
        Command::Serve(args) => serve::run(cli.config, args).await,
        Command::Migrate => migrate::run(&cli.config).await,
        Command::Init(args) => init::run(&cli.config, args).await,
        Command::Demo(args) => demo::run(&cli.config, args).await,
        Command::Import(args) => import::run(&cli.config, args).await,
        Command::ImportPhotos(args) => Box::pin(import_photos::run(&cli.config, args)).await,
        Command::Export(args) => export::run(&cli.config, args).await,
        Command::Keys(args) => keys::run(&cli.config, args).await,
        Command::Audit(args) => audit::run(&cli.config, args).await,
        Command::Doctor(args) => doctor::run(&cli.config, args).await,
        Command::Schema => schema::run(),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            err(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// A line to standard output. Whoever reads it may have gone (`| head`): that is no fault.
fn out(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// A line to standard error.
fn err(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Opens a deployment that is up to date, for commands that work on it.
async fn open_ready(config: &Config) -> anyhow::Result<crate::platform::Platform> {
    if !config.database_exists() {
        let folder = config.data_dir.display().to_string();
        return Err(refusal::DATABASE_MISSING.with([folder]).into());
    }
    let db = crate::app::open_database(config).await?;
    let pending = crate::app::pending_migrations(&db).await?;
    if pending > 0 {
        return Err(crate::app::StartError::NotMigrated(pending).into());
    }
    Ok(crate::app::open_platform(config, db).await?)
}
