//! What a deployment is configured by: flags, or the environment variables of the same meaning.

use std::path::PathBuf;

use clap::Args;

use crate::graphql::PersistedOperations;

/// The longest host a code's address may hold (credential.md §1): a printed code stays at
/// version 10-M.
pub const HOST_LIMIT: usize = 28;

/// The public address where none is given.
pub const DEFAULT_PUBLIC_URL: &str = "http://localhost:8080";

/// Settings that every command shares.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// Folder of the embedded database, the seal key and the first passwords.
    #[arg(long, env = "DATA_DIR", default_value = "data", global = true)]
    pub data_dir: PathBuf,
    /// PostgreSQL instead of the embedded database: `postgres://USER:PASSWORD@HOST/NAME`
    #[arg(long, env = "DATABASE_URL", global = true, hide_env_values = true)]
    pub database_url: Option<String>,
    /// Redis shared by several nodes: `redis://HOST:PORT`
    #[arg(long, env = "REDIS_URL", global = true, hide_env_values = true)]
    pub redis_url: Option<String>,
    /// File with the secret that personal data and keys are sealed under [default: seal.key in the data folder]
    #[arg(long, env = "SEAL_KEY_FILE", global = true)]
    pub seal_key_file: Option<PathBuf>,
    /// Address the public reaches this deployment at; codes and links are built from it.
    #[arg(long, env = "PUBLIC_URL", default_value = DEFAULT_PUBLIC_URL, global = true)]
    pub public_url: String,
    /// Font file for cards, with Chinese [default: the best of the system's]
    #[arg(long, env = "CARD_FONT_FILE", global = true)]
    pub card_font_file: Option<PathBuf>,
    /// Reverse proxies of our own in front of the server, each appending to X-Forwarded-For; with
    /// 0 the connection's other end is the client.
    #[arg(long, env = "TRUSTED_PROXIES", default_value_t = 0, global = true)]
    pub trusted_proxies: usize,
    /// Whose GraphQL is limited to the operations of the contract's manifest.
    #[arg(long, env = "PERSISTED_OPERATIONS", value_enum, default_value_t, global = true)]
    pub persisted_operations: PersistedOperations,
}

impl Config {
    /// Where the database is.
    pub fn database_url(&self) -> String {
        match self.database_url.as_deref() {
            Some(url) if !url.is_empty() => url.to_owned(),
            _ => format!("sqlite://{}?mode=rwc", self.data_dir.join("liangzheng.sqlite").display()),
        }
    }

    /// Whether there is a database to open: a server is asked when it is opened, a file must be
    /// there already, or opening would make it.
    pub fn database_exists(&self) -> bool {
        self.database_url.as_deref().is_some_and(|url| !url.is_empty())
            || self.data_dir.join("liangzheng.sqlite").exists()
    }

    /// Where the seal key is.
    pub fn seal_key_file(&self) -> PathBuf {
        self.seal_key_file.clone().unwrap_or_else(|| self.data_dir.join("seal.key"))
    }

    /// Redis, where one is given.
    pub fn redis_url(&self) -> Option<&str> {
        self.redis_url.as_deref().filter(|url| !url.is_empty())
    }

    /// The public address without a slash at its end.
    pub fn public_url(&self) -> &str {
        self.public_url.trim_end_matches('/')
    }

    /// What stands before the digits of a code: `https://HOST/v/`.
    pub fn code_prefix(&self) -> String {
        format!("{}/v/", self.public_url())
    }
}

/// What is wrong with a public address; `None` when it can be printed on cards.
pub fn public_url_problem(url: &str) -> Option<String> {
    let parsed = match url::Url::parse(url) {
        Ok(parsed) => parsed,
        Err(error) => return Some(format!("PUBLIC_URL {url:?} is no address: {error}")),
    };
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
        return Some(format!("PUBLIC_URL {url:?} must begin with https:// or http:// and a host"));
    }
    if parsed.path() != "/" || parsed.query().is_some() || parsed.fragment().is_some() {
        return Some(format!("PUBLIC_URL {url:?} must be a bare host, without a path"));
    }
    // What is printed is the authority: host and, where there is one, the port.
    let authority = parsed.port().map_or(0, |p| p.to_string().len() + 1)
        + parsed.host_str().map_or(0, str::len);
    (authority > HOST_LIMIT).then(|| {
        format!(
            "PUBLIC_URL {url:?}: its host has {authority} characters, {HOST_LIMIT} fit into a printed code"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_fits_a_code_is_accepted_and_another_named() {
        for (url, good) in [
            ("http://localhost:8080", true),
            ("https://lz.gansu.gov.cn", true),
            ("https://lz.gansu.gov.cn/", true),
            ("https://zhengjian.sifating.gansu.gov.cn", false),
            ("https://lz.gansu.gov.cn/path", false),
            ("ftp://lz.gansu.gov.cn", false),
            ("lz.gansu.gov.cn", false),
            ("", false),
        ] {
            assert_eq!(public_url_problem(url).is_none(), good, "{url}");
        }
    }
}
