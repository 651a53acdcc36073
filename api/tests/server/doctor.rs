//! The doctor on set-ups that are sound, new, or broken in one place each.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use api::audit::{Stream, UnitOfWork};
use api::cli::doctor::{Level, examine};
use api::platform::actor::Actor;
use api::platform::jobs;
use api::platform::texts::Locale;
use chrono::Duration;
use entities::enums::{JobState, KeyUse};
use entities::{job, signing_key};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use serde_json::json;
use tempfile::TempDir;

use crate::harness::TestApp;
use crate::province::Province;

/// A sound deployment on this engine: with an agency, a seal key and an official address.
async fn sound() -> TestApp {
    let mut app = TestApp::new().await;
    Province::enter(&app).await;
    with_seal_key(&mut app);
    app
}

/// As the first start leaves the folder, under an official address.
fn with_seal_key(app: &mut TestApp) {
    mode(&app.config.data_dir, 0o700);
    "https://lz.gansu.gov.cn".clone_into(&mut app.config.public_url);
    app.config.trusted_proxies = 1;
    api::platform::files::write_private(&app.config.seal_key_file(), &hex::encode([7; 32]))
        .unwrap();
}

fn mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// The words of what is not as it should be, and the text of each.
async fn complaints(app: &TestApp) -> Vec<&'static str> {
    let findings = examine(&app.config, None, app.now()).await;
    for finding in &findings {
        for locale in Locale::ALL {
            assert_ne!(finding.message(locale), finding.code.word, "a text lacks an argument");
        }
    }
    findings.iter().filter(|f| f.code.level != Level::Ok).map(|f| f.code.word).collect()
}

#[tokio::test]
async fn a_sound_set_up_has_one_line_a_check() {
    let app = sound().await;
    let mut words: Vec<&str> =
        examine(&app.config, None, app.now()).await.iter().map(|f| f.code.word).collect();
    // Beside PostgreSQL there is a Redis.
    if app.config.redis_url().is_some() {
        assert_eq!(words.pop(), Some("REDIS_OK"));
    }
    assert_eq!(
        words,
        [
            "DATA_DIR_OK",
            "SEAL_KEY_OK",
            "PUBLIC_URL_OK",
            "CARD_FONT_OK",
            "DATABASE_OK",
            "KEYS_OK",
            "ROOT_NOT_YET",
            "JOBS_OK",
            "AUDIT_CHECKPOINT_OK",
            "CLOCK_OK",
        ]
    );
}

#[tokio::test]
async fn looking_changes_no_file() {
    let app = sound().await;
    let files = || -> BTreeMap<PathBuf, Vec<u8>> {
        let entries = std::fs::read_dir(&app.config.data_dir).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        paths.map(|path| (path.clone(), std::fs::read(path).unwrap())).collect()
    };
    // Readers of the running deployment keep notes of their own beside the log of changes.
    let is_kept = |path: &PathBuf| !path.to_string_lossy().ends_with("-shm");
    let mut before = files();
    examine(&app.config, None, app.now()).await;
    let mut after = files();
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    before.retain(|path, _| is_kept(path));
    after.retain(|path, _| is_kept(path));
    assert!(before == after, "a file has changed");
}

#[tokio::test]
async fn a_folder_with_nothing_in_it_is_left_so() {
    let mut app = TestApp::new().await;
    let folder = TempDir::new().unwrap();
    app.config.database_url = None;
    app.config.redis_url = None;
    app.config.data_dir = folder.path().join("none");
    assert_eq!(
        complaints(&app).await,
        ["DATA_DIR_MISSING", "SEAL_KEY_NOT_YET", "PUBLIC_URL_LOCAL", "DATABASE_MISSING"]
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    std::fs::write(&app.config.data_dir, "a file").unwrap();
    assert_eq!(complaints(&app).await[0], "DATA_DIR_UNUSABLE");
}

#[tokio::test]
async fn the_data_folder_and_the_seal_key_are_for_their_owner() {
    let app = sound().await;
    mode(&app.config.data_dir, 0o755);
    mode(&app.config.seal_key_file(), 0o640);
    assert_eq!(complaints(&app).await, ["DATA_DIR_EXPOSED", "SEAL_KEY_EXPOSED"]);
}

#[tokio::test]
async fn a_seal_key_of_another_deployment_and_one_that_is_gone_or_no_key() {
    let app = sound().await;
    let file = app.config.seal_key_file();
    std::fs::write(&file, hex::encode([8; 32])).unwrap();
    assert_eq!(complaints(&app).await, ["SEAL_KEY_WRONG"]);
    std::fs::write(&file, "secret").unwrap();
    assert_eq!(complaints(&app).await, ["SEAL_KEY_UNREADABLE"]);
    std::fs::remove_file(&file).unwrap();
    assert_eq!(complaints(&app).await, ["SEAL_KEY_MISSING"]);
}

#[tokio::test]
async fn an_address_that_must_not_be_printed() {
    let mut app = sound().await;
    for (url, proxies, expected) in [
        ("https://zhengjian.sifating.gansu.gov.cn", 1, vec!["PUBLIC_URL_INVALID"]),
        ("lz.gansu.gov.cn", 1, vec!["PUBLIC_URL_INVALID"]),
        ("http://lz.gansu.gov.cn", 0, vec!["PUBLIC_URL_INSECURE"]),
        ("http://localhost:8080", 0, vec!["PUBLIC_URL_LOCAL"]),
        ("http://127.0.0.1:8080", 0, vec!["PUBLIC_URL_LOCAL"]),
        ("https://lz.gansu.gov.cn", 0, vec!["PROXY_NOT_TRUSTED"]),
        ("https://lz.gansu.gov.cn", 1, vec![]),
    ] {
        url.clone_into(&mut app.config.public_url);
        app.config.trusted_proxies = proxies;
        assert_eq!(complaints(&app).await, expected, "{url}");
    }
}

#[tokio::test]
async fn a_font_for_cards_is_looked_for() {
    let mut app = sound().await;
    let file = app.config.data_dir.join("font.ttf");
    app.config.card_font_file = Some(file.clone());
    assert_eq!(complaints(&app).await, ["CARD_FONT_MISSING"]);
    std::fs::write(&file, "no font").unwrap();
    assert_eq!(complaints(&app).await, ["CARD_FONT_UNUSABLE"]);
}

#[tokio::test]
async fn a_database_that_does_not_open() {
    let mut app = sound().await;
    app.config.database_url = Some("postgres://nobody@127.0.0.1:1/none".to_owned());
    assert_eq!(complaints(&app).await, ["DATABASE_UNREACHABLE"]);
    let file = app.config.data_dir.join("no.sqlite");
    std::fs::write(&file, "this is no database, though it is long enough to be read as one")
        .unwrap();
    app.config.database_url = Some(format!("sqlite://{}", file.display()));
    assert_eq!(complaints(&app).await, ["DATABASE_UNREACHABLE"]);
}

#[tokio::test]
async fn a_database_of_another_version() {
    let app = sound().await;
    let run = async |statement: &str| {
        app.platform.db.writer().execute_unprepared(statement).await.unwrap();
    };
    run("INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_later', 0)")
        .await;
    assert_eq!(complaints(&app).await, ["DATABASE_NEWER"]);
    run("DELETE FROM seaql_migrations").await;
    let findings = examine(&app.config, None, app.now()).await;
    let missing = findings.iter().find(|f| f.code.level == Level::Fail).unwrap();
    assert_eq!(missing.code.word, "DATABASE_NOT_MIGRATED");
    run("DROP TABLE seaql_migrations").await;
    assert_eq!(complaints(&app).await, ["DATABASE_NOT_MIGRATED"]);
}

#[tokio::test]
async fn a_database_without_agencies() {
    let mut app = TestApp::new().await;
    with_seal_key(&mut app);
    assert_eq!(complaints(&app).await, ["DATABASE_EMPTY"]);
}

#[tokio::test]
async fn keys_that_end() {
    let app = sound().await;
    let ends = async |key_use: KeyUse, left: Duration| {
        signing_key::Entity::update_many()
            .col_expr(signing_key::Column::SignUntil, Expr::value(app.now() + left))
            .filter(signing_key::Column::Use.eq(key_use))
            .exec(app.platform.db.writer())
            .await
            .unwrap();
    };
    app.clock.advance(Duration::hours(23));
    // Less than 30 days, but not yet the last tenth of its life.
    ends(KeyUse::Status, Duration::days(29)).await;
    assert_eq!(complaints(&app).await, Vec::<&str>::new());
    ends(KeyUse::Status, Duration::hours(1)).await;
    ends(KeyUse::Credential, Duration::zero()).await;
    assert_eq!(complaints(&app).await, ["KEY_MISSING", "KEY_ENDS_SOON"]);
}

#[tokio::test]
async fn jobs_that_failed_or_nobody_works() {
    let app = sound().await;
    let platform = &app.platform;
    let tx = platform.db.begin().await.unwrap();
    let failed = jobs::enqueue(platform, &tx, "test", &json!({}), 1, None).await.unwrap();
    jobs::enqueue(platform, &tx, "test", &json!({}), 1, None).await.unwrap();
    tx.commit().await.unwrap();
    job::Entity::update_many()
        .col_expr(job::Column::State, Expr::value(JobState::Failed))
        .filter(job::Column::Id.eq(failed))
        .exec(platform.db.writer())
        .await
        .unwrap();
    assert_eq!(complaints(&app).await, ["JOBS_FAILED"]);
    app.clock.advance(Duration::minutes(11));
    assert_eq!(complaints(&app).await, ["JOBS_FAILED", "JOBS_STUCK"]);
    // A claim that ran out.
    jobs::claim(platform, &["test"], None).await.unwrap().unwrap();
    assert_eq!(complaints(&app).await, ["JOBS_FAILED"]);
    app.clock.advance(Duration::minutes(11));
    assert_eq!(complaints(&app).await, ["JOBS_FAILED", "JOBS_STUCK"]);
}

#[tokio::test]
async fn an_audit_log_without_a_recent_checkpoint() {
    let app = sound().await;
    app.clock.advance(Duration::days(1));
    assert_eq!(complaints(&app).await, ["AUDIT_CHECKPOINT_OLD"]);
    assert!(api::worker::checkpoint_if_due(&app.platform).await.unwrap());
    app.clock.advance(Duration::days(30));
    assert_eq!(complaints(&app).await, Vec::<&str>::new());
}

#[tokio::test]
async fn a_clock_behind_the_records() {
    let app = sound().await;
    app.clock.advance(Duration::hours(12));
    let mut uow = UnitOfWork::begin(&app.platform, &Actor::System).await.unwrap();
    uow.record(Stream::System, "test", "test".to_owned(), json!({}));
    uow.commit().await.unwrap();
    app.clock.advance(-Duration::minutes(10));
    assert_eq!(complaints(&app).await, Vec::<&str>::new());
    app.clock.advance(-Duration::seconds(1));
    assert_eq!(complaints(&app).await, ["CLOCK_BEHIND"]);
}

#[tokio::test]
async fn a_redis_that_does_not_answer() {
    let mut app = sound().await;
    app.config.redis_url = Some("redis://127.0.0.1:1".to_owned());
    assert_eq!(complaints(&app).await, ["REDIS_UNREACHABLE"]);
    app.config.redis_url = Some("localhost 6379".to_owned());
    assert_eq!(complaints(&app).await, ["REDIS_URL_INVALID"]);
}

#[tokio::test]
async fn a_port_that_is_taken() {
    let app = sound().await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let found = async || examine(&app.config, Some(port), app.now()).await.pop().unwrap();
    assert_eq!(found().await.code.word, "PORT_TAKEN");
    drop(taken);
    assert_eq!(found().await.code.word, "PORT_FREE");
}
