//! A deployment of its own for each test: a private database on the engine that
//! `LZ_TEST_ENGINE` names (`sqlite` by default, `postgres`), a clock that only the test moves,
//! the real schema and router.
//!
//! Databases are copied from a migrated template named by the hash of the migrations, made once
//! by whichever test comes first.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};

use api::config::Config;
use api::graphql::Caller;
use api::http::Web;
use api::platform::actor::Actor;
use api::platform::clock::Clock;
use api::platform::database::Database;
use api::platform::random::Random;
use api::platform::redis::Redis;
use api::platform::seal::MasterSecret;
use api::platform::texts::Locale;
use api::platform::{Platform, keys};
use chrono::{DateTime, Duration, Utc};
use entities::audit_entry;
use futures::StreamExt;
use migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

/// The time of a test, moved by hand.
pub struct TestClock(AtomicI64);

impl TestClock {
    /// A Monday morning in China.
    fn new() -> Self {
        Self(AtomicI64::new(
            DateTime::parse_from_rfc3339("2026-03-02T10:00:00+08:00").unwrap().timestamp_micros(),
        ))
    }

    /// Moves the time.
    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(by.num_microseconds().unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// A deployment under test.
pub struct TestApp {
    /// The handles.
    pub platform: Platform,
    /// Router state: schema, sign-in, settings.
    pub web: Web,
    /// The clock.
    pub clock: Arc<TestClock>,
    /// Where it is configured to be.
    pub config: Config,
    _folder: TempDir,
}

impl TestApp {
    /// A migrated, empty deployment with its keys.
    pub async fn new() -> Self {
        Self::with_redis(std::env::var("LZ_TEST_REDIS_URL").ok()).await
    }

    /// The same with this Redis, or none.
    pub async fn with_redis(redis_url: Option<String>) -> Self {
        let folder = TempDir::new().unwrap();
        let database_url = match engine() {
            Engine::Sqlite => None,
            Engine::Postgres(server) => Some(postgres_copy(&server).await),
        };
        if database_url.is_none() {
            sqlite_copy(&folder.path().join("liangzheng.sqlite")).await;
        }
        let config = Config {
            data_dir: folder.path().to_path_buf(),
            database_url,
            redis_url,
            seal_key_file: None,
            public_url: "http://localhost:8080".to_owned(),
            card_font_file: None,
            trusted_proxies: 0,
            persisted_operations: api::graphql::PersistedOperations::Off,
        };
        let clock = Arc::new(TestClock::new());
        let db = Database::open(&config.database_url()).await.unwrap();
        let secret = MasterSecret::new(&[7; 32]);
        let check = hex::encode(secret.check_value());
        let random = Random::from_os().unwrap();
        let prefix = format!("test:{}", hex::encode(random.bytes::<8>()));
        let mut platform = Platform::new(db, clock.clone(), random, Arc::new(secret));
        if let Some(url) = config.redis_url() {
            platform = platform.with_redis(Redis::new(url, &prefix).unwrap());
        }
        api::app::first_keys(&platform, &check).await.unwrap();
        keys::load(&platform, platform.db.read()).await.unwrap();
        let web = Web::new(platform.clone(), config.clone());
        Self { platform, web, clock, config, _folder: folder }
    }

    /// Executes an operation as this actor and answers the whole response.
    pub async fn graphql(&self, actor: Option<&Actor>, query: &str, variables: Value) -> Value {
        let request = async_graphql::Request::new(query)
            .variables(async_graphql::Variables::from_json(variables))
            .data(Caller { actor: actor.cloned(), locale: Locale::En });
        let response = api::schema::execute(&self.web.schema, &self.platform, request).await;
        serde_json::to_value(response).unwrap()
    }

    /// Begins a subscription as this actor, over no connection: the first answer, and nothing where
    /// it is let in and would be told nothing.
    pub async fn first_of_subscription(&self, actor: Option<&Actor>, query: &str) -> Value {
        let request = async_graphql::Request::new(query)
            .data(Caller { actor: actor.cloned(), locale: Locale::En });
        let mut answers = api::schema::execute_stream(&self.web.schema, request, None);
        serde_json::to_value(answers.next().await).unwrap()
    }

    /// The audit log, stream by stream, each in its order.
    pub async fn audit_log(&self) -> Vec<audit_entry::Model> {
        audit_entry::Entity::find()
            .order_by_asc(audit_entry::Column::Stream)
            .order_by_asc(audit_entry::Column::Seq)
            .all(self.platform.db.read())
            .await
            .unwrap()
    }

    /// Sends a request through the router.
    pub async fn http(
        &self,
        request: axum::http::Request<axum::body::Body>,
    ) -> axum::http::Response<axum::body::Body> {
        use tower::ServiceExt;
        api::http::router(self.web.clone()).oneshot(request).await.unwrap()
    }

    /// Gets a path: the status, the headers and the body.
    pub async fn get(
        &self,
        path: &str,
        headers: &[(axum::http::HeaderName, &str)],
    ) -> (u16, axum::http::HeaderMap, Vec<u8>) {
        let mut request = axum::http::Request::get(path);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let response = self.http(request.body(axum::body::Body::empty()).unwrap()).await;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = axum::body::to_bytes(response.into_body(), 8 << 20).await.unwrap();
        (status, headers, body.into())
    }

    /// The time of the test.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }
}

/// A database of its own that holds the first so many steps of the migrations.
pub async fn migrated_to(steps: u32) -> (Database, TempDir) {
    let folder = TempDir::new().unwrap();
    let url = match engine() {
        Engine::Sqlite => {
            format!("sqlite://{}?mode=rwc", folder.path().join("liangzheng.sqlite").display())
        }
        Engine::Postgres(server) => {
            let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap();
            let name = fresh_name();
            admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
            admin.close().await.unwrap();
            format!("{server}/{name}")
        }
    };
    let db = Database::open(&url).await.unwrap();
    Migrator::up(db.writer(), Some(steps)).await.unwrap();
    (db, folder)
}

fn fresh_name() -> String {
    format!("lz_test_{}", hex::encode(Random::from_os().unwrap().bytes::<8>()))
}

/// Which engine the tests run on.
enum Engine {
    Sqlite,
    Postgres(String),
}

fn engine() -> Engine {
    match std::env::var("LZ_TEST_ENGINE").as_deref() {
        Ok("postgres") => Engine::Postgres(
            std::env::var("LZ_TEST_POSTGRES_URL")
                .expect("LZ_TEST_POSTGRES_URL: start the tests through `make test`"),
        ),
        Ok("sqlite") | Err(_) => Engine::Sqlite,
        Ok(other) => panic!("LZ_TEST_ENGINE={other}: sqlite or postgres"),
    }
}

/// Names a template by what makes it.
static TEMPLATE: LazyLock<String> = LazyLock::new(|| {
    let mut hash = Sha256::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migration/src");
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    files.sort();
    for file in files {
        hash.update(std::fs::read(file).unwrap());
    }
    format!("lz_template_{}", hex::encode(&hash.finalize()[..8]))
});

async fn sqlite_copy(to: &Path) {
    let folder = std::env::temp_dir().join("liangzheng-tests");
    std::fs::create_dir_all(&folder).unwrap();
    let template = folder.join(format!("{}.sqlite", *TEMPLATE));
    if !template.exists() {
        let own = TempDir::new_in(&folder).unwrap();
        let file = own.path().join("new.sqlite");
        let db = Database::open(&format!("sqlite://{}?mode=rwc", file.display())).await.unwrap();
        Migrator::up(db.writer(), None).await.unwrap();
        db.writer().execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await.unwrap();
        db.writer().clone().close().await.unwrap();
        // Whoever comes second replaces it by the same.
        std::fs::rename(&file, &template).unwrap();
    }
    std::fs::copy(template, to).unwrap();
}

async fn postgres_copy(server: &str) -> String {
    let connect = |name: &str| {
        let mut options = sea_orm::ConnectOptions::new(format!("{server}/{name}"));
        options.max_connections(1).sqlx_logging(false);
        sea_orm::Database::connect(options)
    };
    let admin = connect("postgres").await.unwrap();
    admin.execute_unprepared("SELECT pg_advisory_lock(1)").await.unwrap();
    let exists = admin
        .query_one_raw(sea_orm::Statement::from_string(
            sea_orm::DbBackend::Postgres,
            format!("SELECT 1 FROM pg_database WHERE datname = '{}'", *TEMPLATE),
        ))
        .await
        .unwrap()
        .is_some();
    if !exists {
        let fresh = format!("{}_new", *TEMPLATE);
        admin.execute_unprepared(&format!("CREATE DATABASE {fresh}")).await.unwrap();
        let template = connect(&fresh).await.unwrap();
        Migrator::up(&template, None).await.unwrap();
        template.close().await.unwrap();
        let rename = format!("ALTER DATABASE {fresh} RENAME TO {}", *TEMPLATE);
        admin.execute_unprepared(&rename).await.unwrap();
    }
    let name = fresh_name();
    let create = format!("CREATE DATABASE {name} TEMPLATE {}", *TEMPLATE);
    admin.execute_unprepared(&create).await.unwrap();
    admin.close().await.unwrap();
    format!("{server}/{name}")
}
