//! Starting a deployment: its secret and its keys. Whatever does not belong together is refused
//! before anything is changed; a rotated key signs from then on, the old ones go on verifying.

use api::app::{self, StartError};
use api::auth::{Attempt, invitations};
use api::cli::init;
use api::config::Config;
use api::platform::keys;
use chrono::{DateTime, Duration, Utc};
use entities::enums::{KeyUse, Role};
use entities::{audit_entry, policy, setting, signing_key};
use sea_orm::sea_query::Expr;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait};
use sea_orm::{QueryFilter, QueryOrder};

use crate::harness::TestApp;
use crate::province::{PASSWORD, Province};

/// What the harness seals its deployments under.
const RIGHT: [u8; 32] = [7; 32];

/// What a start may not change where it is refused.
#[derive(Debug, PartialEq)]
struct State {
    keys: Vec<signing_key::Model>,
    settings: Vec<setting::Model>,
    entries: Vec<audit_entry::Model>,
    files: Vec<String>,
}

async fn state(app: &TestApp) -> State {
    let db = app.platform.db.read();
    let files = std::fs::read_dir(&app.config.data_dir).unwrap();
    let mut files: Vec<String> =
        files.map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    files.sort();
    State {
        keys: signing_key::Entity::find()
            .order_by_asc(signing_key::Column::Id)
            .all(db)
            .await
            .unwrap(),
        settings: setting::Entity::find().order_by_asc(setting::Column::Key).all(db).await.unwrap(),
        entries: audit_entry::Entity::find()
            .order_by_asc(audit_entry::Column::Stream)
            .order_by_asc(audit_entry::Column::Seq)
            .all(db)
            .await
            .unwrap(),
        files,
    }
}

/// Starts another process of the same deployment.
async fn start(config: &Config) -> Result<usize, String> {
    let db = app::open_database(config).await.map_err(|e| e.to_string())?;
    let platform = app::open_platform(config, db).await.map_err(|e| e.to_string())?;
    Ok(platform.keyring.all().len())
}

/// A database as the migrations leave it: no secret, no keys.
async fn without_keys() -> TestApp {
    let app = TestApp::new().await;
    for table in ["settings", "signing_keys", "audit_entries", "audit_streams"] {
        let sql = format!("DELETE FROM {table}");
        app.platform.db.writer().execute_unprepared(&sql).await.unwrap();
    }
    app
}

#[tokio::test]
async fn a_deployment_without_its_secret_is_refused_and_no_new_one_is_made() {
    let app = TestApp::new().await;
    let before = state(&app).await;
    let error = start(&app.config).await.unwrap_err();
    assert!(error.starts_with("SEAL_KEY_MISSING: "), "{error}");
    assert!(error.contains(&app.config.seal_key_file().display().to_string()), "{error}");
    assert_eq!(state(&app).await, before);
}

#[tokio::test]
async fn a_deployment_with_another_secret_is_refused() {
    let app = TestApp::new().await;
    let file = app.config.seal_key_file();
    for (content, code) in [
        (hex::encode([8; 32]), "SEAL_KEY_WRONG: "),
        (String::new(), "SEAL_KEY_UNREADABLE: "),
        ("not a key".into(), "SEAL_KEY_UNREADABLE: "),
        (hex::encode(&RIGHT[1..]), "SEAL_KEY_UNREADABLE: "),
    ] {
        std::fs::write(&file, &content).unwrap();
        let before = state(&app).await;
        let error = start(&app.config).await.unwrap_err();
        assert!(error.starts_with(code), "{error}");
        assert!(content.is_empty() || !error.contains(&content), "the secret is told: {error}");
        assert_eq!(state(&app).await, before, "{code}");
        assert_eq!(std::fs::read_to_string(&file).unwrap(), content);
    }
    // Not a file at all.
    std::fs::remove_file(&file).unwrap();
    std::fs::create_dir(&file).unwrap();
    let error = start(&app.config).await.unwrap_err();
    assert!(error.starts_with("SEAL_KEY_UNREADABLE: "), "{error}");
}

#[tokio::test]
async fn the_right_secret_opens_what_is_there() {
    let app = TestApp::new().await;
    std::fs::write(app.config.seal_key_file(), hex::encode(RIGHT)).unwrap();
    let before = state(&app).await;
    assert_eq!(start(&app.config).await, Ok(keys::USES.len()));
    assert_eq!(state(&app).await, before, "a second start changes nothing");

    // A key that was put there by someone else, or altered, does not open.
    let id = before.keys[0].id;
    signing_key::ActiveModel {
        id: Set(id),
        private_sealed: Set(vec![1; 73]),
        ..Default::default()
    }
    .update(app.platform.db.writer())
    .await
    .unwrap();
    let error = start(&app.config).await.unwrap_err();
    assert!(error.starts_with("START_FAILED: "), "{error}");
}

#[tokio::test]
async fn the_first_start_makes_a_secret_only_its_owner_reads_and_a_key_for_each_use() {
    let app = without_keys().await;
    assert_eq!(start(&app.config).await, Ok(keys::USES.len()));
    let file = app.config.seal_key_file();
    let secret = std::fs::read_to_string(&file).unwrap();
    assert_eq!(hex::decode(secret.trim()).unwrap().len(), 32);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&file.metadata().unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    let made = state(&app).await;
    let mut uses: Vec<KeyUse> = made.keys.iter().map(|k| k.r#use).collect();
    uses.sort();
    let mut expected = keys::USES;
    expected.sort();
    assert_eq!(uses, expected);
    let actions: Vec<&str> = made.entries.iter().map(|e| e.action.as_str()).collect();
    assert_eq!(actions, ["key.create"; keys::USES.len()]);

    // It lost its secret: the start after that makes none.
    std::fs::remove_file(&file).unwrap();
    let error = start(&app.config).await.unwrap_err();
    assert!(error.starts_with("SEAL_KEY_MISSING: "), "{error}");
    assert!(!file.exists());
}

#[tokio::test]
async fn nodes_that_start_for_the_first_time_together_share_one_set_of_keys() {
    let app = without_keys().await;
    std::fs::write(app.config.seal_key_file(), hex::encode([9; 32])).unwrap();
    let started = tokio::join!(start(&app.config), start(&app.config), start(&app.config));
    let all = Ok(keys::USES.len());
    assert_eq!(started, (all.clone(), all.clone(), all));
    assert_eq!(state(&app).await.keys.len(), keys::USES.len());
}

#[tokio::test]
async fn a_rule_that_came_with_a_newer_program_is_entered_once_where_a_province_has_others() {
    let app = TestApp::new().await;
    std::fs::write(app.config.seal_key_file(), hex::encode(RIGHT)).unwrap();
    let known = async || {
        let rows = policy::Entity::find()
            .order_by_asc(policy::Column::Key)
            .order_by_asc(policy::Column::DivisionCode)
            .all(app.platform.db.read())
            .await
            .unwrap();
        let line = |p: policy::Model| format!("{} {} {}", p.key, p.division_code, p.version);
        rows.into_iter().map(line).collect::<Vec<_>>()
    };
    start(&app.config).await.unwrap();
    assert_eq!(known().await, [""; 0], "no province is there yet");
    Province::enter(&app).await;
    let whole = [
        "ACCOUNTS 620000 1",
        "AGENCY_CHANGES 620000 1",
        "CERTIFICATION 620000 1",
        "DEVICES 620000 1",
        "REVIEW 620000 1",
    ];
    assert_eq!(known().await, whole);
    // As a program left it that did not know the rule, while a newer one knows another.
    policy::Entity::update_many()
        .col_expr(policy::Column::Key, Expr::value("ZONES"))
        .filter(policy::Column::Key.eq("REVIEW"))
        .exec(app.platform.db.writer())
        .await
        .unwrap();
    let started = tokio::join!(start(&app.config), start(&app.config), start(&app.config));
    let all = Ok(keys::USES.len());
    assert_eq!(started, (all.clone(), all.clone(), all));
    let mut expected = whole.to_vec();
    expected.push("ZONES 620000 1");
    assert_eq!(known().await, expected);
}

#[tokio::test]
async fn a_database_that_lacks_steps_is_named_with_what_to_do() {
    let app = TestApp::new().await;
    assert_eq!(app::pending_migrations(&app.platform.db).await.unwrap(), 0);
    let sql = "DELETE FROM seaql_migrations";
    app.platform.db.writer().execute_unprepared(sql).await.unwrap();
    let pending = app::pending_migrations(&app.platform.db).await.unwrap();
    assert!(pending > 0);
    let error = StartError::NotMigrated(pending).to_string();
    assert!(error.starts_with("DATABASE_NOT_MIGRATED: "), "{error}");
    assert!(error.contains("liangzheng migrate"), "{error}");
}

#[tokio::test]
async fn a_data_folder_that_cannot_be_is_named() {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let config = Config {
        data_dir: file.join("data"),
        database_url: None,
        redis_url: None,
        seal_key_file: None,
        public_url: "http://localhost:8080".into(),
        card_font_file: None,
        trusted_proxies: 0,
    };
    let error = start(&config).await.unwrap_err();
    assert!(error.starts_with("DATA_DIR_UNUSABLE: "), "{error}");
}

#[tokio::test]
async fn an_empty_database_is_migrated_once_whoever_asks() {
    let app = TestApp::new().await;
    let mut config = app.config.clone();
    if app.platform.db.is_sqlite() {
        config.data_dir = config.data_dir.join("new");
    } else {
        let sql = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
        app.platform.db.writer().execute_unprepared(sql).await.unwrap();
    }
    let db = app::open_database(&config).await.unwrap();
    assert!(app::pending_migrations(&db).await.unwrap() > 0);
    if db.is_sqlite() {
        app::migrate(&config, &db).await.unwrap();
        app::migrate(&config, &db).await.unwrap();
    } else {
        let migrate = async || app::migrate(&config, &db).await.map_err(|e| e.to_string());
        let done = tokio::join!(migrate(), migrate(), migrate());
        assert_eq!(done, (Ok(()), Ok(()), Ok(())));
    }
    assert_eq!(app::pending_migrations(&db).await.unwrap(), 0);
    assert_eq!(start(&config).await, Ok(keys::USES.len()));
}

/// Makes a new key of a use and has this node take it up.
async fn rotate(app: &TestApp, key_use: KeyUse) -> signing_key::Model {
    let tx = app.platform.db.begin().await.unwrap();
    let made = keys::create(&app.platform, &tx, key_use, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    keys::load(&app.platform, app.platform.db.read()).await.unwrap();
    made
}

async fn set_key(app: &TestApp, kid: &[u8], column: signing_key::Column, at: DateTime<Utc>) {
    signing_key::Entity::update_many()
        .col_expr(column, Expr::value(at))
        .filter(signing_key::Column::Kid.eq(kid))
        .exec(app.platform.db.writer())
        .await
        .unwrap();
    keys::load(&app.platform, app.platform.db.read()).await.unwrap();
}

#[tokio::test]
async fn after_a_rotation_old_tokens_hold_and_new_ones_carry_the_new_key() {
    let app = TestApp::new().await;
    let province = Province::enter(&app).await;
    province.sign_in(&app, "hr.market", Role::AgencyHr, province.county_market).await;
    let auth = &app.web.auth;
    let sign_in = async || {
        auth.sign_in(&app.platform, "hr.market", PASSWORD.into()).await.unwrap().access_token
    };
    let holds =
        async |token: &str| auth.authenticate(&app.platform, token).await.unwrap().is_some();
    let kid_of = |token: &str| jsonwebtoken::decode_header(token).unwrap().kid.unwrap();
    let old_kid = app.platform.keyring.current(KeyUse::AccessToken, app.now()).unwrap().kid;

    let before = sign_in().await;
    assert_eq!(kid_of(&before), hex::encode(old_kid));
    app.clock.advance(Duration::minutes(1));
    let new = rotate(&app, KeyUse::AccessToken).await;
    assert_ne!(new.kid, old_kid);
    let after = sign_in().await;
    assert_eq!(kid_of(&after), hex::encode(&new.kid));
    assert!(holds(&before).await && holds(&after).await);

    // A key of another use, though newer, signs no token.
    app.clock.advance(Duration::minutes(1));
    rotate(&app, KeyUse::Audit).await;
    assert_eq!(kid_of(&sign_in().await), hex::encode(&new.kid));

    // Past its end a key verifies nothing, even what has not expired itself.
    set_key(&app, &old_kid, signing_key::Column::NotAfter, app.now()).await;
    assert!(!holds(&before).await);
    assert!(holds(&after).await);
    // Nor does one that is known to be in other hands.
    set_key(&app, &new.kid, signing_key::Column::CompromisedSince, app.now()).await;
    assert!(!holds(&after).await);
}

#[tokio::test]
async fn a_key_that_begins_later_does_not_sign_yet() {
    let app = TestApp::new().await;
    let now = app.now();
    let current = app.platform.keyring.current(KeyUse::Audit, now).unwrap().kid;
    let tx = app.platform.db.begin().await.unwrap();
    let later = now + Duration::days(30);
    let next = keys::create(&app.platform, &tx, KeyUse::Audit, later).await.unwrap();
    tx.commit().await.unwrap();
    keys::load(&app.platform, app.platform.db.read()).await.unwrap();
    let signs = |at| app.platform.keyring.current(KeyUse::Audit, at).unwrap().kid;
    assert_eq!(signs(now), current);
    assert_eq!(signs(later - Duration::microseconds(1)), current);
    assert_eq!(signs(later).to_vec(), next.kid);
}

#[tokio::test]
async fn an_empty_deployment_is_given_its_first_administrator_once() {
    let app = TestApp::new().await;
    let number = |body: &str, check: Option<char>| format!("{body}{}", check.unwrap());
    let digits = "62999919800101001";
    let id_number = number(digits, api::officers::rules::id_check_character(digits));
    let code = "11620000MB0000001";
    let uscc = number(code, api::organisations::rules::uscc_check_character(code));
    let args = init::Args {
        division: "620000".into(),
        agency: "甘肃省司法厅".into(),
        uscc,
        name: "韩雪".into(),
        login: "admin".into(),
    };
    let (platform, auth) = (&app.platform, &app.web.auth);
    let enter = async |args: &init::Args, id_number: &str| {
        init::enter(platform, args, id_number).await.map_err(|e| e.to_string())
    };
    let activate = async |secret: &str| {
        let attempt =
            Attempt { login: "admin".into(), password: PASSWORD.into(), ..Attempt::default() };
        let tokens = invitations::activate(auth, platform, secret, attempt).await.ok()?;
        auth.authenticate(platform, &tokens.access_token).await.unwrap()
    };
    let before = state(&app).await;
    let wrong = init::Args { login: "Admin".into(), ..args.clone() };
    assert!(enter(&wrong, &id_number).await.unwrap_err().starts_with("LOGIN_INVALID: "));
    let told = enter(&args, digits).await.unwrap_err();
    assert!(told.starts_with("ID_NUMBER_INVALID: ") && !told.contains(digits), "{told}");
    assert_eq!(state(&app).await, before, "something was entered");

    let lost = enter(&args, &format!("{id_number}\n")).await.unwrap();
    let another = init::Args { login: "admin.two".into(), ..args.clone() };
    assert!(enter(&another, &id_number).await.unwrap_err().starts_with("INIT_NOT_EMPTY: "));
    // Killed before the account was there: the same words go on.
    for table in ["invitations", "grants", "accounts"] {
        let sql = format!("DELETE FROM {table}");
        platform.db.writer().execute_unprepared(&sql).await.unwrap();
    }
    let second = enter(&args, &id_number).await.unwrap();
    // Lost, or too late: the same words give another, until it was taken up.
    app.clock.advance(Duration::hours(72));
    let third = enter(&args, &id_number).await.unwrap();
    for old in [lost, second] {
        assert!(activate(&old.secret).await.is_none());
    }
    let actor = activate(&third.secret).await;
    assert!(actor.is_some());
    assert!(enter(&args, &id_number).await.unwrap_err().starts_with("INIT_NOT_EMPTY: "));

    let query = "{ viewer { roles { role axis } } agencies(first: 9) { nodes { name isJustice issuesCertificates } } }";
    let answer = app.graphql(actor.as_ref(), query, serde_json::json!({})).await;
    assert_eq!(
        answer,
        serde_json::json!({ "data": {
            "viewer": { "roles": [{ "role": "SYSTEM_ADMINISTRATOR", "axis": "TERRITORY" }] },
            "agencies": { "nodes": [{
                "name": "甘肃省司法厅", "isJustice": true, "issuesCertificates": true,
            }] },
        } })
    );
}
