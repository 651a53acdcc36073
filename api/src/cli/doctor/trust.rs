//! What apps trust: whether the root is where it should be, whether it has signed what it should, and
//! whether bundle and lists still last.

use chrono::{DateTime, Utc};
use sea_orm::DatabaseConnection;

use super::codes::{
    BUNDLE_ENDED, BUNDLE_ENDS_SOON, BUNDLE_KEY_UNKNOWN, BUNDLE_MISSING, BUNDLE_OK, Finding,
    KEYS_NOT_SIGNED, KEYS_SIGNED_OK, MARK_NOT_SIGNED, ROOT_FILE_OTHER, ROOT_FILE_UNREADABLE,
    ROOT_FOR_TRIAL, ROOT_NOT_YET, ROOT_OFFLINE, ROOT_ONLINE, STATUS_LIST_ENDED,
    STATUS_LIST_ENDS_SOON, STATUS_LIST_OLD, STATUS_LISTS_OK,
};
use crate::config::Config;
use crate::platform::clock::local;
use crate::platform::failure::Fault;
use crate::trust::root;
use crate::trust::watch::{self, Watch};

/// Looks at all of it.
pub(super) async fn examine(
    findings: &mut Vec<Finding>,
    db: &DatabaseConnection,
    config: &Config,
    is_local: bool,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    findings.push(root_key(db, config, is_local).await?);
    let watch = watch::look(db, config.public_url(), now).await?;
    if watch.root.is_some() {
        keys(findings, &watch);
        bundle(findings, &watch, now);
    }
    lists(findings, &watch, now);
    Ok(())
}

/// Whether the root is offline or beside this server.
async fn root_key(
    db: &DatabaseConnection,
    config: &Config,
    is_local: bool,
) -> Result<Finding, Fault> {
    let Some(root) = root::public(db).await? else { return Ok(ROOT_NOT_YET.into()) };
    let path = root::file(&config.data_dir).display().to_string();
    let kid = root.kid().to_string();
    Ok(match root::lies_in(&config.data_dir, &root) {
        Ok(Some(false)) => ROOT_OFFLINE.with([kid]),
        Ok(Some(true)) if is_local => ROOT_FOR_TRIAL.with([kid]),
        Ok(Some(true)) => ROOT_ONLINE.with([kid, path]),
        Ok(None) => ROOT_FILE_OTHER.with([kid, path]),
        Err(fault) => ROOT_FILE_UNREADABLE.with([path, fault.to_string()]),
    })
}

/// Whether apps know the keys as they stand.
fn keys(findings: &mut Vec<Finding>, watch: &Watch) {
    if watch.unsigned.is_empty() {
        return findings.push(KEYS_SIGNED_OK.into());
    }
    let named = |compromised: bool| {
        let of = watch.unsigned.iter().filter(|key| key.compromised == compromised);
        of.map(|key| format!("{} {}", key.key_use.code(), key.kid)).collect::<Vec<_>>().join(", ")
    };
    let (fresh, marked) = (named(false), named(true));
    if !marked.is_empty() {
        findings.push(MARK_NOT_SIGNED.with([marked]));
    }
    if !fresh.is_empty() {
        let until = watch.unsigned_until.map(time).unwrap_or_default();
        findings.push(KEYS_NOT_SIGNED.with([fresh, until]));
    }
}

fn bundle(findings: &mut Vec<Finding>, watch: &Watch, now: DateTime<Utc>) {
    let before = findings.len();
    if watch.has_signed && !watch.bundle_key_known {
        findings.push(BUNDLE_KEY_UNKNOWN.into());
    }
    match watch.bundle {
        None => findings.push(BUNDLE_MISSING.into()),
        Some(bundle) if bundle.expires_at <= now => {
            findings.push(BUNDLE_ENDED.with([time(bundle.expires_at)]));
        }
        Some(bundle) if bundle.ends_soon(now) => {
            findings.push(BUNDLE_ENDS_SOON.with([time(bundle.expires_at)]));
        }
        Some(_) => {}
    }
    if findings.len() == before {
        findings.push(BUNDLE_OK.into());
    }
}

fn lists(findings: &mut Vec<Finding>, watch: &Watch, now: DateTime<Utc>) {
    let Some(list) = watch.oldest_list else { return };
    findings.push(if list.expires_at <= now {
        STATUS_LIST_ENDED.with([time(list.expires_at)])
    } else if list.ends_soon(now) {
        STATUS_LIST_ENDS_SOON.with([time(list.expires_at)])
    } else if watch.list_fresh_until.is_some_and(|until| until < now) {
        STATUS_LIST_OLD.with([time(list.issued_at)])
    } else {
        STATUS_LISTS_OK.into()
    });
}

fn time(at: DateTime<Utc>) -> String {
    local(at).format("%Y-%m-%d %H:%M").to_string()
}
