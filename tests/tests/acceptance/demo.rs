//! A small demo province, loaded once for all tests and copied for each, on either engine.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use api::platform::clock::{Clock as _, SystemClock, local_date};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, Statement};
use tempfile::TempDir;

use crate::server::{Answer, Server, binary, run, run_with};
use crate::session::Session;

/// Officers of the demo in these tests.
pub const OFFICERS: &str = "300";

/// A data folder of its own with the demo in it.
pub struct Demo {
    folder: TempDir,
    passwords: HashMap<String, String>,
    /// Settings that a server needs to find the copy; none on the embedded engine.
    settings: Vec<(&'static str, String)>,
}

impl Demo {
    /// Copies the demo.
    pub async fn copy() -> Self {
        let from = loaded().await;
        let folder = tempfile::tempdir().unwrap();
        for file in fs::read_dir(from).unwrap() {
            let file = file.unwrap();
            fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
        }
        let passwords = passwords(folder.path());
        Self { folder, passwords, settings: Vec::new() }
    }

    /// A copy on the private PostgreSQL, beside the private Redis; none where the tests run without
    /// them (`scripts/services` gives both).
    pub async fn copy_on_postgres() -> Option<Self> {
        let server = std::env::var("LZ_TEST_POSTGRES_URL").ok()?;
        let redis = std::env::var("LZ_TEST_REDIS_URL").ok()?;
        let folder = tempfile::tempdir().unwrap();
        let name = folder.path().file_name().unwrap().to_str().unwrap();
        let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        let name = format!("lz_copy_{}", name.to_lowercase());
        let from = copy_template(&server, &name).await;
        for file in ["seal.key", "passwords.txt"] {
            fs::copy(from.join(file), folder.path().join(file)).unwrap();
        }
        let passwords = passwords(folder.path());
        let database = format!("{server}/{name}");
        let settings = vec![("DATABASE_URL", database), ("REDIS_URL", redis)];
        Some(Self { folder, passwords, settings })
    }

    fn settings(&self) -> Vec<(&str, &str)> {
        self.settings.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    /// Starts a server on it.
    pub async fn serve(&self) -> Server {
        self.serve_with(&[]).await
    }

    /// As [`serve`](Self::serve), with settings that take the place of its own.
    pub async fn serve_with(&self, settings: &[(&str, &str)]) -> Server {
        let settings = [self.settings().as_slice(), settings].concat();
        Server::start_with(self.data(), &[], &settings).await
    }

    /// Runs a command on it to its end.
    pub async fn run(&self, arguments: &[&str]) -> Answer {
        run_with(self.data(), arguments, &self.settings()).await
    }

    /// Its data folder.
    pub fn data(&self) -> &Path {
        self.folder.path()
    }

    /// The password of an account of the demo.
    pub fn password(&self, login: &str) -> &str {
        &self.passwords[login]
    }

    /// Signs an account of the demo in.
    pub async fn sign_in(&self, server: &Server, login: &str) -> Session {
        Session::sign_in(server, login, self.password(login)).await
    }
}

/// Sign-in names and passwords of a data folder.
pub fn passwords(data: &Path) -> HashMap<String, String> {
    let text = fs::read_to_string(data.join("passwords.txt")).unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?.to_owned(), words.next()?.to_owned()))
        })
        .collect()
}

/// The folder where this build of the server has loaded the demo. Whichever test comes first loads
/// it; the others, in other processes, wait for the lock.
async fn loaded() -> PathBuf {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("acceptance");
    fs::create_dir_all(&base).unwrap();
    let lock = fs::File::create(base.join("lock")).unwrap();
    lock.lock().unwrap();
    let built = fs::metadata(binary()).expect("the built server").modified().unwrap();
    let built = built.duration_since(std::time::UNIX_EPOCH).unwrap().as_nanos();
    let folder = base.join(format!("demo-{built}-{}", today()));
    if !folder.exists() {
        remove_folders(&base);
        let making = base.join("making");
        let answer = run(&making, &["demo", "--officers", OFFICERS]).await;
        assert_eq!(answer.status, 0, "{answer:?}");
        fs::rename(making, &folder).unwrap();
    }
    folder
}

/// The day: what the demo has, deadlines say, is told from the day on which it was loaded.
fn today() -> String {
    local_date(SystemClock.now()).format("%Y%m%d").to_string()
}

/// Removes what other builds or days have loaded.
fn remove_folders(base: &Path) {
    for old in fs::read_dir(base).unwrap() {
        let old = old.unwrap();
        if old.file_type().unwrap().is_dir() {
            fs::remove_dir_all(old.path()).unwrap();
        }
    }
}

/// Copies the demo, which is loaded into a database of its own first, into a new database; answers
/// the data folder that belongs to it.
async fn copy_template(server: &str, name: &str) -> PathBuf {
    let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("acceptance-postgres");
    fs::create_dir_all(&base).unwrap();
    // Held until the copy is made: PostgreSQL copies no database that others are at.
    let lock = fs::File::create(base.join("lock")).unwrap();
    lock.lock().unwrap();
    let built = fs::metadata(binary()).expect("the built server").modified().unwrap();
    let built = built.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let loaded = format!("{built}_{}", today());
    let (template, folder) = (format!("lz_demo_{loaded}"), base.join(format!("demo-{loaded}")));
    let admin = sea_orm::Database::connect(format!("{server}/postgres")).await.unwrap();
    if !exists(&admin, &template).await || !folder.exists() {
        let making = base.join("making");
        remove_folders(&base);
        for statement in [
            format!("DROP DATABASE IF EXISTS {template}"),
            "DROP DATABASE IF EXISTS lz_making".to_owned(),
            "CREATE DATABASE lz_making".to_owned(),
        ] {
            admin.execute_unprepared(&statement).await.unwrap();
        }
        let database = format!("{server}/lz_making");
        let load = ["demo", "--officers", OFFICERS];
        let answer = run_with(&making, &load, &[("DATABASE_URL", &database)]).await;
        assert_eq!(answer.status, 0, "{answer:?}");
        let rename = format!("ALTER DATABASE lz_making RENAME TO {template}");
        admin.execute_unprepared(&rename).await.unwrap();
        fs::rename(making, &folder).unwrap();
    }
    let copy = format!("CREATE DATABASE {name} TEMPLATE {template}");
    admin.execute_unprepared(&copy).await.unwrap();
    folder
}

async fn exists(admin: &DatabaseConnection, database: &str) -> bool {
    let query = "SELECT 1 FROM pg_database WHERE datname = $1";
    let backend = admin.get_database_backend();
    let query = Statement::from_sql_and_values(backend, query, [database.into()]);
    admin.query_one_raw(query).await.unwrap().is_some()
}
