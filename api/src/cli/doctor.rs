//! `liangzheng doctor`: looks at a set-up, also at one that is broken in several places, and says
//! what is wrong and how to mend it. It reads and never writes: the database is opened read-only.

pub mod codes;
mod trust;

use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration as Wait;

use chrono::{DateTime, Duration, Utc};
use clap::ValueEnum;
use entities::enums::{JobState, KeyUse};
use entities::{agency, audit_entry, job, setting, signing_key};
use migration::{Migrator, MigratorTrait};
use sea_orm::sea_query::ExprTrait;
use sea_orm::{
    ColumnTrait, ConnectOptions, DatabaseConnection, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QueryOrder,
};

use crate::app::SEAL_CHECK;
use crate::audit::checkpoint;
use crate::config::{Config, HOST_LIMIT, public_url_problem};
use crate::documents::FontRefusal;
use crate::documents::fonts::Font;
use crate::platform::clock::{Clock, SystemClock, local};
use crate::platform::failure::Fault;
use crate::platform::keys;
use crate::platform::redis::Redis;
use crate::platform::seal::MasterSecret;
use crate::platform::texts::Locale;
#[cfg(test)]
pub(super) use codes::ALL as CODES;
use codes::{
    AUDIT_CHECKPOINT_OK, AUDIT_CHECKPOINT_OLD, CARD_FONT_MISSING, CARD_FONT_OK, CARD_FONT_UNUSABLE,
    CLOCK_BEHIND, CLOCK_OK, DATA_DIR_EXPOSED, DATA_DIR_MISSING, DATA_DIR_OK, DATA_DIR_UNUSABLE,
    DATABASE_EMPTY, DATABASE_MISSING, DATABASE_NEWER, DATABASE_NOT_MIGRATED, DATABASE_OK,
    DATABASE_UNREACHABLE, DATABASE_UNREADABLE, JOBS_FAILED, JOBS_OK, JOBS_STUCK, KEY_ENDS_SOON,
    KEY_MISSING, KEYS_OK, PORT_FREE, PORT_REFUSED, PORT_TAKEN, PROXY_NOT_TRUSTED,
    PUBLIC_URL_INSECURE, PUBLIC_URL_INVALID, PUBLIC_URL_LOCAL, PUBLIC_URL_OK, REDIS_OK,
    REDIS_UNREACHABLE, REDIS_URL_INVALID, SEAL_KEY_EXPOSED, SEAL_KEY_MISSING, SEAL_KEY_NOT_YET,
    SEAL_KEY_OK, SEAL_KEY_UNREADABLE, SEAL_KEY_WRONG,
};
pub use codes::{Code, Finding, Level};

/// Longest wait for the database.
const PATIENCE: Wait = Wait::from_secs(3);
/// A job this long overdue is stuck; a clock this far behind the newest record is wrong.
const TOLERANCE: Duration = Duration::minutes(10);
/// For how long a job that was given up is told of.
const RECENT: Duration = Duration::days(7);
/// A checkpoint older than this is told of, and a key that ends within [`SOON`].
const DAY: Duration = Duration::days(1);
const SOON: Duration = Duration::days(30);

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Language of the findings [default: that of LANG]
    #[arg(long, value_enum)]
    lang: Option<Language>,
    /// Also look whether this port is free
    #[arg(long)]
    port: Option<u16>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Language {
    #[value(name = "zh-CN")]
    ZhCn,
    En,
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<ExitCode> {
    let locale = match args.lang {
        Some(Language::ZhCn) => Locale::ZhCn,
        Some(Language::En) => Locale::En,
        None => locale_of(std::env::var("LANG").ok().as_deref()),
    };
    let findings = examine(config, args.port, SystemClock.now()).await;
    for finding in &findings {
        let (level, word) = (finding.code.level.word(), finding.code.word);
        super::out(&format!("{level:<4}  {word:<22}  {}", finding.message(locale)));
    }
    let failed = findings.iter().any(|finding| finding.code.level == Level::Fail);
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Chinese, unless the terminal is set to English or to no language.
fn locale_of(lang: Option<&str>) -> Locale {
    let language = lang.unwrap_or_default().split(['_', '.', '@']).next().unwrap_or_default();
    if matches!(language, "en" | "C" | "POSIX") { Locale::En } else { Locale::ZhCn }
}

/// Looks at everything; what cannot be looked at because something else is broken is left out.
pub async fn examine(config: &Config, port: Option<u16>, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings = vec![data_dir(config)];
    let database = open(config).await;
    let sealed = match &database {
        Ok(db) => setting::Entity::find_by_id(SEAL_CHECK).one(db).await.ok().flatten(),
        Err(_) => None,
    };
    let is_sealed = sealed.is_some();
    seal_key(&mut findings, config, sealed.map(|setting| setting.value).as_deref());
    public_url(&mut findings, config);
    findings.push(card_font(config));
    match database {
        Err(finding) => findings.push(finding),
        Ok(db) => {
            if let Err(fault) = contents(&mut findings, &db, config, is_sealed, now).await {
                findings.push(DATABASE_UNREADABLE.with([fault.to_string()]));
            }
            let _ = db.close().await;
        }
    }
    if let Some(url) = config.redis_url() {
        findings.push(match Redis::new(url, "doctor") {
            Err(error) => REDIS_URL_INVALID.with([error.to_string()]),
            Ok(redis) => match redis.ping().await {
                Ok(()) => REDIS_OK.into(),
                Err(reason) => REDIS_UNREACHABLE.with([reason]),
            },
        });
    }
    if let Some(port) = port {
        findings.push(match tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
            Ok(_) => PORT_FREE.with([port.to_string()]),
            Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => {
                PORT_TAKEN.with([port.to_string()])
            }
            Err(error) => PORT_REFUSED.with([port.to_string(), error.to_string()]),
        });
    }
    findings
}

fn data_dir(config: &Config) -> Finding {
    let path = config.data_dir.display().to_string();
    match std::fs::metadata(&config.data_dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => DATA_DIR_MISSING.with([path]),
        Err(error) => DATA_DIR_UNUSABLE.with([path, error.to_string()]),
        Ok(found) if !found.is_dir() => {
            DATA_DIR_UNUSABLE.with([path, std::io::ErrorKind::NotADirectory.to_string()])
        }
        Ok(found) if found.permissions().readonly() => {
            DATA_DIR_UNUSABLE.with([path, std::io::ErrorKind::PermissionDenied.to_string()])
        }
        Ok(_) if is_exposed(&config.data_dir) => DATA_DIR_EXPOSED.with([path]),
        Ok(_) => DATA_DIR_OK.with([path]),
    }
}

/// Whether others than the owner have any right to a file.
fn is_exposed(path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::metadata(path).is_ok_and(|found| found.permissions().mode() & 0o077 != 0)
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        false
    }
}

/// `check` is what the database keeps of the secret it is sealed under.
fn seal_key(findings: &mut Vec<Finding>, config: &Config, check: Option<&str>) {
    let file = config.seal_key_file();
    let path = file.display().to_string();
    let content = match std::fs::read_to_string(&file) {
        Ok(content) => content,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let code = if check.is_some() { SEAL_KEY_MISSING } else { SEAL_KEY_NOT_YET };
            return findings.push(code.with([path]));
        }
        Err(error) => return findings.push(SEAL_KEY_UNREADABLE.with([path, error.to_string()])),
    };
    let before = findings.len();
    match MasterSecret::parse(&content) {
        Err(error) => findings.push(SEAL_KEY_UNREADABLE.with([path.clone(), error.to_string()])),
        Ok(secret) => {
            if check.is_some_and(|check| check != hex::encode(secret.check_value())) {
                findings.push(SEAL_KEY_WRONG.with([path.clone()]));
            }
        }
    }
    if is_exposed(&file) {
        findings.push(SEAL_KEY_EXPOSED.with([path]));
    }
    if findings.len() == before {
        findings.push(SEAL_KEY_OK.into());
    }
}

fn public_url(findings: &mut Vec<Finding>, config: &Config) {
    let address = config.public_url().to_owned();
    let parsed = match url::Url::parse(&address) {
        Ok(parsed) if public_url_problem(&address).is_none() => parsed,
        _ => {
            return findings.push(PUBLIC_URL_INVALID.with([address, HOST_LIMIT.to_string()]));
        }
    };
    let is_https = parsed.scheme() == "https";
    findings.push(match (is_local(&address), is_https) {
        (true, _) => PUBLIC_URL_LOCAL.with([address]),
        (false, true) => PUBLIC_URL_OK.with([address]),
        (false, false) => PUBLIC_URL_INSECURE.with([address]),
    });
    // The server itself speaks plain HTTP only.
    if is_https && config.trusted_proxies == 0 {
        findings.push(PROXY_NOT_TRUSTED.into());
    }
}

/// Whether an address opens on this machine only.
fn is_local(address: &str) -> bool {
    match url::Url::parse(address).ok().as_ref().and_then(url::Url::host) {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

fn card_font(config: &Config) -> Finding {
    match Font::find(config.card_font_file.as_deref()) {
        Ok(font) => CARD_FONT_OK.with([font.family().to_owned()]),
        Err(FontRefusal::Missing { searched }) => CARD_FONT_MISSING.with([searched]),
        Err(FontRefusal::Unusable { file }) => CARD_FONT_UNUSABLE.with([file]),
        // Finding a font draws nothing.
        Err(FontRefusal::Glyph { font, .. }) => CARD_FONT_UNUSABLE.with([font]),
    }
}

/// Opens the database for reading and makes sure that its tables are those of this program.
async fn open(config: &Config) -> Result<DatabaseConnection, Finding> {
    let unreachable = |error: DbErr| DATABASE_UNREACHABLE.with([error.to_string()]);
    let url = config.database_url();
    let mut options = match sqlite_file(&url) {
        Some(file) if !file.exists() => {
            return Err(DATABASE_MISSING.with([file.display().to_string()]));
        }
        Some(file) => ConnectOptions::new(format!("sqlite://{}?mode=ro", file.display())),
        None => ConnectOptions::new(url),
    };
    options
        .max_connections(1)
        .connect_timeout(PATIENCE)
        .acquire_timeout(PATIENCE)
        .sqlx_logging(false)
        .map_sqlx_postgres_opts(|o| o.options([("default_transaction_read_only", "on")]));
    let db = sea_orm::Database::connect(options).await.map_err(unreachable)?;
    db.ping().await.map_err(unreachable)?;
    match Migrator::get_pending_migrations_read_only(&db).await {
        Ok(pending) if pending.is_empty() => Ok(db),
        Ok(pending) => Err(DATABASE_NOT_MIGRATED.with([pending.len().to_string()])),
        // A step was done that this program does not know.
        Err(DbErr::Custom(_)) => Err(DATABASE_NEWER.into()),
        Err(error) => Err(unreachable(error)),
    }
}

/// The file of an address of `SQLite`.
fn sqlite_file(url: &str) -> Option<PathBuf> {
    let rest = url.strip_prefix("sqlite:")?;
    let path = rest.strip_prefix("//").unwrap_or(rest);
    path.split('?').next().map(PathBuf::from)
}

async fn contents(
    findings: &mut Vec<Finding>,
    db: &DatabaseConnection,
    config: &Config,
    is_sealed: bool,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    findings.push(DATABASE_OK.into());
    if agency::Entity::find().one(db).await?.is_none() {
        findings.push(DATABASE_EMPTY.into());
    }
    if is_sealed {
        signing_keys(findings, db, now).await?;
        trust::examine(findings, db, config, is_local(config.public_url()), now).await?;
    }
    queue(findings, db, now).await?;
    let is_due = checkpoint::is_due(db, now, DAY).await?;
    findings.push(if is_due { AUDIT_CHECKPOINT_OLD } else { AUDIT_CHECKPOINT_OK }.into());
    // Ids rise with time, and they have an index.
    let newest = audit_entry::Entity::find().order_by_desc(audit_entry::Column::Id).one(db).await?;
    findings.push(match newest {
        Some(entry) if entry.at > now + TOLERANCE => {
            CLOCK_BEHIND.with([local(now).to_rfc3339(), local(entry.at).to_rfc3339()])
        }
        _ => CLOCK_OK.into(),
    });
    Ok(())
}

async fn signing_keys(
    findings: &mut Vec<Finding>,
    db: &DatabaseConnection,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let before = findings.len();
    let rows = signing_key::Entity::find()
        .filter(signing_key::Column::CompromisedSince.is_null())
        .filter(signing_key::Column::NotBefore.lte(now))
        .filter(signing_key::Column::SignUntil.gt(now))
        .all(db)
        .await?;
    let due = keys::due(db, now).await?;
    for key_use in keys::USES {
        let word = key_use.code();
        let ends = rows.iter().filter(|key| key.r#use == key_use).map(|key| key.sign_until).max();
        match ends {
            None => findings.push(KEY_MISSING.with([word, command_word(key_use)])),
            // A short-lived key always ends soon; it is told of when its renewal is overdue.
            Some(ends) if ends - now < SOON && due.contains(&key_use) => {
                let days = (ends - now).num_days().to_string();
                findings.push(KEY_ENDS_SOON.with([word, days]));
            }
            Some(_) => {}
        }
    }
    if findings.len() == before {
        findings.push(KEYS_OK.into());
    }
    Ok(())
}

/// A use as `keys rotate` takes it.
fn command_word(key_use: KeyUse) -> String {
    key_use.code().to_ascii_lowercase().replace('_', "-")
}

async fn queue(
    findings: &mut Vec<Finding>,
    db: &DatabaseConnection,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    let before = findings.len();
    let failed = job::Entity::find()
        .filter(job::Column::State.eq(JobState::Failed))
        .filter(job::Column::UpdatedAt.gt(now - RECENT))
        .count(db)
        .await?;
    if failed > 0 {
        findings.push(JOBS_FAILED.with([failed.to_string()]));
    }
    let overdue = now - TOLERANCE;
    let waits = job::Column::State.eq(JobState::Queued).and(job::Column::RunAfter.lt(overdue));
    let left = job::Column::State.eq(JobState::Running).and(job::Column::LeaseUntil.lt(overdue));
    let stuck = job::Entity::find().filter(waits.or(left)).count(db).await?;
    if stuck > 0 {
        findings.push(JOBS_STUCK.with([stuck.to_string()]));
    }
    if findings.len() == before {
        findings.push(JOBS_OK.into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_language_is_that_of_the_terminal() {
        for (lang, expected) in [
            (None, Locale::ZhCn),
            (Some(""), Locale::ZhCn),
            (Some("zh_CN.UTF-8"), Locale::ZhCn),
            (Some("en_GB.UTF-8"), Locale::En),
            (Some("en"), Locale::En),
            (Some("C.UTF-8"), Locale::En),
            (Some("POSIX"), Locale::En),
            (Some("de_DE"), Locale::ZhCn),
        ] {
            assert_eq!(locale_of(lang), expected, "{lang:?}");
        }
    }

    #[test]
    fn the_file_of_an_address_is_found() {
        for (url, expected) in [
            ("sqlite:///var/lib/a.sqlite?mode=rwc", Some("/var/lib/a.sqlite")),
            ("sqlite://data/a.sqlite", Some("data/a.sqlite")),
            ("sqlite:a.sqlite", Some("a.sqlite")),
            ("postgres://host/name", None),
        ] {
            assert_eq!(sqlite_file(url), expected.map(PathBuf::from), "{url}");
        }
    }
}
