//! The database: SQLite by default, PostgreSQL where a URL says so.
//!
//! On SQLite there is one writing connection, whose transactions begin with `BEGIN IMMEDIATE`
//! (a deferred one fails when it turns from reading to writing under another process's write),
//! and a pool of readers that cannot write. On PostgreSQL both are the same pool, and look-ups by
//! key have one beside it.

use std::time::Duration;

use sea_orm::{
    ConnectOptions, ConnectionTrait, Database as SeaOrm, DatabaseConnection, DatabaseTransaction,
    DbBackend, DbErr, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait,
};

/// Readers of SQLite beside the one writer.
const SQLITE_READERS: u32 = 8;
/// Connections to PostgreSQL for all but look-ups.
const POSTGRES_CONNECTIONS: u32 = 16;
/// Connections to PostgreSQL for look-ups: each takes part of a millisecond.
const POSTGRES_LOOKUPS: u32 = 4;
/// Waiting for a connection, or for SQLite's write lock, before it is said that the database is busy.
const WAIT: Duration = Duration::from_secs(10);

/// An open database.
#[derive(Clone, Debug)]
pub struct Database {
    readers: DatabaseConnection,
    writer: DatabaseConnection,
    lookups: DatabaseConnection,
}

impl Database {
    /// Opens `sqlite://PATH?mode=rwc` or `postgres://…`.
    pub async fn open(url: &str) -> Result<Self, DbErr> {
        if url.starts_with("sqlite:") {
            let writer = SeaOrm::connect(sqlite(url, 1, false)).await?;
            let readers = SeaOrm::connect(sqlite(url, SQLITE_READERS, true)).await?;
            Ok(Self { lookups: readers.clone(), readers, writer })
        } else {
            let mut all = postgres(url, POSTGRES_CONNECTIONS);
            // A plan made without its parameters does not know whether a scope is a section or
            // the province: the wrong one was measured at a hundred times the right one.
            all.map_sqlx_postgres_opts(|o| o.options([("plan_cache_mode", "force_custom_plan")]));
            let pool = SeaOrm::connect(all).await?;
            let lookups = SeaOrm::connect(postgres(url, POSTGRES_LOOKUPS)).await?;
            Ok(Self { readers: pool.clone(), writer: pool, lookups })
        }
    }

    /// For reading outside a transaction.
    pub fn read(&self) -> &DatabaseConnection {
        &self.readers
    }

    /// For reading what is found by its key. The parameters change nothing about how, so the
    /// statement is planned once and not each time, which took longer than reading.
    pub fn lookups(&self) -> &DatabaseConnection {
        &self.lookups
    }

    /// The connection that migrations run on.
    pub fn writer(&self) -> &DatabaseConnection {
        &self.writer
    }

    /// Begins a writing transaction.
    pub async fn begin(&self) -> Result<DatabaseTransaction, DbErr> {
        begin(
            &self.writer,
            TransactionOptions {
                sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
                ..TransactionOptions::default()
            },
        )
        .await
    }

    /// Begins a transaction that reads one state of the database.
    pub async fn snapshot(&self) -> Result<DatabaseTransaction, DbErr> {
        let isolation_level =
            (!self.is_sqlite()).then_some(sea_orm::IsolationLevel::RepeatableRead);
        let options = TransactionOptions { isolation_level, ..TransactionOptions::default() };
        begin(&self.readers, options).await
    }

    /// Whether this is the embedded engine.
    pub fn is_sqlite(&self) -> bool {
        self.writer.get_database_backend() == DbBackend::Sqlite
    }

    /// Keeps other writers of a table out until the transaction ends. On `SQLite` they are out
    /// already.
    pub async fn lock_table(&self, tx: &impl ConnectionTrait, table: &str) -> Result<(), DbErr> {
        if !self.is_sqlite() {
            let lock = format!("LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE");
            tx.execute_unprepared(&lock).await?;
        }
        Ok(())
    }

    /// Closes every connection; on SQLite all that was written is then in the one file.
    pub async fn close(&self) -> Result<(), DbErr> {
        if self.is_sqlite() {
            self.readers.clone().close().await?;
            self.writer.execute_unprepared("PRAGMA wal_checkpoint(TRUNCATE)").await?;
        } else {
            self.lookups.clone().close().await?;
        }
        self.writer.clone().close().await
    }

    /// Asks the database for an answer.
    pub async fn ping(&self) -> Result<(), DbErr> {
        let backend = self.readers.get_database_backend();
        self.readers.query_one_raw(Statement::from_string(backend, "SELECT 1")).await.map(|_| ())
    }
}

fn postgres(url: &str, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(WAIT)
        .connect_timeout(WAIT)
        .test_before_acquire(false)
        .sqlx_logging(false)
        // The planner's default is for discs that turn. It made pages of a list read every person
        // rather than the agencies of a scope (`docs/benchmarks.md`).
        .map_sqlx_postgres_opts(|o| o.options([("random_page_cost", "1.1")]));
    options
}

fn sqlite(url: &str, connections: u32, read_only: bool) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(WAIT)
        .test_before_acquire(false)
        .sqlx_logging(false)
        .map_sqlx_sqlite_opts(move |o| {
            o.busy_timeout(WAIT)
                .foreign_keys(true)
                .pragma("journal_mode", "WAL")
                // A commit that was answered for must survive a power cut: the page has said so.
                .pragma("synchronous", if read_only { "NORMAL" } else { "FULL" })
                .pragma("query_only", if read_only { "ON" } else { "OFF" })
        });
    options
}

/// Begins a transaction on a task of its own. A request whose caller has gone is dropped where it
/// waits; dropped while it begins, the driver for `PostgreSQL` (sqlx 0.9) would give the connection
/// back with the transaction open, and what others then write on it would never be committed. So
/// the beginning always comes to its end, and dropping what came of it rolls back.
async fn begin(
    on: &DatabaseConnection,
    options: TransactionOptions,
) -> Result<DatabaseTransaction, DbErr> {
    let on = on.clone();
    let begun = tokio::spawn(async move { on.begin_with_options(options).await });
    begun.await.map_err(|error| DbErr::Custom(error.to_string()))?
}
