//! `liangzheng keys list | publish | root | rotate | compromise`

use std::process::ExitCode;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use clap::{Subcommand, ValueEnum};
use entities::enums::KeyUse;
use serde_json::{Value, json};

use super::{refusal, root};
use crate::audit::{Stream, UnitOfWork};
use crate::config::Config;
use crate::platform::Platform;
use crate::platform::actor::Actor;
use crate::platform::clock::{local, start_of_day};
use crate::platform::events::Topic;
use crate::platform::failure::Failure;
use crate::platform::keys::{self, LoadedKey};
use crate::trust::{self, TrustRefusal, compromise, watch};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show every key: use, times, which one signs now.
    List,
    /// Print the public keys as a JSON Web Key Set (RFC 7517).
    Publish,
    /// Print the root key that apps pin, with the issuer they pin it for; or the ceremony of a root
    /// that is offline.
    Root(root::Args),
    /// Make a new key of a use; it signs once every node and every app knows it, the old ones go on
    /// verifying.
    Rotate {
        /// Which use.
        #[arg(value_enum)]
        key_use: Use,
    },
    /// Mark a key that others may have: it signs nothing more, and of what it has signed only what is
    /// on record is believed.
    Compromise {
        /// The key's name as `keys list` shows it, or its whole public half.
        key: String,
        /// Since when others may have it: a day (2026-11-28) or a time (2026-11-28T18:00:00+08:00).
        #[arg(long, value_parser = moment)]
        since: DateTime<Utc>,
        /// It cannot be taken back.
        #[arg(long)]
        yes: bool,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Use {
    Credential,
    Status,
    Bundle,
    Audit,
    AccessToken,
}

impl From<Use> for KeyUse {
    fn from(value: Use) -> Self {
        match value {
            Use::Credential => Self::Credential,
            Use::Status => Self::Status,
            Use::Bundle => Self::Bundle,
            Use::Audit => Self::Audit,
            Use::AccessToken => Self::AccessToken,
        }
    }
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<ExitCode> {
    let command = match args.command {
        // Beside an offline root there is no database.
        Command::Root(args) => return root::run(config, args).await,
        command => command,
    };
    let platform = super::open_ready(config).await?;
    match command {
        Command::List => {
            for key in platform.keyring.all() {
                let signs = platform
                    .keyring
                    .current(key.key_use, platform.now())
                    .is_ok_and(|current| current.id == key.id);
                super::out(&format!(
                    "{}  {:<12}  signs {} – {}  verifies until {}{}{}",
                    hex::encode(key.kid),
                    key.key_use.code(),
                    key.not_before.date_naive(),
                    key.sign_until.date_naive(),
                    key.not_after.date_naive(),
                    if signs { "  ← signs now" } else { "" },
                    key.compromised_since.map_or_else(String::new, |since| {
                        format!("  COMPROMISED since {}", local(since).format("%Y-%m-%d %H:%M"))
                    }),
                ));
            }
        }
        Command::Publish => {
            let keys: Vec<Value> = platform.keyring.all().iter().map(|k| jwk(k)).collect();
            super::out(&serde_json::to_string_pretty(&json!({ "keys": keys }))?);
        }
        Command::Rotate { key_use } => {
            let mut uow = UnitOfWork::begin(&platform, &Actor::System).await?;
            let from = platform.keyring.next_begins(key_use.into(), uow.now());
            let row = keys::create(&platform, uow.tx(), key_use.into(), from).await?;
            uow.record(
                Stream::System,
                "key.create",
                crate::graphql::ids::encode(row.id),
                json!({ "use": row.r#use.code(), "kid": hex::encode(&row.kid), "reason": "ROTATION" }),
            );
            uow.commit().await?;
            platform.events.publish(Topic::Keys).await;
            super::out(&format!(
                "New key {} signs from {}. Running servers know it before then.",
                hex::encode(&row.kid),
                local(from).format("%Y-%m-%d %H:%M:%S %:z"),
            ));
        }
        Command::Compromise { key, since, yes } => {
            mark(config, &platform, &key, since, yes).await?;
        }
        Command::Root(_) => {}
    }
    Ok(ExitCode::SUCCESS)
}

/// A day, from its beginning in China, or a time with its offset.
fn moment(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Ok(start_of_day(day));
    }
    let time = DateTime::parse_from_rfc3339(text).map_err(|error| error.to_string())?;
    Ok(time.to_utc())
}

/// A refusal in both languages, for the one line of a command that ends.
pub(super) fn told(failure: Failure<TrustRefusal>) -> anyhow::Error {
    match failure {
        Failure::Refused(refusal) => refusal.into(),
        Failure::Fault(fault) => fault.into(),
    }
}

async fn mark(
    config: &Config,
    platform: &Platform,
    name: &str,
    since: DateTime<Utc>,
    yes: bool,
) -> anyhow::Result<()> {
    let key = compromise::named(platform.db.read(), name).await.map_err(told)?;
    let (kid, key_use) = (hex::encode(&key.kid), key.r#use.code());
    let since_text = local(since).format("%Y-%m-%d %H:%M:%S %:z").to_string();
    super::out(&format!("The key {kid} for {key_use}, in other hands since {since_text}:"));
    super::out(match key.r#use {
        KeyUse::Credential => {
            "  codes it signed hold only where they are on record; all others are KEY_COMPROMISED."
        }
        KeyUse::Status => {
            "  status lists are signed anew by another key; apps drop those it signed."
        }
        KeyUse::Bundle => {
            "  bundles are signed by another key; apps take none of its own any more."
        }
        KeyUse::Audit => "  checkpoints are signed by another key.",
        KeyUse::AccessToken => "  every access token it signed ends; sessions go on by refreshing.",
    });
    super::out("  It signs nothing more, and this cannot be taken back.");
    if !yes {
        return Err(refusal::CONFIRMATION_MISSING.refusal().into());
    }
    let marked = compromise::mark(platform, &Actor::System, name, since).await.map_err(told)?;
    super::out(&format!("Marked: {kid}."));
    if let Some(genuine) = marked.genuine {
        super::out(&format!("{genuine} codes it signed are on record and go on holding."));
    }
    if let Some(successor) = marked.successor {
        let kid = hex::encode(&successor.kid);
        super::out(&format!("A new key for {key_use} signs at once: {kid}."));
    }
    let url = config.public_url();
    if !trust::tell_at_once(platform, url, &config.data_dir).await? {
        super::out("A running server tells apps within a minute, where the root is beside it.");
    }
    if !watch::look(platform.db.read(), url, platform.now()).await?.unsigned.is_empty() {
        super::out("Apps do not know yet. Now: liangzheng keys root export-request FILE");
    }
    Ok(())
}

/// A public key as a JSON Web Key (RFC 8037 for Ed25519); `use` is this deployment's own word.
fn jwk(key: &LoadedKey) -> Value {
    json!({
        "kty": "OKP",
        "crv": "Ed25519",
        "x": URL_SAFE_NO_PAD.encode(key.verifying_key().as_bytes()),
        "alg": "EdDSA",
        "kid": hex::encode(key.kid),
        "use": "sig",
        "liangzheng_use": key.key_use.code(),
        "nbf": key.not_before.timestamp(),
        "exp": key.not_after.timestamp(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_day_in_china_or_a_time() {
        let read = |text: &str| moment(text).map(|at| at.to_rfc3339());
        assert_eq!(read("2026-11-28").unwrap(), "2026-11-27T16:00:00+00:00");
        assert_eq!(read("2026-11-28T18:00:00+08:00").unwrap(), "2026-11-28T10:00:00+00:00");
        for wrong in ["", "yesterday", "2026-11-31", "2026-11-28 18:00", "2026-11-28T18:00:00"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }
}
