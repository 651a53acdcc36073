//! Wiring: opens a deployment's database, secret and keys, and says in one line what is wrong
//! where it cannot.

use std::sync::{Arc, LazyLock};

use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectOptions, ConnectionTrait, EntityTrait};
use serde_json::json;

use crate::audit::{Stream, UnitOfWork};
use crate::config::Config;
use crate::platform::actor::Actor;
use crate::platform::clock::SystemClock;
use crate::platform::database::Database;
use crate::platform::failure::Fault;
use crate::platform::files::{make_private_folder, write_private};
use crate::platform::random::Random;
use crate::platform::redis::Redis;
use crate::platform::seal::MasterSecret;
use crate::platform::texts::Catalogue;
use crate::platform::{Platform, keys};
use crate::policy;
use entities::setting;

/// The setting that tells whether a node was started with another secret.
pub(crate) const SEAL_CHECK: &str = "seal.check";
/// Any number that no other program locks: the migrations of one database run one after another.
const MIGRATION_LOCK: i64 = 0x6c69_616e_677a_6865;

static TEXTS: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue::new(include_str!("app.zh-CN.ftl"), include_str!("app.en.ftl")));

/// Why a deployment does not open. Each says what to do.
#[derive(Debug)]
pub enum StartError {
    /// The data folder cannot be made or written.
    DataDir(String, std::io::Error),
    /// The database does not answer.
    Database(sea_orm::DbErr),
    /// Tables are missing.
    NotMigrated(usize),
    /// The seal key file cannot be read or has another form.
    SealKey(String, String),
    /// The database was sealed under another secret.
    SealKeyWrong(String),
    /// The database is sealed and no secret is there.
    SealKeyMissing(String),
    /// The address of Redis has another form. A Redis that does not answer is no error.
    RedisUrl(String),
    /// Anything else.
    Fault(Fault),
}

impl StartError {
    /// The stable word.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DataDir(..) => "DATA_DIR_UNUSABLE",
            Self::Database(_) => "DATABASE_UNREACHABLE",
            Self::NotMigrated(_) => "DATABASE_NOT_MIGRATED",
            Self::SealKey(..) => "SEAL_KEY_UNREADABLE",
            Self::SealKeyWrong(_) => "SEAL_KEY_WRONG",
            Self::SealKeyMissing(_) => "SEAL_KEY_MISSING",
            Self::RedisUrl(_) => "REDIS_URL_INVALID",
            Self::Fault(_) => "START_FAILED",
        }
    }
}

/// One line: the code, and the text in both languages.
impl std::fmt::Display for StartError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (path, reason) = match self {
            Self::DataDir(path, reason) => (path.as_str(), reason.to_string()),
            Self::SealKey(path, reason) => (path.as_str(), reason.clone()),
            Self::SealKeyWrong(path) | Self::SealKeyMissing(path) => (path.as_str(), String::new()),
            Self::Database(reason) => ("", reason.to_string()),
            Self::NotMigrated(count) => ("", count.to_string()),
            Self::RedisUrl(reason) => ("", reason.clone()),
            Self::Fault(reason) => ("", reason.to_string()),
        };
        let args = [("path", path), ("reason", &reason), ("count", &reason)];
        write!(formatter, "{}: {}", self.code(), TEXTS.both(self.code(), &args))
    }
}

impl std::error::Error for StartError {}

impl From<Fault> for StartError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Opens the database of a configuration.
pub async fn open_database(config: &Config) -> Result<Database, StartError> {
    if config.database_url().starts_with("sqlite:") {
        make_private_folder(&config.data_dir)
            .map_err(|e| StartError::DataDir(config.data_dir.display().to_string(), e))?;
    }
    Database::open(&config.database_url()).await.map_err(StartError::Database)
}

/// Steps the database lacks.
pub async fn pending_migrations(db: &Database) -> Result<usize, StartError> {
    let pending = Migrator::get_pending_migrations(db.writer()).await;
    pending.map(|steps| steps.len()).map_err(StartError::Database)
}

/// Brings the database up to date; several nodes may ask at once.
pub async fn migrate(config: &Config, db: &Database) -> Result<(), StartError> {
    if db.is_sqlite() {
        return Migrator::up(db.writer(), None).await.map_err(StartError::Database);
    }
    // A lock of a session needs one connection from beginning to end.
    let mut options = ConnectOptions::new(config.database_url());
    options.max_connections(1).sqlx_logging(false);
    let one = sea_orm::Database::connect(options).await.map_err(StartError::Database)?;
    let lock = format!("SELECT pg_advisory_lock({MIGRATION_LOCK})");
    one.execute_unprepared(&lock).await.map_err(StartError::Database)?;
    let result = Migrator::up(&one, None).await;
    // Closing the connection releases the lock.
    one.close().await.map_err(StartError::Database)?;
    result.map_err(StartError::Database)
}

/// Opens the deployment: database migrated already, secret checked, keys loaded or, in an empty
/// database, made; rules that came with this version entered.
pub async fn open_platform(config: &Config, db: Database) -> Result<Platform, StartError> {
    let stored = setting::Entity::find_by_id(SEAL_CHECK)
        .one(db.read())
        .await
        .map_err(StartError::Database)?;
    let random = Random::from_os().map_err(|e| Fault::other(format!("randomness: {e}")))?;
    let secret = load_secret(config, &random, stored.is_some())?;
    let check = hex::encode(secret.check_value());
    if stored.as_ref().is_some_and(|s| s.value != check) {
        return Err(StartError::SealKeyWrong(config.seal_key_file().display().to_string()));
    }
    let mut platform = Platform::new(db, Arc::new(SystemClock), random, Arc::new(secret));
    if let Some(url) = config.redis_url() {
        // Deployments that share a Redis do not share a secret.
        let redis = Redis::new(url, &format!("liangzheng:{check}"))
            .map_err(|e| StartError::RedisUrl(e.to_string()))?;
        platform = platform.with_redis(redis);
    }
    if stored.is_none() {
        first_keys(&platform, &check).await?;
    }
    keys::load(&platform, platform.db.read()).await?;
    policy::complete(&platform).await?;
    Ok(platform)
}

/// Makes a key for every use, together with the mark of the secret they are sealed under.
pub async fn first_keys(platform: &Platform, check: &str) -> Result<(), Fault> {
    let mut uow = UnitOfWork::begin(platform, &Actor::System).await?;
    let mark = setting::ActiveModel {
        key: Set(SEAL_CHECK.to_owned()),
        value: Set(check.to_owned()),
        updated_at: Set(uow.now()),
    };
    if let Err(error) = mark.insert(uow.tx()).await.map_err(Fault::from) {
        // Another node has just made the first keys of the same database.
        return if error.is_unique_violation() { Ok(()) } else { Err(error) };
    }
    let now = uow.now();
    for key_use in keys::USES {
        let row = keys::create(platform, uow.tx(), key_use, now).await?;
        let subject = crate::graphql::ids::encode(row.id);
        uow.record(
            Stream::System,
            "key.create",
            subject,
            json!({ "use": key_use.code(), "kid": hex::encode(&row.kid) }),
        );
    }
    uow.commit().await
}

fn load_secret(config: &Config, random: &Random, sealed: bool) -> Result<MasterSecret, StartError> {
    let file = config.seal_key_file();
    let name = file.display().to_string();
    match std::fs::read_to_string(&file) {
        Ok(content) => {
            MasterSecret::parse(&content).map_err(|e| StartError::SealKey(name, e.to_string()))
        }
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(StartError::SealKey(name, error.to_string()))
        }
        Err(_) if sealed => Err(StartError::SealKeyMissing(name)),
        Err(_) => {
            let bytes: [u8; 32] = random.bytes();
            write_private(&file, &format!("{}\n", hex::encode(bytes)))
                .map_err(|e| StartError::SealKey(name, e.to_string()))?;
            Ok(MasterSecret::new(&bytes))
        }
    }
}
