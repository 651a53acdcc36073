//! `liangzheng migrate`

use std::process::ExitCode;

use crate::app;
use crate::config::Config;

pub(super) async fn run(config: &Config) -> anyhow::Result<ExitCode> {
    let db = app::open_database(config).await?;
    let pending = app::pending_migrations(&db).await?;
    app::migrate(config, &db).await?;
    super::out(&format!("The database is up to date ({pending} step(s) done now)."));
    Ok(ExitCode::SUCCESS)
}
