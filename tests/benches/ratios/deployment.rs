//! A deployment with the demo in it, in this process.

use std::path::Path;

use anyhow::Context;
use api::app;
use api::auth::Auth;
use api::config::Config;
use api::demo::load::{self, Password};
use api::http::Web;
use sea_orm::{ConnectionTrait, Statement};

/// The deployment as handlers are given it.
pub struct Deployment {
    /// The handles.
    pub web: Web,
    /// Passwords of its accounts.
    pub passwords: Vec<Password>,
    /// What its database is.
    pub engine: String,
}

impl Deployment {
    /// Loads the demo into a new database: a file in the folder, or one of a PostgreSQL server.
    pub async fn load(
        folder: &Path,
        postgres: Option<&str>,
        officers: usize,
    ) -> anyhow::Result<Self> {
        let database_url = match postgres {
            None => None,
            Some(server) => {
                let admin = sea_orm::Database::connect(format!("{server}/postgres")).await?;
                admin.execute_unprepared("DROP DATABASE IF EXISTS lz_bench").await?;
                admin.execute_unprepared("CREATE DATABASE lz_bench").await?;
                Some(format!("{server}/lz_bench"))
            }
        };
        let config = Config {
            data_dir: folder.to_owned(),
            database_url,
            redis_url: None,
            seal_key_file: None,
            public_url: "https://lz.example.cn".to_owned(),
            card_font_file: None,
            trusted_proxies: 0,
            persisted_operations: api::graphql::PersistedOperations::Off,
        };
        let db = app::open_database(&config).await?;
        app::migrate(&config, &db).await?;
        let platform = app::open_platform(&config, db).await?;
        eprintln!("Loading {officers} officers …");
        let auth = Auth::new(config.public_url());
        let loaded = load::load(&platform, &auth, officers, &|_, _, _| ()).await?;
        // As they stand in a province: PostgreSQL looks at its tables by itself, SQLite never does
        // (and once it has, it plans a statement anew for each value that is bound to it).
        let engine = if platform.db.is_sqlite() {
            "SQLite".to_owned()
        } else {
            platform.db.writer().execute_unprepared("ANALYZE").await?;
            let version = Statement::from_string(
                platform.db.read().get_database_backend(),
                "SHOW server_version",
            );
            let row = platform.db.read().query_one_raw(version).await?.context("a version")?;
            let version: String = row.try_get_by_index(0)?;
            format!("PostgreSQL {}", version.split(' ').next().unwrap_or_default())
        };
        let web = Web::new(platform, config);
        Ok(Self { web, passwords: loaded.passwords, engine })
    }

    /// A token of an account.
    pub async fn token(&self, login: &str) -> anyhow::Result<String> {
        let password = self.passwords.iter().find(|p| p.login == login).context("no such login")?;
        let signed_in =
            self.web.auth.sign_in(&self.web.platform, login, password.password.clone()).await;
        match signed_in {
            Ok(tokens) => Ok(tokens.access_token),
            Err(failure) => anyhow::bail!("{login} is not signed in: {failure:?}"),
        }
    }
}
