//! `liangzheng demo`, and what `serve --demo` does first: load the demo province where there is
//! nothing yet.
//!
//! On the embedded database the demo is loaded into a file of its own that takes its place when it
//! is complete: whoever stops it half-way finds nothing half-loaded at the next start.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use entities::enums::Role;
use entities::ids::CertificateId;
use entities::{agency, setting};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};

use super::refusal;
use crate::app;
use crate::auth::Auth;
use crate::config::Config;
use crate::credentials::qr::{self, VersionLimit};
use crate::demo::load::{self, LOADED, Password};
use crate::demo::{province, roster, workbook};
use crate::graphql::ids::decode;
use crate::platform::Platform;
use crate::platform::clock::local_date;
use crate::platform::files::write_private;

/// Officers of the demo where no number is given.
pub(super) const OFFICERS: usize = 2_000;
/// Says that a demo was begun in this database.
const LOADING: &str = "demo.loading";
/// Where the passwords made at first start are kept, in the data folder.
const PASSWORDS: &str = "passwords.txt";
/// The workbook of the demo's roster, in the data folder, to try an import with.
const ROSTER: &str = "demo-roster.xlsx";

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How many officers; 100000 is a province.
    #[arg(long, default_value_t = OFFICERS)]
    officers: usize,
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<ExitCode> {
    if !ensure(config, args.officers).await? {
        return Err(refusal::DEMO_NOT_EMPTY.refusal().into());
    }
    Ok(ExitCode::SUCCESS)
}

/// Loads the demo where there is nothing yet. `false` where there is something.
pub(super) async fn ensure(config: &Config, officers: usize) -> anyhow::Result<bool> {
    if !(1..=200_000).contains(&officers) {
        return Err(refusal::DEMO_SIZE_INVALID.refusal().into());
    }
    let file = config.data_dir.join("liangzheng.sqlite");
    if config.database_url().starts_with("sqlite:") && !file.exists() {
        let beside = config.data_dir.join("loading.sqlite");
        remove(&beside)?;
        let mut loading = config.clone();
        loading.database_url = Some(format!("sqlite://{}?mode=rwc", beside.display()));
        let platform = open(&loading).await?;
        fill(config, &platform, officers).await?;
        platform.db.close().await?;
        std::fs::rename(&beside, &file).with_context(|| format!("{}", file.display()))?;
        return Ok(true);
    }
    let platform = open(config).await?;
    let db = platform.db.read();
    if setting::Entity::find_by_id(LOADING).one(db).await?.is_some() {
        return Err(refusal::DEMO_INCOMPLETE.refusal().into());
    }
    if agency::Entity::find().count(db).await? > 0 {
        return Ok(false);
    }
    let mark = setting::ActiveModel {
        key: Set(LOADING.to_owned()),
        value: Set(String::new()),
        updated_at: Set(platform.now()),
    };
    setting::Entity::insert(mark).exec_without_returning(platform.db.writer()).await?;
    fill(config, &platform, officers).await?;
    setting::Entity::delete_by_id(LOADING).exec(platform.db.writer()).await?;
    Ok(true)
}

async fn open(config: &Config) -> anyhow::Result<Platform> {
    let db = app::open_database(config).await?;
    app::migrate(config, &db).await?;
    Ok(app::open_platform(config, db).await?)
}

async fn fill(config: &Config, platform: &Platform, officers: usize) -> anyhow::Result<()> {
    super::err(&format!("Loading the demo province with {officers} officers …"));
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template("{msg:12} {wide_bar} {pos}/{len} {elapsed}")?);
    let report = |what: &str, done: usize, total: usize| {
        bar.set_message(what.to_owned());
        bar.set_length(u64::try_from(total).unwrap_or_default());
        bar.set_position(u64::try_from(done).unwrap_or_default());
    };
    let auth = Auth::new(config.public_url());
    let loaded = Box::pin(load::load(platform, &auth, officers, &report)).await?;
    bar.finish_and_clear();
    write_passwords(&config.data_dir.join(PASSWORDS), &loaded.passwords)?;
    write_roster(&config.data_dir.join(ROSTER), platform, officers)?;
    Ok(())
}

/// The passwords, in a file that only its owner reads.
fn write_passwords(file: &Path, passwords: &[Password]) -> anyhow::Result<()> {
    let mut text =
        String::from("# Sign-in names and passwords of the demo, made at first start.\n");
    for p in passwords {
        writeln!(text, "{:<28} {}   {} · {}", p.login, p.password, role_name(p.role), p.agency)?;
    }
    remove(file)?;
    write_private(file, &text).with_context(|| format!("{}", file.display()))
}

fn write_roster(file: &Path, platform: &Platform, officers: usize) -> anyhow::Result<()> {
    let agencies = province::agencies(province::Extent::for_officers(officers));
    let people = roster::officers(officers, load::SEED, local_date(platform.now()), &agencies);
    let bytes = workbook::workbook(&agencies, &people)?;
    remove(file)?;
    std::fs::write(file, bytes).with_context(|| format!("{}", file.display()))
}

fn remove(file: &Path) -> anyhow::Result<()> {
    let beside = |ending: &str| PathBuf::from(format!("{}{ending}", file.display()));
    for file in [file.to_path_buf(), beside("-wal"), beside("-shm")] {
        match std::fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("{}", file.display()));
            }
            _ => {}
        }
    }
    Ok(())
}

/// What `serve --demo` says of the demo: a code to scan and names to sign in with.
pub(super) async fn announce(config: &Config, platform: &Platform) -> anyhow::Result<()> {
    let loaded = setting::Entity::find_by_id(LOADED).one(platform.db.read()).await?;
    let sample = loaded.and_then(|s| decode::<CertificateId>(&s.value));
    if let Some(id) = sample
        && let Some(code) =
            crate::credentials::codes_of(platform.db.read(), &[id]).await?.into_iter().next()
    {
        let prefix = config.code_prefix();
        super::out(&format!("Sample certificate: {prefix}{}", code.digits));
        if let Ok(drawn) = qr::draw(&prefix, &code.digits, VersionLimit::Printed) {
            super::out(&drawn.to_terminal());
        }
    }
    let file = config.data_dir.join(PASSWORDS);
    if let Ok(text) = std::fs::read_to_string(&file) {
        super::out(
            "Sign in (demo accounts; more in the file below). The demo's policy asks for no second factor:",
        );
        let first = [
            "admin ",
            "hr.chengguan-market ",
            "reviewer.chengguan ",
            "issuer.chengguan ",
            "supervisor.chengguan ",
            "supervisor.lanzhou ",
            "officer-1 ",
            "auditor.gansu ",
        ];
        for line in text.lines().filter(|l| first.iter().any(|f| l.starts_with(f))) {
            super::out(&format!("  {line}"));
        }
        super::out(&format!("Passwords: {}", file.display()));
    }
    Ok(())
}

const fn role_name(role: Role) -> &'static str {
    match role {
        Role::SystemAdministrator => "系统管理员",
        Role::AgencyHr => "机关人事",
        Role::JusticeReviewer => "司法行政审核",
        Role::Issuer => "发证",
        Role::Supervisor => "执法监督",
        Role::Officer => "执法人员",
        Role::HotlineOperator => "12345 热线",
        Role::Auditor => "审计",
    }
}
