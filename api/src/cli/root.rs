//! `liangzheng keys root`: the root key, and the ceremony of one that is offline.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use chrono::DateTime;
use clap::Subcommand;
use mobile_contract::bundle::keys::SignedKeys;
use mobile_contract::{Algorithm, KeyRecord, KeyUse, PublicKey, Signer};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::keys::told;
use super::refusal;
use crate::config::Config;
use crate::platform::actor::Actor;
use crate::platform::clock::local;
use crate::platform::random::Random;
use crate::trust::ceremony::{self, Request};
use crate::trust::{self, TrustRefusal, root};

/// With no word behind it, the root that apps pin is printed.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make a root key in a file, on the offline machine where it will stay; needs no database.
    New {
        /// The file of the private half; it must not be there yet.
        #[arg(long)]
        root_key: PathBuf,
    },
    /// Pin the public half of a root that was made elsewhere, before the server's first start.
    Pin {
        /// As `keys root new` prints it, in hexadecimal.
        public: String,
    },
    /// Write the keys that wait for the root into a file, to be taken to where it is.
    ExportRequest {
        /// The file to write.
        file: PathBuf,
    },
    /// On the offline machine: show what a file asks to be signed, and with --yes sign it.
    Sign {
        /// The file that was exported.
        file: PathBuf,
        /// The file of the private half.
        #[arg(long)]
        root_key: PathBuf,
        /// The file to write [default: the exported file's name with .signed behind it]
        #[arg(long)]
        out: Option<PathBuf>,
        /// It was read, and compared with what the exporting machine showed.
        #[arg(long)]
        yes: bool,
    },
    /// Take signed keys in, and tell apps.
    Import {
        /// The file that was signed.
        file: PathBuf,
    },
}

pub(super) async fn run(config: &Config, args: Args) -> anyhow::Result<ExitCode> {
    match args.command {
        None => show(config).await?,
        Some(Command::New { root_key }) => new(&root_key)?,
        Some(Command::Pin { public }) => {
            let platform = super::open_ready(config).await?;
            let root = root::pin(&platform, &Actor::System, &public).await.map_err(told)?;
            super::out(&format!("The root {} is pinned.", root.kid()));
        }
        Some(Command::ExportRequest { file }) => {
            let platform = super::open_ready(config).await?;
            let text = ceremony::export(&platform, config.public_url()).await.map_err(told)?;
            std::fs::write(&file, &text).with_context(|| file.display().to_string())?;
            words(&Request::read(&text)?);
            super::out(&format!("Take {} to the root: liangzheng keys root sign", file.display()));
        }
        Some(Command::Sign { file, root_key, out, yes }) => sign(&file, &root_key, out, yes)?,
        Some(Command::Import { file }) => {
            let platform = super::open_ready(config).await?;
            let text = read(&file)?;
            let url = config.public_url();
            let taken = ceremony::import(&platform, &Actor::System, url, &text).await;
            let keys = taken.map_err(told)?;
            trust::tell_at_once(&platform, url, &config.data_dir).await?;
            super::out(&format!("Version {} of the keys is in; apps are told.", keys.version));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> anyhow::Result<String> {
    let unreadable = |_| refusal::FILE_UNREADABLE.with([file.display().to_string()]);
    Ok(std::fs::read_to_string(file).map_err(unreadable)?)
}

async fn show(config: &Config) -> anyhow::Result<()> {
    let platform = super::open_ready(config).await?;
    let root = root::public(platform.db.read()).await?.ok_or(TrustRefusal::RootMissing)?;
    let mut said = said_of(&root);
    if let Some(said) = said.as_object_mut() {
        said.insert("issuer".to_owned(), config.public_url().into());
    }
    super::out(&serde_json::to_string_pretty(&said)?);
    Ok(())
}

fn said_of(root: &PublicKey) -> serde_json::Value {
    json!({
        "alg": root.algorithm().number(),
        "kid": root.kid().to_string(),
        "public": hex::encode(root.to_bytes()),
    })
}

fn new(file: &Path) -> anyhow::Result<()> {
    let random = Random::from_os().context("randomness")?;
    let place = || file.display().to_string();
    let signer = root::make_key(file, &random).with_context(place)?;
    super::out(&serde_json::to_string_pretty(&said_of(&signer.public_key()))?);
    super::err("Keep the file here, and a copy on paper; the public half goes to the server.");
    Ok(())
}

fn sign(file: &Path, root_key: &Path, out: Option<PathBuf>, yes: bool) -> anyhow::Result<()> {
    let request = Request::read(&read(file)?)?;
    words(&request);
    let signer = root::read_key(root_key)?
        .ok_or_else(|| refusal::FILE_UNREADABLE.with([root_key.display().to_string()]))?;
    if !yes {
        return Err(refusal::CONFIRMATION_MISSING.refusal().into());
    }
    let signed = request.sign(&signer).map_err(told)?;
    let out = out.unwrap_or_else(|| {
        let mut name = file.to_path_buf().into_os_string();
        name.push(".signed");
        PathBuf::from(name)
    });
    std::fs::write(&out, signed).with_context(|| out.display().to_string())?;
    super::out(&format!("Signed: {}", out.display()));
    Ok(())
}

/// What is to be signed, in words. All of it is read from the very bytes that are signed.
fn words(request: &Request) {
    let (keys, before) = (&request.keys, request.before.as_ref());
    super::out(&format!("Root       {}", request.root.kid()));
    let issuer_before = before.map(|before| before.issuer.as_str());
    let moved = match issuer_before {
        Some(issuer) if issuer != keys.issuer => format!("  ANOTHER THAN BEFORE: {issuer}"),
        _ => String::new(),
    };
    super::out(&format!("Address    {}{moved}", keys.issuer));
    let known = before.map_or("none".to_owned(), |before| before.version.to_string());
    super::out(&format!("Version    {} (before: {known})", keys.version));
    super::out(&format!("Exported   {}", time(keys.issued_at)));
    super::out("Keys");
    for key in &keys.records {
        let was = before.and_then(|before| same_key(before, key));
        super::out(&format!("  {}{}", key_words(key), remark(key, was)));
        super::out(&format!("            SHA-256 {}", sha256(&key.public_key)));
    }
    for gone in before.map_or(&[][..], |before| &before.records) {
        if same_key(keys, gone).is_none() {
            super::out(&format!("  {}  NO LONGER TOLD", key_words(gone)));
        }
    }
    super::out(&format!("SHA-256 of all of it  {}", hex::encode(keys.fingerprint())));
}

fn same_key<'a>(keys: &'a SignedKeys, key: &KeyRecord) -> Option<&'a KeyRecord> {
    keys.records.iter().find(|other| other.public_key == key.public_key)
}

/// What is new about a key.
fn remark(key: &KeyRecord, was: Option<&KeyRecord>) -> String {
    let marked = match key.compromised_since {
        Some(since) => format!("  COMPROMISED since {}", time(since)),
        None => String::new(),
    };
    let news = match was {
        None => "  NEW",
        Some(was) if was != key => "  CHANGED",
        Some(_) => "",
    };
    marked + news
}

fn key_words(key: &KeyRecord) -> String {
    let key_use = match key.key_use {
        KeyUse::Credential => "CREDENTIAL",
        KeyUse::Status => "STATUS",
        KeyUse::Bundle => "BUNDLE",
        KeyUse::Audit => "AUDIT",
        KeyUse::AccessToken => "ACCESS_TOKEN",
    };
    let algorithm = match key.public_key.algorithm() {
        Algorithm::Ed25519 => "Ed25519",
        Algorithm::Es256 => "ES256",
        Algorithm::Sm2 => "SM2",
    };
    let (from, to) = (time(key.not_before), time(key.not_after));
    format!("{}  {key_use:<10}  {algorithm}  verifies {from} – {to}", key.public_key.kid())
}

fn sha256(key: &PublicKey) -> String {
    hex::encode(Sha256::digest(key.to_bytes()))
}

fn time(seconds: i64) -> String {
    DateTime::from_timestamp(seconds, 0)
        .map_or_else(|| seconds.to_string(), |at| local(at).format("%Y-%m-%d %H:%M").to_string())
}
