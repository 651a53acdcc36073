//! `liangzheng keys list | publish | root | rotate`

use std::process::ExitCode;

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Subcommand, ValueEnum};
use entities::enums::KeyUse;
use serde_json::{Value, json};

use crate::audit::{Stream, UnitOfWork};
use crate::config::Config;
use crate::platform::actor::Actor;
use crate::platform::events::Topic;
use crate::platform::keys::{self, LoadedKey};
use crate::trust::root;

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
    /// Print the root key that apps pin, with the issuer they pin it for.
    Root,
    /// Make a new key of a use; it signs once every node and every app knows it, the old ones go on
    /// verifying.
    Rotate {
        /// Which use.
        #[arg(value_enum)]
        key_use: Use,
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
    let platform = super::open_ready(config).await?;
    match args.command {
        Command::List => {
            for key in platform.keyring.all() {
                let signs = platform
                    .keyring
                    .current(key.key_use, platform.now())
                    .is_ok_and(|current| current.id == key.id);
                super::out(&format!(
                    "{}  {:<12}  signs {} – {}  verifies until {}{}",
                    hex::encode(key.kid),
                    key.key_use.code(),
                    key.not_before.date_naive(),
                    key.sign_until.date_naive(),
                    key.not_after.date_naive(),
                    if signs { "  ← signs now" } else { "" },
                ));
            }
        }
        Command::Publish => {
            let keys: Vec<Value> = platform.keyring.all().iter().map(|k| jwk(k)).collect();
            super::out(&serde_json::to_string_pretty(&json!({ "keys": keys }))?);
        }
        Command::Root => {
            let root = root::public(platform.db.read()).await?;
            let root = root.context("there is no root key yet: a running server makes it")?;
            super::out(&serde_json::to_string_pretty(&json!({
                "issuer": config.public_url(),
                "alg": root.algorithm().number(),
                "kid": root.kid().to_string(),
                "public": hex::encode(root.to_bytes()),
            }))?);
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
                crate::platform::clock::local(from).format("%Y-%m-%d %H:%M:%S %:z"),
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
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
