//! Wiring: opens a deployment's database, secret and keys, and says in one line what is wrong
//! where it cannot.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use migration::{Migrator, MigratorTrait};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ConnectOptions, ConnectionTrait, EntityTrait};
use serde_json::json;

use crate::audit::{Stream, UnitOfWork};
use crate::config::Config;
use crate::platform::actor::Actor;
use crate::platform::clock::SystemClock;
use crate::platform::database::Database;
use crate::platform::failure::Fault;
use crate::platform::files::make_private_folder;
use crate::platform::random::Random;
use crate::platform::redis::Redis;
use crate::platform::seal::MasterSecret;
use crate::platform::{Platform, keys};
use entities::setting;

/// The setting that tells whether a node was started with another secret.
pub(crate) const SEAL_CHECK: &str = "seal.check";
/// Any number that no other program locks: the migrations of one database run one after another.
const MIGRATION_LOCK: i64 = 0x6c69_616e_677a_6865;

/// Why a deployment does not open. Each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be made or written.
    #[error("DATA_DIR_UNUSABLE: the data folder {0} cannot be used: {1}")]
    DataDir(String, std::io::Error),
    /// The database does not answer.
    #[error("DATABASE_UNREACHABLE: the database does not open: {0}")]
    Database(sea_orm::DbErr),
    /// Tables are missing.
    #[error(
        "DATABASE_NOT_MIGRATED: {0} step(s) of the database are missing; run `liangzheng migrate` with the same settings, then start again"
    )]
    NotMigrated(usize),
    /// The seal key file cannot be read or has another form.
    #[error("SEAL_KEY_UNREADABLE: the seal key file {0} cannot be read: {1}")]
    SealKey(String, String),
    /// The database was sealed under another secret.
    #[error(
        "SEAL_KEY_WRONG: the seal key file {0} does not belong to this database; give the one it was made with (SEAL_KEY_FILE). Nothing was changed"
    )]
    SealKeyWrong(String),
    /// The database is sealed and no secret is there.
    #[error(
        "SEAL_KEY_MISSING: this database is sealed, but the seal key file {0} is not there; put it back (SEAL_KEY_FILE). No new one is made"
    )]
    SealKeyMissing(String),
    /// The address of Redis has another form. A Redis that does not answer is no error.
    #[error("REDIS_URL_INVALID: REDIS_URL is no address of a Redis (redis://HOST:PORT): {0}")]
    RedisUrl(String),
    /// Anything else.
    #[error("START_FAILED: {0}")]
    Fault(#[from] Fault),
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
/// database, made.
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

/// Writes a file that only its owner reads and that is not there yet.
pub fn write_private(path: &Path, content: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent()
        && !folder.as_os_str().is_empty()
    {
        make_private_folder(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()
}
